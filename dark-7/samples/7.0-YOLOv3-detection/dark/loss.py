"""The loss: where the boxes are, what is an object and what is not, and of which class."""

from dark import nn, ones_like, zeros_like
from dark.nn.functional import binary_cross_entropy_with_logits, one_hot
from dark.vision.ops import generalized_box_iou_loss

from priors import decoded
from targets import NOTHING

WEIGHTS = {"box": 5.0, "object": 1.0, "no_object": 1.0, "class": 1.0}


class YOLOLoss(nn.Module):
    """Four sums over the priors, divided by the number of objects in the batch, and their weighted sum."""

    def forward(self, answers, target_boxes, target_labels, priors):
        """The loss, and its parts by name; answers (N, P, 5 + classes), targets (N, P, 4) and (N, P).

        - box: 1 - generalized IoU (Rezatofighi et al. 2019) of the boxes found and the true ones;
        - object: cross entropy where there is one; no_object: where there is none; not what is ignored;
        - class: cross entropy of each class by itself, as in YOLOv3: an object may be of two.

        Sums and not means: a mean over no objects would be 0 / 0.
        """
        mine, nothing = target_labels >= 0, target_labels == NOTHING  # (N, P), K of them objects
        found, boxes = answers[mine], decoded(answers, priors)[mine]  # (K, 5 + classes), (K, 4)
        on_objects, elsewhere = found[:, 4], answers[..., 4][nothing]
        classes = one_hot(target_labels[mine], found.shape[1] - 5).to(found)  # (K, classes)
        sums = {
            "box": generalized_box_iou_loss(boxes, target_boxes[mine], reduction="sum"),
            "object": cross_entropy(on_objects, ones_like(on_objects)),
            "no_object": cross_entropy(elsewhere, zeros_like(elsewhere)),
            "class": cross_entropy(found[:, 5:], classes),
        }
        parts = {name: WEIGHTS[name] * total / max(len(found), 1) for name, total in sums.items()}
        return sum(parts.values()), parts


def cross_entropy(logits, targets):
    """The sum of all binary cross entropies."""
    return binary_cross_entropy_with_logits(logits, targets, reduction="sum")
