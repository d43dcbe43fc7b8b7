"""A head in space: where the 68 points and all else of a face are, and where the camera sees them."""

import numpy as np

# Right half of a mean face seen from the front: x to the right, y down, z towards the camera.
JAW = np.array([  # from the ear to the chin
    (1.0, -0.22, -0.15), (0.985, 0.02, -0.15), (0.955, 0.26, -0.12), (0.9, 0.49, -0.06), (0.81, 0.7, 0.04),
    (0.67, 0.88, 0.18), (0.48, 1.02, 0.34), (0.25, 1.11, 0.48), (0, 1.14, 0.55),
])  # fmt: skip
TEMPLE = np.array([  # from the ear to the top of the forehead
    (1.0, -0.5, -0.15), (0.95, -0.82, -0.13), (0.82, -1.12, -0.1), (0.56, -1.35, -0.1), (0.2, -1.45, -0.1),
])  # fmt: skip
BROW = np.array([(0.2, -0.43), (0.34, -0.49), (0.5, -0.51), (0.66, -0.475), (0.8, -0.39)])
EYE = np.array([(0.27, -0.2), (0.395, -0.29), (0.54, -0.295), (0.66, -0.215), (0.54, -0.145), (0.395, -0.14)])
NOSE = np.array([  # the bridge, then below the tip from the left to the right
    (0, -0.22, 0.56), (0, -0.07, 0.67), (0, 0.08, 0.78), (0, 0.22, 0.88),
    (-0.2, 0.29, 0.58), (-0.1, 0.325, 0.68), (0, 0.345, 0.72), (0.1, 0.325, 0.68), (0.2, 0.29, 0.58),
])  # fmt: skip
OUTER_LIP = np.array([  # upper from the left corner to the right one, lower back
    (-0.36, 0.67), (-0.22, 0.605), (-0.08, 0.575), (0, 0.59), (0.08, 0.575), (0.22, 0.605), (0.36, 0.67),
    (0.23, 0.755), (0.1, 0.795), (0, 0.8), (-0.1, 0.795), (-0.23, 0.755),
])  # fmt: skip
INNER_LIP = np.array([
    (-0.31, 0.67), (-0.11, 0.658), (0, 0.663), (0.11, 0.658), (0.31, 0.67), (0.11, 0.675), (0, 0.678),
    (-0.11, 0.675),
])  # fmt: skip
JAW_WIDENS = np.array([0, 0.1, 0.35, 0.7, 1, 1, 0.85, 0.6, 0])
CHIN_SINKS = np.array([0, 0, 0.1, 0.25, 0.45, 0.7, 0.9, 1, 1])
FRONT_Y = (-1.45, -1.0, -0.45, -0.2, 0.3, 0.7, 1.0, 1.2)  # the profile of a face without its nose
FRONT_Z = (0.1, 0.44, 0.56, 0.5, 0.57, 0.62, 0.58, 0.52)
EYE_CENTER, LIP_LINE = (0.465, -0.215), 0.667
LEFT = np.array([-1, 1, 1])
DISTANCE = 7.0  # of the camera
SKULL = (0.0, -0.38, -0.42)
SKULL_SIZE = 1.07, 1.12


class Head:
    """A face's points in space, turned by its pose. `center` and `unit` place it in a picture.

    `points` are the 68 of iBUG as the camera sees them, `outline` is the edge of the face; `right` and `down`
    are the face's own directions in the picture, one unit long.
    """

    def __init__(self, f, center=(0.0, 0.0), unit=1.0):
        self.f = f
        cos, sin = np.cos([f.yaw, f.pitch, f.roll]), np.sin([f.yaw, f.pitch, f.roll])
        yaw = np.array([[cos[0], 0, sin[0]], [0, 1, 0], [-sin[0], 0, cos[0]]])
        pitch = np.array([[1, 0, 0], [0, cos[1], sin[1]], [0, -sin[1], cos[1]]])
        roll = np.array([[cos[2], -sin[2], 0], [sin[2], cos[2], 0], [0, 0, 1]])
        self.rotation = roll @ pitch @ yaw
        smiling = 0.06 * (f.smile > 0.45 and f.teeth > 0.35)
        self.gape = max(smiling, 0.6 * max(0.0, f.open - 0.5) ** 1.2)  # how far the lower lip sinks
        self.jaw, self.temple = self.right_jaw(), self.right_temple()
        self.edge = np.concatenate([self.temple[::-1], self.jaw]).T  # x, y and z from the top to the chin
        self.in_space = np.concatenate([self.landmarks(), self.contour(both(self.temple)[::-1])])
        self.place(center, unit)

    def place(self, center, unit) -> None:
        """Put the head at another place of the picture, in another size."""
        self.center, self.unit = np.asarray(center, float), unit
        self.right, self.down = unit * self.rotation[:2, :2].T
        seen = self.see(self.in_space)
        self.points, self.outline = seen[:68], np.delete(seen, slice(17, 68), axis=0)

    def see(self, points):
        """Where the camera sees points (n, 3): (n, 2) in pixels."""
        turned = np.asarray(points, float) @ self.rotation.T
        return turned[:, :2] * (self.unit * DISTANCE / (DISTANCE - turned[:, 2:])) + self.center

    def on(self, points, lift=0.0):
        """Where the camera sees points (n, 2) of the face's front, `lift` in front of it."""
        return self.see(self.raised(points, lift))

    def raised(self, points, lift=0.0):
        """Points (n, 2) of the face's front in space: (n, 3)."""
        points = np.asarray(points, float)
        return np.column_stack([points, self.front(points[:, 0], points[:, 1]) + lift])

    def front(self, x, y):
        """How far towards the camera the face reaches at a place; the nose is not part of it."""
        width, back = (np.interp(y, self.edge[1], self.edge[i]) for i in (0, 2))
        depth = np.interp(y, FRONT_Y, FRONT_Z) - back
        return back + depth * np.sqrt(np.clip(1 - (x / np.maximum(width, 0.1)) ** 2, 0, 1))

    def contour(self, points):
        """The edge of the face as the camera sees it: on the side turned away, the cheek stands before it."""
        x, y, z = points.T
        depth = np.maximum(np.interp(y, FRONT_Y, FRONT_Z) - z, 0.05)
        angle = np.arctan2(np.abs(x) * np.cos(self.f.yaw), depth * abs(np.sin(self.f.yaw)))
        angle = np.where(x * self.f.yaw > 0, angle, np.pi / 2)
        return np.stack([x * np.sin(angle), y, z + depth * np.cos(angle)], 1)

    def landmarks(self):
        """The 68 points of iBUG: jaw, brows, nose, eyes, mouth."""
        left, right = (self.eye(side) for side in (-1, 1))
        features = [
            self.brow(-1)[::-1], self.brow(1), self.nose(), left[[3, 2, 1, 0, 5, 4]], right, *self.mouth(),
        ]  # fmt: skip
        return np.concatenate([self.contour(both(self.jaw)), *features])

    def right_jaw(self):
        """The right half, from the ear to the chin."""
        f, points = self.f, JAW.copy()
        points[:, 0] *= f.wide * (1 + (f.jaw + 0.05 * f.child) * JAW_WIDENS)
        points[7, 0] *= 1 + f.point
        points[:, 1] += (f.chin - 0.08 * f.child + 0.75 * self.gape) * CHIN_SINKS
        return points

    def right_temple(self):
        """The right half of the face's edge above the ear."""
        return TEMPLE * (self.f.wide, 1, 1) + (0, -self.f.forehead, 0) * np.linspace(0, 1, 5)[:, None]

    def brow(self, side):
        """The five points of a brow, from the nose outwards."""
        f, points = self.f, BROW.copy()
        points[:, 0] += f.eye_gap
        rise = f.brow_height + f.brow_up + 0.05 * f.smirk * side - 0.05 * f.child
        points[:, 1] -= rise + f.brow_arch * np.array([0, 0.6, 1, 0.7, 0])
        points[:2, 1] += f.frown * np.array([1, 0.4])
        return self.raised(points * (side, 1), 0.03)

    def openness(self, side):
        """How far an eye is open: from 0, closed, to 1."""
        f = self.f
        if f.lids < 0.04 or (f.wink < 0.04 and (f.wink < 0.02) == (side < 0)):
            return 0.08
        return (0.55 + 0.55 * f.lids) * (1 - 0.25 * max(0, f.smile)) * (1 + 2 * max(0, f.brow_up))

    def eye(self, side):
        """The six points of an eye: the inner corner, along the upper lid to the outer one, and back."""
        f, opened = self.f, self.openness(side)
        x, y = ((EYE - EYE_CENTER) * f.eye_size * (1.16 if f.child else 1)).T
        line = np.array([0, 1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]) * (y[3] - y[0]) + y[0]
        y = line + (y - line) * np.where(y < line, opened, 0.6 + 0.4 * opened) - f.eye_tilt * x / 0.2
        x, y = x + EYE_CENTER[0] + f.eye_gap, y + EYE_CENTER[1] - f.eye_height + 0.05 * f.child
        return self.raised(np.stack([side * x, y], 1))

    def nose(self):
        """Four points down the bridge and five below the tip."""
        f, points = self.f, NOSE.copy()
        points[4:, 0] *= f.nose_width * (1 + 0.12 * max(0, f.smile))
        points[:, 1] += (f.nose_length - 0.1 * f.child) * (points[:, 1] + 0.22) / 0.57
        points[:4, 2] += 0.08 * (f.bridge - 0.5) - 0.06 * f.child
        return points

    def mouth(self):
        """The twelve points around the lips and the eight between them."""
        f = self.f
        for points, lower in ((OUTER_LIP, slice(7, 12)), (INNER_LIP, slice(5, 8))):
            x, y = points.T.copy()
            out = (x / 0.36) ** 2
            y = LIP_LINE + (y - LIP_LINE) * f.lip
            y[lower] += self.gape * (1 - out[lower])
            y -= (0.13 * f.smile + 0.1 * f.smirk * np.sign(x)) * out - 0.04 * max(0, f.smile)
            x *= f.mouth_width * (1 + 0.16 * f.smile - 0.5 * self.gape)
            y += f.mouth_height + f.chin / 3 - 0.02 * f.child
            yield self.raised(np.stack([x, y], 1), 0.04)


def both(half):
    """The left half of a line, mirrored, and the right half back; a point in the middle stands once."""
    back = half[::-1]
    return np.concatenate([half * LEFT, back[1:] if half[-1, 0] == 0 else back])
