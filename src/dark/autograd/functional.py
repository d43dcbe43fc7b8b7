"""Derivatives of functions: products with the Jacobian and the Hessian, and these matrices themselves.

`func` takes one tensor or several and returns one or a tuple; results are tuples where what they belong to
is. The inputs need not require gradients, and no `.grad` changes. With `create_graph` the results can be
differentiated in turn. `strict` raises RuntimeError where an output does not depend on an input; else such
derivatives are zeros.
"""  # beyond

from ..ops.creation import ones_like, zeros_like
from ..ops.joining import stack
from ..tensor import Tensor
from .backward import as_tuple, grad
from .modes import enable_grad

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]


def vjp(func, inputs, v=None, create_graph: bool = False, strict: bool = False):
    """(outputs, vᵀJ): the gradients of the inputs when `v` are those of the outputs.

    One walk back, whatever the number of inputs. `v` has the outputs' shapes; it may be left out where there
    is one output with a single element.
    """
    xs, ys, several = evaluate("vjp", func, inputs, create_graph, strict)
    upstream = vectors("vjp", v, ys, "output")
    with enable_grad():
        products = gradients("vjp", ys, xs, upstream, create_graph, strict)
    outputs, products = detached(ys, create_graph), detached(products, create_graph)
    return packed(outputs, several), packed(products, is_several(inputs))


def jvp(func, inputs, v=None, create_graph: bool = False, strict: bool = False):
    """(outputs, J v): how the outputs change when the inputs move along `v`.

    vᵀJ is linear in v, so its derivative with respect to v is J: two walks back give what otherwise needs a
    walk forward (J. Townsend, "A new trick for calculating Jacobian vector products", 2017). `v` has the
    inputs' shapes; it may be left out where there is one input with a single element.
    """
    xs, ys, several = evaluate("jvp", func, inputs, create_graph, strict)
    direction = vectors("jvp", v, xs, "input")
    with enable_grad():
        dummies = tuple(zeros_like(y).requires_grad_() for y in ys)
        products = gradients("jvp", ys, xs, dummies, True, strict)
        results = gradients("jvp", products, dummies, direction, create_graph, strict)
    return packed(detached(ys, create_graph), several), packed(detached(results, create_graph), several)


def vhp(func, inputs, v=None, create_graph: bool = False, strict: bool = False):
    """(output, vᵀH) for a function with one output of a single element, H being its Hessian.

    The gradient of the gradient's product with `v`, which has the inputs' shapes.
    """
    xs, ys, _ = evaluate("vhp", func, inputs, create_graph, strict)
    check_scalar("vhp", ys)
    direction = vectors("vhp", v, xs, "input")
    with enable_grad():
        first = gradients("vhp", ys, xs, [ones_like(ys[0])], True, strict)
        products = gradients("vhp", first, xs, direction, create_graph, strict)
    return detached(ys, create_graph)[0], packed(detached(products, create_graph), is_several(inputs))


def hvp(func, inputs, v=None, create_graph: bool = False, strict: bool = False):
    """(output, H v): the same as `vhp`, as the Hessian is symmetric."""
    return vhp(func, inputs, v, create_graph, strict)


def jacobian(func, inputs, create_graph: bool = False, strict: bool = False):
    """The derivatives of every element of the outputs with respect to every element of the inputs.

    Of an output (m…) and an input (n…) a tensor (m…, n…): a walk back for each element of the output. Of
    several inputs a tuple, of several outputs a tuple of what belongs to each.
    """
    xs, ys, several = evaluate("jacobian", func, inputs, create_graph, strict)
    rows = []
    with enable_grad():
        for y in ys:
            elements = [gradient_of_element(y, i, xs, create_graph, strict) for i in range(y.numel())]
            parts = zip(*elements) if elements else [() for _ in xs]
            blocks = [
                stack(part).reshape((*y.shape, *x.shape)) if part else x.new_zeros((*y.shape, *x.shape))
                for part, x in zip(parts, xs)
            ]
            rows.append(packed(detached(blocks, create_graph), is_several(inputs)))
    return packed(rows, several)


def hessian(func, inputs, create_graph: bool = False, strict: bool = False):
    """The second derivatives of a function with one output of a single element: the gradient's Jacobian.

    Of an input (n…) a tensor (n…, n…); of several inputs a tuple of tuples, that of inputs i and j at [i][j].
    """

    def gradient(*xs):
        ys, _ = tensors("hessian", func(*xs))
        check_scalar("hessian", ys)
        return gradients("hessian", ys, xs, [ones_like(ys[0])], True, strict)

    rows = jacobian(gradient, inputs, create_graph, strict)
    return rows if is_several(inputs) else rows[0]


def evaluate(name, func, inputs, create_graph, strict):
    """(inputs, outputs, whether there are several outputs): the function, recorded."""
    given, _ = tensors(name, inputs)
    with enable_grad():
        # What has a history keeps it only where derivatives of the results are wanted.
        linked = [create_graph and x.requires_grad for x in given]
        xs = [x.view_as(x) if link else x.detach().requires_grad_() for x, link in zip(given, linked)]
        ys, several = tensors(name, func(*xs))
    if strict and (constant := [i for i, y in enumerate(ys) if not y.requires_grad]):
        raise RuntimeError(f"{name}: output {constant[0]} depends on no input: strict")
    return xs, ys, several


def tensors(name, values):
    """(a list of tensors, whether they were given as several)."""
    found = as_tuple(values)
    if strange := [x for x in found if not isinstance(x, Tensor)]:
        raise TypeError(f"{name}: expected a Tensor or a tuple of tensors, got {type(strange[0]).__name__}")
    return found, is_several(values)


def is_several(values):
    """Whether these are tensors in a tuple, and not one."""
    return isinstance(values, (tuple, list))


def packed(values, several):
    """A tuple, or its only element."""
    return tuple(values) if several else values[0]


def check_scalar(name, ys):
    """Raise where there is not one output with one element."""
    if len(ys) != 1 or ys[0].numel() != 1:
        shapes = ", ".join(str(tuple(y.shape)) for y in ys)
        raise RuntimeError(f"{name}: the function must return one tensor with a single element, not {shapes}")


def vectors(name, v, others, kind):
    """`v` as a tuple of tensors of the others' shapes; 1 where it may be left out."""
    if v is None:
        if len(others) != 1 or others[0].numel() != 1:
            raise RuntimeError(f"{name}: v can be left out only for one {kind} with a single element")
        return (ones_like(others[0]),)
    v, _ = tensors(name, v)
    shapes, expected = [tuple(x.shape) for x in v], [tuple(x.shape) for x in others]
    if shapes != expected:
        raise RuntimeError(f"{name}: v has the shapes {shapes}, the {kind}s have {expected}")
    return v


def gradients(name, ys, xs, upstream, create_graph, strict):
    """The gradients of `xs`, zeros where no output depends on an input."""
    recorded = [(y, g) for y, g in zip(ys, upstream) if y.requires_grad]
    found = [None] * len(xs)
    if recorded:
        sources, starts = zip(*recorded)
        found = grad(sources, xs, starts, retain_graph=True, create_graph=create_graph, allow_unused=True)
    # A gradient that is the same everywhere can't be differentiated: PyTorch is strict about that, too.
    missing = [g is None or (create_graph and not g.requires_grad) for g in found]
    if strict and any(missing):
        raise RuntimeError(f"{name}: what it returns does not depend on input {missing.index(True)}: strict")
    return tuple(zeros_like(x) if g is None else g for x, g in zip(xs, found))


def gradient_of_element(y, number, xs, create_graph, strict):
    """The gradients of `xs` of one element of an output."""
    one = zeros_like(y)
    one.view(-1)[number] = 1
    return gradients("jacobian", [y], xs, [one], create_graph, strict)


def detached(results, create_graph):
    """The results, without their history unless it is wanted."""
    return tuple(results) if create_graph else tuple(x.detach() for x in results)
