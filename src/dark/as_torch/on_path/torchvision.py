"""Found by `import torchvision` in a new process that was given the `sys.path` of one with the alias."""

from dark.as_torch import install

install()
