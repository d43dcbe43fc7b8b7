"""Trains the network whose features measure the pictures, and writes its weights beside this file.

    python measure/train_features.py                  the committed weights: a few minutes on two cores
    python measure/train_features.py --output FILE    write them elsewhere

Its task: see which of the eleven styles a character is drawn in, and the parts and colours it has.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

SAMPLE = Path(__file__).parents[1]
sys.path[:0] = [str(SAMPLE), str(SAMPLE / "dark")]  # db, and features.py

from db.characters import STYLES, Artist, need_packages
from db.prepare import STYLE, drawn_images
from features import FEATURES, Features

from dark import from_numpy, manual_seed, nn, no_grad, optim, randperm
from dark.nn.functional import cross_entropy

MAIN, OTHERS = 6_000, 600  # characters in the style that is the default, and in each of the others
TEST_MAIN, TEST_OTHERS = 600, 60
SEED, TEST_SEED = 2, 3  # 0 and 1 draw what the sample trains and measures with
EPOCHS = 6
BATCH_SIZE = 64
LEARNING_RATE = 0.004  # at its peak

UNKNOWN = -100  # the label of what is not asked: the target that cross_entropy ignores
TRAITS = (
    "hairVariant", "rearHairVariant", "eyesVariant", "eyebrowsVariant", "mouthVariant", "beardVariant",
    "clothesVariant", "hairColor", "skinColor", "clothesColor",
)  # fmt: skip


def characters(seed: int, main: int, others: int) -> tuple[np.ndarray, list[list]]:
    """Pictures, uint8 (N, 64, 64, 3), and of each the style, background and parts, None where not asked."""
    images, answers = [], []
    for style in STYLES:
        count = main if style == STYLE else others
        images.append(drawn_images(style, seed, count))
        artist = Artist(style)
        for index in range(count):
            traits = artist.traits(seed, index)
            parts = [str(traits.get(name)) if style == STYLE else None for name in TRAITS]
            answers.append([style, str(traits["backgroundColor"]), *parts])
    return np.concatenate(images), answers


def numbered(answers: list[list], known: list[list] | None = None) -> tuple[np.ndarray, list[list]]:
    """The answers as class numbers, int64 (N, questions), and the classes of every question."""
    known = known or [sorted({answer for answer in column if answer}) for column in zip(*answers)]
    numbers = [
        [classes.index(answer) if answer in classes else UNKNOWN for answer, classes in zip(row, known)]
        for row in answers
    ]
    return np.array(numbers, np.int64), known


def as_tensor(images: np.ndarray):
    """Pictures, uint8 (N, 64, 64, 3), as a tensor (N, 3, 64, 64) with colours in -1…1."""
    return from_numpy(images.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1)


def train(images: np.ndarray, labels: np.ndarray, questions: list[list]) -> tuple[Features, nn.ModuleList]:
    """The network, and a linear layer for every question that answers it from the features."""
    manual_seed(0)
    model = Features()
    heads = nn.ModuleList([nn.Linear(FEATURES, len(classes)) for classes in questions])
    parameters = [*model.parameters(), *heads.parameters()]
    optimizer = optim.Adam(parameters, lr=LEARNING_RATE)
    steps = len(images) // BATCH_SIZE
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, EPOCHS * steps)
    for epoch in range(EPOCHS):
        losses = []
        for chosen in randperm(len(images))[: steps * BATCH_SIZE].numpy().reshape(steps, BATCH_SIZE):
            features = model(as_tensor(images[chosen]))
            loss = sum(
                cross_entropy(head(features), from_numpy(labels[chosen, i])) for i, head in enumerate(heads)
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.3f}", flush=True)
    return model, heads


@no_grad()
def accuracies(model: Features, heads: nn.ModuleList, images: np.ndarray, labels: np.ndarray) -> list[float]:
    """The share of right answers to every question."""
    model.eval()
    features = model(as_tensor(images))
    hits = [(head(features).argmax(1).numpy() == labels[:, i]) for i, head in enumerate(heads)]
    return [float(hit[labels[:, i] != UNKNOWN].mean()) for i, hit in enumerate(hits)]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("features.safetensors"))
    options = parser.parse_args()
    need_packages()
    print("Drawing characters ...", flush=True)
    images, answers = characters(SEED, MAIN, OTHERS)
    labels, questions = numbered(answers)
    model, heads = train(images, labels, questions)

    test_images, test_answers = characters(TEST_SEED, TEST_MAIN, TEST_OTHERS)
    shares = accuracies(model, heads, test_images, numbered(test_answers, questions)[0])
    for name, classes, share in zip(("style", "backgroundColor", *TRAITS), questions, shares):
        print(f"{name}: {share:.1%} of {len(classes)} classes")
    save_file({name: value.numpy() for name, value in model.state_dict().items()}, options.output)
    print(f"{options.output}: {options.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
