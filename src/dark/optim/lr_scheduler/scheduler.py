"""What all schedulers share: the count of epochs, the optimizer's learning rates, and a state to save."""

from __future__ import annotations

import warnings
from typing import Any

from ...tensor import Tensor
from ..optimizer import Optimizer


class LRScheduler:
    """Sets the learning rate of every param group, once when it is made and again at each `step`.

    A subclass computes the rates in `get_lr`, from `last_epoch` (0 at first) and, mostly, from the rates as
    they are: so several schedulers can work on one optimizer, and each multiplies in its share.
    To continue a run without a state_dict, `last_epoch` is the number of the last epoch it finished.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1):
        check_optimizer(optimizer)
        self.optimizer = optimizer
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", copied(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param_groups[{i}] has no 'initial_lr', which last_epoch={last_epoch} needs: "
                    "load the state of the optimizer first, or leave out last_epoch"
                )
        self.base_lrs = [copied(group["initial_lr"]) for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._begin()

    def get_lr(self) -> list[float]:
        """The new learning rate of each param group; `step` calls it after counting up `last_epoch`."""
        raise NotImplementedError(f"{type(self).__name__} has no get_lr")

    def get_last_lr(self) -> list[float]:
        """The learning rates that were set last."""
        return self._last_lr

    def step(self) -> None:
        """Go on to the next epoch; to be called after the optimizer's step."""
        if self._step_count == 1 and never_stepped(self.optimizer):
            warnings.warn(
                "scheduler.step() was called before the first optimizer.step(), so the first learning rate "
                "of the schedule is never used; call optimizer.step() first",
                stacklevel=2,
            )
        self._step_count += 1
        self.last_epoch += 1
        self._set(self.get_lr())

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer."""
        return {name: value for name, value in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over the state of a scheduler of the same kind."""
        vars(self).update(state_dict)

    def _begin(self):
        """Make the step that sets the rates of the first epoch."""
        self._step_count = 0
        self._is_initial = True
        self.step()
        self._is_initial = False

    def _unbegin(self):
        """Take that step back in the count of epochs, for another scheduler to decide when it is made."""
        self.last_epoch -= 1

    def _rewind(self):
        """Let epoch 0 be the next."""
        self.last_epoch = -1

    def _restart(self):
        """Begin epoch 0 now, from the initial rates."""
        set_initial_lr(self.optimizer)
        self._rewind()
        self._begin()

    def _set(self, rates):
        for group, lr in zip(self.optimizer.param_groups, rates, strict=True):
            set_lr(group, lr)
        self._last_lr = self._lrs()

    def _lrs(self):
        """The learning rates as they are."""
        return [copied(group["lr"]) for group in self.optimizer.param_groups]


def set_lr(group, lr):
    """Set the learning rate of a param group; a tensor is filled, for others may know it already."""
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(lr)
    else:
        group["lr"] = lr


def copied(lr):
    """A learning rate that stays as it is when the optimizer's is changed."""
    return lr.clone() if isinstance(lr, Tensor) else lr


def check_optimizer(optimizer):
    """Raise TypeError where a scheduler is given something else."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"a scheduler needs an Optimizer, not a {type(optimizer).__name__}")


def set_initial_lr(optimizer):
    """Set the learning rates to what they were before any scheduler."""
    for group in optimizer.param_groups:
        set_lr(group, group["initial_lr"])


def never_stepped(optimizer):
    """Whether an optimizer is still unused; not known of one with a `step` of its own."""
    return type(optimizer).step is Optimizer.step and not optimizer._stepped


def one_for_each_group(name, value, optimizer):
    """`value` as a list with one for each param group: it may be one number for all of them."""
    groups = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [value] * groups
    if len(value) != groups:
        raise ValueError(f"{name} has {len(value)} values for {groups} param groups")
    return list(value)
