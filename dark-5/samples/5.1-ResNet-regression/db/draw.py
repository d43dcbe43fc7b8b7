"""Draws faces: `draw.py SPLIT START STOP` writes these items to its standard output.

Each is 28,192 bytes: its pixels, uint8 (96, 96, 3), and its points, float32 (68, 2).
"""

import sys

import cv2

from dark.vision.datasets import DrawnFaces

SEEDS = {"train": 0, "test": 1}


def main(split: str, start: int, stop: int) -> None:
    """Write the items from `start` to before `stop`."""
    cv2.setNumThreads(1)  # every core has a process of its own
    faces = DrawnFaces(stop, SEEDS[split])
    for index in range(start, stop):
        for array in faces.arrays(index):
            sys.stdout.buffer.write(array.tobytes())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
