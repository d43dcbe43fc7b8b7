"""The same elements in other shapes and orders, joined, repeated."""  # beyond

from .elementwise import as_result
from .registry import translates

LAST = 2**63 - 1  # an end of a slice beyond all ends


@translates("reshape", follows=("shape",))
def _reshape(graph, input, shape):
    return graph.reshape(input, graph.result.shape, input.shape)  # which says what -1 is


@translates("squeeze")
def _squeeze(graph, input, dim):
    if len(graph.result.shape) == input.ndim:
        return graph.Identity(input)
    dims = range(input.ndim) if dim is None else dim if isinstance(dim, tuple) else (dim,)
    return graph.Squeeze(input, graph.ints(d for d in dims if input.shape[d] == 1))


@translates("unsqueeze")
def _unsqueeze(graph, input, dim):
    return graph.Unsqueeze(input, graph.ints([dim]))


@translates("permute")
def _permute(graph, input, dims):
    return graph.Transpose(input, perm=[d % input.ndim for d in dims]) if input.ndim else input


@translates("transpose")
def _transpose(graph, input, dim0, dim1):
    order = list(range(input.ndim))
    if order:
        order[dim0], order[dim1] = order[dim1], order[dim0]
    return graph.Transpose(input, perm=order) if order else input


@translates("expand", follows=("sizes",))
def _expand(graph, input, sizes):
    return graph.Expand(input, graph.sizes(graph.result.shape))


@translates("_cat")
def _cat(graph, tensors, dim):
    solid = [x for x in tensors if tuple(x.shape) != (0,)]  # PyTorch lets (0,) join anything
    return graph.Concat(*(as_result(graph, x) for x in solid), axis=dim)


@translates("_stack")
def _stack(graph, tensors, dim):
    parts = [graph.Unsqueeze(as_result(graph, x), graph.ints([dim])) for x in tensors]
    return graph.Concat(*parts, axis=dim)


@translates("tile")
def _tile(graph, input, dims):
    counts = [*[1] * (input.ndim - len(dims)), *dims]
    missing = len(counts) - input.ndim
    x = graph.Unsqueeze(input, graph.ints(range(missing))) if missing else input
    return graph.Tile(x, graph.ints(counts))


@translates("flip")
def _flip(graph, input, dims):
    dims = [d % max(input.ndim, 1) for d in (dims if isinstance(dims, tuple) else (dims,))]
    if not (dims and input.ndim):
        return graph.Identity(input)
    backwards = graph.ints([-1] * len(dims))
    return graph.Slice(input, backwards, graph.ints([-LAST] * len(dims)), graph.ints(dims), backwards)


@translates("roll")
def _roll(graph, input, shifts, dims):
    x, flat = input, dims is None
    if flat:
        x, dims = graph.Reshape(input, graph.ints([-1])), (0,)
    pairs = [(shifts, dims)] if isinstance(dims, int) else list(zip(as_tuple(shifts), as_tuple(dims)))
    for shift, dim in pairs:
        length = input.array.size if flat else int(input.shape[dim])
        cut = -shift % max(length, 1)
        if type(input.shape[dim]) is not int:
            cut = -shift  # Slice counts it from the end where it is negative
        front = graph.Slice(x, graph.ints([0]), graph.ints([cut]), graph.ints([dim]))
        back = graph.Slice(x, graph.ints([cut]), graph.ints([LAST]), graph.ints([dim]))
        x = graph.Concat(back, front, axis=dim)
    return graph.reshape(x, input.shape, input.shape) if flat else x


def as_tuple(x):
    """A number as a tuple of one."""
    return x if isinstance(x, tuple) else (x,)


@translates("tril", "triu")
def _triangle(graph, input, diagonal):
    return graph.Trilu(input, graph.ints([diagonal])[0], upper=int(graph.call == "triu"))
