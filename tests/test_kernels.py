"""Kernels: every compiled one gives the reference's numbers, and loads only when it is needed."""  # dark-5

import inspect
import os
import subprocess
import sys

import numpy as np
import pytest

import dark
from against_torch import random_array
from dark import kernels
from dark.kernels import reference

cpu = pytest.importorskip("dark.kernels.cpu", reason="Numba is not installed: there is nothing to compare")

ADAM = {"lr": 0.1, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
# name, how many arrays (None for one that is left out), options of each step
STEPS = [
    ("sgd_step", 3, [None], {"lr": 0.1, "weight_decay": 0.1}),
    ("sgd_step", 3, [], {"lr": 0.1, "momentum": 0.9}),
    ("sgd_step", 3, [], {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "maximize": True}),
    ("sgd_step", 3, [], {"lr": 1, "momentum": 1, "weight_decay": 0.01, "nesterov": True}),
    ("adam_step", 4, [], ADAM),
    ("adam_step", 4, [], {**ADAM, "weight_decay": 0.1, "maximize": True}),
    ("adam_step", 5, [], {**ADAM, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("rmsprop_step", 3, [], {"lr": 0.1, "alpha": 0.9, "eps": 1e-8}),
    ("adagrad_step", 3, [], {"lr": 0.1, "eps": 1e-8, "lr_decay": 0.1, "step": 3}),
]
LAYOUTS = {
    "vector": lambda n: [random_array((7,), seed=i) for i in range(n)],
    "long vector": lambda n: [random_array((10_007,), seed=i) for i in range(n)],
    "float64": lambda n: [random_array((3, 5), "float64", seed=i) for i in range(n)],
    "float16": lambda n: [random_array((3, 5), "float16", seed=i) for i in range(n)],
    "0-d": lambda n: [random_array((), seed=i) for i in range(n)],
    "empty": lambda n: [random_array((0, 3), seed=i) for i in range(n)],
    "channels last": lambda n: [random_array((2, 3, 5, 4), seed=i).transpose(0, 3, 1, 2) for i in range(n)],
    "rows with gaps": lambda n: [random_array((5, 8), seed=i)[:, :3] for i in range(n)],
    "backwards": lambda n: [random_array((9,), seed=i)[::-1] for i in range(n)],
    "gradient transposed": lambda n: [
        random_array((4, 6), seed=i).T if i == 1 else random_array((6, 4), seed=i) for i in range(n)
    ],
    "NaN and inf": lambda n: [np.array([np.nan, 1, np.inf, -np.inf, 0], "float32") for _ in range(n)],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's of NaN and of float16's limits
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("name", "count", "left_out", "options"), STEPS)
def test_compiled_steps_equal_the_reference_to_the_last_bit(name, count, left_out, options, layout):
    ours, expected = LAYOUTS[layout](count), LAYOUTS[layout](count)
    for arrays in (ours, expected):
        for x in arrays[2:]:
            np.abs(x, out=x)
        arrays[len(arrays) - len(left_out) :] = left_out
    for step in range(1, 4):
        numbered = {**options, "step": step} if name == "adam_step" else options
        getattr(cpu, name)(*ours, **numbered)
        getattr(reference, name)(*expected, **numbered)
    for i, (x, y) in enumerate(zip(ours, expected)):
        np.testing.assert_array_equal(x, y, err_msg=f"array {i}")


def test_every_kernel_has_the_signature_of_its_reference():
    assert cpu.__all__ == reference.__all__
    for name in reference.__all__:
        assert inspect.signature(getattr(cpu, name)) == inspect.signature(getattr(reference, name)), name


def test_gradients_may_be_read_only_and_parameters_may_not():
    size = kernels.WORTH_COMPILING
    param, grad = np.ones(size, "float32"), np.broadcast_to(np.float32(1), size)
    kernels.of(param).sgd_step(param, grad, None, lr=0.5)
    assert set(param) == {0.5}
    param.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        kernels.of(param).sgd_step(param, np.ones_like(param), None, lr=0.5)


def test_small_arrays_go_to_the_reference_and_large_ones_to_numba():
    assert kernels.of(np.zeros(10)) is reference
    assert kernels.of(np.zeros(kernels.WORTH_COMPILING)) is cpu


def run(code, **environment):
    """The output of a fresh Python; its warnings are part of it."""
    command, environment = [sys.executable, "-c", code], {**os.environ, **environment}
    done = subprocess.run(command, env=environment, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


STEP = """
import sys
{before}
import dark
x = dark.zeros(300, 200, requires_grad=True)
small = dark.zeros(3, requires_grad=True)
for p in (small, x, x):
    p.grad = dark.ones_like(p.detach())
    dark.optim.SGD([p], lr=0.5).step()
    print("numba" in sys.modules)
print(x.detach().numpy().sum())
"""


def test_numba_is_loaded_by_the_first_large_parameter():
    assert run(STEP.format(before="")).split() == ["False", "True", "True", "-60000.0"]


def test_without_numba_the_reference_serves_and_says_so_once():
    output = run(STEP.format(before="sys.modules['numba'] = None"))
    assert output.count("Numba can't be loaded") == 1
    assert "-60000.0" in output


def test_without_numba_networks_of_convolutions_train_too():
    code = """
import sys
sys.modules["numba"] = None
import dark
from dark import nn
net = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2))
for _ in range(2):
    net(dark.ones(8, 3, 32, 32)).sum().backward()
print(net[0].weight.grad.shape)
"""
    output = run(code)
    assert output.count("Numba can't be loaded") == 1
    assert "dark.Size([16, 3, 3, 3])" in output


def test_a_run_that_compiles_says_so_once_and_the_next_one_finds_the_kernels(tmp_path):
    first, second = (run(STEP.format(before=""), NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2))
    assert first.count("compiling the kernels") == 1
    assert "compiling" not in second


def test_nothing_is_said_of_functions_that_the_user_compiles():
    code = "import dark.kernels.cpu, numba; print(numba.njit(lambda x: x + 1)(1))"
    assert run(code) == "2\n"


def test_kernels_work_where_nothing_can_be_written():
    before = """
import numba.core.caching as caching
caching.CacheImpl._locator_classes = []  # as on a read-only disk with a read-only home
"""
    assert "-60000.0" in run(STEP.format(before=before))


def test_compiled_code_is_kept_for_the_next_process(tmp_path):
    run(STEP.format(before=""), NUMBA_CACHE_DIR=str(tmp_path))
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb?")}
    assert kept
    run(STEP.format(before=""), NUMBA_CACHE_DIR=str(tmp_path))
    assert kept == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb?")}


def test_two_runs_are_equal_bit_for_bit():
    def final():
        params = [dark.tensor(random_array((300, 200)), requires_grad=True)]
        optimizer = dark.optim.Adam(params, lr=0.01)
        for i in range(20):
            params[0].grad = dark.tensor(random_array((300, 200), seed=i))
            optimizer.step()
        return params[0].detach().numpy()

    np.testing.assert_array_equal(final(), final())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(64, 300, 70), (70, 300, 64), (1, 700, 900), (900, 700, 1), (3, 1, 9000)])
def test_products_of_matrices_in_any_order_of_memory(shape, dtype):
    rows, inner, columns = shape
    a, b = random_array((rows, inner), dtype), random_array((inner, columns), dtype)
    expected = a.astype("float64") @ b.astype("float64")
    for x in (a, np.asfortranarray(a), np.repeat(a, 2, axis=1)[:, ::2]):
        for y in (b, np.asfortranarray(b), np.repeat(b, 2, axis=0)[::2]):
            found = cpu.matmul(x, y)
            assert found.dtype == dtype
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


def test_a_single_row_may_have_any_stride():
    row, matrix, column = random_array((600,)), random_array((600, 700)), random_array((700, 1))
    assert row[None].strides[0] == 0
    np.testing.assert_allclose(cpu.matmul(row[None], matrix), row @ matrix[None], rtol=1e-3, atol=1e-3)
    np.testing.assert_array_equal(cpu.matmul(column, row[None]), column * row)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_computes_without_the_threads_of_its_parent():
    code = """
import os, dark
x, weight = dark.ones(1, 16, 64, 64), dark.ones(16, 16, 3, 3)
before = dark.conv2d(x, weight, padding=1)
child = os.fork()
if child == 0:
    os._exit(0 if dark.equal(dark.conv2d(x, weight, padding=1), before) else 1)
print("exit code", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert "exit code 0" in run(code)


def test_the_number_of_threads_is_the_users():
    assert run("import dark; print(dark.get_num_threads())", OMP_NUM_THREADS="3").split() == ["3"]
    before = dark.get_num_threads()
    try:
        dark.set_num_threads(1)
        assert cpu.threads.workers() == 1
        for wrong, error in ((0, RuntimeError), (-2, RuntimeError), (1.0, TypeError), (True, TypeError)):
            with pytest.raises(error, match="set_num_threads"):
                dark.set_num_threads(wrong)
    finally:
        dark.set_num_threads(before)


def test_numpys_own_threads_are_left_alone():
    code = """
import dark, numpy
from threadpoolctl import ThreadpoolController
def threads_of_numpy():
    return [x.num_threads for x in ThreadpoolController().lib_controllers if "numpy" in x.filepath]
before = threads_of_numpy()
dark.conv2d(dark.ones(1, 16, 64, 64), dark.ones(16, 16, 3, 3))
print(before == threads_of_numpy())
"""
    output = run(code, OPENBLAS_NUM_THREADS="2")
    assert "True" in output, output
