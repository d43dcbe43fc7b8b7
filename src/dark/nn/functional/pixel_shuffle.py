"""Pixels taken out of channels, and put back: larger pictures without any arithmetic."""  # dark-6

import operator

from ...tensor import check_tensor


def pixel_shuffle(input, upscale_factor):
    """Make pictures `upscale_factor` times as high and wide: (…, C·r², H, W) gives (…, C, H·r, W·r).

    Every r² channels that follow each other become one: their numbers are the r x r pixels at a place.
    The paper: Shi et al. (2016), "Real-Time Single Image and Video Super-Resolution Using an Efficient
    Sub-Pixel Convolutional Neural Network".
    """
    *batch, channels, height, width = checked("pixel_shuffle", input)
    r = factor("pixel_shuffle", "upscale_factor", upscale_factor)
    if channels % r**2:
        raise RuntimeError(
            f"pixel_shuffle: {channels} channels are no multiple of {r}·{r} (input {tuple(input.shape)})"
        )
    apart = input.reshape((*batch, channels // r**2, r, r, height, width))
    n = len(batch)  # the channels' dimension; behind it the pixel's row, its column, H and W
    placed = apart.permute((*range(n + 1), n + 3, n + 1, n + 4, n + 2))
    return placed.reshape((*batch, channels // r**2, height * r, width * r))


def pixel_unshuffle(input, downscale_factor):
    """The opposite of `pixel_shuffle`: (…, C, H·r, W·r) gives (…, C·r², H, W)."""
    *batch, channels, height, width = checked("pixel_unshuffle", input)
    r = factor("pixel_unshuffle", "downscale_factor", downscale_factor)
    if height % r or width % r:
        raise RuntimeError(
            f"pixel_unshuffle: {height} x {width} pixels can't be divided into squares of {r} x {r} "
            f"(input {tuple(input.shape)})"
        )
    apart = input.reshape((*batch, channels, height // r, r, width // r, r))
    n = len(batch)
    taken = apart.permute((*range(n + 1), n + 2, n + 4, n + 1, n + 3))
    return taken.reshape((*batch, channels * r**2, height // r, width // r))


def channel_shuffle(input, groups):  # beyond
    """Mix channels that stand in groups: the first of every group, then the second, and so on.

    Shapes: input and result (N, C, *), where `groups` divides C. Zhang et al., ShuffleNet (2018).
    """
    check_tensor("channel_shuffle", input)
    shape = tuple(input.shape)
    if input.ndim < 3:
        raise RuntimeError(f"channel_shuffle: expected an input (N, C, *), of 3 dimensions, not {shape}")
    if groups < 1 or shape[1] % groups:
        raise RuntimeError(f"channel_shuffle: {shape[1]} channels can't be cut into {groups} groups")
    apart = input.reshape((shape[0], groups, shape[1] // groups, *shape[2:]))
    return apart.transpose(1, 2).reshape(shape)


def checked(name, input):
    """The shape of pictures."""
    check_tensor(name, input)
    if input.ndim < 3:
        raise RuntimeError(
            f"{name}: expected an input (…, C, H, W) of at least 3 dimensions, not {tuple(input.shape)}"
        )
    return input.shape


def factor(name, option, value):
    """How many times as large, as a positive integer."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name}: {option} is an integer, not {value!r}")
    if value < 1:
        raise RuntimeError(f"{name}: {option} is at least 1, not {value}")
    return operator.index(value)
