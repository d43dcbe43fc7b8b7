"""Cartoon characters drawn by DiceBear: which styles, with which colours, and the picture of one of them."""

import io
import json
from importlib import metadata, util
from importlib.resources import files

import numpy as np

from dark_samples.catalogue import SampleError

VERSION = 1  # of what is below; together with the packages' versions it says what is drawn
PACKAGES = {"dicebear-core": "dicebear", "dicebear-styles": "dicebear_styles", "resvg-py": "resvg_py"}
SIDE = 64

BACKGROUNDS = ["b6e3f4", "c0aede", "ffd5dc", "ffdfbf", "d1f0d4"]  # soft blue, violet, pink, orange, green
HAIR = [
    "2c1b18", "724133", "b5703a", "e6b84a", "f07848", "c0392b", "e05a8a", "7a5cc8", "3aa0c8", "3fa66a",
]  # fmt: skip
SKIN = ["f6d0b1", "e6b08a", "c68e6a", "a06a48", "7b4b35"]
CLOTHES = ["f97316", "ec4899", "731ac3", "b11f1f", "e8e9e6", "eab308", "0b3286", "147f3c"]

# What DiceBear draws by itself is changed by these options: larger heads, livelier colours.
STYLES = {
    "toon-head": {
        "scale": 1.25, "translateY": 4, "beardProbability": 12,
        "hairColor": HAIR, "skinColor": SKIN, "clothesColor": CLOTHES,
    },
    "adventurer": {"scale": 1.1, "hairColor": HAIR},
    "big-ears": {"hairColor": HAIR},
    "big-smile": {},
    "dylan": {},
    "lorelei": {},
    "micah": {},
    "notionists": {},
    "open-peeps": {},
    "personas": {"scale": 1.3},
    "thumbs": {},
}  # fmt: skip

CREATORS = {  # README.md has the addresses
    "toon-head": "Johan Melin (CC BY 4.0)",
    "adventurer": "Lisa Wischofsky (CC BY 4.0)",
    "big-ears": "The Visual Team (CC BY 4.0)",
    "big-smile": "Ashley Seo (CC BY 4.0)",
    "dylan": "Natalia Spivak (CC BY 4.0)",
    "lorelei": "Lisa Wischofsky (CC0 1.0)",
    "micah": "Micah Lanier (CC BY 4.0)",
    "notionists": "Zoish (CC0 1.0)",
    "open-peeps": "Pablo Stanley (CC0 1.0)",
    "personas": "Draftbit (CC BY 4.0)",
    "thumbs": "DiceBear (CC0 1.0)",
}


class Artist:
    """Draws characters of a style; each is told by its seed and index alone, in any order and process."""

    def __init__(self, name: str):
        from dicebear import Style

        definition = files("dicebear_styles").joinpath(f"{name}.json").read_text("utf-8")
        self.style = Style(json.loads(definition))
        self.options = {"size": SIDE, "backgroundColor": BACKGROUNDS, **STYLES[name]}

    def avatar(self, seed: int, index: int):
        """DiceBear's drawing of a character, an SVG that also tells which parts and colours it has."""
        from dicebear import Avatar

        return Avatar(self.style, {"seed": f"{seed}-{index}", **self.options})

    def traits(self, seed: int, index: int) -> dict:
        """The parts and colours of a character: `traits["hairVariant"]` is "bun"."""
        return self.avatar(seed, index).to_json()["options"]

    def picture(self, seed: int, index: int) -> np.ndarray:
        """A character as a picture, uint8 (64, 64, 3)."""
        from PIL import Image
        from resvg_py import svg_to_bytes

        drawing = self.avatar(seed, index).to_string()
        content = svg_to_bytes(svg_string=drawing, width=SIDE, height=SIDE, skip_system_fonts=True)
        return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def need_packages() -> None:
    """An error, before any work is done, where what draws is not installed."""
    missing = [package for package, module in PACKAGES.items() if util.find_spec(module) is None]
    if missing:
        raise SampleError(
            f"drawing characters needs {' and '.join(missing)}: pip install \".[samples]\" in Dark's folder"
        )


def edition() -> str:
    """What the drawings depend on: our version and those of the packages, such as `1-10.7.0-10.6.0-0.5.0`."""
    return "-".join([str(VERSION), *map(metadata.version, PACKAGES)])
