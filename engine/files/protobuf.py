"""The wire format of Protocol Buffers, read straight from a file: fields by number, and where each one is.

Nothing is copied before it is asked for, so that a message of a gigabyte costs no more than the fields that are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST, BLOCK = 10, 4096
"""Bytes of the longest number, and how many are read at a time to find one."""

WIDTHS = {FIXED64: 8, FIXED32: 4}


class Malformed(Exception):
    """What is read is not a message."""


@dataclass(frozen=True)
class Span:
    """Where the bytes of a field are in the file."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


class Wire:
    """Messages in an open file. Raises Malformed where the bytes are none, or have more than `most` parts."""

    def __init__(self, file: BinaryIO, most: int):
        self.file, self.left = file, most
        self.block, self.begin = b"", 0  # what was read last, and from where

    def spend(self, parts: int) -> None:
        """Count `parts` more. Raises Malformed where they become too many."""
        self.left -= parts
        if self.left < 0:
            raise Malformed("it has too many parts")

    def fields(self, message: Span) -> Iterator[tuple[int, int, int | Span]]:
        """Yield (number, kind, value) of each field of a message: a whole number, or the Span of anything longer."""
        at = message.start
        while at < message.end:
            self.spend(1)
            key, at = self._varint(at, message.end)
            number, kind = key >> 3, key & 7
            value: int | Span
            if kind == VARINT:
                value, at = self._varint(at, message.end)
            elif kind == BYTES:
                length, at = self._varint(at, message.end)
                value = Span(at, at + length)
                at += length
            elif kind in WIDTHS:
                value = Span(at, at + WIDTHS[kind])
                at += WIDTHS[kind]
            else:
                raise Malformed("it is not a message")
            if at > message.end or number == 0:
                raise Malformed("it is not a message, or cut short")
            yield number, kind, value

    def numbers(self, kind: int, value: int | Span) -> Iterator[int]:
        """Yield the whole numbers, signed, of a repeated field: one, or many packed together."""
        if isinstance(value, int):
            yield _signed(value)
            return
        if kind != BYTES:
            raise Malformed("it has a number of another kind")
        at = value.start
        while at < value.end:
            self.spend(1)
            number, at = self._varint(at, value.end)
            yield _signed(number)

    def bytes(self, value: int | Span) -> bytes:
        """Return the bytes of a field."""
        if isinstance(value, int):
            raise Malformed("it has a number where text belongs")
        self.file.seek(value.start)
        content = self.file.read(len(value))
        if len(content) != len(value):
            raise Malformed("it is cut short")
        return content

    def text(self, value: int | Span) -> str:
        """Return the text of a field."""
        return self.bytes(value).decode("utf-8", "replace")

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        """The number at a place, and the place behind it."""
        if not self.begin <= at <= self.begin + len(self.block) - LONGEST:
            self.file.seek(at)
            self.block, self.begin = self.file.read(BLOCK), at
        number, first = 0, at - self.begin
        for n, byte in enumerate(self.block[first : first + min(LONGEST, end - at)]):
            number |= (byte & 0x7F) << 7 * n
            if byte < 0x80:
                return number & 0xFFFF_FFFF_FFFF_FFFF, at + n + 1
        raise Malformed("it is not a message, or cut short")


def _signed(number: int) -> int:
    return number - (1 << 64) if number >= 1 << 63 else number
