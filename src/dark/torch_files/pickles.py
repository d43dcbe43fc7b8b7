"""Follows the steps of a pickle that build plain values; what would run code is refused."""  # beyond

import pickletools
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

MARK = object()  # begins the parts of a tuple, list or dict on the stack


class Refused(Exception):
    """The pickle asks for something that is not on the list of what it may use."""


class Called(NamedTuple):
    """A function on the list, which the pickle may call."""

    name: str
    function: Callable


def unpickled(file: BinaryIO, names: dict[str, Any], storage: Callable[[Any], Any]) -> Any:
    """The object that the pickle at the file's position describes; the position is then behind it.

    `names` is all that the pickle may use: values by their dotted names, and functions as `Called`. `storage`
    gives the value of a persistent id, such as PyTorch's ("storage", type, key, device, length). Raises
    Refused for other names and steps; ValueError, IndexError, KeyError, TypeError or AttributeError where the
    pickle is damaged.
    """
    stack: list = []
    memo: dict[int, Any] = {}
    argument: Any
    for step, argument, _ in pickletools.genops(file):
        name = step.name
        if name in VALUES:
            stack.append(VALUES[name](argument))
        elif name in ("PROTO", "FRAME"):
            continue
        elif name == "MARK":
            stack.append(MARK)
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            memo[len(memo)] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(memo[argument])
        elif name == "POP":
            stack.pop()
        elif name == "POP_MARK":
            since_mark(stack)
        elif name == "TUPLE":
            stack.append(tuple(since_mark(stack)))
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(name[-1])
            stack[-count:] = [tuple(stack[-count:])] if len(stack) >= count else damaged(name)
        elif name in ("LIST", "DICT"):
            items = since_mark(stack)
            stack.append(items if name == "LIST" else dict(pairs(items)))
        elif name in ("APPEND", "APPENDS"):
            items = since_mark(stack) if name == "APPENDS" else [stack.pop()]
            a_list(stack[-1]).extend(items)
        elif name in ("SETITEM", "SETITEMS"):
            items = since_mark(stack) if name == "SETITEMS" else [stack.pop(-2), stack.pop()]
            a_dict(stack[-1]).update(pairs(items))
        elif name == "ADDITEMS":
            items = since_mark(stack)
            stack[-1].update(keys(items)) if type(stack[-1]) is set else damaged("items for no set")
        elif name in ("GLOBAL", "STACK_GLOBAL"):
            if name == "STACK_GLOBAL":
                argument = " ".join([stack.pop(-2), stack.pop()])
            if (path := argument.replace(" ", ".")) not in names:
                raise Refused(path)
            stack.append(names[path])
        elif name in ("BINPERSID", "PERSID"):
            stack.append(storage(stack.pop() if name == "BINPERSID" else argument))
        elif name == "REDUCE":
            arguments, function = stack.pop(), stack.pop()
            if not isinstance(function, Called) or type(arguments) is not tuple:
                raise Refused(f"a call of {described(function)}")
            stack.append(function.function(*arguments))
        elif name == "BUILD":
            stack.pop()  # attributes, such as the versions of modules that a state_dict has
            a_dict(stack[-1])
        elif name == "STOP":
            return stack.pop()
        else:
            raise Refused(f"the step {name}")
    return damaged("its end is missing")


def itself(value):
    """A value that the step carries."""
    return value


VALUES: dict[str, Callable[[Any], Any]] = {
    "NONE": lambda _: None, "NEWTRUE": lambda _: True, "NEWFALSE": lambda _: False,
    "EMPTY_TUPLE": lambda _: (), "EMPTY_LIST": lambda _: [], "EMPTY_DICT": lambda _: {},
    "EMPTY_SET": lambda _: set(),
}  # fmt: skip
for name in (
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT",
    "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
    "STRING", "BINSTRING", "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
):  # fmt: skip
    VALUES[name] = itself


def damaged(what: str):
    """Raise: this is no pickle."""
    raise ValueError(f"the pickle is damaged ({what})")


def since_mark(stack: list) -> list:
    """Take what lies above the last mark, and the mark."""
    for place in range(len(stack) - 1, -1, -1):
        if stack[place] is MARK:
            items = stack[place + 1 :]
            del stack[place:]
            return items
    return damaged("a mark is missing")


def pairs(items: list) -> list[tuple]:
    """Keys with their values."""
    return list(zip(keys(items[::2]), items[1::2], strict=True))


def keys(items: list) -> list:
    """The items, if each may be a key: a plain value, or a tuple of plain values.

    Python finds the hash of tuples in tuples by recursion, which a million of them would bring to its end.
    """
    for item in items:
        for part in item if isinstance(item, tuple) else (item,):
            if isinstance(part, (tuple, list, dict, set)):
                damaged(f"{described(item)} with a {described(part)} as a key")
    return items


def a_list(value) -> list:
    """The value, if it is a list."""
    return value if type(value) is list else damaged(f"items for {described(value)}")


def a_dict(value) -> dict:
    """The value, if it is a dict."""
    return value if isinstance(value, dict) else damaged(f"entries for {described(value)}")


def described(value) -> str:
    """A value on the stack, for an error."""
    return value.name if isinstance(value, Called) else type(value).__name__
