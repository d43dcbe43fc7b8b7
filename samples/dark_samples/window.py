"""Windows where there is a screen: what a run draws while it trains, and its pictures when it is done."""

from __future__ import annotations

import io
import os
import time

WIDEST = 1000  # pixels


def open_screen() -> Screen | None:
    """The screen, where there is one: matplotlib has a backend that opens windows, and no CI watches."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        return None
    try:
        from matplotlib import pyplot
        from matplotlib.backends import backend_registry

        backend = backend_registry.load_backend_module(pyplot.get_backend())
    except Exception:
        return None  # such as a backend that is not installed: pictures are in files all the same
    return Screen(pyplot) if backend.FigureCanvas.required_interactive_framework else None


class Screen:
    """One window for each name; a window that was closed stays closed, and no fault here stops a run."""

    def __init__(self, pyplot):
        self.pyplot = pyplot
        self.images: dict = {}  # what each window shows
        self.answered = 0.0  # when the windows last moved or were closed as the user asked
        self.fault: Exception | None = None

    def show(self, name: str, png: bytes) -> None:
        """Show a picture in the window with this name."""
        self.safely(self.draw, name, png)

    def answer(self) -> None:
        """Let windows move and close while a run computes."""
        if self.images and time.monotonic() > self.answered + 0.1:
            self.safely(self.flush)

    def wait(self) -> None:
        """Until the user has closed all windows."""
        try:
            self.safely(self.pyplot.show, block=True)
        except KeyboardInterrupt:
            self.pyplot.close("all")

    def is_open(self) -> bool:
        """Whether there is a window that was not closed yet."""
        return self.fault is None and any(self.pyplot.fignum_exists(name) for name in self.images)

    def safely(self, action, *arguments, **options) -> None:
        """Do something with windows; after a fault nothing any more."""
        if self.fault is None:
            try:
                action(*arguments, **options)
            except Exception as error:
                self.fault = error

    def draw(self, name: str, png: bytes) -> None:
        """Open or redraw a window."""
        from PIL import Image

        with Image.open(io.BytesIO(png)) as picture:
            image = picture.convert("RGB")
        if name not in self.images:
            shrunk = min(1, WIDEST / image.width) / 100
            window = self.pyplot.figure(name, (image.width * shrunk, image.height * shrunk), 100)
            axes = window.add_axes((0, 0, 1, 1))
            axes.axis("off")
            self.images[name] = axes.imshow(image)
            self.pyplot.show(block=False)
        elif self.pyplot.fignum_exists(name):
            self.images[name].set_data(image)
            self.images[name].figure.canvas.draw_idle()
        self.flush()

    def flush(self) -> None:
        """Handle what the user did to the windows since the last time."""
        self.answered = time.monotonic()
        for image in self.images.values():
            if self.pyplot.fignum_exists(image.figure.number):
                image.figure.canvas.flush_events()
