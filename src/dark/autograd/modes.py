"""Switches for the recording of the graph, one set for each thread."""

import copy
import threading
from contextlib import ContextDecorator


class _Modes(threading.local):
    grad = True  # record what is computed from tensors that want a gradient
    inference = False
    anomaly = False  # note the line that made every node, and look for NaN in the gradients


modes = _Modes()


class _Switch(ContextDecorator):
    """Sets one of the modes inside a `with` block, or while the function it decorates runs."""

    _settings: dict[str, bool] = {}

    def __enter__(self):
        self.__dict__.setdefault("before", []).append({name: getattr(modes, name) for name in self._settings})
        for name, value in self._settings.items():
            setattr(modes, name, value)

    def __exit__(self, *exception):
        for name, value in self.before.pop().items():
            setattr(modes, name, value)

    def _recreate_cm(self):  # every call of a decorated function has a switch of its own
        return copy.copy(self)


class no_grad(_Switch):
    """Record nothing: for evaluation, and for changing parameters in place."""

    _settings = {"grad": False}


class enable_grad(_Switch):
    """Record again, inside `no_grad`."""

    _settings = {"grad": True}


class inference_mode(_Switch):  # beyond
    """`no_grad` for code that will never need gradients."""

    def __init__(self, mode: bool = True):
        self._settings = {"grad": False, "inference": True} if mode else {}


class set_grad_enabled(_Switch):
    """Record or not, as `mode` says; works at once, and as a context it restores what was before."""

    def __init__(self, mode: bool):
        self._settings = {"grad": mode}
        self.restored = modes.grad
        modes.grad = mode

    def __enter__(self):
        pass

    def __exit__(self, *exception):
        modes.grad = self.restored


class set_detect_anomaly(set_grad_enabled):
    """Note the line of every operation, for `backward` to name the one whose gradient is the first NaN."""

    def __init__(self, mode: bool, check_nan: bool = True):
        self.restored = modes.anomaly
        modes.anomaly = mode and check_nan

    def __exit__(self, *exception):
        modes.anomaly = self.restored


class detect_anomaly(_Switch):
    """`set_detect_anomaly(True)` for a `with` block."""

    def __init__(self, check_nan: bool = True):
        self._settings = {"anomaly": check_nan}


def is_grad_enabled() -> bool:
    """Whether operations are being recorded."""
    return modes.grad


def is_inference_mode_enabled() -> bool:  # beyond
    """Whether `inference_mode` is on."""
    return modes.inference
