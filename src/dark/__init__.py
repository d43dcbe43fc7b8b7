"""Dark, the PyTorch you can read: a mini PyTorch in plain Python and NumPy."""

from math import e, inf, nan, pi

from . import (
    autograd,
    backends,  # dark-5
    cuda,  # dark-5
    linalg,  # beyond
    nn,  # dark-3
    onnx,  # beyond
    optim,  # dark-3
    return_types,
    utils,  # dark-4
)
from .autograd.modes import (
    enable_grad,
    inference_mode,  # beyond
    is_grad_enabled,
    is_inference_mode_enabled,  # beyond
    no_grad,
    set_grad_enabled,
)
from .backends import get_float32_matmul_precision, set_float32_matmul_precision  # dark-5
from .devices import (
    device,
    get_default_device,
    set_default_device,  # dark-5
)
from .dtypes import bool_ as bool
from .dtypes import (
    double,
    dtype,
    finfo,  # beyond
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    iinfo,  # beyond
    int8,
    int16,
    int32,
    int64,
    long,
    promote_types,
    result_type,
    set_default_dtype,
    short,
    uint8,
)
from .dtypes import float32 as float
from .dtypes import int32 as int
from .kernels.threads import get_num_threads, set_num_threads  # dark-5
from .linalg.methods import (  # beyond
    chain_matmul,
    cholesky,
    det,
    inverse,
    logdet,
    matrix_power,
    pinverse,
    qr,
    slogdet,
)
from .nn.functional.activation import prelu  # beyond
from .nn.functional.activation_forms import (  # beyond
    celu,
    celu_,
    relu_,
    rrelu,
    rrelu_,
    selu,
    selu_,
    threshold,
    threshold_,
)
from .nn.functional.adaptive_pooling import adaptive_avg_pool1d  # beyond
from .nn.functional.convolution import conv1d, conv2d  # dark-5
from .nn.functional.distance import cosine_similarity, pairwise_distance, pdist  # beyond
from .nn.functional.linear import bilinear  # beyond
from .nn.functional.normalization import group_norm, layer_norm, rms_norm  # beyond
from .nn.functional.piecewise import hardshrink  # beyond
from .nn.functional.pixel_shuffle import (  # dark-6
    channel_shuffle,  # beyond
    pixel_shuffle,
    pixel_unshuffle,
)
from .nn.functional.pooling import avg_pool1d  # beyond
from .nn.functional.transposed_convolution import conv_transpose1d, conv_transpose2d  # dark-6
from .ops import indexing, numpy_protocols
from .ops.aliases import (  # beyond
    absolute,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    detach,
    divide,
    fix,
    greater,
    greater_equal,
    less,
    less_equal,
    multiply,
    negative,
    newaxis,
    not_equal,
    row_stack,
    rsub,
    sgn,
    subtract,
    trapz,
)
from .ops.arithmetic import add, div, floor_divide, maximum, minimum, mul, neg, remainder, sub, true_divide
from .ops.bits import (  # beyond
    bitwise_left_shift,
    bitwise_right_shift,
    gcd,
    lcm,
)
from .ops.broadcasting import broadcast_shapes, broadcast_tensors, broadcast_to, meshgrid
from .ops.combinations import (  # beyond
    block_diag,
    cartesian_prod,
    combinations,
    corrcoef,
    cov,
)
from .ops.comparison import (
    allclose,
    bitwise_and,
    bitwise_not,
    bitwise_or,
    bitwise_xor,
    eq,
    equal,
    ge,
    gt,
    isclose,
    isfinite,
    isinf,
    isnan,
    le,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    lt,
    ne,
)
from .ops.conversion import clone, is_floating_point, is_tensor, numel
from .ops.creation import (
    arange,
    as_tensor,
    asarray,  # beyond
    empty,
    empty_like,
    eye,
    from_dlpack,  # beyond
    from_numpy,
    full,
    full_like,
    linspace,
    logspace,  # beyond
    ones,
    ones_like,
    scalar_tensor,  # beyond
    tensor,
    zeros,
    zeros_like,
)
from .ops.cumulative import cumprod, cumsum, prod  # beyond
from .ops.diagonals import (  # beyond
    diag,
    diag_embed,
    diagflat,
    diagonal,
    trace,
    tril,
    tril_indices,
    triu,
    triu_indices,
)
from .ops.distances import (  # beyond
    cdist,
    dist,
    renorm,
)
from .ops.einsum import einsum  # beyond
from .ops.elementwise import (
    abs,
    addcdiv,  # beyond
    addcmul,  # beyond
    ceil,
    floor,
    fmod,  # beyond
    frac,  # beyond
    hypot,  # beyond
    lerp,  # beyond
    positive,
    pow,
    reciprocal,
    round,
    rsqrt,  # beyond
    sign,
    sqrt,
    square,
    trunc,
)
from .ops.exponential import (
    erf,  # beyond
    erfc,  # beyond
    erfinv,  # beyond
    exp,
    exp2,  # beyond
    expm1,
    log,
    log1p,
    log2,  # beyond
    log10,  # beyond
    logaddexp,  # beyond
    logit,  # beyond
    sigmoid,
)
from .ops.extremes import (
    amax,
    amin,
    aminmax,  # beyond
    argmax,
    argmin,
    max,
    min,
)
from .ops.frequencies import (  # beyond
    histc,
    isin,
    mode,
    nanquantile,
    quantile,
    unique_consecutive,
)
from .ops.gathering import (  # beyond
    bucketize,
    gather,
    index_add,
    index_copy,
    index_fill,
    index_put,
    index_select,
    scatter,
    scatter_add,
    searchsorted,
    take,
    take_along_dim,
)
from .ops.inquiries import (  # beyond
    adjoint,
    can_cast,
    get_device,
    is_nonzero,
    is_same_size,
    is_signed,
)
from .ops.joining import (
    cat,
    column_stack,  # beyond
    concat,  # beyond
    concatenate,  # beyond
    dstack,  # beyond
    hstack,  # beyond
    stack,
    vstack,  # beyond
)
from .ops.linalg import (
    addbmm,  # beyond
    addmm,  # beyond
    addmv,  # beyond
    addr,  # beyond
    baddbmm,  # beyond
    bmm,
    cross,  # beyond
    dot,
    ger,  # beyond
    inner,  # beyond
    kron,  # beyond
    matmul,
    mm,
    mv,
    outer,
    tensordot,  # beyond
    vdot,  # beyond
)
from .ops.masking import (
    argwhere,  # beyond
    masked_fill,
    masked_scatter,  # beyond
    masked_select,
    nonzero,
)
from .ops.missing_numbers import (  # beyond
    nanmean,
    nanmedian,
    nansum,
)
from .ops.more_pieces import (  # beyond
    dsplit,
    hsplit,
    split_with_sizes,
    vsplit,
)
from .ops.ordering import argsort, bincount, kthvalue, median, msort, sort, topk, unique  # beyond
from .ops.parts_replaced import (  # beyond
    diagonal_scatter,
    put,
    scatter_reduce,
    select_scatter,
    slice_scatter,
)
from .ops.pieces import (
    chunk,
    narrow,
    select,
    split,
    tensor_split,  # beyond
    unbind,
)
from .ops.piecewise import (
    clamp,
    clamp_max,
    clamp_min,
    clip,
    nan_to_num,  # beyond
    relu,
    where,
)
from .ops.rearranging import (  # dark-4
    flip,
    fliplr,  # beyond
    flipud,  # beyond
    repeat_interleave,  # beyond
    roll,  # beyond
    rot90,  # beyond
    tile,
)
from .ops.reduction import (
    all,
    any,
    count_nonzero,  # beyond
    mean,
    norm,  # beyond
    std,
    std_mean,  # beyond
    sum,
    var,
    var_mean,  # beyond
)
from .ops.running import (  # beyond
    cummax,
    cummin,
    cumulative_trapezoid,
    diff,
    logcumsumexp,
    trapezoid,
)
from .ops.shape import (
    atleast_1d,  # beyond
    atleast_2d,  # beyond
    atleast_3d,  # beyond
    flatten,
    moveaxis,  # beyond
    movedim,
    permute,
    ravel,
    reshape,
    squeeze,
    swapaxes,
    swapdims,  # beyond
    t,
    transpose,
    unflatten,  # beyond
    unsqueeze,
)
from .ops.signs import (  # beyond
    copysign,
    float_power,
    fmax,
    fmin,
    heaviside,
    isneginf,
    isposinf,
    ldexp,
    nextafter,
    signbit,
)
from .ops.softmax import log_softmax, logsumexp, softmax  # dark-3
from .ops.special import (  # beyond
    digamma,
    i0,
    lgamma,
    logaddexp2,
    polygamma,
    sinc,
    xlogy,
)
from .ops.trigonometry import (
    acos,  # beyond
    acosh,  # beyond
    asin,  # beyond
    asinh,  # beyond
    atan,  # beyond
    atan2,  # beyond
    atanh,  # beyond
    cos,
    cosh,  # beyond
    deg2rad,  # beyond
    rad2deg,  # beyond
    sin,
    sinh,  # beyond
    tan,
    tanh,
)
from .printing import set_printoptions
from .random import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
from .random.creation import (
    bernoulli,  # beyond
    multinomial,  # beyond
    normal,
    rand,
    rand_like,
    randint,
    randint_like,  # beyond
    randn,
    randn_like,
    randperm,
)
from .serialization import load, save  # dark-3
from .tensor import Size, Tensor

__version__ = "0.1.0"
