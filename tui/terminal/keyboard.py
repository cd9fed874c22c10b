"""What a terminal sends, cut into keys, pastes and answers: any byte, split anywhere, in time linear in its length.

Bytes are UTF-8 where they can be, else the 8-bit controls of ECMA-48 (section 5.3) where they are those, else one
character that stands for something unreadable. Control strings (OSC, DCS, APC, PM, SOS) are answers and never keys; so
is a control sequence that names no key. Textual's own parser takes both for keys, which act.
"""

import contextlib
import re
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Generator, Iterator

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

SILENCE = 1.0
"""Seconds after which something unfinished is given up: a control string, a sequence, a character of several bytes."""

_PASTE_SILENCE = 2.0
"""Seconds of silence that end a paste. Longer, since what came after it would be obeyed as keys."""

_MOST_KEY, _MOST_SEQUENCE, _MOST_ANSWER = 32, 64, 256
"""Characters of a sequence that may be a key's, of one that is held until its end comes, and of an answer."""

# A byte that is not UTF-8 comes from the decoder as a lone surrogate, U+DC00 above it; the same control may also come
# as a character of its own in UTF-8. An old report of the mouse is three bytes, whatever characters they seem to be.
_CSI, _SS3 = r"(?:\x1b\[|[\x9b\udc9b])", r"(?:\x1bO|[\x8f\udc8f])"
_BEGINS = r"\x8f\x90\x98\x9b-\x9f\udc8f\udc90\udc98\udc9b-\udc9f"
_ONE, _TWO, _MORE = r"[\x00-\x7f\udc80-\udcff]", r"[\x80-\u07ff]", r"[^\x00-\u07ff\udc80-\udcff]"
_TOKEN = re.compile(
    rf"""
    (?P<string>\x1b[\]PX^_] | [\x90\x98\x9d-\x9f\udc90\udc98\udc9d-\udc9f])
    | (?P<mouse>{_CSI}M (?:{_ONE}(?:{_ONE}.|{_TWO}|{_MORE}) | {_TWO}. | {_MORE}))
    | (?P<paste>{_CSI}200~)
    | (?P<sequence>{_CSI}(?!M)(?:\[[A-E] | (?:[378]|2[34])\$ | [\ -?]*[@-Z\\-~] | [\ -?]+\[ | \[(?=[^A-E])))
    | (?P<single>{_SS3}[\ -~])
    | (?P<long>{_CSI}[\ -?]{{{_MOST_SEQUENCE}}})
    | (?P<broken>(?:{_CSI}[\ -?]*|{_SS3})(?=[^\ -~]))
    | (?P<stray>\x1b\\|[\x9c\udc9c])
    | (?P<escape>\x1b(?=[\x1b{_BEGINS}]))
    | (?P<alt>\x1b[^\x1b\[O\]PX^_{_BEGINS}])
    | (?P<text>[^\x1b{_BEGINS}]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_STRING_END = re.compile("\x07|\x1b\\\\|[\x9c\udc9c]|\x1b(?=[\\[O\\]PX^_])")
_PASTE_END, _MOST_PASTE_END = re.compile(f"{_CSI}201~"), len("\x1b[201~")
_LONG_END = re.compile("[^\x20-?]")
_UNREADABLE = re.compile("[\x80-\x9f\udc80-\udcff]")

_KINDS = {"]": "OSC", "P": "DCS", "X": "SOS", "^": "PM", "_": "APC"}
_STRING, _LONG, _PASTE = "string", "long", "paste"

_CURSOR = re.compile(r"(\d+);(\d+)R")
_SYNCHRONIZED = re.compile(r"\?2026;[1-4]\$y")
_FOCUS = {"\x1b[I": events.AppFocus, "\x1b[O": events.AppBlur}
_MOUSE = re.compile(r"<\d+;-?\d+;-?\d+[Mm]")


class Answer(Message):
    """A whole control string or sequence that is no key: `kind` is OSC, DCS, APC, PM, SOS or CSI, `body` the rest.

    The body is printable ASCII, without introducer and terminator: "11;rgb:ffff/ffff/ffff" of an OSC, "?62;22c" of a
    CSI. What does not fit that is no answer to anything that is asked here, and is dropped.
    """

    def __init__(self, kind: str, body: str) -> None:
        super().__init__()
        self.kind, self.body = kind, body


class Keyboard:
    """Turns bytes into messages; mouse events only while `mouse` returns true."""

    def __init__(self, mouse: Callable[[], bool] = bool) -> None:
        self._mouse = mouse
        self._names = XTermParser()
        self._decoder = getincrementaldecoder("utf-8")("surrogateescape")
        self._held = ""  # too little to tell what it is
        self._mode = ""  # inside of what: _STRING, _LONG, _PASTE or nothing
        self._kind = ""
        self._body: list[str] = []
        self._size = 0
        self._heard = 0.0

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield what `data` completes."""
        self._heard = time.monotonic()
        yield from self._take(self._decoder.decode(data))

    def tick(self, until: float) -> Iterator[Message]:
        """Yield what silence completes, nothing having come before `until`, in seconds by time.monotonic."""
        silent = until - self._heard
        if self._mode == _PASTE:
            if silent >= _PASTE_SILENCE:
                self._body.append(self._held)
                self._held = ""
                yield self._pasted()
        elif self._mode:
            if silent >= SILENCE:
                self._mode = self._held = ""
                self._decoder.reset()
        elif self._held == "\x1b":
            if silent >= constants.ESCAPE_DELAY:
                self._held = ""
                yield from self._keys("\x1b")
        elif silent >= SILENCE and (self._held or self._decoder.getstate()[0]):
            self._held = ""
            yield from self._take(self._decoder.decode(b"", final=True))

    def _take(self, text: str) -> Iterator[Message]:
        text, self._held = self._held + text, ""
        place = 0
        while place < len(text):
            if self._mode == _PASTE:
                place = yield from self._in_paste(text, place)
            elif self._mode == _STRING:
                place = yield from self._in_string(text, place)
            elif self._mode == _LONG:
                end = _LONG_END.search(text, place)
                self._mode = "" if end else _LONG
                place = len(text) if not end else end.start() + ("@" <= end[0] <= "~")
            elif token := _TOKEN.match(text, place):
                yield from self._token(token)
                place = token.end()
            else:
                break
        self._held = text[place:] + self._held

    def _token(self, token: re.Match[str]) -> Iterator[Message]:
        kind, what = token.lastgroup, token[0]
        if kind == "string":
            self._mode, self._kind, self._body, self._size = _STRING, _KINDS[_in_seven_bits(what)[1]], [], 0
        elif kind == "paste":
            self._mode, self._body = _PASTE, []
        elif kind == "long":
            self._mode = _LONG
        elif kind in ("sequence", "single"):
            yield from self._sequence(_in_seven_bits(what))
        elif kind == "escape":
            yield from self._keys(what)
        elif kind == "alt":
            yield from [*self._keys(what)] or self._keys(_UNREADABLE.sub("\ufffd", what[1]), alt=True)
        elif kind == "text":
            for character in _UNREADABLE.sub("\ufffd", what):
                yield from self._keys(character)

    def _sequence(self, what: str) -> Iterator[Message]:
        """Act on a whole sequence, with its introducer in seven bits."""
        body = what[2:]
        if what in _FOCUS:
            yield _FOCUS[what]()
        elif what[1] == "[" and (place := _CURSOR.fullmatch(body)):
            yield events.CursorPosition(int(place[2]) - 1, int(place[1]) - 1)
        elif what[1] == "[" and _SYNCHRONIZED.fullmatch(body):
            yield TerminalSupportsSynchronizedOutput()
        elif what[1] == "[" and _MOUSE.fullmatch(body):
            if self._mouse() and (event := self._names.parse_mouse_code(what)):
                yield event
        elif keys := [*self._keys(what)]:
            yield from keys
        elif what[1] == "[" and len(body) <= _MOST_ANSWER:
            yield Answer("CSI", body)

    def _keys(self, sequence: str, alt: bool = False) -> Iterator[Message]:
        """The keys that `sequence` names; none where it names none, or gives a number that no character has."""
        if sequence == "\x1b":
            yield events.Key("escape", "\x1b")
        elif len(sequence) <= _MOST_KEY:
            with contextlib.suppress(ValueError, OverflowError):
                named = [*self._names._sequence_to_key_events(sequence, alt)]
                yield from (key for key in named if key.key != Keys.Ignore)

    def _in_string(self, text: str, place: int) -> Generator[Message, None, int]:
        """Take the part of a control string; return where it ends."""
        end = _STRING_END.search(text, place)
        last = end.start() if end else len(text) - text.endswith("\x1b", place)
        if self._size <= _MOST_ANSWER:
            self._body.append(text[place : min(last, place + _MOST_ANSWER + 1)])
            self._size += len(self._body[-1])
        if not end:
            self._held = text[last:]
            return len(text)
        self._mode, body = "", "".join(self._body)
        if end[0] != "\x1b" and self._size <= _MOST_ANSWER and body.isascii() and body.isprintable():
            yield Answer(self._kind, body)
        return end.end() - (end[0] == "\x1b")

    def _in_paste(self, text: str, place: int) -> Generator[Message, None, int]:
        """Take the part of a paste; return where it ends."""
        end = _PASTE_END.search(text, place)
        last = end.start() if end else max(len(text) - _MOST_PASTE_END + 1, place)
        self._body.append(text[place:last])
        if end:
            yield self._pasted()
            return end.end()
        self._held = text[last:]
        return len(text)

    def _pasted(self) -> events.Paste:
        text, self._mode = "".join(self._body), ""
        return events.Paste(_UNREADABLE.sub("\ufffd", text.replace("\x00", "")))


def _in_seven_bits(sequence: str) -> str:
    """Spell the introducer of `sequence` with ESC, however it came."""
    first = ord(sequence[0])
    return sequence if first == 0x1B else f"\x1b{chr((first & 0xFF) - 0x40)}{sequence[1:]}"
