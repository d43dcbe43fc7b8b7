"""The card of this machine under the names of `torch.accelerator`; Dark knows those of CUDA."""

from .. import cuda
from ..devices import device

__all__ = [
    "current_accelerator", "current_device_index", "device_count", "is_available", "set_device_index",
    "synchronize",
]  # fmt: skip


def is_available() -> bool:
    """Whether there is a card that Dark computes on."""
    return cuda.is_available()


def current_accelerator(check_available: bool = False) -> device | None:
    """The kind of card, `device(type='cuda')`, or None."""
    return device("cuda") if is_available() else None


def device_count() -> int:
    """How many cards there are."""
    return cuda.device_count() if is_available() else 0


def current_device_index() -> int:
    """The number of the card that new tensors go to."""
    check("current_device_index")
    return cuda.current_device()


def set_device_index(device) -> None:
    """Choose the card that new tensors go to."""
    check("set_device_index")
    cuda.set_device(device)


def synchronize(device=None) -> None:
    """Wait until a card has done all that it was given."""
    check("synchronize")
    cuda.synchronize(device)


def check(name: str) -> None:
    """Raise RuntimeError where there is no card."""
    if not is_available():
        raise RuntimeError(f"accelerator.{name}: there is no card here")
