"""PyTorch programs run on Dark: with its names, without PyTorch, and with the same numbers."""  # beyond

import contextlib
import functools
import importlib
import io
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import dark
from against_torch import assert_same, needs_torch, random_array, torch
from dark import as_torch
from dark.as_torch.modules import SOURCES, StandIn
from dark_samples.catalogue import all_samples

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))

# Before a program: whoever looks for the real PyTorch is told that there is none.
WITHOUT_TORCH = """
import sys

class NoTorch:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] in ("torch", "torchvision"):
            raise ImportError(f"{name} is hidden")

sys.meta_path.insert(0, NoTorch)
"""
RUN_PROGRAM = f"""{WITHOUT_TORCH}
from dark.as_torch.program import run_program
run_program(sys.argv[1], sys.argv[2:])
"""


def python(*arguments, cwd=None, code=0):
    """Run Python on something that must end with this exit code; its output, and what it wrote to stderr."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=cwd, capture_output=True, timeout=300, encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"},
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def alias():
    """`import torch` gives Dark."""
    with as_torch.installed():
        yield importlib.import_module("torch")


# Programs in the style of PyTorch's tutorials

RTOL = 1e-4  # of a printed number, and one unit in its last place where it has four decimals or more
NUMBER = r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?"


@functools.cache
def printed_by_dark(path):
    return python("-c", RUN_PROGRAM, path, cwd=path.parent)[0]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
def test_a_program_runs_where_pytorch_is_not_installed(path):
    assert printed_by_dark(path)


@needs_torch
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
def test_a_program_prints_what_it_prints_with_pytorch(path):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(path), run_name="__main__")
    assert_same_text(printed_by_dark(path), printed.getvalue())


def assert_same_text(ours, theirs):
    """Equal but for rounding in the numbers, for the spaces that align them, and for the names of nodes."""
    lines = zip(ours.splitlines(), theirs.splitlines(), strict=True)
    for number, pair in enumerate(lines, 1):
        parts = (re.findall(rf"{NUMBER}|\S", re.sub(r"grad_fn=<\w+>", "grad_fn", line)) for line in pair)
        for a, b in zip(*parts, strict=True):
            assert a == b or is_rounded(a, b), f"line {number}: {pair[0]}\nPyTorch: {pair[1]}"


def is_rounded(ours, theirs):
    """Whether two texts are numbers that only rounding tells apart; integers are exact."""
    if not (re.fullmatch(NUMBER, ours) and re.fullmatch(NUMBER, theirs)) or "." not in ours + theirs:
        return False
    decimals = min(len(text.partition(".")[2]) for text in (ours, theirs))
    unit = 1.001 * 10.0**-decimals if decimals >= 4 else 0.0
    return abs(float(ours) - float(theirs)) <= RTOL * abs(float(theirs)) + unit


def test_texts_that_differ_are_told_apart():
    assert_same_text("loss: 0.0001 [ 3]\n-0.0 e 123.45", "loss:  0.0002 [3]\n0.0 e 123.46")
    for ours, theirs in [
        ("1.001", "1.002"), ("12 a", "13 a"), ("a 1.0", "b 1.0"), ("1.0", "1.0 2.0"), ("0.1234", "0.1236"),
        ("1.\n", "1.\n2."), ("[1.]", "[2.]"), ("10000000", "10000001"), ("1.0 2", "1.02"),
    ]:  # fmt: skip
        with pytest.raises((AssertionError, ValueError)):
            assert_same_text(ours, theirs)


# The samples' versions for PyTorch

STEPS = 3
RUN_SAMPLE = WITHOUT_TORCH + f"""
import json
from pathlib import Path

import dark.as_torch
from dark_samples.catalogue import find_sample
from dark_samples.run import Run

class Enough(Exception):
    pass

class FewSteps(Run):
    def log_step(self, loss, **numbers):
        super().log_step(loss, **numbers)
        if len(self.losses) == {STEPS}:
            raise Enough

    def show_frame(self, figure):
        pass

dark.as_torch.install()
numbers = []
for framework in ("torch", "dark"):
    run = FewSteps(sys.argv[1], framework, Path(sys.argv[2], framework), quick=True)
    run.console.quiet = True
    try:
        find_sample(sys.argv[1]).script(framework, "train")(run)
    except Enough:
        numbers.append({{"loss": run.losses, **run.numbers}})
assert isinstance(sys.modules["torch"], dark.as_torch.modules.StandIn)
print(json.dumps(numbers))
"""


@pytest.mark.parametrize("sample", all_samples(), ids=lambda s: s.number)
def test_a_sample_for_pytorch_has_the_same_numbers_as_the_one_for_dark(sample, tmp_path):
    output, _ = python("-c", RUN_SAMPLE, sample.folder, tmp_path)
    as_torch, as_dark = json.loads(output.splitlines()[-1])
    assert as_torch == as_dark
    assert {len(values) for values in as_torch.values()} == {STEPS}


# Names


def test_imports_give_darks_own_things(alias):
    import torch.nn as nn
    import torch.nn.functional as F
    import torch.optim.lr_scheduler as schedulers
    from torch import Tensor, optim
    from torch.autograd import Function
    from torch.utils.data import DataLoader, Dataset

    assert isinstance(alias, StandIn)
    assert (nn.Linear, F.relu, optim.SGD) == (dark.nn.Linear, dark.nn.functional.relu, dark.optim.SGD)
    assert (Tensor, alias.Tensor, alias.manual_seed) == (dark.Tensor, dark.Tensor, dark.manual_seed)
    assert schedulers.StepLR is dark.optim.lr_scheduler.StepLR
    assert (DataLoader, Dataset) == (dark.utils.data.DataLoader, dark.utils.data.Dataset)
    assert Function is dark.autograd.Function
    assert isinstance(dark.ones(1), alias.Tensor)


def test_torchvision_is_darks_vision(alias):
    import torchvision
    from torchvision import datasets, models, ops, transforms, utils
    from torchvision.transforms import v2

    assert datasets.FashionMNIST is dark.vision.datasets.FashionMNIST
    assert models.resnet18 is torchvision.models.resnet18 is dark.vision.models.resnet18
    assert ops.nms is torchvision.ops.nms is dark.vision.ops.nms
    assert transforms.Compose is v2.Compose is dark.vision.transforms.Compose
    assert utils.make_grid is dark.vision.utils.make_grid


@pytest.mark.parametrize("name", SOURCES)
def test_every_module_that_is_promised_is_there(alias, name):
    module = importlib.import_module(name)
    assert isinstance(module, StandIn)
    assert name in ("torchvision", "torch.nn.parallel") or dir(module)
    for public in module.__all__:
        assert getattr(module, public) is not None or public in ("cuda", "hip", "newaxis")


def test_no_module_of_dark_is_a_name_of_pytorch(alias):
    """But those that PyTorch has: dark.kernels is not torch.kernels."""
    for name in ("kernels", "ops", "vision", "own_names", "as_torch", "nn.modules"):
        path = f"torch.{name}".rpartition(".")
        assert not hasattr(importlib.import_module(path[0]), path[2])


MISSING = {
    "import torch.fft": "torch.fft: Dark has no such name",
    "import torch.utils.tensorboard": "torch.utils.tensorboard: Dark has no such name",
    "from torch.utils.tensorboard import SummaryWriter": "torch.utils.tensorboard: Dark has no such name",
    "from torch import nonsense": "torch.nonsense: Dark has no such name",
    "from torch.nn import Linaer": "torch.nn.Linaer: Dark has no such name; did you mean torch.nn.Linear?",
    "import torch; torch.nonsense": "Dark has no such name; docs/pytorch.md lists what it has",
    "import torch; torch.complex64": "torch.complex64: Dark has no such name; docs/pytorch.md lists",
    "import torch; torch.nn.functional.reluu": "did you mean torch.nn.functional.relu?",
    "from torchvision.io import read_image": "torchvision.io: Dark has no such name",
}


@pytest.mark.parametrize("line", MISSING)
def test_a_missing_name_is_named(alias, line):
    kind = AttributeError if "; torch" in line else ImportError
    with pytest.raises(kind, match=re.escape(MISSING[line])):
        exec(line, {})


def test_what_may_be_missing_can_be_asked_for(alias):
    assert not hasattr(alias, "nonsense")
    assert getattr(alias, "nonsense", 3) == 3
    assert "zeros" in dir(alias)
    assert "nn" in dir(alias)
    assert not [name for name in dir(alias) if name.startswith("_")]
    assert not hasattr(alias.nn, "_anything")
    assert issubclass(alias.optim.lr_scheduler.StepLR, alias.optim.lr_scheduler._LRScheduler)


def test_what_is_replaced_in_a_module_of_dark_is_seen_by_programs(alias, monkeypatch):
    monkeypatch.setattr(dark.nn, "Linear", dark.nn.Identity)
    assert alias.nn.Linear is dark.nn.Identity


def test_star_imports_bring_public_names(alias):
    names = {}
    exec("from torch.nn import *; from torch import *", names)
    assert names["Linear"] is dark.nn.Linear
    assert names["tensor"] is alias.tensor
    assert names["Tensor"] is dark.Tensor


def test_types_print_as_pytorchs_while_the_alias_is_there():
    with as_torch.installed():
        assert str(dark.float32) == repr(dark.float32) == "torch.float32"
        assert str(dark.ones(2, dtype=dark.float64)) == "tensor([1., 1.], dtype=torch.float64)"
        assert f"{dark.ones(2).shape}" == "torch.Size([2])"
        assert str(dark.ones(2, 1).max(0)).startswith("torch.return_types.max(\n")
    assert str(dark.float32) == "dark.float32"
    assert str(dark.ones(2).shape) == "dark.Size([2])"


def test_taking_the_alias_out_brings_back_what_was_there(monkeypatch):
    before = ModuleType("torch"), ModuleType("torch.nn")
    monkeypatch.setitem(sys.modules, "torch", before[0])
    monkeypatch.setitem(sys.modules, "torch.nn", before[1])
    finders, path = list(sys.meta_path), list(sys.path)
    with as_torch.installed():
        as_torch.install()  # a second time changes nothing
        assert importlib.import_module("torch.nn").Linear is dark.nn.Linear
    as_torch.uninstall()
    assert (sys.modules["torch"], sys.modules["torch.nn"]) == before
    assert not [name for name, module in sys.modules.items() if isinstance(module, StandIn)]
    assert (sys.meta_path, sys.path) == (finders, path)


# What programs ask about the machine


def test_programs_find_a_device(alias):
    device = alias.device("cuda" if alias.cuda.is_available() else "cpu")
    by_accelerator = alias.accelerator.current_accelerator()
    assert device == (by_accelerator or alias.device("cpu"))
    assert alias.accelerator.is_available() is alias.cuda.is_available()
    assert not alias.backends.mps.is_available()
    assert not alias.xpu.is_available()
    assert alias.zeros(1, device=device).device == alias.zeros(1).to(device).device


def test_without_a_card_none_is_chosen(alias):
    if not alias.cuda.is_available():
        assert alias.accelerator.device_count() == 0
        for ask in (alias.accelerator.current_device_index, alias.accelerator.synchronize):
            with pytest.raises(RuntimeError, match="there is no card here"):
                ask()


def test_the_version_is_a_text_that_programs_compare(alias):
    assert isinstance(alias.__version__, str)
    assert tuple(int(n) for n in alias.__version__.split("+")[0].split(".")) >= (2, 0, 0)
    assert alias.version.cuda is None


def test_switches_can_be_set(alias, monkeypatch):
    import torch.backends.cudnn as cudnn

    monkeypatch.setattr(dark.backends.cudnn, "allow_tf32", True)
    cudnn.benchmark, cudnn.deterministic = True, True
    cudnn.allow_tf32 = False
    assert alias.backends.cudnn.benchmark
    assert dark.backends.cudnn.allow_tf32 is False
    alias.use_deterministic_algorithms(True)


def test_compiling_changes_nothing(alias):
    model = dark.nn.Linear(1, 1)
    assert alias.compile(model) is alias.compile(model, mode="max-autotune") is model

    @alias.compile
    def double(x):
        return 2 * x

    @alias.compile(fullgraph=True)
    def triple(x):
        return 3 * x

    assert (double(2), triple(2)) == (4, 6)


def test_mixed_precision_is_left_out_with_a_warning(alias):
    weight = dark.tensor([2.0], requires_grad=True)
    optimizer = dark.optim.SGD([weight], lr=1.0)
    with pytest.warns(UserWarning, match="autocast: Dark has no mixed precision"):
        context = alias.autocast("cuda", dtype=alias.float16)
    with pytest.warns(UserWarning, match="GradScaler: Dark has no mixed precision"):
        scaler = alias.amp.GradScaler("cuda")
    with context:
        loss = (weight * 3).sum()
    assert loss.dtype is dark.float32
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
    assert weight.tolist() == [-1.0]
    assert (scaler.get_scale(), scaler.is_enabled(), scaler.state_dict()) == (1.0, False, {})
    alias.cuda.amp.GradScaler(enabled=False)
    with alias.cuda.amp.autocast(enabled=False), alias.amp.autocast("cpu", enabled=False):
        pass


LEGACY = {
    "variable": lambda t: t.autograd.Variable(t.ones(2), requires_grad=True),
    "variable of a result": lambda t: t.autograd.Variable(t.ones(2, requires_grad=True) * 2),
    "floats": lambda t: t.FloatTensor([[1, 2], [3, 4]]),
    "doubles": lambda t: t.DoubleTensor([1.5]),
    "integers": lambda t: t.LongTensor([1, 2]),
    "bytes": lambda t: t.ByteTensor([1, 0]),
    "a shape": lambda t: t.FloatTensor(2, 3).zero_(),
    "nothing": lambda t: t.LongTensor(),
    "a tensor of a shape": lambda t: t.nn.Parameter(t.Tensor(2, 3)).detach().zero_(),
    "a tensor of a length": lambda t: t.Tensor(3).fill_(2),
    "a tensor of numbers": lambda t: t.Tensor([1, 2]),
    "an empty tensor": lambda t: t.Tensor(),
    "new of a shape": lambda t: t.ones(2, dtype=t.float64).new(2, 3).zero_(),
    "new of numbers": lambda t: t.ones(2, dtype=t.float64).new([1, 2]),
    "to a type": lambda t: t.ones(2).type(t.LongTensor),
    "to a type by name": lambda t: t.ones(2).type("torch.DoubleTensor"),
    "to a dtype": lambda t: t.ones(2).type(t.float64),
}


@needs_torch
@pytest.mark.parametrize("name", LEGACY)
def test_names_of_old_programs_do_what_they_did(name):
    with as_torch.installed():
        ours = LEGACY[name](importlib.import_module("torch"))
    theirs = LEGACY[name](torch)
    assert isinstance(ours, dark.Tensor)
    assert str(ours.dtype).split(".")[1] == str(theirs.dtype).split(".")[1]
    assert (ours.tolist(), ours.shape) == (theirs.tolist(), theirs.shape)
    assert (ours.requires_grad, ours.is_leaf) == (theirs.requires_grad, theirs.is_leaf)


@needs_torch
@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float64"])
def test_types_have_their_old_names(alias, dtype):
    ours, theirs = (t.ones(1, dtype=getattr(t, dtype)) for t in (alias, torch))
    name = theirs.type()
    assert ours.type() == name
    assert isinstance(ours, getattr(alias, name.partition(".")[2]))
    assert not isinstance(ours, alias.FloatTensor)
    as_torch.uninstall()
    assert ours.type() == f"dark.{dtype}"
    assert not hasattr(ours, "new")
    with pytest.raises(TypeError):
        dark.Tensor(2, 3)


def test_every_tensor_is_a_variable(alias):
    assert isinstance(dark.ones(1), alias.autograd.Variable)
    assert not isinstance(1, alias.autograd.Variable)


# Results that are written into a tensor

OUT = {
    "product": lambda t, x, y: t.matmul(x, y.t(), out=t.ones(2, 2)),
    "another type": lambda t, x, y: t.mul(x, 2, out=t.ones(2, 3, dtype=t.float64)),
    "of one number": lambda t, x, y: t.dot(x[0], y[0], out=t.ones(())),
    "along a dimension": lambda t, x, y: t.sum(x, 0, out=t.ones(3)),
    "joined": lambda t, x, y: t.cat([x, y], out=t.ones(4, 3)),
    "made": lambda t, x, y: t.zeros(2, 3, out=t.ones(2, 3)),
    "in its place": lambda t, x, y: t.add(x, y, alpha=2, out=x),
    "a part": lambda t, x, y: (t.exp(x[0], out=y[1]), y)[1],
}


@needs_torch
@pytest.mark.parametrize("name", OUT)
def test_results_are_written_into_a_tensor(name):
    def result(t):
        return OUT[name](t, *(t.tensor(random_array((2, 3), seed=seed)) for seed in (0, 1)))

    with as_torch.installed():
        ours = result(importlib.import_module("torch"))
    assert_same(ours, result(torch))


def test_tensors_that_can_not_take_a_result(alias):
    x = alias.ones(2, requires_grad=True)
    y = alias.ones(2)
    for inputs, out, message in [
        ((x, 1), alias.ones(2), "add: what is written into out= is not differentiated"),
        ((y, 1), x, "add: what is written into out= is not differentiated"),
        ((y, 1), alias.ones(3), r"add: out has shape \(3,\), the result \(2,\)"),
        ((y, 1), alias.ones(2, dtype=alias.int64), "add: a result of torch.float32 can't be cast"),
    ]:
        with pytest.raises(RuntimeError, match=message):
            alias.add(*inputs, out=out)
    with pytest.raises(TypeError, match="max: out= takes one result into one tensor"):
        alias.max(alias.ones(2, 2), 0, out=(y, y))
    with alias.no_grad():
        assert alias.add(x, 1, out=y) is y
    assert y.tolist() == [2.0, 2.0]
    assert alias.add is alias.add


# Changes in place that belong to the graph


def residual(t, x):
    out = t.nn.functional.conv2d(x, t.ones(2, 2, 1, 1) / 3)
    identity = x
    out += identity
    return t.nn.functional.relu(out)


def one_after_the_other(t, x):
    y = x * 2
    y += 1
    y -= x
    y *= x
    y /= 3
    y **= 2
    return y.add_(x, alpha=0.5).clamp_(min=0.2).tan()


def under_two_names(t, x):
    y = x + 1
    same = y
    y *= x
    return same


def summed_up(t, x):
    total = t.zeros(1)
    for row in x[0, 0]:
        total += row.sum() ** 2
    return total


def of_two_types(t, x):
    y = x * 2
    y += t.ones(1, dtype=t.float64)
    y += x.double()
    return y


def step_by_step(t, x):
    outputs = t.zeros(3, 2, 3)
    state = x[0, 0, :2]
    for i in range(3):
        state = (state * x[1, 1, i]).tanh()
        outputs[i] = state
    outputs[0, :, 1] = 5
    outputs[-1, 0] = x[:1, 0, 0]
    return outputs * 2


def at_chosen_places(t, x):
    y = x * x
    y[y > 1] = 0.5
    y[:, 0, t.tensor([2, 0])] = x[:, 1, :2]
    return y


IN_PLACE = [
    step_by_step, at_chosen_places, residual, one_after_the_other, under_two_names, summed_up, of_two_types,
]  # fmt: skip


@needs_torch
@pytest.mark.parametrize("function", IN_PLACE, ids=lambda f: f.__name__)
def test_what_is_changed_in_place_has_pytorchs_gradients(function):
    with as_torch.installed():
        ours = value_and_gradients(dark, function)
    assert_same(ours, value_and_gradients(torch, function), rtol=1e-4, atol=1e-4)


def value_and_gradients(t, function):
    """Of a function: its value, its gradient, and a gradient of that."""
    x = t.tensor(random_array((2, 2, 3, 3)), requires_grad=True)
    y = function(t, x)
    (first,) = t.autograd.grad((y * t.arange(y.numel()).reshape(y.shape)).sum(), x, create_graph=True)
    return y, first, t.autograd.grad((first * first * x).sum(), x)[0]


REFUSED = {
    "a leaf": lambda t, x, y: x.add_(1),
    "a view": lambda t, x, y: y.view(-1).add_(1),
    "what has a view": lambda t, x, y: (y.view(-1), y.add_(1)),
    "what was used": lambda t, x, y: (y.exp(), y.mul_(2)),
    "what was detached": lambda t, x, y: (y.detach(), y.mul_(2)),
    "what has a hook": lambda t, x, y: (y.register_hook(print), y.mul_(2)),
    "a part of a leaf": lambda t, x, y: x.__setitem__(0, y[0]),
    "a part of a view": lambda t, x, y: y.view(-1).__setitem__(0, x[0, 0]),
    "a part of what was used": lambda t, x, y: (y.exp(), y.__setitem__(0, x[0])),
    "into another shape": lambda t, x, y: y.add_(t.ones(3, 2, 2)),
    "into another type": lambda t, x, y: t.ones(2, dtype=t.int64).add_(y),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_changes_in_place_are_refused_as_ever(alias, name):
    x = dark.ones(2, 2, requires_grad=True)
    y = x * 2
    with pytest.raises(RuntimeError, match=r"(add|mul)_: |x\[\.\.\.\] = value: "):
        REFUSED[name](dark, x, y)
    np.testing.assert_array_equal(y.detach().numpy(), np.full((2, 2), 2.0))


def test_only_with_the_alias_changes_in_place_are_recorded():
    y = dark.ones(2, requires_grad=True) * 2
    with pytest.raises(RuntimeError, match="add_: a tensor that gradients flow through"):
        y += 1


# The command


@pytest.fixture
def program(tmp_path):
    """Write a program, and run it by `python -m dark run --as-torch`."""

    def run(text, *arguments, command=("dark", "run", "--as-torch"), **expected):
        path = tmp_path / "program.py"
        path.write_text(text, encoding="utf-8")
        return python("-m", *command, path, *arguments, **expected)

    return run


def test_a_program_is_main_and_has_its_arguments_and_neighbours(program, tmp_path):
    (tmp_path / "beside.py").write_text("import torch\nvalue = torch.ones(2)")
    text = (
        "import sys, torch\nfrom beside import value\n"
        "if __name__ == '__main__':\n    print(sys.argv[1:], __file__ == sys.argv[0], value.shape)\n"
        "assert sys.modules['__main__'].value is value\n"
        "import os; assert sys.path[0] == os.path.dirname(__file__)"
    )
    expected = "['--epochs', '3', '--help', 'x'] True torch.Size([2])\n"
    for command in (("dark", "run", "--as-torch"), ("dark.as_torch",)):
        assert program(text, "--epochs", 3, "--help", "x", command=command)[0] == expected


def test_a_missing_name_ends_a_program_with_the_line_it_is_on(program, tmp_path):
    (tmp_path / "beside.py").write_text("import torch\n\ndef f():\n    return torch.fft.fft(1)")
    for text, message in [
        ("import torch\n\ntorch.nonsense(1)", "program.py, line 3: torch.nonsense"),
        ("from torch import nonsense", "program.py, line 1: torch.nonsense"),
        ("import torch\ntorch.ones(1).nonsense()", "program.py, line 2: Tensor.nonsense"),
        ("import beside\nbeside.f()", "beside.py, line 4: torch.fft"),
    ]:
        output, errors = program(text, code=1)
        assert output == ""
        assert errors.startswith(f"dark: {message}: Dark has no such name; "), errors
        assert errors.count("\n") == 1


def test_other_errors_have_the_programs_own_traceback(program):
    text = "import torch\n\ndef f(x):\n    return x @ torch.ones(3)\n\nprint('begun')\nf(torch.ones(2, 2))"
    output, errors = program(text, code=1)
    assert output == "begun\n"
    first, *lines = errors.splitlines()
    assert first == "Traceback (most recent call last):"
    assert 'program.py", line 7, in <module>' in lines[0]
    assert lines[-1].startswith("RuntimeError: matmul")
    assert "run_program" not in errors
    assert "SyntaxError" in program("x = (", code=1)[1]


def test_the_exit_status_is_the_programs(program):
    program("raise SystemExit(7)", code=7)
    assert program("import sys; sys.exit('no data')", code=1)[1] == "no data\n"


def test_what_the_command_takes_is_explained():
    assert "--as-torch" in python("-m", "dark", "run", "--help")[0]
    assert python("-m", "dark", "run", "--as-torch", "nowhere.py", code=1)[1].startswith("dark: nowhere.py: ")


WITH_WORKERS = """
import torch
from torch.utils.data import DataLoader, Dataset

class Squares(Dataset):
    def __len__(self):
        return 6

    def __getitem__(self, index):
        return torch.tensor(index) ** 2

if __name__ == "__main__":
    loader = DataLoader(Squares(), 3, num_workers=1, multiprocessing_context="spawn")
    print([batch.tolist() for batch in loader])
"""


def test_new_processes_of_a_program_import_dark_too(program):
    assert program(WITH_WORKERS)[0] == "[[0, 1, 4], [9, 16, 25]]\n"
