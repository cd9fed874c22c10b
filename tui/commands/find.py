"""`gatestep find`: every timestamp at which a condition holds. It exits as grep does, so that it can be a check."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...engine import BadInput
from ...engine.text import cells
from ..source.lookup import number, places_of, search_of, spelled
from ..source.subject import Subject
from .arguments import subject_in_time
from .edits import add_edits
from .options import add_network
from .progress import Progress

if TYPE_CHECKING:
    from ...engine import Hit, Hits

FOUND, NONE = 0, 1


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "find",
        help="every timestamp at which a condition holds",
        usage="gatestep find (SCENARIO | --weights FILE --input FILE) --where CONDITION [--text SENTENCE] "
        "[--model NAME] [--cell NAME] [--initial-state FILE.npz] [--edit EDIT]... [--edits FILE] [--generate N] "
        "[--json | --count]",
        description="Print every timestamp at which a condition holds, with the quantity, unit and value that made it "
        "true. Exits with 0 where one was found, with 1 where none was, and with 2 where something is wrong.",
        epilog="Conditions: forget[2] < .1; any(forget < .1); count(input > .9) >= 3; change(cell[1]) > .5; "
        'share(cell[1], 3) > .5; flips; wrong; loss > 2; p("Pakistani") > .5; token == "not"; x[3] > 20; '
        'x["Volume"] > 1e7; l1.hidden[0] > 0; nonfinite; joined by and, or, not, ( and ). docs/debugging.md says more.',
    )
    add_network(parser)
    add_edits(parser)
    parser.add_argument("--where", metavar="CONDITION", required=True, help="such as 'forget[2] < .1 and not wrong'")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as a list of objects")
    form.add_argument("--count", action="store_true", help="print only the number of hits")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Search, and print each timestamp when it is found."""
    from ...engine import WrongCondition  # not for commands that search for nothing

    subject = subject_in_time(arguments, "to be found")
    try:
        search = search_of(subject, arguments.where)
    except WrongCondition as error:
        raise BadInput(f"--where: {error}") from None
    count = 0
    with Progress() as progress:
        say = _nothing if arguments.count else _Json(subject) if arguments.json else _Table(subject)
        for block in search.scan():
            count += len(block.hits)
            if text := say(block.hits):
                progress.say(text)
            progress.tell(block.done, block.total, f"{count:,} found")
        if arguments.count:
            progress.say(f"{count}\n")
        elif arguments.json:
            progress.say("\n]\n" if count else "[]\n")
    return FOUND if count else NONE


def _nothing(hits: "Hits") -> str:
    return ""


class _Json:
    """Writes hits as a list of objects that goes on from one block to the next."""

    def __init__(self, subject: Subject):
        self._subject, self._before = subject, "["

    def __call__(self, hits: "Hits") -> str:
        """Return the text of more hits."""
        return "".join(map(self._object, hits))

    def _object(self, hit: "Hit") -> str:
        tokens, value = self._subject.trace.tokens, hit.value
        if isinstance(value, float):
            value = float(f"{value:.9g}") if abs(value) < float("inf") else None
        at: dict[str, Any] = {"t": hit.t + 1}
        at |= {"token": tokens[hit.t]} if tokens else {"label": self._subject.trace.label(hit.t)}
        at |= {"layer": hit.layer, "quantity": hit.quantity, "unit": hit.unit, "value": value}
        text, self._before = f"{self._before}\n  {json.dumps(at, allow_nan=False)}", ","
        return text


class _Table:
    """Writes hits as rows: timestamp, word or label and inputs, what made the condition true, and its value."""

    def __init__(self, subject: Subject):
        self._subject, self._columns = subject, subject.trace.columns
        self._place = places_of(subject.trace)
        self._wide = [len(str(len(subject.trace))), max(map(cells, subject.tokens), default=0), 0, 0]

    def __call__(self, hits: "Hits") -> str:
        """Return the text of more hits."""
        rows = [(str(hit.t + 1), self._place(hit.t), spelled(hit, self._columns), number(hit.value)) for hit in hits]
        self._wide = [max([wide, *(cells(row[n]) for row in rows)]) for n, wide in enumerate(self._wide)]
        return "".join(f"{line}\n" for line in self._lines(rows))

    def _lines(self, rows: list[tuple[str, str, str, str]]) -> Iterator[str]:
        t, word, what, _ = self._wide
        for row in rows:
            left = [row[0].rjust(t), row[1] + " " * (word - cells(row[1])), row[2] + " " * (what - cells(row[2]))]
            yield "  ".join([*left, row[3]]).rstrip()
