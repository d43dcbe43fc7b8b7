"""The frames of a run: PNG files while it runs, an animated GIF when it is done."""

import io
import math
from pathlib import Path

WIDEST = 800  # pixels
LARGEST = 1_000_000  # bytes of a GIF
ATTEMPTS = [(128, 800), (64, 800), (32, 800), (32, 640), (32, 480), (16, 400)]  # colours, width


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

    size = pictures[0].size
    if width < size[0]:
        size = width, round(size[1] * width / size[0])
    pictures = [p if p.size == size else p.resize(size, Image.Resampling.LANCZOS) for p in pictures]

    chosen = pictures[:: math.ceil(len(pictures) / 8)] + pictures[-1:]
    sheet = Image.new("RGB", (size[0], size[1] * len(chosen)))
    for row, picture in enumerate(chosen):
        sheet.paste(picture, (0, row * size[1]))
    palette = sheet.quantize(colours)
    frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]

    each = max(50, min(400, 6000 // len(frames) // 10 * 10))  # milliseconds; a GIF counts hundredths
    memory = io.BytesIO()
    frames[0].save(
        memory, "GIF", save_all=True, append_images=frames[1:], loop=0,
        duration=[each] * (len(frames) - 1) + [each + 2000],
    )  # fmt: skip
    return memory.getvalue()
