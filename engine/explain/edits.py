"""Edits as they are typed: what is changed, at which timestamps, and into what.

    QUANTITY[UNITS] (= | += | *=) VALUE [@ STEPS]      forget[2]=1@5:9   hidden[3]=0   l1.input*=.5@3:   x[0]+=1@4
    QUANTITY[UNITS] [@ STEPS] = from(SOURCE) [@ STEPS] cell[2]@9=from("another sentence")@7
    reset@STEPS   skip@STEPS   delete@STEPS            h and c are zeroed before; it is not read; it is removed
    token@STEP="Turkey"   insert@STEP="not"            another word there; words before the one that is there

UNITS and STEPS are as in `ranges`; without UNITS all units are meant, without STEPS all timestamps. SOURCE is a
sentence in quotes, the number of a sequence from 1, or nothing, which is this run as it is without edits. Its STEPS are
as many as those on the left; without any, they are the same.

The text is taken apart by hand, and never evaluated.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import NoReturn

from ..arrays import LARGEST
from ..errors import BadInput
from ..quantities import QUANTITIES

LONGEST = 1000
"""The most characters that an edit may have."""

ON_STATES, ON_SEQUENCE = ("reset", "skip"), ("token", "insert", "delete")
"""The actions that have a name of their own: on the states that a timestamp finds, and on what the network reads."""

INPUT = "x"
"""What the input is called."""

CHANGES = {"=": "set", "+=": "add", "*=": "scale"}
"""The actions by their sign."""

_NAME = re.compile(r"(?:(?P<layer>l[0-9]{1,4}(?:_reverse)?)\.)?(?P<name>[A-Za-z_]+)")
_UNITS = re.compile(r"\[\s*(?P<inside>\"[^\"]*\"|[^\]\"]*?)\s*\]")
_TIMESTAMPS = re.compile(r"@\s*(?P<inside>[0-9:,\- ]*[0-9:])")
_SIGN = re.compile(r"\+=|\*=|=(?!=)")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_QUOTED = re.compile(r"\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'")
_FROM = re.compile(r"from\s*\(\s*(?P<inside>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[0-9]{1,9})?\s*\)")
_SPACE = re.compile(r"\s*")


class WrongEdit(BadInput):
    """An edit that cannot be used. The one line ends in `at column N`; `column` is N, from 1.

    `text` is the edit as it was typed, where it is well formed but does not fit the run.
    """

    def __init__(self, message: str, column: int, text: str = ""):
        super().__init__(f"{message}, at column {column}")
        self.column, self.text = column, text


@dataclass(frozen=True)
class Source:
    """Where the values of a patch come from: a sentence, a sequence by its number from 1, or None for the same run.

    `timestamps` are its timestamps as typed, None where they are those of the edit.
    """

    what: str | int | None
    timestamps: str | None


Value = float | str | Source | None
"""What an edit puts there: a number, a word, or where the values of a patch come from."""


@dataclass(frozen=True)
class Edit:
    """One edit; `text` is what was typed.

    `action` is "set", "add", "scale" or "patch" of a quantity or of the input, or one of ON_STATES or ON_SEQUENCE.
    `layer`, `units` and `timestamps` are as typed, None where nothing was; `columns` say where in the text each part
    stands, from 1.
    """

    text: str
    action: str
    quantity: str = ""
    layer: str | None = None
    units: str | None = None
    timestamps: str | None = None
    value: Value = None
    columns: tuple[tuple[str, int], ...] = field(default=(), compare=False)

    def refuse(self, message: str, part: str = "name") -> NoReturn:
        """Raise WrongEdit about a part of it: "name", "layer", "units", "timestamps", "value" or "source"."""
        columns = dict(self.columns)
        raise WrongEdit(message, columns.get(part, columns.get("name", 1)), self.text)

    def __str__(self) -> str:
        return self.text


def parse_edit(text: str) -> Edit:
    """Return the edit that `text` is. Raises WrongEdit, whose line says what could stand where it is wrong."""
    if len(text) > LONGEST:
        raise WrongEdit(f"an edit has at most {LONGEST:,} characters, and this one {len(text):,}", LONGEST + 1)
    return _Scanner(text).edit()


def parse_edits(lines: Iterable[str], source: str) -> list[Edit]:
    """Return the edits in the lines of a file that is called `source`, one a line; what follows a # is a comment.

    Raises WrongEdit, which names the line.
    """
    found = []
    for number, line in enumerate(lines, 1):
        text = _without_comment(line)
        if text.strip():
            try:
                found.append(parse_edit(text))
            except WrongEdit as error:
                raise WrongEdit(
                    f"{source}: line {number}: {str(error).rpartition(', at column')[0]}", error.column
                ) from None
    return found


def _without_comment(line: str) -> str:
    """What stands before the first # that is not within quotes."""
    match = re.match(r"(?:[^\"'#]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')*", line)
    assert match is not None
    rest = line[match.end() :]
    return line[: match.end()] if rest.startswith("#") or not rest else line


class _Scanner:
    """Reads an edit from left to right."""

    def __init__(self, text: str):
        self.text, self.place = text, 0
        self.columns: dict[str, int] = {}

    def edit(self) -> Edit:
        name = self._take(_NAME, "a quantity, x, reset, skip, token, insert or delete", "name")
        layer, action = name["layer"], name["name"]
        if layer is not None:
            self.columns["layer"], self.columns["name"] = self.columns["name"], name.start("name") + 1
        known = tuple(dict.fromkeys((*QUANTITIES, INPUT, *ON_STATES, *ON_SEQUENCE)))
        if action not in known:
            self._wrong(f"unknown quantity {action[:40]}; choose from {', '.join(known)}", name.start("name"))
        units = self._maybe(_UNITS, "units")
        timestamps = self._maybe(_TIMESTAMPS, "timestamps")
        sign = self._maybe_sign()
        if action in ON_SEQUENCE or (action in ON_STATES and sign is None):
            return self._acted(action, layer, units, timestamps, sign)
        if action not in (*QUANTITIES, INPUT):
            self._wrong(f"{action} takes no value; write {action}@5", self.place)
        if sign is None:
            self._wrong("nothing says what it becomes; =, += or *= could stand here")
        if action == INPUT and layer is not None:
            self._wrong("the input belongs to no layer; write x", self.columns["layer"] - 1)
        patch = self._maybe_match(_FROM, "value")
        if patch is not None:
            if sign != "=":
                self._wrong("a patch sets a value; write = before from", patch.start())
            source = Source(self._source(patch["inside"]), self._maybe(_TIMESTAMPS, "source"))
            self._end()
            return self._made("patch", action, layer, units, timestamps, source)
        number = self._take(_NUMBER, 'a number or from("a sentence")', "value")[0]
        value = float(number)
        if not isfinite(value) or abs(value) > LARGEST:
            self._wrong(f"{number[:40]} is beyond float32; a value is below 3.4e38", self.columns["value"] - 1)
        if timestamps is None:
            timestamps = self._maybe(_TIMESTAMPS, "timestamps")
        self._end()
        return self._made(CHANGES[sign or "="], action, layer, units, timestamps, value)

    def _acted(
        self, action: str, layer: str | None, units: str | None, timestamps: str | None, sign: str | None
    ) -> Edit:
        """The rest of an edit that has a name of its own."""
        if units is not None:
            self._wrong(f"{action} has no units; write {action}@5", self.columns["units"] - 1)
        if layer is not None and action != "reset":
            self._wrong(f"{action} is of the whole network; it belongs to no layer", self.columns["layer"] - 1)
        if timestamps is None:
            self._wrong(f"nothing says where; write {action}@5")
        if action not in ("token", "insert"):
            if sign is not None:
                self._wrong(f"{action} takes no value; write {action}@5", self.place - 1)
            self._end()
            return self._made(action, "", layer, None, timestamps, None)
        if sign != "=":
            self._wrong(f'nothing says which word; write {action}@5="not"', self.place - len(sign or ""))
        word = self._unquoted(self._take(_QUOTED, f'a word in quotes, as in {action}@5="not"', "value")[0])
        if not word.strip():
            self._wrong(f"{action} needs a word between the quotes", self.columns["value"] - 1)
        self._end()
        return self._made(action, "", None, None, timestamps, word)

    def _made(
        self, action: str, quantity: str, layer: str | None, units: str | None, timestamps: str | None, value: Value
    ) -> Edit:
        text, columns = self.text.strip(), tuple(self.columns.items())
        return Edit(text, action, quantity, layer, units, timestamps, value, columns)

    def _source(self, inside: str | None) -> str | int | None:
        if inside is None:
            return None
        return int(inside) if inside.isdecimal() else self._unquoted(inside)

    @staticmethod
    def _unquoted(quoted: str) -> str:
        return re.sub(r"\\(.)", r"\1", quoted[1:-1])

    def _maybe_match(self, pattern: re.Pattern[str], part: str) -> re.Match[str] | None:
        start = _SPACE.match(self.text, self.place).end()  # type: ignore[union-attr]
        match = pattern.match(self.text, start)
        if match is not None:
            named = "inside" in pattern.groupindex and part != "value"
            self.columns[part] = (match.start("inside") if named else start) + 1
            self.place = match.end()
        return match

    def _maybe(self, pattern: re.Pattern[str], part: str) -> str | None:
        """The inside of what `pattern` matches here; of brackets and @ that it does not, a refusal."""
        match = self._maybe_match(pattern, part)
        if match is not None and match["inside"].strip():
            return match["inside"].strip()
        rest = self.text[self.place :].lstrip()
        if match is not None or (pattern is _UNITS and rest.startswith("[")):
            self._wrong("these brackets name no units; write [3], [0,3,7-9] or [5:9]")
        if pattern is _TIMESTAMPS and rest.startswith("@"):
            self._wrong("@ names no timestamps; write @3, @1,3,7-9, @5:9, @5: or @:9")
        return None

    def _maybe_sign(self) -> str | None:
        match = self._maybe_match(_SIGN, "sign")
        return None if match is None else match[0]

    def _take(self, pattern: re.Pattern[str], wanted: str, part: str) -> re.Match[str]:
        match = self._maybe_match(pattern, part)
        if match is None:
            rest = self.text[self.place :].strip()
            self._wrong(f"{f'{rest[:20]} is not {wanted}' if rest else f'{wanted} could stand here'}")
        assert match is not None
        return match

    def _end(self) -> None:
        rest = self.text[self.place :].strip()
        if rest:
            self._wrong(f"{rest[:20]} is left over; the edit could end here")

    def _wrong(self, message: str, place: int | None = None) -> NoReturn:
        if place is None:
            place = _SPACE.match(self.text, self.place).end()  # type: ignore[union-attr]
        raise WrongEdit(message, place + 1)
