"""Training a sample and testing it, from its own script or by the command `dark`, with the same options."""

import inspect
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_origin, get_type_hints

try:
    import typer
except ImportError:
    sys.exit("dark: the samples need a few packages more: pip install -r requirements.txt, in the root")

from .catalogue import Sample, SampleError, as_sample
from .console import one_line, print_anything
from .run import Run


class Framework(StrEnum):
    """Which version of a sample."""

    dark = "dark"
    torch = "torch"


Version = Annotated[Framework, typer.Option(help="Run Dark's version, or PyTorch's.")]
Epochs = Annotated[
    int | None, typer.Option(min=1, help="Passes over the training data.", show_default="as many as it needs")
]
Device = Annotated[str, typer.Option(help="Where to compute: cpu, cuda, or one of several cards, cuda:1.")]
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
    sample: Sample, framework: Version = Framework.dark, epochs: Epochs = None, device: Device = "cpu",
    seed: Seed = 0, data: Data = None, download: Download = False, quick: Quick = False,
    resume: Resume = False, json: Json = None, output: Output = None, docs: Docs = False,
    window: Window = True, **own,
) -> None:  # fmt: skip
    """Train a sample; show the progress, write pictures, weights and a learning curve."""
    if json is not None and not json.absolute().parent.is_dir():
        raise SampleError(f"--json {json}: there is no folder {json.absolute().parent}")
    if json is not None and json.is_dir():
        raise SampleError(f"--json {json}: this is a folder, not a file")
    train = sample.script(framework, "train")
    settings = Run(
        sample.number, framework.value, output or default_output(sample, framework), epochs or 0, device,
        seed, data, quick, download, resume, json, sample.folder / "docs" if docs else None, window, own,
    )  # fmt: skip
    try:
        train(settings, **own)
    except KeyboardInterrupt:
        advice = "; --resume goes on from the last finished epoch" if settings.kept else ""
        raise SampleError(f"stopped{advice}") from None


def test(
    sample: Sample, framework: Version = Framework.dark, device: Device = "cpu", data: Data = None,
    download: Download = False, quick: Quick = False, output: Output = None, window: Window = True, **own,
) -> None:  # fmt: skip
    """Measure a trained sample on its test data and draw what it predicts."""
    settings = Run(
        sample.number, framework.value, output or default_output(sample, framework), device=device,
        seed=own.get("seed", 0), data=data, download=download, quick=quick, windows=window,
    )  # fmt: skip
    sample.script(framework, "test")(settings, **own)


def default_output(sample: Sample, framework: str) -> Path:
    """Where the results of a run go when the user names no folder."""
    return sample.folder / "runs" / framework


def run_script(script: str) -> None:
    """A sample's script as a command of its own: `train.py` is `dark run`, `test.py` is `dark test`."""
    path = Path(script).resolve()
    sample, framework = as_sample(path.parent.parent), Framework(path.parent.name)
    command: Callable[..., None] = run if path.stem == "train" else test
    obey(lambda: app_of(sample, command, path.stem, framework))


def app_of(sample: Sample, command: Callable, task: str, framework: Framework | None = None) -> typer.Typer:
    """A command for one sample, or for one version of it: its options and the sample's own.

    The parameters that the function in `task.py` has beside `run` are the sample's own options. A plain
    text that annotates one is its help, and a list takes what follows the options::

        def test(run: Run, files: Annotated[list[Path], "Pictures to name."] = (), ...):
    """
    fixed = {"sample": sample} | ({"framework": framework} if framework else {})
    own = own_parameters(sample.script(framework or Framework.dark, task))

    def chosen(**options):
        command(**fixed, **options)

    shared = [p for p in inspect.signature(command).parameters.values() if p.name not in {*fixed, "own"}]
    chosen.__doc__ = command.__doc__
    chosen.__signature__ = inspect.Signature(shared + own)  # type: ignore[attr-defined]
    chosen.__annotations__ = {parameter.name: parameter.annotation for parameter in shared + own}
    app = new_app()
    app.command()(chosen)
    return app


def own_parameters(function: Callable) -> list[inspect.Parameter]:
    """The parameters after the first, annotated as the command line wants it."""
    hints = get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return [p.replace(kind=p.KEYWORD_ONLY, annotation=as_option(p.name, hints[p.name])) for p in parameters]


def as_option(name: str, hint: Any) -> Any:
    """`Annotated[kind, "help"]` as an option of the command line; a list is what follows the options.

    A `range` after the help says which numbers are allowed.
    """
    kind, (text, *allowed) = hint.__origin__, hint.__metadata__
    if get_origin(kind) is list:
        return Annotated[kind, typer.Argument(help=text, show_default=False)]
    flag = ["--" + name.replace("_", "-")] if kind is bool else []  # without --no-…
    bounds = {"min": allowed[0].start, "max": allowed[0].stop - 1} if allowed else {}
    return Annotated[kind, typer.Option(*flag, help=text, **bounds)]


def new_app(**settings) -> typer.Typer:
    """A command line that leaves errors to us."""
    return typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **settings
    )  # fmt: skip


def obey(make_app: Callable[[], typer.Typer], arguments: list[str] | None = None) -> None:
    """Do what was typed; mistakes of the person who types end in one line and exit code 1."""
    print_anything()
    try:
        make_app()(arguments)
    except (SampleError, OSError, ImportError) as error:
        sys.exit(f"dark: {one_line(error)}")
