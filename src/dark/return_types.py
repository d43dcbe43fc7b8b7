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


class median(ValuesAndIndices):  # beyond
    """What `dark.median` returns along a dimension."""


class kthvalue(ValuesAndIndices):  # beyond
    """What `dark.kthvalue` returns."""


class sort(ValuesAndIndices):  # beyond
    """What `dark.sort` returns."""


class topk(ValuesAndIndices):  # beyond
    """What `dark.topk` returns."""


class nanmedian(ValuesAndIndices):  # beyond
    """What `dark.nanmedian` returns along a dimension."""


class mode(ValuesAndIndices):  # beyond
    """What `dark.mode` returns."""


class cummax(ValuesAndIndices):  # beyond
    """What `dark.cummax` returns."""


class cummin(ValuesAndIndices):  # beyond
    """What `dark.cummin` returns."""


class aminmax(NamedTuple):  # beyond
    """What `dark.aminmax` returns."""

    min: Any
    max: Any

    def __repr__(self):
        return f"dark.return_types.aminmax(\nmin={self.min!r},\nmax={self.max!r})"
