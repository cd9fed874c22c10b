"""The rules of Textual's style sheets, read once for all the apps of a run; each would read them anew, for 20 ms."""

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_read_anew = Stylesheet._parse_rules
_read: dict[tuple[Any, ...], list[RuleSet]] = {}


def parsed_once(sheet: Stylesheet, css: str, **source: Any) -> list[RuleSet]:
    """Do what `Stylesheet._parse_rules` does: return the rules of `css`, in the colours of the theme of `sheet`."""
    key = (css, *source.values(), tuple(sheet._variables.items()))
    if key not in _read:
        _read[key] = _read_anew(sheet, css, **source)
    return _read[key]
