"""Masks laid over a picture."""

from __future__ import annotations

import warnings

from ...autograd import no_grad
from ...ops.creation import tensor
from ...tensor import Tensor
from .canvas import check_image
from .colors import Color, color_of_each


@no_grad()
def draw_segmentation_masks(
    image: Tensor,
    masks: Tensor,
    alpha: float = 0.8,
    colors: Color | list[Color] | None = None,
) -> Tensor:
    """A copy of an image (3, H, W) with boolean masks (N, H, W), or (H, W), laid over it.

    The image is uint8, or floating-point from 0 to 1, and so is the result. Pixels of a mask are `alpha` of
    its color and the rest of what they were; those of several masks are darkened. A color is a name,
    "#rrggbb", or a tuple of three numbers from 0 to 255; `colors` is one for all masks or a list with one for
    each. Without it every mask has another one; the first is black.

    Without any mask there is a warning, and the image itself is returned. Names of colors need Pillow.
    """
    name = "draw_segmentation_masks"
    check_image(name, image, channels=(3,))
    masks = check_masks(name, masks, image)
    if not len(masks):
        warnings.warn(f"{name}: there are no masks to draw", stacklevel=2)
        return image

    unit = 255 if image.dtype.is_floating_point else 1
    painted = image.clone()
    for mask, color in zip(masks, color_of_each(name, colors, len(masks))):
        painted[:, mask] = tensor([[v / unit] for v in color], dtype=image.dtype, device=image.device)
    painted[:, masks.sum(dim=0) > 1] = 0
    return (image * (1 - alpha) + painted * alpha).to(image.dtype)


def check_masks(name, masks, image):
    """The masks as (N, H, W), if they are masks of this image."""
    if not isinstance(masks, Tensor):
        raise TypeError(f"{name}: expected a tensor of masks, got {type(masks).__name__}")
    if masks.array.dtype.kind != "b":
        raise ValueError(f"{name}: expected masks of type bool, got {masks.dtype}; masks > 0.5 is")
    if masks.ndim not in (2, 3) or masks.shape[-2:] != image.shape[-2:]:
        raise ValueError(
            f"{name}: expected masks (N, H, W) or (H, W) for an image {tuple(image.shape)}, "
            f"got {tuple(masks.shape)}"
        )
    return masks if masks.ndim == 3 else masks[None]
