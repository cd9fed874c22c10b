"""The one screen that all views are: a frozen state, panels that draw it, and keys that make another state."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.events import Click
from textual.geometry import Size
from textual.reactive import reactive
from textual.screen import Screen

from ....engine import BadInput
from ...draw.lines import CLICK, Panel
from ...draw.look import Look
from ...keys import ACTIONS, action_called, actions_of
from .bindings import DIGIT_KEYS, bindings
from .chrome import DIGITS, Chrome, footer, noted
from .messages import Open
from .panel import PanelView

if TYPE_CHECKING:
    from .prompt import Prompt


LEAST_HEIGHT = 10
"""The fewest rows of a terminal in which a note may take two."""


WHEEL = tuple((id, f"{id}_back") for id in ("picker.choose", "forecast.day", "stepper.over"))
"""The actions of the wheel, down and up; the first pair that a screen has counts."""


class ViewScreen(Screen[None]):
    """Draws `state` in the panels of PANELS, top to bottom, and below them the footer.

    WHERE is the name by which the registry of actions knows the screen. A state is frozen, and equal states look the
    same; setting it is the only way in which anything on the screen changes.
    """

    WHERE: ClassVar[str]
    PANELS: ClassVar[Mapping[str, Panel[Any]]] = {}
    AUTO_FOCUS = ""

    state: reactive[Any] = reactive(None, init=False, repaint=False)
    chrome: reactive[Chrome] = reactive(Chrome(""), init=False, repaint=False)

    def __init_subclass__(cls, **options: Any) -> None:
        if "WHERE" in vars(cls):
            cls.BINDINGS = [*bindings(cls.WHERE), *DIGIT_KEYS]
        super().__init_subclass__(**options)

    def __init__(self, state: Any, look: Look) -> None:
        super().__init__()
        self._look = look
        self._footer_rows = 1
        self.set_reactive(ViewScreen.state, state)
        self.set_reactive(ViewScreen.chrome, Chrome(self.WHERE))

    def compose(self) -> ComposeResult:
        """Yield the panels, and the footer."""
        for name, panel in self.PANELS.items():
            yield PanelView(panel, id=name)
        yield PanelView(footer, id="footer")

    # Drawing

    @property
    def is_current(self) -> bool:
        """Whether it can be seen: it is on top, or only below screens that let it through. Else it is not painted."""
        stack = self.app.screen_stack
        above = stack[stack.index(self) + 1 :] if self in stack else []
        return super().is_current and all(screen.styles.background.a < 1 for screen in above)

    def on_mount(self) -> None:
        """Lay out and draw for the first time."""
        self.share_rows()
        first = len(self.app.screen_stack) <= 2  # below it lies only Textual's own empty one
        self.set_reactive(ViewScreen.chrome, replace(self._chrome(), first=first))
        self.draw()

    def on_resize(self) -> None:
        """Share the new size among the panels."""
        self.share_rows()

    def watch_state(self, old: Any, new: Any) -> None:
        """Draw the new state."""
        if self.layout_of(old) != self.layout_of(new):
            self.share_rows()
        if (chrome := self._chrome()) != self.chrome:
            self.set_reactive(ViewScreen.chrome, chrome)
        self.draw()

    def watch_chrome(self) -> None:
        """Draw the footer."""
        self._fit_footer()
        self.query_one("#footer", PanelView).show(self.chrome, self._look)

    def _fit_footer(self) -> None:
        """Give a note that needs it a second row, as long as it is there."""
        width, height = self.app.size
        rows = len(noted(self.chrome.note, width, 2, self._look)) if self.chrome.note and height >= LEAST_HEIGHT else 1
        footer = self.query_one("#footer")
        if self._footer_rows != rows:
            footer.styles.height = self._footer_rows = rows

    def relook(self, look: Look) -> None:
        """Draw everything in another look."""
        self._look = look
        self.draw()

    def draw(self) -> None:
        """Have every panel draw the state."""
        for panel in self.query(PanelView):
            panel.show(self.chrome if panel.id == "footer" else self.state, self._look)

    def rows(self, state: Any, size: Size) -> Mapping[str, int]:
        """Return how many rows each panel gets, by name; panels that are left out share what remains."""
        return {}

    def layout_of(self, state: Any) -> Hashable:
        """Return what `rows` depends on beside the size: only a change of it shares the rows again."""
        return None

    def share_rows(self) -> None:
        """Share the rows among the panels; one without rows is hidden."""
        for name, rows in self.rows(self.state, self.app.size).items():
            panel = self.query_one(f"#{name}")
            panel.styles.height = rows
            panel.display = rows > 0
        self._footer_rows = 0
        self._fit_footer()

    # What is typed and said

    def go(self, state: Any) -> None:
        """Go to `state`, and clear the count and the note."""
        self.chrome = replace(self.chrome, count="", note="")
        self.state = state

    def say(self, note: str) -> None:
        """Show `note` in the footer; keys in it are written as {key:stepper.model}."""
        self.chrome = replace(self.chrome, count="", note=note)

    def action_digit(self, digit: int) -> None:
        """Add a digit to the count."""
        self.chrome = replace(self.chrome, count=f"{self.chrome.count}{digit}".lstrip("0")[:DIGITS], note="")

    def times(self, sign: int = 1) -> int:
        """Return the count that was typed, 1 without one, times `sign`."""
        return sign * int(self.chrome.count or 1)

    def numbered(self, last: int) -> int | None:
        """Return the index whose number (from 1) was typed, or `last`; None, with a note, where there is none such."""
        place = int(self.chrome.count) - 1 if self.chrome.count else last
        if place > last:
            self.say(f"there is no {place + 1} here; the last is {last + 1}")
            return None
        return place

    # What can be done

    def cannot(self, need: str) -> str:
        """Return why what an action needs cannot be met here, or "" where it can."""
        return ""

    def named(self) -> Mapping[str, str]:
        """Return, by id, what the footer calls actions that now do another thing than at first; "" leaves one out."""
        return {}

    def _chrome(self) -> Chrome:
        """The footer with what can be done now."""
        needs = {action.needs for action in ACTIONS if action.needs and self.WHERE in action.where}
        lacking = frozenset(need for need in needs if self.cannot(need))
        return replace(self.chrome, lacking=lacking, named=tuple(self.named().items()))

    async def action_do(self, id: str) -> None:
        """Do what the action with that id does, or say why it cannot be done here."""
        action = action_called(id)
        if action.needs and (reason := self.cannot(action.needs)):
            self.say(reason)
        else:
            await self.run_action(action.name)

    def open(self, record: Any, t: int | None = None, *, instead: bool = False) -> None:
        """Have the app open the screen of `record`."""
        self.post_message(Open(record, t, instead=instead))

    # The mouse

    async def on_click(self, event: Click) -> None:
        """Do what was clicked on."""
        what, _, value = str(event.style.meta.get(CLICK, "")).partition(":")
        if what == "do" and not self.prompting:
            action = action_called(value)
            await (self.action_do(value) if action.where else self.app.run_action(action.name))
        elif what and not self.prompting:
            self.clicked(what, value)

    def clicked(self, what: str, value: str) -> None:
        """Go to what was clicked on: its kind `what`, and which one as text, as in "at" and a timestamp from 0.

        Of a list a click chooses the row; one on the row that is chosen does what Enter does.
        """
        if what == "row" and (there := self.row_chosen(int(value))) != self.state:
            self.go(there)
        elif what == "row":
            enter = next(action.id for action in actions_of(self.WHERE) if "enter" in action.keys)
            self.call_later(self.action_do, enter)

    def row_chosen(self, index: int) -> Any:
        """Return the state in which the row at `index` of the list is chosen."""
        raise NotImplementedError

    async def on_mouse_scroll_down(self) -> None:
        """Step on."""
        await self._wheel(0)

    async def on_mouse_scroll_up(self) -> None:
        """Step back."""
        await self._wheel(1)

    async def _wheel(self, back: int) -> None:
        ids = {action.id for action in actions_of(self.WHERE)}
        pair = next((pair for pair in WHEEL if pair[0] in ids), None)
        if pair and not self.prompting:
            await self.action_do(pair[back])

    # Prompts

    @property
    def prompting(self) -> bool:
        """Whether a prompt is open."""
        return any(type(child).__name__ == "Prompt" for child in self.children)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a prompt is open, it gets the keys."""
        return not (self.prompting and action in ("do", "digit"))

    async def ask(self, purpose: str, label: str, text: str = "", part: tuple[int, int] | None = None) -> "Prompt":
        """Open a prompt with its text, or a `part` of it, selected; what is typed comes to `answer`."""
        from .prompt import Prompt  # its Input is loaded when the first prompt opens, not at start-up

        self.go(self.state)
        prompt = Prompt(purpose, label, text, part)
        await self.mount(prompt)
        self.set_focus(prompt.field)  # at once, for keys that are typed ahead
        return prompt

    def on_prompt_answered(self, event: "Prompt.Answered") -> None:
        """Do what the prompt was opened for, unless nothing was typed; a wrong text stays, with its fault."""
        text = event.text.strip()
        if text and (fault := self.wrong(event.purpose, event.text)) is not None:
            self.query("Prompt").first().refuse(*fault)  # type: ignore[attr-defined]
            return
        self.close_prompt()
        if text:
            self.answer(event.purpose, text)
        else:
            self.say("nothing was typed")

    def check(self, purpose: str, text: str) -> None:
        """Raise BadInput, with a `column` (from 1) if there is one, for text that a prompt has to refuse."""

    def wrong(self, purpose: str, text: str) -> tuple[str, int] | None:
        """Return what is wrong with `text`, and at which character (from 0); None where nothing is."""
        try:
            self.check(purpose, text)
        except BadInput as error:
            return str(error), getattr(error, "column", 1) - 1
        return None

    def answer(self, purpose: str, text: str) -> None:
        """Do what a prompt was opened for."""
        raise NotImplementedError

    def close_prompt(self) -> bool:
        """Close the prompt, and return whether there was one."""
        was = self.prompting
        self.query("Prompt").remove()
        self.set_focus(None)
        return was

    def asks(self) -> bool:
        """Say what leaving would lose, unless the note says it already. Return whether it was said."""
        return False

    def back(self) -> bool:
        """Undo the innermost thing, as Esc does: a prompt, a count or a note. Return whether there was one."""
        if self.close_prompt():
            return True
        said = bool(self.chrome.count or self.chrome.note)
        self.say("")
        return said
