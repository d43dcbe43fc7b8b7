"""Schedulers that follow a cosine down, and up or back again."""  # beyond

from __future__ import annotations

from math import cos, pi

from ..optimizer import Optimizer
from .scheduler import LRScheduler


class CosineAnnealingLR(LRScheduler):
    """From the initial rate to `eta_min` in `T_max` epochs, and on along the cosine.

        lr = eta_min + (initial_lr - eta_min) * (1 + cos(π epoch / T_max)) / 2

    computed from the rate before, by the ratio of two such terms, so that it chains with other schedulers.
    Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts (2017).
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1):
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates of this epoch, from those of the one before."""
        if self._is_initial:
            return self._lrs()
        low = self.eta_min
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:  # from the bottom: the ratio is 0 / 0
            rise = (1 - cos(pi / self.T_max)) / 2
            return [lr + (base - low) * rise for base, lr in zip(self.base_lrs, self._lrs())]
        now, before = (1 + cos(pi * epoch / self.T_max) for epoch in (self.last_epoch, self.last_epoch - 1))
        return [now / before * (lr - low) + low for lr in self._lrs()]


class CosineAnnealingWarmRestarts(LRScheduler):
    """From the initial rate to `eta_min` in `T_0` epochs, then from the top again, `T_mult` times as slowly.

    `step(epoch)` may be given fractions, to change the rate within an epoch.
    Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts (2017).
    """

    def __init__(
        self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1
    ):  # fmt: skip
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"CosineAnnealingWarmRestarts: {name} is a positive integer, not {value}")
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        self.T_i: int = T_0  # the length of this round
        self.T_cur: float = last_epoch  # how much of it is over
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates at the present point of the round."""
        height = 1 + cos(pi * self.T_cur / self.T_i)
        return [self.eta_min + (base - self.eta_min) * height / 2 for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go on to the next epoch, or to any point in time."""
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch, self.T_cur = self.last_epoch + 1, self.T_cur + 1
            if self.T_cur >= self.T_i:
                self.T_cur, self.T_i = self.T_cur % self.T_i, self.T_i * self.T_mult
        elif epoch < 0:
            raise ValueError(f"CosineAnnealingWarmRestarts: there is no epoch {epoch}")
        else:
            self.T_cur, self.T_i = epoch, self.T_0
            while self.T_cur >= self.T_i:
                self.T_cur, self.T_i = self.T_cur - self.T_i, self.T_i * self.T_mult
        self.last_epoch = int(epoch)
        self._set(self.get_lr())
