"""Many short texts in little memory: a column of a long table takes hardly more than its characters."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import overload

BLOCK = 1024
"""Texts in a block. A single text is found by splitting its block; all of them are read a block at a time."""

_BETWEEN = "\0"  # which stands in no text that is read from a file


class Packed(Sequence[str]):
    """N texts without NUL, read-only, as blocks that are one string each; equal to any sequence of the same texts."""

    def __init__(self, blocks: list[str], length: int) -> None:
        self._blocks, self._length = blocks, length

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Packed":
        """Return `texts` packed; no more than BLOCK of them are held at once besides the result."""
        length, blocks, coming = 0, list[str](), iter(texts)
        while block := list(islice(coming, BLOCK)):
            blocks.append(_BETWEEN.join(block))
            length += len(block)
        return cls(blocks, length)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(block.split(_BETWEEN) for block in self._blocks)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> "Packed": ...
    def __getitem__(self, place: int | slice) -> "str | Packed":
        if isinstance(place, slice):
            return Packed.of(list(self)[place])
        n = range(self._length)[place]
        return self._blocks[n // BLOCK].split(_BETWEEN)[n % BLOCK]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Packed({list(self)!r})"


class Packer:
    """Packs the columns of a table, a row at a time."""

    def __init__(self, width: int) -> None:
        self._rows: list[list[str]] = []
        self._blocks: tuple[list[str], ...] = tuple([] for _ in range(width))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, row: list[str]) -> None:
        """Add a row, of a cell a column."""
        self._rows.append(row)
        self._length += 1
        if len(self._rows) == BLOCK:
            self._pack()

    def columns(self) -> tuple[Packed, ...]:
        """Return all columns."""
        self._pack()
        return tuple(Packed(blocks, self._length) for blocks in self._blocks)

    def _pack(self) -> None:
        for blocks, cells in zip(self._blocks, zip(*self._rows, strict=True), strict=bool(self._rows)):
            blocks.append(_BETWEEN.join(cells))
        self._rows = []
