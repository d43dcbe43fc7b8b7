"""For pytest: what is asked of a carved stage.

A test that names what comes in a later lesson is skipped, and says so. Only where the test itself names it: a
stage whose own code asks for something later fails.

The stage before has passed the tests that it knew, and the whole framework passes all of them. So every stage
runs all of the files that are new or have grown, and a part of each function of the others.

    DARK_LESSON=3 python -m pytest -p later_names FOLDER
"""

import ast
import os
from collections import defaultdict
from pathlib import Path

import carve
import pytest

LESSON = int(os.environ["DARK_LESSON"])
TESTS = carve.ROOT / "tests"
PART = 6  # one of so many rows


def names_in(files: dict[str, str]) -> set[str]:
    """The names of all modules, functions, classes, methods and assigned attributes."""
    found = {part for name in files for part in Path(name).with_suffix("").parts}
    for text in files.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
                found.add(node.id if isinstance(node, ast.Name) else node.attr)
    return found


OURS = names_in(carve.stage(carve.BEYOND))
OURS |= {name + "_" for name in OURS}  # in place


def pytest_collection_modifyitems(config, items):
    """Keep one row of PART of each test that the stage before had too; each stage takes others."""
    if LESSON == 2:
        return
    before, now = carve.stage(LESSON - 1, TESTS), carve.stage(LESSON, TESTS)
    known = {config.rootpath / "tests" / name for name in before if before[name] == now[name]}
    tables = defaultdict(list)
    for item in items:
        tables[item.path, item.nodeid.split("[")[0]].append(item)
    kept = set()
    for (path, _), rows in tables.items():
        kept.update(rows[LESSON % min(PART, len(rows)) :: PART] if path in known else rows)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn the failure into a skip."""
    report = (yield).get_result()
    error = call.excinfo
    if error is None or not isinstance(error.value, (AttributeError, NameError)):
        return
    frames = [frame for frame in error.traceback if not str(frame.path).endswith("<string>")]  # of eval()
    name, place = error.value.name, frames[-1]
    if name in OURS and Path(place.path).is_relative_to(item.config.rootpath / "tests"):
        report.outcome = "skipped"
        report.longrepr = (str(place.path), place.lineno + 1, f"{name} comes after lesson {LESSON}")
