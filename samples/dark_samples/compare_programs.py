"""`dark compare` for all that is no sample: two training programs, or two models."""

import importlib.util
import re
import sys
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from .catalogue import SampleError
from .script import Seed, new_app


def is_program(text: str) -> bool:
    """Whether it is a file of Python, or a name in one (`net.py:Net`)."""
    return re.search(r"\.py(:\w+)?$", text) is not None


def app_of_programs(first: str) -> typer.Typer:
    """The command with its first argument, `dark compare FIRST`, already read."""
    app = new_app()

    @app.command()
    def compare(
        second: Annotated[
            str | None,
            typer.Argument(help="What it is compared with.", show_default="the same, on PyTorch"),
        ] = None,
        steps: Annotated[int | None, typer.Option(min=1, help="Steps.", show_default="5; models 1")] = None,
        tolerance: Annotated[
            float | None,
            typer.Option(
                help="Difference at which numbers differ, relative to the largest of their tensor.",
                show_default="1e-5, in float64 1e-10",
            ),
        ] = None,
        seed: Seed = 0,
        dtype: Annotated[
            str | None,
            typer.Option(help="float64: nearly no rounding.", show_default="the program's"),
        ] = None,
        input: Annotated[
            str | None,
            typer.Option(help="Shape of the models' random input: 2,3,32,32", show_default=False),
        ] = None,
        optimizer: Annotated[str, typer.Option(help="Of the models, with lr=0.01.")] = "SGD",
        everything: Annotated[bool, typer.Option("--all", help="Show every row.")] = False,
    ) -> None:
        """Run two training programs, or two models, in step; show the first number in which they differ.

        FIRST and SECOND are PyTorch's or Dark's: files (train.py), which run unchanged up to some steps of
        their optimizers, or models in files (net.py:Net): a module, or a class or function that makes one.
        One alone is a PyTorch program or model, which is compared with itself on Dark.
        """
        from dark.comparison import ComparisonError, compare_models, compare_scripts

        models = [":" in Path(name).name for name in (first, second) if name]
        if any(models) != all(models):
            raise SampleError("a model (net.py:Net) is compared with a model, a program with a program")
        if models[0] != (input is not None):
            raise SampleError("--input, a shape such as 2,3,32,32, is for models (net.py:Net), which need it")
        if dtype not in (None, "float32", "float64"):
            raise SampleError(f"--dtype {dtype}: float32 or float64")
        common: dict[str, Any] = {"tolerance": tolerance, "seed": seed, "dtype": dtype}
        try:
            if input is None:
                report = compare_scripts(first, second, steps=steps or 5, **common)
            else:
                numbers = random_input(input, seed)
                ours, theirs = load_models(first, second, seed)
                report = compare_models(
                    ours, theirs, numbers, optimizer=optimizer, steps=steps or 1,
                    sides=sides(first, second), **common,
                )  # fmt: skip
        except ComparisonError as error:
            sys.exit(f"dark: {error}")  # several lines where a program fails
        print(report.text(everything))
        if not report.equal:
            raise typer.Exit(1)

    return app


def sides(first: str, second: str | None) -> tuple[str, str]:
    """What both sides are called."""
    return (f"{first} on Dark", f"{first} on PyTorch") if second is None else (first, second)


def random_input(shape: str, seed: int) -> np.ndarray:
    """Normally distributed numbers."""
    try:
        lengths = tuple(int(length) for length in shape.split(","))
    except ValueError:
        raise SampleError(f"--input {shape}: a shape is lengths with commas, 2,3,32,32") from None
    return np.random.default_rng(seed).standard_normal(lengths).astype(np.float32)


def load_models(first: str, second: str | None, seed: int) -> tuple[Any, Any]:
    """Both models; the first on Dark, in PyTorch's place, where it is alone."""
    if second is not None:
        return load_model(first, seed), load_model(second, seed)
    from dark import as_torch

    with as_torch.installed():
        ours = load_model(first, seed)
    return ours, load_model(first, seed)


def load_model(text: str, seed: int) -> Any:
    """The model of a name in a file, or what the function or class of this name makes without arguments."""
    file, _, name = text.rpartition(":")
    if not Path(file).is_file():
        raise SampleError(f"{file}: there is no such file")
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(Path(file).resolve().parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    if not hasattr(module, name):
        raise SampleError(f"{file} has no {name}")
    model = getattr(module, name)
    if hasattr(model, "state_dict") and not isinstance(model, type):
        return model
    for framework in ("dark", "torch"):
        if framework in sys.modules:
            sys.modules[framework].manual_seed(seed)
    try:
        return model()
    except TypeError as error:
        raise SampleError(
            f"{text} can't be made without arguments ({error}); name a function that makes the model"
        ) from None
