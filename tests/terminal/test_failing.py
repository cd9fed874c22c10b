"""A fault of our own, in whatever part of the app: code 1, one line, and the terminal as it was."""

import shlex
import sys
import time
from pathlib import Path

import pytest
from ptydriver import PATIENCE, Spawn, Terminal
from restored import assert_restored

FAULTS = {
    "the thread that reads": "terminal.keyboard.Keyboard.feed = fail",
    "the thread that reads, not by an exception that is one": "terminal.keyboard.Keyboard.feed = leave",
    "the thread that writes": "terminal.driver.TerminalDriver._taken = later",
    "drawing": "terminal.canvas.Canvas.send = later",
    "a key": "app.GatestepApp.action_help = fail",
    "a screen": "app.GatestepApp.on_resize = later",
}
"""What of the app is made to fail: at once, or when it is used for the 20th time or so."""

PROGRAM = """
from gatestep.tui import app, terminal
from gatestep.tui.terminal import canvas, driver, keyboard, outlet
from gatestep.tui.cli import main
uses = []
def fail(*args): raise ValueError("made to fail")
def leave(*args): raise SystemExit("made to fail")
def later(self, *args, kept=KEPT):
    uses.append(1)
    return fail() if len(uses) > 20 else kept(self, *args)
FAULT
raise SystemExit(main(["run", "pakistan", "--at", "1", "--theme", "dark"]))  # which asks the terminal nothing
"""


def failing(spawn: Spawn, fault: str, errors: Path, debug: bool = False) -> Terminal:
    """The stepper, made to fail, and pressed until it does; what it says goes to the file `errors`."""
    where = FAULTS[fault].rpartition(" = later")[0] or "None"
    program = shlex.quote(PROGRAM.replace("KEPT", where).replace("FAULT", FAULTS[fault]))
    terminal = spawn(
        shell=f"exec {sys.executable} -P -c {program} 2>{errors}", env={"GATESTEP_DEBUG": "1" if debug else None}
    )
    modes = terminal.modes
    terminal.wait_for("timestamp 1/24")
    deadline, columns = time.monotonic() + 3 * PATIENCE, 80
    while terminal.exit_code(within=0.05) is None and time.monotonic() < deadline:
        columns = 161 - columns
        terminal.press("?", "escape", "right")
        terminal.resize(columns, 24)
        terminal.settle(0.05)  # sizes that come while it works are taken as one
    assert terminal.exit_code() == 1
    assert terminal.modes == modes
    assert_restored(terminal)
    assert b"Traceback" not in terminal.sent
    return terminal


@pytest.mark.parametrize("fault", FAULTS)
def test_it_ends_with_1_and_one_line_and_gives_the_terminal_back(spawn: Spawn, tmp_path: Path, fault: str) -> None:
    failing(spawn, fault, tmp_path / "errors")
    told = (tmp_path / "errors").read_text()
    assert told.startswith("gatestep: the screen ended with an internal error: ")
    assert "made to fail" in told
    assert told.index("\n") == len(told) - 1


def test_where_it_failed_is_told_to_who_asks(spawn: Spawn, tmp_path: Path) -> None:
    failing(spawn, "the thread that reads", tmp_path / "errors", debug=True)
    told = (tmp_path / "errors").read_text()
    assert "ValueError: made to fail" in told
    assert "run_input_thread" in told


@pytest.mark.parametrize(
    "setting", ["TEXTUAL_DRIVER=nope:Nope", "TEXTUAL_DRIVER=os:path", "TEXTUAL_DRIVER=", "TEXTUAL_COLOR_SYSTEM=nope"]
)
def test_a_setting_of_the_library_that_cannot_be_is_told_in_a_line(spawn: Spawn, setting: str) -> None:
    name, _, value = setting.partition("=")
    terminal = spawn("run", "order", env={name: value}, real=True)
    assert terminal.exit_code() == 2
    assert terminal.sent.startswith(f"gatestep: {setting}: ".encode())
    assert terminal.sent.count(b"\n") == 1
