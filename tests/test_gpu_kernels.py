"""Kernels for a card, each against the reference on NumPy; the stand-in runs them by g++."""  # beyond

import inspect
import sys

import numpy as np
import pytest

import dark
import standin
from against_torch import random_array
from dark import nn, optim
from dark.cuda.graphs import captured
from dark.kernels import reference
from dark.kernels.reference.windows import positions
from dark.nn import functional as F
from test_kernels import ADAM, STEPS
from test_kernels_pooling import WINDOWS, few_numbers
from test_kernels_upsampling import RESIZED

cupy = sys.modules.get("cupy") or standin.install()

from dark.kernels import gpu  # noqa: E402

FLOATS = {"float16": 2e-3, "float32": 2e-6, "float64": 1e-14}  # and how exact each is
each_float = pytest.mark.parametrize("dtype", FLOATS)

LAYOUTS = {
    "in order": lambda x: x,
    "channels last": lambda x: cupy.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "with gaps": lambda x: cupy.repeat(x, 2, axis=3)[..., ::2],
}
each_layout = pytest.mark.parametrize("layout", LAYOUTS)


def on_card(x):
    """An argument of a kernel, with its arrays copied to the card."""
    if isinstance(x, tuple):
        return tuple(map(on_card, x))
    return cupy.array(x) if isinstance(x, np.ndarray) else x


def laid(x, layout):
    """An array on the card; pictures lie in its memory as `layout` says."""
    x = cupy.array(x)
    return LAYOUTS[layout](x) if x.ndim == 4 and x.size else x


def assert_close(ours, expected, dtype=None, rtol=None, atol=None):
    """On the card, of the same type and shape, and as near as rounding allows."""
    assert isinstance(ours, cupy.ndarray)
    assert (ours.dtype, ours.shape) == (expected.dtype, expected.shape)
    exact = FLOATS.get(str(dtype or expected.dtype), 0)
    rtol = exact if rtol is None else rtol
    np.testing.assert_allclose(ours.get(), expected, rtol=rtol, atol=rtol if atol is None else atol)


# Pooling


def maxima(kernels, name, x, layout=lambda x: x):
    """All that there is to max_pool2d: largest pixels, taps, gradient of the input, and what the taps see."""
    shape, *frame, more = WINDOWS[name]
    places = tuple(np.add(positions(shape[2:], *frame), more).tolist())
    y, taps = kernels.max_pool2d(layout(x), *frame, places)
    g = layout(random_array(y.shape, x.dtype, seed=1))
    gradient = kernels.max_pool2d_input(g, taps, shape[2:], *frame)
    return y, taps, gradient, kernels.max_pool2d_picked(layout(x), taps, *frame)


def means(kernels, name, x, layout=lambda x: x):
    """Both kernels of avg_pool2d."""
    shape, kernel, stride, padding, _, more = WINDOWS[name]
    places = tuple(np.add(positions(shape[2:], kernel, stride, padding, (1, 1)), more).tolist())
    divisors = random_array(places, x.dtype, low=1, high=4)
    divisors = divisors if kernels is reference else on_card(divisors)
    y = kernels.avg_pool2d(layout(x), divisors, kernel, stride, padding)
    g = layout(random_array(y.shape, x.dtype, seed=1))
    return y, kernels.avg_pool2d_input(g, divisors, shape[2:], kernel, stride, padding)


@pytest.mark.parametrize("name", WINDOWS)
@each_float
def test_pooling_on_a_card(name, dtype):
    layout = sorted(LAYOUTS)[len(name) % 3]
    for x in (random_array(WINDOWS[name][0], dtype), few_numbers(WINDOWS[name][0], dtype)):
        ours = maxima(gpu, name, x, lambda x: laid(x, layout))
        for mine, expected in zip(ours, maxima(reference, name, x)):
            assert_close(mine, expected, dtype, atol=4 * FLOATS[dtype])
    x = random_array(WINDOWS[name][0], dtype)
    for mine, expected in zip(means(gpu, name, x, lambda x: laid(x, layout)), means(reference, name, x)):
        assert_close(mine, expected, atol=8 * FLOATS[dtype])


def test_nan_is_the_largest_and_the_last_of_several_gets_the_gradient():
    x = np.array([[np.nan, 1, np.nan, -np.inf], [2, np.nan, -np.inf, -np.inf]], "float32").reshape(1, 1, 2, 4)
    frame = (2, 2), (1, 2), (1, 0), (1, 1)
    expected = reference.max_pool2d(x, *frame, (3, 2))
    ours = gpu.max_pool2d(cupy.array(x), *frame, (3, 2))
    for mine, theirs in zip(ours, expected):
        np.testing.assert_array_equal(mine.get(), theirs)
    g = np.arange(6, dtype="float32").reshape(1, 1, 3, 2) + 1
    to_x = gpu.max_pool2d_input(cupy.array(g), ours[1], (2, 4), *frame)
    assert_close(to_x, reference.max_pool2d_input(g, expected[1], (2, 4), *frame), rtol=0)


@pytest.mark.parametrize("dtype", ["int8", "int64", "uint8"])
def test_pooling_of_integers_on_a_card(dtype):
    frame = (2, 2), (2, 2), (0, 0)
    x = random_array((2, 3, 4, 6), dtype, high=9)
    for mine, expected in zip(
        gpu.max_pool2d(cupy.array(x), *frame, (1, 1), (2, 3)), reference.max_pool2d(x, *frame, (1, 1), (2, 3))
    ):
        assert_close(mine, expected)


# Batch normalization


SHAPES = [(1, 1, 1, 1), (2, 3, 1, 1), (3, 5, 7, 13), (300, 2, 1, 1), (2, 33, 9, 11), (1, 300, 3, 2)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@each_float
@pytest.mark.parametrize("affine", [True, False])
def test_batch_norm_on_a_card(shape, dtype, affine):
    x, g = random_array(shape, dtype), random_array(shape, dtype, seed=1)
    weight, bias = random_array((2, shape[1]), dtype) if affine else (None, None)
    wide = [None if a is None else a.astype("float64") for a in (g, x, weight, bias)]
    layout = "in order" if affine else "with gaps"
    vectors = (None if a is None else cupy.repeat(cupy.array(a), 2)[::2] for a in (weight, bias))
    ours = laid(g, "channels last"), laid(x, layout), *vectors
    exact = reference.channel_moments(wide[1])
    for mine, expected in zip(gpu.channel_moments(ours[1]), exact):
        assert_close(mine, expected, rtol=1e-6 if dtype != "float64" else 1e-13)
    assert_close(gpu.channel_sums(ours[0]), reference.channel_sums(g), atol=100 * FLOATS[dtype])
    for training in (True, False):
        mean, var = exact if training else random_array((2, shape[1]), max(dtype, "float32"), 0.5)
        on = cupy.array(mean), cupy.array(var)
        y = gpu.normalize_channels(ours[1], *on, *ours[2:], 0.1)
        assert y.transpose(0, 2, 3, 1).flags.c_contiguous
        expected = reference.normalize_channels(wide[1], mean, var, *wide[2:], 0.1).astype(dtype)
        assert_close(y, expected, atol=4 * FLOATS[dtype])
        gradients = gpu.batch_norm_backward(*ours[:2], *on, ours[2], 0.1, training)
        expected = reference.batch_norm_backward(*wide[:2], mean, var, wide[2], 0.1, training)
        for mine, theirs in zip(gradients, expected):
            assert_close(mine, theirs.astype(dtype), atol=100 * FLOATS[dtype])


@each_float
def test_running_statistics_on_a_card(dtype):
    running, new = random_array((2, 70), dtype, low=0.5, high=2)
    ours = cupy.array(running)
    for kernels, statistics, values in ((gpu, ours, on_card(new)), (reference, running, new)):
        kernels.move_towards(statistics, values.astype(np.float64), 0.3)
    assert_close(ours, running)


@pytest.mark.parametrize(("mean", "deviation"), [(1000, 1), (-3e4, 0.1), (1, 1e-5), (0, 1e-9), (0, 0)])
def test_large_means_and_small_variances_cost_no_precision(mean, deviation):
    x = (random_array((4, 3, 20, 9), "float64") * deviation + mean).astype("float32")
    x[0, 0, 0, 0] = mean + 8 * deviation  # a first number that is far from the others
    exact = reference.channel_moments(x.astype("float64"))
    ours = gpu.channel_moments(cupy.array(x))
    for mine, expected, smallest in zip(ours, exact, (deviation, 0)):
        assert_close(mine, expected, rtol=1e-6, atol=1e-6 * smallest)
    y = gpu.normalize_channels(cupy.array(x), *ours, None, None, 1e-30)
    expected = reference.normalize_channels(x, *exact, None, None, 1e-30)
    assert_close(y, expected, atol=4e-6)


def test_a_channel_with_nan_or_infinity_spoils_no_other():
    x = random_array((2, 4, 5, 3))
    x[0, 0, 0, 0] = x[1, 2, 4, 1] = np.inf
    x[1, 1, 3, 2] = np.nan
    with np.errstate(invalid="ignore"):
        expected = reference.channel_moments(x)
    for mine, theirs in zip(gpu.channel_moments(cupy.array(x)), expected):
        assert_close(mine, theirs, rtol=1e-6)


@pytest.mark.parametrize("shape", [(0, 3, 2, 2), (2, 0, 3, 3), (2, 3, 0, 4)], ids=str)
def test_kernels_take_empty_pictures(shape):
    x, channels = np.zeros(shape, "float32"), np.ones(shape[1])
    X, vector = cupy.array(x), cupy.array(channels)
    assert gpu.channel_sums(X).shape == (shape[1],)
    assert [m.shape for m in gpu.channel_moments(X)] == [(shape[1],)] * 2
    assert gpu.normalize_channels(X, vector, vector, None, None, 0.1).shape == shape
    assert gpu.batch_norm_backward(X, X, vector, vector, None, 0.1, False)[0].shape == shape
    assert gpu.relu(X).shape == gpu.relu_input(X, X).shape == shape


# Resizing


@pytest.mark.parametrize("name", RESIZED)
@pytest.mark.parametrize("dtype", [*FLOATS, "uint8"])
def test_resizing_on_a_card(name, dtype):
    shape, size, rows, columns = RESIZED[name]
    links = [
        (place, source, np.ones_like(weight, dtype) if dtype == "uint8" else weight.astype(dtype))
        for place, source, weight in (rows(shape[2], size[0]), columns(shape[3], size[1]))
    ]
    back = [(source, place, weight) for place, source, weight in links]
    high = 4 if dtype == "uint8" else 3
    x, g = random_array(shape, dtype, high=high), random_array((*shape[:2], *size), dtype, high=high, seed=1)
    for layout in LAYOUTS:
        y = gpu.resize2d(laid(x, layout), *links, size)
        assert_close(y, reference.resize2d(x, *links, size), atol=20 * FLOATS.get(dtype, 0))
        to_x = gpu.resize2d(laid(g, layout), *back, shape[2:])
        assert_close(to_x, reference.resize2d(g, *back, shape[2:]), atol=100 * FLOATS.get(dtype, 0))


# Rectification


@pytest.mark.parametrize("dtype", [*FLOATS, "int64"])
@each_layout
def test_rectification_on_a_card(layout, dtype):
    x, g = (random_array((3, 4, 5, 6), dtype, seed=seed) for seed in range(2))
    X, G = laid(x, layout), laid(g, "channels last")
    y = gpu.relu(X)
    assert_close(y, reference.relu(x), rtol=0)
    assert y.strides == cupy.empty_like(X).strides
    assert_close(gpu.relu_input(G, y), reference.relu_input(g, y.get()), rtol=0)
    for slope in (0.2, -0.5):
        assert_close(gpu.leaky_relu(X, slope), reference.leaky_relu(x, slope))
        assert_close(gpu.leaky_relu_input(G, X, slope), reference.leaky_relu_input(g, x, slope))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_a_sum_of_pictures_keeps_their_order_in_memory(layout, dtype):
    x, y = (random_array((3, 4, 5, 6), dtype, seed=seed) for seed in range(2))
    X, Y = laid(x, layout), laid(y, "channels last")
    total = gpu.add(X, Y)
    assert_close(total, x + y, rtol=0)
    assert layout != "channels last" or total.strides == Y.strides
    assert_close(gpu.add(X, Y[:1]), x + y[:1], rtol=0)


def test_rectification_of_nan_infinity_and_single_numbers():
    x = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1e-45], "float32")
    g = np.full_like(x, np.inf)
    y = gpu.relu(cupy.array(x))
    assert_close(y, reference.relu(x), rtol=0)
    assert_close(gpu.relu_input(cupy.array(g), y), reference.relu_input(g, y.get()), rtol=0)
    assert_close(gpu.leaky_relu(cupy.array(x), 0.5), reference.leaky_relu(x, 0.5), rtol=0)
    assert_close(gpu.relu(cupy.array(np.float32(-1))), np.array(0, "float32"))


# Optimizers


STATES = {
    "vector": lambda seed: random_array((1007,), seed=seed),
    "float64": lambda seed: random_array((3, 5), "float64", seed=seed),
    "float16": lambda seed: random_array((3, 5), "float16", seed=seed),
    "0-d": lambda seed: random_array((), seed=seed),
    "empty": lambda seed: random_array((0, 3), seed=seed),
    "channels last": lambda seed: random_array((2, 3, 5, 4), seed=seed).transpose(0, 3, 1, 2),
    "gradient transposed": lambda seed: (
        random_array((4, 6), seed=seed).T if seed == 1 else random_array((6, 4), seed=seed)
    ),
    "NaN and inf": lambda seed: np.array([np.nan, 1, np.inf, -np.inf, 0], "float32"),
}
MORE_STEPS = [
    ("rmsprop_step", 4, [], {"lr": 0.1, "alpha": 0.9, "eps": 1e-8, "weight_decay": 0.1}),
    ("rmsprop_step", 5, [], {"lr": 0.1, "alpha": 0.9, "eps": 1e-8, "momentum": 0.9, "maximize": True}),
]


def stepped(kernels, name, arrays, options, change=lambda x: x):
    """The arrays after three steps of an optimizer."""
    for step in range(1, 4):
        numbered = {**options, "step": step} if name == "adam_step" else options
        given = {key: change(x) if type(x) in (int, float) else x for key, x in numbered.items()}
        getattr(kernels, name)(*arrays, **given)
    return arrays


def states(state, count, left_out):
    arrays = [STATES[state](seed) for seed in range(count - len(left_out))]
    for i, x in enumerate(arrays[2:], 2):
        np.abs(x, out=x)
        if i == 3:  # smaller, as the square of a mean is than the mean of squares
            x *= 0.1
    return [*arrays, *left_out]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's of NaN and of float16's limits
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("name", "count", "left_out", "options"), [*STEPS, *MORE_STEPS])
def test_steps_on_a_card(name, count, left_out, options, state):
    if state == "float16":
        options = {**options, "eps": 1e-3} if "eps" in options else options
    arrays = states(state, count, left_out)
    ours = stepped(gpu, name, [x if x is None else cupy.asarray(x) for x in arrays], options)
    expected = stepped(reference, name, [x if x is None else x.copy(order="K") for x in arrays], options)
    for mine, theirs in zip(ours, expected):
        if theirs is not None:
            exact = {"float16": 3e-2, "float32": 2e-5, "float64": 1e-13}[theirs.dtype.name]
            assert_close(mine, theirs, rtol=exact)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize(
    ("name", "count", "options", "changing"),
    [
        ("sgd_step", 3, {"lr": 0.1, "momentum": 0.9}, ["lr", "momentum"]),
        ("adam_step", 4, ADAM, ["lr", "step"]),
        ("adam_step", 4, {**ADAM, "weight_decay": 0.1, "decoupled_weight_decay": True}, ["lr", "beta1"]),
        ("rmsprop_step", 3, {"lr": 0.1, "alpha": 0.9, "eps": 1e-8}, ["lr"]),
        ("adagrad_step", 3, {"lr": 0.1, "eps": 1e-8, "lr_decay": 0.1, "step": 3}, ["lr", "step"]),
    ],
)
def test_options_may_be_on_the_card(name, count, options, changing, kind):
    for dtype in ("float32", "float64"):
        arrays = [np.abs(random_array((37,), dtype, seed=seed)) for seed in range(count)]
        ours, expected = ([cupy.array(x) for x in arrays], [x.copy() for x in arrays])
        for step in (1, 2):
            numbers = {**options, "step": step} if name == "adam_step" else options
            moved = {key: cupy.array(x, kind) if key in changing else x for key, x in numbers.items()}
            getattr(gpu, name)(*ours, **moved)
            getattr(reference, name)(*expected, **numbers)
        for mine, theirs in zip(ours, expected):
            assert_close(mine, theirs, rtol=2e-5)


# Classes


def losses(kernels, x, target, weight, *options):
    """Losses and weights of rows, and the gradient for one factor and for one a row."""
    loss, weights, gradient = kernels.cross_entropy(x, target, weight, *options)
    one, many = (np.array(1.5, x.dtype).reshape(1, 1), random_array((len(target), 1), x.dtype, seed=2))
    if kernels is gpu:
        one, many = cupy.array(one), cupy.array(many)
    return loss, weights, gradient(one), gradient(many), *kernels.averaged(loss, weights)


@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (64, 10), (7, 300), (3, 1000), (0, 4)], ids=str)
@each_float
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's of the mean of no losses
def test_cross_entropy_on_a_card(shape, dtype, smoothing):
    x = random_array(shape, dtype, low=-4, high=4)
    target = np.random.default_rng(0).integers(0, shape[1], shape[0])
    for weight in (None, random_array(shape[1:], dtype, low=0.5, high=2)):
        for ignored in (-100, 1):
            for kind in ("int64", "uint8"):
                if kind == "uint8" and shape[1] > 256:
                    continue
                given = x, target.astype(kind), weight
                expected = losses(reference, *given, ignored, smoothing)
                for mine, theirs in zip(losses(gpu, *map(on_card, given), ignored, smoothing), expected):
                    assert_close(mine, np.asarray(theirs, dtype), rtol=8 * FLOATS[dtype])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_cross_entropy_of_large_infinite_and_undefined_logits():
    x = [[1e4, -1e4, 0], [3e4, 3e4, 3e4], [-np.inf, 1, 2], [0, np.nan, 1], [np.inf, 0, 1]]
    x = np.array(x, "float32")
    for target in ([0, 1, 2, 0, 0], [1, 2, 0, 1, 1]):
        given = x, np.array(target), None, -100, 0.0
        for mine, theirs in zip(losses(gpu, *map(on_card, given)), losses(reference, *given)):
            assert_close(mine, np.asarray(theirs, x.dtype))


def test_classes_that_there_are_not_are_found_and_make_nan_where_nobody_looks():
    for target in (cupy.array([0, 3, 1]), cupy.array([0, -1, 1]), cupy.array([0, 3], np.uint8)):
        assert not gpu.are_classes(target, 3, -100)
        assert gpu.are_classes(target, 4, -1)
        loss, _, gradient = gpu.cross_entropy(cupy.ones((len(target), 3)), target, None, -100, 0.0)
        undefined = [False, True, False][: len(target)]
        assert np.isnan(loss.get()).tolist() == undefined
        assert np.isnan(gradient(cupy.ones((1, 1))).get()).any(axis=1).tolist() == undefined
    assert gpu.are_classes(cupy.array([], np.int64), 3, -100)


def test_every_kernel_has_the_signature_of_its_reference():
    assert gpu.__all__ == reference.__all__
    for name in reference.__all__:
        assert inspect.signature(getattr(gpu, name)) == inspect.signature(getattr(reference, name)), name


# The launcher


def test_a_kernel_takes_no_argument_of_another_type():
    kernel = gpu.pooling.source.kernel("avg_pool", "float32")
    x = cupy.zeros((1, 2, 2, 1), np.float32)
    sizes = ((1, 2, 2), (1, 1), (2, 2), (2, 2), (0, 0))
    kernel(1, x, x, x.copy(), *sizes)
    with pytest.raises(TypeError, match=r"avg_pool: `const T \*divisors` .* float32, not .* float64"):
        kernel(1, x, x.astype(np.float64), x, *sizes)
    with pytest.raises(TypeError, match="strides"):
        kernel(1, x, cupy.zeros((1, 2, 2, 2), np.float32)[..., 0], x, *sizes)
    with pytest.raises(TypeError, match="takes 14 arguments, not 13"):
        kernel(1, x, x, *sizes)
    with pytest.raises(OverflowError):
        kernel(1, x, x, x, 2**31, *sizes[0][1:], *sizes[1:])


# All together


def network():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Upsample(scale_factor=2, mode="bilinear"), nn.LeakyReLU(0.1), nn.AvgPool2d(3, 2, 1), nn.Flatten(),
        nn.Linear(8 * 16, 10),
    )  # fmt: skip


OPTIMIZERS = {
    "SGD": lambda params: optim.SGD(params, lr=0.05, momentum=0.9, weight_decay=1e-3),
    "Adam": lambda params: optim.Adam(params, lr=0.01),
    "AdamW": lambda params: optim.AdamW(params, lr=0.01, amsgrad=True),
    "RMSprop": lambda params: optim.RMSprop(params, lr=0.001, centered=True),
    "Adagrad": lambda params: optim.Adagrad(params, lr=0.01),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_training_takes_the_same_course_everywhere_recorded_or_not(optimizer):
    courses = []
    for device, prepare in (("cpu", lambda step: step), ("cuda", lambda step: step), ("cuda", captured)):
        with dark.device("cpu"):
            dark.manual_seed(0)
            model, x = network(), dark.randn(6, 3, 8, 8)
            target = dark.randint(0, 10, (6,))
        model, x, target = model.to(device), x.to(device), target.to(device)
        update = OPTIMIZERS[optimizer](model.parameters())

        def step(x, target, model=model, update=update):
            update.zero_grad()
            loss = F.cross_entropy(model(x), target, label_smoothing=0.1)
            loss.backward()
            update.step()
            return loss

        step = prepare(step)
        courses.append([step(x, target).item() for _ in range(6)] + [model.eval()(x).sum().item()])
    np.testing.assert_allclose(courses[1], courses[0], rtol=1e-3)
    np.testing.assert_allclose(courses[2], courses[1], rtol=1e-5)
