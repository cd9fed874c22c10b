"""What panels draw, without an app: the numbers are the trace's, and they add up as printed."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from gatestep.engine import ledger
from gatestep.scenarios import find
from gatestep.tui.draw.lines import Line, clip, plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.keys import with_keys
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.lesson import lesson, whole_lesson
from gatestep.tui.views.base.lesson_progress import LessonProgress
from gatestep.tui.views.stepper.panels.arithmetic import arithmetic
from gatestep.tui.views.stepper.panels.cell import cell as cell_picture
from gatestep.tui.views.stepper.panels.chart import chart
from gatestep.tui.views.stepper.panels.heading import heading
from gatestep.tui.views.stepper.panels.prediction import prediction
from gatestep.tui.views.stepper.panels.sentence import sentence
from gatestep.tui.views.stepper.panels.strips import strips
from gatestep.tui.views.stepper.panels.timeline import fixed_scale, page, timeline
from gatestep.tui.views.stepper.panels.units import units
from gatestep.tui.views.stepper.panels.written import written
from gatestep.tui.views.stepper.state import Moment, first_moment
from rich.cells import cell_len

Panel = Callable[[Moment, int, int, Look], list[Line]]

LOOK = Look(UNICODE)
PANELS = [heading, sentence, units, arithmetic, timeline, prediction, cell_picture, strips, written, lesson]
LOOKS = [LOOK, Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none", "light"), Look(ASCII, "none", plain=True)]


def stepped(**options: str) -> Subject:
    """ "pakistan" with another sentence or in another network."""
    subject = scenario_subject(find("pakistan"), options.get("model"), options.get("text"))
    assert isinstance(subject, Subject)
    return subject


def numbers(text: str) -> list[Decimal]:
    return [Decimal(n.replace("−", "-")) for n in re.findall(r"[+−-]\d*\.\d+", text)]


def text(lines: list[Line]) -> str:
    return plain_text(lines)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.__name__)
@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
def test_a_panel_fits_its_width_from_80_on_and_draws_at_any_size(moment: Moment, panel: Panel, look: Look) -> None:
    for width, height in ((1, 1), (20, 2), (40, 4), (80, 9), (131, 12), (250, 20)):
        for quantity, phase in product(("input", "cell", "hidden"), (1, 4)):
            there = replace(moment, phase=phase, quantity=quantity, progress=LessonProgress(5, 1, revealed=phase == 4))
            lines = panel(there, width, height, look)
            shown = text(lines)
            assert width < 80 or all(cell_len(line) <= width for line in shown.splitlines())
            assert look.glyphs.unicode or shown.isascii()


@pytest.mark.parametrize("gate", ["forget", "input", "candidate", "output"])
def test_the_printed_terms_of_a_gate_add_up(subject: Subject, gate: str) -> None:
    for t in range(len(subject.trace)):
        for unit in range(8):
            moment = replace(first_moment(subject, t), unit=unit, quantity=gate)
            line = text(arithmetic(moment, 200, 4, LOOK)[1:2])
            total, *parts = numbers(re.sub(r'"[^"]*"', "", line.split("z = ")[1]))
            assert sum(parts) == total
            exact = ledger(subject.trace, t, unit, gate).total
            assert abs(float(total) - exact) <= 0.005001


def test_the_printed_sum_of_the_memory_adds_up_to_the_table(subject: Subject) -> None:
    for t in range(len(subject.trace)):
        moment = replace(first_moment(subject, t), quantity="cell")
        line = text(arithmetic(moment, 200, 4, LOOK)[1:2])
        total, *_, kept, written = numbers(line)
        assert kept + written == total
        row = next(r for r in text(units(moment, 120, 9, LOOK)).splitlines() if r.startswith("▸"))
        after = row.split("→")[1].split()[0]
        assert Decimal(after.replace("−", "-")) == total


def test_the_cursor_is_marked_without_colour(moment: Moment) -> None:
    assert "[Pakistan]" in text(sentence(moment, 80, 2, Look(UNICODE, "none")))
    assert "[forget f]" in text(units(moment, 80, 9, Look(UNICODE, "none")))


def test_a_long_sentence_shows_the_lines_around_the_cursor() -> None:
    subject = stepped(text="I am a good boy, " * 200)
    for t in range(0, len(subject.trace), 37):
        lines = sentence(first_moment(subject, t), 80, 3, LOOK)
        assert len(lines) == 3
        cursor = LOOK.style("cursor")
        assert sum(s.style == cursor for line in lines for s in line) == 1


def test_the_timeline_pages_and_the_page_holds_the_cursor() -> None:
    subject = stepped(text="I am a good boy, " * 200)
    pages = {}
    for t in range(len(subject.trace)):
        shown = page(first_moment(subject, t), 80, 6, LOOK)
        assert shown.start <= t < shown.stop
        assert shown.label + (shown.stop - shown.start) * shown.cell < 80
        pages[shown.start] = shown.stop
    count = 80 - shown.label - 1
    assert len(pages) == -(-len(subject.trace) // count)
    assert all(stop - start == count for start, stop in pages.items()), "the last page is as full as any"


def test_on_the_smallest_screen_two_units_share_a_row_and_all_of_them_are_there(subject: Subject) -> None:
    for unit in range(8):
        lines = text(timeline(replace(first_moment(subject, 8), unit=unit), 80, 6, LOOK)).splitlines()
        assert [line[:5].strip("▸ ") for line in lines[1:5]] == ["0·1", "2·3", "4·5", "6·7"]
        assert [line[0] for line in lines[1:5]].index("▸") == unit // 2
        assert "Pakistan" in lines[5]
        assert "of 8 units" not in lines[0]


def test_where_not_all_units_fit_it_is_said_how_many_there_are(moment: Moment) -> None:
    for look, count in ((LOOK, 4), (Look(ASCII), 2)):
        heading, *rows, _ = text(timeline(replace(moment, unit=5), 80, 4, look)).splitlines()
        assert f"{count} of 8 units" in heading
        assert len(rows) == 2
        assert "5" in "".join(row[:5] for row in rows)


@pytest.mark.parametrize("height", [3, 4, 5, 6, 12])
def test_the_selected_unit_is_always_there_and_the_others_stay_in_pages(moment: Moment, height: int) -> None:
    for look, shown in product((LOOK, Look(ASCII)), ((), (0, 1, 2, 4, 5, 6, 7))):
        pages = set()
        for unit in shown or range(8):
            there = page(replace(moment, unit=unit, only=shown), 80, height, look)
            assert unit in there.units
            assert there.rows <= height - 2
            pages.add(there.units)
        assert len(pages) == -(-len(shown or range(8)) // ((height - 2) * (1 + there.half)))


@pytest.mark.parametrize("look", LOOKS, ids=["256", "ascii", "16", "none", "plain"])
def test_the_scale_is_printed_and_stays_and_what_is_beyond_it_is_marked(subject: Subject, look: Look) -> None:
    cells = subject.trace.layers[0]["cell"]
    scale = fixed_scale(subject.trace.layers[0], "cell")
    assert np.median(np.abs(cells)) < scale.full < np.abs(cells).max()
    headings = set()
    for t in range(len(subject.trace)):
        lines = timeline(replace(first_moment(subject, t), quantity="cell", unit=4), 120, 11 + look.plain, look)
        headings.add(text(lines[:1]))
        row = next(line for line in text(lines).splitlines() if line[2:5].strip() == "4")
        beyond = np.count_nonzero(np.abs(cells[:, 4]) > scale.full)
        assert row.count(look.glyphs.up) == beyond > 0
    assert len(headings) == 1
    assert f"{scale.full:g}" in headings.pop()


def test_the_heads_stay_over_their_columns_whatever_the_units_are_ordered_by() -> None:
    subject = stepped(text="My name is Ahmad , I live in Pakistan , " + "I am a good boy , " * 170 + "I am")
    heads = [
        text(units(replace(first_moment(subject), order_by="effect", ordered_at=at), 80, 9, LOOK)[:1])
        for at in (8, 98, 1023)
    ]
    assert {head.index("forget f") for head in heads} == {5}
    assert [head.split("▼ ")[1] for head in heads] == ["effect@9", "effect@99", "effect@1024"]
    assert all(" ▼" in head and len(head) <= 80 for head in heads)


@pytest.mark.parametrize("look", [Look(UNICODE, "none"), Look(ASCII)], ids=["unicode", "ascii"])
def test_below_zero_is_told_without_colour(subject: Subject, look: Look) -> None:
    moment = replace(first_moment(subject, 8), quantity="candidate")
    layer = subject.trace.layers[0]
    row = next(line for line in text(timeline(moment, 80, 10, look)).splitlines() if line.startswith("  0"))
    cells = [row[5 + 3 * t : 8 + 3 * t] for t in range(24)]
    for cell, value in zip(cells, layer["candidate"][:, 0].tolist(), strict=True):
        assert int(cell.replace("−", "-")) == round(9 * value)


def test_bars_are_full_at_one_and_empty_at_zero() -> None:
    assert LOOK.bar(1.0, 7) == "█" * 7
    assert LOOK.bar(0.0, 7) == " " * 7
    assert LOOK.signed_bar(-1.0, 7) == "███│   "
    assert LOOK.signed_bar(1.0, 7) == "   │███"
    assert LOOK.signed_bar(0.0, 7) == "   │   "
    assert Look(ASCII).bar(0.5, 4) == "##.."


@pytest.mark.parametrize(
    ("value", "shown"), [(0.971, "0.97"), (0.9999, "1.00"), (0.001, "0.00"), (-0.001, "0.00"), (-0.5, "−0.50")]
)
def test_shares_take_four_places_and_a_sign_below_zero(value: float, shown: str) -> None:
    assert LOOK.share(value) == shown


@pytest.mark.parametrize("quantity", ["forget", "input", "candidate", "output"])
def test_a_number_of_the_arithmetic_is_spelled_as_in_the_table(quantity: str) -> None:
    moment = replace(first_moment(stepped(), 8), unit=2, quantity=quantity)
    (value,) = re.match(r" [a-z] = (\S+) = ", plain_text(arithmetic(moment, 120, 6, LOOK)[1:2])).groups()  # type: ignore[union-attr]
    row = next(line for line in plain_text(units(moment, 120, 9, LOOK)).splitlines() if line[2:5].strip() == "2")
    assert value in row.split()


def test_a_curve_of_the_chart_has_the_colour_of_its_quantity_and_the_memory_is_the_whole_line() -> None:
    moment = first_moment(stepped(), 8)
    told = [part for part in chart(moment, 120, 14, LOOK)[1] if part.text.strip()]
    names = [(part.text.split()[0], part.style) for part in told if part.text.split()[0] in ("c", "f", "i", "o")]
    quantities = {"c": "cell", "f": "forget", "i": "input", "o": "output"}
    assert names == [(symbol, LOOK.style(name)) for symbol, name in quantities.items()]


def test_what_the_chart_prints_at_the_cursor_is_the_memory_itself_and_its_heading_has_the_scale() -> None:
    moment = replace(first_moment(stepped(), 8), unit=2)
    heading, told = plain_text(chart(moment, 120, 14, LOOK)[:2]).splitlines()
    memory = float(moment.layer_trace["cell"][8, 2])
    printed = re.search(r" c ([+−-]?[\d.]+)", told)
    assert printed
    assert float(printed[1].replace("−", "-")) == pytest.approx(memory, abs=1e-3)
    full = fixed_scale(moment.layer_trace, "cell").full
    assert full > 1
    assert f"c drawn at 1/{full:g}" in heading


def test_the_chart_prints_nothing_that_is_not_computed_yet() -> None:
    moment = replace(first_moment(stepped(), 8), unit=2)
    there = moment.at(8, phase=1)
    told = plain_text(chart(there, 120, 14, LOOK)[1:2])
    assert re.search(r" f 0\.3", told)
    assert not re.search(r" [cio] [+−\d]", told)


@pytest.mark.parametrize("name", ["order", "pakistan", "ali", "lengths"])
@pytest.mark.parametrize("look", LOOKS[:4], ids=["256", "ascii", "16", "none"])
def test_a_timestamp_is_one_column_in_all_pictures_over_time(name: str, look: Look) -> None:
    subject = scenario_subject(find(name))
    assert isinstance(subject, Subject)
    moment = first_moment(subject, 3)
    for height in (6, 8, 40):
        panels = (timeline(moment, 120, height, look), strips(moment, 120, 9, look), written(moment, 120, 9, look))
        marked = []
        for lines in panels:
            line = next(line for line in reversed(lines) if any(part.style == look.style("cursor") for part in line))
            first = next(n for n, part in enumerate(line) if part.style == look.style("cursor"))
            marked.append(sum(part.cell_length for part in line[:first]))
        assert len(set(marked)) == 1


@pytest.mark.parametrize(("value", "shown"), [(0.64, "+0.64"), (-11.63, "−11.6"), (9.996, "+10.0"), (123.4, " +123")])
def test_the_memory_always_takes_five_places(value: float, shown: str) -> None:
    assert LOOK.memory(value) == shown


def test_clip_marks_what_it_cuts() -> None:
    assert clip("Pakistan", 8, "…") == "Pakistan"
    assert clip("Pakistan", 5, "…") == "Paki…"
    assert clip("日本語です", 5, "…") == "日本…"


def test_control_characters_are_not_drawn() -> None:
    subject = stepped(text="I \x1b[31m am \x07 a\u202e boy")
    for panel in PANELS:
        shown = text(panel(first_moment(subject, 1), 80, 9, LOOK))
        assert all(c.isprintable() or c == "\n" for c in shown)


def test_a_lesson_is_told_only_of_what_it_was_proved_on(subject: Subject) -> None:
    scenario = find("pakistan")
    told = text(whole_lesson(subject.lesson, 400, LOOK))
    for step in scenario.lesson:
        assert with_keys(step.text) in told
        assert with_keys(step.claim.text) in told
    assert text(whole_lesson((), 80, LOOK)) == ""
    assert stepped(model="rnn").lesson == ()
    assert stepped(text="I live in Kenya, I am").lesson == ()
