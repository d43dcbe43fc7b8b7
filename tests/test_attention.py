"""Attention: the function with its masks, MultiheadAttention, and what transformers are made of."""  # beyond

import copy

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, on_the_cpu, random_array, torch
from dark import nn
from dark.nn import functional as F

# scaled_dot_product_attention

SHAPES = [  # query, key, value
    ((4, 3), (5, 3), (5, 2)),
    ((2, 4, 3), (2, 5, 3), (2, 5, 3)),
    ((2, 3, 4, 2), (2, 3, 4, 2), (2, 3, 4, 3)),
    ((2, 1, 4, 3), (1, 3, 5, 3), (1, 3, 5, 3)),
    ((1, 1, 1, 1), (1, 1, 1, 1), (1, 1, 1, 1)),
    ((2, 0, 3), (2, 5, 3), (2, 5, 3)),
    ((0, 4, 3), (0, 5, 3), (0, 5, 3)),
]


def attend(t, *arguments, **options):
    """The function; PyTorch's faster ways to compute it have no second derivatives."""
    if t is dark:
        return F.scaled_dot_product_attention(*arguments, **options)
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        return torch.nn.functional.scaled_dot_product_attention(*arguments, **options)


def attention(*arguments, **options):
    return lambda t, q, k, v: attend(t, q, k, v, *arguments, **options)


def inputs(shapes, dtype="float32"):
    return [random_array(shape, dtype, seed=i) for i, shape in enumerate(shapes)]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_attention(shapes, dtype):
    for options in ({}, {"is_causal": True}, {"scale": 0.7}):
        check_op(attention(**options), *inputs(shapes, dtype), rtol=1e-4, atol=1e-5)


def test_attention_in_any_layout_and_by_name():
    q, k, v = inputs([(4, 3, 2), (5, 3, 2), (5, 3, 2)])

    def function(t, q, k, v):
        q, k, v = (x.transpose(0, 1) for x in (q, k, v))
        return attend(t, query=q, key=k, value=v, is_causal=True)

    check_op(function, q, k, v, rtol=1e-4, atol=1e-5)


MASKS = [(4, 5), (1, 5), (4, 1), (2, 1, 4, 5), (3, 4, 5)]


@pytest.mark.parametrize("shape", MASKS, ids=str)
def test_a_mask_hides_or_is_added(shape):
    q, k, v = inputs([(2, 3, 4, 2), (2, 3, 5, 2), (2, 3, 5, 2)])
    function = lambda t, q, k, v, m: attend(t, q, k, v, m)
    check_op(function, q, k, v, random_array(shape, "bool"), rtol=1e-4, atol=1e-5)
    check_op(function, q, k, v, random_array(shape), rtol=1e-4, atol=1e-5)


@needs_torch
@pytest.mark.parametrize("kind", ["bool", "float32"])
def test_a_query_that_may_look_nowhere_gets_zero(kind):
    mask = np.ones((4, 5), "bool")
    mask[1] = mask[3, :3] = False
    if kind == "float32":
        mask = np.where(mask, 0, -np.inf).astype(kind)
    arrays = inputs([(2, 4, 3), (2, 5, 3), (2, 5, 3)])
    function = lambda t, q, k, v: attend(t, q, k, v, t.tensor(mask))
    check_op(function, *arrays, differences=False, rtol=1e-4, atol=1e-5)
    assert function(dark, *map(dark.tensor, arrays))[:, 1].tolist() == [[0, 0, 0]] * 2


@pytest.mark.parametrize(("heads", "groups"), [(4, 2), (4, 1), (3, 3), (6, 2)])
def test_heads_of_the_query_share_keys(heads, groups):
    arrays = inputs([(2, heads, 4, 2), (2, groups, 5, 2), (2, groups, 5, 3)])
    check_op(attention(enable_gqa=True), *arrays, rtol=1e-4, atol=1e-5)


@needs_torch
def test_attention_drops_the_weights_that_pytorch_drops():
    arrays = inputs([(2, 3, 4, 2), (2, 3, 5, 2), (2, 3, 5, 2)])
    results = []
    for t in (dark, torch):
        t.manual_seed(4)
        with on_the_cpu():
            results.append(attention(None, 0.4)(t, *(t.tensor(x) for x in arrays)))
    assert_same(*results)
    assert_same(attention(dropout_p=1.0)(dark, *map(dark.tensor, arrays)), torch.zeros(2, 3, 4, 2))


@needs_torch
def test_attention_in_half_precision():
    arrays = inputs([(2, 4, 3), (2, 5, 3), (2, 5, 3)], "float16")
    check_op(attention(), *arrays, gradients=False, rtol=2e-3, atol=2e-3)


X = dark.ones(2, 4, 3)
WRONG = [
    (lambda: F.scaled_dot_product_attention(X, X, dark.ones(2, 5, 3)), RuntimeError, "one S"),
    (lambda: F.scaled_dot_product_attention(X, dark.ones(2, 4, 2), X), RuntimeError, "one E"),
    (lambda: F.scaled_dot_product_attention(X[0, 0], X, X), RuntimeError, r"expected \(\*, L, E\)"),
    (lambda: F.scaled_dot_product_attention(X, X, X.double()), RuntimeError, "value dark.float64"),
    (lambda: F.scaled_dot_product_attention(X.long(), X.long(), X.long()), RuntimeError, "floating-point"),
    (lambda: F.scaled_dot_product_attention(X, X, X, dark.ones(4, 4), is_causal=True), RuntimeError, "mask"),
    (lambda: F.scaled_dot_product_attention(X, X, X, dark.ones(4, 4).double()), RuntimeError, "attn_mask is"),
    (lambda: F.scaled_dot_product_attention(X, X, X, dark.ones(4, 4).long()), RuntimeError, "attn_mask is"),
    (lambda: F.scaled_dot_product_attention(X, X, X, dark.ones(3, 4)), RuntimeError, r"\(3, 4\)"),
    (lambda: F.scaled_dot_product_attention(X, X, X, dropout_p=1.5), RuntimeError, "dropout_p .*1.5"),
    (lambda: F.scaled_dot_product_attention(X[[0, 0, 0]], X, X, enable_gqa=True), RuntimeError, "heads"),
    (lambda: F.scaled_dot_product_attention([1.0], X, X), TypeError, "expected a Tensor, got list"),
    (lambda: nn.MultiheadAttention(0, 1), ValueError, "greater than 0"),
    (lambda: nn.MultiheadAttention(4, 3), AssertionError, "embed_dim 4 .* num_heads 3"),
    (lambda: nn.MultiheadAttention(3, 1)(X[0, 0], X, X), AssertionError, r"3 dimensions.*query \(3,\)"),
    (lambda: nn.MultiheadAttention(3, 1)(X, X[0], X[0]), AssertionError, "3 dimensions"),
    (lambda: nn.MultiheadAttention(4, 2)(X, X, X), AssertionError, r"widths \(4, 4, 4\)"),
    (lambda: nn.MultiheadAttention(3, 1)(X, X, X[:1]), AssertionError, "one S"),
    (lambda: nn.MultiheadAttention(3, 1)(X, X, X, is_causal=True), RuntimeError, "is_causal"),
    (lambda: nn.MultiheadAttention(3, 1)(X, X, X, attn_mask=dark.ones(3, 3)), RuntimeError, r"\(3, 3\)"),
    (lambda: nn.MultiheadAttention(3, 1)(X, X, X, attn_mask=dark.ones(2)), AssertionError, r"\(2,\)"),
    (lambda: nn.MultiheadAttention(3, 1)(X, X, X, attn_mask=dark.ones(2, 2).long()), AssertionError, "bools"),
    (lambda: nn.MultiheadAttention(3, 1)(X, X, X, dark.ones(2, 2)), AssertionError, "key_padding_mask"),
    (lambda: nn.TransformerEncoderLayer(4, 2, activation="tanh"), RuntimeError, "'tanh'"),
    (lambda: nn.Transformer(3, 1, 1, 1, 2)(X, X[:, :2]), RuntimeError, "one size"),
    (lambda: nn.Transformer(4, 2, 1, 1, 2)(X, X), RuntimeError, "4 features"),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[m for *_, m in WRONG])
def test_wrong_input_is_explained(call, error, message):
    with pytest.raises(error, match=message):
        call()


# MultiheadAttention

MODULES = [  # options, shapes of query, key, value (query alone where they are one)
    ({}, [(4, 2, 6)]),
    ({"batch_first": True}, [(2, 4, 6)]),
    ({"batch_first": True}, [(2, 4, 6), (2, 5, 6), (2, 5, 6)]),
    ({}, [(4, 6)]),
    ({"batch_first": True}, [(4, 6), (5, 6), (5, 6)]),
    ({"bias": False}, [(4, 2, 6), (5, 2, 6), (5, 2, 6)]),
    ({"kdim": 3, "vdim": 5}, [(4, 2, 6), (5, 2, 3), (5, 2, 5)]),
    ({"kdim": 3, "bias": False, "batch_first": True}, [(2, 4, 6), (2, 5, 3), (2, 5, 6)]),
    ({"add_bias_kv": True}, [(4, 2, 6)]),
    ({"add_zero_attn": True}, [(4, 2, 6)]),
    ({"add_bias_kv": True, "add_zero_attn": True, "batch_first": True}, [(2, 4, 6), (2, 5, 6), (2, 5, 6)]),
    ({"dtype": "float64"}, [(1, 1, 6)]),
    ({"dropout": 0.4}, [(4, 2, 6)]),
]
WIDTH, HEADS = 6, 3


def twins(make):
    """The same module of Dark and of PyTorch, from the same seed."""
    for t in (dark, torch):
        t.manual_seed(3)
    with on_the_cpu():
        ours, theirs = make(dark), make(torch)
    text = repr(theirs).replace("NonDynamicallyQuantizableLinear", "Linear")
    assert repr(ours) == text
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_same(p, q, rtol=1e-6, atol=0)
    return ours.to(dark.get_default_device()), theirs


def multihead(t, options):
    options = {**options, "dtype": getattr(t, options["dtype"])} if "dtype" in options else options
    return t.nn.MultiheadAttention(WIDTH, HEADS, **options)


def same_steps(ours, theirs, arrays, call):
    """Equal results of `call(t, module, *tensors)`, and equal gradients of parameters and inputs."""
    dtype = str(next(ours.parameters()).dtype).split(".")[1]
    mine = [dark.tensor(a.astype(dtype), requires_grad=True) for a in arrays]
    other = [torch.tensor(a.astype(dtype), requires_grad=True) for a in arrays]
    for t in (dark, torch):
        t.manual_seed(5)
    results = call(dark, ours, *mine), call(torch, theirs, *other)
    assert_same(*results, rtol=1e-4, atol=1e-5)
    for result in results:
        parts = result if isinstance(result, tuple) else (result,)
        sum((y * y + y).sum() for y in parts if y is not None).backward()
    named = zip(ours.named_parameters(), theirs.named_parameters(), strict=True)
    for (name, p), (_, q) in named:
        if q.grad is not None:
            assert_same(p.grad, q.grad, rtol=1e-3, atol=1e-4, what=name)
    for x, y in zip(mine, other):
        assert_same(x.grad, y.grad, rtol=1e-3, atol=1e-4, what="input")


@needs_torch
@pytest.mark.parametrize(("options", "shapes"), MODULES, ids=[str(m) for m in MODULES])
def test_multihead_attention_is_pytorchs(options, shapes):
    ours, theirs = twins(lambda t: multihead(t, options))
    if "dropout" in options and dark.get_default_device().type != "cpu":
        ours.eval()
        theirs.eval()
    arrays = inputs(shapes)
    three = lambda x: x * 3 if len(x) == 1 else x
    for arguments in ({}, {"need_weights": False}, {"average_attn_weights": False}):
        ours.zero_grad()
        theirs.zero_grad()
        same_steps(ours, theirs, arrays, lambda t, m, *x, given=arguments: m(*three(x), **given))


def masks(t, kind):
    """Masks for 2 examples, L = 4, S = 5 and 3 heads, in which every query may look somewhere."""
    hidden = np.random.default_rng(1).random((4, 5)) < 0.4
    hidden[:, 0] = False
    many = np.random.default_rng(2).random((6, 4, 5)) < 0.4
    many[..., 0] = False
    padding = np.array([[False, False, True, True, True], [False] * 5])
    numbers = random_array((4, 5), seed=8)
    return {
        "bool": {"attn_mask": t.tensor(hidden)},
        "3-d": {"attn_mask": t.tensor(many)},
        "float": {"attn_mask": t.tensor(numbers)},
        "padding": {"key_padding_mask": t.tensor(padding)},
        "padding float": {"key_padding_mask": t.tensor(random_array((2, 5)))},
        "both": {"attn_mask": t.tensor(hidden), "key_padding_mask": t.tensor(padding)},
        "3-d, padding": {"attn_mask": t.tensor(many), "key_padding_mask": t.tensor(padding)},
    }[kind]


@needs_torch
@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize(
    "kind", ["bool", "3-d", "float", "padding", "padding float", "both", "3-d, padding"]
)
@pytest.mark.parametrize("options", [{}, {"add_bias_kv": True, "add_zero_attn": True}], ids=["", "appended"])
def test_masks_of_multihead_attention(kind, need_weights, options):
    ours, theirs = twins(lambda t: multihead(t, {"batch_first": True, **options}))
    arrays = inputs([(2, 4, 6), (2, 5, 6), (2, 5, 6)])
    call = lambda t, m, *x: m(*x, **masks(t, kind), need_weights=need_weights)
    same_steps(ours, theirs, arrays, call)


@needs_torch
def test_masks_without_a_batch():
    ours, theirs = twins(lambda t: multihead(t, {}))
    padding, many = np.array([False, True, False]), np.zeros((3, 4, 3), "bool")
    many[1, 2, 2] = True
    arrays = inputs([(4, 6), (3, 6), (3, 6)])
    given = lambda t: {"key_padding_mask": t.tensor(padding), "attn_mask": t.tensor(many)}
    same_steps(ours, theirs, arrays, lambda t, m, *x: m(*x, **given(t), average_attn_weights=False))


@needs_torch
@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize("padded", [True, False])
def test_a_causal_mask_with_its_hint(need_weights, padded):
    ours, theirs = twins(lambda t: multihead(t, {"batch_first": True}))

    def call(t, m, x):
        mask = t.nn.Transformer.generate_square_subsequent_mask(4)
        padding = t.tensor([[0.0, 0.0, 0.0, float("-inf")], [0.0] * 4]) if padded else None
        return m(x, x, x, padding, need_weights, mask, is_causal=True)

    same_steps(ours, theirs, inputs([(2, 4, 6)]), call)


@needs_torch
def test_masks_of_two_types_are_warned_of():
    padding, mask = dark.zeros(2, 4, dtype=dark.bool), dark.zeros(4, 4)
    with pytest.warns(UserWarning, match="one type"):
        nn.MultiheadAttention(6, 3, batch_first=True)(*[dark.ones(2, 4, 6)] * 3, padding, attn_mask=mask)


# Transformers

LAYERS = [
    {},
    {"batch_first": True, "norm_first": True},
    {"activation": "gelu", "layer_norm_eps": 0.1},
    {"bias": False, "batch_first": True},
    {"activation": "module"},
]


def options_for(t, options):
    options = {"dropout": 0.0, **options}
    return {**options, "activation": t.nn.SiLU()} if options.get("activation") == "module" else options


def encoder_mask(t):
    return t.nn.Transformer.generate_square_subsequent_mask(4)


@needs_torch
@pytest.mark.parametrize("options", LAYERS, ids=str)
def test_transformer_layers_are_pytorchs(options):
    make = lambda t: t.nn.TransformerEncoderLayer(6, 3, 8, **options_for(t, options))
    ours, theirs = twins(make)
    same_steps(ours, theirs, inputs([(4, 4, 6)]), lambda t, m, x: m(x))
    same_steps(ours, theirs, inputs([(4, 6)]), lambda t, m, x: m(x, encoder_mask(t)))
    padding = np.array([[False, False, False, True]] * 4)
    same_steps(ours, theirs, inputs([(4, 4, 6)]),
               lambda t, m, x: m(x, src_key_padding_mask=t.tensor(padding)))  # fmt: skip
    same_steps(ours, theirs, inputs([(4, 4, 6)]), lambda t, m, x: m(x, encoder_mask(t), is_causal=True))

    ours, theirs = twins(lambda t: t.nn.TransformerDecoderLayer(6, 3, 8, **options_for(t, options)))
    call = lambda t, m, x, y: m(x, y, encoder_mask(t), memory_key_padding_mask=t.tensor(padding))
    same_steps(ours, theirs, inputs([(4, 4, 6), (4, 4, 6)]), call)


@needs_torch
@pytest.mark.skipif(dark.get_default_device().type != "cpu", reason="a card draws its own random numbers")
def test_dropout_is_where_pytorch_has_it():
    for options in ({}, {"batch_first": True}, {"norm_first": True, "batch_first": True}):
        ours, theirs = twins(lambda t, given=options: t.nn.TransformerEncoderLayer(6, 3, 8, 0.3, **given))
        same_steps(ours, theirs, inputs([(4, 2, 6)]), lambda t, m, x: m(x))
    ours, theirs = twins(lambda t: t.nn.TransformerDecoderLayer(6, 3, 8, 0.3))
    same_steps(ours, theirs, inputs([(4, 2, 6), (3, 2, 6)]), lambda t, m, x, y: m(x, y))


@needs_torch
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_stacks_of_layers_are_pytorchs():
    def encoder(t):
        layer = t.nn.TransformerEncoderLayer(6, 3, 8, 0.0, batch_first=True)
        return t.nn.TransformerEncoder(layer, 2, t.nn.LayerNorm(6), enable_nested_tensor=False)

    ours, theirs = twins(encoder)
    same_steps(ours, theirs, inputs([(2, 4, 6)]), lambda t, m, x: m(x, encoder_mask(t)))
    same_steps(ours, theirs, inputs([(2, 4, 6)]), lambda t, m, x: m(x, is_causal=False))
    assert ours.layers[0].linear1.weight is not ours.layers[1].linear1.weight

    def decoder(t):
        return t.nn.TransformerDecoder(t.nn.TransformerDecoderLayer(6, 3, 8, 0.0), 2)

    ours, theirs = twins(decoder)
    call = lambda t, m, x, y: m(x, y, encoder_mask(t), tgt_is_causal=True)
    same_steps(ours, theirs, inputs([(4, 2, 6), (3, 2, 6)]), call)


@needs_torch
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("batch_first", [False, True])
def test_a_whole_transformer_is_pytorchs(batch_first):
    ours, theirs = twins(lambda t: t.nn.Transformer(6, 3, 1, 1, 8, 0.0, batch_first=batch_first))
    shapes = [(2, 3, 6), (2, 4, 6)] if batch_first else [(3, 2, 6), (4, 2, 6)]
    same_steps(ours, theirs, inputs(shapes), lambda t, m, x, y: m(x, y, tgt_mask=encoder_mask(t)))
    mask = nn.Transformer.generate_square_subsequent_mask(3, dtype=dark.float64)
    assert_same(mask, torch.nn.Transformer.generate_square_subsequent_mask(3, dtype=torch.float64))


def test_weights_of_attention_load_both_ways():
    first, second = nn.MultiheadAttention(6, 3), nn.MultiheadAttention(6, 3)
    second.load_state_dict(first.state_dict())
    x = dark.tensor(random_array((4, 2, 6)))
    for a, b in zip(first(x, x, x), copy.deepcopy(second)(x, x, x)):
        np.testing.assert_array_equal(a.detach().numpy(), b.detach().numpy())
