"""The gradients of a sentence: curves over time, and the numbers at the selected timestamp."""

import math
from collections.abc import Sequence

from rich.cells import cell_len

from ....engine.text import percent
from ...draw.charts import draw
from ...draw.lines import Line, clip, fitted, flow, pack, rule, segment, sized, spread
from ...draw.look import Look
from ...draw.sizes import PATH, SYMBOLS, size
from ..stepper.panels import sentence as sentences
from ..stepper.state import first_moment
from .state import GradientView, widest_path

WAITING = "waiting for PyTorch to compute the gradients"
READING = "Flat: it passes undiminished. A slope: every timestamp removes the same share."


def heading(state: GradientView, width: int, height: int, look: Look) -> list[Line]:
    """Return the line with the timestamp, how far it is from the end, and the loss."""
    dot, last = f" {look.glyphs.dot} ", state.timestamps
    back = state.sources[-1] - state.t
    where = f"{dot}timestamp {state.t + 1}/{last}, {f'{back} back' if back >= 0 else 'after it'}"
    name = [segment(look, "title", f" {state.subjects[0].title}"), segment(look, "dim", f"{dot}gradients")]
    whose = "the last word's loss" if state.known else "the likeliest word's loss"
    if state.aims:
        of = f"{dot}L = {fitted(look, state.aimed, 24)} at timestamp {state.sources[-1] + 1}"
        return [spread([*name, segment(look, "text", where), segment(look, "key", of)], [], width, look)]
    loss = f"{dot}L = " + (f"L1 + ... + L{last}" if len(state.sources) > 1 else f"L{last}, {whose}")
    return [spread([*name, segment(look, "text", where), segment(look, "key", loss)], [], width, look)]


def sentence(state: GradientView, width: int, height: int, look: Look) -> list[Line]:
    """Return the sentence with the cursor in it."""
    return sentences.sentence(first_moment(state.subjects[0], state.t), width, height, look)


def sentence_rows(state: GradientView, width: int, look: Look) -> int:
    """Return how many lines the whole sentence takes."""
    return sentences.lines_needed(first_moment(state.subjects[0]), width, look)


def curves(state: GradientView, width: int, height: int, look: Look) -> list[Line]:
    """Return all curves in one frame; until they are found, what is being computed."""
    if state.found:
        return draw(state.chart, width, height, look, float(state.t + 1))
    waiting = clip(f" {state.failed or WAITING}", width, look.glyphs.ellipsis)
    return [rule(look, [segment(look, "text", "gradients")], [], width), [segment(look, "dim", waiting)]]


def numbers(state: GradientView, width: int, height: int, look: Look) -> list[Line]:
    """Return the sizes at the cursor, which losses they come from, and how to read the curves."""
    subject = state.subjects[0]
    named = subject.trace.tokens is not None or bool(subject.trace.labels)
    word = fitted(look, _names(state)[state.t], 16) if named else f"timestamp {state.t + 1}"
    place = f"at {word}, timestamp {state.t + 1}" if named else f"at {word}"
    lines = [rule(look, [segment(look, "text", place)], [], width)]
    if not state.found:
        return lines
    lines += _ratio(state, word, width, look)
    lines += flow(_sizes(state, look), width, 2, look, indent=1)
    lines += _origins(state, width, height - len(lines) - 1, look)
    lines = lines[: height - 1]
    return [*lines, [segment(look, "dim", " " + clip(READING, width - 1, look.glyphs.ellipsis))]]


def _ratio(state: GradientView, word: str, width: int, look: Look) -> list[Line]:
    """RNN/LSTM at Pakistan: 1/12,000 (RNN |dL/dh| over LSTM |dL/dc|)."""
    if not (found := state.ratio()):
        return []
    (one, other), ratio = found
    kinds = "/".join(name.split()[0] for name in (one, other))
    return pack([
        [segment(look, "title", f" {kinds} at {word}: {times(ratio)} ")],
        [segment(look, "dim", f" {one} over {other}: the memory of each")],
    ], width, 1)[0]  # fmt: skip


def times(ratio: float) -> str:
    """Return a ratio above 0 in words: 1/12,000, 1/1.3, 2.5, 340, 1/1e+12."""
    size = max(ratio, 1 / ratio)
    text = f"{size:.1f}" if size < 9.95 else f"{float(f'{size:.2g}'):,.0f}" if size < 1e9 else f"{size:.0e}"
    return text if ratio >= 1 or text == "1.0" else f"1/{text}"


def _sizes(state: GradientView, look: Look) -> list[Line]:
    """|dL/dh| RNN 4.0e-01  LSTM 9.0e-04   |dL/dc| LSTM 2.2e-01   prod f .99, unit 3."""
    pieces: list[Line] = []
    for name, symbol in SYMBOLS.items():
        having = [n for n in range(len(state.subjects)) if name in state.layer(n).states]
        for n in having:
            title, value = state.subjects[n].trace.stack.cell.title, float(state.layer(n).norms(name)[state.t])
            head = f" {symbol} {title} " if n == having[0] else f" {title} "
            pieces.append([segment(look, "dim", head), segment(look, name, f"{size(value)} ")])
    for n in range(len(state.subjects)):
        if widest := widest_path(state.layer(n), state.t):
            unit, kept = widest
            pieces.append([segment(look, "dim", f"  {SYMBOLS[PATH]} "), segment(look, "forget", size(kept)),
                           segment(look, "dim", f", unit {unit}")])  # fmt: skip
    return pieces


def _origins(state: GradientView, width: int, rows: int, look: Look) -> list[Line]:
    """The losses that each gradient consists of: the component of each along the whole, as a share; they make 100 %."""
    lines: list[Line] = []
    for n, subject in enumerate(state.subjects):
        title, layer = subject.trace.stack.cell.title, state.layer(n)
        for name in layer.states:
            shares = layer.shares(name, state.t)
            pieces: list[Line] = [[segment(look, "dim", f" {title} {SYMBOLS[name]} from ".ljust(19))]]
            if not all(map(math.isfinite, shares)):
                pieces.append([segment(look, "text", "no loss" if not layer.norms(name)[state.t] else "overflow")])
            else:
                for place in sorted(range(len(shares)), key=lambda p: -abs(shares[p])):
                    s = state.sources[place]
                    if round(100 * abs(shares[place])) or len(shares) == 1:
                        text = fitted(look, state.source(n, s), 12)
                        share = percent(shares[place]).replace("-", look.glyphs.minus)
                        pieces.append([segment(look, "text", f" L{s + 1} {text} "), segment(look, name, f"{share} ")])
            lines += flow(pieces, width, 1, look)
    return lines[:rows]


def table(state: GradientView, look: Look) -> list[Line]:
    """Return a row for every word: the size of each curve, from the last word back to the first."""
    words, drawn = _names(state), state.curves()
    longest = max(map(cell_len, map(look.text, words)), default=0)
    lines = [[segment(look, "dim", " timestamp  " + "".ljust(longest) + "".join(f"{c.name:>10}" for c in drawn))]]
    lines.append([segment(look, "dim", " " * 12 + "".ljust(longest) + "".join(f"{c.symbol:>10}" for c in drawn))])
    for k in reversed(range(len(words))):
        sizes = "".join(f"{size(curve.values[k]):>10}" for curve in drawn)
        lines.append([segment(look, "text", f" {k + 1:>9}  {sized(look.text(words[k]), longest)}{sizes}")])
    return lines


def _names(state: GradientView) -> Sequence[str]:
    """What stands at each timestamp: its word, its label, or its number."""
    trace = state.subjects[0].trace
    return trace.tokens or trace.labels or [str(t + 1) for t in range(len(trace))]
