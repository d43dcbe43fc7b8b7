"""The numbers of an optimizer that change between the replays of a recorded step."""  # beyond

from contextlib import contextmanager

import numpy as np

from ..devices import cupy
from ..tensor import Tensor, wrap

CHANGING = ("lr", "momentum", "betas")  # options that schedulers set


class Settings:
    """An optimizer's options that change, in an array on the card, where a recorded step reads them.

    Its counts of steps move to the card too.
    """

    def __init__(self, optimizer):
        self.optimizer, self.groups = optimizer, list(optimizer.param_groups)
        for group in self.groups:
            if "capturable" in group:
                group["capturable"] = True
        for param, state in optimizer.state.items():
            if "step" in state:
                state["step"] = state["step"].to(param.device)
        self.names = [[name for name in CHANGING if is_number(group.get(name))] for group in self.groups]
        self.numbers = self.changing()
        self.array = cupy().array(self.numbers, np.float64)
        self.state, self.others = optimizer.state, self.fixed()

    def changing(self):
        """The numbers that change, in a row."""
        options = [group[name] for group, names in zip(self.groups, self.names) for name in names]
        return [float(x) for option in options for x in as_tuple(option)]

    def fixed(self):
        """All other options, which the recorded step has made use of."""
        groups = zip(self.groups, self.names)
        return [{x: group[x] for x in self.optimizer.defaults if x not in names} for group, names in groups]

    @contextmanager
    def on_card(self):
        """A block in which the options that change are tensors on the card: their places are recorded."""
        kept = [dict(group) for group in self.groups]
        places = (wrap(self.array[i]) for i in range(self.array.size))
        for group, names in zip(self.groups, self.names):
            for name in names:
                several = isinstance(group[name], tuple)
                group[name] = tuple(next(places) for _ in group[name]) if several else next(places)
        try:
            yield
        finally:
            for group, options in zip(self.groups, kept):
                group.update(options)

    def follow(self):
        """Bring the numbers to the card that have changed since they were brought there."""
        same = self.optimizer.state is self.state and self.optimizer.param_groups == self.groups
        if not same or self.fixed() != self.others:
            raise RuntimeError(
                f"captured: {type(self.optimizer).__name__} has another state or other options than when the "
                "step was recorded, which knows the old ones only; make a new captured(step)"
            )
        numbers = self.changing()
        if numbers != self.numbers:
            self.array.set(np.array(numbers))
            self.numbers = numbers


def is_number(option):
    """Whether an option is a number, or several; not one of momentum 0, which takes other kernels."""
    return option is not None and not isinstance(option, Tensor) and option != 0


def as_tuple(x):
    """x, in a tuple where it is not several."""
    return x if isinstance(x, tuple) else (x,)


def check_recordable(optimizer):
    """Raise where a recorded step of an optimizer would not do what it does now."""
    name = type(optimizer).__name__
    if not optimizer._stepped:
        raise RuntimeError(
            f"graph: the first step of {name} makes its state, and can't be recorded; make some steps before"
        )
    for state in optimizer.state.values():
        if "step" in state and state["step"].device.type == "cpu":
            raise RuntimeError(
                f"graph: {name} counts its steps on the CPU, which a replay does not repeat; "
                f"make it {name}(..., capturable=True)"
            )
