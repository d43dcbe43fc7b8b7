"""PyTorch's own files, .pt and .pth: read without running what is in them, and written.

Such a file is a pickle, a little program that builds an object and may call anything while it does, and the
numbers of the tensors beside it. `dark.load` reads both kinds, the zip archives of today and the ones before
PyTorch 1.6, and follows only the steps of the pickle that make tensors and plain values.
"""  # beyond

from ..serialization import READERS
from .reading import read_archive, read_old
from .writing import to_torch

READERS[b"PK"] = read_archive
for protocol in (2, 3, 4, 5):
    READERS[bytes([0x80, protocol])] = read_old

__all__ = ["to_torch"]
