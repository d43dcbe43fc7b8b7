"""Write tests/data/torch_random.json: what the programs of the tests of random numbers give on PyTorch."""

import base64
import json
import sys
import zlib
from pathlib import Path

import torch

TESTS = Path(__file__).resolve().parent.parent / "tests"


def main():
    """Run every program on PyTorch."""
    sys.path.insert(0, str(TESTS))
    import test_init
    import test_random

    programs = {}
    for name, function, _ in test_random.PROGRAMS + test_init.PROGRAMS:
        result, following = test_random.run(torch, function)
        dtype, shape, ends, total = test_random.digest(result)
        programs[name] = {"dtype": dtype, "shape": shape, "ends": ends, "sum": total, "next": following}

    torch.manual_seed(2**40 + 7)
    torch.randn(3)
    state = torch.get_rng_state().numpy().tobytes()
    state = {
        "bytes": base64.b64encode(zlib.compress(state, 9)).decode(),
        "initial_seed": torch.initial_seed(),
        "randn": torch.randn(3).tolist(),
    }
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(program)}" for name, program in programs.items())
    head = f'"torch": {json.dumps(torch.__version__)},\n"state": {json.dumps(state)}'
    text = f'{{{head},\n"programs": {{\n{lines}\n}}}}\n'
    (TESTS / "data" / "torch_random.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
