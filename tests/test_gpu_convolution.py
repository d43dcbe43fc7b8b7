"""Convolution and products of matrices on a card: each way gives the reference's numbers."""  # beyond

import importlib.util
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import standin
import standin_tile
from against_torch import random_array
from dark import backends
from dark.kernels import reference
from test_kernels_convolution import LAYERS as LAYERS_OF_CPU
from test_kernels_convolution import error

HAS_CUTILE = importlib.util.find_spec("cuda") and importlib.util.find_spec("cuda.tile")
cupy = sys.modules.get("cupy") or standin.install()
ON_STANDIN = getattr(cupy, "is_standin", False)
if ON_STANDIN:
    standin_tile.install()

from dark.kernels.gpu import convolution, im2col, products  # noqa: E402

if HAS_TILES := ON_STANDIN or HAS_CUTILE:
    from dark.kernels.gpu import tile

# name: shape of the pictures, shape of the weight, stride, padding, dilation, groups
LAYERS = {name: layer for name, layer in LAYERS_OF_CPU.items() if np.prod(layer[0]) < 30_000} | {
    "stride 2, kernel 4": ((3, 20, 8, 6), (17, 20, 4, 4), (2, 2), (1, 1), (1, 1), 1),
    "a frame that skips pixels": ((2, 5, 9, 8), (3, 5, 1, 2), (3, 2), (1, 0), (1, 1), 1),
    "stride down, dilation across": ((2, 5, 9, 12), (3, 5, 3, 3), (2, 1), (1, 2), (1, 2), 1),
    "more channels than a tile has": ((2, 150, 5, 4), (140, 150, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "more places than a tile has": ((5, 4, 19, 21), (6, 4, 3, 3), (1, 1), (1, 1), (1, 1), 1),
}
LAYOUTS = {
    "in order": lambda x: x,
    "channels last": lambda x: cupy.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "with gaps": lambda x: cupy.repeat(x, 2, axis=3)[..., ::2],
}
TOLERANCE = {"float16": 2e-3, "float32": 2e-5, "float64": 1e-13}
each_layer = pytest.mark.parametrize("name", LAYERS)
needs_tiles = pytest.mark.skipif(not HAS_TILES, reason="cuda-tile is not installed")
each_engine = pytest.mark.parametrize("engine", ["im2col", pytest.param("tile", marks=needs_tiles)])


@pytest.fixture(autouse=True)
def defaults(monkeypatch):
    """How layers are computed where nobody chooses."""
    monkeypatch.setattr(backends.cudnn, "allow_tf32", True)
    monkeypatch.setattr(convolution, "engine", "auto")


def arrays(name, dtype):
    """Pictures, weights, biases and the result's gradient for a layer, in numbers that TF32 has too."""
    shape, weight_shape, *_ = LAYERS[name]
    given = [random_array(s, "float64") for s in (shape, weight_shape, weight_shape[:1])]
    given.append(random_array(reference.conv2d(*given, *LAYERS[name][2:]).shape, "float64"))
    return [standin_tile.rounded(a.astype("float32")).astype(dtype) for a in given]


def everything(kernels, name, x, weight, bias, g):
    """The result, the gradient of the input and that of the weight."""
    options = LAYERS[name][2:]
    return (
        kernels.conv2d(x, weight, bias, *options),
        kernels.conv2d_input(g, weight, x.shape[2:], *options),
        kernels.conv2d_weight(g, x, weight.shape[2:], *options),
    )


def on_card(name, given, layout="in order"):
    """The same, computed on the card."""
    x, weight, bias, g = map(cupy.asarray, given)
    return everything(convolution, name, *map(LAYOUTS[layout], (x, weight)), bias, LAYOUTS[layout](g))


def check(name, dtype):
    """A layer's numbers on the card are the reference's."""
    given = arrays(name, dtype)
    exact = everything(reference, name, *(a.astype("float64") for a in given))
    for found, right in zip(on_card(name, given), exact):
        assert found.dtype == dtype
        assert error(found.get().astype("float64"), right) < TOLERANCE[dtype]


@pytest.mark.parametrize("dtype", TOLERANCE)
@each_layer
def test_layers_by_way_of_a_matrix_of_windows(name, dtype, monkeypatch):
    monkeypatch.setattr(convolution, "engine", "im2col")
    check(name, dtype)


@needs_tiles
@pytest.mark.parametrize("dtype", ["float16", "float32"])
@each_layer
def test_layers_by_tiles(name, dtype, monkeypatch):
    monkeypatch.setattr(convolution, "engine", "tile")
    _, weight_shape, stride, padding, dilation, groups = LAYERS[name]
    plain = groups == 1 and not convolution.is_product(weight_shape[2:], (stride, padding, dilation))
    if plain and any(s > 1 and d > 1 for s, d in zip(stride, dilation)):
        with pytest.raises(ValueError, match="for a stride or a dilation"):
            check(name, dtype)
    else:
        check(name, dtype)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["stride 2, kernel 4", "1x1 with stride", "1x1", "depthwise", "groups"])
@each_engine
def test_the_order_in_memory_changes_nothing(name, layout, engine, monkeypatch):
    monkeypatch.setattr(convolution, "engine", engine)
    given = arrays(name, "float32")
    for found, right in zip(on_card(name, given, layout), on_card(name, given)):
        np.testing.assert_array_equal(found.get(), right.get())


@pytest.mark.parametrize("name", ["stride 2, kernel 4", "few channels", "depthwise", "1x1"])
@each_engine
def test_results_lie_in_memory_as_the_next_layer_wants_them(name, engine, monkeypatch):
    monkeypatch.setattr(convolution, "engine", engine)
    y, x_gradient, weight_gradient = on_card(name, arrays(name, "float32"))
    for pictures in (y, x_gradient):
        assert pictures.transpose(0, 2, 3, 1).flags.c_contiguous
    assert convolution.taps_first(weight_gradient).data.ptr == weight_gradient.data.ptr  # not copied


@each_engine
def test_without_a_bias_and_without_a_picture(engine, monkeypatch):
    monkeypatch.setattr(convolution, "engine", engine)
    x, weight, bias, g = map(cupy.asarray, arrays("few channels", "float32"))
    options = LAYERS["few channels"][2:]
    without, zero = (convolution.conv2d(x, weight, b, *options) for b in (None, 0 * bias))
    np.testing.assert_array_equal(without.get(), zero.get())
    y, x_gradient, weight_gradient = everything(convolution, "few channels", x[:0], weight, bias, g[:0])
    assert (y.shape, x_gradient.shape, weight_gradient.shape) == (g[:0].shape, x[:0].shape, weight.shape)
    assert not weight_gradient.get().any()


@pytest.mark.parametrize("name", ["few channels", "all sizes uneven", "depthwise", "1x1"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@each_engine
def test_nan_and_infinity_reach_what_depends_on_them(name, value, engine, monkeypatch):
    monkeypatch.setattr(convolution, "engine", engine)
    given = arrays(name, "float32")
    given[0][0, 0, 3, 3], given[3][0, 0, 1, 1] = value, value
    with np.errstate(invalid="ignore"):
        found = [np.isfinite(numbers.get()) for numbers in on_card(name, given)]
        right = [np.isfinite(numbers) for numbers in everything(reference, name, *given)]
    assert not any(finite.all() for finite in right)
    if engine == "tile":  # `correlate` says why
        assert not (found[2] & ~right[2]).any()
        found[2] = right[2]
    for ours, expected in zip(found, right):
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize("name", ["more places than a tile has", "depthwise"])
@each_engine
def test_twice_the_same_to_the_last_bit(name, engine, monkeypatch):
    monkeypatch.setattr(convolution, "engine", engine)
    given = arrays(name, "float32")
    for first, second in zip(on_card(name, given), on_card(name, given)):
        np.testing.assert_array_equal(first.get(), second.get())


def test_windows_are_copied_for_as_many_pictures_as_there_is_memory_for(monkeypatch):
    monkeypatch.setattr(convolution, "engine", "im2col")
    name = "stride 2, kernel 4"
    given = arrays(name, "float32")
    expected = [found.get() for found in on_card(name, given)]
    sizes = []

    def windows(*given, windows=im2col.windows):
        seen = windows(*given)
        sizes.append(seen.nbytes)
        return seen

    monkeypatch.setattr(im2col, "windows", windows)
    one = 4 * (4 * 3) * (20 * 4 * 4)  # bytes of the windows of a picture: 12 places, 20 channels, 16 taps
    for memory, times in {3 * one: 1, 3 * one - 1: 2, one: 3, one - 1: 6, one // 4: 12, 1: 12}.items():
        monkeypatch.setattr(im2col, "MEMORY", memory)
        sizes.clear()
        for found, right in zip(on_card(name, given), expected):
            assert error(found.get(), right) < 1e-6
        assert len(sizes) == 2 * times  # for the result, and for the gradient of the weight
        assert max(sizes) <= max(memory, one // 4)  # a line at least


def test_matrices_of_pixels_are_not_copied(monkeypatch):
    monkeypatch.setattr(convolution, "engine", "im2col")
    monkeypatch.setattr(im2col, "windows", None)
    x, weight, _, g = map(cupy.asarray, arrays("1x1", "float32"))
    taken = []
    monkeypatch.setattr(cupy, "dot", lambda a, b, out=None, dot=cupy.dot: taken.append(a) or dot(a, b, out))
    x = LAYOUTS["channels last"](x)
    convolution.conv2d(x, weight, None, *LAYERS["1x1"][2:])
    convolution.conv2d_weight(g, x, (1, 1), *LAYERS["1x1"][2:])
    assert all(a.data.ptr == x.data.ptr for a in taken)


# Precision


@pytest.fixture
def precisions(monkeypatch):
    """How each product of matrices that is computed from now on was to be computed."""
    seen = []

    def noted(a, b, out=None, dot=cupy.dot):
        seen.append(products.get_compute_type(np.float32))
        return dot(a, b, out)

    monkeypatch.setattr(cupy, "dot", noted)
    monkeypatch.setattr(convolution, "engine", "im2col")
    return seen


def test_the_switches_choose_tf32_and_leave_cupys_setting_as_it_was(precisions, monkeypatch):
    x, weight, bias, g = map(cupy.asarray, arrays("few channels", "float32"))
    full, tf32 = products.COMPUTE_TYPE_FP32, products.COMPUTE_TYPE_TF32
    for setting, conv, matmul in product([full, tf32], [False, True], [False, True]):
        products.set_compute_type(np.float32, setting)
        monkeypatch.setattr(backends.cudnn, "allow_tf32", conv)
        monkeypatch.setattr(backends.cuda.matmul, "allow_tf32", matmul)
        everything(convolution, "few channels", x, weight, bias, g)
        assert precisions == [tf32 if conv else full] * 3
        products.matmul(x[0, 0], x[0, 0].T)
        assert precisions[3:] == [tf32 if matmul else full]
        assert products.get_compute_type(np.float32) == setting
        precisions.clear()
    products.set_compute_type(np.float32, full)


def test_an_error_leaves_cupys_setting_as_it_was():
    before = products.get_compute_type(np.float32)
    with pytest.raises(ValueError, match=r"mismatch|shapes"):
        products.product(cupy.ones((2, 3), "f"), cupy.ones((2, 3), "f"), not before)
    assert products.get_compute_type(np.float32) == before


def test_old_cards_multiply_in_float32(precisions, monkeypatch):
    monkeypatch.setattr(products, "capability", lambda: 75)
    products.product(cupy.ones((2, 3), "f"), cupy.ones((3, 2), "f"), tf32=True)
    assert precisions == [products.COMPUTE_TYPE_FP32]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int64"])
def test_products_of_matrices(dtype):
    a, b = (np.round(5 * random_array(shape, "float64")).astype(dtype) for shape in ((7, 5), (5, 9)))
    for given in ((a, b), (a[:0], b), (a[:, :0], b[:0])):
        found = products.matmul(*map(cupy.asarray, given))
        assert found.dtype == dtype
        np.testing.assert_array_equal(found.get(), given[0] @ given[1])
    found = products.matmul(cupy.asarray(a.T).T, cupy.asarray(b)[:, ::2])  # by columns, with gaps
    np.testing.assert_array_equal(found.get(), a @ b[:, ::2])


# The choice


def way(shape, weight_shape, dtype="float32", stride=(1, 1), dilation=(1, 1)):
    """What computes a layer."""
    x = cupy.empty((shape[0], *shape[2:], shape[1]), dtype)
    weight_shape = (*weight_shape[2:], *weight_shape[1::-1])
    return convolution.way(x, weight_shape, (stride, (1, 1), dilation))


@needs_tiles
def test_tiles_are_for_layers_and_cards_that_suit_them(monkeypatch):
    monkeypatch.setattr(tile, "capability", lambda: 90)
    monkeypatch.setattr(cupy.cuda.runtime, "driverGetVersion", lambda: 13000)
    shape, weight = (8, 64, 16, 16), (128, 64, 3, 3)
    assert way(shape, weight) is way(shape, weight, "float16") is way(shape, weight, stride=(2, 2)) is tile
    assert way(shape, weight, "float64") is im2col
    assert way(shape, weight, stride=(2, 1), dilation=(2, 1)) is im2col
    assert way((8, 3, 16, 16), (128, 3, 3, 3)) is im2col
    assert way((8, 64, 16, 16), (3, 64, 3, 3)) is im2col
    assert way(shape, (128, 64, 1, 1), stride=(2, 2)) is im2col

    with monkeypatch.context() as patch:
        patch.setattr(backends.cudnn, "allow_tf32", False)
        assert way(shape, weight) is im2col
        assert way(shape, weight, "float16") is tile
    for where, name, value in (
        (tile, "capability", lambda: 89),
        (cupy.cuda.runtime, "driverGetVersion", lambda: 12090),
        (convolution, "tiles", lambda: None),
        (convolution, "engine", "im2col"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, value)
            assert way(shape, weight) is im2col


def test_without_cutile_the_other_way_serves_unless_tiles_are_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "cuda.tile", None)  # as if it were not installed
    monkeypatch.delitem(sys.modules, "dark.kernels.gpu.tile", raising=False)
    monkeypatch.delattr("dark.kernels.gpu.tile", raising=False)
    monkeypatch.setattr(convolution, "tiles", convolution.tiles.__wrapped__)
    assert way((8, 64, 16, 16), (128, 64, 3, 3)) is im2col
    monkeypatch.setattr(convolution, "engine", "tile")
    with pytest.raises(ModuleNotFoundError, match=r"cuda\.tile"):
        way((8, 64, 16, 16), (128, 64, 3, 3))


def test_an_unknown_engine_is_refused(monkeypatch):
    monkeypatch.setattr(convolution, "engine", "winograd")
    with pytest.raises(ValueError, match="'auto', 'im2col' or 'tile', not 'winograd'"):
        way((8, 64, 16, 16), (128, 64, 3, 3))


def test_other_types_are_the_references():
    options = ((1, 1), (1, 1), (1, 1), 1)
    x, weight = np.arange(2 * 3 * 5 * 4).reshape(2, 3, 5, 4), np.arange(4 * 3 * 9).reshape(4, 3, 3, 3)
    y = convolution.conv2d(cupy.asarray(x), cupy.asarray(weight), None, *options)
    np.testing.assert_array_equal(y.get(), reference.conv2d(x, weight, None, *options))


BOXES = list(product((1, 2, 4, 8, 16, 32, 64, 128), repeat=3))


@pytest.mark.parametrize(
    "shape", [(128, 32, 32, 64), (512, 4, 4, 512), (3, 7, 9, 5), (1, 1, 1, 1), (1, 1, 500, 8), (70, 3, 3, 9)]
)
@pytest.mark.parametrize("size", [64, 128])
@needs_tiles
def test_as_few_tiles_as_possible(shape, size):
    box = tile.box_of(shape, size)
    assert np.prod(box) == size
    count = tile.tiles_in(shape, box)
    assert count == min(tile.tiles_in(shape, other) for other in BOXES if np.prod(other) == size)
    if shape in [(128, 32, 32, 64), (512, 4, 4, 512)]:
        assert count * size == np.prod(shape[:3])  # nothing is computed in vain


@pytest.mark.skipif(not HAS_CUTILE, reason="cuda-tile is not installed")
@pytest.mark.parametrize("processor", ["sm_80", "sm_90", "sm_100", "sm_120"])
def test_tiles_compile(processor):
    script = Path(__file__).parent / "compile_tiles.py"
    path = os.pathsep.join([str(script.parent), str(Path(backends.__file__).parents[2])])
    subprocess.run([sys.executable, script, processor], env={**os.environ, "PYTHONPATH": path}, check=True)
