"""Things in space, made of flat faces: seen from anywhere, lit from one side, painted from back to front."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..people.canvas import opencv
from .sheet import Sheet

WHITE = (255, 255, 255)
CIRCLE = np.array([(np.cos(angle), np.sin(angle)) for angle in np.arange(12) * np.pi / 6])


class Camera:
    """Where a thing is seen from, and where and how large it appears.

    A thing's x axis goes to its front, y to its left, z upwards, and it is about 2 long. `yaw` 0 looks at
    its front, π/2 at its left side; `pitch` is how far above it the camera is; `roll` turns the picture.
    All three are angles. `perspective` 0 is a camera far away.
    """

    def __init__(self, yaw, pitch, roll=0.0, scale=0.8, center=(0, 0), perspective=0.15):
        sin, cos = np.sin(yaw), np.cos(yaw)
        up, level = np.sin(pitch), np.cos(pitch)
        self.toward = np.array([level * cos, level * sin, up])  # from the thing to the camera
        self.axes = np.array([[-sin, cos, 0], [up * cos, up * sin, -level], self.toward])
        self.turn = scale * np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
        self.center = np.asarray(center)
        self.perspective = perspective

    def project(self, points) -> np.ndarray:
        """Where points in space, (N, 3), are on the sheet: (N, 2)."""
        seen = np.asarray(points) @ self.axes.T
        nearness = 1 / (1 - self.perspective * seen[:, 2:])
        return self.center + seen[:, :2] * nearness @ self.turn

    def disc(self, center, radius) -> np.ndarray:
        """The outline of a ball as it is seen: (12, 3)."""
        return np.asarray(center) + radius * (CIRCLE @ self.axes[:2])

    def position(self) -> np.ndarray:
        """Where the camera is, in space."""
        return self.toward / max(self.perspective, 1e-3)


class Face(NamedTuple):
    """A part of a thing: a flat face, the hull of some points, or a bar between two."""

    layer: float  # the higher is painted later
    points: np.ndarray  # (N, 3)
    color: tuple
    gloss: float = 0.0
    kind: str = "face"
    width: float = 0.0  # of a bar, or of a plate's edge


class Solid:
    """Faces of a thing. A face is seen from the side on which its corners run counter-clockwise."""

    def __init__(self, camera: Camera):
        self.camera = camera
        self.faces: list[Face] = []

    def face(self, points, color, layer=0.0, gloss=0.0, flip=False) -> None:
        """A flat face, with `flip` one whose corners run clockwise.

        Of two layers the higher is painted later, and of one layer the face that was added later.
        """
        corners = np.asarray(points, float)
        self.faces.append(Face(layer, corners[::-1] if flip else corners, color, gloss))

    def plate(self, points, color, layer=0.0, gloss=0.0, edge=0.0) -> None:
        """A thin plate that is seen from both sides; `edge` is how thick it looks when seen from the side."""
        corners = np.asarray(points, float)
        for side in (corners, corners[::-1]):
            self.faces.append(Face(layer, side, color, gloss, width=edge))

    def hull(self, points, color, layer=0.0) -> None:
        """Everything between these points, in one shade."""
        self.faces.append(Face(layer, np.asarray(points, float), color, kind="hull"))

    def bar(self, start, stop, width, color, layer=0.0) -> None:
        """A thin straight bar."""
        self.faces.append(Face(layer, np.array([start, stop], float), color, kind="bar", width=width))

    def limb(self, start, thick, stop, thin, color, layer=None) -> None:
        """A round body between a ball around `start` and one around `stop`, lit from above.

        It is as near as its middle, unless a layer is given.
        """
        start, stop = np.asarray(start, float), np.asarray(stop, float)
        if layer is None:
            layer = self.depth((start + stop) / 2)
        up = self.camera.toward * 0.1 + (0, 0, 0.3)
        for share, light in ((1.0, 0.78), (0.78, 0.98), (0.45, 1.1)):
            rise = (1 - share) * up
            first = self.camera.disc(start + thick * rise, share * thick)
            last = self.camera.disc(stop + thin * rise, share * thin)
            self.hull(np.concatenate([first, last]), np.asarray(color) * light, layer)

    def ball(self, center, radius, color, layer=None) -> None:
        """A ball."""
        self.limb(center, radius, center, radius, color, layer)

    def depth(self, point) -> float:
        """How near a point is, as a layer."""
        return float(self.camera.toward @ np.asarray(point, float))

    def loft(self, rings, colors, layer=0.0, gloss=0.0, ends=True) -> None:
        """The skin over a row of rings from back to front: (R, K, 3), counter-clockwise seen from the front.

        `colors` has one color for each of the K strips between neighbours in a ring.
        """
        rings = np.asarray(rings, float)
        for back, front in pairwise(rings):
            around = np.stack([back, np.roll(back, -1, 0), np.roll(front, -1, 0), front], 1)
            for corners, color in zip(around, colors):
                self.face(corners, color, layer, gloss)
        if ends:
            self.face(rings[0][::-1], colors[0], layer, gloss)
            self.face(rings[-1], colors[0], layer, gloss)

    def place(self, size, center) -> tuple[np.ndarray, np.ndarray]:
        """Move and scale the view so that the larger side of what is seen is 2 × `size`.

        The smallest and the largest coordinates are returned.
        """
        camera, center = self.camera, np.asarray(center)
        flat = camera.project(np.concatenate([face.points for face in self.faces]))
        low, high = flat.min(0), flat.max(0)
        scale = 2 * size / (high - low).max()
        camera.center = center - scale * ((low + high) / 2 - camera.center)
        camera.turn = scale * camera.turn
        half = scale * (high - low) / 2
        return center - half, center + half

    def draw(self, sheet: Sheet, light, ambient=0.5) -> None:
        """Paint what can be seen; `light` points to where the light comes from."""
        for points, color, kind, width in self.visible(light, ambient):
            if kind != "bar":
                sheet.fill(points, color)
            if width:
                sheet.line(points, color, width, closed=kind != "bar")

    def mask(self, sheet: Sheet) -> None:
        """Fill where the thing is, whatever its colors, with white."""
        for points, _, kind, width in self.visible((0, 0, 1), 1.0):
            if kind != "bar":
                sheet.fill(points, WHITE)
            if width:
                sheet.line(points, WHITE, width, closed=kind != "bar")

    def visible(self, light, ambient):
        """The faces that the camera sees, from back to front: corners on the sheet, shade, kind and width."""
        faces = sorted(self.faces, key=lambda face: face.layer)
        points = np.concatenate([face.points for face in faces])
        counts = np.array([len(face.points) for face in faces])
        starts = np.cumsum(counts) - counts
        a, b, c = (points[starts + counts * part // 3] for part in range(3))
        normal = np.cross(b - a, c - a)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
        facing = ((self.camera.position() - a) * normal).sum(1) > 0

        light = np.asarray(light, float) / np.linalg.norm(light)
        halfway = light + self.camera.toward
        halfway /= np.linalg.norm(halfway) + 1e-9
        bright = ambient + (1 - ambient) * np.maximum(normal @ light, 0) + 0.12 * normal[:, 2]
        shine = 255 * np.array([face.gloss for face in faces]) * np.maximum(normal @ halfway, 0) ** 12
        flat = np.array([face.kind != "face" for face in faces])  # has one shade all over, and no normal
        colors = np.array([face.color for face in faces], float)
        colors *= np.where(flat, 1, bright)[:, None]
        colors += np.where(flat, 0, shine)[:, None]

        corners = np.split(self.camera.project(points), starts[1:])
        for face, places, color, seen in zip(faces, corners, colors.tolist(), facing | flat):
            if seen:
                if face.kind == "hull":
                    places = opencv("drawing").convexHull(places.astype(np.float32))[:, 0]
                yield places, color, face.kind, face.width


def box(x, y, z) -> np.ndarray:
    """The corners of a box between pairs of x, y and z: (8, 3)."""
    return np.array([(i, j, k) for i in x for j in y for k in z], float)


def wheel(x, y, radius, corners, height):
    """A ring around an axle, counter-clockwise seen from its own side: (corners, 3)."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False) * (-1 if y > 0 else 1)
    return np.stack([x + radius * np.cos(angle), np.full(corners, y), height + radius * np.sin(angle)], 1)


def frame(x, z, half, top=None, lean=0.0) -> list[tuple]:
    """A ring for `loft`: from one height to another, half as wide at its foot as `half`, and at its top.

    The top lies `lean` ahead of the foot.
    """
    (low, high), top = z, half if top is None else top
    return [(x, half, low), (x + lean, top, high), (x + lean, -top, high), (x, -half, low)]


def beside(y, x, z, lean=0.0) -> list[tuple]:
    """A rectangle on the left side; on the right side it is to be flipped. Its front leans back."""
    (x0, x1), (z0, z1) = x, z
    return [(x0, y, z0), (x0, y, z1), (x1 - lean, y, z1), (x1, y, z0)]


def across(x, y, z, lean=0.0) -> list[tuple]:
    """A rectangle on the front; on the rear it is to be flipped. Its top leans back."""
    (y0, y1), (z0, z1) = y, z
    return [(x, y0, z0), (x, y1, z0), (x - lean, y1, z1), (x - lean, y0, z1)]
