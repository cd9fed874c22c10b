"""How things are drawn: colours by what the terminal can do, glyphs by what it can spell.

Nothing is said by colour alone.
"""

import locale
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from rich.style import Style

from ...engine import printable
from ...engine.text import visible

# Roles, each as (dark, light: colours of the 256, which is half the bytes of RGB; dark, light: of the 16 ANSI colours,
# those that every usual palette makes readable; attributes that also monochrome has). A test computes the contrasts.
ROLES: dict[str, tuple[int, int, str, str, str]] = {
    "text": (252, 236, "", "", ""),
    "dim": (249, 240, "", "", ""),
    "rule": (242, 244, "bright_black", "bright_black", ""),
    "title": (231, 16, "", "", "bold"),
    "key": (179, 88, "bright_yellow", "blue", "bold"),
    "cursor": (231, 16, "", "", "bold reverse"),
    "chosen": (231, 16, "", "", "bold"),
    "warning": (209, 124, "bright_red", "red", "underline"),
    "forget": (111, 24, "bright_cyan", "blue", ""),
    "input": (114, 22, "bright_green", "", ""),
    "reset": (177, 91, "bright_white", "magenta", ""),
    "update": (111, 24, "bright_cyan", "blue", ""),
    "candidate": (179, 88, "bright_yellow", "red", ""),
    "output": (177, 91, "bright_white", "magenta", ""),
    "cell": (255, 233, "", "", ""),
    "hidden": (80, 23, "cyan", "blue", ""),
}
"""The colours of everything that is written."""

BACK = {"dark": 233, "light": 255}
"""The background, of the 256 colours."""

BEHIND = {"lit": {"dark": 237, "light": 253}, "shaded": {"dark": 235, "light": 254}}
"""The backgrounds that go on top of a style: of the column of the current timestamp, and of what is set apart."""

BACKGROUND = {"dark": "#121212", "light": "#eeeeee"}
RAISED = {"dark": "#262626", "light": "#dadada"}
"""The same background, and a raised one, for what Textual draws itself."""


@dataclass(frozen=True)
class Glyphs:
    """The characters that pictures are made of. `levels` run from nothing to full, `bars` likewise sideways.

    A full level leaves an eighth of the cell free, so that neighbouring rows stay apart; bars have eighths.
    """

    unicode: bool
    braille: bool
    levels: str
    bars: str
    full: str
    left_half: str
    zero: str
    rule: str
    chosen: str
    up: str
    down: str
    arrow: str
    minus: str
    times: str
    dot: str
    sigma: str
    prime: str
    ellipsis: str
    pending: str
    track: str
    solid: str
    right: str
    wrong: str


UNICODE = Glyphs(
    unicode=True, braille=False, levels=" ▁▂▃▄▅▆▇", bars=" ▏▎▍▌▋▊▉█", full="█", left_half="▐", zero="│", rule="─",
    chosen="▸", up="▲", down="▼", arrow="→", minus="−", times="×", dot="·", sigma="σ", prime="′", ellipsis="…",
    pending="·", track=" ", solid="█", right="✓", wrong="✗",
)  # fmt: skip
BRAILLE = replace(UNICODE, braille=True)
"""The same, with lines of charts in braille: eight dots a cell."""

ASCII = Glyphs(
    unicode=False, braille=False, levels=".123456789", bars=" #", full="#", left_half="#", zero="|", rule="-",
    chosen=">", up="^", down="v", arrow=">", minus="-", times="x", dot="*", sigma="sigmoid", prime="'", ellipsis="...",
    pending=".", track=".", solid="#", right="*", wrong="x",
)  # fmt: skip


HUGE = 1e7
"""The size from which on a number is written with a power of ten."""

_SPELLED = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "−": "-", "…": "...",
                          "′": "'", "×": "x", "·": "*", "²": "2",
                          "\u2423": "_", "\u21b5": "\\n", "\u21e5": "\\t", "\u240d": "\\r"})  # fmt: skip
"""How ASCII spells the marks that our own sentences have."""


def powered(value: float, sign: str = "") -> str:
    """Return a finite number with a power of ten, as 8.93e29, and with a + where `sign` says so."""
    mantissa, _, exponent = f"{value:{sign}.2e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


@dataclass(frozen=True)
class Look:
    """Glyphs, and styles by role, for one terminal.

    `depth` is "256" (also truecolor), "16" or "none". `plain` means not even bold or reverse, as in a pipe.
    With `mouse` what can be clicked knows what a click does.
    """

    glyphs: Glyphs
    depth: str = "256"
    theme: str = "dark"
    plain: bool = False
    mouse: bool = False

    def style(self, role: str) -> Style:
        """Return the style of a role. "lit" and "shaded" are backgrounds and go on top of another."""
        return _style(role, self.depth, self.theme)

    def text(self, word: str) -> str:
        """Return `word` as a terminal may see it: `printable`, and in ASCII with ? for every other character.

        A token of spaces alone is spelled with marks that can be seen.
        """
        word = printable(visible(word))
        return word if self.glyphs.unicode else word.translate(_SPELLED).encode("ascii", "replace").decode()

    def level(self, value: float) -> str:
        """Return one cell for `value` in 0..1, the higher the fuller; a question mark for NaN."""
        levels = self.glyphs.levels
        if math.isnan(value):
            return "?"
        return levels[round(min(max(value, 0.0), 1.0) * (len(levels) - 1))]

    def number(self, value: float, decimals: int = 2, width: int = 0) -> str:
        """Return `value` with its sign, as +0.64, −0.12 or, from HUGE on, +8.93e29, at least `width` wide."""
        text = f"{value:+.{decimals}f}" if not HUGE <= abs(value) < math.inf else powered(value, "+")
        if float(text) == 0:
            text = text.replace("-", "+")
        return text.replace("-", self.glyphs.minus).rjust(width)

    def memory(self, value: float) -> str:
        """Return a cell state in five places: +0.64, +11.6, −123."""
        return self.number(value, 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0, 5)

    def amount(self, value: float) -> str:
        """Return a number with its sign and two places: +0.64, −11.60; with fewer of them from 100 on, −123, +1e6."""
        size = abs(value)
        if size < 99.995:
            return self.number(value)
        text = f"{value:+.0f}" if size < 99_999.5 else f"{value:+.0e}".replace("e+0", "e").replace("e+", "e")
        return text.replace("-", self.glyphs.minus)

    def share(self, value: float) -> str:
        """Return a number that has no negative side in four places: 0.97, 1.00, 12.0, 1234."""
        size = abs(value)
        if size >= 9.995:
            text = f"{value:.1f}" if size < 99.95 else f"{value:.0f}" if size < 9999.5 else f"{value:.0e}"
            return text.replace("e+0", "e").replace("-", self.glyphs.minus)
        text = f"{value:.2f}"
        return "0.00" if float(text) == 0 else text.replace("-", self.glyphs.minus)

    def bar(self, value: float, width: int) -> str:
        """Return `value` in 0..1 as a bar that is `width` cells when full; a question mark for NaN."""
        if math.isnan(value):
            return "?".ljust(width, self.glyphs.track)[:width]
        bars = self.glyphs.bars
        steps = len(bars) - 1
        whole, part = divmod(round(min(max(value, 0.0), 1.0) * width * steps), steps)
        return (self.glyphs.full * whole + (bars[part] if part else "")).ljust(width, self.glyphs.track)

    def signed_bar(self, value: float, width: int) -> str:
        """Return `value` in -1..1 as a bar from a zero line in the middle, a question mark for NaN; `width` is odd."""
        g, half = self.glyphs, width // 2
        if math.isnan(value):
            return "?".rjust(half + 1, g.track) + g.track * half
        value = min(max(value, -1.0), 1.0)
        if value >= 0:
            return g.track * half + g.zero + self.bar(value, half)
        halves = round(-value * half * 2)
        left = (g.left_half if halves % 2 else "") + g.full * (halves // 2)
        return left.rjust(half, g.track) + g.zero + g.track * half


@cache
def _style(role: str, depth: str, theme: str) -> Style:
    if role in BEHIND:
        back = f"on color({BEHIND[role][theme]})"
        return Style.parse(back if depth == "256" else "underline" if role == "lit" else "none")
    dark, light, ansi_dark, ansi_light, attributes = ROLES[role]
    many = f"color({dark if theme == 'dark' else light}) on color({BACK[theme]})"
    colour = {"256": many, "16": ansi_dark if theme == "dark" else ansi_light, "none": ""}[depth]
    if depth == "none" and role in ("dim", "rule"):
        attributes = "dim"
    return Style.parse(f"{attributes} {colour}".strip() or "none")


_COERCED = ("C.UTF-8", "C.UTF8", "UTF-8")
"""What Python itself puts into LC_CTYPE as it starts in the C locale (PEP 538); nobody asked for it."""


_SIMPLE = ("linux", "vt100", "vt102", "vt220", "ansi", "cons25")


def is_simple(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is of a kind that prints a part of what it does not understand, and has few characters."""
    return environ.get("TERM", "").partition("-")[0] in _SIMPLE


def choose_glyphs(wanted: str, environ: Mapping[str, str]) -> Glyphs:
    """Return the glyphs for --glyphs `wanted`; "auto" asks the locale and TERM, and takes an unset locale as UTF-8."""
    if wanted != "auto":
        return {"braille": BRAILLE, "unicode": UNICODE, "ascii": ASCII}[wanted]
    if environ.get("TERM") == "dumb" or is_simple(environ):
        return ASCII
    names: tuple[str, ...] = ("LC_ALL", "LC_CTYPE", "LANG")
    if environ.get("LANG") in ("C", "POSIX") and environ.get("LC_CTYPE", "").upper() in _COERCED:
        names = ("LC_ALL", "LANG")
    name = next((environ[k] for k in names if environ.get(k)), "")
    if not name:
        return BRAILLE
    codeset = name.partition(".")[2].partition("@")[0].lower().replace("-", "")
    if codeset:
        return BRAILLE if codeset == "utf8" else ASCII
    return ASCII if name in ("C", "POSIX") else _by_locale()


def _by_locale() -> Glyphs:
    """A locale such as en_US names no codeset; ask the system which one it means."""
    try:
        locale.setlocale(locale.LC_CTYPE, "")
        return BRAILLE if locale.nl_langinfo(locale.CODESET).lower().replace("-", "") == "utf8" else ASCII
    except (locale.Error, AttributeError):
        return ASCII


def choose_depth(environ: Mapping[str, str]) -> str:
    """Return how many colours the terminal has: "256" (or more), "16" or "none"."""
    if environ.get("NO_COLOR") or environ.get("TERM") in ("dumb", "vt100", "vt102", "vt220"):
        return "none"
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "256"
    return "256" if environ.get("TERM", "").rpartition("-")[2] in ("256color", "kitty") else "16"


def look_for(glyphs: str, theme: str = "dark") -> Look:
    """Return the look for this process's terminal."""
    return Look(choose_glyphs(glyphs, os.environ), choose_depth(os.environ), theme)
