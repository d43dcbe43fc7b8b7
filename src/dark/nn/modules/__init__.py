"""The layers and losses, as modules."""
