"""Draws the figures of this lesson's article: python dark-2/docs/draw.py"""

from pathlib import Path

import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

import dark
from dark_samples.pictures import BLUE, GREEN, GREY, INK, ORANGE, PAPER, RED, figure, write

HERE = Path(__file__).parent
PALE_BLUE, PALE_ORANGE, PALE_GREEN, PLAIN = "#d6e4f2", "#f7e0cb", "#d9ecdf", "#efece3"


def panel(axes, width, height):
    """Make axes a sheet to draw boxes on: one unit is as long in x as in y, y grows downwards."""
    axes.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    axes.axis("off")


def matrix(axes, x, y, values, colors=PLAIN, name="", dashed=None):
    """A matrix of numbers in unit cells with its upper left corner at (x, y); `dashed` marks copies."""
    values = np.atleast_2d(values)
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            color = colors if isinstance(colors, str) else colors[i][j]
            copied = dashed is not None and dashed[i][j]
            axes.add_patch(
                Rectangle(
                    (x + j, y + i), 1, 1, facecolor=PAPER if copied else color, edgecolor=INK,
                    linewidth=0.9, linestyle=(0, (2, 2)) if copied else "solid",
                )
            )  # fmt: skip
            text = value if isinstance(value, str) else f"{value:g}"
            axes.text(
                x + j + 0.5, y + i + 0.52, text, ha="center", va="center", fontsize=11,
                color=GREY if copied else INK,
            )  # fmt: skip
    if name:
        axes.text(x + values.shape[1] / 2, y - 0.3, name, ha="center", va="center", fontsize=11)


def sign(axes, x, y, text, size=15, color=INK):
    """An operator or a remark between matrices."""
    axes.text(x, y, text, ha="center", va="center", fontsize=size, color=color)


def heading(axes, y, text):
    """A line of text from the left edge."""
    axes.text(0.2, y, text, va="center", fontsize=11.5)


def arrow(axes, start, end, color=INK, bend=0.0, width=1.4):
    """A curved arrow."""
    axes.add_patch(
        FancyArrowPatch(
            start, end, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=13,
            linewidth=width, color=color, shrinkA=0, shrinkB=0,
        )
    )  # fmt: skip


def broadcasting():
    """(2, 1) * (3,): numbers are used several times on the way forward, and their gradients summed back."""
    a = dark.tensor([[1.0], [2.0]], requires_grad=True)
    b = dark.tensor([10.0, 20.0, 30.0], requires_grad=True)
    g = dark.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y = a * b
    y.backward(g)
    stretched_a, stretched_b = (x.detach().expand(2, 3).numpy() for x in (a, b))

    card = figure(9, 4.7)
    axes = card.subplots()
    panel(axes, 18.6, 9.2)
    heading(axes, 0.1, "forward: lengths of 1, and dimensions that are missing, are stretched")
    first_column = [[False, True, True]] * 2
    first_row = [[False] * 3, [True] * 3]
    matrix(axes, 1, 1.6, stretched_a, PALE_BLUE, "a, (2, 1)", first_column)
    sign(axes, 5, 2.6, "*")
    matrix(axes, 6, 1.6, stretched_b, PALE_ORANGE, "b, (3,)", first_row)
    sign(axes, 10, 2.6, "=")
    matrix(axes, 11, 1.6, y.detach().numpy(), PLAIN, "y, (2, 3)")
    matrix(axes, 15.3, 1.6, g.numpy(), PALE_GREEN, "g, its gradient")

    heading(axes, 4.7, "backward: a number that was used several times gets the sum of its gradients")
    to_a = (g * b.detach()).numpy()
    to_b = (g * a.detach()).numpy()
    matrix(axes, 1, 6.2, to_a, PLAIN, "g * b")
    arrow(axes, (4.1, 7.2), (4.9, 7.2), BLUE)
    matrix(axes, 5, 6.2, a.grad.numpy(), PALE_BLUE, "a.grad, (2, 1)")
    matrix(axes, 10, 6.2, to_b, PLAIN, "g * a")
    arrow(axes, (13.1, 7.2), (13.9, 7.2), ORANGE)
    matrix(axes, 14, 6.7, b.grad.numpy(), PALE_ORANGE, "b.grad, (3,)")
    sign(axes, 4.5, 6.75, "Σ", 12, BLUE)
    sign(axes, 13.5, 6.75, "Σ", 12, ORANGE)
    sign(axes, 2.5, 8.65, "summed along the rows", 10, BLUE)
    sign(axes, 11.5, 8.65, "summed down the columns", 10, ORANGE)
    return card


def matmul():
    """One element of A reaches one row of Y; its gradient collects that row of G."""
    a = dark.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
    b = dark.tensor([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]], requires_grad=True)
    g = dark.tensor([[1.0, 10.0], [2.0, 20.0]])
    y = a @ b
    y.backward(g)

    card = figure(9, 4.4)
    axes = card.subplots()
    panel(axes, 18, 8.8)
    one = [[PLAIN, PALE_BLUE, PLAIN], [PLAIN] * 3]
    row_of_b = [[PLAIN] * 2, [PALE_ORANGE] * 2, [PLAIN] * 2]
    first_row = [[PALE_GREEN] * 2, [PLAIN] * 2]
    heading(axes, 0.1, "forward")
    matrix(axes, 1, 1.5, a.detach().numpy(), one, "A, (2, 3)")
    sign(axes, 4.75, 2.5, "@")
    matrix(axes, 5.5, 1, b.detach().numpy(), row_of_b, "B, (3, 2)")
    sign(axes, 8.25, 2.5, "=")
    matrix(axes, 9, 1.5, y.detach().numpy(), first_row, "Y, (2, 2)")
    axes.text(11.8, 2.5, "The 2 of A enters the first row of Y:\ntimes 2 into 5, times 1 into 11.",
              fontsize=10.5, va="center")  # fmt: skip

    heading(axes, 5, "backward")
    column_of_b = [[PLAIN, PALE_ORANGE, PLAIN]] * 2
    matrix(axes, 1, 6.2, g.numpy(), first_row, "G, (2, 2)")
    sign(axes, 3.75, 7.2, "@")
    matrix(axes, 4.5, 6.2, b.detach().T.numpy(), column_of_b, "Bᵀ, (2, 3)")
    sign(axes, 8.25, 7.2, "=")
    matrix(axes, 9, 6.2, a.grad.numpy(), one, "A.grad, (2, 3)")
    axes.text(12.8, 7.2, "Its gradient: 1 · 2 + 10 · 1 = 12.", fontsize=10.5, va="center")
    return card


def views():
    """Six numbers in one piece of memory, and three tensors that look at them."""
    x = dark.arange(6.0).reshape(2, 3)
    looks = [
        ("x, (2, 3)", x, 1.0), ("x.T, (3, 2)", x.T, 6.5), ("x[1], (3,)", x[1], 11.5),
    ]  # fmt: skip
    card = figure(9, 4.1)
    axes = card.subplots()
    panel(axes, 18, 8.2)
    colors = [[PALE_BLUE] * 3, [PALE_ORANGE] * 3]
    for name, view, left in looks:
        values = np.atleast_2d(view.numpy())
        shades = [[colors[int(v) // 3][0] for v in row] for row in values]
        matrix(axes, left, 1.2, values, shades, name)
        steps = tuple(n // view.array.itemsize for n in view.array.strides)
        axes.text(
            left + values.shape[1] / 2, 1.2 + len(values) + 0.45, f"steps {steps}", ha="center", va="center",
            fontsize=10, color=GREY,
        )  # fmt: skip
    matrix(axes, 4.5, 6.4, [x.numpy().ravel()], [[PALE_BLUE] * 3 + [PALE_ORANGE] * 3], "the memory")
    arrow(axes, (2.5, 4), (5.5, 5.6), GREY, 0.1)
    arrow(axes, (7.5, 4.9), (7.5, 5.6), GREY)
    arrow(axes, (13, 3), (10, 5.6), GREY, -0.1)
    axes.text(11.2, 6.9, "“steps (3, 1)”: one row down is 3 numbers on,\none column right is 1 number on.",
              fontsize=10, va="center", color=GREY)  # fmt: skip
    return card


def graph():
    """The graph of one step of logistic regression, walked from the loss, with the shapes on its edges."""
    points = dark.tensor([[0.5, -1.0], [1.5, 0.0], [-1.0, 2.0]])
    weight, bias = dark.zeros(2, requires_grad=True), dark.zeros((), requires_grad=True)
    score = points @ weight + bias
    loss = (score.sigmoid() - dark.tensor([1.0, 1.0, 0.0])).square().mean()

    chain, node = [], loss.grad_fn
    while node is not None and node.next_functions:
        chain.append(node)
        node = next((n for n, _ in node.next_functions if n is not None and n.next_functions), None)
    chain.reverse()  # oldest first

    card = figure(9.4, 3)
    axes = card.subplots()
    panel(axes, 23.4, 7.2)
    places = np.linspace(6.1, 21.6, len(chain))
    for node, x in zip(chain, places, strict=True):
        box(axes, x, 3, node.name().removesuffix("Backward0"), PLAIN, 2.5)
        if node is not chain[-1]:
            along(axes, (x + 1.25, 3), (places[1] - places[0] + x - 1.25, 3), node.shape)
    box(axes, 1.6, 1.2, "points", PAPER, 2.8)
    box(axes, 1.6, 4.8, "weight", PALE_BLUE, 2.8)
    box(axes, places[1], 6.3, "bias", PALE_BLUE, 2.8)
    arrow(axes, (3.0, 1.4), (places[0] - 1.1, 2.4), INK)
    arrow(axes, (3.0, 4.5), (places[0] - 1.1, 3.6), INK)
    arrow(axes, (places[0] - 1.3, 3.9), (3.1, 5), RED)
    arrow(axes, (places[1] - 0.25, 5.7), (places[1] - 0.25, 3.7), INK)
    arrow(axes, (places[1] + 0.25, 3.7), (places[1] + 0.25, 5.7), RED)
    sign(axes, 4.9, 5.1, "(2,)", 9, RED)
    sign(axes, places[1] + 2.0, 4.9, "() : a sum of 3", 9, RED)
    sign(axes, 4.4, 1.2, "(3, 2)", 9)
    sign(axes, places[-1], 4.2, "the loss, ()", 9)
    sign(axes, 18.6, 6, "forward", 9.5)
    sign(axes, 18.6, 6.8, "backward: gradients, of the same shapes", 9.5, RED)
    return card


def box(axes, x, y, text, color, width):
    """A rounded box with a name in it."""
    shape = FancyBboxPatch(
        (x - width / 2, y - 0.6), width, 1.2, boxstyle="round,pad=0,rounding_size=0.25", facecolor=color,
        edgecolor=INK, linewidth=1,
    )  # fmt: skip
    axes.add_patch(shape)
    sign(axes, x, y, text, 10)


def along(axes, start, end, shape):
    """Forward and backward between two operations, with the shape that both have."""
    up, down = (0, -0.22), (0, 0.22)
    arrow(axes, np.add(start, up), np.add(end, up), INK)
    arrow(axes, np.add(end, down), np.add(start, down), RED)
    sign(axes, (start[0] + end[0]) / 2, 1.9, str(tuple(shape)), 9)


def losses():
    """Three ways to write one loss, in float32: only one is right everywhere."""
    scores = dark.linspace(-120, 20, 1401)

    def naive(s):
        return -s.sigmoid().log()

    def patched(s):
        return -(s.sigmoid() + 1e-10).log()

    def stable(s):
        return dark.maximum(-s, dark.zeros_like(s)) + (-s.abs()).exp().log1p()

    card = figure(9.4, 3.7)
    left, right = card.subplots(1, 2)
    for name, function, color, style, width in (
        ("stable", stable, GREEN, "-", 4.5),
        ("log(sigmoid + 1e-10)", patched, ORANGE, "--", 2),
        ("log(sigmoid)", naive, RED, "-", 1.3),
    ):
        s = scores.clone().requires_grad_()
        loss = function(s)
        loss.sum().backward()
        value = np.where(np.isfinite(loss.detach().numpy()), loss.detach().numpy(), np.nan)
        left.plot(scores.numpy(), value, style, color=color, linewidth=width, label=name)
        right.plot(scores.numpy(), s.grad.numpy(), style, color=color, linewidth=width)
    for axes, title in ((left, "loss for label 1"), (right, "its gradient")):
        axes.set(title=title, xlabel="score")
        axes.grid()
    left.annotate("infinite from here on", (-88.5, 88.5), (-60, 105), fontsize=9.5, color=RED,
                  arrowprops={"arrowstyle": "-|>", "color": RED})  # fmt: skip
    right.annotate("NaN from here on", (-88.5, -1), (-80, -0.8), fontsize=9.5, color=RED,
                   arrowprops={"arrowstyle": "-|>", "color": RED})  # fmt: skip
    names = left.get_legend_handles_labels()
    right.legend(*names, loc="center left", bbox_to_anchor=(0.03, 0.55))
    return card


def never_zeroed():
    """Gradient descent on w²/2 with gradients that are zeroed, and that are not."""
    card = figure(8.4, 3.1)
    axes = card.subplots()
    for zeroed, color, name in ((True, GREEN, "zeroed after every step"), (False, RED, "never zeroed")):
        w, path = dark.tensor(1.0, requires_grad=True), [1.0]
        for _ in range(80):
            (w * w / 2).backward()
            with dark.no_grad():
                w -= 0.1 * w.grad
                if zeroed:
                    w.grad.zero_()
            path.append(w.item())
        axes.plot(path, ".-", color=color, label=name, markersize=4, linewidth=1.2)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set(xlabel="step", ylabel="w", ylim=(-1.2, 1.6))
    axes.legend(loc="upper center", ncols=2)
    return card


if __name__ == "__main__":
    for draw in (broadcasting, matmul, graph, views, losses, never_zeroed):
        write(draw(), HERE / f"{draw.__name__}.svg")
