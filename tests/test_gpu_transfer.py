"""From main memory to a card and back: pinned memory, streams, loaders, files and pickles."""  # beyond

import copy
import io
import pickle
import sys
from collections import namedtuple

import numpy as np
import pytest

import dark
import standin
from dark.cuda import pinned
from dark.utils.data import DataLoader, TensorDataset, WeightedRandomSampler, random_split
from dark.utils.data.pinning import pinned as in_pinned_memory

cupy = sys.modules.get("cupy") or standin.install()

LAYOUTS = {
    "rows": np.arange(24.0, dtype="f").reshape(2, 3, 4),
    "columns": np.arange(24.0).reshape(4, 3, 2).transpose(2, 1, 0),
    "channels last": np.arange(120).reshape(2, 4, 5, 3).transpose(0, 3, 1, 2),
    "0-d": np.array(True),
    "one element": np.ones((1, 1, 1), np.uint8),
    "empty": np.zeros((0, 3), np.float16),
}


@pytest.mark.parametrize("array", LAYOUTS.values(), ids=LAYOUTS)
def test_pinned_memory_keeps_numbers_and_layout_on_the_way_to_the_card(array):
    x = dark.Tensor(array)
    assert not x.is_pinned()
    y = x.pin_memory()
    assert y.is_pinned()
    assert y.pin_memory() is y
    z = y.to("cuda", non_blocking=True)
    dark.cuda.synchronize()
    for copied in (y.array, z.array.get()):
        assert (copied.dtype, copied.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(copied, array)
    assert y.stride() == z.stride() == x.stride()
    x.array[...] = 0
    np.testing.assert_array_equal(z.array.get(), y.array)


def test_views_of_pinned_memory_are_pinned_and_others_are_not():
    x = dark.arange(24.0, device="cpu").reshape(2, 3, 4).pin_memory()
    for part in (x[1], x[:, 1:], x.permute(2, 0, 1), x.detach(), x[:, ::2]):
        assert part.is_pinned()
        assert dark.equal(part.to("cuda", non_blocking=True).cpu(), part)
    for other in (x.clone(), x + 1, x.to("cuda"), dark.Tensor(np.array(x.array))):
        assert not other.is_pinned()
    with pytest.raises(RuntimeError, match="only tensors on the CPU can be pinned, not one on cuda:0"):
        x.cuda().pin_memory()


def test_what_a_copy_uses_is_kept_until_it_has_arrived(monkeypatch):
    class Unfinished:
        done = False

    monkeypatch.setattr(pinned, "mark", Unfinished)
    monkeypatch.setattr(cupy.cuda.Stream, "record", lambda self, event=None: event)
    monkeypatch.setattr(cupy.cuda.Stream, "wait_event", lambda self, event: None)
    pinned.underway.clear()
    x = dark.ones(3, device="cpu").pin_memory()
    first, second = x.array, x.to("cuda", non_blocking=True)
    assert [np.shares_memory(entry[1], first) for entry in pinned.underway] == [True]
    assert pinned.underway[0][2] is not second.array, "the copies' queue must not own what is computed with"
    x.to("cuda", non_blocking=True)
    assert len(pinned.underway) == 2
    for event, *_ in pinned.underway:
        event.done = True
    x.to("cuda", non_blocking=True)
    assert len(pinned.underway) == 1
    pinned.underway.clear()


def test_many_copies_on_their_way_keep_their_numbers():
    """The memory of each is used again by later ones, while earlier results are still being computed."""
    sums = []
    for number in range(60):
        x = dark.full((8, 4096), float(number), device="cpu").pin_memory()
        y = x.to("cuda", non_blocking=True)
        del x
        for _ in range(5):
            y = y + 1
        sums.append(y.mean())
    assert [total.item() for total in sums] == [number + 5 for number in range(60)]


def test_the_computing_queue_waits_for_the_copy(monkeypatch):
    calls = []
    monkeypatch.setattr(cupy.cuda.Stream, "wait_event", lambda self, event: calls.append((self.ptr, event)))
    dark.ones(3, device="cpu").pin_memory().to("cuda", non_blocking=True)
    ((waiting, _),) = calls
    assert waiting == cupy.cuda.get_current_stream().ptr
    assert waiting != pinned.copies(0).ptr


def test_streams_and_events():
    stream, other = dark.cuda.Stream(), dark.cuda.Stream(device="cuda:0")
    assert stream != other
    assert stream == stream
    assert len({stream, other, stream}) == 2
    assert stream.device == dark.device("cuda:0")
    assert stream.cuda_stream != dark.cuda.default_stream().cuda_stream == 0
    before = dark.cuda.current_stream()
    with dark.cuda.stream(stream):
        assert dark.cuda.current_stream() == stream
        x = dark.ones(4, device="cuda") * 2
        event = stream.record_event()
        with dark.cuda.stream(None):
            assert dark.cuda.current_stream() == stream
    assert dark.cuda.current_stream() == before
    other.wait_event(event)
    dark.cuda.current_stream().wait_stream(stream)
    event.wait()
    assert x.sum().item() == 8
    for waited in (event, stream):
        waited.synchronize()
        assert waited.query()
    start, end = dark.cuda.Event(enable_timing=True), dark.cuda.Event(enable_timing=True, blocking=True)
    start.record()
    end.record(dark.cuda.current_stream())
    end.synchronize()
    assert start.elapsed_time(end) >= 0


Pair = namedtuple("Pair", "x y")


def test_all_tensors_of_a_batch_are_pinned_and_the_rest_stays():
    class Own:
        def pin_memory(self):
            return "pinned"

    x = dark.ones(2, device="cpu")
    batch = {"x": x, "more": [x, (x, "text", 3)], "pair": Pair(x, b"bytes"), "own": Own(), "none": None}
    result = in_pinned_memory(batch)
    assert list(result) == list(batch)
    assert isinstance(result["more"][1], tuple)
    assert isinstance(result["pair"], Pair)
    tensors = [result["x"], result["more"][0], result["more"][1][0], result["pair"].x]
    assert all(t.is_pinned() and dark.equal(t, x) for t in tensors)
    assert (result["more"][1][1:], result["pair"].y) == (("text", 3), b"bytes")
    assert (result["own"], result["none"]) == ("pinned", None)
    assert not batch["x"].is_pinned()


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_gives_the_same_batches_pinned(workers):
    data = TensorDataset(dark.arange(40.0, device="cpu").reshape(10, 4), dark.arange(10, device="cpu"))
    plain = DataLoader(data, 4, num_workers=workers)
    loader = DataLoader(data, 4, num_workers=workers, pin_memory=True, persistent_workers=workers > 0)
    for _ in range(2):
        assert len(iter(loader)) == 3
        for expected, batch in zip(plain, loader, strict=True):
            assert all(x.is_pinned() for x in batch)
            assert all(dark.equal(a, b) for a, b in zip(expected, batch))


def test_without_a_card_a_loader_warns_and_a_tensor_says_what_is_missing(monkeypatch):
    def missing():
        raise RuntimeError("cuda: there is no NVIDIA card in this computer")

    monkeypatch.setattr(pinned, "cupy", missing)
    monkeypatch.setattr(dark.cuda.cards, "cupy", missing)
    with pytest.warns(UserWarning, match="there is no card, so pin_memory=True changes nothing"):
        assert [batch.tolist() for batch in DataLoader([1, 2, 3], 2, pin_memory=True)] == [[1, 2], [3]]
    with pytest.raises(RuntimeError, match="there is no NVIDIA card"):
        dark.ones(3, device="cpu").pin_memory()


def test_loaders_draw_and_collate_on_the_cpu_whatever_the_default_device():
    def rounds():
        dark.manual_seed(3)
        loader = DataLoader([10, 20, 30, 40, 50], 2, shuffle=True)
        split = random_split(range(6), [4, 2], generator=dark.Generator().manual_seed(1))
        weighted = list(WeightedRandomSampler([1.0, 2.0, 3.0], 5))
        drawn = DataLoader(range(5), sampler=dark.utils.data.RandomSampler(range(5), replacement=True))
        return [b.tolist() for b in loader], split[0].indices, weighted, [b.tolist() for b in drawn]

    with dark.device("cpu"):
        expected = rounds()
    with dark.device("cuda"):
        assert rounds() == expected
        assert next(iter(DataLoader([1, 2]))).device.type == "cpu"
        assert len(random_split(range(6), [4, 2])[1]) == 2


# Files


def saved(obj):
    """What reads the file of an object, at different places."""
    file = io.BytesIO()
    dark.save(obj, file)
    return lambda *args, **options: dark.load(io.BytesIO(file.getvalue()), *args, **options)


def trained():
    """A network and its optimizer on the card, after a step."""
    model = dark.nn.Sequential(dark.nn.Linear(3, 4), dark.nn.BatchNorm1d(4)).cuda()
    optimizer = dark.optim.Adam(model.parameters(), lr=0.1)
    model(dark.rand(5, 3, device="cuda")).square().sum().backward()
    optimizer.step()
    return model, optimizer


def test_a_training_goes_on_from_a_file_on_either_device():
    model, optimizer = trained()
    load = saved({"model": model.state_dict(), "optimizer": optimizer.state_dict()})
    for place in ("cuda", "cpu"):
        for loaded in (load(map_location=place), load(), load(map_location="cpu")):
            other = dark.nn.Sequential(dark.nn.Linear(3, 4), dark.nn.BatchNorm1d(4)).to(place)
            again = dark.optim.Adam(other.parameters(), lr=0.1)
            other.load_state_dict(loaded["model"])
            again.load_state_dict(loaded["optimizer"])
            for ours, theirs in zip(model.state_dict().values(), other.state_dict().values(), strict=True):
                assert theirs.device.type == place
                assert dark.equal(ours.cpu(), theirs.cpu())
            x = dark.rand(5, 3, device=place)
            other(x).square().sum().backward()
            again.step()


PLACES = {
    "as saved": (None, ["cuda:0", "cpu", "cuda:0"]),
    "cpu": ("cpu", ["cpu", "cpu", "cpu"]),
    "device": (dark.device("cpu"), ["cpu", "cpu", "cpu"]),
    "cuda": ("cuda", ["cuda:0", "cuda:0", "cuda:0"]),
    "cuda:0": (dark.device("cuda:0"), ["cuda:0", "cuda:0", "cuda:0"]),
    "from one to another": ({"cuda:0": "cpu"}, ["cpu", "cpu", "cpu"]),
    "another": ({"cuda:5": "cpu", "cpu": dark.device("cuda")}, ["cuda:0", "cuda:0", "cuda:0"]),
    "by a function": (lambda tensor, place: tensor, ["cpu", "cpu", "cpu"]),
    "by a function or not": (
        lambda tensor, place: tensor.cuda() if place == "cpu" else None, ["cuda:0", "cuda:0", "cuda:0"]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("map_location", "places"), PLACES.values(), ids=PLACES)
def test_tensors_go_where_map_location_says(map_location, places):
    x = dark.arange(6.0, device="cuda").reshape(2, 3)
    weight = dark.nn.Parameter(dark.ones(2, device="cuda"))
    objects = [x, dark.zeros(2, device="cpu"), weight, x, x.detach(), x.t()]
    loaded = saved(objects)(map_location=map_location)
    assert [str(t.device) for t in loaded[:3]] == places
    assert all(dark.equal(ours.cpu(), theirs.cpu()) for ours, theirs in zip(objects, loaded))
    assert loaded[3] is loaded[0]
    assert loaded[4].array is loaded[0].array
    assert type(loaded[2]) is dark.nn.Parameter
    assert loaded[2].requires_grad


def test_a_file_of_a_missing_card_says_how_to_load_it():
    load = saved([dark.ones(3, device="cuda:0")])
    with pytest.raises(RuntimeError, match=r"was on cuda:0; load.*map_location='cpu'.*this computer has"):
        load(map_location={"cuda:0": "cuda:999"})
    with pytest.raises(RuntimeError, match="there is no device 'tpu'"):
        load(map_location="tpu")


def test_files_of_tensors_on_the_cpu_are_what_they_were():
    """Nothing about devices is in them, so that earlier programs read them."""
    for place, named in (("cpu", False), ("cuda", True)):
        file = io.BytesIO()
        dark.save({"x": dark.ones(2, device=place)}, file)
        assert (b"device" in file.getvalue()) is named


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {n}": lambda x, n=n: pickle.loads(pickle.dumps(x, n)) for n in (2, 5)},
}


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_a_copy_of_a_tensor_is_on_its_card_and_keeps_its_attributes(duplicate):
    x = dark.nn.Parameter(dark.arange(4.0, device="cuda"))
    x.name = "weight"
    y = duplicate(x)
    assert (type(y), y.name, y.device, y.requires_grad) == (type(x), "weight", x.device, True)
    assert dark.equal(x, y)
    if duplicate is not copy.copy:
        assert y.array is not x.array
