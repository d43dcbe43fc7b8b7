"""The graph of ONNX nodes, as translations write it."""  # beyond

import math
from functools import partial

import numpy as np

from .runs import Changing, Size, Stretched


class Value:
    """A tensor of the file: its name, and what is known of it. `array` has the numbers of the first run."""

    def __init__(self, name: str, array: np.ndarray, shape: tuple):
        self.name, self.array, self.shape = name, array, shape
        self.dtype, self.ndim = array.dtype, array.ndim


class Graph:
    """Nodes and constants. `graph.Relu(x)` adds a node and returns the name of its result.

    What a node takes is a Value, the name of another node's result, an array, which becomes a constant, or
    None for an input that is left out.
    """

    def __init__(self, axes: dict[str, tuple[str, int]]):
        self.onnx = onnx_package()
        self.axes = axes  # of every dynamic axis an input and the dimension in which it has it
        self.nodes: list = []
        self.initializers: list = []
        self.names: set[str] = set()
        self.cached: dict = {}  # small constants and sizes, by what they are
        self.layer, self.call, self.result = "", "", None  # of what is being translated: layer, name, result

    def __getattr__(self, kind):
        if not kind[0].isupper():
            raise AttributeError(kind)
        return partial(self.node, kind)

    def node(self, kind, *inputs, outputs=1, **attributes):
        """Add a node; returns the name of its result, or the names of its results."""
        names = [self.named(x) for x in inputs]
        while names and not names[-1]:
            names.pop()
        name = self.unique("/".join(["", *self.layer.split("."), kind]).replace("//", "/"))
        results = [self.unique(f"{name}_output_{i}") for i in range(outputs)]
        attributes = {key: x for key, x in attributes.items() if x is not None}
        self.nodes.append(self.onnx.helper.make_node(kind, names, results, name, **attributes))
        return results[0] if outputs == 1 else results

    def named(self, x):
        """The name of what a node takes."""
        if x is None or isinstance(x, str):
            return x or ""
        if isinstance(x, Value):
            return x.name
        if isinstance(x, Stretched):
            return self.Expand(x.core, self.sizes(x.shape))
        if isinstance(x, Changing):
            raise ValueError(
                "one of its tensors is not computed from the input by Dark's operations, and yet it is not "
                "the same for other inputs: it is random, or made from numbers that left the tensors"
            )
        return self.constant(np.asarray(x))

    def constant(self, array, name=None):
        """The name of a constant."""
        key = (array.dtype, array.shape, array.tobytes()) if array.size <= 64 and name is None else None
        if key in self.cached:
            return self.cached[key]
        name = self.unique("constant") if name is None else name
        self.initializers.append(self.onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        self.initializers[-1].dims[:] = array.shape  # ascontiguousarray makes 0 dimensions 1
        if key is not None:
            self.cached[key] = name
        return name

    def unique(self, name):
        """The name, or one that begins with it."""
        found, count = name, 0
        while found in self.names:
            count += 1
            found = f"{name}_{count}"
        self.names.add(found)
        return found

    def rename(self, old, new):
        """Give a node's result another name."""
        for node in self.nodes:
            for names in (node.input, node.output):
                for i, name in enumerate(names):
                    if name == old:
                        names[i] = new

    def cast(self, x, dtype):
        """A tensor, a constant or a number, as one of the NumPy type `dtype`."""
        dtype = np.dtype(dtype)
        if isinstance(x, Size):
            x = self.Squeeze(self.sizes([x]), self.ints([0]))
            return x if dtype == np.int64 else self.Cast(x, to=self.code(dtype))
        if isinstance(x, Stretched):
            return Stretched(x.shape, x.core.astype(dtype))
        if isinstance(x, Value):
            return x if x.dtype == dtype else self.Cast(x, to=self.code(dtype))
        if isinstance(x, Changing):
            raise ValueError("a number that it takes depends on the input, or is random")
        return np.asarray(x).astype(dtype)

    def code(self, dtype):
        """ONNX's number for a NumPy type."""
        return self.onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))

    def ints(self, numbers):
        """A constant of int64 in one dimension."""
        return np.asarray(list(numbers), np.int64).reshape(-1)

    # Sizes, which may follow the dynamic axes.

    def sizes(self, lengths):
        """A tensor of int64 of these lengths."""
        if not any(isinstance(n, Size) for n in lengths):
            return self.ints(lengths)
        parts = [self.size(n) if isinstance(n, Size) else self.ints([n]) for n in lengths]
        return self.Concat(*parts, axis=0) if len(parts) > 1 else parts[0]

    def size(self, size):
        """A length that follows the dynamic axes, as a tensor of one element."""
        if size.factors is None:
            raise ValueError(
                "a length follows a dynamic axis in another way than constant + factor * axis; "
                "leave the axis fixed, or compute the length differently"
            )
        key = (size.constant, *size.factors.items())
        if key not in self.cached:
            total = None
            for axis, factor in size.factors.items():
                name, dim = self.axes[axis]
                part = self.Shape(name, start=dim, end=dim + 1)
                part = part if factor == 1 else self.Mul(part, self.ints([factor]))
                total = part if total is None else self.Add(total, part)
            self.cached[key] = self.Add(total, self.ints([size.constant])) if size.constant else total
        return self.cached[key]

    def reshape(self, x, shape, before=None):
        """x in another shape; of the lengths that follow dynamic axes, one is "what is left".

        `before` is x's own shape, from which lengths that stay are copied.
        """
        shape, changing = list(shape), [i for i, n in enumerate(shape) if isinstance(n, Size)]
        if 0 in shape or (not changing and -1 not in shape and 0 in (before or ())):
            raise ValueError("empty tensors can't be reshaped in a file")
        if len(changing) > 1 and before is not None:
            for i in changing:
                if i < len(before) and same_size(shape[i], before[i]):
                    shape[i] = 0  # ONNX: as it was
            changing = [i for i in changing if shape[i] != 0]
        if len(changing) == 1 and -1 not in shape:
            shape[changing[0]] = -1
        return self.Reshape(x, self.sizes(shape))


def same_size(a, b):
    """Whether two lengths follow the dynamic axes in the same way."""
    if not (isinstance(a, Size) and isinstance(b, Size)):
        return not isinstance(a, Size) and not isinstance(b, Size) and a == b
    return a.factors is not None and (a.factors, a.constant) == (b.factors, b.constant)


def product(lengths):
    """How many elements a tensor of this shape has, or -1 where that follows a dynamic axis."""
    return -1 if any(isinstance(n, Size) for n in lengths) else math.prod(lengths)


def onnx_package():
    """The package that makes the files."""
    try:
        import onnx
        import onnx.numpy_helper
    except ImportError as error:
        raise ImportError('onnx.export needs the package onnx: pip install "dark[onnx]"') from error
    return onnx
