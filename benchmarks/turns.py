"""The same program on Dark and on PyTorch, measured in turns.

Each entrant, a framework used in some way, has a process of its own, which waits while the others work: two
pools of threads that keep spinning in one process, or at the same time, would disturb each other. A turn is a
number of repetitions in a row, of which the first ones are not counted. A round is one turn of each. The
result is the ratio of the medians over all rounds.
"""

import argparse
import datetime
import importlib
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from contextlib import suppress

from places import ENTRANTS, PLACES, card, check_card, framework_of, processor

YARDSTICK = "torch"  # the others' times are divided by its time
TURN = 1.0  # seconds, about
PAUSE = 0.1  # seconds between turns: threads of the last one stop spinning
TOLERATED = 0.1  # of a core: a round in which other programs use more than this is measured again
# Settings that hold a library to the instructions of older processors: here each chooses for itself.
HELD_BACK = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS")


def compare(script, cases_for, devices=("cpu",), without=None):
    """Measure cases, print a table and write it as JSON where the command line says so.

    `cases_for(options)` returns them, {name: function}. A function takes the framework and the place, and
    returns one that does the work once, or the place's number of times, and returns {part: seconds}.
    `without(name, entrant)` says which entrants a case is not for.
    """
    options = command_line(devices)
    cases = {name: case for name, case in cases_for(options).items() if options.only in name}
    if options.worker:
        serve(options.worker, cases[options.case], options, sys.stdin)
        return
    entrants = options.entrants or ENTRANTS[options.device]
    if options.device == "cuda":
        check_card(entrants)
    print(header(entrants))
    results = []
    for name in cases:
        taking_part = [entrant for entrant in entrants if not (without and without(name, entrant))]
        for result in measured(script, name, taking_part, options):
            results.append(result)
            print(line(result, entrants), flush=True)
    report = {
        "benchmark": os.path.basename(script),
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": machine(options),
        "versions": versions(),
        "precision": options.precision or "as it comes",
        "rounds": options.rounds,
        "results": results,
    }
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


def command_line(devices):
    """The options; --worker and --case are for the processes that this program starts itself."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="turns of each entrant (default 9)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each entrant (default 2)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only cases with this in their names")
    parser.add_argument("--patience", type=float, default=60, help="seconds to look for undisturbed rounds")
    parser.add_argument("--json", metavar="FILE", help="write the results there")
    parser.add_argument("--device", choices=devices, default="cpu", help="where to compute (default cpu)")
    parser.add_argument("--precision", choices=("float32", "tf32"), help="of all products, on a card")
    parser.add_argument("--batch", type=int, help="the size of all batches, in place of each case's own")
    parser.add_argument("--entrants", metavar="A,B", type=listed, help="who takes part (default all)")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    return parser.parse_args()


def listed(text):
    """A list that commas separate."""
    return tuple(text.split(","))


def measured(script, name, entrants, options):
    """The results of a case, one for each of its parts."""

    def start():
        return [Worker(script, entrant, name, options) for entrant in entrants]

    memory = memory_of(start()) if options.device == "cuda" else None  # in processes of their own: see Card
    workers = start()
    repeats = as_many_as_fit(workers, PLACES[options.device].steps)
    rounds, disturbed = measure(workers, options.rounds, repeats, options.patience)
    memory = memory or memory_of(workers)
    for worker in workers:
        worker.end()
    results = [summary(name, part, entrants, rounds, memory) for part in rounds[0][0]]
    return [{**result, "disturbed_rounds": disturbed, "repeats": repeats} for result in results]


def memory_of(workers):
    """{entrant: the memory that its work needs}; ends the workers."""
    memory = {worker.entrant: worker.ask(-1) for worker in workers}
    for worker in workers:
        worker.end()
    return memory


class Worker:
    """A process that has prepared one case for one entrant and waits."""

    def __init__(self, script, entrant, case, options):
        self.entrant = entrant
        command = [sys.executable, script, "--worker", entrant, "--case", case]
        for name in ("threads", "device", "precision", "batch"):
            value = getattr(options, name)
            command += [] if value is None else [f"--{name}", str(value)]
        limits = {f"{name}_NUM_THREADS": str(options.threads) for name in ("OMP", "OPENBLAS", "MKL")}
        environment = {name: x for name, x in os.environ.items() if name not in HELD_BACK} | limits
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask(0)

    def ask(self, repeats):
        """Do the work `repeats` times: [{part: seconds}]."""
        print(repeats, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"the process of {self.entrant} ended; its error stands above")
        return json.loads(answer)

    def end(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def serve(entrant, case, options, requests):
    """What a worker does: a line with a number asks for so many repetitions, -1 for the memory."""
    name, _, way = entrant.partition(" ")
    t = importlib.import_module(name)
    if name == "torch":
        t.set_num_threads(options.threads)
    place = PLACES[options.device](t, way, options.precision)
    work = case(t, place)
    for request in requests:
        repeats = int(request)
        answer = place.memory(work) if repeats < 0 else [work() for _ in range(repeats)]
        print(json.dumps(answer), flush=True)


def as_many_as_fit(workers, steps):
    """How often a turn repeats the work: for about a second, but three times at least and 100 at most."""
    slowest = max(statistics.median(sum(s.values()) for s in worker.ask(5)) for worker in workers)
    return max(3, min(100, round(TURN / (slowest * steps))))


def measure(workers, rounds, repeats, patience):
    """[[{part: seconds} of each entrant]] of every round, and how many of them were disturbed."""
    kept, disturbed = [], []
    deadline = time.perf_counter() + patience
    while len(kept) < rounds and (time.perf_counter() < deadline or len(kept) + len(disturbed) < rounds):
        clock, busy = time.perf_counter(), others(workers)
        turns = []
        for worker in workers:
            warm = min(3, repeats // 3)
            seconds = worker.ask(repeats + warm)[warm:]
            turns.append({part: statistics.median(s[part] for s in seconds) for part in seconds[0]})
            time.sleep(PAUSE)
        load = (others(workers) - busy) / (time.perf_counter() - clock)
        (kept if load <= TOLERATED else disturbed).append(turns)
    missing = rounds - len(kept)  # on a machine that is hardly ever quiet
    return kept + disturbed[:missing], missing


def others(workers):
    """Seconds of processor time that other programs have used so far; 0 where the system doesn't tell."""
    try:
        with open("/proc/stat") as file:
            user, nice, system, _, _, irq, softirq, *_ = map(int, file.readline().split()[1:])
        ticks = user + nice + system + irq + softirq
        for pid in (os.getpid(), *(worker.process.pid for worker in workers)):
            with open(f"/proc/{pid}/stat") as file:
                ticks -= sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def summary(name, part, entrants, rounds, memory):
    """The result of one part of a case: the times, and the ratios of Dark's to the yardstick's."""
    result = {"name": f"{name}, {part}" if part else name}
    seconds = {entrant: [turns[i][part] for turns in rounds] for i, entrant in enumerate(entrants)}
    for entrant, times in seconds.items():
        result[entrant] = {"seconds": statistics.median(times), "rounds": times, "memory": memory[entrant]}
    for entrant in filter(is_compared, entrants if YARDSTICK in entrants else ()):
        ratios = [ours / theirs for ours, theirs in zip(seconds[entrant], seconds[YARDSTICK])]
        own = result if entrant == "dark" else result[entrant]
        own["ratio"] = result[entrant]["seconds"] / result[YARDSTICK]["seconds"]
        own["ratio_spread"] = [min(ratios), max(ratios)]
    return result


def is_compared(entrant):
    """Whether an entrant is held against the yardstick."""
    return framework_of(entrant) == "dark"


def header(entrants):
    """What stands above the columns of the table."""
    ratios = [f"{entrant} / {YARDSTICK} (of rounds)" for entrant in filter(is_compared, entrants)]
    columns = [f"{entrant:>20}" for entrant in entrants] + [f"{ratio:>34}" for ratio in ratios]
    return f"{'':54}" + "".join(columns) + f"{'peak memory':>22}{'disturbed':>11}"


def line(result, entrants):
    """A result as a line of the table."""
    there = [entrant for entrant in entrants if entrant in result]
    times = [f"{result[e]['seconds'] * 1e3:.3g} ms" if e in there else "" for e in entrants]
    ratios = []
    for entrant in filter(is_compared, entrants):
        own = result if entrant == "dark" else result.get(entrant, {})
        known = "ratio" in own
        ratios.append("{:.2f} ({:.2f} to {:.2f})".format(own["ratio"], *own["ratio_spread"]) if known else "")
    peaks = [result[entrant]["memory"]["peak"] for entrant in there]
    memory = "/".join(f"{peak / 1e6:.0f}" for peak in peaks) + " MB" if all(peaks) else ""
    columns = [f"{time:>20}" for time in times] + [f"{ratio:>34}" for ratio in ratios]
    return f"{result['name']:54}" + "".join(columns) + f"{memory:>22}{result['disturbed_rounds']:11}"


def machine(options):
    """What the numbers were measured on."""
    system = f"{platform.system()} {platform.machine()}"
    host = {"cpu": processor(), "cores": os.cpu_count(), "threads": options.threads, "system": system}
    return {**host, "card": card()} if options.device == "cuda" else host


def versions():
    """Python's and the packages' versions."""
    numbers = {"python": platform.python_version()}
    for name in ("dark", "numpy", "scipy", "numba", "torch"):
        with suppress(importlib.metadata.PackageNotFoundError):
            numbers[name] = importlib.metadata.version(name)
    return numbers
