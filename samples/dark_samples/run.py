"""One run of a sample: its settings, the progress it shows, and all that it leaves on disk."""

from __future__ import annotations

import importlib
import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .animation import WIDEST, Frames
from .catalogue import SampleError
from .checkpoint import read_checkpoint, restore_random_numbers, write_checkpoint
from .console import first_line
from .files import replace_file
from .numbers import as_text, title
from .window import Screen, open_screen

FEW = 3  # numbers that the progress bar has room for beside the loss


@dataclass
class Run:
    """What a sample's `train(run)` is given: the user's choices, and where to report.

    `keep` names what a checkpoint holds, `steps` yields batches and shows progress, `log_step` and
    `log_epoch` collect the numbers, `show_frame` the animation, `finish` writes them all.
    """

    sample: str
    framework: str
    output: Path
    epochs: int = 0  # 0: as many as the sample says
    device: str = "cpu"
    seed: int = 0
    data: Path | None = None
    quick: bool = False
    download: bool = False
    resume: bool = False
    json: Path | None = None
    docs: Path | None = None  # a folder that gets a copy of the pictures
    windows: bool = False  # show the pictures, where there is a screen
    own: dict[str, Any] = field(default_factory=dict)  # options that this sample alone has
    losses: list[float] = field(default_factory=list)  # of every step
    numbers: dict[str, list[float]] = field(default_factory=dict)  # further numbers of the steps, by name
    history: list[dict[str, float]] = field(default_factory=list)  # metrics of every epoch
    kept: dict[str, Any] = field(default_factory=dict)  # what has a `state_dict`, by its name in checkpoints
    begun: dict[str, Any] = field(default_factory=dict)  # the checkpoint that --resume goes on from
    source: str = ""  # which data are used
    finished: int = 0  # epochs
    seconds: float = 0.0  # spent in epochs, evaluation included

    def __post_init__(self) -> None:
        from rich.console import Console

        if not -(2**63) <= self.seed < 2**64:
            raise SampleError(f"--seed {self.seed}: a seed fits into 64 bits")
        if self.device != "cpu":
            self.check_device()
        # Brackets and colons in a path are no markup.
        self.console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        self.progress: Any = None  # while epochs run: rich's display, and the bar of this one in it
        self.task: Any = None
        self.steps_before = 0  # this epoch
        self.frames = Frames(self.output / "frames")
        self.screen: Screen | None = open_screen() if self.windows else None

    def check_device(self) -> None:
        """Raise SampleError where the lesson or the framework can't compute on the device."""
        if self.sample.startswith("1."):  # with Python's numbers
            raise SampleError(f"--device {self.device}: this lesson computes on the CPU")
        try:
            importlib.import_module(self.framework).empty(0, device=self.device)
        except (RuntimeError, AssertionError) as error:  # a PyTorch without CUDA asserts that it has it
            raise SampleError(f"--device {self.device}: {first_line(error)}") from error

    # Settings

    def train_for(self, epochs: int) -> None:
        """Say how many epochs to train for where the user did not: one for a quick run, and after
        --resume as many as the run began with, since a schedule of the learning rate depends on them."""
        if self.resume and not self.checkpoint.is_file():
            self.console.print(f"There is no checkpoint {self.checkpoint}: the run begins at the beginning")
        elif self.resume:
            self.begun = self.load()
            self.check_options(self.begun["options"])
            epochs = self.begun["epochs"]
            if self.epochs not in (0, epochs):
                raise SampleError(
                    f"--epochs {self.epochs}: the run to resume was begun with --epochs {epochs}"
                )
        if self.quick and not self.begun:
            epochs = 1
        self.epochs = self.epochs or epochs

    @property
    def options(self) -> dict[str, str]:
        """What decides on the numbers of a run, beside the data."""
        chosen = {"seed": self.seed, "quick": self.quick, **self.own}
        return {name: str(value) for name, value in chosen.items()}

    def check_options(self, begun: dict[str, str]) -> None:
        """Raise SampleError where the run to resume was begun with others."""
        for name, value in self.options.items():
            if begun.get(name) != value:
                before = begun.get(name)
                raise SampleError(f"the run to resume was begun with {name}={before}, not {name}={value}")

    def use(self, source: str) -> None:
        """Say, loudly, which data the run uses; SampleError where the run to resume was begun with others."""
        if (before := self.begun.get("data", source)) != source:
            raise SampleError(f"the run to resume was begun with other data: {before}; now it is: {source}")
        self.source = source
        self.console.print(f"Data: {source}", style="bold")

    def keep(self, **objects) -> None:
        """Put whatever has a `state_dict` into every checkpoint; with --resume, fill it from the last."""
        self.kept = objects
        if state := self.begun:
            if missing := [name for name in objects if name not in state]:
                raise SampleError(
                    f"{self.checkpoint} was written by another version of sample {self.sample}: "
                    f"it lacks {', '.join(missing)}; train again"
                )
            for name, thing in objects.items():
                thing.load_state_dict(state[name])
            self.losses, self.numbers, self.history = state["losses"], state["numbers"], state["history"]
            self.finished, self.seconds = state["finished"], state["seconds"]
            self.console.print(f"Resumed after epoch {self.finished} from {self.checkpoint}")
            if not self.frames.go_on(state["frames"]):
                self.console.print(f"{self.frames.folder} lacks frames: the animation shows those to come")

    # The loop

    def remaining_epochs(self) -> Iterator[int]:
        """The numbers of the epochs to train, with a progress bar around them.

        There is a checkpoint before the first and one after each: whenever a run is killed, the epoch that it
        was in begins again, with the same random numbers.
        """
        self.output.mkdir(parents=True, exist_ok=True)  # a fault should show before an epoch of work
        if not os.access(self.output, os.W_OK):
            raise SampleError(f"--output {self.output}: nothing can be written into this folder")
        if self.begun:
            restore_random_numbers(self.framework, self.begun, self.device)
        else:
            self.save()
        with self.bars():
            for epoch in range(self.finished + 1, self.epochs + 1):
                started, self.steps_before = time.perf_counter(), len(self.losses)
                yield epoch
                self.seconds += time.perf_counter() - started
                self.finished = epoch
                self.save()

    def bars(self):
        """The progress display; where there is no terminal it shows nothing, and lines tell of the epochs."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.progress = Progress(
            TextColumn("epoch {task.fields[epoch]}/{task.fields[epochs]}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[loss]}"), TimeRemainingColumn(),
            console=self.console, transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip
        return self.progress

    def steps(self, loader) -> Iterator:
        """The batches of one epoch."""
        bar = self.progress.add_task(
            "", total=len(loader), epoch=self.finished + 1, epochs=self.epochs, loss=""
        )
        self.task = bar
        try:
            for batch in loader:
                yield batch
                self.progress.update(bar, advance=1)
                if self.screen:
                    self.screen.answer()
        finally:
            self.progress.remove_task(bar)
            self.task = None

    def log_step(self, loss: float, **numbers: float) -> None:
        """Note the loss of a training step, and what else `dark compare` shall compare."""
        if not math.isfinite(loss):
            raise SampleError(
                f"the loss became {loss} at step {len(self.losses) + 1}; try a smaller learning rate"
            )
        self.losses.append(loss)
        for name, value in numbers.items():
            self.numbers.setdefault(name, []).append(value)
        if self.task is not None and len(self.losses) % 10 == 0:
            shown = {"loss": loss} | dict([*numbers.items()][:FEW])
            texts = [f"{title(name).lower()} {value:.4f}" for name, value in shown.items()]
            self.progress.update(self.task, loss=", ".join(texts))

    def mean(self, name: str) -> float:
        """The mean over this epoch, so far, of a number that was logged with every step."""
        values = self.numbers[name][self.steps_before :]
        return sum(values) / len(values)

    def log_epoch(self, **metrics: float) -> None:
        """Note and print the metrics of an epoch; a run that shows no frames shows its learning curve."""
        self.history.append(metrics)
        text = ", ".join(f"{title(name).lower()} {as_text(name, value)}" for name, value in metrics.items())
        self.console.print(f"Epoch {self.finished + 1}/{self.epochs}: {text}")
        if self.screen and not self.frames.count:
            self.screen.show("Learning curve", self.drawn_curve())

    def show_frame(self, figure) -> None:
        """Add a figure to `animation.gif`, and show it where there is a screen.

        A function that draws the figure may stand for it: it is called only where the frame is used.
        """
        from .pictures import as_png

        png = as_png(figure() if callable(figure) else figure, WIDEST)
        self.frames.add(png)
        if self.screen:
            self.screen.show(f"Sample {self.sample}", png)

    # What stays

    @property
    def checkpoint(self) -> Path:
        """The file that `--resume` and `test` read."""
        return self.output / ("checkpoint.safetensors" if self.framework == "dark" else "checkpoint.pt")

    def save(self) -> None:
        """Write a checkpoint: what is kept, and how far the run is; a sample that keeps nothing has none."""
        if not self.kept:
            return
        state = {name: thing.state_dict() for name, thing in self.kept.items()}
        state |= {"losses": self.losses, "numbers": self.numbers, "history": self.history}
        state |= {"epochs": self.epochs, "finished": self.finished, "seconds": self.seconds}
        state |= {"options": self.options, "sample": self.sample, "data": self.source}
        state |= {"frames": self.frames.count}
        write_checkpoint(self.checkpoint, self.framework, state, self.device)

    def load(self) -> dict[str, Any]:
        """The last checkpoint; SampleError where there is none, a damaged one, or another sample's."""
        state = read_checkpoint(self.checkpoint, self.framework)
        if (sample := state.get("sample", self.sample)) != self.sample:
            raise SampleError(f"{self.checkpoint} is a checkpoint of sample {sample}, not of {self.sample}")
        return state

    def finish(self, curve: bool = True, **figures) -> None:
        """Write the figures, the animation, the learning curve and, with --json, the numbers; say where they
        lie, and show them until their windows are closed."""
        self.console.print(f"Trained for {self.seconds:.1f} s, evaluation included.")
        self.print_metrics(self.metrics)
        self.write_pictures(figures)
        if self.frames.count:
            self.write_picture("animation.gif", self.frames.gif())
        if curve and self.losses:
            self.write_picture("learning_curve.png", self.drawn_curve())
        if self.kept:
            self.console.print(f"Weights: {self.checkpoint}")
        if self.json is not None:
            replace_file(self.json, (json.dumps(self.report(), indent=1) + "\n").encode())
            self.console.print(f"Numbers: {self.json}")
        self.wait()

    def show(self, metrics: dict[str, float], **figures) -> None:
        """Print metrics, write figures, say where they lie, and show them until their windows are closed."""
        self.print_metrics(metrics)
        self.write_pictures(figures)
        self.wait()

    def print_metrics(self, metrics: dict[str, float]) -> None:
        """Print every metric on a line of its own."""
        for name, value in metrics.items():
            self.console.print(f"{title(name)}: {as_text(name, value)}", style="bold")

    def write_pictures(self, figures: dict[str, Any]) -> None:
        """Write figures as PNG files with their names."""
        from .pictures import as_png

        for name, figure in figures.items():
            self.write_picture(f"{name}.png", as_png(figure))

    def write_picture(self, name: str, content: bytes) -> None:
        """Write a picture, say where it lies, and open its window; the animation has been seen already."""
        for folder in filter(None, (self.output, self.docs)):
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(folder / name, content)
        shown = title(name.split(".")[0])
        self.console.print(f"{shown}: {self.output / name}")
        if self.screen and name.endswith(".png"):
            self.screen.show(shown, content)

    def drawn_curve(self) -> bytes:
        """The learning curve so far, as the content of a PNG file."""
        from .pictures import as_png, learning_curve

        return as_png(learning_curve(self.losses, self.history))

    def wait(self) -> None:
        """Until the windows are closed; where they failed, say so."""
        if self.screen and self.screen.is_open():
            self.console.print("The windows show the pictures; close them to end.")
            self.screen.wait()
        if self.screen and self.screen.fault:
            self.console.print(f"No window: {first_line(self.screen.fault)}")

    @property
    def metrics(self) -> dict[str, float]:
        """Those of the last epoch, if it has any."""
        return self.history[-1] if self.history else {}

    def report(self) -> dict[str, Any]:
        """What `--json` writes."""
        return {
            "sample": self.sample,
            "framework": self.framework,
            "device": self.device,
            "data": self.source,
            "seed": self.seed,
            "epochs": self.epochs,
            "losses": self.losses,
            "numbers": self.numbers,
            "metrics": known(self.metrics),
            "history": [known(metrics) for metrics in self.history],
            "seconds": self.seconds,
        }


def known(metrics: dict[str, float]) -> dict[str, float | None]:
    """Metrics as JSON has them: null for a measure that there was nothing to compute from, NaN."""
    return {name: None if math.isnan(value) else value for name, value in metrics.items()}
