"""A user's network over numbers: what else it can be run on, and what can stand beside it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ...engine import BadInput
from .origins import MOST_BESIDE, FromFile

if TYPE_CHECKING:
    from ...engine.files.own import Ready


@dataclass(frozen=True, eq=False)
class FromNumbers(FromFile):
    """A user's network that reads numbers: it can be run on other inputs, and others of its file on these."""

    offers: ClassVar = frozenset({"compare", "models", "sentence", "gradients", "gates", "unit page"})
    why_not: ClassVar = "this network comes from a file; only a scenario has this"

    @property
    def models(self) -> tuple[str, ...]:
        """The networks of the file that read the same inputs, by name."""
        return tuple(self._ready_by_name)

    @property
    def besides(self) -> str:
        """What can be put beside these inputs, for a prompt."""
        count, others = len(self.ready.sequences.arrays), [name for name in self.models if name != self.model]
        named = [f"sequence 1 to {count}"] if count > 1 else []
        named += [f"a network ({', '.join(others[:3])})"] if others else []
        return ", ".join([*named, "a file of inputs or of weights"])

    def on(self, text: str | Sequence[str] = (), model: str | None = None) -> "FromNumbers":
        """Return the origin of the same inputs in the network called `model`; `text` is ignored, for there is none."""
        return self if model in (None, self.model) else replace(self, ready=self._ready_by_name[str(model)])

    def at(self, sequence: int) -> "FromNumbers":
        """Return the origin of a sequence of the batch, from 0. Raises BadInput where there is no such sequence."""
        number = self.ready.sequences.number(sequence + 1)
        return replace(self, ready=self.ready.at(number))

    def beside(self, path: Path) -> "FromNumbers":
        """Return the origin of these inputs in the weights of another file, or of its inputs in these weights.

        Raises BadInput where the file holds neither.
        """
        from ...engine import contents  # not before something is put beside it

        try:
            weights = bool(contents(path).networks)
        except BadInput:
            weights = False
        return self._among(path) if weights else self._over(path)

    def _among(self, weights: Path) -> "FromNumbers":
        """The same inputs in another file of weights, read as this one."""
        from ...engine.files.own import prepare

        own = replace(self.ready.own, weights=weights, sequence=self.ready.sequence + 1)
        return replace(self, ready=prepare(own))

    def _over(self, inputs: Path) -> "FromNumbers":
        """The same network over the first sequence of another file; a separate file of targets is left out."""
        from ...engine.files.own import prepare

        targets, own = self.ready.numbers.targets, self.ready.own
        column = own.target if targets is not None and targets.places else None
        asked = replace(own, input=inputs, sequence=1, lengths=None, carry=False)
        for target in dict.fromkeys((column, None)):
            for layout in dict.fromkeys((None, own.layout)):
                with suppress(BadInput):
                    ready = prepare(replace(asked, layout=layout, target=target))
                    return replace(self, ready=replace(ready, stack=self.ready.stack))
        prepare(replace(asked, target=None))  # which says what is wrong
        raise AssertionError("it was refused before")

    @cached_property
    def _ready_by_name(self) -> "dict[str, Ready]":
        from ...engine.files.own import prepare

        found = {self.model: self.ready}
        if self.ready.own.chain is not None or len(self.ready.found.networks) > MOST_BESIDE:
            return found
        own = replace(self.ready.own, readout=None, sequence=self.ready.sequence + 1)
        for network in self.ready.found.networks:
            if network.name != self.model and not network.refused:
                with suppress(BadInput):
                    found[network.name] = prepare(replace(own, network=network.name))
        return found

    def cannot(self, need: str) -> str:
        """Return why `need` cannot be met, or "" where it can: some needs take gates, or another network."""
        if need == "models" and len(self.models) < 2:
            return "no other network in this file reads these inputs"
        from ...engine import gates_of

        if need == "gates" and not gates_of(self.ready.stack.cell.quantities):
            return f"a vanilla {self.ready.stack.cell.title} has no gates"
        return super().cannot(need)
