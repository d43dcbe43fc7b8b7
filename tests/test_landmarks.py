"""LandmarkFolder: points in all formats, the square around them, and what is refused."""  # dark-5

import json

import numpy as np
import pytest

from dark.vision import tv_tensors
from dark.vision.datasets import LandmarkFolder

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read pictures with")
RNG = np.random.default_rng(0)
POINTS = RNG.integers(30, 90, (68, 2))


def picture(path, width=160, height=120):
    """A picture whose pixels are bright at POINTS and dark elsewhere."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[POINTS[:, 1], POINTS[:, 0]] = 255
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def pts(points):
    """The text of a .pts file as 300-W has it: counted from 1."""
    lines = [f"{x + 1:.6f} {y + 1:.6f}" for x, y in np.asarray(points).tolist()]
    return "\n".join(["version: 1", f"n_points:  {len(lines)}", "{", *lines, "}"]) + "\n"


def table(rows):
    """The text of face_landmarks.csv as PyTorch's tutorial has it."""
    count = len(rows[0][1])
    header = ["image_name", *(f"part_{i}_{axis}" for i in range(count) for axis in "xy")]
    lines = [[name, *np.asarray(points).ravel().tolist()] for name, points in rows]
    return "\n".join(",".join(map(str, line)) for line in [header, *lines]) + "\n"


def write(folder, kind, name="a/b", points=POINTS):
    """A picture and its points in one of the formats; the file of the points."""
    picture(folder / f"{name}.png")
    points = np.asarray(points)
    if kind == "csv":
        path, text = (folder / name).with_name("face_landmarks.csv"), table([(f"{name[-1]}.png", points)])
    else:
        path = (folder / name).with_suffix(".pts" if kind == "pts" else ".json")
        pairs = points.tolist()
        text = {"pts": pts(points), "list": json.dumps(pairs)}.get(kind) or json.dumps({kind: pairs})
    path.write_text(text, encoding="utf-8")
    return path


KINDS = ["pts", "list", "points", "landmarks", "csv"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_read(tmp_path, kind):
    write(tmp_path, kind)
    faces = LandmarkFolder(tmp_path)
    assert len(faces) == 1
    path, points = faces.samples[0]
    assert path == tmp_path / "a" / "b.png"
    assert points.dtype == np.float32
    np.testing.assert_array_equal(points, POINTS)
    image, points = faces[0]
    assert (type(image), str(image.dtype)) == (tv_tensors.Image, "dark.uint8")
    assert image.shape == (3, 96, 96)
    assert (type(points), tuple(points.shape)) == (tv_tensors.KeyPoints, (68, 2))
    assert points.canvas_size == (96, 96)
    assert "Number of datapoints: 1" in repr(faces)


@pytest.mark.parametrize("size", [96, 240])
def test_the_points_stay_on_what_they_mark(tmp_path, size):
    write(tmp_path, "pts")
    pixels, points = LandmarkFolder(tmp_path, size=size).arrays(0)
    x, y = np.rint(points).astype(int).T
    assert (pixels[y, x].mean(1) > 60).all()
    assert (pixels.mean(2) > 60).mean() < 0.15


def test_the_square_has_its_margin_and_the_points_are_in_its_middle(tmp_path):
    write(tmp_path, "pts")
    _, points = LandmarkFolder(tmp_path, margin=0.5).arrays(0)
    low, high = points.min(0) + 0.5, points.max(0) + 0.5
    np.testing.assert_allclose((low + high) / 2, 48, atol=1e-4)
    assert (high - low).max() == pytest.approx(48, abs=1e-4)


def test_a_square_that_reaches_beyond_the_picture_goes_on_with_its_edge(tmp_path):
    corner = [[0, 0], [10, 8], *[[5, 5]] * 66]
    Image.fromarray(np.full((9, 11, 3), 77, np.uint8)).save(tmp_path / "b.png")
    (tmp_path / "b.pts").write_text(pts(corner))
    pixels, _ = LandmarkFolder(tmp_path).arrays(0)
    assert (pixels == 77).all()


def test_a_gray_picture_becomes_a_colored_one(tmp_path):
    write(tmp_path, "pts")
    Image.fromarray(np.full((120, 160), 50, np.uint8)).save(tmp_path / "a" / "b.png")
    assert LandmarkFolder(tmp_path).arrays(0)[0].shape == (96, 96, 3)


def test_folders_are_searched_in_the_order_of_names(tmp_path):
    for name in ("b/2", "a/z", "b/1"):
        write(tmp_path, "pts", name)
    write(tmp_path, "csv", "c/3")
    (tmp_path / "other.csv").write_text("name,age\n")  # a table of something else
    picture(tmp_path / "unmarked.png")
    (tmp_path / "b" / "._1.pts").write_text("what macOS leaves")
    names = [path.relative_to(tmp_path).as_posix() for path, _ in LandmarkFolder(tmp_path).samples]
    assert names == ["a/z.png", "b/1.png", "b/2.png", "c/3.png"]


def test_another_number_of_points_may_be_wanted(tmp_path):
    write(tmp_path, "list", points=POINTS[:5])
    assert LandmarkFolder(tmp_path, points=5).arrays(0)[1].shape == (5, 2)


def test_transforms_get_picture_and_points_together(tmp_path):
    write(tmp_path, "pts")
    assert LandmarkFolder(tmp_path, transforms=lambda image, points: (points, image))[0][0].shape == (68, 2)


LACKS = POINTS[:67]
NAN = [[float("nan"), 0], *POINTS[1:].tolist()]
FAULTS = {
    "pts that ends early": ("pts", lambda text: text[:300], "truncated"),
    "pts without a head": ("pts", lambda text: text.partition("{")[2], "not a .pts file"),
    "pts with a word": ("pts", lambda text: text.replace("\n}", "\nfoo 3\n}"), "foo 3.*two numbers"),
    "pts of three numbers": ("pts", lambda text: text.replace("\n}", "\n1 2 3\n}"), "two numbers"),
    "pts that announces more": ("pts", lambda text: text.replace("68", "70"), "announces 70 .* has 68"),
    "too few in pts": ("pts", lambda text: pts(LACKS), "it has 67 points, and 68 are expected"),
    "too few in json": ("list", lambda text: json.dumps(LACKS.tolist()), "67 points, and 68"),
    "no json": ("list", lambda text: "{", "not a JSON file"),
    "json of something else": ("list", lambda text: '{"faces": []}', "expected a list of pairs"),
    "json of a number": ("list", lambda text: "3", "expected a list of pairs"),
    "json of words": ("list", lambda text: '["a", "b"]', "pairs of numbers"),
    "json of triples": ("list", lambda text: json.dumps([[1, 2, 3]] * 68), "pairs of numbers"),
    "json of an integer too large": ("list", lambda text: f"[[1{'0' * 400}, 1]]", "pairs of numbers"),
    "json with NaN": ("list", lambda text: json.dumps(NAN), "point 0 is not finite"),
    "points on one line": ("list", lambda text: json.dumps([[i, 5] for i in range(68)]), "same x or y"),
    "csv of fewer points": ("csv", lambda text: table([("b.png", LACKS)]), r"part_67_y.*134 columns"),
    "csv with a short row": ("csv", lambda text: text + "b.png,3\n", "line 3: it has 2 columns"),
    "csv with a word": ("csv", lambda text: text.replace(f",{POINTS[3, 0]},", ",x,"), "line 2: .*no number"),
    "csv of a missing picture": ("csv", lambda text: text.replace("b.png", "d.png"), "no picture .*d.png"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_with_a_fault_is_named(tmp_path, fault):
    kind, change, message = FAULTS[fault]
    path = write(tmp_path, kind)
    path.write_text(change(path.read_text()))
    with pytest.raises((ValueError, FileNotFoundError), match=message) as raised:
        LandmarkFolder(tmp_path)
    assert str(raised.value).startswith(str(path))
    assert "\n" not in str(raised.value)


def test_points_without_a_picture_are_named(tmp_path):
    path = write(tmp_path, "pts")
    (tmp_path / "a" / "b.png").unlink()
    with pytest.raises(FileNotFoundError, match=r"there is no picture b\.jpg") as raised:
        LandmarkFolder(tmp_path)
    assert str(raised.value).startswith(str(path))


@pytest.mark.parametrize("kind", ["pts", "list"])
def test_a_name_is_no_pattern(tmp_path, kind):
    for name in ("face1", "face[1]"):
        write(tmp_path, kind, name=name)
    assert [path.stem for path, _ in LandmarkFolder(tmp_path).samples] == ["face1", "face[1]"]


def test_of_two_pictures_with_the_name_the_first_is_taken(tmp_path):
    write(tmp_path, "pts")
    for suffix in ("webp", "bmp", "jpg"):
        picture(tmp_path / "a" / f"b.{suffix}")
    assert LandmarkFolder(tmp_path).samples[0][0].name == "b.bmp"


def test_a_damaged_picture_is_named_when_it_is_read(tmp_path):
    path = write(tmp_path, "pts").with_suffix(".png")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(OSError, match="not a picture, or damaged") as raised:
        LandmarkFolder(tmp_path).arrays(0)
    assert str(raised.value).startswith(str(path))


@pytest.mark.parametrize("shift", [400, -400])
def test_points_outside_the_picture_are_an_error(tmp_path, shift):
    write(tmp_path, "list", points=POINTS + shift)
    with pytest.raises(ValueError, match="outside the picture, 160 wide and 120 high"):
        LandmarkFolder(tmp_path).arrays(0)


@pytest.mark.parametrize(("name", "message"), [("nowhere", "there is no folder"), ("", "has no points")])
def test_a_folder_without_points_is_an_error(tmp_path, name, message):
    with pytest.raises(FileNotFoundError, match=message):
        LandmarkFolder(tmp_path / name)
