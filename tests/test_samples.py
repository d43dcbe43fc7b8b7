"""The samples: both versions are one program, and one command runs each of them to the end."""  # beyond

import io
import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark_samples.animation import Frames, encoded
from dark_samples.catalogue import Sample, SampleError, all_samples, find_sample
from dark_samples.command_line import default_tolerance
from dark_samples.compare import RecordedRun, compare_sample, first_difference, number_differences
from dark_samples.numbers import as_text
from dark_samples.pictures import PAPER, as_png, figure, write
from dark_samples.run import Run
from dark_samples.window import Screen

ROOT = Path(__file__).parent.parent
SAMPLES = all_samples()
COMMAND = [sys.executable, "-m", "dark"]
FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")
needs_fashion_mnist = pytest.mark.skipif(
    not FASHION_MNIST.is_dir(), reason="the package dataset-fashion-mnist is not installed"
)


def run(*arguments, code=0, cwd=ROOT, **environment):
    """Run a command as a user would, without a terminal; its output as text."""
    done = subprocess.run(
        [str(a) for a in arguments], cwd=cwd, capture_output=True, timeout=600,
        env=os.environ | {"PYTHONWARNINGS": "default", "MPLBACKEND": "Agg"} | environment,
    )  # fmt: skip
    output = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    assert done.returncode == code, output
    return output


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.number)
def test_the_two_versions_differ_in_imports_only(sample):
    files = sorted((sample.folder / "dark").glob("*.py"))
    assert [f.name for f in files if f.name in ("model.py", "train.py", "test.py")]
    for ours in files:
        theirs = sample.folder / "torch" / ours.name
        assert without_imports(ours) == without_imports(theirs), f"{ours} and {theirs}"


def without_imports(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith(("import ", "from "))]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.number)
def test_a_training_script_fits_a_hundred_lines(sample):
    assert len((sample.folder / "dark" / "train.py").read_text(encoding="utf-8").splitlines()) <= 100


def quick_run(folder, *options):
    """Train 4.0 on little data: the output, and the numbers of `--json`."""
    folder.mkdir(exist_ok=True)
    output = run(*COMMAND, "run", "4.0", "--quick", "--output", folder, "--json", folder / "n.json", *options)
    return output, json.loads((folder / "n.json").read_text())


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """One quick run of 4.0 with all it leaves: its folder, its numbers, its output."""
    folder = tmp_path_factory.mktemp("run")
    output, numbers = quick_run(folder, "--epochs", 2)
    return folder, numbers, output


def test_a_run_leaves_pictures_weights_and_numbers(first_run):
    folder, numbers, output = first_run
    names = {path.name for path in folder.iterdir()}
    assert names == {"checkpoint.safetensors", "learning_curve.png", "predictions.png", "n.json"}
    for name in names:
        assert str(folder / name) in output
    kind = {"sample": "4.0", "framework": "dark", "device": "cpu", "seed": 0}
    assert kind.items() <= numbers.items()
    assert numbers["metrics"]["test_accuracy"] > 0.5
    assert len(numbers["history"]) == 2
    assert numbers["losses"][-1] < numbers["losses"][0]
    assert numbers["seconds"] > 0
    assert f"Data: {numbers['data']}" in output


def test_every_script_gets_the_modules_of_its_own_sample(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    for sample in "ab":
        for version in ("dark", "torch"):
            folder = tmp_path / sample / version
            folder.mkdir(parents=True)
            (folder / "model.py").write_text(f"name = {sample + version!r}")
            (folder / "train.py").write_text(
                "import sys; from pathlib import Path; sys.path.append(str(Path(__file__).parents[1]))\n"
                "from model import name; from db.prepare import where\n"
                "def train(): return name, where"
            )
        (tmp_path / sample / "db").mkdir()
        (tmp_path / sample / "db" / "prepare.py").write_text(f"where = {sample!r}")
    for sample in "aba":
        for version in ("dark", "torch"):
            train = Sample("0.0", sample, tmp_path / sample).script(version, "train")
            assert train() == (sample + version, sample)


WITH_WORKERS = """
import sys
from dark_samples.catalogue import find_sample
from dark.utils.data import DataLoader

if __name__ == "__main__":
    find_sample("4.0").script("dark", "train")
    from dataset import Clothes
    import numpy as np

    data = Clothes(np.zeros((8, 28, 28), np.uint8), np.arange(8))
    loader = DataLoader(data, 4, num_workers=1, multiprocessing_context="spawn")
    print([labels.tolist() for _, labels in loader])
"""


def test_worker_processes_find_the_modules_of_a_sample(tmp_path):
    (tmp_path / "program.py").write_text(WITH_WORKERS)
    assert "[[0, 1, 2, 3], [4, 5, 6, 7]]" in run(sys.executable, tmp_path / "program.py")


def test_a_log_has_no_control_codes(first_run):
    assert "\x1b" not in first_run[2]
    assert "\r" not in first_run[2].replace(os.linesep, "\n")


def test_same_seed_same_bits_and_another_seed_others(first_run, tmp_path):
    for seed, same in ((0, True), (1, False)):
        losses = quick_run(tmp_path, "--epochs", 2, "--seed", seed)[1]["losses"]
        assert (losses == first_run[1]["losses"]) is same


def test_a_killed_and_resumed_run_has_the_identical_curve(tmp_path):
    whole = quick_run(tmp_path / "whole", "--epochs", 20)[1]
    arguments = [*COMMAND, "run", "4.0", "--quick", "--epochs", "20", "--output", str(tmp_path)]
    killed = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL)
    while not (tmp_path / "checkpoint.safetensors").is_file():
        assert killed.poll() is None
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    assert not (tmp_path / "predictions.png").exists()  # it was not allowed to finish
    resumed = quick_run(tmp_path, "--resume")[1]
    assert resumed["losses"] == whole["losses"]
    assert resumed["history"] == whole["history"]


def test_a_resumed_run_keeps_its_number_of_epochs(first_run):
    options = ["--quick", "--resume", "--epochs", 3, "--output", first_run[0]]
    output = run(*COMMAND, "run", "4.0", *options, code=1)
    assert "was begun with --epochs 2" in output


def test_a_resumed_run_keeps_its_seed(first_run):
    options = ["--quick", "--resume", "--seed", 3, "--output", first_run[0]]
    output = run(*COMMAND, "run", "4.0", *options, code=1)
    assert output == "dark: the run to resume was begun with seed=0, not seed=3\n"


def begun_anew(output, **saved):
    """A run that goes on from one which saved a checkpoint with data, and whatever else was kept."""
    first = Run("3.9", "dark", output)
    first.use(saved.pop("data"))
    first.keep(**saved)
    first.save()
    run = Run("3.9", "dark", output, resume=True)
    run.train_for(1)
    return run


def test_a_resumed_run_keeps_its_data(tmp_path):
    run = begun_anew(tmp_path, data="points from a.csv", model=dark.nn.Linear(1, 1))
    run.use("points from a.csv")
    both = r"begun with other data: points from a\.csv; now it is: points from b\.csv"
    with pytest.raises(SampleError, match=both):
        run.use("points from b.csv")


def test_a_checkpoint_that_knows_no_data_fits_any(tmp_path):
    run = begun_anew(tmp_path, data="points from a.csv", model=dark.nn.Linear(1, 1))
    del run.begun["data"]
    run.use("points from b.csv")


def test_a_checkpoint_that_lacks_something_says_what(tmp_path):
    model = dark.nn.Linear(1, 1)
    run = begun_anew(tmp_path, data="points", model=model)
    with pytest.raises(SampleError, match=r"of sample 3\.9: it lacks average, best; train again"):
        run.keep(model=model, average=model, best=model)


def test_the_trained_network_is_read_back(first_run):
    folder, numbers, _ = first_run
    output = run(*COMMAND, "test", "4.0", "--quick", "--output", folder)
    assert f"{numbers['metrics']['test_accuracy']:.2%}" in output


def test_the_script_is_the_same_command(first_run, tmp_path):
    script = find_sample("4.0").folder / "dark" / "train.py"
    options = ["--quick", "--epochs", "2", "--output", tmp_path, "--json", tmp_path / "n.json"]
    run(sys.executable, script, *options, cwd=tmp_path)
    losses = json.loads((tmp_path / "n.json").read_text())["losses"]
    assert losses == first_run[1]["losses"]


def test_output_on_a_console_that_is_not_utf8(tmp_path):
    folder = tmp_path / "Ergebnisse-日本"
    run(*COMMAND, "run", "4.0", "--quick", "--output", folder, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (folder / "predictions.png").is_file()


@needs_torch
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.number)
def test_dark_and_torch_agree_at_every_step(sample):
    for dtype in ("float32",) if sample.number >= "4" else ("float32", "float64"):
        length = ["--steps", 4] if sample.number >= "5" else ["--whole"]
        output = run(*COMMAND, "compare", sample.number, *length, "--quick", "--dtype", dtype)
        assert "Equal: in" in output


@pytest.mark.skipif(torch is not None, reason="PyTorch is installed")
def test_the_torch_version_without_torch_says_what_to_install():
    for arguments in (["run", "4.0", "--framework", "torch"], ["compare", "1.0"]):
        output = run(*COMMAND, *arguments, code=1)
        assert output == "dark: PyTorch is not installed; pip install torch==2.13.0 brings it\n"


@needs_torch
@needs_fashion_mnist
def test_sample_4_0_agrees_with_torch_for_200_steps_on_fashion_mnist():
    assert "Equal: in 200 steps" in run(*COMMAND, "compare", "4.0", "--steps", 200)


@needs_fashion_mnist
def test_sample_4_0_learns_fashion_mnist(tmp_path):
    run(*COMMAND, "run", "4.0", "--output", tmp_path, "--json", tmp_path / "n.json")
    numbers = json.loads((tmp_path / "n.json").read_text())
    assert "FashionMNIST" in numbers["data"]
    assert numbers["epochs"] == 5
    assert len(numbers["losses"]) == 5 * 938
    assert numbers["metrics"]["test_accuracy"] > 0.88


@needs_torch
def test_the_torch_version_runs_to_the_end(tmp_path):
    numbers = quick_run(tmp_path, "--framework", "torch")[1]
    assert numbers["framework"] == "torch"
    assert (tmp_path / "checkpoint.pt").is_file()


def test_the_comparison_names_the_first_tensor_that_differs():
    ours = {"batch[0]": np.ones(3), "output of a": np.array([1.0, 2.0]), "loss": np.array(1.0)}
    theirs = ours | {"output of a": np.array([1.0, 2.1]), "loss": np.array(2.0)}
    name, error = first_difference(ours, theirs, 1e-4)
    assert name == "output of a"
    assert error == pytest.approx(0.1 / 2.1)
    assert first_difference(ours, ours, 1e-4) == (None, 0.0)
    assert first_difference(ours, ours | {"loss": np.array(np.nan)}, 1e-4)[0] == "loss"


# A sample that is made up here, without weights and with frames

TRAIN = """
import sys
from pathlib import Path

from FRAMEWORK import tensor
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))

from pictures import draw


def train(run: Run):
    run.train_for(1)
    run.use("f(x) = 2x²+5")
    x = tensor(3.0, requires_grad=True)
    for _ in run.remaining_epochs():
        for i in run.steps(range(6)):
            y = 2 * x**2 + 5
            y.backward()
            run.log_step(y.item(), gradient=x.grad.item())
            run.show_frame(draw(i) if i % 2 else lambda: draw(i))
            x = tensor(x.item() - RATE * x.grad.item(), requires_grad=True)
    run.finish(curve=False, last=draw(6))


if __name__ == "__main__":
    main(__file__)
"""
DRAW = """
from dark_samples.pictures import figure


def draw(i):
    drawn = figure(8, 3)
    drawn.subplots().plot([0, 1], [0, i])
    return drawn
"""


@pytest.fixture
def made_up(tmp_path):
    """A sample without weights, the same in Dark and in PyTorch."""
    folder = tmp_path / "1.9-Made-up"
    for framework in ("dark", "torch"):
        (folder / framework).mkdir(parents=True)
        train = TRAIN.replace("FRAMEWORK", framework).replace("RATE", "0.1")
        (folder / framework / "train.py").write_text(train, encoding="utf-8")
    (folder / "pictures.py").write_text(DRAW)
    return folder


def test_a_sample_without_weights_leaves_its_pictures_an_animation_and_its_numbers(made_up, tmp_path):
    output = run(*COMMAND, "run", made_up, "--docs", "--json", tmp_path / "n.json")
    results, docs = made_up / "runs" / "dark", made_up / "docs"
    assert {path.name for path in results.iterdir()} == {"last.png", "animation.gif", "frames"}
    assert {path.name for path in docs.iterdir()} == {"last.png", "animation.gif"}
    for path in docs.iterdir():
        assert path.read_bytes() == (results / path.name).read_bytes()
    assert "Weights" not in output
    numbers = json.loads((tmp_path / "n.json").read_text())
    assert numbers["losses"][:2] == pytest.approx([23.0, 2 * 1.8**2 + 5])
    assert numbers["numbers"]["gradient"][:2] == pytest.approx([12.0, 7.2])
    assert (numbers["metrics"], numbers["history"]) == ({}, [])


def test_the_animation_has_every_frame_and_holds_the_last(made_up):
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")
    files = []
    for _ in range(2):
        run(*COMMAND, "run", made_up)
        files.append((made_up / "runs" / "dark" / "animation.gif").read_bytes())
    assert files[0] == files[1]
    with image.open(made_up / "runs" / "dark" / "animation.gif") as animation:
        assert animation.n_frames == 6
        assert animation.size == (800, 300)
        assert animation.info["loop"] == 0
        times = []
        for number in range(6):
            animation.seek(number)
            times.append(animation.info["duration"])
    assert times == [400] * 5 + [2400]


def test_a_large_animation_is_made_smaller(tmp_path, monkeypatch):
    monkeypatch.setattr("dark_samples.animation.LARGEST", 60_000)
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")
    frames, rng = Frames(tmp_path), np.random.default_rng(0)
    for _ in range(3):
        png = io.BytesIO()
        image.fromarray(rng.integers(0, 256, (60, 800, 3), np.uint8)).save(png, "PNG")
        frames.add(png.getvalue())
    gif = frames.gif()
    with image.open(io.BytesIO(gif)) as animation:
        assert animation.size[0] < 800
    assert len(gif) < 60_000


def test_a_few_points_of_another_colour_keep_it():
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to read files with")
    pixels = np.zeros((200, 200, 3), np.uint8)
    pixels[..., 2] = np.arange(200)  # a surface of many blues
    pixels[20:24, 20:24] = 200, 30, 30
    with image.open(io.BytesIO(encoded([image.fromarray(pixels)] * 2, 16, 200))) as animation:
        assert animation.convert("RGB").getpixel((22, 22)) == pytest.approx((200, 30, 30), abs=12)


def test_a_sample_that_keeps_nothing_begins_anew_and_is_not_tested(made_up):
    output = run(*COMMAND, "run", made_up)
    resumed = run(*COMMAND, "run", made_up, "--resume")
    tested = run(*COMMAND, "test", made_up, code=1)
    assert resumed.startswith("There is no checkpoint")
    assert resumed.splitlines()[1] == output.splitlines()[0]
    assert tested.splitlines() == ["dark: sample 1.9 has no dark/test.py"]


KEEPS = """
import os
from pathlib import Path
from dark import nn
from dark_samples import Run, main
from dark_samples.pictures import figure


def train(run: Run):
    run.train_for(4)
    model = nn.Linear(1, 1)
    run.keep(model=model)
    for epoch in run.remaining_epochs():
        for step in run.steps([1, 2]):
            run.log_step(1 / epoch, step=step)
            drawn = figure(2, 1)
            drawn.text(0.1, 0.1, f"{epoch} {step}")
            run.show_frame(drawn)
            if os.environ.get("STOP") == f"{epoch} {step}":
                os._exit(3)
    run.finish()


if __name__ == "__main__":
    main(__file__)
"""


def test_a_resumed_run_has_all_frames_and_numbers(tmp_path):
    script = tmp_path / "3.9-Keeps" / "dark" / "train.py"
    script.parent.mkdir(parents=True)
    script.write_text(KEEPS)
    outputs = [tmp_path / name for name in ("whole", "stopped", "cleared")]
    reports = []
    for folder in outputs:
        options = ["--json", tmp_path / "n.json", "--output", folder]
        if folder.name == "whole":
            run(sys.executable, script, *options)
        else:
            run(sys.executable, script, *options, code=3, STOP="3 1")
            if folder.name == "cleared":
                (folder / "frames" / "0001.png").unlink()
            output = run(sys.executable, script, *options, "--resume")
            assert "Resumed after epoch 2" in output
            assert ("lacks frames" in output) is (folder.name == "cleared")
        reports.append(json.loads((tmp_path / "n.json").read_text()))
    assert reports[0]["numbers"] == {"step": [1, 2] * 4}
    for report in reports:
        assert report["numbers"] == reports[0]["numbers"]
        assert report["losses"] == reports[0]["losses"]
    animations = [(folder / "animation.gif").read_bytes() for folder in outputs]
    assert animations[0] == animations[1] != animations[2]
    assert len(list((outputs[2] / "frames").glob("*.png"))) == 4


def test_the_bar_shows_further_numbers_and_an_epoch_can_log_their_mean(tmp_path):
    shown, run = [], Run("6.9", "dark", tmp_path, epochs=2)
    for epoch in run.remaining_epochs():
        for step in run.steps(range(20)):
            many = {f"walker_{i}": i for i in range(4)} if epoch == 2 else {}
            run.log_step(0.5, d_real=step + epoch, **many)
            shown.append(run.progress.tasks[0].fields["loss"])
        run.log_epoch(d_real=run.mean("d_real"))
    assert shown[8:11] == ["", *["loss 0.5000, d real 10.0000"] * 2]
    assert shown[-1] == "loss 0.5000, d real 21.0000, walker 0 0.0000, walker 1 1.0000"  # no room for more
    assert run.history == [{"d_real": 10.5}, {"d_real": 11.5}]


def test_a_measure_that_there_was_nothing_for_is_null_in_the_numbers(tmp_path):
    run = Run("6.9", "dark", tmp_path, epochs=1, json=tmp_path / "n.json")
    for _ in run.remaining_epochs():
        run.log_epoch(map=math.nan, nme=0.5)
    run.finish(curve=False)
    numbers = json.loads(run.json.read_text(), parse_constant=lambda word: pytest.fail(word))
    assert numbers["metrics"] == {"map": None, "nme": 0.5}
    assert numbers["history"] == [{"map": None, "nme": 0.5}]


# Options of a sample's own

OPTIONS = """
from pathlib import Path
from typing import Annotated

from dark_samples import Run, main


def train(
    run: Run,
    classes: Annotated[int, "How many classes.", range(2, 11)] = 2,
    warm_up: Annotated[bool, "Slowly."] = False,
):
    run.train_for(1)
    for _ in run.remaining_epochs():
        for step in run.steps(range(1, 3)):
            run.log_step(step * classes + 0.5 * warm_up)
    run.finish(curve=False)


if __name__ == "__main__":
    main(__file__)
"""
FILES = """
from pathlib import Path
from typing import Annotated

from dark_samples import Run, main


def test(
    run: Run, files: Annotated[list[Path], "Pictures to name."] = (), camera: Annotated[bool, "Look."] = False
):
    print("files", [path.name for path in files], "camera", camera, "quick", run.quick)


if __name__ == "__main__":
    main(__file__)
"""


@pytest.fixture
def with_options(tmp_path):
    """A sample whose functions have parameters beside `run`."""
    folder = tmp_path / "1.7-Options"
    for framework in ("dark", "torch"):
        (folder / framework).mkdir(parents=True)
        (folder / framework / "train.py").write_text(OPTIONS)
        (folder / framework / "test.py").write_text(FILES)
    return folder


def test_parameters_of_a_training_script_are_its_own_options(with_options, tmp_path):
    numbers = tmp_path / "n.json"
    for command in ([*COMMAND, "run", with_options], [sys.executable, with_options / "dark" / "train.py"]):
        run(*command, "--classes", 10, "--json", numbers, "--warm-up")
        assert json.loads(numbers.read_text())["losses"] == [10.5, 20.5]
        run(*command, "--json", numbers)
        assert json.loads(numbers.read_text())["losses"] == [2, 4]
        assert "How many classes." in run(*command, "--help")
        assert "valid integer" in run(*command, "--classes", "ten", code=2)
    assert "No such option: --classes" in run(*COMMAND, "run", "1.0", "--classes", 10, code=2)


@needs_torch
def test_a_comparison_takes_the_options_of_the_sample(with_options):
    output = run(*COMMAND, "compare", with_options, "--whole", "--classes", 7)
    assert "7.0000000" in output
    assert "Equal: in 2 steps" in output


@pytest.mark.parametrize("classes", [1, 11])
def test_a_number_outside_of_its_range_is_a_mistake_of_the_command_line(with_options, classes):
    output = run(*COMMAND, "run", with_options, "--classes", classes, code=2)
    assert "Invalid value for '--classes'" in output
    assert "Traceback" not in output


def test_a_list_of_a_testing_script_takes_what_follows_the_options(with_options):
    for command in ([*COMMAND, "test", with_options], [sys.executable, with_options / "dark" / "test.py"]):
        assert "files [] camera False quick False" in run(*command)
        output = run(*command, "--quick", "a.png", "b/c.png", "--camera")
        assert "files ['a.png', 'c.png'] camera True quick True" in output


# Windows, of a backend of ours: it notes what is asked of it

BACKEND = """
from pathlib import Path
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

FAULT = ""


def note(text):
    with open(Path(__file__).with_suffix(".txt"), "a") as file:
        print(text, file=file)
    if FAULT and FAULT in text:
        raise RuntimeError("no display")


class FigureManager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block=None):
        note("wait" if block else "show")


class FigureCanvas(FigureCanvasAgg):
    required_interactive_framework = "headless"
    manager_class = FigureManager

    def draw_idle(self):
        note("draw")

    def flush_events(self):
        pass
"""


def with_windows(tmp_path, *arguments, fault="", **environment):
    """Run a command where the backend above has the screen: its output, and what was asked of the backend."""
    (tmp_path / "screen.py").write_text(BACKEND.replace('FAULT = ""', f"FAULT = {fault!r}"))
    search = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    environment = {"CI": "", "MPLBACKEND": "module://screen", "PYTHONPATH": search} | environment
    output = run(*COMMAND, *arguments, **environment)
    notes = tmp_path / "screen.txt"
    return output, notes.read_text().split() if notes.is_file() else []


def test_frames_share_a_window_and_the_end_waits_for_all_windows(made_up, tmp_path):
    output, notes = with_windows(tmp_path, "run", made_up)
    assert notes == ["show"] + ["draw"] * 5 + ["show", "wait"]
    assert output.rstrip().endswith("close them to end.")


def test_a_run_without_frames_shows_its_learning_curve_as_it_grows(tmp_path):
    options = ["--quick", "--epochs", 3, "--output", tmp_path / "run"]
    _, notes = with_windows(tmp_path, "run", "4.0", *options)
    assert notes == ["show", "draw", "draw", "show", "draw", "wait"]  # the curve, predictions, the curve
    (tmp_path / "screen.txt").unlink()
    _, notes = with_windows(tmp_path, "test", "4.0", "--quick", "--output", tmp_path / "run")
    assert notes == ["show", "wait"]


@pytest.mark.parametrize("fault", ["show", "draw", "wait"])
def test_a_window_that_fails_stops_no_run(made_up, tmp_path, fault):
    output, notes = with_windows(tmp_path, "run", made_up, fault=fault)
    assert notes.count(fault) == 1
    assert "No window: no display" in output
    assert (made_up / "runs" / "dark" / "animation.gif").is_file()


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (["--no-window"], {}),
        ([], {"CI": "true"}),
        ([], {"MPLBACKEND": "Agg"}),
        ([], {"MPLBACKEND": "module://no_such"}),
    ],
)
def test_no_window_opens_where_nobody_looks(made_up, tmp_path, options, environment):
    output, notes = with_windows(tmp_path, "run", made_up, *options, **environment)
    assert notes == []
    assert "No window" not in output
    assert "close them" not in output


@needs_torch
def test_a_comparison_opens_no_window(made_up, tmp_path):
    assert with_windows(tmp_path, "compare", made_up, "--whole")[1] == []


def test_a_window_that_was_closed_stays_closed(monkeypatch):
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="matplotlib is not installed")
    monkeypatch.setattr(pyplot, "show", lambda block: None)
    pyplot.switch_backend("Agg")
    screen, png = Screen(pyplot), as_png(figure(1, 1))
    for name in ("a", "b"):
        screen.show(name, png)
    pyplot.close("a")
    screen.show("a", png)
    screen.answer()
    assert (pyplot.fignum_exists("a"), pyplot.fignum_exists("b")) == (False, True)
    assert screen.is_open()
    pyplot.close("b")
    assert not screen.is_open()
    assert screen.fault is None


def test_stopping_while_windows_are_open_closes_them():
    pyplot = pytest.importorskip("matplotlib.pyplot", reason="matplotlib is not installed")

    class Stopped(Screen):
        closed: list = []

    def stop(block):
        raise KeyboardInterrupt

    fake = SimpleNamespace(show=stop, close=Stopped.closed.append)
    Stopped(fake).wait()
    assert Stopped.closed == ["all"]
    assert pyplot.get_fignums() == []


# Comparisons


@needs_torch
def test_steps_without_weights_are_compared(made_up):
    output = run(*COMMAND, "compare", made_up, "--steps", 4)
    ending = "no loss differs by more than 0.0e+00, no other number by more than 0.0e+00."
    assert f"Equal: in 4 steps {ending}" in output
    assert "Equal: in 6 steps" in run(*COMMAND, "compare", made_up, "--whole")
    assert "there are only 6 steps" in run(*COMMAND, "compare", made_up, code=1)


@needs_torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_default_tolerance_is_that_of_the_dtype(made_up, dtype):
    rate = {"float32": "0.100002", "float64": "0.1000000001"}[dtype]  # the other version's is 0.1
    script = made_up / "torch" / "train.py"
    script.write_text(TRAIN.replace("FRAMEWORK", "torch").replace("RATE", rate), encoding="utf-8")
    options = ["compare", made_up, "--whole", "--dtype", dtype]
    assert "the loss of step 2 differed" in run(*COMMAND, *options, code=1)
    assert "Equal: in 6 steps" in run(*COMMAND, *options, "--tolerance", 1e-4)


def test_the_default_tolerance_grows_with_lesson_5():
    tolerances = [default_tolerance(Sample(number, "", ROOT), "float32") for number in ("4.0", "5.0", "7.0")]
    assert tolerances == pytest.approx([1e-5, 1e-3, 1e-3])
    assert default_tolerance(Sample("5.1", "", ROOT), "float64") == pytest.approx(1e-8)


@needs_torch
def test_versions_that_log_other_numbers_or_fewer_steps_differ(made_up):
    script = made_up / "torch" / "train.py"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("gradient=", "slope="), encoding="utf-8")
    assert "gradient, slope: logged by one version only" in run(*COMMAND, "compare", made_up, code=1)
    script.write_text(text.replace("gradient=x", "gradient=1.1 * x"), encoding="utf-8")
    assert "The gradient of step 1 differs: 12.0 and 13.2" in run(*COMMAND, "compare", made_up, code=1)
    script.write_text(text.replace("range(6)", "range(5)"), encoding="utf-8")
    assert "after 5 steps only one version goes on" in run(*COMMAND, "compare", made_up, "--whole", code=1)


@needs_torch
def test_a_comparison_restores_the_default_dtype(made_up, capsys):
    assert compare_sample(find_sample(str(made_up)), None, 0, None, False, "float64", 1e-10, {})
    assert dark.get_default_dtype() is dark.float32
    assert torch.get_default_dtype() is torch.float32
    assert "Equal: in 6 steps" in capsys.readouterr().out


def test_a_number_that_passes_through_zero_is_measured_by_its_largest():
    largest = {}
    assert number_differences({"loss": 2.0, "slope": 4.0}, {"loss": 2.0, "slope": 4.0}, largest)["slope"] == 0
    small = number_differences({"loss": 1e-3, "slope": 1e-9}, {"loss": 2e-3, "slope": 0.0}, largest)
    assert small == pytest.approx({"loss": 0.5, "slope": 1e-9 / 4})
    for loss, difference in ((4.0, 0.0), (1e-3, 0.5)):
        ours, theirs = {"other_loss": loss}, {"other_loss": loss / (1 - difference)}
        assert number_differences(ours, theirs, largest)["other_loss"] == pytest.approx(difference)


def test_tensors_of_two_networks_and_of_several_passes_have_names_of_their_own(tmp_path):
    def names(*passes, **networks):
        run = RecordedRun("6.9", "dark", tmp_path, epochs=1)
        run.follow(lambda run: None, None)
        run.keep(other=SimpleNamespace(), **networks)
        for _ in run.steps([dark.ones(1, 1)]):
            for name in passes:
                networks[name](dark.ones(1, 1))
            return [*run.tensors]

    alone = dark.nn.Sequential(dark.nn.Linear(1, 1))
    assert names("alone", alone=alone) == ["batch[0]", "output of 0"]
    one, two = (dark.nn.Sequential(dark.nn.Linear(1, 1)) for _ in range(2))
    assert names("two", "one", "two", one=one, two=two) == [
        "batch[0]", "output of two.0", "output of one.0", "output 2 of two.0",
    ]  # fmt: skip


BOTH_SLOW = """
import time
from pathlib import Path


def train(run):
    run.train_for(1)
    drawn = Path(__file__).parents[1] / "drawn"
    if not drawn.exists():
        print("drawing")
        time.sleep(0.3)
        drawn.write_text("")
    for _ in run.remaining_epochs():
        for i in run.steps([1.0, 2.0]):
            run.log_step(i)
    run.finish()
"""


@needs_torch
def test_a_comparison_draws_its_data_once(tmp_path):
    for framework in ("dark", "torch"):
        (tmp_path / "1.8-Slow" / framework).mkdir(parents=True)
        (tmp_path / "1.8-Slow" / framework / "train.py").write_text(BOTH_SLOW)
    output = run(*COMMAND, "compare", tmp_path / "1.8-Slow", "--whole")
    assert output.count("drawing") == 1
    assert "Equal: in 2 steps" in output


# What stands alone


def test_the_runner_imports_neither_framework_nor_what_draws():
    names = ("dark", "torch", "numpy", "matplotlib", "rich", "typer", "PIL")
    program = f"import sys, dark_samples; print([n for n in {names} if n in sys.modules])"
    assert run(sys.executable, "-c", program).strip() == "[]"


WITHOUT_DARK = """
import runpy
import sys

sys.modules["dark"] = None  # now importing it fails
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@needs_torch
def test_the_version_for_torch_runs_without_dark(made_up):
    run(sys.executable, "-c", WITHOUT_DARK, made_up / "torch" / "train.py")
    assert (made_up / "runs" / "torch" / "animation.gif").is_file()


SCALAR = """
class tensor:
    def __init__(self, value, requires_grad): self.value = value
    def __rmul__(self, a): return self
    def __pow__(self, a): return self
    def __add__(self, a): return self
    def backward(self): self.grad = tensor(4 * self.value, False)
    def item(self): return self.value
"""


def test_an_engine_that_has_no_devices_random_numbers_or_files_is_enough(made_up, tmp_path):
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage" / "dark.py").write_text(SCALAR)
    search = os.pathsep.join([str(tmp_path / "stage"), str(ROOT / "samples")])
    script = made_up / "dark" / "train.py"
    run(sys.executable, script, PYTHONPATH=search)
    assert (made_up / "runs" / "dark" / "animation.gif").is_file()
    output = run(sys.executable, script, "--device", "cuda", PYTHONPATH=search, code=1)
    assert output.strip() == "dark: --device cuda: this lesson computes on the CPU"


def test_metrics_that_are_no_proportions_are_shown_as_numbers():
    assert as_text("test_accuracy", 0.89765) == "89.77%"
    assert as_text("mean_iou", 0.5) == "50.00%"
    assert as_text("test_loss", 0.0123456789) == "0.012346"
    assert as_text("minimum", 5) == "5"


def test_a_figure_is_the_same_file_every_time(tmp_path):
    for name in ("a.svg", "b.svg", "a.png", "b.png"):
        card = figure(3, 2)
        axes = card.subplots()
        axes.plot([1, 2], [3, 4], label="$x^2$")
        axes.legend()
        write(card, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert PAPER in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "<dc:date>" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


MISTAKES = [
    (["run", "9.9"], "there is no sample '9.9'; there are"),
    (["run", "4.0", "--device", "tpu"], "'tpu'"),
    (["test", "src"], "there is no sample 'src'"),
    (["run", "4.0", "--data", "no/such/folder"], "no/such/folder"),
    (["run", "4.0", "--json", "no/such/folder/x.json"], "no/such/folder"),
    (["run", "4.0", "--json", "src"], "a folder"),
    (["run", "4.0", "--seed", 2**64], "64 bits"),
    (["run", "4.0", "--quick", "--output", "LICENSE"], "LICENSE"),
    (["test", "4.0", "--output", "no_such_run"], "train first"),
    (["test", "6.0", "--seed", -(2**63) - 1], "64 bits"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES, ids=[" ".join(map(str, m[0])) for m in MISTAKES])
def test_a_mistake_is_one_clear_line(arguments, message, tmp_path, monkeypatch):
    output = run(*COMMAND, *arguments, code=1, cwd=ROOT)
    assert message in output
    assert "Traceback" not in output
    assert output.strip().splitlines()[-1].startswith("dark: ")
    assert not (ROOT / "no_such_run").exists()


@pytest.mark.parametrize("content", [b"hi", b""])
@pytest.mark.parametrize("framework", ["dark", pytest.param("torch", marks=needs_torch)])
def test_a_damaged_checkpoint_is_named(framework, content, tmp_path):
    for name in ("checkpoint.safetensors", "checkpoint.pt"):
        (tmp_path / name).write_bytes(content)
    options = ["--quick", "--framework", framework, "--output", tmp_path]
    for command in (["test", "4.0"], ["run", "4.0", "--resume"]):
        output = run(*COMMAND, *command, *options, code=1)
        assert f"dark: {tmp_path / 'checkpoint'}" in output
        assert "Traceback" not in output


def test_a_checkpoint_of_another_sample_is_named(tmp_path):
    other = Run("6.0", "dark", tmp_path)
    other.keep(model=dark.nn.Linear(1, 1))
    other.save()
    assert Run("6.0", "dark", tmp_path).load()["sample"] == "6.0"
    with pytest.raises(SampleError, match=r"safetensors is a checkpoint of sample 6\.0, not of 6\.1"):
        Run("6.1", "dark", tmp_path).load()


def test_a_file_that_is_no_checkpoint_is_named(tmp_path):
    dark.save({"model": {}}, tmp_path / "checkpoint.safetensors")
    output = run(*COMMAND, "test", "4.0", "--quick", "--output", tmp_path, code=1)
    assert "is no checkpoint of a sample" in output


def test_a_disk_that_is_full_leaves_nothing_half_written(tmp_path, monkeypatch):
    def fail(state, path):
        path.write_bytes(b"half")
        raise RuntimeError("no space\nadvice")

    started = Run("4.0", "dark", tmp_path, kept={"model": dark.nn.Linear(1, 1)})
    monkeypatch.setattr(dark, "save", fail)
    with pytest.raises(SampleError, match=r"checkpoint\.safetensors can't be written: no space$"):
        started.save()
    assert list(tmp_path.iterdir()) == []


def test_a_path_with_brackets_is_printed_as_it_is(tmp_path):
    folder = tmp_path / "[bold]:boom:"
    assert str(folder) in quick_run(folder)[0]


def test_a_script_runs_the_sample_it_belongs_to(tmp_path):
    script = tmp_path / "9.9-Other" / "dark" / "train.py"
    script.parent.mkdir(parents=True)
    script.write_text(
        "from dark_samples import main\n"
        "def train(run): print('this is', run.sample)\n"
        "if __name__ == '__main__': main(__file__)\n"
    )
    assert "this is 9.9" in run(sys.executable, script)


UNKNOWN = [["run", "4.0", "--no-such"], ["run", "4.0", "--epochs"], ["fly"]]


@pytest.mark.parametrize("arguments", UNKNOWN)
def test_an_unknown_option_is_named(arguments):
    output = run(*COMMAND, *arguments, code=2)
    assert arguments[-1] in output
    assert "Traceback" not in output


def test_samples_are_listed_and_found_from_any_folder_of_the_repository(monkeypatch):
    assert "4.0  NN-classification" in run(*COMMAND, "samples")
    monkeypatch.chdir(ROOT / "src")
    assert find_sample("4.0").name == "NN-classification"
    with pytest.raises(SampleError, match="no sample '1'"):
        find_sample("1")
