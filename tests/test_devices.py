"""Names of devices, and what is said where a card is asked for and there is none."""  # dark-5

import subprocess
import sys
import types

import pytest

import dark
from dark import devices, nn

WANTED = {
    "zeros": lambda: dark.zeros(2, device="cuda"),
    "tensor": lambda: dark.tensor([1, 2], device="cuda"),
    "arange": lambda: dark.arange(3, device="cuda:0"),
    "rand": lambda: dark.rand(2, device="cuda"),
    "ones_like": lambda: dark.ones_like(dark.zeros(2), device="cuda"),
    "to": lambda: dark.ones(2).to("cuda"),
    "cuda": lambda: dark.ones(2).cuda(),
    "module": lambda: nn.Linear(2, 3).cuda(),
    "module to": lambda: nn.Linear(2, 3).to("cuda"),
    "module of a card": lambda: nn.Linear(2, 3, device="cuda"),
    "default": lambda: in_block(),
    "synchronize": lambda: dark.cuda.synchronize(),
    "name": lambda: dark.cuda.get_device_name(),
}


def in_block():
    """A tensor where the default is a card."""
    with dark.device("cuda"):
        dark.zeros(2)


class CUDARuntimeError(RuntimeError):
    """CuPy's error of the same name."""


def no_driver():
    raise CUDARuntimeError("cudaErrorInsufficientDriver: CUDA driver version is insufficient")


def fake(count):
    """A module that is CuPy as far as looking for cards goes."""
    module = types.ModuleType("cupy")
    module.ndarray = type("ndarray", (), {})
    runtime = types.SimpleNamespace(getDeviceCount=count, CUDARuntimeError=CUDARuntimeError)
    module.cuda = types.SimpleNamespace(runtime=runtime)
    return module


BROKEN = [
    "raise ImportError('libcudart.so.12: cannot open shared object file')",
    "raise OSError('nothing but DLLs')",
    "import a_part_that_is_missing",
]
STATES = {
    "missing": (None, "cuda: CuPy, the NumPy of CUDA cards, is not installed"),
    "no driver": (fake(no_driver), "cuda: CuPy finds no card it can use: cudaErrorInsufficientDriver"),
    "no card": (fake(lambda: 0), "cuda: there is no NVIDIA card"),
    **{code: (code, r"cuda: CuPy can't be loaded \(.*(libcudart|DLLs|missing)") for code in BROKEN},
}


@pytest.fixture(params=STATES.values(), ids=STATES)
def message(request, monkeypatch, tmp_path):
    """What is said, with CuPy in a state in which it is of no use."""
    module, text = request.param
    if isinstance(module, str):
        (tmp_path / "cupy.py").write_text(module)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "cupy", raising=False)
    else:
        monkeypatch.setitem(sys.modules, "cupy", module)
    yield text
    dark.set_default_device(None)


@pytest.mark.parametrize("call", WANTED.values(), ids=WANTED)
def test_where_there_is_no_card_it_is_said_what_is_missing_and_what_to_do(message, call):
    with pytest.raises(RuntimeError, match=message) as caught:
        call()
    assert "pip install 'cupy-cuda12x" in str(caught.value)
    assert "device='cpu'" in str(caught.value)


def test_without_a_card_there_are_none_and_the_cpu_computes(message):
    assert not dark.cuda.is_available()
    assert dark.cuda.device_count() == 0
    assert dark.cuda.memory_allocated() == dark.cuda.memory_reserved() == 0
    assert dark.cuda.max_memory_allocated() == 0
    dark.cuda.empty_cache()
    x = dark.ones(2, requires_grad=True)
    (x * 3).sum().backward()
    assert (x.grad.tolist(), x.is_cuda, str(x.device)) == ([3, 3], False, "cpu")


def test_the_default_device_without_a_card_says_so_when_it_is_used(message):
    dark.set_default_device("cuda")
    with pytest.raises(RuntimeError, match=message):
        dark.zeros(2)
    dark.set_default_device(None)
    assert str(dark.zeros(2).device) == "cpu"


def test_importing_and_computing_loads_no_cupy():
    code = "import sys, dark; dark.ones(2).sum().item(); assert 'cupy' not in sys.modules; print('done')"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("done", "")


def test_devices_have_names_and_are_compared_by_them():
    assert str(dark.device("cuda", 1)) == str(dark.device("cuda:1")) == "cuda:1"
    assert repr(dark.device("cuda:0")) == "device(type='cuda', index=0)"
    assert dark.device("cuda") != dark.device("cuda:0")
    assert len({dark.device("cpu"), dark.device("cpu"), dark.device("cuda:1")}) == 2
    assert dark.device(dark.device("cuda:1")).index == 1
    assert devices.chosen(1) == dark.device("cuda:1")


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:one", "cuda:-1", "", "cpu:x"])
def test_a_name_of_no_device_is_refused(name):
    with pytest.raises(RuntimeError, match="there is no device"):
        dark.device(name)


def test_an_index_is_said_once():
    with pytest.raises(RuntimeError, match="has an index already"):
        dark.device("cuda:1", 1)
