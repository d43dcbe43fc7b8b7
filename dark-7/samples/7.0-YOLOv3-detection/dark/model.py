"""The network: BlazeFace's blocks, and YOLOv3's two answers, one on a coarse grid and one on a fine one."""

from dark import cat, get_default_dtype, nn, tensor
from dark.nn.functional import pad

from priors import priors_of

BLOCKS = (
    (24, 1), (24, 1), (48, 2),  # pictures of 64×64, then 32×32
    (48, 1), (48, 1), (96, 2),  # then 16×16
    (96, 1), (96, 1), (96, 1), (96, 2),  # then 8×8
    (96, 1), (96, 1), (96, 1),
)  # fmt: skip
FINE = 9  # so many blocks, and pictures are 16×16
RARE = -4.6  # the logit of 0.01: at first no prior is likely to hold an object (Lin et al. 2017)


def convolution(inputs, outputs, kernel_size, stride=1):
    """A convolution, normalised, and ReLU. Batch norm has a shift of its own: no bias."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size, stride, padding=kernel_size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class BlazeBlock(nn.Module):
    """Bazarevsky et al., "BlazeFace" (2019): 5×5 on each channel alone, 1×1 across them, and a shortcut.

    A full 5×5 convolution has 25 C² weights, the two have 25 C + C². With stride 2 the shortcut is max
    pooling; where there are more channels after the block than before, it has zeros in the new ones.
    """

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.new = outputs - inputs
        self.each = nn.Conv2d(inputs, inputs, 5, stride, padding=2, groups=inputs, bias=False)
        self.across = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.pool = nn.MaxPool2d(2) if stride == 2 else nn.Identity()
        self.relu = nn.ReLU()

    def forward(self, x):
        y = self.norm(self.across(self.each(x)))  # (N, C, H, W) -> (N, C', H/stride, W/stride)
        shortcut = self.pool(x)
        if self.new:
            shortcut = pad(shortcut, (0, 0, 0, 0, 0, self.new))  # (N, C, h, w) -> (N, C', h, w)
        return self.relu(y + shortcut)


class YOLO(nn.Module):
    """Redmon & Farhadi, "YOLOv3: an incremental improvement" (2018), slim and with two scales of its three.

    For pictures (N, 3, H, W), sides multiples of 16, it says of every prior whether an object is there, where
    exactly, and of which class: (N, P, 5 + classes), numbers as `decoded` in priors.py takes them.
    """

    def __init__(self, anchors, classes=1):
        super().__init__()
        # (6, 2), small ones first: three for the fine grid, three for the coarse one
        self.register_buffer("anchors", tensor(anchors, dtype=get_default_dtype()))
        each = len(anchors) // 2 * (5 + classes)
        self.stem = convolution(3, 24, 5, stride=2)
        inputs, blocks = 24, []
        for outputs, stride in BLOCKS:
            blocks.append(BlazeBlock(inputs, outputs, stride))
            inputs = outputs
        self.fine, self.coarse = nn.Sequential(*blocks[:FINE]), nn.Sequential(*blocks[FINE:])
        self.coarse_head = nn.Conv2d(inputs, each, 1)
        self.enlarge = nn.Sequential(convolution(inputs, 48, 1), nn.Upsample(scale_factor=2))
        self.merge = nn.Sequential(convolution(inputs + 48, inputs, 1), BlazeBlock(inputs, inputs))
        self.fine_head = nn.Conv2d(inputs, each, 1)
        for head in self.fine_head, self.coarse_head:
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)
            nn.init.constant_(head.bias.view(3, -1)[:, 4], RARE)

    def forward(self, images):
        fine = self.fine(self.stem(images))  # (N, 3, H, W) -> (N, 96, H/8, W/8)
        coarse = self.coarse(fine)  # -> (N, 96, H/16, W/16)
        merged = self.merge(cat([fine, self.enlarge(coarse)], dim=1))  # (N, 144, …) -> (N, 96, H/8, W/8)
        answers = [self.fine_head(merged), self.coarse_head(coarse)]
        return cat([self.by_prior(answer) for answer in answers], dim=1)

    def by_prior(self, answer):
        """What a grid says, a row for each prior, those of a cell one after the other."""
        n, channels, h, w = answer.shape
        answer = answer.permute(0, 2, 3, 1)  # (N, 3·(5 + classes), h, w) -> (N, h, w, 3·(5 + classes))
        return answer.reshape(n, h * w * 3, channels // 3)

    def priors(self, height, width):
        """The priors of pictures of this size, in the order of the answers."""
        return priors_of(self.anchors, height, width)
