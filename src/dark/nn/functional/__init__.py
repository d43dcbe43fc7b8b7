"""The functions behind the layers: the same computations, with the parameters passed to each call."""

from ...ops.exponential import sigmoid
from ...ops.trigonometry import tanh
from .activation import (
    celu,  # beyond
    elu,
    gelu,  # beyond
    glu,  # beyond
    leaky_relu,
    log_softmax,
    logsigmoid,  # beyond
    mish,  # beyond
    prelu,  # beyond
    relu,
    selu,  # beyond
    silu,
    softmax,
    softmin,  # beyond
    softplus,
    softsign,  # beyond
    tanhshrink,  # beyond
)
from .activation_forms import (  # beyond
    celu_,
    elu_,
    hardtanh_,
    leaky_relu_,
    relu_,
    rrelu_,
    selu_,
    threshold_,
)
from .adaptive_pooling import (  # dark-5
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_max_pool1d,  # beyond
    adaptive_max_pool2d,  # beyond
)
from .attention import scaled_dot_product_attention  # beyond
from .batch_norm import batch_norm  # dark-5
from .classification import cross_entropy, nll_loss
from .convolution import conv1d, conv2d  # dark-5
from .distance import cosine_similarity, normalize, pairwise_distance, pdist  # beyond
from .dropout import dropout, dropout1d, dropout2d  # dark-5
from .folding import fold, unfold  # dark-5
from .grid_sampling import affine_grid, grid_sample  # beyond
from .interpolation import interpolate  # dark-6
from .likelihood import gaussian_nll_loss, poisson_nll_loss  # beyond
from .linear import (
    bilinear,  # beyond
    linear,
)
from .local_response import local_response_norm  # beyond
from .loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,  # beyond
    kl_div,  # beyond
    l1_loss,
    mse_loss,
    smooth_l1_loss,  # dark-5
)
from .margin import (  # beyond
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from .normalization import (  # dark-5
    group_norm,
    instance_norm,
    layer_norm,  # beyond
    rms_norm,  # beyond
)
from .one_hot import one_hot  # dark-7
from .padding import pad  # dark-5
from .piecewise import hardshrink, hardsigmoid, hardswish, hardtanh, relu6, softshrink, threshold  # beyond
from .pixel_shuffle import (  # dark-6
    channel_shuffle,  # beyond
    pixel_shuffle,
    pixel_unshuffle,
)
from .pooling import avg_pool1d, avg_pool2d, max_pool1d, max_pool2d  # dark-5
from .power_pooling import lp_pool1d, lp_pool2d  # beyond
from .random_activation import alpha_dropout, feature_alpha_dropout, gumbel_softmax, rrelu  # beyond
from .sparse import embedding  # beyond
from .transposed_convolution import conv_transpose1d, conv_transpose2d  # dark-6
from .unpooling import max_unpool1d, max_unpool2d  # beyond
