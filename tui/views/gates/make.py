"""Making what is shown of all held-out sentences: the gates of a network, and the page of one of its units."""

from dataclasses import replace

from ....engine import Ablated, BadInput, Extreme, Saturation, gates_of
from ....scenarios import Scores, accuracy_without, find, held_out_gates, minimal_pairs
from ....scenarios.scoring import HELD_OUT_COUNT
from ...source.make import in_network, network_of
from ..compare.state import text_of
from ..stepper.state import Moment, Subject, first_moment
from ..unit.state import UnitPage
from .state import Survey


def surveyed(here: Moment) -> Survey:
    """Return the gates of the network that is looked at, yet to be found. Raises BadInput where there are none."""
    cell = here.layer_trace.cell
    gates = gates_of(cell.quantities)
    if not gates:
        raise BadInput(f"a vanilla {cell.title} has no gates; m goes on to another network, u shows the unit's page")
    _check_sentences(here.subject, "statistics are")
    gate = here.quantity if here.quantity in gates else gates[0]
    return Survey(here.subject, here.layer, gate, here.unit)


def gates_over_all(survey: Survey) -> Saturation:
    """Return the gates at every word of the held-out sentences; takes some tenths of a second the first time."""
    return held_out_gates(network_of(survey.subject), find(survey.subject.title).corpus, survey.layer)


def moment_of(survey: Survey, extreme: Extreme) -> Moment:
    """Return the moment to step on from: the sentence, timestamp, unit and gate of `extreme`."""
    assert survey.found is not None
    subject = survey.subject
    vocabulary = find(subject.title).corpus.vocabulary
    there = in_network(subject, subject.model, vocabulary.join(survey.found.sentences[extreme.sentence]))
    assert isinstance(there, Subject)
    moment = replace(first_moment(there), layer=survey.layer, unit=survey.unit, quantity=survey.gate)
    return moment.at(extreme.t)


def unit_page(here: Moment) -> UnitPage:
    """Return the page of the unit that is looked at. Raises BadInput for a network from a file.

    Its sentences are minimal pairs of the one that is looked at; where there are none, the scenario's own others.
    """
    subject = here.subject
    _check_sentences(subject, "a unit's page is")
    scenario = find(subject.title)
    corpus = scenario.corpus
    tokens = tuple(here.trace.tokens or ())
    join = corpus.vocabulary.join
    here = replace(here, tour=None, note="", count="", playing=False).at(here.t)
    place, pairs = corpus.evidence(tokens), minimal_pairs(corpus, tokens)
    if place is not None and pairs:
        texts, differ = [join(pair) for pair in pairs], place
        names = [words[place] for words in (tokens, *pairs)]
    else:
        own = [join(corpus.vocabulary.split(sentence)) for sentence in scenario.sentences]
        texts, differ = [text for text in own if text != text_of(here)], None
        names = ["this one", *(f"other {n}" for n in range(1, len(texts) + 1))]
    subjects = (subject, *(_like(subject, text) for text in texts))
    return UnitPage(here, subjects, tuple(names), differ, corpus.axis, HELD_OUT_COUNT * len(corpus.sizes))


def worth(here: Moment) -> tuple[Scores, Scores]:
    """Return the shares answered right by the whole network, and with the hidden state of the unit held at zero."""
    network, corpus = network_of(here.subject), find(here.subject.title).corpus
    ablated = Ablated(here.layer, (here.unit,))
    return accuracy_without(network, corpus, None), accuracy_without(network, corpus, ablated)


def _like(subject: Subject, text: str) -> Subject:
    other = in_network(subject, subject.model, text)
    assert isinstance(other, Subject)
    return other


def _check_sentences(subject: Subject, what: str) -> None:
    if not subject.models:
        raise BadInput(f"these are numbers from a file; {what} about the held-out sentences of a scenario")
