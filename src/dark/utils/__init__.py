"""What a training program needs around the network."""

from . import data
