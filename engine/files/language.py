"""A user's network that reads words: its file, its vocabulary and its two ends put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..arrays import as_floats
from ..errors import BadInput
from ..models.own_vocabulary import OwnVocabulary
from ..models.words import WordNetwork, WordReader
from ..weights import Stack
from .contents import Contents, Recurrent
from .ends import NO_READOUT, check_before, embedding_in, readout_in
from .vocabularies import Entries, read_vocabulary, vocabularies_in


@dataclass(frozen=True)
class Asked:
    """What the user says about the words; the fields have the names of the command line's options."""

    vocabulary: Path | Entries | None = None
    labels: Path | Entries | None = None
    tokens: str | None = None
    fold_case: bool = False
    unknown: str | None = None
    embedding: str | None = None
    readout: str | None = None


@dataclass(frozen=True, eq=False)
class Language:
    """The `reader`, a WordNetwork where a readout is found. `title` says what it is made of, `notes` what is left out.

    `named` says whether its entries are words: without a vocabulary they are row numbers.
    """

    reader: WordReader
    title: tuple[str, ...]
    notes: tuple[str, ...]
    named: bool


def language_of(
    found: Contents, first: Recurrent, last: Recurrent, stack: Stack, asked: Asked, source: str, text: str | None = None
) -> Language:
    """Return what reads words with `stack`, whose first layer comes from `first` and whose last from `last` in `found`.

    `text` is what it is to read, if that is known: without a vocabulary it must be row numbers. Raises BadInput, which
    names the file, for what is not there, does not fit or is ambiguous.
    """
    name, tensor = embedding_in(found, stack.I, asked.embedding, source, first)
    V = tensor.shape[0]
    title: list[str] = []
    notes: list[str] = []
    entries, note = _entries(found.texts, V, asked.vocabulary, source)
    notes += [note] if note else []
    if entries is None:
        words: Sequence[str] = [str(row) for row in range(V)]
        title.append(f"inputs from {name}")
    else:
        words, note = entries.words(V, name)
        notes += [note] if note else []
        title.append(f"vocabulary {_short(entries.source, source)}")
    how = asked.tokens or _how(words, entries, text, source)
    vocabulary = OwnVocabulary(words, how, asked.fold_case, asked.unknown)
    title.append({"words": "", "characters": "by characters", "spaces": "split at spaces", "ids": "by row"}[how])
    readout = readout_in(found, last, stack.D, name, asked.readout, source)
    if asked.embedding is None:
        check_before(found, first, stack.I, stack.D, (name, *readout.used), source)
    if readout.note and not (readout.bare and text is None):
        notes.append(f"{source}: {readout.note}")
    embedding = as_floats(tensor.read(), f"{source}: {name}")
    if readout.readout is None:
        reader = WordReader(vocabulary, embedding, stack)
        return Language(reader, tuple(filter(None, title)), tuple(notes), entries is not None)
    title.append(f"readout {readout.name}")
    answers, note = _answers(found.texts, vocabulary, len(readout.readout.bias), readout.name, asked.labels, source)
    notes += [note] if note else []
    network = WordNetwork(vocabulary, embedding, stack, readout.readout, answers)
    return Language(network, tuple(filter(None, title)), tuple(notes), entries is not None)


def _entries(texts: object, V: int, given: Path | Entries | None, source: str) -> tuple[Entries | None, str]:
    """The vocabulary that was given, or the one that the file itself holds; and a note about it, or ""."""
    if given is not None:
        return _read(given), ""
    held = vocabularies_in(texts if isinstance(texts, dict) else {}, V, source)
    if len(held) > 1:
        names = ", ".join(_short(entries.source, source) for entries in held)
        return None, f"{source}: holds several vocabularies of {V:,} entries ({names}); --vocabulary FILE says which"
    return (held[0], "") if held else (None, "")


def _read(given: Path | Entries) -> Entries:
    return given if isinstance(given, Entries) else read_vocabulary(given)


def _answers(
    texts: object, vocabulary: OwnVocabulary, rows: int, readout: str, labels: Path | Entries | None, source: str
) -> tuple[OwnVocabulary | None, str]:
    """What the network answers with, where that is not the words that it reads; and a note about it, or ""."""
    if labels is not None:
        words, note = _read(labels).words(rows, readout)
        return OwnVocabulary(words, "spaces"), note
    if rows == len(vocabulary):
        return None, ""
    held = vocabularies_in(texts if isinstance(texts, dict) else {}, rows, source)
    if len(held) == 1:
        return OwnVocabulary(held[0].words(rows, readout)[0], "spaces"), ""
    note = (f"{source}: {readout} has {rows:,} rows and the embedding {len(vocabulary):,}: its answers are called by "
            "their rows; --labels FILE names them")  # fmt: skip
    return OwnVocabulary([str(row) for row in range(rows)], "spaces"), note


def _how(words: Sequence[str], entries: Entries | None, text: str | None, source: str) -> str:
    """How a text is split where --tokens does not say so."""
    if entries is None:
        if text is not None and not all(part.isdecimal() for part in text.replace(",", " ").split()):
            raise BadInput(f"{source}: holds no vocabulary, so the row of a word is unknown; give "
                           '--vocabulary FILE, or numbers of rows, as in --text "5 17 3"')  # fmt: skip
        return "ids"
    plain = [word for word in words if len(word) != 1]
    return "characters" if 4 * len(plain) < len(words) and all(_special(word) for word in plain) else "words"


def _special(word: str) -> bool:
    return word[:1] in "<[#_" or not word.isalpha()


def _short(name: str, source: str) -> str:
    return name.removeprefix(f"{source}: ") if name.startswith(f"{source}: ") else Path(name).name


__all__ = ["NO_READOUT", "Asked", "Language", "language_of"]
