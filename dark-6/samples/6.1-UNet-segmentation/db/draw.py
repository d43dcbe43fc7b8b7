"""Draws cars: `draw.py SPLIT START STOP` writes these items to its standard output.

Each is 16,384 bytes: its pixels, uint8 (64, 64, 3), and its mask, uint8 (64, 64) of 0 and 1.
"""

import sys

import cv2

from dark.vision.datasets import DrawnCars

SEEDS = {"train": 0, "validation": 1, "test": 2}


def main(split: str, start: int, stop: int) -> None:
    """Write the items from `start` to before `stop`."""
    cv2.setNumThreads(1)  # every core has a process of its own
    cars = DrawnCars(stop, SEEDS[split])
    for index in range(start, stop):
        for array in cars.arrays(index):
            sys.stdout.buffer.write(array.tobytes())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
