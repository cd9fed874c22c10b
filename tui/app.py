"""The Textual application: which screen is open, and what works everywhere."""

import gc
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ref

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.constants import DRIVER
from textual.driver import Driver
from textual.events import Event, Key, Paste, Resize
from textual.screen import Screen
from textual.theme import Theme

from ..engine import BadInput
from ..scenarios import Study
from .draw.look import BACKGROUND, RAISED, Look
from .keys import EVERYWHERE, STEPPER, key_names, with_keys
from .opening import opened_study, screen_of
from .terminal.spelling import AsciiFilter
from .terminal.typeahead import TypeAhead
from .views.base.bindings import bindings
from .views.base.chrome import Chrome, offered, ranked
from .views.base.freeing import free
from .views.base.lesson_progress import LessonProgress, progress_in
from .views.base.messages import Kept, LessonMoved, Moved, Open, Worked
from .views.base.palette import RegisteredActions
from .views.base.screen import ViewScreen

if TYPE_CHECKING:
    from .terminal.driver import TerminalDriver

_VIEWS = Path(__file__).with_name("views")


class GatestepApp(App[Exception]):
    """The application: opens with `opened` at timestamp `t`, from 0, or with the list of scenarios.

    With None for `t` it begins where the lesson of `opened` does; `ask` asks the terminal for its background. Its
    result is what went wrong with a file that was to be opened, else None. `lessons` is how far each scenario's lesson
    has got; `breakpoints` are shared by all screens.
    """

    BINDINGS = bindings(EVERYWHERE)
    COMMANDS = {RegisteredActions}  # noqa: RUF012 (Textual reads it as a class attribute)
    ENABLE_COMMAND_PALETTE = True
    TITLE = "gatestep"
    # All views' at once: what a screen brings along makes Textual parse everything again when it opens.
    CSS_PATH = [_VIEWS / "base/screen.tcss", _VIEWS / "stepper/stepper.tcss", _VIEWS / "compare/compare.tcss"]  # noqa: RUF012
    CSS = """
    Screen { background: $background; }
    SearchIcon { display: none; }
    * { scrollbar-size-vertical: 1; scrollbar-color: $foreground 40%; scrollbar-background: $background; }
    CommandPalette > Vertical { max-width: 110; }
    CommandPalette > .command-palette--help-text { color: $accent; text-style: none; }
    CommandPalette:ansi > .command-palette--help-text { color: transparent; }
    .ascii CommandInput, .ascii CommandList, .ascii * { border: none; }
    .ascii CommandInput { padding: 0 2; }
    """

    def __init__(self, look: Look, opened: Any = None, t: int | None = None, ask: bool = False) -> None:
        # With 16 colours or none the terminal's own are used: Textual would turn them into RGB, or into greys.
        super().__init__(ansi_color=None if look.depth == "256" else True)
        self.look = look
        self._opened, self._t, self._ask = opened, t, ask
        self.lessons: dict[str, LessonProgress] = {}
        self.breakpoints: tuple[Any, ...] = ()
        self._typed = TypeAhead(self, super().on_event)
        self.animation_level = "none"
        for name in ("dark", "light"):
            self.register_theme(_theme(name))
        self._dress()
        self._variables = self.get_css_variables()
        self.stylesheet.set_variables(self._variables)
        if not look.glyphs.unicode:
            self._filters.append(AsciiFilter())
            self.add_class("ascii")
        if look.depth == "none":
            self.add_class("colourless")

    def get_driver_class(self) -> type[Driver]:
        """Return our driver where Textual would take its own for a terminal on Linux or macOS."""
        try:
            usual = super().get_driver_class()
        except Exception as error:  # whatever importing it raises
            raise BadInput(f"TEXTUAL_DRIVER={DRIVER}: {error}; unset it, or name a driver as MODULE:CLASS") from error
        if usual.__name__ != "LinuxDriver":
            return usual
        from .terminal.driver import TerminalDriver

        return TerminalDriver

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Let our driver decide what part of an update is sent to the terminal, and when."""
        driver = self._ours
        if driver is None or not isinstance(renderable, CompositorUpdate):
            super()._display(screen, renderable)
        elif self._running and not self._closed and not self._batch_count:
            driver.draw(renderable)

    @property
    def _ours(self) -> "TerminalDriver | None":
        return self._driver if hasattr(self._driver, "draw") else None  # type: ignore[return-value]

    async def on_event(self, event: Event) -> None:
        """Handle a key or a paste once those typed before it have been dealt with."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._typed.take(event)
        else:
            await super().on_event(event)

    def on_resize(self, event: Resize) -> None:
        """Draw everything again, even when several changes have led back to the same size."""
        if self._ours:
            self._ours.resized(event.size)

    def action_redraw(self) -> None:
        """Draw everything again, whatever the terminal shows."""
        if self._ours:
            self._ours.redraw()

    @property
    def fault(self) -> Exception | None:
        """The exception that ended the app early; None where none did."""
        return self._exception

    def panic(self, *renderables: RenderableType) -> None:
        """End the app without a traceback; its caller reports `fault` in one line."""
        self._close_messages_no_wait()

    _fatal_error = panic

    def on_ready(self) -> None:
        """Turn garbage collection on again once the first screen is shown, leaving out everything made so far."""
        if not gc.isenabled():  # as `open_app` leaves it
            gc.freeze()
            gc.enable()
        if self._ask and self._ours:
            self._ours.ask_background(self._suit)

    def _suit(self, theme: str) -> None:
        """Take the theme that suits the terminal's background, unless one was chosen meanwhile."""
        if self._ask and theme != self.look.theme:
            self._take_theme(theme)

    def on_mount(self) -> None:
        """Open the first screen."""
        self.push_screen(self._screen(self._opened, self._t) if self._opened else self._picker())

    def _screen(self, record: Any, t: int | None = None) -> Screen[None]:
        """The screen for `record`: with its lesson, unless a timestamp was asked for."""
        progress = None
        if t is None and getattr(record, "lesson", None):
            progress = progress_in(record.lesson, self.lessons.get(record.title))
            self.lessons[record.title] = progress
        return screen_of(record, self.look, t, progress)

    def pop_screen(self) -> AwaitComplete:
        """Leave the screen, and free what it has shown."""
        left = ref(self.screen)
        leaving = super().pop_screen()
        self.call_later(free, self, left)  # which runs after the screen is removed
        return leaving

    def on_worked(self, event: Worked) -> None:
        """Free a screen that was left while a thread worked for it."""
        free(self, event.screen)

    def on_open(self, event: Open) -> None:
        """Open the screen of a record, or of what a scenario opens with."""
        record = event.record
        if isinstance(record, Study):
            try:
                record = opened_study(record)
            except BadInput as error:
                self.exit(message=f"gatestep: {error}", return_code=2)
                return
        if event.instead:
            progress = self.lessons.get(record.title) if getattr(record, "lesson", None) else None
            left = ref(self.screen)
            self.switch_screen(screen_of(record, self.look, event.t, progress))
            self.call_later(free, self, left)
            return
        screen = self._screen(record, event.t)
        self._leave_page_like(screen)
        self.push_screen(screen)

    def _leave_page_like(self, screen: Screen[None]) -> None:
        """Close an open page of the same kind, with all that was opened from it: going in circles piles up no screens.

        Steppers stay, since other pages are opened from them; there are only as many as there are pages between them.
        """
        kinds = [type(other) for other in self.screen_stack]
        if type(screen) in kinds and getattr(screen, "WHERE", STEPPER) != STEPPER:
            for _ in kinds[kinds.index(type(screen)) :]:
                self.pop_screen()

    def on_moved(self, event: Moved) -> None:
        """Move the screen below the open one to the same place."""
        if len(self.screen_stack) > 1 and (follow := getattr(self.screen_stack[-2], "follow", None)):
            follow(event.record)
            if event.leave:
                self.pop_screen()

    def on_lesson_moved(self, event: LessonMoved) -> None:
        """Remember how far a lesson has got."""
        self.lessons[event.scenario] = event.progress

    def on_kept(self, event: Kept) -> None:
        """Keep these breakpoints."""
        self.breakpoints = event.breakpoints

    def _picker(self) -> Screen[None]:
        from .views.picker.screen import PickerScreen  # not loaded by `gatestep run`

        return PickerScreen(self.look)

    def _dress(self) -> None:
        self.theme = f"{'gatestep' if self.look.depth == '256' else 'ansi'}-{self.look.theme}"

    def refresh_css(self, animate: bool = True) -> None:
        """Parse and apply all styles again, but not where they have been parsed with the colours of this theme."""
        if (variables := self.get_css_variables()) != self._variables:
            self._variables = variables
            super().refresh_css(animate)

    def action_theme(self) -> None:
        """Change between dark and light."""
        self._ask = False
        self._take_theme("light" if self.look.theme == "dark" else "dark")

    def _take_theme(self, theme: str) -> None:
        self.look = replace(self.look, theme=theme)
        self._dress()
        for screen in self.screen_stack:
            if hasattr(screen, "relook"):
                screen.relook(self.look)

    def action_mouse(self) -> None:
        """Turn the mouse on or off."""
        on = not self.look.mouse
        if self._ours:
            self._ours.set_mouse(on)
        self.look = replace(self.look, mouse=on)
        for screen in self.screen_stack:
            if hasattr(screen, "relook"):
                screen.relook(self.look)
        if isinstance(self.screen, ViewScreen):
            off = "off; the terminal selects text with it"
            self.screen.say(f"the mouse is {'on' if on else off}; {{key:app.mouse}} turns it {'off' if on else 'on'}")

    @property
    def where(self) -> str:
        """The name by which the registry of actions knows the screen that is open."""
        return getattr(self.screen, "WHERE", EVERYWHERE)

    def action_help(self) -> None:
        """Show the help of this screen, or close it."""
        from .views.help.screen import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        elif isinstance(self.screen, ViewScreen):
            self.push_screen(HelpScreen(self.screen.chrome, self.screen.state, self.look))

    def on_command_palette_opened(self) -> None:
        """Keep the palette's cursor from blinking, which would send bytes while nobody types."""
        for field in self.screen.query("Input"):
            field.cursor_blink = False  # type: ignore[attr-defined]

    async def action_undo(self) -> None:
        """Undo the innermost thing on the screen; then leave it, unless it is the first."""
        undo = getattr(self.screen, "back", None)
        if undo is not None and undo():
            return
        if not self.at_first:
            await self.action_back()
        elif isinstance(self.screen, ViewScreen):
            self.screen.say("this is the first screen; {key:app.back} quits")

    async def action_back(self) -> None:
        """Leave the screen, whatever is shown on it, or quit on the first one; ask once while a training runs."""
        if isinstance(self.screen, ViewScreen) and self.screen.asks():
            return
        if self.at_first:
            self.exit()
        else:
            self.pop_screen()

    @property
    def at_first(self) -> bool:
        """Whether leaving this screen quits: below the first one lies only Textual's own empty one."""
        return len(self.screen_stack) <= 2

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the palette's entries: the actions of this screen, the most useful first."""
        chrome: Chrome | None = getattr(screen, "chrome", None)  # a view's, or that of the view below its help
        where, lacking = (chrome.where, chrome.lacking) if chrome else (EVERYWHERE, frozenset[str]())
        for action in ranked(offered(where, lacking)):
            if action.name != "command_palette":
                target = self if not action.where else screen
                title = with_keys(action.help[0].upper() + action.help[1:], self.look.glyphs.unicode)
                keys = " or ".join(key_names(action, self.look.glyphs.unicode))
                yield SystemCommand(title, f"key {keys}", self._runner(action.name, target))

    def _runner(self, name: str, target: object):  # type: ignore[no-untyped-def]
        async def run() -> None:
            await self.run_action(name, target)  # type: ignore[arg-type]

        return run


def _theme(name: str) -> Theme:
    dark = name == "dark"
    return Theme(
        name=f"gatestep-{name}",
        primary="#87afd7" if dark else "#005f87",
        accent="#e8c37a" if dark else "#870000",
        foreground="#d0d4dc" if dark else "#24292f",
        background=BACKGROUND[name],
        surface=BACKGROUND[name],
        panel=RAISED[name],
        dark=dark,
    )
