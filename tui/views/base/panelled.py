"""What the screens that are made of panels have in common: drawing, and one line of input at the bottom."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen

from ....scenarios import Scenario
from ...draw.look import Look
from ...keys import ACTIONS
from .panel import PanelView

if TYPE_CHECKING:
    from .prompt import Prompt


class PanelledScreen(Screen[None]):
    """Draws `state` in every panel. WHERE is the name by which the registry of actions knows the screen."""

    WHERE: ClassVar[str]
    CSS_PATH = [Path(__file__).with_name("panelled.tcss")]  # noqa: RUF012 (Textual reads it as a class attribute)
    AUTO_FOCUS = ""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    @property
    def state(self) -> Any:
        """What the panels draw: frozen, and equal where it looks the same."""
        raise NotImplementedError

    @property
    def panels(self) -> list[PanelView[Any]]:
        """Every panel of the screen."""
        return list(self.query(PanelView))

    def relook(self, look: Look) -> None:
        """Draw everything in another look."""
        self._look = look
        self._show()

    def _show(self) -> None:
        for panel in self.panels:
            panel.show(self.state, self._look)

    def open_charts(self, scenario: Scenario) -> None:
        """Show the charts of a scenario."""
        from ..charts.screen import ChartScreen  # with the library that draws, when the first is asked for

        self.app.push_screen(ChartScreen(scenario, self._look))

    @property
    def prompting(self) -> bool:
        """Whether a prompt is open."""
        return bool(self.query("Prompt"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a prompt is open, its keys are its own."""
        return not self.prompting or action not in self._own_actions()

    def _own_actions(self) -> set[str]:
        return {"digit", *(action.name.partition("(")[0] for action in ACTIONS if self.WHERE in action.where)}

    async def _ask(self, purpose: str, label: str, text: str = "") -> "Prompt":
        """Open a prompt; the screen gets its `Prompt.Answered`."""
        from .prompt import Prompt  # its Input is loaded when the first prompt opens, not at start-up

        prompt = Prompt(purpose, label, text)
        await self.mount(prompt)
        self.set_focus(prompt.field)  # at once, for keys that are typed ahead
        return prompt

    def on_prompt_answered(self, event: "Prompt.Answered") -> None:
        """Do what the prompt was opened for, unless nothing was typed."""
        text = event.text.strip()
        self.close_prompt()
        if text:
            self._answer(event.purpose, text)

    def _answer(self, purpose: str, text: str) -> None:
        """Do what a prompt was opened for."""
        raise NotImplementedError

    def close_prompt(self) -> bool:
        """Close the prompt and say whether there was one."""
        was = self.prompting
        self.query("Prompt").remove()
        self.set_focus(None)
        return was

    def back(self) -> bool:
        """Undo the innermost thing, and say whether there was one."""
        return self.close_prompt()
