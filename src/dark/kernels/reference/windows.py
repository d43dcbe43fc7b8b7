"""All windows of pictures that a small frame sees as it slides, and their sum back into pictures.

Convolution and pooling compute something of every window; their gradients add it back to the pixels.
Sizes are pairs (vertical, horizontal): `kernel` (kh, kw) counts the taps of the frame, `dilation` is the
distance from one tap to the next, `stride` that from one position of the frame to the next, and `padding`
counts the pixels put on either side of the picture. There are (oh, ow) positions.
"""  # dark-5

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def positions(size, kernel, stride, padding, dilation):
    """In how many places (oh, ow) a frame fits into a picture of `size` (H, W); below 1, it is too large."""
    return tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size, kernel, stride, padding, dilation)
    )


def windows(x, kernel, stride, padding, dilation, value=0):
    """Every window of x (N, C, H, W), as (N, C, kh, kw, oh, ow): what each tap sees at each position.

    Element [..., i, j, down, across] is the pixel in row down * stride + i * dilation, and the column
    likewise, of the picture after padding with `value`. Nothing is copied but by the padding: the result
    is a read-only view, in which windows that overlap share their pixels. NumPy's `sliding_window_view`
    works out its strides, and hands arrays of other kinds to their own function of that name.
    """
    x = padded(x, padding, value)
    (kh, kw), (sh, sw), (dh, dw) = kernel, stride, dilation
    span = (dh * (kh - 1) + 1, dw * (kw - 1) + 1)
    seen = sliding_window_view(x, span, axis=(2, 3))  # (N, C, rows, columns, *span)
    return seen[:, :, ::sh, ::sw, ::dh, ::dw].transpose(0, 1, 4, 5, 2, 3)


def added_windows(w, size, stride, padding, dilation):
    """The sum of all windows w (N, C, kh, kw, oh, ow), each at its place: (N, C, H, W) with (H, W) = `size`.

    The adjoint of `windows`: it carries a gradient of the windows back to the pixels. Windows overlap, so
    one assignment can't add them all. But the pixels that one tap (i, j) sees from all positions of the
    frame are different ones, `stride` apart: a strided slice. So kh * kw additions of whole arrays do it,
    however large the pictures. What falls on the padding is dropped; a pixel that no window sees is 0.
    """
    n, c, kh, kw, oh, ow = w.shape
    (height, width), (sh, sw), (ph, pw), (dh, dw) = size, stride, padding, dilation
    total = np.zeros_like(w, shape=(n, c, height + 2 * ph, width + 2 * pw))
    for i in range(kh):
        for j in range(kw):
            top, left = i * dh, j * dw
            total[:, :, top : top + oh * sh : sh, left : left + ow * sw : sw] += w[:, :, i, j]
    if ph == pw == 0:
        return total
    return total[:, :, ph : ph + height, pw : pw + width].copy()  # lets go of the padding's memory


def padded(x, padding, value=0):
    """x (N, C, H, W) with so many rows and columns of `value` on either side; x itself if there are none."""
    ph, pw = padding
    if ph == pw == 0:
        return x
    n, c, height, width = x.shape
    wide = np.full_like(x, value, shape=(n, c, height + 2 * ph, width + 2 * pw))
    wide[:, :, ph : ph + height, pw : pw + width] = x
    return wide
