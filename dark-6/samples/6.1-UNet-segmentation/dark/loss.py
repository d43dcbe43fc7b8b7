"""The loss: binary cross entropy, which judges each pixel, and soft Dice, which judges the whole mask."""

from dark import nn
from dark.nn.functional import binary_cross_entropy_with_logits


def dice_loss(scores, masks):
    """1 - soft Dice, the mean over the pictures; scores and masks are (N, H, W).

    With the probabilities p = sigmoid(score) and the mask m of 0 and 1, summed over a picture's pixels:

        Dice = (2 Σ p m + 1) / (Σ p + Σ m + 1)

    Milletari et al., "V-Net" (2016), with plain sums below where that has squares. The ones make it 1, not
    0 / 0, where there is no car and none is found.
    """
    p = scores.sigmoid()
    both, each = (p * masks).sum((1, 2)), (p + masks).sum((1, 2))
    return (1 - (2 * both + 1) / (each + 1)).mean()


class SegmentationLoss(nn.Module):
    """Their sum: near the end most pixels are right and sure, and cross entropy alone is nearly 0."""

    def forward(self, scores, masks):
        return binary_cross_entropy_with_logits(scores, masks) + dice_loss(scores, masks)
