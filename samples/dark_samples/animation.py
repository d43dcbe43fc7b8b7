"""The frames of a run: PNG files while it runs, an animated GIF when it is done."""

import io
import math
from pathlib import Path

WIDEST = 800  # pixels
LARGEST = 1_000_000  # bytes of a GIF
ATTEMPTS = [(64, 800), (64, 640), (32, 640), (32, 560), (32, 480), (16, 400)]  # colours, width


class Frames:
    """The frames in a folder, numbered from 1. They outlive a run that is killed, so that it can go on."""

    def __init__(self, folder: Path):
        self.folder, self.count = folder, 0

    def add(self, png: bytes) -> None:
        """Put a frame behind the last; the first frame clears what an earlier run left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.count == 0:
            for old in self.folder.glob("*.png"):
                old.unlink()
        self.count += 1
        self.file(self.count).write_bytes(png)

    def go_on(self, count: int) -> bool:
        """Take over the first `count` frames of the run that is resumed; whether all are there."""
        self.count = count if all(self.file(n).is_file() for n in range(1, count + 1)) else 0
        return self.count == count

    def file(self, number: int) -> Path:
        """The file of a frame."""
        return self.folder / f"{number:04}.png"

    def gif(self) -> bytes:
        """The animation: six seconds, the last frame two more; of few colours where it would be large."""
        from PIL import Image

        pictures = []
        for number in range(1, self.count + 1):
            with Image.open(self.file(number)) as picture:
                pictures.append(picture.convert("RGB"))
        for colours, width in ATTEMPTS:
            content = encoded(pictures, colours, width)
            if len(content) <= LARGEST:
                break
        return content


def encoded(pictures: list, colours: int, width: int) -> bytes:
    """Pictures as a GIF that loops; all share one palette, so that what does not move does not flicker."""
    from PIL import Image

    palette = shared_palette(pictures, colours)
    size = pictures[0].size
    if width < size[0]:
        size = width, round(size[1] * width / size[0])
    frames = []
    for picture in pictures:
        if picture.size != size:
            picture = picture.resize(size, Image.Resampling.LANCZOS)
        frames.append(picture.quantize(palette=palette, dither=Image.Dither.NONE))

    each = max(50, min(400, 6000 // len(frames) // 10 * 10))  # milliseconds; a GIF counts hundredths
    memory = io.BytesIO()
    frames[0].save(
        memory, "GIF", save_all=True, append_images=frames[1:], loop=0,
        duration=[each] * (len(frames) - 1) + [each + 2000],
    )  # fmt: skip
    return memory.getvalue()


def shared_palette(pictures: list, colours: int):
    """A picture with the best few colours for all pictures, chosen on every other pixel of some of them.

    Colours are first spread over all that occur, so that a few red points on a large surface stay red, and
    then moved to the middle of what they stand for.
    """
    from PIL import Image

    some = pictures[:: math.ceil(len(pictures) / 6)] + pictures[-1:]
    width, height = (side // 2 for side in pictures[0].size)
    sheet = Image.new("RGB", (width, height * len(some)))
    for row, picture in enumerate(some):
        sheet.paste(picture.resize((width, height), Image.Resampling.NEAREST), (0, row * height))
    return sheet.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=3)
