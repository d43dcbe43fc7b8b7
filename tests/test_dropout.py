"""Dropout of elements and channels: PyTorch's random numbers, gradients, evaluation, bad input."""  # dark-5

import warnings

import numpy as np
import pytest

import dark
from against_torch import check_op, needs_torch, on_the_cpu, random_array, torch
from dark import nn
from dark.nn import functional as F

CASES = [
    ("dropout", ()), ("dropout", (1,)), ("dropout", (7,)), ("dropout", (3, 4)), ("dropout", (2, 3, 4)),
    ("dropout", (2, 3, 5, 4)), ("dropout", (1, 3, 1, 1)), ("dropout", (2, 1, 2, 3, 2)), ("dropout", (0, 4)),
    ("dropout1d", (6, 4)), ("dropout1d", (5, 6, 3)), ("dropout1d", (0, 3)), ("dropout1d", (2, 0, 3)),
    ("dropout2d", (4, 5, 3, 2)), ("dropout2d", (1, 8, 1, 1)), ("dropout2d", (0, 3, 2, 2)),
    ("dropout2d", (2, 3, 0, 2)),
]  # fmt: skip
IDS = [f"{name} {shape}" for name, shape in CASES]


def seeded(name, p=0.3, **options):
    """The function from one seed; PyTorch draws the same numbers from it."""

    def function(t, x):
        t.manual_seed(5)
        return getattr(t.nn.functional, name)(x, p, **options)

    return function


def run(t, name, array, p, view=lambda x: x):
    """Two calls in a row, their gradients, and the place at which the generator has arrived."""
    t.manual_seed(11)
    with on_the_cpu():
        x = t.from_numpy(array.copy()).requires_grad_()
        results = [getattr(t.nn.functional, name)(view(x), p) for _ in range(2)]
        ups = [random_array(tuple(y.shape), array.dtype, seed=i) for i, y in enumerate(results)]
        gradients = [g for y, up in zip(results, ups) for g in t.autograd.grad(y, x, t.from_numpy(up))]
        return [y.detach().numpy() for y in (*results, *gradients, t.rand(3))]


def assert_identical(name, array, p, view=lambda x: x):
    """Dark's results are PyTorch's, none rounded differently."""
    for ours, theirs in zip(*(run(t, name, array, p, view) for t in (dark, torch)), strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs, strict=True)


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "shape"), CASES, ids=IDS)
def test_the_same_elements_are_dropped_as_in_pytorch(name, shape, dtype):
    for p in (0.0, 0.1, 0.3, 1 / 3, 0.5, 0.9, 1.0, 1):
        assert_identical(name, random_array(shape, dtype), p)


@needs_torch
def test_many_elements_and_any_probability():
    for p in (1e-6, 0.021, 0.25, 0.7, 0.999):
        assert_identical("dropout", random_array((50, 41)), p)


VIEWS = [
    ("transposed", (5, 4), lambda x: x.T),
    ("every other column", (5, 6), lambda x: x[:, ::2]),
    ("every other column, transposed", (5, 6), lambda x: x[:, ::2].T),
    ("permuted", (3, 4, 5), lambda x: x.permute(2, 0, 1)),
    ("expanded", (3, 1), lambda x: x.expand(3, 4)),
    ("a slice", (4, 6), lambda x: x[1:3]),
    ("a 4-D slice", (2, 3, 4, 6), lambda x: x[:, 1:, ::2]),
]


@needs_torch
@pytest.mark.parametrize(("what", "shape", "view"), VIEWS, ids=[what for what, *_ in VIEWS])
def test_the_same_elements_are_dropped_whatever_the_memory_layout(what, shape, view):
    assert_identical("dropout", random_array(shape), 0.4, view)
    if len(shape) == 4:
        assert_identical("dropout2d", random_array(shape), 0.4, view)


@needs_torch
def test_half_precision_is_kept():
    for p in (0.3, 0.5, 1.0):
        ours, theirs = (run(t, "dropout", random_array((6, 5), "float16"), p) for t in (dark, torch))
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=2e-3, strict=True)


def test_images_that_lie_channels_last_lose_the_same_elements():
    x = random_array((2, 3, 4, 5))
    last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    for name in ("dropout", "dropout2d"):
        expected, result = (seeded(name)(dark, dark.from_numpy(a)).numpy() for a in (x, last))
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(("name", "shape"), CASES, ids=IDS)
def test_gradients_of_any_order_know_what_was_dropped(name, shape):
    for p in (0.0, 0.4, 1.0):
        function = seeded(name, p)
        with on_the_cpu():
            check_op(function, random_array(shape))
            check_op(lambda t, x, f=function: f(t, x * x), random_array(shape))
        x = dark.tensor(random_array(shape, "float64"), requires_grad=True)
        assert dark.autograd.gradgradcheck(lambda x, f=function: f(dark, x * x), x)


def test_a_second_derivative_draws_no_new_numbers():
    x = dark.ones(1000, requires_grad=True)
    dark.manual_seed(0)
    y = F.dropout(x * x * x)
    state = dark.get_rng_state().numpy()
    (g,) = dark.autograd.grad(y.sum(), x, create_graph=True)
    (gg,) = dark.autograd.grad(g.sum(), x)
    np.testing.assert_array_equal(g.detach().numpy(), 3 * y.detach().numpy())
    np.testing.assert_array_equal(gg.numpy(), 6 * y.detach().numpy())
    np.testing.assert_array_equal(dark.get_rng_state().numpy(), state)


def test_the_mean_stays():
    dark.manual_seed(1)
    y = F.dropout(dark.ones(100_000), 0.2).numpy()
    assert set(np.unique(y)) == {np.float32(0), np.float32(1) / np.float32(0.8)}
    assert abs(y.mean() - 1) < 0.01
    channels = F.dropout2d(dark.ones(100, 100, 2, 3), 0.2).numpy()
    assert (channels == channels[:, :, :1, :1]).all()
    assert abs(channels.mean() - 1) < 0.03


@needs_torch
def test_what_is_not_finite_is_nan_where_dropped():
    x = np.array([np.nan, np.inf, -np.inf, 1.0] * 8, "float32")
    assert_identical("dropout", x, 0.5)
    assert_identical("dropout", x, 1.0)


MODULES = [("Dropout", (3, 4)), ("Dropout1d", (2, 3, 4)), ("Dropout2d", (2, 3, 4, 5))]


@pytest.mark.parametrize(("name", "shape"), MODULES)
def test_evaluation_changes_nothing_and_draws_nothing(name, shape):
    x = dark.ones(*shape, requires_grad=True)
    dark.manual_seed(3)
    expected = dark.rand(2).numpy()
    layer = nn.Sequential(getattr(nn, name)(0.5)).eval()
    dark.manual_seed(3)
    assert layer(x) is x
    assert getattr(F, name.lower())(x, training=False) is x
    assert getattr(F, name.lower())(x, 0.0) is x
    np.testing.assert_array_equal(dark.rand(2).numpy(), expected)
    assert (layer.train()(x).detach().numpy() == 0).any()


@needs_torch
@pytest.mark.parametrize(("name", "shape"), MODULES)
def test_a_module_is_pytorchs(name, shape):
    for options in ((), (0.2,), (0, True), (1,)):
        ours, theirs = getattr(nn, name)(*options), getattr(torch.nn, name)(*options)
        assert repr(ours) == repr(theirs)
        assert list(ours.state_dict()) == list(theirs.state_dict())
        results = []
        for t, layer in ((dark, ours), (torch, theirs)):
            t.manual_seed(8)
            with on_the_cpu():
                results.append(layer(t.from_numpy(random_array(shape))).numpy())
        np.testing.assert_array_equal(*results)


@pytest.mark.parametrize(("name", "shape"), MODULES)
def test_in_place_where_allowed_and_a_new_tensor_elsewhere(name, shape):
    function, values = getattr(F, name.lower()), random_array(shape)
    expected = seeded(name.lower(), 0.5)(dark, dark.tensor(values)).numpy()
    x = dark.tensor(values)
    assert seeded(name.lower(), 0.5, inplace=True)(dark, x) is x
    np.testing.assert_array_equal(x.numpy(), expected)

    x = dark.tensor(values, requires_grad=True)
    y = function(x, 0.5, True, True)
    assert y is not x
    y.sum().backward()
    np.testing.assert_array_equal(x.detach().numpy(), values)
    with dark.no_grad():
        assert function(x, 1.0, inplace=True) is x
    assert not x.detach().numpy().any()


@needs_torch
@pytest.mark.parametrize("shape", [(4, 6), (3, 4, 5), (2, 3, 2, 2, 2)], ids=str)
def test_dropout2d_warns_where_images_lack_a_dimension(shape):
    results = []
    for t in (dark, torch):
        with pytest.warns(UserWarning, match="dropout2d"), on_the_cpu():
            results.append(seeded("dropout2d")(t, t.from_numpy(random_array(shape))).numpy())
    np.testing.assert_array_equal(*results)


@needs_torch
def test_integers_and_vectors_pass_where_nothing_is_drawn():
    for t in (dark, torch):
        x = t.arange(3)
        assert t.nn.functional.dropout(x, 0.5, training=False) is x
        assert t.nn.functional.dropout(x, 1.0).tolist() == [0, 0, 0]
        assert t.nn.functional.dropout(x, 1.0).dtype == t.int64
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert t.nn.functional.dropout2d(t.ones(3), 0.0).tolist() == [1, 1, 1]
            assert t.nn.functional.dropout2d(t.ones(3), 1.0).tolist() == [0, 0, 0]


WRONG = [
    ("p", lambda t: t.nn.functional.dropout(t.ones(2), 1.5), ValueError, "between 0 and 1, but got 1.5"),
    ("p evaluated", lambda t: t.nn.functional.dropout(t.ones(2), -0.1, False), ValueError, "got -0.1"),
    ("p of dropout1d", lambda t: t.nn.functional.dropout1d(t.ones(2, 2), 2), ValueError, "got 2"),
    ("p of dropout2d", lambda t: t.nn.functional.dropout2d(t.ones(1, 1, 1, 1), 2), ValueError, "got 2"),
    ("Dropout", lambda t: t.nn.Dropout(-1), ValueError, "between 0 and 1, but got -1"),
    ("Dropout2d", lambda t: t.nn.Dropout2d(p=3.0), ValueError, "between 0 and 1, but got 3.0"),
    ("integers", lambda t: t.nn.functional.dropout(t.arange(2)), RuntimeError, "(dropout: .*int64|Long)"),
    ("dropout1d 4-D", lambda t: t.nn.functional.dropout1d(t.ones(1, 1, 1, 1)), RuntimeError, "dropout1d: "),
    ("dropout1d 1-D", lambda t: t.nn.functional.dropout1d(t.ones(3)), RuntimeError, "dropout1d: "),
    ("a list", lambda t: t.nn.functional.dropout([1.0]), TypeError, "list"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "call", "error", "message"), WRONG, ids=[what for what, *_ in WRONG])
def test_wrong_input_is_explained(what, call, error, message):
    for t in filter(None, (dark, torch)):
        with pytest.raises(error, match=message):
            call(t)


@needs_torch
@pytest.mark.filterwarnings("ignore:.*dropout2d")
def test_dropout2d_of_a_vector_is_an_error():
    for t in (dark, torch):
        with pytest.raises(RuntimeError, match="at least 2 dimensions"):
            t.nn.functional.dropout2d(t.ones(3))


def test_a_probability_that_is_not_a_number_is_an_error():
    with pytest.raises(ValueError, match="nan"):
        F.dropout(dark.ones(2), float("nan"))
