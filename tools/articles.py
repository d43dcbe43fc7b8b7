"""Check the articles of the lessons: run their code, compare what it prints, follow links, draw figures.

    python tools/articles.py          check all articles
    python tools/articles.py 3        check dark-3/README.md
    python tools/articles.py 3 --fast the same without drawing its figures

How code blocks are taken:

    ```python            runs, after the blocks before it. If the next block is ```text, it is what this one
                         prints; where it raises, the last line is `ErrorType: message`.
    ```python            with `import torch` in it: the same, in a namespace of its own, if there is PyTorch.
    ```python from FILE  stands in FILE so: of the lesson's package (dark/...), or beside the article.
                         A line `...` means lines left out.
"""

import argparse
import ast
import difflib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from pathlib import Path

from pages import ROOT, Block, Page, Problem, check_fences, check_page

RUNNER = Path(__file__).resolve().parent / "article_runner.py"
NEEDS_TORCH = re.compile(r"^\s*(import|from) torch\b", re.MULTILINE)
HAS_TORCH = importlib.util.find_spec("torch") is not None
PICTURES = {".svg", ".png", ".gif"}
SECONDS = 300  # for an article's code, and for its figures


def lessons(root: Path = ROOT) -> list[int]:
    """The lessons that have an article."""
    return sorted(int(path.parent.name[5:]) for path in root.glob("dark-[0-9]/README.md"))


def article(lesson: int, root: Path = ROOT) -> Page:
    """The article of a lesson."""
    return Page(root / f"dark-{lesson}" / "README.md", root)


def package(lesson: int, folder: Path) -> Path | None:
    """Where a lesson's `dark` lies: carved into `folder`, or written by hand; lesson 0 has none."""
    if lesson < 2:
        return ROOT / f"dark-{lesson}" if lesson else None
    from carve import write_for_checks

    write_for_checks(lesson, folder / "dark")
    return folder


def check_code(page: Page, path: Path | None, *, torch: bool = False) -> Iterator[Problem]:
    """Run the blocks of plain Python and Dark, or those of PyTorch; what differs from the article."""
    runs = runnable(page, torch=torch)
    if not runs:
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        job, results = Path(folder, "job.json"), Path(folder, "results.json")
        blocks = [
            {"text": block.text, "line": block.line, "alone": torch, "may_raise": output is not None}
            for block, output in runs
        ]
        without = [] if path else ["dark"]
        job.write_text(json.dumps({"file": str(page.path), "blocks": blocks, "without": without}))
        Path(folder, "empty").mkdir()
        done = python("-W", "error", RUNNER, job, results, path=path, cwd=Path(folder, "empty"))
        lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
        ran = {result["line"]: result for result in map(json.loads, lines)}

    for block, output in runs:
        if block.line in ran:
            yield from compare(page, output, **ran[block.line])
        elif done.returncode:
            yield page.problem(block.line, f"Python ended in this block:\n{indented(done.stdout)}")
            return


def runnable(page: Page, *, torch: bool) -> list[tuple[Block, Block | None]]:
    """The blocks to run, each with the one that shows what it prints, if there is one."""
    blocks = page.blocks()
    return [
        (block, after if after and after.info == "text" else None)
        for block, after in zip_longest(blocks, blocks[1:])
        if block.info == "python" and bool(NEEDS_TORCH.search(block.text)) == torch
    ]


def compare(page, output, line, printed, error, at) -> Iterator[Problem]:
    """What a block printed and raised against what the article says; trailing blanks do not count."""
    if output is None:
        if error:
            yield page.problem(at, f"this raises, and no ```text says so:\n{indented(error)}")
        return
    if error and not printed.endswith("\n") and printed:
        printed += "\n"
    said, was = clean(output.text), clean(printed + (error or ""))
    if said != was:
        names = "- the article says, + the code prints" + (f" (raised in line {at})" if error else "")
        lines = difflib.ndiff(said, was)
        yield page.problem(output.line, f"{names}\n" + indented("\n".join(map(str.rstrip, lines))))


def clean(text: str) -> list[str]:
    """Lines without trailing blanks, and without empty lines at the end."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


def check_excerpts(page: Page, path: Path | None) -> Iterator[Problem]:
    """Excerpts that do not stand in the file they are from."""
    for block in page.blocks():
        if not block.info.startswith("python from "):
            continue
        name = block.info.removeprefix("python from ").strip()
        folder = path if name.startswith("dark/") else page.path.parent
        file = (folder or page.path.parent) / name
        if not file.is_file():
            yield page.problem(block.line - 1, f"{name}: this lesson has no such file")
        elif wrong := not_in(block.text, file.read_text(encoding="utf-8")):
            line, message = wrong
            yield page.problem(block.line + line, f"{name}: {message}")


def not_in(excerpt: str, text: str) -> tuple[int, str] | None:
    """The first line of an excerpt that the text lacks there: (its index, what is there instead)."""
    wanted, lines = clean(excerpt), clean(text)
    shifts = [re.match(" *", line)[0] for line in lines if line]  # a method may be shown without its class
    tries = [match(wanted, lines, shift) for shift in sorted(set(shifts), key=len)]
    if None in tries:
        return None
    return max(tries, key=lambda wrong: wrong[0])


def match(wanted: list[str], lines: list[str], shift: str) -> tuple[int, str] | None:
    """`not_in`, with every line of the excerpt indented by `shift`."""
    start = 0
    for first, part in parts(wanted):
        part = [(shift + line).rstrip() for line in part]
        found, length = max(
            ((at, common(part, lines[at:])) for at in range(start, len(lines))),
            key=lambda best: best[1], default=(start, 0),
        )  # fmt: skip
        if length < len(part):
            missing = part[length]
            if length:
                there = lines[found + length] if found + length < len(lines) else "the end of the file"
                return first + length, f"{missing.strip()!r} is not there, but {there.strip()!r}"
            return first, f"{missing.strip()!r} is not there" + ", after what is shown before" * (start > 0)
        start = found + length
    return None


def parts(wanted: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The stretches between lines `...`: the index of the first line, and all without empty ones around."""
    marks = [-1, *(i for i, line in enumerate(wanted) if line.strip() == "..."), len(wanted)]
    for before, after in pairwise(marks):
        filled = [i for i in range(before + 1, after) if wanted[i]]
        if filled:
            yield filled[0], wanted[filled[0] : filled[-1] + 1]


def common(a: list[str], b: list[str]) -> int:
    """How many lines the two have in common at the beginning."""
    return next((i for i, (x, y) in enumerate(zip_longest(a, b[: len(a)])) if x != y), len(a))


def check_torch_names(page: Page) -> Iterator[Problem]:
    """Files of PyTorch that the installed one lacks, and functions that do not stand in them.

    `torch/optim/sgd.py` alone is looked up; so are the names in `torch/optim/sgd.py`: `SGD.step`, `sgd`
    and in `SGD.step` in `torch/optim/sgd.py`. A name such as `torch.optim.SGD` must exist.
    """
    folder = Path(importlib.util.find_spec("torch").origin).parent.parent
    for children in page.texts():
        words = [(t.content.strip(), t.type == "code_inline") for t in children if t.content]
        lines = [t.meta["line"] for t in children if t.content]
        for i, ((word, is_code), line) in enumerate(zip(words, lines)):
            if is_code and re.fullmatch(r"torch/[\w/]+\.py", word):
                if not (folder / word).is_file():
                    yield page.problem(line, f"PyTorch has no file {word}")
                    continue
                defined = definitions((folder / word).read_text(encoding="utf-8"))
                for name in named_beside(words, i):
                    if name not in defined:
                        yield page.problem(line, f"{word} of PyTorch has no {name}")
            elif is_code and re.fullmatch(r"torch(\.\w+)+", word) and not exists(word):
                yield page.problem(line, f"PyTorch has no {word}")


def named_beside(words, i) -> list[str]:
    """The names that the text says to be in the file words[i]."""
    names = []
    if i >= 2 and words[i - 1] == ("in", False):
        names.append(words[i - 2])
    j, before = i + 1, (":", "(")
    while j + 1 < len(words) and words[j][0] in before and not words[j][1] and words[j + 1][1]:
        names.append(words[j + 1])
        j, before = j + 2, (",", "and", ", and")
    names = [name.removesuffix("()") for name, is_code in names if is_code]
    return [name for name in names if re.fullmatch(r"[A-Za-z_][\w.]*", name)]


def definitions(source: str) -> set[str]:
    """The functions, classes, methods and variables that a file defines or imports."""
    found = set()

    def collect(body, prefix):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(prefix + node.name)
                collect(node.body, f"{prefix}{node.name}." if isinstance(node, ast.ClassDef) else prefix)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(prefix + ast.unparse(target) for target in targets)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                found.update(prefix + (alias.asname or alias.name) for alias in node.names)
            elif isinstance(node, (ast.If, ast.Try, ast.With)):
                collect([*node.body, *getattr(node, "orelse", [])], prefix)

    collect(ast.parse(source).body, "")
    return found


def exists(name: str) -> bool:
    """Whether PyTorch has this name, as in `torch.optim.SGD`."""
    import importlib

    import torch

    value, path = torch, "torch"
    for part in name.split(".")[1:]:
        path += f".{part}"
        if not hasattr(value, part):
            try:
                importlib.import_module(path)
            except ImportError:
                return False
        value = getattr(value, part)
    return True


def check_drawing(page: Page, path: Path | None) -> Iterator[Problem]:
    """Whether docs/draw.py, in a copy without its pictures, draws exactly those that the article shows."""
    docs = page.path.parent / "docs"
    shown = {image.name for image in page.images() if image.parent == docs.resolve()}
    there = {file.name for file in docs.glob("*") if file.suffix in PICTURES}
    if unused := sorted(there - shown):
        yield page.problem(1, f"in docs/, but not shown: {', '.join(unused)}")
    if not (docs / "draw.py").is_file():
        if shown:
            yield page.problem(1, "the article has figures, but docs/draw.py is missing")
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder, page.path.parent.name)
        ignored = shutil.ignore_patterns("runs", "__pycache__", ".*")
        shutil.copytree(page.path.parent, copy, ignore=ignored)
        for name in there:
            (copy / "docs" / name).unlink()
        done = python("-W", "error", copy / "docs" / "draw.py", path=path or ROOT / "src", cwd=folder)
        drawn = {file.name for file in (copy / "docs").glob("*") if file.suffix in PICTURES}
    if done.returncode:
        yield page.problem(1, f"docs/draw.py fails:\n{indented(done.stdout)}")
    else:
        if missing := sorted(shown - drawn):
            yield page.problem(1, f"shown, but docs/draw.py does not draw it: {', '.join(missing)}")
        if more := sorted(drawn - shown):
            yield page.problem(1, f"docs/draw.py draws what is not shown: {', '.join(more)}")


def python(*arguments, path: Path | None, cwd) -> subprocess.CompletedProcess:
    """Run Python with a package on its path, without a screen; both its outputs together."""
    variables = {
        "PYTHONPATH": os.pathsep.join(map(str, filter(None, [path, ROOT / "samples"]))),
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    command = [sys.executable, *map(str, arguments)]
    try:
        return subprocess.run(
            command, cwd=cwd, env=os.environ | variables, timeout=SECONDS, encoding="utf-8",
            errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, f"not done after {SECONDS} seconds")


def indented(text: str) -> str:
    """Text as a part of a problem."""
    return "\n".join("    " + line for line in text.rstrip().splitlines())


def problems(page: Page, path: Path | None, *, draw: bool = True) -> Iterator[Problem]:
    """Everything that is wrong with an article."""
    yield from check_page(page)
    yield from check_fences(page)
    yield from check_excerpts(page, path)
    yield from check_code(page, path)
    if HAS_TORCH:
        yield from check_code(page, path, torch=True)
        yield from check_torch_names(page)
    if draw:
        yield from check_drawing(page, path)


def main() -> None:
    """Check one article or all; print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lesson", type=int, nargs="*", help="whose articles; all, where none is given")
    parser.add_argument("--fast", action="store_true", help="leave out drawing the figures")
    options = parser.parse_args()

    count = 0
    for lesson in options.lesson or lessons():
        page = article(lesson)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            for problem in problems(page, package(lesson, Path(folder)), draw=not options.fast):
                count += 1
                print(problem, end="\n\n", flush=True)
        ours, theirs = len(runnable(page, torch=False)), len(runnable(page, torch=True))
        skipped = "" if HAS_TORCH else " were not: PyTorch is not installed"
        print(f"{page.name.as_posix()}: {ours} blocks of Python were run, {theirs} of PyTorch{skipped}")
    sys.exit(f"problems: {count}" if count else 0)


if __name__ == "__main__":
    main()
