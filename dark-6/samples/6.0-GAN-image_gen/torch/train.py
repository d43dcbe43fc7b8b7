"""Train two networks against each other, until one of them draws cartoon characters."""

import sys
from pathlib import Path
from typing import Annotated

from torch.utils.data import DataLoader

from torch import full_like, manual_seed, nn, ones_like, optim, stack, zeros_like
from dark_samples import Run, main

sys.path.append(str(Path(__file__).parents[1]))  # data.py, frechet.py and pictures.py

from data import load
from dataset import Pictures
from features import features_of
from frechet import frechet_distance
from generation import STEPS, draw, draw_between, random_points
from model import Discriminator, Generator
from pictures import ANIMATED, draw_comparison, draw_curve, draw_frame, draw_sheet

EPOCHS = 12
BATCH_SIZE = 32
G_RATE, D_RATE, BETAS = 8e-4, 2e-4, (0.5, 0.999)  # rates at their peak
LEAST_STEPS = 1000  # of the schedule; the rates rise for a tenth of them
NOISE = 0.2  # on what the discriminator sees, at the beginning; from the middle on there is none
REAL = 0.9  # what it shall answer to real pictures: one that is never sure leaves the generator a gradient
MEASURED = 1000  # real pictures, and as many generated ones, after every epoch
FRAME_EVERY = 209  # steps: three in an epoch of 20,000 pictures


def train(
    run: Run,
    size: Annotated[int, "Of the pictures: 32, or 64 as in the paper."] = 32,
    width: Annotated[int, "Channels of the widest pictures; the paper has 64.", range(1, 1025)] = 48,
):
    run.train_for(EPOCHS)
    manual_seed(run.seed)

    characters = load(run.data, quick=run.quick, download=run.download, size=size)
    run.use(characters.source)
    loader = DataLoader(Pictures(characters.images), BATCH_SIZE, shuffle=True, drop_last=True)
    real_features = features_of(characters.test_images[:MEASURED], run.device)
    fixed = random_points(len(real_features), run.device)  # drawn again and again

    G, D = Generator(width, size).to(run.device), Discriminator(width, size).to(run.device)
    criterion = nn.BCEWithLogitsLoss()
    g_optimizer = optim.Adam(G.parameters(), G_RATE, BETAS)
    d_optimizer = optim.Adam(D.parameters(), D_RATE, BETAS)
    steps = max(LEAST_STEPS, run.epochs * len(loader))
    schedule = {"pct_start": 0.1, "div_factor": 10_000, "cycle_momentum": False}
    g_scheduler = optim.lr_scheduler.OneCycleLR(g_optimizer, G_RATE, steps, **schedule)
    d_scheduler = optim.lr_scheduler.OneCycleLR(d_optimizer, D_RATE, steps, **schedule)
    run.keep(
        generator=G, discriminator=D, g_optimizer=g_optimizer, d_optimizer=d_optimizer,
        g_scheduler=g_scheduler, d_scheduler=d_scheduler,
    )  # fmt: skip

    for epoch in run.remaining_epochs():
        for step, real in enumerate(run.steps(loader)):
            if step % FRAME_EVERY == 0:
                run.show_frame(draw_frame(draw(G, fixed[:ANIMATED]), epoch - 1 + step / len(loader)))
            noise = NOISE * max(0, 1 - 2 * g_scheduler.last_epoch / steps)
            fake = G(random_points(len(real), run.device))

            # The discriminator learns to tell them apart; detach() keeps its loss from the generator.
            on_real, on_fake = D(real.to(run.device), noise), D(fake.detach(), noise)
            d_loss = criterion(on_real, full_like(on_real, REAL)) + criterion(on_fake, zeros_like(on_fake))
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()

            # The generator learns to draw what the discriminator, which stays as it is, takes for real.
            D.requires_grad_(False)
            answers = D(fake, noise)
            g_loss = criterion(answers, ones_like(answers))
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()
            D.requires_grad_(True)

            g_scheduler.step()
            d_scheduler.step()
            numbers = [d_loss, g_loss, on_real.sigmoid().mean(), on_fake.sigmoid().mean()]
            d_loss, g_loss, d_real, d_fake = stack(numbers).tolist()  # together: a card is waited for once
            run.log_step(d_loss, generator_loss=g_loss, d_real=d_real, d_fake=d_fake)
        distance = frechet_distance(real_features, features_of(draw(G, fixed), run.device))
        run.log_epoch(frechet_distance=distance, d_real=run.mean("d_real"), d_fake=run.mean("d_fake"))

    pictures = draw(G, fixed)
    run.show_frame(draw_frame(pictures[:ANIMATED], run.epochs))
    run.finish(
        curve=False, learning_curve=draw_curve(run),
        characters=draw_comparison(pictures, characters.test_images),
        interpolation=draw_sheet(draw_between(G, fixed[:12]), STEPS),
    )  # fmt: skip


if __name__ == "__main__":
    main(__file__)
