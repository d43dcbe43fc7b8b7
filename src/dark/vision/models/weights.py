"""What a model's `weights` and `progress` mean."""  # beyond


def check_weights(name: str, weights) -> None:
    """Raise ValueError where weights are asked for: Dark downloads none."""
    if weights is not None:
        raise ValueError(
            f"{name}: weights={weights!r}, but Dark downloads none. Build the model with weights=None, fetch "
            "torchvision's file, and say model.load_state_dict(dark.load(FILE))"
        )
