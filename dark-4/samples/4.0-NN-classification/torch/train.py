"""Train a network to tell ten kinds of clothes apart."""

import sys
from pathlib import Path

from torch import manual_seed, nn, optim
from torch.utils.data import DataLoader

from dark.samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py and pictures.py

from data import load
from dataset import Clothes
from evaluation import accuracy, predictions
from model import Network
from pictures import draw_predictions

EPOCHS = 5
BATCH_SIZE = 64
LEARNING_RATE = 0.05  # of the first epoch; each further one has half of it, so that the weights settle
MOMENTUM = 0.9


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
    optimizer = optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    run.keep(model=model, optimizer=optimizer, scheduler=scheduler)

    for _ in run.remaining_epochs():
        model.train()
        for images, labels in run.steps(train_loader):
            loss = criterion(model(images.to(run.device)), labels.to(run.device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            run.log_step(loss.item())
        scheduler.step()
        run.log_epoch(test_accuracy=accuracy(model, test_loader, run.device))

    run.finish(predictions=draw_predictions(clothes, predictions(model, test_loader, run.device)))


if __name__ == "__main__":
    main(__file__)
