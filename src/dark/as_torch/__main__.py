"""`python -m dark.as_torch FILE [ARGUMENTS]` runs a PyTorch program on Dark."""

import sys

from .program import run_program

if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m dark.as_torch FILE [ARGUMENTS of the program]")
    run_program(sys.argv[1], sys.argv[2:])
