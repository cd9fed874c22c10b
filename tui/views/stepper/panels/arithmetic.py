"""The arithmetic of the selected unit and quantity, and what wrote its memory. Printed terms add up as printed."""

from collections.abc import Callable

from .....engine import QUANTITIES, Ledger, Term, apportion, ledger
from ....draw.equations import memory_equation, other_gate, resets, seen, shown_equation, squashed
from ....draw.lines import Line, fitted, flow, pack, rule, segment, width_of
from ....draw.look import Look
from ....keys import with_keys
from ..state import Moment
from .written import in_words


def arithmetic(moment: Moment, width: int, height: int, look: Look, writers: bool = True) -> list[Line]:
    """Return a heading, the sum behind the selected number, the memory's sum and its writers; more with more room.

    `writers` is False where something else on the screen tells what wrote the memory.
    """
    name = moment.quantity
    title = f"unit {moment.unit}, {QUANTITIES[name].name} {QUANTITIES[name].symbol}"
    lines = [rule(look, _title(moment, title, width, look), [segment(look, "dim", QUANTITIES[name].meaning)], width)]
    if not moment.computed(name):
        wanted = "{key:stepper.lesson} shows it" if moment.asking else "{key:stepper.into} computes it"
        wanted = with_keys(wanted, look.glyphs.unicode)
        lines.append([segment(look, "dim", f" {QUANTITIES[name].symbol} is not computed yet: {wanted}")])
        return [*lines, *_so_far(moment, width, look)][:height]
    if moment.layer_trace.number(name, moment.t, moment.unit) is None:
        return [*lines, *flow(_shown(moment, look), width, height, look)][:height]
    book = ledger(moment.trace, moment.t, moment.unit, name, moment.layer)
    cell, gate = moment.layer_trace.cell, _is_gate(moment, name)
    if gate:
        lines += flow(_gate(moment, book, width, look), width, 2 if width < 76 or height > 6 else 1, look, indent=1)
    if cell.memory_state and moment.computed(cell.memory_state):
        lines += flow(_memory(moment, look), width, 1, look)
        if name in ("cell", "hidden") and cell.memory_state == "cell" and moment.computed("hidden"):
            lines += flow(_shown(moment, look), width, 1, look)
        if writers:
            rows = 1 if gate else min(max(height - len(lines), 1), 2)
            lines += flow(in_words(moment, rows * width - 12 * (rows - 1), look), width, rows, look, indent=12)
    if name == "forget" and moment.computed("cell") and not moment.layer_trace.before(moment.t, "cell")[moment.unit]:
        nothing = f" f multiplies c{look.glyphs.prime} = 0 here: whatever f is, it changes nothing"
        lines.append([segment(look, "dim", nothing)])
    if book.edits:
        lines += flow(_by_hand(book, look), width, 1, look, indent=1)
    if name in cell.rows and len(lines) < height:
        lines += pack(_largest(moment, book, look), width, height - len(lines), indent=1)[0]
    return lines[:height]


def _title(moment: Moment, title: str, width: int, look: Look) -> Line:
    """The unit and quantity that are selected, and what is known of the unit."""
    line = [segment(look, moment.quantity, title)]
    if marked := look.text(moment.marked):
        line.append(
            segment(look, "chosen", f" {look.glyphs.dot} {fitted(look, marked, max(width - len(title) - 10, 1))}")
        )
    return line


def _by_hand(book: Ledger, look: Look) -> list[Line]:
    """set by hand: forget[2]=1@5 made +1.00 of +0.12."""
    edits = ", ".join(look.text(edit.text) for edit in book.edits)
    return [
        [segment(look, "chosen", f" set by hand: {edits}")],
        [segment(look, "text", f" made {look.number(book.value)} of {look.number(book.computed)}")],
    ]


def _is_gate(moment: Moment, name: str) -> bool:
    """Whether `name` is a gate or a candidate: with a sum of its own, or coupled to another."""
    cell = moment.layer_trace.cell
    return name in cell.rows or name in (cell.coupled or ())


def _so_far(moment: Moment, width: int, look: Look) -> list[Line]:
    """The sums of the gates that have been computed, from which the rest follows."""
    lines: list[Line] = []
    for name in moment.layer_trace.cell.quantities:
        if _is_gate(moment, name) and moment.computed(name):
            book = ledger(moment.trace, moment.t, moment.unit, name, moment.layer)
            lines += flow(_gate(moment, book, width, look), width, 1, look)
    return lines


def _gate(moment: Moment, book: Ledger, width: int, look: Look) -> list[Line]:
    """i = 0.81 = σ(z)   z = +1.45 = bias +0.31  x "Pakistan" +1.92  h′ −0.78; the word is cut short until all fits."""
    symbol = QUANTITIES[book.quantity].symbol
    signed = moment.layer_trace.quantity(book.quantity).signed
    value = _value(book, look.amount if signed else look.share)
    weights = moment.layer_trace.weights
    if book.terms[0].source == "one":
        other = look.share(book.terms[1].value)
        return [
            [segment(look, book.quantity, f" {symbol} = {value} = {other_gate(weights, look)}")],
            [segment(look, "text", f" = 1 {look.glyphs.minus} {other}")],
        ]
    z = "a" if "update" in weights.cell.rows else "z"  # where z is the update gate
    pieces: list[Line] = []
    for longest in (10, 6, 3):
        pieces = [
            [segment(look, book.quantity, f" {symbol} = {value} = {squashed(book.activation, z, look)}")],
            [segment(look, "text", f"   {z} = {look.number(book.total)} =")],
            *([segment(look, "text", part)] for part in _parts(moment, book, longest, look)),
        ]
        pieces[1:3] = [pieces[1] + pieces[2]]
        if sum(map(width_of, pieces)) <= width:
            break
    return pieces


def _parts(moment: Moment, book: Ledger, longest: int, look: Look) -> list[str]:
    """What the bias, the input, the hidden state and the memory add to a sum, as it is printed."""
    weights, h = moment.layer_trace.weights, f"h{look.glyphs.prime}"
    word = f' "{fitted(look, moment.brief(moment.t), longest)}"' if moment.trace.tokens else ""
    below = moment.below
    x = f"h of {' and '.join(below)}" if below else f"x{word}"
    dot = look.glyphs.dot
    after_reset = {"": h, "after": f"r{dot}({h}+b)", "before": f"r{dot}{h}"}
    names = {
        " bias": ("bias",),
        f"  {x}": ("input",),
        f"  {after_reset[resets(weights, book.quantity)]}": ("recurrent bias", "hidden"),
        f"  {seen(book.quantity, look)}": ("peephole",),
    }
    there = {term.source for term in book.terms}
    sums = {name: sum(map(book.from_source, who)) for name, who in names.items() if there.intersection(who)}
    printed = apportion(list(sums.values()), book.total, 2)
    return [f"{name} {look.number(value)}" for name, value in zip(sums, printed, strict=True)]


def _memory(moment: Moment, look: Look) -> list[Line]:
    """c = +0.64 = f·c′ + i·g = 0.97 × −0.12 + 0.81 × +0.93 = −0.11 +0.75."""
    times, weights = look.glyphs.times, moment.layer_trace.weights
    memory = weights.cell.memory_state or ""
    book = ledger(moment.trace, moment.t, moment.unit, memory, moment.layer)
    kept, written = book.terms
    a, b = apportion([kept.product, written.product], book.total, 2)
    factors = (
        f"{look.share(kept.weight)} {times} {look.number(kept.value)} + "
        f"{look.share(written.weight)} {times} {look.amount(written.value)}"
    )
    return [
        [segment(look, memory, f" {QUANTITIES[memory].symbol} = {_value(book, look.number)}")],
        [segment(look, "dim", f" = {memory_equation(weights, look)}")],
        [segment(look, "text", f" = {factors}")],
        [segment(look, "text", f" = {look.number(a)} {look.number(b)}")],
    ]


def _shown(moment: Moment, look: Look) -> list[Line]:
    """h = +0.14 = o·tanh(c) = 0.25 × tanh(+0.64); of a projection its equation alone."""
    g, weights = look.glyphs, moment.layer_trace.weights
    if moment.unit >= weights.P:  # more units than the projection shows
        return [[segment(look, "dim", f" h = {shown_equation(weights, look)}, of {weights.P} numbers")]]
    book = ledger(moment.trace, moment.t, moment.unit, "hidden", moment.layer)
    parts = [
        [segment(look, "hidden", f" h = {_value(book, look.amount)}")],
        [segment(look, "dim", f" = {shown_equation(weights, look)}")],
    ]
    if weights.projection is None:
        made = squashed(book.activation, look.number(book.total), look)
        parts.append([segment(look, "text", f" = {look.share(book.factor)} {g.times} {made}")])
    return parts


def _value(book: Ledger, spell: Callable[[float], str]) -> str:
    """A quantity as it is printed before its equation; set by hand, beside what the equation gives."""
    return f"{spell(book.value)} by hand, not {spell(book.computed)}" if book.edits else spell(book.value)


def _largest(moment: Moment, book: Ledger, look: Look) -> list[Line]:
    """The largest single products behind the pre-activation."""
    g = look.glyphs
    terms = sorted((t for t in book.terms if t.source != "bias"), key=lambda term: -abs(term.product))
    pieces: list[Line] = [[segment(look, "dim", f" largest of {len(terms)} terms ")]]
    for term in terms[:24]:
        scale = f"{look.share(term.scale)}{g.times}" if term.scale != 1 else ""
        name = _name(moment, term, book, look)
        pieces.append([segment(look, "text", f" {name} {scale}{look.number(term.weight)}{g.times}"
                               f"{look.number(term.value)}={look.number(term.product)} ")])  # fmt: skip
    return pieces


def _name(moment: Moment, term: Term, book: Ledger, look: Look) -> str:
    if term.source == "input":
        return fitted(look, moment.trace.input_name(moment.layer, term.index), 24)
    h = f"h{look.glyphs.prime}"
    names = {
        "hidden": f"{h}{term.index}",
        "peephole": f"{seen(book.quantity, look)}{term.index}",
    }
    return names.get(term.source, "b")
