"""Boxes around masks."""  # beyond

import numpy as np

from ...autograd.operation import op


@op(differentiable=False)
def masks_to_boxes(masks):
    """The first and the last column and row of each mask (N, H, W) that are not all zero: float32 (N, 4).

    They are left, top, right, bottom of pixels, so that a mask of one pixel has a box without an area; a mask
    of zeros has the box (0, 0, 0, 0).
    """
    if masks.size == 0:
        return np.zeros((0, 4), np.float32, like=masks)
    if masks.ndim != 3:
        raise ValueError(f"masks_to_boxes: masks have the shape (N, H, W), not {masks.shape}")
    masks = masks != 0
    columns, rows = first_and_last(masks.any(axis=1)), first_and_last(masks.any(axis=2))
    boxes = np.stack([columns[0], rows[0], columns[1], rows[1]], axis=1).astype(np.float32)
    return np.where(masks.any(axis=(1, 2))[:, None], boxes, 0)


def first_and_last(filled):
    """The first and the last place of each row (N, L) at which it is true."""
    return filled.argmax(axis=1), filled.shape[1] - 1 - filled[:, ::-1].argmax(axis=1)
