"""The backward pass through a sentence in a real terminal: painted before torch is there, and quiet afterwards."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ptydriver import Spawn


def test_b_shows_the_place_at_once_and_the_gradients_when_they_are_there(spawn: "Spawn") -> None:
    terminal = spawn("run", "pakistan", "--at", "9", real=True)
    terminal.wait_for("Pakistan")
    terminal.settle()
    terminal.press("b")
    terminal.wait_for("waiting for PyTorch")
    terminal.wait_for("Flat: it passes undiminished")
    terminal.press("2", "left")
    terminal.wait_for("at live, timestamp 7")
    terminal.settle(0.5)
    assert terminal.bytes_in(1.5) == b""
    terminal.press("q")
    terminal.wait_for("timestamp 7/24")
    terminal.settle()
    terminal.press("q")
    assert terminal.exit_code() == 0


def test_one_can_leave_while_torch_is_still_being_loaded(spawn: "Spawn") -> None:
    terminal = spawn("run", "pakistan", "--gradients", real=True)
    terminal.wait_for("waiting for PyTorch")
    terminal.press("q")
    assert terminal.exit_code() == 0


def test_the_experiment_moves_with_the_keys(spawn: "Spawn") -> None:
    terminal = spawn("run", "gradients")
    terminal.wait_for("1/7")
    terminal.settle()
    terminal.press("tab", "tab", "up", "f")
    terminal.wait_for("radius 1.1 · forget bias 1")
    terminal.press("q")
    assert terminal.exit_code() == 0
