"""What wrote the memory, in place: what is told adds up to the memory that the table shows."""

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from gatestep.engine import CELLS, Provenance, edited, provenance
from gatestep.scenarios import find
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.stepper.panels.arithmetic import arithmetic
from gatestep.tui.views.stepper.panels.written import LEAST_SHOWN, contributions, grouped, in_words, written
from gatestep.tui.views.stepper.state import Mark, Moment, first_moment
from hypothesis import given, settings
from hypothesis import strategies as st
from randomly import random_subject
from rich.cells import cell_len

LOOK = Look(UNICODE)
LOOKS = [LOOK, Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none"), Look(ASCII, "none", plain=True)]


def amounts(text: str) -> list[Decimal]:
    return [Decimal(n.replace("−", "-")) for n in re.findall(r" ([+−-]\d+\.\d\d)(?= |$)", text)]


def told(moment: Moment, room: int = 400) -> str:
    return "".join(part.text for piece in in_words(moment, room, LOOK) for part in piece)


@pytest.mark.parametrize("room", [60, 120, 400])
def test_what_is_told_adds_up_to_the_memory(subject: Subject, room: int) -> None:
    layer = subject.trace.layers[0]
    for t in range(len(subject.trace)):
        for unit in range(8):
            moment = replace(first_moment(subject, t), unit=unit)
            text = told(moment, room)
            memory = float(layer["cell"][t, unit])
            assert abs(float(sum(amounts(text))) - memory) <= 0.011 + LEAST_SHOWN * text.count("  "), text
            assert f"c = {LOOK.number(memory)}" in plain_text(written(moment, 120, 9, LOOK)[:1])


@pytest.mark.parametrize("name", [name for name, kind in CELLS.items() if kind.memory_state])
@pytest.mark.parametrize("words", [False, True])
def test_networks_on_numbers_tell_it_too(name: str, words: bool) -> None:
    subject = random_subject(name, words)
    layer = subject.trace.layers[0]
    for t in range(6):
        moment = replace(first_moment(subject, t), unit=1)
        memory = float(layer[layer.cell.memory_state or ""][t, 1])
        assert abs(float(sum(amounts(told(moment)))) - memory) <= 0.04
        assert width_of(written(moment, 80, 7, LOOK)[3]) <= 80


finite = st.floats(-2, 2, allow_nan=False, width=32)


@given(values=st.lists(finite, min_size=1, max_size=40), most=st.integers(1, 8), words=st.booleans(), data=st.data())
@settings(deadline=None)
def test_the_parts_are_all_that_was_written_in_its_order(
    values: list[float], most: int, words: bool, data: st.DataObject
) -> None:
    n = len(values)
    tokens = tuple(data.draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n))) if words else None
    who = Provenance(0, n - 1, np.arange(n), np.array(values), 0.0, np.zeros(n))
    parts = grouped(who, tokens, most)
    assert sum(part.net for part in parts) == pytest.approx(sum(values), abs=1e-9)
    assert sum(part.seen for part in parts) <= most
    ends = [place for part in parts for place in (part.first, part.last)]
    assert ends == sorted(ends)
    assert 0 <= ends[0] <= ends[-1] < n


def test_fillers_that_cancel_are_one_part_and_the_country_stands_alone(subject: Subject) -> None:
    """At the blank the memory of unit 2 is written by the country, and by fillers of which most cancel."""
    text = told(replace(first_moment(subject, 23), unit=2))
    assert "Pakistan@9 −0.97" in text
    assert re.search(r"\d+\.\.24 net \+0\.9", text)
    who = provenance(subject.trace.layers[0], 23, 2)
    assert np.abs(who.written).sum() > 4 * abs(who.total)


def test_in_one_line_of_the_smallest_screen_the_country_is_named(subject: Subject) -> None:
    for t in range(8, 24):
        line = in_one_line(replace(first_moment(subject, t), unit=2))
        assert "Pakistan@9" in line
        assert cell_len(line) <= 80


def test_the_writer_that_a_unit_is_said_to_carry_is_named_however_little_is_left_of_it(subject: Subject) -> None:
    moment = replace(first_moment(subject, 23), unit=5)
    assert "Pakistan@9" not in in_one_line(replace(moment, mark=None))
    assert "Pakistan@9 +0.51" in in_one_line(moment), "it opens with what the country wrote there"
    for writer in (9, 8):
        name = f"{subject.tokens[writer]}@{writer + 1}"
        assert name in in_one_line(replace(moment, mark=Mark("l0", 5, f"carries {name} to 24", writer)))
    assert "Pakistan@9" not in in_one_line(replace(moment, mark=Mark("l0", 4, "carries Pakistan@9 to 24", 8)))


def in_one_line(moment: Moment) -> str:
    return next(line for line in plain_text(arithmetic(moment, 80, 4, LOOK)).splitlines() if "written by" in line)


def test_who_wrote_more_than_half_is_named_though_the_word_comes_again(subject: Subject) -> None:
    who = provenance(subject.trace.layers[0], 23, 3)
    t, amount, share = who.largest(1)[0]
    assert share > 0.5
    assert f"{subject.tokens[t]}@{t + 1} {LOOK.number(amount)}" in told(replace(first_moment(subject, 23), unit=3))


@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
def test_a_bar_stands_at_its_word_above_it_or_below(subject: Subject, look: Look) -> None:
    moment = replace(first_moment(subject, 23), unit=2)
    who = contributions(moment.layer_trace, 23, 2)
    lines = plain_text(written(moment, 120, 9, look)).splitlines()
    words = next(n for n, line in enumerate(lines) if "Pakistan" in line and "@" not in line)
    for t in range(24):
        column = 5 + 4 * t
        above, below = (line[words_at:][:1].strip() for line, words_at in
                        ((lines[words - 1].ljust(120), column), (lines[words + 1].ljust(120), column)))  # fmt: skip
        assert bool(above) == (who.by(t) >= LEAST_SHOWN)
        assert bool(below) == (-who.by(t) >= LEAST_SHOWN)


def test_while_the_memory_is_not_computed_what_wrote_the_one_before_it_is_told(subject: Subject) -> None:
    moment = replace(first_moment(subject, 8), unit=2).at(8, phase=1)
    before = float(moment.layer_trace["cell"][7, 2])
    heading, *_, told = plain_text(written(moment, 160, 6, LOOK)).splitlines()
    assert f"c′ = {LOOK.number(before)}, written by" in heading
    assert abs(float(sum(amounts(told))) - before) <= 0.02
    assert "Pakistan@9" not in told
    assert "nothing yet" in plain_text(written(moment.at(0, phase=1), 160, 6, LOOK))


def test_what_an_edit_wrote_is_told_as_written_by_hand(moment: Moment) -> None:
    changed = edited(moment.trace, ["cell[2]+=3@5"])
    there = replace(moment, subject=replace(moment.subject, trace=changed), unit=2).at(5)
    text = told(there)
    assert "by hand@5" in text
    assert abs(float(sum(amounts(text))) - float(changed.layers[0]["cell"][5, 2])) <= 0.02


@pytest.mark.parametrize(("unit", "row"), [(7, 6), (1, 1), (0, 4)], ids=["only above", "only below", "on both sides"])
def test_the_words_stay_where_they_are_and_a_side_on_which_nothing_is_written_takes_no_rows(
    unit: int, row: int
) -> None:
    subject = scenario_subject(find("dna"))
    assert isinstance(subject, Subject)
    written_there = subject.trace.layers[0]["candidate"][:, unit]
    assert (bool((written_there > 0).any()), bool((written_there < 0).any())) == (row > 1, row < 6)
    for t in range(len(subject.trace)):
        lines = plain_text(written(replace(first_moment(subject, t), unit=unit), 120, 9, LOOK)).splitlines()
        assert [y for y, line in enumerate(lines) if re.search("[ACGT]( +[ACGT]){9}", line)] == [row]


@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
def test_the_bars_have_an_axis_that_says_what_a_full_one_is(subject: Subject, look: Look) -> None:
    lines = plain_text(written(replace(first_moment(subject, 23), unit=2), 120, 9, look)).splitlines()
    bar, minus = look.glyphs.zero, look.glyphs.minus
    axis = [f"   1{bar}", *[f"    {bar}"] * 2, "", *[f"    {bar}"], f"  {minus}1{bar}"]
    words = next(n for n, line in enumerate(lines) if "Pakistan" in line and "@" not in line)
    assert [line[:5].rstrip() for line in lines[1:words]] == axis[:3]
    assert [line[:5].rstrip() for line in lines[words + 1 : words + 3]] == axis[4:]


def test_an_end_of_the_axis_that_has_no_room_is_left_to_the_heading(moment: Moment) -> None:
    changed = edited(moment.trace, ["cell[2]+=30000000@5"])
    there = replace(moment, subject=replace(moment.subject, trace=changed), unit=2).at(5)
    heading, top, *_ = plain_text(written(there, 120, 9, LOOK)).splitlines()
    assert "bars to 3e+07" in heading
    assert top.startswith("    │")
