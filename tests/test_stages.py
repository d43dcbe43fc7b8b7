"""Every stage is a framework: it imports, is clean, passes its tests and runs its samples."""  # beyond

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import carve
import pytest

from dark_samples.catalogue import all_samples

ROOT = Path(__file__).parent.parent
LESSONS = [1, *carve.carved_lessons()]
SAMPLES = all_samples()
NEEDED_FROM = {"numpy": 2, "safetensors": 3, "numba": 5, "scipy": 5}  # the lesson that brings it
NEVER = {"torch", "dark_samples", "matplotlib", "PIL", "rich", "typer"}


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """stage(3): a folder with the package `dark` as lesson 3 leaves it, and the tests of lessons 2 and 3."""
    folders = {}

    def folder_of(lesson):
        if lesson not in folders:
            folder = folders[lesson] = tmp_path_factory.mktemp(f"stage-{lesson}-")
            if lesson == 1:
                shutil.copytree(ROOT / "dark-1" / "dark", folder / "dark")
            else:
                carve.write_for_checks(lesson, folder / "dark")
                carve.write(lesson, folder / "tests", ROOT / "tests")
                shutil.copytree(ROOT / "tests" / "data", folder / "tests" / "data")
        return folders[lesson]

    return folder_of


def python(folder, *arguments, **environment):
    """Run Python with the package of a stage first on its path; its output."""
    path = os.pathsep.join(map(str, (folder, ROOT / "samples", ROOT / "tools")))
    environment |= {"PYTHONPATH": path, "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=folder, capture_output=True, encoding="utf-8",
        timeout=900, env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("lesson", LESSONS)
def test_it_is_clean(stage, lesson):
    python(stage(lesson), "-m", "ruff", "check", "--config", ROOT / "pyproject.toml", "--no-cache", "dark")


IMPORT_ALL = """
import importlib, importlib.util, pkgutil, sys
import dark
has_cupy = importlib.util.find_spec("cupy") is not None
for module in pkgutil.walk_packages(dark.__path__, "dark."):
    if has_cupy or not module.name.startswith("dark.kernels.gpu"):
        importlib.import_module(module.name)
print(dark.__file__, *sys.modules)
"""


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_file_imports_and_needs_no_more_than_the_lesson_says(stage, lesson):
    where, *modules = python(stage(lesson), "-W", "error", "-c", IMPORT_ALL).split()
    assert Path(where).is_relative_to(stage(lesson))
    later = {package for package, first in NEEDED_FROM.items() if first > lesson}
    assert not (NEVER | later) & set(modules)


# Imported where they are needed, with advice where they are missing.
OPTIONAL = {"PIL", "cv2", "pooch", "cupy", "cupyx", "cuda"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_it_declares_what_it_imports(stage, lesson):
    imported = set()
    for path in (stage(lesson) / "dark").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.split(".")[0])
    text = (ROOT / f"dark-{lesson}" / "pyproject.toml").read_text(encoding="utf-8")
    declared = {re.match(r"\w+", line)[0] for line in tomllib.loads(text)["project"].get("dependencies", ())}
    assert imported - sys.stdlib_module_names - OPTIONAL - {"dark"} == declared


@pytest.mark.parametrize("lesson", [n for n in LESSONS if n > 1])
def test_it_passes_the_tests_of_its_lessons(stage, lesson):
    """Tables that the stage before has passed as well are asked for a part of their rows."""
    folder = stage(lesson)
    options = ["-q", "-c", ROOT / "pyproject.toml", "--rootdir", folder, "-p", "no:cacheprovider"]
    options += ["-p", "later_names", "--tb", "native", folder / "tests"]
    output = python(folder, "-m", "pytest", *options, DARK_LESSON=str(lesson))
    passed = int(re.search(r"(\d+) passed", output)[1])
    later = sum(map(int, re.findall(r"SKIPPED \[(\d+)\].* comes after lesson", output)))
    assert passed > later


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.number)
def test_it_runs_its_samples(stage, sample, tmp_path):
    script = sample.folder / "dark" / "train.py"
    folder = stage(int(sample.number[0]))
    output = python(folder, script, "--quick", "--output", tmp_path, "--json", tmp_path / "n.json")
    assert "Numbers: " in output
    assert (tmp_path / "n.json").is_file()


ON_A_CARD = """
import sys
import standin
standin.install()
import dark
from dark import nn, optim
from dark.nn import functional as F

def losses(device):
    dark.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(72, 4),
    )
    pictures, classes = dark.randn(5, 3, 6, 6), dark.randint(4, (5,))
    network, pictures, classes = network.to(device), pictures.to(device), classes.to(device)
    optimizer = optim.SGD(network.parameters(), 0.1, momentum=0.9)
    for _ in range(4):
        optimizer.zero_grad()
        loss = F.cross_entropy(network(pictures), classes)
        loss.backward()
        optimizer.step()
        yield loss.item()

for ours, theirs in zip(losses("cuda"), losses("cpu"), strict=True):
    assert abs(ours - theirs) < 1e-5, (ours, theirs)
"""


@pytest.mark.skipif(not shutil.which("g++"), reason="the stand-in for CuPy runs kernels by g++")
@pytest.mark.parametrize("lesson", [n for n in LESSONS if n >= 5])
def test_it_trains_on_a_card(stage, lesson, tmp_path):
    shutil.copytree(ROOT / "tests" / "standin", tmp_path / "standin")
    python(stage(lesson), "-c", f"import sys; sys.path.append({str(tmp_path)!r}){ON_A_CARD}")


SHORT_RUNS = """
import sys
from itertools import islice
from pathlib import Path

from dark_samples.catalogue import find_sample
from dark_samples.run import Run


class ShortRun(Run):
    def steps(self, loader):
        return islice(super().steps(loader), 2 if self.sample >= "4" else None)

    def show_frame(self, figure):
        if self.frames.count < 2:
            super().show_frame(figure)


for number in sys.argv[2:]:
    print("sample", number, flush=True)
    train = find_sample(number).script("dark", "train")
    train(ShortRun(number, "dark", Path(sys.argv[1], number), quick=True))
"""


@pytest.mark.parametrize("lesson", LESSONS[1:])
def test_it_runs_the_samples_of_earlier_lessons(stage, lesson, tmp_path):
    """With two steps of those that have batches; `tools/try_stage.py` runs all as a reader does."""
    numbers = [sample.number for sample in SAMPLES if int(sample.number[0]) < lesson]
    output = python(stage(lesson), "-c", SHORT_RUNS, tmp_path, *numbers)
    for number in numbers:
        assert f"sample {number}\n" in output
        assert list((tmp_path / number).glob("*.png"))
