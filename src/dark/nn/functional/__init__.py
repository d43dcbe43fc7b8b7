"""The functions behind the layers: the same computations, with the parameters passed to each call."""

from ...ops.exponential import sigmoid
from ...ops.gathering import one_hot
from ...ops.trigonometry import tanh
from .activation import (
    celu,
    elu,
    gelu,
    glu,
    leaky_relu,
    log_softmax,
    logsigmoid,
    mish,
    prelu,
    relu,
    selu,
    silu,
    softmax,
    softmin,
    softplus,
    softsign,
    tanhshrink,
)
from .classification import cross_entropy, nll_loss
from .distance import cosine_similarity, normalize, pairwise_distance
from .likelihood import gaussian_nll_loss, poisson_nll_loss
from .linear import bilinear, linear
from .loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from .margin import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    soft_margin_loss,
    triplet_margin_loss,
)
from .normalization import layer_norm
from .piecewise import hardshrink, hardsigmoid, hardswish, hardtanh, relu6, softshrink, threshold
from .sparse import embedding
