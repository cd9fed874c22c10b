"""The view of a learning network: how far it is, its loss and accuracy, its gradients, and a moment of a sentence."""

from ....engine import QUANTITIES
from ...draw.charts import LEAST_HEIGHT, LEAST_WIDTH, draw
from ...draw.lines import Line, Panel, fitted, flow, rule, segment, spread
from ...draw.look import Look
from ...source.make import network_title
from ..base.training_progress import checkpoints, how_far
from ..stepper.panels.heading import edited_mark
from ..stepper.panels.sentence import lines_needed
from ..stepper.state import Moment
from .state import Learning, charts, norms


def allot(moment: Moment, width: int, height: int, look: Look) -> dict[str, int]:
    """Return the rows of every panel: what is needed most comes first, and what is left over goes to the charts."""
    H = moment.layer_trace.H
    rows = {"heading": 2, "curves": 0, "checkpoint": 0, "sentence": 1, "units": 2, "prediction": 0, "footer": 1}

    def give(name: str, most: int, least: int = 0) -> None:
        """Give `name` up to `most` rows in all, unless that makes fewer than `least`."""
        there = min(most, rows[name] + height - sum(rows.values()))
        if there >= max(least, rows[name]):
            rows[name] = there

    give("curves", LEAST_HEIGHT, LEAST_HEIGHT)
    give("checkpoint", 2, 2)
    give("prediction", 2)
    give("units", 1 + min(H, 3))
    give("checkpoint", 4)
    give("curves", 10)
    give("sentence", lines_needed(moment, width, look))
    give("units", 1 + min(H, 8))
    give("prediction", 6)
    give("curves", 14)
    give("units", 1 + H)
    give("curves", height)
    return rows


def heading(state: Learning, width: int, height: int, look: Look) -> list[Line]:
    """Return what learns, which timestamp is looked at, and how far the training is."""
    dot, moment = f" {look.glyphs.dot} ", state.moment
    name = moment.subject.network if state.checkpoint is None else network_title(state.checkpoint.network)
    left = [
        segment(look, "title", f" {fitted(look, moment.subject.title, 24)}"),
        *edited_mark(moment.subject, look),
        segment(look, "dim", f"{dot}{fitted(look, name, max(width - 50, 14))} learning{dot}seed {state.seed}"),
        segment(look, "text", f"{dot}timestamp {moment.t + 1}/{len(moment.trace)}"),
    ]
    seen = (
        "nothing learned yet"
        if state.checkpoint is None
        else f"after batch {state.checkpoint.epoch} of {state.history.epochs}"
    )
    return [
        spread(left, [], width, look),
        spread([segment(look, "chosen", f" {seen}")], how_far(state, look), width, look),
    ][:height]


def curves(state: Learning, width: int, height: int, look: Look) -> list[Line]:
    """Return the loss over the batches, and beside it the accuracy where there is room for both."""
    loss, accuracy = charts(state.history)
    cursor = state.checkpoint.epoch if state.checkpoint else None
    if width < 2 * LEAST_WIDTH:
        return draw(loss, width, height, look, cursor)
    half = width // 2
    sides = draw(loss, half, height, look, cursor), draw(accuracy, width - half, height, look, cursor)
    return [[*left, *right] for left, right in zip(*sides, strict=True)]


def at_checkpoint(state: Learning, width: int, height: int, look: Look) -> list[Line]:
    """Return the norms of the gradients at the selected checkpoint, and the batches of all checkpoints."""
    if state.checkpoint is None:
        return []
    parts = norms(state.checkpoint)
    whole, gates = parts.pop("all"), state.moment.layer_trace.cell.rows
    title = [segment(look, "text", f"gradient norms after batch {state.checkpoint.epoch}")]
    clipped = f"all {_norm(whole, look)}, {'clipped to 1' if whole > 1 else 'not clipped'}"
    names = {part: part for part in parts}
    if sum(len(part) + 9 for part in parts) > width:
        names |= {gate: QUANTITIES[gate].symbol for gate in gates}
    pieces: list[Line] = [
        [segment(look, "dim", f" {names[part]} "), segment(look, part if part in gates else "text",
                                                           f"{_norm(norm, look)} ")]
        for part, norm in parts.items()
    ]  # fmt: skip
    lines = [rule(look, title, [segment(look, "warning" if whole > 1 else "dim", clipped)], width)]
    return [*lines, *flow(pieces, width, 1, look), *checkpoints(state, "batches", width, look)][:height]


def _norm(value: float, look: Look) -> str:
    return f"{value:.2g}".replace("-", look.glyphs.minus)


def on_moment(panel: Panel[Moment]) -> Panel[Learning]:
    """Return a panel of the stepper for the moment of a learning network; empty before there is a network."""

    def drawn(state: Learning, width: int, height: int, look: Look) -> list[Line]:
        return panel(state.moment, width, height, look) if state.checkpoint else []

    return drawn
