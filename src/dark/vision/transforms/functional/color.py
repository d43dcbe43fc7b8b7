"""Functions that change colors and leave every pixel in its place.

Images are uint8, 0…255, or floating-point, 0…1. uint8 is computed in float32 and cut to whole numbers, as
torchvision does.
"""

from __future__ import annotations

import numpy as np

from ....ops.in_place import write  # beyond
from ....tensor import Tensor
from .inputs import (
    colors,
    like,
    numbers,  # beyond
)

RED, GREEN, BLUE = 0.2989, 0.587, 0.114  # how bright the eye sees them  # beyond


def rgb_to_grayscale(inpt, num_output_channels: int = 1):  # beyond
    """The brightness of an image with 1 or 3 channels, in one channel or three equal ones."""
    if num_output_channels not in (1, 3):
        raise ValueError(f"rgb_to_grayscale: num_output_channels is 1 or 3, not {num_output_channels!r}")
    image = colors("rgb_to_grayscale", inpt)
    gray = image if image.shape[-3] == 1 else brightness_of(image).astype(image.dtype)
    return like(np.repeat(gray, num_output_channels, axis=-3), inpt)


to_grayscale = rgb_to_grayscale  # beyond


def brightness_of(image):  # beyond
    """(..., 1, H, W), floating-point."""
    red, green, blue = (x.astype(working_type(image)) for x in np.moveaxis(image, -3, 0))
    return np.expand_dims(red * RED + green * GREEN + blue * BLUE, -3)


def working_type(image):  # beyond
    """The type to compute in."""
    return image.dtype if image.dtype.kind == "f" else np.dtype(np.float32)


def limited(values, dtype):  # beyond
    """Pixels kept between black and white, in their type again."""
    return np.clip(values, 0, 255 if dtype.kind == "u" else 1).astype(dtype)


def blended(image, other, factor):  # beyond
    """`factor` of the image and the rest of the other: 1 changes nothing, 2 goes away from the other."""
    return limited(image.astype(working_type(image)) * factor + other * (1 - factor), image.dtype)


def factor_of(name, what, value):  # beyond
    """A factor, checked."""
    if numbers(name, what, value, (1,))[0] < 0:
        raise ValueError(f"{name}: {what} must not be negative, got {value}")
    return float(value)


def adjust_brightness(inpt, brightness_factor: float):  # beyond
    """Multiply by `brightness_factor`: 0 is black, 1 the image."""
    factor = factor_of("adjust_brightness", "brightness_factor", brightness_factor)
    image = colors("adjust_brightness", inpt)
    return like(limited(image.astype(working_type(image)) * factor, image.dtype), inpt)


def adjust_contrast(inpt, contrast_factor: float):  # beyond
    """Blend with the image's mean brightness: 0 is even gray, 1 the image."""
    factor = factor_of("adjust_contrast", "contrast_factor", contrast_factor)
    image = colors("adjust_contrast", inpt)
    gray = image if image.shape[-3] == 1 else whole(brightness_of(image), image.dtype)
    mean = gray.mean((-3, -2, -1), dtype=working_type(image), keepdims=True)
    return like(blended(image, mean, factor), inpt)


def adjust_saturation(inpt, saturation_factor: float):  # beyond
    """Blend with the gray image: 0 has no colors, 1 is the image, 2 has strong ones."""
    factor = factor_of("adjust_saturation", "saturation_factor", saturation_factor)
    image = colors("adjust_saturation", inpt)
    if image.shape[-3] == 1:
        return inpt
    return like(blended(image, whole(brightness_of(image), image.dtype), factor), inpt)


def whole(values, dtype):  # beyond
    """Rounded down where the image is of whole numbers."""
    return values if dtype.kind == "f" else np.floor(values)


def adjust_hue(inpt, hue_factor: float):  # beyond
    """Turn the wheel of colors by `hue_factor`, -0.5 to 0.5; a gray image stays as it is."""
    if not -0.5 <= numbers("adjust_hue", "hue_factor", hue_factor, (1,))[0] <= 0.5:
        raise ValueError(f"adjust_hue: hue_factor is from -0.5 to 0.5, not {hue_factor}")
    image = colors("adjust_hue", inpt)
    if image.shape[-3] == 1:
        return inpt
    is_uint8 = image.dtype.kind == "u"
    hue, saturation, value = hsv(image.astype(np.float32) * np.float32(1 / 255 if is_uint8 else 1))
    result = rgb((hue + np.float32(hue_factor)) % 1, saturation, value)
    if is_uint8:
        result *= 255.999  # which gives every whole number an equal share of 0…1
    return like(result.astype(image.dtype), inpt)


def hsv(image):  # beyond
    """Hue (0…1), saturation and value of every pixel, (..., H, W). (Smith, Color gamut transforms, 1978.)"""
    red, green, blue = np.moveaxis(image, -3, 0)
    value, low = image.max(-3), image.min(-3)
    span = value - low
    gray = span == 0
    saturation = span / np.where(gray, 1, value)
    divisor = np.where(gray, 1, span)
    r, g, b = ((value - x) / divisor for x in (red, green, blue))  # how much of each is missing
    sixths = np.where(value == red, b - g, np.where(value == green, 2 + r - b, 4 + g - r))
    return np.fmod(sixths / 6 + 1, 1).astype(image.dtype), saturation, value


def rgb(hue, saturation, value):  # beyond
    """The image (..., 3, H, W) of these three."""
    sixths = hue * 6
    sector = np.floor(sixths)
    part = sixths - sector
    low = np.clip((1 - saturation) * value, 0, 1)
    falling = np.clip((1 - saturation * part) * value, 0, 1)
    rising = np.clip((1 - saturation * (1 - part)) * value, 0, 1)
    sector = sector.astype(np.int64) % 6
    red = np.choose(sector, [value, falling, low, low, rising, value])
    green = np.choose(sector, [rising, value, value, falling, low, low])
    blue = np.choose(sector, [low, low, rising, value, value, falling])
    return np.stack([red, green, blue], axis=-3)


def normalize(inpt: Tensor, mean, std, inplace: bool = False) -> Tensor:
    """(image - mean) / std, with one number for each channel; the image is floating-point."""
    image = colors("normalize", inpt, channels=None)
    if image.dtype.kind != "f":
        raise TypeError(f"normalize: expected a floating-point image, got {inpt.dtype}; ToTensor() makes one")
    mean, std = channelwise("mean", mean, image), channelwise("std", std, image)
    if not std.all():
        raise ValueError("normalize: std must not be 0")
    if inplace:
        return inpt.sub_(mean).div_(std)
    return like((image - mean) / std, inpt)


def channelwise(what, values, image):
    """One number for each channel, as an array (C, 1, 1) of the image's type."""
    array = np.asarray(values, dtype=image.dtype).reshape(-1, 1, 1)
    if len(array) not in (1, image.shape[-3]):
        channels = image.shape[-3]
        raise ValueError(f"normalize: {what} has {len(array)} numbers, and the image {channels} channels")
    return array


def gaussian_blur(inpt, kernel_size, sigma=None):  # beyond
    """Every pixel becomes the mean of those around it, by a bell curve of deviation `sigma`.

    `kernel_size` and `sigma` are one number or (x, y), the sizes odd; `sigma` is 0.15 kernel_size + 0.35
    unless given. At its edges the image is mirrored.
    """
    sizes = numbers("gaussian_blur", "kernel_size", kernel_size, (1, 2))
    if not all(n == int(n) and n > 0 and n % 2 == 1 for n in sizes):
        raise ValueError(f"gaussian_blur: kernel_size must be odd and positive, got {kernel_size!r}")
    sigmas = [0.15 * n + 0.35 for n in sizes]
    if sigma is not None:
        sigmas = numbers("gaussian_blur", "sigma", sigma, (1, 2))
    if not all(s > 0 for s in sigmas):
        raise ValueError(f"gaussian_blur: sigma must be positive, got {sigma!r}")

    image = colors("gaussian_blur", inpt, channels=None)
    result = image.astype(working_type(image))
    for axis, i in ((-1, 0), (-2, -1)):  # along x, and along y
        size = int(sizes[i])
        reach = size // 2
        if reach >= image.shape[axis]:
            raise ValueError(
                f"gaussian_blur: kernel_size {kernel_size} is too large for an image of shape {image.shape}: "
                f"{reach} pixels are mirrored at the edge, and {image.shape[axis]} are there"
            )
        widths = [(0, 0)] * image.ndim
        widths[axis] = (reach, reach)
        mirrored = np.pad(result, widths, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(mirrored, size, axis)  # (..., H, W, size)
        result = windows @ bell_curve(size, sigmas[i]).astype(result.dtype)
    return like(result if image.dtype.kind == "f" else np.rint(result).astype(image.dtype), inpt)


def bell_curve(size, sigma):  # beyond
    """`size` weights of the normal distribution, made to sum to 1."""
    x = np.arange(size) - size // 2
    w = np.exp(-(x**2) / (2 * sigma**2))
    return w / w.sum()


def erase(inpt, i: int, j: int, h: int, w: int, v, inplace: bool = False):  # beyond
    """The image with `v`, a color or pixels (C, h, w), in rows i to i + h and columns j to j + w."""
    image = colors("erase", inpt, channels=None)
    result = inpt if inplace else like(image.copy(), inpt)
    return write("erase", result, v, (..., slice(i, i + h), slice(j, j + w)))
