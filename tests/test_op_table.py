"""Every operation has a row in the table, and every row equals PyTorch's operation."""  # beyond

from types import ModuleType

import pytest

import dark
from against_torch import check_op, curved, needs_torch, torch
from drawn_calls import SINGLE, forms, laid_out, outcome, same, same_error, tensors_of
from op_rows import DTYPES
from op_table import TABLE

BY_NAME = {row.name: row for row in TABLE}

# What is no function of tensors with numbers to compare, or is compared elsewhere.
WITHOUT_ROW = {
    "made of numbers": """
        arange as_tensor asarray broadcast_shapes empty empty_like eye from_dlpack from_numpy full
        full_like linspace logspace ones ones_like scalar_tensor tensor tril_indices triu_indices zeros
        zeros_like Tensor.new_empty Tensor.new_full Tensor.new_ones Tensor.new_tensor Tensor.new_zeros
    """,
    "random": """
        alpha_dropout bernoulli feature_alpha_dropout multinomial nn.functional.alpha_dropout
        nn.functional.feature_alpha_dropout nn.functional.gumbel_softmax normal poisson rand rand_like
        randint randint_like randn randn_like randperm Tensor.bernoulli Tensor.bernoulli_ Tensor.cauchy_
        Tensor.exponential_ Tensor.geometric_ Tensor.log_normal_ Tensor.multinomial Tensor.normal_
        Tensor.random_ Tensor.uniform_
    """,
    "a question about a tensor, or about types": """
        can_cast get_device is_complex is_floating_point is_nonzero is_signed is_tensor numel
        promote_types result_type Tensor.__array__ Tensor.__bool__ Tensor.__complex__ Tensor.__contains__
        Tensor.__float__ Tensor.__format__ Tensor.__hash__ Tensor.__index__ Tensor.__int__ Tensor.__iter__
        Tensor.__len__ Tensor.data_ptr Tensor.dim Tensor.element_size Tensor.get_device Tensor.is_complex
        Tensor.is_contiguous Tensor.is_floating_point Tensor.is_nonzero Tensor.is_pinned
        Tensor.is_same_size Tensor.is_set_to Tensor.is_signed Tensor.item Tensor.itemsize
        Tensor.ndimension Tensor.nelement Tensor.numel Tensor.numpy Tensor.size Tensor.stride
        Tensor.tolist
    """,
    "another type or place for the same numbers": """
        Tensor.__array_function__ Tensor.__array_ufunc__ Tensor.__deepcopy__ Tensor.__dlpack__
        Tensor.__dlpack_device__ Tensor.bool Tensor.byte Tensor.char Tensor.cpu Tensor.cuda Tensor.double
        Tensor.float Tensor.half Tensor.int Tensor.long Tensor.pin_memory Tensor.short Tensor.to
        Tensor.type Tensor.type_as
    """,
    "part of the engine": """
        enable_grad inference_mode is_grad_enabled is_inference_mode_enabled no_grad set_grad_enabled
        Tensor.__getstate__ Tensor.__new__ Tensor.__setstate__ Tensor.backward Tensor.detach_
        Tensor.register_hook Tensor.register_post_accumulate_grad_hook Tensor.requires_grad_
        Tensor.retain_grad Tensor.share_memory_
    """,
    "a switch, a file, a number of threads": """
        get_default_device get_default_dtype get_float32_matmul_precision get_num_threads get_rng_state
        initial_seed load manual_seed save seed set_default_device set_default_dtype
        set_float32_matmul_precision set_num_threads set_printoptions set_rng_state
    """,
    "a change in place, in other tests": """
        Tensor.apply_ Tensor.copy_ Tensor.fill_ Tensor.fill_diagonal_ Tensor.map_ Tensor.zero_
    """,
}


def operations():
    """The public functions of tensors, by name."""
    for prefix, owner in (("", dark), ("nn.functional.", dark.nn.functional), ("Tensor.", dark.Tensor)):
        yield from of_owner(prefix, owner)
    if hasattr(dark, "linalg"):
        yield from of_owner("linalg.", dark.linalg)


def of_owner(prefix, owner):
    inherited = set(dir(object))
    for name in dir(owner):
        value = getattr(owner, name)
        special = name.startswith("__") and name in inherited and not name.startswith("__ne")
        known = isinstance(value, (ModuleType, type)) or not callable(value) or special
        if not known and not (name.startswith("_") and not name.startswith("__")):
            yield prefix + name


WITH_ASSIGNMENT = (
    "add", "and", "floordiv", "lshift", "mod", "mul", "or", "pow", "rshift", "sub", "truediv", "xor",
)  # fmt: skip
IN_PLACE = {f"__i{m}__": f"__{m}__" for m in WITH_ASSIGNMENT}


def row_of(name):
    """The names under which an operation may stand in the table: a method under its function's."""
    method = name.removeprefix("Tensor.")
    stem = method.removesuffix("_") if not method.endswith("__") else f"Tensor.{IN_PLACE.get(method)}"
    return {name, method, stem, f"nn.functional.{stem}", f"linalg.{stem}"}


@pytest.mark.parametrize("name", sorted(set(operations())))
def test_every_operation_has_a_row(name):
    exceptions = {other for names in WITHOUT_ROW.values() for other in names.split()}
    rows = {row.operation for row in TABLE}
    assert row_of(name) & rows or name in exceptions, f"no row of tests/op_table.py is about {name}"


def test_no_row_is_there_twice():
    assert len(BY_NAME) == len(TABLE)


# PyTorch has no derivative of their gradients.
WITHOUT_SECOND = {"cdist", "pdist", *(f"nn.functional.{name}" for name in (
    "hardsigmoid", "multi_margin_loss", "multilabel_margin_loss", "pdist",
))}  # fmt: skip


@needs_torch
@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
@pytest.mark.parametrize("name", BY_NAME)
def test_values_and_derivatives_of_a_row(name):
    row, compared = BY_NAME[name], 0
    for arrays, options in row.cases("float64" if "f" in row.dtypes else "int64"):
        mine, theirs = both(row.function, arrays, options)
        if isinstance(theirs, Exception):  # as where no element is the largest
            assert same_error(mine, theirs), f"{mine!r:.200}, PyTorch: {theirs!r:.200}"
            continue
        compared += 1
        constants = arrays[1:] if hasattr(row.function, "constants") else []

        def call(t, *xs, options=options, constants=constants):
            return row.function(t, *xs, *map(t.tensor, constants), **options)

        arrays, options = arrays[: len(arrays) - len(constants)], {"rtol": 1e-7, "atol": 1e-9}
        check_op(call, *arrays, gradients=row.gradient, second=row.second, **options)
        if row.gradient and not row.second and row.operation not in WITHOUT_SECOND:
            check_op(curved(call), *arrays, differences=False, **options)
    assert compared


@needs_torch
@pytest.mark.parametrize("name", BY_NAME)
def test_types_of_a_row(name):
    row = BY_NAME[name]
    for dtype, kind in DTYPES.items():
        if dtype == "float64" and row.operation in SINGLE:
            continue
        cases = row.cases(dtype)
        outcomes = [both(row.function, arrays, options) for arrays, options in cases]
        for mine, theirs in outcomes:
            if isinstance(theirs, Exception):
                lacking = type(theirs) is NotImplementedError  # no kernel; Dark's code may do
                assert lacking or same_error(mine, theirs), f"{dtype}: {mine!r:.200}, {theirs!r:.200}"
            elif kind in row.dtypes or not isinstance(mine, Exception):
                assert not isinstance(mine, Exception), f"{dtype}: {mine!r:.200}"
                same(mine, theirs)
            else:
                assert row.operation in NARROWER, f"{dtype}: {mine!r:.200}"
        if kind in row.dtypes:
            assert not isinstance(outcomes[0][1], Exception), f"{dtype}: PyTorch does not take it"
        elif row.operation not in NARROWER and is_about(row, dtype):
            assert any(isinstance(theirs, Exception) for _, theirs in outcomes), f"{dtype}: PyTorch takes it"


def is_about(row, dtype):
    """Whether the row's inputs are of the type, where it is asked for."""
    types = [[a.dtype for a in row.cases(name)[0][0]] for name in (dtype, "float32", "float64")]
    return types[0] not in types[1 + (dtype == "float32") : 3 - (dtype == "float64")]


# PyTorch takes integers too, which none of these is for.
NARROWER = {f"nn.functional.{name}" for name in ("hardtanh", "relu6", "threshold", "softmin")}
NARROWER |= {prefix + name for prefix in ("", "nn.functional.") for name in ("log_softmax", "softmax")}


def both(function, arrays, options, form="function"):
    """What both sides return, or raise."""
    ours, theirs = (list(tensors_of(t, arrays, gradients=False)) for t in (dark, torch))
    return outcome(function, dark, ours, options, form), outcome(function, torch, theirs, options, form)


@needs_torch
@pytest.mark.parametrize("name", [row.name for row in TABLE if len(forms(row)) > 1])
def test_methods_of_a_row(name):
    row = BY_NAME[name]
    arrays, options = row.cases("float64" if "f" in row.dtypes else "int64")[0]
    for form in forms(row)[1:]:
        for layout in ("contiguous", "transposed"):
            mine, theirs = both(row.function, [laid_out(a, layout) for a in arrays], options, form)
            if isinstance(theirs, Exception):
                assert same_error(mine, theirs), f"{mine!r:.200}, PyTorch: {theirs!r:.200}"
            else:
                same(mine, theirs)
