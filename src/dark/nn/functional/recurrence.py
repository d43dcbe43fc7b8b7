"""One step of a recurrent network: from the state before an element to the state after it."""  # beyond

from ...ops.exponential import sigmoid
from ...ops.piecewise import relu
from ...ops.trigonometry import tanh
from .linear import linear


def rnn_step(x, state, weight, bias, activation=tanh):
    """h = tanh(x + weight @ h + bias), where x is what the input adds, its bias included.

    Shapes here and below: x (N, gates * H), every state (N, H), weight (gates * H, H), bias (gates * H,).
    Elman, Finding structure in time (1990).
    """
    (h,) = state
    return (activation(x + linear(h, weight, bias)),)


def relu_step(x, state, weight, bias):
    """`rnn_step` with relu."""
    return rnn_step(x, state, weight, bias, relu)


def lstm_step(x, state, weight, bias):
    """Long short-term memory: what is remembered, c, changes only as far as the gates are open.

    c = forget * c + take * tanh(new) and h = give * tanh(c), with the gates' sigmoids from x and h.
    Hochreiter and Schmidhuber, Long short-term memory (1997); Gers et al., Learning to forget (2000).
    """
    h, c = state
    take, forget, new, give = (x + linear(h, weight, bias)).chunk(4, -1)
    c = sigmoid(forget) * c + sigmoid(take) * tanh(new)
    return sigmoid(give) * tanh(c), c


def gru_step(x, state, weight, bias):
    """Gated recurrent unit: h = keep * h + (1 - keep) * tanh(new), where new sees `reset` times h.

    Cho et al., Learning phrase representations using RNN encoder-decoder (2014).
    """
    (h,) = state
    from_input, from_state = x.chunk(3, -1), linear(h, weight, bias).chunk(3, -1)
    reset, keep = (sigmoid(a + b) for a, b in zip(from_input[:2], from_state[:2]))
    new = tanh(from_input[2] + reset * from_state[2])
    return (new + keep * (h - new),)
