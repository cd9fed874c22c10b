"""Vocabularies: a JSON list or map, a text with one entry a line, or those that a checkpoint itself holds."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BadInput
from .opening import opened, size_of

LARGEST = 50_000_000
"""The most bytes of a vocabulary."""

NAMED = re.compile(r"stoi|itos|vocab|word|char|token|2idx|idx2|_to_i|i_to_|ix_to|to_ix|label|tag", re.IGNORECASE)
"""The names by which lists and maps of text in a checkpoint are known as vocabularies."""

FORMS = 'a JSON list, a JSON map such as {"the": 0}, or a text with one entry a line'


@dataclass(frozen=True)
class Entries:
    """Entries by their row, from a file or a checkpoint that is called `source`; rows may be missing in between."""

    source: str
    rows: Mapping[int, str]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows)

    def words(self, V: int, of: str) -> tuple[tuple[str, ...], str]:
        """Return the entry of each of the V rows that `of` has, and a note on rows without one, or "".

        Raises BadInput where there are entries for more rows.
        """
        last = max(self.rows)
        if last >= V:
            listed = f"holds {self.count:,} entries" if last + 1 == self.count else f"has an entry for row {last:,}"
            raise BadInput(f"{self.source}: {listed}, and {of} has {V:,} rows; every entry must have a row")
        missing = [row for row in range(V) if row not in self.rows]
        words = tuple(self.rows.get(row, f"#{row}") for row in range(V))
        if not missing:
            return words, ""
        some = ", ".join(f"#{row}" for row in missing[:3]) + (", ..." if len(missing) > 3 else "")
        return words, (f"{self.source}: holds {self.count:,} entries, and {of} has {V:,} rows; those without an entry "
                       f"are called {some}")  # fmt: skip


def read_vocabulary(path: Path) -> Entries:
    """Return the entries in a file. Raises BadInput for what is none of FORMS, and for an entry that occurs twice."""
    with opened(path) as file:
        if size_of(file) > LARGEST:
            raise BadInput(f"{path}: is larger than {LARGEST // 10**6} MB; a vocabulary is {FORMS}")
        content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text; a vocabulary is {FORMS}") from None
    if "\0" in text:
        raise BadInput(f"{path}: is not text; a vocabulary is {FORMS}")
    held = _json(text, path)
    rows = _rows_of_lines(text, path) if held is None else _rows_of(held, str(path))
    return Entries(str(path), rows)


def entries_of(held: Any, source: str) -> Entries:
    """Return the entries of a list or a map; `source` is what errors call it. Raises BadInput where it is none."""
    return Entries(source, _rows_of(held, source))


def vocabularies_in(texts: Mapping[str, Any], V: int, source: str) -> list[Entries]:
    """Return the vocabularies of V entries among the lists and maps of text of the checkpoint `source`, each once."""
    found: dict[tuple[str, ...], Entries] = {}
    for name, held in texts.items():
        if len(held) != V or not NAMED.search(name):
            continue
        try:
            rows = _rows_of(held, name)
        except BadInput:
            continue
        if set(rows) == set(range(V)):
            found.setdefault(tuple(rows[row] for row in range(V)), Entries(f"{source}: {name}", rows))
    return list(found.values())


def _json(text: str, path: Path) -> Any:
    """The list or map that a text is as JSON; None where it is lines of text."""
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: _map(pairs, path))
    except BadInput:
        raise
    except (ValueError, RecursionError) as error:
        if path.suffix.lower() == ".json":
            where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            raise BadInput(f"{path}: is not JSON{where}; a vocabulary is {FORMS}") from None
        return None  # [PAD] may be the first entry of a text


def _map(pairs: Sequence[tuple[str, Any]], path: Path) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise BadInput(f"{path}: the entry {twice!r} occurs twice; each entry must occur once")
    return found


def _rows_of_lines(text: str, path: Path) -> dict[int, str]:
    lines = re.split(r"\r?\n", text)
    if lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise BadInput(f"{path}: is empty; a vocabulary is {FORMS}")
    for number, line in enumerate(lines, 1):
        if not line:
            raise BadInput(f"{path}: line {number} is empty; every line must hold one entry")
        if "\t" in line and len(line) > 1:
            raise BadInput(f"{path}: line {number} holds a tab ({line[:40]!r}); every line must hold one entry alone, "
                           "without a number or a count")  # fmt: skip
    return _distinct(lines, str(path), "line", 1)


def _rows_of(held: Any, source: str) -> dict[int, str]:
    """The rows of a list of entries, a map from entries to rows, or from rows to entries."""
    if isinstance(held, list | tuple):
        if not held or not all(isinstance(word, str) for word in held):
            raise BadInput(f"{source}: is a list of more than text; a vocabulary is {FORMS}")
        return _distinct(held, source, "place", 0)
    if not isinstance(held, dict) or not held:
        raise BadInput(f"{source}: holds no entries; a vocabulary is {FORMS}")
    if all(isinstance(word, str) and _is_row(row) for word, row in held.items()):
        pairs = [(row, word) for word, row in held.items()]
    elif all(isinstance(word, str) and _as_row(row) is not None for row, word in held.items()):
        pairs = [(_as_row(row), word) for row, word in held.items()]
    else:
        odd = next(iter(key for key, value in held.items() if not _is_row(value)), "")
        raise BadInput(f"{source}: {str(odd)[:40]!r} has no row number; a vocabulary is {FORMS}")
    rows: dict[int, str] = {}
    for row, word in pairs:
        if row in rows:
            raise BadInput(f"{source}: {rows[row]!r} and {word!r} have the same row, {row}; every row has one entry")
        rows[row] = word
    _distinct(list(rows.values()), source, "place", 0)
    return rows


def _is_row(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _as_row(key: Any) -> int | None:
    """The row that a key names, which JSON writes as text; None where it names none."""
    if isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) < 10:
        return int(key)
    return key if _is_row(key) else None


def _distinct(words: Sequence[str], source: str, what: str, first: int) -> dict[int, str]:
    """The words by their place. Raises BadInput where one occurs twice, or holds half a character."""
    seen: dict[str, int] = {}
    for place, word in enumerate(words, first):
        if word in seen:
            raise BadInput(f"{source}: {what} {place} is {word[:40]!r} again, which is {what} {seen[word]}; each "
                           "entry must occur once")  # fmt: skip
        seen[word] = place
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        raise BadInput(f"{source}: holds half a character (a surrogate); write it in UTF-8") from None
    return dict(enumerate(words))
