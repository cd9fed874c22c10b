"""The entries of the command palette."""

from textual.command import DiscoveryHit, Hits
from textual.system_commands import SystemCommandsProvider


class RegisteredActions(SystemCommandsProvider):
    """Lists the actions in the order of the registry, where Textual would sort them: the likely one comes first."""

    async def discover(self) -> Hits:
        """Yield every action."""
        for title, keys, run, _ in self.app.get_system_commands(self.screen):
            yield DiscoveryHit(title, run, help=keys)
