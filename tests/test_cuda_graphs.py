"""Recorded work on a card gives what the work itself gives; the stand-in repeats its operations."""  # beyond

import gc
import sys

import numpy as np
import pytest

import dark
import standin
from dark import nn, optim
from dark.cuda import CUDAGraph, graph
from dark.cuda.graphs import captured
from dark.optim.lr_scheduler import OneCycleLR, StepLR

cupy = sys.modules.get("cupy") or standin.install()

SIZES = (6, 6, 6, 6, 3, 6, 6, 3)  # of the batches: the last one of an epoch is smaller


def network():
    """A small network with all that is difficult: running statistics, counts and random numbers."""
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Dropout(0.3), nn.Flatten(), nn.Linear(36, 3),
    )  # fmt: skip


def batches():
    """Pictures and their classes, on the card."""
    rng = np.random.default_rng(0)
    for n in SIZES:
        pictures, labels = rng.standard_normal((n, 2, 6, 6)), rng.integers(0, 3, n)
        yield dark.tensor(pictures, dtype=dark.float64, device="cuda"), dark.tensor(labels, device="cuda")


OPTIMIZERS = {
    "SGD": lambda params: optim.SGD(params, 0.1),
    "SGD with momentum": lambda params: optim.SGD(params, 0.1, momentum=0.9, nesterov=True),
    "Adam": lambda params: optim.Adam(params, 0.01),
    "Adam, capturable": lambda params: optim.Adam(params, 0.01, capturable=True),
    "AdamW, amsgrad": lambda params: optim.AdamW(params, 0.01, amsgrad=True),
    "RMSprop": lambda params: optim.RMSprop(params, 0.01, momentum=0.5, centered=True),
    "Adagrad": lambda params: optim.Adagrad(params, 0.01, lr_decay=0.5),
}


def trained(make_optimizer, decorate):
    """All losses, and the state of the network and of the optimizer, after a few batches."""
    dark.manual_seed(0)
    dark.cuda.manual_seed(0)
    model, loss_function = network().to("cuda", dark.float64), nn.CrossEntropyLoss()
    optimizer = make_optimizer(model.parameters())
    momentum = optimizer.defaults.get("momentum", "betas" in optimizer.defaults)
    scheduler = OneCycleLR(optimizer, 0.1, len(SIZES), cycle_momentum=bool(momentum))

    @decorate
    def step(pictures, labels):
        optimizer.zero_grad()
        loss = loss_function(model(pictures), labels)
        loss.backward()
        optimizer.step()
        return loss

    losses = []
    for batch in batches():
        losses.append(step(*batch))
        scheduler.step()
    grads = [param.grad for param in model.parameters()]
    states = [x for state in optimizer.state.values() for x in state.values()]
    return [x.detach().cpu().numpy() for x in [*losses, *grads, *states, *model.state_dict().values()]]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_captured_step_is_the_step(name):
    ordinary = trained(OPTIMIZERS[name], lambda step: step)
    recorded = trained(OPTIMIZERS[name], captured(warmup=2))
    assert len(ordinary) == len(recorded) > 20
    for ours, theirs in zip(recorded, ordinary):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)


def test_a_step_is_recorded_once_and_never_run_again():
    calls = []

    @captured(warmup=0)  # two all the same
    def double(x):
        calls.append(len(x))
        return {"twice": x * 2, "and": (x + 1,)}

    results = [double(dark.full((n,), float(i), device="cuda")) for i, n in enumerate((2, 2, 2, 3, 2))]
    assert calls == [2, 2, 2, 3]
    assert [x["twice"].tolist() for x in results] == [[0] * 2, [2] * 2, [4] * 2, [6] * 3, [8] * 2]
    assert [x["and"][0].tolist()[0] for x in results] == [1, 2, 3, 4, 5]


def test_an_optimizer_that_comes_late_is_not_recorded():
    params = [nn.Parameter(dark.ones(2, device="cuda")) for _ in range(2)]
    first, second = (optim.SGD([param]) for param in params)
    one_step(second, params[1])
    numbers = iter(range(9))

    @captured(warmup=2)
    def step(x):
        one_step(first, params[0])
        if next(numbers) > 1:
            one_step(second, params[1])

    x = dark.ones(1, device="cuda")
    step(x), step(x)
    with pytest.raises(RuntimeError, match="before the one that is recorded did not use SGD"):
        step(x)


def test_on_the_cpu_a_captured_step_is_the_step():
    calls = []
    step = captured(lambda x: calls.append(1) or x * 2)
    assert [step(dark.ones(1, device="cpu")).item() for _ in range(6)] == [2.0] * 6
    assert len(calls) == 6


def test_a_graph_is_replayed_on_what_is_in_its_memory_now():
    x, recorded = dark.ones(3, device="cuda"), CUDAGraph()
    with graph(recorded):
        y = x * 2
    for value in (5, 7):
        x.fill_(value)
        recorded.replay()
        assert y.tolist() == [2 * value] * 3


def test_a_learning_rate_on_the_card_is_followed_by_a_replay():
    """PyTorch's way, by hand: the scheduler fills the tensor that the recorded step reads."""
    rate = dark.tensor(0.5, device="cuda")
    param = nn.Parameter(dark.ones(2, device="cuda"))
    optimizer = optim.SGD([param], lr=rate)
    scheduler = StepLR(optimizer, 1, 0.5)

    def step():
        optimizer.zero_grad()
        param.sum().backward()
        optimizer.step()

    step()
    recorded = CUDAGraph()
    with graph(recorded):
        step()
    assert param.tolist() == [0.5, 0.5]
    scheduler.step()
    recorded.replay()
    assert param.tolist() == [0.25, 0.25]
    assert optimizer.param_groups[0]["lr"] is rate
    assert scheduler.get_last_lr()[0] is not rate


WAITS = {
    "item": lambda x: x.sum().item(),
    "bool": lambda x: 1 if x.sum() > 0 else 0,
    "tolist": lambda x: x.tolist(),
    "moved": lambda x: x.cpu(),
    "index": lambda x: x.masked_select(x > 0),
    "nonzero": lambda x: x.nonzero(),
    "synchronize": lambda x: dark.cuda.synchronize(),
}


@pytest.mark.parametrize("name", WAITS)
def test_what_waits_for_the_card_is_named_when_it_is_recorded(name):
    x = dark.ones(3, device="cuda")
    with pytest.raises(RuntimeError, match=f"graph: {name} .*line .* after replay"), graph(CUDAGraph()):
        WAITS[name](x * 2)
    recorded = CUDAGraph()
    with graph(recorded):  # nothing is left of the failure
        y = x + 1
    recorded.replay()
    assert y.tolist() == [2.0] * 3


def test_numbers_from_main_memory_are_not_recorded():
    with pytest.raises(RuntimeError, match="from main memory"), graph(CUDAGraph()):
        dark.tensor([1.0, 2.0], device="cuda")


def test_an_error_of_the_block_itself_is_that_error():
    with pytest.raises(ZeroDivisionError), graph(CUDAGraph()):
        1 / 0  # noqa: B018
    assert not dark.cuda.is_current_stream_capturing()


def test_one_can_ask_whether_work_is_recorded():
    with graph(CUDAGraph()):
        assert dark.cuda.is_current_stream_capturing()
    assert not dark.cuda.is_current_stream_capturing()


def test_nothing_to_replay():
    with pytest.raises(RuntimeError, match="nothing is recorded"):
        CUDAGraph().replay()


def one_step(optimizer, param):
    optimizer.zero_grad()
    (param * param).sum().backward()
    optimizer.step()


def test_steps_counted_on_the_cpu_are_not_recorded():
    param = nn.Parameter(dark.ones(2, device="cuda"))
    optimizer = optim.Adam([param])
    one_step(optimizer, param)
    refused = pytest.raises(RuntimeError, match=r"Adam counts its steps on the CPU.*capturable=True")
    with refused, graph(CUDAGraph()):
        one_step(optimizer, param)


def test_the_first_step_is_not_recorded():
    param = nn.Parameter(dark.ones(2, device="cuda"))
    with pytest.raises(RuntimeError, match="the first step of SGD makes its state"), graph(CUDAGraph()):
        one_step(optim.SGD([param], momentum=0.9), param)


@pytest.mark.parametrize("change", ["option", "state", "group"])
def test_what_a_recorded_step_can_not_follow_is_said(change):
    param = nn.Parameter(dark.ones(2, device="cuda"))
    optimizer = optim.Adam([param])
    step = captured(lambda x: one_step(optimizer, param), warmup=1)
    x = dark.ones(1, device="cuda")
    for _ in range(3):
        step(x)
    if change == "option":
        optimizer.param_groups[0]["weight_decay"] = 0.1
    elif change == "state":
        optimizer.load_state_dict(optimizer.state_dict())
    else:
        optimizer.add_param_group({"params": [nn.Parameter(dark.ones(1, device="cuda"))]})
    with pytest.raises(RuntimeError, match="Adam has another state or other options"):
        step(x)


def test_memory_of_a_graph_lasts_as_long_as_the_graph_or_what_was_made_in_it():
    gc.collect()
    dark.cuda.empty_cache()
    before = dark.cuda.memory_reserved()
    x, recorded = dark.ones(1 << 16, device="cuda"), CUDAGraph()
    with graph(recorded):
        y = (x + 1) * 2  # two arrays, of which one is given back to the graph's own pool
    reserved, used = dark.cuda.memory_reserved(), dark.cuda.memory_allocated()
    others = [dark.full((1 << 16,), 9.0, device="cuda") for _ in range(4)]  # don't get the graph's memory
    recorded.replay()
    assert y.tolist()[:2] == [4.0, 4.0]
    assert all(other[0].item() == 9 for other in others)
    assert used >= 2 * 4 * x.numel()
    assert reserved - before >= 3 * 4 * x.numel()

    recorded.reset()
    gc.collect()
    assert y.tolist()[:2] == [4.0, 4.0]  # it keeps the pool that its memory came from


def test_peak_memory_counts_what_is_given_back():
    gc.collect()
    dark.cuda.reset_peak_memory_stats()
    before = dark.cuda.memory_allocated()
    x = dark.ones(1 << 16, device="cuda")
    y = (x + 1) * 2
    del x, y
    assert dark.cuda.max_memory_allocated() - before == 3 << 18
    assert dark.cuda.memory_allocated() == before
    dark.cuda.reset_peak_memory_stats()
    assert dark.cuda.max_memory_allocated() == before


def test_empty_cache_gives_reserved_memory_back():
    dark.ones(1 << 16, device="cuda")
    dark.cuda.empty_cache()
    reserved = dark.cuda.memory_reserved()
    dark.ones(1 << 20, device="cuda")
    assert dark.cuda.memory_reserved() >= reserved + (1 << 22)
    dark.cuda.empty_cache()
    assert dark.cuda.memory_reserved() == reserved
