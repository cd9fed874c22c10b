"""Finding a word or a condition in a run: one list of hits, which is gone through in both directions."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine import BadInput, printable
from ...engine.text import visible
from .subject import Subject

if TYPE_CHECKING:
    from ...engine import Hit, Hits, Known, Search, Trace, WrongCondition
    from ...engine.explain.conditions import TokenAmong

MARK = "?"
"""What a condition begins with where a word could stand as well."""

AT_ONCE = 4096
"""The most timestamps that are searched without a thread, where one block of the search holds them all."""

MOST_WORDS = 3
"""The most words that a condition spells out."""

MOST_COLUMNS = 4
"""The most inputs that are shown of a timestamp without a word."""


@dataclass(frozen=True, eq=False)
class Results:
    """What has been found of `text` so far: `hits`, in order of time, within the `spans` that have been searched.

    `condition` is what holds at them, "" where it would be too long to show. A span is its first timestamp (from 0)
    and the one after its last; `timestamps` is how many there are in all.
    """

    text: str
    condition: str
    hits: "Hits"
    spans: tuple[tuple[int, int], ...]
    timestamps: int

    @property
    def looked_at(self) -> int:
        """How many timestamps have been searched."""
        return sum(stop - start for start, stop in self.spans)

    @property
    def complete(self) -> bool:
        """Whether there can be no other hits."""
        return self.looked_at == self.timestamps

    @property
    def count(self) -> str:
        """How many hits there are, as far as that is known."""
        return f"{len(self.hits):,}" if self.complete else f"{len(self.hits):,} so far"

    def index_at(self, t: int) -> int:
        """Return the index of the first hit at or after timestamp `t`, or of the last hit."""
        return min(int(np.searchsorted(self.hits.t, t)), max(len(self.hits) - 1, 0))

    def marks(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Return which of the n timestamps `start` to `stop` are hits, and which have been searched, both (n,)."""
        hit, seen = np.zeros(stop - start, bool), np.zeros(stop - start, bool)
        first, last = np.searchsorted(self.hits.t, [start, stop])
        hit[self.hits.t[first:last] - start] = True
        for a, b in self.spans:
            seen[max(a - start, 0) : max(b - start, 0)] = True
        return hit, seen


@dataclass(frozen=True)
class Step:
    """How far a lookup has got in one direction, `done` of `total` timestamps, and the `hit` that it ends with.

    `hit` is None before the end, and at the end where there is no hit. `around`: the search has wrapped around.
    """

    done: int
    total: int
    hit: "Hit | None" = None
    around: bool = False


class Lookup:
    """A word, or a condition behind a ?, looked for in a subject; `lock` is held by the one thread that looks.

    Raises WrongCondition for what is not a condition here, and BadInput for a word that stands nowhere.
    """

    def __init__(self, subject: Subject, text: str):
        from ...engine import Search, Seeker  # not before somebody looks for something

        self.subject, self.text, self.lock = subject, text, Lock()
        condition, self.column = condition_in(text, subject)
        self.spelled = text.strip() if condition is None else condition
        asked: TokenAmong | str
        if condition is None:
            asked = _words(text.strip(), subject.tokens)
            self.condition = _told(asked.words)
        else:
            self.condition = asked = condition
        self._seeker = Seeker(Search(subject.trace, asked, known_of(subject)))

    @property
    def at_once(self) -> bool:
        """Whether everything can be searched in no time that a user would notice."""
        T = len(self.subject.trace)
        return min(AT_ONCE, self._seeker.search.block) >= T

    @property
    def results(self) -> Results:
        """What has been found so far, also while a thread looks for more."""
        spans = self._seeker.looked_through
        return Results(self.spelled, self.condition, self._seeker.hits, spans, len(self.subject.trace))

    def going(self, t: int, count: int) -> Iterator[Step]:
        """Look for the `count`-th hit after timestamp `t` (before it, for a count below zero), wrapping around.

        It may be left between any two steps.
        """
        last, around = Step(0, 1), False
        way, edge = (self._seeker.forward, -1) if count > 0 else (self._seeker.back, len(self.subject.trace))
        while count and not self._seeker.complete:
            hit = None
            for start in (t, edge):
                for sought in way(start):
                    hit, last = sought.hit, Step(sought.done, sought.total, None, around)
                    yield last
                if hit is not None or self._seeker.complete:
                    break
                around = True
            if hit is None:
                break
            t, count = hit.t, count - (1 if count > 0 else -1)
            last = Step(last.total, last.total, hit, around)
        if count and len(self._seeker.hits):
            place, over = after(self._seeker.hits.t, t, count)
            last = Step(last.total, last.total, self._seeker.hits[place], around or over)
        yield last

    def all(self) -> Iterator[Step]:
        """Search everything that has not been searched yet."""
        for sought in self._seeker.all():
            yield Step(sought.done, sought.total)


def after(places: Any, t: int, count: int) -> tuple[int, bool]:
    """Return the index in `places` of what comes `count` places after `t`, and whether that wraps around.

    It comes before `t` for a count below zero. `places` (n,) are timestamps in order, at least one.
    """
    n = int(np.searchsorted(places, t, "right")) - 1 + count if count > 0 else int(np.searchsorted(places, t)) + count
    return n % len(places), not 0 <= n < len(places)


def condition_in(text: str, subject: Subject) -> tuple[str | None, int]:
    """Return the condition that a prompt's `text` means, and how many characters stand before it; None for a word.

    Where nothing but numbers is read there are no words, and every text is a condition.
    """
    begun = text.lstrip()
    if begun.startswith(MARK):
        condition = begun[len(MARK) :].lstrip()
    elif subject.trace.tokens is None:
        condition = begun
    else:
        return None, 0
    return condition.rstrip(), len(text) - len(condition)


def _words(text: str, tokens: Sequence[str]) -> "TokenAmong":
    """The tokens that are `text`, whatever its case; where there is none, those that hold it."""
    from ...engine.explain.conditions import TokenAmong

    wanted, names = text.casefold(), set(tokens)
    words = {name for name in names if name.casefold() == wanted} or {n for n in names if wanted in n.casefold()}
    if not words:
        near = get_close_matches(text, sorted(names), n=2, cutoff=0.6)
        raise BadInput(f"{text}: not in this sentence" + (f"; near: {', '.join(near)}" if near else ""))
    return TokenAmong(1, frozenset(words))


def _told(words: Collection[str]) -> str:
    """The condition that the token is one of `words`; "" where these are many."""
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in sorted(words))
    return " or ".join(f'token == "{word}"' for word in quoted) if len(words) <= MOST_WORDS else ""


def known_of(subject: Subject) -> "Known":
    """Return what a condition may ask of `subject` beside what its network computed."""
    from ...engine import Known

    return Known(subject.prediction, outputs=subject.outputs)


def search_of(subject: Subject, condition: str) -> "Search":
    """Return `condition` bound to the run of `subject`. Raises WrongCondition where it cannot be asked there."""
    from ...engine import Search

    return Search(subject.trace, condition, known_of(subject))


def why_wrong(subject: Subject, condition: str) -> "WrongCondition | None":
    """Return what is wrong with asking `condition` of `subject`, or None where it can be asked."""
    from ...engine import WrongCondition

    try:
        search_of(subject, condition)
    except WrongCondition as error:
        return error
    return None


def spelled(hit: "Hit", columns: Any = ()) -> str:
    """Return what made a condition true, spelled as in a condition: change(l0.cell[1])."""
    inner = re.search(r"(?<=\()\w+(?=[,)])|^\w+$", hit.quantity)
    if inner is None or (hit.layer is None and hit.unit is None):
        return printable(hit.quantity)
    named = f'"{columns[hit.unit]}"' if hit.quantity == "x" and columns and hit.unit is not None else hit.unit
    unit = "" if named is None else f"[{named}]"
    layer = "" if hit.layer is None else f"{hit.layer}."
    return printable(f"{hit.quantity[: inner.start()]}{layer}{inner[0]}{unit}{hit.quantity[inner.end() :]}")


def number(value: float | str | None) -> str:
    """Return a value with four decimals, or four significant digits where it is tiny or huge; a word as it is."""
    if isinstance(value, float):
        return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.4g}"
    return "" if value is None else printable(visible(value))


def reason(hit: "Hit", subject: Subject) -> str:
    """Return what made a condition true and its value, as in "l0.forget[2] 0.0412"; "" where a word was found."""
    if hit.quantity in ("", "token"):
        return ""
    return f"{spelled(hit, subject.trace.columns)} {number(hit.value)}".rstrip()


def places_of(trace: "Trace") -> Callable[[int], str]:
    """Return a function that spells a timestamp (from 0): its word, or its label and the inputs that are read there."""

    def place(t: int) -> str:
        if trace.tokens is not None:
            return printable(visible(trace.tokens[t]))
        row, label = trace.inputs[t], [printable(trace.label(t))] if trace.labels else []
        shown = [number(float(value)).rjust(8) for value in row[:MOST_COLUMNS]]
        more = [f"and {len(row) - MOST_COLUMNS} more"] if len(row) > MOST_COLUMNS else []
        return " ".join([*label, "x", *shown, *more])

    return place
