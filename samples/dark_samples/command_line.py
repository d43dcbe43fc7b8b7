"""The command `dark`: list the samples, run them, test what they learned, compare them with PyTorch."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

try:
    import typer
except ImportError:
    sys.exit('dark: the samples need a few packages more: pip install "dark[samples]"')

from .catalogue import Sample, SampleError, all_samples, find_sample
from .console import one_line, print_anything
from .run import Run

app = typer.Typer(
    help="Run and compare the samples of the tutorial.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Framework(StrEnum):
    """Which version of a sample."""

    dark = "dark"
    torch = "torch"


Number = Annotated[str, typer.Argument(help="Number of the sample, such as 4.0.", metavar="SAMPLE")]
Version = Annotated[Framework, typer.Option(help="Run Dark's version, or PyTorch's.")]
Epochs = Annotated[
    int | None, typer.Option(min=1, help="Passes over the training data.", show_default="as many as it needs")
]
Device = Annotated[str, typer.Option(help="Where to compute.")]
Seed = Annotated[int, typer.Option(help="Same seed, same result.")]
Data = Annotated[
    Path | None, typer.Option(help="Folder with the data set.", show_default="found by the sample")
]
Download = Annotated[bool, typer.Option(help="Download the data set if it is nowhere.")]
Quick = Annotated[bool, typer.Option(help="A small part of the data, one epoch.")]
Resume = Annotated[bool, typer.Option(help="Go on from the last checkpoint.")]
Json = Annotated[
    Path | None, typer.Option(help="Write the numbers of the run to this file.", show_default=False)
]
Output = Annotated[
    Path | None, typer.Option(help="Folder for results.", show_default="runs/ in the sample's folder")
]


@app.command()
def samples() -> None:
    """List the samples."""
    for sample in all_samples():
        print(f"{sample.number}  {sample.name}")


@app.command()
def run(
    sample: Number, framework: Version = Framework.dark, epochs: Epochs = None, device: Device = "cpu",
    seed: Seed = 0, data: Data = None, download: Download = False, quick: Quick = False,
    resume: Resume = False, json: Json = None, output: Output = None,
) -> None:  # fmt: skip
    """Train a sample; show the progress, write pictures, weights and a learning curve."""
    if json is not None and not json.absolute().parent.is_dir():
        raise SampleError(f"--json {json}: there is no folder {json.absolute().parent}")
    if json is not None and json.is_dir():
        raise SampleError(f"--json {json}: this is a folder, not a file")
    chosen = find_sample(sample)
    train = chosen.script(framework, "train")
    folder = output or default_output(chosen, framework)
    settings = Run(
        chosen.number, framework.value, folder, epochs or 0, device, seed, data, quick, download, resume, json
    )
    try:
        train(settings)
    except KeyboardInterrupt:
        advice = "; --resume goes on from the last finished epoch" if settings.history else ""
        raise SampleError(f"stopped{advice}") from None


@app.command("test")
def test_trained(
    sample: Number, framework: Version = Framework.dark, device: Device = "cpu", data: Data = None,
    download: Download = False, quick: Quick = False, output: Output = None,
) -> None:  # fmt: skip
    """Measure a trained sample on its test data and draw what it predicts."""
    chosen = find_sample(sample)
    folder = output or default_output(chosen, framework)
    settings = Run(
        chosen.number, framework.value, folder, device=device, data=data, download=download, quick=quick
    )
    chosen.script(framework, "test")(settings)


@app.command()
def compare(
    sample: Number,
    steps: Annotated[int, typer.Option(min=1, help="Training steps to compare.")] = 50,
    seed: Seed = 0,
    data: Data = None,
    quick: Quick = False,
    tolerance: Annotated[float, typer.Option(help="Relative difference at which two numbers differ.")] = 1e-4,
) -> None:
    """Train a sample in Dark and in PyTorch side by side, and hold every step against the other's."""
    from .compare import compare_sample

    chosen = find_sample(sample)
    if not compare_sample(chosen, steps, seed, data, quick, tolerance):
        raise typer.Exit(1)


def default_output(sample: Sample, framework: str) -> Path:
    """Where the results of a run go when the user names no folder."""
    return sample.folder / "runs" / framework


def run_script(script: str) -> None:
    """A sample's script as a command of its own: `train.py` is `dark run`, `test.py` is `dark test`."""
    path = Path(script).resolve()
    command = {"train": "run", "test": "test"}[path.stem]
    sample, framework = path.parent.parent, path.parent.name
    main([command, str(sample), "--framework", framework, *sys.argv[1:]])


def main(arguments: list[str] | None = None) -> None:
    """The command; mistakes of the person who types end in one line and exit code 1."""
    print_anything()
    try:
        app(arguments)
    except (SampleError, OSError, ImportError) as error:
        sys.exit(f"dark: {one_line(error)}")
