"""Draw characters that nobody has drawn, and ways between them, with the trained generator."""

import sys
from pathlib import Path
from typing import Annotated

from dark import manual_seed

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # pictures.py

from generation import STEPS, draw, draw_between, random_points
from model import Generator
from pictures import draw_sheet


def test(
    run: Run,
    count: Annotated[int, "Characters to draw.", range(1, 1001)] = 60,
    ways: Annotated[int, "Ways to draw, each from one character to another.", range(1, 101)] = 6,
    seed: Annotated[int, "Same seed, same characters."] = 0,
):
    trained = run.load()
    options = trained["options"]
    generator = Generator(int(options["width"]), int(options["size"])).to(run.device)
    generator.load_state_dict(trained["generator"])
    manual_seed(seed)
    run.show(
        {},
        drawn=draw_sheet(draw(generator, random_points(count, run.device)), min(10, count)),
        between=draw_sheet(draw_between(generator, random_points(2 * ways, run.device)), STEPS),
    )


if __name__ == "__main__":
    main(__file__)
