"""The networks in a file of weights, and which of them is chosen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ....engine.files.contents import Contents, Recurrent
from ...source.networks import words_opening

Opener = Callable[[str], tuple[Any, int | None]]
"""(name of a network) -> its record, and the timestamp to open it at; raises BadInput for what is missing."""


@dataclass(frozen=True)
class Networks:
    """What the file at `path` holds, the network at `index` chosen; `opens` makes the record of one.

    It is None where nothing says what the networks read: then only the command is shown that would.
    """

    path: Path
    found: Contents = field(compare=False, repr=False)
    opens: Opener | None = field(default=None, compare=False, repr=False)
    index: int = 0

    @property
    def network(self) -> Recurrent:
        """The chosen one."""
        return self.found.networks[self.index]

    @property
    def command(self) -> list[str]:
        """The words of the command that opens it."""
        return words_opening(self.path, self.found, self.network)

    def after(self, part: str) -> int | None:
        """Return the index of the next network with `part` in a name, around the end; None where there is none."""
        networks, wanted = self.found.networks, part.casefold()
        for n in range(self.index + 1, self.index + 1 + len(networks)):
            network = networks[n % len(networks)]
            if any(wanted in name.casefold() for name in (network.name, *network.also)):
                return n % len(networks)
        return None
