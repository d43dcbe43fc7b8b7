"""Draws scenes: `draw.py PART START STOP` writes these items to its standard output.

Each is the number of its faces, int64, their boxes, float32 (n, 4), and labels, int64 (n,), of two classes,
and its pixels, uint8 (128, 128, 3).
"""

import sys

import cv2
import numpy as np

from dark.vision.datasets.drawn.scenes import DrawnScenes

SEEDS = {"train": 0, "validation": 1, "test": 2}


def main(part: str, start: int, stop: int) -> None:
    """Write the items from `start` to before `stop`."""
    cv2.setNumThreads(1)  # every core has a process of its own
    scenes = DrawnScenes(stop, SEEDS[part], size=128, classes=2)
    for index in range(start, stop):
        pixels, boxes, labels = scenes.arrays(index)
        for array in (np.int64(len(boxes)), boxes, labels, pixels):
            sys.stdout.buffer.write(array.tobytes())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
