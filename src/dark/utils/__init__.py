"""What a training program needs around the network."""  # dark-4

from ..torch_files import to_torch  # beyond
from . import data
