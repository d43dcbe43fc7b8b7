"""Photographs for the samples' networks: files and folders of any kind, and a camera."""  # beyond

import io
from pathlib import Path

import numpy as np
import pytest

from camera import Camera, Screen
from dark_samples import Run, photos
from dark_samples.catalogue import SampleError

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")


@pytest.mark.parametrize(("mode", "ending"), [("RGB", "png"), ("L", "jpg"), ("RGBA", "png"), ("P", "gif")])
def test_photographs_of_any_kind_are_read(tmp_path, mode, ending):
    Image.new("RGB", (30, 20), (204, 204, 204)).convert(mode).save(tmp_path / f"a.{ending}")
    photo = photos.read_photo(tmp_path / f"a.{ending}")
    assert (photo.shape, photo.dtype) == ((20, 30, 3), np.uint8)
    assert abs(photo.astype(int) - 204).max() < 4


def test_a_photograph_taken_upright_is_read_upright(tmp_path):
    exif = Image.Exif()
    exif[274] = 6  # the camera was turned
    Image.new("RGB", (30, 20)).save(tmp_path / "a.jpg", exif=exif)
    assert photos.read_photo(tmp_path / "a.jpg").shape == (30, 20, 3)


def test_what_is_transparent_is_white(tmp_path):
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert (photos.read_photo(tmp_path / "a.png") == 255).all()


def test_a_photograph_that_is_too_large_is_named(tmp_path, monkeypatch):
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 200)
    with pytest.raises(SampleError, match=r"a\.png is too large: .*600 pixels"):
        photos.read_photo(tmp_path / "a.png")


def test_a_file_that_is_no_picture_is_named(tmp_path):
    (tmp_path / "a.jpg").write_text("no picture")
    Image.effect_noise((90, 90), 50).save(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").write_bytes((tmp_path / "b.jpg").read_bytes()[:-900])
    for name in ("a.jpg", "b.jpg"):
        with pytest.raises(SampleError, match=rf"{name} is no picture, or a damaged one"):
            photos.read_photo(tmp_path / name)
    with pytest.raises(FileNotFoundError, match=r"c\.jpg"):
        photos.read_photo(tmp_path / "c.jpg")


def test_a_picture_is_written_as_it_is(tmp_path):
    for channels in (3, 4):
        pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
        (tmp_path / "a.png").write_bytes(photos.png_of(pixels))
        with Image.open(tmp_path / "a.png") as picture:
            np.testing.assert_array_equal(np.array(picture), pixels)


def test_files_of_one_name_do_not_replace_each_other():
    files = [Path(name) for name in ("a.jpg", "a-2.png", "b/a.png", "c/a.jpg", "b.c.jpg")]
    assert photos.names_of(files) == ["a", "a-2", "a-3", "a-4", "b.c"]
    assert photos.names_of([Path("a.jpg"), Path("A.png")]) == ["a", "A-2"]


def test_a_folder_stands_for_the_pictures_in_it(tmp_path):
    for name in ("b.PNG", "a.jpeg", "c.txt", ".d.png", "e"):
        (tmp_path / name).write_text("")
    (tmp_path / "f.png").mkdir()
    some = [tmp_path / "c.txt", tmp_path / "nowhere.png"]  # what is named is read, or said to be missing
    expected = [some[0], tmp_path / "a.jpeg", tmp_path / "b.PNG", some[1]]
    assert photos.picture_files([some[0], tmp_path, some[1]]) == expected


def test_a_folder_without_pictures_is_named(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("")
    with pytest.raises(SampleError, match=r"mine has no pictures in it: files that end in .*\.jpeg, \.jpg, "):
        photos.picture_files([tmp_path / "mine"])


# The camera


@pytest.fixture
def camera(monkeypatch):
    """A camera that sees something blue on the left, five times."""
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to read a camera with")
    frame = np.zeros((4, 8, 3), np.uint8)
    frame[:, 2] = 255, 0, 0  # OpenCV has blue first
    camera = Camera([frame] * 5)
    monkeypatch.setattr(cv2, "VideoCapture", lambda number: camera)
    return camera


def test_what_the_camera_sees_comes_mirrored_and_in_rgb(camera):
    seen = photos.camera_photos()
    photo = next(seen)
    assert photo[0].tolist() == [[0, 0, 0]] * 5 + [[0, 0, 255]] + [[0, 0, 0]] * 2
    photo[:] = 7  # may be drawn into
    assert len([*zip(range(4), seen, strict=False)]) == 4
    with pytest.raises(SampleError, match="no camera"):
        next(seen)
    assert camera.released


def test_the_camera_is_shown_until_the_window_is_closed(camera, tmp_path):
    def mark(photo):
        photo[0, 0] = 200, 0, 0
        return photo

    run = Run("7.0", "dark", tmp_path)
    with pytest.raises(SampleError, match="no screen"):
        photos.show_camera(run, mark)
    assert len(camera.frames) == 5  # it was not switched on
    run.screen = Screen()
    photos.show_camera(run, mark)
    assert (len(run.screen.shown), len(camera.frames), camera.released) == (2, 3, True)
    with Image.open(io.BytesIO(run.screen.shown[0])) as picture:
        shown = np.array(picture)
    assert (shown[0, 0].tolist(), shown[3, 5].tolist()) == ([200, 0, 0], [0, 0, 255])
