"""Drawing with the generator: from points of the latent space, and along a way between two of them."""

import math

from dark import cat, no_grad, randn, stack

from model import LATENT

AT_ONCE = 100  # pictures
STEPS = 10  # from a picture to another


def random_points(count, device):
    """Points of the latent space, normally distributed: (N, 100)."""
    return randn(count, LATENT).to(device)


@no_grad()
def draw(generator, points):
    """A picture for each point, within −1…1: (N, 3, H, W).

    In evaluation mode batch norm works with its running statistics: a point gives the same picture whatever
    is drawn with it.
    """
    generator.eval()
    pictures = [generator(points[i : i + AT_ONCE]) for i in range(0, len(points), AT_ONCE)]
    generator.train()
    return cat(pictures)


def draw_between(generator, points):
    """The ways from the first point to the second, from the third to the fourth, …: STEPS pictures each."""
    ways = [way(points[i], points[i + 1], STEPS) for i in range(0, len(points), 2)]
    return draw(generator, cat(ways))


def way(start, end, count):
    """So many points on the way from one to another, both included: (count, 100).

    Points of a normal distribution lie near a sphere, of radius √100. The straight line leaves it for the
    middle, where there is hardly a point and the generator has learned nothing; the great circle stays on it.
    """
    cosine = ((start * end).sum() / ((start**2).sum() * (end**2).sum()).sqrt()).item()
    angle = math.acos(max(-1.0, min(1.0, cosine)))
    shares = [i / (count - 1) for i in range(count)]
    return stack([
        (math.sin((1 - t) * angle) * start + math.sin(t * angle) * end) / math.sin(angle) for t in shares
    ])  # fmt: skip
