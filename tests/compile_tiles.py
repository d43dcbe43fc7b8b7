"""Compile the kernels in cuTile for a processor, without a card: python tests/compile_tiles.py sm_90.
"""  # beyond

import io
import sys

import cuda.tile as ct
from cuda.tile.compilation import (
    ArrayConstraint,
    CallingConvention,
    KernelSignature,
    ScalarConstraint,
    export_kernel,
)

import standin

standin.install()

from dark.kernels.gpu import tile  # noqa: E402


def array(ndim, dtype):
    """A contiguous array on an address, and with rows, of multiples of 16 bytes."""
    numbers = 16 // (dtype.bitwidth // 8)
    return ArrayConstraint(
        dtype, ndim, index_dtype=ct.int32, stride_lower_bound_incl=0, alias_groups=[],
        may_alias_internally=False, stride_constant=[None] * (ndim - 1) + [1],
        stride_divisible_by=[numbers] * (ndim - 1) + [1], base_addr_divisible_by=16,
    )  # fmt: skip


def compiled(kernel, arrays, numbers, sizes, processor):
    """How many bytes of code it is."""
    given = [*arrays, *[ScalarConstraint(ct.int32)] * numbers, *sizes]
    signature = KernelSignature(given, CallingConvention.cutile_python_v2())
    code = io.BytesIO()
    export_kernel(kernel, [signature], code, gpu_code=processor, output_format="cubin")
    return len(code.getvalue())


for processor in sys.argv[1:]:
    for dtype, depth in ((ct.float32, 32), (ct.float16, 64)):
        pictures = array(4, dtype)
        given = [pictures, array(3, dtype), pictures]
        print(processor, compiled(tile.convolve, given, 6, (4, 4, 8, depth, 128), processor))
        given = [pictures, pictures, array(4, ct.float32)]
        print(processor, compiled(tile.correlate, given, 7, (1, 2, 32, 64, 128), processor))
