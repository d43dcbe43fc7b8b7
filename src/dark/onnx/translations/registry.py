"""Where translations are found: one function for an operation, with the operation's parameters."""  # beyond

from collections.abc import Callable

TRANSLATIONS: dict[str, tuple[Callable, tuple[str, ...]]] = {}


def translates(*names, follows=()):
    """Make a function the translation of the operations of these names.

    It takes a Graph and the operation's arguments by name, and returns the result. The arguments in `follows`
    may differ between the runs of the model, as lengths do that follow a dynamic axis.
    """

    def register(function):
        for name in names:
            TRANSLATIONS[name] = function, follows
        return function

    return register
