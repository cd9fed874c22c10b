"""A dense network on one page: the input, the hidden units, the sum behind one of them, what comes out."""

from collections import Counter

from ....engine import apportion
from ...draw.lines import Line, fitted, flow, rule, segment, sized, spread, wrap
from ...draw.look import Look
from .state import Dense

LEAST_SAID = 3
"""The fewest answers that are shown, however few rows there are."""

NARROW = 70
"""Columns below which the heading leaves out the scenario's name."""


def whole(state: Dense, width: int, height: int, look: Look) -> list[Line]:
    """Return the page, as much of it as there is room for; the sentence, the units and the answer come first."""
    subject = state.subject
    lines = [heading(state, width, look), *_sentence(state, width, 3, look)]
    arithmetic = _arithmetic(state, width, look)
    entering = _entering(state, width, look)
    rest = height - len(lines) - len(entering) - len(arithmetic) - state.subject.net.H - 2
    said = _said(state, width, max(rest, LEAST_SAID), look)
    room = height - len(lines) - len(said)
    units = min(subject.net.H, max(room - len(entering) - len(arithmetic) - 1, min(room - 1, 4)))
    lines += entering[: max(room - 1 - units, 0)]
    lines += _units(state, width, units + 1, look)
    lines += arithmetic[: max(height - len(lines) - len(said), 0)]
    return [*lines, *said][:height]


def heading(state: Dense, width: int, look: Look) -> Line:
    """Return the line that says which network this is, and that it has no timestamps."""
    dot = f" {look.glyphs.dot} "
    name = segment(look, "title", f" {state.subject.title}")
    text = f"{dot}{fitted(look, state.subject.network, width - 51)}{dot}reads it at once, no timestamps"
    if width < NARROW:
        short = fitted(look, state.subject.network, width - 18)
        name, text = segment(look, "title", f" {short}"), f"{dot}no timestamps"
    return spread([name, segment(look, "dim", text)], [], width, look)


def _sentence(state: Dense, width: int, rows: int, look: Look) -> list[Line]:
    reading = state.subject.reading
    pieces = [
        [segment(look, "text" if known else "warning", f" {look.text(token)}{'' if known else '?'} ")]
        for token, known in zip(reading.tokens, reading.known, strict=True)
    ]
    return flow(pieces, width, rows, look)


def _entering(state: Dense, width: int, look: Look) -> list[Line]:
    """How the words enter: counted, without an order, or each at a place that has weights of its own."""
    net, reading = state.subject.net, state.subject.reading
    if net.slots is not None:
        words, each = len(reading.tokens), net.embedding.shape[1]
        text = (
            f"{words} of {net.slots} slots taken, {net.H} x {each} weights each: the same word at two slots meets "
            f"different weights, and word {net.slots + 1} would meet none"
        )
        return [
            rule(look, [segment(look, "text", "input")], [], width),
            *([segment(look, "dim", part)] for part in wrap(text, width)),
        ]
    counts = Counter(look.text(token) for token in reading.tokens)
    pieces = [[segment(look, "text", f" {count}{look.glyphs.times}{word} ")] for word, count in sorted(counts.items())]
    head = rule(look, [segment(look, "text", "input: counts, in no order")], [], width)
    return [head, *flow(pieces, width, 3, look)]


def _units(state: Dense, width: int, height: int, look: Look) -> list[Line]:
    net, hidden = state.subject.net, state.subject.reading.hidden
    effects = net.readout.effects(hidden)
    bar = max(min((width - 22) // 2 * 2 - 1, 33), 3)
    lines = [[segment(look, "dim", "unit "), segment(look, "hidden", "hidden h".ljust(bar + 9)),
              segment(look, "dim", "effect")]]  # fmt: skip
    rows = height - 1
    top = max(0, min(state.unit - rows // 2, net.H - rows))
    for unit in range(top, min(top + rows, net.H)):
        chosen, value = unit == state.unit, float(hidden[unit])
        mark = look.glyphs.chosen if chosen else " "
        lines.append([
            segment(look, "chosen" if chosen else "dim", f"{mark} {unit}".ljust(5)),
            segment(look, "hidden", f"{look.signed_bar(value, bar)} {look.amount(value)}   "),
            segment(look, "text", look.number(float(effects[unit]))),
        ])  # fmt: skip
    return lines


def _arithmetic(state: Dense, width: int, look: Look) -> list[Line]:
    """h = +0.53 = tanh(z)   z = +0.60 = bias +0.10  "I" +0.03 ...; the printed terms add up to the printed sum."""
    net, reading, unit = state.subject.net, state.subject.reading, state.unit
    terms = [float(net.bias[unit]), *(float(v) for v in reading.terms[:, unit])]
    total = sum(terms)
    bias, *words = (look.number(v) for v in apportion(terms, total, 2))
    pieces = [
        [segment(look, "hidden", f" h = {look.amount(float(reading.hidden[unit]))} = tanh(z)")],
        [segment(look, "text", f"   z = {look.number(total)} = bias {bias}")],
        *([segment(look, "text", f'  "{fitted(look, token, 10)}" {word}')]
          for token, word in zip(reading.tokens, words, strict=True)),
    ]  # fmt: skip
    head = rule(look, [segment(look, "hidden", f"unit {unit}, hidden h")], [], width)
    return [head, *flow(pieces, width, 4, look, indent=1)]


def _said(state: Dense, width: int, most: int, look: Look) -> list[Line]:
    """The likeliest answers, at most so many of them, the right one marked."""
    subject = state.subject
    said = subject.net.vocabulary.likeliest(subject.reading.probabilities, most)
    told = [segment(look, "dim", f"{len(said)} of {len(subject.net.vocabulary.words)} words")]
    lines = [rule(look, [segment(look, "text", look.text(subject.question))], told, width)]
    for word, chance in said:
        right = subject.answer is not None and word.casefold() == subject.answer.casefold()
        shown = sized(fitted(look, word, 14), 14)
        bar = look.bar(chance, max(min(width - 26, 40), 0)).rstrip()
        mark = look.glyphs.right if right else " "
        text = f" {mark} {shown} {look.share(chance)} {bar}"
        lines.append([segment(look, "hidden" if right else "text", text)])
    return lines
