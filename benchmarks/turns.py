"""The same program on Dark and on PyTorch, measured in turns.

Each framework has a process of its own, which waits while the other one works: two pools of threads that
keep spinning in one process, or at the same time, would disturb each other. A turn is a number of
repetitions in a row, of which the first ones are not counted. A round is one turn of each. The result is the
ratio of the medians over all rounds.
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time

FRAMEWORKS = ("dark", "torch")
TURN = 1.0  # seconds, about
PAUSE = 0.1  # seconds between turns: threads of the last one stop spinning
TOLERATED = 0.1  # of a core: a round in which other programs use more than this is measured again
# Settings that hold a library to the instructions of older processors: here each chooses for itself.
HELD_BACK = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS")


def compare(script, cases):
    """Measure the cases {name: function}, print a table and write it as JSON where the command line says so.

    A function takes the framework and returns one that does the work once and returns {part: seconds}.
    """
    options = command_line(script)
    cases = {name: case for name, case in cases.items() if not options.only or options.only in name}
    if options.worker:
        serve(options.worker, cases[options.case], options.threads)
        return
    print(f"{'':58}{'dark':>10}{'torch':>10}{'ratio':>8}   ratios of rounds   peak memory   disturbed")
    results = []
    for name in cases:
        workers = [Worker(script, framework, name, options.threads) for framework in FRAMEWORKS]
        repeats = as_many_as_fit(workers)
        rounds, disturbed = measure(workers, options.rounds, repeats, options.patience)
        memory = [worker.close() for worker in workers]
        for part in rounds[0][0]:
            results.append({**summary(name, part, rounds, disturbed, memory), "repeats": repeats})
            print(line(results[-1]), flush=True)
    report = {
        "benchmark": os.path.basename(script),
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": machine(options.threads),
        "versions": versions(),
        "rounds": options.rounds,
        "results": results,
    }
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


def command_line(script):
    """The options; --worker and --case are for the processes that this program starts itself."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="turns of each framework (default 9)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each framework (default 2)")
    parser.add_argument("--only", metavar="TEXT", default="", help="only cases with this in their names")
    parser.add_argument("--patience", type=float, default=60, help="seconds to look for undisturbed rounds")
    parser.add_argument("--json", metavar="FILE", help="write the results there")
    parser.add_argument("--worker", choices=FRAMEWORKS, help=argparse.SUPPRESS)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    return parser.parse_args()


class Worker:
    """A process that has prepared one case on one framework and waits."""

    def __init__(self, script, framework, case, threads):
        self.framework = framework
        command = [sys.executable, script, "--worker", framework, "--case", case, "--threads", str(threads)]
        limits = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL")}
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
            raise SystemExit(f"the process of {self.framework} ended; its error stands above")
        return json.loads(answer)

    def close(self):
        """End the process; returns its peak memory in bytes, as a whole and above that of its imports."""
        memory = self.ask(-1)
        self.process.stdin.close()
        self.process.wait()
        return memory


def serve(framework, case, threads):
    """What a worker does: a line with a number asks for so many repetitions, -1 for the memory."""
    t = __import__(framework)
    if framework == "torch":
        t.set_num_threads(threads)
    imports = peak_memory()
    work = case(t)
    for request in sys.stdin:
        repeats = int(request)
        memory = {"peak": peak_memory(), "imports": imports}
        answer = memory if repeats < 0 else [work() for _ in range(repeats)]
        print(json.dumps(answer), flush=True)


def as_many_as_fit(workers):
    """How often a turn repeats the work: for about a second, but three times at least and 100 at most."""
    slowest = max(statistics.median(sum(s.values()) for s in worker.ask(5)) for worker in workers)
    return max(3, min(100, round(TURN / slowest)))


def measure(workers, rounds, repeats, patience):
    """[[{part: seconds} of dark, the same of torch]] of every round, and how many of them were disturbed."""
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


def peak_memory():
    """The most memory this process has had, in bytes; None where the system doesn't tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def summary(name, part, rounds, disturbed, memory):
    """The result of one part of a case."""
    seconds = [[turns[i][part] for turns in rounds] for i in range(len(FRAMEWORKS))]
    medians = [statistics.median(s) for s in seconds]
    ratios = [ours / theirs for ours, theirs in zip(*seconds)]
    return {
        "name": f"{name}, {part}" if part else name,
        "ratio": medians[0] / medians[1],
        "ratio_spread": [min(ratios), max(ratios)],
        **{
            framework: {"seconds": medians[i], "rounds": seconds[i], "memory": memory[i]}
            for i, framework in enumerate(FRAMEWORKS)
        },
        "disturbed_rounds": disturbed,
    }


def line(result):
    """A result as a line of the table."""
    ours, theirs = (result[framework]["seconds"] * 1e3 for framework in FRAMEWORKS)
    low, high = result["ratio_spread"]
    peaks = [result[framework]["memory"]["peak"] for framework in FRAMEWORKS]
    memory = "/".join(f"{peak / 1e6:.0f}" for peak in peaks) + " MB" if all(peaks) else ""
    times = f"{ours:7.2f} ms{theirs:7.2f} ms{result['ratio']:8.2f}"
    return f"{result['name']:58}{times}   {low:.2f} to {high:.2f}{memory:>17}{result['disturbed_rounds']:12}"


def machine(threads):
    """What the numbers were measured on."""
    model = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((x.split(":")[1].strip() for x in file if x.startswith("model name")), model)
    system = f"{platform.system()} {platform.machine()}"
    return {"cpu": model, "cores": os.cpu_count(), "threads": threads, "system": system}


def versions():
    """Python's and the packages' versions."""
    packages = ("dark", "numpy", "scipy", "numba", "torch")
    numbers = {name: importlib.metadata.version(name) for name in packages}
    return {"python": platform.python_version(), **numbers}
