"""Data sets of images: files in the real formats, whole and damaged; FashionMNIST where it is."""  # dark-4

import gzip
import hashlib
import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import random_array
from dark.vision import transforms as T
from dark.vision.datasets import (
    MNIST,
    DatasetFolder,  # beyond
    FashionMNIST,
    ImageFolder,  # beyond
    VisionDataset,
)
from dark.vision.datasets.idx import read_idx
from dark.vision.datasets.mnist import cache_folder

CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}


def idx_bytes(array):
    """An idx file with this array."""
    header = struct.pack(f">HBB{array.ndim}I", 0, CODES[array.dtype.name], array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


# --- idx files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("shape", [(5,), (3, 2, 4), (0, 3)], ids=str)
@pytest.mark.parametrize("zipped", [False, True])
def test_an_idx_file_is_read_as_it_was_written(tmp_path, dtype, shape, zipped):
    array = random_array(shape, dtype)
    content = idx_bytes(array)
    path = tmp_path / "änderung"  # gzip is told by the content, not by the name
    path.write_bytes(gzip.compress(content) if zipped else content)
    read = read_idx(path, hashlib.sha256(content).hexdigest())
    assert read.dtype == array.dtype
    assert read.dtype.isnative
    assert np.array_equal(read, array)
    read[...] = 0  # in memory of its own


GOOD = idx_bytes(random_array((3, 4, 5), "uint8"))
FAULTS = [
    (GOOD[:-1], r"truncated: the shape \(3, 4, 5\) takes 60 bytes after the header, and 59 follow"),
    (GOOD + b"\0", "too long: .* and 61 follow"),
    (GOOD[:10], "truncated: its header of 16 bytes ends after 10"),
    (b"", r"not an idx file: it begins with the bytes \(none\)"),
    (b"\x89PNG" + GOOD[4:], "not an idx file: it begins with the bytes 89 50 4e 47"),
    (b"\0\0\x07\x01" + GOOD[4:], "not an idx file"),
    (gzip.compress(GOOD)[:-12], "truncated or damaged gzip file"),
    (gzip.compress(GOOD)[:-6] + b"\0" * 6, "truncated or damaged gzip file"),
    (gzip.compress(GOOD[:-9]), "truncated"),
    (
        GOOD[:-1] + bytes([GOOD[-1] ^ 1]),
        "damaged, or another file of this name: its sha256 is [0-9a-f]{64}, not",
    ),
]


@pytest.mark.parametrize(("content", "message"), FAULTS, ids=range(len(FAULTS)))
def test_a_damaged_idx_file_is_named_with_its_fault(tmp_path, content, message):
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        read_idx(path, hashlib.sha256(GOOD).hexdigest())
    assert str(path) in str(caught.value)


# --- MNIST and FashionMNIST --------------------------------------------------------------------------------

IMAGES = {
    "train": random_array((7, 28, 28), "uint8", 0, 255, 1),
    "t10k": random_array((4, 28, 28), "uint8", 0, 255, 2),
}
LABELS = {"train": np.arange(7, dtype="uint8"), "t10k": np.arange(4, dtype="uint8") + 3}
FILES = {
    f"{part}-{kind}": idx_bytes(arrays[part])
    for kind, arrays in (("images-idx3-ubyte", IMAGES), ("labels-idx1-ubyte", LABELS))
    for part in ("train", "t10k")
}


class Small(FashionMNIST):
    """A handful of pictures in the form of FashionMNIST."""

    sha256 = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    system_folder = None


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def write_files(folder, zipped=False, names=FILES):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        content = FILES[name]
        (folder / (f"{name}.gz" if zipped else name)).write_bytes(
            gzip.compress(content) if zipped else content
        )
    return folder


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("place", ["root/Small/raw", "root", "cache/Small/raw"])
def test_the_files_are_found_zipped_or_not(tmp_path, place, zipped):
    folder = write_files(tmp_path / place, zipped)
    train, test = Small(tmp_path / "root"), Small(str(tmp_path / "root"), train=False)
    assert train.raw_folder == folder
    assert (len(train), len(test)) == (7, 4)
    assert train.data.dtype is dark.uint8
    assert train.data.tolist() == IMAGES["train"].tolist()
    assert test.targets.dtype is dark.int64
    assert test.targets.tolist() == [3, 4, 5, 6]
    assert train.classes[train.class_to_idx["Bag"]] == "Bag"
    assert "Split: Test" in repr(test)


def test_the_root_is_searched_before_the_cache(tmp_path):
    write_files(tmp_path / "cache/Small/raw")
    folder = write_files(tmp_path / "root")
    assert Small(tmp_path / "root").raw_folder == folder
    assert Small(None).raw_folder == tmp_path / "cache/Small/raw"


def test_an_item_is_a_picture_and_its_class(tmp_path):
    write_files(tmp_path)
    data = Small(tmp_path)
    picture, label = data[-1]
    assert type(label) is int
    assert (picture.dtype, tuple(picture.shape), label) == (dark.uint8, (1, 28, 28), 6)
    assert picture.tolist() == [IMAGES["train"][6].tolist()]
    picture.zero_()  # is nobody else's
    assert data[6][0].tolist() == [IMAGES["train"][6].tolist()]

    data = Small(tmp_path, transform=T.ToTensor(), target_transform=lambda y: 10 * y)
    picture, label = data[2]
    assert (picture.dtype, label) == (dark.float32, 20)
    assert np.array_equal(picture.numpy()[0], IMAGES["train"][2].astype("float32") / 255)
    assert len(list(data)) == 7


def test_missing_files_say_where_they_were_looked_for(tmp_path):
    with pytest.raises(RuntimeError) as caught:
        Small(tmp_path / "nowhere")
    message = str(caught.value)
    places = [str(tmp_path / "nowhere" / "Small" / "raw"), str(cache_folder())]
    for part in ("Small: no train-images-idx3-ubyte", *places, "download=True", "dataset-fashion-mnist"):
        assert part in message


def test_a_damaged_file_in_the_root_is_not_passed_over(tmp_path):
    write_files(tmp_path / "cache/Small/raw")
    folder = write_files(tmp_path / "root")
    (folder / "train-labels-idx1-ubyte").write_bytes(FILES["train-labels-idx1-ubyte"][:-2])
    with pytest.raises(ValueError, match=r"train-labels-idx1-ubyte: truncated"):
        Small(tmp_path / "root")
    (folder / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(RuntimeError, match=r"Small: .*root has no train-labels-idx1-ubyte\(.gz\)"):
        Small(tmp_path / "root")


def test_labels_must_be_as_many_as_pictures(tmp_path):
    write_files(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(LABELS["train"][:5]))

    class Unchecked(Small):
        sha256: dict[str, str] = {}

    with pytest.raises(ValueError, match=r"\(7, 28, 28\) and train-labels-idx1-ubyte uint8 of shape \(5,\)"):
        Unchecked(tmp_path)


def test_another_set_of_the_same_form_is_told_apart(tmp_path):
    write_files(tmp_path)
    with pytest.raises(ValueError, match="train-images-idx3-ubyte: damaged, or another file"):
        FashionMNIST(tmp_path)


def test_download_fetches_all_files_where_they_belong(tmp_path, monkeypatch):
    pooch = pytest.importorskip("pooch")
    fetched = []

    def retrieve(url, known_hash, path, fname):
        if not url.startswith("http://good/"):
            raise OSError("no route to host")
        fetched.append((url, known_hash))
        write_files(Path(path), zipped=True, names=[fname.removesuffix(".gz")])

    monkeypatch.setattr(pooch, "retrieve", retrieve)

    class Mirrored(Small):
        mirrors = ("http://broken/", "http://good/")

    with pytest.raises(
        RuntimeError, match=r"Small: download failed: http://.*train-images.*no route to host"
    ):
        Small(tmp_path / "root", download=True)
    assert not (tmp_path / "root").exists()

    data = Mirrored(tmp_path / "root", download=True)
    assert data.raw_folder == tmp_path / "root/Mirrored/raw"
    assert sorted(url for url, _ in fetched) == sorted(f"http://good/{name}.gz" for name in FILES)
    assert all(known.startswith("md5:") for _, known in fetched)
    assert Mirrored(None, download=True).raw_folder == cache_folder() / "Mirrored/raw"
    before = len(fetched)
    Mirrored(tmp_path / "root", download=True)
    assert len(fetched) == before

    (tmp_path / "root/Mirrored/raw/train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(RuntimeError, match="beside the other files"):
        Mirrored(tmp_path / "root")
    (cache_folder() / "Mirrored/raw/train-images-idx3-ubyte.gz").unlink()
    assert len(Mirrored(tmp_path / "root", download=True)) == 7  # an interrupted download is completed
    assert len(fetched) > before


def test_download_without_pooch_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match="pip install pooch"):
        Small(tmp_path, download=True)


@pytest.mark.parametrize(("system", "part"), [("linux", ".cache"), ("darwin", "Caches"), ("win32", "Cache")])
def test_the_cache_is_where_the_system_has_caches(monkeypatch, system, part):
    monkeypatch.delenv("DARK_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", system)
    assert part in cache_folder().parts
    assert "dark" in cache_folder().parts


@pytest.mark.skipif(
    not Path(FashionMNIST.system_folder).is_dir(), reason="the package dataset-fashion-mnist is not installed"
)
def test_the_real_fashion_mnist_of_the_system(tmp_path):
    data = FashionMNIST(tmp_path, train=False)
    assert tuple(data.data.shape) == (10000, 28, 28)
    assert np.bincount(data.targets.numpy()).tolist() == [1000] * 10
    assert data.classes[data[0][1]] == "Ankle boot"
    assert abs(data.data.numpy().mean() / 255 - 0.2868) < 1e-3
    assert set(FashionMNIST.sha256) == set(FILES)
    assert not issubclass(MNIST, FashionMNIST)


# --- Folders -----------------------------------------------------------------------------------------------


def write_picture(path, color=(200, 30, 60), size=(5, 4)):
    """A picture file of one color; size is (width, height)."""
    pil = pytest.importorskip("PIL.Image")
    path.parent.mkdir(parents=True, exist_ok=True)
    pil.new("RGB", size, color).save(path, format={".JPG": "JPEG"}.get(path.suffix))
    return path


@pytest.mark.parametrize(
    "ending", [".jpg", ".jpeg", ".JPG", ".png", ".bmp", ".webp", ".ppm", ".tif", ".tiff"]
)
def test_pictures_of_all_formats_are_red_green_and_blue(tmp_path, ending):
    write_picture(tmp_path / "a" / f"日本 ü{ending}")
    picture, label = ImageFolder(tmp_path)[0]
    assert label == 0
    assert (picture.dtype, tuple(picture.shape)) == (dark.uint8, (3, 4, 5))
    assert np.abs(picture.numpy().reshape(3, -1).mean(1) - (200, 30, 60)).max() < 6


def test_gray_and_transparent_pictures_get_three_channels(tmp_path):
    pil = pytest.importorskip("PIL.Image")
    (tmp_path / "a").mkdir()
    pil.new("L", (3, 2), 9).save(tmp_path / "a" / "1.pgm")
    pil.new("RGBA", (3, 2), (1, 2, 3, 0)).save(tmp_path / "a" / "2.png")
    data = ImageFolder(tmp_path)
    assert data[0][0].tolist() == [[[9] * 3] * 2] * 3
    assert data[1][0][:, 0, 0].tolist() == [1, 2, 3]


def test_classes_are_sorted_and_pictures_found_at_any_depth(tmp_path):
    for name in (
        "zebra/1.png",
        "Ant/b/c/2.PNG",
        "Ant/1.png",
        "Ant/note.txt",
        "cat/.hidden.png",
        "cat/x.Jpg",
        "cat/.git/y.png",
    ):
        path = tmp_path / name
        write_picture(path.with_suffix(".png") if path.suffix == ".txt" else path.with_name(path.name))
        if path.suffix == ".txt":
            path.with_suffix(".png").rename(path)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / "readme.md").write_text("no class")
    data = ImageFolder(tmp_path)
    assert data.classes == ["Ant", "cat", "zebra"]
    assert data.class_to_idx == {"Ant": 0, "cat": 1, "zebra": 2}
    found = [(Path(path).relative_to(tmp_path).as_posix(), label) for path, label in data.samples]
    assert found == [("Ant/1.png", 0), ("Ant/b/c/2.PNG", 0), ("cat/x.Jpg", 1), ("zebra/1.png", 2)]
    assert data.targets == [0, 0, 1, 2]
    assert data.imgs is data.samples
    assert len(list(data)) == 4


def test_links_are_followed_and_circles_end(tmp_path):
    write_picture(tmp_path / "elsewhere" / "1.png")
    (tmp_path / "root").mkdir()
    try:
        os.symlink(tmp_path / "elsewhere", tmp_path / "root" / "a", target_is_directory=True)
        os.symlink(tmp_path / "elsewhere", tmp_path / "elsewhere" / "again", target_is_directory=True)
    except OSError:
        pytest.skip("this system does not let us make links")
    assert [Path(path).name for path, _ in ImageFolder(tmp_path / "root").samples] == ["1.png"]


def test_what_changes_pictures_and_targets_is_applied(tmp_path):
    write_picture(tmp_path / "a" / "1.png")
    write_picture(tmp_path / "b" / "1.png")
    data = ImageFolder(tmp_path, T.Compose([T.Resize(2), T.ToTensor()]), lambda label: -label)
    picture, label = data[1]
    assert (tuple(picture.shape), picture.dtype, label) == ((3, 2, 2), dark.float32, -1)
    assert "Number of datapoints: 2" in repr(data)


def test_a_damaged_picture_is_named_when_it_is_read(tmp_path):
    whole = write_picture(tmp_path / "a" / "1.png", size=(60, 60)).read_bytes()
    (tmp_path / "a" / "2 cut.png").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "a" / "3 text.jpg").write_text("not a picture")
    (tmp_path / "a" / "4 empty.png").write_bytes(b"")
    data = ImageFolder(tmp_path)
    assert tuple(data[0][0].shape) == (3, 60, 60)
    for i, name in ((1, "2 cut.png"), (2, "3 text.jpg"), (3, "4 empty.png")):
        with pytest.raises(OSError, match=f"{name}: not a picture, or damaged: ") as caught:
            data[i]
        assert f"item {i} is" in caught.value.__notes__[0]


def test_an_error_in_ones_own_loader_says_which_file(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.npy").write_bytes(b"")
    data = DatasetFolder(tmp_path, np.load, extensions=(".npy",))
    with pytest.raises(EOFError) as caught:
        data[0]
    assert "x.npy" in caught.value.__notes__[0]


def test_files_of_ones_own_kind(tmp_path):
    (tmp_path / "a").mkdir()
    np.save(tmp_path / "a" / "x.NPY", np.arange(3))
    os.rename(tmp_path / "a" / "x.NPY.npy", tmp_path / "a" / "x.NPY")
    np.save(tmp_path / "a" / "y.npy", np.arange(4))
    assert [len(x) for x, _ in DatasetFolder(tmp_path, np.load, (".npy",))] == [3, 4]
    chosen = DatasetFolder(tmp_path, np.load, is_valid_file=lambda path: "y" in os.path.basename(path))
    assert [len(x) for x, _ in chosen] == [4]
    with pytest.raises(ValueError, match="extensions or is_valid_file"):
        DatasetFolder(tmp_path, np.load)
    with pytest.raises(ValueError, match="extensions or is_valid_file"):
        DatasetFolder(tmp_path, np.load, (".npy",), is_valid_file=bool)


def test_empty_places_are_errors_that_say_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"ImageFolder: there is no folder .*nowhere"):
        ImageFolder(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="has no folders; every class is a folder"):
        ImageFolder(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "c").mkdir()
    with pytest.raises(
        FileNotFoundError, match=r"no file for the classes b, c \(files that count end with \.jpg, "
    ):
        ImageFolder(tmp_path)
    write_picture(tmp_path / "a" / "1.png")
    with pytest.raises(FileNotFoundError, match=r"classes b, c .*allow_empty=True"):
        ImageFolder(tmp_path)
    data = ImageFolder(tmp_path, allow_empty=True)
    assert (data.classes, data.targets) == (["a", "b", "c"], [0])


def test_without_pillow_it_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r"needs Pillow, .*pip install pillow"):
        ImageFolder(tmp_path)[0]


def test_joint_transforms_of_ones_own_data_set():
    class Pairs(VisionDataset):
        def __len__(self):
            return 1

        def __getitem__(self, index):
            return self.transforms(1, 2)

    assert Pairs(transforms=lambda x, y: (y, x))[0] == (2, 1)
    assert Pairs(transform=lambda x: 5)[0] == (5, 2)
    with pytest.raises(ValueError, match="pass transforms, or"):
        Pairs(transforms=lambda x, y: (x, y), transform=lambda x: x)
