"""The differences of two records, row by row, and the first that counts."""  # beyond

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .recording import Entry

# How a row is called, by its kind.
KINDS = {
    "start": "{} at the start",
    "input": "input of {}",
    "output": "output of {}",
    "loss": "{}",
    "output gradient": "gradient of the output of {}",
    "gradient": "gradient of {}",
    "update": "update of {}",
    "buffer": "{} after the step",
}
LIMIT = 20  # rows that are shown without --all
WIDTH = 100
ROUNDING = "all rounding"


class Row(NamedTuple):
    """One tensor on both sides: `max_rel` is its largest difference, relative to its largest number."""

    step: int
    kind: str
    name: str
    max_abs: float
    max_rel: float
    verdict: str  # exact, close, or different
    note: str = ""

    @property
    def title(self) -> str:
        """What it is, in words: "gradient of 0.weight"."""
        return KINDS[self.kind].format(self.name)


@dataclass
class Report:
    """The rows of all steps, in the order of the computation; `first` is the first that is different."""

    sides: tuple[str, str] = ("first", "second")
    rows: list[Row] = field(default_factory=list)
    steps: int = 0
    ending: str = ""  # where one side has fewer steps

    def add(self, ours: list[Entry], theirs: list[Entry], tolerance: float | None) -> bool:
        """Compare another step; True where it holds no difference."""
        self.steps += 1
        rows = list(compared(self.steps, ours, theirs, tolerance))
        self.rows += rows
        return all(row.verdict != "different" for row in rows)

    @property
    def first(self) -> Row | None:
        """The first row that is different; the later ones may follow from it."""
        return next((row for row in self.rows if row.verdict == "different"), None)

    @property
    def equal(self) -> bool:
        """Whether nothing is different."""
        return self.first is None and not self.ending

    def text(self, everything: bool = False) -> str:
        """The table: a line for each step, the rows that are not exact, or all, and the first difference."""
        lines = [f"first:  {self.sides[0]}", f"second: {self.sides[1]}", ""]
        for step in range(1, self.steps + 1):
            counts = Counter(row.verdict for row in self.rows if row.step == step)
            numbers = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("exact", "close", "different"))
            lines.append(f"step {step}: {numbers}")
        chosen = self.rows if everything else self.inexact()
        if chosen:
            lines += ["", f"{'step':>4}  {'':<44}  {'max abs':>8}  {'max rel':>8}  verdict"]
            lines += [as_line(row) for row in chosen]
        hidden = sum(row.verdict != "exact" for row in self.rows) - len(chosen)
        if hidden > 0 and not everything:
            lines.append(f"and {hidden} more that are not exact; --all shows every row")
        return "\n".join([*lines, "", self.conclusion()])

    __str__ = text

    def inexact(self) -> list[Row]:
        """The rows that are not exact: at most LIMIT, the different ones before those that are close."""
        rows = [row for row in self.rows if row.verdict != "exact"]
        chosen = sorted(rows, key=lambda row: (row.verdict != "different"))[:LIMIT]
        return [row for row in rows if row in chosen]

    def conclusion(self) -> str:
        """The last line: the first difference, or that there is none."""
        if (row := self.first) is not None:
            size = f" by {row.max_rel:.1e} of its largest number" if np.isfinite(row.max_rel) else ""
            note = f" ({row.note})" if row.note else ""
            text = f"First: {row.title} differs in step {row.step}{size}{note}."
            if 0 < row.max_rel < 1e-2:
                text += " In float32, rounding may do this: --dtype float64 tells."
            return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
        if self.ending:
            return self.ending
        count = f"{self.steps} step" + "s" * (self.steps != 1)
        close = [row for row in self.rows if row.verdict == "close"]
        worst = max((row.max_rel for row in close if row.note != ROUNDING), default=0.0)
        how = "every number exact"
        if close:
            how = f"none differs by more than {worst:.1e} of its largest number"
        return f"Equal: {count}, {len(self.rows)} tensors, {how}."


def as_line(row: Row) -> str:
    """A row of the table."""
    title = row.title if len(row.title) <= 44 else "…" + row.title[-43:]
    note = f"  {row.note}" if row.note else ""
    line = f"{row.step:4}  {title:<44}  {row.max_abs:8.1e}  {row.max_rel:8.1e}  {row.verdict}{note}"
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def compared(step: int, ours: list[Entry], theirs: list[Entry], tolerance: float | None) -> Iterator[Row]:
    """The rows of one step.

    A tensor is exact where all bits agree; it is close where no number is further from the other than
    `tolerance` times the tensor's largest number. Unless given, that is 1e-5, in float64 1e-10. A gradient
    that is all rounding (that of a bias before a batch norm, which is zero) is close as well: where the
    difference is below 16 units of rounding of the step's largest gradient of its kind. So is an update
    where it differs by what rounding the parameter itself leaves of it.
    """
    sides = [{(e.kind, e.name): e for e in side} for side in (ours, theirs)]
    largest: dict[str, float] = {}
    for entry in (*ours, *theirs):
        if "gradient" in entry.kind and entry.array.size:
            top = float(np.abs(np.nan_to_num(entry.array)).max())
            largest[entry.kind] = max(top, largest.get(entry.kind, 0.0))
    rounded: set[str] = set()  # an optimizer that divides by the gradient's size makes them large
    for kind, name in merged(list(sides[0]), list(sides[1])):
        a, b = (side.get((kind, name)) for side in sides)
        if a is None or b is None:
            note = f"only in the {'second' if a is None else 'first'}"
            yield Row(step, kind, name, np.nan, np.nan, "different", note)
        else:
            row = judged(step, a, b, tolerance, largest.get(kind, 0.0))
            if kind == "gradient" and row.note == ROUNDING:
                rounded.add(name)
            if kind == "update" and name in rounded and row.verdict == "different":
                row = row._replace(note=f"{row.note}, of a gradient that is all rounding")
            yield row


def merged(ours: list, theirs: list) -> list:
    """Our keys in their order, with those that only the others have behind what precedes them there."""
    known, previous = set(ours), None
    behind: dict = {}
    for key in theirs:
        if key in known:
            previous = key
        else:
            behind.setdefault(previous, []).append(key)
    result = list(behind.get(None, []))
    for key in ours:
        result += [key, *behind.get(key, [])]
    return result


def judged(step: int, a: Entry, b: Entry, tolerance: float | None, largest: float) -> Row:
    """The row of a tensor that both sides have."""
    x, y = a.array, b.array
    note = a.place if a.place == b.place else f"{a.place or 'none'} and {b.place or 'none'}"
    if x.shape != y.shape:
        return Row(step, a.kind, a.name, np.nan, np.nan, "different", f"shapes {x.shape} and {y.shape}")
    if x.dtype == y.dtype and x.tobytes() == y.tobytes():
        return Row(step, a.kind, a.name, 0.0, 0.0, "exact")
    error, scale = largest_difference(x, y)
    relative = error / scale if scale else (np.inf if error else 0.0)
    if a.kind == "output gradient" and note:
        note = f"through {a.place or b.place}"
    if x.dtype != y.dtype:
        return Row(step, a.kind, a.name, error, relative, "different", f"{x.dtype} and {y.dtype}")
    where = [side for side, z in (("first", x), ("second", y)) if z.dtype.kind in "fc" and np.isnan(z).any()]
    if len(where) == 1:
        return Row(step, a.kind, a.name, error, relative, "different", f"NaN in the {where[0]} only")
    if x.dtype.kind not in "fc":  # whole numbers have no rounding
        return Row(step, a.kind, a.name, error, relative, "different" if error else "exact", note)
    eps = float(np.finfo(x.dtype).eps)
    allowed = (1e-10 if eps < 1e-10 else max(1e-5, eps)) if tolerance is None else tolerance
    if error <= allowed * scale:
        return Row(step, a.kind, a.name, error, relative, "close")
    if error <= max(a.floor, b.floor, 16 * eps * largest):
        return Row(step, a.kind, a.name, error, relative, "close", ROUNDING)
    return Row(step, a.kind, a.name, error, relative, "different", note)


def largest_difference(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The largest difference of two arrays of one shape, and the largest finite number of the second.

    NaN and infinity differ from all but themselves.
    """
    if not x.size:
        return 0.0, 0.0
    kind = np.complex128 if "c" in (x.dtype.kind, y.dtype.kind) else np.float64
    x, y = x.astype(kind), y.astype(kind)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    with np.errstate(invalid="ignore"):
        distance = np.where(same, 0.0, np.abs(x - y))
    return float(distance.max()), float(np.abs(y[np.isfinite(y)]).max(initial=0.0))
