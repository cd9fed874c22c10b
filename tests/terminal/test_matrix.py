"""Every kind of terminal on every screen: what is sent is what it can do, no less and no more; the numbers are right.

One of each that is treated in a way of its own goes to every screen, the others through the stepper; with
GATESTEP_SOAK=1 (or `make soak`) all go everywhere.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache

import pytest
from capabilities import KINDS, Kind
from ptydriver import COMMAND, Spawn, Terminal

UNIT = re.compile(r"^[▸> ]\s*(\d+)\s+(\S.*)$", re.MULTILINE)
NUMBER = re.compile(r"[+\-−]?(?:\d*\.\d+|\d+)")
COLUMNS = ("forget", "input", "candidate", "before", "cell", "output", "hidden")

HERE = (
    ("right", "timestamp 10/24"), (".", "1/4 forget"), ("right", "timestamp 12/24"), ("j", ""), ("tab", ""), ("o", ""),
    ("m", "RNN"), ("m", "GRU"), ("m", "peephole"), ("m", "coupled"), ("m", "coupled"), ("m", "LSTM"),
    ("d", ""), ("d", ""), (":", r"go to \(1 to"), ("esc", "q quit"), ("e", "sentence:"), ("esc", "q quit"),
    ("5h", "timestamp 7/24"), ("5l", "timestamp 12/24"),
    ("/", "find:"), ("zebra", "zebra"), ("enter", "not in this"), ("ctrl+p", "Search for"), ("esc", "timestamp 12/24"),
    ("?", "You are at"), ("j", ""), ("esc", "timestamp 12/24"), ("c", "compared"), ("q", "timestamp 12/24"),
)  # fmt: skip
"""Through the stepper, its networks, themes and prompts, and its help: keys, and what is shown then."""

ELSEWHERE = (
    ("c", "compared"), ("right", ""), ("?", "a comparison"),
    ("esc", "compared"), ("q", "timestamp 13/24"), ("v", "Enter goes there"), ("j", ""), ("tab", ""),
    ("q", "timestamp 13/24"),
    ("u", r"without \d.* %"), ("j", r"unit \d"), ("q", "timestamp 13/24"), ("a", "chart 1/"),
    ("right", "one chart"), ("q", "timestamp 13/24"),
    ("w", "learning"), ("x", "cancelled|nothing is training"), ("q", "timestamp 13/24|learning"),
)  # fmt: skip
"""Through all else that opens from it."""

STUDIES = (
    (
        ("starbucks", "--at", "201"),
        "Volume day by day",
        ("right", "tab", "tab", "tab", "tab", "s", "right", "?", "esc", "q", "d"),
    ),
    (("gradients",), "1/7", ("enter", "tab", "tab", "left", "up", "f", "?", "esc", "d", "tab")),
    (("order", "--model", "dense"), "no timestamps", ("j", "c", "right", "q", "e", "esc", "?", "esc", "d")),
    (("pakistan", "--gradients"), "Flat", ("left", "tab", "?", "esc", "d")),
)
"""The other screens: arguments, what is shown at first, and keys."""

ORDER = (
    ("enter", "LSTM and RNN name"), ("enter", "lesson 2/4"), ("\x7f", "lesson 1/4"),
    ("enter", "LSTM and RNN name"), ("enter", "lesson 2/4"), ("esc", r"\? help"),
    ("c", "they diverge at timestamp 3"), ("l", "timestamp 4/6"),
    ("j", ""), ("tab", ""), ("x", ""), ("m", "RNN"), ("m", "dense"),
    ("s", ""), ("d", ""), ("d", ""), ("e", "sentence on the right:"), ("esc", r"\? help"),
    ("?", "a comparison"), ("esc", r"\? help"), ("a", "chart 1/"), ("d", ""), ("d", ""), ("right", "one chart"),
    ("?", "the charts of a scenario"), ("esc", "one chart"), ("q", "compared"),
    ("q", "timeline"),
    ("m", "RNN"), ("m", "no timestamps"), ("j", "unit 1, hidden h"), ("c", "compared"), ("q", "no timestamps"),
)  # fmt: skip
"""Through the lesson, a comparison, the charts, a dense network, and their help."""

FEW = [kind for kind in KINDS if kind.name in ("xterm-256color", "linux console", "vt100", "NO_COLOR")]
"""One of each that is treated in a way of its own."""

SIXTEEN = next(kind for kind in KINDS if kind.name == "xterm")


@cache
def traced() -> dict[str, list[list[float]]]:
    """The numbers, from the command that prints them."""
    done = subprocess.run([COMMAND, "trace", "pakistan", "--format", "json"], capture_output=True, check=True)
    quantities: dict[str, list[list[float]]] = json.loads(done.stdout)["quantities"]
    return {name.removeprefix("l0."): values for name, values in quantities.items()}


def shown(terminal: Terminal) -> dict[int, dict[str, float]]:
    """The numbers in the table by unit and column; what stands beside the table is left out."""
    lines = terminal.screen.splitlines()
    top = next((n for n, line in enumerate(lines) if "forget f" in line), len(lines))
    head = lines[top] if top < len(lines) else ""
    edge = head.index("inside") if "inside" in head else None
    columns = [name for name in COLUMNS if name != "before" or re.search("cell c[′']", head)]
    rows = {}
    for unit, row in UNIT.findall("\n".join(line[:edge] for line in lines[top + 1 :]).partition("unit ")[0]):
        words = [word for word in row.split() if NUMBER.fullmatch(word)]
        rows[int(unit)] = dict(zip(columns, [float(word.replace("−", "-")) for word in words], strict=False))
    return rows


def faults(terminal: Terminal, t: int) -> list[str]:
    """What of the table is not that of the trace at `t`, as far as it is printed."""
    trace, rows = traced(), shown(terminal)
    found = [] if len(rows) >= 3 else ["there are no three units"]
    for unit, numbers in rows.items():
        for name, number in numbers.items():
            at = max(t - 1, 0) if name == "before" else t
            expected = trace["cell" if name == "before" else name][at][unit]
            if abs(number - expected) > 0.0051:
                found.append(f"{name} of unit {unit} at timestamp {t + 1} is {number}, not {expected}")
        if len({*numbers, "before"}) < len(COLUMNS):
            found.append(f"unit {unit} has only {', '.join(numbers)}")
    return found


def assert_right(terminal: Terminal, t: int) -> None:
    """Every number of the table comes to be that of the trace at `t`."""
    terminal.wait_until(lambda: not faults(terminal, t), "has the right numbers")


def walk(terminal: Terminal, keys: tuple[tuple[str, str], ...]) -> None:
    """Press keys and wait for what they show."""
    for key, pattern in keys:
        terminal.press(key)
        terminal.wait_for(pattern)
        terminal.settle(0.05)


def assert_suits(kind: Kind, terminal: Terminal) -> None:
    """What was sent is what this kind of terminal can do, and does not leave out what it can."""
    assert kind.complaints(terminal.sent) == set()
    assert kind.made_use_of(terminal.sent)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_the_stepper_and_what_opens_from_it(spawn: Spawn, kind: Kind) -> None:
    terminal = spawn("run", "pakistan", "--at", "9", *kind.args, env=kind.env, real=kind == FEW[0], torch=kind in FEW)
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    assert_right(terminal, 8)
    terminal.press("d")  # light
    terminal.press("right")
    terminal.wait_for("timestamp 10/24")
    terminal.settle()
    assert_right(terminal, 9)
    terminal.press("left")
    terminal.wait_for("timestamp 9/24")
    walk(terminal, (*HERE, *ELSEWHERE) if kind in FEW or "GATESTEP_SOAK" in os.environ else HERE)
    terminal.resized(120, 40)
    terminal.press("ctrl+c")
    assert terminal.exit_code() == 0
    assert_suits(kind, terminal)


@pytest.mark.parametrize("kind", [*FEW, SIXTEEN], ids=[kind.name for kind in (*FEW, SIXTEEN)])
def test_the_lesson_and_what_it_leads_to(spawn: Spawn, kind: Kind) -> None:
    terminal = spawn("run", "order", *kind.args, env=kind.env)
    terminal.wait_for("lesson 1/4")
    terminal.settle()
    walk(terminal, ORDER)
    terminal.press("ctrl+c")
    assert terminal.exit_code() == 0
    assert_suits(kind, terminal)


@pytest.mark.parametrize(
    ("args", "env"), [((), {"LC_ALL": None}), (("--glyphs", "unicode"), {"LC_ALL": "C"})], ids=["unset", "asked for"]
)
def test_an_unset_locale_counts_as_unicode_and_asking_for_it_gives_it(
    spawn: Spawn, args: tuple[str, ...], env: Mapping[str, str | None]
) -> None:
    spawn("run", "pakistan", *args, env=env, real=True).wait_for("█")


@pytest.mark.parametrize("kind", FEW, ids=[kind.name for kind in FEW])
def test_the_other_screens(spawn: Spawn, kind: Kind) -> None:
    for args, pattern, keys in STUDIES:
        terminal = spawn("run", *args, *kind.args, env=kind.env, torch=kind != FEW[0] and "gradients" in "".join(args))
        terminal.wait_for(pattern)
        terminal.settle()
        walk(terminal, tuple((key, "") for key in keys))
        assert terminal.exit_code(within=0) is None
        terminal.press("ctrl+c")
        assert terminal.exit_code() == 0
        assert_suits(kind, terminal)
        terminal.close()


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45), (250, 70)], ids=str)
def test_the_numbers_are_right_at_every_size(spawn: Spawn, size: tuple[int, int]) -> None:
    terminal = spawn("run", "pakistan", "--at", "9", "--glyphs", "ascii", size=size)
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    assert_right(terminal, 8)
