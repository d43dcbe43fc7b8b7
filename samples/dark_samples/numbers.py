"""How numbers and their names are shown."""

PROPORTIONS = {"accuracy", "dice", "iou", "precision", "recall", "map", "nme"}


def as_text(name: str, value: float) -> str:
    """A metric for people: in percent where its name says that it is a part of one, such as an accuracy."""
    return f"{value:.2%}" if PROPORTIONS & set(name.split("_")) else f"{value:.5g}"


def title(name: str) -> str:
    """The name of a number or a picture, for people."""
    return name.replace("_", " ").capitalize()
