"""What a training program needs around the network."""  # dark-4

from . import data
