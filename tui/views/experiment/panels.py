"""A question of an experiment: what it shows, and the answer."""

from collections.abc import Hashable

from ....scenarios import CLIP, FORGET_BIASES, RADII
from ...draw.charts import draw
from ...draw.lines import Line, flow, rule, segment, spread, wrap
from ...draw.look import Look
from ...draw.sizes import size
from ...keys import with_keys
from ..base.lesson import choices, verdict
from .state import Trial

BOTH = 30
"""Rows of the terminal from which a question stays beside its answer."""


def heading(state: Trial, width: int, height: int, look: Look) -> list[Line]:
    """Return the line that says which question this is, and what the keys have set."""
    dot = f" {look.glyphs.dot} "
    parts = len(state.experiment.parts)
    left = [segment(look, "title", f" {state.experiment.name}"),
            segment(look, "dim", f"{dot}{state.index + 1}/{parts}{dot}{state.part.title}")]  # fmt: skip
    if state.part.chart:
        return [left]
    knobs = f"radius {RADII[state.radius]:.1f}{dot}forget bias {FORGET_BIASES[state.bias]:.0f} "
    return [spread(left, [segment(look, "key", knobs)], width, look)]


def page(state: Trial, width: int, height: int, look: Look) -> list[Line]:
    """Return the chart of the question, or the gradients of the random networks over time."""
    if chart := state.chart:
        return draw(chart, width, height, look)
    return draw(state.gradients, width, height, look, float(state.t + 1))


def drawn_for(state: Trial, width: int, height: int, look: Look) -> Hashable:
    """Return what the page depends on beside the cursor."""
    return id(state.chart or state.gradients), width, height, look


def numbers(state: Trial, width: int, height: int, look: Look) -> list[Line]:
    """Return the gradients at the cursor in numbers; nothing below a chart that no key moves."""
    if state.chart:
        return []
    pieces = [[segment(look, "text", f" timestamp {state.t + 1}, {state.timestamps - 1 - state.t} back: ")]]
    for curve in state.curves():
        pieces.append([segment(look, "dim", f"{curve.name} {curve.symbol} "),
                       segment(look, curve.role, f"{size(curve.values[state.t])}  ")])  # fmt: skip
    weights: list[Line] = [[segment(look, "text", " all weights: ")]]
    for name, norm in state.weights():
        clipped = f"{size(norm)}, clipped to {CLIP:g}  " if norm > CLIP else f"{size(norm)}, no need to clip  "
        weights.append([segment(look, "dim", f"{name} "), segment(look, "text", clipped)])
    return [*flow(pieces, width, 2, look, indent=1), *flow(weights, width, 1, look)]


def question(state: Trial, width: int, height: int, look: Look) -> list[Line]:
    """Return the question, and its answer once that is shown; without room for both, the answer."""
    asks, answers = _texts(state, width, look)
    onward = "shows the answer" if not state.revealed else "starts over" if state.progress.over else "continues"
    told = with_keys(f"{{key:experiment.answer}} {onward}", look.glyphs.unicode)
    title = [segment(look, "key", "guess" if not state.revealed else "answer"),
             *verdict(state.part.choices, state.progress, look)]  # fmt: skip
    lines = [rule(look, title, [segment(look, "dim", told)], width)]
    if not state.revealed or height > len(asks) + len(answers):
        lines += [[segment(look, "text", text)] for text in asks]
    if not state.revealed:
        lines += choices(state.part.choices, width, look)
    if state.revealed:
        lines += [[segment(look, "hidden", text)] for text in answers]
    return lines[:height]


def rows_needed(state: Trial, width: int, height: int, look: Look) -> int:
    """Return how many rows the question takes on a terminal of `height`, answered or not."""
    asks, answers = map(len, _texts(state, width, look))
    guesses = len(choices(state.part.choices, width, look))
    return 1 + max(asks + guesses, asks + answers if height >= BOTH else answers)


def _texts(state: Trial, width: int, look: Look) -> tuple[list[str], list[str]]:
    asks, answers = (look.text(with_keys(t, look.glyphs.unicode)) for t in (state.part.text, state.part.claim.text))
    return wrap(asks, width), wrap(answers, width)
