"""Read idx files, the format of MNIST: a type and a shape, and then the numbers."""

import gzip
import hashlib
import math
import zlib
from pathlib import Path

import numpy as np

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
GZIP = b"\x1f\x8b"  # what such a file begins with, whatever its name


def read_idx(path: str | Path, sha256: str | None = None) -> np.ndarray:
    """The array in an idx file, which may be gzipped.

    With `sha256` the (unzipped) content must have this sum. A file that is no idx file, is damaged, or has
    fewer or more numbers than its header says raises ValueError with the file's name.
    """
    content = unzipped(Path(path))
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in TYPES or content[3] == 0:
        raise ValueError(
            f"{path}: not an idx file: it begins with the bytes {content[:4].hex(' ') or '(none)'}, and "
            "should with 00 00, the code of a type (08 is uint8) and the number of dimensions"
        )
    dtype, ndim = np.dtype(TYPES[content[2]]), content[3]
    start = 4 + 4 * ndim
    if len(content) < start:
        raise ValueError(f"{path}: truncated: its header of {start} bytes ends after {len(content)}")
    shape = tuple(np.frombuffer(content, ">u4", ndim, offset=4).tolist())
    expected, found = math.prod(shape) * dtype.itemsize, len(content) - start
    if found != expected:
        fault = "truncated" if found < expected else "too long"
        raise ValueError(
            f"{path}: {fault}: the shape {shape} takes {expected} bytes after the header, and {found} follow"
        )
    if sha256 is not None and (is_now := hashlib.sha256(content).hexdigest()) != sha256:
        raise ValueError(
            f"{path}: damaged, or another file of this name: its sha256 is {is_now}, not {sha256}"
        )
    return np.frombuffer(content, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="))


def unzipped(path):
    """The bytes of a file, gzipped or not."""
    content = path.read_bytes()
    if not content.startswith(GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"{path}: truncated or damaged gzip file: {error}") from error
