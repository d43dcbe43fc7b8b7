"""Schedulers that move the learning rate up and down, and the momentum against it."""

from __future__ import annotations

from collections.abc import Callable  # beyond
from math import (
    cos,
    floor,  # beyond
    pi,
)

from ..optimizer import Optimizer
from .scheduler import (
    LRScheduler,
    check_optimizer,
    one_for_each_group,
    set_lr,  # beyond
)


class OneCycleLR(LRScheduler):
    """One climb from max_lr / div_factor to `max_lr`, and a long way down to almost nothing.

    To be stepped after every batch. The climb takes the share `pct_start` of `total_steps` (or of `epochs` *
    `steps_per_epoch`); down it goes to the initial rate / `final_div_factor`. With `three_phase` a
    descent mirrors the climb before the last stretch. With `cycle_momentum` the momentum (or Adam's beta1)
    goes the other way, between `max_momentum` and `base_momentum`.
    Smith and Topin, Super-convergence: very fast training of neural networks using large learning
    rates (2018).
    """

    def __init__(
        self, optimizer: Optimizer, max_lr: float | list[float], total_steps: int | None = None,
        epochs: int | None = None, steps_per_epoch: int | None = None, pct_start: float = 0.3,
        anneal_strategy: str = "cos", cycle_momentum: bool = True, base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95, div_factor: float = 25.0, final_div_factor: float = 1e4,
        three_phase: bool = False, last_epoch: int = -1,
    ):  # fmt: skip
        check_optimizer(optimizer)
        self.total_steps = steps_in_all(total_steps, epochs, steps_per_epoch)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(f"OneCycleLR: pct_start must be a float between 0 and 1, and is {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"OneCycleLR: anneal_strategy is 'cos' or 'linear', not {anneal_strategy!r}")
        self._anneal_strategy, self.cycle_momentum = anneal_strategy, cycle_momentum

        # (last step, rate at its beginning and at its end, momentum likewise): names in the param groups
        top = pct_start * self.total_steps - 1
        up = (top, "initial_lr", "max_lr", "max_momentum", "base_momentum")
        back = (2 * pct_start * self.total_steps - 2, "max_lr", "initial_lr", "base_momentum", "max_momentum")
        out = (self.total_steps - 1, "initial_lr", "min_lr", "max_momentum", "max_momentum")
        down = (self.total_steps - 1, "max_lr", "min_lr", "base_momentum", "max_momentum")
        self._phases = [up, back, out] if three_phase else [up, down]

        max_lrs = one_for_each_group("max_lr", max_lr, optimizer)
        if last_epoch == -1:
            for group, highest in zip(optimizer.param_groups, max_lrs):
                first = highest / div_factor
                group.update(initial_lr=first, max_lr=highest, min_lr=first / final_div_factor)
        if cycle_momentum:
            begin_momentum(optimizer, base_momentum, max_momentum, reset=last_epoch == -1)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The rates of this step; sets the momenta too."""
        step = self.last_epoch
        if step > self.total_steps:
            raise ValueError(f"OneCycleLR: step {step} of a cycle of {self.total_steps}")
        begin = 0.0
        for phase in self._phases:
            end, *names = phase
            if step <= end or phase is self._phases[-1]:
                break
            begin = end
        lr0, lr1, momentum0, momentum1 = names
        part = (step - begin) / (end - begin)
        if self.cycle_momentum:
            for group in self.optimizer.param_groups:
                set_momentum(group, self._between(group[momentum0], group[momentum1], part))
        return [self._between(group[lr0], group[lr1], part) for group in self.optimizer.param_groups]

    def _between(self, start, end, part):
        if self._anneal_strategy == "linear":
            return (end - start) * part + start
        return end + (start - end) / 2.0 * (cos(pi * part) + 1)


class CyclicLR(LRScheduler):  # beyond
    """Up from `base_lr` to `max_lr` in `step_size_up` steps, down in `step_size_down`, again and again.

    To be stepped after every batch. The height of the cycles stays ("triangular"), is halved each time
    ("triangular2") or falls by `gamma` with every step ("exp_range"); or it is `scale_fn` of the number of
    the cycle, from 1, or of the step with `scale_mode` "iterations".
    Smith, Cyclical learning rates for training neural networks (2017).
    """

    def __init__(
        self, optimizer: Optimizer, base_lr: float | list[float], max_lr: float | list[float],
        step_size_up: int = 2000, step_size_down: int | None = None, mode: str = "triangular",
        gamma: float = 1.0, scale_fn: Callable[[float], float] | None = None, scale_mode: str = "cycle",
        cycle_momentum: bool = True, base_momentum: float | list[float] = 0.8,
        max_momentum: float | list[float] = 0.9, last_epoch: int = -1,
    ):  # fmt: skip
        check_optimizer(optimizer)
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError(f"CyclicLR: mode is 'triangular', 'triangular2' or 'exp_range', not {mode!r}")
        base_lrs = one_for_each_group("base_lr", base_lr, optimizer)
        self.max_lrs = one_for_each_group("max_lr", max_lr, optimizer)
        self.total_size = float(step_size_up + (step_size_up if step_size_down is None else step_size_down))
        self.step_ratio = step_size_up / self.total_size
        self.mode, self.gamma, self.scale_mode, self.cycle_momentum = mode, gamma, scale_mode, cycle_momentum
        self._scale_fn = scale_fn
        if last_epoch == -1:
            for group, lr in zip(optimizer.param_groups, base_lrs):
                set_lr(group, lr)
        if cycle_momentum:
            limits = begin_momentum(optimizer, base_momentum, max_momentum, reset=last_epoch == -1)
            self.base_momentums, self.max_momentums = limits
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def get_lr(self) -> list[float]:
        """The rates of this step; sets the momenta too."""
        cycle = floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        height = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        scale = self._scale(cycle)
        if self.cycle_momentum:
            groups = self.optimizer.param_groups
            for group, low, high in zip(groups, self.base_momentums, self.max_momentums):
                set_momentum(group, high - (high - low) * height * scale)
        return [low + (high - low) * height * scale for low, high in zip(self.base_lrs, self.max_lrs)]

    def _scale(self, cycle):
        if self._scale_fn is not None:
            return self._scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.mode == "triangular":
            return 1.0
        return 1 / 2.0 ** (cycle - 1) if self.mode == "triangular2" else self.gamma**self.last_epoch

    def state_dict(self) -> dict:
        """Everything but the optimizer and `scale_fn`, which is given anew."""
        return {name: value for name, value in super().state_dict().items() if name != "_scale_fn"}


def steps_in_all(total_steps, epochs, steps_per_epoch):
    """The length of OneCycleLR's cycle."""
    if total_steps is None and (epochs is None or steps_per_epoch is None):
        raise ValueError("OneCycleLR: needs total_steps, or epochs and steps_per_epoch")
    product = total_steps is None
    factors = {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    given = factors if product else {"total_steps": total_steps}
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ValueError(f"OneCycleLR: {name} must be a positive integer, and is {value}")
    return epochs * steps_per_epoch if product else total_steps


def begin_momentum(optimizer, base_momentum, max_momentum, reset):
    """The limits of the momentum of each param group; if `reset`, noted there, and the highest is set."""
    if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
        raise ValueError(f"cycle_momentum: {type(optimizer).__name__} has neither momentum nor betas")
    low = one_for_each_group("base_momentum", base_momentum, optimizer)
    high = one_for_each_group("max_momentum", max_momentum, optimizer)
    if reset:
        for group, base, highest in zip(optimizer.param_groups, low, high):
            group.update(base_momentum=base, max_momentum=highest)
            set_momentum(group, highest)
    return low, high


def set_momentum(group, momentum):
    """Set Adam's beta1 or the others' momentum."""
    if "betas" in group:
        group["betas"] = (momentum, *group["betas"][1:])
    else:
        group["momentum"] = momentum
