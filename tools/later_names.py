"""For pytest: a test of a carved stage that names what comes in a later lesson is skipped, and says so.

Only where the test itself names it: a stage whose own code asks for something later fails.

    DARK_LESSON=3 python -m pytest -p later_names FOLDER
"""

import ast
import os
from pathlib import Path

import carve
import pytest

LESSON = int(os.environ["DARK_LESSON"])


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
