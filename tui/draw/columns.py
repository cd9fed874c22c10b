"""Timestamps as columns: which are on the page, and what stands below them."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from .lines import Line, clickable, segment, width_of
from .look import Look

WIDEST = 32
"""Cells that a timestamp takes at most: a short sequence takes the width of the screen, as a long one does."""

MARKED = 8
"""Cells of a short word's column that are marked, at most."""


def paged(T: int, t: int, room: int, widest: int, least: int = 1) -> tuple[int, int, int]:
    """Return (cells for a timestamp, first timestamp shown, one past the last) for `T` timestamps in `room` cells.

    The page is the one on which `t` lies; a timestamp takes `least` to `widest` cells. Paging instead of scrolling
    means that a step changes two columns and not the whole picture. The last page is as full as any.
    """
    room = max(room, 1)
    cell = max(min(room // T, widest), least)
    count = max(room // cell, 1)
    start = max(min(t // count * count, T - count), 0)
    return cell, start, min(start + count, T)


def place_of(start: int, stop: int, T: int) -> str:
    """Return in words which timestamps of `T` a page has."""
    if stop - start < T:
        return f"timestamps {start + 1} to {stop} of {T}"
    return f"{T} timestamp{'s' * (T > 1)}"


def words_below(words: Sequence[str], word: str, here: int, cell: int, look: Look) -> Line:
    """Return a row with the words of a page, each from its own column on, and column `here` marked with its `word`.

    The word at the cursor is always there and whole, as far as the row goes; the others are, left to right, where they
    do not run into one another. Where `here` lies outside the page, nothing is marked.
    """
    width = cell * len(words)
    if not 0 <= here < len(words):
        return [segment(look, "dim", _filled(_placed(words, cell, width), width))]
    at = here * cell
    word = word if cell_len(word) <= width else set_cell_size(word, width)
    size = max(cell_len(word), cell)
    start = min(at, width - size)
    free = start + max(cell_len(word) + 1, cell)
    around = [(place, text) for place, text in _placed(words, cell, width)
              if place + cell_len(text) < start or place >= free]  # fmt: skip
    before, after = [p for p in around if p[0] < start], [(p - start - size, text) for p, text in around if p > start]
    marked = max(min(cell - (cell >= 3), max(cell_len(word), MARKED)), 1)
    left, shown, right = _split(set_cell_size(word, size), at - start, marked)
    return [
        segment(look, "dim", _filled(before, start)),
        segment(look, "chosen", left),
        segment(look, "cursor", shown),
        segment(look, "chosen", right),
        segment(look, "dim", _filled(after, width - start - size)),
    ]


def columns_clickable(look: Look, line: Line, before: int, cell: int, start: int, what: str = "at") -> Line:
    """Return `line` such that a click on one of its columns, of `cell` cells, does `what` with the column's number.

    They are counted from `start` on, and begin after `before` cells. Where there is no mouse it is as it was.
    """
    if not look.mouse:
        return line
    ends = [*range(before, width_of(line), cell), width_of(line)]
    first, *columns = Segment.divide(line, ends)
    numbered = enumerate(columns, start)
    return [*first, *(clickable(look, part, f"{what}:{n}") for n, column in numbered for part in column)]


def numbers_below(start: int, stop: int, cell: int) -> Callable[[int], str]:
    """Return a function that names the timestamps `start` to `stop` where there are no words: round numbers, from 1."""
    room = len(str(stop)) + 2
    every = next(n * 10**k for k in range(20) for n in (1, 2, 5) if n * 10**k * cell >= room)
    return lambda t: str(t + 1) if (t + 1) % every == 0 else ""


def _placed(words: Sequence[str], cell: int, width: int) -> list[tuple[int, str]]:
    """The words that fit, each with the cell at which it begins: independent of the cursor, so that they stay."""
    placed, free = [], 0
    for n, word in enumerate(words):
        at, size = n * cell, cell_len(word)
        if word and at >= free and at + size <= width:
            placed.append((at, word))
            free = at + size + 1
    return placed


def _filled(placed: Sequence[tuple[int, str]], width: int) -> str:
    text, used = "", 0
    for at, word in placed:
        text += " " * (at - used) + word
        used = at + cell_len(word)
    return text + " " * (width - used)


def _split(text: str, at: int, size: int) -> tuple[str, str, str]:
    """`text` before cell `at`, the `size` cells from there on, and the rest; a wide character on an edge goes along."""
    parts, used = ["", "", ""], 0
    for character in text:
        width = cell_len(character)
        part = 0 if used + max(width, 1) <= at else 2 if used >= at + size and width else 1
        if not width:  # an accent goes with its letter
            part = max(n for n in range(3) if parts[n]) if text and any(parts) else 1
        parts[part] += character
        used += width
    return parts[0], parts[1], parts[2]
