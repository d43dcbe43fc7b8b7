"""Products of matrices in a recording are those that cuBLAS computes outside of it."""  # dark-5

import sys

import numpy as np
import pytest

import dark
import standin

cupy = sys.modules.get("cupy") or standin.install()

from dark.kernels.gpu import products, recorded  # noqa: E402

SHAPES = [(1, 1, 1), (16, 16, 16), (17, 33, 5), (3, 100, 40), (5, 0, 4), (0, 3, 4), (64, 7, 1)]
TYPES = {"float16": 2e-3, "float32": 2e-6, "float64": 1e-14}


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(("rows", "inner", "columns"), SHAPES)
def test_a_product_without_libraries_is_the_product(rows, inner, columns, dtype):
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal(shape).astype(dtype) for shape in ((rows, inner), (inner, columns)))
    exact = a.astype("float64") @ b.astype("float64")
    bound = TYPES[dtype] * max(1, np.abs(a).astype("float64").sum()) if exact.size else 0
    for x in (cupy.asarray(a), cupy.asarray(a.T.copy()).T):  # by rows and by columns
        y = recorded.multiplied(x, cupy.asarray(b))
        assert y.dtype == dtype
        np.testing.assert_allclose(y.get().astype("float64"), exact, atol=bound, rtol=0)
    out = cupy.empty((rows, columns), dtype)
    assert recorded.multiplied(cupy.asarray(a), cupy.asarray(b), out) is out


def test_a_recorded_product_is_computed_again_by_each_launch():
    a, b = cupy.ones((3, 4), "float32"), cupy.ones((4, 2), "float32")
    products.matmul(a, b)  # compiles nothing while it is recorded
    recorded.multiplied(a, b)
    stream = cupy.cuda.Stream(non_blocking=True)
    with stream:
        assert not recorded.is_recording()
        stream.begin_capture()
        assert recorded.is_recording()
        y = products.matmul(a, b)
        graph = stream.end_capture()
        a[...] = 2
        graph.launch()
        stream.synchronize()
    assert y.tolist() == [[8, 8]] * 3


def test_what_only_recordings_need_is_loaded_before_they_begin(monkeypatch):
    monkeypatch.setattr(recorded.source, "kernels", {})  # as in a new program; the stand-in is strict then
    for dtype in TYPES:
        a = dark.ones(3, 4, dtype=getattr(dark, dtype), device="cuda")
        dark.nn.functional.linear(a, a)  # by cuBLAS
        with dark.cuda.graph(work := dark.cuda.CUDAGraph()):
            y = dark.nn.functional.linear(a, a)
        work.replay()
        assert y.tolist() == [[4] * 3] * 3
