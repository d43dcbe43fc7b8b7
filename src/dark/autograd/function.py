"""Operations written by a user: a class with `forward` and `backward`, as in PyTorch."""  # beyond

import numpy as np

from ..tensor import Tensor, wrap
from .modes import modes, no_grad
from .operation import op


class FunctionCtx:
    """What `forward` leaves for `backward`: saved tensors, and any attributes the user sets."""

    def __init__(self, needs_input_grad):
        self.needs_input_grad = needs_input_grad
        self.saved_tensors = ()
        self.non_differentiable = ()

    def save_for_backward(self, *tensors):
        """Keep inputs or outputs of `forward` for `backward`, where they are `ctx.saved_tensors`."""
        self.saved_tensors = tensors

    def mark_non_differentiable(self, *outputs):
        """Say which outputs have no gradient; integer outputs never have one."""
        self.non_differentiable = outputs


class Function:
    """The base of an operation with a gradient of its own; call it by `apply`.

        class Cube(Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x**3

            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                return 3 * x**2 * g

    `forward` may return one tensor or a tuple; `backward` gets a gradient for each of them and returns
    one for each argument of `forward`, None where there is none. A class may instead define
    `forward(*args)` and `setup_context(ctx, inputs, output)`. If `backward` is made of differentiable
    operations, gradients of gradients work too.
    """

    @staticmethod
    def forward(*args, **kwargs):
        """Compute the result; to be defined."""
        raise NotImplementedError("a Function needs a static method forward(ctx, ...)")

    @staticmethod
    def backward(ctx, *grad_outputs):
        """Compute the gradients of forward's arguments; to be defined."""
        raise NotImplementedError("a Function needs a static method backward(ctx, *grad_outputs)")

    setup_context = None

    @classmethod
    def apply(cls, *args):
        """Run `forward` on `args` and record it."""
        is_tensor = [isinstance(a, Tensor) for a in args]
        needs_grad = tuple(modes.grad and isinstance(a, Tensor) and a.requires_grad for a in args)
        outputs = None  # set by the first run of `packed`, below

        def packed(*values):
            """The outputs that have gradients, joined: an operation of the engine has one result."""
            nonlocal outputs
            on_arrays = not any(isinstance(v, Tensor) for v in values)
            inputs = [wrap(as_array(v)) if t else v for v, t in zip(values, is_tensor)]
            ctx, outputs = cls._run_forward(inputs, needs_grad)
            recorded = {id(plain): v for plain, v in zip(inputs, values) if isinstance(v, Tensor)}
            ctx.saved_tensors = tuple(recorded.get(id(s), s) for s in ctx.saved_tensors)
            parts = outputs.differentiable
            if len(parts) > 1 and not on_arrays and any(s is p for s in ctx.saved_tensors for p in parts):
                raise RuntimeError(f"{cls.__name__}: one of several outputs, saved, has no second derivative")

            gradients = Gradients(cls, ctx, outputs)
            functions = [(lambda g, i=i: gradients(g, i)) if t else None for i, t in enumerate(is_tensor)]
            if not parts:
                return np.zeros(0), *functions
            result = parts[0] if len(parts) == 1 else np.concatenate([p.reshape(-1) for p in parts])
            return as_array(result) if on_arrays else result, *functions

        packed.__name__ = cls.__name__
        if not any(is_tensor):
            return cls._run_forward(args, needs_grad)[1].original
        joined = op(packed)(*args)
        recorded = outputs.merge(unpacked(joined, outputs.differentiable))
        results = [plain if tensor is None else tensor for plain, tensor in zip(outputs.all, recorded)]
        return tuple(results) if isinstance(outputs.original, tuple) else results[0]

    @classmethod
    def _run_forward(cls, inputs, needs_grad):
        """The context and the outputs of `forward`."""
        ctx = FunctionCtx(needs_grad)
        with no_grad():
            if cls.setup_context is None:
                output = cls.forward(ctx, *inputs)
            else:
                output = cls.forward(*inputs)
                cls.setup_context(ctx, inputs, output)
        return ctx, Outputs(output, ctx.non_differentiable)


class Outputs:
    """What `forward` returned, and which of it has gradients."""

    def __init__(self, original, non_differentiable):
        self.original = original
        self.all = original if isinstance(original, tuple) else (original,)
        self.has_gradient = [
            isinstance(t, Tensor) and t.is_floating_point() and not any(t is n for n in non_differentiable)
            for t in self.all
        ]
        self.differentiable = [t for t, yes in zip(self.all, self.has_gradient) if yes]

    def merge(self, tensors):
        """`tensors` in the places of the differentiable outputs, None in the others."""
        tensors = iter(tensors)
        return [next(tensors) if yes else None for yes in self.has_gradient]


class Gradients:
    """Calls the user's `backward` once for all inputs; the engine asks for them one by one."""

    def __init__(self, cls, ctx, outputs):
        self.cls, self.ctx, self.outputs = cls, ctx, outputs
        self.upstream = self.results = None

    def __call__(self, g, position):
        if self.upstream is not g:
            upstream = unpacked(g if isinstance(g, Tensor) else wrap(g), self.outputs.differentiable)
            results = self.cls.backward(self.ctx, *self.outputs.merge(upstream))
            self.upstream, self.results = g, results if isinstance(results, tuple) else (results,)
        given, wanted = len(self.results), len(self.ctx.needs_input_grad)
        if given < wanted or any(extra is not None for extra in self.results[wanted:]):
            raise RuntimeError(
                f"{self.cls.__name__}.backward returned {given} gradients; it must return {wanted}, "
                "one for each argument of forward, None where there is none"
            )
        result = self.results[position]
        return result if isinstance(g, Tensor) else as_array(result)


def as_array(x):
    """A tensor's array; anything else as it is."""
    return x.array if isinstance(x, Tensor) else x


def unpacked(flat, parts):
    """Cut what `packed` joined into tensors of the parts' shapes."""
    if len(parts) == 1:
        return [flat]
    ends = np.cumsum([p.array.size for p in parts]).tolist()
    return [flat[end - p.array.size : end].reshape(p.shape) for p, end in zip(parts, ends)]
