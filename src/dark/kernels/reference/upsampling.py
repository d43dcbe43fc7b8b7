"""Pictures of another size, whose pixels are weighted sums of the old ones."""  # dark-6

import numpy as np


def resize2d(x, rows, columns, size):
    """Pictures (N, C, oh, ow), with (oh, ow) = `size`, made of x (N, C, H, W), rows first and then columns.

    `rows` and `columns` are links (place, source, weight), three arrays of one length: so much of the line
    `source` is added to the line `place` of the result. A line that nothing is added to is 0. With place and
    source exchanged, the links carry a gradient back: what a pixel gave to others, it gets from them.
    """
    return mixed(mixed(x, rows, 2, size[0]), columns, 3, size[1])


def mixed(x, links, axis, length):
    """Weighted sums of the lines along one axis, which becomes so long."""
    y = np.zeros_like(x, shape=(*x.shape[:axis], length, *x.shape[axis + 1 :]))
    new, old = np.moveaxis(y, axis, 0), np.moveaxis(x, axis, 0)
    for place, source, weight in zip(*(numbers.tolist() for numbers in links)):
        new[place] += weight * old[source]
    return y
