"""Transform: what all transforms have in common, and how one of them reaches every part of a sample."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np

import dark

from ...tensor import Tensor
from ..pillow import is_pil_image
from ..tv_tensors import Image, TVTensor
from .functional.inputs import numbers, size_of


class Transform:
    """A function of a sample: an image, or an image with masks, boxes, key points and whatever else.

    A sample is one value, several arguments, or any nest of dicts, lists and tuples. What is an `Image`,
    `Mask`, `BoundingBoxes` or `KeyPoints` (see `tv_tensors`) is transformed. Where there is no `Image`, the
    first plain tensor is taken for it; all else passes through as it is. Chance decides once for all of them:
    `make_params` draws, from Dark's generator, and `transform` applies what it drew to one part.

    A transform of one's own overrides these two.
    """

    images_only = False  # whether masks, boxes and key points pass through

    def make_params(self, flat_inputs: list) -> dict[str, Any]:
        """What is the same for all parts of the sample, drawn or computed from those to be transformed."""
        return {}

    def transform(self, inpt, params: dict[str, Any]):
        """One part of the sample, transformed."""
        raise NotImplementedError(f"{type(self).__name__}: a transform defines transform(inpt, params)")

    def __call__(self, *inputs):
        return self.forward(*inputs)

    def forward(self, *inputs):
        """The sample, transformed."""
        sample = inputs if len(inputs) > 1 else inputs[0]
        if not isinstance(sample, (tuple, list, dict)):  # what most samples are: nothing to search in
            if not self.selected([sample])[0]:
                raise TypeError(f"{type(self).__name__}: expected an image, got {type(sample).__name__}")
            return self.transform(sample, self.make_params([sample]))
        flat = list(leaves(sample))
        wanted = self.selected(flat)
        params = self.make_params([x for x, yes in zip(flat, wanted, strict=True) if yes])
        results = iter([self.transform(x, params) if yes else x for x, yes in zip(flat, wanted, strict=True)])
        return rebuilt(sample, results)

    def selected(self, flat: list) -> list[bool]:
        """Which parts of the sample are transformed."""
        image_is_missing = not any(isinstance(x, Image) for x in flat)
        wanted = []
        for x in flat:
            if isinstance(x, TVTensor):
                wanted.append(isinstance(x, Image) or not self.images_only)
            elif isinstance(x, Tensor):
                wanted.append(image_is_missing)
                image_is_missing = False
            else:
                wanted.append(self.accepts(x))
        return wanted

    def accepts(self, x) -> bool:
        """Whether something that is no tensor is transformed too."""
        if is_pil_image(x) or (isinstance(x, np.ndarray) and x.ndim > 1):
            kind = "NumPy array" if isinstance(x, np.ndarray) else "Pillow image"
            raise TypeError(
                f"{type(self).__name__}: expected tensors, got a {kind}; put ToTensor() or ToImage() first"
            )
        return False

    def extra_repr(self) -> str:
        """What stands between the brackets of `repr`."""
        return ", ".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))

    def __repr__(self):
        return f"{type(self).__name__}({self.extra_repr()})"


class RandomApplyTransform(Transform):
    """A transform that is applied with probability `p`."""

    def __init__(self, p: float = 0.5):
        self.p = probability(type(self).__name__, p)

    def forward(self, *inputs):
        """The sample, transformed or as it is."""
        if dark.rand(1).item() >= self.p:
            return inputs if len(inputs) > 1 else inputs[0]
        return super().forward(*inputs)


def leaves(sample) -> Iterator:
    """The parts of a nest of dicts, lists and tuples, from left to right."""
    if isinstance(sample, dict):
        sample = list(sample.values())
    if is_nest(sample):
        for part in sample:
            yield from leaves(part)
    else:
        yield sample


def rebuilt(sample, parts: Iterator):
    """The same nest with other parts."""
    if isinstance(sample, dict):
        result = copy.copy(sample)  # of the same class
        for key, part in sample.items():
            result[key] = rebuilt(part, parts)
        return result
    if is_nest(sample):
        new = [rebuilt(part, parts) for part in sample]
        if hasattr(sample, "_fields"):  # a named tuple
            return type(sample)(*new)
        return type(sample)(new)
    return next(parts)


def is_nest(x) -> bool:
    """Whether it is a list, a tuple or a named tuple, and not a value that is made from one."""
    return type(x) in (list, tuple) or (isinstance(x, tuple) and hasattr(x, "_fields"))


def uniform(low: float, high: float) -> float:
    """A number drawn evenly from low to high."""
    return dark.empty(1).uniform_(low, high).item()


def integer_below(n: int) -> int:
    """A whole number drawn evenly from 0 to n - 1."""
    return int(dark.randint(0, n, size=(1,)).item())


def probability(name: str, p: float) -> float:
    """A probability, checked."""
    if not 0 <= numbers(name, "p", p, (1,))[0] <= 1:
        raise ValueError(f"{name}: p is a probability, from 0 to 1, not {p}")
    return p


def sample_size(name: str, flat_inputs: list) -> tuple[int, int]:
    """The height and width that all parts of a sample have."""
    sizes = {size_of(name, x) for x in flat_inputs}
    if len(sizes) != 1:
        if not sizes:
            raise TypeError(f"{name}: the sample has no tensor that is an image, a mask, boxes or key points")
        found = ", ".join(f"{type(x).__name__} {tuple(size_of(name, x))}" for x in flat_inputs)
        raise ValueError(
            f"{name}: the parts of a sample belong to one image, and theirs have several sizes: {found}"
        )
    return sizes.pop()


def fill_for(fill, inpt):
    """The fill for a kind of input, from one for all or from a dict {kind or "others": fill}."""
    if not isinstance(fill, dict):
        return fill
    return fill[type(inpt)] if type(inpt) in fill else fill.get("others", 0)
