"""What is sent to terminals that can do little: few colours, none, no Unicode."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

SGR = re.compile(rb"\x1b\[([\d;:]*)m")
COLOURLESS = {"", "0", "1", "2", "3", "4", "7", "22", "23", "24", "27", "39", "49"}
"""SGR codes of bold, dim, italics, underline, reverse, their ends, and of the default colours."""


TOUR = (
    ("right", "timestamp 2/24"), ("5l", "timestamp 7/24"), (".", "timestamp 8/24 . 1/4 forget"),
    ("j", ""), ("tab", ""), ("o", ""),
    ("m", "RNN"), ("m", "GRU"), ("m", "peephole"), ("m", "coupled"), ("m", "coupled"), ("m", "LSTM"),
    ("d", ""), ("d", ""),
    (":", "go to timestamp"), ("esc", "q quit"), ("/", "find:"), ("zebra", "find: *zebra"), ("enter", "zebra: not in"),
    ("e", "sentence:"), ("esc", "q quit"), ("?", "You are at"), ("esc", "q quit"),
    ("ctrl+p", "Search for commands"), ("esc", "q quit"),
)  # fmt: skip
"""Keys, and what the screen shows then: steps, parts, quantities, networks, themes, prompts, help, the palette."""


def tour(terminal: "Terminal") -> None:
    """Open everything there is."""
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    for keys, shown in TOUR:
        terminal.press(keys)
        terminal.wait_for(shown)
        terminal.settle(0.06)
    terminal.resized(120, 40)
    assert terminal.exit_code(within=0) is None


def codes(sent: bytes) -> set[str]:
    """Return every SGR parameter list that was sent."""
    return {match.decode() for match in SGR.findall(sent)}


ASCII_ONLY: dict[str, tuple[tuple[str, ...], Mapping[str, str | None]]] = {
    "asked for": (("--glyphs", "ascii"), {}),
    "LC_ALL=C": ((), {"LC_ALL": "C"}),
    "LANG=C": ((), {"LC_ALL": None, "LANG": "C"}),
    "TERM=linux": ((), {"TERM": "linux"}),
}


@pytest.mark.parametrize("case", ASCII_ONLY)
def test_no_byte_above_127_is_sent_where_unicode_is_ruled_out(spawn: "Spawn", case: str) -> None:
    args, env = ASCII_ONLY[case]
    terminal = spawn("run", "pakistan", "--at", "1", *args, env=env)
    tour(terminal)
    assert sorted({line for line in terminal.sent.split(b"\x1b") if not line.isascii()}) == []


@pytest.mark.parametrize(
    ("args", "env"), [((), {"LC_ALL": None}), (("--glyphs", "unicode"), {"LC_ALL": "C"})], ids=["unset", "asked for"]
)
def test_an_unset_locale_counts_as_unicode_and_asking_for_it_gives_it(
    spawn: "Spawn", args: tuple[str, ...], env: Mapping[str, str | None]
) -> None:
    spawn("run", "pakistan", *args, env=env).wait_for("█")


@pytest.mark.parametrize("term", ["xterm", "linux", "screen"])
def test_sixteen_colours_are_sent_as_such(spawn: "Spawn", term: str) -> None:
    terminal = spawn("run", "pakistan", "--at", "1", env={"TERM": term})
    tour(terminal)
    sent = codes(terminal.sent)
    assert not {code for code in sent if re.search(r"(^|;)[34]8[;:]", code)}
    assert {code for code in sent if re.search(r"(^|;)[39]\d($|;)", code)}, "there are colours"


def test_a_terminal_of_256_colours_gets_no_more(spawn: "Spawn") -> None:
    terminal = spawn("run", "pakistan", "--at", "1", env={"TERM": "xterm-256color"})
    tour(terminal)
    sent = codes(terminal.sent)
    assert {code for code in sent if "38;5;" in code}
    assert not {code for code in sent if re.search(r"[34]8;2;", code)}


@pytest.mark.parametrize("term", ["xterm-256color", "xterm"])
def test_no_color_means_none(spawn: "Spawn", term: str) -> None:
    terminal = spawn("run", "pakistan", "--at", "1", env={"TERM": term, "NO_COLOR": "1"})
    tour(terminal)
    used = {part for code in codes(terminal.sent) for part in code.split(";")}
    assert used - COLOURLESS == set()
    assert used & {"1", "7"}, "the cursor still stands out"
