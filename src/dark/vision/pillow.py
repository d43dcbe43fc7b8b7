"""Pillow, which reads and writes image files and is not needed otherwise."""


def pillow(name: str):
    """The module `PIL.Image`, for the function `name`, or an error that says how to install it."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError(f"{name} needs Pillow, which is not installed: pip install pillow") from error
    return Image


def is_pil_image(x) -> bool:
    """Whether `x` is an image of Pillow's; Pillow need not be installed."""
    return any(kind.__module__ == "PIL.Image" for kind in type(x).__mro__)
