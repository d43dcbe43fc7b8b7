"""Results of two parts: values, and the indices where they were found."""

from typing import Any, NamedTuple


class ValuesAndIndices(NamedTuple):
    """What `dark.max` and its kin return along a dimension; it prints like PyTorch's."""

    values: Any
    indices: Any

    def __repr__(self):
        return f"dark.return_types.{type(self).__name__}(\nvalues={self.values!r},\nindices={self.indices!r})"


class max(ValuesAndIndices):
    """What `dark.max` returns along a dimension."""


class min(ValuesAndIndices):
    """What `dark.min` returns along a dimension."""


class median(ValuesAndIndices):
    """What `dark.median` returns along a dimension."""


class kthvalue(ValuesAndIndices):
    """What `dark.kthvalue` returns."""


class sort(ValuesAndIndices):
    """What `dark.sort` returns."""


class topk(ValuesAndIndices):
    """What `dark.topk` returns."""
