"""Tensors that say what they are: an image, a mask, boxes or key points; transforms move them together."""

from __future__ import annotations

from enum import Enum

from ..tensor import Tensor, to_array

__all__ = ["BoundingBoxFormat", "BoundingBoxes", "Image", "KeyPoints", "Mask", "TVTensor", "wrap"]


class TVTensor(Tensor):
    """A tensor with a meaning. `to`, `clone` and `detach` keep it; other operations return a plain tensor."""

    _extras: tuple[str, ...] = ()  # the attributes that belong to the meaning

    def __init__(self, data, *, dtype=None, device=None, requires_grad: bool | None = None):
        wanted = isinstance(data, Tensor) and data.requires_grad if requires_grad is None else requires_grad
        super().__init__(self._checked(to_array(data, dtype)), requires_grad=wanted)

    def _checked(self, array):
        """The array, if it has a shape of this kind."""
        return array

    def __repr__(self):
        extras = "".join(f", {name}={getattr(self, name)}" for name in self._extras)
        return f"{super().__repr__()[:-1]}{extras})"


class Image(TVTensor):
    """An image or a batch of images, (..., C, H, W); (H, W) becomes (1, H, W)."""

    def _checked(self, array):
        """With a dimension for the channels."""
        if array.ndim < 2:
            raise ValueError(f"Image: expected (..., C, H, W) or (H, W), got {array.shape}")
        return array[None] if array.ndim == 2 else array


class Mask(TVTensor):
    """For every pixel its class or whether it belongs to an object, (..., H, W); never interpolated."""

    def _checked(self, array):
        """With two dimensions at least."""
        if array.ndim < 2:
            raise ValueError(f"Mask: expected (..., H, W), got {array.shape}")
        return array


class BoundingBoxFormat(Enum):
    """The four numbers of a box.

    Corners, or a corner with width and height, or the center with them. They are measured from the upper
    left corner of the image, so the box of a pixel in column 3 goes from x = 3 to x = 4.
    """

    XYXY = "XYXY"
    XYWH = "XYWH"
    CXCYWH = "CXCYWH"


class BoundingBoxes(TVTensor):
    """Boxes, (N, 4), in an image of `canvas_size` (H, W); (4,) becomes (1, 4)."""

    _extras = ("format", "canvas_size")

    def __init__(
        self, data, *, format: BoundingBoxFormat | str, canvas_size: tuple[int, int],
        dtype=None, device=None, requires_grad: bool | None = None,
    ):  # fmt: skip
        super().__init__(data, dtype=dtype, requires_grad=requires_grad)
        self.format = box_format(format)
        self.canvas_size = canvas(canvas_size, "BoundingBoxes")

    def _checked(self, array):
        """As a list of boxes."""
        if array.ndim not in (1, 2) or array.shape[-1] != 4:
            raise ValueError(f"BoundingBoxes: expected (N, 4) or (4,), got {array.shape}")
        return array.reshape(-1, 4)


class KeyPoints(TVTensor):
    """Points (x, y) in an image of `canvas_size` (H, W), of shape (..., 2); (2,) becomes (1, 2).

    x and y are the column and the row of a pixel, counted from 0: whole numbers are the pixels' centers.
    """

    _extras = ("canvas_size",)

    def __init__(
        self,
        data,
        *,
        canvas_size: tuple[int, int],
        dtype=None,
        device=None,
        requires_grad: bool | None = None,
    ):
        super().__init__(data, dtype=dtype, requires_grad=requires_grad)
        self.canvas_size = canvas(canvas_size, "KeyPoints")

    def _checked(self, array):
        """As a list of points."""
        if array.ndim < 1 or array.shape[-1] != 2:
            raise ValueError(f"KeyPoints: expected (..., 2), got {array.shape}")
        return array[None] if array.ndim == 1 else array


def wrap(wrappee: Tensor, *, like: TVTensor, **kwargs) -> TVTensor:
    """The tensor `wrappee` as what `like` is, with its attributes or with those in `kwargs`."""
    result = type(like).__new__(type(like))
    vars(result).update(vars(wrappee))  # the array, and its part in the graph
    for name in like._extras:
        setattr(result, name, kwargs.pop(name, getattr(like, name)))
    if kwargs:
        raise TypeError(f"wrap: {type(like).__name__} has no {', '.join(kwargs)}")
    return result


def box_format(format: BoundingBoxFormat | str) -> BoundingBoxFormat:
    """A format by its name, or as it is."""
    try:
        return BoundingBoxFormat(format.upper() if isinstance(format, str) else format)
    except ValueError:
        raise ValueError(f"BoundingBoxFormat: {format!r} is none of XYXY, XYWH, CXCYWH") from None


def canvas(size, name) -> tuple[int, int]:
    """A canvas size, checked."""
    if not isinstance(size, (tuple, list)) or len(size) != 2 or not all(n == int(n) and n >= 0 for n in size):
        raise ValueError(f"{name}: canvas_size is (height, width) of the image, not {size!r}")
    return int(size[0]), int(size[1])


def keep_meaning(name: str):
    """Tensor's method of this name, for a TVTensor: what it returns is of the same kind."""

    def method(self, *args, **options):
        result = getattr(Tensor, name)(self, *args, **options)
        return result if result is self else wrap(result, like=self)

    method.__name__, method.__doc__ = name, f"`Tensor.{name}`, of the same kind."
    setattr(TVTensor, name, method)


for _name in ("to", "clone", "detach"):
    keep_meaning(_name)
