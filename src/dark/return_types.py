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


def printed(kind: type) -> type:  # beyond
    """Let a tuple with fields print like PyTorch's."""

    def text(self):
        fields = ",\n".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"dark.return_types.{kind.__name__}(\n{fields})"

    kind.__repr__ = text  # type: ignore[method-assign, assignment]
    return kind


@printed
class aminmax(NamedTuple):  # beyond
    """What `dark.aminmax` returns."""

    min: Any
    max: Any


@printed
class linalg_eigh(NamedTuple):  # beyond
    """What `dark.linalg.eigh` returns."""

    eigenvalues: Any
    eigenvectors: Any


@printed
class linalg_svd(NamedTuple):  # beyond
    """What `dark.linalg.svd` returns."""

    U: Any
    S: Any
    Vh: Any


@printed
class linalg_qr(NamedTuple):  # beyond
    """What `dark.linalg.qr` returns."""

    Q: Any
    R: Any


@printed
class linalg_slogdet(NamedTuple):  # beyond
    """What `dark.linalg.slogdet` returns."""

    sign: Any
    logabsdet: Any


@printed
class linalg_lstsq(NamedTuple):  # beyond
    """What `dark.linalg.lstsq` returns."""

    solution: Any
    residuals: Any
    rank: Any
    singular_values: Any
