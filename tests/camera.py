"""What stands for a camera and for a screen in tests."""  # beyond


class Camera:
    """Stands for `cv2.VideoCapture`."""

    def __init__(self, frames):
        self.frames, self.released = frames, False

    def read(self):
        return (True, self.frames.pop(0)) if self.frames else (False, None)

    def release(self):
        self.released = True


class Screen:
    """Stands for the screen; its window is closed after two pictures."""

    def __init__(self):
        self.shown = []

    def show(self, name, png):
        self.shown.append(png)

    def is_open(self):
        return len(self.shown) < 2
