"""The samples: both versions are one program, and one command runs each of them to the end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark_samples.catalogue import Sample, SampleError, all_samples, find_sample
from dark_samples.compare import first_difference
from dark_samples.run import Run

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
        env=os.environ | {"PYTHONWARNINGS": "default"} | environment,
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
    assert "was begun for 2 epochs" in output


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
    output = run(*COMMAND, "compare", sample.number, "--steps", 30, "--quick")
    assert "Equal: in 30 steps" in output
    assert len([line for line in output.splitlines() if line[:5].strip().isdigit()]) == 30


@needs_torch
def test_a_comparison_longer_than_the_training_says_so():
    assert "only 32 steps" in run(*COMMAND, "compare", "4.0", "--quick", "--steps", 100, code=1)


@pytest.mark.skipif(torch is not None, reason="PyTorch is installed")
def test_the_torch_version_without_torch_says_what_to_install():
    assert "dark[compare]" in run(*COMMAND, "run", "4.0", "--framework", "torch", code=1)


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


MISTAKES = [
    (["run", "9.9"], "there is no sample '9.9'; there are"),
    (["run", "4.0", "--device", "tpu"], "'tpu'"),
    (["run", "4.0", "--data", "no/such/folder"], "no/such/folder"),
    (["run", "4.0", "--json", "no/such/folder/x.json"], "no/such/folder"),
    (["run", "4.0", "--json", "src"], "a folder"),
    (["run", "4.0", "--seed", 2**64], "64 bits"),
    (["run", "4.0", "--quick", "--output", "LICENSE"], "LICENSE"),
    (["test", "4.0", "--output", "no_such_run"], "train first"),
    (["run", "4.0", "--resume", "--quick", "--output", "no_such_run"], "no checkpoint"),
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


def test_a_file_that_is_no_checkpoint_is_named(tmp_path):
    dark.save({"model": {}}, tmp_path / "checkpoint.safetensors")
    output = run(*COMMAND, "test", "4.0", "--quick", "--output", tmp_path, code=1)
    assert "is no checkpoint of a sample" in output


def test_a_disk_that_is_full_leaves_nothing_half_written(tmp_path, monkeypatch):
    def fail(state, path):
        path.write_bytes(b"half")
        raise RuntimeError("no space\nadvice")

    started = Run("4.0", "dark", tmp_path)
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
