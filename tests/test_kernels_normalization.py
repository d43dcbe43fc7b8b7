"""Compiled batch norm and sums of channels: the reference's numbers, for any shape and layout."""  # dark-5

import numpy as np
import pytest

import dark
from against_torch import check_op, random_array
from dark.kernels import reference
from dark.nn import functional as F

cpu = pytest.importorskip("dark.kernels.cpu", reason="Numba is not installed: there is nothing to compare")

# (N, C, H, W): few and many channels, one and several blocks of rows, blocks that are full and that are not
SHAPES = [(1, 1, 1, 1), (2, 3, 1, 1), (1, 16, 16, 16), (3, 5, 7, 13), (300, 2, 1, 1), (2, 33, 17, 31)]
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
LAYOUTS = {
    "row by row": lambda shape, dtype, seed: random_array(shape, dtype, seed=seed),
    "channels last": lambda shape, dtype, seed: channels_last(random_array(shape, dtype, seed=seed)),
    "with gaps": lambda shape, dtype, seed: random_array((*shape, 2), dtype, seed=seed)[..., 1],
    "backwards": lambda shape, dtype, seed: random_array(shape, dtype, seed=seed)[:, ::-1, ::-1],
    "one for all": lambda shape, dtype, seed: np.broadcast_to(
        random_array((shape[0], shape[1], 1, shape[3]), dtype, seed=seed), shape
    ),
}  # fmt: skip


def channels_last(x):
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def assert_close(ours, exact, dtype, precision=1e-5):
    """Results of `dtype`, near those of the reference in float64 relative to the largest of these."""
    for a, b in zip(ours, exact, strict=True):
        assert a.shape == b.shape
        scale = np.abs(b).max() if dtype == "float32" else np.abs(b).max() * 1e-8
        np.testing.assert_allclose(a, b, rtol=0, atol=precision * max(scale, 1e-12))


@each_shape
@each_dtype
@pytest.mark.parametrize("layout", LAYOUTS)
def test_statistics_and_sums(shape, dtype, layout):
    x = LAYOUTS[layout](shape, dtype, 0)
    wide = x.astype("float64")
    moments = cpu.channel_moments(x)
    assert {m.dtype.name for m in moments} == {"float64"}
    assert_close(moments, reference.channel_moments(wide), dtype)
    sums = cpu.channel_sums(x)
    assert sums.dtype == x.dtype
    size = np.abs(wide).sum(axis=(0, 2, 3)).max()
    np.testing.assert_allclose(sums, wide.sum(axis=(0, 2, 3)), rtol=0, atol=size * np.finfo(dtype).eps * 4)


@each_shape
@each_dtype
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("affine", [True, False])
def test_normalizing_and_its_gradients(shape, dtype, layout, affine):
    x, g = LAYOUTS[layout](shape, dtype, 0), LAYOUTS["channels last" if affine else layout](shape, dtype, 1)
    weight, bias = random_array((2, shape[1]), dtype) if affine else (None, None)
    wide = [None if a is None else a.astype("float64") for a in (g, x, weight, bias)]
    for training in (True, False):
        mean, var = cpu.channel_moments(x) if training else random_array((2, shape[1]), dtype, 0.5)
        y = cpu.normalize_channels(x, mean, var, weight, bias, 0.1)
        assert y.dtype == x.dtype
        assert y.transpose(0, 2, 3, 1).flags.c_contiguous
        assert_close([y], [reference.normalize_channels(wide[1], mean, var, *wide[2:], 0.1)], dtype)
        gradients = cpu.batch_norm_backward(g, x, mean, var, weight, 0.1, training)
        assert {a.dtype for a in gradients} == {x.dtype}
        assert gradients[0].transpose(0, 2, 3, 1).flags.c_contiguous
        exact = reference.batch_norm_backward(*wide[:2], mean, var, wide[2], 0.1, training)
        assert_close(gradients, exact, dtype, 5e-5)


@pytest.mark.parametrize(("mean", "deviation"), [(1e4, 1), (-3e4, 0.1), (1, 1e-5), (0, 1e-9)])
def test_large_means_and_small_variances_cost_no_precision(mean, deviation):
    x = (random_array((4, 3, 20, 9), "float64") * deviation + mean).astype("float32")
    wide = x.astype("float64")
    moments, exact = cpu.channel_moments(x), reference.channel_moments(wide)
    np.testing.assert_allclose(moments[1], exact[1], rtol=1e-6)
    y = cpu.normalize_channels(x, *moments, None, None, 1e-30)
    np.testing.assert_allclose(y, reference.normalize_channels(wide, *exact, None, None, 1e-30), atol=2e-6)
    g = random_array(x.shape, seed=1)
    ours = cpu.batch_norm_backward(g, x, *moments, None, 1e-30, True)
    assert_close(ours, reference.batch_norm_backward(g, wide, *exact, None, 1e-30, True), "float32")


@pytest.mark.parametrize("row", [0, 5, 9, 255, 256, 700])
def test_a_number_far_from_all_others_spoils_no_statistics_wherever_it_stands(row):
    x = channels_last(random_array((1, 3, 40, 25)))
    x.transpose(0, 2, 3, 1).reshape(-1, 3)[row, 1] = 1e4
    wide = x.astype("float64")
    np.testing.assert_allclose(cpu.channel_moments(x), reference.channel_moments(wide), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(cpu.channel_sums(x), wide.sum(axis=(0, 2, 3)), rtol=1e-6, atol=1e-4)


@np.errstate(all="ignore")  # as in operations
def test_infinity_and_nan_stay_in_their_channel():
    x = channels_last(random_array((2, 4, 20, 20)))
    x[1, 0, 3, 2], x[0, 2, 19, 19], x[1, 2, 0, 0] = np.nan, np.inf, -np.inf
    g = channels_last(random_array(x.shape, seed=1))
    mean, var = cpu.channel_moments(x)
    to_x, to_weight, _ = cpu.batch_norm_backward(g, x, mean, var, None, 0.1, True)
    for result in (mean, var, cpu.channel_sums(x), to_weight):
        assert np.isfinite(result).tolist() == [False, True, False, True]
    for result in (cpu.normalize_channels(x, mean, var, None, None, 0.1), to_x):
        assert np.isfinite(result).all(axis=(0, 2, 3)).tolist() == [False, True, False, True]
        assert np.isnan(result[:, 0]).all()


def test_results_do_not_depend_on_the_number_of_threads():
    x, g = (channels_last(random_array((7, 19, 30, 31), seed=i)) for i in range(2))

    def results():
        moments = cpu.channel_moments(x)
        y = cpu.normalize_channels(x, *moments, None, None, 0.1)
        return [*moments, y, *cpu.batch_norm_backward(g, x, *moments, None, 0.1, True), cpu.channel_sums(g)]

    before = dark.get_num_threads()
    first = results()
    try:
        for threads in (1, 2, 3, 2):
            dark.set_num_threads(threads)
            for a, b in zip(first, results()):
                np.testing.assert_array_equal(a, b)
    finally:
        dark.set_num_threads(before)


def test_inputs_stay_as_they_are():
    x, g = (channels_last(random_array((2, 3, 5, 7), seed=i)) for i in range(2))
    weight, bias, mean, var = random_array((4, 3), low=0.5)
    arrays = x, g, weight, bias, mean, var
    copies = [a.copy() for a in arrays]
    cpu.channel_moments(x)
    cpu.channel_sums(g)
    cpu.normalize_channels(x, mean, var, weight, bias, 0.1)
    cpu.batch_norm_backward(g, x, mean, var, weight, 0.1, True)
    for a, b in zip(arrays, copies):
        np.testing.assert_array_equal(a, b)


ODD = [((2, 3, 4, 5), "float16"), ((0, 3, 4, 5), "float32"), ((2, 0, 1, 1), "float64")]


@np.errstate(all="ignore")
@pytest.mark.parametrize(("shape", "dtype"), ODD)
def test_what_the_loops_do_not_take_is_the_references(shape, dtype):
    x, weight = random_array(shape, dtype), random_array(shape[1:2], dtype)
    mean, var = random_array((2, shape[1]), low=0.5)
    for name, arguments in (
        ("channel_sums", (x,)),
        ("channel_moments", (x,)),
        ("normalize_channels", (x, mean, var, weight, None, 0.1)),
        ("batch_norm_backward", (x, x, mean, var, weight, 0.1, True)),
    ):
        ours, theirs = (getattr(kernels, name)(*arguments) for kernels in (cpu, reference))
        for a, b in zip(*(r if isinstance(r, tuple) else (r,) for r in (ours, theirs)), strict=True):
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("shape", [(8, 5, 30, 31), (4100, 9), (40, 7, 130)], ids=str)
@pytest.mark.parametrize("training", [True, False])
def test_large_inputs_take_the_compiled_loops_and_have_pytorchs_results(shape, training, monkeypatch):
    calls = []
    compiled = cpu.normalize_channels
    monkeypatch.setattr(cpu, "normalize_channels", lambda *a: calls.append(a) or compiled(*a))
    weight, bias = random_array((2, shape[1]))
    mean, var = random_array((2, shape[1]), low=0.5)

    def norm(t, x, w, b):
        running = [t.tensor(s.copy()) for s in (mean, var)]
        y = t.nn.functional.batch_norm(x, *running, w, b, training)
        return [y, *running] if training else y

    check_op(norm, random_array(shape), weight, bias, rtol=1e-4, atol=3e-4, differences=False)
    assert calls


def test_a_large_result_is_channels_last_whatever_the_input():
    for layout in (channels_last, np.ascontiguousarray):
        x = dark.tensor(layout(random_array((2, 16, 40, 30))))
        for training in (True, False):
            y = F.batch_norm(x, dark.zeros(16), dark.ones(16), training=training)
            assert y.array.transpose(0, 2, 3, 1).flags.c_contiguous
