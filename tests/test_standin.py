"""The stand-in for CuPy refuses what CuPy refuses, and runs what CuPy runs."""  # beyond

import copy
import inspect
import pickle
import shutil
import sys

import numpy as np
import pytest

import standin
from standin import api
from standin.state import State

needs_compiler = pytest.mark.skipif(
    shutil.which("g++") is None or sys.platform != "linux", reason="kernels run on the CPU by g++ on Linux"
)


@pytest.fixture(scope="module", autouse=True)
def cupy():
    present = sys.modules.get("cupy")
    if present is not None and not standin.is_standin(present):
        pytest.skip("CuPy itself has been imported")
    module = standin.install(devices=State.devices)
    yield module
    if present is None:
        standin.uninstall()


@pytest.fixture
def two_cards(cupy):
    before, State.devices = State.devices, 2
    yield
    State.devices = before
    cupy.cuda.Device(0).use()


@pytest.fixture
def at_hand(cupy):
    """What the expressions below are about."""
    return {
        "np": np,
        "cupy": cupy,
        "x": cupy.arange(6, dtype="float32").reshape(2, 3),
        "i": cupy.arange(3),
        "c": cupy.asarray([[True, False, True], [False, True, False]]),
        "host": np.ones((2, 3), np.float32),
        "number": np.array(3.0),
    }


# ---- what CuPy refuses

REFUSED = [
    # an array in main memory beside one on the card
    ("x + host", TypeError, "Unsupported type <class 'numpy.ndarray'>"),
    ("host + x", TypeError, "Unsupported type <class 'numpy.ndarray'>"),
    ("x + number", TypeError, "Unsupported type"),
    ("x == host", TypeError, "Unsupported type"),
    ("np.maximum(x, host)", TypeError, "Unsupported type"),
    ("np.add(x, x, out=host)", TypeError, "must be of ArrayType"),
    ("x.__iadd__(host)", TypeError, "Unsupported type"),
    ("x @ host.T", TypeError, "Unsupported type|incorrect type"),
    ("np.where(c, x, host)", TypeError, "Unsupported type"),
    ("np.where(host, x, x)", AttributeError, "astype"),
    ("np.where(True, x, x)", AttributeError, "astype"),
    ("np.concatenate([x, host])", TypeError, "only cupy arrays"),
    ("np.stack([x, host])", TypeError, "only cupy arrays"),
    ("np.clip(x, host, 1)", TypeError, "Unsupported type"),
    ("np.copyto(x, host)", ValueError, "non-scalar"),
    ("np.copyto(host, x)", TypeError, "destination"),
    ("x + [1, 2, 3]", TypeError, "list"),
    ("cupy.sum([1, 2])", TypeError, "only cupy arrays"),
    ("cupy.zeros_like(host)", TypeError, "Unsupported type"),
    ("np.take_along_axis(x, host.astype(int), 0)", AttributeError, "indices"),
    # conversion that is not said
    ("np.asarray(x)", TypeError, "Implicit conversion"),
    ("np.ascontiguousarray(x)", TypeError, "Implicit conversion"),
    ("np.testing.assert_array_equal(x, x)", TypeError, "Implicit conversion"),
    ("x[host > 0]", IndexError, "main memory"),
    ("x[np.array([0, 1])]", IndexError, "main memory"),
    ("x.__setitem__(0, host[0])", TypeError, "main memory"),
    ("x.__setitem__((0, 0), number)", TypeError, "main memory"),
    ("x.__setitem__(0, [1, 2, 3])", ValueError, "non-scalar"),
    ("x.fill(number)", TypeError, "main memory"),
    ("x.take(np.array([0]))", TypeError, "main memory"),
    ("bool(x)", ValueError, "ambiguous"),
    ("float(x)", ValueError, "size 1"),
    ("hash(x)", TypeError, "unhashable"),
    # names and parameters that CuPy lacks
    ("x.foo", AttributeError, "foo"),
    ("x.ctypes", AttributeError, "ctypes"),
    ("x.mT", AttributeError, "mT"),  # in CuPy 14 only
    ("cupy.bool", AttributeError, "not in both"),
    ("cupy.linalg.cond", AttributeError, "not in both"),
    ("cupy.nothing", AttributeError, "no attribute"),
    ("cupy.random", AttributeError, "the stand-in doesn't"),
    ("np.insert(x, 0, 1)", TypeError, "no implementation found"),
    ("np.put_along_axis(x, i, 1, 0)", TypeError, "no implementation found"),
    ("np.matrix_transpose(x)", TypeError, "no implementation found"),
    ("np.spacing(x)", TypeError, "NotImplemented"),
    ("np.max(x, initial=0)", TypeError, "initial"),
    ("x.max(initial=0)", TypeError, "initial"),
    ("np.sum(x, initial=0)", TypeError, "initial"),
    ("np.clip(x, min=0)", TypeError, "min"),
    ("np.argsort(x, stable=True)", TypeError, "stable"),
    ("np.sort(x, kind='quicksort')", ValueError, "stable"),
    ("x.argsort(kind='stable')", TypeError, "kind"),
    ("np.linspace(0, 1, 3, like=x)", TypeError, "like"),
    ("np.eye(3, like=x)", TypeError, "device"),
    ("np.full((2,), 1, like=x)", TypeError, "device"),
    ("np.add(x, x, where=c)", TypeError, "Wrong arguments"),
    ("np.add.at(x, (0,), 1)", TypeError, "NotImplemented"),  # cupy.add.at is there
    ("cupy.add.at(i, (i,), 1)", TypeError, "only supports"),  # int64: there is no atomic addition
    ("cupy.true_divide.at(x, (0,), 1)", NotImplementedError, "not supported"),
    ("cupy.ascontiguousarray(host)", TypeError, "incorrect type"),
    ("[10, 20, 30][i[1]]", TypeError, "indices must be integers"),
    ("np.maximum.reduce(x)", NotImplementedError, "not supported"),
    ("np.repeat(x, i)", ValueError, "repeats"),
    ("np.searchsorted(i, 1.0)", NotImplementedError, "ndarray"),
    ("np.zeros_like(x, shape=())", ValueError, "for none given"),
    ("x.astype('f8', casting='safe')", TypeError, "casting"),
    ("x[c, c]", IndexError, "booleans|too many"),
    ("x.__setitem__((0, cupy.asarray([0, 0])), cupy.asarray([1.0, 2.0]))", ValueError, "undefined"),
    ("x.scatter_add(0, 1)", DeprecationWarning, "add.at"),
    ("cupy.zeros(()).nonzero()", ValueError, "dimensions"),
    ("cupy.linalg.qr(x).Q", AttributeError, "tuple"),
    # what the versions do differently
    ("cupy.ones(3, 'float16') * 1e6", TypeError, "range of float16"),
    ("np.where(c, x, 1e300)", TypeError, "range of float32"),
    ("np.float64(2) * x", TypeError, "CuPy 13"),
    ("x + np.int64(2)", TypeError, "CuPy 13"),
    ("np.where(c, x, np.float64(2))", TypeError, "CuPy 13"),
    ("np.floor(i)", TypeError, "CuPy 13"),
]


@pytest.mark.parametrize(("expression", "error", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_it_refuses(at_hand, expression, error, words):
    with pytest.raises(error, match=words):
        eval(expression, at_hand)


# ---- what CuPy takes

TAKEN = [
    ("x + 1", "float32"),
    ("1.5 * x", "float32"),
    ("np.float32(2) * x", "float32"),
    ("i + np.int64(2)", "int64"),
    ("np.exp(x)", "float32"),
    ("np.add.reduce(x, axis=1)", "float32"),
    ("x @ x.T", "float32"),
    ("np.where(c, x, 0)", "float32"),
    ("np.where(c, x, np.float32(0))", "float32"),
    ("x.sum(axis=0, keepdims=True)", "float32"),
    ("x.argmax(axis=1)", "int64"),
    ("np.zeros(3, np.float32, like=x)", "float32"),
    ("np.arange(3, like=x)", "int64"),
    ("np.asarray(host, like=x)", "float32"),
    ("np.zeros_like(x, shape=(4,))", "float32"),
    ("x[0, 1]", "float32"),
    ("x[[0, 1]]", "float32"),
    ("x[c]", "float32"),
    ("x[i % 2]", "float32"),
    ("x.T", "float32"),
    ("np.concatenate([x, x])", "float32"),
    ("np.lib.stride_tricks.sliding_window_view(x, 2, 1)", "float32"),
    ("np.unique(i)", "int64"),
    ("np.sort(x, kind='stable')", "float32"),
    ("np.array_equal(x, x)", "bool"),
    ("cupy.exp(1.0)", "float64"),
    ("cupy.array([x, x])", "float32"),
]


@pytest.mark.parametrize(("expression", "dtype"), TAKEN, ids=[row[0] for row in TAKEN])
def test_a_result_is_an_array_on_the_card_never_a_number(at_hand, cupy, expression, dtype):
    result = eval(expression, at_hand)
    assert type(result) is cupy.ndarray
    assert result.dtype == dtype
    there = eval(expression, {**at_hand, "cupy": np, "x": at_hand["x"].get(), "i": np.arange(3),
                              "c": at_hand["c"].get()})  # fmt: skip
    np.testing.assert_array_equal(result.get(), there)


def test_results_lie_in_c_order_whatever_the_operands(cupy):
    x = cupy.zeros((2, 3, 4)).transpose(2, 0, 1)
    joined = np.concatenate([x, x])
    for result in (x + x, np.exp(x), x.sum(axis=0), -x, np.where(x > 0, x, 0), x.copy(), joined):
        assert result.flags.c_contiguous
    assert np.argsort(x[0], axis=0).strides == (8, 16)
    for result in (cupy.empty_like(x), x.astype("float32"), cupy.array(x), x.copy(order="K")):
        assert result.strides == tuple(s * result.itemsize // 8 for s in x.strides)


def test_memory_is_shared_where_it_is_in_cupy(cupy):
    x = cupy.zeros((2, 3))
    x.reshape(6)[...] = 1
    x.T[0] += 1
    x[1:, 1] = 5
    assert x.tolist() == [[2, 1, 1], [2, 5, 1]]
    assert x.T.base is x
    assert x[0].T.base is x
    assert cupy.asarray(x) is x
    assert cupy.array(x) is not x
    assert x.astype(x.dtype, copy=False) is x


def test_memory_that_was_not_written_holds_no_zeros(cupy):
    assert cupy.isnan(cupy.empty(3)).all()
    assert (cupy.empty(3, "int32") != 0).all()
    assert cupy.isnan(cupy.empty_like(cupy.zeros(3))).all()
    assert cupy.isnan(cupy.ndarray((3,), "float16")).all()


def test_indices_out_of_range_count_on_from_the_beginning(cupy):
    x = cupy.arange(5)
    assert x[cupy.asarray([7, -6])].tolist() == [2, 4]
    assert x.take(cupy.asarray([7, -6])).tolist() == [2, 4]
    assert np.take_along_axis(x, cupy.asarray([7, -6]), 0).tolist() == [2, 4]
    x[cupy.asarray([5])] = 9
    assert x[0].item() == 9
    pairs = cupy.arange(6).reshape(2, 3)
    assert pairs[:, cupy.asarray([4])].tolist() == [[1], [4]]
    assert pairs[..., None, cupy.asarray([4])].tolist() == [[[1]], [[4]]]
    with pytest.raises(IndexError):
        x[7]


def test_it_copies_pickles_and_prints_as_cupy_does(cupy):
    x = cupy.arange(3)
    for other in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x)), x.copy()):
        assert type(other) is cupy.ndarray
        assert other is not x
        assert other.tolist() == [0, 1, 2]
    assert repr(x) == "array([0, 1, 2])"
    assert f"{x[1].item():3d}" == "  1"
    assert cupy.get_array_module(x) is cupy
    assert cupy.get_array_module(np.ones(3)) is np


def test_copies_to_main_memory_are_written_out(cupy):
    x, out = cupy.arange(3), np.empty(3, np.int64)
    assert x.get(out=out) is out
    assert out.tolist() == [0, 1, 2]
    with pytest.raises(TypeError, match="cannot be obtained"):
        x.get(out=np.empty(3, np.int32))
    with pytest.raises(ValueError, match="Shape mismatch"):
        x.get(out=np.empty(4, np.int64))
    x.set(np.array([3, 4, 5]))
    assert x.tolist() == [3, 4, 5]
    with pytest.raises(TypeError, match="cannot be set"):
        x.set(np.array([3.0, 4.0, 5.0]))


# ---- against the tables


def test_no_module_has_a_name_that_cupy_lacks():
    for place, module in standin.modules().items():
        if place in api.TABLE:
            extra = {name for name in vars(module) if not name.startswith("_")} - set(api.names(place))
            assert extra <= {"is_standin", "lib", "linalg"}, place


def test_the_methods_of_an_array_are_those_of_cupy(cupy):
    own = {name for name in vars(cupy.ndarray) if not name.startswith("_")}
    assert own - set(api.names("cupy.ndarray")) == set()


def own_functions():
    for place, module in standin.modules().items():
        for name, value in vars(module).items():
            if inspect.isfunction(value) and name in api.TABLE.get(place, {}):
                yield place, name, value
    for name, value in vars(sys.modules["standin.arrays"].ndarray).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield "cupy.ndarray", name, value


def test_every_function_takes_the_parameters_that_cupys_takes():
    """Those that are passed on are held against the table when they are called."""
    checked = 0
    for place, name, value in own_functions():
        if not value.__module__.startswith("standin"):
            continue  # NumPy's own, as in CuPy
        given = [p for p in inspect.signature(value).parameters.values() if p.name != "self"]
        if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in given):
            continue
        reference = api.checker(place, name)
        if reference is not None:
            expected = list(inspect.signature(reference).parameters)
            assert [p.name for p in given] == expected, f"{place}.{name}"
            checked += 1
    assert checked > 60


# ---- cards, streams, memory


def test_an_array_of_another_card_is_no_operand(cupy, two_cards):
    x = cupy.ones(3)
    with cupy.cuda.Device(1):
        y = cupy.ones(3)
        assert y.device.id == 1
        with pytest.raises(ValueError, match="current device"):
            x + y
        there = cupy.asarray(x)
        assert there.device == cupy.cuda.Device(1)
        assert (there + y).tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="current device"):
        y + 1
    assert y.get().tolist() == [1, 1, 1]
    with pytest.raises(cupy.cuda.runtime.CUDARuntimeError, match="invalid device"):
        cupy.cuda.Device(2).use()


def test_a_pool_counts_the_arrays_that_live(cupy):
    pool = cupy.cuda.MemoryPool()
    with cupy.cuda.using_allocator(pool.malloc):
        x = cupy.zeros(1024, "float32")
        view, again = x[3:], x.reshape(32, 32)
        assert pool.used_bytes() == 4096
        del x, view
        assert pool.used_bytes() == 4096
        del again
        assert (pool.used_bytes(), pool.total_bytes()) == (0, 4096)
        pool.free_all_blocks()
        assert pool.total_bytes() == 0
    pool.set_limit(size=1024)
    full = pytest.raises(cupy.cuda.memory.OutOfMemoryError, match="limit")
    with cupy.cuda.using_allocator(pool.malloc), full:
        cupy.zeros(1024)


def test_memory_can_be_seen_as_an_array_of_another_type(cupy):
    memory = cupy.cuda.alloc(64)
    x = cupy.ndarray((4,), "float32", memory + 16)
    y = cupy.ndarray((8,), "float32", memory)
    x.fill(3)
    assert y[4:].tolist() == [3, 3, 3, 3]
    assert x.data.ptr == memory.ptr + 16
    assert y[2:].data.ptr == memory.ptr + 8


def test_pinned_memory_is_main_memory(cupy):
    memory = cupy.cuda.alloc_pinned_memory(64)
    x = np.frombuffer(memory, np.float32, 16)
    x[:] = 2
    assert cupy.asarray(x).sum().item() == 32
    import cupyx

    assert cupyx.empty_pinned((2, 3), "float32").shape == (2, 3)


# ---- capture


def test_a_graph_does_again_what_was_recorded(cupy):
    weights, step, seen = cupy.ones(3), cupy.ones(()), cupy.zeros(3)
    stream = cupy.cuda.Stream(non_blocking=True)
    with stream:
        stream.begin_capture()
        doubled = weights * 2 + step
        seen[1:] = doubled[1:]
        weights -= doubled
        total = weights.sum()
        row = doubled.reshape(3, 1)
        step += 1
        graph = stream.end_capture()
    assert weights.tolist() == [1, 1, 1], "nothing is computed while it is recorded"
    assert step.item() == 1
    graph.launch()
    assert weights.tolist() == [-2, -2, -2]
    assert seen.tolist() == [0, 3, 3]
    assert total.item() == -6
    assert row.tolist() == [[3], [3], [3]]
    weights[...] = 10
    graph.launch()
    assert weights.tolist() == [-12, -12, -12]
    assert step.item() == 3


WAITING = [
    "x.get()", "float(x.sum())", "x.sum().item()", "bool(x.sum())", "x[x > 0]", "x.__setitem__(x > 0, 1)",
    "np.nonzero(x)", "np.unique(x)", "cupy.asarray([1.0, 2.0])", "cupy.asarray(np.ones(3))", "x[[0, 1]]",
    "x.set(np.ones(3))", "repr(x)", "np.lib.stride_tricks.sliding_window_view(x, 2)",
]  # fmt: skip


@pytest.mark.parametrize("expression", WAITING)
def test_nothing_waits_for_the_card_while_it_is_recorded(cupy, expression):
    x, stream = cupy.ones(3), cupy.cuda.Stream(non_blocking=True)
    with stream:
        stream.begin_capture()
        with pytest.raises(RuntimeError, match="is capturing, so transfers are disallowed"):
            eval(expression, {"x": x, "np": np, "cupy": cupy})
        stream.end_capture()
        assert not stream.is_capturing()


SYNCHRONIZED = ["cupy.cuda.Device()", "cupy.cuda.get_current_stream()", "cupy.cuda.Event()"]


@pytest.mark.parametrize("expression", SYNCHRONIZED)
def test_a_recording_that_was_to_wait_is_lost(cupy, expression):
    stream = cupy.cuda.Stream(non_blocking=True)
    with stream:
        stream.begin_capture()
        with pytest.raises(cupy.cuda.runtime.CUDARuntimeError, match="cudaErrorStreamCaptureUnsupported"):
            eval(expression, {"cupy": cupy}).synchronize()
        with pytest.raises(cupy.cuda.runtime.CUDARuntimeError, match="cudaErrorStreamCaptureInvalidated"):
            stream.end_capture()


LIBRARIES = ["x @ x", "x.dot(x)", "np.einsum('ij,jk->ik', x, x)", "np.tensordot(x, x, 1)", "np.linalg.inv(x)"]


@pytest.mark.parametrize("expression", LIBRARIES)
def test_no_library_of_nvidias_takes_part_in_a_recording(cupy, expression):
    x, stream = cupy.eye(3), cupy.cuda.Stream(non_blocking=True)
    with stream:
        stream.begin_capture()
        with pytest.raises(NotImplementedError, match="during stream capture"):
            eval(expression, {"x": x, "np": np})
        stream.end_capture()


@needs_compiler
def test_kernels_are_recorded_too(cupy):
    add = cupy.ElementwiseKernel("T x", "T y", "y += x", "add")
    source = 'extern "C" __global__ void scale(float *x, float by) { x[threadIdx.x] *= by; }'
    scale = cupy.RawKernel(source, "scale")
    x, y = cupy.ones(3, "float32"), cupy.ones(3, "float32")
    stream = cupy.cuda.Stream(non_blocking=True)
    with stream:
        stream.begin_capture()
        add(x, y)
        with pytest.raises(RuntimeError, match="scale is compiled and loaded while a stream is capturing"):
            scale((1,), (3,), (y, np.float32(2)))
        stream.end_capture()
    scale.compile()
    with stream:
        stream.begin_capture()
        add(x, y)
        scale((1,), (3,), (y, np.float32(2)))
        graph = stream.end_capture()
    assert y.tolist() == [1, 1, 1]
    graph.launch()
    graph.launch()
    assert y.tolist() == [10, 10, 10]


# ---- raw kernels

COPY = 'extern "C" __global__ void copy(const float *x, float *y, int n) { %s }'
BODY = "int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = x[i];"


def raw(cupy, body=BODY, name="copy", source=COPY):
    return cupy.RawModule(code=source % body, options=("-std=c++17",)).get_function(name)


@needs_compiler
def test_a_kernel_runs_in_every_thread_of_every_block(cupy):
    x = cupy.arange(1000, dtype="float32")
    y = cupy.empty_like(x)
    raw(cupy)((8,), (128,), (x, y, np.int32(1000)))
    assert (x == y).all()


WRONG = [
    ("(x, y, 8)", TypeError, "Python int is passed as int64"),
    ("(x, y, 8.0)", TypeError, "int"),
    ("(x, y, np.float32(8))", TypeError, "argument 2 of copy is a int"),
    ("(x, y, True)", TypeError, "bool"),
    ("(x, y)", TypeError, "takes 3 arguments, not 2"),
    ("(x.astype('float64'), y, np.int32(8))", TypeError, "points to float"),
    ("(x, y.astype('int32'), np.int32(8))", TypeError, "points to float"),
    ("(x.get(), y, np.int32(8))", TypeError, "cupy.ndarray is expected"),
    ("(x, y, cupy.ones(1))", TypeError, "not an array"),
    ("(x[::2], y, np.int32(4))", ValueError, "strides"),
    ("(cupy.broadcast_to(x[:1], (8,)), y, np.int32(8))", ValueError, "strides"),
    ("(x, y, np.int32(9))", standin.KernelError, "0 bytes after an array of 32 bytes"),
]


@needs_compiler
@pytest.mark.parametrize(("arguments", "error", "words"), WRONG, ids=[row[0] for row in WRONG])
def test_a_kernel_gets_exactly_what_it_takes(cupy, arguments, error, words):
    x, y = cupy.ones(8, "float32"), cupy.ones(8, "float32")
    with pytest.raises(error, match=words):
        raw(cupy)((1,), (16,), eval(arguments, {"x": x, "y": y, "np": np, "cupy": cupy}))


@needs_compiler
def test_arrays_that_share_memory_share_it_in_a_kernel(cupy):
    both = cupy.arange(8, dtype="float32")
    raw(cupy, "y[threadIdx.x] = x[threadIdx.x] + 10;")((1,), (4,), (both[:4], both[4:], np.int32(4)))
    assert both.tolist() == [0, 1, 2, 3, 10, 11, 12, 13]
    raw(cupy, "y[threadIdx.x] = x[threadIdx.x] + 10;")((1,), (4,), (both[:4], both[:4], np.int32(4)))
    assert both.tolist() == [10, 11, 12, 13, 10, 11, 12, 13]
    with pytest.raises(standin.KernelError, match="after an array of 16 bytes"):
        raw(cupy, "y[threadIdx.x + 1] = 1;")((1,), (4,), (both[4:], both[:4], np.int32(4)))


BARRIERS = [
    ("if (threadIdx.x < 5) return; __syncthreads();", "27 wait, 5 have returned"),
    ("if (threadIdx.x < 5) __syncthreads();\nelse\n__syncthreads();", "different barriers, lines"),
    ("if (threadIdx.x < 5) __shfl_sync(0xffffffffu, 1, 0);", "names lane 5, which has returned"),
    ("if (threadIdx.x < 5) return; __shfl_down_sync(0xffffffffu, 1, 1);", "names lane 0, which has returned"),
    ("extern __shared__ float s[]; s[threadIdx.x] = 1;", "dynamic shared memory"),
    ("__shfl_sync(1u, 1, 0);", "not in its own mask"),
]


@needs_compiler
@pytest.mark.parametrize(("body", "words"), BARRIERS, ids=[row[0] for row in BARRIERS])
def test_a_kernel_whose_threads_miss_each_other_is_an_error(cupy, body, words):
    x = cupy.ones(32, "float32")
    with pytest.raises(standin.KernelError, match=words):
        raw(cupy, body)((1,), (32,), (x, x, np.int32(32)))


@needs_compiler
def test_four_numbers_are_read_as_one_only_where_four_begin(cupy):
    source = 'extern "C" __global__ void fours(float4 *x) { x[threadIdx.x].w = 5; }'
    kernel, x = cupy.RawKernel(source, "fours"), cupy.zeros(12, "float32")
    kernel((1,), (2,), (x[4:],))
    assert x.tolist() == [0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 5]
    with pytest.raises(ValueError, match="Misaligned"):
        kernel((1,), (2,), (x[1:9],))


@needs_compiler
def test_a_missing_barrier_shows(cupy):
    x, y = cupy.arange(64, dtype="float32"), cupy.empty(64, "float32")
    body = "__shared__ float s[64]; int t = threadIdx.x; s[t] = x[t]; %s y[t] = s[63 - t];"
    raw(cupy, body % "__syncthreads();")((1,), (64,), (x, y, np.int32(64)))
    assert y.tolist() == list(range(64))[::-1]
    raw(cupy, body % "")((1,), (64,), (x, y, np.int32(64)))
    assert cupy.isnan(y).any()


@needs_compiler
@pytest.mark.parametrize("call", ["__shfl_down_sync(0xffffffffu, v, 3)", "__shfl_up_sync(0xffffffffu, v, 3)",
                                  "__shfl_xor_sync(0xffffffffu, v, 5)", "__shfl_sync(0xffffffffu, v, t * 7)",
                                  "__shfl_down_sync(0xffffffffu, v, 3, 8)"])  # fmt: skip
def test_lanes_exchange_values_as_cuda_says(cupy, call):
    x, y = cupy.arange(64, dtype="float32") * 10, cupy.empty(64, "float32")
    body = f"int t = threadIdx.x; float v = x[t]; y[t] = {call}; y[t] += 0 * {call};"
    raw(cupy, body)((1,), (64,), (x, y, np.int32(1)))
    lane, warp = np.arange(64) % 32, np.arange(64) // 32 * 32
    source = {
        "__shfl_down_sync(0xffffffffu, v, 3)": np.where(lane + 3 < 32, lane + 3, lane),
        "__shfl_up_sync(0xffffffffu, v, 3)": np.where(lane >= 3, lane - 3, lane),
        "__shfl_xor_sync(0xffffffffu, v, 5)": lane ^ 5,
        "__shfl_sync(0xffffffffu, v, t * 7)": (np.arange(64) * 7) % 32,
        "__shfl_down_sync(0xffffffffu, v, 3, 8)": np.where(lane % 8 + 3 < 8, lane + 3, lane),
    }[call]
    assert y.tolist() == ((warp + source) * 10).tolist()


@needs_compiler
def test_votes_and_atomic_operations(cupy):
    source = """
    extern "C" __global__ void votes(int *sum, unsigned *ballots, int *counts) {
      atomicAdd(sum, 1); atomicMax(sum + 1, (int)threadIdx.x); atomicMin(sum + 2, -(int)threadIdx.x);
      unsigned odd = __ballot_sync(0xffffffffu, threadIdx.x & 1);
      if (threadIdx.x == 0) ballots[blockIdx.x] = odd;
      int count = __syncthreads_count(threadIdx.x < 5);
      if (threadIdx.x == 0) counts[blockIdx.x] = count;
    }"""
    sums, ballots, counts = cupy.zeros(3, "int32"), cupy.zeros(2, "uint32"), cupy.zeros(2, "int32")
    cupy.RawKernel(source, "votes")((2,), (64,), (sums, ballots, counts))
    assert sums.tolist() == [128, 63, -63]
    assert ballots.tolist() == [0xAAAAAAAA] * 2
    assert counts.tolist() == [5, 5]


@needs_compiler
def test_16_bit_floats_are_rounded_as_numpy_does(cupy):
    source = """
    #include <cuda_fp16.h>
    extern "C" __global__ void halves(const float *x, __half *y, float *back, int n) {
      int i = blockIdx.x * blockDim.x + threadIdx.x;
      if (i < n) { y[i] = __float2half(x[i]); back[i] = __half2float(y[i]); }
    }"""
    every = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
    edges = np.float32([65519.0, 65520.0, 1e-8, 3e-8])
    x = np.concatenate([every, every[np.isfinite(every)] * np.float32(1.0004882), edges])
    y, back = cupy.empty(len(x), "float16"), cupy.empty(len(x), "float32")
    cupy.RawKernel(source, "halves")((520,), (256,), (cupy.asarray(x), y, back, np.int32(len(x))))
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(y.get(), x.astype(np.float16))
        np.testing.assert_array_equal(back.get(), x.astype(np.float16).astype(np.float32))


SOURCES = [
    ("#include <algorithm>\n" + COPY % "", "algorithm"),
    (COPY % "y[0] = INFINITY;", "INFINITY"),
    (COPY % "y[0] = std::max(1, 2);", "std"),
    (COPY % "y[0] = sizeof(int64_t);", "int64_t"),
    (COPY % "y[0] = max(1LL, 2);", "ambiguous"),
    ("#include <cuda_fp16.h>\n" + COPY % "__half h = 1.0f; y[0] = h * 2.0f;", "ambiguous"),
    (COPY % "x[0] = 1;", "read-only"),
    ("void f() {}", "extern"),
]


@needs_compiler
@pytest.mark.parametrize(("source", "words"), SOURCES, ids=[row[1] for row in SOURCES])
def test_what_cudas_compiler_refuses_does_not_compile(cupy, source, words):
    with pytest.raises(standin.CompileException, match=words):
        cupy.RawModule(code=source).compile()


@needs_compiler
def test_a_launch_that_no_card_takes_is_refused(cupy):
    x, kernel = cupy.ones(8, "float32"), raw(cupy)
    for grid, block, shared in (((1,), (2048,), 0), ((1, 70000), (1,), 0), ((1,), (1,), 100000)):
        with pytest.raises(RuntimeError, match="CUDA_ERROR_INVALID_VALUE"):
            kernel(grid, block, (x, x, np.int32(8)), shared_mem=shared)
    with pytest.raises(TypeError, match="tuples"):
        kernel(1, 2, (x, x, np.int32(8)))
    with pytest.raises(RuntimeError, match="not found"):
        raw(cupy, name="other")((1,), (1,), (x, x, np.int32(8)))


# ---- formulas


@needs_compiler
def test_a_formula_is_computed_for_every_element_of_broadcast_arrays(cupy):
    operation = "z = x * y + by; above = z > i"
    kernel = cupy.ElementwiseKernel("T x, T y, float32 by", "T z, bool above", operation, "f")
    x, y = cupy.arange(6, dtype="float32").reshape(2, 3), cupy.arange(2, dtype="float32")
    z, above = kernel(x.T, y, 0.5)
    assert z.get().tolist() == (x.get().T * y.get() + np.float32(0.5)).tolist()
    assert above.get().tolist() == (z.get() > np.arange(6).reshape(3, 2)).tolist()
    assert kernel(x, 2, 0.5)[0].tolist() == (x.get() * 2 + 0.5).tolist()
    out = cupy.empty((4, 3), "float32")[::2], cupy.empty((2, 3), "bool")
    assert kernel(x, x, 0, *out)[0] is out[0]
    assert out[0].tolist() == (x.get() ** 2).tolist()


@needs_compiler
def test_a_raw_array_is_indexed_by_hand(cupy):
    kernel = cupy.ElementwiseKernel("raw T x, int32 n", "T y", "y = x[n - 1 - i]", "backwards")
    x = cupy.arange(6, dtype="float64").reshape(2, 3)
    assert kernel(x, 6, size=6).tolist() == [5, 4, 3, 2, 1, 0]
    assert kernel(x.T, 6, size=6).tolist() == [5, 2, 4, 1, 3, 0]
    shift = cupy.ElementwiseKernel("raw T x", "raw T y", "y[i + 1] = x[i]", "shift")
    y = cupy.zeros(6)
    shift(x, y, size=5)
    assert y.tolist() == [0, 0, 1, 2, 3, 4]
    with pytest.raises(standin.KernelError, match="after an array"):
        shift(x, y, size=6)


FORMULAS = [
    ("kernel(x, y.astype('float64'))", TypeError, "Type is mismatched"),
    ("kernel(x)", TypeError, "Wrong number of arguments"),
    ("kernel(x, host)", TypeError, "Unsupported type"),
    ("kernel(1, 2)", ValueError, "undecided"),
    ("kernel(x, y, size=6)", ValueError, "size"),
    ("kernel(x, y, cupy.empty(3, 'float32'))", ValueError, "mismatched"),
    ("kernel(x, y, block=3)", TypeError, "block"),
    ("cupy.ElementwiseKernel('T i', 'T y', 'y = i', 'f')", ValueError, "'i'"),
    ("cupy.ElementwiseKernel('T x', 'T y', 'y = x', 'a b')", ValueError, "Invalid kernel name"),
    ("cupy.ElementwiseKernel('T x', 'T y', 'x = y', 'f')(x)", standin.CompileException, "read-only"),
    ("cupy.ElementwiseKernel('T x', 'T y', 'y = n', 'f')(x)", standin.CompileException, "n"),
]


@needs_compiler
@pytest.mark.parametrize(("expression", "error", "words"), FORMULAS, ids=[row[0] for row in FORMULAS])
def test_a_formula_gets_what_cupy_lets_it_have(cupy, expression, error, words):
    x = cupy.ones((2, 3), "float32")
    kernel = cupy.ElementwiseKernel("T x, T y", "T z", "z = x + y", "add")
    with pytest.raises(error, match=words):
        eval(expression, {"kernel": kernel, "x": x, "y": x, "host": np.ones(3, np.float32), "cupy": cupy})


@needs_compiler
def test_a_reduction_joins_the_elements_along_axes(cupy):
    dot = cupy.ReductionKernel("T x, T y", "T z", "x * y", "a + b", "z = a", "0", "dot")
    x = cupy.arange(24, dtype="float64").reshape(2, 3, 4)
    for axis in (None, 0, -1, (0, 2)):
        expected = (x.get() ** 2).sum(axis=axis)
        assert dot(x, x, axis=axis).tolist() == expected.tolist()
        assert dot(x.T.T, x, axis=axis, keepdims=True).shape == x.sum(axis=axis, keepdims=True).shape
    largest = cupy.ReductionKernel("T x", "T z", "x", "max(a, b)", "z = a", None, "largest")
    assert largest(x, axis=1).tolist() == x.max(axis=1).tolist()
    with pytest.raises(ValueError, match="no identity"):
        largest(x[:0], axis=0)
    assert dot(x[:, :0], x[:, :0], axis=1).tolist() == np.zeros((2, 4)).tolist()
