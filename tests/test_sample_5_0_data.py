"""The data of sample 5.0: where they are looked for, what is refused, and the drawn pictures."""  # beyond

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark.vision.datasets import CIFAR10, DrawnCIFAR10
from dark_samples import drawing
from dark_samples.catalogue import SampleError

SAMPLE = Path(__file__).parent.parent / "dark-5" / "samples" / "5.0-ResNet-classification"
MODULES = ("data", "db.prepare", "db")
COUNT = 20  # pictures of a small file


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(SAMPLE)
    yield importlib.import_module
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def places(modules, monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine: no cache, small files, few drawn pictures."""
    data, prepare = modules("data"), modules("db.prepare")
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(CIFAR10, "pictures_per_file", COUNT)
    monkeypatch.setattr(prepare, "drawn_counts", lambda classes: (20 * classes, 5 * classes))
    monkeypatch.setattr(prepare, "QUICK", (20, 6))
    monkeypatch.setattr(data, "QUICK", (20, 6))
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 1)
    return data, prepare, tmp_path


@pytest.fixture
def cv2():
    return pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")


def picture(name, index):
    """A record of a file: its label and its pixels, first all the red ones."""
    pixels = np.random.default_rng([len(name), ord(name[-5]), index]).integers(0, 256, 3072, np.uint8)
    return bytes([index % 10]) + pixels.tobytes()


def write(folder):
    """Small files of CIFAR-10's format in a folder."""
    folder.mkdir(parents=True)
    for name in (*CIFAR10.train_list, *CIFAR10.test_list):
        (folder / name).write_bytes(b"".join(picture(name, i) for i in range(COUNT)))
    return folder


def no_drawing(*arguments):
    raise AssertionError("pictures are drawn")


# Where the data are looked for


@pytest.mark.parametrize("inside", ["", "cifar-10-batches-bin"])
def test_a_named_folder_is_used(places, inside):
    data, _, tmp = places
    write(tmp / "mine" / inside)
    arrays = data.load(tmp / "mine", 10)
    assert arrays.source == f"CIFAR-10 from the folder {tmp / 'mine' / inside}"
    assert (arrays.train_images.shape, arrays.train_images.dtype) == ((100, 32, 32, 3), np.uint8)
    assert (arrays.test_labels.tolist(), arrays.test_labels.dtype) == ([*range(10)] * 2, np.int64)
    expected = np.frombuffer(picture("data_batch_3.bin", 7), np.uint8)[1:].reshape(3, 32, 32)
    np.testing.assert_array_equal(arrays.train_images[47].transpose(2, 0, 1), expected)


@pytest.mark.parametrize("classes", [2, 3])
def test_only_the_first_classes_are_kept(places, classes):
    data, _, tmp = places
    whole, part = data.load(write(tmp / "mine"), 10), data.load(tmp / "mine", classes)
    assert np.bincount(part.train_labels).tolist() == [10] * classes
    assert np.bincount(part.test_labels).tolist() == [2] * classes
    np.testing.assert_array_equal(part.train_images, whole.train_images[whole.train_labels < classes])


def test_two_classes_are_meant_where_none_are_named(places):
    data, prepare, tmp = places
    assert set(data.load(write(tmp / "mine")).train_labels) == {0, 1}
    assert prepare.NAMES[:2] == ("airplane", "automobile")


def test_the_order_of_the_search(places, monkeypatch):
    data, prepare, tmp = places
    cache = tmp / "cache" / "CIFAR10" / "cifar-10-batches-bin"
    monkeypatch.setattr(CIFAR10, "download", lambda self: write(cache))
    monkeypatch.setattr(prepare.drawing, "in_parallel", lambda program, count, *more: drawn_records(count))
    monkeypatch.setattr(prepare.drawing, "need_opencv", lambda what: None)

    assert data.load().source == "drawn pictures (no CIFAR-10 found)"
    assert data.load(download=True).source == "CIFAR-10, downloaded"
    assert data.load(download=True).source == f"CIFAR-10 from the cache ({cache})"
    assert data.load().source == f"CIFAR-10 from the cache ({cache})"
    assert data.load(write(tmp / "mine")).source == f"CIFAR-10 from the folder {tmp / 'mine'}"
    assert data.load(drawn=True).source == "drawn pictures"


def drawn_records(count):
    """So many records that nobody drew."""
    return b"".join(picture("train.bin", 10 * i) for i in range(count))


def test_a_failed_download_is_an_error_and_not_drawn_pictures(places, monkeypatch):
    data, _, _ = places

    def download(self):
        raise RuntimeError("CIFAR10: download failed: no network")

    monkeypatch.setattr(CIFAR10, "download", download)
    monkeypatch.setattr(drawing, "drawn_folder", no_drawing)
    with pytest.raises(SampleError, match="no network"):
        data.load(download=True)


def test_quick_takes_the_first_of_them(places):
    data, _, tmp = places
    whole, part = data.load(write(tmp / "mine"), 10), data.load(tmp / "mine", 10, quick=True)
    assert part.source == whole.source + ", a small part"
    for all_of_them, some, count in zip(whole[1:], part[1:], (20, 20, 6, 6), strict=True):
        np.testing.assert_array_equal(some, all_of_them[:count])


# What is refused


def remove(path):
    path.unlink()


def cut(path):
    path.write_bytes(path.read_bytes()[:-3073])


def another_label(path):
    content = bytearray(path.read_bytes())
    content[3073] = 10
    path.write_bytes(content)


def another_file(path):
    path.write_bytes(b"<html>not found</html>")


@pytest.mark.parametrize("fault", [remove, cut, another_label, another_file], ids=lambda f: f.__name__)
@pytest.mark.parametrize("name", ["data_batch_5.bin", "test_batch.bin"])
def test_a_damaged_named_folder_is_an_error_that_names_the_file(places, monkeypatch, name, fault):
    data, _, tmp = places
    write(tmp / "cache" / "CIFAR10" / "cifar-10-batches-bin")  # must not stand in
    monkeypatch.setattr(drawing, "drawn_folder", no_drawing)
    fault(write(tmp / "mine") / name)
    with pytest.raises((FileNotFoundError, SampleError), match=name) as raised:
        data.load(tmp / "mine")
    assert str(tmp / "mine") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_named_folder_is_an_error(places, monkeypatch):
    data, _, tmp = places
    monkeypatch.setattr(drawing, "drawn_folder", no_drawing)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        data.load(tmp / "nowhere")


def test_a_folder_with_the_pickled_version_is_told_so(places):
    data, _, tmp = places
    (tmp / "mine" / "cifar-10-batches-py").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match=r"Python version, which is not read.*binary\.tar\.gz"):
        data.load(tmp / "mine")


@pytest.mark.parametrize("classes", [0, 1, 11])
def test_a_number_of_classes_that_there_is_not(places, classes):
    with pytest.raises(SampleError, match=f"classes must be 2 to 10, got {classes}"):
        places[0].load(classes=classes)


def test_the_program_ends_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, SAMPLE / "db" / "prepare.py", "--folder", tmp_path / "nowhere"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"prepare: there is no folder {tmp_path / 'nowhere'}"]


# The cache of drawn pictures


@pytest.fixture
def counted(cv2, places, monkeypatch):
    """`places` with a list of the shares that are drawn."""
    data, prepare, tmp = places
    drawn, share = [], drawing.share
    monkeypatch.setattr(drawing, "share", lambda *what: drawn.append(what[1:]) or share(*what))
    return data, prepare, tmp / "cache", drawn


def test_pictures_are_drawn_once_and_are_those_of_the_data_set(counted):
    data, prepare, cache, drawn = counted
    first = data.load()
    assert [folder.name for folder in cache.iterdir()] == [f"drawn-cifar10-{prepare.VERSION}-2-40-10"]
    assert drawn == [(0, 40, "0", "2"), (0, 10, "1", "2")]
    again, part = data.load(), data.load(quick=True)
    assert len(drawn) == 2
    for one, other in zip(first[1:], again[1:], strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(part.train_images, first.train_images[:20])
    for images, labels, seed in ((first.train_images, first.train_labels, 0), (*first[3:], 1)):
        drawn_set = DrawnCIFAR10(len(labels), seed)
        for index in (0, 3, len(labels) - 1):
            assert labels[index] == drawn_set.label(index)
            np.testing.assert_array_equal(images[index], drawn_set.array(index))


def test_a_quick_run_draws_the_first_of_them_alone(counted):
    data, _, _, drawn = counted
    part = data.load(classes=10, quick=True)
    assert drawn == [(0, 20, "0", "10"), (0, 6, "1", "10")]
    assert np.bincount(part.train_labels).tolist() == [2] * 10


def test_a_failure_leaves_nothing_half_written(places, monkeypatch):
    data, _, tmp = places

    def fails(program, count, seed, classes):
        if seed == "1":
            raise OSError(28, "No space left on device")
        return drawn_records(count)

    monkeypatch.setattr(drawing, "need_opencv", lambda what: None)
    monkeypatch.setattr(drawing, "in_parallel", fails)
    with pytest.raises(OSError, match="No space left"):
        data.load()
    assert list((tmp / "cache").iterdir()) == []


def test_a_damaged_cache_says_how_to_mend_it(places):
    data, prepare, tmp = places
    folder = tmp / "cache" / f"drawn-cifar10-{prepare.VERSION}-2-40-10"
    folder.mkdir(parents=True)
    for name in ("train.bin", "test.bin"):
        (folder / name).write_bytes(b"half")
    with pytest.raises(SampleError, match=r"train\.bin.*Delete .*drawn-cifar10"):
        data.load()


def test_without_opencv_the_error_says_what_to_install(places, monkeypatch):
    data, _, _ = places
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SampleError, match="pip install opencv-python-headless"):
        data.load()


def test_the_program_draws_and_writes_a_preview(counted, monkeypatch, capsys):
    Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to write a PNG with")
    _, prepare, cache, _ = counted
    preview = cache.parent / "preview.png"
    monkeypatch.setattr(
        sys, "argv", ["prepare.py", "--drawn", "--classes", "3", "--preview", str(preview)]
    )
    prepare.main()
    folder = cache / f"drawn-cifar10-{prepare.VERSION}-3-60-15"
    assert capsys.readouterr().out.splitlines() == [
        f"Drawing 75 pictures into {folder} ...",
        "Data: drawn pictures",
        f"60 to train and 15 to test with, in {folder}",
        f"Preview: {preview}",
    ]
    with Image.open(preview) as image:
        assert image.size == (20 * 2 * 32, 3 * 2 * 32)


def test_as_many_are_drawn_as_the_description_says(modules):
    prepare = modules("db.prepare")
    assert prepare.drawn_counts(2) == (8_000, 2_000)
    assert prepare.drawn_counts(10) == (20_000, 4_000)
    assert prepare.QUICK == (2_000, 500)


def test_importing_the_data_imports_nothing_heavy():
    code = f"import sys; sys.path.insert(0, {str(SAMPLE)!r}); import data; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not {"torch", "cv2", "PIL", "pooch", "matplotlib", "multiprocessing"} & set(done.stdout.split())
