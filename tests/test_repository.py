"""What holds of the repository as a whole: light imports, a complete package, documented names."""  # beyond

import ast
import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import dark

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "dark"
MODULES = sorted(SOURCE.rglob("*.py"))
HEAVY = {
    "PIL", "cv2", "matplotlib", "multiprocessing", "numba", "pooch", "rich", "safetensors", "scipy",
    "threadpoolctl", "torch", "typer",
}  # fmt: skip


def python(code, *flags):
    """Run a program in a process of its own; its output."""
    done = subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_dark_imports_nothing_heavy():
    loaded = python("import sys, dark, dark.nn, dark.optim, dark.utils.data; print(*sys.modules)").split()
    assert not HEAVY & set(loaded)


def test_importing_dark_leaves_numpy_as_it_was():
    state = "(np.geterr(), np.get_printoptions())"
    assert python(f"import numpy as np; a = {state}; import dark; print(a == {state})").strip() == "True"


def test_the_wheel_holds_every_file(tmp_path):
    pytest.importorskip("hatchling", reason="hatchling is not installed: nothing to build the wheel with")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("dark-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"dark/{path.relative_to(SOURCE).as_posix()}" for path in MODULES} <= names


def test_the_stubs_of_tensor_are_up_to_date():
    subprocess.run([sys.executable, ROOT / "tools" / "method_stubs.py", "--check"], check=True, timeout=120)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_file_opens_with_what_it_is_for_and_documents_its_names(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "no sentence that says what the file is for"
    definitions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    for definition in definitions:
        methods = definition.body if isinstance(definition, ast.ClassDef) else []
        for node in (definition, *methods):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node) or is_trivial(node), f"{node.name} has no docstring"


def is_trivial(node):
    """A forward says what it does by its name; a property's setter stands beside its getter."""
    setter = any(isinstance(d, ast.Attribute) and d.attr == "setter" for d in node.decorator_list)
    return setter or node.name in ("forward", "extra_repr", "reset_parameters")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_no_star_imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.ImportFrom) and node.names[0].name == "*"), f"line {node.lineno}"


def project(folder):
    """The table [project] of a pyproject.toml."""
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


LESSONS = sorted(path.parent for path in ROOT.glob("dark-[1-7]/pyproject.toml"))


def test_requirements_are_what_the_samples_need():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = project(ROOT)["optional-dependencies"]["samples"]
    assert sorted(line for line in lines if not line.startswith("#")) == sorted(wanted)


@pytest.mark.parametrize("folder", LESSONS, ids=lambda p: p.name)
def test_a_lesson_installs_the_same_framework_with_less(folder):
    whole, lesson = project(ROOT), project(folder)
    assert lesson["name"] == whole["name"]  # so that pip puts one in the place of the other
    assert lesson["version"] == dark.__version__
    assert lesson["requires-python"] == whole["requires-python"]
    assert set(lesson.get("dependencies", ())) <= set(whole["dependencies"])


@pytest.mark.parametrize("folder", LESSONS, ids=lambda p: p.name)
def test_a_lesson_opens_in_an_editor_that_runs_the_current_file(folder):
    launch = json.loads((folder / ".vscode" / "launch.json").read_text(encoding="utf-8"))
    (configuration,) = launch["configurations"]
    assert configuration["program"] == "${file}"
    assert configuration["cwd"] == "${workspaceFolder}"
