"""What is said of a name that PyTorch programs use and Dark does not have."""

from difflib import get_close_matches


class MissingName(AttributeError):
    """`torch.foo` where Dark has no such name."""


class MissingImport(ImportError):
    """`import torch.foo` or `from torch import foo` where Dark has no such name."""


def missing(module: str, name: str, known: list[str]) -> str:
    """One line that names what is missing, and what is spelled almost like it."""
    close = get_close_matches(name, known, n=1, cutoff=0.8)
    advice = f"did you mean {module}.{close[0]}?" if close else "docs/pytorch.md lists what it has"
    return f"{module}.{name}: Dark has no such name; {advice}"
