"""Over a real sshd on this machine: one logs in and steps, and a connection that breaks leaves nothing behind."""

import grp
import os
import pty
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ptydriver import COMMAND, Spawn, Terminal

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(
    not SSHD or not shutil.which("ssh"), reason="OpenSSH's server and client are not installed"
)

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile {folder}/pid
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
"""


def may_give_terminals() -> bool:
    """Whether a server of whoever runs the tests may: it gives them to the group tty, which only root may do itself."""
    master, slave = pty.openpty()
    group = os.fstat(slave).st_gid
    os.close(master)
    os.close(slave)
    return os.getuid() == 0 or group == grp.getgrnam("tty").gr_gid


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[list[str]]:
    """The client's command line that logs in to a server of our own, as whoever runs the tests."""
    assert SSHD
    if not may_give_terminals():
        pytest.skip("new terminals here are not the group tty's, and only root's sshd may make them so")
    for name in ("host", "mine"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    (tmp_path / "authorized").write_bytes((tmp_path / "mine.pub").read_bytes())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "config").write_text(CONFIG.format(port=port, folder=tmp_path))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it separates privileges
    log = tmp_path / "log"
    server = subprocess.Popen([SSHD, "-D", "-e", "-f", tmp_path / "config"], stderr=log.open("wb"))
    until = time.monotonic() + 30
    while "listening on" not in log.read_text():
        assert server.poll() is None, f"sshd does not start: {log.read_text()}"
        assert time.monotonic() < until, "sshd does not listen"
        time.sleep(0.02)
    yield [
        "ssh", "-tt", "-F", "/dev/null", "-i", str(tmp_path / "mine"), "-p", str(port),
        "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={tmp_path}/known", "-o", "IdentitiesOnly=yes",
        f"{pwd.getpwuid(os.getuid()).pw_name}@127.0.0.1",
    ]  # fmt: skip
    server.terminate()
    server.wait(10)


def started_with(mark: str) -> list[int]:
    """The processes that have `mark` in their environment, and run."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            state = (environ.parent / "stat").read_text().rpartition(")")[2].split()[0]
            if mark.encode() in environ.read_bytes() and state != "Z":
                found.append(int(environ.parent.name))
        except OSError:
            continue
    return found


def logged_in(spawn: Spawn, ssh: list[str], mark: str, *args: str) -> Terminal:
    """A terminal in which ssh runs the command, with `mark` in its environment at the far end."""
    remote = shlex.join(["env", mark, "LC_ALL=C.UTF-8", str(COMMAND), "run", "pakistan", "--at", "9", *args])
    terminal = spawn(shell="exec " + shlex.join([*ssh, remote]))
    terminal.wait_for("timestamp 9/24")
    terminal.settle()
    return terminal


def assert_gone(mark: str) -> None:
    """Nothing with `mark` is left before long."""
    until = time.monotonic() + 30
    while left := started_with(mark):
        told = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left if Path(f"/proc/{pid}").exists()]
        assert time.monotonic() < until, f"still there: {told}"
        time.sleep(0.05)


def test_one_steps_over_ssh_and_leaves(spawn: Spawn, ssh: list[str]) -> None:
    mark = f"GATESTEP_TEST=polite-{os.getpid()}"
    terminal = logged_in(spawn, ssh, mark)
    assert started_with(mark)
    terminal.press("right")
    terminal.wait_for("timestamp 10/24")
    terminal.resize(120, 40)
    terminal.wait_for("largest of")
    terminal.wait_until(lambda: terminal.bytes_in(1.0) == b"", "sends nothing while nobody types")
    terminal.press("q")
    assert terminal.exit_code() == 0
    assert_gone(mark)


@pytest.mark.parametrize("keys", ["", " ", "/", "w"], ids=["still", "playing", "prompt", "training"])
def test_a_connection_that_breaks_leaves_nothing_behind(spawn: Spawn, ssh: list[str], keys: str) -> None:
    mark = f"GATESTEP_TEST=broken-{keys or 'still'}-{os.getpid()}"
    terminal = logged_in(spawn, ssh, mark)
    terminal.press(keys)
    terminal.bytes_in(0.5)
    assert started_with(mark)
    os.kill(terminal.pid, signal.SIGKILL)
    assert_gone(mark)
