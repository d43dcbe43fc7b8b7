"""The data of sample 5.1: where they are looked for, how they are divided, what is refused."""  # beyond

import numpy as np
import pytest

from dark_samples.catalogue import SampleError
from drawn_samples import SAMPLES, draw_nothing, empty_machine, need_opencv

SAMPLE = SAMPLES["5.1"]


@pytest.fixture
def places(monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine, with few drawn faces."""
    yield from empty_machine(SAMPLE, monkeypatch, tmp_path)


@pytest.fixture
def undrawn(places, monkeypatch):
    """`places` where a face takes no time: all are the same."""
    draw_nothing(SAMPLE, monkeypatch)
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
        need_opencv()
    folder = None if drawn else photographs(tmp / "mine", [f"{i:02}" for i in range(40)])
    part, whole = data.load(folder, quick=True), data.load(folder)
    for some, all_of_them, count in zip(part[1:], whole[1:], (6, 6, 3, 3), strict=True):
        assert len(all_of_them) > len(some) == count
        np.testing.assert_array_equal(some, all_of_them[:count])


# What is refused


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
