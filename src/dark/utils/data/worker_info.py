"""Which of a DataLoader's worker processes this one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_info: WorkerInfo | None = None


@dataclass(frozen=True)
class WorkerInfo:
    """What `get_worker_info` tells: number `id` of `num_workers`, its seed, and its copy of the data set."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


def get_worker_info() -> WorkerInfo | None:
    """Which worker of a DataLoader this process is; None in the main process."""
    return _info


def set_worker_info(info: WorkerInfo) -> None:
    """Let `get_worker_info` return this from now on."""
    global _info
    _info = info
