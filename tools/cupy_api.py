"""What CuPy offers: its names and their parameters, as tables that the tests' stand-in for CuPy obeys.

CuPy can be imported without a card, but not two versions at once. So each version's own Python writes its
table, and a third call keeps what they have in common:

    path/to/cupy13/bin/python tools/cupy_api.py > 13.json
    path/to/cupy14/bin/python tools/cupy_api.py > 14.json
    python tools/cupy_api.py 13.json 14.json > tests/standin/api.json

A table maps a module or class to its names, and a name to its parameters as they stand between the brackets
of a `def` (without the defaults' values), to "" for a value, to "class" for a class. What documents no
parameters has `*args, **kwargs`.
"""

import inspect
import json
import keyword
import re
import sys
from pathlib import Path

PLACES = [
    "cupy", "cupy.ndarray", "cupy.ufunc", "cupy.linalg", "cupy.fft", "cupy.random", "cupy.lib.stride_tricks",
    "cupyx", "cupy.cuda", "cupy.cuda.runtime", "cupy.cuda.Stream", "cupy.cuda.Event", "cupy.cuda.Graph",
    "cupy.cuda.Device", "cupy.cuda.MemoryPool", "cupy.cuda.MemoryPointer", "cupy.cuda.PinnedMemoryPool",
    "cupy.cuda.PinnedMemoryPointer", "cupy.RawModule", "cupy.RawKernel", "cupy.ElementwiseKernel",
    "cupy.ReductionKernel",
]  # fmt: skip
UNKNOWN = "*args, **kwargs"
SPECIAL = {
    "__array_ufunc__", "__array_function__", "__array__", "__cuda_array_interface__", "__dlpack__",
    "__dlpack_device__", "__call__", "__init__", "__array_priority__",
}  # fmt: skip


def table():
    """The names of every place of the CuPy that this Python imports."""
    import cupy
    import cupyx

    found = {"version": cupy.__version__}
    for place in PLACES:
        owner = {"cupy": cupy, "cupyx": cupyx}[place.partition(".")[0]]
        for part in place.split(".")[1:]:
            owner = getattr(owner, part)
        names = {}
        for name in sorted(dir(owner)):
            if name.startswith("_") and name not in SPECIAL:
                continue
            try:
                names[name] = described(getattr(owner, name), isinstance(owner, type))
            except Exception:  # a name that CuPy has given up, and says so when it is asked for
                continue
        found[place] = names
    return found


def described(value, in_class):
    """The parameters of a function or method, "class" of a class, "" of any other value."""
    if inspect.ismodule(value):
        return "module"
    if isinstance(value, type):
        return "class"
    if not callable(value):
        return ""
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except (TypeError, ValueError):
        return from_documentation(value, in_class)
    return written([(p.kind, p.name, p.default is not p.empty) for p in parameters], in_class)


def from_documentation(value, in_class):
    """The parameters that the first line of a docstring says: `f(a, int b=0, *, c)`."""
    found = re.match(r"[\w.]+\((.*?)\)(\s*->.*)?\s*(\n|$)", value.__doc__ or "")
    if not found:
        return UNKNOWN
    parameters, kind = [], inspect.Parameter.POSITIONAL_OR_KEYWORD
    for text in split(found[1].replace("\\*", "*")):
        if text == "*":
            kind = inspect.Parameter.KEYWORD_ONLY
        elif text == "/":
            parameters = [(inspect.Parameter.POSITIONAL_ONLY, *p[1:]) for p in parameters]
        elif text.startswith("**"):
            parameters.append((inspect.Parameter.VAR_KEYWORD, text[2:], False))
        elif text.startswith("*"):
            parameters.append((inspect.Parameter.VAR_POSITIONAL, text[1:], False))
            kind = inspect.Parameter.KEYWORD_ONLY
        else:
            name, default, _ = text.partition("=")
            name = name.partition(":")[0].strip().split()[-1].lstrip("*&")
            if not name.isidentifier() or keyword.iskeyword(name):
                return UNKNOWN
            parameters.append((kind, name, bool(default)))
    return written(parameters, in_class)


def split(text):
    """The parts of a list of parameters between commas that stand in no bracket and no quotes."""
    parts, depth, quoted, part = [], 0, False, ""
    for letter in text:
        quoted ^= letter in "'\""
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth and not quoted:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    return [*parts, part.strip()] if part.strip() else parts


def written(parameters, in_class):
    """Parameters (kind, name, has a default) as one line of Python; a method's are without self."""
    if in_class and parameters and parameters[0][1] == "self":
        parameters = parameters[1:]
    words, optional = [], False
    for index, (kind, name, default) in enumerate(parameters):
        before = [p[0] for p in parameters[:index]]
        if kind == inspect.Parameter.KEYWORD_ONLY and not any(
            k in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_POSITIONAL) for k in before
        ):
            words.append("*")
        stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(kind, "")
        optional = optional or default
        words.append(stars + name + ("=None" if (default or optional) and not stars else ""))
        after = parameters[index + 1 : index + 2]
        if kind == inspect.Parameter.POSITIONAL_ONLY and not (after and after[0][0] == kind):
            words.append("/")
    return ", ".join(words)


def common(first, second):
    """What two tables both have."""
    found = {"versions": [first["version"], second["version"]]}
    for place in PLACES:
        a, b = first[place], second[place]
        found[place] = {name: shared(a[name], b[name]) for name in a if name in b}
    return found


def shared(a, b):
    """The parameters that stand in both of two lists; what follows a missing one is given by keyword."""
    if a == b or UNKNOWN in (a, b):
        return b if a == UNKNOWN else a
    if "class" in (a, b) or "" in (a, b):
        return a or b
    b = {word.partition("=")[0] for word in b.split(", ")}
    words, gap = [], False
    for word in a.split(", "):
        name = word.partition("=")[0]
        if name in b or name in "*/":
            if gap and "*" not in words and not name.startswith("*"):
                words.append("*")
            words.append(word)
        else:
            gap = True
    while words and words[-1] in ("*",):
        words.pop()
    return ", ".join(words)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        tables = [json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:]]
        print(json.dumps(common(*tables), indent=0, sort_keys=True))
    else:
        print(json.dumps(table(), indent=0, sort_keys=True))
