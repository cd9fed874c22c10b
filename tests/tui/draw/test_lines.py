"""Pieces set one after another, and what is said of those that do not fit."""

import pytest
from gatestep.tui.draw.lines import flow, pack, plain_text, segment, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look

LOOK = Look(UNICODE)
TEN = [[segment(LOOK, "text", f" piece{n}")] for n in range(10)]


@pytest.mark.parametrize("look", [LOOK, Look(ASCII)])
@pytest.mark.parametrize("width", range(24, 72, 5))
@pytest.mark.parametrize("rows", [1, 2])
def test_what_does_not_fit_is_counted(look: Look, width: int, rows: int) -> None:
    lines = flow(TEN, width, rows, look, indent=1)
    assert len(lines) <= rows
    assert max(map(width_of, lines)) <= width
    text = plain_text(lines)
    shown = text.count("piece")
    assert (f"{look.glyphs.ellipsis}{10 - shown} more" in text) == (shown < 10)
    assert shown < 10 or pack(TEN, width, rows, 1) == (lines, 10)


def test_nothing_is_said_where_all_fits() -> None:
    assert plain_text(flow(TEN[:3], 24, 1, LOOK)) == " piece0 piece1 piece2"


def test_a_first_piece_that_is_too_wide_stays() -> None:
    assert plain_text(flow(TEN, 5, 1, LOOK)) == " piece0"
