"""Draw the figures of lesson 1 from graphs that the engine records: python dark-1/docs/draw.py"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # this lesson's engine, whichever is installed

import dark
from dark.autograd import ancestors, origin
from dark_samples.pictures import BLUE, GREEN, GREY, INK, ORANGE, RED, figure, write

FOLDER = Path(__file__).parent
BOX = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": INK}


def canvas(width, height, right, top):
    """A card without axes, whose coordinates go from 0 to `right` and to `top`."""
    card = figure(width, height)
    axes = card.subplots()
    axes.set(xlim=(0, right), ylim=(0, top))
    axes.axis("off")
    return card, axes


def box(axes, x, y, text, color=INK, **style):
    """A text in a box around (x, y)."""
    return axes.text(x, y, text, ha="center", va="center", bbox=BOX | {"edgecolor": color}, **style)


def arrow(axes, start, end, color=INK, bend=0.0, **style):
    """An arrow from box to box, or from point to point, bent to the left by `bend`."""
    shape = {"arrowstyle": "-|>", "color": color, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.3}
    if not isinstance(start, tuple):
        shape |= {"patchA": start.get_bbox_patch(), "patchB": end.get_bbox_patch()}
        start, end = start.get_position(), end.get_position()
    axes.annotate("", end, start, arrowprops=shape | {"connectionstyle": f"arc3,rad={bend}"} | style)


def gradients(result):
    """{node or leaf: the gradient that it gets} of one walk back."""
    pending, found = {origin(result): 1.0}, {}
    for node in reversed(ancestors(result)):
        found[node] = g = pending.pop(node)
        for target, to_input in zip(node.inputs, node.gradients):
            if target is not None:
                pending[target] = pending.get(target, 0.0) + to_input(g)
    return found | pending


def draw_graph():
    """The example: values from left to right, gradients from right to left."""
    x, y = dark.tensor(2.0, requires_grad=True), dark.tensor(3.0, requires_grad=True)
    a, b = x + y, y + 1
    z = a * b
    back = gradients(z)

    card, axes = canvas(8, 3.6, 10, 4.4)
    boxes = {"1": box(axes, 0.8, 0.5, "1", GREY, fontsize=12)}
    for name, tensor, left, top in (
        ("x", x, 0.8, 3.4), ("y", y, 0.8, 1.9), ("a = x + y", a, 4.4, 2.9), ("b = y + 1", b, 4.4, 1.0),
        ("z = a · b", z, 8.4, 1.95),
    ):  # fmt: skip
        boxes[name[0]] = box(axes, left, top, f"{name}\n{tensor.item():g}", fontsize=12)
        gradient = f"{back[origin(tensor)]:g}"
        axes.text(left, top - 0.68, gradient, ha="center", color=ORANGE, fontweight="bold", fontsize=13)

    for start, end, slope, at in (
        ("x", "a", 1, (2.4, 3.3)), ("y", "a", 1, (2.2, 2.53)), ("y", "b", 1, (2.4, 1.62)),
        ("a", "z", b.item(), (6.5, 2.55)), ("b", "z", a.item(), (6.5, 1.13)),
    ):  # fmt: skip
        arrow(axes, boxes[start], boxes[end])
        axes.text(*at, f"· {slope:g}", ha="center", color=BLUE, fontsize=11)
    arrow(axes, boxes["1"], boxes["b"], GREY)
    axes.text(10, 4.25, "in the boxes: values, from left to right", ha="right", color=INK)
    axes.text(10, 3.9, "at the arrows: slopes", ha="right", color=BLUE)
    axes.text(10, 3.55, "below the boxes: gradients, from right to left", ha="right", color=ORANGE)
    return card


def draw_order():
    """c = b + b, b = a + a: the walk that dives, and the walk that waits."""
    a = dark.tensor(1.0, requires_grad=True)
    b = a + a
    right = gradients(b + b)
    dives = ((1, 1), (4, 1), (2, 1), (3, 1))  # of the edges c-b, c-b, b-a, b-a: (when, what it carries)
    waits = ((1, 1), (2, 1), (3, right[b.grad_fn]), (4, right[b.grad_fn]))

    card = figure(8, 3.7)
    left_half, right_half = card.subplots(1, 2)
    draw_walk(left_half, "depth first: b passes on too early", RED, dives, "gets 2")
    draw_walk(right_half, "newest first: b waits for both", GREEN, waits, f"gets {right[a]:g}")
    left_half.text(4.3, 3.55, "comes when b\nhas passed on", color=RED, va="center", fontsize=9.5)
    return card


def draw_walk(axes, title, color, edges, result):
    """The graph of c = b + b, b = a + a, with the order in which its edges are walked."""
    axes.set(xlim=(0, 6), ylim=(-0.3, 5.1))
    axes.axis("off")
    axes.set_title(title, color=color)
    for name, height in (("c = b + b", 4.6), ("b = a + a", 2.5), ("a", 0.3)):
        box(axes, 2.4, height, name, fontsize=12)
    axes.text(3.2, 0.3, result, color=color, fontweight="bold", va="center", fontsize=12)
    for place, (number, carried) in enumerate(edges):
        top, side = (4.15, 2.05)[place // 2], (-1, 1)[place % 2]
        late = place == 1 and number == 4
        ink = RED if late else INK
        arrow(axes, (2.4 + side * 0.25, top), (2.4 + side * 0.25, top - 1.3), ink, bend=-side * 0.35)
        text = f"step {number}: {carried:g}"
        axes.text(2.4 + side * 1.25, top - 0.6, text, ha="center", va="center", color=ink, fontsize=11)


def draw_objects():
    """What is in memory after z = (x + y) * (y + 1): tensors, and the graph that they hold."""
    x, y = dark.tensor(2.0, requires_grad=True), dark.tensor(3.0, requires_grad=True)
    z = (x + y) * (y + 1)
    (first, _), (second, _) = z.grad_fn.next_functions

    card, axes = canvas(8, 3.8, 10, 5)
    boxes = {z: box(axes, 8.2, 4.5, f"Tensor z\n{z.item():g}", INK, fontsize=10)}
    for tensor, name, left, top in ((x, "x", 1.2, 3.6), (y, "y", 1.2, 1.5)):
        text = f"Tensor {name}\n{tensor.item():g}\nrequires_grad"
        boxes[tensor] = box(axes, left, top, text, INK, fontsize=10)
    for node, left, top in ((z.grad_fn, 8.2, 2.55), (first, 4.9, 3.6), (second, 4.9, 1.5)):
        text = f"{type(node).__name__}\n{str(node)[1:-1]}\norder {node.order - first.order}"
        boxes[node] = box(axes, left, top, text, BLUE, fontsize=10)

    arrow(axes, boxes[z], boxes[z.grad_fn], ORANGE)
    axes.text(8.3, 3.55, "grad_fn", color=ORANGE, fontsize=10)
    for node in (z.grad_fn, first, second):
        for target in node.inputs:
            if target is not None:
                arrow(axes, boxes[node], boxes[target], BLUE)
    for left, top in ((6.55, 2.47), (3.0, 3.75), (3.0, 1.15)):
        axes.text(left, top, "inputs", color=BLUE, fontsize=10, ha="center")
    slopes = [gradient(1.0) for gradient in z.grad_fn.gradients]
    text = f"gradients: two functions,\ng → g · {slopes[0]:g}  and  g → g · {slopes[1]:g}"
    axes.text(8.2, 1.3, text, color=GREY, fontsize=9.5, ha="center")
    axes.text(4.9, 0.5, "its other input is None: the constant 1", color=GREY, fontsize=9.5, ha="center")
    return card


def main():
    """Write all figures beside this script."""
    for name, draw in (("graph", draw_graph), ("order", draw_order), ("objects", draw_objects)):
        write(draw(), FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
