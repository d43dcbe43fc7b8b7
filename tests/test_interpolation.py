"""Interpolation: values, gradients, every mode, odd sizes and factors, types, layouts, errors."""  # dark-6

import math

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch
from dark.nn import functional as F

PICTURES = [  # shape, size or scale_factor
    ((2, 3, 4, 5), {"scale_factor": 2}),
    ((1, 2, 3, 4), {"scale_factor": 3}),
    ((1, 2, 3, 2), {"scale_factor": (2, 3)}),
    ((1, 2, 3, 4), {"size": (7, 9)}),
    ((2, 1, 5, 7), {"size": 3}),
    ((1, 2, 4, 6), {"size": [2, 12]}),
    ((1, 1, 7, 5), {"size": (1, 1)}),
    ((2, 1, 1, 1), {"size": (3, 4)}),
    ((1, 2, 1, 5), {"size": (4, 1)}),
    ((1, 2, 3, 4), {"size": (3, 4)}),
    ((1, 2, 5, 6), {"scale_factor": 1.7}),
    ((1, 2, 7, 8), {"scale_factor": 0.6}),
    ((1, 2, 7, 8), {"scale_factor": (0.5, 2.5)}),
    ((1, 2, 5, 8), {"scale_factor": (2.15, 1.1)}),  # twice as many lines, as many
    ((1, 2, 5, 6), {"scale_factor": 1.7, "recompute_scale_factor": True}),
    ((1, 2, 7, 8), {"scale_factor": (0.4, 1.3), "recompute_scale_factor": True}),
    ((0, 2, 3, 4), {"scale_factor": 2}),
]
SEQUENCES = [
    ((2, 3, 5), {"scale_factor": 2}),
    ((2, 3, 5), {"size": 8}),
    ((1, 2, 9), {"size": (4,)}),
    ((1, 2, 7), {"scale_factor": 1.7}),
    ((1, 2, 7), {"scale_factor": (0.7,), "recompute_scale_factor": True}),
    ((1, 2, 1), {"size": 4}),
    ((1, 2, 6), {"size": 1}),
    ((0, 2, 6), {"size": 3}),
]
NEAREST = [{"mode": "nearest"}, {"mode": "nearest-exact"}]
LINEAR = [{"mode": "linear"}, *({"mode": "linear", "align_corners": aligned} for aligned in (False, True))]
AREA = [{"mode": "area"}]
CASES = [
    (shape, {**options, **mode, "mode": f"bi{mode['mode']}"} if len(shape) == 4 and mode in LINEAR
     else {**options, **mode})
    for shape, options in PICTURES + SEQUENCES
    for mode in NEAREST + LINEAR + AREA
]  # fmt: skip


def interpolate(options):
    return lambda t, x: t.nn.functional.interpolate(x, **options)


@pytest.mark.parametrize(("shape", "options"), CASES, ids=[f"{s} {o}" for s, o in CASES])
def test_every_mode(shape, options):
    check_op(interpolate(options), random_array(shape))
    check_op(curved(interpolate(options)), random_array(shape, "float64"), rtol=1e-9, atol=1e-9)


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_length_to_any_other(dtype):
    for mode in (*NEAREST, *LINEAR[1:]):
        for length in (1, 2, 3, 5, 8, 13, 26, 64):
            x = random_array((1, 1, length), dtype)
            sizes = [{"size": n} for n in (1, 2, 3, 7, 16, 41, 46)]
            factors = [{"scale_factor": f} for f in (0.3, 0.75, 1.1, 1.5, 1.999, 2.3, 1 / 3)]
            for options in (*sizes, *(f for f in factors if length * f["scale_factor"] >= 1)):
                y = F.interpolate(dark.tensor(x), **options, **mode)
                expected = torch.nn.functional.interpolate(torch.tensor(x), **options, **mode)
                assert_same(y, expected, what=f"{length} {options} {mode}")


@pytest.mark.parametrize("mode", [*NEAREST, *LINEAR[1:]])
@pytest.mark.parametrize("options", [{"scale_factor": 1.1}, {"scale_factor": 2.3}, {"size": 41}, {"size": 3}])
def test_the_gradient_is_the_adjoint_where_rounding_decides(options, mode):
    """PyTorch's gradient of "nearest" picks other pixels than its result for some of these factors."""
    for length in (2, 3, 9):
        x = dark.tensor(random_array((1, 2, length), "float64"), requires_grad=True)
        y = F.interpolate(x, **options, **mode)
        up, other = random_array(y.shape, "float64", seed=1), random_array(x.shape, "float64", seed=2)
        (gradient,) = dark.autograd.grad(y, x, dark.tensor(up))
        moved = F.interpolate(dark.tensor(other), **options, **mode)
        assert (gradient * dark.tensor(other)).sum().item() == pytest.approx((moved.numpy() * up).sum())


def test_nearest_repeats_pixels_and_sums_their_gradients():
    x = dark.tensor([[[[1.0, 2], [3, 4]]]], requires_grad=True)
    y = F.interpolate(x, scale_factor=2)
    assert y.tolist() == [[[[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]]]
    up = dark.arange(16.0).reshape(1, 1, 4, 4)
    y.backward(up)
    assert x.grad.tolist() == [[[[0 + 1 + 4 + 5, 2 + 3 + 6 + 7], [8 + 9 + 12 + 13, 10 + 11 + 14 + 15]]]]


def test_corners_stay_where_they_are_when_aligned_and_edges_do_when_not():
    x = dark.tensor([[[0.0, 4]]])
    assert F.interpolate(x, size=5, mode="linear", align_corners=True).tolist() == [[[0, 1, 2, 3, 4]]]
    assert F.interpolate(x, size=4, mode="linear").tolist() == [[[0, 1, 3, 4]]]


def test_area_takes_the_mean_of_what_a_place_covers():
    x = dark.arange(6.0).reshape(1, 1, 6)
    assert F.interpolate(x, size=2, mode="area").tolist() == [[[1, 4]]]
    assert F.interpolate(x, scale_factor=0.5, mode="area").tolist() == [[[0.5, 2.5, 4.5]]]


def test_a_scale_factor_is_the_distance_unless_it_is_computed_again():
    x = dark.arange(5.0).reshape(1, 1, 5)
    given = F.interpolate(x, scale_factor=1.5, mode="linear")  # 7 places, 2 / 3 apart
    computed = F.interpolate(x, scale_factor=1.5, mode="linear", recompute_scale_factor=True)  # 5 / 7 apart
    assert given.shape == computed.shape == (1, 1, 7)
    assert given[0, 0, 3].item() == pytest.approx(3.5 / 1.5 - 0.5)
    assert computed[0, 0, 3].item() == pytest.approx(3.5 * 5 / 7 - 0.5)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_nan_and_infinity_reach_no_further_than_the_pixels_they_are_part_of(mode):
    for wrong in (np.nan, np.inf):
        x = np.ones((1, 1, 6, 6), "float32")
        x[0, 0, 2, 2] = wrong
        y = F.interpolate(dark.tensor(x), scale_factor=2, mode=mode).numpy()
        reached = ~np.isfinite(y[0, 0])
        assert reached.any()
        rows, columns = np.nonzero(reached)
        margin = 0 if mode == "nearest" else 1
        assert (rows.min(), rows.max()) == (columns.min(), columns.max()) == (4 - margin, 5 + margin)


@needs_torch
@pytest.mark.parametrize("mode", NEAREST)
def test_bytes_can_be_repeated(mode):
    x = random_array((1, 2, 3, 5), "uint8", high=255)
    for options in ({"scale_factor": 2}, {"size": (2, 8)}):
        check_op(interpolate({**options, **mode}), x, gradients=False)


@needs_torch
@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear", "area"])
def test_half_precision_stays_half_precision(mode):
    x, options = random_array((1, 2, 4, 5), "float16"), {"size": (6, 3), "mode": mode}
    check_op(interpolate(options), x, differences=False, second=False, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("mode", ["nearest", "bilinear", "area"])
def test_any_memory_layout_will_do(mode):
    x = random_array((2, 3, 5, 6))
    expected = F.interpolate(dark.tensor(x), size=(8, 4), mode=mode)
    layouts = [
        np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
        np.repeat(x, 2, axis=3)[..., ::2],
        np.asfortranarray(x),
        np.broadcast_to(x, x.shape),
    ]
    for layout in layouts:
        given = dark.from_numpy(layout).to(dark.get_default_device()).requires_grad_()
        y = F.interpolate(given, size=(8, 4), mode=mode)
        np.testing.assert_array_equal(y.detach(), expected)
        y.backward(dark.from_numpy(np.broadcast_to(np.float32(1), y.shape)).to(y.device))
        assert given.grad.shape == x.shape


@needs_torch
@pytest.mark.parametrize("mode", ["nearest", "bilinear", "area"])
def test_large_pictures(mode):
    """These are made by the compiled kernels."""
    for shape, size in (((2, 9, 50, 40), (100, 80)), ((3, 8, 60, 61), (17, 90))):
        x, options = random_array(shape), {"size": size, "mode": mode}
        check_op(interpolate(options), x, differences=False, rtol=1e-5, atol=1e-5)


def test_sizes_may_be_of_other_kinds():
    x = dark.rand(1, 2, 4, 6)
    expected = F.interpolate(x, size=(2, 3))
    for size in (x[..., :2, :3].shape[2:], [np.int64(2), np.int32(3)], (dark.tensor(2), 3)):
        assert dark.equal(F.interpolate(x, size=size), expected)
    assert dark.equal(F.interpolate(x, scale_factor=np.float64(0.5)), expected)
    assert F.interpolate(dark.rand(1, 1, 10), scale_factor=np.float32(1.3)).shape == (1, 1, 12)


@needs_torch
def test_layers():
    layers = [
        lambda t: t.nn.Upsample(scale_factor=2),
        lambda t: t.nn.Upsample(size=(3, 7)),
        lambda t: t.nn.Upsample(5, mode="bilinear"),
        lambda t: t.nn.Upsample(scale_factor=(2, 1.5), mode="bilinear", align_corners=True),
        lambda t: t.nn.Upsample(scale_factor=1.7, mode="bilinear", recompute_scale_factor=True),
    ]
    for layer in layers:
        check_op(lambda t, x, layer=layer: layer(t)(x), random_array((1, 2, 3, 4)))
        assert repr(layer(dark)) == repr(layer(torch))
        assert not layer(dark).state_dict()


@needs_torch
def test_layers_by_their_old_names():  # beyond
    for layer in (
        lambda t: t.nn.UpsamplingNearest2d(scale_factor=2),
        lambda t: t.nn.UpsamplingNearest2d(5),
        lambda t: t.nn.UpsamplingBilinear2d(scale_factor=(2, 3)),
        lambda t: t.nn.UpsamplingBilinear2d(size=(5, 2)),
    ):
        check_op(lambda t, x, layer=layer: layer(t)(x), random_array((1, 2, 3, 4)))
        assert repr(layer(dark)) == repr(layer(torch))


PICTURE, SEQUENCE = (1, 2, 4, 6), (1, 2, 4)
ERRORS = [  # shape, options, error, part of the message
    (PICTURE, {}, ValueError, "give size or scale_factor"),
    (PICTURE, {"size": 3, "scale_factor": 2}, ValueError, "size 3 and scale_factor 2"),
    (PICTURE, {"size": 3, "align_corners": True}, ValueError, "align_corners goes with"),
    (PICTURE, {"size": 3, "mode": "area", "align_corners": False}, ValueError, "leave it out"),
    (PICTURE, {"size": 3, "recompute_scale_factor": True}, ValueError, "recompute_scale_factor"),
    (PICTURE, {"size": (3,)}, ValueError, r"one number or 2 for an input \(1, 2, 4, 6\)"),
    (PICTURE, {"scale_factor": (2, 2, 2)}, ValueError, "scale_factor is one number or 2"),
    (PICTURE, {"size": 3, "mode": "linear"}, NotImplementedError, r"takes an input \(N, C, L\), not"),
    (SEQUENCE, {"size": 3, "mode": "bilinear"}, NotImplementedError, r"\(N, C, H, W\), not \(1, 2, 4\)"),
    ((4, 4), {"size": 3}, NotImplementedError, r"\(N, C, L\) or \(N, C, H, W\), not \(4, 4\)"),
    (PICTURE, {"size": 3, "mode": "linearly"}, NotImplementedError, "no mode 'linearly'; the modes are"),
    (PICTURE, {"size": 0}, RuntimeError, "at least 1"),
    (PICTURE, {"scale_factor": 0.1}, RuntimeError, r"from an input \(1, 2, 4, 6\) to \(0, 0\)"),
    (PICTURE, {"scale_factor": -1.0}, RuntimeError, "at least 1"),
    (PICTURE, {"scale_factor": 0}, RuntimeError, "at least 1"),
    (PICTURE, {"scale_factor": math.nan}, RuntimeError, "scale_factor must be finite, not nan"),
    (PICTURE, {"scale_factor": math.inf}, RuntimeError, "scale_factor must be finite, not inf"),
    ((1, 0, 4, 6), {"size": 3}, RuntimeError, "nothing but the batch can be empty"),
    ((1, 2, 0, 6), {"size": 3, "mode": "bilinear"}, RuntimeError, "nothing but the batch can be empty"),
    (PICTURE, {"size": 2.5}, TypeError, "size is made of integers, not 2.5"),
    (PICTURE, {"size": (True, 2)}, TypeError, "size is made of integers"),
    (PICTURE, {"scale_factor": "2"}, TypeError, "scale_factor is made of numbers"),
]


@pytest.mark.parametrize(("shape", "options", "error", "message"), ERRORS, ids=[str(e[:2]) for e in ERRORS])
def test_errors(shape, options, error, message):
    with pytest.raises(error, match=f"^interpolate: .*{message}"):
        F.interpolate(dark.zeros(shape), **options)
    if torch is not None:
        with pytest.raises(error):
            torch.nn.functional.interpolate(torch.zeros(shape), **options)


@pytest.mark.parametrize("dtype", [dark.int64, dark.int32, dark.bool])
def test_integers_are_refused_as_in_pytorch(dtype):
    for mode in ("nearest", "bilinear", "area"):
        with pytest.raises(NotImplementedError, match=r"^interpolate: .*not defined for"):
            F.interpolate(dark.ones(1, 1, 2, 2).to(dtype), size=3, mode=mode)


def test_what_dark_does_not_have_is_said():
    for mode in ("bicubic", "trilinear", "lanczos"):
        with pytest.raises(NotImplementedError, match=f"no mode '{mode}'"):
            F.interpolate(dark.zeros(PICTURE), size=3, mode=mode)
    with pytest.raises(NotImplementedError, match="no antialias"):
        F.interpolate(dark.zeros(PICTURE), size=3, mode="bilinear", antialias=True)
    with pytest.raises(TypeError, match="interpolate: expected a Tensor"):
        F.interpolate(np.zeros(PICTURE), size=3)
