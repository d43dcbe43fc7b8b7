"""Grids of pictures and picture files."""  # beyond

import io
import os
import subprocess
import sys

import numpy as np
import pytest

import dark
from against_torch import random_array
from dark.vision.utils import make_grid, save_image


def images(n=5, c=3, h=4, w=6, dtype="float32"):
    return dark.tensor(
        random_array((n, c, h, w), dtype, 0 if dtype == "uint8" else -1, 200 if dtype == "uint8" else 2)
    )


def test_a_grid_has_every_image_in_its_place():
    x = images()
    grid = make_grid(x, nrow=3, padding=1, pad_value=0.5).numpy()
    assert grid.shape == (3, 1 + 2 * 5, 1 + 3 * 7)
    for i in range(5):
        top, left = 1 + i // 3 * 5, 1 + i % 3 * 7
        assert np.array_equal(grid[:, top : top + 4, left : left + 6], x.numpy()[i])
        grid[:, top : top + 4, left : left + 6] = 0.5
    assert np.all(grid == 0.5)


def test_a_grid_is_no_wider_than_it_has_images():
    assert tuple(make_grid(images(2), nrow=8).shape) == (3, 4 + 4, 2 * 8 + 2)
    assert tuple(make_grid(images(3), nrow=2, padding=0).shape) == (3, 8, 12)
    assert make_grid(images(2, dtype="uint8")).dtype is dark.uint8


def test_gray_images_get_three_channels_and_one_image_no_border():
    x = images(1, 1)
    for single in (x, x[0], x[0, 0], [x[0]]):
        grid = make_grid(single)
        assert tuple(grid.shape) == (3, 4, 6)
        assert np.array_equal(grid.numpy(), np.repeat(x.numpy()[0], 3, 0))
    assert tuple(make_grid([x[0], x[0]]).shape) == (3, 8, 18)
    assert make_grid(images(2, 4)).shape[0] == 4


def test_normalize_maps_the_range_to_0_and_1():
    x = images(2)
    a = x.numpy()

    def parts(**options):
        return make_grid(x, padding=0, normalize=True, **options).numpy()

    def beside(b):
        return np.concatenate(list(b), axis=2)

    low, high = a.min(), a.max()
    np.testing.assert_allclose(parts(), beside((a - low) / (high - low)), rtol=1e-6)
    each = [(b - b.min()) / (b.max() - b.min()) for b in a]
    np.testing.assert_allclose(parts(scale_each=True), beside(each), rtol=1e-6)
    np.testing.assert_allclose(parts(value_range=(0, 1)), beside(np.clip(a, 0, 1)), rtol=1e-6)
    assert np.array_equal(x.numpy(), a)
    even = make_grid(dark.full((1, 3, 2, 2), 3.0), normalize=True)
    assert even.tolist() == dark.zeros(3, 2, 2).tolist()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: make_grid(np.zeros((1, 3, 2, 2))),
            TypeError,
            "expected a tensor or a list of tensors, got ndarray",
        ),
        (lambda: make_grid([]), TypeError, "got list"),
        (lambda: make_grid(dark.zeros(0, 3, 2, 2)), ValueError, r"got \(0, 3, 2, 2\)"),
        (lambda: make_grid(dark.zeros(3)), ValueError, r"got \(3,\)"),
        (lambda: make_grid([dark.zeros(3, 2, 2), dark.zeros(3, 2, 3)]), ValueError, "one shape"),
        (lambda: make_grid(images(), nrow=0), ValueError, "nrow"),
        (lambda: make_grid(images(dtype="uint8"), normalize=True), TypeError, "uint8"),
        (lambda: make_grid(images(), normalize=True, value_range=3), TypeError, "value_range"),
        (lambda: save_image(images(dtype="uint8"), "x.png"), TypeError, "uint8; divide"),
        (lambda: save_image(images(1, 2), "x.png"), ValueError, "not 2"),
        (lambda: save_image(images(), "x.what"), ValueError, "x.what"),
        (lambda: save_image(images(), "x"), ValueError, "pass format"),
    ],
)
def test_bad_input_is_named(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_a_file_has_rounded_bytes_in_the_order_red_green_blue(tmp_path):
    pil = pytest.importorskip("PIL.Image")
    x = dark.tensor([[[0.0, 1.0, 0.5]], [[0.1, -3.0, 0.999]], [[2.0, 0.002, 0.0019]]])
    save_image(x, tmp_path / "ä 1.png")
    expected = [[[0, 26, 255], [255, 0, 1], [128, 255, 0]]]
    assert np.asarray(pil.open(tmp_path / "ä 1.png")).tolist() == expected
    file = io.BytesIO()
    save_image([x, x], file, format="png", nrow=2, padding=1)
    assert pil.open(file).size == (9, 3)
    save_image(x, str(tmp_path / "2"), format="PNG")
    with pil.open(tmp_path / "2") as written:
        assert written.format == "PNG"
    save_image(dark.full((1, 2, 2), float("nan")), tmp_path / "nan.bmp")
    assert not np.asarray(pil.open(tmp_path / "nan.bmp")).any()
    x.requires_grad = True
    save_image(x * 1, tmp_path / "graph.png")


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    pytest.importorskip("PIL.Image")
    path = tmp_path / "x.png"
    save_image(images(1), path)
    before = path.read_bytes()

    def full_disk(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save_image(images(4), path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["x.png"]
    with pytest.raises(FileNotFoundError):
        save_image(images(1), tmp_path / "missing folder" / "x.png")


def test_importing_vision_imports_no_extra():
    code = (
        "import sys, dark.vision\n"
        "extras = ('PIL', 'cv2', 'pooch', 'scipy', 'matplotlib', 'torch', 'numba', 'multiprocessing')\n"
        "print([name for name in extras if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
