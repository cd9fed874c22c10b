"""Making the page of a unit: sentences that differ in one word, and the scores without the unit."""

from dataclasses import replace

from ....engine import Ablated
from ....scenarios import accuracy_by_size, minimal_pairs
from ....scenarios.scoring import HELD_OUT_COUNT
from ...source.make import in_network, origin_of, reading_of, recurrent_of
from ...source.numbers import FromNumbers
from ...source.origins import FromScenario, FromWords
from ...source.own import run_from
from ...source.subject import Subject
from ..stepper.state import Moment
from .state import Cost, UnitPage
from .without import numbers_without, words_without

BESIDE = 6
"""The most other sequences of a file beside the one that is looked at."""


def unit_page(here: Moment) -> UnitPage:
    """Return the page of the selected unit. Raises BadInput for a subject in which no other sentence can be run.

    In a scenario its sentences are minimal pairs of this one; without any, they are the scenario's others.
    """
    subject = here.subject
    origin = reading_of(subject)
    if not isinstance(origin, FromScenario):
        return _own_page(here, origin)
    scenario = origin.scenario
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


def _own_page(here: Moment, origin: FromWords | FromNumbers) -> UnitPage:
    """The page in a user's network: over its sequence, with others of the file beside it."""
    subject, number = here.subject, origin.ready.sequence
    others = (
        [each for n, each in enumerate(origin.every()[: BESIDE + 1]) if n != number][:BESIDE] if origin.several else []
    )
    subjects = (subject, *(run_from(each) for each in others))
    names = ("this one", *(f"sequence {each.ready.sequence + 1}" for each in others))
    here = replace(here, progress=None, playing=False).at(here.t)
    failed = "" if subject.prediction or subject.trace.tokens is None else subject.cannot("gradients")
    return UnitPage(here, subjects, names, None, "", 0, failed=failed, own=True)


def ablation(here: Moment) -> Cost:
    """Return the shares answered right by the whole network, and with the unit ablated.

    In a user's network it is what is predicted without the unit. Raises BadInput where nothing is predicted.
    """
    if here.trace.tokens is None:
        return numbers_without(here)
    if isinstance(here.subject.origin, FromWords):
        return words_without(here)
    network, corpus = recurrent_of(here.subject), origin_of(here.subject).scenario.corpus
    ablated = Ablated(here.layer, (here.unit,))
    return accuracy_by_size(network, corpus), accuracy_by_size(network, corpus, ablated=ablated)


def _like(subject: Subject, words: tuple[str, ...]) -> Subject:
    other = in_network(subject, origin_of(subject).model, words)
    assert isinstance(other, Subject)
    return other
