"""Files: `save` and `load` nested structures of tensors and plain values, in the safetensors format.

Such a file is a header (JSON: the name, type, shape and place of every tensor) and the tensors' bytes. It
holds no code, so loading one runs none, and any program that reads safetensors finds the tensors, by names
such as "model.0.weight". How they were nested, and what is no tensor, stands in the header too, where others
ignore it.
"""  # dark-3

import contextlib
import json
import math
import os
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from . import dtypes
from .devices import CPU, chosen, device, device_of, to_device
from .tensor import Size, Tensor, method, wrap

STRUCTURE = "dark"  # the header's entry for what is not a tensor
ARRAY_TYPES = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
               "float16", "float32", "float64", "complex64")  # fmt: skip
CONTAINERS = {kind.__name__: kind for kind in (list, tuple, Size, dict, OrderedDict)}
EXACT_IN_JSON = 2**53  # integers beyond it are rounded by some readers of JSON
LONGEST_STRUCTURE = 40_000_000  # characters; a header above 100 MB can't be read, and it doubles quotes
READERS: dict[bytes, Callable] = {}  # of files of other kinds, by how they begin


def save(obj: Any, f: Any) -> None:
    """Write `obj` to the file `f`: a path, or a file object that takes bytes.

    `obj` is made of dicts, lists, tuples, tensors, parameters, NumPy arrays, numbers, strings, booleans,
    None, dtypes and devices. Tensors in the same memory are written once, and share it again when loaded.
    Of a tensor on a card the file says so, and holds the numbers.

    The new file takes the place of an old one when all of it is on the disk. Whatever goes wrong before,
    the old one stays as it was.
    """
    from safetensors.numpy import save as to_bytes

    packed = Packed(obj)
    structure = json.dumps(packed.structure)
    if len(structure) > LONGEST_STRUCTURE:
        raise ValueError(f"save: {len(structure):,} characters of plain values; put long lists into tensors")
    data = to_bytes(packed.arrays, {STRUCTURE: structure})
    if hasattr(f, "write"):
        f.write(data)
    else:
        replace_file(os.fsdecode(f), data)


def load(f: Any, map_location: Any = None, *, weights_only: bool = True) -> Any:
    """What `save` wrote to the file `f`: a path, or a file object that gives bytes.

    Tensors go back to the device they were saved on, or where `map_location` says: to one device, such as
    "cpu"; to other devices than they come from, {"cuda:0": "cuda:1"}; or each to what a function returns of
    it, for the tensor on the CPU and the name of the device it comes from (None: where it comes from).

    Of a safetensors file from elsewhere, a dict of its tensors. No code in a file is ever run, so
    `weights_only` can't be False. Raises RuntimeError where the file is damaged or of another kind.
    """
    if weights_only is False:
        raise ValueError("load: weights_only=False would run code that is in the file; Dark never does")
    if isinstance(map_location, (str, device)):
        chosen(map_location)  # raises where there is no such device
    if hasattr(f, "read"):
        return read(f.read(), getattr(f, "name", f"<{type(f).__name__}>"), map_location)
    with open(f, "rb") as file:
        return read(file.read(), os.fsdecode(f), map_location)


class Packed:
    """An object taken apart: its `arrays`, by readable names, and its `structure`, which JSON can say.

    What JSON doesn't know is a dict with one entry, from its kind to its contents: {"tuple": [1, 2]}.
    """

    def __init__(self, obj):
        self.arrays = {}
        self.places = {}  # where in memory an array lies: its name
        self.around = []  # the containers around the value at hand
        self.structure = self.pack(obj, ())

    def pack(self, value, path):
        """The structure of a value to which the keys in `path` lead."""
        kind = type(value)
        if value is None or kind in (bool, str):
            return value
        if kind is int:
            return value if abs(value) <= EXACT_IN_JSON else {"int": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if kind is dtypes.dtype:
            return {"dtype": value.name}
        if kind is device:
            return {"device": str(value)}
        if kind in CONTAINERS.values():
            return self.pack_container(value, path)
        if isinstance(value, Tensor):
            name = self.pack_array(value.array, path)
            wish = {"requires_grad": True} if value.requires_grad else {}
            place = {} if value.device == CPU else {"device": str(value.device)}
            return {"parameter" if is_parameter(value) else "tensor": name, **wish, **place}
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.name in ARRAY_TYPES:
            name = self.pack_array(np.asarray(value), path)
            return {"array" if isinstance(value, np.ndarray) else "scalar": name}
        raise TypeError(
            f"save: {expression(path)}: can't save a {kind}, only tensors, arrays of numbers, numbers, "
            "strings, booleans, None, dtypes, and dicts, lists and tuples of these"
        )

    def pack_container(self, value, path):
        """The structure of a list, tuple or dict; of a dict, as pairs, since its keys may be of any type."""
        if any(value is outer for outer in self.around):
            raise ValueError(f"save: {expression(path)} contains itself")
        self.around.append(value)
        if isinstance(value, dict):
            parts = [[self.pack(key, (*path, key)), self.pack(x, (*path, key))] for key, x in value.items()]
        else:
            parts = [self.pack(x, (*path, i)) for i, x in enumerate(value)]
        self.around.pop()
        return parts if type(value) is list else {type(value).__name__: parts}

    def pack_array(self, array, path):
        """The name by which the array is in the file."""
        where = device_of(array)
        memory = array.__array_interface__ if where == CPU else array.__cuda_array_interface__
        place = (where, memory["data"][0], array.shape, array.strides, array.dtype)
        if array.size and place in self.places:
            return self.places[place]
        readable = ".".join(str(key) for key in path) or "tensor"
        readable = name = readable.encode(errors="backslashreplace").decode()
        count = 1
        while name in self.arrays or name == "__metadata__":  # the format's own name for the metadata
            count += 1
            name = f"{readable}#{count}"
        array = to_device(array, CPU)
        self.arrays[name] = np.asarray(array, dtype=array.dtype.newbyteorder("="), order="C")
        self.places[place] = name
        return name


class Unpacked:
    """The object that a structure and its arrays describe."""

    def __init__(self, structure, arrays):
        self.arrays = arrays
        self.tensors = {}  # the same one for every place that had it
        self.object = self.unpack(structure)

    def unpack(self, value):
        """The value that was packed."""
        if isinstance(value, list):
            return [self.unpack(item) for item in value]
        if not isinstance(value, dict):
            return value
        kind, content = next(iter(value.items()), (None, None))
        if kind in ("int", "float"):
            return int(content, 16) if kind == "int" else float(content)
        if kind == "dtype":
            return dtypes.as_dtype(content)
        if kind == "device":
            return device(content)
        if kind in ("dict", "OrderedDict"):
            return CONTAINERS[kind]((self.unpack(key), self.unpack(item)) for key, item in content)
        if kind in ("tuple", "Size"):
            return CONTAINERS[kind](self.unpack(item) for item in content)
        if kind in ("array", "scalar"):
            return self.arrays[content] if kind == "array" else self.arrays[content][()]
        if kind in ("tensor", "parameter"):
            return self.unpack_tensor(
                kind, content, value.get("requires_grad", False), value.get("device", "cpu")
            )
        raise ValueError(f"unknown kind {kind!r}")

    def unpack_tensor(self, kind, name, requires_grad, place):
        """The tensor around the array of that name."""
        which = (kind, name, requires_grad, place)
        if which not in self.tensors:
            tensor = Tensor(self.arrays[name], requires_grad=requires_grad)
            if kind == "parameter":
                from .nn.parameter import Parameter

                tensor = Parameter(tensor, requires_grad)
            self.tensors[which] = tensor
        return self.tensors[which]

    def move(self, map_location):
        """Put each tensor on its device; those that share an array on one device share it there too."""
        moved = {}
        for (_, name, _, place), tensor in self.tensors.items():
            result = map_location(wrap(tensor.array), place) if callable(map_location) else None
            if result is not None:
                tensor.array = result.array
                continue
            target = target_of(place, map_location)
            if (name, target) not in moved:
                moved[name, target] = sent(tensor.array, place, target)
            tensor.array = moved[name, target]


def target_of(place, map_location):
    """The device for a tensor that comes from the device named `place`."""
    if isinstance(map_location, dict):
        return chosen(map_location.get(place, place))
    return device(place) if map_location is None or callable(map_location) else chosen(map_location)


def sent(array, place, target):
    """The array on a device; where there is no such device, RuntimeError says what to do."""
    try:
        return to_device(array, target)
    except RuntimeError as error:
        advice = f"a tensor of this file was on {place}; load(f, map_location='cpu') needs no card"
        raise RuntimeError(f"load: {advice} ({error})") from error


def read(data: bytes, name, map_location=None) -> Any:
    """The object in the bytes of a file; `name` is the file's, for errors."""
    for beginning, reader in READERS.items():  # the length that safetensors begins with may look so
        if data.startswith(beginning) and data[8:9] != b"{":
            return reader(data, name, map_location)
    from safetensors import SafetensorError
    from safetensors.numpy import load as arrays_of

    try:
        arrays = {key: np.require(array, requirements="W") for key, array in arrays_of(data).items()}
    except SafetensorError as error:
        raise RuntimeError(f"load: {name}: {diagnosis(data)} ({error})") from None
    except KeyError as error:
        raise RuntimeError(f"load: {name}: it has tensors of type {error}, which Dark doesn't know") from None
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    structure = header.get("__metadata__", {}).get(STRUCTURE)
    try:
        own = structure is not None
        elsewhere = {"dict": [[key, {"tensor": key}] for key in arrays]}
        unpacked = Unpacked(json.loads(structure) if own else elsewhere, arrays)
    except (AttributeError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise RuntimeError(
            f"load: {name}: its tensors are whole, but not the structure in its header ({error!r})"
        ) from error
    unpacked.move(map_location)
    return unpacked.object


def diagnosis(data: bytes) -> str:
    """What is wrong with the bytes of a file that is no safetensors file."""
    if not data:
        return "the file is empty"
    if data[:2] in (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return (
            "this is a zip or pickle file, such as torch.save writes, and unpickling could run any code. "
            "Convert it once where PyTorch is installed, and load the new file: "
            "safetensors.torch.save_file(torch.load(path, weights_only=True), new_path)"
        )
    return "the file is damaged, cut short, or not a safetensors file"


def replace_file(path: str, data: bytes) -> None:
    """Write a file under another name in the same folder, and give it its own name when it is complete."""
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):  # such as /dev/stdout
        with open(path, "wb") as file:
            file.write(data)
        return
    path = os.path.realpath(path)  # a link stays a link
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # the bytes reach the disk before the name does
        os.replace(temporary, path)
    except OSError as error:
        reason = f"save: {error.strerror or error}; a file that was there before is unchanged"
        raise OSError(error.errno, reason, path) from error
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def expression(path) -> str:
    """How Python would reach the value to which these keys lead."""
    return "obj" + "".join(f"[{key!r}]" for key in path)


def is_parameter(tensor: Tensor) -> bool:
    """Whether the tensor is a parameter of a module."""
    from .nn.parameter import Parameter

    return isinstance(tensor, Parameter)


@method
def __getstate__(self):
    """What a copy or a pickle of a tensor keeps; gradients and hooks belong to the original."""
    if self.node is not None:
        raise RuntimeError("only leaf tensors can be pickled or copied; use detach() first")
    kept = {name: value for name, value in vars(self).items() if name not in ("_grad", "hooks", "_counter")}
    return kept if self.device == CPU else kept | {"device": str(self.device)}


@method
def __setstate__(self, state):
    """What `__getstate__` has kept becomes a tensor on the same device."""
    place = state.pop("device", None)
    vars(self).update(state)
    if place is not None:
        self.array = to_device(self.array, device(place))
