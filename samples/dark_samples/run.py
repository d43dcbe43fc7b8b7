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

from .catalogue import SampleError
from .files import replace_file


@dataclass
class Run:
    """What a sample's `train(run)` is given: the user's choices, and where to report.

    `keep` names what a checkpoint holds, `steps` yields batches and shows progress, `log_step` and
    `log_epoch` collect the numbers, `finish` writes them.
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
    losses: list[float] = field(default_factory=list)  # of every step
    history: list[dict[str, float]] = field(default_factory=list)  # metrics of every epoch
    kept: dict[str, Any] = field(default_factory=dict)  # what has a `state_dict`, by its name in checkpoints
    begun: dict[str, Any] = field(default_factory=dict)  # the checkpoint that --resume goes on from
    source: str = ""  # which data are used
    seconds: float = 0.0  # spent in epochs, evaluation included

    def __post_init__(self) -> None:
        from rich.console import Console

        if not -(2**63) <= self.seed < 2**64:
            raise SampleError(f"--seed {self.seed}: a seed fits into 64 bits")
        try:
            importlib.import_module(self.framework).empty(0, device=self.device)
        except (RuntimeError, AssertionError) as error:  # a PyTorch without CUDA asserts that it has it
            raise SampleError(f"--device {self.device}: {first_line(error)}") from error
        # Brackets and colons in a path are no markup.
        self.console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        self.progress: Any = None  # while epochs run: rich's display, and the bar of this one in it
        self.task: Any = None

    # Settings

    def train_for(self, epochs: int) -> None:
        """Say how many epochs to train for where the user did not: one for a quick run, and after
        --resume as many as the run began with, since a schedule of the learning rate depends on them."""
        if self.resume:
            self.begun = self.load()
            epochs = self.begun["epochs"]
            if self.epochs not in (0, epochs):
                raise SampleError(f"--epochs {self.epochs}: the run to resume was begun for {epochs} epochs")
        elif self.quick:
            epochs = 1
        self.epochs = self.epochs or epochs

    def use(self, source: str) -> None:
        """Say, loudly, which data the run uses."""
        self.source = source
        self.console.print(f"Data: {source}", style="bold")

    def keep(self, **objects) -> None:
        """Put whatever has a `state_dict` into every checkpoint; with --resume, fill it from the last."""
        self.kept = objects
        if state := self.begun:
            for name, thing in objects.items():
                thing.load_state_dict(state[name])
            self.losses, self.history, self.seconds = state["losses"], state["history"], state["seconds"]
            importlib.import_module(self.framework).set_rng_state(state["random"])
            self.console.print(f"Resumed after epoch {len(self.history)} from {self.checkpoint}")

    # The loop

    def remaining_epochs(self) -> Iterator[int]:
        """The numbers of the epochs to train, with a progress bar around them."""
        self.output.mkdir(parents=True, exist_ok=True)  # a fault should show before an epoch of work
        if not os.access(self.output, os.W_OK):
            raise SampleError(f"--output {self.output}: nothing can be written into this folder")
        with self.bars():
            for epoch in range(len(self.history) + 1, self.epochs + 1):
                started = time.perf_counter()
                yield epoch
                self.seconds += time.perf_counter() - started
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
            "", total=len(loader), epoch=len(self.history) + 1, epochs=self.epochs, loss=""
        )
        self.task = bar
        for batch in loader:
            yield batch
            self.progress.update(bar, advance=1)
        self.progress.remove_task(bar)

    def log_step(self, loss: float) -> None:
        """Note the loss of a training step."""
        if not math.isfinite(loss):
            raise SampleError(
                f"the loss became {loss} at step {len(self.losses) + 1}; try a smaller learning rate"
            )
        self.losses.append(loss)
        if len(self.losses) % 10 == 0:
            self.progress.update(self.task, loss=f"loss {loss:.4f}")

    def log_epoch(self, **metrics: float) -> None:
        """Note and print the metrics of an epoch."""
        self.history.append(metrics)
        text = ", ".join(f"{title(name).lower()} {value:.4f}" for name, value in metrics.items())
        self.console.print(f"Epoch {len(self.history)}/{self.epochs}: {text}")

    # What stays

    @property
    def checkpoint(self) -> Path:
        """The file that `--resume` and `test` read."""
        return self.output / ("checkpoint.safetensors" if self.framework == "dark" else "checkpoint.pt")

    def save(self) -> None:
        """Write a checkpoint, whole or not at all."""
        framework = importlib.import_module(self.framework)
        state = {name: thing.state_dict() for name, thing in self.kept.items()}
        state |= {"losses": self.losses, "history": self.history}
        state |= {"seconds": self.seconds, "epochs": self.epochs}
        state |= {"random": framework.get_rng_state()}
        unfinished = self.checkpoint.with_suffix(".part")
        try:
            framework.save(state, unfinished)
            os.replace(unfinished, self.checkpoint)
        except (OSError, RuntimeError) as error:  # RuntimeError is PyTorch's where the disk is full
            reason = getattr(error, "strerror", None) or first_line(error)
            raise SampleError(f"{self.checkpoint} can't be written: {reason}") from error
        finally:
            unfinished.unlink(missing_ok=True)

    def load(self) -> dict[str, Any]:
        """The last checkpoint; SampleError where there is none, or where it is damaged."""
        if not self.checkpoint.is_file():
            raise SampleError(
                f"there is no checkpoint {self.checkpoint}; train first: dark run {self.sample}"
            )
        try:
            state = importlib.import_module(self.framework).load(self.checkpoint)
        except OSError:
            raise
        except Exception as error:  # PyTorch raises whatever a damaged file leads it to
            raise SampleError(f"{self.checkpoint} is damaged, or no checkpoint; train again") from error
        if not isinstance(state, dict) or not {"losses", "history", "epochs", "random"} <= state.keys():
            raise SampleError(f"{self.checkpoint} is no checkpoint of a sample; train again")
        return state

    def finish(self, **pictures) -> None:
        """Write the learning curve, the given figures and, with --json, the numbers; say where they lie."""
        from .pictures import learning_curve

        self.console.print(f"Trained for {self.seconds:.1f} s, evaluation included.")
        self.show(self.history[-1], **pictures, learning_curve=learning_curve(self.losses, self.history))
        self.console.print(f"Weights: {self.checkpoint}")
        if self.json is not None:
            replace_file(self.json, (json.dumps(self.report(), indent=1) + "\n").encode())
            self.console.print(f"Numbers: {self.json}")

    def show(self, metrics: dict[str, float], **figures) -> None:
        """Print metrics, write figures and say where they lie."""
        from .pictures import as_png

        for name, value in metrics.items():
            self.console.print(f"{title(name)}: {value:.2%}", style="bold")
        for name, figure in figures.items():
            path = self.output / f"{name}.png"
            replace_file(path, as_png(figure))
            self.console.print(f"{title(name)}: {path}")

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
            "metrics": self.history[-1],
            "history": self.history,
            "seconds": self.seconds,
        }


def title(name: str) -> str:
    """The name of a number or a picture, for people."""
    return name.replace("_", " ").capitalize()


def first_line(error: Exception) -> str:
    """What an error says, without the lines of advice that PyTorch adds."""
    return (str(error).splitlines() or [type(error).__name__])[0]
