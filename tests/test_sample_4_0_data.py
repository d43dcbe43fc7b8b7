"""The data of sample 4.0: where they are looked for, what is refused, and the drawn clothes."""  # beyond

import gzip
import hashlib
import importlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark.vision.datasets import FashionMNIST
from dark_samples import drawing
from dark_samples.catalogue import SampleError

SAMPLE = Path(__file__).parent.parent / "dark-4" / "samples" / "4.0-NN-classification"
PACKAGE = Path(FashionMNIST.system_folder)
MODULES = ("data", "db.prepare", "db", "clothes", "cuts", "fabric", "shoes", "tops")


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(SAMPLE / "db")
    monkeypatch.syspath_prepend(SAMPLE)
    yield importlib.import_module
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def clothes(modules):
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    return modules("clothes")


@pytest.fixture
def places(modules, monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine: no package, no cache, few drawn clothes."""
    data, prepare = modules("data"), modules("db.prepare")
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(FashionMNIST, "system_folder", str(tmp_path / "package"))
    monkeypatch.setattr(prepare, "DRAWN", (40, 20))
    monkeypatch.setattr(prepare, "QUICK", (20, 10))
    monkeypatch.setattr(data, "QUICK", (20, 10))
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 1)
    return data, prepare, tmp_path


@pytest.fixture
def real(places, monkeypatch):
    """A function that writes small files of FashionMNIST's format into a folder."""
    _, prepare, _ = places
    rng = np.random.default_rng(0)
    contents = {}
    for part, count in (("train", 30), ("t10k", 12)):
        contents[f"{part}-images-idx3-ubyte"] = idx(rng.integers(0, 256, (count, 28, 28)))
        contents[f"{part}-labels-idx1-ubyte"] = idx(np.arange(count) % 10)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    monkeypatch.setattr(FashionMNIST, "sha256", sums)
    monkeypatch.setattr(prepare, "SUMS", sums)

    def write(folder, zipped=True):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / (name + ".gz" * zipped)).write_bytes(gzip.compress(content) if zipped else content)
        return folder

    return write


def idx(array):
    """An idx file of bytes, written out from its definition."""
    shape = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return b"\0\0\x08" + bytes([array.ndim]) + shape + bytes(array.ravel().tolist())


def no_drawing(*arguments):
    raise AssertionError("clothes are drawn")


# Where the data are looked for


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("inside", ["", "FashionMNIST/raw"])
def test_a_named_folder_is_used(places, real, inside, zipped):
    data, _, tmp = places
    real(tmp / "mine" / inside, zipped)
    clothes = data.load(tmp / "mine")
    assert clothes.source == f"FashionMNIST from the folder {tmp / 'mine' / inside}"
    assert (clothes.train_images.shape, clothes.train_images.dtype) == ((30, 28, 28), np.uint8)
    assert (clothes.test_labels.tolist(), clothes.test_labels.dtype) == ([*range(10), 0, 1], np.int64)


def test_the_order_of_the_search(places, real, monkeypatch):
    data, prepare, tmp = places

    def download(self):
        return real(tmp / "cache" / "FashionMNIST" / "raw")

    monkeypatch.setattr(FashionMNIST, "download", download)
    monkeypatch.setattr(prepare, "draw", lambda folder, train, test: real(folder))

    assert data.load().source == "drawn clothes (no FashionMNIST found)"
    assert data.load(download=True).source == "FashionMNIST, downloaded"
    cache = tmp / "cache" / "FashionMNIST" / "raw"
    assert data.load(download=True).source == f"FashionMNIST from the cache ({cache})"
    real(tmp / "package")
    assert data.load().source == f"FashionMNIST from the system package ({tmp / 'package'})"
    assert data.load(real(tmp / "mine")).source == f"FashionMNIST from the folder {tmp / 'mine'}"
    assert data.load(drawn=True).source == "drawn clothes"


def test_a_failed_download_is_an_error_and_not_drawn_clothes(places, monkeypatch):
    data, prepare, _ = places

    def download(self):
        raise RuntimeError("FashionMNIST: download failed: no network")

    monkeypatch.setattr(FashionMNIST, "download", download)
    monkeypatch.setattr(prepare, "draw", no_drawing)
    with pytest.raises(SampleError, match="no network"):
        data.load(download=True)


def test_quick_takes_the_first_of_them(places, real):
    data, _, tmp = places
    whole, part = data.load(real(tmp / "mine")), data.load(tmp / "mine", quick=True)
    assert part.source == whole.source + ", a small part"
    for all_of_them, some, count in zip(whole[1:], part[1:], (20, 20, 10, 10), strict=True):
        np.testing.assert_array_equal(some, all_of_them[:count])


@pytest.mark.skipif(not PACKAGE.is_dir(), reason="the package dataset-fashion-mnist is not installed")
def test_the_real_set(modules):
    clothes = modules("data").load()
    assert clothes.source == f"FashionMNIST from the system package ({PACKAGE})"
    assert clothes.train_images.shape == (60_000, 28, 28)
    assert clothes.test_images.shape == (10_000, 28, 28)
    assert np.bincount(clothes.train_labels).tolist() == [6000] * 10
    assert np.bincount(clothes.test_labels).tolist() == [1000] * 10


def test_the_classes_are_those_of_the_data_set(modules):
    assert list(modules("data").CLASSES) == FashionMNIST.classes


# What is refused


def remove(path):
    path.unlink()


def cut_the_gzip(path):
    path.write_bytes(path.read_bytes()[:-20])


def cut_the_content(path):
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-20]))


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def change_a_pixel(path):
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-1] ^= 1
    path.write_bytes(gzip.compress(content))


def no_idx_file(path):
    path.write_bytes(b"<html>not found</html>")


FAULTS = [remove, cut_the_gzip, cut_the_content, flip_a_bit, change_a_pixel, no_idx_file]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
def test_a_damaged_named_folder_is_an_error_that_names_the_file(places, real, monkeypatch, name, fault):
    data, prepare, tmp = places
    real(tmp / "package")  # must not stand in
    monkeypatch.setattr(prepare, "draw", no_drawing)
    fault(real(tmp / "mine") / f"{name}.gz")
    with pytest.raises((FileNotFoundError, SampleError), match=name) as raised:
        data.load(tmp / "mine")
    assert str(tmp / "mine") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_named_folder_is_an_error(places, real, monkeypatch):
    data, prepare, tmp = places
    real(tmp / "package")
    monkeypatch.setattr(prepare, "draw", no_drawing)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        data.load(tmp / "nowhere")


def test_the_program_ends_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, SAMPLE / "db" / "prepare.py", "--folder", tmp_path / "nowhere"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"prepare: there is no folder {tmp_path / 'nowhere'}"]


# The cache of drawn clothes


@pytest.fixture
def counted(clothes, places, monkeypatch):
    """`places` with a list of the shares that are drawn."""
    data, prepare, tmp = places
    drawn, share = [], drawing.share
    monkeypatch.setattr(drawing, "share", lambda *what: drawn.append(what[1:]) or share(*what))
    return data, prepare, tmp / "cache", drawn


def test_clothes_are_drawn_once(counted):
    data, prepare, cache, drawn = counted
    first = data.load()
    assert [folder.name for folder in cache.iterdir()] == [f"drawn-clothes-{prepare.VERSION}-40-20"]
    assert len(drawn) == 2
    again, part = data.load(), data.load(quick=True)
    assert len(drawn) == 2
    for one, other in zip(first[1:], again[1:], strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(part.train_images, first.train_images[:20])


def test_a_quick_run_draws_the_first_of_them_alone(counted):
    data, _, _, drawn = counted
    part = data.load(quick=True)
    assert drawn == [(0, 20, "train"), (0, 10, "test")]
    whole = data.load()
    for some, all_of_them in zip(part[1:], whole[1:], strict=True):
        np.testing.assert_array_equal(some, all_of_them[: len(some)])


def test_any_number_of_workers_draws_the_same(counted, monkeypatch):
    _, prepare, _, drawn = counted
    one = prepare.drawn_items("test", 11)
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 3)
    three = prepare.drawn_items("test", 11)
    assert len(drawn) == 4
    for a, b in zip(one, three, strict=True):
        np.testing.assert_array_equal(a, b)


def black(program, start, stop, split):
    """A worker's share, without drawing."""
    return bytes(785 * (stop - start))


@pytest.mark.parametrize("function", ["share", "write_idx"])
def test_a_failure_leaves_nothing_half_written(places, monkeypatch, function):
    data, prepare, tmp = places
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(drawing, "share", black)
    module = drawing if function == "share" else prepare
    works, calls = getattr(module, function), []

    def fails(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return works(*arguments)

    monkeypatch.setattr(module, function, fails)
    with pytest.raises(OSError, match="No space left"):
        data.load()
    assert list((tmp / "cache").iterdir()) == []


def test_two_processes_may_draw_at_once(places, real, monkeypatch):
    data, prepare, tmp = places
    folder = tmp / "cache" / f"drawn-clothes-{prepare.VERSION}-40-20"

    def share(*what):  # while we draw, the other one ends
        if not folder.exists():
            real(folder)
        return black(*what)

    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(drawing, "share", share)
    assert data.load().train_images.any()
    assert list((tmp / "cache").iterdir()) == [folder]


def test_a_damaged_cache_says_how_to_mend_it(places, real):
    data, prepare, tmp = places
    folder = real(tmp / "cache" / f"drawn-clothes-{prepare.VERSION}-40-20")
    cut_the_gzip(folder / "t10k-images-idx3-ubyte.gz")
    with pytest.raises(SampleError, match=r"t10k-images.*Delete .*drawn-clothes"):
        data.load()


def test_without_opencv_the_error_says_what_to_install(places, monkeypatch):
    data, _, _ = places
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SampleError, match="pip install opencv-python-headless"):
        data.load()


def test_a_worker_that_fails_is_reported_in_one_line(clothes, places):
    _, prepare, _ = places
    with pytest.raises(SampleError, match=r"^clothes\.py failed: ValueError: .+$"):
        prepare.drawn_items("nonsense", 1)


def test_the_program_draws_and_writes_a_preview(counted, monkeypatch, capsys):
    Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to write a PNG with")
    _, prepare, cache, _ = counted
    preview = cache.parent / "preview.png"
    monkeypatch.setattr(sys, "argv", ["prepare.py", "--drawn", "--preview", str(preview)])
    prepare.main()
    folder = cache / f"drawn-clothes-{prepare.VERSION}-40-20"
    assert capsys.readouterr().out.splitlines() == [
        f"Drawing 60 clothes into {folder} ...",
        "Data: drawn clothes",
        f"40 to train and 20 to test with, in {folder}",
        f"Preview: {preview}",
    ]
    with Image.open(preview) as image:
        assert image.size == (4 * 2 * 28, 10 * 2 * 28)


# The drawn clothes


def test_the_numbers_of_an_item_stay_as_they_are(clothes, modules):
    """Whoever changes them, or what is drawn with them, raises VERSION and puts the new sum here."""
    numbers = [
        (split, index, clothes.label(split, index), clothes.parameters(split, index))
        for split in clothes.SPLITS
        for index in range(100)
    ]
    sha256 = hashlib.sha256(json.dumps(numbers).encode()).hexdigest()
    expected = "93172fec7bba6f3ad96a79361d30f3c84e10847b5023b462808dbb36c190570a"
    assert (modules("db.prepare").VERSION, sha256) == (1, expected)


def test_an_item_is_the_same_in_any_order_and_process(clothes):
    content = drawing.share(SAMPLE / "db" / "clothes.py", 3, 7, "train")
    items = np.frombuffer(content, np.uint8).reshape(4, 785)
    for index in (6, 3, 5, 4):
        np.testing.assert_array_equal(items[index - 3, 0], clothes.label("train", index))
        np.testing.assert_array_equal(items[index - 3, 1:].reshape(28, 28), clothes.picture("train", index))


def test_every_ten_items_hold_every_class_once(clothes):
    for split in clothes.SPLITS:
        labels = [clothes.label(split, i) for i in range(200)]
        assert all(sorted(labels[i : i + 10]) == list(range(10)) for i in range(0, 200, 10))
        assert labels[:10] != labels[10:20]


def test_train_and_test_share_no_item(clothes):
    train, test = ({json.dumps(clothes.parameters(split, i)) for i in range(500)} for split in clothes.SPLITS)
    assert len(train) == len(test) == 500
    assert not train & test


@pytest.fixture
def items(clothes):
    """Pictures and labels of the first 400 training items."""
    pictures = np.stack([clothes.picture("train", i) for i in range(400)])
    return pictures, np.array([clothes.label("train", i) for i in range(400)])


def test_a_picture_is_a_bright_thing_on_black(items):
    pictures, _ = items
    assert (pictures.shape, pictures.dtype) == ((400, 28, 28), np.uint8)
    covered = (pictures > 8).mean(axis=(1, 2))
    assert covered.min() > 0.05
    assert covered.max() < 0.85
    assert 0.15 < covered.mean() < 0.45
    assert np.median(pictures[:, [0, 0, -1, -1], [0, -1, 0, -1]]) == 0
    assert (pictures.max(axis=(1, 2)) > 40).all()


def test_a_picture_looks_like_the_others_of_its_class(items):
    pictures, labels = items
    flat = pictures.reshape(400, -1).astype(float)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    likeness = flat @ flat.T
    np.fill_diagonal(likeness, 0)
    assert (labels[likeness.argmax(1)] == labels).mean() > 0.55  # a tenth by chance


def test_every_number_is_used(clothes, modules):
    """A number that no cut reads would only shift the others."""

    class Watched(dict):
        def __getattr__(self, name):
            used.add(name)
            return self[name] / 100

    cuts, fabric = modules("cuts"), modules("fabric")
    for kinds in ((0, 2, 3, 4, 6), (5, 7, 9), (1,), (8,)):
        used = set()
        for index in (i for i in range(300) if clothes.label("test", i) in kinds):
            kind, c = clothes.label("test", index), Watched(clothes.parameters("test", index))
            fabric.photograph(cuts.cut(kind, c), c, 0)
        assert {name for kind in kinds for name in clothes.COMMON | clothes.KINDS[kind]} - used == {"grain"}


def test_importing_the_data_imports_nothing_heavy():
    code = f"import sys; sys.path.insert(0, {str(SAMPLE)!r}); import data; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not {"torch", "cv2", "PIL", "pooch", "matplotlib", "multiprocessing"} & set(done.stdout.split())
