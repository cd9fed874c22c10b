"""Keeping results of drawing and computing for as long as their arguments exist."""

from collections.abc import Callable, Hashable
from functools import wraps
from threading import RLock
from typing import Any, TypeVar
from weakref import ref

R = TypeVar("R", bound=Callable[..., Any])


def memo(maxsize: int) -> Callable[[R], R]:
    """Have a function remember its last `maxsize` results, as functools.lru_cache does, but hold no argument alive.

    A trace is large, and a module lives as long as the program: what is kept of a trace goes when the trace goes, which
    is when no screen shows it any more. Arguments are positional and hashable. Those that cannot be referred to weakly
    (text, numbers, tuples) are held, so a record is an argument of its own and not in a tuple; and a result must not
    hold an argument.
    """

    def decorate(function: R) -> R:
        results: dict[tuple[Hashable, ...], Any] = {}
        lock = RLock()  # threads draw charts, and a collector may come at any moment

        @wraps(function)
        def call(*arguments: Hashable) -> Any:
            key = tuple(map(_weakly, arguments))
            with lock:
                if key in results:
                    result = results[key] = results.pop(key)  # the last one used is the last to go
                    return result
            result = function(*arguments)
            with lock:
                mine: list[tuple[Hashable, ...]] = []  # filled below, for the callbacks that remove the result

                def forget(_: object) -> None:
                    results.pop(mine[0], None)

                mine.append(tuple(_weakly(argument, forget) for argument in arguments))
                results[mine[0]] = result
                if len(results) > maxsize:
                    results.pop(next(iter(results)), None)
            return result

        return call  # type: ignore[return-value]

    return decorate


def _weakly(argument: Hashable, gone: Callable[[object], None] | None = None) -> Hashable:
    """A weak reference that equals another to the same, or the argument itself where there can be none."""
    try:
        return ref(argument, gone)
    except TypeError:
        return argument
