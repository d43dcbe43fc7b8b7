"""The cards that `device="cuda"` computes on, what they are doing, and what they remember.

A card works beside the program: an operation on its tensors returns as soon as the work is in the card's
queue. Only what needs the numbers, such as `item()`, `cpu()` or `synchronize()`, waits for them.
"""  # dark-5

from . import graphs  # beyond
from . import pinned as pinned  # Tensor.pin_memory
from .cards import (
    current_device,
    device,
    device_count,
    get_device_capability,
    get_device_name,
    is_available,
    set_device,
    synchronize,
)
from .graphs import CUDAGraph, graph, is_current_stream_capturing  # beyond
from .memory import (
    empty_cache,
    max_memory_allocated,
    memory_allocated,
    memory_reserved,
    reset_peak_memory_stats,
)
from .random import (
    get_rng_state,
    get_rng_state_all,  # beyond
    initial_seed,
    manual_seed,
    manual_seed_all,
    seed,
    seed_all,
    set_rng_state,
    set_rng_state_all,  # beyond
)
from .streams import Event, Stream, current_stream, default_stream, stream  # beyond
