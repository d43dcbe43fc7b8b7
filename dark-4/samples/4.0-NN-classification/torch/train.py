"""Train a network to tell ten kinds of clothes apart."""

import sys
from pathlib import Path

from torch import manual_seed, nn, optim
from torch.utils.data import DataLoader

from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from dataset import Clothes
from evaluation import accuracy, predictions
from model import Network
from pictures import draw_predictions

EPOCHS = 5
BATCH_SIZE = 64
LEARNING_RATE = 0.1  # at its peak: it rises for 30 % of the steps, then falls and lets the weights settle


def train(run: Run):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    clothes = load(run.data, quick=run.quick, download=run.download)
    run.use(clothes.source)
    train_set = Clothes(clothes.train_images, clothes.train_labels)
    test_set = Clothes(clothes.test_images, clothes.test_labels)
    train_loader = DataLoader(train_set, BATCH_SIZE, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=500)

    model = Network().to(run.device)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.9)
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, run.epochs * len(train_loader))
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

    run.finish(predictions=draw_predictions(clothes, predictions(model, test_loader, run.device)))


if __name__ == "__main__":
    main(__file__)
