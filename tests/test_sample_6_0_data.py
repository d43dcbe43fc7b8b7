"""The data of sample 6.0: where they are looked for, what is refused, and the drawn characters."""  # beyond

import hashlib
import importlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from dark_samples import drawing
from dark_samples.catalogue import SampleError

SAMPLE = Path(__file__).parent.parent / "dark-6" / "samples" / "6.0-GAN-image_gen"
MODULES = ("data", "db.prepare", "db.characters", "db.reading", "db")
COUNTS, FEW = (12, 6), (6, 3)
PIXELS = 64 * 64 * 3


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(SAMPLE)
    yield importlib.import_module
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def places(modules, monkeypatch, tmp_path):
    """`data` and `prepare` on an empty machine, with few drawn characters."""
    data, prepare = modules("data"), modules("db.prepare")
    monkeypatch.setenv("DARK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(prepare, "DRAWN", COUNTS)
    monkeypatch.setattr(prepare, "QUICK", FEW)
    monkeypatch.setattr(prepare, "FEWEST", 10)
    monkeypatch.setattr(drawing.os, "cpu_count", lambda: 1)
    return data, prepare, tmp_path


@pytest.fixture
def undrawn(places, monkeypatch):
    """`places` where a character takes no time: it is of one gray, 100 times its seed and its index."""
    data, prepare, tmp = places
    drawn = []

    def share(program, start, stop, style, seed):
        drawn.append((style, seed, start, stop))
        return b"".join(bytes([100 * int(seed) + i]) * PIXELS for i in range(start, stop))

    monkeypatch.setattr(drawing, "share", share)
    monkeypatch.setattr(prepare, "need_packages", lambda: None)
    monkeypatch.setattr(prepare, "edition", lambda: "1-2-3-4")
    return data, prepare, tmp, drawn


@pytest.fixture
def Image():
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read pictures with")


def grays(images):
    """The gray of every picture."""
    assert images.dtype == np.uint8
    assert images.shape[3] == 3
    assert (images == images[:, :1, :1, :1]).all()
    return images[:, 0, 0, 0].tolist()


def pictures(folder, names):
    """Pictures of various sizes, each of one gray: 10 in the first, 11 in the second, …"""
    from PIL import Image

    for gray, name in enumerate(names, 10):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60 + gray, 100), (gray,) * 3).save(folder / name)
    return folder


def png(color, size=(80, 70)):
    """A PNG file of one color."""
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def no_drawing(*arguments, **options):
    raise AssertionError("characters are drawn")


# A folder of pictures


def test_a_named_folder_is_used_and_every_tenth_is_to_measure_with(places, Image):
    data, _, tmp = places
    characters = data.load(pictures(tmp / "mine", [f"{i:02}.png" for i in range(21)]))
    assert characters.source == f"pictures from the folder {tmp / 'mine'}"
    assert grays(characters.test_images) == [19, 29]
    assert grays(characters.images) == [gray for gray in range(10, 31) if gray not in (19, 29)]
    assert characters.images.shape == (19, 64, 64, 3)


def test_pictures_at_any_depth_and_of_any_kind(places, Image):
    data, _, tmp = places
    names = [
        "a.png", "b.BMP", "c/d.Gif", "c/d.tif", "c/d/e.TIFF", "c/d/f.ppm", "g.webp", "h.jpeg", "i.JPG",
        "j.png", "k.png",
    ]  # fmt: skip
    folder = pictures(tmp / "mine", names)
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_text("no picture")
    (folder / "c" / "__MACOSX").mkdir()
    (folder / "c" / "__MACOSX" / "d.png").write_text("no picture")
    characters = data.load(folder)
    found = sorted([*characters.images.mean(axis=(1, 2, 3)), characters.test_images.mean()])
    np.testing.assert_allclose(found, range(10, 21), atol=1.5)  # JPEG and WebP are not exact


def test_the_middle_square_is_taken_and_shrunk_by_area(modules, Image):
    reading = modules("db.reading")
    pixels = np.zeros((128, 256, 3), np.uint8)
    pixels[::2, 64:192] = 200  # rows of the middle square, every other one
    pixels[:, :64] = pixels[:, 192:] = 255  # what is cut off
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    square = reading.square(file.getvalue(), 64)
    assert (square == 100).all()


def test_small_pictures_are_enlarged(modules, Image):
    assert (modules("db.reading").square(png((9, 8, 7), (10, 12)), 64) == (9, 8, 7)).all()


def test_transparency_is_white(modules, Image):
    square = modules("db.reading").square
    for mode, color in (("RGBA", (0, 0, 0, 0)), ("LA", (0, 0))):
        file = io.BytesIO()
        Image.new(mode, (70, 70), color).save(file, "PNG")
        assert (square(file.getvalue(), 64) == 255).all()


def test_a_turned_photograph_is_upright(modules, Image):
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:32] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera's orientation: to be turned by a quarter to the right
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", exif=exif)
    square = modules("db.reading").square(file.getvalue(), 64)
    assert (square[:, :32] == 0).all()
    assert (square[:, 32:] == 255).all()


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", "half of a PNG"])
def test_a_bad_file_is_named(places, monkeypatch, Image, content):
    data, _, tmp = places
    folder = pictures(tmp / "mine", [f"{i:02}.png" for i in range(12)])
    bad = folder / "x" / "bad.png"
    bad.parent.mkdir()
    bad.write_bytes(png((1, 2, 3))[:60] if content == "half of a PNG" else content)
    monkeypatch.setattr(drawing, "drawn_folder", no_drawing)
    with pytest.raises(SampleError, match="not a picture, or damaged") as raised:
        data.load(folder)
    assert str(raised.value).startswith(str(bad))


def test_too_few_pictures(places, Image):
    data, _, tmp = places
    with pytest.raises(SampleError, match="has 9 pictures; it takes 10 at least"):
        data.load(pictures(tmp / "mine", [f"{i}.png" for i in range(9)]))


def test_the_fewest_pictures_give_a_batch_to_train_with_and_two_to_measure_with(modules):
    prepare = modules("db.prepare")
    train, test = prepare.split(np.zeros((prepare.FEWEST, 1)), "a folder")
    assert len(train) >= 32
    assert len(test) >= 2


def test_a_missing_named_folder_is_an_error(places, monkeypatch):
    data, _, tmp = places
    monkeypatch.setattr(drawing, "drawn_folder", no_drawing)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        data.load(tmp / "nowhere")


def test_a_quick_run_reads_the_first_pictures_alone(places, Image):
    data, _, tmp = places
    folder = pictures(tmp / "mine", [f"{i:02}.png" for i in range(30)])
    (folder / "29.png").write_text("is not read")
    with pytest.raises(SampleError, match="takes 10"):
        data.load(folder, quick=True)  # 9 of them


# The order of the search, and the download


@pytest.fixture
def archive(places, monkeypatch, Image):
    """`places` where the net has a small archive, with what else such archives hold."""
    data, prepare, tmp = places
    path = tmp / "data.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("data/", "")
        file.writestr("data/README.md", "no picture")
        file.writestr("__MACOSX/data/._0.png", "no picture")
        for i in range(20):
            file.writestr(f"data/{i:02}.png", png((i,) * 3))
    serve(monkeypatch, prepare, path)
    return data, prepare, tmp


def serve(monkeypatch, prepare, path):
    """Downloads come from this file."""
    pytest.importorskip("pooch", reason="pooch is not installed: nothing to download with")
    monkeypatch.setattr(prepare, "ANIME_URL", path.as_uri())
    monkeypatch.setattr(prepare, "ANIME_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())

    class FromFile:
        def __call__(self, url, output_file, pooch):
            Path(output_file).write_bytes(path.read_bytes())

    import pooch

    monkeypatch.setattr(pooch.core, "choose_downloader", lambda *arguments, **options: FromFile())


def test_the_download_is_cut_to_squares_and_kept(archive, monkeypatch, capsys):
    data, prepare, tmp = archive
    first = data.load(download=True)
    assert first.source == "anime faces, downloaded"
    assert grays(first.images) == [i for i in range(20) if i % 10 != 9]
    assert grays(first.test_images) == [9, 19]
    assert "Downloading anime faces (462 MB)" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp / "cache").iterdir()) == ["anime-faces-1", "anime-faces.zip"]

    (tmp / "cache" / "anime-faces.zip").unlink()
    monkeypatch.setattr(prepare, "downloaded", no_drawing)
    for download in (True, False):
        again = data.load(download=download)
        assert again.source == f"anime faces from the cache ({tmp / 'cache' / 'anime-faces-1'})"
        np.testing.assert_array_equal(again.images, first.images)


def test_another_archive_is_refused(archive, monkeypatch):
    data, prepare, tmp = archive
    monkeypatch.setattr(prepare, "ANIME_SHA256", "0" * 64)
    monkeypatch.setattr(drawing, "drawn_folder", no_drawing)
    with pytest.raises(SampleError, match=r"download failed: .*hash") as raised:
        data.load(download=True)
    assert "\n" not in str(raised.value)
    assert list((tmp / "cache").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../out.png", "data/../../out.png", "/out.png", "C:/out.png", "..\\out.png", "data/C:/../out.md"]
)
def test_an_archive_that_leads_out_of_its_folder_is_refused(archive, monkeypatch, name):
    data, prepare, tmp = archive
    with zipfile.ZipFile(tmp / "data.zip", "a") as file:
        file.writestr(name, png((1, 2, 3)))
    serve(monkeypatch, prepare, tmp / "data.zip")
    with pytest.raises(SampleError, match="outside of the archive's folder"):
        data.load(download=True)
    assert [path.name for path in (tmp / "cache").iterdir()] == ["anime-faces.zip"]
    assert not list(tmp.rglob("out.png"))


def test_a_file_that_is_no_archive(modules, tmp_path):
    (tmp_path / "data.zip").write_bytes(b"<html>not found</html>")
    with pytest.raises(SampleError, match=r"data\.zip: no zip file"):
        modules("db.reading").pictures_of_archive(tmp_path / "data.zip", 64)


def test_the_order_of_the_search(undrawn, monkeypatch, Image):
    data, prepare, tmp, _ = undrawn
    cache = tmp / "cache" / "anime-faces-1"

    def downloaded(folder):
        folder.mkdir(parents=True)
        prepare.write(folder, *(np.zeros((3, 64, 64, 3), np.uint8),) * 2)
        return folder

    monkeypatch.setattr(prepare, "downloaded", downloaded)
    drawn = "characters drawn by DiceBear in the style toon-head, by Johan Melin (CC BY 4.0)"
    assert data.load().source == f"{drawn}; no anime faces found"
    assert data.load(download=True).source == "anime faces, downloaded"
    assert data.load(download=True).source == f"anime faces from the cache ({cache})"
    assert data.load().source == f"anime faces from the cache ({cache})"
    folder = pictures(tmp / "mine", [f"{i:02}.png" for i in range(10)])
    assert data.load(folder).source == f"pictures from the folder {folder}"
    assert data.load(drawn=True).source == drawn
    assert data.load(drawn=True, quick=True).source == f"{drawn}, a small part"


# Drawn characters


def test_characters_are_drawn_once_with_the_versions_in_the_name(undrawn):
    data, _, tmp, drawn = undrawn
    first = data.load()
    assert [f.name for f in (tmp / "cache").iterdir()] == ["drawn-characters-1-2-3-4-toon-head-12-6"]
    assert [entry[:3] for entry in drawn] == [("toon-head", "0", 0), ("toon-head", "1", 0)]
    assert grays(first.images) == list(range(12))
    assert grays(first.test_images) == list(range(100, 106))
    again, part = data.load(), data.load(quick=True)
    assert len(drawn) == 2
    np.testing.assert_array_equal(again.images, first.images)
    assert grays(part.images) == list(range(6))
    assert grays(part.test_images) == [100, 101, 102]


def test_a_quick_run_draws_the_first_of_them_alone(undrawn):
    data, _, tmp, _ = undrawn
    part = data.load(style="adventurer", quick=True)
    assert [f.name for f in (tmp / "cache").iterdir()] == ["drawn-characters-1-2-3-4-adventurer-6-3"]
    assert grays(part.images) == list(range(6))
    assert grays(part.test_images) == [100, 101, 102]


def test_a_character_that_is_trained_with_is_not_measured_with(undrawn, monkeypatch):
    data, _, _, _ = undrawn
    share = drawing.share

    def twins(program, start, stop, style, seed):
        content = share(program, start, stop, style, seed)
        return bytes(PIXELS) + content[PIXELS:] if seed == "1" else content  # the first is the other's first

    monkeypatch.setattr(drawing, "share", twins)
    assert grays(data.load().test_images) == list(range(101, 107))


def test_a_failure_leaves_nothing_half_written(undrawn, monkeypatch):
    data, _, tmp, _ = undrawn

    def fails(program, start, stop, style, seed):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drawing, "share", fails)
    with pytest.raises(OSError, match="No space left"):
        data.load()
    assert list((tmp / "cache").iterdir()) == []


@pytest.mark.parametrize("fault", ["cut", "empty", "another"])
def test_a_damaged_cache_says_how_to_mend_it(undrawn, fault):
    data, _, tmp, _ = undrawn
    data.load()
    folder = tmp / "cache" / "drawn-characters-1-2-3-4-toon-head-12-6"
    file = folder / "characters.npz"
    if fault == "another":
        np.savez(file, train=np.zeros((2, 32, 32, 3), np.uint8), test=np.zeros((2, 64, 64, 3), np.uint8))
    else:
        file.write_bytes(file.read_bytes()[: {"cut": 200, "empty": 0}[fault]])
    with pytest.raises(SampleError, match=r"characters\.npz: damaged.*Delete ") as raised:
        data.load()
    assert str(folder) in str(raised.value)


def test_another_size_is_the_mean_of_the_pixels(undrawn, modules):
    data, _, _, _ = undrawn
    small = data.load(size=32)
    assert small.images.shape == (12, 32, 32, 3)
    assert small.test_images.shape == (6, 32, 32, 3)
    images = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3), np.uint8)
    exact = images.reshape(5, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    assert np.abs(data.shrunk(images, 16) - exact).max() <= 0.5
    assert (data.shrunk(np.full((1, 64, 64, 3), 255, np.uint8), 1) == 255).all()
    assert data.shrunk(images, 64) is images


@pytest.mark.parametrize("size", [0, 4, 48, 128])
def test_a_size_that_does_not_divide_the_pictures(places, size):
    with pytest.raises(SampleError, match=f"size is 8, 16, 32 or 64, not {size}"):
        places[0].load(size=size)


def test_without_the_packages_the_error_says_what_to_install(places, modules, monkeypatch):
    characters = modules("db.characters")
    monkeypatch.setattr(characters.util, "find_spec", lambda name: None if name == "resvg_py" else name)
    with pytest.raises(SampleError, match=r'needs resvg-py: pip install "\.\[samples\]"') as raised:
        places[0].load()
    assert "\n" not in str(raised.value)


def test_a_style_that_there_is_not(places):
    with pytest.raises(SampleError, match="there is no style 'nobody'; there are toon-head, adventurer, "):
        places[0].load(style="nobody")


# DiceBear


@pytest.fixture
def packages(Image):
    for package in ("dicebear", "dicebear_styles", "resvg_py"):
        pytest.importorskip(package, reason=f"{package} is not installed: nothing to draw with")


def test_the_program_draws_and_writes_a_preview(packages, places, monkeypatch, capsys, Image):
    _, prepare, tmp = places
    preview = tmp / "preview.png"
    options = ["--drawn", "--style", "thumbs", "--preview", str(preview)]
    monkeypatch.setattr(sys, "argv", ["prepare.py", *options])
    prepare.main()
    (folder,) = (tmp / "cache").iterdir()
    assert folder.name.startswith(f"drawn-characters-{prepare.edition()}-thumbs")
    assert capsys.readouterr().out.splitlines() == [
        f"Drawing 18 characters into {folder} ...",
        "Data: characters drawn by DiceBear in the style thumbs, by DiceBear (CC0 1.0)",
        f"12 to train and 6 to measure with, in {folder}",
        f"Preview: {preview}",
    ]
    with Image.open(preview) as image:
        assert image.size == (12 * 64, 64)


def test_a_character_is_the_same_in_any_order_and_process(packages, modules):
    characters = modules("db.characters")
    artist = characters.Artist("toon-head")
    later, first = artist.picture(1, 9), artist.picture(0, 0)
    program = [sys.executable, SAMPLE / "db" / "draw.py", "toon-head"]
    for numbers, picture in (("0 0 1", first), ("1 9 10", later)):
        run = subprocess.run([*program, *numbers.split()], capture_output=True, timeout=60)
        assert run.stdout == picture.tobytes(), run.stderr
    assert (first != later).any()


def test_every_style_draws(packages, modules):
    characters = modules("db.characters")
    for style in characters.STYLES:
        artist = characters.Artist(style)
        pictures = np.stack([artist.picture(0, i) for i in range(2)])
        assert (pictures.shape, pictures.dtype) == ((2, 64, 64, 3), np.uint8)
        assert pictures.std(axis=(1, 2)).min() > 5, f"{style}: an empty picture"
        assert (pictures[0] != pictures[1]).any()


def test_the_traits_of_a_character_stay(packages, modules):
    """What a seed and an index draw; the pixels may change with the version of resvg."""
    artist = modules("db.characters").Artist("toon-head")
    traits = [artist.traits(seed, index) for seed, index in ((0, 0), (0, 1), (1, 7))]
    digest = hashlib.sha256(json.dumps(traits, sort_keys=True).encode()).hexdigest()
    assert digest[:16] == "9268fb25395c485c"


def test_the_creators_are_those_of_the_packages_files(packages, modules):
    from importlib.resources import files

    characters = modules("db.characters")
    readme = (SAMPLE / "db" / "README.md").read_text()
    assert list(characters.CREATORS) == list(characters.STYLES)
    for style, credit in characters.CREATORS.items():
        about = json.loads(files("dicebear_styles").joinpath(f"{style}.json").read_text("utf-8"))["meta"]
        name = about["creator"]["name"].split(" - ")[0]
        assert credit == f"{name} ({about['license']['name']})"
        (row,) = (line for line in readme.splitlines() if line.startswith(f"| `{style}`"))
        for part in (about["source"]["name"], about["source"]["url"], name, about["license"]["name"]):
            assert part in row


# The programs


def test_the_program_ends_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, SAMPLE / "db" / "prepare.py", "--folder", tmp_path / "nowhere"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"prepare: there is no folder {tmp_path / 'nowhere'}"]


def test_as_many_are_drawn_as_the_description_says(modules):
    prepare = modules("db.prepare")
    assert prepare.DRAWN == (20_000, 2_000)
    assert prepare.QUICK == (1_000, 500)


def test_importing_the_data_imports_nothing_heavy():
    code = f"import sys; sys.path.insert(0, {os.fspath(SAMPLE)!r}); import data; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    heavy = {"torch", "cv2", "PIL", "pooch", "matplotlib", "multiprocessing", "dicebear", "resvg_py"}
    assert not heavy & set(done.stdout.split())
