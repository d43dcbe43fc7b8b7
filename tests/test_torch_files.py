"""PyTorch's files are read without running anything, and files for PyTorch are written."""  # beyond

import io
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dark
from against_torch import assert_same, needs_torch, torch
from dark import nn

DATA = Path(__file__).parent / "data"


def saved(obj, **options):
    """The bytes that torch.save writes."""
    buffer = io.BytesIO()
    torch.save(obj, buffer, **options)
    return buffer.getvalue()


def loaded(data, **options):
    return dark.load(io.BytesIO(data), **options)


def things():
    """What state_dicts and checkpoints are made of."""
    t = torch.arange(24.0).reshape(2, 3, 4)
    linear = torch.nn.Linear(2, 3)
    optimizer = torch.optim.Adam(linear.parameters())
    linear(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return {
        "types": [t.to(getattr(torch, n)) for n in ("float64", "float16", "int64", "int32", "int16", "int8")],
        "small": [torch.tensor([1, 255], dtype=torch.uint8), torch.tensor([True, False])],
        "views": [t[1], t[:, 1:, ::2], t.mT, t.expand(5, 2, 3, 4), t[0, 0, 0]],
        "empty": torch.zeros(0, 3),
        "state": linear.state_dict(),
        "parameter": linear.weight,
        "leaf": torch.ones(2, requires_grad=True),
        "optimizer": optimizer.state_dict(),
        "plain": (1, -(2**70), 2.5, float("inf"), "text ü", True, None, [], {}, (), OrderedDict(a=[1])),
        "size": t.shape,
        1: "a number as key",
        ("a", 2): "a tuple as key",
    }


def same(ours, theirs, path="obj"):
    """Equal, and of equal types."""
    if isinstance(theirs, torch.Tensor):
        assert_same(ours, theirs, rtol=0, atol=0, what=path)
        assert ours.requires_grad == theirs.requires_grad, path
        assert isinstance(ours, nn.Parameter) == isinstance(theirs, torch.nn.Parameter), path
    elif isinstance(theirs, dict):
        assert type(ours).__name__ == type(theirs).__name__, path
        assert list(ours) == list(theirs), path
        for key in theirs:
            same(ours[key], theirs[key], f"{path}[{key!r}]")
    elif isinstance(theirs, (list, tuple)):
        assert type(ours).__name__ == type(theirs).__name__, path
        assert len(ours) == len(theirs), path
        for i, (a, b) in enumerate(zip(ours, theirs)):
            same(a, b, f"{path}[{i}]")
    else:
        assert type(ours) is type(theirs), path
        assert ours == theirs, path


@needs_torch
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("new", [True, False], ids=["zip", "old"])
def test_what_torch_saves_is_read(new, protocol):
    obj = things()
    same(loaded(saved(obj, _use_new_zipfile_serialization=new, pickle_protocol=protocol)), obj)


@needs_torch
@pytest.mark.parametrize("new", [True, False], ids=["zip", "old"])
def test_tensors_that_share_memory_share_it_again(new):
    t = torch.arange(6.0)
    whole, part = loaded(saved([t, t[2:4]], _use_new_zipfile_serialization=new))
    with dark.no_grad():
        whole[2] = 9.0
    assert part.tolist() == ([9.0, 3.0] if whole.device.type == "cpu" else [2.0, 3.0])


@needs_torch
def test_bfloat16_becomes_float32():
    x = torch.tensor([1.5, -3e38, 0.0], dtype=torch.bfloat16)
    assert_same(loaded(saved(x)), x.float(), rtol=0, atol=0)


@pytest.mark.parametrize("name", ["torch_zip.pt", "torch_old.pt"])
def test_stored_files_are_read_without_pytorch(name):
    state = dark.load(DATA / name)
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    model.load_state_dict(state["model"])
    assert model[0].weight.flatten().tolist() == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    assert model[1].num_batches_tracked.dtype is dark.int64
    assert state["epoch"] == 3


def test_map_location_is_obeyed():
    places = []
    state = dark.load(DATA / "torch_zip.pt", lambda tensor, place: places.append(place) or tensor)
    assert set(places) == {"cpu"}
    assert state["model"]["0.weight"].device.type == "cpu"


def test_a_file_of_safetensors_may_begin_as_a_pickle_does(tmp_path):
    for length in range(400, 900):  # its header is then 640 bytes long, which are the bytes 80 02
        dark.save({"text": "x" * length}, tmp_path / "file")
        if (tmp_path / "file").read_bytes()[:2] == b"\x80\x02":
            break
    else:
        pytest.fail("no header had the length")
    assert dark.load(tmp_path / "file") == {"text": "x" * length}


class Evil:
    """A pickle of it calls what it is given."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def archive(data, name="archive/data.pkl", **records):
    """A zip archive with this pickle."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(name, data)
        for key, content in records.items():
            file.writestr(f"archive/{key}", content)
    return buffer.getvalue()


def old(data):
    """A file of the old kind with this pickle."""
    head = [0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": True}]
    return b"".join(pickle.dumps(x, 2) for x in head) + data + pickle.dumps([], 2)


MALICIOUS = {
    "posix.system|nt.system": pickle.dumps(Evil(os.system, "echo ran > ran"), 2),
    "builtins.eval|__builtin__.eval": pickle.dumps(Evil(eval, "open('ran', 'w')"), 2),
    "builtins.exec": pickle.dumps(Evil(exec, "open('ran', 'w')"), 4),
    "os.system": b"\x80\x02cos\nsystem\n(X\x04\x00\x00\x00ran tR.",
    "builtins.getattr": b"\x80\x02cbuiltins\ngetattr\n.",
    "torch.load": b"\x80\x02ctorch\nload\n.",
    "torch._utils.__class__": b"\x80\x02ctorch._utils\n__class__\n.",
    "the step INST": b"\x80\x02(X\x04\x00\x00\x00ran ios\nsystem\n.",
    "the step OBJ": b"\x80\x02(ccollections\nOrderedDict\no.",
    "the step NEWOBJ": b"\x80\x02ccollections\nOrderedDict\n)\x81.",
    "the step EXT1": b"\x80\x02\x82\x01.",
    "a call of str": b"\x80\x02X\x01\x00\x00\x00a)R.",
    "a call of OrderedDict": b"\x80\x02ccollections\nOrderedDict\n)R)R.",
}


@pytest.mark.parametrize("kind", [archive, old])
@pytest.mark.parametrize("what", MALICIOUS)
def test_a_malicious_pickle_is_refused_and_what_it_tried_is_named(what, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuntimeError, match=rf"refused: the file asks for ({what})"):
        loaded(kind(MALICIOUS[what]))
    assert os.listdir() == []


def test_attributes_that_a_pickle_sets_are_left_out():
    state = b"\x80\x02ccollections\nOrderedDict\n)R}X\x05\x00\x00\x00itemsK\x01sb."
    assert loaded(archive(state)) == OrderedDict()
    with pytest.raises(RuntimeError, match="damaged"):
        loaded(archive(b"\x80\x02ccollections\nOrderedDict\n}X\x05\x00\x00\x00itemsK\x01sb."))


@needs_torch
def test_a_whole_model_is_refused_with_advice():
    with pytest.raises(RuntimeError, match=r"torch\.nn\.modules\.linear\.Linear.*save\(model\.state_dict"):
        loaded(saved(torch.nn.Linear(2, 2)))


def tensor_pickle(length=4, offset=0, sizes=(4,), strides=(1,), kind="FloatStorage", key="0"):
    """A pickle of one tensor."""

    class Persistent(pickle.Pickler):
        def persistent_id(self, value):
            return value.identity if isinstance(value, Id) else None

    class Id:
        identity = ("storage", kind, key, "cpu", length)

    buffer = io.BytesIO()
    Persistent(buffer, 2).dump((Id(), offset, sizes, strides, False, OrderedDict()))
    arguments = buffer.getvalue()[2:-1]
    name = b"X" + struct.pack("<I", len(kind)) + kind.encode()
    arguments = arguments.replace(name, f"ctorch\n{kind}\n".encode())
    return b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"R."


NUMBERS = np.arange(4, dtype="<f4").tobytes()


def test_a_tensor_that_fits_is_read():
    assert loaded(archive(tensor_pickle(sizes=(2, 2), strides=(2, 1)), **{"data/0": NUMBERS})).tolist() == [
        [0, 1], [2, 3],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        {"length": 2**60}, {"length": -1}, {"length": 5}, {"sizes": (5,)}, {"offset": 1}, {"offset": -1},
        {"strides": (-1,)}, {"sizes": (-4,)}, {"sizes": (2, 2)}, {"sizes": (2**40, 2**40), "strides": (0, 0)},
        {"sizes": (1.5,)}, {"sizes": None}, {"key": "1"}, {"key": "../../x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_tensor_that_does_not_fit_its_storage_is_an_error(options):
    with pytest.raises(RuntimeError, match=r"load: .*damaged"):
        loaded(archive(tensor_pickle(**options), **{"data/0": NUMBERS}))


STORAGE = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n%bX\x03\x00\x00\x00cpuK\x04tQ"
DEEP = b"N" + b"\x85" * 200_000  # a tuple in a tuple in a tuple …
HOSTILE = {
    "deep key": b"\x80\x02}" + DEEP + b"K\x01s.",
    "deep item of a set": b"\x80\x04\x8f(" + DEEP + b"\x90.",
    "deep item of a called set": b"\x80\x02cbuiltins\nset\n](" + DEEP + b"e\x85R.",
    "deep item of a Counter": b"\x80\x02ccollections\nCounter\n](" + DEEP + b"e\x85R.",
    "deep key of an OrderedDict": b"\x80\x02ccollections\nOrderedDict\n](" + DEEP + b"K\x01\x86e\x85R.",
    "deep name of a storage": b"\x80\x02" + STORAGE % DEEP + b".",
    "doubled key": b"\x80\x02}N" + b"q\x00h\x00\x86" * 100 + b"K\x01s.",
    "integers with gradients": tensor_pickle(kind="LongStorage").replace(b"\x89", b"\x88", 1),
    "unknown device": b"\x80\x02ctorch\ndevice\nX\x03\x00\x00\x00foo\x85R.",
    "a parameter of nothing": b"\x80\x02ctorch._utils\n_rebuild_parameter\nN\x88]\x87R.",
    "more storages than file": b"\x80\x02](" + b"".join(STORAGE % (b"K%c" % i) for i in range(99)) + b"e.",
}


@pytest.mark.parametrize("kind", [archive, old])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_meant_to_harm_is_an_error(name, kind):
    with pytest.raises(RuntimeError, match=r"load: <BytesIO>: (the file is damaged|refused)"):
        loaded(kind(HOSTILE[name]))


def test_storages_are_together_no_longer_than_the_file():
    names = [b"X\x01\x00\x00\x00%c" % (65 + i) for i in range(50)]
    pickled = b"\x80\x02](" + b"".join(STORAGE.replace(b"K\x04", b"M\x00\x02") % n for n in names) + b"e."
    for kind in (archive, old):
        with pytest.raises(RuntimeError, match="does not fit into the file"):
            loaded(kind(pickled))


def test_an_old_file_without_the_numbers_of_a_tensor_is_an_error():
    with pytest.raises(RuntimeError, match="its storages are not those of its tensors"):
        loaded(old(tensor_pickle()))


def test_tensors_of_an_unknown_device_are_loaded_for_the_cpu():
    pickled = tensor_pickle().replace(b"X\x03\x00\x00\x00cpu", b"X\x03\x00\x00\x00mps")
    data = archive(pickled, **{"data/0": NUMBERS})
    assert loaded(data, map_location="cpu").tolist() == [0, 1, 2, 3]
    with pytest.raises(RuntimeError, match=r"load: a tensor of this file was on 'mps'; .*map_location='cpu'"):
        loaded(data)


def test_an_encrypted_archive_is_an_error():
    data = bytearray(archive(tensor_pickle(), **{"data/0": NUMBERS}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(RuntimeError, match=r"load: <BytesIO>: .*encrypted"):
        loaded(bytes(data))


def test_other_archives_are_errors():
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("archive/data.pkl", b"\x80\x02N." + b"\0" * 10_000_000)
    with pytest.raises(RuntimeError, match="compressed"):
        loaded(zipped.getvalue())
    with pytest.raises(RuntimeError, match=r"without data\.pkl"):
        loaded(archive(b"", "else"))
    with pytest.raises(RuntimeError, match="TorchScript"):
        loaded(archive(b"\x80\x02N.", **{"constants.pkl": b""}))
    with pytest.raises(RuntimeError, match="a pickle of something else"):
        loaded(b"".join(pickle.dumps(i, 2) for i in range(5)))


WHOLE = {name: (DATA / name).read_bytes() for name in ("torch_zip.pt", "torch_old.pt")}


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 10**6), st.binary(min_size=1), st.booleans())
def test_a_damaged_file_is_an_error_or_still_right(name, place, mutation, cut):
    data = WHOLE[name]
    place %= len(data)
    data = data[:place] if cut else data[:place] + mutation + data[place + len(mutation) :]
    problem = ""
    try:
        loaded(data)
    except RuntimeError as error:
        problem = str(error)
    assert problem.startswith("load: " if problem else "")


@needs_torch
def test_torch_reads_what_to_torch_writes(tmp_path):
    dark.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    optimizer = dark.optim.Adam(model.parameters())
    model(dark.ones(4, 2)).sum().backward()
    optimizer.step()
    x = dark.arange(6.0)
    obj = {
        "model": model.state_dict(), "optimizer": optimizer.state_dict(), "parameter": model[0].weight,
        "types": [x.to(t) for t in (dark.float64, dark.float16, dark.int64, dark.uint8, dark.bool)],
        "views": [x, x, x.reshape(2, 3).T, x[::2], x[2], dark.zeros(0, 3)],
        "leaf": dark.ones(2, requires_grad=True), "size": x.shape, "order": OrderedDict(a=1),
        "plain": (1, -(2**70), 2.5, "ü", True, None, [], {}, (), {(1, "a"): 2}),
    }  # fmt: skip
    dark.utils.to_torch(obj, tmp_path / "w.pt")
    theirs = torch.load(tmp_path / "w.pt", weights_only=True, map_location="cpu")
    same(obj, theirs)
    a, b = theirs["views"][:2]
    assert a.data_ptr() == b.data_ptr()
    same(dark.load(tmp_path / "w.pt"), theirs)
    torch_model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    torch_model.load_state_dict(theirs["model"])
    torch.optim.Adam(torch_model.parameters()).load_state_dict(theirs["optimizer"])


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "w.pt"
    dark.utils.to_torch({"a": dark.ones(2)}, path)
    before = path.read_bytes()
    with pytest.raises(TypeError, match=r"to_torch: obj\['b'\]\[1\]: can't write a <class 'object'>"):
        dark.utils.to_torch({"b": [1, object()]}, path)
    loop = []
    loop.append(loop)
    with pytest.raises(ValueError, match="contains itself"):
        dark.utils.to_torch(loop, path)
    assert path.read_bytes() == before
    dark.utils.to_torch({"a": dark.ones(2)}, os.fsencode(path))
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["w.pt"]


@needs_torch
def test_safetensors_reads_what_dark_saves(tmp_path):
    from safetensors.numpy import load_file
    from safetensors.torch import load_file as torch_load_file

    model = nn.Linear(2, 3)
    dark.save(model.state_dict(), tmp_path / "m.safetensors")
    for read in (load_file, torch_load_file):
        arrays = read(tmp_path / "m.safetensors")
        assert sorted(arrays) == ["bias", "weight"]
        np.testing.assert_array_equal(np.asarray(arrays["weight"]), model.weight.detach().cpu().numpy())
