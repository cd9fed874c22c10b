"""What the stepper shows, as one frozen record: the subject, the place in it, and the selection."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ....engine import LayerTrace, Trace
from ....scenarios import LessonStep
from ...draw.lines import brief
from ...source.edited import why_not
from ...source.lookup import Results
from ...source.speaking import why_silent
from ...source.subject import Subject
from ..base.lesson_progress import LessonProgress
from .order import EFFECT, NUMBER, Ranks, next_order, ranked


@dataclass(frozen=True)
class Mark:
    """Why `unit` of `layer` is worth looking at, as in "carries Pakistan@9 to 24, ln p −7.56".

    `writer` is the timestamp, from 0, that wrote what it carries, where that is known.
    """

    layer: str
    unit: int
    text: str
    writer: int | None = None


@dataclass(frozen=True)
class Moment:
    """A subject, a timestamp `t` (from 0) and the selection. Equal states render identically.

    `phase` is how many of the cell's parts of this timestamp are computed; it is 0 while a lesson asks what they will
    be. `order` lists the units as they are shown, by `order_by` at timestamp `ordered_at` (None: by number). `only` are
    the units that are shown, where not all are. `rescaled` is the timestamp at which the timeline was rescaled, None
    for its fixed scale. `lit` is how many parts the picture of the cell shows while it plays, 0 for all that are
    computed; `picture` is whether that picture is shown, None where the size of the terminal decides. `passage` is
    where a passage was marked to begin. `progress` is how far the lesson is, where there is one; `mark` is the unit
    that was found last; `results` are the hits of the last search in this subject, as far as they are found.
    """

    subject: Subject
    t: int = 0
    phase: int = 4
    unit: int = 0
    quantity: str = "forget"
    layer: str = "l0"
    order_by: str = NUMBER
    ordered_at: int | None = None
    only: tuple[int, ...] = ()
    speed: float = 2.0
    playing: bool = False
    rescaled: int | None = None
    lit: int = 0
    picture: bool | None = None
    passage: int | None = None
    progress: LessonProgress | None = None
    results: Results | None = None
    mark: Mark | None = None

    @property
    def marked(self) -> str:
        """What is known of the selected unit; "" where it is not the marked one."""
        return self._mark_here.text if self._mark_here else ""

    @property
    def writer(self) -> int | None:
        """The timestamp that wrote what the selected unit carries; None where it is not the marked one."""
        return self._mark_here.writer if self._mark_here else None

    @property
    def _mark_here(self) -> Mark | None:
        mark = self.mark
        return mark if mark and (mark.layer, mark.unit) == (self.layer, self.unit) else None

    @property
    def trace(self) -> Trace:
        """The trace that is looked at."""
        return self.subject.trace

    @cached_property
    def layer_trace(self) -> LayerTrace:
        """The layer and direction that is looked at."""
        return self.trace.layer(self.layer)

    @property
    def parts(self) -> int:
        """How many parts a timestamp of this cell has: four for an LSTM, one for a cell without gates."""
        return len(self.layer_trace.cell.parts)

    @property
    def part(self) -> str:
        """The name of the part that was computed last here; "" while none of the timestamp is."""
        return list(self.layer_trace.cell.parts)[self.phase - 1] if self.phase else ""

    def part_of(self, quantity: str) -> int:
        """Return the number, from 1, of the part of a timestamp in which `quantity` is computed."""
        return next(n for n, names in enumerate(self.layer_trace.cell.parts.values(), 1) if quantity in names)

    @property
    def lesson(self) -> tuple[LessonStep, ...]:
        """The steps of the lesson, none where there is no lesson."""
        return self.subject.lesson

    @property
    def lesson_of(self) -> str:
        """The scenario whose lesson it is."""
        return self.subject.title

    @property
    def asking(self) -> bool:
        """Whether the lesson asks for what is not computed yet."""
        return self.progress is not None and self.progress.open and not self.progress.revealed

    def computed(self, quantity: str) -> bool:
        """Whether `quantity` is computed yet at this timestamp."""
        return self.part_of(quantity) <= self.phase

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The units in the order in which they are shown."""
        ranks = self.ranks
        order = range(self.layer_trace.H) if ranks is None or not ranks.orders else ranks.order()
        return tuple(n for n in order if not self.only or n in self.only)

    @cached_property
    def ranks(self) -> Ranks | None:
        """The numbers that the units are ordered by; in order of number, their effects. None where there are none."""
        if self.order_by == NUMBER:
            effects = self.effects(self.t) if self.computed("hidden") else None
            return None if effects is None else Ranks(EFFECT, self.t, effects, False)
        t = self.t if self.ordered_at is None else self.ordered_at
        values = self._numbers(self.order_by, t)
        return None if values is None else Ranks(self.order_by, t, values, True)

    def _numbers(self, order: str, t: int) -> np.ndarray | None:
        return self.effects(t) if order == EFFECT else ranked(self.layer_trace, order, t)

    def effects(self, t: int) -> np.ndarray | None:
        """Return the effect of each unit of this layer on the answer at `t`, (H,); None without one.

        Only units of the layers that the readout sees have an effect of their own.
        """
        says = self.subject.says
        if says is None or self.layer not in self.read_layers:
            return None
        effects, place = says.effects(t), self.read_layers.index(self.layer)
        shown = self.layer_trace.weights.P
        own = np.zeros(self.layer_trace.H, np.float32)
        own[:shown] = effects[place * shown : (place + 1) * shown]
        return own

    @property
    def read_layers(self) -> list[str]:
        """The layers (or directions) whose hidden states the readout sees."""
        return self.subject.read_layers

    @property
    def below(self) -> list[str]:
        """The layers (or directions) whose hidden states this layer reads; none for one that reads the inputs."""
        layers = [[w.name for w in directions] for directions in self.trace.stack.layers]
        depth = next(n for n, names in enumerate(layers) if self.layer in names)
        return layers[depth - 1] if depth else []

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met in this layer of the subject, or "" where it can."""
        if need == "effects" and not self.subject.cannot(need) and self.layer not in self.read_layers:
            last = " and ".join(self.read_layers)
            return f"the units of {last} lead to the prediction; {{key:stepper.layer}} selects the next layer"
        if need in ("edits", "undo", "generate"):
            return why_not(self.subject, need)
        if need == "grid":
            return why_silent(self.subject)
        if need == "compare" and self.trace.edits:
            return ""  # with the run as it is without them
        if need == "gradients" and self.trace.hook is not None:
            return "this run is edited; gradients are of unedited runs only; {key:stepper.edits} switches edits off"
        return self.subject.cannot(need)

    def token(self, t: int) -> str:
        """Return the word at `t`, or its label or number from 1 where there are no words."""
        if self.trace.tokens:
            return self.trace.tokens[t]
        return self.trace.labels[t] if self.trace.labels else f"timestamp {t + 1}"

    def brief(self, t: int) -> str:
        """Return the word at `t`; the date of a forecaster without its year, which tells less than the rest."""
        return brief(self.token(t)) if self.subject.forecast else self.token(t)

    # Going places. Every move returns a moment that exists: t, phase and unit are clamped here and nowhere else.

    @property
    def timestamps(self) -> int:
        """How many timestamps there are."""
        return len(self.trace)

    def at(self, t: int, phase: int | None = None) -> "Moment":
        """Return the moment at timestamp `t`, complete unless `phase` says otherwise."""
        t = min(max(t, 0), len(self.trace) - 1)
        return replace(self, t=t, phase=min(max(phase, 1), self.parts) if phase else self.parts, lit=0)

    def into(self, count: int) -> "Moment":
        """Return the moment `count` parts further; the selected quantity follows what is computed there."""
        parts = self.parts
        place = min(max(self.t * parts + self.phase - 1 + count, 0), len(self.trace) * parts - 1)
        there = self.at(place // parts, place % parts + 1)
        if parts == 1:
            return there
        follows = "hidden" if there.phase == parts else there.layer_trace.cell.parts[there.part][0]
        same = self.part_of(self.quantity) == there.phase
        return there if same else replace(there, quantity=follows)

    def with_unit(self, count: int) -> "Moment":
        """Return the moment with the unit selected that is `count` rows below."""
        order = self.order
        place = min(max(order.index(self.unit) + count, 0), len(order) - 1)
        return replace(self, unit=order[place])

    def with_quantity(self, count: int) -> "Moment":
        """Return the moment with the quantity selected that is `count` columns to the right, around the end."""
        names = self.layer_trace.cell.quantities
        return replace(self, quantity=names[(names.index(self.quantity) + count) % len(names)])

    def with_order(self) -> "Moment":
        """Return the moment with the next order of the units, as it is here, and its first unit selected."""
        order = next_order(self.order_by, lambda name: self._numbers(name, self.t) is not None)
        if order == NUMBER:
            return replace(self, order_by=NUMBER, ordered_at=None)
        ordered = replace(self, order_by=order, ordered_at=self.t)
        return replace(ordered, unit=ordered.order[0])

    def with_layer(self) -> "Moment":
        """Return the moment in the next layer or direction."""
        names = [layer.name for layer in self.trace.layers]
        return self.in_layer(names[(names.index(self.layer) + 1) % len(names)])

    def in_layer(self, name: str) -> "Moment":
        """Return the moment in the layer called `name`, at the same unit and quantity as far as it has them."""
        layer = self.trace.layer(name)
        unit = self.unit if self.unit < layer.H else 0
        quantity = self.quantity if self.quantity in layer.cell.quantities else layer.cell.quantities[0]
        phase = min(self.phase, len(layer.cell.parts))
        return replace(self, layer=name, unit=unit, quantity=quantity, phase=phase, order_by=NUMBER, ordered_at=None)

    def with_subject(self, subject: Subject) -> "Moment":
        """Return the moment in another subject, at the same place as far as it has it."""
        layers = [layer.name for layer in subject.trace.layers]
        there = replace(self, subject=subject, mark=watched(subject), results=None, passage=None)
        return there.in_layer(self.layer if self.layer in layers else layers[0]).at(self.t)


def at_lesson_step(moment: Moment) -> Moment:
    """Return the moment of the lesson's step: at its timestamp and quantity, computed as far as it shows."""
    progress, trace = moment.progress, moment.trace
    assert progress is not None
    step = moment.subject.lesson[progress.step]
    places = [t for t, token in enumerate(trace.tokens or ()) if token == step.at] or [len(trace) - 1]
    there = moment.at(places[step.nth - 1])
    if step.quantity in there.layer_trace.cell.quantities:
        there = replace(there, quantity=step.quantity)
    asking = step.guess is not None and not progress.revealed
    phase = min(step.guess or 0, there.parts - 1) if asking else there.phase
    if step.unit:
        return replace(there, unit=step.unit(trace), phase=phase)
    return replace(there, unit=moment.subject.watched.unit, mark=watched(moment.subject), phase=phase)


def watched(subject: Subject) -> Mark | None:
    """Return the mark of the unit that a subject opens with; None where nothing is known of it."""
    unit, why, writer = subject.watched
    return Mark(subject.trace.layers[0].name, unit, why, writer) if why else None


def first_moment(subject: Subject, t: int = 0) -> Moment:
    """Return the moment that a subject opens with, at timestamp `t`."""
    layer = subject.trace.layers[0]
    first = Moment(subject, layer=layer.name, unit=subject.watched.unit, quantity=layer.cell.quantities[0])
    return replace(first, mark=watched(subject)).at(t)
