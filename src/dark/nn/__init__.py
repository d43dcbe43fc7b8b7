"""What neural networks are made of: modules, their parameters, layers and losses."""  # dark-3

from . import (
    functional,
    init,
    utils,  # beyond
)
from .modules.activation import (
    CELU,  # beyond
    ELU,
    GELU,  # beyond
    GLU,  # beyond
    SELU,  # beyond
    LeakyReLU,
    LogSigmoid,  # beyond
    LogSoftmax,
    Mish,  # beyond
    PReLU,  # beyond
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softmax2d,  # beyond
    Softmin,  # beyond
    Softplus,
    Softsign,  # beyond
    Tanh,
    Tanhshrink,  # beyond
)
from .modules.attention import MultiheadAttention  # beyond
from .modules.batch_norm import BatchNorm1d, BatchNorm2d  # dark-5
from .modules.container import ModuleDict, ModuleList, Sequential
from .modules.convolution import Conv1d, Conv2d  # dark-5
from .modules.distance import CosineSimilarity, PairwiseDistance  # beyond
from .modules.dropout import Dropout, Dropout1d, Dropout2d  # dark-5
from .modules.flatten import (
    Flatten,
    Identity,
    Unflatten,  # beyond
)
from .modules.folding import Fold, Unfold  # dark-5
from .modules.likelihood import GaussianNLLLoss, PoissonNLLLoss  # beyond
from .modules.linear import (
    Bilinear,  # beyond
    Linear,
)
from .modules.local_response import LocalResponseNorm  # beyond
from .modules.loss import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,  # beyond
    KLDivLoss,  # beyond
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,  # dark-5
)
from .modules.margin import (  # beyond
    CosineEmbeddingLoss,
    HingeEmbeddingLoss,
    MarginRankingLoss,
    MultiLabelMarginLoss,
    MultiLabelSoftMarginLoss,
    MultiMarginLoss,
    SoftMarginLoss,
    TripletMarginLoss,
    TripletMarginWithDistanceLoss,
)
from .modules.module import Module
from .modules.normalization import (  # dark-5
    GroupNorm,
    InstanceNorm1d,
    InstanceNorm2d,
    LayerNorm,  # beyond
    RMSNorm,  # beyond
)
from .modules.padding import (  # beyond
    CircularPad1d,
    CircularPad2d,
    CircularPad3d,
    ConstantPad1d,
    ConstantPad2d,
    ConstantPad3d,
    ReflectionPad1d,
    ReflectionPad2d,
    ReflectionPad3d,
    ReplicationPad1d,
    ReplicationPad2d,
    ReplicationPad3d,
    ZeroPad1d,
    ZeroPad2d,
    ZeroPad3d,
)
from .modules.parameter_containers import ParameterDict, ParameterList  # beyond
from .modules.piecewise import (  # beyond
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    ReLU6,
    Softshrink,
    Threshold,
)
from .modules.pixel_shuffle import (  # dark-6
    ChannelShuffle,  # beyond
    PixelShuffle,
    PixelUnshuffle,
)
from .modules.pooling import (  # dark-5
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool1d,  # beyond
    AdaptiveMaxPool2d,  # beyond
    AvgPool1d,
    AvgPool2d,
    MaxPool1d,
    MaxPool2d,
)
from .modules.power_pooling import LPPool1d, LPPool2d  # beyond
from .modules.random_activation import AlphaDropout, FeatureAlphaDropout, RReLU  # beyond
from .modules.recurrent import GRU, LSTM, RNN  # beyond
from .modules.recurrent_cells import GRUCell, LSTMCell, RNNCell  # beyond
from .modules.sparse import Embedding  # beyond
from .modules.transformer import Transformer, TransformerDecoder, TransformerEncoder  # beyond
from .modules.transformer_layers import TransformerDecoderLayer, TransformerEncoderLayer  # beyond
from .modules.transposed_convolution import ConvTranspose1d, ConvTranspose2d  # dark-6
from .modules.unpooling import MaxUnpool1d, MaxUnpool2d  # beyond
from .modules.upsampling import (  # dark-6
    Upsample,
    UpsamplingBilinear2d,  # beyond
    UpsamplingNearest2d,  # beyond
)
from .parameter import Parameter
