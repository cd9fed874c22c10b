"""What each kind of terminal can do, and whether what was sent to it stays within that."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_SEQUENCE = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)", re.DOTALL)
_SGR = re.compile(r"\[([\d;:]*)m")
_PLAIN = {"", "0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29", "39", "49"}
_OLD = re.compile(r"\[[\d;]*[HCJKmn]|\[\?\d+[hl]")
"""Cursor movement, erasing, SGR, the query for the cursor's position, and modes, which are ignored where unknown."""
_MODERN = re.compile(r"\[[\d;]*[HCJKmn]|\[\?\d+[hl]|\[[<>]\d*u|\[\?\d+\$p|\]11;\?\x1b\\|\[c")
"""These, the keyboard protocol, and the queries for a mode, for the background, and for what the terminal is."""


@dataclass(frozen=True)
class Kind:
    """A kind of terminal: the environment and options by which the command learns of it, and what it can do.

    It has so many `colours`, shows only ASCII where `ascii`, and knows only _OLD sequences where `old`.
    """

    name: str
    env: Mapping[str, str | None] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    colours: int = 256
    ascii: bool = False
    old: bool = False

    def complaints(self, sent: bytes) -> set[str]:
        """Return what was sent that the terminal cannot do."""
        sequences = {match[1].decode("utf-8", "replace") for match in _SEQUENCE.finditer(sent)}
        wrong = {s for s in sequences if not (_OLD if self.old else _MODERN).fullmatch(s)}
        for codes in (match[1] for match in map(_SGR.fullmatch, sequences) if match):
            if self.colours < 2**24 and re.search(r"(^|;)[34]8[;:]2[;:]", codes):
                wrong.add(codes)
            if self.colours < 256 and re.search(r"(^|;)[34]8[;:]", codes):
                wrong.add(codes)
            if not self.colours and not set(codes.split(";")) <= _PLAIN:
                wrong.add(codes)
        text = _SEQUENCE.sub(b"", sent)
        if self.ascii and not text.isascii():
            wrong.add("above 127")
        return wrong | {repr(bytes([b])) for b in set(text) if b < 32 and b not in b"\r\n"}

    def made_use_of(self, sent: bytes) -> bool:
        """Whether anything was sent in its colours; or, where it has none, in bold or reverse, as a cursor needs it."""
        codes = {match[1].decode() for match in re.finditer(rb"\x1b\[([\d;:]*)m", sent)}
        if self.colours >= 256:
            return any("38;5;" in code for code in codes)
        if self.colours:
            return any(re.search(r"(^|;)[39]\d($|;)", code) for code in codes)
        return any({"1", "7"} & set(code.split(";")) for code in codes)


KINDS = (
    Kind("truecolor", {"COLORTERM": "truecolor"}, colours=2**24),
    Kind("xterm-256color"),
    Kind("tmux-256color", {"TERM": "tmux-256color"}),
    Kind("screen-256color", {"TERM": "screen-256color"}),
    Kind("xterm", {"TERM": "xterm"}, colours=16),
    Kind("screen", {"TERM": "screen"}, colours=16),
    Kind("linux console", {"TERM": "linux"}, colours=16, ascii=True, old=True),
    Kind("vt100", {"TERM": "vt100"}, colours=0, ascii=True, old=True),
    Kind("vt220", {"TERM": "vt220"}, colours=0, ascii=True, old=True),
    Kind("NO_COLOR", {"NO_COLOR": "1"}, colours=0),
    Kind("NO_COLOR, 16 colours", {"NO_COLOR": "1", "TERM": "xterm"}, colours=0),
    Kind("C locale", {"LC_ALL": "C"}, ascii=True),
    Kind("C locale by LANG", {"LC_ALL": None, "LANG": "C"}, ascii=True),
    Kind("--glyphs ascii", args=("--glyphs", "ascii"), ascii=True),
)
"""The kinds of terminal that the command distinguishes."""
