"""Parts of tensors, by slices and by tensors of positions, and the order of elements."""  # beyond

import numpy as np

from .elementwise import sample
from .registry import translates
from .shapes import LAST


@translates("_slice", follows=("index",))
def _slice(graph, input, index):
    """x[...] of ints, slices, None and `...`."""
    index = index if isinstance(index, tuple) else (index,)
    taken = sum(item is not None and item is not ... for item in index)
    if ... not in index:
        index = (*index, ...)
    dim, starts, ends, dims, steps, gone, new, place = 0, [], [], [], [], [], [], 0
    for item in index:
        if item is ...:
            dim, place = dim + input.ndim - taken, place + input.ndim - taken
            continue
        if item is None:
            new.append(place)
            place += 1
            continue
        if isinstance(item, slice):
            whole = item.start in (None, 0) and item.stop is None and item.step in (None, 1)
            if not whole:
                starts.append(0 if item.start is None else item.start)
                ends.append(LAST if item.stop is None else item.stop)
                dims.append(dim)
                steps.append(1 if item.step is None else item.step)
            place += 1
        else:
            starts.append(item)
            ends.append(LAST if item == -1 else item + 1)
            dims.append(dim)
            steps.append(1)
            gone.append(dim)
            if type(item) is not int:
                raise ValueError("a position that follows a dynamic axis; use one counted from the end")
        dim += 1
    x = input
    if dims:
        x = graph.Slice(x, graph.sizes(starts), graph.sizes(ends), graph.ints(dims), graph.ints(steps))
    x = graph.Squeeze(x, graph.ints(gone)) if gone else x
    x = graph.Unsqueeze(x, graph.ints(new)) if new else x
    return x if isinstance(x, str) else graph.Identity(x)


@translates("_index")
def _index(graph, input, indices):
    """x[...] of one tensor of positions, or of several that stand beside each other."""
    dims = [d for d, item in enumerate(indices) if item is not None]
    arrays = [sample(indices[d]) for d in dims]
    if any(array.dtype.kind == "b" for array in arrays):
        raise ValueError("a mask picks a number of elements that only the values say; use where()")
    if len(dims) == 1:
        return graph.Gather(input, indices[dims[0]], axis=dims[0])
    if dims != list(range(dims[0], dims[-1] + 1)):
        raise ValueError("positions of dimensions that do not stand beside each other")
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    rank = len(shape)
    # the indexed dimensions go first, as GatherND wants them, and the positions' own take their old place
    before, after = range(dims[0]), range(dims[-1] + 1, input.ndim)
    x = graph.Transpose(input, perm=[*dims, *before, *after]) if dims[0] else input
    last = graph.ints([-1])
    parts = [graph.Cast(indices[d], to=graph.code(np.int64)) for d in dims]
    parts = [graph.Unsqueeze(graph.Expand(part, common_shape(graph, parts)), last) for part in parts]
    y = graph.GatherND(x, graph.Concat(*parts, axis=-1))
    if not dims[0]:
        return y
    behind = rank + len(before)
    return graph.Transpose(y, perm=[*range(rank, behind), *range(rank), *range(behind, behind + len(after))])


def common_shape(graph, parts):
    """The shape to which tensors of positions broadcast, as a tensor."""
    total = None
    for part in parts:
        zeros = graph.Mul(part, graph.ints([0])[0])
        total = zeros if total is None else graph.Add(total, zeros)
    return graph.Shape(total)


@translates("picked")
def _picked(graph, input, indices, dim):
    return graph.GatherElements(input, indices, axis=dim) if input.ndim else graph.Identity(input)


@translates("argsort")
def _argsort(graph, input, dim, descending, stable):
    return most(graph, input, graph.sizes([input.shape[dim]]), dim, descending)


@translates("indices_of_most")
def _indices_of_most(graph, input, k, dim, largest):
    return most(graph, input, graph.ints([k]), dim, largest)


def most(graph, x, k, dim, largest):
    """The positions of the k largest or smallest elements, in order."""
    _, found = graph.TopK(x, k, outputs=2, axis=dim, largest=int(largest), sorted=1)
    return found


@translates("embedding")
def _embedding(graph, input, weight, padding_idx):
    return graph.Gather(weight, input, axis=0)
