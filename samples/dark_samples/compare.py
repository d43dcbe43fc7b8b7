"""Train both versions of a sample in step, and look for the first number in which they differ."""

from __future__ import annotations

import contextlib
import importlib
import math
import queue
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from dark.comparison.recording import as_array
from dark.comparison.table import largest_difference

from .catalogue import Sample, SampleError
from .run import Run


class Enough(Exception):
    """Ends a training run after the steps that are compared."""


class RecordedRun(Run):
    """A run that hands every step's tensors to the comparison and shows nothing itself."""

    def follow(self, train: Callable[[Run], None], steps: int | None) -> None:
        """Train in a thread, at most `steps`; a queue of one place keeps the two runs in step."""
        self.limit, self.done = steps, 0
        self.records: queue.Queue = queue.Queue(maxsize=1)
        self.tensors: dict[str, np.ndarray] = {}
        self.console.quiet = True
        self.thread = threading.Thread(target=self.work, args=(train,), daemon=True)

    def work(self, train) -> None:
        """Train; whatever ends it goes to the comparison, None where it is the end of the training."""
        from threadpoolctl import threadpool_limits

        try:
            with threadpool_limits(1):  # two pools of threads for the same cores would wait for each other
                train(self)
            self.records.put(None)
        except Enough:
            self.records.put(None)
        except BaseException as error:
            self.records.put(error)

    def recorded(self) -> Iterator[Record]:
        """What every step handed over. The training begins when the first is asked for."""
        self.thread.start()
        while (record := self.records.get()) is not None:
            if isinstance(record, SampleError):
                raise record
            if isinstance(record, BaseException):
                raise SampleError(f"the {self.framework} version failed: {record}") from record
            yield record

    def stop(self) -> None:
        """End the training after the step it is in."""
        self.limit = 0
        while self.thread.is_alive():
            with contextlib.suppress(queue.Empty):
                self.records.get(timeout=0.1)

    def keep(self, **objects) -> None:
        """Watch the outputs of all modules among `objects`."""
        self.kept = objects
        for prefix, model in self.models().items():
            for name, module in model.named_modules():
                if name:
                    module.register_forward_hook(self.note_output(prefix + name))

    def models(self) -> dict:
        """The modules that were kept, by what the names in them begin with; one alone needs no name."""
        models = {name: thing for name, thing in self.kept.items() if hasattr(thing, "named_modules")}
        alone = len(models) == 1
        return {"" if alone else f"{name}.": model for name, model in models.items()}

    def note_output(self, name: str):
        """A forward hook that notes a module's output, each time that it is computed in a step."""

        def hook(module, inputs, output):
            if module.training:
                key, times = f"output of {name}", 1
                while key in self.tensors:
                    times += 1
                    key = f"output {times} of {name}"
                self.tensors[key] = as_array(output)

        return hook

    def remaining_epochs(self) -> Iterator[int]:
        """Those of a real run: a schedule of the learning rate may know no more."""
        return iter(range(1, self.epochs + 1))

    def steps(self, loader) -> Iterator:
        """The batches, noted."""
        for batch in loader:
            parts = enumerate(batch if isinstance(batch, (list, tuple)) else [batch])
            self.tensors = {f"batch[{i}]": as_array(part) for i, part in parts}
            yield batch

    def log_step(self, loss: float, **numbers: float) -> None:
        """Hand over what was noted in this step, in the order in which it was computed."""
        parameters = [
            (prefix + name, parameter)
            for prefix, model in self.models().items() for name, parameter in model.named_parameters()
        ]  # fmt: skip
        self.tensors["loss"] = np.asarray(loss)
        for name, parameter in reversed(parameters):
            if parameter.grad is not None:
                self.tensors[f"gradient of {name}"] = as_array(parameter.grad)
        for name, parameter in parameters:
            self.tensors[f"{name} after the step"] = as_array(parameter)
        self.records.put(Record({"loss": loss, **numbers}, self.tensors))
        self.done += 1
        if self.limit is not None and self.done >= self.limit:
            raise Enough

    def mean(self, name: str) -> float:
        """No number: only steps are compared."""
        return math.nan

    def log_epoch(self, **metrics: float) -> None:
        """Nothing."""

    def show_frame(self, figure) -> None:
        """Nothing: nobody looks."""

    def finish(self, curve: bool = True, **figures) -> None:
        """Nothing, or an error where the training ended before the comparison did."""
        if self.limit is not None:
            raise SampleError(f"there are only {self.done} steps to compare; --whole compares them")


class Record(NamedTuple):
    """One step: the loss and the numbers that were logged with it, and all tensors that were noted."""

    numbers: dict[str, float]
    tensors: dict[str, np.ndarray]


def compare_sample(
    sample: Sample, steps: int | None, seed: int, data: Path | None, quick: bool, dtype: str,
    tolerance: float, own: dict[str, Any], device: str = "cpu",
) -> bool:  # fmt: skip
    """Print both losses of the steps and their difference; True where all numbers stay within `tolerance`.

    `steps` None compares the whole training; `own` are the sample's own options.
    """
    runs = []
    for framework in ("dark", "torch"):
        train = sample.script(framework, "train")
        run = RecordedRun(
            sample.number, framework, Path(), device=device, seed=seed, data=data, quick=quick
        )
        run.follow(partial(train, **own), steps)
        runs.append(run)
    with default_dtype(dtype), without_tf32(device):
        try:
            return same_steps(runs[0], runs[1], tolerance)
        finally:
            for run in runs:
                run.stop()


@contextlib.contextmanager
def default_dtype(name: str) -> Iterator[None]:
    """Both frameworks make tensors of this type from Python's numbers, for all threads."""
    frameworks = [importlib.import_module(framework) for framework in ("dark", "torch")]
    before = [framework.get_default_dtype() for framework in frameworks]
    try:
        for framework in frameworks:
            framework.set_default_dtype(getattr(framework, name))
        yield
    finally:
        for framework, dtype in zip(frameworks, before, strict=True):
            framework.set_default_dtype(dtype)


@contextlib.contextmanager
def without_tf32(device: str) -> Iterator[None]:
    """Both frameworks convolve float32 as it is, also on a card, which else rounds it to ten bits."""
    frameworks = [] if device == "cpu" else ["dark", "torch"]
    switches = [importlib.import_module(framework).backends.cudnn for framework in frameworks]
    before = [switch.allow_tf32 for switch in switches]
    try:
        for switch in switches:
            switch.allow_tf32 = False
        yield
    finally:
        for switch, allowed in zip(switches, before, strict=True):
            switch.allow_tf32 = allowed


SHOWN = 50  # the first 50 steps have a line each, and then every 50th


def same_steps(dark: RecordedRun, torch: RecordedRun, tolerance: float) -> bool:
    """Print lines for the steps, up to the first whose numbers differ, and where that difference began.

    A tensor alone may differ: where rounding puts a number on the other side of ReLU's kink, a gradient
    changes, and the loss hardly does.
    """
    worst: dict[str, float] = {}
    largest: dict[str, float] = {}
    beginning, step = "", 0
    # Dark's first step comes before PyTorch begins: data that are nowhere are drawn once.
    for ours, theirs in zip_longest(dark.recorded(), torch.recorded()):
        if ours is None or theirs is None:
            raise SampleError(f"after {step} steps only one version goes on")
        step += 1
        if step == 1:  # by now the data are found
            print(f"Data: {dark.source}")
            print(f"{'step':>5}  {'dark':>12}  {'torch':>12}  {'difference':>10}")
        differences = number_differences(ours.numbers, theirs.numbers, largest)
        for name, difference in differences.items():
            worst[name] = max(worst.get(name, 0.0), difference)
        differing = [name for name, difference in differences.items() if not difference <= tolerance]
        if step <= SHOWN or step % SHOWN == 0 or differing:
            a, b = ours.numbers["loss"], theirs.numbers["loss"]
            print(f"{step:5}  {a:12.7f}  {b:12.7f}  {differences['loss']:10.1e}")
        tensor, error = first_difference(ours.tensors, theirs.tensors, tolerance)
        if tensor is not None and not beginning:
            beginning = f"First, the {tensor} of step {step} differed: by {error:.1e} of its maximum."
        for name in differing[:1]:
            if name != "loss":
                print(f"The {name} of step {step} differs: {ours.numbers[name]} and {theirs.numbers[name]}.")
            print(beginning)
            return False
    others = [difference for name, difference in worst.items() if name != "loss"]
    ending = f", no other number by more than {max(others):.1e}" if others else ""
    print(f"Equal: in {step} steps no loss differs by more than {worst.get('loss', 0.0):.1e}{ending}.")
    return True


def number_differences(ours: dict, theirs: dict, largest: dict[str, float]) -> dict[str, float]:
    """The relative differences of the numbers of one step.

    Losses are measured by themselves; any other number may pass through zero, as a gradient does, and is
    measured by the largest that it has been so far, which `largest` keeps.
    """
    if ours.keys() != theirs.keys():
        raise SampleError(f"{', '.join(sorted(ours.keys() ^ theirs.keys()))}: logged by one version only")
    differences = {}
    for name, a in ours.items():
        b = theirs[name]
        largest[name] = abs(b) if name.endswith("loss") else max(abs(b), largest.get(name, 0.0))
        differences[name] = abs(a - b) / max(largest[name], 1e-12)
    return differences


def first_difference(ours: dict, theirs: dict, tolerance: float) -> tuple[str | None, float]:
    """The first tensor whose largest error, relative to its largest number, is above `tolerance`."""
    if ours.keys() != theirs.keys():
        return f"list of tensors ({', '.join(sorted(ours.keys() ^ theirs.keys()))} on one side only)", np.inf
    for name, a in ours.items():
        b = theirs[name]
        if a.shape != b.shape:
            return f"shape of the {name} ({a.shape} and {b.shape})", np.inf
        error, scale = largest_difference(a, b)
        error /= max(scale, 1e-12)
        if not error <= tolerance:
            return name, error
    return None, 0.0
