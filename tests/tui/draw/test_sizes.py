"""Sizes over time on one log scale, and how a size is spelled."""

import math

import pytest
from gatestep.tui.draw.charts import draw
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.sizes import HIGH, LOW, Curve, chart_of, size

FALLING = Curve("RNN", "|dL/dh|", "hidden", tuple(10.0**-k for k in range(9, -1, -1)))
FLAT = Curve("LSTM", "path", "forget", (1.0,) * 10)


def test_all_curves_are_in_one_frame_whose_scale_is_named() -> None:
    rows = plain_text(draw(chart_of("sizes", (FALLING, FLAT)), 80, 20, Look(UNICODE))).splitlines()
    assert rows[1].strip() == "size, log scale"
    assert sum("RNN |dL/dh|" in row or "LSTM path" in row for row in rows) == 2
    end = max(len(row.rstrip()) for row in rows if row.lstrip().startswith("└"))
    heights = [y for x in range(8, end) for y, row in enumerate(rows[2:-3]) if row[x : x + 1] == "●"]
    assert heights == sorted(heights, reverse=True)
    assert any(row.lstrip().startswith("1e−") for row in rows)


def test_what_the_scale_cannot_hold_is_marked_at_its_ends() -> None:
    curve = Curve("LSTM", "path", "forget", (0.0, 1e-3, 1.0, math.inf))
    for look, marks in ((Look(UNICODE), "▼▲"), (Look(ASCII), "v^")):
        rows = plain_text(draw(chart_of("sizes", (curve,)), 80, 20, look)).splitlines()
        end = max(len(row.rstrip()) for row in rows if row.lstrip()[:1] in ("└", "+"))
        points = [row[6:end] for row in rows[2:-3]]
        assert marks[0] in points[-1]
        assert marks[1] in points[0]


@pytest.mark.parametrize("values", [(1e-3, 1e-2), (1e-12, 1e5)])
def test_a_fixed_scale_does_not_depend_on_the_values(values: tuple[float, ...]) -> None:
    curve = Curve("RNN", "|dL/dh|", "hidden", values)
    rows = plain_text(draw(chart_of("sizes", (curve,), bounds=(LOW, HIGH)), 80, 20, Look(ASCII))).splitlines()
    labels = [row.split("+")[0].strip() for row in rows if "+" in row[:8]]
    assert (labels[0], labels[-2]) == ("100", "1e-10")


def test_words_name_the_timestamps() -> None:
    chart = chart_of("sizes", (FALLING,), [f"w{n}" for n in range(10)])
    rows = plain_text(draw(chart, 90, 20, Look(ASCII), 3.0)).splitlines()
    assert rows[-1].split() == [f"w{n}" for n in range(10)]
    assert "v w2  1.0e-07" in rows[1]


def test_a_size_is_spelled_with_its_power_of_ten() -> None:
    assert [size(v) for v in (0.031, 4e-9, 1.0, 0.0, math.inf)] == ["3.1e-02", "4.0e-09", "1.0e+00", "0", "overflow"]
