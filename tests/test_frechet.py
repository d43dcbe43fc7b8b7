"""The Fréchet distance of sample 6.0, and the features of pictures that it is measured on."""  # beyond

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SAMPLE = Path(__file__).parent.parent / "dark-6" / "samples" / "6.0-GAN-image_gen"
MODULES = ("frechet", "features", "data", "db.prepare", "db.characters", "db.reading", "db")


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(SAMPLE)
    monkeypatch.syspath_prepend(SAMPLE / "dark")
    yield importlib.import_module
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def frechet_distance(modules):
    return modules("frechet").frechet_distance


def cloud(mean, covariance, count=200, seed=0):
    """Points whose mean and covariance are exactly these."""
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((count, len(mean)))
    points -= points.mean(axis=0)
    points = points @ np.linalg.inv(np.linalg.cholesky(np.cov(points.T))).T  # covariance 1
    return points @ np.linalg.cholesky(np.asarray(covariance, float)).T + mean


# Worked by hand


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(([0, 0], np.eye(2)), ([3, 4], np.eye(2)), 25, id="moved, 3² + 4²"),
        pytest.param(([0, 0], np.eye(2)), ([0, 0], 9 * np.eye(2)), 8, id="three times as wide, 2² + 2²"),
        pytest.param(([1, 0], np.diag([4, 1])), ([0, 0], np.diag([1, 4])), 3, id="1² + (2-1)² + (1-2)²"),
        pytest.param(([0, 0], [[5, 4], [4, 5]]), ([0, 0], np.eye(2)), 4, id="wide aslant, (3-1)² + (1-1)²"),
        pytest.param(([0, 0], np.diag([1, 1e-30])), ([0, 0], np.diag([1, 1])), 1, id="flat against round"),
    ],
)
def test_distances_worked_by_hand(frechet_distance, a, b, expected):
    assert frechet_distance(cloud(*a), cloud(*b, seed=1)) == pytest.approx(expected, rel=1e-9)
    assert frechet_distance(cloud(*b), cloud(*a, seed=1)) == pytest.approx(expected, rel=1e-9)


def test_the_formula_with_the_root_of_a_matrix(frechet_distance):
    linalg = pytest.importorskip("scipy.linalg", reason="SciPy is not installed: no sqrtm to compare with")
    rng = np.random.default_rng(0)
    for count, other, size in ((50, 70, 5), (300, 200, 48)):
        a = rng.standard_normal((count, size)) @ rng.standard_normal((size, size))
        b = rng.standard_normal((other, size)) @ rng.standard_normal((size, size)) + rng.standard_normal(size)
        cov_a, cov_b = np.cov(a.T), np.cov(b.T)
        root = linalg.sqrtm(cov_a @ cov_b)
        assert np.abs(root.imag).max() < 1e-3
        expected = np.square(a.mean(0) - b.mean(0)).sum() + np.trace(cov_a + cov_b - 2 * root.real)
        assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-7)


def test_the_distance_to_itself_is_0(frechet_distance):
    points = np.random.default_rng(0).standard_normal((100, 48)) * 1000
    assert 0 <= frechet_distance(points, points[::-1]) < 1e-6


def test_fewer_points_than_features(frechet_distance):
    points = np.random.default_rng(0).standard_normal((10, 48))
    assert frechet_distance(points, points) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(points, points + 1) == pytest.approx(48, rel=1e-6)


def test_float32_features_are_worked_with_in_float64(frechet_distance):
    a, b = (np.random.default_rng(seed).standard_normal((100, 8)).astype(np.float32) + 1e3 for seed in (0, 1))
    assert frechet_distance(a, b) == frechet_distance(a.astype(np.float64), b.astype(np.float64))


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros((5, 3)), np.zeros((5, 4)), "3 features against 4"),
        (np.zeros((1, 3)), np.zeros((5, 3)), r"N from 2, got \(1, 3\)"),
        (np.zeros((5, 3)), np.zeros(5), r"\(N, F\).* got \(5,\)"),
        (np.zeros((5, 3)), np.full((5, 3), np.nan), "no numbers"),
    ],
)
def test_features_that_are_refused(frechet_distance, a, b, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(a, b)


# The features


@pytest.fixture
def features(modules):
    return modules("features")


def random_pictures(count=6, side=64):
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), np.uint8)


def as_colors(pictures):
    """Pictures as the networks take them: float32 (N, 3, 64, 64) in -1…1."""
    return (pictures.transpose(0, 3, 1, 2) / 127.5 - 1).astype(np.float32)


def test_the_features_of_arrays_tensors_and_batches_are_the_same(features):
    from dark import from_numpy

    pictures = random_pictures()
    tensor = from_numpy(as_colors(pictures))
    expected = features.features_of(pictures)
    assert (expected.shape, expected.dtype) == ((6, 48), np.float64)
    np.testing.assert_allclose(features.features_of(tensor), expected, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(features.features_of([tensor[:4], tensor[4:]]), expected, rtol=1e-4, atol=1e-4)


def test_smaller_pictures_are_enlarged(features):
    small = random_pictures(side=32)
    large = small.repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_allclose(features.features_of(small), features.features_of(large), atol=1e-5)


def test_features_in_float64(features):
    from dark import float64, get_default_dtype, set_default_dtype

    pictures, before = random_pictures(), get_default_dtype()
    expected = features.features_of(pictures)
    set_default_dtype(float64)
    try:
        exact = features.features_of(pictures)
    finally:
        set_default_dtype(before)
    np.testing.assert_allclose(expected, exact, rtol=1e-3, atol=1e-4)
    assert (expected != exact).any()


def test_nothing_is_left_behind(features):
    from dark import from_numpy, is_grad_enabled

    images = from_numpy(as_colors(random_pictures())).requires_grad_()
    before = features.features_of(images)
    assert is_grad_enabled()
    assert images.grad is None
    np.testing.assert_array_equal(features.features_of(images), before)  # running statistics did not move
    assert not features.trained(images.device, images.dtype).training


def test_both_versions_give_the_same_features(features, monkeypatch):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: nothing to compare with")
    pictures = random_pictures()
    ours = features.features_of(pictures)
    monkeypatch.delitem(sys.modules, "features")
    monkeypatch.syspath_prepend(SAMPLE / "torch")
    theirs = importlib.import_module("features")
    assert theirs.Tensor is torch.Tensor
    np.testing.assert_allclose(theirs.features_of(pictures), ours, rtol=1e-4, atol=1e-4)


def test_the_two_versions_differ_in_their_imports_alone():
    ours, theirs = (
        [line for line in (SAMPLE / folder / "features.py").read_text().splitlines() if "import" not in line]
        for folder in ("dark", "torch")
    )
    assert ours == theirs


def test_the_weights_are_a_small_file():
    assert (SAMPLE / "measure" / "features.safetensors").stat().st_size <= 200_000


# What the distance says of pictures


@pytest.fixture(scope="module")
def characters(tmp_path_factory):
    """Real characters and as many others, uint8 (2, 300, 64, 64, 3)."""
    for package in ("dicebear", "dicebear_styles", "resvg_py", "PIL"):
        pytest.importorskip(package, reason=f"{package} is not installed: no characters to measure")
    file = tmp_path_factory.mktemp("characters") / "characters.bin"
    with open(file, "wb") as output:
        for seed in "0", "1":
            command = [sys.executable, SAMPLE / "db" / "draw.py", "toon-head", seed, "0", "300"]
            subprocess.run(command, stdout=output, check=True, timeout=120)
    return np.fromfile(file, np.uint8).reshape(2, 300, 64, 64, 3)


def blurred(images, radius=2):
    """The mean of the (2 radius + 1)² pixels around each."""
    around = range(-radius, radius + 1)
    shifted = [np.roll(images.astype(np.float32), (y, x), axis=(1, 2)) for y in around for x in around]
    return np.mean(shifted, axis=0).astype(np.uint8)


def slightly_blurred(images):
    return blurred(images, radius=1)


def noise(images):
    return np.random.default_rng(0).integers(0, 256, images.shape, np.uint8)


def noisy(images):
    return (images + np.random.default_rng(0).normal(0, 20, images.shape)).clip(0, 255).astype(np.uint8)


def very_noisy(images):
    return (images + np.random.default_rng(0).normal(0, 60, images.shape)).clip(0, 255).astype(np.uint8)


def shuffled(images, side=16):
    """The patches of every picture in an order of its own."""
    n, rows = len(images), 64 // side
    patches = images.reshape(n, rows, side, rows, side, 3).swapaxes(2, 3).reshape(n, rows**2, side, side, 3)
    orders = np.random.default_rng(0).permuted(np.tile(np.arange(rows**2), (n, 1)), axis=1)
    patches = patches[np.arange(n)[:, None], orders].reshape(n, rows, rows, side, side, 3)
    return patches.swapaxes(2, 3).reshape(images.shape)


def washed_out(images):
    """Fault 17: the sigmoid of a tanh's output, and blue and red exchanged."""
    return (255 / (1 + np.exp(1 - images[..., ::-1] / 127.5))).astype(np.uint8)


def few(images):
    """What a generator draws that has collapsed to four pictures."""
    return images[np.arange(len(images)) % 4]


def half_and_half(images):
    """The left half of one character and the right half of another."""
    return np.concatenate([images[:, :, :32], np.roll(images, 1, axis=0)[:, :, 32:]], axis=2)


def test_the_distance_says_which_pictures_are_worse(features, frechet_distance, characters):
    others, real = characters
    expected = features.features_of(others)

    def distance(pictures):
        return frechet_distance(expected, features.features_of(pictures))

    least = distance(real)
    assert least < 0.5
    ways = (
        slightly_blurred, blurred, noisy, very_noisy, noise, half_and_half, shuffled, washed_out, few,
    )  # fmt: skip
    worse = {way.__name__: distance(way(real)) for way in ways}
    assert min(worse.values()) > 2 * least, worse
    assert worse["slightly_blurred"] < worse["blurred"] < worse["shuffled"] < worse["noise"], worse
    assert worse["noisy"] < worse["very_noisy"] < worse["noise"], worse
    assert worse["half_and_half"] < worse["shuffled"], worse
    for name in ("shuffled", "washed_out", "few"):
        assert worse[name] > 20 * least, worse


# The program that made the weights


@pytest.fixture
def program(modules, monkeypatch):
    """`measure/train_features.py`, one epoch of it."""
    monkeypatch.syspath_prepend(SAMPLE / "measure")
    monkeypatch.delitem(sys.modules, "train_features", raising=False)
    program = modules("train_features")
    monkeypatch.setattr(program, "EPOCHS", 1)
    yield program
    sys.modules.pop("train_features", None)


def test_the_same_seed_gives_the_same_weights(program):
    answers = [["a", "x", None], ["b", "y", "p"], ["a", "y", "q"], ["b", "x", None]] * 32
    labels, questions = program.numbered(answers)
    assert questions == [["a", "b"], ["x", "y"], ["p", "q"]]
    assert labels[:4].tolist() == [[0, 0, -100], [1, 1, 0], [0, 1, 1], [1, 0, -100]]
    images = random_pictures(len(answers))
    first, again = (program.train(images, labels, questions)[0].state_dict() for _ in range(2))
    start = program.Features().state_dict()
    for name, weight in first.items():
        np.testing.assert_array_equal(weight.numpy(), again[name].numpy())
        assert (weight.numpy() != start[name].numpy()).any(), f"{name} was not trained"


def test_answers_of_other_characters_are_numbered_alike(program):
    labels, _ = program.numbered([["b", None], ["c", "y"]], [["a", "b"], ["x", "y"]])
    assert labels.tolist() == [[1, -100], [-100, 1]]
