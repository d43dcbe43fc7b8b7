"""Reads PyTorch's files: the zip archives of torch.save, and the files of before PyTorch 1.6."""  # beyond

import io
import math
import struct
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import dtypes
from ..devices import device
from ..nn.parameter import Parameter
from ..serialization import sent, target_of
from ..tensor import Size, Tensor, wrap
from .pickles import Called, Refused, keys, unpickled

OLD_MAGIC = 0x1950A86A20F9469CFC6C
STORAGES = {  # PyTorch's classes of storages, and the types of their numbers
    "DoubleStorage": "float64", "FloatStorage": "float32", "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16", "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16",
    "CharStorage": "int8", "ByteStorage": "uint8", "BoolStorage": "bool",
}  # fmt: skip
DTYPES = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]
ORDERS: dict[str, Any] = {"little": "<", "big": ">"}
DAMAGED = (
    AssertionError, AttributeError, EOFError, IndexError, KeyError, OverflowError, TypeError, ValueError,
    MemoryError, RuntimeError, Warning, struct.error, zipfile.BadZipFile,
)  # fmt: skip


def read_archive(data: bytes, name: str, map_location: Any = None) -> Any:
    """The object in a zip archive, as torch.save writes it since PyTorch 1.6."""
    return read(content_of_archive, data, name, map_location)


def read_old(data: bytes, name: str, map_location: Any = None) -> Any:
    """The object in a file of before PyTorch 1.6."""
    return read(content_of_old, data, name, map_location)


def read(content, data: bytes, name: str, map_location: Any) -> Any:
    """What `content(data, building)` gives, its tensors on their devices; RuntimeError where it can't."""
    building = Building(limit=len(data))
    try:
        value = content(data, building)
    except Refused as error:
        raise RuntimeError(
            f"load: {name}: refused: the file asks for {error}. Only tensors and plain values are read; no "
            "code is run. Of a whole model save the state_dict: torch.save(model.state_dict(), path)"
        ) from None
    except DAMAGED as error:
        raise RuntimeError(f"load: {name}: the file is damaged, or not one of torch.save: {error}") from error
    building.move(map_location)
    return value


def content_of_archive(data: bytes, building: "Building") -> Any:
    """The object that data.pkl describes; each storage is a record of its own, data/0, data/1, …"""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        records = {record.filename: record for record in archive.infolist()}
        if len(records) < len(archive.infolist()):
            raise ValueError("two records of one name")
        if any(record.compress_type != zipfile.ZIP_STORED for record in records.values()):
            raise ValueError("its records are compressed, which torch.save does not do")
        roots = [record[: -len("data.pkl")] for record in records if record.endswith("/data.pkl")]
        if len(roots) != 1:
            raise ValueError("a zip archive without data.pkl")
        root = roots[0]
        if f"{root}constants.pkl" in records:
            raise Refused("its own code, which a TorchScript archive holds")
        value = unpickled(io.BytesIO(archive.read(f"{root}data.pkl")), building.names, building.storage)
        order = archive.read(f"{root}byteorder") if f"{root}byteorder" in records else b"little"
        for key in building.storages:
            building.fill(key, archive.read(f"{root}data/{key}"), order.decode("ascii"))
    return value


def content_of_old(data: bytes, building: "Building") -> Any:
    """The object in the fourth of five pickles; of each storage, its length and numbers follow."""
    file = io.BytesIO(data)
    magic, _, system = (unpickled(file, {}, building.storage) for _ in range(3))
    if magic != OLD_MAGIC:
        raise ValueError("a pickle of something else")
    value = unpickled(file, building.names, building.storage)
    order: Any = "little" if system["little_endian"] else "big"
    keys_in_file = unpickled(file, {}, building.storage)
    if set(keys(keys_in_file)) != set(building.storages):
        raise ValueError("its storages are not those of its tensors")
    for key in keys_in_file:
        array = building.storages[key].array
        if int.from_bytes(file.read(8), order) != array.size:
            raise ValueError(f"storage {key} has another length than its tensors say")
        size = 2 if building.storages[key].kind == "bfloat16" else array.itemsize
        building.fill(key, file.read(array.size * size), order)
    return value


class Storage(NamedTuple):
    """The memory that tensors share."""

    array: np.ndarray  # of one dimension
    kind: str
    place: str  # the device it was on


def ordered(items=()) -> OrderedDict:
    """An OrderedDict of pairs."""
    return OrderedDict(zip(keys([key for key, _ in items]), [value for _, value in items]))


class Building:
    """Makes the tensors of a file, on the CPU, while its pickle is followed; their numbers may come later."""

    def __init__(self, limit: int):
        self.limit = limit  # the size of the file, which all storages together do not exceed
        self.storages: dict[str, Storage] = {}
        self.tensors: list[tuple[Tensor, str]] = []
        functions: dict[str, Callable[..., Any]] = {
            "torch._utils._rebuild_tensor_v2": self.tensor,
            "torch._utils._rebuild_tensor": self.tensor,
            "torch._utils._rebuild_parameter": self.parameter,
            "torch.Size": lambda sizes: Size(sizes),
            "torch.device": lambda kind, index=None: device(kind if index is None else f"{kind}:{index}"),
            "collections.OrderedDict": ordered,
            "collections.Counter": lambda counts: Counter(dict(counts.items())),
            **dict.fromkeys(("builtins.set", "__builtin__.set"), lambda items: set(keys(items))),
        }
        self.names: dict[str, Any] = {
            **{name: Called(name, function) for name, function in functions.items()},
            **{f"torch.{name}": name for name in STORAGES},
            **{f"torch.{name}": dtypes.as_dtype(name) for name in DTYPES},
        }

    def storage(self, identity: Any) -> Storage:
        """The storage that a persistent id names: ("storage", class, key, device, length)."""
        _, name, key, place, length, *view = identity
        if name not in STORAGES or any(part is not None for part in view):
            raise Refused(f"a storage of another kind ({name})")
        if type(key) is not str:
            raise ValueError("a storage without a name")
        if key not in self.storages:
            kind = STORAGES[name]
            size = 2 if kind == "bfloat16" else np.dtype(kind).itemsize
            if not 0 <= length * size <= self.limit:
                raise ValueError(f"storage {key} of {length} numbers does not fit into the file")
            self.limit -= length * size
            array = np.zeros(length, "float32" if kind == "bfloat16" else kind)
            self.storages[key] = Storage(array, kind, str(place))
        return self.storages[key]

    def fill(self, key: str, data: bytes, order: str) -> None:
        """Put the numbers into a storage. bfloat16 is the upper half of float32, which takes its place."""
        array, kind, _ = self.storages[key]
        stored = np.dtype("uint16" if kind == "bfloat16" else kind)
        numbers = np.frombuffer(data, stored.newbyteorder(ORDERS[order]))
        if numbers.size < array.size:
            raise ValueError(f"storage {key} is cut short: {numbers.size} numbers instead of {array.size}")
        numbers = numbers[: array.size].astype(stored)
        array[...] = (numbers.astype("uint32") << 16).view("float32") if kind == "bfloat16" else numbers

    def tensor(self, storage, offset, sizes, strides, requires_grad=False, *hooks) -> Tensor:
        """A tensor that lies in a storage; sizes and strides count its numbers."""
        array, _, place = storage
        if len(sizes) != len(strides) or min((offset, *sizes, *strides)) < 0:
            raise ValueError(f"a tensor of sizes {sizes} and strides {strides} from {offset} on")
        last = offset + sum((n - 1) * step for n, step in zip(sizes, strides))
        if math.prod(sizes) and last >= array.size:
            raise ValueError(f"a tensor of sizes {sizes} and strides {strides} leaves its storage")
        steps = [step * array.itemsize for step in strides]
        numbers = np.lib.stride_tricks.as_strided(array[offset:], tuple(sizes), steps)
        tensor = wrap(numbers)
        tensor.requires_grad = bool(requires_grad)
        self.tensors.append((tensor, place))
        return tensor

    def parameter(self, tensor, requires_grad, *hooks) -> Parameter:
        """A parameter of a module."""
        places = [place for made, place in self.tensors if made is tensor]
        if not places:
            raise ValueError("a parameter without a tensor")
        parameter = Parameter(tensor, bool(requires_grad))
        self.tensors.append((parameter, places[0]))
        return parameter

    def move(self, map_location: Any) -> None:
        """Put each tensor on its device; those that are the same numbers on one device are so there too."""
        moved: dict = {}
        for tensor, place in self.tensors:
            result = map_location(wrap(tensor.array), place) if callable(map_location) else None
            if result is not None:
                tensor.array = result.array
                continue
            try:
                target = target_of(place, map_location)
            except RuntimeError as error:
                raise RuntimeError(
                    f"load: a tensor of this file was on {place!r}; load(f, map_location='cpu') puts it "
                    f"elsewhere ({error})"
                ) from error
            array = tensor.array
            key = (array.__array_interface__["data"][0], array.shape, array.strides, array.dtype, target)
            if key not in moved:
                moved[key] = sent(array, place, target)
            tensor.array = moved[key]
