"""Clipping of gradients, parameters as one vector, sequences of different lengths."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, check_op, needs_torch, random_array, torch
from dark import nn
from dark.nn import utils


def network(t, scale=1.0, dtype="float32"):
    """Two parameters with gradients, one without."""
    parameters = []
    for i, shape in enumerate([(3, 4), (), (2,)]):
        p = t.nn.Parameter(t.tensor(random_array(shape, dtype, seed=i)))
        if i < 2:
            p.grad = t.tensor(random_array(shape, dtype, seed=i + 5) * np.asarray(scale, dtype))
        parameters.append(p)
    return parameters


@needs_torch
@pytest.mark.parametrize("norm_type", [2, 1, 3.5, "inf", float("inf"), 0])
@pytest.mark.parametrize("max_norm", [0.5, 1e4, 0])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_clipping_by_norm(norm_type, max_norm, dtype):
    ours, theirs = network(dark, dtype=dtype), network(torch, dtype=dtype)
    gradient = ours[0].grad
    a = utils.clip_grad_norm_(ours, max_norm, norm_type)
    b = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    assert_same(a, b)
    assert ours[0].grad is gradient
    for p, q in zip(ours[:2], theirs):
        assert_same(p.grad, q.grad)
    assert ours[2].grad is None


@needs_torch
def test_clipping_by_value():
    ours, theirs = network(dark), network(torch)
    utils.clip_grad_value_(ours, 0.7)
    torch.nn.utils.clip_grad_value_(theirs, 0.7)
    for p, q in zip(ours[:2], theirs):
        assert_same(p.grad, q.grad)


def test_clipping_takes_one_tensor_a_generator_or_nothing():
    p = nn.Parameter(dark.ones(4))
    p.grad = dark.ones(4)
    assert utils.clip_grad_norm_(p, 1.0).item() == 2
    np.testing.assert_allclose(p.grad.numpy(), 0.5, rtol=1e-5)
    utils.clip_grad_value_((q for q in [p]), 0.1)
    np.testing.assert_allclose(p.grad.numpy(), 0.1, rtol=1e-6)
    assert utils.clip_grad_norm_([], 1.0).item() == 0
    assert utils.clip_grad_norm_(nn.Linear(2, 2).parameters(), 1.0).item() == 0


@needs_torch
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_norm_that_is_not_finite_raises_where_asked(value):
    ours, theirs = network(dark), network(torch)
    for t, parameters in ((dark, ours), (torch, theirs)):
        parameters[1].grad = t.tensor(value)
    with pytest.raises(RuntimeError, match="clip_grad_norm_: the norm of order 2"):
        utils.clip_grad_norm_(ours, 1.0, error_if_nonfinite=True)
    assert_same(utils.clip_grad_norm_(ours, 1.0), torch.nn.utils.clip_grad_norm_(theirs, 1.0))
    assert_same(ours[0].grad, theirs[0].grad)


@needs_torch
def test_parameters_as_a_vector_and_back():
    ours, theirs = network(dark), network(torch)
    vector, other = utils.parameters_to_vector(ours), torch.nn.utils.parameters_to_vector(theirs)
    assert_same(vector, other)
    (vector * vector).sum().backward()
    assert ours[2].grad is not None

    new = dark.tensor(random_array((15,), seed=3))
    utils.vector_to_parameters(new, ours)
    torch.nn.utils.vector_to_parameters(torch.tensor(new.numpy().copy()), theirs)
    for p, q in zip(ours, theirs):
        assert_same(p, q)
        assert p.is_leaf
        assert p.requires_grad
    with dark.no_grad():
        new.zero_()
    assert (ours[0].detach().numpy() == 0).all()  # the memory is shared


def test_a_vector_that_is_none_or_too_short_is_explained():
    with pytest.raises(TypeError, match="expected a Tensor, got list"):
        utils.vector_to_parameters([1.0], network(dark))
    with pytest.raises(RuntimeError, match="more than 14 elements"):
        utils.vector_to_parameters(dark.zeros(14), network(dark))


SEQUENCES = {
    "numbers": lambda t, *s: t.nn.utils.rnn.pad_sequence(s),
    "batch first": lambda t, *s: t.nn.utils.rnn.pad_sequence(s, True, -1.5),
    "left": lambda t, *s: t.nn.utils.rnn.pad_sequence(s, batch_first=True, padding_side="left"),
    "one": lambda t, *s: t.nn.utils.rnn.pad_sequence(s[:1]),
    "rows of a tensor": lambda t, *s: t.nn.utils.rnn.pad_sequence(s[0]),
}


@needs_torch
@pytest.mark.parametrize("shapes", [[(3,), (1,), (5,)], [(2, 3), (4, 3)], [(1, 2, 2), (0, 2, 2)]], ids=str)
@pytest.mark.parametrize("name", SEQUENCES)
def test_sequences_are_padded(name, shapes):
    if (name, shapes[0]) != ("rows of a tensor", (3,)):  # its rows have no dimension
        check_op(SEQUENCES[name], *map(random_array, shapes))


@needs_torch
def test_padded_sequences_have_the_type_of_the_first():
    for types in (["int64", "int64"], ["bool", "float32"], ["float64", "int64"]):
        ours, theirs = (
            utils_of.rnn.pad_sequence([t.ones(n, dtype=getattr(t, d)) for n, d in zip((2, 3), types)])
            for t, utils_of in ((dark, dark.nn.utils), (torch, torch.nn.utils))
        )
        assert_same(ours, theirs)


@pytest.mark.parametrize(
    ("sequences", "options", "message"),
    [
        ([], {}, "one sequence or more"),
        ([()], {}, "one dimension or more"),
        ([(2, 3), (2, 4)], {}, r"\(2, 3\), \(2, 4\) may differ in their first dimension only"),
        ([(2,)], {"padding_side": "up"}, "padding_side is 'left' or 'right', not 'up'"),
    ],
)
def test_sequences_that_can_not_be_padded(sequences, options, message):
    for t in filter(None, (dark, torch)):
        with pytest.raises(RuntimeError, match=message if t is dark else None):
            t.nn.utils.rnn.pad_sequence([t.ones(shape) for shape in sequences], **options)


@needs_torch
@pytest.mark.parametrize("order", [2, 1, 3.5, float("inf")])
def test_the_norm_of_all_tensors_and_clipping_by_it(order):
    sides = []
    for t in (dark, torch):
        params = [t.tensor(random_array(s), requires_grad=True) for s in ((3, 2), (4,), ())]
        for p in params[:2]:
            p.grad = p.detach() * 3
        total = t.nn.utils.get_total_norm([p.detach() for p in params], order)
        t.nn.utils.clip_grads_with_norm_(params, 1.5, total)
        sides.append([total, [p.grad for p in params[:2]], t.nn.utils.get_total_norm([])])
    assert_same(*sides)
