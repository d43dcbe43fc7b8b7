"""The data of sample 5.1: where they are looked for, what is refused, the cache of drawn faces."""  # beyond

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dark.vision.datasets import DrawnFaces
from dark_samples import drawing
from dark_samples.catalogue import SampleError

SAMPLE = Path(__file__).parent.parent / "dark-5" / "samples" / "5.1-ResNet-regression"
MODULES = ("data", "db.prepare", "db")
COUNTS, FEW = (12, 6), (6, 3)
RECORD = 96 * 96 * 3 + 68 * 2 * 4
FILES = {"train-images.npy", "train-points.npy", "test-images.npy", "test-points.npy"}


@pytest.fixture
def places(monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine, with few drawn faces."""
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(SAMPLE)
    data, prepare = (importlib.import_module(name) for name in ("data", "db.prepare"))
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(prepare, "DRAWN", COUNTS)
    monkeypatch.setattr(prepare, "QUICK", FEW)
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 1)
    yield data, prepare, tmp_path
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def undrawn(places, monkeypatch):
    """`places` where a face takes no time: its pixels and coordinates are bytes 1."""
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(drawing, "share", lambda _, start, stop, split: b"\1" * (RECORD * (stop - start)))
    return places


def photographs(folder, names):
    """Pictures with points in 300-W's format, each of one gray: 10 in the first, 11 in the second, …"""
    Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read pictures with")
    lines = [f"{20 + i % 9} {20 + i // 9}" for i in range(68)]
    for gray, name in enumerate(names, 10):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60, 50), (gray,) * 3).save(folder / f"{name}.png")
        text = "\n".join(["version: 1", "n_points: 68", "{", *lines, "}"])
        (folder / f"{name}.pts").write_text(text)
    return folder


def grays(images):
    """The gray of every picture."""
    assert images.dtype == np.uint8
    assert images.shape[1:] == (96, 96, 3)
    assert (images == images[:, :1, :1]).all()
    return images[:, 0, 0, 0].tolist()


# Where the data are looked for


def test_a_named_folder_is_used_and_every_tenth_is_to_test_with(places):
    data, _, tmp = places
    faces = data.load(photographs(tmp / "mine", [f"{i:02}" for i in range(21)]))
    assert faces.source == f"photographs from the folder {tmp / 'mine'}"
    assert grays(faces.test_images) == [19, 29]
    assert grays(faces.train_images) == [gray for gray in range(10, 31) if gray not in (19, 29)]
    assert (faces.train_points.shape, faces.train_points.dtype) == ((19, 68, 2), np.float32)
    assert (faces.test_points > 0).all()
    assert (faces.test_points < 95).all()


def test_a_picture_and_its_mirror_image_are_on_one_side(places):
    data, _, tmp = places
    names = [f"{i:02}{mirror}" for i in range(10) for mirror in ("", "_mirror")]
    faces = data.load(photographs(tmp / "mine", names))
    assert grays(faces.test_images) == [28, 29]


def test_folders_may_say_which_are_to_test_with(places):
    data, _, tmp = places
    names = ["helen/trainset/a", "helen/testset/b", "helen/trainset/test"]
    faces = data.load(photographs(tmp / "mine", names))
    assert (grays(faces.train_images), grays(faces.test_images)) == ([10, 12], [11])


def test_the_order_of_the_search(undrawn):
    data, _, tmp = undrawn
    assert data.load().source == "drawn faces (no photographs found)"
    assert data.load(quick=True).source == "drawn faces (no photographs found), a small part"
    cache = photographs(tmp / "cache" / "faces", [f"{i}" for i in range(10)])
    assert data.load().source == f"photographs from the cache ({cache})"
    assert data.load(cache, quick=True).source == f"photographs from the folder {cache}, a small part"
    assert data.load(drawn=True).source == "drawn faces"


def test_asking_for_a_download_says_how_to_fetch_photographs_by_hand(undrawn):
    data, _, tmp = undrawn
    with pytest.raises(SampleError, match=r"faces\.zip .* unpack it into .*cache"):
        data.load(download=True)
    assert not (tmp / "cache").exists()
    photographs(tmp / "cache" / "faces", [f"{i}" for i in range(10)])
    assert data.load(download=True).source.startswith("photographs from the cache")


@pytest.mark.parametrize("drawn", [False, True])
def test_quick_takes_the_first_of_them(places, monkeypatch, drawn):
    data, _, tmp = places
    if drawn:
        pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    folder = None if drawn else photographs(tmp / "mine", [f"{i:02}" for i in range(40)])
    part, whole = data.load(folder, quick=True), data.load(folder)
    for some, all_of_them, count in zip(part[1:], whole[1:], (6, 6, 3, 3), strict=True):
        assert len(all_of_them) > len(some) == count
        np.testing.assert_array_equal(some, all_of_them[:count])


# What is refused


def test_a_missing_named_folder_is_an_error(undrawn):
    data, _, tmp = undrawn
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        data.load(tmp / "nowhere")


def test_an_empty_named_folder_is_an_error(undrawn):
    data, _, tmp = undrawn
    (tmp / "mine").mkdir()
    with pytest.raises(FileNotFoundError, match=r"mine has no points"):
        data.load(tmp / "mine")


def test_a_damaged_file_of_points_is_named(undrawn):
    data, _, tmp = undrawn
    folder = photographs(tmp / "mine", [f"{i}" for i in range(10)])
    (folder / "3.pts").write_text("version: 1\nn_points: 68\n{\n1 2\n")
    with pytest.raises(SampleError, match=r"3\.pts: truncated"):
        data.load(folder)


def test_too_few_photographs_are_an_error(undrawn):
    data, _, tmp = undrawn
    with pytest.raises(SampleError, match="9 photographs are too few"):
        data.load(photographs(tmp / "mine", [f"{i}" for i in range(9)]))


def test_the_program_ends_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, SAMPLE / "db" / "prepare.py", "--folder", tmp_path / "nowhere"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"prepare: there is no folder {tmp_path / 'nowhere'}"]


# The cache of drawn faces


def test_faces_are_drawn_once_and_are_those_of_the_data_set(places, monkeypatch):
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    data, prepare, tmp = places
    calls, share = [], drawing.share
    monkeypatch.setattr(drawing, "share", lambda *what: calls.append(what[1:]) or share(*what))
    first, again = data.load(), data.load()
    assert calls == [(0, 12, "train"), (0, 6, "test")]
    (folder,) = (tmp / "cache").iterdir()
    assert folder.name == f"drawn-faces-{prepare.VERSION}-12-6"
    assert {path.name for path in folder.iterdir()} == FILES
    for one, other in zip(first[1:], again[1:], strict=True):
        np.testing.assert_array_equal(one, other)
    for seed, images, points in ((0, *first[1:3]), (1, *first[3:])):
        pixels, places = DrawnFaces(100, seed).arrays(4)
        np.testing.assert_array_equal(images[4], pixels)
        np.testing.assert_array_equal(points[4], places)


def test_any_number_of_workers_draws_the_same(places, monkeypatch):
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    _, prepare, _ = places
    one = prepare.drawn_items("test", 5)
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 3)
    for a, b in zip(one, prepare.drawn_items("test", 5), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_failure_leaves_nothing_half_written(undrawn, monkeypatch):
    data, prepare, tmp = undrawn
    save, calls = np.save, []

    def fails(path, array):
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        save(path, array)

    monkeypatch.setattr(prepare.np, "save", fails)
    with pytest.raises(OSError, match="No space left"):
        data.load()
    assert list((tmp / "cache").iterdir()) == []


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("fault", ["cut", "gone", "other", "empty"])
def test_a_damaged_cache_says_how_to_mend_it(undrawn, name, fault):
    data, _, tmp = undrawn
    data.load()
    (path,) = (tmp / "cache").glob(f"*/{name}")
    if fault == "gone":
        path.unlink()
    elif fault == "other":
        np.save(path, np.zeros((3, 4)))
    else:
        path.write_bytes(path.read_bytes()[:-10] if fault == "cut" else b"")
    with pytest.raises(SampleError, match=rf"{name}: damaged: .*Delete .*drawn-faces"):
        data.load()


def test_without_opencv_the_error_says_what_to_install(places, monkeypatch):
    data, _, _ = places
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SampleError, match="pip install opencv-python-headless"):
        data.load()


def test_a_worker_that_fails_is_reported_in_one_line(places):
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    _, prepare, _ = places
    with pytest.raises(SampleError, match=r"^draw\.py failed: KeyError: 'nonsense'$"):
        prepare.drawn_items("nonsense", 1)


def test_the_program_draws_and_writes_a_preview(undrawn, monkeypatch, capsys):
    Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to write a PNG with")
    _, prepare, tmp = undrawn
    preview = tmp / "preview.png"
    monkeypatch.setattr(sys, "argv", ["prepare.py", "--drawn", "--preview", str(preview)])
    prepare.main()
    folder = tmp / "cache" / f"drawn-faces-{prepare.VERSION}-12-6"
    assert capsys.readouterr().out.splitlines() == [
        f"Drawing 18 faces into {folder} ...",
        "Data: drawn faces",
        f"12 to train and 6 to test with, in {folder}",
        f"Preview: {preview}",
    ]
    with Image.open(preview) as image:
        assert image.size == (10 * 2 * 96, 6 * 2 * 96)


def test_importing_the_data_imports_nothing_heavy():
    code = f"import sys; sys.path.insert(0, {str(SAMPLE)!r}); import data; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not {"torch", "cv2", "PIL", "pooch", "matplotlib", "multiprocessing"} & set(done.stdout.split())
