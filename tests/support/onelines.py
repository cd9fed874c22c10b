"""The command in a process of its own, and the one line that it says of bad files."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.tui.conftest import Done

COMMAND = Path(sys.executable).with_name("gatestep")


def assert_one_line(done: "Done | subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    got, out, err = (
        (done.returncode, done.stdout, done.stderr) if isinstance(done, subprocess.CompletedProcess) else done
    )
    assert got == code, err
    assert len(err.splitlines()) == 1, err
    assert err.removesuffix("\n").isprintable()
    assert err.startswith("gatestep: ")
    for word in words:
        assert word in err
    assert out == ""


def line_with(name: str) -> tuple[str, ...]:
    """The command line that reads `name`, and good files beside it."""
    weights, inputs = ("w.npz", name) if name.startswith("x") else (name, "x.npy")
    return "trace", "--weights", weights, "--input", inputs


def run(*arguments: object, limit: tuple[int, int] | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which must not have more than `limit` of a resource."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60,
        preexec_fn=(lambda: resource.setrlimit(limit[0], (limit[1], limit[1]))) if limit else None, **options,
    )  # fmt: skip
