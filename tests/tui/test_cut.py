"""A list or a table that does not fit says how much of it is shown, at every height."""

import re
from collections.abc import Callable, Sequence

import pytest
from gatestep.engine import parse_edit
from gatestep.scenarios import STUDIES
from gatestep.tui.draw.lines import Line, plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.breakpoints import Breakpoint
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.lookup import Lookup
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.breakpoints.make import breakpoint_list
from gatestep.tui.views.breakpoints.panels import breakpoints
from gatestep.tui.views.compare.make import compared
from gatestep.tui.views.compare.panels import answers
from gatestep.tui.views.edits.panels import edits
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.hits.panels import hits
from gatestep.tui.views.hits.state import hit_list
from gatestep.tui.views.picker.panels import picker
from gatestep.tui.views.picker.screen import choice
from gatestep.tui.views.stepper.state import first_moment
from gatestep.tui.views.unit.make import unit_page
from gatestep.tui.views.unit.panels import traces

Shown = tuple[Sequence[str], str]
"""Patterns of a list's entries, and how it says that some are missing, with {shown}, {missing} and {count}."""

MANY = 30


def of_breakpoints(subject: Subject) -> tuple[Callable[[int, Look], list[Line]], Shown]:
    kept = tuple(Breakpoint(f"point {n:02}", f"forget[{n % 8}] < .{n:02}") for n in range(MANY))
    state = breakpoint_list(first_moment(subject), kept).at_row(17)
    entries = [re.escape(name) for name in (*(p.name for p in state.kept), *(o.name for o in state.open_offers))]
    return lambda height, look: breakpoints(state, 80, height, look), (entries, r"(\d+) to (\d+) of {count}")


def of_hits(subject: Subject) -> tuple[Callable[[int, Look], list[Line]], Shown]:
    lookup = Lookup(subject, "?forget[2] >= 0")
    for _ in lookup.all():
        pass
    state = hit_list(first_moment(subject, 11), lookup)
    entries = [rf"^\W*{t + 1}  " for t in range(len(subject.trace))]
    return lambda height, look: hits(state, 80, height, look), (entries, r"hits (\d+) to (\d+)")


def of_edits(subject: Subject) -> tuple[Callable[[int, Look], list[Line]], Shown]:
    edited = with_edits(subject, [parse_edit(f"forget[{n % 8}]=1@{n % 24 + 1}") for n in range(MANY)])
    state = EditsPage(first_moment(edited), 12)
    entries = [rf"^\W*{n + 1} on " for n in range(MANY)]
    return lambda height, look: edits(state, 80, height, look), (entries, "{missing} more, {count} in all")


def of_answers(subject: Subject) -> tuple[Callable[[int, Look], list[Line]], Shown]:
    state = compared(first_moment(subject))
    entries = [rf"^ {answer.model} " for answer in state.answers]
    return lambda height, look: answers(state, 80, height, look), (entries, "{missing} more network")


def of_replaced_words(subject: Subject) -> tuple[Callable[[int, Look], list[Line]], Shown]:
    state = unit_page(first_moment(subject, 8))
    entries = [rf"^. {name} " for name in state.names]
    return lambda height, look: traces(state, 120, height, look), (entries, "{shown} of {count}")


def of_scenarios(subject: Subject) -> tuple[Callable[[int, Look], list[Line]], Shown]:
    entries = [rf"\d  {name} " for name in STUDIES]
    return lambda height, look: picker(choice(4), 80, height, look), (entries, "{count} scenarios")


def of_networks(subject: Subject) -> tuple[Callable[[int, Look], list[Line]], Shown]:
    state = choice(list(STUDIES).index("pakistan"))
    entries = [rf"^ {re.escape(score.network)} " for score in state.scores]
    return lambda height, look: picker(state, 80, height, look), (entries, "{missing} more networks")


LISTS = (of_breakpoints, of_hits, of_edits, of_answers, of_replaced_words, of_scenarios, of_networks)


@pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII)], ids=["unicode", "ascii"])
@pytest.mark.parametrize("make", LISTS, ids=lambda make: make.__name__)
def test_a_list_that_is_cut_says_so(make: Callable[..., tuple[Callable[[int, Look], list[Line]], Shown]],
                                    look: Look, subject: Subject) -> None:  # fmt: skip
    draw, (entries, told) = make(subject)
    cut = 0
    for height in range(6, 50):
        lines = draw(height, look)
        assert len(lines) <= height
        text = plain_text(lines)
        found = [n for n, entry in enumerate(entries, 1) if re.search(entry, text, re.MULTILINE)]
        if len(found) == len(entries):
            continue
        cut += 1
        said = told.format(shown=len(found), missing=len(entries) - len(found), count=len(entries))
        match = re.search(said, text)
        assert match, f"at {height} rows {len(found)} of {len(entries)} are shown:\n{text}"
        if match.groups():
            assert match.groups() == (str(found[0]), str(found[-1]))
    assert cut, "there was room for all at every height"
