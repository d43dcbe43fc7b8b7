"""Draws a share of the pictures: `draw.py SEED CLASSES START STOP` writes them to its standard output.

Each is a record of CIFAR-10's files: its label, a byte, and its pixels, first all the red ones.
"""

import sys

import cv2

from dark.vision.datasets import DrawnCIFAR10


def main(seed: int, classes: int, start: int, stop: int) -> None:
    """Write the items from `start` to before `stop`."""
    cv2.setNumThreads(1)  # every core has a process of its own
    data = DrawnCIFAR10(stop, seed, classes=classes)
    for index in range(start, stop):
        image, label = data[index]
        sys.stdout.buffer.write(bytes([label]) + image.numpy().tobytes())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
