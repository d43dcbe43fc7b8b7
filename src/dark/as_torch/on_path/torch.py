"""Found by `import torch` in a new process that was given the `sys.path` of one with the alias."""

import sys
from importlib import import_module

from dark.as_torch import install

del sys.modules[__name__]  # this file, in whose place
install()
import_module(__name__)  # comes Dark
