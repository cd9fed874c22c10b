"""The next word: how likely each one is, which one does come, and what that costs."""

from ..look import Look
from ..moment import Moment
from .lines import Line, clip, rule, segment


def prediction(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return the likeliest next words with bars, then the word that does come. Nothing for a network without words."""
    p = moment.subject.prediction
    if p is None:
        return []
    if not moment.computed("hidden"):
        return [[segment(look, "dim", " next word   not computed yet: step into (.) until output")]]
    actual = _actual(moment, look)
    if height < 5:
        return [_in_one_line(moment, width, look), actual][:height]
    lines = [rule(look, [segment(look, "text", "next word")], [], width), actual]
    rows = height - len(lines)
    words = p.top(moment.t, rows)
    longest = min(max(len(look.text(w)) for w, _ in words), 16)
    target = p.target(moment.t)
    for word, chance in words:
        mark = look.glyphs.chosen if target is not None and word.casefold() == target.casefold() else " "
        shown = clip(look.text(word), 16, look.glyphs.ellipsis).ljust(longest)
        role = "hidden" if mark != " " else "text"
        bar = look.bar(chance, max(min(width - longest - 9, 40), 0)).rstrip()
        lines.append([segment(look, role, f" {mark} {shown} {look.fraction(chance)} {bar}")])
    return lines


def _in_one_line(moment: Moment, width: int, look: Look) -> Line:
    p = moment.subject.prediction
    assert p is not None
    line, used = [segment(look, "dim", " next word ")], 11
    target = p.target(moment.t)
    for rank, (word, chance) in enumerate(p.top(moment.t, 5)):
        size = 12 if rank == 0 else 5
        text = f" {clip(look.text(word), 14, look.glyphs.ellipsis)} {look.fraction(chance)} {look.bar(chance, size)} "
        if used + len(text) > width:
            break
        same = target is not None and word.casefold() == target.casefold()
        line.append(segment(look, "hidden" if same else "text", text))
        used += len(text)
    return line


def _actual(moment: Moment, look: Look) -> Line:
    p = moment.subject.prediction
    assert p is not None
    word = p.target(moment.t)
    if word is None:
        return [segment(look, "dim", " comes next  nobody says: the sentence ends here")]
    what = "answer" if moment.t + 1 == len(moment.trace) else "comes next"
    name = clip(look.text(word), 20, look.glyphs.ellipsis)
    loss = p.loss(moment.t)
    if loss is None:
        return [segment(look, "dim", f" {what:<10} "), segment(look, "warning", f" {name}"),
                segment(look, "dim", "  a word this network does not know")]  # fmt: skip
    chance = p.probability(moment.t, word)
    return [
        segment(look, "dim", f" {what:<10} "),
        segment(look, "hidden", f" {name}"),
        segment(look, "text", f"  p {look.fraction(chance)}  loss {loss:.2f}"),
    ]
