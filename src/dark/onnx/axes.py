"""The inputs of a model: their names, their dynamic axes, and others to run it with."""  # beyond

import inspect

import numpy as np

from ..tensor import Tensor, wrap


class Inputs:
    """The tensors among the arguments of a model, by their names in the file."""

    def __init__(self, model, args, kwargs, names):
        self.args = tuple(args) if isinstance(args, (tuple, list)) else (args,)
        self.kwargs = dict(kwargs or {})
        self.places = [i for i, x in enumerate(self.args) if isinstance(x, Tensor)]
        self.places += [key for key, x in self.kwargs.items() if isinstance(x, Tensor)]
        self.parameters = parameter_names(model, self.args, self.kwargs)
        own = [self.parameters[place] for place in self.places]
        given = list(names or ())
        if len(given) > len(own) or len(set(given)) < len(given):
            raise ValueError(f"onnx.export: input_names {given} for {len(own)} tensors among the arguments")
        self.names = given + own[len(given) :]
        self.arrays = {name: self.given(place).array for name, place in zip(self.names, self.places)}
        for name, array in self.arrays.items():
            if type(array) is not np.ndarray:
                raise RuntimeError(f"onnx.export: input {name!r} is on a card; use .cpu()")

    def given(self, place):
        """The argument at a place: a position or a keyword."""
        return self.args[place] if isinstance(place, int) else self.kwargs[place]

    def call(self, model, arrays):
        """Call the model with these arrays in the place of its tensors.

        They want gradients where they can, so that layers told to change their input in place don't.
        """
        args, kwargs = list(self.args), dict(self.kwargs)
        for name, place in zip(self.names, self.places):
            x = wrap(arrays[name])
            x.requires_grad = x.is_floating_point()
            (args if isinstance(place, int) else kwargs)[place] = x
        return model(*args, **kwargs)

    def dynamic(self, dynamic_axes, dynamic_shapes):
        """{name of an input or output: {dimension: name of the axis}}, as the options say."""
        found: dict[str, dict[int, str]] = {}
        for name, axes in (dynamic_axes or {}).items():
            if not isinstance(axes, dict):
                axes = {d: f"{name}_dynamic_axes_{i + 1}" for i, d in enumerate(axes)}
            found[name] = dict(axes)
        if dynamic_shapes is not None:
            by_name = {self.parameters[place]: name for place, name in zip(self.places, self.names)}
            if not isinstance(dynamic_shapes, dict):
                dynamic_shapes = dict(zip(self.parameters.values(), dynamic_shapes))
            for name, axes in dynamic_shapes.items():
                if axes is None:
                    continue
                if name not in by_name:
                    raise ValueError(
                        f"onnx.export: dynamic_shapes has {name!r}; the tensors are {list(by_name)}"
                    )
                axes = axes if isinstance(axes, dict) else dict(enumerate(axes))
                found[by_name[name]] = {d: axis for d, axis in axes.items() if axis is not None}
        for name in self.names:
            found[name] = checked_axes(name, found.get(name, {}), self.arrays[name])
        return found

    def variants(self, dynamic):
        """[(sizes of the dynamic axes, arrays)] to run the model with; the first are those of the example.

        Then every axis is doubled and tripled, and all at once if there are several. Without any, other
        values show what depends on them.
        """
        sizes: dict[str, int] = {}
        for name, x in self.arrays.items():
            for dim, axis in dynamic[name].items():
                if sizes.setdefault(axis, x.shape[dim]) != x.shape[dim]:
                    raise ValueError(
                        f"onnx.export: axis {axis!r} has lengths {sizes[axis]} and in {name!r} {x.shape[dim]}"
                    )
        others = [{**sizes, axis: n * times} for axis, n in sizes.items() for times in (2, 3)]
        if len(sizes) != 1:
            others.append({axis: n * 3 for axis, n in sizes.items()})
        first = {name: np.array(array) for name, array in self.arrays.items()}
        return [(sizes, first)] + [
            (lengths, {name: varied(x, dynamic[name], lengths) for name, x in self.arrays.items()})
            for lengths in others
        ]


def varied(array, axes, lengths):
    """An array of other sizes and other values, of the kind of those of `array`."""
    shape = [lengths[axes[d]] if d in axes else n for d, n in enumerate(array.shape)]
    other = np.resize(array.ravel()[::-1], shape)
    if array.dtype.kind == "f":  # not far away: the model may take numbers of some range only
        other = other * 0.75 + np.linspace(0.01, 0.05, other.size).reshape(shape)
    return np.ascontiguousarray(other.astype(array.dtype)).reshape(shape)


def checked_axes(name, axes, array):
    """{dimension counted from 0: name}; raises where there is no such dimension, or no name."""
    for dim, axis in axes.items():
        if not isinstance(dim, int) or not -array.ndim <= dim < array.ndim:
            raise ValueError(f"onnx.export: {name!r} of shape {array.shape} has no dimension {dim!r}")
        if not isinstance(axis, str):
            raise TypeError(f"onnx.export: the name of axis {dim} of {name!r} is a string, not {axis!r}")
        if not array.shape[dim]:
            raise ValueError(f"onnx.export: {name!r} is empty; the example of a dynamic axis is not")
    return {dim % array.ndim: axis for dim, axis in axes.items()}


def parameter_names(model, args, kwargs):
    """{position or keyword: name of the parameter of `forward`}."""
    names, kinds = {}, inspect.Parameter
    parameters = inspect.signature(model.forward).parameters.values()
    positional = [p for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is kinds.VAR_POSITIONAL), "input")
    for i in range(len(args)):
        names[i] = positional[i].name if i < len(positional) else f"{rest}_{i - len(positional)}"
    return names | {key: key for key in kwargs}
