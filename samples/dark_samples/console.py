"""What is printed: no console stops a program, and an error is one line."""

import sys


def print_anything() -> None:
    """Let every console take every text: what it can't write, such as a folder's name, becomes "?"."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not where another program takes the output in
            stream.reconfigure(errors="replace")


def one_line(error: Exception) -> str:
    """An error's text, with the file it is about, and with what to install where it is PyTorch that lacks."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = " ".join(str(error).split())
    if isinstance(error, ImportError) and (error.name or "").split(".")[0] == "torch":
        if "unknown location" in text or isinstance(error, ModuleNotFoundError):
            text = "PyTorch is not installed"  # the folder torch/ of a sample was found in its place
        return f"{text}; pip install torch==2.13.0 brings it"
    return text


def first_line(error: Exception) -> str:
    """What an error says, without the lines of advice that PyTorch adds."""
    return (str(error).splitlines() or [type(error).__name__])[0]
