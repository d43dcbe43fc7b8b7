"""PyTorch programs on Dark, unchanged: `import torch` and `import torchvision` give Dark's names.

    python -m dark.as_torch train.py --epochs 3     runs a program so; `dark run --as-torch` is the same

    import dark.as_torch
    dark.as_torch.install()
    import torch                                    # Dark

PyTorch itself need not be installed, and is not imported if it is. What Dark lacks says so by its name.
"""  # beyond

from .installation import install, installed, uninstall
from .missing import MissingImport, MissingName

__all__ = ["MissingImport", "MissingName", "install", "installed", "uninstall"]
