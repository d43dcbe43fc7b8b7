"""Runs two training programs in step, each in a process of its own, without a change to them.

Two programs in one process would share random numbers, default types, folders and `sys.modules`, and a
program that runs on Dark in PyTorch's place could not meet the same program on PyTorch. So each has its own
process, which hands over a step at a time through a pipe: it waits while the pipe is full, so that neither
runs ahead, and one step of each is in memory.
"""  # beyond

from __future__ import annotations

import importlib
import os
import random
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stdout
from importlib.machinery import PathFinder
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from .recording import ComparisonError, Entry, Recorder, attached, watch_optimizers
from .table import Report


class Enough(BaseException):
    """Ends a program after the steps that are compared."""


def compare_scripts(
    ours: str | Path, theirs: str | Path | None = None, *, steps: int = 5, tolerance: float | None = None,
    seed: int = 0, dtype: str | None = None, arguments: tuple[str, ...] = (),
) -> Report:  # fmt: skip
    """Run two training programs for a few steps of their optimizers, and compare all numbers of every step.

    Without `theirs`, a PyTorch program is compared with itself: on Dark first, on PyTorch second. Both get
    the `arguments`, and begin with the random numbers of `seed`, unless they choose their own, and with
    `dtype` as default type: in "float64", rounding hardly ever puts a number on the other side of ReLU's
    kink, or makes another the largest. The comparison ends with the first step that differs.
    ComparisonError where a program fails or makes no step. Call it under `if __name__ == "__main__"`, as
    all that begins processes.
    """
    files = [(str(ours), theirs is None), (str(ours if theirs is None else theirs), False)]
    for file, _ in files:
        if not Path(file).is_file():
            raise ComparisonError(f"{file}: there is no such file")
    names = [file + (" on Dark" if on_dark else "") for file, on_dark in files]
    if theirs is None:
        names[1] += " on PyTorch"
    report = Report((names[0], names[1]))
    programs = [Program(file, on_dark, steps, seed, dtype, arguments) for file, on_dark in files]
    try:
        ours_recorded, theirs_recorded = (p.recorded(name) for p, name in zip(programs, names))
        for a, b in zip_longest(ours_recorded, theirs_recorded):
            if a is None or b is None:
                short, long = names if a is None else names[::-1]
                report.ending = f"{short} ends after {report.steps} steps, {long} goes on."
                break
            if not report.add(a, b, tolerance):
                break
    finally:
        for program in programs:
            program.stop()
    if not report.steps:
        raise ComparisonError(f"{' and '.join(dict.fromkeys(names))}: no optimizer makes a step")
    return report


class Program:
    """A program in a process of its own, which begins at once."""

    def __init__(self, file: str, on_dark: bool, steps: int, seed: int, dtype: str | None, arguments):
        context = get_context("spawn")
        self.pipe, far = context.Pipe(duplex=False)
        self.process = context.Process(
            target=record_program, args=(file, on_dark, steps, seed, dtype, arguments, far)
        )
        self.process.start()
        far.close()  # so that we see it when the program's own end is closed

    def recorded(self, name: str) -> Iterator[list[Entry]]:
        """The entries of its steps; ComparisonError with the program's traceback where it fails."""
        while True:
            try:
                message = self.pipe.recv()
            except EOFError:
                self.process.join()
                raise ComparisonError(f"{name}: ended by exit code {self.process.exitcode}") from None
            if message is None:
                self.process.join(5)  # it ends by itself, and so do the processes it has begun
                return
            if isinstance(message, str):
                raise ComparisonError(f"{name} failed:\n{message}")
            yield message

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.join()
        self.pipe.close()


def record_program(file: str, on_dark: bool, steps: int, seed: int, dtype, arguments, pipe) -> None:
    """In its own process: run a program silently as `__main__`, and send the entries of its first steps."""
    done = 0

    def end_of_step(entries: list[Entry]) -> None:
        nonlocal done
        if done < steps:
            pipe.send(entries)
            done += 1
        if done >= steps:
            raise Enough

    kept = ExitStack()  # until the process ends
    watch_frameworks(Recorder(end_of_step), seed, dtype, on_dark, kept)
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002, what programs use
    try:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
            run_as_main(file, arguments)
    except Enough:
        pass
    except SystemExit as end:
        if end.code not in (None, 0):
            pipe.send(f"it ended by sys.exit({end.code!r})")
            return
    except BaseException as error:
        if done < steps:
            pipe.send("".join(traceback.format_exception(error.with_traceback(own_part(error)))).rstrip())
            return
    pipe.send(None)


def own_part(error: BaseException) -> Any:
    """The traceback from the program's first line on."""
    part = error.__traceback__
    while part is not None and part.tb_frame.f_code.co_filename == __file__:
        part = part.tb_next
    return part or error.__traceback__


def run_as_main(file: str, arguments) -> None:
    """Run a file as `python file arguments` would."""
    main = ModuleType("__main__")
    main.__file__ = str(Path(file).absolute())
    sys.modules["__main__"] = main
    sys.argv = [file, *arguments]
    sys.path.insert(0, str(Path(file).resolve().parent))
    exec(compile(Path(file).read_bytes(), main.__file__, "exec", dont_inherit=True), vars(main))


def watch_frameworks(recorder: Recorder, seed: int, dtype, on_dark: bool, kept: ExitStack) -> None:
    """Have Dark watched from now on, and PyTorch as soon as the program imports it.

    `on_dark` puts Dark in PyTorch's place.
    """

    def watch(framework) -> None:
        kept.enter_context(attached(framework, recorder))
        watch_optimizers(framework, recorder)
        framework.manual_seed(seed)
        if dtype is not None:
            framework.set_default_dtype(getattr(framework, dtype))

    watch(importlib.import_module(__package__.split(".")[0]))
    if on_dark:
        from ..as_torch import install

        install()
    elif "torch" in sys.modules:
        watch(sys.modules["torch"])
    else:
        sys.meta_path.insert(0, OnImport("torch", watch))


class OnImport:
    """Finds a package as it would be found, and calls a function with it as soon as it is imported."""

    def __init__(self, name: str, imported: Any):
        self.name, self.imported = name, imported

    def find_spec(self, fullname: str, path=None, target=None):
        """The package's own spec, with a loader that tells of it."""
        if fullname != self.name:
            return None
        sys.meta_path.remove(self)  # type: ignore[arg-type]
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            self.imported(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
