"""Dark, the PyTorch you can read: a mini PyTorch in plain Python and NumPy."""

from math import e, inf, nan, pi

from . import autograd, nn, optim, return_types, utils
from .autograd.modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .devices import device
from .dtypes import bool_ as bool
from .dtypes import (
    double,
    dtype,
    finfo,
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    iinfo,
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
from .ops import indexing, numpy_protocols
from .ops.arithmetic import add, div, floor_divide, maximum, minimum, mul, neg, remainder, sub, true_divide
from .ops.broadcasting import broadcast_shapes, broadcast_tensors, broadcast_to, meshgrid
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
    asarray,
    empty,
    empty_like,
    eye,
    from_dlpack,
    from_numpy,
    full,
    full_like,
    linspace,
    logspace,
    ones,
    ones_like,
    scalar_tensor,
    tensor,
    zeros,
    zeros_like,
)
from .ops.cumulative import cumprod, cumsum, prod
from .ops.diagonals import diag, diag_embed, diagflat, diagonal, trace, tril, tril_indices, triu, triu_indices
from .ops.einsum import einsum
from .ops.elementwise import (
    abs,
    addcdiv,
    addcmul,
    ceil,
    floor,
    fmod,
    frac,
    hypot,
    lerp,
    positive,
    pow,
    reciprocal,
    round,
    rsqrt,
    sign,
    sqrt,
    square,
    trunc,
)
from .ops.exponential import (
    erf,
    erfc,
    erfinv,
    exp,
    exp2,
    expm1,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logit,
    sigmoid,
)
from .ops.extremes import amax, amin, argmax, argmin, max, min
from .ops.gathering import (
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
from .ops.joining import cat, column_stack, concat, concatenate, dstack, hstack, stack, vstack
from .ops.linalg import (
    addbmm,
    addmm,
    addmv,
    addr,
    baddbmm,
    bmm,
    cross,
    dot,
    ger,
    inner,
    kron,
    matmul,
    mm,
    mv,
    outer,
    tensordot,
    vdot,
)
from .ops.masking import argwhere, masked_fill, masked_scatter, masked_select, nonzero
from .ops.ordering import argsort, bincount, kthvalue, median, sort, topk, unique
from .ops.pieces import chunk, narrow, select, split, tensor_split, unbind
from .ops.piecewise import clamp, clamp_max, clamp_min, clip, nan_to_num, relu, where
from .ops.rearranging import flip, fliplr, flipud, repeat_interleave, roll, rot90, tile
from .ops.reduction import all, any, count_nonzero, mean, norm, std, std_mean, sum, var, var_mean
from .ops.shape import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    flatten,
    moveaxis,
    movedim,
    permute,
    ravel,
    reshape,
    squeeze,
    swapaxes,
    swapdims,
    t,
    transpose,
    unflatten,
    unsqueeze,
)
from .ops.softmax import log_softmax, logsumexp, softmax
from .ops.trigonometry import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    deg2rad,
    rad2deg,
    sin,
    sinh,
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
    bernoulli,
    multinomial,
    normal,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
)
from .serialization import load, save
from .tensor import Size, Tensor

__version__ = "0.1.0"
