"""What neural networks are made of: modules, their parameters, layers and losses."""

from . import functional, init, utils
from .modules.activation import (
    CELU,
    ELU,
    GELU,
    GLU,
    SELU,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softmin,
    Softplus,
    Softsign,
    Tanh,
    Tanhshrink,
)
from .modules.container import ModuleDict, ModuleList, Sequential
from .modules.distance import CosineSimilarity, PairwiseDistance
from .modules.flatten import Flatten, Identity, Unflatten
from .modules.likelihood import GaussianNLLLoss, PoissonNLLLoss
from .modules.linear import Bilinear, Linear
from .modules.loss import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from .modules.margin import (
    CosineEmbeddingLoss,
    HingeEmbeddingLoss,
    MarginRankingLoss,
    MultiMarginLoss,
    SoftMarginLoss,
    TripletMarginLoss,
)
from .modules.module import Module
from .modules.normalization import LayerNorm
from .modules.piecewise import Hardshrink, Hardsigmoid, Hardswish, Hardtanh, ReLU6, Softshrink, Threshold
from .modules.sparse import Embedding
from .parameter import Parameter
