"""What wrote the memory of the selected unit, in place: what is left of each write, above or below its word."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.segment import Segment

from .....engine import QUANTITIES, LayerTrace, Provenance, apportion, provenance
from ....draw import updown
from ....draw.columns import WIDEST, paged, place_of, words_below
from ....draw.lines import Line, fitted, flow, rule, segment, width_of
from ....draw.look import Look
from ....draw.memo import memo
from ..state import Moment
from .timeline import label_of, spelled

BACK = 4096
"""Timestamps whose writes are listed one by one; all older ones are summed."""

NOTABLE = 0.1
"""The share of the largest write from which a write may be named by itself."""

DOMINANT = 0.5
"""The share of all that was written from which a write is named even by a word that the sentence repeats."""

LEAST_SHOWN = 0.005
"""The smallest amount that does not print as 0.00."""

NAMED_NET = 100
"""The cells from which the parts stand apart, and the amount of a range is said to be its net."""

LEAST, MOST = 5, 9
"""The rows that the picture needs, and the most from which it gains."""


@dataclass(frozen=True)
class Part:
    """What is left of the writes at timestamps `first` to `last` (from 0), both included: `net` in all.

    `by_hand` is whether an edit wrote there, `seen` whether anything in it would print as more than 0.00, and `alike`
    whether it may go together with others.
    """

    first: int
    last: int
    net: float
    by_hand: bool = False
    seen: bool = True
    alike: bool = True


def written(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading, bars above and below the words, and the sum in words; without room, no bars.

    While the memory of this timestamp is not computed, they are those of the memory before it.
    """
    layer, memory = moment.layer_trace, moment.layer_trace.cell.memory_state
    name = f"unit {moment.unit} remembers"
    if memory is None:
        return [rule(look, [segment(look, "dim", name)], [], width)]
    computed, before = moment.computed(memory), layer.previous(moment.t)
    if not computed and before is None:
        return [rule(look, [segment(look, memory, f"{name} nothing yet")], [], width)]
    summed = moment if computed or before is None else moment.at(before)
    who = contributions(layer, summed.t, moment.unit)
    label = label_of(layer, look)
    cell, start, stop = paged(len(moment.trace), moment.t, width - label - 1, WIDEST)
    total = f"{QUANTITIES[memory].symbol}{look.glyphs.prime * (not computed)} = {look.number(who.total)}"
    full = _full(layer, who)
    right = [segment(look, "dim", f"{place_of(start, stop, len(moment.trace))} {look.glyphs.dot} bars to {full:g}")]
    lines = [rule(look, [segment(look, memory, f"{name} {total}, written by")], right, width)]
    sums = 2 if height >= LEAST + 2 else 1
    values = _by_timestamp(who, start, stop)
    up, down = _sides(np.concatenate([values, layer["candidate"][start:stop, moment.unit]]), height - 2 - sums)
    if up + down > 1:
        words = words_below(*spelled(moment.subject, moment.t, start, stop, cell, look), moment.t - start, cell, look)
        lines += _with_axis(updown.above(values, full, cell, up, look), full, 0, label, look)
        lines.append([Segment(" " * label), *words])
        lines += _with_axis(updown.below(values, full, cell, down, look), -full, -1, label, look)
    return [*lines, *flow(in_words(summed, width * sums, look), width, sums, look, indent=1)][:height]


@memo(maxsize=16)
def contributions(layer: LayerTrace, t: int, unit: int) -> Provenance:
    """Return what wrote the memory of `unit` at `t`."""
    return provenance(layer, t, unit, BACK)


def _by_timestamp(who: Provenance, start: int, stop: int) -> np.ndarray:
    """What is left of the writes at timestamps `start` to `stop`, and of edits there, (stop - start,)."""
    values = np.zeros(stop - start)
    there = (who.timestamps >= start) & (who.timestamps < stop)
    values[who.timestamps[there] - start] = (who.written + who.by_hand)[there]
    return values


def _sides(signs: np.ndarray, rows: int) -> tuple[int, int]:
    """How many of `rows` are above the words, and how many below; none where nothing is ever written on that side.

    A write has the sign of its candidate for as long as something is left of it, so the words stay where they are.
    """
    up, down = bool((signs > 0).any()), bool((signs < 0).any())
    above = (rows + 1) // 2 if up == down else rows * up
    return above, rows - above


def _with_axis(rows: Sequence[Line], end: float, at: int, label: int, look: Look) -> list[Line]:
    """Return the rows with the axis of their bars in `label` cells before them, and `end` at row `at` if it fits."""
    ends = [""] * len(rows)
    ends[at : at + 1 or None] = [f"{end:g}".replace("-", look.glyphs.minus)] * bool(rows)
    return [
        [segment(look, "dim", f"{text if len(text) < label else '':>{label - 1}}{look.glyphs.zero}"), *row]
        for text, row in zip(ends, rows, strict=True)
    ]


def _full(layer: LayerTrace, who: Provenance) -> float:
    """The value at which a bar is full: 1 where gate and candidate let a timestamp write no more, else the largest."""
    bounds = [layer.cell.quantity(name) for name in layer.cell.gated if name != "output"]
    if all(q.low is not None and q.high is not None and q.low >= -1 and q.high <= 1 for q in bounds) and not any(
        who.by_hand
    ):
        return 1.0
    sizes = np.abs(who.written + who.by_hand)
    sizes = sizes[np.isfinite(sizes)]
    return float(f"{max(sizes.max(initial=0.0), 1e-9):.1g}") or 1.0


def in_words(moment: Moment, room: int, look: Look) -> list[Line]:
    """Return what wrote the memory, in order of time, in pieces that add up as printed; many small ones are one piece.

    `room` is how many cells there are for all of it.
    """
    who = contributions(moment.layer_trace, moment.t, moment.unit)
    if not math.isfinite(who.total):
        return [[segment(look, "dim", " not a finite number: what wrote it is unknown")]]
    pieces: list[Line] = []
    for most in range(max(room // 12, 2), 0, -1):
        parts = grouped(who, moment.trace.tokens, most, moment.writer)
        shown = apportion([*(part.net for part in parts), who.initial], who.total, 2)
        names = [*(_name(part, moment, look, room >= NAMED_NET) for part in parts), _older(who, moment)]
        pieces = [[segment(look, "dim", " written by ")]]
        pieces += [
            _piece(*name, amount, look, room >= NAMED_NET)
            for name, amount in zip(names, shown, strict=True)
            if abs(amount) >= LEAST_SHOWN
        ]
        if sum(map(width_of, pieces)) + 12 * (room > 120) <= room:
            break
    if len(pieces) == 1:
        pieces.append([segment(look, "dim", " nothing: it is empty")])
    return pieces


def _piece(name: str, place: str, amount: float, look: Look, apart: bool) -> Line:
    return [
        segment(look, "chosen", f" {name}"),
        segment(look, "dim", place),
        segment(look, "text", f" {look.number(amount)}{' ' * apart}"),
    ]


def grouped(who: Provenance, tokens: tuple[str, ...] | None, most: int, writer: int | None = None) -> list[Part]:
    """Return the writes in order of time, as at most `most` parts; together they are all that was written.

    Those that stand alone are edits, the `writer` that was asked for, and the largest of what is notable: by a word
    that the sentence has only once, or at any timestamp where there are no words. What lies between is one part; while
    the parts are still too many, the smallest is joined to a neighbour.
    """
    writes = _in_order(who, tokens, writer)
    stands = sorted(writes.largest[: 2 * most])
    bounds = sorted({0, len(writes.at), *stands, *(n + 1 for n in stands)})
    parts: list[Part] = []
    for start, stop in pairwise(bounds):
        seen = np.flatnonzero(writes.shows[start:stop]) + start  # what prints as nothing does not make a part longer
        first, last = (int(seen[0]), int(seen[-1])) if len(seen) else (start, start)
        hand, alike = bool(writes.by_hand[start]), not writes.fixed[start]
        net = float(writes.amounts[start:stop].sum())
        parts.append(Part(writes.at[first], writes.at[last], net, hand, bool(len(seen)), alike))
    while sum(part.seen for part in parts) > most:
        costs = [min(abs(a.net), abs(b.net)) + 1e9 * (not a.alike or not b.alike) for a, b in pairwise(parts)]
        n = costs.index(min(costs))
        a, b = parts[n : n + 2]
        ends = [part for part in (a, b) if part.seen] or [a, b]
        hand, shown, alike = a.by_hand or b.by_hand, a.seen or b.seen, a.alike and b.alike
        parts[n : n + 2] = [Part(ends[0].first, ends[-1].last, a.net + b.net, hand, shown, alike)]
    return parts


@dataclass(frozen=True, eq=False)
class _Writes:
    """All writes, (n,) each, in order of time: when, how much, whether it shows, by hand, and whether it stands alone.

    `largest` are the places of those that may stand alone, the largest first.
    """

    at: Sequence[int]
    amounts: np.ndarray
    shows: np.ndarray
    by_hand: np.ndarray
    fixed: np.ndarray
    largest: Sequence[int]


@memo(maxsize=16)
def _in_order(who: Provenance, tokens: tuple[str, ...] | None, writer: int | None) -> _Writes:
    amounts = who.written + who.by_hand
    often = Counter(tokens or ())
    dominant = np.abs(amounts) >= DOMINANT * np.abs(amounts).sum()
    notable = np.abs(amounts) >= NOTABLE * np.abs(amounts).max(initial=0.0)
    if tokens is not None:
        notable &= np.array([often[tokens[t]] == 1 for t in who.timestamps.tolist()], bool)
        notable |= dominant & (amounts != 0)
    fixed = (who.by_hand != 0) | (who.timestamps == (-1 if writer is None else writer))
    sizes = np.where(notable, np.abs(amounts), 0.0) + np.where(fixed, np.inf, 0.0)
    ranked = np.argsort(-sizes, kind="stable")
    order = np.argsort(who.timestamps, kind="stable")
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return _Writes(
        who.timestamps[order].tolist(),
        amounts[order].astype(np.float64),
        np.abs(amounts[order]) >= LEAST_SHOWN,
        who.by_hand[order],
        fixed[order],
        places[ranked[sizes[ranked] > 0]].tolist(),
    )


def _name(part: Part, moment: Moment, look: Look, net: bool) -> tuple[str, str]:
    """The word and its timestamp, or the first and the last timestamp of a part."""
    if part.first < part.last:
        return f"{part.first + 1}..{part.last + 1}", " net" * net
    hand = "by hand" if part.by_hand else fitted(look, moment.token(part.first), 16)
    return hand, f"@{part.first + 1}" if moment.trace.tokens or part.by_hand else ""


def _older(who: Provenance, moment: Moment) -> tuple[str, str]:
    """The name of what none of the listed timestamps wrote."""
    first = int(who.timestamps[0])
    if moment.layer_trace.previous(first) is None:
        return "start", ""
    return ("after" if moment.layer_trace.weights.reverse else "before"), f" {first + 1}"
