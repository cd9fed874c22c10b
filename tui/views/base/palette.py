"""The entries of the command palette."""

from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits
from textual.system_commands import SystemCommandsProvider

from ...keys import ACTIONS

NAMES = {action.help.casefold(): action.short for action in ACTIONS}
"""What the footer calls an action, by its help."""


class RegisteredActions(SystemCommandsProvider):
    """Lists the actions by how often they are needed, where Textual would sort them by name."""

    async def discover(self) -> Hits:
        """Yield every action."""
        for title, keys, run, _ in self.app.get_system_commands(self.screen):
            yield DiscoveryHit(title, run, help=keys)

    async def search(self, query: str) -> Hits:
        """Yield the actions in which words begin with those of `query`, in the same order; the likely ones first."""
        wanted = query.casefold().split()
        for place, (title, keys, run, _) in enumerate(self.app.get_system_commands(self.screen)):
            name = NAMES.get(title.casefold(), "")
            named = in_order(wanted, name)
            if named or in_order(wanted, f"{name} {title}"):
                yield Hit((1.0 if named else 0.5) - place / 1000, Text(title), run, text=title, help=keys)


def in_order(wanted: list[str], text: str) -> bool:
    """Return whether words of `text` begin with those that are `wanted`, in the same order."""
    words = iter(text.casefold().replace(":", " ").replace(",", " ").split())
    return all(any(word.startswith(part) for word in words) for part in wanted)
