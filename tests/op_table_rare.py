"""The rows of operations that few programs need, and of those with a second name."""  # beyond

import op_families as of
from op_rows import (
    ANY,
    FLAT,
    FLOATS,
    NO,
    NUMBERS,
    layers,
    listed,
    operators,
    rows,
    unpooled,
    with_constants,
)

COUNTS = "i"
SECOND_NAMES = [
    *rows("multiply", of.binary),
    *rows("subtract", of.binary, dtypes=NUMBERS),
    *rows("divide", of.binary, 0.5, 3),
    *rows("rsub", of.binary, dtypes=NUMBERS),
    *rows("arctan2", of.two_tensors, 0.25, 2),
    *rows("negative absolute", of.elementwise, dtypes=NUMBERS, **FLAT),
    *rows("fix", of.elementwise, dtypes=NUMBERS, **FLAT),
    *rows("arctan arcsinh", of.elementwise),
    *rows("arccos arcsin arctanh", of.elementwise, -0.75, 0.75),
    *rows("arccosh", of.elementwise, 1.25, 4),
    *rows("less less_equal greater greater_equal not_equal", of.binary, **NO),
    *rows("row_stack", of.side_by_side, **FLAT, call=listed("row_stack")),
    *rows("split_with_sizes", of.section_lengths, **FLAT),
    *rows("adjoint", of.of_rank_two_or_more, **FLAT),
]
ELEMENTWISE = [
    *rows("sgn", of.elementwise, **FLAT),
    *rows("sinc digamma lgamma i0", of.elementwise, 0.25, 3),
    *rows("polygamma", of.elementwise, 0.5, 3, call=lambda t, x: t.polygamma(1, x)),
    *rows("signbit isneginf isposinf", of.elementwise, **NO),
    *rows("fmin fmax", of.two_tensors, **FLAT),
    *rows("copysign", of.binary, 0.25, 2, **FLAT),
    *rows("heaviside", of.two_tensors, **NO),
    *rows("gcd lcm", of.two_tensors, dtypes=COUNTS, **NO),
    *rows("ldexp", of.two_tensors),
    *rows("logaddexp2", of.two_tensors, dtypes=FLOATS),
    *rows("float_power", of.binary, 0.5, 3),
    *rows("xlogy", of.binary, 0.5, 3),
    *rows("nextafter", of.two_tensors, dtypes=FLOATS, **NO),
    *rows("bitwise_left_shift bitwise_right_shift", of.two_tensors, 0, 3, dtypes=COUNTS, **NO),
    *rows("isin", of.of_one_shape, dtypes=NUMBERS, **NO),
    *rows("is_same_size", of.two_tensors, **NO),
    *operators("lshift rlshift rshift rrshift", of.two_tensors, low=0, high=3, dtypes=COUNTS, **NO),
]
REDUCTIONS = [
    *rows("aminmax", of.one_dim_or_all, **FLAT),
    *rows("nansum", of.reduction, **FLAT),
    *rows("nanmean", of.reduction, dtypes=FLOATS, **FLAT),
    *rows("nanmedian", of.one_dim_or_all, dtypes=NUMBERS, **FLAT),
    *rows("quantile nanquantile", of.fractions, dtypes=FLOATS, **FLAT),
    *rows("mode", of.one_dim_kept, **FLAT),
    *rows("msort", of.of_rank_one_or_more, **FLAT),
    *rows("logcumsumexp", of.one_dim, dtypes=FLOATS),
    *rows("cummax cummin", of.along_filled_dim, **FLAT),
    *rows("diff", of.differences, **FLAT),
    *rows("trapezoid trapz cumulative_trapezoid", of.along_filled_dim, dtypes=NUMBERS, **FLAT),
    *rows("dist", of.two_tensors, dtypes=FLOATS),
    *rows("cdist", of.two_sets_of_points, dtypes=FLOATS, **FLAT),
    *rows("renorm", of.normed_parts, dtypes=FLOATS),
    *rows("cov corrcoef", of.observations, dtypes=NUMBERS),
    *rows("histc", of.elementwise, dtypes=FLOATS, **NO, call=lambda t, x: t.histc(x, 4, -1, 2)),
    *rows("unique_consecutive", of.elementwise, **NO),
]
PARTS = [
    *rows("select_scatter", of.replaced_place, **FLAT),
    *rows("slice_scatter", of.replaced_slice, **FLAT),
    *rows("diagonal_scatter", of.replaced_diagonal, **FLAT),
    *rows(
        "scatter_reduce", of.scattered_sums, **FLAT,
        call=lambda t, x, i, y, dim: t.scatter_reduce(x, dim, i, y, "sum"),
    ),
    *rows(
        "scatter_reduce mean", of.scattered_sums, 0.5, 2, NUMBERS, **FLAT,
        call=lambda t, x, i, y, dim: t.scatter_reduce(x, dim, i, y, "mean"),
    ),
    *rows(
        "scatter_reduce prod", of.scattered_sums, 0.5, 2, ANY,
        call=lambda t, x, i, y, dim: t.scatter_reduce(x, dim, i, y, "prod"),
    ),
    *rows("put", of.put_places, **FLAT, call=lambda t, x, i, y: t.put(x, i, y, accumulate=True)),
    *rows("hsplit", of.even_columns, **FLAT, call=lambda t, x: t.hsplit(x, 2)),
    *rows("vsplit", of.even_rows, **FLAT, call=lambda t, x: t.vsplit(x, 2)),
    *rows("dsplit", of.even_depth, **FLAT, call=lambda t, x: t.dsplit(x, [1])),
    *rows("block_diag", of.blocks, **FLAT),
    *rows("cartesian_prod", of.vectors, **FLAT),
    *rows("combinations", of.one_vector, **FLAT),
    *rows(
        "Tensor.sum_to_size", of.of_rank_one_or_more, **FLAT,
        call=lambda t, x: x.sum_to_size(*x.shape[-1:]),
    ),
    *rows("Tensor.__reversed__", of.elementwise, **FLAT),
]
LAYERS = [
    *layers("channel_shuffle", of.shuffled, dtypes=ANY, **FLAT),
    *rows("channel_shuffle", of.shuffled, **FLAT),
    *layers("pdist", of.one_set_of_points, **FLAT),
    *rows("pdist", of.one_set_of_points, dtypes=FLOATS, **FLAT),
    *rows(
        "nn.functional.rrelu", of.elementwise, dtypes=FLOATS, **FLAT,
        call=lambda t, x: t.nn.functional.rrelu(x, training=False),
    ),
    *layers("local_response_norm", of.channels_of_neighbours),
    *layers("lp_pool1d", of.powers(1)),
    *layers("lp_pool2d", of.powers(2)),
    *rows(
        "nn.functional.max_unpool1d", of.places_of_the_largest(1), dtypes=FLOATS, **FLAT,
        call=lambda t, x: unpooled(t, x, 1),
    ),
    *rows(
        "nn.functional.max_unpool2d", of.places_of_the_largest(2), dtypes=FLOATS, **FLAT,
        call=lambda t, x: unpooled(t, x, 2),
    ),
    *rows(
        "nn.functional.multilabel_margin_loss", of.scores_and_some_classes, dtypes=FLOATS, **FLAT,
        call=with_constants("multilabel_margin_loss", 1),
    ),
    *layers("multilabel_soft_margin_loss", of.scores_and_labels),
    *layers("triplet_margin_with_distance_loss", of.triplets),
]
RARE = [*SECOND_NAMES, *ELEMENTWISE, *REDUCTIONS, *PARTS, *LAYERS]
