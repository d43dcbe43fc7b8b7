"""Runs a PyTorch program on Dark, as `python program.py` would run it on PyTorch."""

import sys
from pathlib import Path
from traceback import walk_tb
from types import ModuleType, TracebackType

from ..tensor import Tensor
from .installation import install
from .missing import MissingImport, MissingName, missing

DARK = Path(__file__).parents[1]


def run_program(file: str, arguments: list[str]) -> None:
    """Run a file as `__main__`, with `import torch` giving Dark.

    A name that Dark lacks ends the process with one line and exit code 1, any other error with the
    program's own traceback; OSError where the file can't be read.
    """
    content = Path(file).read_bytes()
    main = ModuleType("__main__")
    main.__file__ = str(Path(file).absolute())
    sys.modules["__main__"] = main
    sys.argv = [file, *arguments]
    sys.path[0] = str(Path(file).resolve().parent)
    install()
    try:
        exec(compile(content, main.__file__, "exec", dont_inherit=True), vars(main))
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        own = error.__traceback__.tb_next if error.__traceback__ else None  # without the lines above
        if (text := name_that_is_missing(error)) is not None:
            sys.exit(f"dark: {place_in_program(own)}: {text}")
        sys.excepthook(type(error), error.with_traceback(own), own)
        sys.exit(130 if isinstance(error, KeyboardInterrupt) else 1)


def name_that_is_missing(error: BaseException) -> str | None:
    """What to say where Dark lacks a name that a program uses, of a module or of tensors."""
    if isinstance(error, (MissingName, MissingImport)):
        return str(error)
    if isinstance(error, AttributeError) and isinstance(error.obj, Tensor) and error.name:
        return missing("Tensor", error.name, dir(error.obj))
    return None


def place_in_program(traceback: TracebackType | None) -> str:
    """The innermost line that is neither Dark's nor that of Python's own imports: "train.py, line 3"."""
    for frame, line in reversed([*walk_tb(traceback)]):
        file = frame.f_code.co_filename
        if not file.startswith("<frozen") and not Path(file).is_relative_to(DARK):
            return f"{Path(file).name}, line {line}"
    return "the program"
