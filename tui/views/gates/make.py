"""Making the statistics of a network's gates over the held-out sentences of its scenario."""

from dataclasses import replace

from ....engine import BadInput, Extreme, Saturation, gates_of, saturation_of
from ....scenarios import held_out_gates
from ...source.make import in_network, origin_of, reading_of, recurrent_of
from ...source.origins import FromScenario
from ...source.own import run_from
from ...source.subject import AnySubject, Subject
from ..stepper.state import Moment, first_moment
from .state import GateStatistics


def gate_statistics(here: Moment) -> GateStatistics:
    """Return the statistics of the gates at `here`, yet to be found. Raises BadInput where the cell has no gates."""
    cell = here.layer_trace.cell
    gates = gates_of(cell.quantities)
    if not gates:
        raise BadInput(f"a vanilla {cell.title} has no gates; {{key:stepper.model}} goes on to another network, "
                       "{key:stepper.unit_page} shows the unit's page")  # fmt: skip
    origin = reading_of(here.subject)
    gate = here.quantity if here.quantity in gates else gates[0]
    alone = "text" if here.trace.tokens is not None else "sequence"
    kind = "held-out sentences" if isinstance(origin, FromScenario) else "sequences" if origin.several else alone
    return GateStatistics(here.subject, here.layer, gate, here.unit, kind=kind)


def gates_over_all(statistics: GateStatistics) -> Saturation:
    """Return the gates at every word of the held-out sentences; it takes some tenths of a second the first time.

    Those of a user's network are over all sequences of its file, or over its text.
    """
    origin = reading_of(statistics.subject)
    if not isinstance(origin, FromScenario):
        traces = [run_from(each).trace for each in origin.every()] if origin.several else [statistics.subject.trace]
        return saturation_of(traces, statistics.layer)
    corpus = origin_of(statistics.subject).scenario.corpus
    return held_out_gates(recurrent_of(statistics.subject), corpus, statistics.layer)


def moment_of(statistics: GateStatistics, extreme: Extreme) -> Moment:
    """Return the moment to step on from: the sentence, timestamp, unit and gate of `extreme`."""
    assert statistics.found is not None
    origin = reading_of(statistics.subject)
    if not isinstance(origin, FromScenario):
        there: AnySubject = run_from(origin.every()[extreme.sentence]) if origin.several else statistics.subject
    else:
        there = in_network(statistics.subject, origin.model, statistics.found.sentences[extreme.sentence])
    assert isinstance(there, Subject)
    moment = replace(first_moment(there), layer=statistics.layer, unit=statistics.unit, quantity=statistics.gate)
    return moment.at(extreme.t)
