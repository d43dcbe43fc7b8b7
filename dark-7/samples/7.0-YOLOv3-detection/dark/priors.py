"""Priors: the boxes that the network's answers are relative to, for each cell of each grid one an anchor."""

from typing import NamedTuple

from dark import Tensor, arange, cat, full_like, meshgrid, stack

STRIDES = 8, 16  # pixels from cell to cell: the fine grid and the coarse one
LARGEST = 4.0  # a box has at most e⁴ = 55 times the sides of its anchor, however wild the answer


class Priors(NamedTuple):
    """Of each of P priors the middle of its cell, (P, 2), its anchor, (P, 2), and its cell's side, (P, 1)."""

    middles: Tensor
    sizes: Tensor
    strides: Tensor

    def boxes(self):
        """As corners, (P, 4)."""
        return cat([self.middles - self.sizes / 2, self.middles + self.sizes / 2], dim=1)


def priors_of(anchors, height, width):
    """Those of a picture of this size, by anchors (6, 2): three small ones in each cell of the fine grid, row
    by row, then three large ones in each cell of the coarse grid."""
    each = len(anchors) // len(STRIDES)
    middles, sizes, strides = [], [], []
    for stride, own in zip(STRIDES, anchors.split(each), strict=True):
        y, x = meshgrid(arange(height // stride), arange(width // stride), indexing="ij")
        cells = stack([x, y], dim=-1).reshape(-1, 1, 2).to(own)  # (h·w, 1, 2)
        middles.append(((cells + 0.5) * stride).expand(-1, each, 2).reshape(-1, 2))
        sizes.append(own.expand(len(cells), each, 2).reshape(-1, 2))
        strides.append(full_like(middles[-1][:, :1], stride))
    return Priors(cat(middles), cat(sizes), cat(strides))


def decoded(answers, priors):
    """The boxes that the network's answers (…, P, 5 + classes) mean: corners, (…, P, 4).

    With the first four numbers t of an answer, the corner c and the side s of the prior's cell, and its
    anchor p:

        x = c_x + s σ(t_x)    y = c_y + s σ(t_y)    w = p_w exp(t_w)    h = p_h exp(t_h)

    The middle stays in the cell, the size is positive; t = 0 is the prior itself.
    """
    middles = priors.middles + (answers[..., :2].sigmoid() - 0.5) * priors.strides  # (…, P, 2)
    sizes = priors.sizes * answers[..., 2:4].clamp(max=LARGEST).exp()  # (…, P, 2)
    return cat([middles - sizes / 2, middles + sizes / 2], dim=-1)
