"""`gatestep similar`: every place where the same units are on as at some timestamps, and what stands there."""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ...engine import ON, QUANTITIES, BadInput, Place, Similar, Trace, printable, similar
from ...engine.ranges import timestamps, units
from ...engine.text import percent
from ..source.held import kind_of, number_of, other_runs, others_of
from ..source.lookup import number
from ..source.origins import FromFile
from ..source.subject import Subject
from .arguments import layer_asked, subject_in_time
from .options import add_network
from .progress import Progress

MOST = 10
"""Rows of each table; --json has all."""

MOST_UNITS = 12
"""Units that are named at a timestamp."""

AROUND = 5
"""Words that are shown before and after a passage."""


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "similar",
        help="places where the same units do the same",
        usage="gatestep similar (SCENARIO | --weights FILE --input FILE) --steps STEPS [--units UNITS] "
        "[--threshold X] [--layer L] [--quantity NAME] [--text SENTENCE] [--model NAME] [--cell NAME] "
        "[--initial-state FILE.npz] [--json]",
        description="Find every other place where the units that are on at STEPS are on too, with the same signs: in "
        "this sequence, in all others of its file, and in all held-out sentences of a scenario. Nothing is sampled; "
        "the nearest come first, with what stands there against how often it stands anywhere.",
    )
    add_network(parser)
    parser.add_argument("--steps", metavar="STEPS", required=True, help="timestamps in a row, from 1: 9 or 5:9")
    parser.add_argument("--units", metavar="UNITS", help="only these, such as 0,3,7-9 (default: all)")
    parser.add_argument("--threshold", metavar="X", type=float, default=ON,
                        help=f"how far from zero a unit is on (default {ON:g})")  # fmt: skip
    parser.add_argument("--layer", metavar="L", help="such as l0 or l1_reverse (default: the last layer)")
    parser.add_argument("--quantity", metavar="NAME", choices=tuple(QUANTITIES), default="hidden",
                        help="what is compared (default: hidden)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="as one object with every place")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Look through everything, and print what was found."""
    a, subject = arguments, subject_in_time(arguments, "to compare")
    if not 0 < a.threshold < float("inf"):
        raise BadInput(f"--threshold {a.threshold:g}: must be above 0")
    trace = subject.trace
    layer = layer_asked(trace, a.layer, a.quantity, trace.stack.layers[-1][0].name)
    passage = timestamps(a.steps, len(trace), "--steps")
    if not isinstance(passage, range):
        raise BadInput(f"--steps {a.steps}: a passage is one timestamp, or several in a row, as in 5:9")
    chosen = None if a.units is None else units(a.units, layer[a.quantity].shape[1], "--units")
    batches, sentences = others_of(subject)
    others = other_runs(subject)
    with Progress() as progress:
        found = similar(
            trace, passage.start, passage.stop, chosen, a.threshold, layer=layer.name, quantity=a.quantity,
            batches=batches, sentences=sentences, others=others,
            on_progress=lambda done, total: progress.tell(done, total, "looked through"),
        )  # fmt: skip
        report = _Report(found, subject, sentences, others)
        progress.say(f"{json.dumps(report.document())}\n" if a.json else report.text())
    return 0


class _Report:
    """What was found, as text or as a document."""

    def __init__(
        self, found: Similar, subject: Subject, sentences: Sequence[Sequence[str]], others: dict[int, Trace]
    ) -> None:
        self._found, self._trace, self._sentences, self._others = found, subject.trace, sentences, others
        self._subject = subject
        self._join = subject.vocabulary.join if subject.trace.vocabulary is not None else " ".join
        self._columns = subject.trace.columns

    def document(self) -> dict[str, Any]:
        """Return everything; timestamps and sequences count from 1, units from 0."""
        found = self._found
        on = [{"step": t + 1, "unit": unit, "sign": sign} for t, unit, sign in found.on]
        document = {
            "steps": [found.start + 1, found.stop], "layer": found.layer, "quantity": found.quantity,
            "threshold": found.threshold,
            "on": on,
            "looked_at": found.looked_at, "places": [self._entry(place) for place in found.places],
            "standing": [asdict(s) | {"words": self._join(s.words)} for s in found.standing],
        }  # fmt: skip
        if found.inputs is not None:
            document["inputs"] = [
                {
                    "column": n,
                    **self._named(n),
                    "there": float(there),
                    "anywhere": float(mean),
                    "deviation": float(deviation),
                }
                for n, (there, mean, deviation) in enumerate(found.inputs.T)
            ]
        return document

    def _named(self, column: int) -> dict[str, str]:
        """The name of a column, where it has one."""
        return {"name": self._columns[column]} if self._columns else {}

    def _entry(self, place: Place) -> dict[str, Any]:
        return {
            "sequence": None if place.sequence is None else number_of(self._subject, place.sequence),
            "t": place.t + 1,
            "distance": float(f"{place.distance:.9g}"),
            "text": self._join(self._words(place)) if self._trace.vocabulary else None,
            **({"label": self._trace.labels[place.t]} if self._trace.labels and place.sequence is None else {}),
        }

    def text(self) -> str:
        """Return the tables: which units are on, what stands at the similar places, and the nearest of them."""
        return "".join(f"{line.rstrip()}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        found = self._found
        yield f"on in {found.layer}.{found.quantity}, at least {found.threshold:g} from zero:"
        yield from self._on()
        count = len(self._sentences) + len(self._others)
        held_out = f" and {count:,} {kind_of(self._subject, count)}" if count else ""
        yield f"\n{len(found.places):,} of {found.looked_at:,} other places in this sequence{held_out} are similar"
        if found.standing:
            yield from self._standing()
        if found.inputs is not None:
            yield from self._inputs()
        if found.places:
            yield "\ndistance"
            shown = self._nearest()
            yield from (f"{place.distance:>8.4f}  {self._place(place)}" for place in shown)
            if len(found.places) > len(shown):
                again = " that read the same words up to there, or are farther off" if self._trace.vocabulary else ""
                yield f"and {len(found.places) - len(shown):,} more{again}; --json has all"

    def _nearest(self) -> list[Place]:
        """The nearest places, one of all that read the same words up to there: to the network these are the same."""
        if self._trace.vocabulary is None:
            return list(self._found.places[:MOST])
        shown: dict[tuple[str, ...], Place] = {}
        for place in self._found.places:
            words = self._trace.tokens if place.sequence is None else self._sentences[place.sequence]
            shown.setdefault(tuple(words or ())[: place.t + self._found.stop - self._found.start], place)
            if len(shown) == MOST:
                break
        return list(shown.values())

    def _on(self) -> Iterator[str]:
        tokens, wide = self._trace.tokens or self._trace.labels, len(str(self._found.stop))
        for t, row in enumerate(self._found.signs, self._found.start):
            on = [
                f"{'+' if sign > 0 else '-'}{unit}" for unit, sign in zip(self._found.units, row, strict=True) if sign
            ]
            if len(on) > MOST_UNITS:
                on = [*on[:MOST_UNITS], f"and {len(on) - MOST_UNITS} more"]
            yield f"  {t + 1:>{wide}}  {printable(tokens[t]) + ': ' if tokens else ''}{' '.join(on) or 'none'}"

    def _standing(self) -> Iterator[str]:
        found = self._found
        yield "\n   there   anywhere"
        for one in found.standing[:MOST]:
            there, anywhere = one.there / len(found.places), one.anywhere / found.looked_at
            yield f"{percent(there, 1):>7} {percent(anywhere, 1):>9}   {printable(self._join(one.words))}"
        if len(found.standing) > MOST:
            yield f"and {len(found.standing) - MOST:,} more"

    def _inputs(self) -> Iterator[str]:
        assert self._found.inputs is not None
        yield "\n  mean there   anywhere  deviation"
        rows = list(self._found.inputs.T.tolist())
        for n, row in enumerate(rows[:MOST]):
            name = printable(self._columns[n]) if self._columns else f"x[{n}]"
            yield f"{number(row[0]):>12} {number(row[1]):>10} {number(row[2]):>10}   {name}"
        if len(rows) > MOST:
            yield f"and {len(rows) - MOST:,} more"

    def _words(self, place: Place) -> Sequence[str]:
        words = self._read_by(place)
        return (words or ())[place.t : place.t + self._found.stop - self._found.start]

    def _read_by(self, place: Place) -> Sequence[str] | None:
        """The words of the sequence that a place is in, where it has words."""
        return self._trace.tokens if place.sequence is None or self._others else self._sentences[place.sequence]

    def _place(self, place: Place) -> str:
        """Where a place is, and the words around it."""
        t, stop = place.t, place.t + self._found.stop - self._found.start
        kind = "sequence" if isinstance(self._subject.origin, FromFile) else "sentence"
        where = "this sequence" if place.sequence is None else f"{kind} {number_of(self._subject, place.sequence)}"
        where_in = f"timestamp {t + 1}" if stop == t + 1 else f"timestamps {t + 1} to {stop}"
        words = self._read_by(place)
        if words is None:
            own = self._trace.labels if place.sequence is None else ()
            label = f", {printable(own[t])}" if own else ""
            return f"{where}, {where_in}{label}"
        before, after = words[max(t - AROUND, 0) : t], words[stop : stop + AROUND]
        text = self._join([*before, f"[{self._join(words[t:stop])}]", *after])
        return printable(f"{where}, {where_in}: {'... ' if t > AROUND else ''}{text}")
