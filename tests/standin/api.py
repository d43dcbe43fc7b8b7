"""What CuPy has, from the stored tables: its names, and the parameters that each function takes."""  # beyond

import json
from functools import cache
from pathlib import Path

TABLE = json.loads((Path(__file__).parent / "api.json").read_text(encoding="utf-8"))
UNKNOWN = "*args, **kwargs"


def names(place):
    """The names of a module or class, such as "cupy.linalg"."""
    return TABLE[place]


def missing(place, name):
    """The error of a name that is not there, or not in every version."""
    versions = " and ".join(TABLE["versions"])
    if name in TABLE[place]:
        return AttributeError(f"{place}.{name}: CuPy has it, the stand-in doesn't; add it if Dark needs it")
    return AttributeError(f"{place} has no attribute {name!r} in CuPy {versions}, or not in both")


def words(text):
    """The words of a text."""
    return text.split()


@cache
def checker(place, name):
    """A function that takes what CuPy's takes, and raises Python's own TypeError for anything else.

    It returns its arguments by name.
    """
    parameters = TABLE[place].get(name, UNKNOWN)
    if parameters in (UNKNOWN, "class", "module"):
        return None
    scope = {}
    exec(f"def {name}({parameters}): return locals()", scope)
    return scope[name]

