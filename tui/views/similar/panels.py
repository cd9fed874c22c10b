"""The passage and the units that are on in it, what stands at the similar places, and the list of these."""

from collections.abc import Sequence

from ....engine import Place
from ....engine.text import percent
from ...draw.lines import Line, fitted, flow, rule, segment, sized, spread
from ...draw.look import Look
from ...keys import with_keys
from ...source.held import kind_of, number_of
from ...source.lookup import places_of
from ...source.origins import FromFile
from ..stepper.panels.heading import edited_mark
from .state import SimilarPage

MOST_STANDING, MOST_ON = 8, 6
AROUND = 6
"""Words that are shown before and after a place."""


def heading(state: SimilarPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which passage the places are compared with."""
    here, dot = state.here, f" {look.glyphs.dot} "
    left: Line = [segment(look, "title", f" {fitted(look, here.subject.title, max(width - 60, 8))}")]
    left += edited_mark(here.subject, look)
    where = f"{state.start + 1}" if state.stop == state.start + 1 else f"{state.start + 1} to {state.stop}"
    left.append(segment(look, "text", f"{dot}passages like {where}"))
    return [spread(left, [], width, look)]


def on(state: SimilarPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the units that are on at each timestamp of the passage, with their signs."""
    here, only = state.here, "" if state.units is None else f", of units {','.join(map(str, state.units))}"
    what = f"units on in {here.layer}.{here.quantity}, with sign: at least {state.threshold:g} from zero{only}"
    lines = [rule(look, [segment(look, "text", fitted(look, what, max(width - 6, 8)))], [], width)]
    if state.found is None:
        share = f": {percent(state.searched)}" if state.searched else look.glyphs.ellipsis
        leaves = with_keys("{key:app.undo} leaves", look.glyphs.unicode)
        said = with_keys(state.failed, look.glyphs.unicode) or f"looking through everything{share}; {leaves}"
        return [*lines, [segment(look, "warning" if state.failed else "dim", f" {look.text(said)}")]][:height]
    tokens, wide = state.here.trace.tokens, len(str(state.stop))
    rows = list(enumerate(state.found.signs, state.start))
    room = max(height - 1, 1)
    shown = rows if len(rows) <= room else rows[: room - 1]
    for t, row in shown:
        word = f"{fitted(look, tokens[t], 12)}: " if tokens else ""
        names = [
            segment(look, "candidate" if sign > 0 else "forget", f"{'+' if sign > 0 else look.glyphs.minus}{unit} ")
            for unit, sign in zip(state.found.units, row, strict=True)
            if sign
        ]
        pieces: list[Line] = [[segment(look, "dim", f" {t + 1:>{wide}} "), segment(look, "text", word)]]
        pieces += [[name] for name in names] or [[segment(look, "dim", "none")]]
        lines += flow(pieces, width, 1, look)
    if len(shown) < len(rows):
        lines.append([segment(look, "dim", f" {len(rows) - len(shown)} more timestamps")])
    return lines[:height]


def standing(state: SimilarPage, width: int, height: int, look: Look) -> list[Line]:
    """Return what stands at the similar places, against how often it stands anywhere."""
    found = state.found
    if found is None:
        return []
    count, total = len(state.sentences) + len(state.others), f"{len(found.places):,} of {found.looked_at:,}"
    over = f", {count:,} {kind_of(state.here.subject, count)}" if count else ""
    said = f"{total} other places are similar: this sequence{over}"
    said = said if len(said) <= width - 6 else f"{total} other places are similar"
    lines = [rule(look, [segment(look, "text", fitted(look, said, width - 6))], [], width)]
    if not found.places:
        lower = with_keys("{key:similar.lower} lowers the threshold", look.glyphs.unicode)
        return [*lines, [segment(look, "dim", f" none; {lower}")]][:height]
    join = state.here.subject.vocabulary.join if found.standing else " ".join
    if found.standing:
        rows = max(min(height - 2, MOST_STANDING, len(found.standing)), 1)
        more = len(found.standing) - rows
        words = "words" if more < 1 else f"words, and {more:,} more"
        lines.append([segment(look, "dim", f"   there   anywhere  {words}")])
        found_rows = found.standing[:rows]
    else:
        found_rows = ()
    for one in found_rows:
        there, anywhere = one.there / len(found.places), one.anywhere / found.looked_at
        text = fitted(look, join(one.words), max(width - 52, 12))
        lines.append([
            segment(look, "chosen", f"{percent(there, 1):>8} "), segment(look, "dim", f"{percent(anywhere, 1):>9}  "),
            segment(look, "text", f"{sized(text, max(min(width - 52, 30), 12))} "),
            segment(look, "hidden", look.bar(there, max(min(width - 52, 28), 0))),
        ])  # fmt: skip
    if found.inputs is not None:
        lines += _inputs(state, look, width, height - len(lines))
    return lines[:height]


def _inputs(state: SimilarPage, look: Look, width: int, height: int) -> list[Line]:
    """The means of the inputs there and anywhere, those that differ most, in deviations, first."""
    assert state.found is not None
    assert state.found.inputs is not None
    columns = list(enumerate(state.found.inputs.T.tolist()))
    columns.sort(key=lambda each: -abs(each[1][0] - each[1][1]) / (each[1][2] or 1.0))
    rows, names = max(min(height - 1, MOST_STANDING, len(columns)), 1), state.here.trace.columns
    more = f"  and {len(columns) - rows:,} more inputs" * (rows < len(columns))
    lines: list[Line] = [[segment(look, "dim", f" mean there   anywhere  deviation{more}")]]
    for n, (there, mean, deviation) in columns[:rows]:
        numbers = "".join(f"{look.amount(value):>11}" for value in (there, mean, deviation))
        lines.append([segment(look, "text", fitted(look, f"{numbers}  {names[n] if names else f'x[{n}]'}", width))])
    return lines


def places(state: SimilarPage, width: int, height: int, look: Look) -> list[Line]:
    """Return the places, nearest first, around the chosen one, with the words around each."""
    found = state.found
    if found is None or not found.places:
        return []
    count = len(state.places)
    again = "" if count == len(found.places) else ", each only once where the same words lead to it"
    title = f"place {state.index + 1:,} of {count:,}{again}"
    lines = [rule(look, [segment(look, "chosen", title)], [segment(look, "dim", "nearest first")], width)]
    around = "  [the passage] and the words around it" * (state.here.trace.tokens is not None)
    lines.append([segment(look, "dim", f" distance  sequence, timestamp{around}")])
    rows = min(max(height - 2, 1), count)
    top = max(0, min(state.index // rows * rows, count - rows))
    for n in range(top, top + rows):
        place = state.places[n]
        mark = look.glyphs.chosen if n == state.index else " "
        line = [segment(look, "key", f" {mark} "), segment(look, "dim", f"{place.distance:6.3f}  ")]
        lines.append([*line, *_place(state, place, width - 12, look)])
    return lines[:height]


def _place(state: SimilarPage, place: Place, width: int, look: Look) -> Line:
    """Where a place is, and its words with those around it."""
    length = state.stop - state.start
    kind = "sequence" if isinstance(state.here.subject.origin, FromFile) else "sentence"
    number = None if place.sequence is None else f"{kind} {number_of(state.here.subject, place.sequence):,}"
    where = f"here {place.t + 1}" if number is None else f"{number}, {place.t + 1}"
    line = [segment(look, "dim", sized(where, 20))]
    words: Sequence[str] = state.words(place)
    if not words:
        return [*line, segment(look, "text", fitted(look, places_of(state.run_at(place))(place.t), max(width - 20, 1)))]
    join = state.here.subject.vocabulary.join
    t, stop = place.t, place.t + length
    before = look.text(join(words[max(t - AROUND, 0) : t])) + " "
    own = look.text(join(words[t:stop]))
    after = " " + look.text(join(words[stop : stop + AROUND]))
    room = width - 20
    if len(before) > max(room // 2, 1):
        before = look.glyphs.ellipsis + before[len(before) - max(room // 2, 1) + len(look.glyphs.ellipsis) :]
    line += [segment(look, "dim", before), segment(look, "chosen", fitted(look, f"[{own}]", max(room // 2, 8)))]
    used = sum(s.cell_length for s in line)
    if width > used + 2:
        line.append(segment(look, "dim", fitted(look, after, width - used)))
    return line
