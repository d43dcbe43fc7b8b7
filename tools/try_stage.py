"""Do what a reader does, in a fresh copy of the repository and a fresh environment, for some lessons.

    python tools/try_stage.py 1 7

For each lesson N: pip install -r requirements.txt; cd dark-N; pip install --editable .; then run every sample
of the lessons 1 to N, with little data, and those that lesson N brings from its own folder.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {".png", ".gif"}


def run(*command: object, cwd: Path) -> str:
    """Run a command, show what it is, and stop where it fails; its output."""
    print("$", *command, flush=True)
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}exit code {done.returncode}")
    return done.stdout


def not_in_a_clone(folder: str, names: list[str]) -> set[str]:
    """What git ignores, and git's own: environments, caches, results of runs, carved packages."""
    carved = {"dark"} if Path(folder).name in {f"dark-{lesson}" for lesson in range(2, 8)} else set()
    caches = {name for name in names if name.endswith("_cache")}
    return carved | caches | {".git", ".venv", "env", "runs", "build", "dist", "__pycache__"} & set(names)


def try_stage(lesson: int, folder: Path) -> None:
    """Install lesson N and run its samples."""
    copy = folder / "dark"
    shutil.copytree(ROOT, copy, ignore=not_in_a_clone)
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stage = copy / f"dark-{lesson}"

    run(python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt", cwd=copy)
    run(python, "-m", "pip", "install", "--quiet", "--editable", ".", cwd=stage)
    where = run(python, "-c", "import dark; print(dark.__file__)", cwd=folder).strip()
    assert Path(where).resolve().is_relative_to((stage / "dark").resolve()), where

    samples = sorted(copy.glob("dark-*/samples/*-*"))
    samples = [sample for sample in samples if int(sample.name[0]) <= lesson]
    for sample in samples:
        script = sample / "dark" / "train.py"
        if sample.is_relative_to(stage):
            script = script.relative_to(stage)
        run(python, script, "--quick", cwd=stage)
        written = [path for path in (sample / "runs").rglob("*") if path.suffix in PICTURES]
        assert written, f"{sample.name} left no picture"
    print(f"dark-{lesson}: installed, {len(samples)} samples run", flush=True)


def main() -> None:
    """The command."""
    for lesson in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try_stage(lesson, Path(folder).resolve())


if __name__ == "__main__":
    main()
