"""Charts as text, and where things are in it."""

from gatestep.scenarios import Chart
from gatestep.tui.draw.charts import draw
from gatestep.tui.draw.lines import width_of
from gatestep.tui.draw.look import ASCII, BRAILLE, UNICODE, Look

LOOK = Look(UNICODE)
PLAIN = Look(ASCII, "none", plain=True)
LOOKS = [LOOK, Look(BRAILLE), PLAIN, Look(ASCII), Look(UNICODE, "16"), Look(UNICODE, "none", "light")]
INF, NAN = float("inf"), float("nan")

RNN = [0.87, 0.68, 0.63, 0.55, 0.48, 0.37, 0.45, 0.45, 0.4]
ANSWERS = Chart(
    "Right answers by words between",
    "words between",
    "right answers",
    {"lstm": [(x, 1.0) for x in range(9)], "rnn": list(enumerate(RNN))},
)

Points = list[tuple[float, float]]


def chart(**lines: Points) -> Chart:
    return Chart("title", "across", "up", lines)


def shown(chart: Chart, width: int = 80, height: int = 20, look: Look = LOOK, cursor: float | None = None) -> list[str]:
    """A chart as text, a line a row, once each is as wide as asked."""
    lines = draw(chart, width, height, look, cursor)
    assert len(lines) == height
    assert [width_of(line) for line in lines] == [width] * height
    return ["".join(s.text for s in line) for line in lines]


def places(rows: list[str], marker: str) -> list[tuple[int, int]]:
    """(column, row) of every `marker` among the points, from left to right."""
    end = max(len(row.rstrip()) for row in rows if row.lstrip()[:1] in ("└", "+"))
    return sorted((x, y) for y, row in enumerate(rows) for x, c in enumerate(row[:end]) if c == marker and y > 1)


def named(rows: list[str]) -> dict[str, int]:
    """The row of each name that stands at the end of a line."""
    end = max(len(row.rstrip()) for row in rows if row.lstrip()[:1] in ("└", "+"))
    return {row[end:].strip(): y for y, row in enumerate(rows[2:-3], 2) if row[end:].strip()}


def ticks(rows: list[str]) -> dict[str, int]:
    """The row of each label of the y axis."""
    return {row.split("┤")[0].strip(): y for y, row in enumerate(rows) if "┤" in row}
