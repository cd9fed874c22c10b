"""What the screen of gradients shows: one or two networks that read a sentence, and a timestamp."""

import math
from dataclasses import dataclass, replace

import numpy as np

from ....engine import Aim, Gradients, LayerGradients, aimed_gradients, word_at, word_gradients
from ....scenarios import Chart
from ...draw.memo import memo
from ...draw.sizes import PATH, SYMBOLS, Curve, chart_of
from ...source.subject import Subject


@dataclass(frozen=True)
class GradientView:
    """Networks on one sentence, and the gradients of each, once they are `found`; `t` is the selected timestamp.

    Where they cannot be found, `failed` says why. The loss L is the one at the last word, or, where it is `summed`, the
    sum over all words. Over numbers there is no loss to begin from, but number `aim` of the `aims`. Equal states render
    identically.
    """

    subjects: tuple[Subject, ...]
    t: int
    found: tuple[Gradients, ...] = ()
    failed: str = ""
    summed: bool = False
    aims: tuple[Aim, ...] = ()
    aim: int = 0

    @property
    def timestamps(self) -> int:
        """How many timestamps the sentence has."""
        return len(self.subjects[0].trace)

    @property
    def sources(self) -> tuple[int, ...]:
        """The timestamps whose losses are in L."""
        if self.aims:
            return (self.aims[self.aim].t,)
        last = self.timestamps - 1
        return self.found[0].sources if self.found and self.summed else (last,)

    @property
    def known(self) -> bool:
        """Whether the word after the last is known; if not, the loss there is that of the likeliest word."""
        prediction = self.subjects[0].prediction
        return prediction is not None and prediction.loss(self.timestamps - 1) is not None

    def gradients(self, n: int) -> Gradients:
        """Return the gradients of the chosen loss in network `n`."""
        return self.found[n] if self.summed else _last(self.found[n])

    def layer(self, n: int) -> LayerGradients:
        """Return the gradients of the first layer of network `n`, the one that is shown."""
        return self.gradients(n).layers[0]

    def source(self, n: int, s: int) -> str:
        """Return the word whose loss is L_s in network `n`."""
        prediction = self.subjects[n].prediction
        return self.aimed if prediction is None else word_at(prediction, s)

    @property
    def aimed(self) -> str:
        """What the gradients over numbers are of: the name of an output, or a unit of the last layer."""
        aim, said = self.aims[self.aim], self.subjects[0].outputs
        if aim.unit is None:
            assert said is not None
            return said.names[aim.output]
        shown = self.subjects[0].trace.stack.layers[-1]
        return f"h of {shown[aim.unit // shown[0].P].name}, unit {aim.unit % shown[0].P}"

    def aiming(self, count: int) -> "GradientView":
        """Return the view of another output, or of the unit, around the end; its gradients are yet to be found."""
        return replace(self, aim=(self.aim + count) % len(self.aims), found=(), failed="")

    def curves(self) -> tuple[Curve, ...]:
        """Return everything that is drawn, network by network."""
        return tuple(
            curve
            for n in range(len(self.found))
            for curve in _drawn(self.gradients(n), self.subjects[n].trace.stack.cell.title)
        )

    @property
    def chart(self) -> Chart:
        """All curves in one frame."""
        trace = self.subjects[0].trace
        return _chart(self.curves(), trace.tokens or trace.labels, "timestamp" if self.aims else "word")

    def ratio(self) -> tuple[tuple[str, str], float] | None:
        """Return how the gradients of two networks' memories compare at `t`: their names, and first over second.

        That is dL/dc for a network with a cell state, and dL/dh for others. None for one network, or without a ratio.
        """
        if len(self.found) < 2:
            return None
        names, sizes = [], []
        for n in range(2):
            layer = self.layer(n)
            state = "cell" if "cell" in layer.states else "hidden"
            names.append(f"{self.subjects[n].trace.stack.cell.title} {SYMBOLS[state]}")
            sizes.append(float(layer.norms(state)[self.t]))
        if not all(math.isfinite(size) and size > 0 for size in sizes):
            return None
        return (names[0], names[1]), sizes[0] / sizes[1]

    def at(self, t: int) -> "GradientView":
        """Return the same at timestamp `t`, or at the nearest there is."""
        return replace(self, t=min(max(t, 0), self.timestamps - 1))


def found_for(view: GradientView) -> tuple[Gradients, ...]:
    """Return the gradients of every network, with PyTorch. Raises what `word_gradients` and `aimed_gradients` do."""
    if view.aims:
        (subject,) = view.subjects
        head = None if subject.outputs is None else subject.outputs.head
        return (aimed_gradients(subject.trace, view.aims[view.aim], head),)
    return tuple(word_gradients(subject.prediction) for subject in view.subjects if subject.prediction)


@memo(maxsize=8)
def _last(found: Gradients) -> Gradients:
    return found.of(found.sources[-1])


@memo(maxsize=8)
def _drawn(found: Gradients, name: str) -> tuple[Curve, ...]:
    """Each state of the first layer and, last, its cell path."""
    layer = found.layers[0]
    drawn = [Curve(name, SYMBOLS[state], state, tuple(layer.norms(state).tolist())) for state in layer.states]
    kept = layer.kept()
    if kept is not None:  # from the last source: all others lie on the way back from it
        drawn.append(Curve(name, SYMBOLS[PATH], "forget", tuple(kept[-1].tolist())))
    return tuple(drawn)


@memo(maxsize=8)
def _chart(curves: tuple[Curve, ...], words: tuple[str, ...], what: str) -> Chart:
    return chart_of(f"size of the gradient at each {what}", curves, words)


def widest_path(layer: LayerGradients, t: int) -> tuple[int, float] | None:
    """Return the unit whose cell path from `t` to the last source keeps most, and how much; None without a cell."""
    if layer.path is None:
        return None
    unit = int(np.argmax(layer.path[-1, t]))
    return unit, float(layer.path[-1, t, unit])
