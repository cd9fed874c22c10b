"""What the comparison's panels draw, without an app: in every width and spelling, and what their numbers are."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from gatestep.scenarios import SCENARIOS, find
from gatestep.tui.draw.columns import WIDEST
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.opening import page_of
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.compare import panels as panels
from gatestep.tui.views.compare.make import compared, first_side
from gatestep.tui.views.compare.state import Comparison
from pilots import FROM_FILE
from rich.cells import cell_len

LOOKS = [Look(UNICODE), Look(ASCII), Look(ASCII, "none", plain=True)]
LONG = "I am a “good” boy, " * 60 + "日本語 in Zorkistan"


@cache
def comparison(name: str, what: str | None, model: str | None) -> Comparison:
    return compared(first_side(scenario_subject(find(name), model)), what)


KINDS = [
    *((name, None, None) for name in SCENARIOS),
    *((name, find(name).models[-1], None) for name in SCENARIOS),
    ("order", find("order").sentences[1], "dense"), ("order", "rnn", "dense"), ("pakistan", LONG, None),
]  # fmt: skip
SIDES = (panels.left, panels.right)
PANELS = [panels.heading, panels.left, panels.right, panels.difference, panels.apart, panels.answers]
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: " ".join(str(k)[:20] for k in kind if k))


@EVERY_KIND
@pytest.mark.parametrize("look", LOOKS, ids=["unicode", "ascii", "plain"])
def test_no_panel_is_wider_than_its_place_and_ascii_is_ascii(
    kind: tuple[str, str | None, str | None], look: Look
) -> None:
    state = comparison(*kind)
    for t in {0, state.timestamps // 2, state.timestamps - 1}:
        for width, panel, height in product((60, 80, 120, 200), PANELS, (3, 9, 20)):
            place = width // 2 if panel in SIDES else width
            lines = panel(state.at(t), place, height, look)
            assert len(lines) <= height
            shown = plain_text(lines)
            assert look.glyphs.unicode or shown.isascii()
            if place >= 40:  # half of the smallest full screen
                assert [line for line in shown.splitlines() if cell_len(line) > place] == [], panel.__name__


@EVERY_KIND
def test_a_panel_draws_at_any_size(kind: tuple[str, str | None, str | None]) -> None:
    state = comparison(*kind)
    for width, height in ((1, 1), (2, 30), (7, 2), (20, 5), (300, 90)):
        for panel in PANELS:
            assert len(panel(state, width, height, Look(UNICODE))) <= max(height, 2)


@EVERY_KIND
@pytest.mark.parametrize("look", [Look(UNICODE, "none", plain=True), Look(ASCII, "none", plain=True)], ids=str)
def test_the_plain_page_has_both_sides_and_every_network(kind: tuple[str, str | None, str | None], look: Look) -> None:
    state = comparison(*kind)
    shown = page_of(state, 0, look)
    assert shown.splitlines()[0].split()[0] == kind[0]
    for side in (state.left, state.right):
        assert side.subject.network in shown
    for model in find(kind[0]).models:
        assert f"\n {model} " in shown
    assert "how far apart" in shown
    assert look.glyphs.unicode or shown.isascii()


def test_where_there_is_no_distance_a_dot_stands_and_from_the_parting_on_a_level() -> None:
    state = comparison("order", None, None)
    assert state.divergence == 2
    look = Look(UNICODE)
    room = 80 - panels.LABEL - 1
    cell = min(room // 6, WIDEST)
    for line in plain_text(panels.apart(state, 80, 9, look)).splitlines()[1:3]:
        cells = [line[panels.LABEL + t * cell :][: cell - 1] for t in range(6)]
        assert cells[:2] == [look.glyphs.pending * (cell - 1)] * 2
        assert all(set(shown) <= set(look.glyphs.levels[1:]) for shown in cells[2:])


def test_units_of_two_networks_are_not_compared_and_it_says_so() -> None:
    state = comparison("pakistan", "rnn", None)
    shown = plain_text(panels.apart(state, 80, 9, Look(UNICODE)))
    assert set(state.distances()) == {"say"}
    assert "units of two networks do not correspond" in shown
    assert not any(line.startswith((" c ", " h ")) and "compared" not in line for line in shown.splitlines())


def test_a_comparison_of_another_kind_of_look_shows_the_same_numbers() -> None:
    state = comparison("order", None, None)
    drawn = [plain_text(panels.answers(state, 120, 9, look)) for look in (Look(UNICODE), Look(ASCII))]
    assert drawn[0].replace("✓", "*").replace("✗", "x") == drawn[1]


def test_a_network_that_has_no_counterpart_is_refused() -> None:
    from gatestep.engine import BadInput

    subject = scenario_subject(find("order"))
    assert isinstance(subject, Subject)
    with pytest.raises(BadInput, match="comes from a file"):
        compared(first_side(Subject("w.npz", "LSTM", subject.trace, FROM_FILE)))


@pytest.mark.parametrize("quantity", ["forget", "candidate", "cell", "hidden"])
def test_the_difference_is_that_of_the_traces_and_drawn_on_a_printed_scale(quantity: str) -> None:
    state = comparison("order", None, None)
    while state.moments[0].quantity != quantity:
        state = state.with_quantity(1)
    found = state.difference()
    left, right = (moment.trace.layers[0][quantity] for moment in state.moments)
    assert found is not None
    np.testing.assert_array_equal(found, right.astype(np.float64) - left)
    assert not found[:2].any(), "until the sentences differ the two are the same"
    look, scale = Look(ASCII), panels.difference_scale(state)
    heading, *rows = plain_text(panels.difference(state.at(4), 120, 10, look)).splitlines()
    assert f"difference: {quantity}" in heading
    assert f"+9 = {scale.full:g}" in heading
    wide = min((120 - panels.LABEL - 1) // 6, WIDEST)
    for unit, row in enumerate(rows[:8]):
        for t in range(6):
            cell = row[panels.LABEL + wide * t :][:2].strip()
            level = round(9 * float(found[t, unit]) / scale.full)
            assert cell in (f"{level:+d}".replace("+0", "0").replace("-0", "0"), "+^", "-v")


def test_different_networks_have_no_difference_of_units() -> None:
    state = comparison("pakistan", "rnn", None)
    assert state.difference() is None
    assert panels.difference(state, 120, 9, Look(UNICODE)) == []
    assert panels.difference_rows(state, Look(UNICODE)) == 0


@pytest.mark.parametrize("kind", [("order", None, None), ("pakistan", "rnn", None), ("pakistan", "gru", None)])
@pytest.mark.parametrize(("width", "height"), [(40, 14), (60, 24), (80, 30), (100, 40)])
def test_the_same_thing_stands_in_the_same_row_on_both_sides(
    kind: tuple[str, str | None, str | None], width: int, height: int
) -> None:
    state = comparison(*kind)
    sides = [plain_text(panel(state, width, height, Look(UNICODE))).splitlines() for panel in SIDES]
    asked = state.moments[0].subject.prediction
    assert asked is not None
    for what in (asked.question, "timeline:", "inside unit", "over time"):
        places = [[n for n, line in enumerate(lines) if line.startswith("──") and what in line] for lines in sides]
        assert places[0] == places[1]
