"""The terminal's background: asked for once, after the first frame, and whatever comes of it is no key."""

from collections.abc import Callable

import pytest
from ptydriver import COMMAND, Spawn, Terminal

RUN = ("run", "pakistan", "--at", "9")
ASKED, FENCE = b"\x1b]11;?\x1b\\\x1b[c", b"\x1b[?62;22c"
LIGHT, DARK = "eeeeee", "121212"
"""The backgrounds of the two themes."""


def answering(terminal: Terminal, answer: Callable[[], bytes]) -> None:
    """Have the terminal answer the question what it is, and with it all that is asked there, by `answer`."""
    emulator = terminal._emulator
    usual = emulator.write_process_input

    def write(data: str) -> None:
        if not data.endswith("c"):
            usual(data)
        elif said := answer():
            terminal.send(said)

    emulator.write_process_input = write  # type: ignore[method-assign]


def background(terminal: Terminal) -> str:
    return str(terminal._emulator.buffer[0][1].bg)


def osc(colour: str, end: str = "\x1b\\") -> bytes:
    return f"\x1b]11;rgb:{colour}{end}".encode()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (osc("ffff/ffff/ffff") + FENCE, LIGHT),
        (osc("fd/f6/e3", "\x07") + FENCE, LIGHT),
        (osc("0000/0000/0000") + FENCE, DARK),
        (FENCE, DARK),
        (FENCE + osc("ffff/ffff/ffff"), DARK),
        (osc("zz/zz/zz") + FENCE, DARK),
        (b"\x1b]11;" + b"cccccccc" * 100 + b"\x07" + FENCE, DARK),
    ],
)
def test_the_theme_suits_the_answer(spawn: Spawn, answer: bytes, expected: str) -> None:
    terminal = spawn(*RUN)
    answering(terminal, lambda: answer)
    terminal.wait_for("timestamp 9/24")
    terminal.wait_until(lambda: ASKED in terminal.sent, "asks")
    terminal.wait_until(lambda: background(terminal) == expected, "takes the theme")
    terminal.settle(0.4)
    assert background(terminal) == expected
    assert terminal.shows("timestamp 9/24"), "no key was pressed"
    assert terminal.sent.count(ASKED) == 1
    assert terminal.bytes_in(0.5) == b""


def test_the_first_frame_does_not_wait_and_a_late_answer_in_pieces_counts_until_d_is_pressed(spawn: Spawn) -> None:
    for key, expected in (("", LIGHT), ("dd", DARK)):
        terminal = spawn(*RUN, real=True)
        answering(terminal, lambda: b"")
        terminal.wait_for("timestamp 9/24")
        terminal.wait_until(lambda: ASKED in terminal.sent, "asks")  # noqa: B023
        terminal.settle()
        assert background(terminal) == DARK
        terminal.press(*key)
        terminal.settle()
        for part in (b"\x1b]11;rgb:ff", b"ff/ffff/ff", b"ff\x1b", b"\\", FENCE):
            terminal.send(part)
            terminal.bytes_in(0.1)
        terminal.settle(0.3)
        assert background(terminal) == expected
        assert terminal.shows("timestamp 9/24")


@pytest.mark.parametrize(
    ("arguments", "env", "expected"),
    [
        (("--theme", "light"), {}, LIGHT),
        (("--theme", "dark"), {}, DARK),
        ((), {"NO_COLOR": "1"}, "default"),
        ((), {"TERM": "vt220"}, "default"),
    ],
)
def test_where_the_theme_is_known_or_nothing_nobody_asks(
    spawn: Spawn, arguments: tuple[str, ...], env: dict[str, str], expected: str
) -> None:
    terminal = spawn(*RUN, *arguments, env=env)
    terminal.wait_for("timestamp 9/24")
    terminal.settle(0.4)
    assert background(terminal) == expected
    assert b"]11;" not in terminal.sent


def test_an_answer_that_comes_when_one_has_left_does_not_reach_the_shell(spawn: Spawn) -> None:
    terminal = spawn(shell=f'{COMMAND} run order; IFS= read -r rest; echo "got:$rest:"')
    held: list[bytes] = []
    answering(terminal, lambda: b"")
    emulator = terminal._emulator
    usual = emulator.write_process_input
    emulator.write_process_input = lambda data: (  # type: ignore[method-assign]
        held.append(data.encode()) if ASKED in terminal.sent else usual(data)  # type: ignore[func-returns-value]
    )
    terminal.wait_until(lambda: ASKED in terminal.sent and held, "asks")
    terminal.press("ctrl+c")
    terminal.bytes_in(0.4)
    terminal.send(osc("ffff/ffff/ffff") + FENCE + b"".join(part for part in held if not part.endswith(b"c")))
    terminal.wait_until(lambda: b"\x1b[?1049l" in terminal.sent, "leaves")
    terminal.bytes_in(0.3)
    terminal.press("enter")
    terminal.wait_for("got:")
    assert terminal.shows("got::")
