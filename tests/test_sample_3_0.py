"""Sample 3.0: its points, its network, that it learns, and that it resumes as if never stopped."""  # beyond

import csv
import importlib
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import dark
from against_torch import needs_torch
from dark_samples import Run
from dark_samples.catalogue import SampleError, find_sample
from dark_samples.compare import compare_sample
from sample_runs import killed_and_resumed

SAMPLE = find_sample(str(Path(__file__).parent.parent / "dark-3" / "samples" / "3.0-Func-NN-regression"))


@pytest.fixture
def modules(monkeypatch):
    """Import a module of the sample by name; other samples have modules of the same names."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    SAMPLE.script("dark", "train")
    return importlib.import_module


@pytest.fixture
def quiet(modules, monkeypatch):
    """No frames are drawn, which take longer than the training."""
    monkeypatch.setattr(Run, "show_frame", lambda self, figure: None)


def trained(folder, **options):
    """A run of the sample that has ended."""
    run = Run("3.0", "dark", folder, **options)
    SAMPLE.script("dark", "train")(run)
    return run


def test_no_held_out_point_is_trained_with(modules):
    data = modules("data").load()
    train, test = set(data.train_points), set(data.test_points)
    assert (len(train), len(test)) == (41 * 41, 40 * 40) == (len(data.train_heights), len(data.test_heights))
    assert not train & test
    assert (0.0, 0.0) in train
    assert {p for pair in train for p in pair} == {i / 4 for i in range(-20, 21)}
    assert {p for pair in test for p in pair} == {i / 4 + 0.125 for i in range(-20, 20)}


def test_the_heights_are_those_of_the_function(modules):
    data = modules("data").load()
    heights = dict(zip(data.train_points, data.train_heights, strict=True))
    assert heights[0.0, 0.0] == 0
    assert heights[3.0, -4.0] == pytest.approx(math.sin(5))
    assert heights[-1.25, 0.0] == pytest.approx(math.sin(1.25))


def test_the_points_are_written_as_csv(modules, tmp_path):
    assert modules("db.prepare").write(tmp_path / "points.csv") == 3281
    with open(tmp_path / "points.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [r["part"] for r in rows] == ["train"] * 1681 + ["test"] * 1600
    assert all(float(r["height"]) == math.sin(math.hypot(float(r["x"]), float(r["y"]))) for r in rows)


def test_other_points_are_refused(modules, tmp_path):
    with pytest.raises(SampleError, match="reads no others"):
        modules("data").load(tmp_path)


def test_a_grid_of_heights_has_x_along_its_columns(modules):
    points = [(x, y) for y in (10.0, 20.0) for x in (1.0, 2.0, 3.0)]
    x, y, heights = modules("pictures").as_grid(points, [a + b for a, b in points])
    assert (x.tolist(), y.tolist()) == ([1, 2, 3], [10, 20])
    np.testing.assert_array_equal(heights, [[11, 12, 13], [21, 22, 23]])


def test_the_network_has_a_height_for_every_point(modules):
    model = modules("model").Network()
    heights = model(dark.zeros(5, 2))
    assert heights.shape == (5,)  # (5, 1) against heights of shape (5,) would be compared each with each
    assert sum(p.numel() for p in model.parameters()) == 2 * 64 + 64 + 64 * 64 + 64 + 64 + 1


def test_the_errors_are_those_of_the_definition(modules):
    model = lambda points: points[:, 0]
    model.eval = lambda: None
    points, heights = dark.tensor([[1.0, 0.0], [2.0, 0.0]]), dark.tensor([1.0, 5.0])
    found = modules("evaluation").errors(model, points, heights)
    assert found == {"test_rmse": pytest.approx(math.sqrt(4.5)), "test_largest_error": 3.0}


def test_it_learns(quiet, tmp_path):
    run = trained(tmp_path, epochs=12)
    assert run.losses[0] > 0.4
    assert run.history[-1]["test_rmse"] < 0.05
    assert run.history[-1]["test_largest_error"] < 0.5
    assert {"maps.png", "learning_curve.png"} <= {file.name for file in tmp_path.iterdir()}


def test_a_resumed_run_has_the_curve_of_one_that_never_stopped(quiet, tmp_path):
    whole = trained(tmp_path / "whole", epochs=4)

    resumed = killed_and_resumed(trained, tmp_path / "parts", epochs=4, after=3)
    assert resumed.losses == whole.losses
    assert resumed.history == whole.history


def test_the_trained_network_is_measured_again(quiet, tmp_path, capsys):
    run = trained(tmp_path, epochs=1)
    (tmp_path / "maps.png").unlink()
    SAMPLE.script("dark", "test")(Run("3.0", "dark", tmp_path))
    printed = capsys.readouterr().out
    assert f"Test rmse: {run.metrics['test_rmse']:.5g}" in printed.splitlines()
    assert (tmp_path / "maps.png").is_file()


@needs_torch
@pytest.mark.parametrize(("dtype", "tolerance", "steps"), [("float32", 1e-5, 1500), ("float64", 1e-10, 300)])
def test_every_loss_is_that_of_the_twin(quiet, capsys, dtype, tolerance, steps):
    with threadpool_limits(1):  # the threads of two frameworks would wait for one another
        assert compare_sample(SAMPLE, steps, 0, None, False, dtype, tolerance, {})
    assert f"Equal: in {steps} steps" in capsys.readouterr().out
