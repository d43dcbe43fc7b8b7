"""The benchmarks run and report, on the processor, and on a card as far as a stand-in can show."""  # beyond

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from against_torch import needs_torch, torch

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "benchmarks"))

import places  # noqa: E402
import train_step  # noqa: E402


def run(script, *options, **environment):
    """Run a benchmark, as briefly as it can be."""
    briefly = ("--rounds", "1", "--patience", "0", "--threads", "1")
    command = [sys.executable, ROOT / "benchmarks" / script, *briefly, *options]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)


@needs_torch
def test_frameworks_are_compared_on_the_processor(tmp_path):
    report = tmp_path / "report.json"
    done = run("train_step.py", "--only", "4.0, batch 2, inference", "--batch", "2", "--json", report)
    assert done.returncode == 0, done.stderr
    written = json.loads(report.read_text())
    (result,) = written["results"]
    assert result["ratio"] == result["dark"]["seconds"] / result["torch"]["seconds"]
    assert result["dark"]["memory"]["peak"] > 1e6
    assert {"cpu", "cores", "threads", "system"} == written["machine"].keys()
    header, line = done.stdout.splitlines()
    assert "dark / torch" in header
    assert line.startswith("4.0, batch 2, inference")
    assert len(line) == len(header)


def test_dark_is_measured_on_a_card(tmp_path):
    """By the stand-in, in all processes: the ways to use Dark, the card's memory, what is reported."""
    start = f"import sys; sys.path.append({str(ROOT / 'tests')!r}); import standin; standin.install()"
    (tmp_path / "sitecustomize.py").write_text(start)
    report = tmp_path / "report.json"
    done = run(
        "train_step.py", "--device", "cuda", "--entrants", "dark,dark captured", "--precision", "float32",
        "--batch", "2", "--only", "4.0, batch 2, inference", "--json", report, PYTHONPATH=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = json.loads(report.read_text())
    (result,) = written["results"]
    for entrant in ("dark", "dark captured"):
        assert 0 < result[entrant]["seconds"] < 10
        assert 0 < result[entrant]["memory"]["peak"] <= result[entrant]["memory"]["reserved"]
    assert written["machine"]["card"]["name"] == "Stand-in"
    assert written["machine"]["card"].keys() >= {"driver", "cuda", "cupy", "capability"}
    assert written["precision"] == "float32"


def test_without_a_card_one_line_says_so():
    done = run("train_step.py", "--device", "cuda", PYTHONPATH="", CUDA_VISIBLE_DEVICES="")
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("nothing is measured: dark finds no card. cuda: ")


@needs_torch
@pytest.mark.parametrize("way", ["", "channels_last"])
def test_pytorch_makes_the_same_steps(way, monkeypatch):
    """On the CPU, with all that is done on a card."""
    for name in ("synchronize", "reset_peak_memory_stats", "max_memory_allocated", "memory_reserved"):
        monkeypatch.setattr(torch.cuda, name, lambda: 1)
    monkeypatch.setattr(places.Card, "steps", 1)
    switches = torch.backends.cudnn, torch.backends.cuda.matmul
    before = [switch.allow_tf32 for switch in switches]
    place = places.Card(torch, way, "tf32", device="cpu")
    assert [switch.allow_tf32 for switch in switches] == [True, True]
    for switch, allowed in zip(switches, before):
        switch.allow_tf32 = allowed
    for name, case in train_step.cases(Namespace(device="cuda", batch=2)).items():
        if name.startswith(("4.0", "6.0 generator, ", "7.0")):
            work = case(torch, place)
            assert 0 < work()[""] < 60
            assert place.memory(work) == {"peak": 1, "reserved": 1}
