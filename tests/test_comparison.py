"""A fault planted in one of two models or programs is found by its name; equal ones are equal."""  # beyond

import copy
import sys

import numpy as np
import pytest

import dark
from against_torch import needs_torch, torch
from dark.comparison import ComparisonError, compare_models, compare_scripts
from dark.comparison.recording import Entry
from dark.comparison.table import compared
from dark_samples.command_line import main

IMAGES = np.random.default_rng(0).standard_normal((4, 3, 8, 8)).astype(np.float32)


def network(framework, seed=0):
    """Convolutions, three batch norms, a square layer."""
    nn = framework.nn
    framework.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(),
        nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Flatten(),
        nn.Linear(64, 6), nn.Tanh(), nn.Linear(6, 6), nn.Dropout(0.0), nn.Linear(6, 2),
    )  # fmt: skip


class Scaled(dark.autograd.Function):
    """The identity, with a gradient that is 1% too large."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g * 1.01


class WrongGradient(dark.nn.Tanh):
    def forward(self, input):
        return super().forward(Scaled.apply(input))


class Transposed(dark.nn.Linear):
    def forward(self, input):
        return input @ self.weight + self.bias


class NotANumber(dark.nn.Linear):
    def forward(self, input):
        return (super().forward(input) - 1e9).log()


class Doubled(dark.nn.Linear):
    def forward(self, input):
        return super().forward(input).double().float().double()


def planted(change):
    """A network and its copy with a fault in it, compared."""
    ours, theirs = network(dark), network(dark)
    change(theirs)
    return compare_models(ours, theirs, IMAGES, steps=3)


def put(place, module):
    """A change: another module takes a place."""

    def change(model):
        model[place] = copy.deepcopy(module)  # training changes it

    return change


FAULTS = [
    (lambda model: setattr(model[8], "momentum", 0.2), "8.running_mean after the step"),
    (lambda model: setattr(model[4], "eps", 1e-2), "output of 4"),
    (put(5, dark.nn.LeakyReLU(0.01)), "output of 5"),
    (put(13, dark.nn.Dropout(0.5)), "output of 13"),
    (put(12, Transposed(6, 6)), "output of 12"),
    (put(11, WrongGradient()), "gradient of the output of 10"),
    (put(10, NotANumber(64, 6)), "output of 10"),
    (put(14, Doubled(6, 2)), "output of 14"),
    (put(14, dark.nn.Linear(6, 3)), "14.weight at the start"),
    (lambda model: model[3].weight.requires_grad_(False), "gradient of 3.weight"),
    (lambda model: model[3].weight.register_hook(lambda g: g * 1.001), "gradient of 3.weight"),
]


@pytest.mark.parametrize(("change", "title"), FAULTS, ids=[title for _, title in FAULTS])
def test_a_fault_is_found_where_it_is(change, title):
    report = planted(change)
    assert report.first.title == title
    assert report.steps == 1
    assert not report.equal
    assert f"First: {title} differs in step 1" in report.text()


def test_notes_say_what_the_fault_is():
    assert planted(FAULTS[2][0]).first.note == "ReLU and LeakyReLU"
    assert planted(FAULTS[5][0]).first.note == "through 11 (Tanh)"
    assert planted(FAULTS[6][0]).first.note == "NaN in the second only"
    assert planted(FAULTS[7][0]).first.note == "float32 and float64"
    assert planted(FAULTS[8][0]).first.note == "shapes (2, 6) and (3, 6)"
    assert planted(FAULTS[9][0]).first.note == "only in the first"


def test_copies_are_exact_in_every_number():
    model = network(dark)
    report = compare_models(model, copy.deepcopy(model), IMAGES, steps=2, optimizer="Adam")
    assert report.equal
    assert {row.verdict for row in report.rows} == {"exact"}
    kinds = dict.fromkeys(row.kind for row in report.rows if row.step == 1)
    assert [*kinds] == ["start", "input", "output", "loss", "output gradient", "gradient", "update", "buffer"]
    assert "every number exact" in report.text()
    backward = [row.title for row in report.rows if row.step == 2 and "gradient" in row.kind]
    assert backward[:4] == [
        "gradient of the output of 14", "gradient of 14.weight", "gradient of 14.bias",
        "gradient of the output of model",
    ]  # fmt: skip


def test_other_weights_are_named_first_unless_they_are_copied():
    ours, theirs = network(dark), network(dark, seed=1)
    assert compare_models(ours, theirs, IMAGES, copy_weights=False).first.title == "0.weight at the start"
    assert compare_models(ours, theirs, IMAGES).equal


def test_what_an_optimizer_does_otherwise_is_an_update():
    for name, options in (("SGD", {"weight_decay": 1e-2}), ("Adam", {"eps": 1e-4})):
        kind = getattr(dark.optim, name)
        pair = (lambda p, kind=kind: kind(p, lr=0.01), lambda p, kind=kind, o=options: kind(p, lr=0.01, **o))
        first = compare_models(network(dark), network(dark), IMAGES, optimizer=pair).first
        assert (first.title, first.note) == ("update of 0.weight", name)


def test_without_an_optimizer_nothing_changes():
    report = compare_models(network(dark), network(dark), IMAGES, optimizer=None)
    assert report.equal
    assert all(row.max_abs == 0 for row in report.rows if row.kind == "update")


@needs_torch
def test_dark_and_pytorch_are_equal():
    ours, theirs = network(dark), network(torch)
    report = compare_models(ours, theirs, IMAGES, steps=3)
    assert report.equal, report.text()
    assert {row.verdict for row in report.rows} == {"exact", "close"}
    theirs[8].momentum = 0.2
    assert compare_models(ours, theirs, IMAGES).first.name == "8.running_mean"
    assert compare_models(theirs, copy.deepcopy(theirs), torch.tensor(IMAGES), steps=2).equal


@needs_torch
def test_in_float64_dark_and_pytorch_are_closer():
    report = compare_models(network(torch), network(dark), IMAGES, dtype="float64")
    assert report.equal, report.text()
    assert all(row.max_abs < 1e-10 for row in report.rows)


def test_what_a_row_says():
    def verdict(x, y, tolerance=None, floor=0.0):
        sides = [[Entry("output", "a", np.asarray(side), floor=floor)] for side in (x, y)]
        (row,) = compared(1, *sides, tolerance)
        return row.verdict

    one = np.float32(1)
    assert verdict(one, one) == "exact"
    assert verdict(one, np.float32(1 + 5e-6)) == "close"
    assert verdict(one, np.float32(1 + 5e-5)) == "different"
    assert verdict(one, np.float32(1 + 5e-5), tolerance=1e-4) == "close"
    assert verdict(1.0, 1 + 5e-11) == "close"
    assert verdict(1.0, 1 + 5e-10) == "different"
    assert verdict([1000.0, 1.0], [1000.0, 1 + 5e-8]) == "close"  # of the largest
    assert verdict(1.0, 2.0, floor=1.0) == "close"
    assert verdict([np.nan, 1.0], [np.nan, 1 + 1e-12]) == "close"
    assert verdict([np.inf, 1.0], [1.0, 1.0]) == "different"
    assert verdict(3, 4) == "different"
    assert verdict(np.zeros((0, 2)), np.zeros((0, 2))) == "exact"
    assert verdict(0.0, -0.0) == "close"  # not bit for bit
    assert verdict(one, 1.0) == "different"  # the types
    assert verdict(np.zeros(2), np.zeros((2, 1))) == "different"


def test_gradients_that_are_all_rounding_are_close():
    sides = [
        [Entry("gradient", "weight", np.float32([1.0])), Entry("gradient", "bias", np.float32([g]))]
        for g in (1e-8, -1e-8)
    ]
    assert [row.verdict for row in compared(1, *sides, None)] == ["exact", "close"]


def test_what_can_not_be_compared_says_so():
    model = network(dark)
    with pytest.raises(ComparisonError, match="the same model"):
        compare_models(model, model, IMAGES)
    with pytest.raises(ComparisonError, match="not a int"):
        compare_models(model, 3, IMAGES)
    with pytest.raises(ComparisonError, match="no optimizer Newton"):
        compare_models(model, network(dark), IMAGES, optimizer="Newton")


# Programs.

PROGRAM = """
import dark as torch
from dark import nn
from dark.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 8, bias=False)
        self.norm = nn.BatchNorm1d(8)
        self.act = nn.ReLU()
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(self.act(self.norm(self.hidden(x))))


if __name__ == "__main__":
    x, y = torch.randn(32, 4), torch.randint(0, 3, (32,))
    net, loss = Net(), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01, eps=1e-8)
    batches = DataLoader(TensorDataset(x, y), batch_size=8, shuffle=False)
    for x, y in batches:
        optimizer.zero_grad()
        value = loss(net(x), y)
        value.backward()
        optimizer.step()
        print("not shown")
"""
IN_TORCH = PROGRAM.replace("dark as torch", "torch").replace("from dark", "from torch")


@pytest.fixture
def program(tmp_path):
    """Writes a program, changed."""

    def write(name, *changes, text=PROGRAM):
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


PROGRAM_FAULTS = [
    ("shuffle=False", "shuffle=True", "input of model", 1),
    ("eps=1e-8", "eps=1e-3", "update of hidden.weight", 1),
    ("(8)\n", "(8, momentum=0.2)\n", "norm.running_mean after the step", 1),
    ("        optimizer.zero_grad()\n", "", "gradient of head.weight", 2),
]


@pytest.mark.parametrize(("old", "new", "title", "step"), PROGRAM_FAULTS)
def test_a_fault_in_a_program_is_found(program, old, new, title, step):
    report = compare_scripts(program("a.py"), program("b.py", (old, new)), steps=3)
    assert (report.first.title, report.first.step) == (title, step)
    assert report.steps == step


@needs_torch
def test_a_pytorch_program_is_compared_with_itself_on_dark_by_the_command(program, capfd):
    main_ends(["compare", program("mine.py", text=IN_TORCH), "--steps", 4, "--all"])
    text = capfd.readouterr().out
    assert "Equal: 4 steps" in text
    assert "not shown" not in text
    assert "mine.py on Dark" in text
    assert "output of hidden" in text
    assert max(len(line) for line in text.splitlines()[3:]) <= 100


def test_programs_of_different_lengths(program):
    short = program("short.py", ("in batches:", "in list(batches)[:2]:"))
    report = compare_scripts(program("a.py"), short)
    assert not report.equal
    assert f"{short} ends after 2 steps" in report.text()
    assert compare_scripts(program("a.py"), short, steps=2).equal


def test_programs_that_fail_say_which_and_where(program):
    wrong = program("wrong.py", ("value = loss", "value = los"))
    with pytest.raises(ComparisonError, match=r"(?s)wrong\.py failed:.*line 26.*NameError: name 'los'"):
        compare_scripts(program("a.py"), wrong)
    nothing = program("nothing.py", text="print(1)")
    with pytest.raises(ComparisonError, match="no optimizer makes a step"):
        compare_scripts(nothing, nothing)
    with pytest.raises(ComparisonError, match="ended by exit code 3"):
        compare_scripts(program("exit.py", text="import os\nos._exit(3)"), nothing)
    with pytest.raises(ComparisonError, match="no such file"):
        compare_scripts("nowhere.py", nothing)


def main_ends(arguments, code=0):
    """Run the command; it must end so."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert end.value.code == code if isinstance(code, int) else code in str(end.value.code)


def test_models_by_the_command(program, capsys, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    a, b = program("a.py"), program("b.py", ("nn.ReLU()", "nn.LeakyReLU(0.01)"))
    main_ends(["compare", f"{a}:Net", f"{a}:Net", "--input", "5,4", "--steps", 2])
    assert "Equal: 2 steps" in capsys.readouterr().out
    main_ends(["compare", f"{a}:Net", f"{b}:Net", "--input", "5,4"], code=1)
    assert "First: output of act differs" in capsys.readouterr().out


def test_mistakes_in_the_command(program):
    a = program("a.py", ("def __init__(self)", "def __init__(self, width)"))
    main_ends(["compare", f"{a}:Net", f"{a}:Net", "--input", "5,4"], code="can't be made without arguments")
    main_ends(["compare", f"{a}:Nut", f"{a}:Net", "--input", "5,4"], code="has no Nut")
    main_ends(["compare", f"{a}:Net", f"{a}:Net"], code="--input")
    main_ends(["compare", f"{a}:Net", a], code="with a model")
    main_ends(["compare", f"{a}:Net", f"{a}:Net", "--input", "5x4"], code="2,3,32,32")
    main_ends(["compare", "nowhere.py"], code="no such file")
    main_ends(["compare", a, a, "--dtype", "int8"], code="float32 or float64")
