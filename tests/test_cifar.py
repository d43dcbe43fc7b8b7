"""CIFAR-10: small files of exactly its binary format, found, refused and downloaded."""  # dark-5

import io
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

import dark
from dark.vision import transforms as T
from dark.vision.datasets import CIFAR10
from dark.vision.datasets.mnist import cache_folder

COUNT = 6  # pictures of a small file


class Small(CIFAR10):
    """A few pictures in the form of CIFAR-10."""

    pictures_per_file = COUNT


def record(label, pixels):
    """One picture as the format has it: its label, then a byte of every pixel, one colour after another."""
    planes = [pixels[y, x, colour] for colour in range(3) for y in range(32) for x in range(32)]
    return bytes([label, *(int(value) for value in planes)])


def pixels(part, index):
    return np.random.default_rng([part, index]).integers(0, 256, (32, 32, 3), np.uint8)


PARTS = [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]
FILES = {
    name: b"".join(record((3 * part + i) % 10, pixels(part, i)) for i in range(COUNT))
    for part, name in enumerate(PARTS)
}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def write_files(folder, names=PARTS):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(FILES[name])
    (folder / "batches.meta.txt").write_text("\n".join(CIFAR10.classes))
    return folder


@pytest.mark.parametrize("place", ["root/cifar-10-batches-bin", "root", "cache/Small/cifar-10-batches-bin"])
def test_the_pictures_are_read_as_they_were_written(tmp_path, place):
    write_files(tmp_path / place)
    train, test = Small(tmp_path / "root"), Small(str(tmp_path / "root"), train=False)
    assert (train.data.shape, train.data.dtype) == ((5 * COUNT, 32, 32, 3), np.uint8)
    for i in range(5 * COUNT):
        np.testing.assert_array_equal(train.data[i], pixels(*divmod(i, COUNT)))
        assert train.targets[i] == (3 * (i // COUNT) + i % COUNT) % 10
    np.testing.assert_array_equal(test.data, [pixels(5, i) for i in range(COUNT)])
    assert test.targets == [5, 6, 7, 8, 9, 0]
    assert {type(label) for label in test.targets} == {int}
    assert "Split: Test" in repr(test)
    assert f"Number of datapoints: {5 * COUNT}" in repr(train)


def test_the_root_is_searched_before_the_cache(tmp_path):
    write_files(tmp_path / "cache/Small/cifar-10-batches-bin")
    (write_files(tmp_path / "root") / "test_batch.bin").write_bytes(FILES["data_batch_1.bin"])
    assert Small(tmp_path / "root", train=False).targets == [0, 1, 2, 3, 4, 5]
    assert Small(None, train=False).targets == [5, 6, 7, 8, 9, 0]


def test_an_item_is_a_picture_and_its_class(tmp_path):
    data = Small(write_files(tmp_path), train=False)
    picture, label = data[-1]
    assert (type(label), label) == (int, 0)
    assert (picture.dtype, tuple(picture.shape)) == (dark.uint8, (3, 32, 32))
    np.testing.assert_array_equal(picture.numpy(), pixels(5, COUNT - 1).transpose(2, 0, 1))
    picture.zero_()  # is nobody else's
    np.testing.assert_array_equal(data.data[-1], pixels(5, COUNT - 1))

    data = Small(tmp_path, train=False, transform=T.ToTensor(), target_transform=lambda y: data.classes[y])
    picture, label = data[1]
    assert (picture.dtype, label) == (dark.float32, "frog")
    np.testing.assert_array_equal(picture.numpy(), pixels(5, 1).transpose(2, 0, 1).astype("float32") / 255)
    assert len(list(data)) == COUNT


def test_the_classes_have_their_numbers():
    assert len(CIFAR10.classes) == 10
    assert [CIFAR10.classes.index(name) for name in ("airplane", "frog", "truck")] == [0, 6, 9]


def test_classes_can_be_looked_up(tmp_path):
    data = Small(write_files(tmp_path))
    assert data.class_to_idx["truck"] == 9
    assert list(data.class_to_idx) == data.classes


FAULTS = [
    (lambda content: content[:-1], rf"18,437 bytes, and {COUNT} pictures take 18,438"),
    (lambda content: content[3073:], "15,365 bytes"),  # a whole picture is missing
    (lambda content: content + content[:3073], "21,511 bytes"),
    (lambda content: b"", "0 bytes"),
    (lambda content: content[: 2 * 3073] + b"\x0a" + content[2 * 3073 + 1 :], "picture 2 has the label 10"),
]


@pytest.mark.parametrize(("damage", "message"), FAULTS, ids=range(len(FAULTS)))
@pytest.mark.parametrize("name", ["data_batch_4.bin", "test_batch.bin"])
def test_a_damaged_file_is_named_with_its_fault(tmp_path, name, damage, message):
    write_files(tmp_path / "cache/Small/cifar-10-batches-bin")  # must not stand in
    path = write_files(tmp_path / "root") / name
    path.write_bytes(damage(FILES[name]))
    with pytest.raises(ValueError, match=message) as caught:
        Small(tmp_path / "root", train=name != "test_batch.bin")
    assert str(caught.value).startswith(str(path))


def test_a_missing_file_beside_others_is_named(tmp_path):
    write_files(tmp_path / "cache/Small/cifar-10-batches-bin")
    (write_files(tmp_path / "root") / "data_batch_3.bin").unlink()
    with pytest.raises(RuntimeError, match=r"root has no data_batch_3\.bin beside the other files"):
        Small(tmp_path / "root")
    assert len(Small(tmp_path / "root", train=False)) == COUNT


def test_missing_files_say_where_they_were_looked_for(tmp_path):
    with pytest.raises(RuntimeError) as caught:
        Small(tmp_path / "nowhere")
    message = str(caught.value)
    places = [str(tmp_path / "nowhere" / "cifar-10-batches-bin"), str(cache_folder())]
    for part in ("Small: no data_batch_1.bin", *places, "download=True", "cifar-10-binary.tar.gz"):
        assert part in message
    assert "pickled" not in message


@pytest.mark.parametrize("place", ["", "cifar-10-batches-py"])
def test_the_pickled_version_is_not_read_and_the_error_says_so(tmp_path, place):
    folder = tmp_path / "root" / place
    folder.mkdir(parents=True)
    for name in ("data_batch_1", "test_batch"):
        (folder / name).write_bytes(b"never to be unpickled")
    with pytest.raises(RuntimeError, match=r"Python version, .* not read.* binary version") as caught:
        Small(tmp_path / "root")
    assert str(folder) in str(caught.value)


# --- Download ----------------------------------------------------------------------------------------------


def write_archive(path, names=PARTS, evil=()):
    """A gzipped archive as the one to download; `evil` are further members."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in [*((f"cifar-10-batches-bin/{n}", FILES[n]) for n in names), *evil]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture
def net(monkeypatch):
    """Stands in for the download: a list of what was fetched, and the archive as `names` and `evil` say."""
    pooch = pytest.importorskip("pooch")

    class Net(list):
        broken, archive = False, {}

    net = Net()

    def retrieve(url, known_hash, path, fname):
        if net.broken:
            raise OSError("no route to host")
        net.append((url, known_hash))
        return str(write_archive(Path(path, fname), **net.archive))

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    return net


def test_download_fetches_and_unpacks_once(tmp_path, net):
    data = Small(tmp_path / "root", download=True)
    assert len(data) == 5 * COUNT
    assert net == [(CIFAR10.url, "md5:c32a1d4ab5d03f1284b67883e8d87530")]
    folder = tmp_path / "root/cifar-10-batches-bin"
    assert sorted(path.name for path in folder.iterdir()) == PARTS
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "cifar-10-binary.tar.gz"]
    Small(tmp_path / "root", train=False, download=True)
    assert len(net) == 1

    Small(None, download=True)
    assert (cache_folder() / "Small/cifar-10-batches-bin/test_batch.bin").is_file()


def test_an_incomplete_folder_is_completed(tmp_path, net):
    (write_files(tmp_path / "cifar-10-batches-bin") / "data_batch_2.bin").unlink()
    assert len(Small(tmp_path, download=True)) == 5 * COUNT
    assert len(net) == 1


def test_a_failed_download_leaves_nothing(tmp_path, net):
    net.broken = True
    with pytest.raises(RuntimeError, match=r"Small: download failed: https://.*no route to host"):
        Small(tmp_path / "root", download=True)
    assert not (tmp_path / "root").exists()


def test_an_archive_is_unpacked_whole_or_not_at_all(tmp_path, net):
    net.archive = {"names": PARTS[:4]}
    with pytest.raises(KeyError, match="data_batch_5"):
        Small(tmp_path / "root", download=True)
    assert [path.name for path in (tmp_path / "root").iterdir()] == ["cifar-10-binary.tar.gz"]


def test_no_member_of_an_archive_chooses_where_it_goes(tmp_path, net):
    evil = ("../outside.bin", "/outside.bin", "cifar-10-batches-bin/more")
    net.archive = {"evil": [(name, b"x") for name in evil]}
    Small(tmp_path / "root", download=True)
    assert sorted(path.name for path in (tmp_path / "root/cifar-10-batches-bin").iterdir()) == PARTS
    assert not list(tmp_path.rglob("outside.bin"))


def test_download_without_pooch_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match="pip install pooch"):
        Small(tmp_path, download=True)
