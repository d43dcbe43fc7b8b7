"""WIDERFace and MTFL: small files of exactly their formats, found, refused, downloaded."""  # dark-7

import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import dark
from dark.vision import tv_tensors
from dark.vision.datasets import MTFL, DrawnFaces, WIDERFace
from dark.vision.datasets.mnist import cache_folder
from dark.vision.datasets.mtfl import box_around

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read pictures with")

FACES = {  # x, y, width, height, blur, expression, illumination, invalid, occlusion, pose
    "0--Parade/0_Parade_1.jpg": ["20 5 12 14 0 0 0 0 0 0 ", "3 4 0 9 2 0 0 1 0 0 ", "1 2 3 4 1 1 1 0 2 1 "],
    "0--Parade/0_Parade_2.jpg": [],
    "9--Press_Conference/9_Press_3.jpg": ["-1 0 40 30 0 0 0 0 1 0 "],
}
NAMES = list(FACES)
NONE = "0 0 0 0 0 0 0 0 0 0 "
TRAIN = "".join(
    "\n".join([name, f"{len(faces)} ", *(faces or [NONE]), ""]) for name, faces in FACES.items()
)
PARTS = "train", "val", "test"
LIST = "wider_face_split/wider_face_train_bbx_gt.txt"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def gray(name):
    """A picture of one gray, which JPEG keeps as it is; its height and width are its own too."""
    return np.full((20 + len(name), 40, 3), 5 * len(name), np.uint8)


def jpeg(name):
    file = io.BytesIO()
    Image.fromarray(gray(name)).save(file, "JPEG", quality=95)
    return file.getvalue()


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def wider():
    """The files of WIDER FACE by their names: the pictures of each part are the same."""
    files = {LIST: TRAIN, LIST.replace("train", "val"): TRAIN.replace("\n", "\r\n")}
    files["wider_face_split/wider_face_test_filelist.txt"] = "\n".join(NAMES) + "\n"
    return files | {f"WIDER_{part}/images/{name}": jpeg(name) for part in PARTS for name in NAMES}


# --- WIDERFace ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["root/widerface", "root", "cache/WIDERFace/widerface"])
@pytest.mark.parametrize("split", ["train", "val"])
def test_faces_are_read_as_they_were_written(tmp_path, place, split):
    write(tmp_path / place, wider())
    data = WIDERFace(str(tmp_path / "root"), split)
    assert len(data) == 3
    columns = "blur", "expression", "illumination", "invalid", "occlusion", "pose"
    for name, (image, target) in zip(NAMES, data, strict=True):
        assert (type(image), image.dtype) == (tv_tensors.Image, dark.uint8)
        np.testing.assert_array_equal(image.numpy(), gray(name).transpose(2, 0, 1))
        assert set(target) == {"bbox", *columns}
        assert {part.dtype for part in target.values()} == {dark.int64}
        rows = np.array([face.split() for face in FACES[name]], int).reshape(-1, 10)
        np.testing.assert_array_equal(target["bbox"].numpy(), rows[:, :4])
        for i, column in enumerate(columns, 4):
            np.testing.assert_array_equal(target[column].numpy(), rows[:, i])
    pixels, rows = data.arrays(0)
    np.testing.assert_array_equal(pixels, gray(NAMES[0]))
    assert (rows.shape, rows.dtype) == ((3, 10), np.int64)
    assert f"Split: {split}" in repr(data)


def test_the_pictures_to_test_with_have_no_boxes(tmp_path):
    data = WIDERFace(write(tmp_path, wider()), "test")
    assert [target for _, target in data] == [None] * 3
    np.testing.assert_array_equal(data[2][0].numpy()[0], gray(NAMES[2])[..., 0])


def test_a_changed_target_leaves_the_data_as_they_are(tmp_path):
    data = WIDERFace(write(tmp_path, wider()))
    data[0][1]["bbox"][0] = 77
    assert data[0][1]["bbox"][0].tolist() == [20, 5, 12, 14]


def test_transforms_get_the_picture_and_the_boxes(tmp_path):
    folder = write(tmp_path, wider())
    data = WIDERFace(folder, transform=lambda image: 1, target_transform=lambda target: len(target["bbox"]))
    assert [*data] == [(1, 3), (1, 0), (1, 1)]


def test_a_list_may_leave_out_the_zeros_of_a_picture_without_faces_and_have_empty_lines(tmp_path):
    text = TRAIN.replace(f"{NONE}\n", "") + "\n\n"
    data = WIDERFace(write(tmp_path, wider() | {LIST: text}))
    assert [len(target["bbox"]) for _, target in data] == [3, 0, 1]


def test_a_list_may_begin_with_a_byte_order_mark(tmp_path):
    assert len(WIDERFace(write(tmp_path / "w", wider() | {LIST: "\ufeff" + TRAIN}))) == 3
    marked = {"training.txt": "\ufeff" + mtfl()["training.txt"]}
    assert len(MTFL(write(tmp_path / "m", mtfl() | marked))) == 2


LINES = TRAIN.splitlines()
WIDER_FAULTS = [
    ("", "it names no picture"),
    ("\n".join(LINES[:1]), r"line 1: expected the number of faces of .*_1\.jpg in the next .* the file ends"),
    ("\n".join(LINES[:4]), "line 2: it announces 3 faces of .* and 2 lines are left"),
    ("\n".join([LINES[0], "2", *LINES[2:]]), "line 5: expected the name of a picture, .* got '1 2 3 4"),
    ("\n".join([LINES[0], "4", *LINES[2:]]), r"line 6: expected face 4 of 4 of .*_1\.jpg, .* got '0--"),
    ("\n".join([LINES[0], "many", *LINES[2:]]), "line 1: .* in the next line, but 'many' follows"),
    ("\n".join([LINES[0], "-1", *LINES[2:]]), "line 1: .* in the next line, but '-1' follows"),
    (TRAIN.replace("20 5 12 14", "20 5 12 14.5"), "line 3: expected face 1 of 3"),
    (TRAIN.replace("2 1 \n", "2\n"), "line 5: expected face 3 of 3"),
    (TRAIN.replace("Parade_2", "Parade_7"), r"line 6: there is no picture .*0_Parade_7\.jpg"),
    (TRAIN[:-10], "line 11: expected face 1 of 1"),
    (TRAIN.replace("20 5 12 14", f"20 5 {10**20} 14"), "line 3: expected face 1 of 3"),
    ("\n".join([LINES[0], "9" * 5000, *LINES[2:]]), "line 1: expected the number of faces"),
]


@pytest.mark.parametrize(("text", "message"), WIDER_FAULTS, ids=range(len(WIDER_FAULTS)))
def test_a_damaged_list_is_named_with_the_line(tmp_path, text, message):
    folder = write(tmp_path, wider() | {LIST: text})
    with pytest.raises((ValueError, OSError), match=message) as caught:
        WIDERFace(folder)
    assert str(caught.value).startswith(str(folder / LIST))
    assert len(WIDERFace(folder, "val")) == 3


@pytest.mark.parametrize("content", [b"no picture", jpeg(NAMES[0])[:300]])
def test_a_damaged_picture_is_named(tmp_path, content):
    folder = write(tmp_path, wider() | {f"WIDER_train/images/{NAMES[0]}": content})
    with pytest.raises(OSError, match=r"0_Parade_1\.jpg: not a picture, or damaged"):
        WIDERFace(folder)[0]


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(ValueError, match="split must be 'train', 'val' or 'test', got 'trainval'"):
        WIDERFace(tmp_path, "trainval")
    with pytest.raises(RuntimeError) as caught:
        WIDERFace(tmp_path / "nowhere")
    for part in ("WIDER_train", str(tmp_path / "nowhere" / "widerface"), str(cache_folder()), "download="):
        assert part in str(caught.value)
    folder = write(tmp_path, wider())
    (folder / LIST).unlink()
    with pytest.raises(FileNotFoundError, match=r"there is no file .*train_bbx_gt\.txt"):
        WIDERFace(folder)


# --- Download ----------------------------------------------------------------------------------------------


@pytest.fixture
def net(monkeypatch):
    """Stands in for the download: a list of what was fetched; `files` are in the archives, `broken` fails."""
    pooch = pytest.importorskip("pooch")

    class Net(list):
        broken, files = "nothing", wider()

    net = Net()

    def retrieve(url, known_hash, path, fname):
        if net.broken in url:
            raise OSError("no route to host")
        net.append((url, known_hash))
        archive = Path(path, fname)
        archive.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive, "w") as files:
            for name, content in net.files.items():
                if fname.removesuffix(".zip") in name:
                    files.writestr(name, content)
        return str(archive)

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    return net


def test_download_fetches_what_a_split_needs_once(tmp_path, net):
    assert len(WIDERFace(tmp_path, "val", download=True)) == 3
    place = "https://huggingface.co/datasets/CUHK-CSE/wider_face/resolve/main/data"
    assert net == [
        (f"{place}/WIDER_val.zip", "sha256:f9efbd09f28c5d2d884be8c0eaef3967158c866a593fc36ab0413e4b2a58a17a"),
        (f"{place}/wider_face_split.zip", "sha256:" + WIDERFace.archives["wider_face_split"]),
    ]
    with pytest.raises(RuntimeError, match="are in none of"):
        WIDERFace(tmp_path)
    WIDERFace(tmp_path, download=True)
    WIDERFace(tmp_path, "val", download=True)
    assert [url.rpartition("/")[2] for url, _ in net[2:]] == ["WIDER_train.zip"]
    kept = {path.name for path in (tmp_path / "widerface").rglob("*") if path.is_file()}
    assert kept == {Path(name).name for name in net.files}
    WIDERFace(None, "test", download=True)
    assert (cache_folder() / "WIDERFace" / "widerface" / "WIDER_test").is_dir()


def test_a_download_that_breaks_off_is_completed_later(tmp_path, net):
    net.broken = "split"
    with pytest.raises(RuntimeError, match=r"WIDERFace: download failed: https://.*no route to host"):
        WIDERFace(tmp_path, download=True)
    net.broken = "nothing"
    assert len(WIDERFace(tmp_path, download=True)) == 3
    assert len(net) == 2


def test_no_member_of_an_archive_chooses_where_it_goes(tmp_path, net):
    evil = (
        "../WIDER_train/out.jpg", "/WIDER_train/out.jpg", "WIDER_train/../../out.jpg", "WIDER_train/.out.jpg",
        "__MACOSX/WIDER_train/out.jpg", "WIDER_train/out.exe",
    )  # fmt: skip
    net.files = dict.fromkeys(evil, b"x") | wider()
    WIDERFace(tmp_path / "root", download=True)
    assert not [path for path in tmp_path.rglob("*") if "out" in path.name]


def test_without_pooch_or_pillow_the_error_says_what_to_install(tmp_path, monkeypatch):
    faces, points = WIDERFace(write(tmp_path / "w", wider())), MTFL(write(tmp_path / "m", mtfl()))
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match="pip install pooch"):
        WIDERFace(tmp_path, download=True)
    monkeypatch.setitem(sys.modules, "PIL", None)
    for data in (faces, points):
        with pytest.raises(ImportError, match=f"{type(data).__name__} needs Pillow.*pip install pillow"):
            data[0]


# --- MTFL --------------------------------------------------------------------------------------------------

# x of eyes, nose and mouth, then y. From the eyes of the first face to its mouth it is 8 pixels.
FIRST = "16.000000 24.000000 20.000000 17.000000 23.000000 8.000000 8.000000 13.000000 16.000000 16.000000"
SECOND = "12.500000 21.250000 19.000000 13.250000 22.000000 30.5 28.25 36.5 41.0 39.25"
POINTS = {"lfw_5590\\Ann_0001.jpg": f"{FIRST} 1 2 2 3", "net_7876\\0.jpg": f"{SECOND} 2 1 1 5"}


def mtfl():
    """The files of MTFL by their names; its lines begin with a blank, its folders end in backslashes."""
    files = {name.replace("\\", "/"): jpeg(name) for name in POINTS} | {"AFLW/1-image2.jpg": jpeg("AFLW")}
    files["training.txt"] = "".join(f" {name} {numbers}\n" for name, numbers in POINTS.items()) + " \n"
    return files | {"testing.txt": f" AFLW/1-image2.jpg {SECOND} 1 1 1 1\r\n"}


def test_points_are_read_as_they_were_written(tmp_path):
    data = MTFL(str(write(tmp_path, mtfl())))
    assert (len(data), len(MTFL(tmp_path, "test"))) == (2, 1)
    for (name, numbers), (image, target) in zip(POINTS.items(), data, strict=True):
        assert (type(image), image.dtype) == (tv_tensors.Image, dark.uint8)
        np.testing.assert_array_equal(image.numpy(), gray(name).transpose(2, 0, 1))
        numbers = [float(number) for number in numbers.split()]
        points = target["landmarks"]
        assert (type(points), points.dtype) == (tv_tensors.KeyPoints, dark.float32)
        assert points.tolist() == [[x, y] for x, y in zip(numbers[:5], numbers[5:10], strict=True)]
        assert [target[name] for name in ("gender", "smile", "glasses", "pose")] == numbers[10:]
    np.testing.assert_allclose(data[0][1]["bbox"].numpy(), [[11.2, -0.4, 17.6, 22]], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(data.arrays(0)[1], [[11.2, -0.4, 28.8, 21.6]], rtol=1e-5, atol=1e-5)
    assert "Split: train" in repr(data)
    data = MTFL(tmp_path, transform=lambda image: 1, target_transform=lambda target: target["pose"])
    assert [*data] == [(1, 3), (1, 5)]


def test_a_box_turns_and_moves_with_its_face():
    face = np.array([(-4, -4), (4, -4), (0, 0), (-3, 4), (3, 4)], np.float32)
    left, top, right, bottom = box_around(face)
    np.testing.assert_allclose(box_around(3 * face + 100), 3 * box_around(face) + 100, rtol=1e-6)
    np.testing.assert_allclose([left, right, top, bottom], [-8.8, 8.8, -12.4, 9.6], rtol=1e-6)
    quarter = np.stack([-face[:, 1], face[:, 0]], 1)  # lying on its side
    np.testing.assert_allclose(box_around(quarter), [-bottom, left, -top, right], rtol=1e-5, atol=1e-5)
    face[2, 0] += 2  # it looks to the right, so its cheek is to the left of eyes and mouth
    np.testing.assert_allclose(box_around(face), [left - 2, top, right - 2, bottom], rtol=1e-6)


def test_boxes_hold_the_faces_that_are_drawn():
    """From chin to brows and from cheek to cheek, with a forehead above, turned and tilted as they are."""
    pytest.importorskip("cv2", reason="OpenCV is not installed: nothing to draw with")
    overlaps = []
    faces = DrawnFaces(40, size=16)
    for i in range(len(faces)):
        points = faces.arrays(i)[1]
        eyes = points[36:42].mean(0), points[42:48].mean(0)
        left, top, right, bottom = box_around(np.array([*eyes, points[30], points[48], points[54]]))
        low, high = points.min(0), points.max(0)
        assert top < low[1]
        low[1] -= 0.3 * (high[1] - low[1])
        both = np.minimum((right, bottom), high) - np.maximum((left, top), low)
        total = (right - left) * (bottom - top) + np.prod(high - low)
        overlaps.append(both.prod() / (total - both.prod()))
    assert np.mean(overlaps) > 0.75
    assert np.min(overlaps) > 0.55


ANN = "lfw_5590\\Ann_0001.jpg"
MTFL_FAULTS = [
    ("", "it names no picture"),
    (f"{ANN} {FIRST} 1 2 2 3\n{ANN} {FIRST[:40]}", "line 2: expected a picture and 14 numbers, got 5 words"),
    (f"{ANN} {FIRST} 1 2 2 3 1", "line 1: expected a picture and 14 numbers, got 16 words"),
    (f"{ANN} {FIRST.replace('16.', 'x.')} 1 2 2 3", "line 1: expected ten coordinates"),
    (f"{ANN} {FIRST} 1 2 2 3.5", "line 1: expected ten coordinates and four whole numbers after lfw_"),
    (f"{ANN} {FIRST} 1 2 2 6", "line 1: expected 1 to 5 for pose, got 6"),
    (f"{ANN} {FIRST} 0 2 2 3", "line 1: expected 1 to 2 for gender, got 0"),
    (f"{ANN} {FIRST.replace('20.000000', 'nan')} 1 2 2 3", "line 1: these five points are no face"),
    (f"{ANN} {'5 ' * 10} 1 2 2 3", "line 1: these five points are no face"),
    (f"{ANN} {FIRST.replace('20.000000', '1e60')} 1 2 2 3", "line 1: these five points are no face"),
    (f"lfw_5590\\Bob.jpg {FIRST} 1 2 2 3", r"line 1: there is no picture .*Bob\.jpg"),
]


@pytest.mark.parametrize(("text", "message"), MTFL_FAULTS, ids=range(len(MTFL_FAULTS)))
def test_a_damaged_list_of_points_is_named_with_the_line(tmp_path, text, message):
    folder = write(tmp_path, mtfl() | {"training.txt": text})
    with pytest.raises((ValueError, OSError), match=message) as caught:
        MTFL(folder)
    assert str(caught.value).startswith(str(folder / "training.txt"))


def test_a_missing_list_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"MTFL: there is no file .*testing\.txt"):
        MTFL(tmp_path, "test")
    with pytest.raises(ValueError, match="split must be 'train' or 'test', got 'val'"):
        MTFL(tmp_path, "val")
