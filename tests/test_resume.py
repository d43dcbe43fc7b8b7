"""A run that is killed, at any moment, goes on with `--resume` on the same curve, bit for bit."""  # beyond

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

TRAIN = '''
import os
import signal

import numpy as np

import dark
from dark import nn, optim
from dark.utils.data import DataLoader, Dataset
from dark.vision.transforms import Compose, RandomCrop, RandomHorizontalFlip, ToTensor
from dark_samples import Run, main

KILL = os.environ.get("KILL", "")


def kill():
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))  # no block is left, nothing is written


def moment(name):
    """Where this process may end."""
    if name == KILL:
        kill()


def save(state, path, save=dark.save):
    """A checkpoint; the process may end when half of it is written."""
    moment(f"before checkpoint {state['finished']}")
    save(state, path)
    if KILL == f"within checkpoint {state['finished']}":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        kill()


dark.save = save


class Pictures(Dataset):
    transform = Compose([ToTensor(), RandomCrop(16, padding=2), RandomHorizontalFlip()])

    def __init__(self):
        self.images = np.random.default_rng(0).integers(0, 256, (70, 16, 16, 3), np.uint8)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.transform(self.images[index]), index % 3


def train(run: Run):
    run.train_for(3)
    dark.manual_seed(run.seed)
    loader = DataLoader(Pictures(), 16, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        nn.Conv2d(16, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
        nn.MaxPool2d(2), nn.Dropout(0.3), nn.Flatten(), nn.Linear(1024, 3),
    )
    criterion = nn.CrossEntropyLoss()
    sgd = optim.SGD(model[:3].parameters(), lr=0.02, momentum=0.9, weight_decay=1e-3)
    adam = optim.Adam(model[3:].parameters(), lr=0.01)
    scheduler = optim.lr_scheduler.OneCycleLR(sgd, 0.02, run.epochs * len(loader))
    run.keep(model=model, sgd=sgd, adam=adam, scheduler=scheduler)
    noise = dark.randn(3)  # drawn once, before the first checkpoint
    for epoch in run.remaining_epochs():
        model.train()
        for step, (images, labels) in enumerate(run.steps(loader), 1):
            moment(f"step {epoch}.{step}")
            loss = criterion(model(images) + 0.1 * noise, labels)
            model.zero_grad()
            loss.backward()
            sgd.step()
            adam.step()
            scheduler.step()
            run.log_step(loss.item(), slope=model[0].weight.grad.abs().sum().item())
        model.eval()
        with dark.no_grad():
            error = sum(criterion(model(images), labels).item() for images, labels in loader)
        run.log_epoch(error=error)
    run.finish(curve=False)


if __name__ == "__main__":
    main(__file__)
'''
def process(script, folder, *options, kill=""):
    """Begin a run of the script that leaves its results in a folder."""
    arguments = ["--output", folder, "--json", folder / "n.json", *options]
    return subprocess.Popen(
        [sys.executable, script, *map(str, arguments)], env=os.environ | {"KILL": kill, "MPLBACKEND": "Agg"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def result(folder):
    """The numbers that a run left, all but the time it took."""
    return json.loads((folder / "n.json").read_text()) | {"seconds": 0}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The script, what it leaves when nothing disturbs it, and how many seconds it took."""
    folder = tmp_path_factory.mktemp("whole")
    script = folder / "5.9-Small" / "dark" / "train.py"
    script.parent.mkdir(parents=True)
    script.write_text(TRAIN)
    for _ in range(2):  # the first may compile
        start = time.perf_counter()
        run = process(script, folder)
        output = run.communicate(timeout=600)[0]
        assert run.returncode == 0, output
    return script, result(folder), time.perf_counter() - start


STEPS = 5  # in an epoch, the last of 6 pictures


def test_killed_at_random_steps_and_while_it_writes(whole, tmp_path):
    """One run, killed in each of its epochs and at each kind of moment, and resumed every time."""
    script, expected, _ = whole
    rng = np.random.default_rng(0)
    steps = [f"step {epoch}.{rng.integers(1, STEPS + 1)}" for epoch in (1, 2, 3)]
    kills = ["within checkpoint 0", steps[0], "within checkpoint 1", steps[1]]
    kills += ["before checkpoint 2", steps[2]]
    for kill in kills:
        run = process(script, tmp_path, "--resume", kill=kill)
        output = run.communicate(timeout=600)[0]
        assert run.returncode not in (0, 1, 2), f"not killed {kill}: {output}"
        assert ("There is no checkpoint" in output) is (kill in kills[:2]), output
    run = process(script, tmp_path, "--resume")
    assert "Resumed after epoch 2" in run.communicate(timeout=600)[0]
    assert result(tmp_path) == expected


def test_killed_from_outside_at_random_moments(whole, tmp_path):
    script, expected, seconds = whole
    rng = np.random.default_rng(1)
    for _ in range(2):
        run = process(script, tmp_path, "--resume")
        time.sleep(rng.uniform(0.3, 1) * seconds)
        run.kill()
        run.communicate(timeout=600)
    run = process(script, tmp_path, "--resume")
    output = run.communicate(timeout=600)[0]
    assert run.returncode == 0, output
    assert result(tmp_path) == expected
