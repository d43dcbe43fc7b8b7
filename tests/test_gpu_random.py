"""Random numbers on a card: Philox's, the same on every card, and distributed as they should be."""  # beyond

import copy
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

import dark
import standin
from dark.nn import functional as F

cupy = sys.modules.get("cupy") or standin.install()

from dark.kernels.gpu import random  # noqa: E402
from dark.kernels.gpu.launch import Source  # noqa: E402

FLOATS = ("float16", "float32", "float64")
# Counter, key, result: the vectors with which Random123 checks its Philox4x32-10.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
PHILOX = random.source.text.split("// The four words of this thread")[0] + """
extern "C" __global__ void known(unsigned int *x, unsigned int key0, unsigned int key1) {
    philox(x, key0, key1);
}
"""


def words(text):
    return [int(word, 16) for word in text.split()]


def philox(counter, seed):
    """The four words of a counter, in Python."""
    x, key = [counter % 2**32, counter >> 32, 0, 0], [seed % 2**32, seed >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [b >> 32 ^ x[1] ^ key[0], b % 2**32, a >> 32 ^ x[3] ^ key[1], a % 2**32]
        key = [(key[0] + 0x9E3779B9) % 2**32, (key[1] + 0xBB67AE85) % 2**32]
    return x


def on_card(seed=1234):
    return dark.Generator("cuda").manual_seed(seed)


def numbers(tensor):
    return tensor.cpu().numpy()


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_philox_gives_the_known_answers(counter, key, result):
    source = Source(PHILOX, dtypes=("float32",))
    x = cupy.array(np.array(words(counter), np.uint32))
    source.kernel("known", "float32")(((1,), (1,)), x, *words(key))
    assert x.get().tolist() == words(result)


@pytest.mark.parametrize(("seed", "drawn"), [(0, 0), (2**63 + 5, 0), (7, 2**34 - 8), (-1, 400)])
def test_word_i_is_a_function_of_the_seed_and_i(seed, drawn):
    generator = on_card(seed)
    generator.go_to(drawn)
    expected = [word for i in range(260) for word in philox(drawn // 4 + i, seed % 2**64)]
    assert generator.words(1037).get().tolist() == expected[:1037]
    assert int(numbers(generator.get_state()).view("<u8")[1]) == drawn + 1040


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("kernel", ["uniform", "normal"])
def test_how_many_are_drawn_at_once_changes_nothing(kernel, dtype):
    draw = getattr(random, kernel)
    whole = draw(on_card(), 3000, dtype).get()
    np.testing.assert_array_equal(draw(on_card(), 7, dtype).get(), whole[:7])
    generator = on_card()
    parts = [draw(generator, n, dtype).get() for n in (4, 0, 1024, 8, 1964)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_numbers_are_the_words_upper_bits():
    expected = [word for i in range(3) for word in philox(i, 1234)]
    u = dark.rand(12, generator=on_card(), device="cuda")
    assert numbers(u).tolist() == [(word >> 8) / 2**24 for word in expected]
    u = dark.rand(6, generator=on_card(), device="cuda", dtype=dark.float64)
    longs = [high << 32 | low for low, high in zip(expected[::2], expected[1::2])]
    assert numbers(u).tolist() == [long_word / 2**64 // 2**-53 * 2**-53 for long_word in longs]


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_distributions_are_what_they_claim(dtype):
    n, kind = 40_000, getattr(dark, dtype)
    options = {"device": "cuda", "dtype": kind, "generator": on_card(1)}
    u, z = numbers(dark.rand(n, **options)), numbers(dark.randn(n, **options))
    e = numbers(dark.empty(n, device="cuda", dtype=kind).exponential_(2.0, generator=options["generator"]))
    assert u.dtype == z.dtype == e.dtype == dtype
    for x, law in ((u, "uniform"), (z, "norm"), (e * 2, "expon")):
        assert stats.kstest(x.astype(np.float64), law).pvalue > 0.01
    assert u.min() >= 0
    assert u.max() < 1
    assert abs(np.corrcoef(z[:-1].astype(float), z[1:].astype(float))[0, 1]) < 0.02  # of a pair, for one


@pytest.mark.parametrize("dtype", FLOATS)
def test_bounds_mean_and_deviation_are_those_asked_for(dtype):
    x = dark.empty(5000, device="cuda", dtype=getattr(dark, dtype))
    u = numbers(x.uniform_(-3, 5, generator=on_card()))
    assert -3 <= u.min() < -2.9
    assert 4.9 < u.max() < 5
    z = numbers(x.normal_(7, 0.5, generator=on_card())).astype(float)
    assert abs(z.mean() - 7) < 0.03
    assert abs(z.std() - 0.5) < 0.02
    eps = float(np.finfo(dtype).eps)
    near = numbers(x.uniform_(1, 1 + 3 * eps, generator=on_card()))  # nearly all round to one of these
    assert set(near.tolist()) == {1, 1 + eps, 1 + 2 * eps}
    assert set(numbers(x.uniform_(2, 2)).tolist()) == {2}


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_share_and_the_sum(dtype, p):
    dark.manual_seed(1)
    x = dark.ones(100, 200, device="cuda", dtype=getattr(dark, dtype))
    y = numbers(F.dropout(x, p))
    assert set(np.unique(y).tolist()) == {0, float(np.dtype(dtype).type(1 / (1 - p)))}
    assert abs((y == 0).mean() - p) < 0.015
    dark.manual_seed(1)
    np.testing.assert_array_equal(numbers(F.dropout(x, p)), y)
    channels = numbers(F.dropout2d(dark.ones(6, 7, 3, 2, device="cuda"), p))
    assert (channels == channels[:, :, :1, :1]).all()


def test_dropout_multiplies_gradients_by_the_same_noise():
    x = dark.rand(3, 4, 5, 5, device="cuda").requires_grad_()
    y = F.dropout(x, 0.4)
    y.sum().backward()
    np.testing.assert_allclose(numbers(x.grad * x.detach()), numbers(y.detach()), rtol=1e-6)


def test_integers_are_in_range_and_equally_likely():
    kinds = [(10, dark.int64), (7, dark.uint8), (2, dark.bool), (10, dark.float32), (5, dark.int16)]
    for count, dtype in kinds:
        x = dark.randint(count, (20_000,), device="cuda", dtype=dtype, generator=on_card())
        assert x.dtype is dtype
        counts = np.bincount(numbers(x).astype(int), minlength=count)
        assert stats.chisquare(counts).pvalue > 0.001
    wide = numbers(dark.randint(-(2**62), 2**62, (1000,), device="cuda"))
    assert abs(wide.astype(float)).max() > 2**61
    assert (wide < 0).any()
    assert numbers(dark.empty(50, device="cuda", dtype=dark.int64).random_()).max() > 2**60


@pytest.mark.parametrize("n", [0, 1, 2, 1000])
def test_permutations_have_every_number_once(n):
    assert sorted(dark.randperm(n, device="cuda").tolist()) == list(range(n))


def test_all_permutations_are_equally_likely():
    generator = on_card()
    orders = [tuple(dark.randperm(3, device="cuda", generator=generator).tolist()) for _ in range(600)]
    counts = [orders.count(order) for order in set(orders)]
    assert len(counts) == 6
    assert stats.chisquare(counts).pvalue > 0.001


def test_every_function_draws_on_the_card_and_from_its_generator():
    x = dark.full((20, 30), 0.3, device="cuda")
    functions = {
        "rand": lambda: dark.rand(5, device="cuda"),
        "randn": lambda: dark.randn(5, device="cuda"),
        "randint": lambda: dark.randint(9, (5,), device="cuda"),
        "randperm": lambda: dark.randperm(5, device="cuda"),
        "rand_like": lambda: dark.rand_like(x),
        "randn_like": lambda: dark.randn_like(x, dtype=dark.float64),
        "randint_like": lambda: dark.randint_like(x, 5),
        "normal": lambda: dark.normal(x, 1.0),
        "normal, std": lambda: dark.normal(0.0, x),
        "normal, size": lambda: dark.normal(0.0, 1.0, (3, 4), device="cuda"),
        "bernoulli": lambda: x.bernoulli(),
        "bernoulli p": lambda: x.bernoulli(0.7),
        "bernoulli_ of the CPU's": lambda: x.clone().bernoulli_(x.cpu()),
        "multinomial": lambda: x.multinomial(3),
        "multinomial, replacement": lambda: x.multinomial(40, replacement=True),
        "random_": lambda: x.clone().random_(10),
        "init": lambda: dark.nn.init.kaiming_normal_(x.clone()),
        "truncated": lambda: dark.nn.init.trunc_normal_(x.clone()),
        "orthogonal": lambda: dark.nn.init.orthogonal_(x.clone()),
    }
    for name, function in functions.items():
        dark.manual_seed(5)
        before = dark.get_rng_state().tolist()
        first, second = function(), function()
        assert first.device == dark.device("cuda:0"), name
        assert not dark.equal(first, second), name
        assert dark.get_rng_state().tolist() == before, f"{name} has drawn on the CPU"
        dark.manual_seed(5)
        assert dark.equal(function(), first), name


def test_probabilities_and_weights_are_kept():
    p = dark.tensor([0.0, 0.2, 1.0], device="cuda").expand(20_000, 3)
    shares = numbers(dark.bernoulli(p, generator=on_card())).mean(0)
    np.testing.assert_allclose(shares, [0, 0.2, 1], atol=0.01)
    weights = dark.tensor([1.0, 0.0, 2.0, 5.0], device="cuda")
    drawn = numbers(weights.multinomial(20_000, replacement=True, generator=on_card()))
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 20_000, [0.125, 0, 0.25, 0.625], atol=0.015)
    firsts = numbers(weights.expand(5000, 4).multinomial(3, generator=on_card()))
    assert set(firsts.reshape(-1).tolist()) == {0, 2, 3}
    shares = np.bincount(firsts[:, 0], minlength=4) / 5000
    np.testing.assert_allclose(shares, [0.125, 0, 0.25, 0.625], atol=0.03)


def test_pictures_get_the_same_numbers_however_they_lie_in_memory():
    last = dark.empty(2, 5, 6, 3, device="cuda").permute(0, 3, 1, 2)
    rows = dark.rand(2, 3, 5, 6, generator=on_card(), device="cuda")
    assert dark.equal(last.uniform_(generator=on_card()), rows)
    others = dark.empty(5, 4, 6, device="cuda").permute(2, 0, 1)  # these get them as they lie
    memory = others.uniform_(generator=on_card()).permute(1, 2, 0).reshape(-1)
    assert dark.equal(memory, dark.rand(120, generator=on_card(), device="cuda"))


def test_seeds():
    assert dark.Generator("cuda").initial_seed() == dark.Generator().initial_seed() == 67280421310721
    assert dark.Generator("cuda").device == dark.device("cuda:0")
    dark.manual_seed(-5)
    assert dark.cuda.initial_seed() == 2**64 - 5
    dark.cuda.manual_seed(6)
    assert (dark.cuda.initial_seed(), dark.initial_seed()) == (6, 2**64 - 5)
    dark.cuda.manual_seed_all(7)
    assert dark.cuda.initial_seed() == 7
    dark.cuda.seed()
    first = dark.cuda.initial_seed()
    dark.cuda.seed_all()
    assert len({7, first, dark.cuda.initial_seed(), dark.seed()}) == 4
    assert dark.cuda.initial_seed() == dark.initial_seed()
    generator = dark.Generator("cuda")
    assert generator.seed() == generator.initial_seed()
    for seed, error in ((2**64, ValueError), (1.5, RuntimeError)):
        with pytest.raises(error):
            generator.manual_seed(seed)


def test_a_state_goes_on_where_it_was_taken():
    dark.cuda.manual_seed(9)
    fresh = dark.cuda.get_rng_state()
    assert (fresh.dtype, fresh.shape, str(fresh.device)) == (dark.uint8, (16,), "cpu")
    first = dark.randn(5, device="cuda")
    state = dark.cuda.get_rng_state("cuda:0")
    assert numbers(state).view("<u8").tolist() == [9, 8]
    second = dark.rand(50, device="cuda")
    dark.cuda.set_rng_state(state)
    assert dark.equal(dark.rand(50, device="cuda"), second)
    dark.cuda.set_rng_state(fresh, 0)
    assert dark.equal(dark.randn(5, device="cuda"), first)
    dark.cuda.set_rng_state_all(dark.cuda.get_rng_state_all())


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))])
@pytest.mark.parametrize("drawn", [0, 3])
def test_a_copy_of_a_generator_goes_on_by_itself(duplicate, drawn):
    generator = on_card()
    dark.randn(drawn, generator=generator, device="cuda")
    twin = duplicate(generator)
    ours = dark.randn(5, generator=generator, device="cuda")
    assert dark.equal(dark.randn(5, generator=twin, device="cuda"), ours)


ERRORS = [
    (RuntimeError, "'cuda' device type for generator but found 'cpu'", lambda: dark.rand(
        3, device="cuda", generator=dark.Generator())),
    (RuntimeError, "'cpu' device type for generator but found 'cuda'", lambda: dark.randperm(
        3, generator=on_card(), device="cpu")),
    (TypeError, "expected a dark.Generator", lambda: dark.rand(3, device="cuda", generator=5)),
    (RuntimeError, "16 elements, not 5056", lambda: dark.cuda.set_rng_state(dark.get_rng_state())),
    (RuntimeError, "5056 elements, not 16", lambda: dark.set_rng_state(dark.cuda.get_rng_state())),
    (RuntimeError, "four at a time", lambda: dark.cuda.set_rng_state(dark.ones(16, dtype=dark.uint8))),
    (TypeError, "uint8", lambda: dark.cuda.set_rng_state(dark.zeros(16))),
    (RuntimeError, "a probability is not in", lambda: dark.tensor([1.5], device="cuda").bernoulli()),
    (RuntimeError, "expected every std >= 0", lambda: dark.normal(0.0, dark.tensor([-1.0], device="cuda"))),
]  # fmt: skip


@pytest.mark.parametrize(("error", "message", "function"), ERRORS)
def test_errors(error, message, function):
    with pytest.raises(error, match=message):
        function()


def test_a_recorded_graph_draws_new_numbers_each_time_and_goes_on_in_the_stream():
    dark.cuda.manual_seed(3)
    expected = [[dark.rand(5, device="cuda"), F.dropout(dark.ones(6, device="cuda"))] for _ in range(4)]
    dark.cuda.manual_seed(3)
    eager = [dark.rand(5, device="cuda"), F.dropout(dark.ones(6, device="cuda"))]
    ones, graph = dark.ones(6, device="cuda"), dark.cuda.CUDAGraph()
    with dark.cuda.graph(graph):
        recorded = [dark.rand(5, device="cuda"), F.dropout(ones)]
    drawn = [eager]
    for _ in range(2):
        graph.replay()
        drawn.append([x.clone() for x in recorded])
    drawn.append([dark.rand(5, device="cuda"), F.dropout(ones)])
    for ours, theirs in zip(drawn, expected):
        assert all(dark.equal(a, b) for a, b in zip(ours, theirs))

    dark.cuda.manual_seed(3)  # reaches what is recorded
    graph.replay()
    assert dark.equal(recorded[0], expected[0][0])


WITHOUT_CUPY = """
import sys
import dark
dark.manual_seed(11)
dark.seed()
dark.cuda.manual_seed_all(12)
assert "cupy" not in sys.modules
dark.manual_seed(13)
sys.path.insert(0, sys.argv[1])
import standin
standin.install()
assert dark.cuda.initial_seed() == 13
"""


def test_seeding_needs_no_cupy_and_is_remembered():
    folder = os.path.dirname(os.path.abspath(__file__))
    subprocess.run([sys.executable, "-c", WITHOUT_CUPY, folder], check=True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only Unix has fork")
def test_a_forked_process_is_seeded_without_the_card():
    generator = on_card()
    dark.rand(3, generator=generator, device="cuda")
    state = generator.state
    generator._process -= 1  # as if this were a child
    generator.manual_seed(2)
    assert state.get().tolist() == [1234, 4, 0]
    assert generator.initial_seed() == 2
    ours, theirs = (dark.rand(3, generator=g, device="cuda") for g in (generator, on_card(2)))
    assert dark.equal(ours, theirs)


def test_what_is_recorded_has_drawn_before():
    generator, graph = on_card(), dark.cuda.CUDAGraph()
    with pytest.raises(RuntimeError, match="can't hold numbers from main memory"), dark.cuda.graph(graph):
        dark.rand(3, device="cuda", generator=generator)
