"""Lesson 1's package: small, without NumPy, and a part of what every later lesson offers."""  # beyond

import ast
import io
import json
import os
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import dark
import test_scalars

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "dark-1" / "dark"


def run(*arguments, code=0):
    """Run Python with lesson 1's package; its output."""
    path = os.pathsep.join([str(PACKAGE.parent), str(ROOT / "samples")])
    variables = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments], cwd=ROOT, env=os.environ | variables, timeout=300,
        encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == code, done.stdout
    return done.stdout


def test_the_tests_of_scalars_pass():
    output = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests/test_scalars.py")
    assert re.search(r"\d+ passed", output)


def test_it_is_lesson_1_that_was_tested_and_it_needs_nothing():
    program = "import sys, dark; print(dark.__file__); print(*sys.modules)"
    file, modules = run("-c", program).splitlines()
    assert Path(file) == PACKAGE / "__init__.py"
    assert not {"numpy", "torch"} & set(modules.split())
    assert not [name for name in imports() if name not in sys.stdlib_module_names]


def imports():
    """What the package's files import from elsewhere."""
    for file in PACKAGE.glob("**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                yield node.module.split(".")[0]


def code_lines(text):
    """How many lines do something: neither empty nor comments, docstrings or imports."""
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines = {t.start[0] for t in tokens if t.type not in (*silent, tokenize.ENDMARKER)}
    for node in ast.walk(ast.parse(text)):
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if docstring or isinstance(node, (ast.Import, ast.ImportFrom)):
            lines -= set(range(node.lineno, node.end_lineno + 1))
    return len(lines)


def test_it_is_read_in_one_sitting():
    sizes = {file.name: code_lines(file.read_text(encoding="utf-8")) for file in PACKAGE.glob("*.py")}
    assert sum(sizes.values()) <= 200, sizes
    assert sizes["tensor.py"] + sizes["autograd.py"] <= 110, sizes


NAMES = """
import dark
from types import ModuleType
x = dark.tensor(2.0, requires_grad=True)
y = x * 1.0
y.backward()
print(*[name for name, value in vars(dark).items() if name[0] != "_" and not isinstance(value, ModuleType)])
print(*dir(dark.Tensor))
print(*[name for thing in (x, x * 1.0, x.grad) for name in vars(thing)])
print(*[name for name in dir(x.detach().requires_grad_()) if name[0] != "_"])
"""


def test_later_lessons_have_all_its_names():
    names, methods, attributes, of_a_leaf = (line.split() for line in run("-c", NAMES).splitlines())
    assert {"tensor", "Tensor", "no_grad", "exp", "log", "sin", "cos", "tanh", "sqrt", "abs"} <= set(names)
    assert {"maximum", "minimum", "relu"} <= set(names)
    assert [name for name in names if not hasattr(dark, name)] == []
    assert [name for name in methods if not hasattr(dark.Tensor, name)] == []
    x = dark.tensor(2.0, requires_grad=True)
    assert [name for name in {*attributes, *of_a_leaf} - {"_number"} if not hasattr(x, name)] == []


OPERATIONS = """
from dark import ops
print(*[name for name, value in vars(ops).items() if hasattr(value, "__wrapped__") and name != "function"])
"""


def test_every_operation_is_in_the_table():
    found = run("-c", OPERATIONS).split()
    assert set(found) == set(test_scalars.OPS)
    assert (PACKAGE / "ops.py").read_text(encoding="utf-8").count("@op\n") == len(found)


CHAIN = """
import dark
x = dark.tensor(1.0, requires_grad=True)
y = x
for _ in range(300_000):
    y = y + x
y.backward()
print(x.grad.item())
y = x
for _ in range(300_000):
    y = dark.abs(y)
del y
print("freed")
"""


def test_a_chain_of_300_000_operations_forward_backward_and_freed():
    assert run("-c", CHAIN).split() == ["300001.0", "freed"]


MEMORY = """
import gc
import weakref
import dark
gc.disable()
x = dark.tensor(1.0, requires_grad=True)
y = x * 2
z = dark.exp(y * y)
watched = [weakref.ref(thing) for thing in (y, z, y.grad_fn, z.grad_fn)]
del y, z
print([ref() for ref in watched])
"""


def test_a_graph_goes_with_its_last_result_and_no_cycle_keeps_it():
    assert run("-c", MEMORY).strip() == "[None, None, None, None]"


def test_mistakes_of_operations_name_them():
    program = "import dark\nx = dark.tensor(2.0)\n"
    for line, message in (
        ("dark.tensor(2)", "TypeError: tensor: expected a float, such as 3.0, got 2"),
        ("dark.tensor(True)", "TypeError: tensor: expected a float, such as 3.0, got True"),
        ("x + '1'", "TypeError: add: expected a Tensor, got (tensor(2.), '1')"),
        ("dark.exp(2.0)", "TypeError: exp: expected a Tensor, got (2.0,)"),
        ("x == 2.0", "TypeError: tensors are not compared in this lesson, but numbers are: x.item() == 3.0"),
    ):
        assert run("-c", program + line, code=1).splitlines()[-1] == message


def numbers_of(sample, folder, *options):
    """The numbers of a run of a sample with lesson 1's engine."""
    script = next((ROOT / "dark-1" / "samples").glob(f"{sample}-*")) / "dark" / "train.py"
    written = folder / "numbers.json"
    run(str(script), "--output", str(folder), "--json", str(written), "--no-window", *options)
    return json.loads(written.read_text(encoding="utf-8"))


def test_sample_1_0_is_exact(tmp_path):
    numbers = numbers_of("1.0", tmp_path)
    points = [i / 8 for i in range(-24, 25)]
    assert numbers["losses"] == [2 * x**2 + 5 for x in points]
    assert numbers["numbers"]["gradient"] == [4 * x for x in points]
    assert set(numbers["metrics"].values()) == {0}
    assert (tmp_path / "derivative.png").is_file()


def test_sample_1_1_goes_down_where_it_should_and_up_where_it_should(tmp_path):
    numbers = numbers_of("1.1", tmp_path, "--quick")["numbers"]
    for rate, factor in ((0.02, 0.92), (0.1, 0.6), (0.45, -0.8), (0.51, -1.04)):
        expected = [2 * (2.5 * factor**step) ** 2 + 5 for step in range(10)]
        assert test_scalars.same(numbers[f"parabola {rate}"], expected, 1e-12)
    assert all(numbers[f"valley {rate}"][-1] < numbers[f"valley {rate}"][0] for rate in (0.002, 0.01, 0.02))
    assert max(numbers["valley 0.02"]) > 2 * numbers["valley 0.02"][0]
    assert (tmp_path / "animation.gif").is_file()
