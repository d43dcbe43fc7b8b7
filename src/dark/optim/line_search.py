"""How far to go in a direction: down, to where it is nearly flat (strong Wolfe conditions)."""  # beyond

import math
from typing import Any, NamedTuple


class Point(NamedTuple):
    """A place on the line: how far it is, the loss there, its gradient, and the slope along the line."""

    t: float
    loss: float
    grad: Any
    slope: float


def strong_wolfe(
    at, start, t, largest, *, decrease=1e-4, flatness=0.9, tolerance_change=1e-9, max_evaluations=25
):
    """A good point: `at(t)` is the one at distance t, `start` that at 0, `t` where to look first.

    Goes on until the loss is above what the slope at the start promises, or rises: then a good point lies
    between the last two. `largest` is the largest step of a parameter for t = 1.
    Nocedal and Wright, Numerical optimization (2006), section 3.5.
    """
    previous, new, tries = start, at(t), 0
    while tries < max_evaluations:
        if too_high(new, start, decrease) or (tries > 1 and new.loss >= previous.loss):
            break
        if abs(new.slope) <= -flatness * start.slope:
            return new
        if new.slope >= 0:
            break
        bounds = new.t + 0.01 * (new.t - previous.t), new.t * 10
        previous, new = new, at(lowest(previous, new, bounds))
        tries += 1
    else:
        return min((start, new), key=lambda p: p.loss)

    low, high = (previous, new) if previous.loss <= new.loss else (new, previous)
    near_end = False
    while tries < max_evaluations and abs(high.t - low.t) * largest >= tolerance_change:
        left, right = sorted((low.t, high.t))
        t, margin = lowest(low, high, (left, right)), 0.1 * (right - left)
        if min(right - t, t - left) >= margin:
            near_end = False
        elif near_end or not left < t < right:  # a second time: it would creep towards the end
            t = right - margin if right - t < t - left else left + margin
            near_end = False
        else:
            near_end = True

        new = at(t)
        tries += 1
        if too_high(new, start, decrease) or new.loss >= low.loss:
            low, high = (low, new) if low.loss <= new.loss else (new, low)
            continue
        if abs(new.slope) <= -flatness * start.slope:
            return new
        if new.slope * (high.t - low.t) >= 0:
            high = low
        low = new
    return low


def too_high(new, start, decrease):
    """Whether the loss is above a line that falls less steeply than the loss does at the start."""
    return new.loss > start.loss + decrease * new.t * start.slope


def lowest(a, b, bounds):
    """Where a cubic through both points, with their slopes, is lowest; within bounds."""
    if a.t > b.t:
        a, b = b, a
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0:
        return (bounds[0] + bounds[1]) / 2
    d2 = math.sqrt(square)
    t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return min(max(t, bounds[0]), bounds[1])
