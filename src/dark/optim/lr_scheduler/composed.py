"""Schedulers made of schedulers: one after the other, or all together."""  # beyond

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from ..optimizer import Optimizer
from .plateau import ReduceLROnPlateau
from .scheduler import LRScheduler, set_initial_lr


class Composed(LRScheduler):
    """Holds schedulers of one optimizer, and saves their states with its own."""

    def _hold(self, optimizer, schedulers):
        name = type(self).__name__
        if not schedulers:
            raise ValueError(f"{name}: needs at least one scheduler")
        for i, scheduler in enumerate(schedulers):
            if not isinstance(scheduler, LRScheduler):
                raise TypeError(f"{name}: schedulers[{i}] is a {type(scheduler).__name__}")
            if isinstance(scheduler, ReduceLROnPlateau):
                raise ValueError(f"{name}: schedulers[{i}] is a ReduceLROnPlateau: its step needs a measure")
            if scheduler.optimizer is not optimizer:
                raise ValueError(f"{name}: schedulers[{i}] belongs to another optimizer")
        self.optimizer, self._schedulers = optimizer, list(schedulers)

    def _unbegin(self):
        for scheduler in self._schedulers:
            scheduler._unbegin()

    def _rewind(self):
        for scheduler in self._schedulers:
            scheduler._rewind()

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer."""
        return {**super().state_dict(), "_schedulers": [inner.state_dict() for inner in self._schedulers]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over the state of a scheduler made of the same kinds."""
        super().load_state_dict({name: value for name, value in state_dict.items() if name != "_schedulers"})
        for scheduler, state in zip(self._schedulers, state_dict["_schedulers"], strict=True):
            scheduler.load_state_dict(state)


class SequentialLR(Composed):
    """One scheduler after the other; at each epoch in `milestones` the next one begins its epoch 0."""

    def __init__(
        self, optimizer: Optimizer, schedulers: list[LRScheduler], milestones: list[int], last_epoch: int = -1
    ):  # fmt: skip
        self._hold(optimizer, schedulers)
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                f"SequentialLR: {len(schedulers)} schedulers need one milestone fewer, not {len(milestones)}"
            )
        self._milestones = list(milestones)
        self.last_epoch = last_epoch + 1
        set_initial_lr(optimizer)  # every scheduler has set its own first rates when it was made
        self._unbegin()
        self._begin()

    def step(self) -> None:
        """Go on to the next epoch, and at a milestone to the next scheduler."""
        self.last_epoch += 1
        i = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[i]
        if i > 0 and self._milestones[i - 1] == self.last_epoch:
            scheduler._restart()
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()

    def _begin(self):
        self.last_epoch += 1
        scheduler = self._schedulers[bisect_right(self._milestones, self.last_epoch)]
        scheduler._begin()
        self._last_lr = scheduler.get_last_lr()

    def _unbegin(self):
        self.last_epoch -= 1
        super()._unbegin()

    def _rewind(self):
        self.last_epoch = -1
        super()._rewind()


class ChainedScheduler(Composed):
    """All schedulers at every step, in order: each works on the learning rate that the one before left."""

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None):
        self._hold(optimizer or (schedulers[0].optimizer if schedulers else None), schedulers)
        self._last_lr = self._lrs()

    def step(self) -> None:
        """Step every scheduler."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self._lrs()

    def _begin(self):
        for scheduler in self._schedulers:
            scheduler._begin()
        self._last_lr = self._lrs()
