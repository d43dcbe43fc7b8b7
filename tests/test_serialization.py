"""Saved files: what comes back is what went in; failing saves harm nothing; bad files are named."""  # dark-3

import copy
import errno
import io
import json
import math
import os
import pickle
import random
import signal
import subprocess
import sys
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest
import safetensors.numpy

import dark
from against_torch import needs_torch, random_array, torch
from dark.nn.parameter import Parameter

DTYPES = ["float16", "float32", "float64", "uint8", "int8", "int16", "int32", "int64", "bool"]


def through_a_file(obj, path):
    """What is loaded after `obj` was saved."""
    dark.save(obj, path)
    return dark.load(path)


def assert_equal(a, b):
    """Equal types, shapes and values, all the way down; NaN equals NaN."""
    assert type(a) is type(b)
    if isinstance(a, dict):
        assert list(a) == list(b)
        assert [type(key) for key in a] == [type(key) for key in b]
        for key in a:
            assert_equal(a[key], b[key])
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b)
        for x, y in zip(a, b):
            assert_equal(x, y)
    elif isinstance(a, dark.Tensor):
        assert a.requires_grad == b.requires_grad
        assert_equal(a.detach().numpy(), b.detach().numpy())
    elif isinstance(a, (np.ndarray, np.generic)):
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        assert a.tobytes() == b.tobytes()
    else:
        assert a == b or (a != a and b != b)
        assert type(a) is not float or str(a) == str(b)  # 0.0 and -0.0 differ too


OBJECTS = {
    **{f"tensor {t}": dark.tensor(random_array((2, 3), t)) for t in DTYPES},
    **{f"array {t}": random_array((2, 3), t) for t in DTYPES},
    **{f"numpy scalar {t}": random_array((), t)[()] for t in DTYPES},
    **{f"array {t}": np.arange(3).astype(t) for t in ("uint16", "uint32", "uint64", "complex64")},
    "0-d": dark.tensor(2.5),
    "empty": dark.tensor(np.zeros((0, 3), "float32")),
    "empty int": dark.tensor(np.zeros((2, 0), "int64")),
    "not contiguous": dark.tensor(random_array((4, 5)).T[::2]),
    "stretched": dark.tensor([1.0, 2.0]).broadcast_to((3, 2)),
    "not finite": dark.tensor([math.nan, math.inf, -math.inf, -0.0]),
    "requires grad": dark.tensor([1.0, 2.0], requires_grad=True),
    "parameter": Parameter(dark.tensor([1.0, 2.0])),
    "frozen parameter": Parameter(dark.tensor([1.0, 2.0]), requires_grad=False),
    "numbers": [0, -1, 2**53 + 1, -(2**64), 3**500, 0.1, -0.0, 1e-320, math.nan, math.inf, -math.inf],
    "a number of 10,000 digits": 7**11800,
    "plain values": [None, True, False, "", "text", "naïve ✓ \n \" \\ \0", "\ud800"],
    "empty containers": [[], (), {}, OrderedDict(), [[]], ({},)],
    "a dict with all kinds of keys": {1: "a", "1": "b", 2.5: "c", (1, "x"): "d", None: "e", False: "f"},
    "dict order": {"z": 1, "a": 2, "m": 3},
    "ordered dict": OrderedDict(b=1, a=dark.tensor([1.0])),
    "tuples in lists": [(1, (2, [3, (4,)])), [(), [()]]],
    "dtypes and devices": [dark.float32, dark.bool, dark.device("cpu"), dark.Size([2, 3])],
    "names that meet": {"a.b": dark.tensor(1), "a": {"b": dark.tensor(2)}, "a.b#2": dark.tensor(3)},
    "names that are the format's": {"__metadata__": dark.tensor(1), "dark": dark.tensor(2)},
    "names that are strange": {"": dark.tensor(1), "é \" /": {"\ud800": dark.tensor(2)}, 7: dark.tensor(3)},
    "kinds as keys": {"tensor": "x", "dict": {"tuple": [1]}},
    "a training run": {
        "model": {"0.weight": dark.tensor(random_array((4, 3))), "0.bias": dark.tensor(random_array((4,)))},
        "optimizer": {
            "state": {0: {"step": dark.tensor(3.0), "exp_avg": dark.tensor(random_array((4, 3)))}, 1: {}},
            "param_groups": [{"lr": 0.1, "betas": (0.9, 0.999), "params": [0, 1], "foreach": None}],
        },
        "rng": {"numpy": np.random.default_rng(1).bit_generator.state, "python": random.Random(1).getstate()},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", OBJECTS)
def test_what_was_saved_comes_back(name, tmp_path):
    assert_equal(OBJECTS[name], through_a_file(OBJECTS[name], tmp_path / "file"))


@pytest.mark.parametrize("kind", [str, lambda p: p, lambda p: str(p).encode()], ids=["str", "Path", "bytes"])
def test_a_file_is_named_by_any_kind_of_path(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / "with a folder é", type(tmp_path)("without")):
        assert through_a_file([1, 2], kind(path)) == [1, 2]
        assert path.exists()


def test_a_file_object_will_do(tmp_path):
    buffer = io.BytesIO()
    dark.save({"x": dark.tensor([1.0])}, buffer)
    buffer.seek(0)
    assert_equal(dark.load(buffer), {"x": dark.tensor([1.0])})
    with open(tmp_path / "file", "wb") as file:
        dark.save({"x": 1}, file)
    with open(tmp_path / "file", "rb") as file:
        assert dark.load(file) == {"x": 1}


def test_other_programs_find_the_tensors_by_readable_names(tmp_path):
    w, b = random_array((4, 3)), random_array((4,))
    model = {"0.weight": dark.tensor(w), "0.bias": dark.tensor(b.astype("float16"))}
    dark.save({"model": model, "history": [dark.tensor(1)], "epoch": 3}, tmp_path / "file")
    read = safetensors.numpy.load_file(tmp_path / "file")
    assert sorted(read) == ["history.0", "model.0.bias", "model.0.weight"]
    assert_equal(read["model.0.weight"], w)
    assert_equal(read["model.0.bias"], b.astype("float16"))


@needs_torch
def test_weights_go_to_pytorch_and_back(tmp_path):
    import safetensors.torch

    theirs = torch.nn.Linear(3, 2).state_dict()
    safetensors.torch.save_file(theirs, tmp_path / "torch")
    ours = dark.load(tmp_path / "torch")
    assert type(ours) is dict
    dark.save(ours, tmp_path / "dark")
    back = safetensors.torch.load_file(tmp_path / "dark")
    assert all(torch.equal(theirs[name], back[name]) for name in theirs)
    assert sorted(theirs) == sorted(ours) == sorted(back)


def test_shared_tensors_are_in_the_file_once_and_shared_again(tmp_path):
    x = dark.tensor(random_array((3, 4)))
    shared = {"a": x, "b": [x], "same memory": x.detach(), "array": x.numpy(), "other": x.clone()}
    shared["part"] = x.numpy()[0]
    loaded = through_a_file(shared, tmp_path / "file")
    assert sorted(safetensors.numpy.load_file(tmp_path / "file")) == ["a", "other", "part"]
    assert loaded["a"] is loaded["b"][0]
    loaded["a"].numpy()[0, 0] = 7
    assert loaded["same memory"].numpy()[0, 0] == 7
    assert loaded["array"][0, 0] == 7
    assert loaded["other"].numpy()[0, 0] != 7


def test_empty_tensors_and_numpy_scalars_are_not_taken_for_shared(tmp_path):
    values = [np.float32(i) for i in range(100)]
    values += [dark.tensor(np.zeros(0)), dark.tensor(np.zeros(0, "int8"))]
    assert_equal(values, through_a_file(values, tmp_path / "file"))


def test_loaded_tensors_can_be_changed_and_trained(tmp_path):
    x = through_a_file({"x": Parameter(dark.tensor([1.0, 2.0]))}, tmp_path / "file")["x"]
    (x * x).sum().backward()
    assert x.grad.tolist() == [2.0, 4.0]
    with dark.no_grad():
        x -= x.grad
    assert x.tolist() == [-1.0, -2.0]


def test_a_computed_tensor_is_saved_as_the_leaf_it_becomes(tmp_path):
    x = dark.tensor([1.0], requires_grad=True) * 2
    loaded = through_a_file(x, tmp_path / "file")
    assert loaded.requires_grad
    assert loaded.is_leaf
    assert loaded.tolist() == [2.0]


Point = namedtuple("Point", ["x", "y"])
CANT_BE_SAVED = [
    ({"scheduler": {"x": object()}}, r"obj\['scheduler'\]\['x'\]: can't save a <class 'object'>"),
    ([1, (2, {3})], r"obj\[1\]\[1\]: can't save a <class 'set'>"),
    ({"f": len}, r"obj\['f'\]: can't save a <class 'builtin_function_or_method'>"),
    ({"b": b"bytes"}, r"obj\['b'\]: can't save a <class 'bytes'>"),
    ({"c": 1j}, r"obj\['c'\]: can't save a <class 'complex'>"),
    ([np.array(["text"])], r"obj\[0\]: can't save a <class 'numpy.ndarray'>"),
    ([np.array([None])], r"obj\[0\]: can't save a <class 'numpy.ndarray'>"),
    ({frozenset(): 1}, r"obj\[frozenset\(\)\]: can't save a <class 'frozenset'>"),
    (defaultdict(list), r"obj: can't save a <class 'collections.defaultdict'>"),
    ({"p": Point(1, 2)}, r"obj\['p'\]: can't save a <class 'test_serialization.Point'>"),
]


@pytest.mark.parametrize(("obj", "message"), CANT_BE_SAVED, ids=[message for _, message in CANT_BE_SAVED])
def test_what_cant_be_saved_is_named_and_nothing_is_written(obj, message, tmp_path):
    with pytest.raises(TypeError, match=f"save: {message}"):
        dark.save(obj, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_a_container_inside_itself_is_refused_but_twice_is_fine(tmp_path):
    inner = [1]
    assert through_a_file([inner, inner], tmp_path / "file") == [[1], [1]]
    inner.append({"again": inner})
    with pytest.raises(ValueError, match=r"obj\[0\]\[1\]\['again'\] contains itself"):
        dark.save([inner], tmp_path / "file")


def test_a_structure_too_long_to_be_read_again_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(dark.serialization, "LONGEST_STRUCTURE", 100)
    with pytest.raises(ValueError, match="put long lists into tensors"):
        dark.save(list(range(100)), tmp_path / "file")


def no_space(*args):
    """What a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt(*args):
    """What Ctrl-C does."""
    raise KeyboardInterrupt


class FullDisk(io.FileIO):
    """A file on a disk with 10 bytes left."""

    def write(self, data):
        super().write(data[:10])
        no_space()


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
@pytest.mark.parametrize("before", [True, False], ids=["old file", "no old file"])
def test_a_full_disk_leaves_the_old_file_and_no_other(where, before, tmp_path, monkeypatch):
    path = tmp_path / "file"
    if before:
        dark.save({"old": 1}, path)
    with monkeypatch.context() as patch:
        if where == "write":
            patch.setattr("builtins.open", lambda name, mode: FullDisk(name, mode))
        else:
            patch.setattr(os, where, no_space)
        with pytest.raises(OSError, match=r"save: No space left on device.*'.*file'") as caught:
            dark.save({"new": dark.tensor(random_array((100,)))}, path)
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(path)
    assert [p.name for p in tmp_path.iterdir()] == ["file"] * before
    if before:
        assert dark.load(path) == {"old": 1}


def test_an_interrupted_save_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    dark.save({"old": 1}, tmp_path / "file")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        dark.save({"new": 2}, tmp_path / "file")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert dark.load(tmp_path / "file") == {"old": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_save_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    dark.save({"old": 1}, path)
    program = (
        "import dark, os, signal, sys\n"
        "os.fsync = lambda fd: os.kill(os.getpid(), signal.SIGKILL)\n"
        "dark.save({'new': list(range(10000))}, sys.argv[1])"
    )
    assert subprocess.run([sys.executable, "-c", program, path], check=False).returncode == -signal.SIGKILL
    assert dark.load(path) == {"old": 1}


def test_a_new_file_replaces_the_old_one_where_a_link_leads(tmp_path):
    (tmp_path / "folder").mkdir()
    dark.save(1, tmp_path / "folder" / "real")
    try:
        (tmp_path / "link").symlink_to(tmp_path / "folder" / "real")
    except OSError:
        pytest.skip("links are not allowed here")
    dark.save(2, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert dark.load(tmp_path / "folder" / "real") == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    end = os.open(tmp_path / "pipe", os.O_RDWR)
    dark.save(1, tmp_path / "pipe")
    assert dark.load(io.BytesIO(os.read(end, 2**16))) == 1
    os.close(end)
    assert not (tmp_path / "pipe").is_file()


def test_a_folder_that_is_missing_or_in_the_way_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"save: .*missing"):
        dark.save(1, tmp_path / "missing" / "file")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"save: .*folder"):
        dark.save(1, tmp_path / "folder")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]
    with pytest.raises(FileNotFoundError, match="missing"):
        dark.load(tmp_path / "missing")


def a_file(obj):
    """The bytes that `save` writes."""
    buffer = io.BytesIO()
    dark.save(obj, buffer)
    return buffer.getvalue()


def with_structure(structure):
    """The bytes of a file with the wrong structure in its header."""
    return safetensors.numpy.save({"x": np.zeros(2)}, {"dark": structure})


def with_header(header):
    """The bytes of a file up to its tensors."""
    return len(header).to_bytes(8, "little") + header


BFLOAT16 = b'{"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'
STRUCTURE = "not the structure in its header"
GOOD = a_file({"x": dark.tensor(random_array((10,))), "y": [1, 2]})
BAD = {
    "empty": (b"", "the file is empty"),
    "one byte": (b"x", "damaged, cut short, or not a safetensors file"),
    "text": (b"hello world\n" * 100, "damaged, cut short, or not a safetensors file"),
    "cut in the length": (GOOD[:5], "damaged, cut short"),
    "cut in the header": (GOOD[:50], "damaged, cut short"),
    "cut in the tensors": (GOOD[:-1], "damaged, cut short"),
    "too long": (GOOD + b"x", "damaged, cut short"),
    "header not JSON": (GOOD[:8] + b"!" + GOOD[9:], "damaged, cut short"),
    "pickle": (pickle.dumps({"x": 1}), "zip or pickle file|not one of torch.save"),
    "old pickle": (pickle.dumps({"x": 1}, protocol=2), "zip or pickle file|not one of torch.save"),
    "unknown type": (with_header(BFLOAT16) + b"\0\0", "tensors of type 'BF16', which Dark doesn't know"),
    "structure not JSON": (with_structure("{"), STRUCTURE),
    "structure of an unknown kind": (with_structure('{"lambda": "x"}'), "unknown kind 'lambda'"),
    "structure with an empty kind": (with_structure("{}"), "unknown kind None"),
    "structure with a missing tensor": (with_structure('{"tensor": "y"}'), STRUCTURE),
    "structure with a strange name": (with_structure('{"tensor": ["x"]}'), STRUCTURE),
    "structure with a wrong type": (with_structure('{"dtype": "quaternion"}'), STRUCTURE),
    "structure with wrong pairs": (with_structure('{"dict": [[1]]}'), STRUCTURE),
    "structure with a wrong number": (with_structure('{"int": "x"}'), STRUCTURE),
    "structure too deep": (with_structure("[" * 100_000 + "]" * 100_000), STRUCTURE),
    "structure with another device": (with_structure('{"device": "tpu"}'), STRUCTURE),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_one_error_that_names_it(name, tmp_path):
    data, message = BAD[name]
    path = tmp_path / "bad file"
    path.write_bytes(data)
    with pytest.raises(RuntimeError, match=rf"(?s)load: .*bad file: .*({message})"):
        dark.load(path)
    with pytest.raises(RuntimeError, match="load: <BytesIO>: "):
        dark.load(io.BytesIO(data))


@needs_torch
@pytest.mark.parametrize("zipped", [True, False])
def test_without_a_reader_a_file_of_pytorch_is_refused_and_the_error_says_what_to_do(
    zipped, tmp_path, monkeypatch
):
    monkeypatch.setattr(dark.serialization, "READERS", {})
    torch.save({"x": torch.ones(2)}, tmp_path / "model.pt", _use_new_zipfile_serialization=zipped)
    with pytest.raises(RuntimeError, match=r"model.pt: this is a zip or pickle file.*torch.save_file"):
        dark.load(tmp_path / "model.pt")


def test_nothing_is_ever_unpickled(tmp_path, monkeypatch):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trapped"),)

    (tmp_path / "file").write_bytes(pickle.dumps(Trap()))
    monkeypatch.setattr(pickle, "loads", no_space)
    monkeypatch.setattr(pickle, "load", no_space)
    with pytest.raises(RuntimeError, match=r"pickle|refused"):
        dark.load(tmp_path / "file")
    with pytest.raises(ValueError, match="weights_only=False"):
        dark.load(tmp_path / "file", weights_only=False)
    assert not (tmp_path / "trapped").exists()


def test_a_structure_does_not_run_code_by_naming_it():
    for name in ("eval", "__import__", "os.system", "Taken", "object"):
        with pytest.raises(RuntimeError, match=f"unknown kind '{name}'"):
            dark.load(io.BytesIO(with_structure(json.dumps({name: ["print(1)"]}))))


def test_tensors_go_to_the_device_asked_for(tmp_path):
    dark.save(dark.tensor([1.0]), tmp_path / "file")
    assert dark.load(tmp_path / "file", map_location="cpu").tolist() == [1.0]
    assert dark.load(tmp_path / "file", dark.device("cpu"), weights_only=True).tolist() == [1.0]
    with pytest.raises(RuntimeError, match="there is no device 'tpu'"):
        dark.load(tmp_path / "file", map_location="tpu")


@pytest.mark.parametrize(
    "map_location", ["cpu", dark.device("cpu"), {"cuda:7": "cpu"}, lambda tensor, place: tensor],
    ids=["name", "device", "dict", "function"],
)  # fmt: skip
def test_tensors_of_a_missing_card_are_loaded_for_the_cpu(map_location):
    data = with_structure(json.dumps([{"tensor": "x", "device": "cuda:7"}] * 2))
    loaded, again = dark.load(io.BytesIO(data), map_location=map_location)
    assert loaded is again
    assert (loaded.device, loaded.tolist()) == (dark.device("cpu"), [0, 0])
    with pytest.raises(RuntimeError, match="cuda"):
        dark.load(io.BytesIO(data))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_tensor_survives_pickling(dtype):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        x = dark.tensor(random_array((2, 3), dtype))
        x.name = "weights"
        y = pickle.loads(pickle.dumps(x, protocol))
        assert_equal(x, y)
        assert y.name == "weights"


def test_a_pickled_parameter_is_a_parameter_without_gradient_and_hooks():
    x = Parameter(dark.tensor([1.0, 2.0]))
    x.register_hook(lambda g: None)
    (x * x).sum().backward()
    y = pickle.loads(pickle.dumps(x))
    assert_equal(x, y)
    assert y.grad is None
    (y * y).sum().backward()
    assert y.grad.tolist() == [2.0, 4.0]


def test_copies_are_independent_of_the_original_and_keep_its_gradient():
    x = Parameter(dark.tensor([1.0, 2.0]))
    (x * x).sum().backward()
    y = copy.deepcopy([x, x])
    assert y[0] is y[1]
    assert type(y[0]) is Parameter
    assert y[0].grad.tolist() == [2.0, 4.0]
    with dark.no_grad():
        y[0] += 1
    y[0].grad.zero_()
    assert x.tolist() == [1.0, 2.0]
    assert x.grad.tolist() == [2.0, 4.0]
    assert copy.copy(x).array is x.array


def test_a_computed_tensor_is_not_pickled_or_copied():
    x = dark.tensor([1.0], requires_grad=True) * 2
    with pytest.raises(RuntimeError, match="detach"):
        pickle.dumps(x)
    with pytest.raises(RuntimeError, match="detach"):
        copy.deepcopy(x)
    assert pickle.loads(pickle.dumps(x.detach())).tolist() == [2.0]


def test_importing_dark_leaves_safetensors_alone():
    program = "import dark, sys; print({'safetensors', 'multiprocessing'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"
