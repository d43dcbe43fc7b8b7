"""torchvision, where it is installed and works, to hold Dark's image functions against."""  # dark-7

import warnings

import pytest

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts for reading files that are missing
        import torchvision
        import torchvision.ops
    reason = ""
except (ImportError, RuntimeError) as error:  # RuntimeError: it was built for another PyTorch
    torchvision, reason = None, f"torchvision can't be imported ({str(error).splitlines()[0]})"

needs_torchvision = pytest.mark.skipif(torchvision is None, reason=reason)
