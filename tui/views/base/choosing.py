"""Choosing one of a list: by arrows, its number, or its first letters."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.events import Key

from ...keys import actions_of

if TYPE_CHECKING:
    from .screen import ViewScreen as Mixed
else:
    Mixed = object


class Choosing(Mixed):
    """Mixed into a screen with a list, in which the one at `index` of the state is chosen."""

    NOUN: ClassVar[str]
    """What one entry of the list is called."""

    _letters: str = ""

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The names of each entry of the list; the beginning of any of them chooses it."""
        raise NotImplementedError

    def chosen(self, index: int) -> Any:
        """Return the state in which the one at `index` is chosen."""
        raise NotImplementedError

    def row_chosen(self, index: int) -> Any:
        """Return the same: a click on a row chooses it."""
        return self.chosen(index)

    def go(self, state: Any) -> None:
        """Go to `state`, and forget the letters that were typed before."""
        super().go(state)
        self._letters = ""

    def on_key(self, event: Key) -> None:
        """Choose by the first letters of a name, unless the letter is a key here."""
        keys = {key for action in actions_of(self.WHERE) for key in action.keys}
        if event.character and event.character.isalpha() and event.key not in keys and not self.prompting:
            event.stop()
            self._type(event.character.casefold())

    def _type(self, letter: str) -> None:
        """Choose the entry that begins with all letters typed so far, or else the next that begins with this one."""
        index, names = self.state.index, self.names
        for letters, start in ((self._letters + letter, index), (letter, index + 1)):
            for n in range(start, start + len(names)):
                if any(name.casefold().startswith(letters) for name in names[n % len(names)]):
                    self.go(self.chosen(n % len(names)))
                    self._letters = letters
                    return
        self.go(self.state)
        self.say(f"no {self.NOUN} begins with {letter}")

    def action_digit(self, digit: int) -> None:
        """Choose the one of that number."""
        if 1 <= digit <= len(self.names):
            self.go(self.chosen(digit - 1))
        else:
            self.say(f"there is no {self.NOUN} {digit}; they are 1 to {len(self.names)}")

    def action_choose(self, sign: int) -> None:
        """Move the choice, around the end."""
        self.go(self.chosen((self.state.index + sign) % len(self.names)))

    def action_first(self) -> None:
        """Choose the first."""
        self.go(self.chosen(0))

    def action_last(self) -> None:
        """Choose the last."""
        self.go(self.chosen(len(self.names) - 1))
