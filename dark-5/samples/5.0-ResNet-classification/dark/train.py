"""Train a ResNet to tell airplanes from automobiles, or all ten classes of CIFAR-10 apart."""

import sys
from pathlib import Path
from typing import Annotated

from dark.utils.data import DataLoader

from dark import manual_seed, nn, optim
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from dataset import Pictures, testing, training
from evaluation import accuracy, probabilities
from model import ResNet9
from pictures import draw_predictions

EPOCHS = 5
BATCH_SIZE = 128
LEARNING_RATE = 0.01  # at its peak, after half of the steps; the weights settle while it falls


def train(run: Run, classes: Annotated[int, "The first so many classes of CIFAR-10: 2 to 10."] = 2):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    pictures = load(run.data, classes, quick=run.quick, download=run.download)
    run.use(pictures.source)
    train_set = Pictures(pictures.train_images, pictures.train_labels, training)
    test_set = Pictures(pictures.test_images, pictures.test_labels, testing)
    # A last batch of one picture could not be normalised.
    train_loader = DataLoader(train_set, BATCH_SIZE, shuffle=True, drop_last=True)
    test_loader = DataLoader(test_set, batch_size=200)

    model = ResNet9(classes).to(run.device)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.9, weight_decay=5e-4)
    scheduler = optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, run.epochs * len(train_loader), pct_start=0.5, cycle_momentum=False
    )
    run.keep(model=model, optimizer=optimizer, scheduler=scheduler)

    for _ in run.remaining_epochs():
        model.train()
        for images, labels in run.steps(train_loader):
            loss = criterion(model(images.to(run.device)), labels.to(run.device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            run.log_step(loss.item())
        run.log_epoch(test_accuracy=accuracy(model, test_loader, run.device))

    run.finish(predictions=draw_predictions(pictures, probabilities(model, test_loader, run.device)))


if __name__ == "__main__":
    main(__file__)
