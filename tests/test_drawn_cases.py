"""Drawn calls of every operation, with drawn shapes, options, types and layouts, equal PyTorch's.

Hypothesis draws them, the same ones in every run; what it finds it makes small, and prints as a call.
"""  # beyond

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dark
from against_torch import needs_torch
from drawn_calls import Call, check_call
from op_table import TABLE

CASES = 24_000  # drawn in all; the parts are for several workers
PARTS = 8
SHARE = 1 if dark.get_default_device().type == "cpu" else 20  # the stand-in for a card runs a twentieth

integers = cache(st.integers)


@st.composite
def calls(draw, part):
    """A call of one of the operations of a part."""
    row = draw(st.sampled_from(TABLE[part::PARTS]))
    return Call(row, lambda low, high: draw(integers(low, high)))


@needs_torch
@pytest.mark.parametrize("part", range(PARTS))
def test_drawn_calls_equal_pytorchs(part):
    wanted = CASES // PARTS // SHARE
    results = []

    @settings(
        max_examples=wanted, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(calls(part))
    def compare(call):
        results.append(call.check())

    compare()
    assert len(results) >= wanted, "fewer calls were compared than were to be"
    assert sum(results) >= 0.75 * wanted, "too many of the calls are errors"


DIFFERENT = {
    "value": lambda t, x: x * (1 + 1e-9 * (t is dark)),
    "NaN": lambda t, x: x / (x * 0) if t is dark else x * float("inf"),
    "type": lambda t, x: x.float() if t is dark else x,
    "shape": lambda t, x: x.reshape(-1) if t is dark else x,
    "number of results": lambda t, x: (x, x)[: 1 + (t is dark)],
    "gradient": lambda t, x: x + x.detach() if t is dark else x + x,
    "no gradient": lambda t, x: x.detach() if t is dark else x,
    "error in Dark": lambda t, x: x[9] if t is dark else x,
    "error in PyTorch": lambda t, x: x if t is dark else x[9],
    "another error": lambda t, x: x[9] if t is dark else x.reshape(7),
}


@needs_torch
@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference_would_be_found(name):
    x = np.arange(-3, 3.0).reshape(2, 3)
    with pytest.raises(AssertionError):
        check_call(DIFFERENT[name], [x], {})


def test_at_least_twenty_thousand_calls_are_drawn():
    assert CASES // PARTS * PARTS >= 20_000
