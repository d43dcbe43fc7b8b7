"""Write dark-N/dark: the part of src/dark that lessons 2 to N introduce.

A trailing comment `# dark-5` says of what starts on its line that lesson 5 introduces it; `# beyond` says
that no lesson does. It stands on a statement of a module or of a class (a def, a class, an assignment, an
import), on a name of a bracketed import, or on an item of a bracketed list. On the docstring of a file it
speaks of the whole file, and on that of an `__init__.py` of the whole folder. Carving only removes lines.

    python tools/carve.py             write all stages
    python tools/carve.py 3           write dark-3/dark
    python tools/carve.py --diff 2 3  show what lesson 3 adds
"""

import argparse
import ast
import io
import re
import shutil
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "dark"
TAG = re.compile(r"\s*# (?:dark-(\d)|beyond)$")
BEYOND = 99


def write(lesson: int, target: Path, source: Path = SOURCE) -> None:
    """Make the folder `target` the stage of `source` after a lesson; unchanged files are not touched."""
    files = stage(lesson, source)
    for path in sorted(target.rglob("*.py*")):
        if path.suffix in (".py", ".pyi") and path.relative_to(target).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        path = target / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def write_for_checks(lesson: int, target: Path) -> None:
    """The same, with what Numba has compiled of the source: it uses that of files whose text is the same."""
    write(lesson, target)
    for path in SOURCE.rglob("__pycache__/*.nb?"):
        folder = target / path.parent.parent.relative_to(SOURCE)
        if folder.is_dir():
            (folder / "__pycache__").mkdir(exist_ok=True)
            shutil.copyfile(path, folder / "__pycache__" / path.name)


def stage(lesson: int, source: Path = SOURCE) -> dict[str, str]:
    """{name of a file: its text} of the stage after a lesson."""
    files, later = {}, set()
    for path in sorted(source.rglob("*.py"), key=lambda p: (p.parent, p.name != "__init__.py", p.name)):
        if later & set(path.parents):
            continue
        try:
            text = carve(path.read_text(encoding="utf-8"), lesson)
        except SyntaxError as error:
            raise SyntaxError(f"{path} at lesson {lesson}: {error}") from error
        if text is not None:
            files[path.relative_to(source).as_posix()] = text
        elif path.name == "__init__.py":
            later.add(path.parent)
    for path in source.rglob("*.pyi"):
        files[path.relative_to(source).as_posix()] = carve_stubs(path.read_text(encoding="utf-8"), files)
    return files


def carve(text: str, lesson: int) -> str | None:
    """`text` as it stands after a lesson; None where the whole file comes later."""
    tree, lines, tags = ast.parse(text), text.splitlines(), find_tags(text)
    spans = {tagged: (first, last) for first, tagged, last in taggable(tree)}
    if stray := sorted(tags.keys() - spans.keys()):
        raise SyntaxError(f"line {stray[0]}: a tag stands where a statement or an item of a list starts")
    if tree.body and is_docstring(tree.body[0]) and tags.get(tree.body[0].end_lineno, 0) > lesson:
        return None

    removed = set()
    for line, introduced in tags.items():
        if introduced > lesson:
            first, last = spans[line]
            while first > 1 and lines[first - 2].lstrip().startswith("#"):  # the comment above goes with it
                first -= 1
            removed.update(range(first, last + 1))

    kept: list[str] = []
    blank = 0  # empty lines in a row, here
    gap = 0  # the most in a row since the last line that was kept: so many stay
    for number, line in enumerate(lines, 1):
        if number in removed:
            blank = 0
        elif not line.strip():
            blank += 1
            gap = max(gap, blank)
        else:
            kept += [""] * (gap if kept else 0)
            kept.append(TAG.sub("", line) if number in tags else line)
            blank = gap = 0
    result = "\n".join(kept) + "\n"
    try:
        ast.parse(result)
    except SyntaxError as error:
        advice = "where tags empty a class or brackets, tag the line on which these begin"
        raise SyntaxError(f"what is left is no Python ({error}); {advice}") from error
    return result


def carve_stubs(text: str, files: dict[str, str]) -> str:
    """The stubs of those methods that the files of a stage define, assign to Tensor, or make an alias."""
    found = re.findall(r'def (\w+)|Tensor\.(\w+)|\n(\w+) = \w+\("\3"', "\n".join(files.values()))
    defined = {name for pair in found for name in pair}
    stub = re.compile(r"( {4}@property\n)? {4}def (\w+)\(.*\n")
    return stub.sub(lambda m: m[0] if {m[2], m[2].removesuffix("_")} & defined else "", text)


def find_tags(text: str) -> dict[int, int]:
    """{line: lesson}; tokenize tells a comment from a string that looks like one."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    matches = {t.start[0]: TAG.search(t.string) for t in tokens if t.type == tokenize.COMMENT}
    return {line: int(match[1] or BEYOND) for line, match in matches.items() if match}


def taggable(tree: ast.Module | ast.ClassDef) -> Iterator[tuple[int, int, int]]:
    """(first line, line that carries the tag, last line) of all that a tag may stand on."""
    for node in tree.body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)])
        yield first, node.end_lineno if is_docstring(node) else node.lineno, node.end_lineno
        if isinstance(node, ast.ClassDef):
            yield from taggable(node)
        for part in decorators if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else [node]:
            yield from items(part)


def items(part: ast.AST) -> Iterator[tuple[int, int, int]]:
    """The same for the names and items that stand on lines of their own between brackets."""
    for node in ast.walk(part):
        if isinstance(node, ast.ImportFrom):
            inner = [(name, name) for name in node.names]
        elif isinstance(node, ast.Dict):
            inner = list(zip(node.keys, node.values, strict=True))
        else:
            inner = [(item, item) for item in getattr(node, "elts", [])]
        for key, value in inner:
            if key and key.lineno > node.lineno:
                yield key.lineno, key.lineno, value.end_lineno


def is_docstring(node: ast.AST) -> bool:
    """Whether a statement is a string."""
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def main() -> None:
    """The command."""
    from added import as_lines, brought, fill_articles

    parser = argparse.ArgumentParser(description="Write dark-N/dark, the framework after lesson N.")
    parser.add_argument("lessons", nargs="*", type=int, help="which; without any, all")
    parser.add_argument("--diff", nargs=2, type=int, metavar=("M", "N"), help="show what N has and M has not")
    parser.add_argument("--articles", action="store_true", help="write the lists of news into the articles")
    options = parser.parse_args()
    if options.diff:
        print(as_lines(brought(*options.diff)))
    elif options.articles:
        fill_articles()
    else:
        for lesson in options.lessons or carved_lessons():
            write(lesson, ROOT / f"dark-{lesson}" / "dark")


def carved_lessons() -> list[int]:
    """The lessons that have a folder with a package to be carved; lesson 1 writes its own by hand."""
    found = (int(path.parent.name.removeprefix("dark-")) for path in ROOT.glob("dark-*/pyproject.toml"))
    return sorted(lesson for lesson in found if lesson >= 2)


if __name__ == "__main__":
    main()
