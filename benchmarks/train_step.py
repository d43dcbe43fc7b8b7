"""Time and memory of training and inference of the samples' networks, dark against torch.

A network is the sample's own `model.py`, one version for each framework.
"""

import time

import numpy as np
from turns import compare

from dark_samples.catalogue import find_sample, imported


def network(t, sample, name, *arguments):
    """The network of a sample, with the weights that seed 0 gives."""
    t.manual_seed(0)
    return getattr(imported(find_sample(sample).folder / t.__name__ / "model.py"), name)(*arguments)


def classification(model, batch, shape, classes):
    """A function that makes a network, a batch of pictures with their classes, and the loss."""

    def prepare(t):
        rng = np.random.default_rng(0)
        pictures = t.from_numpy(rng.standard_normal((batch, *shape), np.float32))
        labels = t.from_numpy(rng.integers(0, classes, batch))
        return network(t, *model), pictures, labels, t.nn.CrossEntropyLoss()

    return prepare


def regression(model, batch, shape, outputs):
    """The same with numbers to predict."""

    def prepare(t):
        rng = np.random.default_rng(0)
        pictures = t.from_numpy(rng.standard_normal((batch, *shape), np.float32))
        numbers = t.from_numpy(rng.standard_normal((batch, *outputs), np.float32))
        return network(t, *model), pictures, numbers, t.nn.MSELoss()

    return prepare


def decision(model, batch, shape, outputs):
    """The same with questions to answer by yes or no."""

    def prepare(t):
        rng = np.random.default_rng(0)
        pictures = t.from_numpy(rng.standard_normal((batch, *shape), np.float32))
        answers = t.from_numpy(rng.integers(0, 2, (batch, *outputs)).astype(np.float32))
        return network(t, *model), pictures, answers, t.nn.BCEWithLogitsLoss()

    return prepare


def detection(batch, size, faces):
    """A YOLO, a batch of pictures with as many faces each, and its own loss."""

    def prepare(t):
        rng = np.random.default_rng(0)
        pictures = t.from_numpy(rng.standard_normal((batch, 3, size, size), np.float32))
        anchors = np.geomspace((16, 20), (64, 80), 6).astype(np.float32)
        model = network(t, "7.0", "YOLO", anchors)
        folder = find_sample("7.0").folder / t.__name__
        targets_of, loss = imported(folder / "targets.py").targets_of, imported(folder / "loss.py").YOLOLoss()
        priors = model.priors(size, size)
        corners, sides = rng.uniform(0, size - 64, (batch, faces, 2)), rng.uniform(16, 64, (batch, faces, 1))
        boxes = t.from_numpy(np.concatenate([corners, corners + sides], axis=2).astype(np.float32))
        labels = t.zeros(faces, dtype=t.int64)
        targets = [t.stack(part) for part in zip(*(targets_of(its, labels, priors) for its in boxes))]
        return model, pictures, targets, lambda answers, targets: loss(answers, *targets, priors)[0]

    return prepare


def sgd(t, params):
    return t.optim.SGD(params, lr=0.01, momentum=0.9)


def adam(t, params):
    return t.optim.Adam(params)


def training(task, make_optimizer=sgd):
    """A whole training step: gradients cleared, forward, loss, backward, optimizer."""

    def prepare(t):
        model, pictures, targets, loss_function = task(t)
        optimizer = make_optimizer(t, model.parameters())

        def step():
            start = time.perf_counter()
            optimizer.zero_grad()
            loss = loss_function(model(pictures), targets)
            loss.backward()
            optimizer.step()
            return {"": time.perf_counter() - start}

        return step

    return prepare


def inference(task):
    """The forward pass alone, in evaluation mode without gradients."""

    def prepare(t):
        model, pictures, _, _ = task(t)
        model.eval()

        def forward():
            start = time.perf_counter()
            with t.no_grad():
                model(pictures)
            return {"": time.perf_counter() - start}

        return forward

    return prepare


CLOTHES = classification(("4.0", "Network"), 64, (1, 28, 28), 10)
RESNET9 = classification(("5.0", "ResNet9", 2), 128, (3, 32, 32), 2)
RESNET9_SMALL = classification(("5.0", "ResNet9", 2), 8, (3, 32, 32), 2)
RESNET18 = regression(("5.1", "ResNet18", 136), 32, (3, 96, 96), (136,))
UNET = decision(("6.1", "UNet"), 16, (3, 64, 64), (64, 64))
# The sample's pictures are 32×32; those of the paper, 64×64, need a layer and 16 channels more.
GENERATOR = regression(("6.0", "Generator", 48, 32), 32, (100,), (3, 32, 32))
DISCRIMINATOR = decision(("6.0", "Discriminator", 48, 32), 32, (3, 32, 32), ())
GENERATOR_64 = regression(("6.0", "Generator", 64, 64), 32, (100,), (3, 64, 64))
DISCRIMINATOR_64 = decision(("6.0", "Discriminator", 64, 64), 32, (3, 64, 64), ())
YOLO = detection(32, 128, 3)

CASES = {
    "4.0, batch 64, SGD": training(CLOTHES),
    "4.0, batch 64, Adam": training(CLOTHES, adam),
    "4.0, batch 64, inference": inference(CLOTHES),
    "5.0 ResNet9, batch 128": training(RESNET9),
    "5.0 ResNet9, batch 128, inference": inference(RESNET9),
    "5.0 ResNet9, batch 8": training(RESNET9_SMALL),
    "5.0 ResNet9, batch 8, inference": inference(RESNET9_SMALL),
    "5.1 ResNet18, batch 32": training(RESNET18),
    "5.1 ResNet18, batch 32, inference": inference(RESNET18),
    "6.0 generator, batch 32": training(GENERATOR, adam),
    "6.0 generator, batch 32, inference": inference(GENERATOR),
    "6.0 discriminator, batch 32": training(DISCRIMINATOR, adam),
    "6.0 discriminator, batch 32, inference": inference(DISCRIMINATOR),
    "6.0 generator for 64x64, batch 32": training(GENERATOR_64, adam),
    "6.0 generator for 64x64, batch 32, inference": inference(GENERATOR_64),
    "6.0 discriminator for 64x64, batch 32": training(DISCRIMINATOR_64, adam),
    "6.0 discriminator for 64x64, batch 32, inference": inference(DISCRIMINATOR_64),
    "6.1 UNet, batch 16": training(UNET, adam),
    "6.1 UNet, batch 16, inference": inference(UNET),
    "7.0 YOLO, batch 32": training(YOLO, adam),
    "7.0 YOLO, batch 32, inference": inference(YOLO),
}

if __name__ == "__main__":
    compare(__file__, CASES)
