"""Learning rate schedulers: the same rates as PyTorch's, from the start and resumed."""  # dark-4

import copy

import pytest

import dark
from against_torch import needs_torch, torch
from dark.optim import lr_scheduler as schedulers

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")


class Halving:
    """A function with a state, as LambdaLR may be given."""

    def __init__(self, every):
        self.every = every

    def __call__(self, epoch):
        return 0.5 ** (epoch // self.every)


# what is made of schedulers s, for an optimizer o of two groups
CASES = {
    "StepLR": lambda s, o: s.StepLR(o, 7, gamma=0.3),
    "StepLR every epoch": lambda s, o: s.StepLR(o, 1),
    "MultiStepLR": lambda s, o: s.MultiStepLR(o, [10, 3, 20, 20], gamma=0.5),
    "MultiStepLR at once": lambda s, o: s.MultiStepLR(o, [0, 2]),
    "ExponentialLR": lambda s, o: s.ExponentialLR(o, 0.93),
    "ConstantLR": lambda s, o: s.ConstantLR(o, factor=0.4, total_iters=9),
    "LinearLR": lambda s, o: s.LinearLR(o),
    "LinearLR down": lambda s, o: s.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=30),
    "PolynomialLR": lambda s, o: s.PolynomialLR(o, total_iters=25, power=2.0),
    "CosineAnnealingLR": lambda s, o: s.CosineAnnealingLR(o, 50),
    "CosineAnnealingLR up again": lambda s, o: s.CosineAnnealingLR(o, T_max=7, eta_min=0.001),
    "CosineAnnealingWarmRestarts": lambda s, o: s.CosineAnnealingWarmRestarts(o, 5, T_mult=2, eta_min=1e-4),
    "CosineAnnealingWarmRestarts equal": lambda s, o: s.CosineAnnealingWarmRestarts(o, T_0=6),
    "LambdaLR": lambda s, o: s.LambdaLR(o, lambda epoch: 0.95**epoch),
    "LambdaLR by group": lambda s, o: s.LambdaLR(o, [lambda epoch: 1 / (1 + epoch), Halving(4)]),
    "MultiplicativeLR": lambda s, o: s.MultiplicativeLR(o, lambda epoch: 0.9 if epoch % 2 else 1.05),
    "OneCycleLR": lambda s, o: s.OneCycleLR(o, max_lr=0.5, total_steps=60),
    "OneCycleLR linear": lambda s, o: s.OneCycleLR(
        o, [0.5, 0.2], epochs=6, steps_per_epoch=10, anneal_strategy="linear"
    ),
    "OneCycleLR three phases": lambda s, o: s.OneCycleLR(o, 0.5, 60, pct_start=0.25, three_phase=True),
    "OneCycleLR fixed momentum": lambda s, o: s.OneCycleLR(o, 0.5, 60, cycle_momentum=False, div_factor=10.0),
    "CyclicLR": lambda s, o: s.CyclicLR(o, base_lr=0.01, max_lr=0.1, step_size_up=8),
    "CyclicLR triangular2": lambda s, o: s.CyclicLR(o, 0.01, [0.1, 0.3], 4, 9, mode="triangular2"),
    "CyclicLR exp_range": lambda s, o: s.CyclicLR(
        o, 0.01, 0.1, 5, mode="exp_range", gamma=0.97, cycle_momentum=False
    ),
    "CyclicLR scale_fn": lambda s, o: s.CyclicLR(
        o, 0.01, 0.1, 5, scale_fn=lambda x: 1 / (1 + x), scale_mode="iterations"
    ),
    "SequentialLR": lambda s, o: s.SequentialLR(
        o, [s.ConstantLR(o, factor=0.1, total_iters=2), s.ExponentialLR(o, gamma=0.9)], milestones=[5]
    ),
    "SequentialLR warm-up": lambda s, o: s.SequentialLR(
        o,
        [s.LinearLR(o, 0.01, 1.0, total_iters=4), s.CosineAnnealingLR(o, 20, eta_min=1e-3), s.StepLR(o, 3)],
        milestones=[4, 24],
    ),
    "SequentialLR of lambdas": lambda s, o: s.SequentialLR(
        o,
        [s.LambdaLR(o, lambda e: 0.1 * (e + 1)), s.PolynomialLR(o, 10), s.MultiStepLR(o, [0, 3])],
        milestones=[6, 16],
    ),
    "ChainedScheduler": lambda s, o: s.ChainedScheduler(
        [s.ConstantLR(o, 0.1, 5), s.ExponentialLR(o, 0.9)], optimizer=o
    ),
    "ChainedScheduler of three": lambda s, o: s.ChainedScheduler(
        [s.CosineAnnealingLR(o, 10), s.StepLR(o, 4, 0.5), s.LinearLR(o, 0.2, total_iters=8)]
    ),
}  # fmt: skip


# where PyTorch raises NotImplementedError, or is one epoch ahead
NESTED = {
    "SequentialLR of SequentialLR": lambda s, o: s.SequentialLR(
        o,
        [
            s.SequentialLR(o, [s.ConstantLR(o, 0.5, 3), s.ExponentialLR(o, 0.8)], milestones=[4]),
            s.SequentialLR(o, [s.LinearLR(o, 0.2), s.CosineAnnealingWarmRestarts(o, 5)], milestones=[6]),
        ],
        milestones=[11],
    ),
    "SequentialLR of ChainedScheduler": lambda s, o: s.SequentialLR(
        o,
        [
            s.ChainedScheduler([s.ConstantLR(o, 0.5, 3), s.ExponentialLR(o, 0.8)]),
            s.ChainedScheduler([s.LinearLR(o, 0.2), s.StepLR(o, 3)]),
        ],
        milestones=[7],
    ),
}


def optimizer_of(t, kind="SGD"):
    """An optimizer with two groups, and parameters that have gradients."""
    params = [t.ones(2, requires_grad=True) for _ in range(2)]
    for p in params:
        p.grad = t.ones(2)
    groups = [{"params": [params[0]]}, {"params": [params[1]], "lr": 0.03}]
    return t.optim.SGD(groups, lr=0.1, momentum=0.9) if kind == "SGD" else t.optim.Adam(groups, lr=0.1)


def record(optimizer, scheduler, steps):
    """Rates, momenta and what get_last_lr says, at every step."""
    seen = []
    for _ in range(steps):
        rates = [group["lr"] for group in optimizer.param_groups]
        momenta = [g["betas"][0] if "betas" in g else g["momentum"] for g in optimizer.param_groups]
        seen.append(rates + momenta + list(scheduler.get_last_lr()))
        optimizer.step()
        scheduler.step()
    return seen


def approximately(rows):
    return [pytest.approx(row, rel=1e-10, abs=1e-15) for row in rows]


@needs_torch
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("case", CASES)
def test_rates_equal_pytorchs(case, kind):
    ours, theirs = optimizer_of(dark, kind), optimizer_of(torch, kind)
    seen = record(ours, CASES[case](schedulers, ours), 55)
    assert seen == approximately(record(theirs, CASES[case](torch.optim.lr_scheduler, theirs), 55))


@pytest.mark.parametrize("case", CASES)
def test_rates_that_are_tensors_are_filled(case):
    """Something else may read them from where they are, such as a recorded step on a card."""
    plain, optimizer = optimizer_of(dark), optimizer_of(dark)
    rates = [dark.tensor(group["lr"], dtype=dark.float64) for group in optimizer.param_groups]
    for group, rate in zip(optimizer.param_groups, rates):
        group["lr"] = rate
    schedules = CASES[case](schedulers, plain), CASES[case](schedulers, optimizer)
    for expected in record(plain, schedules[0], 55):
        last = map(float, schedules[1].get_last_lr())
        assert [[rate.item() for rate in rates], list(last)] == approximately([expected[:2], expected[-2:]])
        optimizer.step()
        schedules[1].step()
    assert all(group["lr"] is rate for group, rate in zip(optimizer.param_groups, rates))


def rates_alone(make, steps):
    """The first group's rates of a scheduler that is alone."""
    optimizer = optimizer_of(dark)
    return [row[0] for row in record(optimizer, make(schedulers, optimizer), steps)]


def test_sequences_of_sequences_count_every_scheduler_from_its_own_beginning():
    constant = rates_alone(lambda s, o: s.ConstantLR(o, 0.5, 3), 4)
    falling = rates_alone(lambda s, o: s.ExponentialLR(o, 0.8), 7)
    linear = rates_alone(lambda s, o: s.LinearLR(o, 0.2), 6)
    waves = rates_alone(lambda s, o: s.CosineAnnealingWarmRestarts(o, 5), 20)
    expected = constant + falling + linear + waves
    assert rates_alone(NESTED["SequentialLR of SequentialLR"], 37) == pytest.approx(expected)


def test_sequences_of_chains():
    pair = lambda s, o: s.ChainedScheduler([s.ConstantLR(o, 0.5, 3), s.ExponentialLR(o, 0.8)])
    first = rates_alone(pair, 7)
    second = rates_alone(lambda s, o: s.ChainedScheduler([s.LinearLR(o, 0.2), s.StepLR(o, 3)]), 10)
    assert rates_alone(NESTED["SequentialLR of ChainedScheduler"], 17) == pytest.approx(first + second)


@pytest.mark.parametrize("case", CASES | NESTED)
@pytest.mark.parametrize("done", [1, 13, 26])
def test_a_resumed_run_has_the_rates_of_one_that_went_on(case, done):
    make = (CASES | NESTED)[case]
    whole = optimizer_of(dark)
    expected = record(whole, make(schedulers, whole), 55)

    first = optimizer_of(dark)
    scheduler = make(schedulers, first)
    record(first, scheduler, done)
    saved = copy.deepcopy((first.state_dict(), scheduler.state_dict()))

    second = optimizer_of(dark)
    scheduler = make(schedulers, second)
    second.load_state_dict(saved[0])
    scheduler.load_state_dict(saved[1])
    assert record(second, scheduler, 55 - done) == expected[done:]


SIMPLE = [case for case in CASES if not case.startswith(("Sequential", "Chained", "OneCycle"))]


@needs_torch
@pytest.mark.parametrize("case", SIMPLE)
def test_last_epoch_continues_as_in_pytorch(case):
    rows = []
    for t in (dark, torch):
        optimizer = optimizer_of(t)
        for group in optimizer.param_groups:
            group["initial_lr"] = group["lr"]
        of = schedulers if t is dark else torch.optim.lr_scheduler
        make = CASES[case]

        class Continued:  # every scheduler it gives is made with last_epoch=9
            def __getattr__(self, name, of=of):
                return lambda *args, **options: getattr(of, name)(*args, **options, last_epoch=9)

        rows.append(record(optimizer, make(Continued(), optimizer), 25))
    assert rows[0] == approximately(rows[1])


def test_last_epoch_without_initial_rates_is_refused():
    with pytest.raises(KeyError, match="initial_lr"):
        schedulers.StepLR(optimizer_of(dark), 3, last_epoch=4)


PLATEAU = [
    {"patience": 2},
    {"mode": "max", "patience": 1, "factor": 0.5},
    {"patience": 1, "cooldown": 3},
    {"patience": 0, "min_lr": [0.02, 0.001], "factor": 0.5},
    {"patience": 1, "threshold": 0.2, "threshold_mode": "abs"},
    {"mode": "max", "threshold": 0.1, "patience": 1},
    {"mode": "max", "threshold": 0.1, "patience": 1, "threshold_mode": "abs"},
    {"patience": 0, "factor": 0.1, "eps": 1e-3},
]


def losses():
    falling = [3.0, 2.0, 1.5, 1.6, 1.4, 1.4, 1.4, 1.39999, 1.5, 1.2]
    return [*falling, 1.3, float("nan"), 1.3, 1.1, -1.0, -1.05, -0.9] * 4


@needs_torch
@pytest.mark.parametrize("options", PLATEAU, ids=str)
def test_plateau_reduces_when_pytorch_does(options):
    seen = []
    for t, of in ((dark, schedulers), (torch, torch.optim.lr_scheduler)):
        optimizer = optimizer_of(t)
        scheduler = of.ReduceLROnPlateau(optimizer, **options)
        rows = []
        for loss in losses():
            scheduler.step(t.tensor(loss))
            rows.append([*scheduler.get_last_lr(), scheduler.num_bad_epochs, scheduler.best])
        seen.append(rows)
    assert [row[:3] for row in seen[0]] == approximately(row[:3] for row in seen[1])


@pytest.mark.parametrize("options", PLATEAU, ids=str)
def test_plateau_resumes(options):
    optimizer = optimizer_of(dark)
    scheduler = schedulers.ReduceLROnPlateau(optimizer, **options)
    other = optimizer_of(dark)
    resumed = schedulers.ReduceLROnPlateau(other)
    for i, loss in enumerate(losses()):
        if i == 20:
            other.load_state_dict(optimizer.state_dict())
            resumed.load_state_dict(copy.deepcopy(scheduler.state_dict()))
        scheduler.step(loss)
        if i >= 20:
            resumed.step(loss)
            assert resumed.get_last_lr() == scheduler.get_last_lr()


@needs_torch
def test_warm_restarts_take_fractions_of_an_epoch():
    rows = []
    for t, of in ((dark, schedulers), (torch, torch.optim.lr_scheduler)):
        optimizer = optimizer_of(t)
        scheduler = of.CosineAnnealingWarmRestarts(optimizer, 3, T_mult=2)
        row = []
        for i in range(40):
            scheduler.step(i * 0.3)
            row += scheduler.get_last_lr()
        rows.append(row)
    assert rows[0] == pytest.approx(rows[1])


def test_scheduler_before_optimizer_is_warned_of_once():
    optimizer = optimizer_of(dark)
    scheduler = schedulers.StepLR(optimizer, 3)
    with pytest.warns(UserWarning, match="optimizer.step"):
        scheduler.step()
    scheduler.step()


def test_no_warning_for_an_optimizer_with_a_step_of_its_own():
    class Mine(dark.optim.Optimizer):
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    p.data.sub_(p.grad * group["lr"])

    optimizer = Mine([dark.ones(2, requires_grad=True)], {"lr": 0.1})
    optimizer.param_groups[0]["params"][0].grad = dark.ones(2)
    scheduler = schedulers.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [0.05]


def test_a_scheduler_written_by_a_user():
    class Inverse(schedulers.LRScheduler):
        def get_lr(self):
            return [lr / (1 + self.last_epoch) for lr in self.base_lrs]

    optimizer = optimizer_of(dark)
    scheduler = Inverse(optimizer)
    optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [0.05, 0.015]


s = schedulers
REFUSED = [
    (TypeError, "Optimizer", lambda o: s.StepLR([1], 3)),
    (ValueError, "factor", lambda o: s.ConstantLR(o, factor=1.5)),
    (ValueError, "start_factor", lambda o: s.LinearLR(o, start_factor=0.0)),
    (ValueError, "end_factor", lambda o: s.LinearLR(o, end_factor=2.0)),
    (ValueError, "2 param groups", lambda o: s.LambdaLR(o, [abs])),
    (ValueError, "total_steps", lambda o: s.OneCycleLR(o, 0.1)),
    (ValueError, "total_steps", lambda o: s.OneCycleLR(o, 0.1, total_steps=-3)),
    (ValueError, "epochs", lambda o: s.OneCycleLR(o, 0.1, epochs=0, steps_per_epoch=3)),
    (ValueError, "pct_start", lambda o: s.OneCycleLR(o, 0.1, total_steps=3, pct_start=1.5)),
    (ValueError, "anneal_strategy", lambda o: s.OneCycleLR(o, 0.1, total_steps=3, anneal_strategy="no")),
    (ValueError, "max_lr", lambda o: s.OneCycleLR(o, [0.1], total_steps=3)),
    (ValueError, "momentum", lambda o: s.OneCycleLR(dark.optim.Adagrad([dark.ones(2)]), 0.1, total_steps=3)),
    (ValueError, "mode", lambda o: s.CyclicLR(o, 0.1, 0.2, mode="no")),
    (ValueError, "T_0", lambda o: s.CosineAnnealingWarmRestarts(o, 0)),
    (ValueError, "T_mult", lambda o: s.CosineAnnealingWarmRestarts(o, 2, T_mult=1.5)),
    (ValueError, "factor", lambda o: s.ReduceLROnPlateau(o, factor=1.0)),
    (ValueError, "mode", lambda o: s.ReduceLROnPlateau(o, mode="no")),
    (ValueError, "threshold_mode", lambda o: s.ReduceLROnPlateau(o, threshold_mode="no")),
    (ValueError, "at least one", lambda o: s.SequentialLR(o, [], [])),
    (ValueError, "milestone", lambda o: s.SequentialLR(o, [s.StepLR(o, 3)], [4])),
    (ValueError, "Plateau", lambda o: s.ChainedScheduler([s.ReduceLROnPlateau(o)])),
    (ValueError, "another optimizer", lambda o: s.SequentialLR(o, [s.StepLR(optimizer_of(dark), 3)], [])),
    (TypeError, "schedulers", lambda o: s.ChainedScheduler([3], optimizer=o)),
]


@pytest.mark.parametrize(("error", "match", "make"), REFUSED)
def test_wrong_arguments_are_refused(error, match, make):
    with pytest.raises(error, match=match):
        make(optimizer_of(dark))


def test_one_cycle_ends():
    optimizer = optimizer_of(dark)
    scheduler = s.OneCycleLR(optimizer, 0.1, total_steps=3)
    with pytest.raises(ValueError, match="cycle of 3"):
        record(optimizer, scheduler, 5)
