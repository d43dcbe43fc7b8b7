"""Single steps of recurrent networks, for programs that write the loop through time themselves."""  # beyond

from __future__ import annotations

import math
from typing import Any

from ...ops.creation import empty, zeros
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..functional.recurrence import gru_step, lstm_step, relu_step, rnn_step
from ..parameter import Parameter
from .module import Module


class Cell(Module):
    """What the cells share: weights (chunks * H, input_size) and (chunks * H, H), and two biases.

    Shapes: input (N, input_size), states (N, H), where H is `hidden_size`; or all of them without N.
    """

    weight_ih: Any
    weight_hh: Any
    bias_ih: Any
    bias_hh: Any

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, num_chunks: int, device: Any = None,
        dtype: Any = None,
    ):  # fmt: skip
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = num_chunks * hidden_size
        for name, width in (("weight_ih", input_size), ("weight_hh", hidden_size)):
            self.register_parameter(name, Parameter(empty(rows, width, device=device, dtype=dtype)))
        for name in ("bias_ih", "bias_hh"):
            values = Parameter(empty(rows, device=device, dtype=dtype)) if bias else None
            self.register_parameter(name, values)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters from U(-1/√hidden_size, 1/√hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}{'' if self.bias else ', bias=False'}"

    def _next(self, step, input, states):
        """The states after `step`; states that are None are zeros."""
        name = type(self).__name__
        size = (*input.shape[:-1], self.hidden_size)
        if input.ndim not in (1, 2):
            raise ValueError(f"{name}: expected an input of 2 dimensions, or 1, got {tuple(input.shape)}")
        if any(s is not None and s.ndim not in (1, 2) for s in states):
            raise ValueError(f"{name}: expected a state of shape {size}")
        if any(s is not None and tuple(s.shape) != size for s in states):
            shapes = [tuple(s.shape) for s in states]
            raise RuntimeError(f"{name}: expected a state of shape {size}, got {shapes}")
        states = [zeros(size, dtype=input.dtype, device=input.device) if s is None else s for s in states]
        return step(F.linear(input, self.weight_ih, self.bias_ih), states, self.weight_hh, self.bias_hh)


class RNNCell(Cell):
    """tanh(weight_ih @ input + bias_ih + weight_hh @ hx + bias_hh); or relu of it."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh",
        device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The next state."""
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"RNNCell: nonlinearity is 'tanh' or 'relu', not {self.nonlinearity!r}")
        return self._next(rnn_step if self.nonlinearity == "tanh" else relu_step, input, [hx])[0]

    def extra_repr(self) -> str:
        unusual = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity}"
        return super().extra_repr() + unusual


class LSTMCell(Cell):
    """One step of an `LSTM`."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """The next states, (h, c)."""
        return self._next(lstm_step, input, hx or (None, None))


class GRUCell(Cell):
    """One step of a `GRU`."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """The next state."""
        return self._next(gru_step, input, [hx])[0]
