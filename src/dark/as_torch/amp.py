"""Mixed precision, which Dark does without: it computes in float32, as PyTorch does without a card."""

import warnings
from contextlib import ContextDecorator
from types import SimpleNamespace

__all__ = ["GradScaler", "autocast"]


class autocast(ContextDecorator):
    """A `with` block, or a decorated function, that computes as ever, with a warning where it is enabled."""

    def __init__(self, device_type, dtype=None, enabled=True, cache_enabled=None):
        if enabled:
            warnings.warn("autocast: Dark has no mixed precision; it computes in float32", stacklevel=2)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


class GradScaler:
    """Scales no loss, since gradients in float32 don't vanish: a scaler of PyTorch's that is not enabled."""

    def __init__(
        self, device="cuda", init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000,
        enabled=True,
    ):  # fmt: skip
        if enabled:
            warnings.warn("GradScaler: Dark has no mixed precision; losses stay as they are", stacklevel=2)

    def scale(self, outputs):
        """The outputs, as they are."""
        return outputs

    def unscale_(self, optimizer):
        """Nothing: no gradient was scaled."""

    def step(self, optimizer, *args, **kwargs):
        """One step of the optimizer."""
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale=None):
        """Nothing: there is no scale."""

    def get_scale(self):
        """1: the loss is multiplied by nothing."""
        return 1.0

    def is_enabled(self):
        """False."""
        return False

    def state_dict(self):
        """Nothing to save."""
        return {}

    def load_state_dict(self, state_dict):
        """Nothing to load."""


# Under their first names, in torch.cuda.amp, the kind of device was no argument.
cuda = SimpleNamespace(
    autocast=lambda enabled=True, dtype=None, cache_enabled=True: autocast("cuda", dtype, enabled),
    GradScaler=lambda *args, **kwargs: GradScaler("cuda", *args, **kwargs),
)
