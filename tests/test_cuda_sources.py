"""Everything in CUDA C++ compiles for the cards of two generations, where NVIDIA's compilers are at hand.

On the CPU another compiler runs the kernels, and it takes what NVIDIA's would not. NVRTC is the one that CuPy
calls; nvcc knows the same language, and brings the host's headers, which NVRTC has not.
"""  # beyond

import ctypes
import ctypes.util
import json
import re
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ARCHITECTURES = ("sm_80", "sm_90")

# Every source of dark.kernels.gpu for every type it is used with, and every formula; in a process of its own,
# in which `import cupy` is the stand-in.
LIST = """
import importlib, json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import standin
standin.install()
from standin import formulas
from dark.kernels import gpu
from dark.kernels.gpu import launch
for module in pkgutil.iter_modules(gpu.__path__):
    try:
        importlib.import_module(f"dark.kernels.gpu.{module.name}")
    except ModuleNotFoundError as error:
        if error.name.startswith("dark"):  # not a package that Dark does without
            raise
sources = [(f"source {n}, {t}", s.code(t)) for n, s in enumerate(launch.SOURCES) for t in s.dtypes]
described = lambda ps: [(p.name, p.ctype, p.raw) for p in ps]
kernels = [
    (k.name, type(k).__name__, described(k.ins), described(k.outs), k.preamble,
     k.operation if hasattr(k, "operation") else [k.map_expr, k.reduce_expr, k.post_map_expr, k.identity,
                                                  k.reduce_type])
    for k in formulas.made
]
print(json.dumps([sources, kernels]))
"""

# What CuPy writes around a formula, as far as its compilation depends on it.
AROUND = """
#include <cuda_fp16.h>
class float16 {
  half data_;
public:
  __device__ float16() {}
  __device__ float16(float v) : data_(v) {}
  explicit __device__ float16(bool v) : data_(float(v)) {}
  explicit __device__ float16(double v) : data_(v) {}
  explicit __device__ float16(int v) : data_(v) {}
  explicit __device__ float16(unsigned int v) : data_(v) {}
  explicit __device__ float16(long long v) : data_(v) {}
  explicit __device__ float16(unsigned long long v) : data_(v) {}
  __device__ operator float() const { return float(data_); }
  float16 &operator=(const float16 &) = default;
  template <typename T> __device__ float16 &operator=(const T &v) { return *this = static_cast<float16>(v); }
};
template <typename T, int N> struct CArray {
  T *data; ptrdiff_t size_, shape_[N], strides_[N];
  static const int ndim = N;
  __device__ ptrdiff_t size() const { return size_; }
  __device__ const ptrdiff_t *shape() const { return shape_; }
  __device__ const ptrdiff_t *strides() const { return strides_; }
  __device__ T &operator[](ptrdiff_t i) { return data[i]; }
  __device__ const T &operator[](ptrdiff_t i) const { return data[i]; }
  template <typename I> __device__ T &operator[](const I (&i)[N]) { return data[i[0]]; }
  template <typename I> __device__ const T &operator[](const I (&i)[N]) const { return data[i[0]]; }
};
template <int N> struct CIndexer {
  ptrdiff_t size_, shape_[N], index_[N];
  static const int ndim = N;
  typedef ptrdiff_t index_t[N];
  __device__ ptrdiff_t size() const { return size_; }
  __device__ const index_t &get() const { return index_; }
  __device__ void set(ptrdiff_t i) { index_[0] = i; }
};
#define CUPY_FOR(i, n) \\
  for (ptrdiff_t i = ptrdiff_t(blockIdx.x) * blockDim.x + threadIdx.x; i < (n); \\
       i += ptrdiff_t(blockDim.x) * gridDim.x)
"""


@cache
def texts():
    """[(name, CUDA C++)] of everything."""
    done = subprocess.run(
        [sys.executable, "-c", LIST, str(TESTS)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    sources, kernels = json.loads(done.stdout)
    formulas = [
        (f"{kernel[0]}, {letter}", around(letter, *kernel))
        for kernel in kernels
        for letter in ("float16", "float", "double")
    ]
    return [(name, code) for name, code in sources], formulas


def around(type_name, name, kind, ins, outs, preamble, expressions):
    """The source of a formula whose letters all stand for one type."""
    letters = {ctype for _, ctype, _ in (*ins, *outs) if len(ctype) == 1}
    typedefs = "".join(f"typedef {type_name} {letter};\n" for letter in sorted(letters))
    parameters, elements = [], {True: "", False: ""}
    for is_input, group in ((True, ins), (False, outs)):
        for parameter, ctype, is_raw in group:
            const = "const " if is_input else ""
            parameters.append(f"{const}CArray<{ctype}, 1> {'' if is_raw else '_raw_'}{parameter}")
            if not is_raw:
                index = "_ind" if kind == "ElementwiseKernel" else "_in_ind" if is_input else "_out_ind"
                elements[is_input] += f"{const}{ctype} &{parameter} = _raw_{parameter}[{index}.get()];\n"
    named = elements[True] + elements[False]
    if kind == "ElementwiseKernel":
        parameters = ", ".join([*parameters, "CIndexer<1> _ind"])
        return (
            f'{typedefs}{preamble}\nextern "C" __global__ void {name}({parameters}) {{\n'
            f"CUPY_FOR(i, _ind.size()) {{ _ind.set(i);\n{named}{expressions}; }} }}\n"
        )
    parameters = ", ".join([*parameters, "CIndexer<1> _in_ind", "CIndexer<1> _out_ind"])
    map_expr, reduce_expr, post_map_expr, identity, reduce_type = expressions
    return (
        f"{typedefs}{preamble}\ntypedef {reduce_type} _type_reduce;\n"
        f'extern "C" __global__ void {name}({parameters}) {{\n'
        f"_type_reduce _s = _type_reduce({identity});\n{named}"
        f"_type_reduce _a = static_cast<_type_reduce>({map_expr});\n"
        f"{{ _type_reduce a = _s, b = _a; _s = ({reduce_expr}); }}\n"
        f"{{ _type_reduce a = _s; {post_map_expr}; }} }}\n"
    )


def include_folders():
    """Where CUDA's headers may be: beside nvcc, and in NVIDIA's Python packages."""
    nvcc = shutil.which("nvcc")
    folders = list(Path(sysconfig.get_path("purelib")).glob("nvidia/*/include"))
    if nvcc:
        root = Path(nvcc).resolve().parent.parent
        folders += [root / "include", *root.glob("targets/*/include"), *root.glob("cuda*/include")]
    return [folder for folder in folders if (folder / "cuda_fp16.h").exists()]


@cache
def nvrtc():
    """NVIDIA's library that compiles at run time; None where there is none."""
    found = ctypes.util.find_library("nvrtc")
    packaged = Path(sysconfig.get_path("purelib")).glob("nvidia/*/lib/libnvrtc.so.*")
    for name in filter(None, (found, *map(str, packaged))):
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def compiled_by_nvrtc(code, architecture):
    """The compiler's complaints about a source; "" where it compiles."""
    library, program = nvrtc(), ctypes.c_void_p()
    assert not library.nvrtcCreateProgram(ctypes.byref(program), code.encode(), b"kernel", 0, None, None)
    options = [b"-std=c++17", f"--gpu-architecture={architecture}".encode()]
    options += [f"-I{folder}".encode() for folder in include_folders()]
    failed = library.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
    size = ctypes.c_size_t()
    library.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    library.nvrtcGetProgramLog(program, log)
    library.nvrtcDestroyProgram(ctypes.byref(program))
    return log.value.decode() or "failed" if failed else ""


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_source_is_one_that_the_compiler_of_cupy_takes(architecture):
    if nvrtc() is None:
        pytest.skip("NVRTC is not installed")
    if not include_folders():
        pytest.skip("cuda_fp16.h is not installed")
    sources, formulas = texts()
    wrong = []
    for name, code in [*sources, *((name, AROUND + code) for name, code in formulas)]:
        complaints = compiled_by_nvrtc(code, architecture)
        if complaints:
            wrong.append(f"{name}:\n{complaints}")
    assert not wrong, "\n\n".join(wrong)


def test_every_source_compiles_for_cards_of_two_generations(tmp_path):
    nvcc = shutil.which("nvcc")
    if nvcc is None:
        pytest.skip("nvcc is not installed")
    sources, formulas = texts()
    text = AROUND
    for number, (name, code) in enumerate([*sources, *formulas]):
        words = set(re.findall(r"#\s*define\s+(\w+)", code))
        undefined = "".join(f"#undef {word}\n" for word in sorted(words))
        code = re.sub(r"#\s*include[^\n]*", "", code).replace('extern "C"', "")
        text += f'{undefined}namespace n{number} {{\n#line 1 "{name}"\n{code}\n}}\n{undefined}'
    path = tmp_path / "all.cu"
    path.write_text(text, encoding="utf-8")
    targets = [f"-gencode=arch=compute_{a[3:]},code={a}" for a in ARCHITECTURES]
    done = subprocess.run(
        [nvcc, "-std=c++17", "-fatbin", *targets, "-o", str(path.with_suffix(".fatbin")), str(path)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr or done.stdout
