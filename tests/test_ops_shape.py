"""Other shapes, other orders, parts: the elements stay what they are, and gradients find their way back."""

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, curved, needs_torch, random_array, torch

OPS = [  # name, function, shape of the input
    ("reshape",
     lambda t, x: [x.reshape(6, 4), t.reshape(x, (-1, 2)), x.reshape((2, -1)), x.reshape_as(x)], (2, 3, 4)),
    ("reshape 0-d", lambda t, x: [x.reshape(()), x.reshape(1, 1), x.reshape(-1)], (1,)),
    ("reshape empty", lambda t, x: [x.reshape(3, 0), x.reshape(0, 5), x.reshape(-1)], (0, 3)),
    ("reshape transposed", lambda t, x: x.transpose(0, 2).reshape(6, 4), (2, 3, 4)),
    ("contiguous", lambda t, x: [x.transpose(0, 2).contiguous(), x.contiguous()], (2, 3, 4)),
    ("view", lambda t, x: [x.view(-1), x.view(2, 12), x.view((4, 6)), x.view_as(x)], (2, 3, 4)),
    ("view of a view", lambda t, x: x[:, 1:].view(2, 2, 2, 2), (2, 3, 4)),
    ("flatten",
     lambda t, x: [t.flatten(x), x.flatten(1), x.flatten(0, 1), x.flatten(-2, -1), x.ravel()], (2, 3, 4)),
    ("flatten 0-d", lambda t, x: [x.flatten(), x.ravel()], ()),
    ("flatten empty", lambda t, x: [x.flatten(1), x.flatten()], (2, 0, 3)),
    ("unflatten",
     lambda t, x: [x.unflatten(1, (2, 3)), t.unflatten(x, -1, (-1, 2)), x.unflatten(0, (2,))], (2, 6)),
    ("squeeze",
     lambda t, x: [x.squeeze(), x.squeeze(0), t.squeeze(x, -1), x.squeeze(1), x.squeeze((0, 2))], (1, 3, 1)),
    ("squeeze 0-d", lambda t, x: [x.squeeze(), x.squeeze(0), x.squeeze(-1)], ()),
    ("unsqueeze", lambda t, x: [x.unsqueeze(0), t.unsqueeze(x, -1), x.unsqueeze(dim=1)], (2, 3)),
    ("unsqueeze 0-d", lambda t, x: [x.unsqueeze(0), x.unsqueeze(-1)], ()),
    ("permute", lambda t, x: [x.permute(2, 0, 1), t.permute(x, (1, 0, -1)), x.permute((0, 1, 2))], (2, 3, 4)),
    ("permute 0-d", lambda t, x: x.permute(()), ()),
    ("transpose",
     lambda t, x: [x.transpose(0, 1), t.transpose(x, -1, 0), x.transpose(1, 1), x.mT], (2, 3, 4)),
    ("transpose 0-d", lambda t, x: [x.transpose(0, -1), x.t()], ()),
    ("swapaxes", lambda t, x: [x.swapaxes(0, 1), t.swapdims(x, 0, -1), t.swapaxes(x, 1, 2)], (2, 3, 4)),
    ("t", lambda t, x: [x.t(), x.T, t.t(x), x.t().t()], (2, 3)),
    ("t 1-d", lambda t, x: [x.t(), x.flatten()], (3,)),
    ("movedim",
     lambda t, x: [x.movedim(0, -1), t.movedim(x, (0, 1), (2, 0)), t.moveaxis(x, 2, 0)], (2, 3, 4)),
    ("expand",
     lambda t, x: [x.expand(3, 4), x.expand(-1, 4), x.expand((2, 3, 4)), x.expand(2, -1, 1)], (3, 1)),
    ("expand 0-d", lambda t, x: [x.expand(2, 3), x.expand(()), t.broadcast_to(x, (0,))], ()),
    ("expand_as", lambda t, x: [x.expand_as(t.zeros(2, 3, 4)), x.broadcast_to((5, 3, 4))], (3, 1)),
    ("atleast", lambda t, x: [t.atleast_1d(x), t.atleast_2d(x), t.atleast_3d(x)], (3,)),
    ("atleast 0-d", lambda t, x: [t.atleast_1d(x), t.atleast_2d(x), t.atleast_3d(x)], ()),
    ("atleast 2-d", lambda t, x: [t.atleast_1d(x), t.atleast_2d(x), t.atleast_3d(x)], (2, 3)),
    ("flip", lambda t, x: [x.flip(0), x.flip(0, 2), t.flip(x, (-1,)), t.flip(x, dims=[1])], (2, 3, 4)),
    ("flip 0-d, no dims", lambda t, x: [x.flip(()), t.flip(x, ())], ()),
    ("fliplr, flipud", lambda t, x: [t.fliplr(x), x.flipud()], (2, 3)),
    ("roll", lambda t, x: [x.roll(1), t.roll(x, 2, 1), x.roll((1, -2), (0, 2)), x.roll(-7, -1)], (2, 3, 4)),
    ("roll empty", lambda t, x: [x.roll(1), x.roll(1, 0)], (0, 3)),
    ("rot90",
     lambda t, x: [x.rot90(), t.rot90(x, 2), x.rot90(3, (1, 2)), x.rot90(-1, (2, 0)), x.rot90(4)], (2, 3, 4)),
    ("tile", lambda t, x: [x.tile(2), t.tile(x, (2, 1, 3)), x.tile(1, 1), x.tile((3, 2))], (2, 3)),
    ("repeat", lambda t, x: [x.repeat(2, 1), x.repeat(2, 1, 3), x.repeat((1, 1)), x.repeat(0, 2)], (2, 3)),
    ("repeat 0-d", lambda t, x: [x.repeat(3), x.repeat(()), x.repeat(2, 2)], ()),
    ("repeat_interleave", lambda t, x: [x.repeat_interleave(2), t.repeat_interleave(x, 3, 1)], (2, 3)),
    ("repeat_interleave each", lambda t, x: x.repeat_interleave(t.tensor([2, 0, 1]), dim=1), (2, 3)),
    ("split", lambda t, x: [*x.split(2), *t.split(x, 2, dim=1), *x.split([1, 3], 0), *x.split(9)], (4, 3)),
    ("split empty", lambda t, x: [*x.split(2), *x.split(0), *x.split([0, 0])], (0, 3)),
    ("chunk", lambda t, x: [*x.chunk(3), *t.chunk(x, 2, dim=-1), *x.chunk(9, 1)], (5, 3)),
    ("chunk empty", lambda t, x: [*x.chunk(3), *x.chunk(2, 1)], (0, 3)),
    ("tensor_split",
     lambda t, x: [*x.tensor_split(3), *t.tensor_split(x, (1, 3)), *x.tensor_split([2], 1)], (5, 3)),
    ("tensor_split far", lambda t, x: [*x.tensor_split((1, 9, 2)), *x.tensor_split(7)], (5, 3)),
    ("unbind", lambda t, x: [*x.unbind(), *t.unbind(x, 1), *x], (2, 3)),
    ("narrow", lambda t, x: [x.narrow(0, 1, 2), t.narrow(x, 1, -2, 2), x.narrow(1, 3, 0)], (4, 3)),
    ("select", lambda t, x: [x.select(0, 1), t.select(x, -1, -1)], (4, 3)),
    ("unfold", lambda t, x: [x.unfold(0, 3, 1), x.unfold(1, 2, 2), x.unfold(-1, 3, 5)], (5, 3)),
    ("meshgrid", lambda t, x: t.meshgrid(x, x[:2], indexing="ij"), (3,)),
    ("meshgrid xy", lambda t, x: t.meshgrid([x, x[:2], x[1:]], indexing="xy"), (3,)),
    ("broadcast_tensors", lambda t, x: t.broadcast_tensors(x, x[:, :1], x[0]), (2, 3)),
]


@pytest.mark.parametrize(("name", "function", "shape"), OPS, ids=[row[0] for row in OPS])
def test_elements_and_gradients_go_where_pytorch_sends_them(name, function, shape):
    check_op(function, random_array(shape))
    check_op(curved(function), random_array(shape))


@pytest.mark.parametrize("dtype", ["int64", "bool", "float16", "uint8"])
@pytest.mark.parametrize(("name", "function", "shape"), OPS, ids=[row[0] for row in OPS])
def test_every_type_is_kept(name, function, shape, dtype):
    check_op(function, random_array(shape, dtype), gradients=False)


@pytest.mark.parametrize("name", ["permute", "reshape", "flatten", "roll", "tile", "split", "rot90", "flip"])
def test_non_contiguous_inputs(name):
    function, shape = next(row[1:] for row in OPS if row[0] == name)
    check_op(lambda t, x: function(t, x.transpose(0, -1)), random_array(shape[::-1]))
    if name != "rot90":
        check_op(lambda t, x: function(t, x[::2]), random_array((shape[0] * 2, *shape[1:])))


VIEWS = [
    ("reshape", lambda x: x.reshape(4, 3)),
    ("view", lambda x: x.view(-1)),
    ("flatten", lambda x: x.flatten()),
    ("unflatten", lambda x: x.unflatten(1, (2, 2))),
    ("squeeze", lambda x: x.squeeze()),
    ("unsqueeze", lambda x: x.unsqueeze(1)),
    ("permute", lambda x: x.permute(1, 0)),
    ("transpose", lambda x: x.transpose(0, 1)),
    ("T", lambda x: x.T),
    ("t", lambda x: x.t()),
    ("movedim", lambda x: x.movedim(0, 1)),
    ("select", lambda x: x.select(0, 1)),
    ("narrow", lambda x: x.narrow(0, 1, 2)),
    ("split", lambda x: x.split(2)[0]),
    ("chunk", lambda x: x.chunk(2)[1]),
    ("unbind", lambda x: x.unbind(1)[0]),
    ("diagonal", lambda x: x.diagonal()),
    ("row", lambda x: x[1]),
    ("element", lambda x: x[1, 2]),
    ("element of a row", lambda x: x[1][2]),
    ("slice", lambda x: x[1:, ::2]),
    ("None", lambda x: x[None, ..., None]),
]


@pytest.mark.parametrize(("name", "function"), VIEWS, ids=[row[0] for row in VIEWS])
def test_a_view_shares_memory_and_the_count_of_changes(name, function):
    x = dark.zeros(3, 4)
    w = dark.ones(3, 4, requires_grad=True)
    product = w * x
    part = function(x)
    part.fill_(7)
    assert (x == 7).sum() == part.numel()
    with pytest.raises(RuntimeError, match="in-place"):
        product.sum().backward()


COPIES = [
    ("flip", lambda x: x.flip(())),
    ("roll", lambda x: x.roll(0)),
    ("rot90", lambda x: x.rot90(0)),
    ("tile", lambda x: x.tile(1)),
    ("repeat", lambda x: x.repeat(1, 1)),
    ("diag", lambda x: x.diag()),
    ("index", lambda x: x[[0, 1, 2]]),
    ("tril", lambda x: x.tril(9)),
]


@pytest.mark.parametrize(("name", "function"), COPIES, ids=[row[0] for row in COPIES])
def test_a_copy_shares_nothing(name, function):
    x = dark.zeros(3, 4)
    function(x).fill_(7)
    assert (x == 0).all()


def test_an_expanded_tensor_is_not_written_to():
    x = dark.zeros(3, 1)
    with pytest.raises(RuntimeError, match="read-only"):
        x.expand(3, 4).fill_(1)


@needs_torch
@pytest.mark.parametrize(
    ("function", "fits"),
    [
        (lambda x: x.t().view(12), False),
        (lambda x: x[:, :2].view(6), False),
        (lambda x: x[:, :2].view(3, 2, 1), True),
        (lambda x: x[::2].view(2, 2, 2), True),
        (lambda x: x.expand(2, 3, 4).view(24), False),
        (lambda x: x.expand(2, 3, 4).view(2, 12), True),
        (lambda x: x[:0].t().view(0), True),
    ],
)
def test_view_works_where_strides_allow_it(function, fits):
    data = random_array((3, 4))
    if fits:
        assert_same(function(dark.tensor(data)), function(torch.tensor(data)))
        return
    with pytest.raises(RuntimeError):
        function(torch.tensor(data))
    with pytest.raises(RuntimeError, match="reshape"):
        function(dark.tensor(data))


ERRORS = [
    (lambda t, x: x.reshape(5, 5), RuntimeError, "reshape"),
    (lambda t, x: x.reshape(-1, 5), RuntimeError, "reshape"),
    (lambda t, x: x.reshape(-1, -1), RuntimeError, "reshape"),
    (lambda t, x: x.reshape(-2, 3), RuntimeError, "reshape"),
    (lambda t, x: x.view(7), RuntimeError, "reshape"),
    (lambda t, x: x.flatten(1, 0), RuntimeError, "flatten: start_dim 1 comes after end_dim 0"),
    (lambda t, x: x.flatten(2), IndexError, "flatten: dim 2 is out of range"),
    (lambda t, x: x.unflatten(1, (2, 4)), RuntimeError, "unflatten"),
    (lambda t, x: x.squeeze(2), IndexError, "squeeze: dim 2"),
    (lambda t, x: x.unsqueeze(3), IndexError, "unsqueeze: dim 3"),
    (lambda t, x: x.permute(0), RuntimeError, "permute"),
    (lambda t, x: x.permute(0, 0), RuntimeError, "permute"),
    (lambda t, x: x.permute(0, 2), IndexError, "permute: dim 2"),
    (lambda t, x: x.transpose(0, 2), IndexError, "transpose: dim 2"),
    (lambda t, x: x[None].t(), RuntimeError, "t: expects a tensor of at most 2 dimensions"),
    (lambda t, x: x.movedim((0, 1), (1, 1)), RuntimeError, "movedim"),
    (lambda t, x: x.expand(5, 4), RuntimeError, r"expand: a tensor of shape \(3, 4\)"),
    (lambda t, x: x.expand(4), RuntimeError, "expand"),
    (lambda t, x: x.expand(-1, 3, 4), RuntimeError, "expand: -1"),
    (lambda t, x: t.broadcast_tensors(x, x[:2]), RuntimeError, "do not broadcast"),
    (lambda t, x: x.flip(0, 0), RuntimeError, "flip: a dimension appears twice"),
    (lambda t, x: x.roll((1, 2), (0,)), RuntimeError, "roll: 2 shifts for 1 dimensions"),
    (lambda t, x: x.roll(1, 2), IndexError, "roll: dim 2"),
    (lambda t, x: x.repeat(2), RuntimeError, "repeat"),
    (lambda t, x: x.repeat(-1, 2), RuntimeError, "-1 times"),
    (lambda t, x: x.repeat_interleave(t.tensor([1, 2]), 0), RuntimeError, "repeat_interleave"),
    (lambda t, x: x.split(-1), RuntimeError, "split: expects a positive size"),
    (lambda t, x: x.split(0), RuntimeError, "split: expects a positive size"),
    (lambda t, x: x.split([1, 1]), RuntimeError, "split: sizes"),
    (lambda t, x: x.chunk(0), RuntimeError, "chunk"),
    (lambda t, x: x.tensor_split(0), RuntimeError, "tensor_split"),
    (lambda t, x: x.narrow(0, 2, 2), RuntimeError, "narrow"),
    (lambda t, x: x.narrow(0, 4, 0), IndexError, "narrow"),
    (lambda t, x: x.select(0, 3), IndexError, "out of range"),
    (lambda t, x: x.unfold(0, 4, 1), RuntimeError, "unfold"),
    (lambda t, x: x[0, 0].unbind(), IndexError, "unbind"),
    (lambda t, x: t.meshgrid(x, x, indexing="ij"), RuntimeError, "meshgrid"),
    (lambda t, x: t.meshgrid(x[0], indexing="no"), RuntimeError, "meshgrid"),
]


@pytest.mark.parametrize(("function", "kind", "message"), ERRORS)
def test_an_error_says_what_does_not_fit(function, kind, message):
    with pytest.raises(kind, match=message):
        function(dark, dark.zeros(3, 4))
    if torch is not None:
        with pytest.raises((RuntimeError, IndexError)):
            function(torch, torch.zeros(3, 4))


def test_repeat_interleave_of_counts_alone():
    assert dark.repeat_interleave(dark.tensor([1, 0, 2])).tolist() == [0, 2, 2]


def test_sizes_are_ints_a_tuple_or_a_size():
    x = dark.zeros(2, 3)
    for shape in [(3, 2), [3, 2], dark.Size((3, 2)), (dark.tensor(3), np.int64(2))]:
        assert x.reshape(shape).shape == (3, 2)
        assert x.reshape(*shape).shape == x.view(*shape).shape == (3, 2)


def test_a_loop_over_a_tensor_gives_its_rows():
    rows = list(dark.tensor([[1.0, 2], [3, 4]], requires_grad=True))
    assert [r.tolist() for r in rows] == [[1, 2], [3, 4]]
    assert all(r.requires_grad for r in rows)
