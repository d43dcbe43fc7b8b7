"""Time and memory of training and inference of a network 784-512-512-10, dark against torch."""

import time

import numpy as np
from turns import compare

BATCH = 64


def network(t):
    """The network of sample 4.0, and a batch of images with their classes."""
    t.manual_seed(0)
    nn = t.nn
    layers = [nn.Linear(784, 512), nn.SiLU(), nn.Linear(512, 512), nn.SiLU(), nn.Linear(512, 10)]
    rng = np.random.default_rng(0)
    images = t.from_numpy(rng.random((BATCH, 784), dtype=np.float32))
    return nn.Sequential(*layers), images, t.from_numpy(rng.integers(0, 10, BATCH))


def training(make_optimizer):
    """A whole training step: gradients cleared, forward, loss, backward, optimizer."""

    def prepare(t):
        model, images, classes = network(t)
        optimizer, loss_function = make_optimizer(t, model.parameters()), t.nn.CrossEntropyLoss()

        def step():
            start = time.perf_counter()
            optimizer.zero_grad()
            loss = loss_function(model(images), classes)
            loss.backward()
            optimizer.step()
            return {"": time.perf_counter() - start}

        return step

    return prepare


def inference(t):
    """The forward pass alone, in evaluation mode without gradients."""
    model, images, _ = network(t)
    model.eval()

    def forward():
        start = time.perf_counter()
        with t.no_grad():
            model(images)
        return {"": time.perf_counter() - start}

    return forward


CASES = {
    "training step, SGD": training(lambda t, params: t.optim.SGD(params, lr=0.01, momentum=0.9)),
    "training step, Adam": training(lambda t, params: t.optim.Adam(params)),
    "inference": inference,
}

if __name__ == "__main__":
    compare(__file__, CASES, repeats=100)
