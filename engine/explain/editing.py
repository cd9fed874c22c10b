"""Edits as they are made on a screen: written from what is selected, listed, switched off and on, undone."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from .edits import Edit, parse_edit


@dataclass(frozen=True)
class Listed:
    """An edit in a list, which is in force where it is `on`."""

    edit: Edit
    on: bool = True


@dataclass(frozen=True)
class EditList:
    """Edits in the order in which they are made. Every change returns another list, so that the old one can be kept."""

    entries: tuple[Listed, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Listed]:
        return iter(self.entries)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Those that are on: what `edited` takes."""
        return tuple(entry.edit for entry in self.entries if entry.on)

    def added(self, edit: Edit) -> "EditList":
        """Return the list with one more edit at its end, which is on."""
        return EditList((*self.entries, Listed(edit)))

    def switched(self, index: int) -> "EditList":
        """Return the list with the edit at `index` off where it is on, and on where it is off."""
        changed = [replace(e, on=not e.on) if n == index else e for n, e in enumerate(self.entries)]
        return EditList(tuple(changed))

    def without(self, index: int) -> "EditList":
        """Return the list without the edit at `index`."""
        return EditList(tuple(entry for n, entry in enumerate(self.entries) if n != index))

    def replaced(self, index: int, edit: Edit) -> "EditList":
        """Return the list with another edit at `index`, on or off as the one there was."""
        return EditList(tuple(replace(e, edit=edit) if n == index else e for n, e in enumerate(self.entries)))

    def undone(self) -> "EditList":
        """Return the list without its last edit."""
        return EditList(self.entries[:-1])

    def options(self) -> str:
        """Return what makes the same edits on the command line: `--edit 'hidden[3]=0'`, quoted for a shell."""
        return " ".join(f"--edit {shlex.quote(edit.text)}" for edit in self.edits)


def written_change(
    quantity: str,
    value: float,
    layer: str | None = None,
    unit: int | None = None,
    first: int | None = None,
    last: int | None = None,
    sign: Literal["=", "+=", "*="] = "=",
) -> Edit:
    """Return the edit that changes a quantity, or the input "x", from timestamp `first` to `last` (from 0, included).

    `sign` says whether `value` is set, added or multiplied by. Without `unit` every unit is changed, without `first`
    every timestamp. `value` is written in as few digits as give the same float32.
    """
    return parse_edit(f"{_what(quantity, layer, unit)}{sign}{_digits(value)}{_at(first, last)}")


def written_patch(
    quantity: str,
    source: str | int | None,
    layer: str | None = None,
    unit: int | None = None,
    t: int | None = None,
    source_t: int | None = None,
) -> Edit:
    """Return the edit that takes a quantity from a sentence, a sequence by its number from 1, or the run without edits.

    `t` and `source_t` are the timestamps here and there, from 0; without `source_t` they are the same.
    """
    inside = "" if source is None else str(source) if isinstance(source, int) else _quoted(source)
    return parse_edit(f"{_what(quantity, layer, unit)}{_at(t)}=from({inside}){_at(source_t)}")


def written_ablation(unit: int, layer: str | None = None) -> Edit:
    """Return the edit that ablates a unit: its hidden state is 0 at every timestamp."""
    return written_change("hidden", 0.0, layer, unit)


def written_action(
    action: Literal["reset", "skip", "delete", "token", "insert"], t: int, last: int | None = None, words: str = ""
) -> Edit:
    """Return the edit that resets, skips or deletes timestamps `t` to `last`, or puts `words` at `t` (from 0)."""
    return parse_edit(f"{action}{_at(t, last)}" + (f"={_quoted(words)}" if action in ("token", "insert") else ""))


def _what(quantity: str, layer: str | None, unit: int | None) -> str:
    own = f"{layer}." if layer is not None and quantity != "x" else ""
    return f"{own}{quantity}" + ("" if unit is None else f"[{unit}]")


def _at(first: int | None, last: int | None = None) -> str:
    if first is None:
        return ""
    return f"@{first + 1}" if last is None or last == first else f"@{first + 1}:{last + 1}"


def _digits(value: float) -> str:
    return np.format_float_positional(np.float32(value), trim="-") if abs(value) < 1e9 else f"{np.float32(value):.9g}"


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
