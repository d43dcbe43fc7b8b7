"""The command `dark`: list the samples, run them, test what they learned, compare them with PyTorch."""

from enum import StrEnum
from typing import Annotated

import typer

from . import script
from .catalogue import all_samples, find_sample
from .script import Data, Number, Quick, Seed

app = script.new_app(help="Run and compare the samples of the tutorial.", no_args_is_help=True)


class Dtype(StrEnum):
    """The default type of both frameworks."""

    float32 = "float32"
    float64 = "float64"


@app.command()
def samples() -> None:
    """List the samples."""
    for sample in all_samples():
        print(f"{sample.number}  {sample.name}")


app.command()(script.run)
app.command()(script.test)


@app.command()
def compare(
    sample: Number,
    steps: Annotated[int, typer.Option(min=1, help="Training steps to compare.")] = 50,
    whole: Annotated[bool, typer.Option("--whole", help="Compare all steps of the training.")] = False,
    seed: Seed = 0,
    data: Data = None,
    quick: Quick = False,
    dtype: Annotated[Dtype, typer.Option(help="Type of the numbers.")] = Dtype.float32,
    tolerance: Annotated[
        float | None,
        typer.Option(
            help="Relative difference at which two numbers differ.", show_default="1e-5, in float64 1e-10"
        ),
    ] = None,
) -> None:
    """Train a sample in Dark and in PyTorch side by side, and hold every step against the other's."""
    from .compare import compare_sample

    chosen = find_sample(sample)
    if tolerance is None:
        tolerance = 1e-5 if dtype == Dtype.float32 else 1e-10
    if not compare_sample(chosen, None if whole else steps, seed, data, quick, dtype.value, tolerance):
        raise typer.Exit(1)


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    script.obey(app, arguments)
