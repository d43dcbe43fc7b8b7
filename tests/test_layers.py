"""Layers: Linear, Bilinear, Embedding, LayerNorm, and those that only change the shape."""  # dark-3

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, on_the_cpu, random_array, torch
from dark import nn
from dark.nn import functional as F

LAYERS = [  # a layer with parameters, inputs for it
    (lambda t: t.nn.Linear(4, 3), [(5, 4)]),
    (lambda t: t.nn.Linear(4, 3, bias=False), [(2, 5, 4)]),
    (lambda t: t.nn.Linear(1, 1), [(1,)]),
    (lambda t: t.nn.Linear(4, 3, dtype=t.float64), [(5, 4)]),
    (lambda t: t.nn.Linear(30, 20, device="cpu"), [(0, 30)]),
    (lambda t: t.nn.Bilinear(4, 3, 2), [(5, 4), (5, 3)]),
    (lambda t: t.nn.Bilinear(2, 2, 5, bias=False), [(2, 3, 2), (2, 3, 2)]),
    (lambda t: t.nn.LayerNorm(4), [(5, 4)]),
    (lambda t: t.nn.LayerNorm((3, 4), eps=0.1), [(2, 3, 4)]),
    (lambda t: t.nn.LayerNorm([4], bias=False), [(2, 3, 4)]),
    (lambda t: t.nn.LayerNorm(4, elementwise_affine=False, dtype=t.float64), [(4,)]),
]


@needs_torch
@pytest.mark.parametrize(("make", "shapes"), LAYERS)
def test_a_layer_begins_and_computes_as_pytorchs(make, shapes):
    dark.manual_seed(3)
    torch.manual_seed(3)
    with on_the_cpu():
        ours, theirs = make(dark), make(torch)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_same(p, q, rtol=0, atol=0)
    ours.to(dark.get_default_device())
    dtype = next(iter([str(p.dtype).split(".")[1] for p in ours.parameters()]), "float64")
    inputs = [random_array(shape, dtype, seed=i) for i, shape in enumerate(shapes)]
    mine = [dark.tensor(x, requires_grad=True) for x in inputs]
    other = [torch.tensor(x, requires_grad=True) for x in inputs]
    y, z = ours(*mine), theirs(*other)
    assert_same(y, z)
    up = random_array(tuple(z.shape), dtype, seed=9)
    y.backward(dark.tensor(up))
    z.backward(torch.tensor(up))
    for p, q in zip([*mine, *ours.parameters()], [*other, *theirs.parameters()]):
        assert_same(p.grad, q.grad)
    assert [torch.rand(1).item()] == [dark.rand(1, device="cpu").item()]  # as many random numbers were drawn


LINEARS = [
    ((5, 4), (3, 4), (3,)), ((4,), (3, 4), (3,)), ((2, 5, 4), (3, 4), (3,)), ((2, 1, 5, 4), (3, 4), None),
    ((0, 4), (3, 4), (3,)), ((2, 0, 4), (3, 4), (3,)), ((5, 4), (3, 4), (1,)), ((5, 0), (3, 0), (3,)),
    ((5, 4), (0, 4), (0,)), ((1, 1), (1, 1), (1,)),
]  # fmt: skip


@pytest.mark.parametrize("shapes", LINEARS, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_linear(shapes, dtype):
    arrays = [random_array(s, dtype, seed=i) for i, s in enumerate(shapes) if s is not None]
    check_op(lambda t, *inputs: t.nn.functional.linear(*inputs), *arrays)


def test_linear_on_views_and_by_name():
    x, w, b = random_array((4, 5)), random_array((4, 3)), random_array((6,))
    check_op(lambda t, x, w, b: t.nn.functional.linear(x.T, w.T, b[::2]), x, w, b)
    check_op(lambda t, x, w, b: t.nn.functional.linear(x.T, weight=w.T, bias=b[::2]), x, w, b)
    x = random_array((4, 2, 3))
    check_op(lambda t, x, w: t.nn.functional.linear(x.permute(1, 2, 0), w.T), x, w)


@pytest.mark.parametrize("wanted", ["x", "w", "b", "xw", "xb", "wb"])
def test_second_derivatives_of_linear_where_some_inputs_are_constants(wanted):
    arrays = {"x": random_array((5, 3)), "w": random_array((4, 3), seed=1), "b": random_array((4,), seed=2)}

    def function(t, *tensors):
        constants = {name: t.tensor(a).to(tensors[0].dtype) for name, a in arrays.items()}
        return t.nn.functional.linear(*{**constants, **dict(zip(wanted, tensors))}.values()) ** 2

    check_op(function, *(arrays[name] for name in wanted))


def test_the_gradient_of_a_weight_has_the_weights_layout():
    layer = nn.Linear(5, 3)
    layer(dark.ones(2, 4, 5)).sum().backward()
    assert layer.weight.grad.is_contiguous()
    assert layer.weight.grad.array.base is None


@pytest.mark.parametrize("shape", [(5,), (2, 5), (2, 3, 5)], ids=str)
def test_bilinear(shape):
    check_op(lambda t, x, y, w, b: t.nn.functional.bilinear(x, y, w, b),
             random_array(shape), random_array((*shape[:-1], 3), seed=1), random_array((4, 5, 3)),
             random_array((4,)), rtol=1e-4, atol=1e-5)  # fmt: skip


NORMS = [((5, 4), (4,)), ((2, 3, 4), (3, 4)), ((2, 3, 4), (4,)), ((4,), (4,)), ((0, 4), (4,)), ((3, 1), (1,))]


@pytest.mark.parametrize(("shape", "normalized"), NORMS, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_layer_norm(shape, normalized, dtype):
    x, w, b = (random_array(s, dtype, seed=i) for i, s in enumerate((shape, normalized, normalized)))
    norm = lambda t, x, *rest: t.nn.functional.layer_norm(x, normalized, *rest)
    options = {"rtol": 1e-4, "atol": 1e-4} if dtype == "float32" else {}
    check_op(norm, x, w, b, **options)
    check_op(norm, x, w, **options)
    check_op(norm, x, **options)
    bias_alone = lambda t, x, b: t.nn.functional.layer_norm(x, normalized, bias=b, eps=0.1)
    check_op(bias_alone, x, b, second=False, **options)  # PyTorch's second derivative fails without a weight


@needs_torch
def test_layer_norm_of_large_equal_and_strided_numbers():
    norm = lambda t, x: t.nn.functional.layer_norm(x, (4,))
    check_op(norm, np.full((2, 4), 3.0, "float32"), differences=False, second=False)
    large = random_array((3, 4)) + np.float32(1000)
    check_op(norm, large, rtol=1e-2, atol=1e-2, differences=False, second=False)
    check_op(lambda t, x: norm(t, x.permute(2, 1, 0)), random_array((4, 3, 2)), rtol=1e-4, atol=1e-4)


# Embedding


@pytest.mark.parametrize("index", [[0, 2, 2, 4], 1, [[0, 1], [1, 1]], [], [[], []]], ids=str)
def test_embedding_adds_up_the_gradients_of_repeated_numbers(index):
    index = np.array(index, "int64")
    check_op(lambda t, i, w: t.nn.functional.embedding(i, w), index, random_array((5, 3)))
    if index.size:
        check_op(lambda t, i, w: t.nn.functional.embedding(i, w.T), index, random_array((3, 5)))
    check_op(lambda t, i, w: t.nn.functional.embedding(i.int(), w), index, random_array((5, 3)))


@needs_torch
@pytest.mark.parametrize("padding", [0, 1, -1])
def test_the_padding_row_gets_no_gradient(padding):
    index = np.array([[0, 1, 1], [4, 1, 0]])
    lookup = lambda t, i, w: t.nn.functional.embedding(i, w, padding)
    check_op(lookup, index, random_array((5, 3)), differences=False)
    check_op(lookup, np.array([padding % 5]), random_array((5, 3)), differences=False)


@needs_torch
@pytest.mark.parametrize("options", [{}, {"padding_idx": 1}, {"padding_idx": -1}])
def test_an_embedding_layer_is_pytorchs(options):
    dark.manual_seed(3)
    torch.manual_seed(3)
    with on_the_cpu():
        ours, theirs = nn.Embedding(5, 20, **options), torch.nn.Embedding(5, 20, **options)
    assert repr(ours) == repr(theirs)
    assert_same(ours.weight, theirs.weight, rtol=1e-6)
    ours.to(dark.get_default_device())
    index = [[0, 1], [4, 4]]
    y, z = ours(dark.tensor(index)), theirs(torch.tensor(index))
    assert_same(y, z, rtol=1e-6)
    y.square().sum().backward()
    z.square().sum().backward()
    assert_same(ours.weight.grad, theirs.weight.grad)


def test_an_embedding_of_given_vectors_shares_them_and_is_frozen():
    vectors = dark.tensor(random_array((4, 2)))
    dark.manual_seed(1)
    before = dark.get_rng_state().numpy().copy()
    layer = nn.Embedding.from_pretrained(vectors, padding_idx=0)
    np.testing.assert_array_equal(dark.get_rng_state().numpy(), before)
    assert not layer.weight.requires_grad
    assert layer.weight.array is vectors.array
    np.testing.assert_array_equal(layer(dark.tensor([0, 3])).numpy(), vectors.numpy()[[0, 3]])
    assert nn.Embedding.from_pretrained(vectors, freeze=False).weight.requires_grad


# Shape


SHAPE_LAYERS = [
    (lambda t: t.nn.Flatten(), (2, 3, 4)),
    (lambda t: t.nn.Flatten(0, 1), (2, 3, 4)),
    (lambda t: t.nn.Flatten(0), ()),
    (lambda t: t.nn.Identity(3, any="thing"), (2, 3)),
    (lambda t: t.nn.Unflatten(1, (2, -1)), (3, 6)),
    (lambda t: t.nn.Unflatten(-1, [3, 2]), (0, 6)),
]


@needs_torch
@pytest.mark.parametrize(("make", "shape"), SHAPE_LAYERS)
def test_shape_layers(make, shape):
    assert repr(make(dark)) == repr(make(torch))
    check_op(lambda t, x: make(t)(x), random_array(shape))


# Errors

X = dark.zeros(2, 3)
WRONG = [
    (lambda: nn.Linear(5, 4)(X), RuntimeError,
     r"linear: input has 3 features, weight expects 5 \(input \(2, 3\), weight \(4, 5\)\)"),
    (lambda: F.linear(dark.tensor(1.0), dark.ones(1, 1)), RuntimeError, r"linear: expected input \(\*, in\)"),
    (lambda: F.linear(X, dark.ones(3)), RuntimeError, r"weight \(out, in\)"),
    (lambda: F.linear(X, dark.ones(4, 3), dark.ones(3)), RuntimeError, r"bias \(3,\) for 4 outputs"),
    (lambda: F.linear(X.double(), dark.ones(4, 3)), RuntimeError, r"same dtype .*float64.*float32"),
    (lambda: F.linear(X, dark.ones(4, 3), dark.ones(4).half()), RuntimeError, r"same dtype"),
    (lambda: F.bilinear(X, X, dark.ones(4, 3, 2)), RuntimeError, r"bilinear: .*\(4, 3, 2\)"),
    (lambda: F.bilinear(X, dark.ones(1, 3), dark.ones(4, 3, 3)), RuntimeError, r"more than the last"),
    (lambda: nn.Bilinear(0, 3, 2), ValueError, r"in1_features"),
    (lambda: nn.LayerNorm(4)(X), RuntimeError, r"layer_norm: input has shape \(2, 3\), expected \(\*, 4"),
    (lambda: F.layer_norm(X, (3,), dark.ones(2)), RuntimeError, r"weight has shape \(2,\), expected \(3,\)"),
    (lambda: nn.LayerNorm(3)(X.double()), RuntimeError, r"layer_norm: .*float64, weight .*float32"),
    (lambda: F.embedding(dark.tensor([0, 5]), dark.ones(5, 2)), IndexError, r"embedding: there is no row 5"),
    (lambda: F.embedding(dark.tensor([-1]), dark.ones(5, 2)), IndexError, r"no row -1"),
    (lambda: F.embedding(X, dark.ones(5, 2)), RuntimeError, r"integers .*float32"),
    (lambda: F.embedding(dark.tensor([0]), dark.ones(5)), RuntimeError, r"matrix"),
    (lambda: F.embedding(dark.tensor([0]), dark.ones(5, 2), 5), RuntimeError, r"padding_idx 5"),
    (lambda: nn.Embedding(5, 2, padding_idx=5), ValueError, r"padding_idx 5"),
    (lambda: nn.Embedding.from_pretrained(dark.ones(3)), ValueError, r"matrix"),
    (lambda: nn.Unflatten(1, 3), TypeError, r"unflattened_size"),
    (lambda: nn.Unflatten("N", (3,)), TypeError, r"dim"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()
