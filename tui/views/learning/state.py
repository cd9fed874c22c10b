"""What the view of a learning network shows, as one frozen record: its training, and a moment in one of its states."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import hypot
from statistics import fmean

from ....engine import BadInput, Epoch, History, Kept, Network, WordNetwork
from ....engine.train.words import Recipe, train
from ....scenarios import Chart, Corpus, find, predict
from ...source.make import network_title
from ...training.state import Watching
from ..compare.state import text_of
from ..stepper.state import Moment, Subject

BLOCKS = 100
"""How many points a whole chart has: each is the mean over as many batches as it takes."""


@dataclass(frozen=True)
class Learning(Watching[Network]):
    """A network that learns the task of `corpus` by `recipe`; `moment` is on its sentence in the state looked at.

    Before there is a state, `moment` is where it was watched from.
    """

    recipe: Recipe
    corpus: Corpus
    moment: Moment

    @property
    def make(self) -> partial[Iterator[Epoch[Network]]]:
        """What trains it, to be called in another process."""
        return partial(train, self.recipe, self.corpus.vocabulary, self.corpus.draw, self.seed)

    def settled(self) -> "Learning":
        """Return the same with the moment in the network of the state that is looked at."""
        kept, subject = self.kept, self.moment.subject
        if kept is None:
            return self
        there = _subject(kept, self.history.epochs, self.corpus, subject.title, subject.model, text_of(self.moment))
        return self if there is subject else replace(self, moment=self.moment.with_subject(there))

    def through(self, count: int) -> "Learning":
        """Return the kept state that is `count` later in the training."""
        return super().through(count).settled()

    def after(self, more: tuple[Epoch[Network], ...]) -> "Learning":
        """Return the training with `more` batches at its end."""
        if not more:
            return self
        history = self.history.after(list(more))
        return replace(self, history=history, seconds=more[-1].seconds).settled()


def learning_from(moment: Moment) -> Learning:
    """Return what is to be trained to watch the network of `moment` learn, from the seed typed there or its own.

    Raises BadInput where there is nothing to learn from.
    """
    subject = moment.subject
    if not subject.models:
        raise BadInput("these are numbers from a file; there are no sentences here to learn from")
    scenario = find(subject.title)
    recipe = scenario.recipes[subject.model]
    return Learning(
        recipe=recipe, corpus=scenario.corpus, history=History[Network](recipe.batches),
        seed=int(moment.count) if moment.count else scenario.seed,
        moment=replace(moment.at(moment.t), count="", note="", tour=None, playing=False),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _subject(kept: Kept[Network], batches: int, corpus: Corpus, title: str, model: str, text: str) -> Subject:
    """`text` in a kept state of a recurrent network: the same object for the same state."""
    network = kept.network
    assert isinstance(network, WordNetwork)
    prediction = predict(corpus, network, text)
    name = f"{network_title(network)}, batch {kept.epoch}/{batches}"
    return Subject(title, name, prediction.trace, prediction, model=model, models=(model,))


def norms(kept: Kept[Network]) -> dict[str, float]:
    """Return the norm of the gradient by part, all tensors of a part in one: the whole, every gate, embedding, readout.

    The whole is what is clipped.
    """
    parts: dict[str, float] = {"all": hypot(*kept.gradients.values())}
    for name, norm in kept.gradients.items():
        first, _, last = name.partition(".")
        part = first if first in ("embedding", "readout") else last
        parts[part] = hypot(parts.get(part, 0.0), norm)
    return parts


@lru_cache(maxsize=4)
def charts(history: History[Network]) -> tuple[Chart, Chart]:
    """Return the loss and the accuracy over the batches."""
    size = max(history.epochs // BLOCKS, 1)
    over = "" if size == 1 else f", mean over {size} batches"
    span = (0.0, float(history.epochs))
    return (
        Chart(f"loss{over}", "batch", "nats a target", {"loss": _means(history.losses, size)}, span=span),
        Chart(f"accuracy{over}", "batch", "answers", {"right": _means(history.accuracies, size)}, span=span),
    )


def _means(values: tuple[float, ...], size: int) -> list[tuple[float, float]]:
    """The mean of every whole block of `size` values, at its middle."""
    blocks = [values[n : n + size] for n in range(0, len(values) - size + 1, size)]
    return [(n * size + (size - 1) / 2, fmean(block)) for n, block in enumerate(blocks)]
