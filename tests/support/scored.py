"""How often a network is right about sentences whose answer is known."""

from collections.abc import Sequence

from gatestep.engine import Network
from gatestep.engine.train.words import Example
from gatestep.scenarios import answers


def share_right(network: Network, examples: Sequence[Example]) -> float:
    """Return the share of `examples` whose last target is what `network` answers at the end."""
    said = answers(network, [example.words for example in examples])
    return sum(word == e.targets[-1] for word, e in zip(said, examples, strict=True)) / len(examples)
