"""The data of sample 6.1: where they are looked for, how they are divided, what is refused."""  # beyond

import numpy as np
import pytest

from dark_samples.catalogue import SampleError
from drawn_samples import SAMPLES, draw_nothing, empty_machine, need_opencv

SAMPLE = SAMPLES["6.1"]
COUNTS, FEW = SAMPLE.counts, SAMPLE.few
NO_PHOTOGRAPHS = "drawn cars (no photographs found)"


@pytest.fixture
def places(monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine, with few drawn cars."""
    yield from empty_machine(SAMPLE, monkeypatch, tmp_path)


@pytest.fixture
def undrawn(places, monkeypatch):
    """`places` where a car takes no time: all are the same."""
    draw_nothing(SAMPLE, monkeypatch)
    return places


@pytest.fixture
def Image():
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read pictures with")


def save(Image, path, array):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path)


def cars(Image, folder, count=20, views=2):
    """Carvana's folders: every car has a gray of its own, 10 and more, and is in the left half."""
    mask = np.zeros((32, 48), np.uint8)
    mask[:, :24] = 255
    for car in range(count):
        for view in range(1, views + 1):
            name = f"{car:012x}_{view:02}"
            save(Image, folder / "train" / f"{name}.jpg", np.full((32, 48, 3), 10 + car, np.uint8))
            save(Image, folder / "train_masks" / f"{name}_mask.gif", mask)
    return folder


def pets(Image, folder, learn=20, test=3):
    """The pets' folders: every picture has a gray of its own, 10 and more; above is pet, below background."""
    trimap = np.full((48, 32), 2, np.uint8)
    trimap[:12], trimap[12:24] = 1, 3
    for gray in range(10, 10 + learn + test):
        save(Image, folder / "images" / f"Bengal_{gray}.jpg", np.full((48, 32, 3), gray, np.uint8))
        save(Image, folder / "annotations" / "trimaps" / f"Bengal_{gray}.png", trimap)
    for name, first, last in (("trainval", 10, 10 + learn), ("test", 10 + learn, 10 + learn + test)):
        lines = "".join(f"Bengal_{gray} 1 1 1\n" for gray in range(first, last))
        (folder / "annotations" / f"{name}.txt").write_text(lines)
    return folder


def grays(images):
    """The gray of every picture."""
    assert images.dtype == np.uint8
    assert images.shape[1:] == (64, 64, 3)
    assert (images == images[:, :1, :1]).all()
    return images[:, 0, 0, 0].tolist()


def images_of(pictures):
    return pictures.train_images, pictures.validation_images, pictures.test_images


def masks_of(pictures):
    return pictures.train_masks, pictures.validation_masks, pictures.test_masks


# Where the data are looked for


def test_the_order_of_the_search(undrawn, Image):
    data, _, tmp = undrawn
    assert data.load().source == NO_PHOTOGRAPHS
    assert data.load(quick=True).source == f"{NO_PHOTOGRAPHS}, a small part"
    cache = pets(Image, tmp / "cache" / "OxfordIIITPet" / "oxford-iiit-pet").parent
    assert data.load().source == f"Oxford's pets from the cache ({cache})"
    cache = cars(Image, tmp / "cache" / "carvana")
    assert data.load().source == f"Carvana's cars from the cache ({cache})"
    mine = pets(Image, tmp / "mine")
    assert data.load(mine, quick=True).source == f"Oxford's pets from the folder {mine}, a small part"
    assert data.load(drawn=True).source == "drawn cars"


def test_a_download_is_made_where_it_is_allowed(undrawn, Image, monkeypatch, capsys):
    data, prepare, tmp = undrawn
    calls = []

    def download(pets_):
        calls.append(pets_.root)
        return pets(Image, tmp / "cache" / "OxfordIIITPet" / "oxford-iiit-pet")

    monkeypatch.setattr(prepare.OxfordIIITPet, "download", download)
    assert data.load(download=True).source == "Oxford's pets, downloaded"
    assert "Downloading Oxford's pets (811 MB) ..." in capsys.readouterr().out
    assert data.load(download=True).source.startswith("Oxford's pets from the cache")
    assert calls == [None]


def test_a_download_that_fails_says_what_would_be_used_without_it(undrawn, monkeypatch):
    data, prepare, tmp = undrawn

    def download(_):
        raise RuntimeError("OxfordIIITPet: download failed: no route to host")

    monkeypatch.setattr(prepare.OxfordIIITPet, "download", download)
    with pytest.raises(SampleError, match=r"no route to host\. Without the download, drawn cars are used"):
        data.load(download=True)
    assert not (tmp / "cache").exists()


# How they are divided


def test_all_views_of_a_car_are_in_one_part(places, Image):
    data, _, tmp = places
    train, validation, test = map(grays, images_of(data.load(cars(Image, tmp / "mine"))))
    assert (validation, test) == ([18, 18, 28, 28], [19, 19, 29, 29])
    assert train == [gray for gray in range(10, 30) for _ in range(2) if gray % 10 < 8]


def test_the_pets_to_test_with_are_those_of_their_list(places, Image):
    data, _, tmp = places
    train, validation, test = map(grays, images_of(data.load(pets(Image, tmp / "mine"))))
    assert (validation, test) == ([19, 29], [30, 31, 32])
    assert train == [gray for gray in range(10, 30) if gray % 10 < 9]


def test_a_pet_to_test_with_is_none_to_learn_from(places, Image):
    data, _, tmp = places
    folder = pets(Image, tmp / "mine")
    with open(folder / "annotations" / "test.txt", "a") as file:
        file.write("Bengal_12 1 1 1\n")
    with pytest.raises(SampleError, match=r"mine: Bengal_12 is in trainval\.txt and in test\.txt"):
        data.load(folder)


def test_drawn_parts_share_no_picture_and_quick_takes_the_first_of_each(places):
    """A test set that is the training set would report the training loss."""
    need_opencv()
    data, _, _ = places
    part, whole = data.load(quick=True), data.load()
    for few, all_of_them, count in zip(part[:6], whole[:6], np.repeat(FEW, 2), strict=True):
        assert len(all_of_them) > len(few) == count
        np.testing.assert_array_equal(few, all_of_them[:count])
    for arrays in (images_of(whole), masks_of(whole)):
        assert tuple(map(len, arrays)) == COUNTS
        assert len({item.tobytes() for array in arrays for item in array}) == sum(COUNTS)


def test_quick_takes_photographs_from_everywhere(places, Image):
    data, _, tmp = places
    train, validation, test = map(grays, images_of(data.load(cars(Image, tmp / "mine", 30), quick=True)))
    assert (train, validation, test) == ([10, 14, 20, 24, 30, 34], [18, 28, 38], [19, 29])
    train, validation, test = map(grays, images_of(data.load(pets(Image, tmp / "pets"), quick=True)))
    assert (train, validation, test) == ([10, 13, 16, 20, 23, 26], [19, 29], [30, 31])


# How photographs become small


def test_a_picture_stays_whole_and_its_mask_where_it_was(places, Image):
    data, _, tmp = places
    for mask in masks_of(data.load(cars(Image, tmp / "cars"))):  # 32 high, 48 wide
        assert mask.dtype == np.uint8
        expected = np.zeros((64, 64))
        expected[10:53, :32] = 1  # 43 rows between bars of 10 and 11
        np.testing.assert_array_equal(mask, np.broadcast_to(expected, mask.shape))
    for mask in masks_of(data.load(pets(Image, tmp / "pets"))):  # 48 high, 32 wide; border and animal above
        expected = np.zeros((64, 64))
        expected[:32, 10:53] = 1
        np.testing.assert_array_equal(mask, np.broadcast_to(expected, mask.shape))


def test_pictures_are_shrunk_by_area_and_bars_repeat_their_edges(places, Image):
    _, prepare, _ = places
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (128, 256, 3), np.uint8)
    mask = rng.random((128, 256)) < 0.5
    small, seen = prepare.squared(image, mask)
    assert (small.dtype, seen.dtype) == (np.uint8, np.uint8)
    blocks = image.reshape(32, 4, 64, 4, 3).mean((1, 3))
    assert np.abs(small[16:48] - blocks).max() <= 1
    share = mask.reshape(32, 4, 64, 4).mean((1, 3))
    assert (share == 0.5).any()
    np.testing.assert_array_equal(seen[16:48], share > 0.5)
    np.testing.assert_array_equal(small[:16], np.broadcast_to(small[16], (16, 64, 3)))
    np.testing.assert_array_equal(small[48:], np.broadcast_to(small[47], (16, 64, 3)))
    assert not seen[:16].any()
    assert not seen[48:].any()


@pytest.mark.parametrize("shape", [(64, 64), (1, 300), (300, 1), (10, 7), (1, 1)])
def test_a_picture_of_any_shape_becomes_a_square(places, Image, shape):
    _, prepare, _ = places
    small, seen = prepare.squared(np.full((*shape, 3), 9, np.uint8), np.ones(shape, bool))
    assert (small.shape, seen.shape) == ((64, 64, 3), (64, 64))
    assert (small == 9).all()
    assert seen.any()


def test_small_photographs_are_kept_until_a_file_changes(places, Image, monkeypatch):
    data, prepare, tmp = places
    folder = cars(Image, tmp / "mine")
    calls, squared = [], prepare.squared
    monkeypatch.setattr(prepare, "squared", lambda *pair: calls.append(1) or squared(*pair))
    data.load(folder, quick=True)
    assert (len(calls), (tmp / "cache").exists()) == (sum(FEW), False)  # a part is not kept
    first, again = data.load(folder), data.load(folder)
    assert len(calls) == sum(FEW) + 40
    for one, other in zip(first[:6], again[:6], strict=True):
        np.testing.assert_array_equal(one, other)
    save(Image, folder / "train" / f"{0:012x}_01.jpg", np.full((32, 48, 3), 200, np.uint8))
    assert grays(data.load(folder).train_images)[0] == 200


# What is refused


def test_a_named_folder_with_something_else_is_an_error(undrawn, Image):
    data, _, tmp = undrawn
    cars(Image, tmp / "cache" / "carvana")  # must not stand in
    (tmp / "mine").mkdir()
    with pytest.raises(FileNotFoundError, match="mine has neither Carvana's folders"):
        data.load(tmp / "mine")


def test_a_damaged_photograph_is_named(places, Image):
    data, _, tmp = places
    folder = cars(Image, tmp / "mine")
    path = folder / "train_masks" / f"{3:012x}_02_mask.gif"
    save(Image, path, np.zeros((32, 47), np.uint8))
    with pytest.raises(SampleError, match=f"{path.name}: it is \\(32, 47\\)"):
        data.load(folder)
    path.unlink()
    with pytest.raises(FileNotFoundError, match="there is no mask"):
        data.load(folder)
    assert not (tmp / "cache").exists() or not any((tmp / "cache").iterdir())


@pytest.mark.parametrize("count", [1, 9])
def test_too_few_photographs_are_an_error(undrawn, Image, count):
    data, _, tmp = undrawn
    with pytest.raises(SampleError, match=f"{2 * count} photographs are too few for three parts"):
        data.load(cars(Image, tmp / "mine", count))


def test_a_preview_shows_a_picture_and_below_it_what_is_masked(places):
    _, prepare, _ = places
    images = np.stack([np.full((64, 64, 3), 40 * i, np.uint8) for i in range(1, 4)])
    masks = np.zeros((3, 64, 64), np.uint8)
    masks[:, :32] = 1
    grid = prepare.preview(images, masks, columns=2, rows=2)
    assert grid.shape == (256, 128, 3)
    expected = [[40, 80], [40, 80], [40, 80], [10, 20], [120, 0], [120, 0], [120, 0], [30, 0]]
    np.testing.assert_array_equal(grid[16::32, ::64, 0], expected)
