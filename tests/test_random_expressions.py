"""Expressions of up to ten drawn operations: the value, its type and the gradients are PyTorch's.

An expression is either exact or smooth. Exact ones take multiples of 1/8 through operations that do not
round, so both sides meet a kink (of relu, max, floor, ...) at the same numbers, and results are equal to the
last bit. Smooth ones, in float64, have no kinks, and their numbers stay where functions are well-conditioned:
results are equal to eleven digits. So no tolerance hides anything, and nothing is a false alarm.
"""  # beyond

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dark
from against_torch import needs_torch, torch
from drawn_calls import outcome, same, same_error, same_gradients, tensors_of

CASES = {"exact": 4_000, "smooth": 4_000}
PARTS = 2
SHARE = 1 if dark.get_default_device().type == "cpu" else 20  # the stand-in for a card runs a twentieth

# What a step does with the last value x, along dimension d, or together with an earlier value y.
EXACT_ONE = [
    ("abs", lambda t, x, d: x.abs()),
    ("neg", lambda t, x, d: -x),
    ("relu", lambda t, x, d: t.relu(x)),
    ("floor", lambda t, x, d: x.floor()),
    ("round", lambda t, x, d: x.round()),
    ("sign", lambda t, x, d: t.sign(x)),
    ("clamp", lambda t, x, d: x.clamp(-1, 2)),
    ("twice", lambda t, x, d: x * 2 + 1),
    ("half", lambda t, x, d: eighths(x * 0.5)),
    ("square", lambda t, x, d: eighths(x.clamp(-4, 4).square())),
    ("sum", lambda t, x, d: x.sum(d, keepdim=True)),
    ("amax", lambda t, x, d: x.amax(d, keepdim=True)),
    ("max", lambda t, x, d: x.max(d, keepdim=True)[0]),
    ("min", lambda t, x, d: x.min(d)[0]),
    ("cumsum", lambda t, x, d: x.cumsum(d)),
    ("sort", lambda t, x, d: x.sort(dim=d, stable=True)[0]),
    ("flip", lambda t, x, d: x.flip(d)),
    ("roll", lambda t, x, d: x.roll(1, d)),
    ("every second", lambda t, x, d: x.movedim(d, 0)[::2].movedim(0, d)),
    ("rows 0, 0, -1", lambda t, x, d: x.movedim(d, -1)[..., [0, 0, -1]]),
    ("first", lambda t, x, d: x.select(d, 0)),
    ("positive ones", lambda t, x, d: x[x > 0]),
    ("transpose", lambda t, x, d: x.transpose(d, -1)),
    ("flatten", lambda t, x, d: x.flatten()),
    ("unsqueeze", lambda t, x, d: x.unsqueeze(d)),
    ("repeat", lambda t, x, d: x.repeat_interleave(2, d)),
    ("masked", lambda t, x, d: x.masked_fill(x > 1, 0)),
    ("tril", lambda t, x, d: x.reshape(1, -1).tril()),
    ("to itself", lambda t, x, d: x.detach() + x),
]
EXACT_TWO = [
    ("+", lambda t, x, y: x + y),
    ("-", lambda t, x, y: x - y),
    ("*", lambda t, x, y: eighths(x.clamp(-4, 4) * y.clamp(-4, 4))),
    ("maximum", lambda t, x, y: t.maximum(x, y)),
    ("where", lambda t, x, y: t.where(x > y, x, y)),
    ("outer", lambda t, x, y: eighths(t.outer(x.flatten()[:3].clamp(-2, 2), y.flatten()[:3].clamp(-2, 2)))),
    ("stack", lambda t, x, y: t.stack([x.flatten()[0], y.flatten()[-1]])),
    ("cat", lambda t, x, y: t.cat([x.flatten(), y.flatten()])),
]
SMOOTH_ONE = [
    ("exp", lambda t, x, d: t.exp(-x * x)),
    ("log", lambda t, x, d: t.log(x * x + 0.5)),
    ("sqrt", lambda t, x, d: t.sqrt(x * x + 0.5)),
    ("sin", lambda t, x, d: t.sin(x)),
    ("tanh", lambda t, x, d: t.tanh(x)),
    ("sigmoid", lambda t, x, d: t.sigmoid(x)),
    ("atan", lambda t, x, d: t.atan(x)),
    ("erf", lambda t, x, d: t.erf(x)),
    ("gelu", lambda t, x, d: t.nn.functional.gelu(x)),
    ("softplus", lambda t, x, d: t.nn.functional.softplus(x)),
    ("mean", lambda t, x, d: x.mean(d, keepdim=True)),
    ("var", lambda t, x, d: x.var(d, unbiased=False, keepdim=True)),
    ("norm", lambda t, x, d: t.sqrt((x * x).sum(d) + 0.1)),
    ("softmax", lambda t, x, d: x.softmax(d)),
    ("log_softmax", lambda t, x, d: x.log_softmax(d)),
    ("logsumexp", lambda t, x, d: x.logsumexp(d)),
    ("cumprod", lambda t, x, d: t.sigmoid(x).cumprod(d)),
    ("prod", lambda t, x, d: t.tanh(x).prod(d)),
    ("power", lambda t, x, d: (x * x + 0.5) ** -1.5),
    ("layer_norm", lambda t, x, d: t.nn.functional.layer_norm(x, x.shape[-1:], eps=0.5)),
    ("sum", lambda t, x, d: x.sum(d)),
    ("transpose", lambda t, x, d: x.transpose(d, 0)),
    ("flatten", lambda t, x, d: x.flatten()),
    ("columns 0, 0, -1", lambda t, x, d: x[..., [0, 0, -1]]),
]
SMOOTH_TWO = [
    ("+", lambda t, x, y: x + y),
    ("-", lambda t, x, y: x - y),
    ("*", lambda t, x, y: x * y),
    ("/", lambda t, x, y: x / (y * y + 0.5)),
    ("atan2", lambda t, x, y: t.atan2(x, y * y + 0.5)),
    ("lerp", lambda t, x, y: t.lerp(x, y, 0.3)),
    ("logaddexp", lambda t, x, y: t.logaddexp(x, y)),
    ("outer", lambda t, x, y: t.outer(x.flatten()[:4], y.flatten()[:4])),
    ("cat", lambda t, x, y: t.cat([x.flatten(), y.flatten()])),
]

STEPS = {"exact": (EXACT_ONE, EXACT_TWO), "smooth": (SMOOTH_ONE, SMOOTH_TWO)}


def eighths(x):
    """x rounded to multiples of 1/8, with x's gradient."""
    return x - (x - (x * 8).round() / 8).detach()


def bounded(t, x, kind):
    """x within limits, which keep exact numbers exact and smooth functions well-conditioned."""
    return x.clamp(-512, 512) if kind == "exact" else 8 * t.tanh(x / 8)


class Expression:
    """Two or three inputs, and the steps from them to a result; it prints as a little program."""

    def __init__(self, kind, integer):
        self.kind = kind
        rng = np.random.default_rng(integer(0, 999))
        shape = tuple(integer(1, 3) for _ in range(integer(0, 3)))
        self.leaves = []
        for _ in range(integer(2, 3)):
            broadcast = tuple(1 if integer(0, 4) == 4 else n for n in shape[integer(0, 1) :])
            if kind == "smooth":
                self.leaves.append(rng.uniform(-2, 2, broadcast))
            else:
                dtype = ("float64", "float32", "int64", "bool")[integer(0, 3)]
                numbers = rng.integers(-32, 33, broadcast)
                self.leaves.append(np.asarray(numbers / 8 if "float" in dtype else numbers).astype(dtype))
        ones, twos = STEPS[kind]
        self.steps = []
        for _ in range(integer(1, 10)):
            which = integer(0, len(ones) + 2 * len(twos) - 1)
            name, line = [*ones, *twos, *twos][which]
            self.steps.append((name, line, which < len(ones), integer(0, 9)))

    def __call__(self, t, *leaves):
        values = list(leaves)
        for _name, line, alone, other in self.steps:
            x, y = values[-1], values[other % len(values)]
            if alone:
                x = x.reshape(1) if x.ndim == 0 else x.flatten()[:64] if x.numel() > 64 else x
                y = line(t, x, other % x.ndim)
            else:
                y = line(t, *fitting(x, y))
            values.append(bounded(t, y, self.kind))
        return values[-1]

    def __repr__(self):
        lines = [f"v{i} = {a.dtype}{list(a.shape)}" for i, a in enumerate(self.leaves)]
        for name, _, alone, other in self.steps:
            last = len(lines) - 1
            with_what = f"dim {other} % ndim" if alone else f"v{other % len(lines)}"
            lines.append(f"v{last + 1} = {name}: v{last}, {with_what}")
        return "; ".join(lines)

    def check(self):
        """Compare both sides; returns whether there was a result rather than an error."""
        ours, theirs = (list(tensors_of(t, self.leaves, gradients=True)) for t in (dark, torch))
        mine, expected = (outcome(self, t, xs, {}) for t, xs in ((dark, ours), (torch, theirs)))
        if type(expected) is NotImplementedError:  # PyTorch has no kernel for the type
            return False
        if isinstance(expected, Exception) or isinstance(mine, Exception):
            assert same_error(mine, expected), f"{mine!r:.300}, PyTorch: {expected!r:.300}"
            return False
        same(mine, expected)
        if self.kind == "exact":
            assert np.array_equal(mine.detach().numpy(), expected.detach().numpy()), "not to the last bit"
        same_gradients(mine, expected, ours, theirs)
        return True


def fitting(x, y):
    """Both as they are, if they broadcast to something small; else as many elements of each."""
    lengths = zip(reversed(x.shape), reversed(y.shape))
    if all(n == m or 1 in (n, m) for n, m in lengths) and x.numel() * y.numel() <= 256:
        return x, y
    n = min(x.numel(), y.numel(), 64)
    return x.flatten()[:n], y.flatten()[:n]


integers = cache(st.integers)


@st.composite
def expressions(draw, kind):
    """An expression of the kind."""
    return Expression(kind, lambda low, high: draw(integers(low, high)))


@needs_torch
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", CASES)
def test_drawn_expressions_equal_pytorchs(kind, part):
    wanted = CASES[kind] // PARTS // SHARE
    results = []

    @settings(
        max_examples=wanted, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(part, part), expressions(kind))  # derandomized by what is given, so by the part
    def compare(_, expression):
        results.append(expression.check())

    compare()
    assert len(results) >= wanted, "fewer expressions were compared than were to be"
    assert sum(results) >= 0.75 * wanted, "too many of the expressions are errors"
