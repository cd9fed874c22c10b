"""Pickles as data: an interpreter over `pickletools.genops` that resolves no name, and so can run nothing.

Every global of a pickle becomes a `Stand`, which keeps what the pickle would have given to it. What a pickle may make
is bounded before it is made: how many steps, objects and memo entries, and how deep they are nested.
"""

import pickletools
import warnings
from collections.abc import Callable
from typing import IO, Any, cast

from .standins import PERSISTENT, BadPickle, Machine, Stand, keyed, named

MOST_STEPS = 5_000_000
LARGEST = 64_000_000
"""The most bytes of a pickle; the numbers of tensors are stored outside of it."""


def read_pickle(stream: IO[bytes], size: int) -> Any:
    """Return what the next pickle in `stream` describes: plain values, dicts, lists, tuples and stand-ins.

    `size` bytes are left in the stream. Raises BadPickle for damage and for what goes beyond the limits.
    """
    machine = Machine(size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in very old strings
            for steps, (code, argument, _) in enumerate(pickletools.genops(cast(IO[bytes], Bounded(stream, size)))):
                if steps == MOST_STEPS:
                    raise BadPickle(f"it has more than {MOST_STEPS:,} steps")
                if code.name == "STOP":
                    return machine.stack.pop()
                _step(machine, code.name, argument)
    except BadPickle:
        raise
    except (ValueError, IndexError, KeyError, TypeError, OverflowError) as error:  # pickletools has no error of its own
        raise BadPickle(str(error) or "it is damaged") from None
    raise BadPickle("it has no end")


class Bounded:
    """A stream that hands out no more than it has, so that a length in a pickle counts only where it can be true.

    It has no `tell`, so that pickletools does not ask for the position of every step.
    """

    def __init__(self, stream: IO[bytes], size: int):
        self.stream, self.left = stream, min(size, LARGEST)

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes, or none where there are not as many."""
        if count > self.left:
            return b""
        self.left -= count
        return self.stream.read(count)

    def readline(self) -> bytes:
        """Return the next line."""
        line = self.stream.readline(self.left)
        self.left -= len(line)
        return line


def _step(machine: Machine, code: str, argument: Any) -> None:
    """Carry out one opcode."""
    if code in _STEPS:
        _STEPS[code](machine, argument)
    elif code in _PLAIN:
        machine.push(argument)
    elif code not in _NOTHING:
        raise BadPickle(f"it has a {code}, which no file of weights has")


def _named(machine: Machine, argument: str) -> None:
    machine.make(named(*argument.split(" ", 1)))


def _named_on_stack(machine: Machine, argument: Any) -> None:
    (module, name), _ = machine.pop_some(2)
    machine.make(named(module, name))


def _called(machine: Machine, argument: Any) -> None:
    (function, arguments), depth = machine.pop_some(2)
    machine.call(function, arguments, depth)


def _called_with_names(machine: Machine, argument: Any) -> None:
    (function, arguments, _), depth = machine.pop_some(3)
    machine.call(function, arguments, depth)


def _instance(machine: Machine, argument: str) -> None:
    values, depth = machine.pop_marked()
    machine.call(named(*argument.split(" ", 1)), tuple(values), depth)


def _object(machine: Machine, argument: Any) -> None:
    values, depth = machine.pop_marked()
    machine.call(values[0], tuple(values[1:]), depth)


def _tuple_of(count: int) -> Callable[[Machine, Any], None]:
    def make(machine: Machine, argument: Any) -> None:
        values, depth = machine.pop_some(count)
        machine.make(tuple(values), depth)

    return make


def _marked_as(kind: Callable[[list[Any]], Any]) -> Callable[[Machine, Any], None]:
    def make(machine: Machine, argument: Any) -> None:
        values, depth = machine.pop_marked()
        machine.make(kind(values), depth)

    return make


def _persistent(machine: Machine, argument: Any) -> None:
    identity, depth = machine.pop()
    machine.make(Stand(PERSISTENT, (identity,)), depth)


_NOTHING = frozenset(("PROTO", "FRAME"))
_PLAIN = frozenset((
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES",
    "BINBYTES8", "BYTEARRAY8",
))  # fmt: skip
_STEPS: dict[str, Callable[[Machine, Any], None]] = {
    "NONE": lambda m, a: m.push(None),
    "NEWTRUE": lambda m, a: m.push(True),
    "NEWFALSE": lambda m, a: m.push(False),
    "MARK": lambda m, a: m.marks.append(len(m.stack)),
    "POP": lambda m, a: m.drop(),
    "POP_MARK": lambda m, a: m.drop(marked=True),
    "DUP": lambda m, a: m.push(m.stack[-1], m.depths[-1]),
    "EMPTY_TUPLE": lambda m, a: m.push(()),
    "EMPTY_LIST": lambda m, a: m.make([]),
    "EMPTY_DICT": lambda m, a: m.make({}),
    "EMPTY_SET": lambda m, a: m.make([]),
    "TUPLE": _marked_as(tuple),
    "LIST": _marked_as(list),
    "FROZENSET": _marked_as(list),
    "DICT": _marked_as(lambda values: keyed(values, 0)),
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "APPEND": lambda m, a: m.extend(*m.pop_some(1)),
    "APPENDS": lambda m, a: m.extend(*m.pop_marked()),
    "ADDITEMS": lambda m, a: m.extend(*m.pop_marked()),
    "SETITEM": lambda m, a: m.set_items(*m.pop_some(2)),
    "SETITEMS": lambda m, a: m.set_items(*m.pop_marked()),
    "BUILD": lambda m, a: m.build(),
    "PUT": lambda m, a: m.remember(a),
    "BINPUT": lambda m, a: m.remember(a),
    "LONG_BINPUT": lambda m, a: m.remember(a),
    "MEMOIZE": lambda m, a: m.remember(len(m.memo)),
    "GET": lambda m, a: m.recall(a),
    "BINGET": lambda m, a: m.recall(a),
    "LONG_BINGET": lambda m, a: m.recall(a),
    "GLOBAL": _named,
    "STACK_GLOBAL": _named_on_stack,
    "REDUCE": _called,
    "NEWOBJ": _called,
    "NEWOBJ_EX": _called_with_names,
    "INST": _instance,
    "OBJ": _object,
    "PERSID": lambda m, a: m.make(Stand(PERSISTENT, (a,))),
    "BINPERSID": _persistent,
    "EXT1": lambda m, a: m.make(Stand("extension")),
    "EXT2": lambda m, a: m.make(Stand("extension")),
    "EXT4": lambda m, a: m.make(Stand("extension")),
}
