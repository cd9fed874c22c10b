"""Inside a real tmux and a real screen, which draw for the terminal what they have understood."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ptydriver import COMMAND, Spawn, Terminal

tmux = pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")
screen = pytest.mark.skipif(not shutil.which("screen"), reason="GNU screen is not installed")

MODES = re.compile(rb"\x1b\[\?\d+[hl]")
"""What a multiplexer tells the terminal of its own accord."""


def steps_and_leaves(terminal: Terminal, prompt: str) -> None:
    """Step, resize, ask for help and leave; the shell's screen comes back."""
    terminal.wait_for(prompt)
    terminal.press(f"{COMMAND} run pakistan --at 9", "enter")
    terminal.wait_for("timestamp 9/24")
    terminal.wait_for(r"[▸>] 5 .* 0\.00 .* 0\.57")
    terminal.settle(0.3)
    terminal.send(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\")  # the terminal outside answers late: the multiplexer did before
    terminal.press("right")
    terminal.wait_for("timestamp 10/24")
    for size in ((100, 30), (60, 16), (80, 24)):
        terminal.resized(*size)
    shown = terminal.screen
    terminal.press("ctrl+l")
    assert terminal.becomes(shown)
    terminal.press("?")
    terminal.wait_for("You are at")
    terminal.press("q")
    terminal.wait_for("timestamp 10/24")
    terminal.settle(0.5)
    assert MODES.sub(b"", terminal.bytes_in(0.8)) == b""
    terminal.press("q")
    terminal.wait_for(prompt)
    terminal.settle(0.3)
    assert "forget f" not in terminal.screen
    assert "[?" not in terminal.screen
    terminal.press("exit", "enter")
    terminal.exit_code()


@tmux
@pytest.mark.parametrize("term", ["tmux-256color", "screen"])
def test_in_tmux(spawn: Spawn, tmp_path: Path, term: str) -> None:
    config = tmp_path / "tmux.conf"
    config.write_text(f"set -g default-terminal {term}\nset -g status off\nset -g default-command 'exec sh -i'\n")
    socket = tmp_path / "socket"
    try:
        terminal = spawn(
            shell=f"exec tmux -u -f {config} -S {socket} new-session", env={"PS1": "ready> ", "SHELL": "/bin/sh"}
        )
        steps_and_leaves(terminal, "ready>")
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], capture_output=True, check=False)


@screen
def test_in_screen(spawn: Spawn, tmp_path: Path) -> None:
    config = tmp_path / "screenrc"
    config.write_text("startup_message off\ndefutf8 on\n")
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o700)
    terminal = spawn(shell=f"exec screen -U -c {config} sh -i", env={"PS1": "ready> ", "SCREENDIR": str(folder)})
    steps_and_leaves(terminal, "ready>")
