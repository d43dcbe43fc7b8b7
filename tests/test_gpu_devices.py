"""Tensors on a card: made, moved, mixed, changed, indexed and printed; their gradients."""  # beyond

import copy
import threading

import numpy as np
import pytest

import dark
from dark.autograd import gradcheck, gradgradcheck

CPU, CARD = dark.device("cpu"), dark.device("cuda:0")


def main(*values, **options):
    """A vector on the CPU."""
    return dark.tensor([float(x) for x in values], device="cpu", **options)


def card(*values, **options):
    """A vector on the card."""
    return dark.tensor([float(x) for x in values], device="cuda", **options)


MAKERS = {
    "tensor": lambda d: dark.tensor([[1.0, 2], [3, 4]], device=d),
    "tensor of a number": lambda d: dark.tensor(2, device=d),
    "tensor of an array": lambda d: dark.tensor(np.arange(6).reshape(2, 3).T, device=d),
    "as_tensor": lambda d: dark.as_tensor(np.arange(3.0), device=d),
    "as_tensor of a tensor": lambda d: dark.as_tensor(main(1, 2), device=d),
    "asarray": lambda d: dark.asarray([1, 2], device=d),
    "zeros": lambda d: dark.zeros(2, 3, device=d),
    "ones": lambda d: dark.ones((2, 0), dtype=dark.int64, device=d),
    "full": lambda d: dark.full((2,), True, device=d),
    "zeros_like": lambda d: dark.zeros_like(main(1, 2), device=d),
    "ones_like": lambda d: dark.ones_like(main(1, 2), dtype=dark.int32, device=d),
    "full_like": lambda d: dark.full_like(main(1, 2), 3, device=d),
    "new_zeros": lambda d: main(1).new_zeros(2, device=d),
    "new_tensor": lambda d: main(1).new_tensor([1, 2], device=d),
    "arange": lambda d: dark.arange(1, 7, 2, device=d),
    "linspace": lambda d: dark.linspace(0, 1, 5, device=d),
    "logspace": lambda d: dark.logspace(0, 1, 5, device=d),
    "eye": lambda d: dark.eye(2, 3, device=d),
    "scalar_tensor": lambda d: dark.scalar_tensor(2, device=d),
    "tril_indices": lambda d: dark.tril_indices(3, 3, device=d),
    "triu_indices": lambda d: dark.triu_indices(3, 3, device=d),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_what_is_made_is_where_it_was_asked_for_whatever_the_default(make):
    there = make("cuda")
    for default in ("cpu", "cuda"):
        with dark.device(default):
            here = make("cpu")
            assert here.device == CPU
            assert make("cuda").device == make(CARD).device == make(0).device == CARD
    assert there.dtype is here.dtype
    assert dark.equal(there.cpu(), here)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_where_nothing_is_said_the_default_says_it(make):
    for default in ("cpu", "cuda"):
        with dark.device(default):
            named = getattr(make(None), "device", None)
            assert named.type == default or named == main(1).device  # of a tensor, that tensor's


def test_the_default_is_that_of_the_innermost_block_and_of_the_thread():
    before = dark.get_default_device()
    with dark.device("cpu"):
        with dark.device("cuda"):
            assert dark.zeros(1).device == CARD
            assert dark.Tensor([1]).device == CARD
            assert dark.Tensor(np.ones(1)).device == CPU  # shares the array's memory
        assert dark.zeros(1).device == CPU
        with pytest.raises(ValueError, match="on purpose"), dark.device("cuda"):
            raise ValueError("on purpose")
        assert dark.zeros(1).device == CPU
    assert dark.get_default_device() == before
    seen = []
    with dark.device("cuda"):
        thread = threading.Thread(target=lambda: seen.append(dark.zeros(1).device))
        thread.start()
        thread.join()
    assert seen == [CPU]


def test_moving_a_tensor():
    x = main(1, 2)
    for y in (x.cuda(), x.to("cuda"), x.to(CARD), x.to(0), x.to(device="cuda:0"), x.to(card(0)), x.cuda(0)):
        assert (y.device, y.is_cuda, y.dtype, y.tolist()) == (CARD, True, dark.float32, [1, 2])
        assert y.to("cuda") is y.cuda() is y.to("cuda:0") is y.to(y) is y
        assert y.cpu() is not y
        assert y.cpu().device == CPU
    assert x.cpu() is x.to("cpu") is x
    assert y.to("cuda", copy=True) is not y
    z = x.to("cuda", dark.int64)
    assert (z.device, z.dtype, z.type()) == (CARD, dark.int64, "dark.int64")
    assert main(1).to(z).dtype is dark.int64


def test_an_index_that_no_card_has_is_an_error():
    with pytest.raises(RuntimeError, match="cuda:99: this computer has"):
        main(1).to("cuda:99")


@pytest.mark.parametrize(("start", "end"), [("cpu", "cuda"), ("cuda", "cpu")])
def test_gradients_of_any_order_go_back_to_where_their_tensors_are(start, end):
    x = dark.tensor([1.0, 2, 3], device=start, requires_grad=True)
    y = (x * 2).to(end) ** 3
    (y.to(start) * x).sum().backward()
    assert x.grad.device == x.device
    assert x.grad.tolist() == [32.0 * v**3 for v in (1, 2, 3)]
    double = x.detach().double().requires_grad_()
    assert gradcheck(lambda x: x.to(end).sin() * x.to(end), double)
    assert gradgradcheck(lambda x: x.to(end) ** 3, double)


SINGLE = {
    "+": lambda x, n: n + x * n,
    "/": lambda x, n: n / x + x / n,
    "**": lambda x, n: x**n + n**x,
    "maximum": lambda x, n: dark.maximum(x, n),
    "where": lambda x, n: dark.where(x > n, x * x, n) + dark.where(x < 1, n, x),
    "lerp": lambda x, n: dark.lerp(x, n, 0.25),
    "clamp": lambda x, n: x.clamp(min=n),
    "comparisons": lambda x, n: x * (n < x) * (x != n),
    "masked_fill": lambda x, n: x.masked_fill(x > 1, n),
    "addcmul": lambda x, n: dark.addcmul(x, n, x, value=2),
}


@pytest.mark.parametrize("function", SINGLE.values(), ids=SINGLE)
@pytest.mark.parametrize("dtype", [dark.float32, dark.float64, dark.int64])
def test_a_single_number_of_the_cpu_computes_with_tensors_of_a_card(function, dtype):
    results = []
    for place in ("cuda", "cpu"):
        x = dark.tensor([0.5, 1.25, 2.75], device=place, requires_grad=True)
        n = dark.tensor(2, dtype=dtype, device="cpu", requires_grad=dtype.is_floating_point)
        y = function(x, n)
        assert (y.device.type, y.dtype) == (place, dark.float32)
        y.sum().backward()
        assert x.grad.device.type == place
        results.append([y.detach().cpu(), x.grad.cpu()])
        if n.grad is not None:
            assert (n.grad.device, n.grad.dtype, n.grad.shape) == (CPU, dtype, ())
            results[-1].append(n.grad)
    assert len(results[0]) == len(results[1])
    for ours, expected in zip(*results):
        np.testing.assert_allclose(ours.array, expected.array, rtol=1e-5)


@pytest.mark.parametrize("function", SINGLE.values(), ids=SINGLE)
def test_second_derivatives_of_a_single_number_of_the_cpu(function):
    x = dark.tensor([0.5, 1.25, 2.75], dtype=dark.float64, device="cuda", requires_grad=True)
    n = dark.tensor(2.0, dtype=dark.float64, device="cpu", requires_grad=True)
    assert gradcheck(function, (x, n))
    assert gradgradcheck(function, (x, n))


def test_a_single_number_of_a_card_does_not_compute_with_tensors_of_the_cpu():
    with pytest.raises(RuntimeError, match=r"mul: expected all tensors on one device, got cpu .* and cuda:0"):
        main(1, 2) * dark.tensor(2.0, device="cuda")


MIXED = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
    "remainder": lambda x, y: x % y,
    "eq": lambda x, y: x == y,
    "lt": lambda x, y: x < y,
    "logical_and": lambda x, y: dark.logical_and(x, y),
    "maximum": lambda x, y: dark.maximum(x, y),
    "matmul": lambda x, y: x @ y,
    "cat": lambda x, y: dark.cat([x, y]),
    "stack": lambda x, y: dark.stack([x, y]),
    "where": lambda x, y: dark.where(x > 0, x, y),
    "atan2": lambda x, y: dark.atan2(x, y),
    "einsum": lambda x, y: dark.einsum("i,j->ij", x, y),
    "lerp": lambda x, y: x.lerp(x, y),
    "addcmul": lambda x, y: dark.addcmul(x, x, y),
    "masked_fill": lambda x, y: x.masked_fill(y > 0, 1.0),
    "index_add": lambda x, y: x.index_add(0, dark.tensor([0, 1], device=x.device), y),
    "gather": lambda x, y: x.gather(0, y.long() - 1),
    "scatter": lambda x, y: x.scatter(0, y.long() - 1, 0.0),
    "searchsorted": lambda x, y: dark.searchsorted(x, y),
    "add_": lambda x, y: x.add_(y),
    "mul_": lambda x, y: x.mul_(y),
}


@pytest.mark.parametrize(("name", "function"), MIXED.items(), ids=MIXED)
@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_on_two_devices_is_refused_with_names(name, function, swapped):
    pair = [card(1, 2), main(1, 2)]
    with pytest.raises(RuntimeError, match=r"expected all tensors on one device, got c.* and c") as caught:
        function(*reversed(pair) if swapped else pair)
    assert "cpu" in str(caught.value)
    assert "cuda:0" in str(caught.value)
    inner = {"einsum": "mul", "index_add": "add", "add_": "add", "mul_": "mul"}
    assert str(caught.value).split(":")[0].strip("_") in (name, inner.get(name), f"{name}_of_all", "place")
    assert [x.tolist() for x in pair] == [[1, 2], [1, 2]]


def test_a_gradient_to_start_with_has_to_be_where_the_result_is():
    x = card(1, 2, requires_grad=True)
    with pytest.raises(RuntimeError, match="cpu"):
        (x * x).backward(main(1, 1))
    assert x.grad is None


def test_values_for_a_place_in_a_tensor_come_from_anywhere():
    for x, other in ((card(1, 2, 3), main), (main(1, 2, 3), card)):
        home = x.device
        x[0] = other(7)[0]
        x[1:] = other(8, 9)
        assert x.tolist() == [7, 8, 9]
        x.copy_(other(4, 5, 6))
        x[x > 5] = other(0)
        assert x.tolist() == [4, 5, 0]
        x[[0, 2]] = other(1, 2)
        assert (x.tolist(), x.device) == ([1, 5, 2], home)


INDICES = {
    "list": lambda d: [2, 0, -1],
    "array": lambda d: np.array([2, 0]),
    "tensor": lambda d: dark.tensor([2, 0, 0], device=d),
    "int32": lambda d: dark.tensor([2, 0], dtype=dark.int32, device=d),
    "mask": lambda d: dark.tensor([True, False, True], device=d),
    "list of booleans": lambda d: [True, False, True],
    "mask of all": lambda d: dark.tensor([[True, False], [False, True], [True, True]], device=d),
    "two": lambda d: (dark.tensor([0, 2], device=d), [1, 0]),
    "0-d tensor": lambda d: dark.tensor(1, device=d),
    "slice and tensor": lambda d: (slice(1, None), dark.tensor([1, 1, 0], device=d)),
    "NumPy's integer": lambda d: np.int64(1),
    "None": lambda d: (None, dark.tensor([0], device=d)),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_an_index_on_the_cpu_or_the_card_picks_the_same_from_a_tensor_on_the_card(index):
    results = []
    for at, place in (("cpu", "cpu"), ("cpu", "cuda"), ("cuda", "cuda")):
        x = dark.arange(6.0, device=place).reshape(3, 2).requires_grad_()
        y = x[index(at)]
        assert y.device.type == place
        (y * y).sum().backward()
        z = x.detach().clone()
        z[index(at)] = -1
        results.append((y.tolist(), x.grad.tolist(), z.tolist()))
    assert results[0] == results[1] == results[2]


def test_numbers_leave_the_card_only_when_asked_to():
    x = card(1, 2)
    with pytest.raises(TypeError, match=r"numpy: the tensor is on cuda:0; use tensor.cpu\(\).numpy\(\)"):
        dark.ops.numpy_protocols.on_arrays(np.linalg.norm, (x,), {})
    assert x.requires_grad_().numpy(force=True).tolist() == [1, 2]
    one = card(2.5)
    assert (one.item(), float(one), int(one), bool(one)) == (2.5, 2.5, 2, True)
    assert (x.tolist(), len(x), [y.item() for y in x], f"{x[1]:.1f}") == ([1, 2], 2, [1, 2], "2.0")
    assert range(3)[dark.tensor(1, device="cuda")] == 1


def test_a_deep_copy_stays_on_the_card_in_memory_of_its_own():
    x = card(1, 2, requires_grad=True)
    (x * 3).sum().backward()
    twin = copy.deepcopy(x)
    with dark.no_grad():
        x.zero_()
    assert (twin.device, twin.tolist(), twin.requires_grad) == (CARD, [1, 2], True)
    assert (twin.grad.device, twin.grad.tolist()) == (CARD, [3, 3])


PRINTED = {
    "0-d": lambda: dark.tensor(1.5, device="cuda"),
    "matrix": lambda: dark.tensor([[1, 2], [3, 4]], device="cuda"),
    "requires grad": lambda: card(1, 2.5, requires_grad=True),
    "empty": lambda: dark.zeros(0, device="cuda"),
}
TEXTS = [
    "tensor(1.5000, device='cuda:0')",
    "tensor([[1, 2],\n        [3, 4]], device='cuda:0')",
    "tensor([1.0000, 2.5000], device='cuda:0', requires_grad=True)",
    "tensor([], device='cuda:0')",
]


@pytest.mark.parametrize(("make", "text"), list(zip(PRINTED.values(), TEXTS)), ids=PRINTED)
def test_a_tensor_on_a_card_prints_with_its_device(make, text):
    assert repr(make()) == text


def test_only_some_of_a_large_tensor_is_shown():
    x = dark.arange(3000.0)
    expected = repr(x.cpu()).removesuffix(")") + ", device='cuda:0')"
    assert repr(x.cuda()) == expected


def test_numbers_have_the_same_limits_on_a_card():
    """CuPy's own functions differ here: they round quotients, and take negative powers of integers for 0."""
    x = card(1, -1, 5.3, -5, 5, 0, float("inf"))
    y = card(0.1, 0.1, -0.1, float("inf"), float("inf"), 0, 1)
    for function in (dark.remainder, dark.floor_divide, dark.fmod):
        np.testing.assert_array_equal(function(x, y).cpu().array, function(x.cpu(), y.cpu()).array)
        for n in (0.1, -0.7, 0):
            np.testing.assert_array_equal(function(x, n).cpu().array, function(x.cpu(), n).array)
    large = dark.tensor([2**62 + 1, -(2**62) - 1, 7, -7], device="cuda")
    for n in (3, -3, 2**61 - 1):
        for function in (dark.remainder, dark.floor_divide, dark.fmod):
            assert function(large, n).tolist() == function(large.cpu(), n).tolist()
    with pytest.raises(RuntimeError, match="negative integer powers"):
        large**-1
    assert (large.floor().dtype, large.round().tolist()) == (dark.int64, large.tolist())
