"""Which cards there are, and which of them "cuda" means."""  # dark-5

from ..devices import cupy
from ..devices import device as device_type


def is_available() -> bool:
    """Whether CuPy is installed and finds a card; `dark.zeros(1, device="cuda")` says what is missing."""
    try:
        cupy()
    except RuntimeError:
        return False
    return True


def device_count() -> int:
    """How many cards there are; 0 where they can't be used."""
    return cupy().cuda.runtime.getDeviceCount() if is_available() else 0


def current_device() -> int:
    """The number of the card that "cuda" means."""
    return cupy().cuda.runtime.getDevice()


def set_device(device) -> None:
    """Let "cuda" mean this card: a number, or a device such as "cuda:1"."""
    cupy().cuda.Device(card(device)).use()


class device:
    """A `with` block in which "cuda" means this card: a number, or a device such as "cuda:1"."""

    def __init__(self, device):
        self.idx = card(device)

    def __enter__(self):
        self.chosen = cupy().cuda.Device(self.idx)
        self.chosen.__enter__()

    def __exit__(self, *exception):
        self.chosen.__exit__(*exception)


def get_device_name(device=None) -> str:
    """What the card is called."""
    return cupy().cuda.runtime.getDeviceProperties(card(device))["name"].decode()


def get_device_capability(device=None) -> tuple[int, int]:
    """The card's compute capability, such as (8, 0): what its processors can do."""
    major, minor = divmod(int(cupy().cuda.Device(card(device)).compute_capability), 10)
    return major, minor


def synchronize(device=None) -> None:
    """Wait until a card has done all its work; to measure times, call it before and after."""
    cupy().cuda.Device(card(device)).synchronize()


def card(device) -> int:
    """The number of a card that is named by a number, by a device, or by None, the current one."""
    if isinstance(device, int) and not isinstance(device, bool):
        return device
    where = device_type("cuda" if device is None else device)
    if where.type != "cuda":
        raise ValueError(f"cuda: expected a CUDA device, such as 'cuda:0', not {str(device)!r}")
    return current_device() if where.index is None else where.index
