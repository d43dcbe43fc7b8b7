"""Pictures as columns of windows and back: values, gradients, odd shapes, layouts, errors."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch
from dark import nn
from dark.kernels.reference.windows import added_windows, positions, windows
from dark.nn import functional as F

# shape (N, C, H, W) of the pictures, options of unfold
CASES = [
    ((2, 3, 4, 5), {"kernel_size": 1}),
    ((2, 3, 4, 5), {"kernel_size": 2}),
    ((1, 2, 5, 5), {"kernel_size": 3, "padding": 1}),
    ((2, 1, 5, 4), {"kernel_size": (2, 3), "stride": (3, 1)}),
    ((2, 2, 4, 4), {"kernel_size": 2, "stride": 2}),
    ((2, 2, 7, 6), {"kernel_size": 2, "stride": 3}),
    ((1, 1, 7, 9), {"kernel_size": 4, "stride": 2, "padding": 1}),
    ((2, 2, 7, 6), {"kernel_size": 3, "dilation": 2, "padding": (1, 2), "stride": 2}),
    ((1, 2, 6, 8), {"kernel_size": (3, 2), "dilation": (1, 3), "padding": (0, 1), "stride": (2, 1)}),
    ((1, 2, 2, 3), {"kernel_size": (4, 5), "padding": (1, 1), "stride": 5}),
    ((1, 1, 2, 2), {"kernel_size": 1, "padding": 2, "stride": 3}),
    ((2, 1, 3, 3), {"kernel_size": 3}),
    ((3, 1, 1, 1), {"kernel_size": 1}),
    ((1, 3, 1, 6), {"kernel_size": [1, 2], "dilation": [5, 4]}),
    ((0, 2, 4, 5), {"kernel_size": 2, "padding": 1}),
    ((3, 4, 5), {"kernel_size": (2, 3), "padding": (1, 0), "stride": 2}),
    ((1, 3, 3), {"kernel_size": 2}),
]
each_case = pytest.mark.parametrize(("shape", "options"), CASES, ids=[f"{s} {o}" for s, o in CASES])


def unfold_with(options):
    return lambda t, x: t.nn.functional.unfold(x, **options)


def fold_with(size, options):
    return lambda t, x: t.nn.functional.fold(x, size, **options)


def columns_of(shape, options, dtype="float32"):
    """Columns that fold into pictures of `shape`."""
    return random_array(F.unfold(dark.zeros(shape), **options).shape, dtype)


@each_case
def test_unfold(shape, options):
    for dtype in ("float32", "float64"):
        check_op(unfold_with(options), random_array(shape, dtype))
    check_op(curved(unfold_with(options)), random_array(shape))


@each_case
def test_fold(shape, options):
    for dtype in ("float32", "float64"):
        check_op(fold_with(shape[-2:], options), columns_of(shape, options, dtype))
    check_op(curved(fold_with(shape[-2:], options)), columns_of(shape, options), rtol=1e-4, atol=1e-4)


def test_sizes_are_taken_by_position_in_pytorchs_order():
    check_op(lambda t, x: t.nn.functional.unfold(x, (2, 1), 3, (1, 2), (1, 2)), random_array((2, 2, 6, 5)))
    check_op(
        lambda t, x: t.nn.functional.fold(x, (6, 5), (2, 1), 3, (1, 2), (1, 2)),
        columns_of((2, 2, 6, 5), {"kernel_size": (2, 1), "dilation": 3, "padding": (1, 2), "stride": (1, 2)}),
    )
    check_op(lambda t, x: t.nn.functional.fold(x, 4, 2), random_array((1, 8, 9)))


def test_any_memory_layout_will_do():
    options = {"kernel_size": (2, 3), "padding": (0, 1), "stride": (1, 2)}
    check_op(lambda t, x: unfold_with(options)(t, x.permute(0, 3, 1, 2)), random_array((2, 4, 5, 3)))
    check_op(lambda t, x: unfold_with(options)(t, x[:, :, ::2, 1:]), random_array((2, 2, 7, 6)))
    check_op(lambda t, x: unfold_with(options)(t, x.mT), random_array((2, 5, 4)))
    columns = columns_of((2, 2, 4, 5), options)
    check_op(lambda t, x: fold_with((4, 5), options)(t, x.mT), columns.swapaxes(1, 2).copy())
    check_op(lambda t, x: fold_with((4, 5), options)(t, x[::2]), np.repeat(columns, 2, axis=0))


def test_gradients_of_any_memory_layout_will_do():
    x = random_array((2, 2, 4, 5))
    check_op(lambda t, x, y: (t.nn.functional.unfold(x, 2).mT * y).sum(), x, random_array((2, 12, 8)))
    check_op(lambda t, x: t.nn.functional.unfold(x, 2).sum(), x)
    check_op(lambda t, x: t.nn.functional.fold(x, (4, 5), 2).sum(), random_array((2, 8, 12)))


@pytest.mark.parametrize("kernel", [1, 2])
def test_results_have_memory_of_their_own_in_order(kernel):
    x = dark.ones(2, 3, 4, 4)
    columns = F.unfold(x, kernel, padding=0)
    assert columns.is_contiguous()
    columns.zero_()
    assert x.sum().item() == 96
    for padding in (0, 1):
        columns = F.unfold(x, kernel, padding=padding)
        folded = F.fold(columns, 4, kernel, padding=padding)
        assert folded.is_contiguous()
        assert folded.view(-1).shape == (96,)
        folded.zero_()
        assert columns.sum().item() > 0


@needs_torch
def test_half_precision_and_booleans():
    for dtype in ("float16", "bool"):
        x, y = random_array((2, 2, 4, 4), dtype), random_array((2, 8, 9), dtype)
        for function, array in ((unfold_with({"kernel_size": 2}), x), (fold_with(4, {"kernel_size": 2}), y)):
            ours, theirs = function(dark, dark.tensor(array)), function(torch, torch.tensor(array))
            assert_same(ours, theirs, rtol=4e-3, atol=4e-3, what=dtype)


def test_folding_ones_counts_the_windows_of_each_pixel():
    counts = F.fold(F.unfold(dark.ones(1, 1, 3, 4), 2), (3, 4), 2)
    assert counts[0, 0].tolist() == [[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]]
    left_out = F.fold(dark.ones(1, 4, 1), 3, 2, stride=2)
    assert left_out[0, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_a_product_of_columns_is_a_convolution():
    x, weight = random_array((2, 3, 5, 6), "float64"), random_array((4, 3, 3, 2), "float64")
    columns = F.unfold(dark.tensor(x), (3, 2), padding=1, stride=2)
    y = (dark.tensor(weight.reshape(4, -1)) @ columns).reshape(2, 4, 3, 4).numpy()
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    for i in range(3):
        for j in range(4):
            seen = wide[:, :, 2 * i : 2 * i + 3, 2 * j : 2 * j + 2]
            np.testing.assert_allclose(y[:, :, i, j], np.einsum("ncij,kcij->nk", seen, weight))


MODULES = [
    ("Unfold", (3,), {}, (2, 2, 4, 5)),
    ("Unfold", ((2, 3), 2, (1, 0), (1, 2)), {}, (2, 2, 4, 5)),
    ("Unfold", (), {"kernel_size": [2, 2], "stride": 2}, (3, 4, 5)),
    ("Fold", (4, 2), {}, (2, 8, 9)),
    ("Fold", ((4, 5), (2, 3), 1, (1, 0), (2, 1)), {}, (2, 12, 9)),
    ("Fold", (), {"output_size": (4, 4), "kernel_size": 2, "stride": 2}, (8, 4)),
]


@needs_torch
@pytest.mark.parametrize(("name", "sizes", "options", "shape"), MODULES)
def test_modules_are_pytorchs(name, sizes, options, shape):
    def make(t):
        return getattr(t.nn, name)(*sizes, **options)

    assert repr(make(dark)) == repr(make(torch))
    assert list(make(dark).state_dict()) == []
    check_op(lambda t, x: make(t)(x), random_array(shape))


# Kernels


GEOMETRIES = [  # size, kernel, stride, padding, dilation
    ((4, 5), (2, 3), (1, 1), (0, 0), (1, 1)),
    ((7, 6), (3, 2), (2, 3), (1, 2), (1, 2)),
    ((5, 5), (2, 2), (3, 3), (0, 1), (3, 1)),
    ((1, 1), (3, 3), (1, 1), (1, 1), (1, 1)),
    ((6, 3), (1, 1), (2, 2), (0, 0), (4, 4)),
]


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), GEOMETRIES)
@pytest.mark.parametrize("n", [0, 1, 2])
def test_windows_hold_the_pixels_that_their_indices_say(size, kernel, stride, padding, dilation, n):
    x = random_array((n, 3, *size))
    w = windows(x, kernel, stride, padding, dilation, value=-np.inf)
    places = positions(size, kernel, stride, padding, dilation)
    assert w.shape == (n, 3, *kernel, *places)
    assert w.dtype == x.dtype
    expected = np.full(w.shape, -np.inf, x.dtype)
    for i, j, down, across in np.ndindex(*kernel, *places):
        row = down * stride[0] + i * dilation[0] - padding[0]
        column = across * stride[1] + j * dilation[1] - padding[1]
        if 0 <= row < size[0] and 0 <= column < size[1]:
            expected[:, :, i, j, down, across] = x[:, :, row, column]
    np.testing.assert_array_equal(w, expected)


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), GEOMETRIES)
def test_added_windows_is_the_adjoint_of_windows(size, kernel, stride, padding, dilation):
    x = random_array((2, 3, *size), "float64")
    w = windows(x, kernel, stride, padding, dilation)
    g = random_array(w.shape, "float64", seed=1)
    back = added_windows(g, size, stride, padding, dilation)
    assert back.shape == x.shape
    np.testing.assert_allclose((w * g).sum(), (x * back).sum(), rtol=1e-12)


def test_windows_copy_nothing_and_can_not_be_written():
    x = random_array((2, 3, 5, 5))
    w = windows(x, (3, 3), (1, 1), (0, 0), (1, 1))
    assert np.shares_memory(w, x)
    with pytest.raises(ValueError, match="read-only"):
        w[...] = 0


# Errors

X, COLUMNS = dark.zeros(2, 3, 4, 5), dark.zeros(2, 12, 12)
WRONG = [
    (lambda t, x, c: t.unfold(x[0, 0, 0], 2), RuntimeError, r"unfold: .*\(N, C, H, W\).*not \(5,\)"),
    (lambda t, x, c: t.unfold(x[None], 2), RuntimeError, r"unfold: .*not \(1, 2, 3, 4, 5\)"),
    (lambda t, x, c: t.unfold(x[:, :0], 2), RuntimeError, r"unfold: .*only N may be 0, not \(2, 0, 4, 5\)"),
    (lambda t, x, c: t.unfold(x[0, :, :0], 1), RuntimeError, r"unfold: .*not \(3, 0, 5\)"),
    (lambda t, x, c: t.unfold(x, (2, 6)), RuntimeError, r"unfold: no window .* \(2, 6\).*\(4, 5\)"),
    (lambda t, x, c: t.unfold(x, 3, dilation=2), RuntimeError, r"unfold: no window .*dilation \(2, 2\)"),
    (lambda t, x, c: t.unfold(x, 0), RuntimeError, r"unfold: kernel_size is at least 1, not \(0, 0\)"),
    (lambda t, x, c: t.unfold(x, 2, stride=(1, 0)), RuntimeError, r"unfold: stride is at least 1"),
    (lambda t, x, c: t.unfold(x, 2, dilation=0), RuntimeError, r"unfold: dilation is at least 1"),
    (lambda t, x, c: t.unfold(x, 2, padding=-1), RuntimeError, r"unfold: padding is at least 0, not \(-1"),
    (lambda t, x, c: t.unfold(x, (2, 2, 2)), RuntimeError, r"unfold: kernel_size is one number or two"),
    (lambda t, x, c: t.unfold(x, (2,)), RuntimeError, r"unfold: kernel_size is one number .* not \(2,\)"),
    (lambda t, x, c: t.unfold(x, 2.0), TypeError, r"unfold: kernel_size is one integer or two, not 2.0"),
    (lambda t, x, c: t.unfold(x, True), TypeError, r"unfold: kernel_size is one integer or two, not True"),
    (lambda t, x, c: t.unfold(x, "22"), TypeError, r"unfold: kernel_size is one integer or two, not '22'"),
    (lambda t, x, c: t.unfold(x.int(), 2), NotImplementedError, r"unfold: .*int32.*\(2, 3, 4, 5\)"),
    (lambda t, x, c: t.unfold([1.0], 2), TypeError, r"unfold: expected a Tensor, got list"),
    (lambda t, x, c: t.fold(c[0, 0], 4, 2), RuntimeError, r"fold: expected .*not \(12,\)"),
    (lambda t, x, c: t.fold(c[None], 4, 2), RuntimeError, r"fold: expected .*not \(1, 2, 12, 12\)"),
    (lambda t, x, c: t.fold(c[:, :0], 4, 2), RuntimeError, r"fold: .*only N may be 0, not \(2, 0, 12\)"),
    (lambda t, x, c: t.fold(c, (4, 5), 3), RuntimeError, r"fold: dim 1 of input \(2, 12, 12\).* 9 taps"),
    (lambda t, x, c: t.fold(c[0], (4, 5), (1, 5)), RuntimeError, r"fold: dim 0 of input \(12, 12\).* 5 taps"),
    (lambda t, x, c: t.fold(c, (4, 4), 2), RuntimeError, r"fold: input \(2, 12, 12\) has 12 .* 3 x 3"),
    (lambda t, x, c: t.fold(c, 1, 2), RuntimeError, r"fold: .*output_size \(1, 1\) has 0 x 0"),
    (lambda t, x, c: t.fold(c, (4,), 2), RuntimeError, r"fold: output_size is one number or two, not \(4,\)"),
    (lambda t, x, c: t.fold(c, 4.0, 2), TypeError, r"fold: output_size is one integer or two, not 4.0"),
    (lambda t, x, c: t.fold(c, (4, 5), 2, stride=0), RuntimeError, r"fold: stride is at least 1"),
    (lambda t, x, c: t.fold(c.long(), (4, 5), 2), NotImplementedError, r"fold: .*int64"),
    (lambda t, x, c: t.fold(3, (4, 5), 2), TypeError, r"fold: expected a Tensor, got int"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call(F, X, COLUMNS)
    if torch is not None:
        # for too few dimensions PyTorch's own message is of an index out of range
        with pytest.raises((error, IndexError)):
            call(torch.nn.functional, torch.zeros(2, 3, 4, 5), torch.zeros(2, 12, 12))


def test_a_layer_checks_when_it_is_called():
    with pytest.raises(RuntimeError, match=r"unfold: no window"):
        nn.Unfold(9)(X)
