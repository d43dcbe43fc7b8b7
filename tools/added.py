"""What a lesson adds to the framework: the files, the definitions and the number of lines that are new."""

import ast
from pathlib import Path
from typing import NamedTuple

from carve import ROOT, carved_lessons, stage

FIRST, LAST = "<!-- added by this lesson -->", "<!-- end of list -->"


class News(NamedTuple):
    """What is new in one file."""

    file: str
    is_new: bool
    names: list[str]
    lines: int


def brought(old: int, new: int) -> list[News]:
    """What stage `new` has and stage `old` has not. Lesson 2 writes every line anew, for arrays."""
    before = package(old) if old != 1 else {}
    news = []
    for file, text in package(new).items():
        lines = len(text.splitlines()) - len(before.get(file, "").splitlines())
        if lines:
            known = definitions(before.get(file, ""))
            names = [name for name in definitions(text) if name not in known]
            names = [name for name in names if not is_part_of_new(name, known)]
            news.append(News(file, file not in before, names, lines))
    return news


def package(lesson: int) -> dict[str, str]:
    """{file: text} of the package after a lesson."""
    if lesson >= 2:
        return {name: text for name, text in stage(lesson).items() if name.endswith(".py")}
    folder = ROOT / f"dark-{lesson}" / "dark"
    files = sorted(folder.rglob("*.py"))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def definitions(text: str) -> list[str]:
    """Functions, classes and methods, as `name` and `Class.name`."""
    names = []
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
            inner = node.body if isinstance(node, ast.ClassDef) else []
            names += [f"{node.name}.{part.name}" for part in inner if isinstance(part, ast.FunctionDef)]
    return names


def is_part_of_new(name: str, known: list[str]) -> bool:
    """Whether this is a method of a class that is new itself."""
    owner, dot, _ = name.rpartition(".")
    return bool(dot) and owner not in known


def as_lines(news: list[News]) -> str:
    """For a terminal."""
    lines = []
    for file, is_new, names, count in news:
        lines.append(f"{file}{' (new)' if is_new else ''}: {count} lines")
        lines += [f"    {name}" for name in names]
    return "\n".join([*lines, summary(news)])


def as_table(news: list[News]) -> str:
    """For an article: a table, folded below its sum."""
    rows = []
    for file, _, names, count in news:
        rest = "names to import" if file.endswith("__init__.py") else "more lines"
        quoted = ", ".join(f"`{name}`" for name in names) or rest
        rows.append(f"| `{file}` | {quoted} | {count} |")
    head = ["| file | brings | lines |", "|---|---|---:|"]
    return "\n".join([f"<details><summary>{summary(news)}</summary>", "", *head, *rows, "", "</details>"])


def summary(news: list[News]) -> str:
    """The sum."""
    new = sum(1 for part in news if part.is_new)
    grown = len(news) - new
    also = f"; {grown} grow{'s' if grown == 1 else ''}" if grown else ""
    return f"This lesson brings {sum(part.lines for part in news):,} lines in {new} new files{also}."


def with_list(article: str, lesson: int) -> str:
    """The text of an article with the list between its two marks."""
    before, first, rest = article.partition(FIRST)
    _, last, after = rest.partition(LAST)
    if not first or not last:
        raise ValueError(f"dark-{lesson}/README.md: the marks {FIRST} and {LAST} are missing")
    return f"{before}{FIRST}\n{as_table(brought(lesson - 1, lesson))}\n{LAST}{after}"


def articles() -> dict[int, Path]:
    """{lesson: its article}, of those that bring a package."""
    paths = {lesson: ROOT / f"dark-{lesson}" / "README.md" for lesson in [1, *carved_lessons()]}
    return {lesson: path for lesson, path in paths.items() if path.is_file()}


def fill_articles() -> None:
    """Write the list of what is new into every article."""
    for lesson, path in articles().items():
        text = path.read_text(encoding="utf-8")
        path.write_text(with_list(text, lesson), encoding="utf-8", newline="\n")
