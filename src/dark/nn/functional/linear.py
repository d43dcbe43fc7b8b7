"""Linear maps: what every dense layer computes."""

import math

from ... import kernels
from ...autograd.operation import op
from ...dtypes import as_dtype
from ...tensor import of_tensors  # beyond


@op
def linear(input, weight, bias=None):
    """input @ weight.T + bias, over the last dimension of `input`.

    Shapes: input (*, in), weight (out, in), bias (out,), result (*, out). However many dimensions the
    input has, each of the three products is a single one of two matrices.
    """
    check_shapes(input, weight, bias)
    outputs, inputs = weight.shape
    rows = math.prod(input.shape[:-1])
    x = input.reshape((rows, inputs))
    product = kernels.of(x, weight).matmul
    y = product(x, weight.T)
    if bias is not None:
        y = y + bias

    def matrix(g):
        return g.reshape((rows, outputs))

    return (
        y.reshape((*input.shape[:-1], outputs)),
        lambda g: product(matrix(g), weight).reshape(input.shape),
        lambda g: product(matrix(g).T, x),
        lambda g: matrix(g).sum(axis=0),
    )


def check_shapes(input, weight, bias):
    """Raise where the inputs of `linear` do not fit together."""
    shapes = f"(input {tuple(input.shape)}, weight {tuple(weight.shape)})"
    if weight.ndim != 2 or input.ndim == 0:
        raise RuntimeError(f"linear: expected input (*, in) and weight (out, in) {shapes}")
    if input.shape[-1] != weight.shape[1]:
        raise RuntimeError(
            f"linear: input has {input.shape[-1]} features, weight expects {weight.shape[1]} {shapes}"
        )
    if bias is not None and tuple(bias.shape) not in ((weight.shape[0],), (1,), ()):
        raise RuntimeError(f"linear: bias {tuple(bias.shape)} for {weight.shape[0]} outputs {shapes}")
    given = {"input": input, "weight": weight, "bias": weight if bias is None else bias}
    types = {name: as_dtype(x.dtype).name for name, x in given.items()}  # some may be arrays, some tensors
    if len(set(types.values())) > 1:
        named = ", ".join(f"{name} {type}" for name, type in types.items())
        raise RuntimeError(f"linear: all must have the same dtype ({named}); convert one with .to()")


@of_tensors
def bilinear(input1, input2, weight, bias=None):  # beyond
    """For every output k: input1 @ weight[k] @ input2 + bias[k].

    Shapes: input1 (*, in1), input2 (*, in2), weight (out, in1, in2), bias (out,), result (*, out).
    """
    if weight.ndim != 3 or input1.shape[-1:] != weight.shape[1:2] or input2.shape[-1:] != weight.shape[2:]:
        raise RuntimeError(
            f"bilinear: expected input1 (*, in1), input2 (*, in2) and weight (out, in1, in2), "
            f"not {tuple(input1.shape)}, {tuple(input2.shape)} and {tuple(weight.shape)}"
        )
    if input1.shape[:-1] != input2.shape[:-1]:
        raise RuntimeError(
            "bilinear: the inputs differ in more than the last dimension: "
            f"{tuple(input1.shape)} and {tuple(input2.shape)}"
        )
    outputs, in1, in2 = weight.shape
    half = linear(input1, weight.permute(0, 2, 1).reshape(outputs * in2, in1))
    half = half.reshape(*input1.shape[:-1], outputs, in2)
    y = (half * input2.unsqueeze(-2)).sum(-1)
    return y if bias is None else y + bias
