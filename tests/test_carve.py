"""The carver removes what comes later, nothing else, and refuses a tag that it can't honour."""  # beyond

import ast
import importlib
import itertools
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import added
import carve
import pytest

SOURCE = '''"""A file."""

import math  # dark-3
from os import (
    getcwd,
    sep,  # dark-4
)

NAMES = [
    "a",
    "b",  # beyond
]


def first():
    return getcwd(), "# dark-3"


# What `second` needs.
LIMIT = 3  # dark-3


@staticmethod
def second(  # dark-3
    x,
):  # no tag
    return math.sqrt(x)  # a root


class Third:
    """A class."""

    def early(self):
        return NAMES

    @property
    def late(self):  # dark-4
        return sep


def last():  # dark-4
    return Third
'''
AT_2 = '''"""A file."""

from os import (
    getcwd,
)

NAMES = [
    "a",
]


def first():
    return getcwd(), "# dark-3"


class Third:
    """A class."""

    def early(self):
        return NAMES
'''


def test_what_comes_later_is_gone_with_its_comment_and_its_blank_lines():
    assert carve.carve(SOURCE, 2) == AT_2


def test_a_later_stage_has_more_lines_of_the_same_text():
    texts = [carve.carve(SOURCE, lesson) for lesson in (2, 3, 4, carve.BEYOND)]
    for less, more in itertools.pairwise(texts):
        assert is_part(less.splitlines(), more.splitlines())
    assert texts[-1] == re.sub("  # (dark-[0-9]|beyond)$", "", SOURCE, flags=re.MULTILINE)


def is_part(less, more):
    """Whether all lines stand among the others, in the same order."""
    rest = iter(more)
    return all(line in rest for line in less)


def test_a_tagged_docstring_speaks_of_the_file_and_in_init_of_the_folder(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "__init__.py").write_text('"""A folder."""  # dark-3\n')
    (tmp_path / "a" / "b" / "c.py").write_text('"""A file in it."""\n')
    (tmp_path / "d.py").write_text('"""Two\n\nlines."""  # dark-4\n')
    assert set(carve.stage(2, tmp_path)) == set()
    assert set(carve.stage(3, tmp_path)) == {"a/__init__.py", "a/b/c.py"}
    assert carve.stage(4, tmp_path)["d.py"] == '"""Two\n\nlines."""\n'


REFUSED = {
    "on else": "if a:\n    b = 1\nelse:  # dark-3\n    b = 2\n",
    "on a parameter": "def f(\n    a,\n    b=1,  # dark-3\n):\n    return a\n",
    "in a function's body": "def f():\n    a = 1  # dark-3\n    return a\n",
    "on a line in the middle of a statement": "a = (\n    1 +\n    2  # dark-3\n)\n",
    "on a comment": "# dark-3\na = 1\n",
    "on all that a class has": "class A:\n    def f(self):  # dark-3\n        pass\n",
    "on the only name of an import": "from os import (\n    sep,  # dark-3\n)\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_tag_that_can_not_be_honoured_is_refused(text):
    with pytest.raises(SyntaxError):
        carve.carve(text, 2)


def test_an_import_that_is_left_empty_says_where_to_tag():
    with pytest.raises(SyntaxError, match="tag the line on which these begin"):
        carve.carve(REFUSED["on the only name of an import"], 2)


def test_a_tag_on_the_first_line_leaves_the_last_comment_alone():
    assert carve.carve("import os  # dark-3\na = 1\n# the end\n", 2) == "a = 1\n# the end\n"


def test_an_error_names_the_file(tmp_path):
    (tmp_path / "a.py").write_text(REFUSED["on else"])
    with pytest.raises(SyntaxError, match=r"a\.py at lesson 2: line 3"):
        carve.stage(2, tmp_path)


def test_writing_a_stage_again_removes_what_is_no_part_of_it_and_touches_nothing_else(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "a.py").write_text("a = 1\n")
    carve.write(2, target, source)
    (target / "old.py").write_text("")
    before = (target / "a.py").stat().st_mtime_ns
    carve.write(2, target, source)
    assert [path.name for path in target.iterdir()] == ["a.py"]
    assert (target / "a.py").stat().st_mtime_ns == before


def test_a_stage_that_is_checked_gets_what_is_compiled_of_its_files(tmp_path, monkeypatch):
    source, target = tmp_path / "source", tmp_path / "target"
    for folder in ("early", "late"):
        (source / folder / "__pycache__").mkdir(parents=True)
        (source / folder / "__pycache__" / "a.nbi").write_text("compiled")
        (source / folder / "__pycache__" / "a.pyc").write_text("")
        (source / folder / "__init__.py").write_text(f'"""A folder."""{"  # dark-5" * (folder == "late")}\n')
    monkeypatch.setattr(carve, "SOURCE", source)
    monkeypatch.setattr(carve.write, "__defaults__", (source,))
    carve.write_for_checks(4, target)
    written = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert written == {"early/__init__.py", "early/__pycache__/a.nbi"}


class Item(NamedTuple):
    """What is needed of a collected test."""

    path: Path
    nodeid: str


@pytest.mark.parametrize("lesson", [2, 3, 6])
def test_a_stage_is_asked_all_that_is_new_and_each_function_of_the_rest(lesson, monkeypatch, tmp_path):
    monkeypatch.setenv("DARK_LESSON", str(lesson))
    later_names = importlib.import_module("later_names")
    monkeypatch.setattr(later_names, "LESSON", lesson)
    files = {"test_ops_shape.py": 2, "test_optim.py": 5, "test_interpolation.py": 6}  # since when they are so
    names = ["test_a", *(f"test_b[{row}]" for row in range(20))]
    every = [Item(tmp_path / "tests" / file, f"tests/{file}::{name}") for file in files for name in names]
    items, dropped = [*every], []
    hook = SimpleNamespace(pytest_deselected=lambda items: dropped.extend(items))
    later_names.pytest_collection_modifyitems(SimpleNamespace(rootpath=tmp_path, hook=hook), items)
    assert [item for item in every if item in items] == items
    assert [item for item in every if item not in items] == dropped
    for file, since in files.items():
        kept = [item.nodeid for item in items if item.path.name == file]
        assert kept[0].endswith("test_a")
        assert len(kept) == 21 if since >= lesson else 4 <= len(kept) <= 5


LESSONS = [2, 3, 4, 5, 6, 7]
stage = cache(carve.stage)


@pytest.mark.parametrize("lesson", LESSONS[1:])
def test_every_stage_has_all_of_the_one_before_and_no_line_that_is_not_in_the_source(lesson):
    before, now = stage(lesson - 1), stage(lesson)
    for name, text in before.items():
        assert is_part(text.splitlines(), now[name].splitlines()), name
    for name, text in now.items():
        whole = stage(carve.BEYOND)[name]
        assert is_part(text.splitlines(), whole.splitlines()), name


def test_tags_name_lessons_there_are():
    for path in carve.SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert set(carve.find_tags(text).values()) <= {*LESSONS, carve.BEYOND}, path
        assert not re.search(r"#\s*dark[- ]\d\b(?!$)", text, re.MULTILINE), f"{path}: half a tag"


def test_the_news_of_a_lesson_are_its_definitions():
    news = {part.file: part for part in added.brought(2, 3)}
    assert news["nn/modules/linear.py"].is_new
    assert "Linear" in news["nn/modules/linear.py"].names
    assert "Linear.forward" not in news["nn/modules/linear.py"].names  # part of what is new
    assert "tensor.py" not in news
    less, more = (sum(len(text.splitlines()) for text in added.package(n).values()) for n in (2, 3))
    assert sum(part.lines for part in news.values()) == more - less


def test_the_command_shows_what_a_lesson_adds():
    command = [sys.executable, carve.ROOT / "tools" / "carve.py", "--diff", "2", "3"]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "nn/modules/linear.py (new): " in output
    assert "\n    Linear\n" in output


def test_the_stubs_of_a_stage_are_those_of_its_methods():
    methods = set(re.findall(r"def (\w+)", stage(2)["attached.pyi"]))
    assert {"exp", "sum", "add_", "__add__", "T"} <= methods
    assert not {"softmax", "cumsum", "erf_"} & methods
    assert stage(carve.BEYOND)["attached.pyi"] == (carve.SOURCE / "attached.pyi").read_text(encoding="utf-8")


@pytest.mark.parametrize("lesson", added.articles())
def test_an_article_lists_what_its_lesson_adds(lesson):
    text = added.articles()[lesson].read_text(encoding="utf-8")
    assert added.with_list(text, lesson) == text, "python tools/carve.py --articles"


def test_dark_1_is_part_of_the_framework():
    """Its public names are in every stage; what they do is shown by the tests of lesson 1."""
    folder = carve.ROOT / "dark-1" / "dark"
    names = set(imported_names((folder / "__init__.py").read_text(encoding="utf-8")))
    assert names
    assert names <= set(imported_names(stage(2)["__init__.py"]))


def imported_names(text):
    """What a file imports, under the names it has there."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom):
            yield from (name.asname or name.name for name in node.names)
