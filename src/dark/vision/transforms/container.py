"""Transforms made of transforms: all of them in turn, with a probability, or one of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import dark  # beyond

from .transform import (
    Transform,
    probability,  # beyond
)


class Compose(Transform):
    """One transform after the other; any functions of a sample will do."""

    def __init__(self, transforms: Sequence[Callable]):
        self.transforms = callables("Compose", transforms)

    def forward(self, *inputs):
        """The sample after all of them."""
        return in_turn(self.transforms, inputs)

    def __repr__(self):
        return nested(self, self.transforms)


class RandomApply(Transform):  # beyond
    """With probability `p` one transform after the other, else none."""

    def __init__(self, transforms: Sequence[Callable], p: float = 0.5):
        self.transforms = callables("RandomApply", transforms)
        self.p = probability("RandomApply", p)

    def forward(self, *inputs):
        """The sample after all of them, or as it is."""
        transforms = [] if dark.rand(1).item() >= self.p else self.transforms
        return in_turn(transforms, inputs)

    def __repr__(self):
        return nested(self, [f"p={self.p}", *self.transforms])


class RandomChoice(Transform):  # beyond
    """One of several transforms, each with its share of the probabilities `p`, or all with the same."""

    def __init__(self, transforms: Sequence[Callable], p: Sequence[float] | None = None):
        self.transforms = callables("RandomChoice", transforms)
        p = [1.0] * len(self.transforms) if p is None else list(p)
        if len(p) != len(self.transforms) or not sum(p) > 0 or min(p) < 0:
            raise ValueError(
                f"RandomChoice: p has a probability for each of {len(self.transforms)} transforms, not {p}"
            )
        self.p = [x / sum(p) for x in p]

    def forward(self, *inputs):
        """The sample after the one that was drawn."""
        return self.transforms[int(dark.multinomial(dark.tensor(self.p), 1).item())](*inputs)

    def __repr__(self):
        return nested(self, [f"p={self.p}", *self.transforms])


def callables(name, transforms) -> list[Callable]:
    """The transforms as a list, checked."""
    if not isinstance(transforms, Sequence) or not all(callable(t) for t in transforms):
        raise TypeError(f"{name}: expected a list of transforms, got {transforms!r}")
    return list(transforms)


def in_turn(transforms, inputs):
    """What comes out of the last one; several inputs go through side by side."""
    for transform in transforms:
        outputs = transform(*inputs)
        inputs = outputs if len(inputs) > 1 else (outputs,)
    return inputs if len(inputs) > 1 else inputs[0]


def nested(transform, parts) -> str:
    """One line for each part."""
    lines = "\n".join(str(part) for part in parts)
    indented = "\n".join(f"    {line}" for line in lines.splitlines())
    return f"{type(transform).__name__}(\n{indented}\n)"
