"""What a terminal sends, cut into keys, pastes and answers: every byte, every split, in linear time."""

import time
from collections.abc import Iterable

import pytest
from gatestep.tui.terminal import keyboard
from gatestep.tui.terminal.keyboard import SILENCE, Answer, Keyboard
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.message import Message

KINDS = {"OSC": "]", "DCS": "P", "SOS": "X", "PM": "^", "APC": "_"}
STRINGS = [
    (kind, introducer)
    for kind, letter in KINDS.items()
    for introducer in (f"\x1b{letter}".encode(), bytes([ord(letter) + 0x40]), chr(ord(letter) + 0x40).encode())
]
"""Control strings, introduced in seven bits, in eight, and in eight spelled as UTF-8."""

TERMINATORS = (b"\x07", b"\x1b\\", b"\x9c", b"\xc2\x9c")


def told(message: Message) -> object:
    """A message, short."""
    if isinstance(message, Answer):
        return message.kind, message.body
    if isinstance(message, events.Key):
        return message.key
    if isinstance(message, events.Paste):
        return f"paste {message.text}"
    return type(message).__name__


def cut(*chunks: bytes) -> list[object]:
    """What `chunks` are, each in a read of its own."""
    board = Keyboard()
    return [told(message) for chunk in chunks for message in board.feed(chunk)]


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(keyboard, "time", clock)
    return clock


def after_silence(clock: Clock, *chunks: bytes, seconds: float, then: bytes = b"") -> list[object]:
    """What `chunks` are when `seconds` pass behind each, and `then` behind the last."""
    board, found = Keyboard(), list[Message]()
    for chunk in chunks:
        found += board.feed(chunk)
        clock.now += seconds
        found += board.tick(clock.now)
    return [told(message) for message in [*found, *board.feed(then)]]


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"\x82q", ["replacement_character", "q"]),
        (b"\xff", ["replacement_character"]),
        (b"\xe9l", ["replacement_character", "l"]),
        (b"\xc3l", ["replacement_character", "l"]),
        (b"\xc3\xa9", ["é"]),
        (b"\xe1\xe2q", ["replacement_character"] * 2 + ["q"]),
        (b"\x9bA", ["up"]),
        (b"\xc2\x9bA", ["up"]),
        (b"\x8fB", ["down"]),
        (b"\x85\x9cq", ["replacement_character", "q"]),
        (b"\x00", ["ctrl+@"]),
        (b"\x1b[M !!q", ["q"]),
        (b"\x1b[M \xff\xc3q", ["q"]),
        (b"\x1b[M \xc3\xa9q", ["q"]),
        (b"\x1b[M \x9b\x9dq", ["q"]),
        (b"\x1b[<0;10;10M\x1b[32;10;10Mq", [("CSI", "32;10;10M"), "q"]),
        (b"\x1b[?62;22cq", [("CSI", "?62;22c"), "q"]),
        (b"\x1b[?2026;2$y", ["TerminalSupportsSynchronizedOutput"]),
        (b"\x1b[48;1;1;1;1tq", [("CSI", "48;1;1;1;1t"), "q"]),
        (b"\x1b[1:2u\x1b[9999999999u\x1b[97;1:3uq", [("CSI", "1:2u"), ("CSI", "9999999999u"), ("CSI", "97;1:3u"), "q"]),
        (b"\x1b[3;\x01q", ["ctrl+a", "q"]),
        (b"\x1bOXq", ["q"]),
        (b"\x1b\x1b[A\x1bx\x1b\r", ["escape", "up", "alt+x", "enter"]),
        (b"\x1b[27u\x1b[97;;97u", ["escape", "a"]),
        (b"\x1b[12;40R\x1b[I\x1b[O", ["CursorPosition", "AppFocus", "AppBlur"]),
    ],
    ids=repr,
)  # fmt: skip
def test_bytes_are(data: bytes, keys: list[object]) -> None:
    assert cut(data) == keys
    assert cut(*(bytes([byte]) for byte in data)) == keys


def test_every_sequence_that_is_a_key_is_one() -> None:
    """Those of Textual's table, but for what answers the question for the cursor."""
    for sequence, keys in ANSI_SEQUENCES_KEYS.items():
        answer = sequence.startswith("\x1b[") and sequence.endswith("R")
        if isinstance(keys, tuple) and not answer and sequence not in ("\x1b", "\x1b\x1b", "\x9b"):
            *found, last = cut(sequence.encode(), b"q")
            assert found, repr(sequence)
            assert all(isinstance(key, str) for key in [*found, last]), repr(sequence)
            assert last == "q", repr(sequence)


@pytest.mark.parametrize(("kind", "introducer"), STRINGS)
@pytest.mark.parametrize("terminator", TERMINATORS)
def test_a_control_string_is_one_answer_wherever_it_is_split(kind: str, introducer: bytes, terminator: bytes) -> None:
    whole = introducer + b"11;rgb:ffff/00cc/bb" + terminator
    for split in range(len(whole) + 1):
        if split != 1 or whole[0] != 0x1B:  # ESC alone may be the key, and is told from it by time
            assert cut(whole[:split], whole[split:] + b"q") == [(kind, "11;rgb:ffff/00cc/bb"), "q"]


def test_what_no_answer_looks_like_is_dropped_and_is_no_key() -> None:
    assert cut("\x1b]l;Über\x07q".encode()) == ["q"]
    assert cut(b"\x1b]l\r\n\x03\x00qqq\x1a\x07q") == ["q"]
    assert cut(b"\x1b]52;c;" + b"c" * 5000 + b"\x1b\\q") == ["q"]
    assert cut(b"\x1b[" + b"1" * 5000 + b"cq") == ["q"]
    assert cut(b"\x1b[" + b"1" * 100, b"1" * 100 + b"cq") == ["q"]


def test_a_string_that_is_cut_off_ends_with_silence(clock: Clock) -> None:
    for introducer in (introducer for _, introducer in STRINGS):
        assert after_silence(clock, introducer + b"cbq", b"cbq", seconds=SILENCE / 2, then=b"cbq") == []
        assert after_silence(clock, introducer + b"cbq\x1b", seconds=SILENCE, then=b"q") == ["q"]


def test_a_paste_or_a_key_that_sends_a_sequence_ends_a_string_that_is_cut_off() -> None:
    assert cut(b"\x1b]52;c;ccc\x1b[200~Jos\xe9 \x1b]0;x\x07\x00Pakistan\x1b[201~q") == [
        "paste Jos\ufffd \x1b]0;x\x07Pakistan", "q"]  # fmt: skip
    assert cut(b"\x1b]52;c;ccc\x1b[Aq") == ["up", "q"]


def test_a_paste_without_end_is_pasted_and_keys_are_keys_again(clock: Clock) -> None:
    assert after_silence(clock, b"\x1b[200~qq\x1b[20", seconds=5.0, then=b"q") == ["paste qq\x1b[20", "q"]


def test_escape_is_told_from_a_sequence_by_time(clock: Clock) -> None:
    assert after_silence(clock, b"\x1b", seconds=0.2, then=b"q") == ["escape", "q"]
    assert after_silence(clock, b"\x1b[", b"1;", seconds=0.2, then=b"5Cq") == ["ctrl+right", "q"]
    assert after_silence(clock, b"\x1b[1;", seconds=SILENCE, then=b"q") == ["q"]


def test_a_character_may_come_in_parts_and_half_of_one_is_told_after_a_while(clock: Clock) -> None:
    assert after_silence(clock, b"\xe2", b"\x82", seconds=0.5, then=b"\xac") == ["euro_sign"]
    assert after_silence(clock, b"\xe2\x82", seconds=SILENCE, then=b"q") == ["replacement_character"] * 2 + ["q"]


PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from([introducer for _, introducer in STRINGS] + [*TERMINATORS, b"\x1b", b"\x1b[", b"\x9b", b"\x1b[M"]),
    st.sampled_from([b"\x1b[200~", b"\x1b[201~", b"\x1b[A", b"\x1bO", b"1;5", b"\xe2\x82", b"q", b"\x1b[97;5"]),
)


@given(st.lists(PIECES, max_size=12).map(b"".join), st.data())
def test_how_reads_cut_what_is_sent_makes_no_difference(data: bytes, draw: st.DataObject) -> None:
    places = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=6)))
    chunks = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
    assert cut(*chunks) == cut(data)


@pytest.mark.parametrize(
    "endless",
    [b"\x1b]52;c;ccccc", b"\x1b[200~cc", b"\x1b[11111111", b"\x1b[1", b"\x1bP\x1b", b"\x9d", b"\xe9", b"\x1b[M"],
    ids=repr,
)
def test_twice_as_much_takes_no_more_than_about_twice_as_long(endless: bytes) -> None:
    def seconds(count: int) -> float:
        begun, rest, board = endless, (endless * count)[-count:], Keyboard()
        start = time.process_time()
        for chunk in (begun, *(rest[n : n + 7] for n in range(0, count, 7))):
            for _ in board.feed(chunk):
                pass
        return time.process_time() - start

    short, long = (min(seconds(count) for _ in range(3)) for count in (4_000, 32_000))
    assert long < 8 * 4 * short, "quadratic time would be 64 times as long"


def test_a_mouse_is_heard_where_it_is_asked_for() -> None:
    messages: Iterable[Message] = Keyboard(mouse=lambda: True).feed(b"\x1b[<0;10;10M")
    assert [told(message) for message in messages] == ["MouseDown"]
