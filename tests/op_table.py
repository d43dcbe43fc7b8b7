"""Every operation of Dark, a row each: what it is given, of which types, and which derivatives it has.

`function(t, *tensors, **options)` is the same line for Dark and PyTorch (t is `dark` or `torch`); rows
without a line of their own call the function of the row's name. `op_families.py` draws inputs and options.
"""

import operator
import random
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import op_families as of
from op_families import Draws, Input

FLOATS, NUMBERS, ANY, WHOLE, COUNTS = "f", "fi", "fib", "ib", "i"
DTYPES = {"float32": "f", "float64": "f", "int64": "i", "bool": "b"}


class Row(NamedTuple):
    """An operation, or one way to call it."""

    name: str  # as a name of `dark`, then a remark: "div rounded", "nn.functional.pad", "Tensor.view"
    function: Callable
    family: Any
    low: float  # floating-point inputs lie between these
    high: float
    dtypes: str  # it takes floating-point numbers, integers, booleans
    gradient: bool
    second: bool  # has it second derivatives (besides zeros)?
    exact: bool  # are results of small multiples of 1/8 computed without rounding?

    @property
    def operation(self):
        """The name alone."""
        return self.name.split(" ")[0]

    def case(self, d, shape, dtype, rng, ties=False):
        """(arrays, options): one call. With `ties`, numbers are multiples of 1/4, so that some are equal."""
        inputs, options = self.family(d, shape)
        return [self.array(x, dtype, rng, ties) for x in inputs], options

    def array(self, given: Input, dtype, rng, ties):
        """An array for an input."""
        shape, kind = given.shape, given.kind
        if kind == "index":
            return np.asarray(rng.integers(0, given.high, shape))
        if kind == "permutation":
            axis, length = int(given.low), int(given.high)
            return np.argsort(rng.random((*shape[:axis], length, *shape[axis + 1 :])), axis)[
                tuple(slice(n) for n in shape)
            ]
        if kind == "sign":
            return rng.choice([-1.0, 1.0], shape).astype(dtype if dtype.startswith("float") else "float32")
        if kind == "mask" or (kind == "own" and dtype == "bool"):
            return np.asarray(rng.random(shape) < 0.5)
        low, high = (self.low, self.high) if given.low is None else (given.low, given.high)
        if kind in ("own", "sorted") and not dtype.startswith("float"):
            numbers = rng.integers(0 if dtype == "uint8" else int(np.ceil(max(low, -3))), 4, shape)
        elif ties:
            numbers = rng.integers(int(np.ceil(low * 4)), int(high * 4) + 1, shape) / 4
        else:
            numbers = rng.uniform(low, high, shape)
        dtype = "float32" if kind == "float" and not dtype.startswith("float") else dtype
        return np.asarray(np.sort(numbers) if kind == "sorted" else numbers).astype(dtype)

    def cases(self, dtype="float64"):
        """A few calls that stay the same, on shapes that every run tries."""
        seed = zlib.crc32(self.name.encode())
        rng, numbers = np.random.default_rng(seed), random.Random(seed)
        return [self.case(Draws(numbers.randint), shape, dtype, rng) for shape in self.family.shapes]


def rows(
    names, family, low=-2.0, high=2.0, dtypes=ANY, *, gradient=True, second=True, exact=False, call=None
):  # fmt: skip
    """A row for each of the names, of one family; `call` is the line, where the name alone does not do."""
    facts = family, low, high, dtypes, gradient, second and gradient, exact
    split = [names] if call else names.split()
    return [Row(name, call or by_name(name), *facts) for name in split]


def by_name(name):
    """The line that calls `t.name`, or the method of a tensor."""
    if name.startswith("Tensor."):
        return lambda t, x, *inputs, **options: getattr(x, name[7:])(*inputs, **options)
    return lambda t, *inputs, **options: operator.attrgetter(name)(t)(*inputs, **options)


def listed(name):
    """The line that gives `t.name` its tensors in a list."""
    return lambda t, *inputs, **options: getattr(t, name)(inputs, **options)


def layers(names, family, **facts):
    """Rows of functions of `nn.functional`, of floating-point numbers unless said otherwise."""
    facts = {"dtypes": FLOATS} | facts
    return rows(" ".join(f"nn.functional.{name}" for name in names.split()), family, **facts)


def with_constants(name, first):
    """The line that calls a function whose inputs from `first` on can't have gradients in PyTorch."""

    def call(t, *inputs, **options):
        inputs = [*inputs[:first], *(x.detach() for x in inputs[first:])]
        return getattr(t.nn.functional, name)(*inputs, **options)

    call.constants = True
    return call


def operators(symbols, family, **facts):
    """Rows of the methods behind operators."""
    return [row for s in symbols.split() for row in rows(f"Tensor.__{s}__", family, **facts)]


NO, FLAT = {"gradient": False}, {"second": False}
ARITHMETIC = [
    *rows("add mul", of.binary, exact=True),
    *rows("sub", of.binary, dtypes=NUMBERS, exact=True),
    *rows("maximum minimum", of.two_tensors, exact=True, second=False),
    *rows("div true_divide", of.binary, 0.5, 3),
    *rows(
        "div rounded", of.binary, 0.5, 3, NUMBERS, second=False,
        call=lambda t, x, y: t.div(x, y, rounding_mode="floor"),
    ),
    *rows(
        "div cut", of.binary, 0.5, 3, NUMBERS, second=False,
        call=lambda t, x, y: t.div(x, y, rounding_mode="trunc"),
    ),
    *rows("floor_divide", of.binary, 0.5, 3, NUMBERS, **NO),
    *rows("remainder fmod", of.binary, 0.5, 3, NUMBERS, second=False),
    *rows("add alpha", of.two_tensors, exact=True, call=lambda t, x, y: t.add(x, y, alpha=2)),
    *rows("sub alpha", of.two_tensors, dtypes=NUMBERS, exact=True, call=lambda t, x, y: t.sub(x, y, alpha=3)),
    *rows("pow", of.binary, 0.5, 3, NUMBERS),
    *rows("pow of 3", of.elementwise, exact=True, call=lambda t, x: t.pow(x, 3)),
    *rows("pow of a number", of.elementwise, call=lambda t, x: t.pow(1.5, x)),
    *rows("atan2", of.two_tensors, 0.25, 2),
    *rows("logaddexp", of.two_tensors, dtypes=FLOATS),
    *rows("hypot", of.two_tensors, dtypes=FLOATS),
    *rows("lerp", of.ternary, dtypes=FLOATS),
    *rows("addcmul", of.ternary, dtypes=NUMBERS, exact=True),
    *rows("addcdiv", of.ternary, 0.5, 3, FLOATS),
    *rows(
        "nn.functional.threshold", of.elementwise, dtypes=FLOATS,
        call=lambda t, x: t.nn.functional.threshold(x, 0.3, 2), **FLAT,
    ),
]
COMPARING = [
    *rows("eq ne lt le gt ge", of.binary, **NO),
    *rows("logical_and logical_or logical_xor", of.two_tensors, **NO),
    *rows("bitwise_and bitwise_or bitwise_xor", of.binary, dtypes=WHOLE, **NO),
    *rows("bitwise_not", of.elementwise, dtypes=WHOLE, **NO),
    *rows("logical_not isnan isinf isfinite", of.elementwise, **NO),
    *rows("isclose", of.two_tensors, **NO),
    *rows("allclose equal", of.of_one_shape, **NO),
]
ELEMENTWISE = [
    *rows("abs neg", of.elementwise, dtypes=NUMBERS, exact=True, second=False),
    *rows("positive", of.elementwise, dtypes=NUMBERS, exact=True, second=False),
    *rows("relu", of.elementwise, dtypes=NUMBERS, exact=True, second=False),
    *rows("clone nan_to_num", of.elementwise, exact=True, second=False),
    *rows("sign", of.elementwise, exact=True, second=False),
    *rows("floor ceil round trunc", of.elementwise, dtypes=NUMBERS, exact=True, second=False),
    *rows("frac", of.elementwise, dtypes=FLOATS, exact=True, second=False),
    *rows(
        "round decimals", of.elementwise, dtypes=FLOATS, second=False,
        call=lambda t, x: t.round(x, decimals=1),
    ),
    *rows("square", of.elementwise, exact=True),
    *rows("exp exp2 expm1 sigmoid erf erfc sin cos tanh atan sinh cosh asinh", of.elementwise),
    *rows("tan", of.elementwise, -1.25, 1.25),
    *rows("asin acos atanh erfinv", of.elementwise, -0.75, 0.75),
    *rows("acosh", of.elementwise, 1.25, 4),
    *rows("log log2 log10 log1p sqrt rsqrt reciprocal", of.elementwise, 0.25, 4),
    *rows("logit", of.elementwise, 0.25, 0.75),
    *rows("deg2rad rad2deg", of.elementwise, second=False),
    *rows("clamp", of.elementwise, exact=True, second=False, call=lambda t, x: t.clamp(x, -1, 1.5)),
    *rows(
        "clamp tensors", of.within_limits, dtypes=NUMBERS, exact=True, second=False,
        call=lambda t, x, a, b: t.clamp(x, a, b),
    ),
    *rows("clip", of.elementwise, exact=True, second=False, call=lambda t, x: t.clip(x, max=1)),
    *rows("clamp_min clamp_max", of.binary, exact=True, second=False),
    *rows("where", of.chosen, exact=True, second=False),
    *rows("masked_fill", of.masked, exact=True, second=False, call=lambda t, x, m: t.masked_fill(x, m, 1)),
    *rows("masked_select", of.masked, exact=True, second=False),
    *rows("masked_scatter", of.with_mask_and_source, exact=True, second=False),
    *rows("nonzero argwhere", of.elementwise, **NO),
    *layers("leaky_relu", of.elementwise, **FLAT),
    *layers("hardtanh relu6", of.elementwise, **FLAT),
    *layers("hardshrink softshrink hardsigmoid", of.elementwise, **FLAT),
    *layers("elu selu celu gelu", of.elementwise),
    *layers("silu mish softplus", of.elementwise),
    *layers("logsigmoid hardswish", of.elementwise),
    *layers("softsign tanhshrink", of.elementwise, dtypes=NUMBERS),
    *rows(
        "nn.functional.gelu tanh", of.elementwise, dtypes=FLOATS,
        call=lambda t, x: t.nn.functional.gelu(x, approximate="tanh"),
    ),
    *layers("relu", of.elementwise, dtypes=NUMBERS, exact=True, second=False),
    *layers("sigmoid tanh", of.elementwise, dtypes=ANY),
    *layers("prelu", of.with_slopes),
]
REDUCTIONS = [
    *rows("sum", of.reduction, exact=True, second=False),
    *rows("mean", of.reduction, dtypes=FLOATS, second=False),
    *rows("amax amin", of.reduction, exact=True, second=False),
    *rows("var std", of.spread, dtypes=FLOATS),
    *rows("var_mean std_mean", of.spread, dtypes=FLOATS),
    *rows("any all", of.reduction, **NO),
    *rows("count_nonzero", of.counted, **NO),
    *rows("norm", of.p_norm, 0.25, 2, FLOATS),
    *rows("prod", of.one_dim_or_all),
    *rows("max min", of.one_dim_or_all, exact=True, second=False),
    *rows("median", of.one_dim_or_all, dtypes=NUMBERS, exact=True, second=False),
    *rows("argmax argmin", of.one_dim_or_all, dtypes=NUMBERS, **NO),
    *rows("logsumexp", of.one_dim_kept),
    *rows("softmax log_softmax", of.one_dim, dtypes=FLOATS),
    *layers("softmax log_softmax softmin", of.one_dim),
    *rows("cumsum", of.one_dim, exact=True, second=False),
    *rows("cumprod", of.one_dim),
    *rows("sort argsort", of.ordered, exact=True, second=False),
    *rows("topk", of.of_most, dtypes=NUMBERS, exact=True, second=False),
    *rows("kthvalue", of.kth, dtypes=NUMBERS, exact=True, second=False),
    *rows("unique", of.elementwise, **NO),
    *rows("bincount", of.small_counts, **NO),
    *rows("searchsorted", of.sorted_and_values, dtypes=NUMBERS, **NO),
    *rows("bucketize", of.values_and_bounds, dtypes=NUMBERS, **NO),
]
same = {"exact": True, "second": False}  # numbers are only moved
SHAPES = [
    *rows("reshape", of.reshaped, **same),
    *rows("Tensor.view", of.reshaped, **same, call=lambda t, x, shape: x.view(shape)),
    *rows("Tensor.view_as Tensor.reshape_as", of.of_one_shape, **same),
    *rows("Tensor.expand_as", of.of_one_shape, **same),
    *rows("flatten", of.flattened, **same),
    *rows("unflatten", of.unflattened, **same),
    *rows("ravel", of.elementwise, **same),
    *rows("squeeze", of.squeezed, **same),
    *rows("unsqueeze", of.unsqueezed, **same),
    *rows("permute", of.permuted, **same),
    *rows("transpose swapdims", of.two_dims, **same),
    *rows("swapaxes", of.two_axes, **same),
    *rows("t", of.up_to_matrix, **same),
    *rows("Tensor.T", of.one_matrix, **same, call=lambda t, x: x.T),
    *rows("Tensor.mT", of.of_rank_two_or_more, **same, call=lambda t, x: x.mT),
    *rows("movedim moveaxis", of.moved, **same),
    *rows("broadcast_to", of.expanded, **same, call=lambda t, x, size: t.broadcast_to(x, size)),
    *rows("Tensor.expand", of.expanded, **same, call=lambda t, x, size: x.expand(size)),
    *rows("Tensor.repeat", of.repeated, **same, call=lambda t, x, repeats: x.repeat(repeats)),
    *rows("tile", of.tiled, **same),
    *rows(
        "repeat_interleave", of.one_dim_or_all, **same,
        call=lambda t, x, dim=None, keepdim=0: t.repeat_interleave(x, 2, dim),
    ),
    *rows("flip", of.flipped, **same),
    *rows("fliplr", of.of_rank_two_or_more, **same),
    *rows("flipud", of.of_rank_one_or_more, **same),
    *rows("roll", of.rolled, **same),
    *rows("rot90", of.turned, **same),
    *rows("tril triu", of.matrices, **same),
    *rows("diag", of.diagonal_of, **same),
    *rows("diagonal", of.diagonals, **same),
    *rows("diag_embed", of.embedded, **same),
    *rows("diagflat", of.flat_offset, **same),
    *rows("trace", of.one_matrix, dtypes=NUMBERS, **same),
    *rows("atleast_1d atleast_2d atleast_3d", of.elementwise, **same),
    *rows("broadcast_tensors", of.several, **same),
    *rows("meshgrid", of.axes, **same),
    *[row for n in ("cat", "concat", "concatenate") for row in rows(n, of.joined, **same, call=listed(n))],
    *rows("stack", of.stacked, **same, call=listed("stack")),
    *[
        row for name in ("hstack", "vstack", "dstack", "column_stack")
        for row in rows(name, of.side_by_side, **same, call=listed(name))
    ],
    *rows("split", of.pieces, **same),
    *rows("chunk", of.chunks, **same),
    *rows(
        "tensor_split", of.sections_or_bounds, **same,
        call=lambda t, x, indices_or_sections, dim: t.tensor_split(x, indices_or_sections, dim),
    ),
    *rows("unbind", of.along_one_dim, **same),
    *rows("select", of.one_place, **same),
    *rows("narrow", of.narrowed, **same),
    *rows("Tensor.unfold", of.windows, **same),
    *rows("Tensor.contiguous Tensor.detach Tensor.cpu", of.elementwise, **same),
]  # fmt: skip
INDICES = [
    *rows("Tensor.__getitem__", of.index_expression, **same, call=lambda t, x, index: x[here(t, index)]),
    *rows(
        "Tensor.__setitem__", of.indexed_assignment, **NO,
        call=lambda t, x, y, index: assigned(t, x, y, index),
    ),
    *rows("gather", of.gathered, **same, call=lambda t, x, i, dim: t.gather(x, dim, i)),
    *rows("take_along_dim", of.taken_along, **same, call=lambda t, x, i, dim: t.take_along_dim(x, i, dim)),
    *rows("scatter", of.scattered, **same, call=lambda t, x, i, y, dim: t.scatter(x, dim, i, y)),
    *rows("scatter_add", of.scattered_sums, **same, call=lambda t, x, i, y, dim: t.scatter_add(x, dim, i, y)),
    *rows("index_select", of.selected, **same, call=lambda t, x, i, dim: t.index_select(x, dim, i)),
    *rows(
        "index_add", of.selected_with_source, **same,
        call=lambda t, x, i, y, dim: t.index_add(x, dim, i, y),
    ),
    *rows("index_fill", of.selected, **same, call=lambda t, x, i, dim: t.index_fill(x, dim, i, 1)),
    *rows(
        "index_copy", of.selected_with_source, **same,
        call=lambda t, x, i, y, dim: t.index_copy(x, dim, i.unique(), y.narrow(dim, 0, len(i.unique()))),
    ),
    *rows(
        "index_put", of.selected_with_source, **same,
        call=lambda t, x, i, y, dim: t.index_put(x.movedim(dim, 0), (i,), y.movedim(dim, 0), accumulate=True),
    ),
    *rows("take", of.taken, **same),
]
PRODUCTS = [
    *rows("matmul", of.product, dtypes=NUMBERS, exact=True),
    *rows("mm", of.matrix_product, dtypes=NUMBERS, exact=True),
    *rows("bmm", of.batched_product, dtypes=NUMBERS, exact=True),
    *rows("mv", of.matrix_and_vector, dtypes=NUMBERS, exact=True),
    *rows("dot vdot", of.two_vectors, dtypes=NUMBERS, exact=True),
    *rows("outer ger", of.outer_product, exact=True),
    *rows("inner", of.last_with_last, dtypes=NUMBERS, exact=True),
    *rows("addmm", of.matrix_plus, dtypes=NUMBERS, exact=True),
    *rows("addmv", of.vector_plus, dtypes=NUMBERS, exact=True),
    *rows("addr", of.outer_plus, exact=True),
    *rows("baddbmm", of.batch_plus, dtypes=NUMBERS, exact=True),
    *rows("addbmm", of.batch_sum_plus, dtypes=NUMBERS, exact=True),
    *rows("tensordot", of.three_by_two, dtypes=NUMBERS, exact=True),
    *rows(
        "einsum", of.einsum_terms, dtypes=NUMBERS, exact=True,
        call=lambda t, *xs, equation: t.einsum(equation, *xs),
    ),
    *rows("kron", of.kronecker, exact=True),
    *rows("cross", of.three_long, dtypes=NUMBERS, exact=True),
]
F = "nn.functional."
LAYERS = [
    *layers("linear", of.dense),
    *layers("bilinear", of.two_to_one),
    *layers("embedding", of.words),
    *layers("one_hot", of.classes, **NO),
    *layers("glu", of.halves),
    *layers("normalize", of.to_unit_length),
    *layers("conv1d", of.convolution(1)),
    *layers("conv2d", of.convolution(2)),
    *layers("conv_transpose1d", of.transposed_convolution(1)),
    *layers("conv_transpose2d", of.transposed_convolution(2)),
    *layers("max_pool1d", of.pooling(1, dilation=(1, 2)), second=False),
    *layers("max_pool2d", of.pooling(2, dilation=(1, 2)), second=False),
    *layers("avg_pool1d", of.pooling(1, count_include_pad=(True, False)), second=False),
    *layers("avg_pool2d", of.pooling(2, count_include_pad=(True, False)), second=False),
    *layers("adaptive_avg_pool1d", of.adaptive(1), second=False),
    *layers("adaptive_avg_pool2d", of.adaptive(2), second=False),
    *layers("adaptive_max_pool1d", of.adaptive(1, return_indices=(False, True)), second=False),
    *layers("adaptive_max_pool2d", of.adaptive(2, return_indices=(False, True)), second=False),
    *layers("pad", of.padded, second=False),
    *layers("interpolate", of.resized, second=False),
    *layers("unfold", of.patches, second=False),
    *layers("fold", of.columns, second=False),
    *rows(f"{F}pixel_shuffle pixel_shuffle", of.pixels, second=False),
    *rows(f"{F}pixel_unshuffle pixel_unshuffle", of.fine_pixels, second=False),
    *layers("affine_grid", of.transformations, second=False),
    *layers("grid_sample", of.pictures_and_grid),
    *rows(
        F + "layer_norm", of.last_dims_normalized, dtypes=FLOATS,
        call=lambda t, x, *p, normalized_shape: t.nn.functional.layer_norm(x, normalized_shape, *p),
    ),
    *[
        row for name in (F + "rms_norm", "rms_norm")
        for row in rows(
            name, of.last_dims_scaled, dtypes=FLOATS, call=lambda t, x, *p, normalized_shape, name=name:
            operator.attrgetter(name)(t)(x, normalized_shape, *p),
        )
    ],
    *layers("scaled_dot_product_attention", of.questions_keys_and_values),
    *rows(
        F + "group_norm", of.groups_of_channels, dtypes=FLOATS,
        call=lambda t, x, *p, num_groups: t.nn.functional.group_norm(x, num_groups, *p),
    ),
    *rows(
        F + "batch_norm", of.channels, dtypes=FLOATS,
        call=lambda t, x, *p: t.nn.functional.batch_norm(x, None, None, *p, training=True),
    ),
    *rows(
        F + "batch_norm of statistics", of.channels_with_statistics, dtypes=FLOATS,
        call=with_constants("batch_norm", 1),
    ),
    *rows(
        F + "instance_norm", of.channels_of_pictures, dtypes=FLOATS,
        call=lambda t, x, *p: t.nn.functional.instance_norm(x, None, None, *p),
    ),
    *rows(
        F + "dropout", of.elementwise, second=False,
        call=lambda t, x: t.nn.functional.dropout(x, 0.5, training=False),
    ),
    *rows(
        F + "dropout1d", of.batches_of_rows, second=False,
        call=lambda t, x: t.nn.functional.dropout1d(x, 0.0),
    ),
    *rows(
        F + "dropout2d", of.batches_of_pictures, second=False,
        call=lambda t, x: t.nn.functional.dropout2d(x, 0.0),
    ),
]
LOSSES = [
    *layers("mse_loss l1_loss smooth_l1_loss huber_loss", of.pair_to_loss),
    *layers("binary_cross_entropy", of.chances_to_loss),
    *layers("binary_cross_entropy_with_logits", of.pair_to_loss),
    *layers("kl_div", of.divergence),
    *layers("poisson_nll_loss", of.pair_to_loss),
    *layers("gaussian_nll_loss", of.positive_to_loss),
    *rows(F + "soft_margin_loss", of.signs_to_loss, call=with_constants("soft_margin_loss", 1)),
    *layers("hinge_embedding_loss", of.signs_to_loss),
    *layers("margin_ranking_loss", of.ranked_pairs),
    *layers("cosine_embedding_loss", of.labelled_vectors),
    *layers("triplet_margin_loss", of.triplets),
    *layers("multi_margin_loss", of.scores_and_one_class_each, second=False),
    *rows(F + "nll_loss", of.scores_and_classes, call=with_constants("nll_loss", 2)),
    *rows(F + "cross_entropy", of.scores_and_classes, call=with_constants("cross_entropy", 2)),
    *rows(
        F + "cross_entropy of chances", of.scores_and_chances,
        call=lambda t, x, y, **options: t.nn.functional.cross_entropy(x, y, **options),
    ),
    *layers("pairwise_distance", of.pairs_of_vectors),
    *rows(
        F + "cosine_similarity", of.pairs_of_vectors,
        call=lambda t, x, y: t.nn.functional.cosine_similarity(x, y, dim=-1),
    ),
]
LOSSES = [row._replace(dtypes=FLOATS) for row in LOSSES]
OPERATORS = [
    *operators("add radd mul rmul", of.binary, exact=True),
    *operators("sub rsub", of.binary, dtypes=NUMBERS, exact=True),
    *operators("truediv rtruediv", of.binary, low=0.5, high=3.0),
    *operators("floordiv rfloordiv", of.binary, low=0.5, high=3.0, dtypes=NUMBERS, **NO),
    *operators("mod", of.binary, low=0.5, high=3.0, dtypes=NUMBERS, second=False),
    *operators("rmod", of.binary, low=0.5, high=3.0, dtypes=NUMBERS, **NO),
    *operators("pow rpow", of.two_tensors, low=0.5, high=3.0, dtypes=NUMBERS),
    *operators("eq ne lt le gt ge", of.binary, **NO),
    *operators("and or xor rand ror rxor", of.binary, dtypes=WHOLE, **NO),
    *operators("invert", of.elementwise, dtypes=WHOLE, **NO),
    *operators("neg pos abs", of.elementwise, dtypes=NUMBERS, exact=True, second=False),
    *operators("matmul", of.product, dtypes=NUMBERS, exact=True),
    *rows(
        "Tensor.__rmatmul__", of.product, dtypes=NUMBERS, exact=True,
        call=lambda t, x, y: y.__rmatmul__(x),
    ),
]
TABLE = [
    *ARITHMETIC, *COMPARING, *ELEMENTWISE, *REDUCTIONS, *SHAPES, *INDICES, *PRODUCTS,
    *LAYERS, *LOSSES, *OPERATORS,
]  # fmt: skip


def here(t, index):
    """An index with arrays as tensors of t."""
    if isinstance(index, tuple):
        return tuple(here(t, i) for i in index)
    return t.tensor(index) if isinstance(index, np.ndarray) else index


def assigned(t, x, y, index):
    """x after x[index] = y."""
    x = x.detach().clone()
    x[here(t, index)] = y.detach()
    return x
