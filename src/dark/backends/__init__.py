"""How exactly a card computes: switches between speed and precision, under PyTorch's names.

TF32 is a format of NVIDIA's cards from compute capability 8.0 on (Ampere, 2020). The factors of a product
of float32 numbers keep 10 of their 23 binary places, three decimal digits; sums stay float32. Products of
matrices are several times as fast then. Results, and what is stored, are float32 either way.

`cudnn.allow_tf32` is for convolutions; PyTorch's name for it is that of NVIDIA's library, which Dark does
without. `cuda.matmul.allow_tf32` is for products of two matrices, and so for linear layers.
"""  # dark-5

from types import SimpleNamespace

__all__ = ["cuda", "cudnn"]


class Precision:
    """Whether products of float32 numbers may be computed in TF32."""

    __slots__ = ("_allow_tf32",)

    def __init__(self, allow_tf32: bool):
        self.allow_tf32 = allow_tf32

    @property
    def allow_tf32(self) -> bool:
        """Whether TF32 may be used; setting it holds for what is computed from then on."""
        return self._allow_tf32

    @allow_tf32.setter
    def allow_tf32(self, allowed: bool) -> None:
        if not isinstance(allowed, bool):
            raise TypeError(f"allow_tf32: expected True or False, not {allowed!r}")
        self._allow_tf32 = allowed


cudnn = Precision(allow_tf32=True)
cuda = SimpleNamespace(matmul=Precision(allow_tf32=False))


def set_float32_matmul_precision(precision: str) -> None:
    """Choose how products of float32 matrices are computed: "highest" is float32, "high" is TF32."""
    if precision not in ("highest", "high"):
        raise ValueError(f"set_float32_matmul_precision: 'highest' or 'high', not {precision!r}")
    cuda.matmul.allow_tf32 = precision == "high"


def get_float32_matmul_precision() -> str:
    """How products of float32 matrices are computed: "highest" is float32, "high" is TF32."""
    return "high" if cuda.matmul.allow_tf32 else "highest"
