"""CUDA C++ compiled by the host's compiler: cuda_on_cpu.h says what its words mean there."""  # beyond

import ctypes
import getpass
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

HEADER = Path(__file__).parent / "cuda_on_cpu.h"
one_at_a_time = threading.RLock()  # a compiled kernel keeps its fibers in static memory


class NoCompiler(RuntimeError):
    """There is no compiler that can run kernels on this computer: a test that launches one is skipped."""


class CompileException(Exception):
    """What CuPy raises for a source that doesn't compile."""


@cache
def compiler():
    """The host's C++ compiler."""
    if sys.platform != "linux":
        raise NoCompiler("kernels run on the CPU with g++ on Linux only")
    found = shutil.which("g++")
    if found is None:
        raise NoCompiler("kernels run on the CPU by g++, which is not installed")
    return found


@cache
def cache_folder():
    try:
        user = getpass.getuser()
    except Exception:  # a user without a name
        user = str(os.getuid())
    folder = Path(tempfile.gettempdir()) / f"cuda-on-cpu-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in ("cuda_fp16.h", "cuda_runtime.h"):
        (folder / name).write_text("#pragma once\n")
    return folder


def without_comments(code):
    """The source with its comments blanked; lines stay where they are."""
    blank = lambda found: re.sub(r"[^\n]", " ", found[0])
    return re.sub(r"//[^\n]*|/\*.*?\*/", blank, code, flags=re.S)


def translated(code):
    """The source with what no macro can say: shared memory whose size the launch decides."""
    return re.sub(
        r"extern\s+__shared__\s+(?:__align__\s*\(\s*\d+\s*\)\s+)?([\w\s:]+?)\s*(\w+)\s*\[\s*\]\s*;",
        r"\1 *\2 = (\1 *)cuda::dynamic_shared;",
        re.sub(r'extern\s+"C"\s*(?=__global__)', "", code),
    )


def waits(code):
    """Whether a thread of this source ever waits for others."""
    return re.search(r"_sync\s*\(|__syncthreads|__syncwarp", code) is not None


def library(code):
    """The shared library of a source, from the cache if it was compiled before."""
    text = f'#include "{HEADER}"\n{code}'
    digest = hashlib.sha256(text.encode() + HEADER.read_bytes() + compiler().encode()).hexdigest()[:24]
    return _loaded(digest, text)


loaded = {}


def _loaded(digest, text):
    with one_at_a_time:
        if digest not in loaded:
            path = cache_folder() / f"{digest}.so"
            if not path.exists():
                _compile(text, path)
            loaded[digest] = ctypes.CDLL(str(path))
        return loaded[digest]


def _compile(text, path):
    source = path.with_suffix(f".{os.getpid()}.cpp")
    source.write_text(text, encoding="utf-8")
    target = path.with_suffix(f".{os.getpid()}.tmp")
    flags = ["-O1", "-std=c++17", "-shared", "-fPIC", "-w", "-fno-strict-aliasing", "-ffp-contract=off"]
    for shared in (["-DSHARED_IN_SECTION"], []):
        command = [compiler(), *flags, *shared, "-I", str(cache_folder()), "-o", str(target), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0 or "section type conflict" not in done.stderr:
            break  # statics of a template can't share the section
    source.unlink()
    if done.returncode:
        raise CompileException(f"{done.stderr}\n{text.partition(chr(10))[2]}")
    target.replace(path)
