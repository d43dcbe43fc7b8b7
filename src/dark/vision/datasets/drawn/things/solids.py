"""Things in space, made of flat faces: seen from anywhere, lit from one side, painted from back to front."""

from itertools import pairwise

import numpy as np

from ..people.canvas import opencv
from .sheet import Sheet


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

    def position(self) -> np.ndarray:
        """Where the camera is, in space."""
        return self.toward / max(self.perspective, 1e-3)


class Solid:
    """Faces of a thing. A face is seen from the side on which its corners run counter-clockwise."""

    def __init__(self, camera: Camera):
        self.camera = camera
        self.faces: list[tuple] = []  # (layer, points, color, gloss, width of the edge), or "hull" or "bar"

    def face(self, points, color, layer=0.0, gloss=0.0, flip=False) -> None:
        """A flat face, with `flip` one whose corners run clockwise.

        Of two layers the higher is painted later, and of one layer the face that was added later.
        """
        corners = np.asarray(points, float)
        self.faces.append((layer, corners[::-1] if flip else corners, color, gloss, 0.0))

    def plate(self, points, color, layer=0.0, gloss=0.0, edge=0.0) -> None:
        """A thin plate that is seen from both sides; `edge` is how thick it looks when seen from the side."""
        corners = np.asarray(points, float)
        for side in (corners, corners[::-1]):
            self.faces.append((layer, side, color, gloss, edge))

    def hull(self, points, color, layer=0.0) -> None:
        """Everything between these points, in one shade."""
        self.faces.append((layer, np.asarray(points, float), color, 0.0, "hull"))

    def bar(self, start, stop, width, color, layer=0.0) -> None:
        """A thin straight bar."""
        self.faces.append((layer, np.array([start, stop], float), color, width, "bar"))

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
        points = np.concatenate([face[1] for face in self.faces])
        camera = self.camera
        flat = camera.project(points)
        low, high = flat.min(0), flat.max(0)
        scale = 2 * size / (high - low).max()
        camera.center = np.asarray(center) - scale * ((low + high) / 2 - camera.center)
        camera.turn = scale * camera.turn
        return np.asarray(center) - scale * (high - low) / 2, np.asarray(center) + scale * (high - low) / 2

    def draw(self, sheet: Sheet, light, ambient=0.5) -> None:
        """Paint what can be seen; `light` points to where the light comes from."""
        for points, color, kind, width in self.visible(light, ambient):
            if kind == "bar":
                sheet.line(points, color, width)
                continue
            sheet.fill(points, color)
            if kind not in ("hull", 0.0):
                sheet.line(points, color, kind, closed=True)

    def mask(self, sheet: Sheet) -> None:
        """Fill where the thing is, whatever its colors, with white."""
        for points, _, kind, width in self.visible((0, 0, 1), 1.0):
            if kind == "bar":
                sheet.line(points, (255, 255, 255), width)
            else:
                sheet.fill(points, (255, 255, 255))

    def visible(self, light, ambient):
        """The faces that the camera sees, from back to front: their corners on the sheet and their shade."""
        faces = sorted(self.faces, key=lambda face: face[0])
        lengths = [len(face[1]) for face in faces]
        flat = self.camera.project(np.concatenate([face[1] for face in faces]))
        corners = np.split(flat, np.cumsum(lengths)[:-1])
        a, b, c = np.stack([face[1][[0, n // 3, 2 * n // 3]] for face, n in zip(faces, lengths)], 1)
        normal = np.cross(b - a, c - a)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
        facing = ((self.camera.position() - a) * normal).sum(1) > 0
        light = np.asarray(light, float) / np.linalg.norm(light)
        halfway = light + self.camera.toward
        halfway /= np.linalg.norm(halfway) + 1e-9
        bright = ambient + (1 - ambient) * np.maximum(normal @ light, 0) + 0.12 * normal[:, 2]
        shine = np.maximum(normal @ halfway, 0) ** 12
        for i, (_, _, color, gloss, kind) in enumerate(faces):
            if kind == "bar":
                yield corners[i], np.asarray(color) * 0.9, kind, gloss
            elif kind == "hull":
                yield self._outline(corners[i]), color, kind, 0
            elif facing[i]:
                yield corners[i], np.asarray(color) * bright[i] + 255 * gloss * shine[i], kind, 0

    def _outline(self, points):
        """The convex hull of points on the sheet."""
        return opencv("drawing").convexHull(points.astype(np.float32))[:, 0]


def box(x, y, z) -> np.ndarray:
    """The corners of a box between pairs of x, y and z: (8, 3)."""
    return np.array([(i, j, k) for i in x for j in y for k in z], float)


def wheel(x, y, radius, corners, height):
    """A ring around an axle, counter-clockwise seen from its own side: (corners, 3)."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False) * (-1 if y > 0 else 1)
    return np.stack([x + radius * np.cos(angle), np.full(corners, y), height + radius * np.sin(angle)], 1)
