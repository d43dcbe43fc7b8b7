"""Random numbers: on the CPU, from the same seed, those of PyTorch's CPU generator."""

from .generator import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
