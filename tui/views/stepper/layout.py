"""Where each panel of the stepper stands and how large it is, from the size of the terminal."""

from dataclasses import dataclass, field

from ...draw import blocks
from .panels import chart, strips, written
from .state import Moment

FULL = (80, 24)
"""The size from which everything essential is on the screen; below it panels shrink, the least needed first."""

PICTURE_FROM = 120
"""Columns from which the picture of the cell stands beside the table."""

CHART_BESIDE_FROM = 160
"""Columns from which the chart of the unit stands beside that picture."""

CHART_FROM, STRIPS_FROM = (120, 36), (100, 30)
"""The sizes from which there is a chart of the selected unit, and its strips."""

ROOMY = 40
"""The fewest rows with which a lesson gets all its rows before the pictures of the unit get any."""

TABLE = 76
"""The columns beyond which one more is worth less to the table than to the chart beside it."""

LEAST_ROWS = {"timeline": 3, "written": written.LEAST, "strips": 3, "chart": chart.LEAST_HEIGHT}
"""The fewest rows that a panel can use."""

NAMES = ("heading", "sentence", "units", "arithmetic", "cell", "prediction", "chart", "timeline", "strips", "written",
         "lesson", "footer")  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A rectangle of the screen, in cells; one without rows is hidden."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Rows:
    """Rows for each panel by its name; 0 hides it.

    From the left, the block below the sentence has the table with the arithmetic, the picture with the next word in
    `side` columns, and the chart in `third` columns; where `side` is 0, all of that stands one below the other.
    """

    width: int
    rows: dict[str, int] = field(default_factory=dict)
    side: int = 0
    third: int = 0

    def __getattr__(self, name: str) -> int:
        try:
            return self.rows[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The panels of the block, column by column from the left."""
        if not self.side:
            return (("cell", "units", "arithmetic", "prediction"),)
        first = ("units", "arithmetic")
        return (first, ("cell", "prediction"), ("chart",)) if self.third else (first, ("cell", "prediction"))

    @property
    def stacked(self) -> tuple[str, ...]:
        """The panels below the block, over the whole width."""
        return (*(() if self.third else ("chart",)), "timeline", "strips", "written", "lesson")

    @property
    def block(self) -> int:
        """The rows of the block."""
        return max(sum(self.rows[name] for name in column) for column in self.columns)

    @property
    def total(self) -> int:
        """Rows that are used."""
        around = self.rows["heading"] + self.rows["sentence"] + self.rows["footer"]
        return around + self.block + sum(self.rows[name] for name in self.stacked)

    @property
    def boxes(self) -> dict[str, Box]:
        """Where each panel stands; the footer is at the bottom by itself."""
        boxes, y = {}, 0
        for name in ("heading", "sentence"):
            boxes[name] = Box(0, y, self.width, self.rows[name])
            y += self.rows[name]
        widths = [self.width - self.side - self.third, self.side, self.third]
        x = 0
        for column, width in zip(self.columns, widths, strict=False):
            top = y
            for name in column:
                boxes[name] = Box(x, top, width - (x + width < self.width), self.rows[name])
                top += self.rows[name]
            x += width
        y += self.block
        for name in self.stacked:
            boxes[name] = Box(0, y, self.width, self.rows[name])
            y += self.rows[name]
        return boxes


def allot(
    width: int, height: int, moment: Moment, sentence: int, lesson: tuple[int, int] = (0, 0), halves: bool = True
) -> Rows:
    """Share `height` rows among the panels.

    The whole sentence takes `sentence` rows; the lesson takes the first number of `lesson`, and better the second. With
    `halves`, two units share a row of the timeline where there is less room.

    What is needed most comes first: the heading, the sentence, the gates, the arithmetic, the lesson, the next word,
    the timeline. What is left over goes to pictures of the selected unit, then to more units and more of everything.
    """
    share = _Share(width, height, moment)
    give, H = share.give, moment.layer_trace.H
    words = moment.subject.says is not None
    picture = share.picture
    axis = 2 + (moment.results is not None and height >= ROOMY)  # a heading, the words, and the marks of hits
    units = 0 if picture and not share.side else 1
    give("units", 2 * units)
    give("sentence", 1)
    give("units", units * (1 + min(H, 3)))
    give("cell", picture)
    give("arithmetic", 3 + (not share.strips))
    give("lesson", lesson[0])
    numbers = moment.subject.forecast or moment.subject.outputs
    give("prediction", (2 if numbers else 1) * words)
    give("sentence", min(sentence, 4 if moment.subject.forecast else 2))
    give("units", units * (1 + min(H, 5 if lesson[0] else 6)))
    if lesson[0]:
        give("timeline", axis + min(-(-H // 2), 2))
        give("prediction", 2 * words)
    give("timeline", axis + min(-(-H // 2), 4))  # two units share a row where there are shades
    give("units", units * (1 + min(H, 8)))
    if height >= ROOMY:
        give("lesson", lesson[1])
    if share.chart:
        give("chart", chart.LEAST_HEIGHT + 1)
    elif share.strips:
        give("strips", strips.rows_of(moment) - 1)
    if share.side and moment.layer_trace.cell.memory_state:
        give("written", written.LEAST)
    give("arithmetic", 4)
    give("prediction", (5 if moment.subject.forecast and share.side else 2) * words)
    if share.third:
        give("strips", strips.rows_of(moment))
    give("chart", 12 * bool(share.rows["chart"]))
    give("units", units * (1 + min(H, 16)))
    give("timeline", axis + _pictured(H, 10, halves), whole=halves)
    give("prediction", 6 * words)
    give("lesson", lesson[1])
    give("written", written.MOST * bool(share.rows["written"]))
    give("sentence", min(sentence, 4))
    give("arithmetic", 7)
    give("chart", 14 * bool(share.rows["chart"]))
    if share.strips:
        give("strips", strips.rows_of(moment))
    give("timeline", axis + _pictured(H, 20, halves), whole=halves)
    give("units", units * (1 + H))
    give("prediction", 10 * words)
    if moment.layer_trace.cell.memory_state and width >= STRIPS_FROM[0]:
        give("written", written.MOST)
    give("chart", chart.MOST_HEIGHT * bool(share.rows["chart"]))
    give("arithmetic", 10)
    give("timeline", axis + -(-H // 2) if halves else axis + H)
    give("written", 2 * written.MOST * bool(share.rows["written"]))
    give("chart", height * bool(share.rows["chart"]))
    for name, least in LEAST_ROWS.items():
        if share.rows[name] < least:
            share.rows[name] = 0
    give("chart", height * bool(share.rows["chart"]))
    return Rows(width, share.rows, share.side, share.third)


def _pictured(units: int, most: int, halves: bool) -> int:
    """The rows of a timeline of at most `most` rows: two units share one where there is none for each."""
    return min(-(-units // 2) if halves and units > most else units, most)


class _Share:
    """The rows given so far, and what is still left of `height`."""

    def __init__(self, width: int, height: int, moment: Moment) -> None:
        self.rows = dict.fromkeys(NAMES, 0) | {"heading": 1, "footer": 1}
        self._width, self._height = width, height
        rows = 1 + blocks.rows_of(moment.layer_trace.weights)
        wide = width >= PICTURE_FROM and height >= FULL[1]
        fits = width >= blocks.WIDTH and height >= rows + 4
        self.picture = rows if fits and (wide if moment.picture is None else moment.picture) else 0
        self.side = blocks.WIDTH + 1 if self.picture and wide else 0
        self.chart = width >= CHART_FROM[0] and height >= CHART_FROM[1]
        self.strips = width >= STRIPS_FROM[0] and height >= STRIPS_FROM[1] and bool(self.side or not self.picture)
        rest = width - self.side
        room = max(min(rest - TABLE, rest // 2 - 10), chart.LEAST_WIDTH)
        self.third = room if self.side and self.chart and width >= CHART_BESIDE_FROM else 0

    def give(self, name: str, most: int, whole: bool = False) -> None:
        """Give `name` up to `most` rows in all, as far as there are any; beside a longer column they cost nothing.

        With `whole`, it gets all of them or no more than it has.
        """
        shape = Rows(self._width, self.rows, self.side, self.third)
        free = self._height - shape.total
        for column in shape.columns:
            if name in column:
                free += shape.block - sum(self.rows[other] for other in column)
        if not whole or most - self.rows[name] <= free:
            self.rows[name] += max(min(most - self.rows[name], free), 0)


def too_small(width: int, height: int) -> str:
    """Return what to say where not everything fits; "" where it does."""
    if width >= FULL[0] and height >= FULL[1]:
        return ""
    return f"{width}x{height} shows a part; {FULL[0]}x{FULL[1]} shows all"
