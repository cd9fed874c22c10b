"""Why the network gives the answer here: the unit that carries it, and the words that wrote it, one after another.

Where there is an answer they come by effect, on ln p of a word or on an output over numbers; where there is none, by
share of the selected unit's memory.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING

from ....engine import BadInput, WordNetwork, has_provenance, printable, provenance
from ....engine.text import percent
from ....scenarios import LEAST_EFFECT, carries
from ...draw.numbers import signed
from ...source.speaking import speaker_of
from .state import Mark, Moment

if TYPE_CHECKING:
    from ....engine.explain.why import Write

BACK = 4096
"""The most timestamps, back from here, whose writes are listed one by one."""

MOST = 12
"""The most writers that are gone through."""

LEAST_SHARE, LEAST_PART = 0.005, 0.05
"""The least share of a memory, and part of an output's largest change, that are worth going to."""


@dataclass(frozen=True)
class Reason:
    """A place to go to: `t` and `unit` of `layer`, with `quantity` selected, and what is to be `said` there."""

    t: int
    layer: str
    unit: int
    quantity: str
    said: str
    mark: Mark

    def of(self, moment: Moment) -> Moment:
        """Return `moment` moved there."""
        there = moment if moment.layer == self.layer else moment.in_layer(self.layer)
        return replace(there.at(self.t), unit=self.unit, quantity=self.quantity, mark=self.mark, playing=False)


def has_answer(moment: Moment) -> bool:
    """Return whether there is an answer here whose effects can be computed: over numbers, up to BACK timestamps."""
    if moment.subject.word_network is not None:
        return True
    both = moment.trace.stack.reads_back
    depends_on = len(moment.trace) if both else moment.t + 1
    return depends_on <= BACK and (moment.subject.outputs is not None or moment.subject.forecast is not None)


def by_effect(moment: Moment, tick: Callable[[], object] | None = None) -> tuple[Reason, ...]:
    """Return the reasons for the answer here: the unit that carries it, at the answer, then its writers by effect.

    `tick` is called now and then; what it raises ends the work. Raises BadInput where nothing supports the answer.
    """
    network = moment.subject.word_network
    if not isinstance(network, WordNetwork):
        return _by_change(moment, tick)
    from ....engine import why  # not before somebody asks

    found = why(moment.trace, network, at=moment.t, tick=tick, fits=moment.subject.fits)
    writes = [write for write in found.writes if write.effect <= -LEAST_EFFECT][:MOST]
    if not writes:
        raise BadInput(
            f"“{found.answer}” depends on no word here: no other word lowers its ln p by {LEAST_EFFECT} or more"
        )
    carrier, other = writes[0], "another word" if found.by == "exchanged" else "nothing"
    mark = _mark(moment, carrier, found.at, f"ln p {_change(carrier.effect)}")
    reasons = [
        Reason(
            found.at, carrier.layer, carrier.unit, _memory(moment, carrier.layer),
            f"“{found.answer}” is carried by {_unit(moment, carrier.layer, carrier.unit)}: with {other} for "
            f"{_at(moment, carrier.t)} in it, p {_falls(found.base, carrier.effect)}; "
            "{key:stepper.why} goes there", mark,
        )
    ]  # fmt: skip
    for place, write in enumerate(writes, 1):
        unit = _unit(moment, write.layer, write.unit)
        onward = "goes to the next" if place < len(writes) else "is back at the answer"
        said = (
            f"{_at(moment, write.t)} wrote it into {unit}: with {other} there, p of “{found.answer}” "
            f"{_falls(found.base, write.effect)} ({place}/{len(writes)}); {{key:stepper.why}} {onward}"
        )
        mark = _mark(moment, write, found.at, f"ln p {_change(write.effect)}")
        reasons.append(Reason(write.t, write.layer, write.unit, _memory(moment, write.layer), said, mark))
    return tuple(reasons)


def _by_change(moment: Moment, tick: Callable[[], object] | None) -> tuple[Reason, ...]:
    """The reasons for the first output over numbers: writes are erased, and the largest change comes first."""
    speaker, outputs = speaker_of(moment.subject), moment.subject.outputs
    assert speaker is not None
    from ....engine import why

    found = why(moment.trace, speaker, None if outputs is None else outputs.names[0], moment.t, tick=tick)
    name, least = printable(found.answer), LEAST_PART * abs(found.writes[0].effect)
    writes = [write for write in found.writes if abs(write.effect) >= least > 0][:MOST]
    if not writes:
        raise BadInput(f"{name} depends on nothing that was written: erased, no write changes it here")
    first, reasons = writes[0], list[Reason]()
    for place, write in enumerate((first, *writes)):
        unit, memory = _unit(moment, write.layer, write.unit), _memory(moment, write.layer)
        effect = signed(write.effect).replace("-", "\N{MINUS SIGN}")
        mark, change = _mark(moment, write, found.at, f"{name} {effect}"), f"{name} changes by {effect}"
        if place == 0:
            said = (
                f"{name} is carried by {unit}: with {_at(moment, write.t)} erased in it, {change}; "
                f"{{key:stepper.why}} goes there"
            )
            reasons.append(Reason(found.at, write.layer, write.unit, memory, said, mark))
            continue
        onward = "goes to the next" if place < len(writes) else "is back at the answer"
        said = (
            f"{_at(moment, write.t)} wrote it into {unit}: erased there, {change} ({place}/{len(writes)}); "
            f"{{key:stepper.why}} {onward}"
        )
        reasons.append(Reason(write.t, write.layer, write.unit, memory, said, mark))
    return tuple(reasons)


def by_share(moment: Moment) -> tuple[Reason, ...]:
    """Return what wrote the memory of the selected unit here, the largest share first; the way back here comes last.

    Raises BadInput for a cell without an additive memory, and for a memory that is empty.
    """
    layer = moment.layer_trace
    if not has_provenance(layer.cell):
        raise BadInput("a vanilla RNN rewrites its whole memory at every timestamp: nothing in it has a single writer")
    who = provenance(layer, moment.t, moment.unit, BACK)
    writers = [writer for writer in who.largest(MOST) if writer[2] >= LEAST_SHARE]
    if not writers:
        raise BadInput(f"unit {moment.unit} remembers nothing yet at timestamp {moment.t + 1}")
    unit, reasons = _unit(moment, moment.layer, moment.unit), list[Reason]()
    for place, (t, amount, share) in enumerate(writers, 1):
        onward = "goes to the next" if place < len(writers) else f"is back at {moment.t + 1}"
        said = (
            f"{_at(moment, t)} wrote {amount:+.2f}, {percent(share)}, of what {unit} remembers at {moment.t + 1} "
            f"({place}/{len(writers)}); {{key:stepper.why}} {onward}"
        )
        mark = Mark(moment.layer, moment.unit, f"holds {_at(moment, t)} at {moment.t + 1}, {percent(share)}", t)
        reasons.append(Reason(t, moment.layer, moment.unit, _memory(moment, moment.layer), said, mark))
    said = f"{unit} remembers {who.total:+.2f} here; {{key:stepper.why}} goes to what wrote it"
    back = Reason(moment.t, moment.layer, moment.unit, _memory(moment, moment.layer), said, reasons[0].mark)
    return (*reasons, back)


def _mark(moment: Moment, write: "Write", at: int, change: str) -> Mark:
    """What is known of the unit of `write`: without it, the answer at `at` changes."""
    return Mark(write.layer, write.unit, carries(_at(moment, write.t), at + 1, change), write.t)


def _memory(moment: Moment, layer: str) -> str:
    return moment.trace.layer(layer).cell.memory_state or "hidden"


def _unit(moment: Moment, layer: str, unit: int) -> str:
    return f"unit {unit}" + (f" of {layer}" if len(moment.trace.layers) > 1 else "")


def _at(moment: Moment, t: int) -> str:
    """A word with its timestamp, since a sentence may have it twice."""
    return f"{moment.token(t)}@{t + 1}" if moment.trace.tokens else f"timestamp {t + 1}"


def _falls(base: float, effect: float) -> str:
    """How p changes: from e to the power of `base`, by `effect` on its ln."""
    return f"falls from {exp(base):.2f} to {exp(base + effect):.2f} (ln p {_change(effect)})"


def _change(effect: float) -> str:
    return f"{effect:+.2f}".replace("-", "\N{MINUS SIGN}")
