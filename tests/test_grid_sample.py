"""Sampling at points: values, gradients of pictures and points, paddings, affine grids, errors."""  # beyond

import warnings

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch
from dark.autograd import gradcheck, gradgradcheck
from dark.nn import functional as F

SHAPES = [  # input, points
    ((2, 3, 4, 5), (3, 2)),
    ((1, 1, 7, 3), (5, 6)),
    ((2, 2, 1, 4), (2, 2)),
    ((1, 2, 1, 1), (4, 3)),
    ((0, 2, 3, 4), (2, 2)),
    ((1, 0, 3, 4), (2, 2)),
    ((1, 2, 3, 4), (0, 2)),
]
OPTIONS = [
    {"mode": mode, "padding_mode": padding, "align_corners": aligned}
    for mode in ("bilinear", "nearest")
    for padding in ("zeros", "border", "reflection")
    for aligned in (False, True)
]
each_option = pytest.mark.parametrize("options", OPTIONS, ids=str)


def sample(options):
    return lambda t, x, grid: t.nn.functional.grid_sample(x, grid, **options)


@each_option
def test_values_and_gradients(options):
    for shape, points in SHAPES:
        x, grid = random_array(shape), random_array((shape[0], *points, 2), low=-1.8, high=1.8)
        # PyTorch has no second derivatives of it; points where the slope changes have no differences
        check_op(sample(options), x, grid, second=False, differences=False, rtol=1e-4, atol=1e-5)
        x, grid = x.astype("float64"), grid.astype("float64")
        check_op(sample(options), x, grid, second=False, differences=False, rtol=1e-9, atol=1e-9)


@each_option
def test_gradients_by_differences_and_second_derivatives(options):
    x = dark.tensor(random_array((1, 2, 4, 5), "float64"), requires_grad=True)
    grid = dark.tensor(random_array((1, 3, 3, 2), "float64", low=-1.7, high=1.7), requires_grad=True)
    assert gradcheck(lambda *xs: curved(sample(options))(dark, *xs), (x, grid))
    assert gradgradcheck(lambda *xs: curved(sample(options))(dark, *xs), (x, grid))


@needs_torch
def test_points_on_pixels_and_on_edges():
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 17), np.linspace(-2, 2, 17)), axis=-1)[None]
    for options in OPTIONS:
        for size in ((4, 4), (5, 3), (1, 2)):
            x = random_array((1, 2, *size), "float64")
            check_op(sample(options), x, grid, second=False, differences=False, rtol=1e-9, atol=1e-9)


@needs_torch
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1e30, -1e30])
def test_points_that_are_nowhere(wrong):
    grid = np.full((1, 1, 2, 2), wrong, "float32")
    grid[0, 0, 1] = 0.25
    x = random_array((1, 2, 3, 4))
    for options in OPTIONS:
        y = F.grid_sample(dark.tensor(x), dark.tensor(grid), **options)
        expected = torch.nn.functional.grid_sample(torch.tensor(x), torch.tensor(grid), **options)
        if not np.isnan(wrong):  # is outside; in PyTorch an infinite point may give NaN
            np.testing.assert_allclose(y[..., 1], expected[..., 1], rtol=1e-4, atol=1e-5)
            assert np.isfinite(y).all()
        else:
            assert_same(y, expected, rtol=1e-4, atol=1e-5)


def test_infinite_pixels_are_seen_only_by_points_near_them():
    x = dark.zeros(1, 1, 4, 4)
    x[0, 0, 0, 0] = np.inf
    y = F.grid_sample(x, dark.tensor([[[[0.5, 0.5], [9.0, 9.0], [-0.75, -0.75]]]]), align_corners=False)
    assert y.tolist() == [[[[0, 0, np.inf]]]]


@pytest.mark.parametrize("aligned", [False, True])
def test_affine_grid(aligned):
    for size in ((2, 3, 4, 5), (1, 1, 1, 3), (1, 2, 1, 1)):
        theta = random_array((size[0], 2, 3))
        grid = lambda t, theta, size=size: t.nn.functional.affine_grid(theta, size, aligned)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch's, of its own past
            check_op(grid, theta)
            check_op(curved(grid), theta.astype("float64"), rtol=1e-9)


@pytest.mark.parametrize("aligned", [False, True])
def test_a_grid_that_changes_nothing_gives_the_picture(aligned):
    x = dark.tensor(random_array((2, 3, 5, 4)))
    same = dark.tensor([[[1.0, 0, 0], [0, 1, 0]]] * 2)
    y = F.grid_sample(x, F.affine_grid(same, x.shape, aligned), align_corners=aligned)
    np.testing.assert_allclose(y, x, atol=1e-5)
    mirrored = F.affine_grid(same * dark.tensor([-1.0, 1, 1]), x.shape, aligned)
    y = F.grid_sample(x, mirrored, padding_mode="border", align_corners=aligned)
    np.testing.assert_allclose(y, x.flip(3), atol=1e-5)


X, GRID = (1, 2, 3, 4), (1, 5, 6, 2)
ERRORS = [
    (X, (2, 5, 6, 2), {}, RuntimeError, "same batch size"),
    (X, (1, 5, 6, 3), {}, RuntimeError, r"expected input \(N, C, H, W\) and grid \(N, oh, ow, 2\)"),
    ((2, 3, 4), GRID, {}, RuntimeError, r"input \(2, 3, 4\)"),
    ((1, 2, 0, 4), GRID, {}, RuntimeError, "no pixels"),
    (X, GRID, {"mode": "cubic"}, ValueError, "'bilinear' or 'nearest', not 'cubic'"),
    (X, GRID, {"padding_mode": "circular"}, ValueError, "'border' or 'reflection', not 'circular'"),
]


@pytest.mark.parametrize(("shape", "points", "options", "error", "message"), ERRORS)
def test_errors(shape, points, options, error, message):
    with pytest.raises(error, match=f"^grid_sample: .*{message}"):
        F.grid_sample(dark.zeros(shape), dark.zeros(points), align_corners=False, **options)
    if torch is not None:
        with pytest.raises(error):
            torch.nn.functional.grid_sample(
                torch.zeros(shape), torch.zeros(points), align_corners=False, **options
            )


def test_errors_of_types():
    x, grid = dark.zeros(X), dark.zeros(GRID)
    with pytest.raises(RuntimeError, match=r"same dtype \(input float32, grid float64\)"):
        F.grid_sample(x, grid.double())
    with pytest.raises(NotImplementedError, match=r"not defined for dark\.int64"):
        F.grid_sample(x.long(), grid.long())
    with pytest.raises(TypeError, match="grid_sample: expected a Tensor"):
        F.grid_sample(x, GRID)


@pytest.mark.parametrize(
    ("shape", "size", "error", "message"),
    [
        ((2, 2, 3), (2, 1, 3), NotImplementedError, r"expected a size \(N, C, H, W\)"),
        ((2, 3), (2, 1, 3, 3), ValueError, r"expected theta \(N, 2, 3\)"),
        ((2, 2, 3), (3, 1, 3, 3), RuntimeError, "2 matrices for 3 pictures"),
        ((2, 2, 3), (2, 1, 0, 3), ValueError, "at least 1"),
        ((2, 2, 3), (2, 1, 2.0, 3), TypeError, "made of integers"),
    ],
)
def test_errors_of_affine_grid(shape, size, error, message):
    with pytest.raises(error, match=f"^affine_grid: .*{message}"):
        F.affine_grid(dark.zeros(shape), size, align_corners=False)
    if torch is not None:
        with pytest.raises(error):
            torch.nn.functional.affine_grid(torch.zeros(shape), size, align_corners=False)
    with pytest.raises(ValueError, match=r"floating-point type, not dark\.int64"):
        F.affine_grid(dark.zeros(1, 2, 3).long(), (1, 1, 2, 2))
