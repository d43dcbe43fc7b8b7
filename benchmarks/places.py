"""Where the work of a benchmark is done, by whom and how, with the clock that fits."""

import importlib
import platform
import subprocess
import sys
import time

# Who takes part on each kind of device: a framework, and a way to use it.
ENTRANTS = {
    "cpu": ("dark", "torch"),
    "cuda": ("dark", "dark captured", "torch", "torch channels_last"),
}


def framework_of(entrant):
    """The name of an entrant's framework."""
    return entrant.split()[0]


class Processor:
    """The processor: its work is done when the call returns."""

    steps = 1  # between two looks at the clock

    def __init__(self, t, way="", precision=None):
        self.imports = peak_memory()

    def put(self, x):
        """A tensor or a network where the work is done."""
        return x

    def ready(self, step):
        """The step in the entrant's way."""
        return step

    def now(self):
        """The time, in seconds, when all work so far is done."""
        return time.perf_counter()

    def memory(self, work):
        """The most memory this process has had, in bytes, as a whole and by its imports alone."""
        return {"peak": peak_memory(), "imports": self.imports}


class Card(Processor):
    """A card: its work is in a queue when the call returns, and done at some time after.

    So the clock waits for it, but only once in several steps, as a training would not wait at all. The way
    "captured" records Dark's steps as CUDA graphs; "channels_last" lays PyTorch's pictures out as Dark's.
    """

    steps = 10

    def __init__(self, t, way="", precision=None, device="cuda"):
        self.t, self.way, self.device = t, way, device
        if precision:
            t.backends.cudnn.allow_tf32 = t.backends.cuda.matmul.allow_tf32 = precision == "tf32"

    def put(self, x):
        x = x.to(self.device)
        if self.way == "channels_last" and getattr(x, "ndim", 4) == 4:  # pictures, or a network
            x = x.to(memory_format=self.t.channels_last)
        return x

    def ready(self, step):
        return self.t.cuda.graphs.captured(step) if self.way == "captured" else step

    def now(self):
        self.t.cuda.synchronize()
        return time.perf_counter()

    def memory(self, work):
        """The most bytes on the card that arrays had while the work was done, and what was reserved for them.

        To be asked of a process that has done nothing else: CuPy counts on request only, and that takes time.
        """
        self.t.cuda.reset_peak_memory_stats()
        work()
        return {"peak": self.t.cuda.max_memory_allocated(), "reserved": self.t.cuda.memory_reserved()}


PLACES = {"cpu": Processor, "cuda": Card}


def check_card(entrants):
    """End the program, with a line that says why, where a framework finds no card."""
    for name in dict.fromkeys(map(framework_of, entrants)):
        framework = importlib.import_module(name)
        if not framework.cuda.is_available():
            raise SystemExit(f"nothing is measured: {name} finds no card. {reason(framework)}")


def reason(framework):
    """What a framework says to somebody who wants a card all the same."""
    try:
        framework.zeros(1, device="cuda")
    except (RuntimeError, AssertionError) as error:
        return str(error)
    return ""


def card():
    """The card that is measured, with its driver and the versions of CUDA."""
    import cupy

    properties = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.runtime.getDevice())
    torch = sys.modules.get("torch")
    return {
        "name": properties["name"].decode(),
        "capability": f"{properties['major']}.{properties['minor']}",
        "memory": properties["totalGlobalMem"],
        "driver": driver(),
        "cupy": cupy.__version__,
        "cuda": {"cupy": cupy.cuda.runtime.runtimeGetVersion(), "torch": torch and torch.version.cuda},
        "cudnn": torch and torch.backends.cudnn.version(),
    }


def driver():
    """The version of the card's driver."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


def processor():
    """The name of the processor."""
    try:
        with open("/proc/cpuinfo") as file:
            return next(x.split(":")[1].strip() for x in file if x.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def peak_memory():
    """The most memory this process has had, in bytes; None where the system doesn't tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
