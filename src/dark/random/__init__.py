"""Random numbers, equal to those of PyTorch's CPU generator from the same seed."""

from .generator import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
