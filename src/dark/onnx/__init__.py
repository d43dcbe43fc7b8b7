"""Models as ONNX files, which many other programs run: `dark.onnx.export`."""  # beyond

from .export import ONNXProgram, export
from .translations import OPERATIONS

__all__ = ["OPERATIONS", "ONNXProgram", "export"]
