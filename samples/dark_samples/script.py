"""Training a sample and testing it, from its own script or by the command `dark`, with the same options."""

import inspect
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

try:
    import typer
except ImportError:
    sys.exit("dark: the samples need a few packages more: pip install -r requirements.txt, in the root")

from .catalogue import Sample, SampleError, find_sample
from .console import one_line, print_anything
from .run import Run


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
Download = Annotated[bool, typer.Option("--download", help="Download the data set if it is nowhere.")]
Quick = Annotated[bool, typer.Option("--quick", help="A small part of the data, one epoch.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint.")]
Json = Annotated[
    Path | None, typer.Option(help="Write the numbers of the run to this file.", show_default=False)
]
Output = Annotated[
    Path | None, typer.Option(help="Folder for results.", show_default="runs/ in the sample's folder")
]
Docs = Annotated[bool, typer.Option("--docs", help="Put the pictures into the sample's docs/, too.")]
Window = Annotated[bool, typer.Option(help="Show the pictures, where there is a screen.")]


def run(
    sample: Number, framework: Version = Framework.dark, epochs: Epochs = None, device: Device = "cpu",
    seed: Seed = 0, data: Data = None, download: Download = False, quick: Quick = False,
    resume: Resume = False, json: Json = None, output: Output = None, docs: Docs = False,
    window: Window = True,
) -> None:  # fmt: skip
    """Train a sample; show the progress, write pictures, weights and a learning curve."""
    if json is not None and not json.absolute().parent.is_dir():
        raise SampleError(f"--json {json}: there is no folder {json.absolute().parent}")
    if json is not None and json.is_dir():
        raise SampleError(f"--json {json}: this is a folder, not a file")
    chosen = find_sample(sample)
    train = chosen.script(framework, "train")
    settings = Run(
        chosen.number, framework.value, output or default_output(chosen, framework), epochs or 0, device,
        seed, data, quick, download, resume, json, chosen.folder / "docs" if docs else None, window,
    )  # fmt: skip
    try:
        train(settings)
    except KeyboardInterrupt:
        goes_on = settings.kept and settings.finished
        advice = "; --resume goes on from the last finished epoch" if goes_on else ""
        raise SampleError(f"stopped{advice}") from None


def test(
    sample: Number, framework: Version = Framework.dark, device: Device = "cpu", data: Data = None,
    download: Download = False, quick: Quick = False, output: Output = None, window: Window = True,
) -> None:  # fmt: skip
    """Measure a trained sample on its test data and draw what it predicts."""
    chosen = find_sample(sample)
    settings = Run(
        chosen.number, framework.value, output or default_output(chosen, framework),
        device=device, data=data, download=download, quick=quick, windows=window,
    )  # fmt: skip
    chosen.script(framework, "test")(settings)


def default_output(sample: Sample, framework: str) -> Path:
    """Where the results of a run go when the user names no folder."""
    return sample.folder / "runs" / framework


def run_script(script: str) -> None:
    """A sample's script as a command of its own: `train.py` is `dark run`, `test.py` is `dark test`."""
    path = Path(script).resolve()
    command: Callable[..., None] = run if path.stem == "train" else test
    app = new_app()
    app.command()(of_sample(command, str(path.parent.parent), Framework(path.parent.name)))
    obey(app)


def of_sample(command: Callable, sample: str, framework: Framework) -> Callable:
    """A command for one version of one sample: it has the other options."""

    def chosen(**options):
        command(sample, framework, **options)

    signature = inspect.signature(command)
    others = list(signature.parameters.values())[2:]
    chosen.__doc__ = command.__doc__
    chosen.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    chosen.__annotations__ = {option.name: option.annotation for option in others}
    return chosen


def new_app(**settings) -> typer.Typer:
    """A command line that leaves errors to us."""
    return typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **settings
    )  # fmt: skip


def obey(app: typer.Typer, arguments: list[str] | None = None) -> None:
    """Do what was typed; mistakes of the person who types end in one line and exit code 1."""
    print_anything()
    try:
        app(arguments)
    except (SampleError, OSError, ImportError) as error:
        sys.exit(f"dark: {one_line(error)}")
