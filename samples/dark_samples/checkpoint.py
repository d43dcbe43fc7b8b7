"""What a run that was killed goes on from: one file, whole or not there."""

import importlib
import os
from pathlib import Path
from typing import Any

from .catalogue import SampleError
from .console import first_line

ALWAYS = {"losses", "numbers", "history", "epochs", "finished", "seconds", "frames", "options"}  # of the run


def write_checkpoint(path: Path, framework: str, state: dict[str, Any], device: str = "cpu") -> None:
    """Write a state and the states of the random numbers, under another name first."""
    module = importlib.import_module(framework)
    unfinished = path.with_suffix(".part")
    try:
        module.save(state | random_states(module, device), unfinished)
        os.replace(unfinished, path)
    except (OSError, RuntimeError) as error:  # RuntimeError is PyTorch's where the disk is full
        reason = getattr(error, "strerror", None) or first_line(error)
        raise SampleError(f"{path} can't be written: {reason}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def random_states(module, device: str) -> dict[str, Any]:
    """The states of the CPU's random numbers and, beside it, of those of the card that is computed on."""
    states = {"random": module.get_rng_state()}
    return states if device == "cpu" else states | {"random_on_card": module.cuda.get_rng_state(device)}


def restore_random_numbers(framework: str, state: dict[str, Any], device: str) -> None:
    """Go on with the random numbers of a checkpoint; a card's begin anew where it was written without one."""
    module = importlib.import_module(framework)
    module.set_rng_state(state["random"])
    if device != "cpu" and "random_on_card" in state:
        module.cuda.set_rng_state(state["random_on_card"], device)


def read_checkpoint(path: Path, framework: str) -> dict[str, Any]:
    """The state in a file, on the CPU; SampleError where there is none, or where it is damaged."""
    if not path.is_file():
        raise SampleError(
            f"there is no checkpoint {path}: train first; a sample that keeps no weights has none"
        )
    try:
        state = importlib.import_module(framework).load(path, map_location="cpu")
    except OSError:
        raise
    except Exception as error:  # PyTorch raises whatever a damaged file leads it to
        raise SampleError(f"{path} is damaged, or no checkpoint; train again") from error
    if not isinstance(state, dict) or not state.keys() >= ALWAYS | {"random"}:
        raise SampleError(f"{path} is no checkpoint of a sample; train again")
    return state
