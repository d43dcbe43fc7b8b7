"""Work on a card that is not the current one: the stand-in for CuPy has two."""  # beyond

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent

PROGRAM = """
import standin

standin.install(devices=2)

import dark
from dark import nn
from dark.nn import functional as F

second = dark.device("cuda:1")
x = dark.arange(12.0, device=second).reshape(3, 4)
index = dark.tensor([[0], [2], [1]], device=second)

COMPUTED = {
    "exp": lambda a: (a / 9).exp(),
    "matmul": lambda a: (a @ a.T).softmax(1),
    "gather": lambda a: a.gather(1, index),
    "scatter": lambda a: a.scatter(1, index, 0.0),
    "scatter_add": lambda a: a.scatter_add(1, index, a),
    "take_along_dim": lambda a: dark.take_along_dim(a, index, 1),
    "cross_entropy": lambda a: F.cross_entropy(a, index[:, 0]),
    "nll_loss": lambda a: F.nll_loss(a.log_softmax(1), index[:, 0]),
    "binary_cross_entropy": lambda a: F.binary_cross_entropy(a.sigmoid(), (a > 2).float()),
    "conv2d": lambda a: F.max_pool2d(F.conv2d(a[None, None], x[:2, :2][None, None]), 2),
}
for name, function in COMPUTED.items():
    a = x.clone().requires_grad_()
    y = function(a)
    (g,) = dark.autograd.grad(y.pow(2).sum(), a, create_graph=True)
    (h,) = dark.autograd.grad((g * g).sum(), a)
    assert y.device == g.device == h.device == second, name
    assert h.array.device.id == 1, name

assert dark.equal(x, x.clone()) and dark.allclose(x, x + 1e-9)
assert dark.searchsorted(x[0], x[1]).device == second
copy = dark.tensor(x, dtype=dark.float64)
assert (copy.device, copy.dtype) == (second, dark.float64)
with dark.cuda.device(1):
    assert dark.arange(3.0, device="cuda:0").to("cuda").device == dark.zeros(1).cuda().device == second
assert x.cuda().device == dark.device("cuda:0")  # the current one

first = nn.Linear(4, 2).to("cuda:0")  # a network in two parts
last = nn.Linear(2, 2).to(second)
weight = dark.ones(2, device="cuda:0", requires_grad=True)  # used by both
hidden = first(x.to("cuda:0")) * weight
(last(hidden.to(second)) * weight.to(second)).sum().backward()
assert first.weight.grad.device == weight.grad.device == dark.device("cuda:0")
assert last.weight.grad.device == second
try:
    F.cross_entropy(x, index[:, 0] + 9)
except IndexError as error:
    assert "target has class 9, input has 4" in str(error), error
"""


def test_what_is_computed_on_the_second_card_stays_there():
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=TESTS.parent, capture_output=True, text=True, timeout=120,
        encoding="utf-8", env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
