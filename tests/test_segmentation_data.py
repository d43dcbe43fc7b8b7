"""OxfordIIITPet and Carvana: small files of exactly their formats, found, refused, downloaded."""  # dark-6

import io
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

import dark
from dark.vision import tv_tensors
from dark.vision.datasets import Carvana, OxfordIIITPet
from dark.vision.datasets.mnist import cache_folder

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read pictures with")

LISTS = {  # name, class, species, breed within the species
    "trainval": [
        "Abyssinian_100 1 1 1", "Abyssinian_101 1 1 1", "american_bulldog_7 2 2 1", "Bengal_5 3 1 2",
    ],
    "test": ["Abyssinian_2 1 1 1", "american_bulldog_10 2 2 1", "Bengal_107 3 1 2"],
}  # fmt: skip
NAMES = {split: [line.split()[0] for line in lines] for split, lines in LISTS.items()}
HEADER = ["#Image CLASS-ID SPECIES BREED ID", "#ID: 1:37 Class ids", "#SPECIES: 1:Cat 2:Dog"]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def encoded(array, kind, **options):
    """An array as the bytes of a picture's file."""
    file = io.BytesIO()
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    image.save(file, kind, **options)
    return file.getvalue()


def shape(name):
    """Height and width: no two pictures need to have the same."""
    return 20 + len(name), 30 + int(name.rpartition("_")[2]) % 9


def gray(name):
    """A picture of one gray, which JPEG keeps as it is."""
    return np.full((*shape(name), 3), 10 * len(name) + int(name[-1]), np.uint8)


def trimap(name):
    """An animal in the middle, a border around it, background around that."""
    map = np.full(shape(name), 2, np.uint8)
    map[4:-4, 6:-6] = 3
    map[6:-6, 8:-8] = 1
    return map


def pets():
    """The files of both archives by their names, with what else is in them."""
    files = {"images/Abyssinian_100.mat": b"of no use", "annotations/README": b"more"}
    for split, lines in LISTS.items():
        files[f"annotations/{split}.txt"] = ("\n".join(lines) + "\n").encode()
        for name in NAMES[split]:
            files[f"images/{name}.jpg"] = encoded(gray(name), "JPEG", quality=95)
            files[f"annotations/trimaps/{name}.png"] = encoded(trimap(name), "PNG")
            files[f"annotations/trimaps/._{name}.png"] = b"what a Mac leaves"
            files[f"annotations/xmls/{name}.xml"] = b"<annotation/>"
    everything = [*HEADER, *LISTS["trainval"], *LISTS["test"]]
    files["annotations/list.txt"] = ("\n".join(everything) + "\n").encode()
    return files


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


# --- OxfordIIITPet -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["root/oxford-iiit-pet", "root", "cache/OxfordIIITPet/oxford-iiit-pet"])
@pytest.mark.parametrize("split", ["trainval", "test"])
def test_pets_are_read_as_they_were_written(tmp_path, place, split):
    write(tmp_path / place, pets())
    data = OxfordIIITPet(str(tmp_path / "root"), split, target_types="segmentation")
    assert len(data) == len(NAMES[split])
    for name, (image, mask) in zip(NAMES[split], data, strict=True):
        assert (type(image), image.dtype) == (tv_tensors.Image, dark.uint8)
        assert (type(mask), mask.dtype) == (tv_tensors.Mask, dark.uint8)
        np.testing.assert_array_equal(image.numpy(), gray(name).transpose(2, 0, 1))
        np.testing.assert_array_equal(mask.numpy(), trimap(name))
    for name, index in zip(NAMES[split], range(len(data)), strict=True):
        pixels, map = data.arrays(index)
        np.testing.assert_array_equal(pixels, gray(name))
        np.testing.assert_array_equal(map, trimap(name))
    assert f"Split: {split}" in repr(data)


def test_the_targets_are_those_that_were_asked_for(tmp_path):
    folder = write(tmp_path, pets())

    def targets(kinds):
        return [target for _, target in OxfordIIITPet(folder, target_types=kinds)]

    assert targets("category") == [0, 0, 1, 2]
    assert targets("binary-category") == [0, 0, 1, 0]
    assert targets(["binary-category", "category"]) == [(0, 0), (0, 0), (1, 1), (0, 2)]
    assert targets([]) == [None] * 4
    label, mask = targets(["category", "segmentation"])[2]
    assert (label, type(mask), tuple(mask.shape)) == (1, tv_tensors.Mask, shape("american_bulldog_7"))
    assert [target for _, target in OxfordIIITPet(folder)] == [0, 0, 1, 2]


def test_the_breeds_have_their_names_and_numbers(tmp_path):
    data = OxfordIIITPet(write(tmp_path, pets()))
    assert data.classes == ["Abyssinian", "American Bulldog", "Bengal"]
    assert data.class_to_idx["American Bulldog"] == 1


def test_transforms_get_the_picture_and_the_target(tmp_path):
    folder = write(tmp_path, pets())
    data = OxfordIIITPet(folder, "test", "segmentation", transforms=lambda image, mask: (mask, image))
    assert (type(data[0][0]), type(data[0][1])) == (tv_tensors.Mask, tv_tensors.Image)
    data = OxfordIIITPet(folder, "test", transform=lambda image: 1, target_transform=lambda label: -label)
    assert [*data] == [(1, 0), (1, -1), (1, -2)]


@pytest.mark.parametrize(("options", "message"), [
    ({"split": "train"}, "split must be 'trainval' or 'test', got 'train'"),
    ({"target_types": "mask"}, "target_types 'mask' is none of"),
    ({"target_types": ["category", "bbox"]}, "'bbox' is none of"),
])  # fmt: skip
def test_options_that_mean_nothing_are_errors(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        OxfordIIITPet(write(tmp_path, pets()), **options)


def test_missing_pets_say_where_they_were_looked_for(tmp_path):
    with pytest.raises(RuntimeError) as caught:
        OxfordIIITPet(tmp_path / "nowhere")
    for part in (str(tmp_path / "nowhere" / "oxford-iiit-pet"), str(cache_folder()), "download=True"):
        assert part in str(caught.value)


def test_a_picture_or_a_map_that_is_missing_is_named(tmp_path):
    folder = write(tmp_path, pets())
    (folder / "annotations/trimaps/Bengal_5.png").unlink()
    assert len(OxfordIIITPet(folder)) == 4  # no maps are asked for
    with pytest.raises(FileNotFoundError, match=r"Bengal_5\.png: there is no such map"):
        OxfordIIITPet(folder, target_types=["category", "segmentation"])
    for name in ("Abyssinian_101", "Bengal_5"):
        (folder / f"images/{name}.jpg").unlink()
    with pytest.raises(FileNotFoundError, match=r"101\.jpg: there is no such picture, .*, and 1 more"):
        OxfordIIITPet(folder)
    assert len(OxfordIIITPet(folder, "test", "segmentation")) == 3


FIRST_MAP = "annotations/trimaps/Abyssinian_100.png"
PET_FAULTS = [
    ("images/Abyssinian_100.jpg", b"no picture", r"Abyssinian_100\.jpg: not a picture, or damaged"),
    ("images/Abyssinian_100.jpg", encoded(gray("Abyssinian_100"), "JPEG")[:300], r"100\.jpg: .*damaged"),
    (FIRST_MAP, encoded(gray("Abyssinian_100"), "PNG"), "its numbers go from 140 to 140, expected 1 to 3"),
    (FIRST_MAP, encoded(trimap("Abyssinian_100") - 1, "PNG"), "its numbers go from 0 to 2"),
    (FIRST_MAP, encoded(trimap("Bengal_5"), "PNG"), r"100\.png: it is \(28, 35\), and its picture"),
    ("annotations/trainval.txt", b"", r"trainval\.txt: it names no picture"),
    ("annotations/trainval.txt", b"Abyssinian_100 1 1 1\nBengal_5 3 1\n", r"txt, line 2: .*'Bengal_5 3 1'"),
    ("annotations/trainval.txt", b"Abyssinian_100 0 1 1\n", "line 1: expected a name"),
    ("annotations/trainval.txt", b"Abyssinian_100 one 1 1\n", "line 1: expected a name"),
]


@pytest.mark.parametrize(("name", "content", "message"), PET_FAULTS, ids=range(len(PET_FAULTS)))
def test_a_damaged_file_of_the_pets_is_named(tmp_path, name, content, message):
    folder = write(tmp_path, pets() | {name: content})
    with pytest.raises((ValueError, OSError), match=message) as caught:
        OxfordIIITPet(folder, target_types="segmentation").arrays(0)
    assert str(folder / name) in str(caught.value)


def test_a_missing_list_is_named(tmp_path):
    folder = write(tmp_path, pets())
    (folder / "annotations" / "test.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"there is no file .*test\.txt"):
        OxfordIIITPet(folder, "test")


# --- Download ----------------------------------------------------------------------------------------------


def write_archive(path, files):
    """A gzipped archive as those to download."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture
def net(monkeypatch):
    """Stands in for the download: a list of what was fetched; `files` are in the archives, `broken` fails."""
    pooch = pytest.importorskip("pooch")

    class Net(list):
        broken, files = "nothing", pets()

    net = Net()

    def retrieve(url, known_hash, path, fname):
        if net.broken in url:
            raise OSError("no route to host")
        net.append((url, known_hash))
        part = fname.removesuffix(".tar.gz")
        files = {name: content for name, content in net.files.items() if part in name}
        return str(write_archive(Path(path, fname), files))

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    return net


def test_download_fetches_and_unpacks_once(tmp_path, net):
    data = OxfordIIITPet(tmp_path / "root", target_types="segmentation", download=True)
    assert [len(data), len(net)] == [4, 2]
    place = "https://www.robots.ox.ac.uk/~vgg/data/pets/data"
    assert net == [
        (f"{place}/images.tar.gz", "md5:5c4f3ee8e5d25df40f4fd59a7f44e54c"),
        (f"{place}/annotations.tar.gz", "md5:95a8c909bbe2e81eed6a22bccdf3f68f"),
    ]
    np.testing.assert_array_equal(data[3][1].numpy(), trimap("Bengal_5"))
    root, folder = tmp_path / "root", OxfordIIITPet.base_folder
    assert sorted(path.name for path in root.iterdir()) == ["annotations.tar.gz", "images.tar.gz", folder]
    kept = {path.name for path in (root / folder).rglob("*") if path.is_file()}
    pictures = {f"{name}{end}" for names in NAMES.values() for name in names for end in (".jpg", ".png")}
    assert kept == pictures | {"list.txt", "test.txt", "trainval.txt"}
    OxfordIIITPet(root, "test", "segmentation", download=True)
    assert len(net) == 2

    OxfordIIITPet(None, download=True)
    assert (cache_folder() / "OxfordIIITPet/oxford-iiit-pet/annotations/list.txt").is_file()


def test_a_download_that_breaks_off_is_completed_later(tmp_path, net):
    net.broken = "annotations"
    with pytest.raises(RuntimeError, match=r"OxfordIIITPet: download failed: https://.*no route to host"):
        OxfordIIITPet(tmp_path, download=True)
    with pytest.raises(RuntimeError, match="are in none of"):
        OxfordIIITPet(tmp_path)
    net.broken = "nothing"
    assert len(OxfordIIITPet(tmp_path, "test", "segmentation", download=True)) == 3


def test_no_member_of_an_archive_chooses_where_it_goes(tmp_path, net):
    evil = (
        "../images/out.jpg", "/images/out.jpg", "images/../../out.jpg", "images/more/out.jpg",
        "images/.out.jpg",
    )  # fmt: skip
    net.files = dict.fromkeys(evil, b"x") | pets()
    OxfordIIITPet(tmp_path / "root", download=True)
    assert not list(tmp_path.rglob("*out.jpg"))


def test_download_without_pooch_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match="pip install pooch"):
        OxfordIIITPet(tmp_path, download=True)


# --- Carvana -----------------------------------------------------------------------------------------------

CARS = "00087a6bd4dc", "fff9b3a5373f"
VIEWS = [f"{car}_{view:02}" for car in CARS for view in (1, 2, 16)]


def car_mask(name):
    """Where a car is, 0 and 1."""
    mask = np.zeros((24, 40), np.uint8)
    mask[8:20, 2 + int(name[-2:]) : 34] = 1
    return mask


def gif(mask):
    """The bytes of a mask as Kaggle has them: two colors, black and white."""
    image = Image.fromarray(mask).convert("P")
    image.putpalette([0, 0, 0, 255, 255, 255])
    return encoded(image, "GIF")


def carvana():
    """The files of both folders by their names."""
    files = {"train/._00087a6bd4dc_01.jpg": b"what a Mac leaves", "train_masks.csv": b"img,rle_mask"}
    for i, name in enumerate(VIEWS):
        files[f"train/{name}.jpg"] = encoded(np.full((24, 40, 3), 40 * i, np.uint8), "JPEG", quality=95)
        files[f"train_masks/{name}_mask.gif"] = gif(car_mask(name))
    return files


def test_carvana_is_read_as_it_was_written(tmp_path):
    data = Carvana(str(write(tmp_path, carvana())))
    assert len(data) == 6
    assert data.cars == [car for car in CARS for _ in range(3)]
    for i, (image, mask) in enumerate(data):
        assert (type(image), image.dtype) == (tv_tensors.Image, dark.uint8)
        assert (type(mask), mask.dtype) == (tv_tensors.Mask, dark.uint8)
        np.testing.assert_array_equal(image.numpy(), np.full((3, 24, 40), 40 * i))
        np.testing.assert_array_equal(mask.numpy(), car_mask(VIEWS[i]))


def test_transforms_of_carvana_get_picture_and_mask(tmp_path):
    folder = write(tmp_path, carvana())
    assert Carvana(folder, transforms=lambda image, mask: tuple(mask.shape))[0] == (24, 40)
    assert Carvana(folder, target_transform=lambda mask: 3)[0][1] == 3


@pytest.mark.parametrize("name", ["train/00087a6bd4dc_02.jpg", "train_masks/fff9b3a5373f_16_mask.gif"])
def test_a_picture_without_a_mask_or_the_reverse_is_named_with_what_it_lacks(tmp_path, name):
    folder = write(tmp_path, carvana())
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError) as caught:
        Carvana(folder)
    message = str(caught.value)
    assert f"there is no {'picture' if name.endswith('jpg') else 'mask'} {folder / name}" in message
    assert message.startswith(str(folder))


CAR_FAULTS = [
    ("train/00087a6bd4dc_01.jpg", b"no picture", r"_01\.jpg: not a picture, or damaged"),
    ("train_masks/00087a6bd4dc_01_mask.gif", b"GIF89a", r"_01_mask\.gif: not a picture, or damaged"),
    ("train_masks/00087a6bd4dc_01_mask.gif", gif(np.ones((24, 41), np.uint8)), r"it is \(24, 41\), and"),
]


@pytest.mark.parametrize(("name", "content", "message"), CAR_FAULTS, ids=range(len(CAR_FAULTS)))
def test_a_damaged_file_of_carvana_is_named(tmp_path, name, content, message):
    folder = write(tmp_path, carvana() | {name: content})
    with pytest.raises((ValueError, OSError), match=message) as caught:
        Carvana(folder)[0]
    assert str(folder / name) in str(caught.value)


def test_a_name_that_does_not_say_which_car_it_is_is_an_error(tmp_path):
    name = "car"
    files = {f"train/{name}.jpg": b"", f"train_masks/{name}_mask.gif": b""}
    with pytest.raises(ValueError, match=r"car\.jpg: expected the name of a car"):
        Carvana(write(tmp_path, files))


def test_missing_folders_and_empty_ones_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*train$"):
        Carvana(tmp_path)
    (tmp_path / "train").mkdir()
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*train_masks$"):
        Carvana(tmp_path)
    (tmp_path / "train_masks").mkdir()
    with pytest.raises(FileNotFoundError, match="has no pictures"):
        Carvana(tmp_path)


def test_without_pillow_the_error_says_what_to_install(tmp_path, monkeypatch):
    pet, car = write(tmp_path / "pets", pets()), write(tmp_path / "cars", carvana())
    monkeypatch.setitem(sys.modules, "PIL", None)
    for data in (OxfordIIITPet(pet), Carvana(car)):
        with pytest.raises(ImportError, match=f"{type(data).__name__} needs Pillow.*pip install pillow"):
            data[0]
