"""The samples with --device cuda: on the stand-in for CuPy, in a process of its own."""  # beyond

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


@pytest.mark.skipif(
    not shutil.which("g++") or sys.platform != "linux", reason="kernels run on the CPU by g++ on Linux"
)
def test_every_sample_runs_with_device_cuda():
    command = [sys.executable, "-m", "pytest", "-q", "--device", "standin", TESTS / "test_gpu_samples.py"]
    done = subprocess.run(
        command, cwd=TESTS.parent, capture_output=True, text=True, timeout=600, encoding="utf-8",
        env=os.environ | {"MPLBACKEND": "Agg"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
