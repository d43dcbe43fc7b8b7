"""CUDA graphs: work that is recorded once, and then started again as a whole.

A small operation takes a card less time than Python needs to ask for it, so the card waits for the program.
To record a graph, the program runs once while the card only notes what is asked of it; `replay()` then starts
hundreds of kernels by one call. They work on the same memory every time: new inputs are copied to where the
old ones were, results appear where the first ones did, and nothing that Python does is repeated.

`captured` does all this for the step of a training.
"""  # beyond

import traceback
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial, update_wrapper
from pathlib import Path
from typing import Any

from .. import devices
from ..devices import cupy
from ..optim.optimizer import before_step, params_of
from ..tensor import Tensor
from .memory import PrivatePool, empty_cache
from .settings import Settings, check_recordable
from .streams import Stream, current_stream
from .streams import stream as chosen


class CUDAGraph:
    """What a card was asked for in a block `with dark.cuda.graph(g):`, to be done by `g.replay()`."""

    def __init__(self) -> None:
        self._recorded: Any = None
        self._pool: PrivatePool | None = None  # the memory of what was made meanwhile

    def replay(self) -> None:
        """Start all that was recorded, on the current stream."""
        if self._recorded is None:
            raise RuntimeError("replay: nothing is recorded yet; use `with dark.cuda.graph(g):`")
        self._recorded.launch()

    def reset(self) -> None:
        """Forget what was recorded, and free its memory where no tensor is left in it."""
        self._recorded = self._pool = None


@contextmanager
def graph(cuda_graph: CUDAGraph, *, stream=None):
    """A block whose work on the card is not done, but recorded in `cuda_graph`.

    What is made in it has memory of its own, which lasts as long as the graph. Nothing in it may wait for the
    card, as `item()` and `if tensor:` do, or bring numbers from main memory. Do the same work a few times
    before, on the same stream: the first time compiles kernels and makes the optimizers' states.
    """
    library, pool = cupy(), PrivatePool()
    queue = (stream or Stream()).queue  # not the default one, which can't be recorded
    with queue:
        prepare_products()
    library.cuda.Device().synchronize()
    empty_cache()  # for this pool: it can't use what the others keep
    before_step.append(check_recordable)
    try:
        with queue, library.cuda.using_allocator(pool.allocate):
            queue.begin_capture()
            try:
                yield
            except BaseException as error:
                give_up(queue)
                if is_forbidden(error):
                    raise RuntimeError(explanation(error)) from error
                raise
            cuda_graph._recorded = queue.end_capture()
    finally:
        before_step.remove(check_recordable)
    cuda_graph._pool = pool


def prepare_products():
    """Load the products of matrices that only recordings use: work that was done before has not."""
    from ..kernels.gpu.recorded import prepare

    prepare()


def is_current_stream_capturing() -> bool:
    """Whether what the card is asked for is being recorded, not done."""
    return any(library.cuda.get_current_stream().is_capturing() for library in devices.usable)


def give_up(queue):
    """End a recording that has failed."""
    try:
        queue.end_capture()
    except cupy().cuda.runtime.CUDARuntimeError:
        pass  # it says once more that something was wrong


def is_forbidden(error):
    """Whether CUDA says that something can't be recorded, or CuPy, which knows before it asks."""
    if isinstance(error, cupy().cuda.runtime.CUDARuntimeError):
        return 900 <= error.status < 910  # cudaErrorStreamCaptureUnsupported and its kin
    return isinstance(error, RuntimeError) and "captur" in str(error)


def explanation(error):
    """What can't be recorded: the last of Dark's functions on the way to CUDA's error."""
    calls = [call for call in traceback.extract_tb(error.__traceback__) if call.filename != __file__]
    call = ([call for call in calls if is_telling(call)] or calls)[-1]
    place = f"{Path(call.filename).name}, line {call.lineno}"
    return (
        f"graph: {call.name.strip('_')} ({place}) waits for numbers, and there are none while a graph is "
        f"recorded; move it out of the block, to after replay() ({error})"
    )


def is_telling(call):
    """Whether a call is one of Dark's, and of a function that a user may know."""
    package, path = Path(__file__).parent.parent, Path(call.filename)
    return package in path.parents and path.name != "devices.py" and call.name.isidentifier()


def captured(step=None, *, warmup: int = 3):
    """A training step that becomes a CUDA graph: a function of the tensors that change from call to call.

        @captured
        def step(pictures, labels):
            optimizer.zero_grad()
            loss = loss_function(model(pictures), labels)
            loss.backward()
            optimizer.step()
            return loss

    The first `warmup` calls, two at least, are ordinary steps; the next one is recorded. From then on, a call
    copies its tensors to where the recorded step reads them, and replays it. Calls with other shapes than the
    first one's, such as that for the last batch of an epoch, and calls on the CPU stay ordinary steps.

    The learning rate and the momentum may change, as schedulers have it: the recorded step reads them on the
    card, where the optimizer counts its steps from now on (`capturable`). Whatever else is no tensor on the
    card, such as the way that an `if` went, stays as it was when the step was recorded.

    Returns what the step returns, without history: a tensor, or a tuple, list or dict of tensors.
    """
    return partial(Captured, warmup=warmup) if step is None else Captured(step, warmup)


class Captured:
    """What `captured` makes of a step."""

    def __init__(self, step, warmup):
        self.step = step
        self.missing = max(2, warmup)  # so many ordinary steps are still to be made before one is recorded
        self.kinds = None  # the shapes, types and places of the inputs
        self.optimizers = {}  # that the step uses, as keys
        self.settings = []  # of each of them
        self.graph = None
        update_wrapper(self, step)

    def __call__(self, *inputs):
        kinds = [(x.shape, x.dtype, x.device) for x in inputs]
        if self.kinds is None:
            self.kinds = kinds
        if any(x.device.type == "cpu" for x in inputs):
            return detached(self.step(*inputs))
        self.settings += [Settings(optimizer) for optimizer in list(self.optimizers)[len(self.settings) :]]
        for settings in self.settings:
            settings.follow()
        if kinds != self.kinds:
            return self.ordinary(*inputs)
        if self.missing:
            self.missing -= 1
            return self.ordinary(*inputs)
        if self.graph is None:
            self.record(*inputs)
        return self.replay(*inputs)

    @cached_property
    def stream(self):
        """Where ordinary steps are made, and one is recorded: each stream has free memory of its own."""
        return Stream()

    def ordinary(self, *inputs):
        """An ordinary step, in order with what the current stream does before and after."""
        current = current_stream()
        self.stream.wait_stream(current)
        with chosen(self.stream):
            result = self.run(*inputs)
        current.wait_stream(self.stream)
        return result

    def record(self, *inputs):
        """Record the step, on copies of the inputs."""
        self.inputs = [x.detach().clone() for x in inputs]
        recorded = CUDAGraph()
        with graph(recorded, stream=self.stream):
            self.result = self.run(*self.inputs)
        params = [param for optimizer in self.optimizers for param in params_of(optimizer.param_groups)]
        self.gradients = [(param, param.grad) for param in params]
        self.graph = recorded

    def replay(self, *inputs):
        """The recorded step, on new inputs."""
        for place, new in zip(self.inputs, inputs):
            place.array[...] = new.array
        self.graph.replay()
        for param, grad in self.gradients:  # an ordinary step may have put others there
            param.grad = grad
        return detached(self.result, copy=True)  # the next replay overwrites it

    def run(self, *inputs):
        """The step; its optimizers, but in its first call, read their numbers on the card."""
        before_step.append(self.notice)
        try:
            with ExitStack() as blocks:
                for settings in self.settings:
                    blocks.enter_context(settings.on_card())
                return detached(self.step(*inputs))
        finally:
            before_step.remove(self.notice)

    def notice(self, optimizer):
        """Remember an optimizer that the step uses."""
        if not self.missing and optimizer not in self.optimizers:
            name = type(optimizer).__name__
            raise RuntimeError(
                f"captured: the steps before the one that is recorded did not use {name}; a step has to do "
                "the same every time"
            )
        self.optimizers[optimizer] = True


def detached(result, copy=False):
    """The same tensors without history; with `copy`, in memory of their own."""
    if isinstance(result, Tensor):
        return result.detach().clone() if copy else result.detach()
    if isinstance(result, dict):
        return {name: detached(x, copy) for name, x in result.items()}
    return type(result)(detached(x, copy) for x in result) if isinstance(result, (tuple, list)) else result
