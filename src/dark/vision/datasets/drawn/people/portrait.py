"""Drawn portraits: a person somewhere in a picture, and the picture as a camera takes it."""

import numpy as np

from .background import background
from .beard import draw_beard
from .canvas import Canvas, opencv
from .face import FACE, face_of
from .features import draw_features
from .hair import Hair
from .head import Head
from .held import draw_held
from .skin import draw_skin
from .wear import draw_body, draw_glasses, draw_hat, hat_of

FINE = 2  # pixels of the drawing to one of the picture
PLACE = {"zoom": (60, 84), "right": (-100, 100), "down": (-100, 100), "scene": (0, 2**31 - 1)}
CAMERA = {
    "gain": (86, 115), "contrast": (86, 118), "tint": (-7, 7), "blur": (0, 99), "noise": (0, 60),
    "seed": (0, 2**31 - 1),
}  # fmt: skip
PORTRAIT = FACE | PLACE | CAMERA


def portrait(numbers: dict[str, int], size: int = 96) -> tuple[np.ndarray, np.ndarray]:
    """The picture with these numbers, uint8 (size, size, 3), and the face's points, float32 (68, 2)."""
    cv2, fine = opencv("a drawn portrait"), FINE * size
    head = Head(face_of(numbers))
    head.place(*placement(head.points, numbers, fine))
    canvas = Canvas(background(np.random.default_rng(numbers["scene"]), fine, fine))
    draw_person(canvas, head)
    image = cv2.resize(canvas.pixels, (size, size), interpolation=cv2.INTER_AREA)
    return photograph(image, numbers), ((head.points + 0.5) / FINE - 0.5).astype(np.float32)


def placement(points, numbers, size):
    """Where the center of a head with these points is, and its unit: they fill a part of the picture."""
    low, high = points.min(0), points.max(0)
    unit = numbers["zoom"] / 100 * size / max(high - low)
    room = (size - unit * (high - low)) / 2  # on each side, were it in the middle
    shift = np.array([numbers["right"], numbers["down"]]) / 100 * 0.9 * room
    return (size - 1) / 2 + shift - unit * (low + high) / 2, unit


def draw_person(canvas: Canvas, head: Head) -> None:
    """Draw a head, placed in the picture, and what belongs to it down to the shoulders."""
    hair, hat = Hair(head), hat_of(head.f)
    before = canvas.pixels.copy()
    if hat != "headscarf":
        hair.draw_behind(canvas)
    draw_body(canvas, head)
    draw_skin(canvas, head)
    draw_beard(canvas, head)
    draw_features(canvas, head)
    if hat != "headscarf":
        hair.draw_front(canvas)
    draw_hat(canvas, head, hair)
    draw_glasses(canvas, head)
    draw_held(canvas, head)
    shine(canvas, head, before)


def shine(canvas, head, before):
    """Light from one side on all that is not as it was `before`."""
    f, cv2 = head.f, canvas.cv2
    height, width = canvas.pixels.shape[:2]
    y, x = np.mgrid[0 : height - 1 : 24j, 0 : width - 1 : 24j]
    right, down = head.center - canvas.origin
    surface = np.stack([x - right, y - down, np.zeros_like(x)]) / (1.6 * head.unit)
    surface[2] = np.sqrt(np.clip(1 - (surface**2).sum(0), 0, 1))
    source = np.array([f.light_x, f.light_y, 0.7])
    facing = np.tensordot(source, surface, 1) / np.linalg.norm(source)
    facing /= np.maximum(np.linalg.norm(surface, axis=0), 1)
    level = np.clip(128 + 150 * f.light * (facing - 0.74), 84, 142).astype(np.uint8)
    level = cv2.resize(level, (width, height), interpolation=cv2.INTER_LINEAR)
    changed = cv2.cvtColor(cv2.absdiff(canvas.pixels, before), cv2.COLOR_RGB2GRAY)
    level[changed == 0] = 128
    cv2.multiply(canvas.pixels, cv2.merge([level] * 3), canvas.pixels, 1 / 128)


def photograph(image: np.ndarray, numbers: dict[str, int]) -> np.ndarray:
    """A picture as a camera takes it: exposed, tinted, blurred, with noise."""
    cv2, rng = opencv("a drawn portrait"), np.random.default_rng(numbers["seed"])
    tint = 1 + numbers["tint"] / 100 * np.array([1, 0, -1], np.float32)
    image = image * (numbers["gain"] / 100 * tint)
    image = 118 + (image - 118) * (numbers["contrast"] / 100)
    if numbers["blur"] > 50:
        image = cv2.GaussianBlur(image, (0, 0), (numbers["blur"] - 20) / 100)
    image += numbers["noise"] / 10 * rng.standard_normal(image.shape, np.float32)
    return np.clip(image, 0, 255).astype(np.uint8)
