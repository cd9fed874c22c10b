"""What a pickle's opcodes work on, without running anything: a stack, a memo, and stand-ins for all that it names."""

from typing import Any

LEAST_NODES, LEAST_MEMO = 100_000, 100_000
"""Containers and memo entries that any pickle may have; larger ones may have one for every 8 and every 4 bytes."""

DEEPEST = 500
LONGEST_GLOBAL = 300


class BadPickle(ValueError):
    """A pickle that is damaged, or asks for more than it may."""


class Stand:
    """What stands in for anything that a pickle names, makes or calls; nothing is ever done with it.

    `name` is the global's ("torch._utils._rebuild_tensor_v2"), and that of the call for what a call would give;
    `args` are the call's arguments, None for the global itself; `state` is what it would be built with, and `items`
    what would be put into it, a list or a dict by text or whole numbers.
    """

    __slots__ = ("args", "items", "name", "state")

    def __init__(self, name: str, args: tuple[Any, ...] | None = None):
        self.name, self.args = name, args
        self.state: Any = None
        self.items: dict[str | int, Any] | list[Any] | None = None

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


PERSISTENT = "persistent"
"""The name of the stand-in for a thing that is kept outside of the pickle; its one argument is its identity."""


class Machine:
    """The stack and the memo; `depths` are those of the values on the stack."""

    def __init__(self, size: int):
        self.stack: list[Any] = []
        self.depths: list[int] = []
        self.marks: list[int] = []
        self.memo: dict[int, tuple[Any, int]] = {}
        self.nodes, self.most_nodes = 0, max(LEAST_NODES, size // 8)
        self.most_memo = max(LEAST_MEMO, size // 4)

    def push(self, value: Any, depth: int = 0) -> None:
        """Push a value onto the stack."""
        self.stack.append(value)
        self.depths.append(depth)

    def make(self, value: Any, depth: int = 0) -> None:
        """Push a new container of things that are `depth` deep. Raises BadPickle where there are too many."""
        self.nodes += 1
        if self.nodes > self.most_nodes:
            raise BadPickle(f"it holds more than {self.most_nodes:,} objects")
        self.push(value, self.deeper(depth))

    def deeper(self, depth: int) -> int:
        """Return the depth of a container of something `depth` deep. Raises BadPickle where that is too deep."""
        if depth >= DEEPEST:
            raise BadPickle(f"it is nested more than {DEEPEST} deep")
        return depth + 1

    def pop(self) -> tuple[Any, int]:
        """Pop the last value and its depth."""
        return self.stack.pop(), self.depths.pop()

    def drop(self, marked: bool = False) -> None:
        """Drop the last value, or a mark where that comes last; where `marked`, all values since the last mark."""
        if marked or (self.marks and self.marks[-1] == len(self.stack)):
            self.pop_marked()
        else:
            self.pop()

    def pop_marked(self) -> tuple[list[Any], int]:
        """Pop the values since the last mark, and the depth of the deepest."""
        mark = self.marks.pop()
        values, depth = self.stack[mark:], max(self.depths[mark:], default=0)
        del self.stack[mark:], self.depths[mark:]
        return values, depth

    def pop_some(self, count: int) -> tuple[list[Any], int]:
        """Pop the last `count` values, and the depth of the deepest. Raises BadPickle where there are fewer."""
        if len(self.stack) < count:
            raise BadPickle("it takes more than there is")
        self.marks.append(len(self.stack) - count)
        return self.pop_marked()

    def remember(self, index: int) -> None:
        """Keep the last value in the memo."""
        self.memo[index] = self.stack[-1], self.depths[-1]
        if len(self.memo) > self.most_memo:
            raise BadPickle(f"it remembers more than {self.most_memo:,} objects")

    def recall(self, index: int) -> None:
        """Push a value of the memo onto the stack."""
        self.push(*self.memo[index])

    def call(self, function: Any, arguments: Any, depth: int) -> None:
        """Push what stands for a call onto the stack."""
        name = function.name if isinstance(function, Stand) else ""
        if isinstance(function, Stand) and function.name == PERSISTENT and function.args:
            name = _class_of(function.args[0])
        self.make(Stand(name, arguments if isinstance(arguments, tuple) else (arguments,)), depth)

    def extend(self, values: list[Any], depth: int) -> None:
        """Put `values` into the list, set or stand-in that is last on the stack."""
        last = self.stack[-1]
        if isinstance(last, Stand):
            last.items = last.items if isinstance(last.items, list) else []
            last = last.items
        if not isinstance(last, list):
            raise BadPickle("it appends to something that is not a list")
        last.extend(values)
        self.depths[-1] = max(self.depths[-1], self.deeper(depth))

    def set_items(self, values: list[Any], depth: int) -> None:
        """Put keys and values, by turns, into the dict or the stand-in that is last on the stack."""
        last = self.stack[-1]
        if isinstance(last, Stand):
            last.items = last.items if isinstance(last.items, dict) else {}
            last = last.items
        if not isinstance(last, dict):
            raise BadPickle("it sets items of something that is not a dict")
        last.update(keyed(values, len(last)))
        self.depths[-1] = max(self.depths[-1], self.deeper(depth))

    def build(self) -> None:
        """Keep a state with the stand-in that is last on the stack."""
        state, depth = self.pop()
        last = self.stack[-1]
        if isinstance(last, Stand):
            last.state = state
            self.depths[-1] = max(self.depths[-1], self.deeper(depth))


def keyed(values: list[Any], there: int) -> dict[str | int, Any]:
    """Return the dict of alternating keys and values; a key that is neither text nor a plain number gets a number."""
    if len(values) % 2:
        raise BadPickle("it has a key without a value")
    return {
        key if isinstance(key, str) or (isinstance(key, int) and abs(key) < 2**63) else f"?{there + n}": value
        for n, (key, value) in enumerate(zip(values[::2], values[1::2], strict=True))
    }


def _class_of(identity: Any) -> str:
    """The name of the class whose source stands in an old file: ("module", class, file, source)."""
    if isinstance(identity, tuple) and len(identity) > 1 and identity[0] == "module" and isinstance(identity[1], Stand):
        return identity[1].name
    return ""


def named(module: Any, name: Any) -> Stand:
    """Return the stand-in for a global. Raises BadPickle where module and name are no text, or too long."""
    if not isinstance(module, str) or not isinstance(name, str) or len(module) + len(name) > LONGEST_GLOBAL:
        raise BadPickle("it names a global by something else than a name")
    return Stand(f"{module}.{name}")
