"""Scenes as other photographs would show them: mirrored, in another light."""

import numpy as np

GAIN = 0.25  # brighter or darker by at most this part
TINT = 0.1  # red, green and blue each by at most this part more


def augmented(image, boxes, numbers):
    """A picture, uint8 (H, W, 3), and its boxes (n, 4) as another photograph shows them.

    Five `numbers` from 0 to 1 say which; they come from whoever calls, so that both versions of the sample
    see the same pixels.
    """
    flip, gain, *tints = numbers
    if flip < 0.5:
        image, boxes = mirrored(image, boxes)
    light = (1 + GAIN * (2 * gain - 1)) * (1 + TINT * (2 * np.array(tints) - 1))  # (3,)
    tables = np.clip(np.arange(256)[:, None] * light + 0.5, 0, 255).astype(np.uint8)  # (256, 3)
    return tables[image, np.arange(3)], boxes


def mirrored(image, boxes):
    """Left and right exchanged."""
    left, top, right, bottom = boxes.T
    width = image.shape[1]
    return image[:, ::-1], np.stack([width - right, top, width - left, bottom], axis=1)
