"""Pictures of many images in a grid, and image files."""  # beyond

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from ...serialization import replace_file
from ...tensor import Tensor, wrap
from ..pillow import pillow

__all__ = ["make_grid", "save_image"]


def make_grid(
    tensor: Tensor | list[Tensor],
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> Tensor:
    """One image (C, H, W) that shows a batch (N, C, H, W), or a list of images, in rows of `nrow`.

    Gray images get three channels. `padding` pixels of `pad_value` are between the images. `normalize` maps
    `value_range`, or the smallest and the largest number, to 0 and 1: of all images or, with `scale_each`, of
    each alone. One single image is returned without padding.
    """
    images = batch_of_images(tensor)
    if nrow < 1 or padding < 0:
        raise ValueError(
            f"make_grid: nrow must be positive and padding not negative, got {nrow} and {padding}"
        )
    if normalize:
        if images.dtype.kind != "f":
            raise TypeError(f"make_grid: normalize=True needs floating-point images, got {images.dtype}")
        if value_range is not None and not (isinstance(value_range, (tuple, list)) and len(value_range) == 2):
            raise TypeError(f"make_grid: value_range is (min, max), not {value_range!r}")
        if images.size and scale_each:
            images = np.stack([stretched(image, value_range) for image in images])
        elif images.size:
            images = stretched(images, value_range)

    n, channels, h, w = images.shape
    if n == 1:
        return wrap(images[0].copy())
    columns = min(nrow, n)
    rows = -(-n // columns)
    shape = (channels, padding + rows * (h + padding), padding + columns * (w + padding))
    grid = np.full_like(images, pad_value, shape=shape)
    for i, image in enumerate(images):
        row, column = divmod(i, columns)
        top, left = padding + row * (h + padding), padding + column * (w + padding)
        grid[:, top : top + h, left : left + w] = image
    return wrap(grid)


def batch_of_images(tensor):
    """An array (N, C, H, W), gray ones with three channels, of what `make_grid` takes."""
    if isinstance(tensor, (list, tuple)) and tensor and all(isinstance(t, Tensor) for t in tensor):
        shapes = {tuple(t.shape) for t in tensor}
        if len(shapes) > 1:
            raise ValueError(f"make_grid: images of one list must have one shape, got {sorted(shapes)}")
        images = np.stack([t.detach().array for t in tensor])
    elif isinstance(tensor, Tensor):
        images = tensor.detach().array
    else:
        raise TypeError(f"make_grid: expected a tensor or a list of tensors, got {type(tensor).__name__}")
    if images.ndim == 2:
        images = images[None]
    if images.ndim == 3:
        images = images[None]
    if images.ndim != 4 or not len(images):
        raise ValueError(f"make_grid: expected images (N, C, H, W), (C, H, W) or (H, W), got {images.shape}")
    return np.repeat(images, 3, axis=1) if images.shape[1] == 1 else images


def stretched(image, value_range):
    """The image with its range, or `value_range`, mapped to 0…1; what is outside of it is cut off."""
    low, high = (float(image.min()), float(image.max())) if value_range is None else value_range
    return (np.clip(image, low, high) - low) / max(high - low, 1e-5)


def save_image(tensor: Tensor | list[Tensor], fp: Any, format: str | None = None, **kwargs) -> None:
    """Write an image, or a grid of images, with numbers from 0 to 1, into a file or a file object.

    `format`, such as "PNG", follows from the file's name unless it is given; `kwargs` are for `make_grid`. A
    file appears whole or not at all. Needs Pillow.
    """
    grid = make_grid(tensor, **kwargs).numpy(force=True)
    if grid.dtype.kind != "f":
        raise TypeError(
            f"save_image: expected floating-point numbers from 0 to 1, got {grid.dtype}; divide them by 255"
        )
    if grid.shape[0] not in (3, 4):
        raise ValueError(f"save_image: a file shows 1, 3 or 4 channels, not {grid.shape[0]}")
    pixels = np.clip(np.nan_to_num(grid) * 255 + 0.5, 0, 255).astype(np.uint8)
    image = pillow("save_image").fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))
    if hasattr(fp, "write"):
        image.save(fp, format=format)
    else:
        path = Path(fp)
        replace_file(str(path), encoded(image, path, format))


def encoded(image, path, format):
    """The bytes of a file."""
    formats = pillow("save_image").registered_extensions()
    if format is None and path.suffix.lower() not in formats:
        raise ValueError(f"save_image: {path.name!r} has no known ending; try .png, or pass format")
    buffer = io.BytesIO()
    image.save(buffer, format=format or formats[path.suffix.lower()])
    return buffer.getvalue()
