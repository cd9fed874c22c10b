"""The registry of actions as Textual's bindings."""

from textual.binding import Binding

from ...keys import actions_of

DIGIT_KEYS = [Binding(str(digit), f"digit({digit})", show=False, priority=True) for digit in range(10)]
"""Digits typed before a key."""


def bindings(where: str) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """Return the bindings of the screen called `where`; those of everywhere act on the app.

    A screen's own keys have priority: they take effect in the order in which they were typed, however fast. So do the
    keys that quit or draw everything again, whatever lies over the screen.
    """
    return [
        Binding(
            ",".join(action.keys),
            f"do('{action.id}')" if action.where else f"app.{action.name}",
            action.help,
            show=False,
            priority=bool(action.where) or action.name in ("quit", "redraw"),
        )
        for action in actions_of(where)
    ]
