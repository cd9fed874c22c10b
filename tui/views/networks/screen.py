"""The networks in a file: choose one to open."""

from dataclasses import replace
from typing import ClassVar

from ....engine import BadInput, WorkFailed
from ...keys import NETWORKS
from ..base.choosing import Choosing
from ..base.screen import ViewScreen
from .panels import networks
from .state import Networks


class NetworksScreen(Choosing, ViewScreen):
    """Lists the recurrent networks in a file; its state is Networks."""

    WHERE = NETWORKS
    NOUN = "network"
    PANELS: ClassVar = {"page": networks}

    state: Networks

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The whole name of each network, its last part, and its other names."""
        return [(n.name, n.name.rpartition(".")[2], *n.also) for n in self.state.found.networks]

    def chosen(self, index: int) -> Networks:
        """Return the list with the network at `index` chosen."""
        return replace(self.state, index=index)

    def cannot(self, need: str) -> str:
        """Return why the chosen network cannot be opened."""
        if need != "opens":
            return ""
        if refused := self.state.network.refused:
            return f"it cannot be opened: {refused}"
        missing = "--input FILE is missing: leave, and give the command above with the file that the network reads"
        return missing if self.state.opens is None else ""

    def action_open(self) -> None:
        """Open the chosen network, or say what is wrong with its input."""
        assert self.state.opens is not None
        self.go(self.state)
        try:
            record, t = self.state.opens(self.state.network.name)
        except (BadInput, WorkFailed) as error:
            self.say(str(error))
        else:
            self.open(record, t)

    async def action_find(self) -> None:
        """Ask for a part of a name."""
        await self.ask("find", "part of a network's name:")

    def answer(self, purpose: str, text: str) -> None:
        """Choose the next network with that part in its name."""
        place = self.state.after(text)
        if place is None:
            self.say(f"no network has {text} in its name")
        else:
            self.go(self.chosen(place))
