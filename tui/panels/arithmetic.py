"""The arithmetic of the selected unit and quantity, and who wrote its memory. Printed terms add up as printed."""

from ...engine import QUANTITIES, Ledger, Term, apportion, has_provenance, ledger, provenance
from ..look import Look
from ..moment import Moment
from .lines import Line, clip, flow, rule, segment

LEAST_SHARE = 0.005
"""The share of a memory below which a writer is not named: it would print as 0 %."""


def arithmetic(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return a heading, the sum behind the selected number, the memory's sum and its writers; more with more room."""
    name = moment.quantity
    title = f"unit {moment.unit}, {QUANTITIES[name].name} {QUANTITIES[name].symbol}"
    lines = [rule(look, [segment(look, name, title)], [segment(look, "dim", QUANTITIES[name].meaning)], width)]
    if not moment.computed(name):
        wanted = "Enter shows it" if moment.asking else "step into (.) to compute it"
        lines.append([segment(look, "dim", f" {QUANTITIES[name].symbol} is not computed yet: {wanted}")])
        return [*lines, *_so_far(moment, width, look)][:height]
    book = ledger(moment.trace, moment.t, moment.unit, name, moment.layer)
    gate = name in moment.layer_trace.cell.rows
    remembers = has_provenance(moment.layer_trace.cell)
    if gate:
        lines += flow(_gate(moment, book, look), width, 2 if width < 76 or height > 6 else 1, indent=1)
    if remembers and moment.computed("cell"):
        lines += flow(_memory(moment, look), width, 1)
        if name in ("cell", "hidden") and moment.computed("hidden"):
            lines += flow(_shown(moment, look), width, 1)
        lines += flow(_writers(moment, look), width, 1 if gate else max(height - len(lines), 1), indent=12)
        if name == "forget" and not moment.layer_trace.before(moment.t, "cell")[moment.unit]:
            nothing = f" f multiplies c{look.glyphs.prime} = 0 here: open or shut, it changes nothing"
            lines.append([segment(look, "dim", nothing)])
    if gate and len(lines) < height:
        lines += flow(_largest(moment, book, look), width, height - len(lines), indent=1)
    return lines[:height]


def _so_far(moment: Moment, width: int, look: Look) -> list[Line]:
    """The sums of the gates that are computed already, from which the rest follows."""
    lines: list[Line] = []
    for name in moment.layer_trace.cell.quantities:
        if name in moment.layer_trace.cell.rows and moment.computed(name):
            book = ledger(moment.trace, moment.t, moment.unit, name, moment.layer)
            lines += flow(_gate(moment, book, look), width, 1)
    return lines


def _gate(moment: Moment, book: Ledger, look: Look) -> list[Line]:
    """i = .81 = σ(z)   z = +1.45 = bias +0.31  x "Pakistan" +1.92  h′ −0.78."""
    symbol = QUANTITIES[book.quantity].symbol
    squash = look.glyphs.sigma if book.activation == "sigmoid" else "tanh"
    parts = [book.from_source(source) for source in ("bias", "input", "hidden")]
    bias, x, h = (look.number(v) for v in apportion(parts, book.total, 2))
    word = f' "{clip(look.text(moment.token(moment.t)), 10, look.glyphs.ellipsis)}"' if moment.trace.tokens else ""
    value = look.signed(book.value) if QUANTITIES[book.quantity].signed else look.fraction(book.value)
    return [
        [segment(look, book.quantity, f" {symbol} = {value} = {squash}(z)")],
        [segment(look, "text", f"   z = {look.number(book.total)} = bias {bias}")],
        [segment(look, "text", f"  x{word} {x}")],
        [segment(look, "text", f"  h{look.glyphs.prime} {h}")],
    ]


def _memory(moment: Moment, look: Look) -> list[Line]:
    """c = +0.64 = f·c′ + i·g = .97 × −0.12 + .81 × +.93 = −0.11 +0.75."""
    g = look.glyphs
    book = ledger(moment.trace, moment.t, moment.unit, "cell", moment.layer)
    kept, written = book.terms
    a, b = apportion([kept.product, written.product], book.total, 2)
    factors = (
        f"{look.fraction(kept.weight)} {g.times} {look.number(kept.value)} + "
        f"{look.fraction(written.weight)} {g.times} {look.signed(written.value)}"
    )
    return [
        [segment(look, "cell", f" c = {look.number(book.total)}")],
        [segment(look, "dim", f" = f{g.dot}c{g.prime} + i{g.dot}g")],
        [segment(look, "text", f" = {factors}")],
        [segment(look, "text", f" = {look.number(a)} {look.number(b)}")],
    ]


def _shown(moment: Moment, look: Look) -> list[Line]:
    """h = +.14 = o·tanh(c) = .25 × tanh(+0.64)."""
    g = look.glyphs
    book = ledger(moment.trace, moment.t, moment.unit, "hidden", moment.layer)
    return [
        [segment(look, "hidden", f" h = {look.signed(book.value)}")],
        [segment(look, "dim", f" = o{g.dot}tanh(c)")],
        [segment(look, "text", f" = {look.fraction(book.factor)} {g.times} tanh({look.number(book.total)})")],
    ]


def _writers(moment: Moment, look: Look) -> list[Line]:
    """written by   Pakistan +0.55 86%   live ..."""
    who = provenance(moment.layer_trace, moment.t, moment.unit)
    pieces = [[segment(look, "dim", " written by ")]]
    for t, amount, share in who.largest(8):
        if share < LEAST_SHARE:
            break
        word = clip(look.text(moment.token(t)), 16, look.glyphs.ellipsis)
        # The same word can stand twice in a sentence; its step tells which one is meant.
        place = f"@{t + 1}" if moment.trace.tokens else ""
        pieces.append([
            segment(look, "chosen", f" {word}"), segment(look, "dim", place),
            segment(look, "text", f" {look.number(amount)} {share:.0%} "),
        ])  # fmt: skip
    if who.initial and who.shares().sum() < 0.995:
        pieces.append([segment(look, "chosen", " start"), segment(look, "text", f" {look.number(who.initial)} ")])
    if len(pieces) == 1:
        pieces.append([segment(look, "dim", " nobody: it is empty")])
    return pieces


def writers(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return who wrote the memory of the selected unit, a row a writer, largest first."""
    title = f"unit {moment.unit} remembers"
    if not has_provenance(moment.layer_trace.cell) or not moment.computed("cell"):
        return [rule(look, [segment(look, "cell", title)], [], width)]
    who = provenance(moment.layer_trace, moment.t, moment.unit)
    lines = [rule(look, [segment(look, "cell", f"{title} c = {look.number(who.total)}, written by")], [], width)]
    for t, amount, share in who.largest(height - 1):
        if share < LEAST_SHARE:
            break
        word = clip(look.text(moment.token(t)), 16, look.glyphs.ellipsis)
        bar = look.bar(share, max(min(width - 42, 40), 0)).rstrip()
        lines.append([
            segment(look, "dim", f" {t + 1:>5} "), segment(look, "chosen", word.ljust(17)),
            segment(look, "text", f"{look.number(amount, width=6)} {share:>4.0%}  "), segment(look, "cell", bar),
        ])  # fmt: skip
    return lines


def _largest(moment: Moment, book: Ledger, look: Look) -> list[Line]:
    """The largest single products behind the pre-activation."""
    g = look.glyphs
    pieces: list[Line] = [[segment(look, "dim", " largest terms ")]]
    terms = sorted((t for t in book.terms if t.source != "bias"), key=lambda term: -abs(term.product))
    for term in terms[:24]:
        pieces.append([segment(look, "text", f" {_name(term, look)} {look.number(term.weight)}{g.times}"
                               f"{look.number(term.value)}={look.number(term.product)} ")])  # fmt: skip
    return pieces


def _name(term: Term, look: Look) -> str:
    return f"x{term.index}" if term.source == "input" else f"h{look.glyphs.prime}{term.index}"
