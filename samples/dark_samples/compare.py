"""Train both versions of a sample in step, and look for the first number in which they differ."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .catalogue import Sample, SampleError
from .run import Run


class Enough(Exception):
    """Ends a training run after the steps that are compared."""


class RecordedRun(Run):
    """A run that hands every step's tensors to the comparison and shows nothing itself."""

    def follow(self, steps: int) -> None:
        """Stop after `steps`; a queue of one place keeps the two runs in step."""
        self.limit, self.done = steps, 0
        self.records: queue.Queue = queue.Queue(maxsize=1)
        self.tensors: dict[str, np.ndarray] = {}
        self.console.quiet = True

    def keep(self, **objects) -> None:
        """Watch the outputs of all modules of the model among `objects`."""
        self.kept = objects
        for name, module in objects["model"].named_modules():
            if name:
                module.register_forward_hook(self.note_output(name))

    def note_output(self, name: str):
        """A forward hook that notes a module's output."""

        def hook(module, inputs, output):
            if module.training:
                self.tensors[f"output of {name}"] = as_array(output)

        return hook

    def remaining_epochs(self) -> Iterator[int]:
        """Those of a real run: a schedule of the learning rate may know no more."""
        return iter(range(self.epochs))

    def steps(self, loader) -> Iterator:
        """The batches, noted."""
        for batch in loader:
            self.tensors = {f"batch[{i}]": as_array(part) for i, part in enumerate(batch)}
            yield batch

    def log_step(self, loss: float) -> None:
        """Hand over what was noted in this step, in the order in which it was computed."""
        parameters = list(self.kept["model"].named_parameters())
        self.tensors["loss"] = np.asarray(loss)
        for name, parameter in reversed(parameters):
            if parameter.grad is not None:
                self.tensors[f"gradient of {name}"] = as_array(parameter.grad)
        for name, parameter in parameters:
            self.tensors[f"{name} after the step"] = as_array(parameter)
        self.records.put((loss, self.tensors))
        self.done += 1
        if self.done >= self.limit:
            raise Enough

    def stop(self, thread: threading.Thread) -> None:
        """End the run after the step it is in."""
        self.limit = 0
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                self.records.get(timeout=0.1)

    def log_epoch(self, **metrics: float) -> None:
        """Nothing: only steps are compared."""

    def finish(self, **pictures) -> None:
        """The training ended before the comparison did."""
        raise SampleError(f"there are only {self.done} steps to compare")


def as_array(tensor) -> np.ndarray:
    """A copy of a tensor of either framework: the optimizer changes parameters in place."""
    return np.array(tensor.detach().numpy())


def compare_sample(
    sample: Sample, steps: int, seed: int, data: Path | None, quick: bool, tolerance: float
) -> bool:
    """Print both losses of every step and their difference; True where all stay within `tolerance`."""
    runs, threads = [], []
    for framework in ("dark", "torch"):
        train = sample.script(framework, "train")
        run = RecordedRun(sample.number, framework, Path(), seed=seed, data=data, quick=quick)
        run.follow(steps)
        runs.append(run)
        threads.append(threading.Thread(target=work, args=(train, run), daemon=True))
    for thread in threads:
        thread.start()
    try:
        return same_steps(runs[0], runs[1], steps, tolerance)
    finally:
        for run, thread in zip(runs, threads, strict=True):
            run.stop(thread)


def same_steps(dark: RecordedRun, torch: RecordedRun, steps: int, tolerance: float) -> bool:
    """Print a line for every step, up to the first whose losses differ, and where that difference began.

    A tensor alone may differ: where rounding puts a number on the other side of ReLU's kink, a gradient
    changes, and the loss hardly does.
    """
    worst, beginning = 0.0, ""
    for step in range(1, steps + 1):
        ours, our_tensors = received(dark)
        theirs, their_tensors = received(torch)
        if step == 1:  # by now the data are found
            print(f"Data: {dark.source}")
            print(f"{'step':>5}  {'dark':>12}  {'torch':>12}  {'difference':>10}")
        difference = abs(ours - theirs) / max(abs(theirs), 1e-12)
        worst = max(worst, difference)
        print(f"{step:5}  {ours:12.7f}  {theirs:12.7f}  {difference:10.1e}")
        name, error = first_difference(our_tensors, their_tensors, tolerance)
        if name is not None and not beginning:
            beginning = f"First, the {name} of step {step} differed: by {error:.1e} of its maximum."
        if not difference <= tolerance:
            print(beginning)
            return False
    print(f"Equal: in {steps} steps no loss differs by more than {worst:.1e}.")
    return True


def work(train, run: RecordedRun) -> None:
    """Train in a thread; whatever ends it goes to the comparison."""
    try:
        train(run)
    except Enough:
        pass
    except BaseException as error:
        run.records.put(error)


def received(run: RecordedRun):
    """The next step of a run, or the error that ended it."""
    record = run.records.get()
    if isinstance(record, SampleError):
        raise record
    if isinstance(record, BaseException):
        raise SampleError(f"the {run.framework} version failed: {record}") from record
    return record


def first_difference(ours: dict, theirs: dict, tolerance: float) -> tuple[str | None, float]:
    """The first tensor whose largest error, relative to its largest number, is above `tolerance`."""
    if ours.keys() != theirs.keys():
        return f"list of tensors ({', '.join(sorted(ours.keys() ^ theirs.keys()))} on one side only)", np.inf
    for name, a in ours.items():
        b = theirs[name]
        if a.shape != b.shape:
            return f"shape of the {name} ({a.shape} and {b.shape})", np.inf
        if a.size:
            a, b = a.astype(np.float64), b.astype(np.float64)
            error = float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-12))
            if not error <= tolerance:
                return name, error
    return None, 0.0
