"""DataLoader: PyTorch's batches in its order, for any number of workers, nothing left behind."""  # dark-4

import gc
import itertools
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
import weakref

import numpy as np
import pytest

import dark
import dark.utils.data as ours
import worker_data as data
from against_torch import needs_torch, torch
from dark.utils.data import shared_memory

if torch is not None:
    import torch.utils.data as theirs

# PyTorch's own word on more workers than cores
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and fork are POSIX's")
METHODS = multiprocessing.get_all_start_methods()


def left_behind(pid=None):
    """Names of shared memory that this process, or another, has asked for and nobody has removed."""
    names = os.listdir("/dev/shm") if os.path.isdir("/dev/shm") else []
    return [name for name in names if name.startswith(f"dark_{pid or os.getpid():x}_")]


@pytest.fixture(autouse=True)
def nothing_is_left_behind():
    """After every test no worker is alive and no shared memory is left."""
    yield
    if multiprocessing.active_children():
        gc.collect()  # an error's traceback may still hold the iterator
    assert multiprocessing.active_children() == []
    assert left_behind() == []


def plain(batch):
    """A batch with lists for its tensors."""
    if isinstance(batch, dict):
        return {key: plain(part) for key, part in batch.items()}
    if isinstance(batch, (list, tuple)):
        return [plain(part) for part in batch]
    if hasattr(batch, "tolist"):
        return str(batch.dtype).split(".")[1], tuple(batch.shape), batch.tolist()
    return batch


LOADERS = {
    "one by one": lambda d, g: {},
    "batches": lambda d, g: {"batch_size": 5},
    "drop last": lambda d, g: {"batch_size": 5, "drop_last": True},
    "shuffled": lambda d, g: {"batch_size": 5, "shuffle": True},
    "shuffled, drop last": lambda d, g: {"batch_size": 5, "shuffle": True, "drop_last": True},
    "shuffled, no batches": lambda d, g: {"batch_size": None, "shuffle": True},
    "larger than the data set": lambda d, g: {"batch_size": 100, "shuffle": True},
    "sampler": lambda d, g: {"batch_size": 4, "sampler": [3, 1, 4, 1, 5]},
    "with replacement": lambda d, g: {"batch_size": 4, "sampler": d.RandomSampler(range(22), True, 40, g)},
    "subset sampler": lambda d, g: {"batch_size": 2, "sampler": d.SubsetRandomSampler([9, 8, 3, 2], g)},
    "weighted": lambda d, g: {  # beyond
        "batch_size": 4, "sampler": d.WeightedRandomSampler([1.0, 2.0], 9, True, g),
    },
    "batch sampler": lambda d, g: {"batch_sampler": [[1, 2], [3], [21, 0, 4]]},
    "random batches": lambda d, g: {"batch_sampler": d.BatchSampler(d.RandomSampler(range(22)), 4, True)},
}  # fmt: skip


def two_epochs(t, d, options, seeded, **more):
    """All batches of two epochs, and after every step what the generators would give next."""
    t.manual_seed(7)
    generator = t.Generator().manual_seed(3) if seeded else None
    loader = d.DataLoader(data.Numbers(22), generator=generator, **options(d, generator), **more)
    seen = [t.rand(1).tolist(), len(loader)]
    for _ in range(2):
        iterator = iter(loader)
        seen += [len(iterator), t.rand(1).tolist()]
        for i, batch in enumerate(iterator):
            seen.append(plain(batch))
            if i == 1:
                seen += [t.rand(1).tolist(), t.rand(1, generator=generator).tolist()]
        seen += [t.rand(1).tolist(), t.rand(1, generator=generator).tolist()]
    return seen


@needs_torch
@pytest.mark.parametrize("seeded", [False, True])
@pytest.mark.parametrize("name", LOADERS)
def test_batches_and_random_numbers_are_pytorchs(name, seeded):
    assert two_epochs(dark, ours, LOADERS[name], seeded) == two_epochs(torch, theirs, LOADERS[name], seeded)


@needs_torch
@pytest.mark.parametrize("seeded", [False, True])
@pytest.mark.parametrize(
    ("name", "persistent"), [("shuffled", False), ("shuffled, no batches", True), ("with replacement", False)]
)
def test_with_workers_they_are_pytorchs_too(name, seeded, persistent):
    options = {"num_workers": 2, "persistent_workers": persistent}
    mine = two_epochs(dark, ours, LOADERS[name], seeded, **options)
    assert mine == two_epochs(torch, theirs, LOADERS[name], seeded, **options)


@needs_torch
def test_random_numbers_in_workers_are_pytorchs():
    def numbers(t, d):
        t.manual_seed(11)
        dataset = data.Random(12, t)
        loader = d.DataLoader(dataset, 3, shuffle=True, num_workers=2, collate_fn=data.as_list)
        return [list(loader), list(loader)]

    assert numbers(dark, ours) == numbers(torch, theirs)


def batches(dataset, **options):
    """All batches of one epoch from seed 7, and the random number that follows."""
    dark.manual_seed(7)
    return [[plain(batch) for batch in ours.DataLoader(dataset, **options)], dark.rand(1).item()]


@pytest.mark.parametrize("workers", [1, 2, 3, 12])
def test_any_number_of_workers_gives_the_same_batches(workers):
    options = {"batch_size": 3, "shuffle": True}
    dataset = data.Rich(20)
    assert batches(dataset, **options, num_workers=workers) == batches(dataset, **options)


@pytest.mark.parametrize("prefetch", [1, 5])
def test_the_order_does_not_depend_on_how_long_a_batch_takes(prefetch):
    options = {"batch_size": 1, "num_workers": 2, "prefetch_factor": prefetch}
    assert batches(data.Slow(10), **options) == batches(data.Slow(10))


@pytest.mark.parametrize("method", METHODS)
def test_every_start_method_works(method):
    expected = batches(data.Rich(5), batch_size=2)
    assert batches(data.Rich(5), batch_size=2, num_workers=1, multiprocessing_context=method) == expected


def test_a_context_will_do_for_its_name():
    context = multiprocessing.get_context(METHODS[0])
    loader = ours.DataLoader(data.Numbers(3), num_workers=1, multiprocessing_context=context)
    assert loader.multiprocessing_context is context
    assert plain(list(loader)) == plain(list(ours.DataLoader(data.Numbers(3))))


def test_a_data_set_that_cannot_go_to_a_worker_says_why():
    loader = ours.DataLoader(
        data.Numbers(3), collate_fn=lambda batch: batch, num_workers=1, multiprocessing_context="spawn"
    )
    with pytest.raises((pickle.PicklingError, AttributeError)) as caught:
        iter(loader)
    assert "started by 'spawn', for which the data set, collate_fn" in caught.value.__notes__[-1]


@pytest.mark.parametrize("workers", [0, 2])
def test_two_iterators_at_once_do_not_disturb_each_other(workers):
    loader = ours.DataLoader(data.Numbers(6), batch_size=2, num_workers=workers)
    pairs = [(a.tolist(), b.tolist()) for a in loader for b in loader]
    assert len(pairs) == 9
    one, other = iter(loader), iter(loader)
    assert [next(it).tolist() for it in (one, other, other, one)] == [[0, 1], [0, 1], [2, 3], [2, 3]]
    assert iter(one) is one
    assert len(one) == 3


@pytest.mark.parametrize("workers", [0, 2])
def test_an_iterator_that_has_ended_stays_so(workers):
    iterator = iter(ours.DataLoader(data.Numbers(2), num_workers=workers))
    assert len(list(iterator)) == 2
    assert list(iterator) == []
    with pytest.raises(StopIteration):
        next(iterator)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_data_set_without_samples_has_no_batches(workers):
    loader = ours.DataLoader(data.Numbers(0), batch_size=2, num_workers=workers)
    assert list(loader) == []
    assert len(loader) == 0


# What workers hand over


def owner(array):
    """Whose memory an array lies in."""
    while isinstance(array, (np.ndarray, memoryview)):
        array = array.base if isinstance(array, np.ndarray) else array.obj
    return array


def test_arrays_are_not_copied_on_their_way_from_a_worker():
    loader = ours.DataLoader(data.Rich(4), batch_size=4, num_workers=1)
    (batch,) = loader
    for part in (batch["image"], batch["array"], batch["label"], batch["pair"][1][0]):
        assert isinstance(owner(part.numpy()), shared_memory.Mapped)
        assert part.numpy().flags.writeable
        assert part.numpy().flags.aligned


@posix_only
def test_arrays_stay_out_of_the_pickle_and_the_memory_goes_with_the_last():
    name = f"dark_{os.getpid():x}_test"
    big = {"x": dark.zeros(1000, 100), "more": [np.ones(5)]}
    block, parts = shared_memory.write(big, name)
    assert parts == 3
    lengths = np.frombuffer(bytes(block.buf[: 8 * parts]), np.int64)
    block.close()
    assert lengths.tolist()[1:] == [400_000, 40]
    assert lengths[0] < 1000, "the pickle holds no array"
    again = shared_memory.read(name, parts)
    assert left_behind() == [], "the name is free at once"
    mapped = weakref.ref(owner(again["x"].numpy()))
    row = again["x"].numpy()[999]
    del again
    row[:] = 7
    assert row.sum() == 700, "the memory is there as long as one array needs it"
    del row
    assert mapped() is None


def test_batches_outlive_their_loader():
    dark.manual_seed(0)
    kept = [batch for _ in range(2) for batch in ours.DataLoader(data.Rich(6), batch_size=2, num_workers=2)]
    gc.collect()
    assert [batch["label"].tolist() for batch in kept] == [[0, 1], [2, 3], [4, 5]] * 2
    kept[0]["image"].numpy()[:] = 9
    assert [batch["image"].numpy()[1, 0, 0].item() for batch in kept] == [9, 3, 5, 1, 3, 5]


@posix_only
def test_full_shared_memory_is_an_error_and_not_a_crash(monkeypatch):
    monkeypatch.setattr(shared_memory, "room", lambda: 1000)
    loader = ours.DataLoader(data.Rich(100), batch_size=100, num_workers=1, multiprocessing_context="fork")
    with pytest.raises(OSError, match=r"no shared memory left for a batch of [\d,]+ bytes"):
        list(loader)


def test_a_result_that_cannot_leave_its_process_is_an_error():
    loader = ours.DataLoader(data.Numbers(4), num_workers=1, collate_fn=data.unpicklable)
    with pytest.raises((AttributeError, pickle.PicklingError), match="pickle"):
        list(loader)


# Errors in samples


def notes(error):
    """The notes of an error as one text."""
    return "\n".join(error.__notes__)


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("how", ["value", "key", "strange", "stop_iteration"])
def test_an_error_names_the_sample_and_the_worker_and_keeps_its_type(how, workers):
    raiser = getattr(data, f"raise_{how}_error", None) or getattr(data, f"raise_{how}")
    expected = {"value": ValueError, "key": KeyError, "strange": RuntimeError if workers else data.Strange}
    loader = ours.DataLoader(data.Faulty(30, 17, raiser), batch_size=5, num_workers=workers)
    seen = []
    with pytest.raises(expected.get(how, RuntimeError)) as caught:
        seen.extend(batch.tolist() for batch in loader)
    assert seen == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11, 12, 13, 14]]
    where = notes(caught.value) if hasattr(caught.value, "__notes__") else str(caught.value)
    assert "DataLoader: sample 17" in where
    if workers:
        assert "DataLoader: in worker 1 (process " in where
        assert f"in raise_{how}" in where, "the worker's traceback"
    if how == "strange":
        assert "this and that" in str(caught.value)


@pytest.mark.parametrize("workers", [0, 2])
def test_after_an_error_the_next_batches_come(workers):
    dataset = data.Faulty(8, 2, data.raise_value_error)
    iterator = iter(ours.DataLoader(dataset, batch_size=2, num_workers=workers))
    assert next(iterator).tolist() == [0, 1]
    with pytest.raises(ValueError, match="no such picture"):
        next(iterator)
    assert [batch.tolist() for batch in iterator] == [[4, 5], [6, 7]]


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(
    ("dataset", "options", "note"),
    [
        (data.Together(9, 4, data.raise_value_error), {}, "DataLoader: among samples 3, 4, 5"),
        (data.Numbers(9), {"collate_fn": data.refuse}, "while collating samples 0, 1, 2"),
        (data.Numbers(9), {"collate_fn": data.refuse, "batch_size": None}, "while collating sample 0"),
        (data.Numbers(50), {"collate_fn": data.refuse, "batch_size": 50}, "7, 8, 9, ... (50 in all)"),
        (data.FaultyStream(), {}, "DataLoader: sample 2"),
        (data.FaultyStream(), {"batch_size": None}, "DataLoader: sample 2"),
        (data.Counting(9), {"collate_fn": data.refuse}, "while collating samples 0, 1, 2"),
    ],
)  # fmt: skip
def test_an_error_of_a_whole_batch_or_a_stream_names_its_samples(dataset, options, note, workers):
    with pytest.raises(ValueError, match=r"no such picture|can't be collated") as caught:
        list(ours.DataLoader(dataset, **{"batch_size": 3, **options}, num_workers=workers))
    assert note in notes(caught.value)


def test_an_error_at_a_workers_beginning_comes_with_every_batch():
    iterator = iter(ours.DataLoader(data.Numbers(3), num_workers=1, worker_init_fn=data.fail_to_begin))
    for _ in range(3):
        with pytest.raises(ValueError, match="can't begin"):
            next(iterator)
    assert list(iterator) == []


# Workers that die, hang, or are no longer wanted


@posix_only
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("persistent", [False, True])
def test_a_killed_worker_is_noticed(workers, persistent):
    options = {"batch_size": 2, "num_workers": workers, "persistent_workers": persistent}
    loader = ours.DataLoader(data.Faulty(20, 7, data.kill_itself), **options)
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"worker \d \(process \d+\) exited .*: killed by SIGKILL"):
        list(loader)
    with pytest.raises(RuntimeError, match="killed by SIGKILL"):
        list(loader)
    assert time.monotonic() - start < 5


def test_a_worker_that_exits_is_noticed():
    with pytest.raises(RuntimeError, match="exited unexpectedly: exit code 3"):
        list(ours.DataLoader(data.Faulty(20, 7, data.leave), num_workers=2))


@posix_only
def test_a_worker_killed_between_two_batches_is_noticed():
    iterator = iter(ours.DataLoader(data.Numbers(1000), num_workers=2, prefetch_factor=1))
    next(iterator)
    for child in multiprocessing.active_children():
        os.kill(child.pid, signal.SIGKILL)
        child.join()
    with pytest.raises(RuntimeError, match="exited unexpectedly"):
        list(iterator)


def test_a_batch_that_takes_longer_than_the_timeout_is_an_error(monkeypatch):
    monkeypatch.setattr("dark.utils.data.workers.PATIENCE", 0.2)
    loader = ours.DataLoader(data.Faulty(9, 5, data.sleep_long), batch_size=2, num_workers=2, timeout=0.5)
    seen = []
    with pytest.raises(RuntimeError, match=r"timed out: no batch within 0.5 seconds"):
        seen.extend(batch.tolist() for batch in loader)
    assert seen == [[0, 1], [2, 3]]


def test_an_abandoned_iterator_ends_its_workers():
    iterator = iter(ours.DataLoader(data.Rich(100), batch_size=2, num_workers=2))
    next(iterator)
    assert len(multiprocessing.active_children()) == 2
    del iterator
    assert multiprocessing.active_children() == []
    assert left_behind() == []


def test_leaving_the_loop_early_ends_the_workers():
    for _ in ours.DataLoader(data.Rich(100), batch_size=2, num_workers=2):
        break
    assert multiprocessing.active_children() == []


def test_a_worker_that_does_not_end_by_itself_is_ended(monkeypatch):
    monkeypatch.setattr("dark.utils.data.workers.PATIENCE", 0.2)
    iterator = iter(ours.DataLoader(data.Faulty(9, 2, data.sleep_long), num_workers=1))
    next(iterator)
    time.sleep(0.1)
    start = time.monotonic()
    del iterator
    assert time.monotonic() - start < 3


def started(program, **options):
    """A process that runs this program, with all warnings as errors."""
    start = "import os, sys, time\nimport worker_data as data\nfrom dark.utils.data import DataLoader\n"
    command = [sys.executable, "-W", "error", "-c", start + textwrap.dedent(program)]
    options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": os.path.dirname(__file__)}
    return subprocess.Popen(command, text=True, **options)


@posix_only
@pytest.mark.parametrize("method", METHODS)
def test_a_program_leaves_no_process_no_memory_and_no_warning(method):
    process = started(
        f"""
        if __name__ == "__main__":
            options = dict(batch_size=2, num_workers=1, multiprocessing_context={method!r})
            whole = list(DataLoader(data.Rich(8), **options))
            left = iter(DataLoader(data.Rich(100), persistent_workers=True, **options))
            batch = next(left)
            print(len(whole), batch["label"].tolist())
        """
    )
    output = process.communicate(timeout=30)
    assert (process.returncode, *output) == (0, "4 [0, 1]\n", "")
    assert left_behind(process.pid) == []


@pytest.mark.parametrize("size", [4, 100_000])
def test_a_program_that_spawns_at_its_start_is_told_how_to_begin(size, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys; sys.path.insert(0, {os.path.dirname(__file__)!r})\n"
        "import worker_data as data\n"
        "from dark.utils.data import DataLoader\n"
        f"list(DataLoader([*range({size})], batch_size=4, num_workers=1, multiprocessing_context='spawn'))\n"
    )
    result = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "; a program whose workers are spawned begins with if __name__" in result.stderr


@posix_only
def test_ctrl_c_ends_the_program_and_its_workers_without_a_word_of_theirs():
    process = started(
        """
        loader = DataLoader(data.Slow(10_000), batch_size=2, num_workers=2)
        try:
            for i, batch in enumerate(loader):
                if i == 1:
                    print("now", flush=True)
        except KeyboardInterrupt:
            print("interrupted")
        """,
        start_new_session=True,
    )
    assert process.stdout.readline() == "now\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to the program and its workers
    output = process.communicate(timeout=30)
    assert (process.returncode, *output) == (0, "interrupted\n", "")
    assert left_behind(process.pid) == []


@posix_only
def test_workers_of_a_killed_program_end():
    process = started(
        """
        import multiprocessing
        loader = DataLoader(data.Slow(10_000), batch_size=2, num_workers=3)
        for i, batch in enumerate(loader):
            if i == 1:
                print(*(child.pid for child in multiprocessing.active_children()), flush=True)
                time.sleep(60)
        """
    )
    pids = [int(pid) for pid in process.stdout.readline().split()]
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    # Python's resource tracker frees the memory that nobody else can
    while (any(map(is_running, pids)) or left_behind(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in pids if is_running(pid)] == left_behind(process.pid) == []


def is_running(pid):
    """Whether there is such a process, and it is no zombie that nobody has asked after."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not os.path.isdir("/proc/self")


# Persistent workers, streams, and the rest of the options


def test_persistent_workers_are_the_same_processes_in_every_epoch():
    loader = ours.DataLoader(data.Processes(4), num_workers=2, persistent_workers=True)
    epochs = [[batch.item() for batch in loader] for _ in range(3)]
    assert epochs[0] == epochs[1] == epochs[2]
    assert len(set(epochs[0])) == 2
    del loader
    gc.collect()
    assert multiprocessing.active_children() == []


def test_persistent_workers_begin_a_new_epoch_in_the_middle_of_one():
    loader = ours.DataLoader(data.Rich(20), batch_size=2, num_workers=2, persistent_workers=True)
    next(iter(loader))
    labels = [batch["label"].tolist() for batch in loader]
    assert labels == [[i, i + 1] for i in range(0, 20, 2)]
    stream = ours.DataLoader(data.Counting(7), batch_size=2, num_workers=2, persistent_workers=True)
    next(iter(stream))
    assert [batch.tolist() for batch in stream] == [[0, 2], [1, 3], [4, 6], [5]]
    assert [batch.tolist() for batch in stream] == [[0, 2], [1, 3], [4, 6], [5]]


def test_after_a_worker_has_died_the_next_epoch_has_new_ones():
    loader = ours.DataLoader(data.Faulty(4, 2, data.leave), num_workers=1, persistent_workers=True)
    for _ in range(2):
        iterator = iter(loader)
        assert [next(iterator).item(), next(iterator).item()] == [0, 1]
        with pytest.raises(RuntimeError, match="exit code 3"):
            next(iterator)


@posix_only
def test_workers_that_died_between_two_epochs_are_noticed_and_replaced():
    loader = ours.DataLoader(data.Numbers(4), num_workers=2, persistent_workers=True)
    next(iter(loader))
    for child in multiprocessing.active_children():
        os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match="killed by SIGKILL"):
        list(loader)
    assert [batch.item() for batch in loader] == [0, 1, 2, 3]


STREAMS = [
    {"batch_size": 3},
    {"batch_size": 3, "drop_last": True},
    {"batch_size": None},
    {"batch_size": 100},
    {"batch_size": 3, "num_workers": 2, "drop_last": True},
    {"batch_size": None, "num_workers": 3},
    {"batch_size": 2, "num_workers": 3, "prefetch_factor": 4},
    {"batch_size": 20, "num_workers": 3},
]


@needs_torch
@pytest.mark.parametrize("options", STREAMS, ids=str)
def test_streams_are_read_as_pytorch_does(options):
    class Theirs(data.Counting, theirs.IterableDataset):
        pass

    mine = ours.DataLoader(data.Counting(17, extra=9), **options)
    other = theirs.DataLoader(Theirs(17, info=theirs.get_worker_info, extra=9), **options)
    assert [plain(list(mine)), len(mine)] == [plain(list(other)), len(other)]
    assert plain(list(mine)) == plain(list(mine))


def test_a_worker_knows_which_it_is():
    assert ours.get_worker_info() is None
    stream = ours.DataLoader(data.Counting(0), batch_size=None, num_workers=2, worker_init_fn=data.announce)
    assert len(list(stream)) == len(range(0, 102, 2)) + len(range(1, 112, 2))
    assert ours.get_worker_info() is None


def test_without_in_order_all_batches_come():
    loader = ours.DataLoader(data.Slow(12), batch_size=1, num_workers=2, in_order=False)
    assert sorted(batch.item() for batch in loader) == list(range(12))
    stream = ours.DataLoader(data.Counting(12, extra=3), batch_size=None, num_workers=2, in_order=False)
    assert sorted(stream) == [*range(12), 1000, 1001, 1002]


@posix_only
def test_without_in_order_a_quick_batch_overtakes_a_slow_one():
    loader = ours.DataLoader(data.Faulty(9, 0, lambda: time.sleep(0.5)), num_workers=2, in_order=False)
    order = [batch.item() for batch in loader]
    assert sorted(order) == list(range(9))
    assert order[0] != 0


class Recording(data.Numbers):
    """Notes which samples were read."""

    def __init__(self, n):
        super().__init__(n)
        self.read = []

    def __getitem__(self, index):
        self.read.append(index)
        return index


def test_every_sample_is_read_once_and_not_before_it_is_needed():
    dataset = Recording(10)
    iterator = iter(ours.DataLoader(dataset, batch_size=3))
    assert dataset.read == []
    next(iterator)
    assert dataset.read == [0, 1, 2]
    list(iterator)
    assert dataset.read == list(range(10))


def test_no_more_batches_are_ordered_than_are_to_be_ahead():
    given = []

    def indices():
        for i in range(100):
            given.append(i)
            yield i

    class Sampler:
        def __iter__(self):
            return indices()

    iterator = iter(ours.DataLoader(data.Numbers(100), sampler=Sampler(), num_workers=2, prefetch_factor=3))
    assert len(given) == 6
    next(iterator)
    assert len(given) == 7


def test_samples_are_read_together_where_the_data_set_can():
    class Dataset(Recording):
        def __getitems__(self, indices):
            self.read.append(indices)
            return [index * 10 for index in indices]

    dataset = Dataset(5)
    assert [batch.tolist() for batch in ours.DataLoader(dataset, batch_size=3)] == [[0, 10, 20], [30, 40]]
    assert dataset.read == [[0, 1, 2], [3, 4]]
    dataset.__getitems__ = None
    assert [batch.tolist() for batch in ours.DataLoader(dataset, batch_size=3)] == [[0, 1, 2], [3, 4]]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("done", [0, 1, 4])
def test_a_run_goes_on_in_the_middle_of_an_epoch_as_if_it_had_never_stopped(done, workers):
    def loader(generator):
        options = {"batch_size": 3, "shuffle": True, "num_workers": workers, "generator": generator}
        return ours.DataLoader(data.Random(14, dark), collate_fn=data.as_list, **options)

    generator = dark.Generator().manual_seed(1)
    dark.manual_seed(2)
    list(loader(generator))
    state, numbers = generator.get_state(), dark.get_rng_state()
    whole = [list(loader(generator)), list(loader(generator))]

    other = dark.Generator()
    other.set_state(state)
    dark.set_rng_state(numbers)
    again = [list(itertools.islice(loader(other), done, None)), list(loader(other))]
    expected = [whole[0][done:], whole[1]]
    if not workers:  # NumPy's and Python's own generators were not set back
        again, expected = ([[s[:2] for b in epoch for s in b] for epoch in e] for e in (again, expected))
    assert again == expected


REFUSED = {
    "negative num_workers": lambda d: {"num_workers": -1},
    "negative timeout": lambda d: {"timeout": -1},
    "prefetch without workers": lambda d: {"prefetch_factor": 2},
    "negative prefetch": lambda d: {"num_workers": 1, "prefetch_factor": -1},
    "persistent without workers": lambda d: {"persistent_workers": True},
    "context without workers": lambda d: {"multiprocessing_context": "spawn"},
    "unknown context": lambda d: {"num_workers": 1, "multiprocessing_context": "telepathy"},
    "no context": lambda d: {"num_workers": 1, "multiprocessing_context": 5},
    "sampler and shuffle": lambda d: {"sampler": [1], "shuffle": True},
    "batch_sampler and batch_size": lambda d: {"batch_sampler": [[1]], "batch_size": 2},
    "batch_sampler and shuffle": lambda d: {"batch_sampler": [[1]], "shuffle": True},
    "batch_sampler and sampler": lambda d: {"batch_sampler": [[1]], "sampler": [1]},
    "batch_sampler and drop_last": lambda d: {"batch_sampler": [[1]], "drop_last": True},
    "drop_last without batches": lambda d: {"batch_size": None, "drop_last": True},
    "batch_size 0": lambda d: {"batch_size": 0},
    "batch_size 2.5": lambda d: {"batch_size": 2.5},
    "shuffle nothing": lambda d: {"dataset": [], "shuffle": True},
    "shuffle a stream": lambda d: {"dataset": d.ChainDataset([]), "shuffle": True},
    "sample a stream": lambda d: {"dataset": d.ChainDataset([]), "sampler": [1]},
    "batches of a stream": lambda d: {"dataset": d.ChainDataset([]), "batch_sampler": [[1]]},
}


@needs_torch
@pytest.mark.parametrize("name", REFUSED)
def test_options_that_make_no_sense_are_refused_as_by_pytorch(name):
    kinds = []
    for library in (ours, theirs):
        with pytest.raises(Exception, match=r".") as caught:
            library.DataLoader(**{"dataset": data.Numbers(3), **REFUSED[name](library)})
        kinds.append(caught.type)
    assert kinds[0] is kinds[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timeout": 3}, "timeout, prefetch_factor and persistent_workers need num_workers > 0"),
        ({"num_workers": 1, "prefetch_factor": 0}, "prefetch_factor is a number of batches, not 0"),
        ({"num_workers": 1.5}, "num_workers is 0 or the number of processes, not 1.5"),
    ],
    ids=str,
)
def test_options_that_pytorch_finds_wrong_later_are_refused_at_once(options, message):
    with pytest.raises(ValueError, match=message):
        ours.DataLoader(data.Numbers(3), **options)


@pytest.mark.parametrize("name", ["dataset", "batch_size", "sampler", "batch_sampler", "drop_last"])
def test_what_the_order_depends_on_cannot_be_changed_afterwards(name):
    loader = ours.DataLoader(data.Numbers(3))
    before = getattr(loader, name)
    with pytest.raises(ValueError, match=f"{name} can't be changed"):
        setattr(loader, name, None)
    assert getattr(loader, name) is before
    loader.collate_fn = data.as_list
    assert list(loader) == [[0], [1], [2]]


ATTRIBUTES = [
    "batch_size", "num_workers", "pin_memory", "drop_last", "timeout", "prefetch_factor", "worker_init_fn",
    "persistent_workers", "in_order", "multiprocessing_context", "generator",
]  # fmt: skip


@pytest.mark.parametrize("workers", [0, 1])
def test_pinned_memory_without_a_card_is_a_warning(monkeypatch, workers):
    monkeypatch.setattr(dark.cuda, "is_available", lambda: False)
    loader = ours.DataLoader(data.Numbers(3), 2, pin_memory=True, num_workers=workers)
    with pytest.warns(UserWarning, match="there is no card, so pin_memory=True changes nothing"):
        batches = list(loader)
    assert [len(batch) for batch in batches] == [2, 1]


@needs_torch
@pytest.mark.parametrize("options", [{}, {"num_workers": 1}, {"batch_size": None}, {"batch_sampler": [[1]]}])
def test_attributes_are_pytorchs(options):
    mine, other = (library.DataLoader(data.Numbers(3), **options) for library in (ours, theirs))
    assert [getattr(mine, name) for name in ATTRIBUTES] == [getattr(other, name) for name in ATTRIBUTES]
    for name in ("sampler", "batch_sampler"):
        assert type(getattr(mine, name)).__name__ == type(getattr(other, name)).__name__
    assert mine.collate_fn.__name__ == other.collate_fn.__name__
