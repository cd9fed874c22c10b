"""What the screens have in common whose keys take a count: it is in their one record, beside what there is to say."""

from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding

from .panelled import PanelledScreen
from .seeking import DIGITS

DIGIT_KEYS = [Binding(str(digit), f"digit({digit})", show=False, priority=True) for digit in range(10)]
"""Digits typed before a key."""


class CountingScreen(PanelledScreen):
    """Has all its state in the reactive called STATE: a frozen record with a `count` as it is typed, and a `note`."""

    STATE: ClassVar[str]

    @property
    def state(self) -> Any:
        """What is shown."""
        return getattr(self, self.STATE)

    def _put(self, state: Any) -> None:
        setattr(self, self.STATE, state)

    def _go(self, state: Any) -> None:
        """Go to `state`, and forget what was typed or said before."""
        self._put(replace(state, count="", note=""))

    def _say(self, note: str) -> None:
        """Say something in the footer."""
        self._put(replace(self.state, count="", note=note))

    def action_digit(self, digit: int) -> None:
        """Add a digit to the count."""
        count = f"{self.state.count}{digit}".lstrip("0")[:DIGITS]
        self._put(replace(self.state, count=count, note=""))

    def _count(self, sign: int = 1) -> int:
        return sign * int(self.state.count or 1)

    def _numbered(self, otherwise: int) -> int:
        """The place (from 0) whose number (from 1) was typed, or else `otherwise`."""
        return int(self.state.count) - 1 if self.state.count else otherwise

    def back(self) -> bool:
        """Undo the innermost thing: a prompt, a count, something said. Say whether there was one."""
        if self.close_prompt():
            return True
        said = bool(self.state.count or self.state.note)
        self._say("")
        return said
