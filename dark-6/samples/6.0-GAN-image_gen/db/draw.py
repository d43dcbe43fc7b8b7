"""Draws characters: `draw.py STYLE SEED START STOP` writes these to its standard output.

Each is 12,288 bytes: its pixels, uint8 (64, 64, 3).
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the folder of db

from db.characters import Artist


def main(style: str, seed: int, start: int, stop: int) -> None:
    """Write the characters from `start` to before `stop`."""
    artist = Artist(style)
    for index in range(start, stop):
        sys.stdout.buffer.write(artist.picture(seed, index).tobytes())


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
