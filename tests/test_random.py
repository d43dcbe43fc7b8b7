"""Random numbers: from the same seed, PyTorch's, and the stream is left in the same place."""

import base64
import copy
import json
import math
import pickle
import zlib
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, on_the_cpu, torch

VECTORS = json.loads((Path(__file__).parent / "data" / "torch_random.json").read_text())
CLOSE = {"float16": 1e-3, "float32": 1e-6, "float64": 1e-14}  # differences seen: up to 3e-7 and 4e-16


def slack():
    """By how much more the last places of this PyTorch may differ: it may be built, or run, in another way.

    The stored numbers were made where processors have AVX2 and round a product and sum once.
    """
    if torch is None or torch.backends.cpu.get_cpu_capability() not in ("AVX2", "AVX512"):
        return 10
    torch.manual_seed(0)
    u = torch.rand(1000).numpy().astype("float64")
    torch.manual_seed(0)
    low, high = np.float32(0.1), np.float32(0.3)
    once = (u * np.float64(high - low) + np.float64(low)).astype("float32")
    return 0 if np.array_equal(torch.empty(1000).uniform_(0.1, 0.3).numpy(), once) else 10


SLACK = slack()


@pytest.fixture(autouse=True)
def on_the_cpus_generator():
    """These are the numbers of its generator; a card's have tests of their own."""
    with on_the_cpu():
        yield


def blank(t, shape, dtype="float32", axes=None):
    """A tensor to fill; with `axes`, one whose dimensions are in another order than in memory."""
    array = np.zeros(shape, dtype)
    return t.from_numpy(array if axes is None else array.transpose(axes))


def probabilities(t, shape=(4, 5), dtype="float32"):
    """Numbers in [0, 1], both ends included."""
    return t.from_numpy(np.linspace(0, 1, int(np.prod(shape))).reshape(shape).astype(dtype))


def several(t, *tensors):
    """The elements of all of them in one tensor."""
    return t.from_numpy(np.concatenate([x.numpy().reshape(-1).astype("float32") for x in tensors]))


EXACT = [  # the numbers come from bits alone
    ("rand", lambda t: t.rand(3, 4)),
    ("rand of a tuple", lambda t: t.rand((3, 4))),
    ("rand float64", lambda t: t.rand(3, 4, dtype=t.float64)),
    ("rand float16", lambda t: t.rand(3000, dtype=t.float16)),
    ("rand 0-d", lambda t: t.rand(())),
    ("rand of nothing", lambda t: t.rand(3, 0)),
    ("rand past a twist", lambda t: t.rand(100, 100)),
    ("rand generator", lambda t: t.rand(5, generator=t.Generator().manual_seed(2**40 + 3))),
    ("rand_like", lambda t: t.rand_like(blank(t, (3, 4)))),
    ("rand_like transposed", lambda t: t.rand_like(blank(t, (3, 4), axes=(1, 0)))),
    ("rand_like sliced", lambda t: t.rand_like(blank(t, (3, 4, 5), axes=(2, 0, 1))[:, :, ::2])),
    ("rand_like expanded", lambda t: t.rand_like(blank(t, (3, 1)).broadcast_to((3, 4)))),
    ("rand_like dtype", lambda t: t.rand_like(blank(t, (3, 4), "int32"), dtype=t.float64)),
    ("uniform_", lambda t: blank(t, (300,)).uniform_()),
    ("uniform_ bounds", lambda t: blank(t, (300,)).uniform_(-0.0357, 0.0357)),
    ("uniform_ skew bounds", lambda t: blank(t, (300,)).uniform_(0.1, 1000.7)),
    ("uniform_ to", lambda t: blank(t, (300,)).uniform_(to=3)),
    ("uniform_ empty range", lambda t: blank(t, (30,)).uniform_(2, 2)),
    ("uniform_ float64", lambda t: blank(t, (300,), "float64").uniform_(-0.0357, 0.0357)),
    ("uniform_ skew float64", lambda t: blank(t, (300,), "float64").uniform_(0.1, 1000.7)),
    ("uniform_ float16", lambda t: blank(t, (3000,), "float16").uniform_(-1, 3)),
    ("uniform_ permuted", lambda t: blank(t, (5, 4, 6), axes=(2, 0, 1)).uniform_()),
    ("uniform_ sliced", lambda t: blank(t, (5, 4, 6))[1::2, :, ::3].uniform_()),
    ("uniform_ of nothing", lambda t: blank(t, (0, 3)).uniform_()),
    ("randint", lambda t: t.randint(10, (3, 4))),
    ("randint low", lambda t: t.randint(-3, 10, (3, 4))),
    ("randint keywords", lambda t: t.randint(low=-3, high=10, size=(3, 4), dtype=t.int32)),
    ("randint high size", lambda t: t.randint(10, size=(3, 4))),
    ("randint uint8", lambda t: t.randint(256, (30,), dtype=t.uint8)),
    ("randint bool", lambda t: t.randint(2, (30,), dtype=t.bool)),
    ("randint float", lambda t: t.randint(10, (30,), dtype=t.float32)),
    ("randint below 2^28", lambda t: t.randint(2**28 - 1, (30,))),
    ("randint 2^28", lambda t: t.randint(2**28, (30,))),
    ("randint int32 2^31", lambda t: t.randint(-(2**31), 2**31, (30,), dtype=t.int32)),
    ("randint 2^40", lambda t: t.randint(2**40, (30,))),
    ("randint 2^62", lambda t: t.randint(-(2**62), 2**63 - 1, (30,))),
    ("randint_like", lambda t: t.randint_like(blank(t, (3, 4), axes=(1, 0)), 10)),
    ("randint_like low", lambda t: t.randint_like(blank(t, (3, 4), "int32"), -5, 10)),
    ("random_ to", lambda t: blank(t, (30,), "int64").random_(10)),
    ("random_ from to", lambda t: blank(t, (30,), "int64").random_(5, 10)),
    ("random_ from None", lambda t: blank(t, (30,), "int64").random_(5, None)),
    ("random_ 2^64", lambda t: blank(t, (30,), "int64").random_(-(2**63), None)),
    ("random_ int16 None", lambda t: blank(t, (30,), "int16").random_(-7, None)),
    ("random_ float32 None", lambda t: blank(t, (30,)).random_(1, None)),
    ("random_ 0-d", lambda t: blank(t, (), "int64").random_()),
    ("random_ permuted", lambda t: blank(t, (5, 4, 6), "int64", (2, 0, 1)).random_(100)),
    *(
        (f"random_ {dtype}", lambda t, dtype=dtype: blank(t, (30,), dtype).random_())
        for dtype in ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
    ),
    ("randperm", lambda t: t.randperm(10)),
    ("randperm 1000", lambda t: t.randperm(1000)),
    ("randperm 1", lambda t: t.randperm(1)),
    ("randperm 0", lambda t: t.randperm(0)),
    ("randperm dtype", lambda t: t.randperm(255, dtype=t.uint8)),
    ("randperm generator", lambda t: t.randperm(20, generator=t.Generator().manual_seed(-1))),
    ("bernoulli", lambda t: t.bernoulli(probabilities(t))),
    ("bernoulli float64", lambda t: t.bernoulli(probabilities(t, (5, 4), "float64"))),
    ("bernoulli method", lambda t: probabilities(t, (30,)).bernoulli()),
    ("bernoulli p", lambda t: t.bernoulli(blank(t, (30,)), 0.3)),
    ("bernoulli method p", lambda t: blank(t, (30,), "int64").bernoulli(0.3)),
    ("bernoulli_", lambda t: blank(t, (30,)).bernoulli_()),
    ("bernoulli_ p", lambda t: blank(t, (30,), "bool").bernoulli_(0.9)),
    ("bernoulli_ permuted", lambda t: blank(t, (5, 6), axes=(1, 0)).bernoulli_(0.3)),
    ("bernoulli_ tensor", lambda t: blank(t, (3, 5), "int64").bernoulli_(probabilities(t, (5,)))),
    ("bernoulli_ 0-d tensor", lambda t: blank(t, (30,)).bernoulli_(t.tensor(0.3))),
    ("bernoulli_ tensor permuted", lambda t: blank(t, (5, 4), axes=(1, 0)).bernoulli_(probabilities(t))),
    ("multinomial replacement", lambda t: t.multinomial(probabilities(t, (50,)), 300, True)),
    ("multinomial rows", lambda t: probabilities(t, (4, 50), "float64").multinomial(40, replacement=True)),
]
CLOSELY = [  # the numbers come from logarithms and sines, of which each machine has its own last digit
    ("randn", lambda t: t.randn(3, 4)),
    ("randn 0-d", lambda t: t.randn(())),
    ("randn of nothing", lambda t: t.randn(3, 0)),
    *(
        (f"randn {n} {dtype}", lambda t, n=n, dtype=dtype: t.randn(n, dtype=getattr(t, dtype)))
        for n in (1, 15, 16, 17, 31, 32, 1000)
        for dtype in ("float16", "float32", "float64")
    ),
    ("randn generator", lambda t: t.randn(20, generator=t.Generator().manual_seed(5))),
    ("odd one waits", lambda t: several(t, t.randn(3), t.randn(2, dtype=t.float64), t.rand(3), t.randn(1))),
    ("it waits behind blocks", lambda t: several(t, t.randn(1), t.randn(16), t.randperm(9), t.randn(3))),
    ("nothing leaves it waiting", lambda t: several(t, t.randn(1), t.randn(0), t.randn(1))),
    ("a new seed forgets it", lambda t: several(t, t.randn(1), t.manual_seed(5) and t.randn(2))),
    ("randn_like", lambda t: t.randn_like(blank(t, (5, 4)))),
    ("randn_like transposed", lambda t: t.randn_like(blank(t, (5, 4), axes=(1, 0)))),
    ("normal_", lambda t: blank(t, (37,)).normal_(3, 0.25)),
    ("normal_ float64", lambda t: blank(t, (37,), "float64").normal_(-3, 0.3)),
    ("normal_ few", lambda t: blank(t, (7,)).normal_(-3, 0.3)),
    ("normal_ std 0", lambda t: blank(t, (20,)).normal_(2, 0)),
    ("normal_ permuted", lambda t: blank(t, (5, 4, 6), axes=(2, 0, 1)).normal_(1, 2)),
    ("normal_ sliced", lambda t: blank(t, (5, 40))[:, ::2].normal_()),
    ("normal numbers", lambda t: t.normal(2.0, 0.5, (4, 5))),
    ("normal dtype", lambda t: t.normal(2, 3, (4, 5), dtype=t.float64)),
    ("normal mean", lambda t: t.normal(probabilities(t))),
    ("normal mean, std number", lambda t: t.normal(probabilities(t, dtype="float64"), 0.1)),
    ("normal mean number, std", lambda t: t.normal(4.0, probabilities(t))),
    ("normal tensors", lambda t: t.normal(probabilities(t, (5, 1)), probabilities(t, (4,)))),
    ("normal types", lambda t: t.normal(probabilities(t), probabilities(t, dtype="float64"))),
    ("exponential_", lambda t: blank(t, (300,)).exponential_()),
    ("exponential_ lambd", lambda t: blank(t, (300,), "float64").exponential_(lambd=2.5)),
    ("exponential_ permuted", lambda t: blank(t, (5, 4), axes=(1, 0)).exponential_(0.1)),
    ("multinomial", lambda t: t.multinomial(probabilities(t, (50,)), 20)),
    ("multinomial one", lambda t: t.multinomial(probabilities(t, (50,), "float64"), 1)),
    ("multinomial rows, without", lambda t: probabilities(t, (4, 50)).multinomial(5)),
    ("multinomial all", lambda t: t.multinomial(probabilities(t, (50,)) + 0.01, 50)),
]
PROGRAMS = [(name, function, False) for name, function in EXACT]
PROGRAMS += [(name, function, True) for name, function in CLOSELY]


def run(t, function, seed=1234):
    """The numbers of a program, and the one that comes next."""
    t.manual_seed(seed)
    result = function(t).detach().numpy()
    return result, blank(t, (), "int64").random_().item()


def digest(array):
    """What is stored of an array: all of a small one; of a large one both ends, and a weighted sum."""
    flat = array.reshape(-1).astype("float64" if array.dtype.kind == "f" else "int64")
    ends = flat if flat.size <= 12 else np.concatenate([flat[:6], flat[-6:]])
    weights = np.arange(1, flat.size + 1) % 1009
    total = math.fsum((flat * weights).tolist())  # rounded once, whatever the order of the sum
    return array.dtype.name, list(array.shape), ends.tolist(), total


def assert_equal(ours, theirs, close, dtype, slack=0):
    """Equal to the last bit, or `close`."""
    tolerance = CLOSE.get(dtype, 0) * (slack or int(close))
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


table = pytest.mark.parametrize(
    ("function", "close"), [program[1:] for program in PROGRAMS], ids=[program[0] for program in PROGRAMS]
)


@table
def test_numbers_are_those_stored(function, close, request):
    result, following = run(dark, function)
    expected = VECTORS["programs"][request.node.callspec.id]
    assert following == expected["next"], "the stream is in another place"
    dtype, shape, ends, total = digest(result)
    assert (dtype, shape) == (expected["dtype"], expected["shape"])
    assert_equal(ends, expected["ends"], close, dtype)
    assert_equal(total / max(1, result.size), expected["sum"] / max(1, result.size), close, dtype)


@needs_torch
@table
def test_numbers_are_those_of_pytorch(function, close):
    for seed in (0, 77):
        ours, following = run(dark, function, seed)
        theirs, other = run(torch, function, seed)
        assert following == other, "the stream is in another place"
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        assert_equal(ours, theirs, close, ours.dtype.name, SLACK)


@table
def test_same_seed_same_bits(function, close):
    first, _ = run(dark, function)
    again, _ = run(dark, function)
    assert first.tobytes() == again.tobytes()


@needs_torch
def test_any_sequence_of_calls_leaves_the_stream_where_pytorch_does():
    dark.manual_seed(9)
    torch.manual_seed(9)
    for i in np.random.default_rng(0).integers(len(PROGRAMS), size=300):
        name, function, close = PROGRAMS[i]
        if "forgets" in name:
            continue
        ours, theirs = function(dark).numpy(), function(torch).numpy()
        assert_equal(ours, theirs, close, ours.dtype.name, SLACK)
        assert_states_equal(dark.get_rng_state().numpy(), torch.get_rng_state().numpy())


def assert_states_equal(ours, theirs):
    """All bytes but those of the waiting normal number, which is close."""
    spare = slice(24 + 624 * 8 + 8, 24 + 624 * 8 + 16)
    np.testing.assert_allclose(ours[spare].view("f8"), theirs[spare].view("f8"), rtol=1e-14)
    ours, theirs = ours.copy(), theirs.copy()
    ours[spare] = theirs[spare] = 0
    np.testing.assert_array_equal(ours, theirs)


@needs_torch
@pytest.mark.parametrize("drawn", [0, 1, 623, 624, 625, 1248, 2000])
def test_states_are_pytorchs_and_move_both_ways(drawn):
    ours, theirs = dark.Generator().manual_seed(2**35 + 1), torch.Generator().manual_seed(2**35 + 1)
    for t, generator in ((dark, ours), (torch, theirs)):
        t.rand(drawn, generator=generator)
        t.randn(drawn % 4, generator=generator)
    assert_states_equal(ours.get_state().numpy(), theirs.get_state().numpy())

    here, there = dark.Generator(), torch.Generator()
    here.set_state(dark.from_numpy(theirs.get_state().numpy()))
    there.set_state(torch.from_numpy(ours.get_state().numpy()))
    assert here.initial_seed() == there.initial_seed() == 2**35 + 1
    np.testing.assert_array_equal(here.get_state().numpy(), theirs.get_state().numpy())
    np.testing.assert_array_equal(there.get_state().numpy(), ours.get_state().numpy())
    for t, generator in ((dark, here), (torch, there)):
        t.randn(5, generator=generator)
    np.testing.assert_array_equal(
        dark.rand(700, generator=here).numpy(), torch.rand(700, generator=there).numpy()
    )


def test_a_state_stored_by_pytorch_is_read():
    state = np.frombuffer(zlib.decompress(base64.b64decode(VECTORS["state"]["bytes"])), np.uint8)
    generator = dark.Generator().set_state(dark.tensor(state))
    assert generator.initial_seed() == VECTORS["state"]["initial_seed"]
    np.testing.assert_array_equal(generator.get_state().numpy(), state)
    following = dark.randn(3, generator=generator).numpy()
    np.testing.assert_allclose(following, VECTORS["state"]["randn"], rtol=1e-6)


def test_a_state_goes_on_where_it_was_taken():
    dark.manual_seed(3)
    dark.randn(5)
    state = dark.get_rng_state()
    first = dark.randn(50), dark.randint(2**40, (5,)), dark.randperm(1000)
    dark.set_rng_state(state)
    again = dark.randn(50), dark.randint(2**40, (5,)), dark.randperm(1000)
    for a, b in zip(first, again):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))])
@pytest.mark.parametrize("drawn", [0, 3])
def test_a_copy_of_a_generator_goes_on_by_itself(duplicate, drawn):
    generator = dark.Generator().manual_seed(3)
    dark.randn(drawn, generator=generator)
    twin = duplicate(generator)
    ours = dark.randn(5, generator=generator).numpy()
    np.testing.assert_array_equal(ours, dark.randn(5, generator=twin).numpy())


def test_generators_do_not_disturb_each_other():
    dark.manual_seed(3)
    undisturbed = dark.rand(8).tolist()
    dark.manual_seed(3)
    first = dark.rand(4).tolist()
    dark.rand(100, generator=dark.Generator())
    assert first + dark.rand(4).tolist() == undisturbed


def test_seeds():
    assert dark.manual_seed(5) is dark.default_generator
    assert dark.initial_seed() == dark.default_generator.initial_seed() == 5
    assert dark.manual_seed(-1).initial_seed() == 2**64 - 1
    assert dark.manual_seed(7.9).initial_seed() == 7
    assert dark.Generator().initial_seed() == 67280421310721
    assert dark.Generator().device == dark.device("cpu")
    seeds = {dark.seed(), dark.seed(), dark.Generator().seed()}
    assert len(seeds) == 3
    assert dark.initial_seed() in seeds


def test_an_unseeded_program_gets_numbers_nobody_can_foresee():
    dark.seed()
    first = dark.rand(4).tolist()
    dark.seed()
    assert dark.rand(4).tolist() != first


def test_the_distributions_are_what_they_claim():
    dark.manual_seed(0)
    n = 40_000
    u, z, e = (x.numpy() for x in (dark.rand(n), dark.randn(n), blank(dark, (n,)).exponential_(2.0)))
    assert u.min() >= 0
    assert u.max() < 1
    for x, mean, variance in ((u, 1 / 2, 1 / 12), (z, 0, 1), (e, 1 / 2, 1 / 4)):
        assert abs(x.mean() - mean) < 5 * (variance / n) ** 0.5
        assert abs(x.var() / variance - 1) < 0.06
    assert sorted(dark.randperm(1000).tolist()) == list(range(1000))
    assert np.bincount(dark.randint(10, (n,)).numpy()).std() < 120
    assert abs(dark.bernoulli(dark.tensor([0.3]).broadcast_to((n,))).numpy().mean() - 0.3) < 0.015
    weights = dark.tensor([1.0, 0.0, 2.0, 5.0])
    counts = np.bincount(weights.multinomial(n, replacement=True).numpy(), minlength=4) / n
    np.testing.assert_allclose(counts, [0.125, 0, 0.25, 0.625], atol=0.015)
    firsts = weights.broadcast_to((n, 4)).multinomial(3).numpy()
    assert set(firsts.reshape(-1)) == {0, 2, 3}
    counts = np.bincount(firsts[:, 0], minlength=4) / n
    np.testing.assert_allclose(counts, [0.125, 0, 0.25, 0.625], atol=0.015)


def test_rounding_never_returns_the_upper_bound():
    dark.manual_seed(0)
    for dtype in ("float16", "float32"):
        x = blank(dark, (20_000,), dtype).uniform_(1, 1 + 3 * float(np.finfo(dtype).eps)).numpy()
        assert x.min() == 1
        assert x.max() < 1 + 3 * np.finfo(dtype).eps


def test_channels_last_weights_start_like_those_stored_row_by_row():
    images = blank(dark, (7, 5, 5, 3), axes=(0, 3, 1, 2))  # how fast kernels may lay out a weight
    for fill in (dark.Tensor.normal_, dark.Tensor.uniform_, dark.Tensor.exponential_, dark.Tensor.bernoulli_):
        dark.manual_seed(0)
        expected = fill(blank(dark, (7, 3, 5, 5))).numpy()
        dark.manual_seed(0)
        np.testing.assert_array_equal(fill(images).numpy(), expected)


def test_results_can_require_grad():
    for result in (dark.rand(2, requires_grad=True), dark.normal(0.0, 1.0, (2,), requires_grad=True)):
        assert result.requires_grad
        assert result.is_leaf
    assert not dark.rand_like(dark.rand(2, requires_grad=True)).requires_grad


def test_a_graph_notices_that_what_it_needs_was_drawn_anew():
    x = dark.rand(3, requires_grad=True)
    w = dark.rand(3)
    y = x * w
    w.uniform_()
    with pytest.raises(RuntimeError, match="in-place"):
        y.backward(dark.rand(3))


ERRORS = [
    ("seed too large", ValueError, lambda t: t.Generator().manual_seed(2**64)),
    ("seed too small", ValueError, lambda t: t.manual_seed(-(2**63) - 1)),
    ("seed of a float", RuntimeError, lambda t: t.Generator().manual_seed(1.5)),
    ("state of floats", TypeError, lambda t: t.set_rng_state(t.rand(5056))),
    ("short state", RuntimeError, lambda t: t.set_rng_state(blank(t, (5,), "uint8"))),
    ("state of zeros", RuntimeError, lambda t: t.set_rng_state(blank(t, (5056,), "uint8"))),
    ("no generator", TypeError, lambda t: t.rand(3, generator=5)),
    ("no size", TypeError, lambda t: t.rand(2.5)),
    ("negative size", RuntimeError, lambda t: t.rand(-1)),
    ("no list", TypeError, lambda t: t.rand_like([1.0])),
    ("uniform integers", NotImplementedError, lambda t: t.rand(3, dtype=t.int64)),
    ("normal integers", NotImplementedError, lambda t: t.randn(3, dtype=t.int64)),
    ("normal of integers", NotImplementedError, lambda t: t.normal(blank(t, (3,), "int64"))),
    ("uniform_ integers", NotImplementedError, lambda t: blank(t, (3,), "int64").uniform_()),
    ("exponential_ integers", RuntimeError, lambda t: blank(t, (3,), "int64").exponential_()),
    ("uniform_ backwards", RuntimeError, lambda t: blank(t, (3,)).uniform_(2, 1)),
    ("uniform_ infinite", RuntimeError, lambda t: blank(t, (3,)).uniform_(0, float("inf"))),
    ("uniform_ too wide", RuntimeError, lambda t: blank(t, (3,)).uniform_(-3e38, 3e38)),
    ("normal_ negative std", RuntimeError, lambda t: blank(t, (3,)).normal_(0, -1)),
    ("normal_ NaN std", RuntimeError, lambda t: blank(t, (3,)).normal_(0, float("nan"))),
    ("normal negative std", RuntimeError, lambda t: t.normal(0.0, -1.0, (3,))),
    ("normal negative stds", RuntimeError, lambda t: t.normal(blank(t, (2,)), t.tensor([1.0, -1.0]))),
    ("normal shapes", RuntimeError, lambda t: t.normal(blank(t, (3,)), blank(t, (2,)))),
    ("normal of how many", TypeError, lambda t: t.normal(0.0, 1.0)),
    ("randint from = to", RuntimeError, lambda t: t.randint(5, 5, (3,))),
    ("randint 0", RuntimeError, lambda t: t.randint(0, (3,))),
    ("randint without size", TypeError, lambda t: t.randint(3, 5)),
    ("randint uint8 300", RuntimeError, lambda t: t.randint(300, (3,), dtype=t.uint8)),
    ("randint uint8 -1", RuntimeError, lambda t: t.randint(-1, 3, (3,), dtype=t.uint8)),
    ("random_ negative to", RuntimeError, lambda t: blank(t, (3,)).random_(-5)),
    ("randperm negative", RuntimeError, lambda t: t.randperm(-1)),
    ("randperm too many", RuntimeError, lambda t: t.randperm(300, dtype=t.uint8)),
    ("exponential_ 0", RuntimeError, lambda t: blank(t, (3,)).exponential_(0)),
    ("bernoulli 1.5", RuntimeError, lambda t: t.bernoulli(t.tensor([1.5]))),
    ("bernoulli NaN", RuntimeError, lambda t: t.bernoulli(t.tensor([float("nan")]))),
    ("bernoulli integers", NotImplementedError, lambda t: t.bernoulli(t.tensor([1]))),
    ("bernoulli_ -0.5", RuntimeError, lambda t: blank(t, (3,)).bernoulli_(-0.5)),
    ("bernoulli_ shapes", RuntimeError, lambda t: blank(t, (3,)).bernoulli_(blank(t, (2,)))),
    ("multinomial negative", RuntimeError, lambda t: t.multinomial(t.tensor([-1.0, 2.0]), 1)),
    ("multinomial infinite", RuntimeError, lambda t: t.multinomial(t.tensor([float("inf"), 1]), 1, True)),
    ("multinomial zeros", RuntimeError, lambda t: t.multinomial(t.tensor([0.0, 0.0]), 1)),
    ("multinomial too many", RuntimeError, lambda t: t.multinomial(t.tensor([1.0, 0.0]), 3)),
    ("multinomial none", RuntimeError, lambda t: t.multinomial(t.tensor([1.0, 0.0]), 0)),
    ("multinomial integers", RuntimeError, lambda t: t.multinomial(t.tensor([1, 0]), 1)),
    ("multinomial 3-d", RuntimeError, lambda t: t.multinomial(t.rand(2, 2, 2), 1)),
    ("leaf in place", RuntimeError, lambda t: t.rand(3, requires_grad=True).uniform_()),
    ("overlapping", RuntimeError, lambda t: blank(t, (1,)).broadcast_to((5,)).normal_()),
]


@pytest.mark.parametrize(("error", "function"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_errors(error, function):
    for t in (dark, torch) if torch is not None else (dark,):
        with pytest.raises(error) as raised:
            function(t)
        assert raised.type is error


def test_a_size_can_be_given_by_name():
    dark.manual_seed(0)
    ours = [dark.rand(size=(2, 3)), dark.randn(size=[4])]
    dark.manual_seed(0)
    assert all(dark.equal(a, b) for a, b in zip(ours, [dark.rand(2, 3), dark.randn(4)]))
