"""Writes PyTorch's zip archives, which torch.load(weights_only=True) reads."""  # beyond

import io
import os
import struct
import zipfile
from collections import OrderedDict
from typing import Any

import numpy as np

from ..devices import CPU, device, device_of, to_device
from ..dtypes import dtype
from ..nn.parameter import Parameter
from ..serialization import expression, replace_file
from ..tensor import Size, Tensor
from .reading import STORAGES

CLASSES = {kind: name for name, kind in STORAGES.items()}


def to_torch(obj: Any, f: Any) -> None:
    """Write `obj` to the file `f`, a path or a file object, for torch.load(f, weights_only=True).

    `obj` is made of dicts, lists, tuples, tensors, parameters, numbers, strings, booleans, None, dtypes and
    devices, such as the `state_dict()` of a model or an optimizer. Tensors in the same memory share it again.
    The new file takes the place of an old one when all of it is on the disk. TypeError names what can't be
    written.
    """
    pickle = Pickle()
    pickle.write(obj, ())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02" + pickle.steps.getvalue() + b".")
        archive.writestr("archive/byteorder", "little")
        for number, array in enumerate(pickle.storages):
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            archive.writestr(f"archive/data/{number}", little.tobytes())
        archive.writestr("archive/version", "3\n")
    if hasattr(f, "write"):
        f.write(buffer.getvalue())
    else:
        replace_file(os.fsdecode(f), buffer.getvalue())


class Pickle:
    """The steps that build an object (protocol 2), and the storages that its tensors lie in."""

    def __init__(self):
        self.steps = io.BytesIO()
        self.storages: list[np.ndarray] = []
        self.numbers: dict = {}  # where in memory an array lies: the number of its storage
        self.around: list = []

    def write(self, value: Any, path: tuple) -> None:
        """The steps for a value to which the keys in `path` lead."""
        write, kind = self.steps.write, type(value)
        if value is None or kind is bool:
            write({None: b"N", True: b"\x88", False: b"\x89"}[value])
        elif kind is int:
            digits = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
            if len(digits) > 255:
                raise TypeError(f"to_torch: {expression(path)}: an integer of {len(digits)} bytes")
            write(b"\x8a" + bytes([len(digits)]) + digits)
        elif kind is float:
            write(b"G" + struct.pack(">d", value))
        elif kind is str:
            text = value.encode("utf-8", "surrogatepass")
            write(b"X" + struct.pack("<I", len(text)) + text)
        elif kind is dtype:
            self.name("torch", value.name)
        elif kind is device:
            self.call("torch", "device", (str(value),), path)
        elif kind in (list, tuple, Size, dict, OrderedDict):
            self.container(value, path)
        elif isinstance(value, Tensor):
            self.tensor(value, path)
        else:
            raise TypeError(f"to_torch: {expression(path)}: can't write a {kind} for PyTorch")

    def name(self, module: str, name: str) -> None:
        """A name that the reader looks up."""
        self.steps.write(f"c{module}\n{name}\n".encode())

    def call(self, module: str, name: str, arguments: tuple, path: tuple) -> None:
        """A call of a function."""
        self.name(module, name)
        self.write(arguments, path)
        self.steps.write(b"R")

    def container(self, value, path: tuple) -> None:
        """A list, tuple or dict."""
        if any(value is outer for outer in self.around):
            raise ValueError(f"to_torch: {expression(path)} contains itself")
        self.around.append(value)
        if type(value) is Size:
            self.call("torch", "Size", (tuple(value),), path)
        elif isinstance(value, dict):
            if type(value) is OrderedDict:
                self.call("collections", "OrderedDict", (), path)
            else:
                self.steps.write(b"}")
            self.steps.write(b"(")
            for key, item in value.items():
                self.write(key, (*path, key))
                self.write(item, (*path, key))
            self.steps.write(b"u")
        else:
            self.steps.write(b"](" if type(value) is list else b"(")
            for i, item in enumerate(value):
                self.write(item, (*path, i))
            self.steps.write(b"e" if type(value) is list else b"t")
        self.around.pop()

    def tensor(self, value: Tensor, path: tuple) -> None:
        """A tensor: a call that builds it upon its storage; a parameter: one more around it."""
        array = to_device(value.array, CPU)
        if isinstance(value, Parameter):
            self.name("torch._utils", "_rebuild_parameter")
            self.steps.write(b"(")
        self.name("torch._utils", "_rebuild_tensor_v2")
        self.steps.write(b"(")
        number = self.storage(value.array, array)
        where = "cpu" if value.device == CPU else str(value.device)
        self.steps.write(b"(")
        self.write("storage", path)
        self.name("torch", CLASSES[array.dtype.name])
        for part in (str(number), where, array.size):
            self.write(part, path)
        self.steps.write(b"tQ")
        strides = tuple(np.cumprod((1, *array.shape[:0:-1]))[::-1].tolist()) if array.ndim else ()
        requires_grad = value.requires_grad and not isinstance(value, Parameter)
        for part in (0, tuple(array.shape), strides, requires_grad, OrderedDict()):
            self.write(part, path)
        self.steps.write(b"tR")
        if isinstance(value, Parameter):
            self.write(value.requires_grad, path)
            self.write(OrderedDict(), path)
            self.steps.write(b"tR")

    def storage(self, original, array: np.ndarray) -> int:
        """The number of the storage with the array's numbers; the same for the same memory."""
        where = device_of(original)
        memory = original.__array_interface__ if where == CPU else original.__cuda_array_interface__
        place = (where, memory["data"][0], array.shape, original.strides, array.dtype)
        if array.size == 0 or place not in self.numbers:
            self.numbers[place] = len(self.storages)
            self.storages.append(np.ascontiguousarray(array).reshape(-1))
        return self.numbers[place]
