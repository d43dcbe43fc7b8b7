"""Compiled resizing: the reference's numbers to the last bit, whatever the links."""  # dark-6

import numpy as np
import pytest

import dark
from against_torch import random_array
from dark.kernels import reference
from dark.nn import functional as F

cpu = pytest.importorskip("dark.kernels.cpu", reason="Numba is not installed: there is nothing to compare")


def repeated(length, count):
    """Links of every place to one source."""
    return np.arange(count), np.arange(count) * length // count, np.ones(count)


def mixed(length, count):
    """Links of every place to one, two or three sources, of any weights, in no order."""
    place = np.repeat(np.arange(count), 1 + np.arange(count) % 3)
    source = (place * 7 + np.arange(len(place))) % length
    order = np.random.default_rng(count).permutation(len(place))
    return place[order], source[order], random_array((len(place),), "float64")[order]


def few(length, count):
    """Links of every third place; to the others nothing is added."""
    place = np.arange(0, count, 3)
    return place, place % length, random_array(place.shape, "float64")


# name: shape of the pictures, size of the result, links of its rows, links of its columns
RESIZED = {
    "doubled": ((3, 5, 4, 6), (8, 12), repeated, repeated),
    "smaller": ((2, 7, 9, 8), (4, 3), repeated, repeated),
    "mixed": ((3, 17, 5, 6), (11, 9), mixed, mixed),
    "mixed to fewer": ((2, 3, 11, 10), (3, 4), mixed, mixed),
    "nothing in some places": ((2, 4, 5, 6), (7, 8), few, few),
    "one channel": ((2, 1, 7, 6), (5, 13), mixed, repeated),
    "many channels": ((2, 133, 3, 4), (6, 5), repeated, mixed),
    "one row": ((3, 4, 1, 20), (1, 33), repeated, mixed),
    "one pixel": ((3, 4, 1, 1), (3, 2), mixed, mixed),
    "a batch of one": ((1, 6, 7, 6), (14, 12), mixed, mixed),
    "no picture": ((0, 3, 6, 5), (3, 4), mixed, mixed),
}
LAYOUTS = {
    "in order": lambda x: x,
    "channels last": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "with gaps": lambda x: np.repeat(x, 2, axis=3)[..., ::2],
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
}


def both_ways(kernels, name, dtype="float32", layout=lambda x: x):
    """The resized pictures, and the gradient that comes back."""
    shape, size, rows, columns = RESIZED[name]
    links = [
        (place, source, weight.astype(dtype))
        for place, source, weight in (rows(shape[2], size[0]), columns(shape[3], size[1]))
    ]
    y = kernels.resize2d(layout(random_array(shape, dtype)), *links, size)
    back = [(source, place, weight) for place, source, weight in links]
    g = random_array((*shape[:2], *size), dtype, seed=1)
    return y, kernels.resize2d(layout(g), *back, shape[2:])


@pytest.mark.parametrize("name", RESIZED)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_compiled_resizing_equals_the_reference_to_the_last_bit(name, dtype):
    for ours, expected in zip(both_ways(cpu, name, dtype), both_ways(reference, name, dtype)):
        assert ours.dtype == expected.dtype == dtype
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("name", RESIZED)
def test_the_reference_is_a_matrix_for_the_rows_and_one_for_the_columns(name):
    shape, size, rows, columns = RESIZED[name]
    matrices = []
    for links, length, count in ((rows, shape[2], size[0]), (columns, shape[3], size[1])):
        matrix = np.zeros((count, length))
        for place, source, weight in zip(*links(length, count)):
            matrix[place, source] += weight
        matrices.append(matrix)
    down, across = matrices
    y, back = both_ways(reference, name, "float64")
    g = random_array(y.shape, "float64", seed=1)
    np.testing.assert_allclose(y, down @ random_array(shape, "float64") @ across.T, atol=1e-12)
    np.testing.assert_allclose(back, down.T @ g @ across, atol=1e-12)  # transposed: the adjoint


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["doubled", "mixed", "one channel"])
def test_any_memory_layout_will_do(name, layout):
    for ours, expected in zip(both_ways(cpu, name, layout=LAYOUTS[layout]), both_ways(reference, name)):
        np.testing.assert_array_equal(ours, expected)


def test_results_are_channels_last_in_memory():
    for result in both_ways(cpu, "mixed"):
        assert result.transpose(0, 2, 3, 1).flags.c_contiguous


@pytest.mark.parametrize("dtype", ["float16", "uint8"])
def test_other_types_are_the_references(dtype):
    for ours, expected in zip(both_ways(cpu, "doubled", dtype), both_ways(reference, "doubled", dtype)):
        assert ours.dtype == dtype
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same(threads):
    before = dark.get_num_threads()
    try:
        dark.set_num_threads(threads)
        for ours, expected in zip(both_ways(cpu, "mixed"), both_ways(reference, "mixed")):
            np.testing.assert_array_equal(ours, expected)
    finally:
        dark.set_num_threads(before)


def recording(called, kernels):
    """The kernel, which first notes where it was called."""
    kernel = kernels.resize2d

    def call(*args):
        called.append(kernels.__name__)
        return kernel(*args)

    return call


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_large_pictures_are_resized_by_the_compiled_kernel_and_small_ones_are_not(monkeypatch, mode):
    called = []
    for kernels in (cpu, reference):
        monkeypatch.setattr(kernels, "resize2d", recording(called, kernels))
    for size, kernels in ((4, reference), (64, cpu)):
        x = dark.rand(1, 16, size, size, requires_grad=True)
        F.interpolate(x, scale_factor=2, mode=mode).sum().backward()
        assert called == [kernels.__name__] * 2
        called.clear()
