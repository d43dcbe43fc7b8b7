"""Compiled pooling: the reference's numbers and taps, whatever the shapes."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import random_array
from dark.kernels import reference
from dark.kernels.reference.windows import positions
from dark.nn import functional as F

cpu = pytest.importorskip("dark.kernels.cpu", reason="Numba is not installed: there is nothing to compare")

# name: shape of the pictures, kernel, stride, padding, dilation, windows more than fit (those of ceil_mode)
WINDOWS = {
    "side by side": ((3, 5, 8, 6), (2, 2), (2, 2), (0, 0), (1, 1), (0, 0)),
    "one channel": ((2, 1, 9, 8), (2, 3), (2, 3), (0, 0), (1, 1), (0, 0)),
    "many channels": ((2, 133, 5, 4), (2, 2), (2, 2), (0, 0), (1, 1), (0, 0)),
    "overlapping": ((3, 17, 9, 7), (3, 3), (2, 2), (1, 1), (1, 1), (0, 0)),
    "stride 1": ((2, 4, 6, 7), (3, 2), (1, 1), (1, 0), (1, 1), (0, 0)),
    "far apart": ((2, 4, 11, 10), (2, 2), (3, 4), (0, 1), (1, 1), (0, 0)),
    "beyond the padding": ((2, 3, 7, 8), (3, 3), (2, 3), (1, 0), (1, 1), (0, 1)),
    "beyond the picture": ((2, 3, 6, 5), (3, 2), (2, 2), (0, 0), (1, 1), (1, 1)),
    "dilated": ((2, 5, 9, 10), (3, 2), (2, 1), (1, 1), (2, 3), (0, 0)),
    "dilated around a single pixel": ((2, 3, 1, 1), (2, 2), (1, 1), (1, 1), (2, 2), (0, 0)),
    "the whole picture": ((5, 3, 4, 6), (4, 6), (4, 6), (0, 0), (1, 1), (0, 0)),
    "more than 256 taps": ((2, 3, 17, 18), (17, 16), (1, 1), (0, 0), (1, 1), (0, 0)),
    "single pixels": ((2, 3, 4, 5), (1, 1), (2, 1), (0, 0), (1, 1), (0, 0)),
    "a batch of one": ((1, 6, 7, 6), (3, 3), (2, 2), (1, 1), (1, 1), (0, 0)),
    "no picture": ((0, 3, 6, 5), (2, 2), (2, 2), (1, 1), (1, 1), (0, 0)),
    "one row": ((3, 4, 1, 20), (1, 3), (1, 2), (0, 1), (1, 1), (0, 0)),
}
LAYOUTS = {
    "in order": lambda x: x,
    "channels last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "with gaps": lambda x: np.repeat(x, 2, axis=3)[..., ::2],
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
}
each_window = pytest.mark.parametrize("name", WINDOWS)


def few_numbers(shape, dtype="float32", seed=0):
    """Pictures with many equal pixels, some of them infinite."""
    x = random_array(shape, dtype, seed=seed).round()
    x[x == 2] = np.inf
    x[x == -2] = -np.inf
    return x


def maxima(kernels, name, x, layout=lambda x: x):
    """All that there is to max_pool2d: largest pixels, taps, gradient of the input, and what the taps see."""
    shape, *frame, more = WINDOWS[name]
    places = tuple(np.add(positions(shape[2:], *frame), more).tolist())
    y, taps = kernels.max_pool2d(layout(x), *frame, places)
    g = layout(random_array(y.shape, x.dtype, seed=1))
    taps = layout(taps) if taps.size else taps
    gradient = kernels.max_pool2d_input(g, taps, shape[2:], *frame)
    return y, taps, gradient, kernels.max_pool2d_picked(layout(x), taps, *frame)


def means(kernels, name, x, layout=lambda x: x):
    """Both kernels of avg_pool2d."""
    shape, kernel, stride, padding, _, more = WINDOWS[name]
    places = tuple(np.add(positions(shape[2:], kernel, stride, padding, (1, 1)), more).tolist())
    divisors = random_array(places, x.dtype, low=1, high=4)
    y = kernels.avg_pool2d(layout(x), divisors, kernel, stride, padding)
    g = layout(random_array(y.shape, x.dtype, seed=1))
    return y, kernels.avg_pool2d_input(g, divisors, shape[2:], kernel, stride, padding)


@each_window
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_compiled_pooling_equals_the_reference(name, dtype):
    for x in (random_array(WINDOWS[name][0], dtype), few_numbers(WINDOWS[name][0], dtype)):
        for ours, expected in zip(maxima(cpu, name, x), maxima(reference, name, x)):
            assert ours.dtype == expected.dtype
            np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-6)
    x = random_array(WINDOWS[name][0], dtype)
    for ours, expected in zip(means(cpu, name, x), means(reference, name, x)):
        assert ours.dtype == expected.dtype
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)


@each_window
def test_the_reference_takes_the_largest_pixel_of_each_window_and_gives_it_the_gradient(name):
    x = few_numbers(WINDOWS[name][0], "float64")
    (height, width), kernel, stride, padding, dilation, _ = x.shape[2:], *WINDOWS[name][1:]
    y, taps, gradient, picked = maxima(reference, name, x)
    g, expected = random_array(y.shape, "float64", seed=1), np.zeros_like(x)
    for n, c, down, across in np.ndindex(*y.shape):
        seen = {}
        for i, j in np.ndindex(*kernel):
            row = down * stride[0] + i * dilation[0] - padding[0]
            column = across * stride[1] + j * dilation[1] - padding[1]
            if 0 <= row < height and 0 <= column < width:
                seen[i * kernel[1] + j] = row, column
        if seen:
            tap = max(seen, key=lambda tap: x[n, c, *seen[tap]])  # the first of equal ones
            assert taps[n, c, down, across] == tap
            assert y[n, c, down, across] == picked[n, c, down, across] == x[n, c, *seen[tap]]
            expected[n, c, *seen[tap]] += g[n, c, down, across]
        else:
            assert (y[n, c, down, across], picked[n, c, down, across]) == (-np.inf, 0)
    np.testing.assert_allclose(gradient, expected, atol=1e-12)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["side by side", "overlapping", "dilated", "more than 256 taps"])
def test_any_memory_layout_will_do(name, layout):
    x = random_array(WINDOWS[name][0])
    for function in (maxima, means):
        for ours, expected in zip(function(cpu, name, x, LAYOUTS[layout]), function(reference, name, x)):
            np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["side by side", "overlapping", "beyond the padding"])
def test_nan_is_the_largest_and_of_several_the_last_one_is_taken(name):
    x = random_array(WINDOWS[name][0])
    x[random_array(x.shape, seed=2) > 1] = np.nan
    for ours, expected in zip(maxima(cpu, name, x), maxima(reference, name, x)):
        np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-6)
    assert np.isnan(maxima(cpu, name, x)[0]).any()


def test_results_are_channels_last_in_memory_and_taps_are_bytes():
    x = random_array((2, 16, 8, 8))
    y, taps, gradient, _ = maxima(cpu, "side by side", x[:, :5, :, :6])
    for result in (y, taps, gradient, *means(cpu, "side by side", x[:, :5, :, :6])):
        assert result.transpose(0, 2, 3, 1).flags.c_contiguous
    assert taps.dtype == np.uint8


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's of float16's limits
@pytest.mark.parametrize("dtype", ["float16", "int64", "uint8"])
def test_other_types_are_the_references(dtype):
    x = random_array((2, 3, 7, 9), dtype)
    frame = ((3, 3), (2, 2), (1, 1), (1, 1))
    for ours, expected in zip(cpu.max_pool2d(x, *frame, (4, 5)), reference.max_pool2d(x, *frame, (4, 5))):
        assert ours.dtype == expected.dtype
        np.testing.assert_array_equal(ours, expected)
    divisors = np.full((4, 5), 9, dtype)
    y = cpu.avg_pool2d(x, divisors, *frame[:3])
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, reference.avg_pool2d(x, divisors, *frame[:3]))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same(threads):
    x, before = random_array(WINDOWS["overlapping"][0]), dark.get_num_threads()
    expected = [*maxima(reference, "overlapping", x), *means(reference, "overlapping", x)]
    try:
        dark.set_num_threads(threads)
        for ours, theirs in zip([*maxima(cpu, "overlapping", x), *means(cpu, "overlapping", x)], expected):
            np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    finally:
        dark.set_num_threads(before)


def recording(called, kernels, name):
    """The kernel, which first notes that it was called, and where."""
    kernel = getattr(kernels, name)

    def call(*args):
        called.append((kernels.__name__, name))
        return kernel(*args)

    return call


def test_large_pictures_are_pooled_by_the_compiled_kernels_and_small_ones_are_not(monkeypatch):
    called, names = [], ["max_pool2d", "avg_pool2d", "avg_pool2d_input", "max_pool2d_input"]
    for kernels in (cpu, reference):
        for name in names:
            monkeypatch.setattr(kernels, name, recording(called, kernels, name))
    for size, kernels in ((4, reference), (64, cpu)):
        x = dark.rand(2, 16, size, size, requires_grad=True)
        F.avg_pool2d(F.max_pool2d(x, 2, 1), 2, 1).sum().backward()
        assert called == [(kernels.__name__, name) for name in names]
        called.clear()
