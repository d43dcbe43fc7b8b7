"""Names about the machine and the compiler that PyTorch programs ask for, answered as they are here."""

from types import SimpleNamespace

from .amp import autocast as autocast
from .modules import VERSIONS

version = SimpleNamespace(__version__=VERSIONS["torch"], cuda=None, hip=None)

# Apple's and Intel's cards: Dark does not compute on them.
absent = SimpleNamespace(is_available=lambda: False, is_built=lambda: False, device_count=lambda: 0)

# Searches for the fastest of several algorithms, and how much may vary from run to run: Dark has one each.
cudnn = SimpleNamespace(
    enabled=True, benchmark=False, deterministic=False, is_available=lambda: False, version=lambda: None
)


def compile(model=None, **options):
    """The model or function as it is: compiling changes no number. Without one, a decorator that does it."""
    return model if model is not None else lambda model: model


def use_deterministic_algorithms(mode, *, warn_only=False):
    """Nothing to do: Dark's algorithms on the CPU are deterministic."""


def are_deterministic_algorithms_enabled():
    """True: there are no others."""
    return True
