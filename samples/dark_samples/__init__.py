"""What every sample needs around its training loop: options, progress, results on disk, the `dark` command.

No framework's business: it imports neither Dark nor PyTorch, and the versions for both use it.
"""

from .run import Run

__all__ = ["Run", "main"]


def main(script: str) -> None:
    """Run a sample's script, such as `4.0-…/dark/train.py`, with the options of `dark run`.

    Annotated parameters of its function are options too: `classes: Annotated[int, "How many classes."] = 2`.
    """
    from .script import run_script

    run_script(script)
