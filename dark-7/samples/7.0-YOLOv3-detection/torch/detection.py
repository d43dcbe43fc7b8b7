"""What a network finds in pictures: boxes with scores, each object once."""

from typing import NamedTuple

import numpy as np
from torch import no_grad, stack
from torch.nn.functional import interpolate, pad
from torch_boxes import batched_nms, clip_boxes_to_image

from dataset import as_input
from priors import decoded

AT_ONCE = 50  # pictures
SAME = 0.5  # boxes with more IoU than this are of one object
MOST = 100  # boxes of a picture


class Found(NamedTuple):
    """Boxes (k, 4), float32, in pixels, scores (k,), float32, and labels (k,), int64; the best one first."""

    boxes: np.ndarray
    scores: np.ndarray
    labels: np.ndarray


@no_grad()
def detect(model, images, device, least=0.01):
    """What is found in pictures, uint8 (N, H, W, 3), with at least this score: a list of N Found."""
    model.eval()
    height, width = images.shape[1:3]
    priors, found = model.priors(height, width), []
    for start in range(0, len(images), AT_ONCE):
        batch = stack([as_input(image) for image in images[start : start + AT_ONCE]])
        answers = model(batch.to(device))  # (N, P, 5 + classes)
        boxes = decoded(answers, priors)  # (N, P, 4)
        pairs = zip(answers.cpu(), boxes.cpu(), strict=True)  # one box after the other is no work for a card
        found += [select(*each, (height, width), least) for each in pairs]
    return found


@no_grad()
def detect_in(model, photo, size, device, least=0.5):
    """What is found in a picture of any size, uint8 (H, W, 3), that the network sees `size` pixels long.

    The edges are repeated until both sides are multiples of 16. The boxes are in pixels of the picture.
    """
    model.eval()
    scale = size / max(photo.shape[:2])
    height, width = (max(1, round(side * scale)) for side in photo.shape[:2])
    image = as_input(photo).unsqueeze(0).to(device)  # (1, 3, H, W)
    small = interpolate(image, size=(height, width), mode="area")
    small = pad(small, (0, -width % 16, 0, -height % 16), mode="replicate")
    answers = model(small)
    boxes = decoded(answers, model.priors(*small.shape[2:]))
    found = select(answers[0].cpu(), boxes[0].cpu(), (height, width), least)
    larger = np.array([photo.shape[1] / width, photo.shape[0] / height] * 2, np.float32)
    return found._replace(boxes=found.boxes * larger)


def select(answers, boxes, size, least):
    """The best boxes of one picture, of answers (P, 5 + classes) and their boxes (P, 4).

    A score is the probability of an object by that of the class. Boxes beyond the picture, whose `size` is
    (height, width), are left out. Boxes of one class that overlap much are of one object: the best of them
    stays (non-maximum suppression).
    """
    boxes = clip_boxes_to_image(boxes, size)
    inside = (boxes[:, 2:] > boxes[:, :2]).all(1, keepdim=True)  # (P, 1)
    scores = answers[:, 4:5].sigmoid() * answers[:, 5:].sigmoid()  # (P, classes)
    prior, label = ((scores > least) & inside).nonzero(as_tuple=True)  # (k,), (k,)
    boxes, scores = boxes[prior], scores[prior, label]
    best = batched_nms(boxes, scores, label, SAME)[:MOST]
    return Found(*(part[best].numpy() for part in (boxes, scores, label)))
