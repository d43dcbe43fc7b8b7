"""Time and memory of training and inference of the samples' networks, dark against torch.

A network is the sample's own `model.py`, one version for each framework.
"""

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
        return network(t, *model), (pictures, labels), t.nn.CrossEntropyLoss()

    return prepare


def regression(model, batch, shape, outputs):
    """The same with numbers to predict."""

    def prepare(t):
        rng = np.random.default_rng(0)
        pictures = t.from_numpy(rng.standard_normal((batch, *shape), np.float32))
        numbers = t.from_numpy(rng.standard_normal((batch, *outputs), np.float32))
        return network(t, *model), (pictures, numbers), t.nn.MSELoss()

    return prepare


def decision(model, batch, shape, outputs):
    """The same with questions to answer by yes or no."""

    def prepare(t):
        rng = np.random.default_rng(0)
        pictures = t.from_numpy(rng.standard_normal((batch, *shape), np.float32))
        answers = t.from_numpy(rng.integers(0, 2, (batch, *outputs)).astype(np.float32))
        return network(t, *model), (pictures, answers), t.nn.BCEWithLogitsLoss()

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
        boxes, labels = (t.stack(part) for part in zip(*(targets_of(its, labels, priors) for its in boxes)))

        def loss_function(answers, boxes, labels, *parts):
            return loss(answers, boxes, labels, type(priors)(*parts))[0]

        return model, (pictures, boxes, labels, *priors), loss_function

    return prepare


def sgd(t, params):
    return t.optim.SGD(params, lr=0.01, momentum=0.9)


def adam(t, params):
    return t.optim.Adam(params)


def training(task, make_optimizer):
    """A whole training step: gradients cleared, forward, loss, backward, optimizer."""

    def prepare(t, place):
        model, batch, loss_function = task(t)
        model, batch = place.put(model), [place.put(x) for x in batch]
        optimizer = make_optimizer(t, model.parameters())

        def step(pictures, *targets):
            optimizer.zero_grad()
            loss = loss_function(model(pictures), *targets)
            loss.backward()
            optimizer.step()
            return loss

        return timed(place, place.ready(step), batch)

    return prepare


def inference(task):
    """The forward pass alone, in evaluation mode without gradients."""

    def prepare(t, place):
        model, (pictures, *_), _ = task(t)
        model = place.put(model).eval()

        def forward(pictures):
            with t.no_grad():
                return model(pictures)

        return timed(place, place.ready(forward), [place.put(pictures)])

    return prepare


def timed(place, step, batch):
    """A function that makes the place's number of steps, and says how long one took."""

    def work():
        start = place.now()
        for _ in range(place.steps):
            step(*batch)
        return {"": (place.now() - start) / place.steps}

    return work


def clothes(batch):
    return classification(("4.0", "Network"), batch, (1, 28, 28), 10)


def resnet9(batch):
    return classification(("5.0", "ResNet9", 2), batch, (3, 32, 32), 2)


def resnet18(batch):
    return regression(("5.1", "ResNet18", 136), batch, (3, 96, 96), (136,))


# The sample's pictures are 32×32; those of the paper, 64×64, need a layer and 16 channels more.
def generator(channels, size):
    return lambda batch: regression(("6.0", "Generator", channels, size), batch, (100,), (3, size, size))


def discriminator(channels, size):
    return lambda batch: decision(("6.0", "Discriminator", channels, size), batch, (3, size, size), ())


def unet(batch):
    return decision(("6.1", "UNet"), batch, (3, 64, 64), (64, 64))


def yolo(batch):
    return detection(batch, 128, 3)


# name: network and loss, optimizer, batches on the processor, batches on a card
NETWORKS = {
    "4.0": (clothes, {"SGD": sgd, "Adam": adam}, (64,), (64, 2048)),
    "5.0 ResNet9": (resnet9, {"SGD": sgd}, (128, 8), (128, 512)),
    "5.1 ResNet18": (resnet18, {"SGD": sgd}, (32,), (32, 256)),
    "6.0 generator": (generator(48, 32), {"Adam": adam}, (32,), (32, 256)),
    "6.0 discriminator": (discriminator(48, 32), {"Adam": adam}, (32,), (32, 256)),
    "6.0 generator for 64x64": (generator(64, 64), {"Adam": adam}, (32,), (32, 256)),
    "6.0 discriminator for 64x64": (discriminator(64, 64), {"Adam": adam}, (32,), (32, 256)),
    "6.1 UNet": (unet, {"Adam": adam}, (16,), (16, 128)),
    "7.0 YOLO": (yolo, {"Adam": adam}, (32,), (32, 128)),
}


def cases(options):
    """{name: case} for a device."""
    found = {}
    for name, (network_for, optimizers, *batches) in NETWORKS.items():
        for batch in (options.batch,) if options.batch else batches[options.device == "cuda"]:
            at = f"{name}, batch {batch}"
            for optimizer, make in optimizers.items():
                kind = f", {optimizer}" if len(optimizers) > 1 else ""
                found[at + kind] = training(network_for(batch), make)
            found[f"{at}, inference"] = inference(network_for(batch))
    return found


def not_recorded(name, entrant):
    """YOLO's loss picks out the objects, and how many differs: the arrays of a graph have fixed shapes."""
    return entrant == "dark captured" and name.startswith("7.0") and not name.endswith("inference")


if __name__ == "__main__":
    compare(__file__, cases, devices=("cpu", "cuda"), without=not_recorded)
