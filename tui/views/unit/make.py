"""Making the page of a unit: sentences that differ in one word, and the scores without the unit."""

from dataclasses import replace

from ....engine import Ablated
from ....scenarios import Scores, accuracy_by_size, minimal_pairs
from ....scenarios.scoring import HELD_OUT_COUNT
from ...source.make import in_network, origin_of, recurrent_of
from ...source.subject import Subject
from ..stepper.state import Moment
from .state import UnitPage


def unit_page(here: Moment) -> UnitPage:
    """Return the page of the unit that is looked at. Raises BadInput for a network from a file.

    Its sentences are minimal pairs of the one that is looked at; where there are none, the scenario's own others.
    """
    subject = here.subject
    scenario = origin_of(subject).scenario
    corpus, tokens = scenario.corpus, subject.tokens
    here = replace(here, progress=None, playing=False).at(here.t)
    place, pairs = corpus.evidence(tokens), minimal_pairs(corpus, tokens)
    if place is not None and pairs:
        others, differ = list(pairs), place
        names = [words[place] for words in (tokens, *pairs)]
    else:
        own = [tuple(corpus.vocabulary.split(sentence)) for sentence in scenario.sentences]
        others, differ = [words for words in own if words != tokens], None
        names = ["this one", *(f"other {n}" for n in range(1, len(others) + 1))]
    subjects = (subject, *(_like(subject, words) for words in others))
    return UnitPage(here, subjects, tuple(names), differ, corpus.axis, HELD_OUT_COUNT * len(corpus.sizes))


def ablation(here: Moment) -> tuple[Scores, Scores]:
    """Return the shares answered right by the whole network, and with the hidden state of the unit held at zero."""
    network, corpus = recurrent_of(here.subject), origin_of(here.subject).scenario.corpus
    ablated = Ablated(here.layer, (here.unit,))
    return accuracy_by_size(network, corpus), accuracy_by_size(network, corpus, ablated=ablated)


def _like(subject: Subject, words: tuple[str, ...]) -> Subject:
    other = in_network(subject, origin_of(subject).model, words)
    assert isinstance(other, Subject)
    return other
