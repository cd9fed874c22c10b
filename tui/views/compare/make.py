"""Making a comparison: what stands beside what, and what every network of the scenario predicts."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ....engine import BadInput, DenseNetwork
from ....scenarios import likeliest, shipped
from ...source.edited import unedited
from ...source.make import Sentence, in_network, next_model, reading_of
from ...source.numbers import FromNumbers
from ...source.origins import FromScenario, FromWords
from ...source.own import run_from
from ...source.subject import AnySubject, DenseSubject, Subject
from ..dense.state import Dense
from ..stepper.state import Moment, first_moment
from .numbers import numbers_compared
from .state import Answer, Comparison, Side


def side_of(subject: AnySubject, sentence: Sentence, model: str, like: Moment | None = None) -> Side:
    """Return `sentence` in the network of `subject`, or in another `model` of its origin, at the place of `like`."""
    other = in_network(subject, model, sentence)
    if isinstance(other, DenseSubject):
        return Dense(other)
    return like.with_subject(other) if like else first_moment(other)


def first_side(subject: AnySubject) -> Side:
    """Return what a subject opens with: its first timestamp, or the whole of a dense network."""
    return Dense(subject) if isinstance(subject, DenseSubject) else first_moment(subject)


def sentences_of(subject: AnySubject) -> list[tuple[str, ...]]:
    """Return the sentences of the scenario that `subject` comes from, as tokens."""
    origin = reading_of(subject)
    if not isinstance(origin, FromScenario):
        return [subject.tokens]
    return [tuple(origin.scenario.corpus.vocabulary.split(text)) for text in origin.scenario.sentences]


def next_sentence(subject: AnySubject) -> tuple[str, ...]:
    """Return the scenario's sentence after that of `subject`, around the end; its first where that is none of them."""
    sentences = sentences_of(subject)
    place = sentences.index(subject.tokens) if subject.tokens in sentences else -1
    return sentences[(place + 1) % len(sentences)]


def compared(side: Side, what: str | None = None) -> Comparison:
    """Return `side` beside `what`, such as a model's name or a sentence, or beside what is most worth seeing.
    In a scenario, that is its other sentence in the same network where it has one, and else another network. Raises
    BadInput for what cannot be compared.
    """
    subject = side.subject
    origin = reading_of(subject)
    if isinstance(origin, FromNumbers):
        return numbers_compared(side, origin, what)
    if isinstance(origin, FromWords):
        return _own(side, origin, what)
    scenario, model = origin.scenario, origin.model
    sentence: Sentence = subject.tokens
    if what is not None:
        model, sentence = (what, sentence) if what in scenario.models else (model, what)
    elif sentence in (sentences := sentences_of(subject)) and len(sentences) > 1:
        sentence = next_sentence(subject)
    else:
        model = scenario.models[(scenario.models.index(model) + 1) % len(scenario.models)]
    if isinstance(side, Moment):
        side = replace(side, progress=None, playing=False).at(side.t)
    like = side if isinstance(side, Moment) else None
    try:
        right, refused = side_of(subject, sentence, model, like), ""
    except BadInput as error:
        if what is not None:
            raise
        # A dense network without a place for so many words: beside it, one that can read them.
        other = next(m for m in scenario.models if not isinstance(shipped(scenario, m)[0], DenseNetwork))
        right, refused = side_of(subject, sentence, other), str(error)
    return _answered(Comparison(side, right, refused=refused))


def _own(side: Side, origin: FromWords, what: str | None) -> Comparison:
    """A user's network beside itself on another sentence, another network of its file, or another file of weights."""
    assert isinstance(side, Moment)
    subject = side.subject
    if reason := subject.cannot("compare"):
        raise BadInput(reason)
    if what is None:
        what = next_model(subject)
    if what in origin.models:
        other = in_network(subject, what, subject.tokens)
    elif os.path.isfile(what):
        other = run_from(origin.among(Path(what)))
        other = replace(other, network=f"{Path(what).name}, {other.network}")
    else:
        other = in_network(subject, origin.model, what)
    assert isinstance(other, Subject)
    left = replace(side, progress=None, playing=False).at(side.t)
    return _answered(Comparison(left, left.with_subject(other)))


def with_right(comparison: Comparison, model: str, sentence: Sentence | None) -> Comparison:
    """Return the comparison with another network or sentence on the right. Raises BadInput where it cannot be."""
    left, right = comparison.left, comparison.right
    like = next((side for side in (left, right) if isinstance(side, Moment)), None)
    side = side_of(right.subject, right.subject.tokens if sentence is None else sentence, model, like)
    return _answered(replace(comparison, right=side, refused=""))


def _answered(comparison: Comparison) -> Comparison:
    """The comparison with what every network of the scenario predicts at the end, where both sides are of it."""
    subjects = comparison.left.subject, comparison.right.subject
    origins = [reading_of(subject) for subject in subjects]
    if isinstance(origins[0], FromNumbers) or isinstance(origins[1], FromNumbers):
        return replace(comparison, answers=())
    one, other = (said_by(subject) for subject in subjects)
    if one != other:
        file = next(origin.weights for origin in origins if origin.weights)
        raise BadInput(f"{file}: predicts other words than the networks of {subjects[0].title}; only networks that "
                       "predict the same words can be compared")  # fmt: skip
    if isinstance(origins[0], FromWords) or any(origin.weights for origin in origins):
        return replace(comparison, answers=())
    scenario = origins[0].scenario
    sentences: Sequence[tuple[str, ...]] = list(dict.fromkeys(subject.tokens for subject in subjects))
    rows = []
    for model in scenario.models:
        network = shipped(scenario, model)[0]
        said = tuple(likeliest(network, sentence) for sentence in sentences)
        wanted = [scenario.corpus.answer(sentence) for sentence in sentences]
        right = tuple(None if s is None or word is None else s[0] == word for s, word in zip(said, wanted, strict=True))
        rows.append(Answer(model, network.parameters, said, right))
    return replace(comparison, answers=tuple(rows))


def said_by(subject: AnySubject) -> tuple[str, ...]:
    """Return the words among which the network of `subject` predicts; where it predicts none, those that it knows."""
    prediction = subject.prediction if isinstance(subject, Subject) else None
    return subject.vocabulary.words if prediction is None else prediction.vocabulary.words


def beside_original(subject: Subject) -> Comparison | Subject:
    """Return an edited `subject` beside the same run without edits; alone where the two cannot be compared."""
    before = unedited(subject)
    if before is None or not (subject.prediction or isinstance(subject.origin, FromNumbers)):
        return subject
    return Comparison(first_moment(before), first_moment(subject))


LONGEST = 50_000
"""The most timestamps of a run that is compared, since every one of both sides is computed for it."""


def with_original(here: Moment) -> Comparison:
    """Return the run of `here`, which is edited, beside the same run without its edits, at the same place.

    Raises BadInput for a run that is too long.
    """
    before, T = unedited(here.subject), len(here.trace)
    assert before is not None
    if T > LONGEST:
        raise BadInput(f"whole runs are compared, of up to {LONGEST:,} timestamps; this one has {T:,}")
    right = replace(here, progress=None, playing=False).at(here.t)
    left = right.with_subject(before)
    return Comparison(left.in_layer(right.layer), right)
