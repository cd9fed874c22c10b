"""The mouse, as a terminal reports it (SGR, ?1006): off until it is asked for, then clicks go where they point."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

ON, OFF = b"\x1b[?1000h\x1b[?1006h", b"\x1b[?1000l"
DOWN, UP = 65, 64


def click(terminal: "Terminal", text: str, row: int | None = None) -> None:
    """Press and release the left button on `text`, where it stands first, or in that row of the screen, from 0."""
    lines = terminal.screen.splitlines()
    y = next(n for n, line in enumerate(lines) if text in line) if row is None else row
    at = f"{lines[y].index(text) + 1};{y + 1}"
    terminal.send(f"\x1b[<0;{at}M\x1b[<0;{at}m".encode())


def wheel(terminal: "Terminal", which: int) -> None:
    terminal.send(f"\x1b[<{which};10;5M".encode())


def test_it_is_off_and_then_nothing_it_sends_is_obeyed(stepper: "Terminal") -> None:
    assert ON not in stepper.sent
    click(stepper, "Pakistan")
    wheel(stepper, DOWN)
    stepper.press("right")
    stepper.wait_for("timestamp 2/24")


def test_a_click_goes_to_a_word_a_unit_and_a_key_and_the_wheel_steps(spawn: "Spawn") -> None:
    terminal = spawn("run", "pakistan", "--at", "1", "--mouse")
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    assert ON in terminal.sent
    assert b"\x1b[?1003h" not in terminal.sent, "moves of the pointer are not asked for"
    click(terminal, "Pakistan")
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    click(terminal, "  3 ")
    terminal.wait_for("unit 3, forget f")
    wheel(terminal, DOWN)
    terminal.wait_for("timestamp 10/24")
    wheel(terminal, UP)
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    click(terminal, "quantity", row=23)
    terminal.wait_for("unit 3, input i")
    terminal.settle()
    click(terminal, "? help", row=23)
    terminal.wait_for("You are at timestamp 9")
    terminal.press("q")
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    click(terminal, "q quit", row=23)
    assert terminal.exit_code() == 0
    assert terminal.sent.rfind(OFF) > terminal.sent.rfind(ON)


def test_m_turns_it_on_and_off(spawn: "Spawn") -> None:
    terminal = spawn("run", "starbucks", "--at", "201", real=True)
    terminal.wait_for("Volume day by day")
    terminal.settle()
    terminal.press("M")
    terminal.wait_for("the mouse is on; M turns it off")
    terminal.settle()
    click(terminal, "scores")
    terminal.wait_for("MAPE")
    terminal.press("M")
    terminal.wait_for("the mouse is off")
    assert terminal.sent.rfind(OFF) > terminal.sent.rfind(ON)


def test_a_click_goes_to_a_number_a_heading_and_a_column_of_the_timeline(spawn: "Spawn") -> None:
    terminal = spawn("run", "pakistan", "--at", "1", "--mouse")
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    click(terminal, "candidate g")
    terminal.wait_for("timeline: candidate g")
    terminal.settle()
    click(terminal, "0.77")
    terminal.wait_for("unit 3, input i")
    terminal.settle()
    lines = terminal.screen.splitlines()
    y = next(n for n, line in enumerate(lines) if "timeline:" in line) + 1
    x = next(line for line in reversed(lines) if "Pakistan" in line).index("Pakistan")
    terminal.send(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m".encode())
    terminal.wait_for("timestamp 9/24")


def test_a_click_chooses_a_row_of_a_list_and_one_more_opens_it(spawn: "Spawn") -> None:
    terminal = spawn("--mouse")
    terminal.wait_for("Enter open")
    terminal.settle()
    click(terminal, "pakistan")
    terminal.wait_for("5 of 9")
    terminal.settle()
    click(terminal, "pakistan")
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    terminal.press("B")
    terminal.wait_for("can be kept")
    terminal.settle()
    click(terminal, "nonfinite")
    terminal.wait_until(lambda: "nonfinite" in str(chosen_row(terminal)), "is chosen")


def chosen_row(terminal: "Terminal") -> str | None:
    return next((line for line in terminal.screen.splitlines() if "▸" in line), None)


def test_a_click_selects_what_it_points_at_on_the_other_pages(spawn: "Spawn") -> None:
    terminal = spawn("run", "pakistan", "--at", "1", "--mouse")
    terminal.wait_for("timestamp 1/24")
    terminal.settle()
    terminal.press("c")
    terminal.wait_for("how far apart")
    terminal.settle()
    click(terminal, "Pakistan")
    terminal.wait_for("timestamp 9/29")
    terminal.settle()
    click(terminal, "  3 ")
    terminal.wait_for("▸ 3 ")
    terminal.press("q")
    terminal.settle()
    terminal.press("z")
    terminal.wait_for("all 8 units")
    terminal.settle()
    lines = terminal.screen.splitlines()
    y = next(n for n, line in enumerate(lines) if "8 units ·" in line and "─" in line) + 1
    terminal.send(f"\x1b[<0;10;{y + 1}M\x1b[<0;10;{y + 1}m".encode())
    terminal.wait_for("l0 unit 0")


def test_a_click_goes_to_a_day_of_the_table(spawn: "Spawn") -> None:
    terminal = spawn("run", "starbucks", "--at", "201", "--mouse")
    terminal.wait_for("Volume day by day")
    terminal.settle()
    click(terminal, "2020-09-30")
    terminal.wait_for("day 203 of 253")
