"""Automatic differentiation: the graph of what was computed, and gradients by walking it back."""

from . import functional  # beyond
from .backward import grad
from .backward import run as backward
from .function import Function  # beyond
from .gradcheck import (
    gradcheck,
    gradgradcheck,  # beyond
)
from .modes import (
    detect_anomaly,
    enable_grad,
    inference_mode,  # beyond
    no_grad,
    set_detect_anomaly,
    set_grad_enabled,
)

__all__ = [
    "Function",  # beyond
    "backward",
    "detect_anomaly",
    "enable_grad",
    "functional",  # beyond
    "grad",
    "gradcheck",
    "gradgradcheck",  # beyond
    "inference_mode",  # beyond
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]
