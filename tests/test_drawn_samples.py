"""The caches of drawn data, and the programs that make them, in samples 5.1, 6.1 and 7.0."""  # beyond

import subprocess
import sys

import numpy as np
import pytest

from dark_samples import drawing
from dark_samples.catalogue import SampleError
from drawn_samples import SAMPLES, draw_nothing, empty_machine, need_opencv

FAULTS = {
    "archive": lambda path: path.write_bytes(b"PK\3\4" + bytes(40)),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-10]),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "other": lambda path: np.save(path, np.load(path)[None].astype(float)),
}


@pytest.fixture(params=SAMPLES)
def sample(request):
    return SAMPLES[request.param]


@pytest.fixture
def places(sample, monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine, with few items to draw."""
    yield from empty_machine(sample, monkeypatch, tmp_path)


@pytest.fixture
def undrawn(sample, places, monkeypatch):
    """`places` where an item takes no time."""
    draw_nothing(sample, monkeypatch)
    return places


def test_a_missing_named_folder_is_an_error(undrawn):
    data, _, tmp = undrawn
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        data.load(tmp / "nowhere")


def test_the_program_ends_in_one_line(sample, tmp_path):
    done = subprocess.run(
        [sys.executable, sample.folder / "db" / "prepare.py", "--folder", tmp_path / "nowhere"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"prepare: there is no folder {tmp_path / 'nowhere'}"]


def test_items_are_drawn_once(sample, places, monkeypatch):
    need_opencv()
    data, prepare, tmp = places
    calls, share = [], drawing.share
    monkeypatch.setattr(drawing, "share", lambda *what: calls.append(what[1:]) or share(*what))
    first, again = data.load(), data.load()
    assert calls == [(0, count, part) for count, part in zip(sample.counts, sample.parts, strict=True)]
    (folder,) = (tmp / "cache").iterdir()
    counts = "-".join(map(str, sample.counts))
    assert folder.name == f"drawn-{sample.what}-{prepare.VERSION}-{counts}"
    assert {path.name for path in folder.iterdir()} == set(sample.files)
    np.testing.assert_equal(first, again)


def test_items_are_those_of_the_data_set_whatever_the_number_of_workers(sample, places, monkeypatch):
    need_opencv()
    _, prepare, _ = places
    for workers, (seed, part) in enumerate(enumerate(sample.parts), 1):
        monkeypatch.setattr(drawing.os, "cpu_count", lambda workers=workers: workers)
        items = list(zip(*prepare.drawn_items(part, 5), strict=True))
        data = sample.drawn(100, seed, **sample.options)
        np.testing.assert_equal(items[::4], [data.arrays(0), data.arrays(4)])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_the_cache_is_as_readable_as_any_folder(undrawn):
    data, _, tmp = undrawn
    data.load()
    (tmp / "other").mkdir()
    (folder,) = (tmp / "cache").iterdir()
    assert folder.stat().st_mode == (tmp / "other").stat().st_mode


def test_a_failure_leaves_nothing_half_written(sample, undrawn, monkeypatch):
    data, _, tmp = undrawn
    save, calls = np.save, []

    def fails(path, array):
        calls.append(path)
        if len(calls) == len(sample.files) - 1:
            raise OSError(28, "No space left on device")
        save(path, array)

    monkeypatch.setattr(np, "save", fails)
    with pytest.raises(OSError, match="No space left"):
        data.load()
    assert list((tmp / "cache").iterdir()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_cache_says_how_to_mend_it(sample, undrawn, fault):
    data, _, tmp = undrawn
    for name in sample.files:
        data.load()
        (path,) = (tmp / "cache").glob(f"*/{name}")
        content = path.read_bytes()
        FAULTS[fault](path)
        with pytest.raises(SampleError, match=rf"{name}: damaged: .*Delete .*drawn-{sample.what}"):
            data.load()
        path.write_bytes(content)


def test_without_opencv_the_error_says_what_to_install(places, monkeypatch):
    data, _, _ = places
    monkeypatch.setattr(drawing.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SampleError, match="pip install opencv-python-headless"):
        data.load()


def test_a_worker_that_fails_is_reported_in_one_line(places):
    need_opencv()
    _, prepare, _ = places
    with pytest.raises(SampleError, match=r"^draw\.py failed: KeyError: 'nonsense'$"):
        prepare.drawn_items("nonsense", 1)


def test_the_program_draws_and_writes_a_preview(sample, undrawn, monkeypatch, capsys):
    Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to write a PNG with")
    _, prepare, tmp = undrawn
    preview = tmp / "preview.png"
    monkeypatch.setattr(sys, "argv", ["prepare.py", "--drawn", "--preview", str(preview)])
    prepare.main()
    counts = "-".join(map(str, sample.counts))
    folder = tmp / "cache" / f"drawn-{sample.what}-{prepare.VERSION}-{counts}"
    train, *validation, test = sample.counts
    learn = f"{train} to train" + "".join(f", {count} to validate" for count in validation)
    assert capsys.readouterr().out.splitlines() == [
        f"Drawing {sum(sample.counts)} {sample.what} into {folder} ...",
        f"Data: drawn {sample.what}",
        f"{learn} and {test} to test with, in {folder}",
        f"Preview: {preview}",
    ]
    with Image.open(preview) as image:
        assert image.size == sample.preview


def test_importing_the_data_imports_nothing_heavy(sample):
    code = f"import sys; sys.path.insert(0, {str(sample.folder)!r}); import data; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not {"torch", "cv2", "PIL", "pooch", "matplotlib", "multiprocessing"} & set(done.stdout.split())
