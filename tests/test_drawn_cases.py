"""Drawn calls of every operation, with drawn shapes, options, types and layouts, equal PyTorch's.

Hypothesis draws them, the same ones in every run; what it finds it makes small, and prints as a call.
"""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dark
from against_torch import needs_torch
from drawn_calls import Call
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


def test_at_least_twenty_thousand_calls_are_drawn():
    assert CASES // PARTS * PARTS >= 20_000
