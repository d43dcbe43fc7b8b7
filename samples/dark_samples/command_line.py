"""The command `dark`: list the samples, run them, test what they learned, compare them with PyTorch.

`dark run --as-torch` runs any PyTorch program on Dark.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer
from typer.core import TyperGroup

from .catalogue import Sample, all_samples, find_sample
from .compare_programs import app_of_programs, is_program
from .script import Data, Device, Quick, Seed, app_of, new_app, obey, run, test

app = new_app(help="Run and compare the samples of the tutorial.", no_args_is_help=True)


class Dtype(StrEnum):
    """The default type of both frameworks."""

    float32 = "float32"
    float64 = "float64"


@app.command()
def samples() -> None:
    """List the samples."""
    for sample in all_samples():
        print(f"{sample.number}  {sample.name}")


def compare(
    sample: Sample,
    steps: Annotated[int, typer.Option(min=1, help="Training steps to compare.")] = 50,
    whole: Annotated[bool, typer.Option("--whole", help="Compare all steps of the training.")] = False,
    device: Device = "cpu",
    seed: Seed = 0,
    data: Data = None,
    quick: Quick = False,
    dtype: Annotated[Dtype, typer.Option(help="Type of the numbers.")] = Dtype.float32,
    tolerance: Annotated[
        float | None,
        typer.Option(
            help="Relative difference at which two numbers differ.",
            show_default="1e-5, in float64 1e-10; from lesson 5 on 1e-3 and 1e-8",
        ),
    ] = None,
    **own,
) -> None:
    """Train a sample in Dark and in PyTorch side by side, and hold every step against the other's."""
    from .compare import compare_sample

    if tolerance is None:
        tolerance = default_tolerance(sample, dtype)
    limit = None if whole else steps
    if not compare_sample(sample, limit, seed, data, quick, dtype.value, tolerance, own, device):
        raise typer.Exit(1)


def default_tolerance(sample: Sample, dtype: Dtype) -> float:
    """What rounding may do in 50 steps; a convolution adds up thousands of products, in another order."""
    tolerance = 1e-5 if dtype == Dtype.float32 else 1e-10
    return 100 * tolerance if sample.number >= "5" else tolerance


def of_samples(
    command: Callable[..., None], task: str, options: Callable[..., None] = lambda: None, more: str = ""
) -> None:
    """Add a command whose first argument is a sample, which brings options of its own.

    The parameters of `options` come before the sample; `more` is what else its help says.
    """

    class OfSamples(TyperGroup):
        def get_command(self, context, name):
            if context.params.get("as_torch"):
                return typer.main.get_command(app_of_program(name))
            if command is compare and is_program(name):
                return typer.main.get_command(app_of_programs(name))
            return typer.main.get_command(app_of(find_sample(name), command, task))

    group = new_app(
        cls=OfSamples, no_args_is_help=True, options_metavar="", subcommand_metavar="SAMPLE [OPTIONS]",
        help=f"{command.__doc__}\n\nSAMPLE is a number, such as 4.0. --help after it shows the options."
        f"{more}",
    )  # fmt: skip
    group.callback()(options)
    app.add_typer(group, name=command.__name__)


def program(
    as_torch: Annotated[
        bool,
        typer.Option(
            "--as-torch",
            help="Run a PyTorch program on Dark instead: --as-torch FILE [ARGUMENTS of the program].",
        ),
    ] = False,
) -> None:
    """What `dark run` takes instead of a sample."""


def app_of_program(file: str) -> typer.Typer:
    """A command that runs a PyTorch program on Dark; all that follows the file is the program's."""
    app = new_app()
    settings = {"ignore_unknown_options": True, "allow_interspersed_args": False}

    @app.command(add_help_option=False, context_settings=settings)
    def run_it(arguments: Annotated[list[str] | None, typer.Argument()] = None):
        from dark.as_torch.program import run_program

        run_program(file, arguments or [])

    return app


of_samples(run, "train", program)
of_samples(test, "test")
of_samples(
    compare, "train",
    more="\n\nIn place of SAMPLE: two training programs (a.py b.py), two models (a.py:Net b.py:Net --input "
    "2,3,32,32), or one of PyTorch's, to compare with itself on Dark. --help after them shows the options.",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    obey(lambda: app, arguments)
