"""`export`: a model as an ONNX file, which other programs run."""  # beyond

import os
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..nn import Module
from ..random import generator as random_generator
from ..serialization import replace_file
from ..tensor import Tensor
from .axes import Inputs
from .graph import Graph, Value, onnx_package
from .runs import Changing, Runs, Size, changes
from .tracing import OnnxExporterError, Recorder, Reference, located, recording
from .translations import TRANSLATIONS

# The first (2022) in which all reductions take their dimensions alike; every runtime in use reads it.
OPSET = 18


class ONNXProgram:
    """An exported model: `model_proto` is what the package onnx makes of it, `save` writes the file."""

    def __init__(self, model_proto):
        self.model_proto = model_proto

    def save(self, destination: Any) -> None:
        """Write the model to a path, whole or not at all, or to a file object that takes bytes."""
        data = self.model_proto.SerializeToString()
        if hasattr(destination, "write"):
            destination.write(data)
        else:
            replace_file(os.fsdecode(destination), data)


def export(
    model: Module,
    args: Any = (),
    f: Any = None,
    *,
    kwargs: Mapping[str, Any] | None = None,
    input_names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    opset_version: int | None = None,
    dynamo: bool = True,
    dynamic_shapes: Any = None,
    export_params: bool = True,
    dynamic_axes: Any = None,
    do_constant_folding: bool = True,
) -> ONNXProgram:
    """Write `model`, as it computes in evaluation, to the file `f` in the format ONNX; return it, too.

    `args` and `kwargs` are an example of what the model takes: its tensors become inputs of the file, all
    else stays as it is there. Shapes stay those of the example but for dynamic axes, which get names:
    `dynamic_axes={"x": {0: "batch"}}` by the inputs' names in the file, `dynamic_shapes={"x": {0: "batch"}}`
    or `({0: "batch"},)` by the parameters of `forward`. Axes that are equal share a name. Without
    `export_params`, parameters and buffers are inputs as well, under their names in `state_dict`.
    `dynamo` and `do_constant_folding` choose among PyTorch's ways to the same file; here is but one.

    The model runs several times, on inputs of other values and sizes, and its operations (the names are in
    `dark.onnx.OPERATIONS`) are translated one by one. What differs from run to run without an operation
    having made it can't be translated, nor can changes in place, nor some operations. OnnxExporterError says
    what it is, and where.
    """
    onnx = onnx_package()
    opset = OPSET if opset_version is None else opset_version
    latest = onnx.defs.onnx_opset_version()
    if not OPSET <= opset <= latest:
        raise ValueError(f"onnx.export: opset_version is from {OPSET} to {latest}, not {opset}")
    if not isinstance(model, Module):
        raise TypeError(f"onnx.export: expected a Module, not {type(model).__name__}")
    inputs = Inputs(model, args, kwargs, input_names)
    dynamic = inputs.dynamic(dynamic_axes, dynamic_shapes)
    state = parameters_and_buffers(model)
    taken = set(inputs.names) & set(state)
    if taken:
        raise ValueError(f"onnx.export: {sorted(taken)} are names of parameters; give other input_names")

    runs, outputs, names = run_all(model, inputs, inputs.variants(dynamic), state)
    names = output_names_of(names, output_names)
    unknown = set(dynamic) - {*inputs.names, *names}
    if unknown:
        raise ValueError(
            f"onnx.export: dynamic_axes has {sorted(unknown)}; there are {inputs.names} and {names}"
        )
    graph = translated(runs, outputs, names, inputs, dynamic, state)
    program = ONNXProgram(file_of(graph, runs, outputs, names, inputs, dynamic, state, opset, export_params))
    onnx.checker.check_model(program.model_proto)
    if f is not None:
        program.save(f)
    return program


def parameters_and_buffers(model):
    """{name: array}; what has several names has the first."""
    tensors = [*model.named_parameters(), *model.named_buffers()]
    return {name: tensor.array for name, tensor in tensors}


def run_all(model, inputs, variants, state):
    """Run the model on all variants of its inputs: (what ran, its outputs in every run, their own names)."""
    modes = [(module, module.training) for module in model.modules()]
    generator = random_generator.get_rng_state()
    calls, outputs = [], []
    try:
        model.eval()
        for sizes, arrays in variants:
            recorder = Recorder({**state, **arrays})
            with recording(recorder, model), told(sizes, variants[0][0]):
                found = flattened(inputs.call(model, arrays))
            calls.append(recorder.calls)
            outputs.append([(recorder.noted(x), x.array) for _, x in found])
    finally:
        for module, training in modes:
            module.training = training
        random_generator.set_rng_state(generator)
    runs = Runs([sizes for sizes, _ in variants], calls)
    if len(set(map(len, outputs))) > 1:
        raise OnnxExporterError("onnx.export: the model has not the same number of outputs for other inputs")
    return runs, outputs, [name for name, _ in found]


@contextmanager
def told(sizes, first):
    """Say of a model's error with which sizes of the dynamic axes it came, if not those of the example."""
    try:
        yield
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        if sizes == first or str(error).startswith("onnx.export: "):
            raise
        raise OnnxExporterError(
            f"onnx.export: the model does not run when its dynamic axes are changed to {sizes}: {error}. "
            "Axes that are equal share a name; leave one fixed that can't change"
        ) from error


def flattened(output, name="output"):
    """[(name, tensor)] of what a model returns: a tensor, or tuples, lists and dicts of them."""
    if isinstance(output, Tensor):
        return [(name, output)]
    if isinstance(output, dict):
        return [pair for key, x in output.items() for pair in flattened(x, str(key))]
    if isinstance(output, (tuple, list)):
        return [pair for i, x in enumerate(output) for pair in flattened(x, f"{name}_{i}")]
    if output is None:
        return []
    raise TypeError(f"onnx.export: the model returns a {type(output).__name__}, not a tensor")


def output_names_of(own, given):
    """The outputs' names in the file."""
    given = list(given or ())
    if len(given) > len(own):
        raise ValueError(f"onnx.export: output_names {given} for {len(own)} outputs")
    return given + own[len(given) :]


def translated(runs, outputs, names, inputs, dynamic, state):
    """The graph of all calls that the outputs need."""
    first = runs.calls[0]
    axes = {axis: (name, dim) for name in inputs.names for dim, axis in dynamic[name].items()}
    graph = Graph(axes)
    graph.names |= {*inputs.names, *state, *names}
    shapes = {name: runs.merged([tuple(x) for x in input_shapes(runs, inputs, dynamic, name)])
              for name in inputs.names}  # fmt: skip
    values: dict[Any, Value] = {name: Value(name, inputs.arrays[name], shapes[name]) for name in inputs.names}
    values |= {name: Value(name, array, array.shape) for name, array in state.items()}

    for k in needed(first, [reference for reference, _ in outputs[0]]):
        call = first[k]
        every = [run[k] for run in runs.calls]
        arguments = {
            name: with_values(runs.merged([c.arguments[name] for c in every]), values)
            for name in call.arguments
        }
        shape = runs.merged([c.result.shape for c in every])
        if not isinstance(shape, tuple):
            runs.fail(k)
        graph.layer, graph.call, graph.result = call.layer, call.name, Value("", call.result, shape)
        name = graph.named(translate(graph, call, arguments))
        values[k] = Value(name, call.result, shape)

    graph.layer, computed = "", {name for node in graph.nodes for name in node.output}
    for i, name in enumerate(names):
        output = with_values(runs.merged([run[i][0] for run in outputs]), values)
        if isinstance(output, Changing):
            raise OnnxExporterError(
                f"onnx.export: output {name!r} is not computed from the input by Dark's operations, and yet "
                "not the same for other inputs: it is random, or made from numbers that left the tensors"
            )
        found = graph.named(output)
        if found not in computed:  # an input, a parameter, a constant, or what is an output already
            graph.nodes.append(graph.onnx.helper.make_node("Identity", [found], [name]))
            continue
        computed.remove(found)
        graph.rename(found, name)
        for value in values.values():
            value.name = name if value.name == found else value.name
    return graph


def input_shapes(runs, inputs, dynamic, name):
    """An input's shape in every run."""
    own = inputs.arrays[name].shape
    return [[sizes[dynamic[name][d]] if d in dynamic[name] else n for d, n in enumerate(own)]
            for sizes in runs.axes]  # fmt: skip


def needed(calls, outputs):
    """The numbers of the calls that the outputs are computed from, in order."""
    found, waiting = set(), list(outputs)
    while waiting:
        x = waiting.pop()
        if isinstance(x, Reference):
            if isinstance(x.of, int) and x.of not in found:
                found.add(x.of)
                waiting += calls[x.of].arguments.values()
        elif isinstance(x, tuple):
            waiting += x
    return sorted(found)


def with_values(x, values):
    """Nested tuples with a Value for every Reference."""
    if isinstance(x, Reference):
        return values[x.of]
    if type(x) is tuple:
        return tuple(with_values(part, values) for part in x)
    return x


def translate(graph, call, arguments):
    """The name of the result of a call's nodes; errors say where the call is."""
    where = located(call.layer, call.line)
    if call.name not in TRANSLATIONS:
        raise OnnxExporterError(
            f"onnx.export: {where}: {call.name.strip('_')} has no translation; "
            "dark.onnx.OPERATIONS lists what has one"
        )
    translation, follows = TRANSLATIONS[call.name]
    for name, x in arguments.items():
        if changes(x) and name not in follows:
            raise OnnxExporterError(
                f"onnx.export: {where}: {call.name}: {name} is not the same for other inputs: it depends on "
                "their values or on the length of a dynamic axis, or is random; the file could hold that of "
                "the example only"
            )
    try:
        return translation(graph, **arguments)
    except ValueError as error:
        raise OnnxExporterError(f"onnx.export: {where}: {call.name}: {error}") from error


def file_of(graph, runs, outputs, names, inputs, dynamic, state, opset, export_params):
    """The whole model as the package onnx has it."""
    helper = graph.onnx.helper

    def described(name, dtype, shape):
        return helper.make_tensor_value_info(name, graph.code(dtype), shape)

    used = {name for node in graph.nodes for name in node.input}
    state = {name: array for name, array in state.items() if name in used}
    ins = [
        described(name, x.dtype, [dynamic[name].get(d, n) for d, n in enumerate(x.shape)])
        for name, x in inputs.arrays.items()
    ]
    outs = []
    for i, name in enumerate(names):
        arrays = [run[i][1] for run in outputs]
        shape = runs.merged([x.shape for x in arrays])
        if not isinstance(shape, tuple):
            raise OnnxExporterError(
                f"onnx.export: {name} has not the same number of dimensions for other inputs"
            )
        lengths = [dynamic.get(name, {}).get(d, axis_of(n)) for d, n in enumerate(shape)]
        outs.append(described(name, arrays[0].dtype, lengths))
    if export_params:
        for name, array in state.items():
            graph.constant(array, name)
    else:
        ins += [described(name, array.dtype, array.shape) for name, array in state.items()]
    body = helper.make_graph(graph.nodes, "main_graph", ins, outs, graph.initializers)
    opsets = [helper.make_opsetid("", opset)]
    return helper.make_model(
        body, opset_imports=opsets, ir_version=helper.find_min_ir_version_for(opsets), producer_name="dark"
    )


def axis_of(length):
    """A length of an output: a number, the name of a dynamic axis, or None where it is another."""
    if not isinstance(length, Size):
        return int(length)
    single = length.factors is not None and length.constant == 0 and list(length.factors.values()) == [1]
    return next(iter(length.factors)) if single else None
