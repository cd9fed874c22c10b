"""How many rows each panel of the stepper gets, from the size of the terminal."""

from dataclasses import asdict, dataclass

from .state import Moment

FULL = (80, 24)
"""The size from which everything is on the screen; below it panels give way, the least needed first."""

SIDE_BY_SIDE = 130
"""Columns from which the next word stands beside the arithmetic."""


@dataclass(frozen=True)
class Rows:
    """Rows for each panel; 0 hides it. `beside` puts the prediction to the right of the arithmetic."""

    heading: int
    sentence: int
    units: int
    arithmetic: int
    timeline: int
    prediction: int
    writers: int
    lesson: int
    footer: int
    beside: bool

    @property
    def panels(self) -> dict[str, int]:
        """The rows of each panel by its name."""
        return {name: rows for name, rows in asdict(self).items() if name != "beside"}

    @property
    def total(self) -> int:
        """Rows that are used."""
        below = self.arithmetic if self.beside else self.arithmetic + self.prediction
        return (
            self.heading + self.sentence + self.units + self.timeline + below + self.writers + self.lesson + self.footer
        )


def allot(width: int, height: int, moment: Moment, sentence: int, lesson: tuple[int, int] = (0, 0)) -> Rows:
    """Share `height` rows among the panels; the whole sentence takes `sentence` rows, the lesson the first of
    `lesson`, and better the second.

    What is needed most comes first: where one is, the sentence, the gates, the arithmetic, the lesson, the next word,
    the timeline. What is left over goes to more units, then to the timeline, the next word, the terms of the sum, the
    writers of the memory.
    """
    H = moment.layer_trace.H
    words = (moment.subject.prediction or moment.subject.forecast) is not None
    beside = words and width >= SIDE_BY_SIDE
    names = ("heading", "sentence", "units", "arithmetic", "prediction", "timeline", "writers", "lesson", "footer")
    rows = dict.fromkeys(names, 0) | {"heading": 1, "footer": 1, "units": 2}

    def left() -> int:
        below = max(rows["arithmetic"], rows["prediction"]) if beside else rows["arithmetic"] + rows["prediction"]
        return height - sum(n for name, n in rows.items() if name not in ("arithmetic", "prediction")) - below

    def give(name: str, most: int) -> None:
        """Give `name` up to `most` rows in all."""
        if beside and name in ("arithmetic", "prediction"):
            other = rows["prediction" if name == "arithmetic" else "arithmetic"]
            rows[name] = min(most, max(other, rows[name]) + max(left(), 0))
        else:
            rows[name] += max(min(most - rows[name], left()), 0)

    give("sentence", 1)
    give("units", 1 + min(H, 3))
    give("arithmetic", 4)
    give("lesson", lesson[0])
    give("prediction", (2 if lesson[0] or moment.subject.forecast else 1) * words)
    give("sentence", min(sentence, 4 if moment.subject.forecast else 2))
    give("units", 1 + min(H, 5 if lesson[0] else 6))
    give("timeline", 2 + min(-(-H // 2), 4))  # two units share a row where there are shades
    give("units", 1 + min(H, 8))
    give("prediction", 2 * words)
    give("units", 1 + min(H, 16))
    give("timeline", 2 + min(H, 9))
    give("prediction", 6 * words)
    give("timeline", 2 + min(H, 10))
    give("lesson", lesson[1])
    give("arithmetic", 7)
    give("sentence", min(sentence, 4))
    give("timeline", 2 + min(H, 20))
    give("units", 1 + H)
    give("prediction", 10 * words)
    give("arithmetic", 10)
    if left() >= 5 and moment.layer_trace.cell.memory_state:
        give("writers", 14)
    if beside:
        rows["prediction"] = rows["arithmetic"] = max(rows["prediction"], rows["arithmetic"])
    if rows["timeline"] == 1:
        rows["timeline"] = 0
    return Rows(**rows, beside=beside)


def too_small(width: int, height: int) -> str:
    """Return what to say when not everything fits, or nothing."""
    if width >= FULL[0] and height >= FULL[1]:
        return ""
    return f"{width}x{height} shows a part; {FULL[0]}x{FULL[1]} shows all"
