"""Write src/dark/attached.pyi: the methods that dark.ops attaches to Tensor, for editors and type checkers.

    python tools/method_stubs.py          write the file
    python tools/method_stubs.py --check  exit 1 where it is out of date
"""

import ast
import inspect
import sys
from pathlib import Path

import dark

SOURCE = Path(__file__).resolve().parent.parent / "src" / "dark"
HEAD = '''"""The methods that dark.ops attaches to Tensor; written by tools/method_stubs.py."""

from typing import Any

from .tensor import Tensor

class Attached:
    # by identity at run time: tensors are keys of dicts although == compares elements
    def __hash__(self) -> int: ...
'''
BY_PYTHON = {"__array_ufunc__", "__array_function__", "__repr__", "__str__", "__reduce_ex__"}


def stubs() -> str:
    """The text of the file."""
    tree = ast.parse((SOURCE / "tensor.py").read_text(encoding="utf-8"))
    own = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Tensor")
    defined = {node.name for node in own.body if isinstance(node, ast.FunctionDef)}
    attached = {
        name: value
        for name, value in vars(dark.Tensor).items()
        if inspect.isfunction(value) and name not in defined | BY_PYTHON
    }
    lines = [f"    def {name}{signature(attached[name])}: ..." for name in sorted(attached)]
    properties = [
        f"    @property\n    def {name}(self) -> Tensor: ..."
        for name, value in sorted(vars(dark.Tensor).items())
        if isinstance(value, property) and name not in defined
    ]
    return HEAD + "\n".join(lines + properties) + "\n"


def signature(function) -> str:
    """Parameters with their defaults, and Tensor as the result of an operation."""
    parts, star = ["self"], False
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            parts.append(f"*{parameter.name}: Any")
            star = True
        elif parameter.kind is parameter.VAR_KEYWORD:
            parts.append(f"**{parameter.name}: Any")
        else:
            if parameter.kind is parameter.KEYWORD_ONLY and not star:
                parts.append("*")
                star = True
            default = "" if parameter.default is parameter.empty else " = ..."
            parts.append(f"{parameter.name}: Any{default}")
    gives_tensor = hasattr(function, "is_operation") or function.__name__.endswith("_")
    return f"({', '.join(parts)}) -> {'Tensor' if gives_tensor else 'Any'}"


def main() -> None:
    """Write or check."""
    path = SOURCE / "attached.pyi"
    if "--check" in sys.argv[1:]:
        if not path.is_file() or path.read_text(encoding="utf-8") != stubs():
            sys.exit("src/dark/attached.pyi is out of date: python tools/method_stubs.py")
    else:
        path.write_text(stubs(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
