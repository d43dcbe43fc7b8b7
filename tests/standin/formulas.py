"""cupy.ElementwiseKernel and ReductionKernel: a loop around a formula in CUDA C++, compiled for the CPU.
"""  # beyond

import ctypes
import re

import numpy as np

from . import host_shim
from .arrays import SCALARS, changed, fresh, ndarray, on_current, unfilled
from .kernels import Guarded, only_what_nvrtc_has
from .state import state

made = []  # every kernel of this file, for tests that look at all of them

NAMES = {
    "float64": "double", "float32": "float", "float16": "float16", "int64": "long long", "int32": "int",
    "int16": "short", "int8": "signed char", "uint64": "unsigned long long", "uint32": "unsigned int",
    "uint16": "unsigned short", "uint8": "unsigned char", "bool": "bool",
}  # fmt: skip


class Parameter:
    """A name and its type, "T x", "raw T y" or "int32 n"; what a letter stands for the arguments decide."""

    def __init__(self, text):
        words = text.split()
        if len(words) < 2:
            raise Exception(f"Syntax error: {text}")
        kind, self.name = words[-2:]
        self.dtype = None if len(kind) == 1 else np.dtype(kind)
        self.ctype = kind if self.dtype is None else NAMES[self.dtype.name]
        self.raw = "raw" in words[:-2]
        if set(words[:-2]) - {"raw"}:
            raise Exception(f'Unknown keyword "{words[0]}"')


def parameters(text):
    return [Parameter(part) for part in text.strip().split(",")] if text else []


class Formula:
    """What both kinds of kernels share: parameters, types, and a call of what was compiled."""

    def __init__(self, in_params, out_params, name, preamble):
        if not re.fullmatch(r"[a-zA-Z_]\w*", name):
            raise ValueError(f'Invalid kernel name: "{name}"')
        self.ins, self.outs = parameters(in_params), parameters(out_params)
        self.in_params, self.out_params = tuple(self.ins), tuple(self.outs)
        self.nin, self.nout = len(self.ins), len(self.outs)
        self.nargs = self.nin + self.nout
        self.name = self.__name__ = name
        self.preamble = preamble
        self._compiled = {}
        made.append(self)

    def _operands(self, args):
        """The arguments, each an array of the current card or a number."""
        if len(args) not in (self.nin, self.nargs):
            raise TypeError(
                f"Wrong number of arguments for {self.name!r}. It must be either {self.nin} or {self.nargs} "
                f"(with outputs), but given {len(args)}."
            )
        for x in args:
            if type(x) is ndarray:
                on_current(x)
            elif not isinstance(x, SCALARS):
                raise TypeError(f"Unsupported type {type(x)}")
        for x in args[self.nin :]:
            if type(x) is not ndarray:
                raise TypeError("Output arguments type must be cupy.ndarray")
        return args[: self.nin], list(args[self.nin :])

    def _types(self, ins, outs):
        """The dtype of each parameter and each letter. Arrays decide, and have to agree; numbers follow."""
        letters = {}
        for p, x in [*zip(self.outs, outs), *zip(self.ins, ins)]:
            if type(x) is not ndarray:
                continue
            wanted = letters.setdefault(p.ctype, x.dtype) if p.dtype is None else p.dtype
            if wanted != x.dtype:
                raise TypeError(f"Type is mismatched. {p.name} {x.dtype} {wanted} {p.ctype}")
        missing = [p for p in (*self.ins, *self.outs) if p.dtype is None and p.ctype not in letters]
        if missing:
            raise KeyError(f"{self.name}: no array decides what {missing[0].ctype} of {missing[0].name!r} is")
        chosen = [letters[p.ctype] if p.dtype is None else p.dtype for p in (*self.ins, *self.outs)]
        return chosen[: self.nin], chosen[self.nin :], letters

    def _declared(self, operands):
        """The C++ that unpacks the arguments; a scalar is a value, an array has its strides."""
        text = []
        for number, (p, is_array) in enumerate(operands):
            const = "const " if p in self.ins else ""
            if is_array:
                text.append(
                    f"{const}CArray<{p.ctype}> {'' if p.raw else '_raw_'}{p.name}"
                    f"{{(char *)data[{number}], (int)ndims[{number}], shapes[{number}], strides[{number}]}};"
                )
            else:
                text.append(f"{const}{p.ctype} {p.name} = *({p.ctype} *)data[{number}];")
        return "\n".join(text)

    def _library(self, letters, operands, body):
        """What is compiled for these types."""
        key = (tuple(sorted((letter, dtype.name) for letter, dtype in letters.items())),
               tuple(is_array for _, is_array in operands))  # fmt: skip
        if key not in self._compiled:
            typedefs = "".join(f"typedef {NAMES[name]} {letter};\n" for letter, name in key[0])
            only_what_nvrtc_has(self.preamble + body)
            text = (
                f'#line 1 "{self.name}"\n{typedefs}{self.preamble}\n'
                'extern "C" void run(void **data, const ptrdiff_t *ndims, const ptrdiff_t **shapes, '
                "const ptrdiff_t **strides, ptrdiff_t indices, const ptrdiff_t *loop, ptrdiff_t outer, "
                f"const ptrdiff_t *outer_shape) {{\n{self._declared(operands)}\n{body}\n}}\n"
            )
            self._compiled[key] = host_shim.library(text).run
        return self._compiled[key]

    def _launch(self, function, operands, values, loop, outer=()):
        """Call it: arrays by their memory, numbers by their bytes. `loop` is the shape it runs through."""
        guard = any(p.raw for p, is_array in operands if is_array)
        arrays = [x for x in values if type(x) is Strided]

        def run():
            with host_shim.one_at_a_time, Guarded(arrays if guard else [], self.name) as guarded:
                count = len(values)
                address = [
                    x.ctypes.data if type(x) is not Strided
                    else guarded.address(x) if guard else x._array.ctypes.data
                    for x in values
                ]  # fmt: skip
                shaped = [x._array if type(x) is Strided else np.empty(()) for x in values]
                whole = ctypes.c_ssize_t
                shapes = [(whole * max(1, x.ndim))(*x.shape) for x in shaped]
                strides = [(whole * max(1, x.ndim))(*x.strides) for x in shaped]
                pointers = ctypes.c_void_p * max(1, count)
                function(
                    pointers(*address), (whole * max(1, count))(*[x.ndim for x in shaped]),
                    pointers(*[ctypes.addressof(x) for x in shapes]),
                    pointers(*[ctypes.addressof(x) for x in strides]),
                    whole(len(loop)), (whole * max(1, len(loop)))(*loop),
                    whole(len(outer)), (whole * max(1, len(outer)))(*outer),
                )  # fmt: skip

        changed(run)


class Strided:
    """An array as a kernel sees it: broadcast, with its axes in the kernel's order."""

    __slots__ = ("_array", "size")

    def __init__(self, array):
        self._array, self.size = array, array.size


def elements(params, index):
    """The C++ that names each array's element at an index."""
    return "\n".join(
        f"{'const ' if const else ''}{p.ctype} &{p.name} = _raw_{p.name}[{index}.get()];"
        for p, const in params
    )


class ElementwiseKernel(Formula):
    """cupy.ElementwiseKernel: the formula for each element of arrays that are broadcast together."""

    __module__ = "cupy"

    def __init__(
        self, in_params, out_params, operation, name="kernel", reduce_dims=True, preamble="", no_return=False,
        return_tuple=False, *, options=(), loop_prep="", after_loop="",
    ):  # fmt: skip
        super().__init__(in_params, out_params, name, preamble)
        if "i" in [p.name for p in (*self.ins, *self.outs)]:
            raise ValueError("Can not use 'i' as a parameter name")
        self.operation, self.no_return, self.return_tuple = operation, no_return, return_tuple
        self.reduce_dims, self.options = reduce_dims, options
        self.loop_prep, self.after_loop = loop_prep, after_loop

    def __call__(self, *args, size=None, stream=None, block_size=128):
        ins, outs = self._operands(args)
        operands = zip((*self.ins, *self.outs), (*ins, *outs))
        looped = [x for p, x in operands if type(x) is ndarray and not p.raw]
        if size is not None and looped:
            raise ValueError("Specified 'size' can be used only if all of the ndarray are 'raw'.")
        if size is None and not looped:
            raise ValueError("Loop size is undecided.")
        in_types, out_types, letters = self._types(ins, outs)
        shape = (int(size),) if size is not None else np.broadcast_shapes(*(x.shape for x in looped))
        if not outs:
            if any(p.raw for p in self.outs) and size is None:
                raise ValueError("Output array size is Undecided")
            outs = [fresh(unfilled(np.empty(shape, dtype))) for dtype in out_types]
        for p, x in zip(self.outs, outs):
            if not p.raw and x.shape != shape:
                raise ValueError("Out shape is mismatched")
        if 0 not in shape:
            self._run(ins, outs, in_types, letters, shape)
        if self.no_return:
            return None
        return outs[0] if self.nout == 1 and not self.return_tuple else tuple(outs)

    def _run(self, ins, outs, in_types, letters, shape):
        operands = [(p, type(x) is ndarray) for p, x in zip((*self.ins, *self.outs), (*ins, *outs))]
        named = [(p, p in self.ins) for p, is_array in operands if is_array and not p.raw]
        body = (
            f"CIndexer _ind((int)indices, loop);\n{self.loop_prep};\n"
            "for (ptrdiff_t _turn = 0; _turn < _ind.size(); _turn++) {\n"
            "ptrdiff_t i = _ind.size() - 1 - _turn;\n_ind.set(i);\n"  # backwards: as good as any order
            f"{elements(named, '_ind')}\n{self.operation};\n}}\n"
            f"{self.after_loop};"
        )
        if host_shim.waits(body):
            raise NotImplementedError(f"{self.name}: in the stand-in no element waits for another")
        function = self._library(letters, operands, body)
        values = []
        for p, x, dtype in zip((*self.ins, *self.outs), (*ins, *outs), (*in_types, *(y.dtype for y in outs))):
            if type(x) is not ndarray:
                values.append(np.array(x, dtype))
            else:
                values.append(Strided(x._array if p.raw else np.broadcast_to(x._array, shape)))
        self._launch(function, operands, values, shape)


class ReductionKernel(Formula):
    """cupy.ReductionKernel: a formula for each element, and one that joins two results into one."""

    __module__ = "cupy"

    def __init__(
        self, in_params, out_params, map_expr, reduce_expr, post_map_expr, identity, name="reduce_kernel",
        reduce_type=None, reduce_dims=True, preamble="", options=(),
    ):  # fmt: skip
        super().__init__(in_params, out_params, name, preamble)
        if self.nout != 1:
            raise ValueError("The number of outputs of a reduction kernel is one")
        self.map_expr, self.reduce_expr, self.post_map_expr = map_expr, reduce_expr, post_map_expr
        self.identity = "" if identity is None else str(identity)
        self.reduce_type = self.outs[0].ctype if reduce_type is None else reduce_type
        self.reduce_dims, self.options = reduce_dims, options

    def __call__(self, *args, out=None, axis=None, keepdims=False, stream=None):
        ins, outs = self._operands(args)
        if out is not None:
            if outs:
                raise ValueError("cannot specify 'out' as both a positional and keyword argument")
            outs = [out]
        in_types, out_types, letters = self._types(ins, outs)
        looped = [x for p, x in zip(self.ins, ins) if type(x) is ndarray and not p.raw]
        if not looped:
            raise ValueError("Loop size is undecided.")
        shape = np.broadcast_shapes(*(x.shape for x in looped))
        ndim = len(shape)
        axes = range(ndim) if axis is None else [axis] if isinstance(axis, int) else axis
        reduced = tuple(sorted(np.lib.array_utils.normalize_axis_index(a, ndim) for a in axes))
        kept = tuple(a for a in range(ndim) if a not in reduced)
        small = tuple(shape[a] for a in kept)
        out_shape = tuple(1 if a in reduced else n for a, n in enumerate(shape)) if keepdims else small
        if not outs:
            outs = [fresh(unfilled(np.empty(out_shape, out_types[0])))]
        if outs[0].shape != out_shape:
            raise ValueError("Out shape is mismatched")
        if not outs[0].size:
            return outs[0]
        if self.identity == "" and 0 in shape:
            raise ValueError(f"zero-size array to reduction operation {self.name} which has no identity")
        order = reduced + kept
        if order != tuple(range(ndim)) and any(p.raw for p in (*self.ins, *self.outs)):
            raise NotImplementedError("Illegal conditions")
        values = []
        for p, x, dtype in zip(self.ins, ins, in_types):
            if type(x) is not ndarray:
                values.append(np.array(x, dtype))
            else:
                values.append(
                    Strided(x._array if p.raw else np.broadcast_to(x._array, shape).transpose(order))
                )
        values.append(Strided(outs[0]._array.reshape(small)))
        operands = [(p, type(x) is ndarray) for p, x in zip((*self.ins, *self.outs), (*ins, *outs))]
        named = [(p, True) for p, is_array in operands if is_array and not p.raw and p in self.ins]
        function = self._library(letters, operands, self._body(named))
        self._launch(function, operands, values, tuple(shape[a] for a in order), small)
        return outs[0]

    def _body(self, named):
        """Four strands, each from the identity on, joined at the end: a card does so with hundreds."""
        return (
            f"#define REDUCE(a, b) ({self.reduce_expr})\n#define POST_MAP(a) ({self.post_map_expr})\n"
            f"typedef {self.reduce_type} _type_reduce;\n"
            "CIndexer _in_ind((int)indices, loop), _out_ind((int)outer, outer_shape);\n"
            "const ptrdiff_t _depth = _in_ind.size() / _out_ind.size();\n"
            "for (ptrdiff_t _i = 0; _i < _out_ind.size(); _i++) {\n"
            f"_type_reduce _strand[4] = {{{', '.join([f'_type_reduce({self.identity})'] * 4)}}};\n"
            "for (ptrdiff_t _J = 0; _J < _depth; _J++) {\n"
            f"_in_ind.set(_i + _J * _out_ind.size());\n{elements(named, '_in_ind')}\n"
            f"_type_reduce _a = static_cast<_type_reduce>({self.map_expr});\n"
            "_strand[_J % 4] = REDUCE(_strand[_J % 4], _a);\n}\n"
            "_type_reduce _x = REDUCE(_strand[0], _strand[2]), _y = REDUCE(_strand[1], _strand[3]);\n"
            "_type_reduce _s = REDUCE(_x, _y);\n"
            f"_out_ind.set(_i);\n{elements([(self.outs[0], False)], '_out_ind')}\nPOST_MAP(_s);\n}}"
        )


__all__ = ["ElementwiseKernel", "ReductionKernel", "state"]
