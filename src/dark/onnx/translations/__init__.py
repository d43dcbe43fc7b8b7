"""The translations of Dark's operations to ONNX's, a short function for each."""  # beyond

from . import convolutions, elementwise, indices, layers, pictures, reductions, shapes
from .registry import TRANSLATIONS

__all__ = ["OPERATIONS", "TRANSLATIONS", "convolutions", "elementwise", "indices", "layers", "pictures",
           "reductions", "shapes"]  # fmt: skip

OPERATIONS = tuple(sorted(TRANSLATIONS))  # the names of all operations that can be exported
