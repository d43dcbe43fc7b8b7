"""What of PyTorch Dark has: writes docs/pytorch.md, from Dark itself and the table tests/data/torch_api.json.

    python tools/parity.py          write the page
    python tools/parity.py --check  exit 1 where it is out of date
"""

import importlib
import inspect
import json
import re
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "pytorch.md"
PLACES = {
    "torch": "dark",
    "torch.Tensor": "dark.Tensor",
    "torch.nn": "dark.nn",
    "torch.nn.functional": "dark.nn.functional",
    "torch.nn.init": "dark.nn.init",
    "torch.nn.utils": "dark.nn.utils",
    "torch.optim": "dark.optim",
    "torch.optim.lr_scheduler": "dark.optim.lr_scheduler",
    "torch.utils.data": "dark.utils.data",
    "torch.autograd": "dark.autograd",
    "torch.autograd.functional": "dark.autograd.functional",
    "torch.linalg": "dark.linalg",
    "torch.cuda": "dark.cuda",
    "torch.onnx": "dark.onnx",
    "torchvision.datasets": "dark.vision.datasets",
    "torchvision.models": "dark.vision.models",
    "torchvision.ops": "dark.vision.ops",
    "torchvision.transforms.v2": "dark.vision.transforms",
    "torchvision.transforms.v2.functional": "dark.vision.transforms.functional",
    "torchvision.tv_tensors": "dark.vision.tv_tensors",
    "torchvision.utils": "dark.vision.utils",
}
# What is left out on purpose, and patterns that tell its names from others; no line of the table counts them.
LEFT_OUT = {
    "complex numbers and Fourier transforms": """
        complex conj ^real$ ^imag$ angle polar stft ^c(float|double) ^chalf view_as_real is_neg$
        resolve_neg ^isreal$ ^(bartlett|blackman|hamming|hann|kaiser)_window
    """,
    "sparse, nested and quantized tensors, and types of few bits beside float16": """
        sparse coalesce _indices$ quant ^q_ ^q(u)?int ^qscheme int_repr fbgemm nested jagged
        dense_dim ^(hs|s|ss|ds)(mm|paddmm)$ ^sspaddmm saddmm ^hspmm ^spmm per_(tensor|channel)
        [bB][fF]loat16 ^bits?\\d? ^uint[1-7]$ ^int[1-7]$ ^float[48] ^uint(16|32|64)$ ^strided$
        scaled_ ScalingType SwizzleType qparams
    """,
    "devices beside the CPU and NVIDIA's cards, layouts of memory, and libraries of others": """
        mkldnn cudnn miopen xpu mps xla ^ipu maia mtia hpu vulkan hip onednn is_meta ^to_device$
        has_ _format$ ^channels_last ^layout$ as_strided ^empty_(permuted|strided) to_padded
        Allocator GreenContext
    """,
    "the compiler, scripts and tracing, distributed training, mixed precision": """
        jit script compil autocast vmap ^fork$ ^wait$ [dD]istributed GradScaler ^sym_ ^Sym _deploy
        dispatch torch_function ^cond$ while_loop fused datapipe DataPipe determinism
        runtime_validation DataChunk ^SyncBatchNorm DataParallel ^thread_safe parse_ import_ir
        merge_type unify_type TorchFunction interop ^grouped_mm argument_validation
        non_deterministic share_memory
    """,
    "pictures with depth, videos, optical flow and stereo": """
        3d 3D video Video Flow flow KITTI Stereo Sintel FlyingChairs FlyingThings HD1K ETH3D
        Middlebury CREStereo FallingThings Kinetics HMDB51 UCF101
    """,
    "old names that PyTorch itself warns of": """
        ^(eig|symeig|solve|lstsq|lu|qr|svd|triangular_solve|matrix_rank|range|set_default_tensor_type)$
        NLLLoss2d ^upsample ^Variable$ ^variable$ NestedIO memory_cached ^Container$ CrossMapLRN
        ^volatile$ reinforce
        ^(constant|dirac|eye|kaiming_normal|kaiming_uniform|normal|orthogonal|uniform|xavier_\\w+|sparse)$
    """,
    "PyTorch's inner parts": """
        [sS]torage ^native_ _copy$ ^batch_norm embedding_renorm ^norm_except unsafe_ register_kernel
        ^(gru|lstm|rnn_\\w+)(_cell)?$ data_ptr ^grid_sampler ^affine_grid_gen constant_pad_nd
        ^convolution$ _out$ _backward is_anomaly set_anomaly get_file_path prepare_multi ^_VF
        with_indices ^classproperty boolean_dispatch assert_int cudart caching_allocator ^Optional
        ^Callable ^[A-Z_]+$ ^Broadcasting _notes$ ^PyTorchFile _use_counter ^factory_kwargs profiler
        ^hash_tensor ^slice_inverse common_notes kineto
    """,
}
HEAD = """# What of PyTorch is in Dark

Written by `tools/parity.py`, from Dark's own modules and a table of the names of PyTorch {torch} and
torchvision {vision}. What is there has PyTorch's meaning, parameters, their order and defaults:
`tests/test_api.py` holds them to the table, and the tests of the operations hold the numbers to PyTorch's.

| PyTorch | Dark | there | of |
|---|---|---|---|
"""


def lookup(path: str):
    """The module or class."""
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        place, _, name = path.rpartition(".")
        return getattr(importlib.import_module(place), name)


def names_of(space) -> set[str]:
    """The public names, other modules left out."""
    names = [name for name in getattr(space, "__all__", dir(space)) if not name.startswith("_")]
    return {x for x in names if not isinstance(inspect.getattr_static(space, x, None), types.ModuleType)}


def is_left_out(name: str) -> bool:
    """Whether a name belongs to what is left out on purpose."""
    return any(re.search(pattern, name) for patterns in LEFT_OUT.values() for pattern in patterns.split())


def in_code(names) -> str:
    """A paragraph of names."""
    return " ".join(f"`{name}`" for name in sorted(names, key=lambda name: (name.lower(), name)))


def page() -> str:
    """The text of the page."""
    table = json.loads((ROOT / "tests" / "data" / "torch_api.json").read_text(encoding="utf-8"))
    text = HEAD.format(torch=table["torch version"], vision=table["torchvision version"])
    sections = []
    for theirs, ours in PLACES.items():
        space = lookup(ours)
        own = names_of(space) - {"Tensor" if theirs != "torch" else ""}
        there = own & table[theirs].keys()
        absent = {name for name in table[theirs].keys() - own - {"bases", "Tensor"} if not is_left_out(name)}
        if theirs == "torch":  # functions such as torch.sin_ and torch.batch_norm, beside Tensor's and nn's
            absent = {x for x in absent if not x.endswith("_") and x not in table["torch.nn.functional"]}
        anchor = theirs.replace(".", "").lower()
        text += f"| [{theirs}](#{anchor}) | `{ours}` | {len(there)} | {len(there) + len(absent)} |\n"
        sections.append(f"## {theirs}\n\n{in_code(there)}\n")
        if absent:
            summary = f"<details><summary>Not there: {len(absent)}</summary>"
            sections.append(f"{summary}\n\n{in_code(absent)}\n\n</details>\n")
    text += "\nNot counted, since it is left out on purpose:\n\n"
    text += "".join(f"- {what}\n" for what in LEFT_OUT)
    return text + "\n" + "\n".join(sections)


def main() -> None:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        sys.exit(0 if current else f"{PAGE} is out of date: python tools/parity.py")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
