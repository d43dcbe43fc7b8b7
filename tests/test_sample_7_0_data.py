"""The data of sample 7.0: where they are looked for, divided and cut out, what is refused."""  # beyond

import contextlib
import importlib

import numpy as np
import pytest

from dark_samples.catalogue import SampleError
from drawn_samples import SAMPLES, draw_nothing, empty_machine, need_opencv

SAMPLE = SAMPLES["7.0"]
COUNTS, FEW = SAMPLE.counts, SAMPLE.few
NO_PHOTOGRAPHS = "drawn scenes (no photographs found)"
CLEAR, UNCLEAR = "0 0 0 0 0 0", "2 0 0 1 2 0"


@pytest.fixture
def places(monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine, with few drawn scenes."""
    yield from empty_machine(SAMPLE, monkeypatch, tmp_path)


@pytest.fixture
def undrawn(places, monkeypatch):
    """`places` where a scene takes no time: all are the same."""
    draw_nothing(SAMPLE, monkeypatch)
    return places


@pytest.fixture
def photographs(places):
    """The module that makes scenes of photographs."""
    return importlib.import_module("db.photographs")


@pytest.fixture
def Image():
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read pictures with")


def save(Image, path, gray, size=(200, 100)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (gray,) * 3).save(path)


def wider(Image, folder, learn=20, test=3, faces=(f"40 20 50 60 {CLEAR}",)):
    """WIDER FACE's folders: every picture has a gray of its own, 10 and more, and the same faces."""
    for part, grays in (("train", range(10, 10 + learn)), ("val", range(10 + learn, 10 + learn + test))):
        lines = []
        for gray in grays:
            save(Image, folder / f"WIDER_{part}" / "images" / "0--Parade" / f"{gray}.jpg", gray)
            lines += [f"0--Parade/{gray}.jpg", str(len(faces)), *faces]
        path = folder / "wider_face_split" / f"wider_face_{part}_bbx_gt.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
    return folder


def mtfl(Image, folder, learn=20, test=3):
    """MTFL's folder, likewise."""
    points = "70 90 80 70 90 40 40 50 60 60 1 2 2 3"  # around (80, 48): 44 wide and 55 high
    lines = []
    for gray in range(10, 10 + learn + test):
        save(Image, folder / "net" / f"{gray}.jpg", gray)
        lines.append(f" net\\{gray}.jpg {points}\n")
    (folder / "training.txt").write_text("".join(lines[:learn]))
    (folder / "testing.txt").write_text("".join(lines[learn:]))
    return folder


def grays(part):
    """The gray of every picture."""
    assert part.images.dtype == np.uint8
    assert part.images.shape[1:] == (128, 128, 3)
    assert (part.images == part.images[:, :1, :1]).all()
    return part.images[:, 0, 0, 0].tolist()


# Where the data are looked for


def test_the_order_of_the_search(undrawn, Image):
    data, _, tmp = undrawn
    assert data.load().source == NO_PHOTOGRAPHS
    assert data.load(quick=True).source == f"{NO_PHOTOGRAPHS}, a small part"
    cache = mtfl(Image, tmp / "cache" / "MTFL")
    assert data.load().source == f"MTFL from the cache ({cache})"
    cache = wider(Image, tmp / "cache" / "WIDERFace" / "widerface").parent
    assert data.load().source == f"WIDER FACE from the cache ({cache})"
    mine = mtfl(Image, tmp / "mine" / "MTFL").parent
    assert data.load(mine, quick=True).source == f"MTFL from the folder {mine}, a small part"
    assert data.load(drawn=True).source == "drawn scenes"
    assert data.load(classes=2).source == "drawn scenes"


def test_a_download_is_made_where_it_is_allowed(undrawn, Image, monkeypatch, capsys):
    data, prepare, tmp = undrawn
    calls = []

    def download(faces):
        calls.append((faces.root, faces.split))
        return wider(Image, tmp / "cache" / "WIDERFace" / "widerface")

    monkeypatch.setattr(prepare.WIDERFace, "download", download)
    assert data.load(download=True).source == "WIDER FACE, downloaded"
    assert "Downloading WIDER FACE (1.8 GB) ..." in capsys.readouterr().out
    assert data.load(download=True).source.startswith("WIDER FACE from the cache")
    assert calls == [(None, "train")]


def test_a_download_that_fails_says_what_would_be_used_without_it(undrawn, monkeypatch):
    data, prepare, tmp = undrawn

    def download(_):
        raise RuntimeError("WIDERFace: download failed: no route to host")

    monkeypatch.setattr(prepare.WIDERFace, "download", download)
    with pytest.raises(SampleError, match=r"no route to host\. Without the download, drawn scenes are used"):
        data.load(download=True)
    assert not (tmp / "cache").exists()


# How they are divided


@pytest.mark.parametrize("kind", [wider, mtfl])
def test_no_photograph_is_in_two_parts(places, Image, kind):
    data, _, tmp = places
    scenes = data.load(kind(Image, tmp / "mine"))
    assert [grays(part) for part in scenes[2:]] == [
        [gray for gray in range(10, 30) if gray not in (19, 29)], [19, 29], [30, 31, 32],
    ]  # fmt: skip
    assert scenes.classes == ("face",)
    for part in scenes[2:]:
        assert [labels.tolist() for labels in part.labels] == [[0]] * len(part.images)
        assert {boxes.dtype for boxes in part.boxes} == {np.dtype(np.float32)}


def test_a_photograph_to_test_with_is_none_to_learn_from(places, Image):
    data, _, tmp = places
    folder = mtfl(Image, tmp / "mine")
    with open(folder / "testing.txt", "a") as file:
        file.write((folder / "training.txt").read_text().splitlines()[5])
    with pytest.raises(SampleError, match=r"mine: net/15\.jpg is among the pictures to learn from and"):
        data.load(folder)


def test_quick_takes_photographs_from_everywhere(places, Image):
    data, _, tmp = places
    train, validation, test = map(grays, data.load(wider(Image, tmp / "mine", 30, 4), quick=True)[2:])
    assert (train, validation, test) == ([10, 14, 18, 23, 27, 32], [19, 29, 39], [40, 42])


def test_drawn_parts_share_no_scene_and_quick_takes_the_first_of_each(places):
    """A test set that is the training set would report the training loss."""
    need_opencv()
    data, _, _ = places
    few, whole, two = data.load(quick=True), data.load(), data.load(classes=2)
    for some, part, both, count, full in zip(few[2:], whole[2:], two[2:], FEW, COUNTS, strict=True):
        assert (len(some.images), len(some.boxes), len(some.labels)) == (count,) * 3
        assert len(part.images) == full
        np.testing.assert_equal(some, data.Part(*(array[:count] for array in part)))
        np.testing.assert_equal(both[:2], part[:2])
        assert list(map(len, part.boxes)) == list(map(len, part.labels))
    assert len({image.tobytes() for part in whole[2:] for image in part.images}) == sum(COUNTS)
    assert (whole.classes, two.classes) == (("face",), ("bareheaded", "covered"))
    assert set(np.concatenate(whole.train.labels)) == {0}
    assert set(np.concatenate(two.train.labels)) == {0, 1}


# How photographs become scenes


def test_a_photograph_stays_whole_where_its_faces_are_large_enough(places, Image):
    data, _, tmp = places
    scenes = data.load(wider(Image, tmp / "wider"))  # 200 by 100, shrunk to 128 by 64 below a bar of 32
    np.testing.assert_allclose(scenes.train.boxes[0], 0.64 * np.array([[40, 70, 90, 130]]), rtol=1e-6)
    scenes = data.load(mtfl(Image, tmp / "mtfl"))
    np.testing.assert_allclose(scenes.test.boxes[1], 0.64 * np.array([[58, 69, 102, 124]]), rtol=1e-5)


def test_boxes_are_where_their_faces_are(photographs, Image):
    """Faces of any size, each in a color of its own, in pictures of any shape: a box has one color."""
    rng = np.random.default_rng(0)
    seen = 0
    for _ in range(60):
        pixels = np.zeros((*rng.integers(100, 900, 2), 3), np.uint8)
        boxes = []
        for i in range(rng.integers(1, 12)):
            width, height = 1.1 ** rng.uniform(30, 50, 2)
            left, top = rng.uniform(0, pixels.shape[1::-1])
            box = np.round([left, top, left + width, top + height])
            if all((box[:2] >= other[2:]).any() or (box[2:] <= other[:2]).any() for other in boxes):
                x, y, right, bottom = box.astype(int)
                pixels[y:bottom, x:right] = (200, 20 * i, 9)
                boxes.append(box)
        boxes = np.array(boxes, np.float32)
        scene = photographs.scene_of(pixels, boxes, np.ones(len(boxes), bool))
        if scene is not None:
            image, found = scene
            assert (image.shape, image.dtype, found.dtype) == ((128, 128, 3), np.uint8, np.float32)
            assert 1 <= len(found) <= 8
            assert (found >= 0).all()
            assert (found <= 128).all()
            assert (found[:, 2:] - found[:, :2] >= 12).all()
            for left, top, right, bottom in found:
                inside = image[int(top) + 2 : int(bottom) - 2, int(left) + 2 : int(right) - 2]
                assert (inside == inside[:1, :1]).all()
                assert inside[0, 0, 0] == 200
                seen += 1
    assert seen > 60


def squares_of(photographs, pixels, *faces, clear=None):
    """The boxes of the scene that a picture of this shape becomes, or None."""
    faces = np.array(faces, np.float32).reshape(-1, 4)
    clear = np.ones(len(faces), bool) if clear is None else np.array(clear)
    scene = photographs.scene_of(np.zeros((*pixels, 3), np.uint8), faces, clear)
    return scene and scene[1].round(1).tolist()


def test_a_part_is_taken_where_faces_in_the_whole_are_too_small_many_or_unclear(photographs, Image):
    large = 600, 600, 700, 700
    assert squares_of(photographs, (1024, 1024), large) == [[75, 75, 87.5, 87.5]]
    for other, clear in (((10, 10, 40, 40), True), ((10, 10, 310, 310), False)):
        boxes = squares_of(photographs, (1024, 1024), large, other, clear=[True, clear])
        ((left, top, right, bottom),) = boxes
        assert right - left == bottom - top > 16
    crowd = [(x, 8, x + 100, 108) for x in range(0, 1000, 110)]
    assert 1 <= len(squares_of(photographs, (1024, 1024), *crowd)) <= 8


def test_a_face_at_the_edge_is_cut_off_with_its_box(photographs, Image):
    """Most of it, that is; with a third of a face in it, a picture makes no scene."""
    first = [10, 10, 50, 50]
    assert squares_of(photographs, (128, 128), first, (-20, 70, 40, 120)) == [first, [0, 70, 40, 120]]
    assert squares_of(photographs, (128, 128), first, (-40, 70, 20, 120)) is None
    assert squares_of(photographs, (128, 128), first, (-50, 70, 10, 120)) == [first]


def test_pictures_without_a_scene_are_left_out(photographs, Image):
    assert squares_of(photographs, (256, 256)) is None
    assert squares_of(photographs, (256, 256), (3, 3, 10, 10)) is None
    assert squares_of(photographs, (256, 256), (3, 3, 100, 100), clear=[False]) is None


def test_boxes_without_width_or_height_mark_nothing(places, Image):
    data, _, tmp = places
    faces = f"40 20 50 60 {CLEAR}", f"3 3 0 9 {UNCLEAR}", f"3 3 9 0 {CLEAR}"
    scenes = data.load(wider(Image, tmp / "mine", faces=faces))
    assert list(map(len, scenes.test.boxes)) == [1, 1, 1]


def test_scenes_are_kept_until_a_file_changes(places, photographs, Image, monkeypatch):
    data, _, tmp = places
    folder = wider(Image, tmp / "mine", 30)
    calls, scene_of = [], photographs.scene_of
    monkeypatch.setattr(photographs, "scene_of", lambda *what: calls.append(1) or scene_of(*what))
    data.load(folder, quick=True)
    assert (len(calls), (tmp / "cache").exists()) == (sum(FEW), False)  # a part is not kept
    first, again = data.load(folder), data.load(folder)
    assert len(calls) == sum(FEW) + 33
    np.testing.assert_equal(first, again)
    with contextlib.suppress(OSError):  # where links need rights
        (folder / "link").symlink_to(tmp / "nowhere")
    np.testing.assert_equal(data.load(folder), first)
    assert len(calls) == sum(FEW) + 33
    save(Image, folder / "WIDER_train" / "images" / "0--Parade" / "10.jpg", 200, (201, 100))
    assert grays(data.load(folder).train)[0] == 200


# What is refused


def test_a_named_folder_with_something_else_is_an_error(undrawn, Image):
    data, _, tmp = undrawn
    wider(Image, tmp / "cache" / "WIDERFace" / "widerface")  # must not stand in
    (tmp / "mine" / "WIDER_train").mkdir(parents=True)
    (tmp / "mine" / "wider_face_split").mkdir()
    with pytest.raises(FileNotFoundError, match="mine has neither WIDER FACE's folders"):
        data.load(tmp / "mine")


def test_classes_that_are_not_there_are_errors(undrawn, Image):
    data, _, tmp = undrawn
    with pytest.raises(SampleError, match="there are 1 or 2 classes, not 3"):
        data.load(classes=3)
    with pytest.raises(SampleError, match="photographs do not say which heads are bareheaded or covered"):
        data.load(wider(Image, tmp / "mine"), classes=2)


def test_a_damaged_photograph_or_list_is_named_with_its_line(places, Image):
    data, _, tmp = places
    folder = wider(Image, tmp / "mine")
    (folder / "WIDER_train" / "images" / "0--Parade" / "17.jpg").write_bytes(b"no picture")
    with pytest.raises(OSError, match=r"17\.jpg: not a picture, or damaged"):
        data.load(folder)
    path = folder / "wider_face_split" / "wider_face_val_bbx_gt.txt"
    path.write_text(path.read_text()[:-5])
    with pytest.raises(SampleError, match=r"val_bbx_gt\.txt, line 9: expected face 1 of 1"):
        data.load(folder)
    assert not (tmp / "cache").exists() or not any((tmp / "cache").iterdir())


def test_too_few_photographs_and_too_small_faces_are_errors(places, Image):
    data, _, tmp = places
    with pytest.raises(SampleError, match="12 photographs are too few for three parts"):
        data.load(wider(Image, tmp / "few", 9, 3))
    with pytest.raises(SampleError, match="small: none of 18 photographs has a part with 1 to 8 faces of 12"):
        data.load(wider(Image, tmp / "small", faces=(f"40 20 5 6 {CLEAR}",)))


@pytest.mark.parametrize(("what", "array", "message"), [
    ("counts", np.ones(11, np.int64), "it has 11 rows, and 12 are expected"),
    ("boxes", np.ones((11, 4), np.float32), "it has 11 rows, and 12 are expected"),
    ("labels", np.ones(13, np.int64), "it has 13 rows, and 12 are expected"),
    ("counts", np.array([3, -1] + [1] * 10, np.int64), "it says that a picture has -1 faces"),
])  # fmt: skip
def test_files_of_the_cache_that_do_not_fit_are_named(undrawn, what, array, message):
    data, _, tmp = undrawn
    data.load()
    (path,) = (tmp / "cache").glob(f"*/train-{what}.npy")
    np.save(path, array)
    with pytest.raises(SampleError, match=rf"train-{what}\.npy: damaged: {message}\. Delete .*drawn-scenes"):
        data.load()


def test_a_preview_frames_the_faces(places):
    data, prepare, _ = places
    images = np.full((2, 128, 128, 3), 9, np.uint8)
    boxes, labels = [np.array([[4.6, 10, 128, 60]]), np.zeros((0, 4))], [np.array([1]), np.zeros(0, int)]
    part = data.Part(images, boxes, labels)
    grid = prepare.preview(part, columns=2, rows=2)
    assert grid.shape == (256, 256, 3)
    framed = (grid == prepare.COLORS[1]).all(2)
    expected = np.zeros((256, 256), bool)
    expected[10:60, 4:128] = True
    expected[11:59, 5:127] = False
    np.testing.assert_array_equal(framed, expected)
    assert (images == 9).all()
