"""The translations of Dark's operations to ONNX's, a short function for each."""  # beyond

from . import convolutions, elementwise, indices, layers, pictures, reductions, shapes
from .registry import TRANSLATIONS

__all__ = ["OPERATIONS", "TRANSLATIONS", "convolutions", "elementwise", "indices", "layers", "pictures",
           "reductions", "shapes"]  # fmt: skip

# The public names of operations whose own names are those of their parts.
KNOWN_AS = {
    "_constant_pad_nd": "pad", "_convolution": "conv_transpose2d", "_index": "x[positions]",
    "_repeating_pad": "pad", "_run_sums": "adaptive_avg_pool2d", "_slice": "x[slices]",
    "ascontiguous": "contiguous", "convolution": "conv2d", "indices_of_most": "topk", "max_of_all": "max",
    "min_of_all": "min", "picked": "sort", "resize2d": "interpolate", "squared_error": "mse_loss",
    "to_copy": "to", "trunc_divide": "div",
}  # fmt: skip

# All operations that can be exported; what is made of them can be, too.
OPERATIONS = tuple(sorted({KNOWN_AS.get(name, name.strip("_")) for name in TRANSLATIONS}))
