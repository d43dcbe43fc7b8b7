"""Sequences of different lengths in one tensor."""  # beyond

from ...ops.joining import stack
from ..functional.padding import pad

__all__ = ["pad_sequence"]


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    """Sequences (L_i, *) as long as the longest, in one tensor (L, N, *), with `batch_first` (N, L, *).

    The shorter ones are filled up with `padding_value`, at their end or, with `padding_side` "left", at their
    beginning. The first decides on the type. Raises RuntimeError where their other dimensions differ.
    """
    sequences = list(sequences)
    if not sequences or any(sequence.ndim == 0 for sequence in sequences):
        raise RuntimeError("pad_sequence: expected one sequence or more, of one dimension or more")
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"pad_sequence: padding_side is 'left' or 'right', not {padding_side!r}")
    if len({tuple(sequence.shape[1:]) for sequence in sequences}) > 1:
        shapes = ", ".join(str(tuple(sequence.shape)) for sequence in sequences)
        raise RuntimeError(f"pad_sequence: shapes {shapes} may differ in their first dimension only")
    longest = max(len(sequence) for sequence in sequences)
    rows = []
    for sequence in sequences:
        missing = longest - len(sequence)
        ends = (missing, 0) if padding_side == "left" else (0, missing)
        padding = [0, 0] * (sequence.ndim - 1) + [*ends]  # that of the last dimension comes first
        rows.append(pad(sequence.to(sequences[0].dtype), padding, value=padding_value))
    return stack(rows, dim=0 if batch_first else 1)
