"""Recurrent networks: they read a sequence element by element, and keep a state."""  # beyond

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any

from ...ops.creation import empty, zeros
from ...ops.joining import cat, stack
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..functional.recurrence import gru_step, lstm_step, relu_step, rnn_step
from ..parameter import Parameter
from .module import Module

STEPS = {"RNN_TANH": rnn_step, "RNN_RELU": relu_step, "LSTM": lstm_step, "GRU": gru_step}
GATES = {"RNN_TANH": 1, "RNN_RELU": 1, "LSTM": 4, "GRU": 3}


class Recurrent(Module):
    """What RNN, LSTM and GRU share: layers of steps through time, each reading what the one before made.

    Shapes: input (L, N, input_size), with `batch_first` (N, L, input_size), or without N; result the same
    with D * H at the end, where D is 2 if `bidirectional` (a second network reads backwards), and H is
    `hidden_size`; the state at the beginning, hx (zeros unless given), and at the end (D * num_layers, N, H).
    `dropout` is between the layers. Of layer k the parameters are weight_ih_lk (gates * H, input),
    weight_hh_lk (gates * H, H), bias_ih_lk and bias_hh_lk; those of the second network end with _reverse.
    """

    def __init__(
        self, mode: str, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, proj_size: int = 0,
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        self._check_options()

        gates, state, directions = GATES[mode] * hidden_size, proj_size or hidden_size, 1 + bidirectional
        for layer in range(num_layers):
            width = input_size if layer == 0 else state * directions
            shapes: dict[str, tuple[int, ...]]
            shapes = {"weight_ih": (gates, width), "weight_hh": (gates, state)}
            if bias:
                shapes |= {"bias_ih": (gates,), "bias_hh": (gates,)}
            if proj_size:
                shapes["weight_hr"] = (proj_size, hidden_size)
            for suffix in ("", "_reverse")[:directions]:
                for name, shape in shapes.items():
                    values = Parameter(empty(shape, device=device, dtype=dtype))
                    self.register_parameter(f"{name}_l{layer}{suffix}", values)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters from U(-1/√hidden_size, 1/√hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def flatten_parameters(self) -> None:
        """Nothing: PyTorch's programs call it for a library that wants all weights in one piece."""

    def forward(self, input: Tensor, hx: Any = None) -> tuple[Tensor, Any]:
        """The results of the last layer, and the states of all layers after the last step."""
        several = self.mode == "LSTM"  # whose state is a pair (h, c)
        batched = input.ndim == 3
        self._check_input(input)
        x = input.transpose(0, 1) if batched and self.batch_first else input
        x = x if batched else x.unsqueeze(1)  # (L, N, input_size)
        before = self._first_state(x) if hx is None else hx if several else (hx,)
        if hx is not None:
            before = tuple(s if batched else s.unsqueeze(1) for s in self._checked(before, x, batched))

        directions, after = 1 + self.bidirectional, []
        for layer in range(self.num_layers):
            results = []
            for direction in range(directions):
                at = layer * directions + direction
                result, last = self._read(x, tuple(s[at] for s in before), layer, direction)
                results.append(result)
                after.append(last)
            x = results[0] if directions == 1 else cat(results, -1)  # (L, N, D * H)
            if self.dropout and layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training)

        states = tuple(map(stack, zip(*after)))  # (D * num_layers, N, H) each
        if not batched:
            x, states = x.squeeze(1), tuple(s.squeeze(1) for s in states)
        x = x.transpose(0, 1) if batched and self.batch_first else x
        return x, states if several else states[0]

    def _read(self, x, state, layer, backwards):
        """One layer in one direction: the results (L, N, H), and the state at the end."""
        suffix = f"_l{layer}{'_reverse' if backwards else ''}"
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        w_ih, w_hh, b_ih, b_hh, w_hr = (self._parameters.get(name + suffix) for name in names)
        step = STEPS[self.mode]
        elements = F.linear(x, w_ih, b_ih).unbind(0)  # for all steps in one product
        results = []
        for element in reversed(elements) if backwards else elements:
            state = step(element, state, w_hh, b_hh)
            if w_hr is not None:
                state = (F.linear(state[0], w_hr), *state[1:])
            results.append(state[0])
        return stack(results[::-1] if backwards else results), state

    def _sizes(self, x):
        """The shapes of the states at the beginning, for x (L, N, input_size)."""
        count, batch = self.num_layers * (1 + self.bidirectional), x.shape[1]
        h, c = (count, batch, self.proj_size or self.hidden_size), (count, batch, self.hidden_size)
        return (h, c) if self.mode == "LSTM" else (h,)

    def _first_state(self, x):
        return tuple(zeros(size, dtype=x.dtype, device=x.device) for size in self._sizes(x))

    def _checked(self, states, x, batched):
        """The states that were given; raises where their shapes are wrong."""
        for state, size in zip(states, self._sizes(x), strict=True):
            size = size if batched else (size[0], size[2])
            if tuple(state.shape) != size:
                name = type(self).__name__
                raise RuntimeError(f"{name}: hx has shape {tuple(state.shape)}, expected {size}")
        return states

    def _check_input(self, x):
        name, shape = type(self).__name__, tuple(x.shape)
        if x.ndim not in (2, 3):
            raise ValueError(f"{name}: expected an input of 3 dimensions, or 2 without a batch, got {shape}")
        if x.shape[-1] != self.input_size:
            raise RuntimeError(f"{name}: input_size is {self.input_size}, and the input's shape {shape}")
        if x.shape[0 if x.ndim == 2 or not self.batch_first else 1] == 0:
            raise RuntimeError(f"{name}: expected a sequence of at least one element, got shape {shape}")
        if x.dtype != self.weight_ih_l0.dtype:
            raise ValueError(f"{name}: the input is {x.dtype}, the weights are {self.weight_ih_l0.dtype}")

    def _check_options(self):
        name, p = type(self).__name__, self.dropout
        for option in ("input_size", "hidden_size"):
            if not isinstance(getattr(self, option), int):
                raise TypeError(f"{name}: {option} is an int, not {getattr(self, option)!r}")
        for option in ("input_size", "hidden_size", "num_layers"):
            if getattr(self, option) <= 0:
                raise ValueError(f"{name}: {option} must be positive, not {getattr(self, option)}")
        if isinstance(p, bool) or not isinstance(p, numbers.Real) or not 0 <= p <= 1:
            raise ValueError(f"{name}: dropout is a probability from 0 to 1, not {p!r}")
        if not 0 <= self.proj_size < self.hidden_size:
            raise ValueError(f"{name}: proj_size {self.proj_size} must be smaller than hidden_size")
        if self.mode not in STEPS:
            raise ValueError(f"{name}: nonlinearity is 'tanh' or 'relu'; there is no mode {self.mode}")
        if p and self.num_layers == 1:
            warnings.warn(f"{name}: dropout is between layers, and there is only one", stacklevel=4)

    def extra_repr(self) -> str:
        usual = {
            "proj_size": 0, "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0,
            "bidirectional": False,
        }  # fmt: skip
        given = {name: getattr(self, name) for name in usual}
        given["dropout"] = float(self.dropout)
        unusual = "".join(f", {name}={given[name]}" for name in usual if given[name] != usual[name])
        return f"{self.input_size}, {self.hidden_size}{unusual}"


class RNN(Recurrent):
    """h = tanh(weight_ih @ x + bias_ih + weight_hh @ h + bias_hh), step by step; or relu of it."""

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, nonlinearity: str = "tanh",
        bias: bool = True, batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            f"RNN_{nonlinearity.upper()}", input_size, hidden_size, num_layers, bias, batch_first, dropout,
            bidirectional, device=device, dtype=dtype,
        )  # fmt: skip
        self.nonlinearity = nonlinearity


class LSTM(Recurrent):
    """Long short-term memory: gates decide what the state takes in, forgets and gives out.

    The gates are in the order in, forget, cell, out; the state is a pair (h, c). With `proj_size` a linear
    map, weight_hr_lk, makes h shorter. Hochreiter and Schmidhuber, Long short-term memory (1997).
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False, proj_size: int = 0,
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            "LSTM", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size,
            device, dtype,
        )  # fmt: skip


class GRU(Recurrent):
    """Gated recurrent unit: fewer gates than an LSTM, in the order reset, update, new, and one state.

    Cho et al., Learning phrase representations using RNN encoder-decoder (2014).
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bias: bool = True,
        batch_first: bool = False, dropout: float = 0.0, bidirectional: bool = False,
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(
            "GRU", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
            device=device, dtype=dtype,
        )  # fmt: skip
