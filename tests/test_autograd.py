"""The engine: what is recorded, the walk back, and everything a user can ask of it."""

import copy
import gc
import threading
import weakref

import numpy as np
import pytest

import dark
from against_torch import assert_same, needs_torch, torch
from dark.autograd import grad, gradcheck
from dark.autograd.operation import op


def leaf(*values, dtype=None):
    return dark.tensor(values if len(values) > 1 else values[0], dtype=dtype, requires_grad=True)


# Backward


def test_gradients_add_up_where_a_tensor_is_used_twice():
    x = leaf(3.0)
    (x * x + x).backward()
    assert x.grad.item() == 7


def test_grad_accumulates_over_calls_in_the_same_tensor():
    x = leaf(3.0)
    (x * 2).backward()
    first = x.grad
    (x * 2).backward()
    assert x.grad is first
    assert x.grad.item() == 4


def test_a_leaf_owns_its_gradient():
    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (a + b).sum().backward()
    a.grad.mul_(10)
    assert b.grad.tolist() == [1, 1]


def test_the_given_gradient_is_not_shared_with_the_leaf():
    x, g = leaf(1.0, 2.0), dark.tensor([1.0, 1.0])
    x.backward(g)
    x.grad.add_(5)
    assert g.tolist() == [1, 1]


def test_backward_needs_a_scalar_or_a_gradient():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match=r"scalar outputs, not for \(2,\)"):
        (x * x).backward()
    with pytest.raises(RuntimeError, match=r"a gradient of shape \(3,\)"):
        (x * x).backward(dark.ones(3))


def test_backward_of_what_was_not_recorded_raises():
    with pytest.raises(RuntimeError, match="does not require grad"):
        dark.tensor(1.0).backward()


def test_second_backward_raises_unless_the_graph_is_retained():
    x = leaf(3.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 12
    with pytest.raises(RuntimeError, match=r"second time.*retain_graph=True"):
        y.backward()


def test_a_chain_of_300_000_operations():
    x = leaf(1.0)
    y = x
    for _ in range(300_000):
        y = y + 1e-9
    y.backward()
    assert x.grad.item() == 1
    del y  # freeing a long chain must not overflow the stack either


def test_twenty_two_diamonds_take_one_walk():
    x = leaf(1.0)
    y = x
    for _ in range(22):
        y = y * 0.5 + y * 0.5
    y.backward()
    assert x.grad.item() == 1


def test_backward_for_some_inputs_leaves_the_others_alone():
    x, y = leaf(2.0), leaf(3.0)
    (x * y).backward(inputs=[x])
    assert x.grad.item() == 3
    assert y.grad is None


def test_constants_get_no_gradient_and_their_gradient_is_not_computed():
    def unwanted(g):
        raise AssertionError("the gradient of a constant was computed")

    @op
    def product(x, y):
        return x * y, lambda g: g * y, unwanted

    x, constant = leaf(2.0), dark.tensor(3.0)
    product(x, constant).backward()
    assert constant.grad is None
    assert x.grad.item() == 3


def test_activations_are_freed_as_backward_passes():
    x = leaf(*np.ones(4).tolist())
    y = x * 2
    array = weakref.ref(y.array)
    z = (y * y).sum()
    del y
    assert array() is not None
    z.backward()
    gc.collect()
    assert array() is None


def test_a_tensor_that_no_gradient_needs_is_not_kept():
    x = leaf(1.0, 2.0)
    y = x + 1
    array = weakref.ref(y.array)
    z = y + 1
    del y
    assert array() is None
    z.sum().backward()


def test_what_only_the_gradient_of_a_constant_would_need_is_not_kept():
    w = dark.ones(3)  # wants no gradient, so its gradient's factor x is not needed
    x = leaf(1.0, 2.0, 3.0)
    h = x * 2
    array = weakref.ref(h.array)
    y = (h * w).sum()
    del h
    assert array() is None
    y.backward()
    assert x.grad.tolist() == [2, 2, 2]


def test_no_reference_cycles():
    gc.collect()
    gc.disable()
    try:
        x = leaf(1.0, 2.0)
        y = (x * x).sum()
        alive = weakref.ref(y)
        del y
        assert alive() is None
    finally:
        gc.enable()


def test_the_gradient_has_the_type_of_its_tensor():
    x = leaf(1.0, 2.0)
    y = dark.tensor(np.array([2.0, 3.0]))
    (x * y).sum().backward()
    assert x.grad.dtype is dark.float32


# The graph


def test_grad_fn_and_next_functions():
    x, w = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y = x * w + 1
    assert repr(y.grad_fn) == "<AddBackward0>"
    (mul, position), (constant, _) = y.grad_fn.next_functions
    assert (mul.name(), position, constant) == ("MulBackward0", 0, None)
    assert [f.name() for f, _ in mul.next_functions] == ["AccumulateGrad", "AccumulateGrad"]
    assert mul.next_functions[0][0].variable is x
    assert (x.is_leaf, y.is_leaf, x.grad_fn) == (True, False, None)


def test_requires_grad_follows_the_inputs():
    x = leaf(1.0)
    assert (x * 2).requires_grad
    assert not (dark.tensor(1.0) * 2).requires_grad
    assert not (x > 0).requires_grad


def test_requires_grad_is_for_floating_point_leaves():
    with pytest.raises(RuntimeError, match="floating-point"):
        dark.tensor([1, 2], requires_grad=True)
    y = leaf(1.0) * 2
    with pytest.raises(RuntimeError, match="leaf"):
        y.requires_grad = False


def test_detach_shares_memory_and_stops_gradients():
    x = leaf(1.0, 2.0)
    y = (x * 2).detach()
    assert not y.requires_grad
    (x * y).sum().backward()
    assert x.grad.tolist() == [2, 4]


# Switches


def test_no_grad_enable_grad_and_inference_mode():
    x = leaf(1.0)
    with dark.no_grad():
        assert not (x * 2).requires_grad
        with dark.enable_grad():
            assert (x * 2).requires_grad
        assert not dark.is_grad_enabled()
    with dark.inference_mode():
        assert not (x * 2).requires_grad
        assert dark.is_inference_mode_enabled()
    assert (x * 2).requires_grad


def test_no_grad_as_a_decorator_and_after_an_error():
    @dark.no_grad()
    def doubled(x):
        return x * 2

    assert not doubled(leaf(1.0)).requires_grad
    with pytest.raises(ZeroDivisionError), dark.no_grad():
        _ = 1 / 0
    assert dark.is_grad_enabled()


def test_set_grad_enabled_as_function_and_context():
    with dark.set_grad_enabled(False):
        assert not dark.is_grad_enabled()
    assert dark.is_grad_enabled()
    dark.set_grad_enabled(False)
    assert not dark.is_grad_enabled()
    dark.set_grad_enabled(True)


def test_no_grad_in_one_thread_leaves_others_recording():
    seen = []
    with dark.no_grad():
        thread = threading.Thread(target=lambda: seen.append(dark.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_a_decorated_function_can_run_in_two_threads_at_once():
    both_inside = threading.Barrier(2)
    after = []

    @dark.no_grad()
    def wait():
        both_inside.wait()

    def work():
        wait()
        after.append(dark.is_grad_enabled())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert after == [True, True]


# Hooks


def test_hooks_see_and_replace_gradients():
    x = leaf(1.0, 2.0)
    y = x * 2
    seen = []
    x.register_hook(lambda g: seen.append(("x", g.tolist())))
    handle = y.register_hook(lambda g: g * 10)
    y.sum().backward(retain_graph=True)
    assert seen == [("x", [20, 20])]
    handle.remove()
    x.grad = None
    y.sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_retain_grad_keeps_the_gradient_after_all_hooks():
    x = leaf(1.0, 2.0)
    y = x * 2
    y.retain_grad()
    y.register_hook(lambda g: g * 10)
    (y * y).sum().backward()
    assert y.grad.tolist() == [40, 80]
    assert y.retains_grad
    assert x.grad.tolist() == [80, 160]


# autograd.grad and higher derivatives


def test_grad_returns_gradients_and_stores_none():
    x, y = leaf(2.0), leaf(3.0)
    gx, gy = grad(x * y, [x, y])
    assert (gx.item(), gy.item(), x.grad) == (3, 2, None)


def test_grad_of_an_intermediate_tensor():
    x = leaf(2.0)
    h = x * x
    gh, gx = grad(h * h, [h, x])
    assert (gh.item(), gx.item()) == (8, 32)


def test_grad_of_what_is_not_in_the_graph():
    x, y = leaf(2.0), leaf(3.0)
    with pytest.raises(RuntimeError, match="allow_unused"):
        grad(x * x, y)
    assert grad(x * x, y, allow_unused=True) == (None,)
    assert grad(x * x, y, materialize_grads=True)[0].item() == 0


def test_third_derivative():
    x = dark.tensor(np.array([1.0, 2.0]), requires_grad=True)
    y = x * x * x * x
    for expected in ([4, 32], [12, 48], [24, 48]):
        (y,) = grad(y.sum(), x, create_graph=True)
        np.testing.assert_allclose(y.detach(), expected)


def test_gradient_penalty_reaches_the_weights():
    w, x = leaf(2.0, 3.0), leaf(1.0, -1.0)
    (gx,) = grad(((w * x) ** 2).sum(), x, create_graph=True)  # 2 w² x
    (gx * gx).sum().backward()  # d/dw (2 w² x)² = 16 w³ x²
    np.testing.assert_allclose(w.grad, [128, 432])


def test_backward_with_create_graph_gives_a_gradient_with_a_history():
    x = leaf(3.0)
    (x * x * x).backward(create_graph=True)
    assert x.grad.requires_grad
    (second,) = grad(x.grad, x)
    assert second.item() == 18


@pytest.mark.parametrize(("returned", "kind"), [("text", TypeError), (dark.ones(2), RuntimeError)])
def test_a_hook_that_returns_no_gradient_of_this_shape_is_refused(returned, kind):
    for x in (leaf(1.0, 2.0, 3.0), leaf(1.0, 2.0, 3.0) * 2):
        x.register_hook(lambda g: returned)
        with pytest.raises(kind, match="a hook"):
            x.sum().backward()


# Checks


def test_gradcheck_finds_a_wrong_gradient():
    @op
    def wrong(x):
        return x * 2, lambda g: g * 3

    x = dark.tensor(np.array([1.0, 2.0]), requires_grad=True)
    with pytest.raises(RuntimeError, match="finite differences say"):
        gradcheck(wrong, x)
    assert not gradcheck(wrong, x, raise_exception=False)


def test_gradcheck_leaves_its_inputs_as_they_were():
    x = dark.tensor(np.array([1.0, 2.0]), requires_grad=True)
    gradcheck(lambda x: x * x, x)
    assert x.tolist() == [1, 2]
    assert x.grad is None


def test_anomaly_detection_names_the_operation_and_its_line():
    x = leaf(0.0)
    with dark.autograd.detect_anomaly(), np.errstate(all="ignore"):
        y = (x * 0) / x  # the line to be named
        with pytest.raises(RuntimeError, match=r"DivBackward0 .*NaN(?s:.*)autograd.py.*to be named"):
            y.backward()


# Changes in place


def test_a_leaf_that_requires_grad_changes_only_under_no_grad():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match=r"add_: a leaf tensor that requires grad.*no_grad"):
        x += 1
    with dark.no_grad():
        x += 1
    assert x.tolist() == [2, 3]


def test_a_computed_tensor_is_not_changed_while_recording():
    y = leaf(1.0, 2.0) * 2
    with pytest.raises(RuntimeError, match=r"mul_: a tensor that gradients flow through.*x = x \+ y"):
        y.mul_(2)


def test_recorded_values_are_not_lost_in_a_plain_tensor():
    total = dark.zeros(2)
    with pytest.raises(RuntimeError, match=r"add_: the new values require grad"):
        total += leaf(1.0, 2.0)


THROUGH = [lambda t: t, lambda t: t.detach(), lambda t: t.view(2, 1), lambda t: t[0]]


@pytest.mark.parametrize("through", THROUGH)
def test_a_change_between_forward_and_backward_is_noticed(through):
    x, constant = leaf(1.0, 2.0), dark.tensor([3.0, 4.0])
    y = (x * constant).sum()
    through(constant).zero_()
    with pytest.raises(RuntimeError, match=r"MulBackward0 needs .* changed by an in-place operation"):
        y.backward()


def test_in_place_results_keep_the_type():
    x = dark.tensor([1, 2])
    with pytest.raises(RuntimeError, match=r"add_: a result of dark.float32 can't be cast"):
        x += 0.5
    x += 1
    assert x.tolist() == [2, 3]


def test_in_place_shape_mismatch():
    with pytest.raises(RuntimeError, match=r"add_"):
        dark.zeros(3).add_(dark.zeros(2, 3))


def test_data_bypasses_the_checks():
    x = leaf(1.0, 2.0)
    x.data.mul_(2)
    x.data = x.data + 1
    assert x.tolist() == [3, 5]
    assert x.requires_grad


# Copies and protocols


def test_deepcopy_of_a_leaf_is_a_leaf_with_its_gradient():
    x = leaf(1.0, 2.0)
    (x * x).sum().backward()
    y = copy.deepcopy(x)
    assert y.is_leaf
    assert y.requires_grad
    assert y.grad.tolist() == [2, 4]
    y.grad.zero_()
    assert x.grad.tolist() == [2, 4]


def test_deepcopy_of_a_computed_tensor_raises():
    with pytest.raises(RuntimeError, match="leaf"):
        copy.deepcopy(leaf(1.0) * 2)


def test_numpy_functions_on_tensors_are_recorded():
    x = dark.tensor(np.array([0.5, 1.5]), requires_grad=True)
    assert gradcheck(lambda x: np.exp(x) * np.where(x.detach() > 1, x, 2 * x), x)
    assert isinstance(np.arange(2.0) * x, dark.Tensor)
    assert np.asarray(x.detach()).tolist() == [0.5, 1.5]
    with pytest.raises(RuntimeError, match="detach"):
        np.asarray(x)


def test_numpy_scalars_do_not_upcast():
    assert (dark.tensor([1.0]) * np.float64(2)).dtype is dark.float32
    assert (np.float64(2) * dark.tensor([1.0])).dtype is dark.float32


def test_dlpack_shares_memory():
    x = dark.tensor([1.0, 2.0])
    array = np.from_dlpack(x)
    array[0] = 5
    assert x[0].item() == 5
    with pytest.raises(BufferError, match="detach"):
        np.from_dlpack(leaf(1.0, 2.0))


@needs_torch
def test_dlpack_to_and_from_torch():
    x = dark.tensor([1.0, 2.0])
    assert torch.from_dlpack(x).tolist() == [1, 2]
    assert dark.from_dlpack(torch.tensor([3.0])).tolist() == [3]


@needs_torch
def test_a_small_network_trains_like_torch():
    def losses(t):
        w1 = t.tensor(np.linspace(-1, 1, 12).reshape(3, 4), requires_grad=True)
        w2 = t.tensor(np.linspace(1, -0.5, 4).reshape(4, 1), requires_grad=True)
        x = t.tensor(np.sin(np.arange(15.0)).reshape(5, 3))
        result = []
        for _ in range(20):
            loss = (((x @ w1).tanh() @ w2).sigmoid() - 0.3).pow(2).mean()
            loss.backward()
            with t.no_grad():
                for w in (w1, w2):
                    w -= 0.5 * w.grad
                    w.grad = None
            result.append(loss.item())
        return result

    np.testing.assert_allclose(losses(dark), losses(torch), rtol=1e-12)


def test_several_outputs_need_no_gradients_of_their_own():
    x = leaf(1.0, 2.0)
    (gradient,) = grad([(x * x).sum(), x.sum()], x)
    assert gradient.tolist() == [3, 5]


def test_one_tensor_may_stand_for_a_list_of_one():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    dark.autograd.backward((x * y).sum())
    dark.autograd.backward(x * y, dark.tensor([1.0, 10.0]))
    (x * y).sum().backward(inputs=x)
    assert x.grad.tolist() == [9, 48]
    assert y.grad.tolist() == [2, 22]


def test_a_computed_tensors_gradient_adds_up_in_memory_of_its_own():
    y = leaf(1.0, 2.0) * 2
    gradient = dark.ones(2)
    y.backward(gradient, inputs=y, retain_graph=True)
    y.sum().backward(inputs=y)
    assert y.grad.tolist() == [2, 2]
    assert gradient.tolist() == [1, 1]


def test_gradients_and_outputs_that_do_not_match_are_refused():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match="backward: 1 gradients for 2 tensors"):
        grad([x.sum(), x.sum()], x, dark.ones(()))
    with pytest.raises(RuntimeError, match="backward: inputs is empty"):
        x.sum().backward(inputs=[])


@pytest.mark.parametrize(("call", "message"), [
    (lambda x: dark.mm([[1.0]], x), "mm: expected a Tensor, got list"),
    (lambda x: x.mm(None), "mm: expected a Tensor, got NoneType"),
    (lambda x: dark.bmm(x, [1.0]), "bmm: expected a Tensor, got list"),
    (lambda x: dark.mv(x, vec=[1.0]), "mv: expected a Tensor, got list"),
    (lambda x: dark.dot([1.0], x), "dot: expected a Tensor, got list"),
    (lambda x: dark.outer([1.0], x), "outer: expected a Tensor, got list"),
    (lambda x: dark.einsum("ij,jk->ik", x, [[1.0]]), "einsum: expected a Tensor, got list"),
    (lambda x: dark.einsum("i", [1.0]), "einsum: expected a Tensor, got float"),
    (lambda x: dark.topk([1.0], 1), "topk: expected a Tensor, got list"),
    (lambda x: dark.flatten([1.0]), "flatten: expected a Tensor, got list"),
    (lambda x: dark.equal(x, [1.0]), "equal: expected a Tensor, got list"),
    (lambda x: dark.zeros_like([1.0]), "zeros_like: expected a Tensor, got list"),
    (lambda x: dark.full_like(1.0, 2.0), "full_like: expected a Tensor, got float"),
    (lambda x: dark.nonzero(np.ones(2)), "nonzero: expected a Tensor, got ndarray"),
    (lambda x: dark.multinomial([1.0], 1), "multinomial: expected a Tensor, got list"),
    (lambda x: dark.where([True]), "where: expected a Tensor, got list"),
    (lambda x: dark.atleast_2d(x, 3), "atleast_2d: expected a Tensor, got int"),
    (lambda x: x.expand_as([1.0]), "expand_as: expected a Tensor, got list"),
    (lambda x: dark.nn.functional.bilinear([1.0], x, x), "bilinear: expected a Tensor, got list"),
    (lambda x: dark.nn.functional.mse_loss([1.0], x), "mse_loss: expected a Tensor, got list"),
    (lambda x: dark.nn.functional.softmax([1.0], 0), "softmax: expected a Tensor, got list"),
])  # fmt: skip
def test_plain_functions_name_what_is_no_tensor(call, message):
    with pytest.raises(TypeError, match=f"^{message}$"):
        call(dark.ones(2, 2))


def test_an_attribute_error_of_the_users_own_code_stays_one():
    x = leaf(2.0)
    x.register_hook(lambda gradient: gradient.no_such_attribute)
    with pytest.raises(AttributeError, match="no_such_attribute"):
        (x * x).backward()


def test_errors_name_the_operation_and_the_shapes():
    with pytest.raises(RuntimeError, match=r"mul: .*\(2, 3\), \(4,\)"):
        dark.ones(2, 3) * dark.ones(4)
    with pytest.raises(TypeError, match="add: expected a Tensor, got str"):
        dark.ones(2) + "text"
    with pytest.raises(TypeError, match="sub: expected a Tensor, got NoneType"):
        None - dark.ones(2)
    with pytest.raises(TypeError, match="bitwise_and: expected a number or a Tensor, got list"):
        dark.bitwise_and(dark.ones(2), ["a"])
    with pytest.raises(TypeError, match="exp: expected a Tensor"):
        dark.exp(2.0)
    with pytest.raises(TypeError, match="linear: expected a Tensor, got list"):
        dark.nn.functional.linear([1, 2, 3], dark.ones(4, 3))
    with pytest.raises(TypeError, match=r"only an integer tensor of one element.*int64 \(2,\)"):
        [1, 2, 3][dark.tensor([1, 2])]


def test_same_result_as_torch_for_mixed_number_types():
    if torch is None:
        pytest.skip("PyTorch is not installed: nothing to compare with")
    for value in (True, 3, 2.5):
        for dtype in ("bool", "uint8", "int64", "float32", "float64"):
            x = np.ones(2, dtype)
            assert_same(dark.tensor(x) * value, torch.tensor(x) * value)


def test_a_result_that_was_changed_in_place_is_not_computed_again():
    x = dark.tensor(2.0, requires_grad=True)
    y = x * 3
    with dark.no_grad():
        y += 1
    assert dark.autograd.grad((y * y).sum(), x, retain_graph=True)[0].item() == 42
    with pytest.raises(RuntimeError, match="MulBackward0 again, whose result has been changed in place"):
        dark.autograd.grad((y * y).sum(), x, create_graph=True)
