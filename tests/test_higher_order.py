"""Gradients of gradients: every operation by finite differences, and what they are good for."""  # beyond

import numpy as np
import pytest

import dark
from against_torch import assert_same, needs_torch, torch
from dark import nn
from dark.autograd import functional, gradgradcheck
from op_table import TABLE

SECOND = {row.name: row for row in TABLE if row.second and "f" in row.dtypes}


@pytest.mark.parametrize("name", SECOND)
def test_second_derivatives_of_a_row_are_those_of_finite_differences(name):
    row = SECOND[name]
    for arrays, options in row.cases("float64")[:2]:
        constants = arrays[1:] if hasattr(row.function, "constants") else []
        inputs = [dark.tensor(x) for x in arrays[: len(arrays) - len(constants)]]
        for x in inputs:
            x.requires_grad = x.is_floating_point()

        def function(*xs, options=options, constants=constants):
            results = row.function(dark, *xs, *map(dark.tensor, constants), **options)
            results = results if isinstance(results, (list, tuple)) else [results]
            return tuple(y for y in results if y.requires_grad)

        wanted = [x for x in inputs if x.requires_grad and x.numel()]
        if wanted and function(*inputs) and all(y.numel() for y in function(*inputs)):
            assert gradgradcheck(function, inputs)


LAYERS = {  # a layer, the shape of its input
    "convolution": (lambda: nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), (2, 4, 5, 6)),
    "dilated convolution": (lambda: nn.Conv2d(2, 3, 3, dilation=2, padding="same"), (2, 2, 5, 5)),
    "convolution of sequences": (lambda: nn.Conv1d(2, 3, 3, padding=1, padding_mode="circular"), (2, 2, 6)),
    "transposed convolution": (lambda: nn.ConvTranspose2d(4, 2, 3, 2, 1, 1), (2, 4, 3, 3)),
    "batch norm": (lambda: nn.BatchNorm2d(3), (4, 3, 3, 2)),
    "batch norm in eval": (lambda: nn.BatchNorm2d(3).eval(), (4, 3, 3, 2)),
    "group norm": (lambda: nn.GroupNorm(2, 4), (2, 4, 3)),
    "layer norm": (lambda: nn.LayerNorm(4), (2, 3, 4)),
    "instance norm": (lambda: nn.InstanceNorm2d(2, affine=True), (2, 2, 3, 3)),
    "RMS norm": (lambda: nn.RMSNorm(4), (2, 3, 4)),
    "max-pooling": (lambda: nn.MaxPool2d(3, 2, 1), (2, 2, 6, 5)),
    "average pooling": (lambda: nn.AvgPool2d(3, 2, 1), (2, 2, 6, 5)),
    "adaptive pooling": (lambda: nn.AdaptiveAvgPool2d((2, 3)), (2, 2, 5, 5)),
    "upsampling": (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), (1, 2, 3, 3)),
    "attention": (lambda: Attended(), (3, 2, 4)),
    "transformer": (lambda: nn.TransformerEncoderLayer(4, 2, 5, 0.0, "gelu"), (2, 2, 4)),
    "LSTM": (lambda: First(nn.LSTM(2, 3)), (2, 2, 2)),
}


class Attended(nn.Module):
    """Attention of a sequence to itself."""

    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2)

    def forward(self, x):
        return self.attention(x, x, x)[0]


class First(nn.Module):
    """The first result of a module."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(x)[0]


@pytest.mark.parametrize("name", LAYERS)
def test_second_derivatives_of_a_layer_and_its_parameters(name):
    dark.manual_seed(0)
    make, shape = LAYERS[name]
    layer = make().double()
    x = dark.randn(shape, dtype=dark.float64, requires_grad=True)
    parameters = [p for p in layer.parameters() if p.requires_grad]
    assert gradgradcheck(lambda *_: layer(x), [x, *parameters])


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def hessian_of_rosenbrock(x):
    """By the rules of calculus, by hand."""
    n = len(x)
    h = np.zeros((n, n))
    for i in range(n - 1):
        h[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        h[i, i + 1] = h[i + 1, i] = -400 * x[i]
        h[i + 1, i + 1] += 200
    return h


@pytest.mark.parametrize("point", [[1.0, 1.0], [-1.2, 1.0], [0.3, -0.7, 1.9], list(np.linspace(-2, 2, 7))])
def test_the_hessian_of_rosenbrock(point):
    x = dark.tensor(point, dtype=dark.float64)
    np.testing.assert_allclose(
        functional.hessian(rosenbrock, x).numpy(), hessian_of_rosenbrock(point), rtol=0, atol=1e-8
    )


def test_newtons_method_finds_the_minimum_of_rosenbrock_by_products_with_the_hessian():
    x = dark.tensor([-0.5, 0.5, 0.8], dtype=dark.float64)
    for _ in range(40):
        gradient = functional.jacobian(rosenbrock, x)
        columns = [functional.hvp(rosenbrock, x, e)[1] for e in dark.eye(3, dtype=dark.float64)]
        x = x - dark.tensor(np.linalg.solve(dark.stack(columns).numpy(), gradient.numpy()))
    np.testing.assert_allclose(x.numpy(), np.ones(3), atol=1e-10)


def test_derivatives_of_any_order():
    x = dark.tensor(0.7, dtype=dark.float64, requires_grad=True)
    y, expected = x.sin(), [np.cos(0.7), -np.sin(0.7), -np.cos(0.7), np.sin(0.7), np.cos(0.7)]
    for value in expected:
        (y,) = dark.autograd.grad(y, x, create_graph=True)
        np.testing.assert_allclose(y.item(), value, rtol=1e-14)


def critic(t):
    """A critic of a WGAN: convolutions, leaky ReLUs and a normalisation of each picture."""
    n = t.nn
    return n.Sequential(
        n.Conv2d(3, 8, 4, 2, 1), n.LeakyReLU(0.2),
        n.Conv2d(8, 16, 4, 2, 1), n.GroupNorm(4, 16), n.LeakyReLU(0.2),
        n.Flatten(), n.Linear(16 * 4, 1),
    ).double()  # fmt: skip


def critic_steps(t, state, real, fake, mixing):
    """Three steps of a critic with the gradient penalty (I. Gulrajani et al., 2017): losses and weights."""
    model = critic(t)
    model.load_state_dict({name: t.tensor(x) for name, x in state.items()})
    optimizer = t.optim.Adam(model.parameters(), lr=1e-3, betas=(0.0, 0.9))
    losses = []
    for step in range(3):
        a, b, u = (t.tensor(x[step]) for x in (real, fake, mixing))
        between = (u * a + (1 - u) * b).requires_grad_()
        scores = model(between)
        (slope,) = t.autograd.grad(scores, between, t.ones_like(scores), create_graph=True)
        penalty = ((slope.flatten(1).norm(2, dim=1) - 1) ** 2).mean()
        loss = model(b).mean() - model(a).mean() + 10 * penalty
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return losses, dict(model.state_dict())


@needs_torch
def test_steps_of_a_wgan_with_gradient_penalty_are_pytorchs():
    rng = np.random.default_rng(0)
    real, fake = rng.standard_normal((2, 3, 4, 3, 8, 8))
    mixing = rng.random((3, 4, 1, 1, 1))
    torch.manual_seed(0)
    state = {name: x.numpy().copy() for name, x in critic(torch).state_dict().items()}
    ours, theirs = (critic_steps(t, state, real, fake, mixing) for t in (dark, torch))
    assert_same(ours[0], theirs[0], rtol=1e-12)
    for name in theirs[1]:
        assert_same(ours[1][name], theirs[1][name], rtol=1e-9, atol=1e-12, what=name)


@needs_torch
def test_a_step_of_meta_learning_differentiates_through_the_inner_one():
    def outer_gradient(t):
        weight = t.tensor([[0.5, -0.3], [0.2, 0.8]], dtype=t.float64, requires_grad=True)
        x, y = (t.tensor(a, dtype=t.float64) for a in ([[1.0, 2.0], [0.5, -1.0]], [[1.0, 0.0], [0.0, 1.0]]))
        adapted = weight
        for _ in range(3):
            loss = ((x @ adapted).tanh() - y).pow(2).mean()
            (g,) = t.autograd.grad(loss, adapted, create_graph=True)
            adapted = adapted - 0.1 * g
        ((x @ adapted).tanh() - y).pow(2).mean().backward()
        return weight.grad

    assert_same(outer_gradient(dark), outer_gradient(torch), rtol=1e-12)


@needs_torch
def test_a_network_is_fitted_to_a_differential_equation():
    def gradients(t):  # of the residual of u'' = -u
        net = t.nn.Sequential(t.nn.Linear(1, 5), t.nn.Tanh(), t.nn.Linear(5, 1)).double()
        for p in net.parameters():
            p.data.copy_(t.linspace(-1, 1, p.numel(), dtype=t.float64).reshape(p.shape))
        x = t.linspace(0, 1, 7, dtype=t.float64).reshape(-1, 1).requires_grad_()
        u = net(x)
        (first,) = t.autograd.grad(u.sum(), x, create_graph=True)
        (second,) = t.autograd.grad(first.sum(), x, create_graph=True)
        (second + u).pow(2).mean().backward()
        return [p.grad for p in net.parameters()]

    assert_same(gradients(dark), gradients(torch), rtol=1e-10)
