"""Sample 2.0: its points, the files it reads, the loss it defines, and that it learns."""  # beyond

import hashlib
import importlib
import math
import random
import sys
from pathlib import Path

import pytest

import dark
from dark_samples import Run
from dark_samples.catalogue import SampleError, find_sample

SAMPLE = Path(__file__).parent.parent / "dark-2" / "samples" / "2.0-Func-logistic-regression"


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    find_sample(str(SAMPLE)).script("dark", "train")
    return importlib.import_module


@pytest.fixture
def load(modules):
    return modules("data").load


@pytest.fixture
def model(modules):
    return modules("model")


def test_the_points_are_the_same_on_every_machine(modules):
    rows = modules("db.prepare").draw()
    text = "\n".join(f"{x:.3f},{y:.3f},{label}" for x, y, label in rows)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "416e8aae4756a8b3"


def test_drawn_points_do_not_touch_the_generator_of_others(load):
    random.seed(1)
    before = random.getstate()
    assert load() == load()
    assert random.getstate() == before


def test_every_fifth_point_is_held_out_and_both_classes_are_as_frequent(modules, load):
    rows, points = modules("db.prepare").draw(), load()
    assert points.test_points == [(x, y) for x, y, _ in rows[4::5]]
    assert points.train_points[:5] == [rows[i][:2] for i in (0, 1, 2, 3, 5)]
    assert len(points.train_points) == len(points.train_labels) == 2 * sum(points.train_labels) == 800
    assert len(points.test_points) == len(points.test_labels) == 2 * sum(points.test_labels) == 200


def test_written_points_are_read_back(modules, load, tmp_path):
    prepare = modules("db.prepare")
    prepare.write(tmp_path / "points.csv", prepare.draw())
    drawn, found = load(), load(tmp_path / "points.csv")
    assert found[1:] == drawn[1:]
    assert str(tmp_path / "points.csv") in found.source


GOOD = [f"{i / 7},{-i},{i % 2}" for i in range(20)]


@pytest.mark.parametrize("first", [["x,y,class"], [" x, y, class"], [""], []])
def test_a_header_and_empty_lines_are_skipped(load, tmp_path, first):
    (tmp_path / "points.csv").write_text("\n".join([*first, *GOOD, "", ""]), encoding="utf-8-sig")
    points = load(tmp_path / "points.csv")
    assert points.train_points[1] == (1 / 7, -1.0)
    assert points.train_labels[:2] == [0.0, 1.0]
    assert len(points.train_points) + len(points.test_points) == 20


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1,2", "expected x,y,class, got '1,2'"),
        ("1,2,0,5", "expected x,y,class, got '1,2,0,5'"),
        ("one,2,0", "x, y and class are numbers, got 'one,2,0'"),
        ("1,,0", "x, y and class are numbers, got '1,,0'"),
        ("x,y,class", "x, y and class are numbers, got 'x,y,class'"),
        ("nan,2,0", "a coordinate is not finite, got 'nan,2,0'"),
        ("1,-inf,1", "a coordinate is not finite, got '1,-inf,1'"),
        ("1,2,2", "the class is 0 or 1, got '1,2,2'"),
        ("1,2,0.5", "the class is 0 or 1, got '1,2,0.5'"),
        ("1,2,nan", "the class is 0 or 1, got '1,2,nan'"),
    ],
)
def test_a_bad_line_is_named(load, tmp_path, line, message):
    file = tmp_path / "points.csv"
    file.write_text("\n".join(["x,y,class", *GOOD[:3], line, *GOOD[3:]]))
    with pytest.raises(SampleError) as error:
        load(file)
    assert str(error.value) == f"{file}, line 5: {message}"


def test_a_file_that_holds_no_points_is_named(load, tmp_path):
    few, binary, flat = (tmp_path / name for name in ("few.csv", "binary.csv", "flat.csv"))
    few.write_text("\n".join(GOOD[:9]))
    binary.write_bytes(bytes(range(256)))
    flat.write_text("\n".join(f"3,{i},{i % 2}" for i in range(20)))
    messages = {few: "9 points are too few", binary: "is no CSV file", flat: "every x is 3.0"}
    for file, message in messages.items():
        with pytest.raises(SampleError, match=message) as error:
            load(file)
        assert str(file) in str(error.value)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing.csv")


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("score", [-1000.0, -40.0, -1.0, 0.0, 1.0, 40.0, 1000.0])
def test_loss_and_gradient_of_a_score_are_right_however_large_it_is(model, score, label):
    s = dark.tensor([score], requires_grad=True)
    loss = model.loss_of(s, dark.tensor([float(label)]))
    loss.backward()
    against = score if label == 0 else -score  # how far it lies on the wrong side
    small = math.log1p(math.exp(-abs(score)))
    assert loss.item() == pytest.approx(max(against, 0) + small, rel=1e-6)
    probability = 1 / (1 + math.exp(-score)) if score > -700 else 0.0
    assert s.grad.item() == pytest.approx(probability - label, rel=1e-6, abs=1e-30)


def test_gradients_of_model_and_loss_by_finite_differences(model):
    dark.manual_seed(0)
    points = dark.randn(7, 2, dtype=dark.float64)
    labels = (dark.randn(7, dtype=dark.float64) > 0).double()
    weight = dark.randn(model.FEATURES, dtype=dark.float64, requires_grad=True)
    bias = dark.randn((), dtype=dark.float64, requires_grad=True)
    loss = lambda w, b: model.loss_of(model.scores(points, w, b), labels)
    assert dark.autograd.gradcheck(loss, (weight, bias))
    zero = dark.zeros(model.FEATURES, dtype=dark.float64, requires_grad=True)  # where training begins
    assert dark.autograd.gradcheck(loss, (zero, bias.detach() * 0))


def test_it_learns(tmp_path):
    run, frames = Run("2.0", "dark", tmp_path, epochs=8), []
    run.show_frame = frames.append
    find_sample(str(SAMPLE)).script("dark", "train")(run)
    assert run.losses[0] == pytest.approx(math.log(2))  # of the sheet that is flat
    assert run.history[0]["test_accuracy"] < 0.9  # as good as a straight line is
    assert run.history[-1]["test_accuracy"] >= 0.93
    assert run.history[-1]["test_loss"] < 0.17
    assert {"boundary.png", "learning_curve.png"} <= {file.name for file in tmp_path.iterdir()}
    assert len(frames) == 16 + 8  # of the first epoch every step
    assert "epoch 8" in frames[-1]().get_suptitle()


def test_it_learns_points_of_any_scale(modules, tmp_path):
    prepare = modules("db.prepare")
    far = [(1000 * x + 5000, y / 1000, label) for x, y, label in prepare.draw()]
    prepare.write(tmp_path / "far.csv", far)
    run = Run("2.0", "dark", tmp_path, epochs=1, data=tmp_path / "far.csv")
    run.show_frame = lambda figure: None
    find_sample(str(SAMPLE)).script("dark", "train")(run)
    assert run.history[-1]["test_accuracy"] > 0.85
