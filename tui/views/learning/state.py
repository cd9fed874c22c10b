"""What the screen of a learning network shows: its training, and a moment in one of its checkpoints."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from math import hypot
from statistics import fmean

from ....engine import Checkpoint, Epoch, History, Network, WordNetwork
from ....engine.train.words import Recipe, train
from ....scenarios import Chart, Scenario, predict
from ...draw.memo import memo
from ...source.make import network_title, origin_of
from ...source.origins import FromTraining
from ...source.subject import Subject
from ...training.state import Watching
from ..stepper.state import Moment

BLOCKS = 100
"""How many points a whole chart has: each is the mean over an equal number of batches."""


@dataclass(frozen=True)
class Learning(Watching[Network]):
    """A network that learns the task of `scenario` by `recipe`; `moment` is on its sentence in a checkpoint.

    Before there is a checkpoint, `moment` is the one from which the screen was opened.
    """

    recipe: Recipe
    scenario: Scenario
    model: str
    moment: Moment

    @property
    def make(self) -> partial[Iterator[Epoch[Network]]]:
        """The function that trains it, to be called in another process."""
        return partial(train, self.recipe, self.scenario.corpus.vocabulary, self.scenario.corpus.draw, self.seed)

    @property
    def t(self) -> int:
        """The timestamp of the sentence that is looked at."""
        return self.moment.t

    @property
    def timestamps(self) -> int:
        """How many timestamps the sentence has."""
        return self.moment.timestamps

    def at(self, t: int) -> "Learning":
        """Return the same at timestamp `t` of the sentence, or at the nearest there is."""
        return replace(self, moment=self.moment.at(t))

    def settled(self) -> "Learning":
        """Return the same with the moment in the network of the selected checkpoint."""
        checkpoint, subject = self.checkpoint, self.moment.subject
        if checkpoint is None:
            return self
        there = _subject(checkpoint, self.history.epochs, self.scenario, self.model, subject.tokens)
        return self if there is subject else replace(self, moment=self.moment.with_subject(there))

    def through(self, count: int) -> "Learning":
        """Return the same with the checkpoint selected that is `count` later in the training."""
        return super().through(count).settled()

    def after(self, more: tuple[Epoch[Network], ...]) -> "Learning":
        """Return the training with `more` batches at its end."""
        if not more:
            return self
        history = self.history.after(list(more))
        return replace(self, history=history, seconds=more[-1].seconds).settled()


@dataclass(frozen=True)
class AtCheckpoint:
    """The checkpoint of `learning` that is looked at, to step through the sentence in it."""

    learning: Learning


def learning_from(moment: Moment, seed: int | None = None) -> Learning:
    """Return a training of the network of `moment` from scratch, yet to be started, from `seed` or the scenario's own.

    Raises BadInput where the subject comes from no scenario.
    """
    origin = origin_of(moment.subject)
    scenario, recipe = origin.scenario, origin.scenario.recipes[origin.model]
    return Learning(
        recipe=recipe, scenario=scenario, model=origin.model, history=History[Network](recipe.batches),
        seed=scenario.seed if seed is None else seed, moment=replace(moment.at(moment.t), progress=None, playing=False),
    )  # fmt: skip


@memo(maxsize=64)
def _subject(
    checkpoint: Checkpoint[Network], batches: int, scenario: Scenario, model: str, tokens: tuple[str, ...]
) -> Subject:
    """The sentence in a checkpoint of a recurrent network: the same object for the same checkpoint."""
    network = checkpoint.network
    assert isinstance(network, WordNetwork)
    prediction = predict(scenario.corpus, network, tokens)
    name = f"{network_title(network)}, batch {checkpoint.epoch}/{batches}"
    return Subject(scenario.name, name, prediction.trace, FromTraining(scenario, model, network), prediction)


def norms(checkpoint: Checkpoint[Network]) -> dict[str, float]:
    """Return the norm of the gradient of each part, all its tensors in one: "all", every gate, embedding, readout.

    The norm of "all" is the one that is clipped.
    """
    parts: dict[str, float] = {"all": hypot(*checkpoint.gradients.values())}
    for name, norm in checkpoint.gradients.items():
        first, _, last = name.partition(".")
        part = first if first in ("embedding", "readout") else last
        parts[part] = hypot(parts.get(part, 0.0), norm)
    return parts


@memo(maxsize=4)
def charts(history: History[Network]) -> tuple[Chart, Chart]:
    """Return the loss and the accuracy over the batches."""
    size = max(history.epochs // BLOCKS, 1)
    over = "" if size == 1 else f", mean over {size} batches"
    span = (0.0, float(history.epochs))
    return (
        Chart(
            f"loss{over}", "batch", "nats per target", {"loss": _means(history.losses, size)}, span=span, shares=False
        ),
        Chart(f"accuracy{over}", "batch", "answers", {"right": _means(history.accuracies, size)}, span=span),
    )


def _means(values: tuple[float, ...], size: int) -> list[tuple[float, float]]:
    """The mean of every whole block of `size` values, at its middle."""
    blocks = [values[n : n + size] for n in range(0, len(values) - size + 1, size)]
    return [(n * size + (size - 1) / 2, fmean(block)) for n, block in enumerate(blocks)]
