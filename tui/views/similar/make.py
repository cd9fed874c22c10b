"""Finding similar passages, and where to step on from."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ....engine import Place, Similar, similar
from ...source.held import number_of, other_runs, others_of
from ...source.make import in_network, reading_of
from ...source.origins import FromFile
from ...source.own import run_from
from ...source.subject import AnySubject, Subject
from ..stepper.state import Moment, first_moment
from .state import SimilarPage


def with_found(page: SimilarPage, on_progress: Callable[[int, int], object]) -> SimilarPage:
    """Return the page with its places. Raises BadInput where no unit is on."""
    here = page.here
    batches, sentences = others_of(here.subject)
    others = other_runs(here.subject)
    found = similar(
        here.trace, page.start, page.stop, page.units, page.threshold, layer=here.layer, quantity=here.quantity,
        batches=batches, sentences=sentences, others=others, on_progress=on_progress,
    )  # fmt: skip
    places = _once(found, here.trace.tokens, sentences)
    return replace(page, found=found, sentences=sentences, others=others, places=places)


def _once(found: Similar, tokens: Sequence[str] | None, sentences: Sequence[Sequence[str]]) -> tuple[Place, ...]:
    """The places, only the first of those to which the same words lead: to the network they are the same."""
    if tokens is None:
        return found.places
    seen: dict[tuple[str, ...], Place] = {}
    for place in found.places:
        words = tokens if place.sequence is None else sentences[place.sequence]
        seen.setdefault(tuple(words[: place.t + found.stop - found.start]), place)
    return tuple(seen.values())


def moment_of(page: SimilarPage) -> tuple[Moment, bool]:
    """Return the moment at the chosen place, and whether that is in another sequence."""
    place, here = page.place, page.here
    assert place is not None
    if place.sequence is None:
        return here.at(place.t), False
    origin = here.subject.origin
    if isinstance(origin, FromFile) and origin.several:
        there: AnySubject = run_from(origin.every()[number_of(here.subject, place.sequence) - 1])
    else:
        there = in_network(here.subject, reading_of(here.subject).model, page.sentences[place.sequence])
    assert isinstance(there, Subject)
    moment = replace(first_moment(there), unit=here.unit).in_layer(here.layer)
    return replace(moment, quantity=here.quantity).at(place.t), True
