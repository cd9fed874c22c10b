"""Files to be read as they are: links, pipes, devices, odd names, closed or cut short. One line each."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from gatestep.engine.files import numpyfiles, safetensorsfiles
from onelines import COMMAND, assert_one_line, line_with, run

if TYPE_CHECKING:
    from tests.tui.conftest import Command


WEIGHTS = ("w.npz", "w.safetensors", "w.pt")
INPUTS = ("x.npy", "x.npz", "x.csv")
EVERY_FILE = pytest.mark.parametrize("name", WEIGHTS + INPUTS)


@EVERY_FILE
def test_a_link_to_a_file_is_as_good_as_the_file(gatestep: "Command", good_files: Path, name: str) -> None:
    whole = gatestep(*line_with(name)).out
    (good_files / name).rename(good_files / f"real-{name}")
    (good_files / "between").symlink_to(good_files / f"real-{name}")
    (good_files / name).symlink_to("between")
    assert gatestep(*line_with(name)) == (0, whole, "")


def pipe(path: Path) -> None:
    os.mkfifo(path)


IN_THE_WAY: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "is a link to a file that does not exist"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "cannot be read: Too many levels of symbolic links"),
    "a link to a directory": (lambda path: path.symlink_to("."), "is a directory; give a file"),
    "a directory": (lambda path: path.mkdir(), "is a directory; give a file"),
    "a pipe that nobody writes to": (pipe, "is a pipe or a device; give a file"),
    "a device without end": (lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device; give a file"),
    "a device": (lambda path: path.symlink_to("/dev/null"), "is a pipe or a device; give a file"),
}


@EVERY_FILE
@pytest.mark.parametrize("what", IN_THE_WAY)
@pytest.mark.timeout(20)
def test_what_is_no_file_is_refused_at_once(gatestep: "Command", good_files: Path, name: str, what: str) -> None:
    make, said = IN_THE_WAY[what]
    (good_files / name).unlink()
    make(good_files / name)
    assert_one_line(gatestep(*line_with(name)), 2, f"gatestep: {name}: {said}")


def test_standard_input_is_no_file(good_files: Path) -> None:
    (good_files / "x.csv").unlink()
    (good_files / "x.csv").symlink_to("/dev/stdin")
    done = subprocess.run(
        [COMMAND, *line_with("x.csv")], stdin=subprocess.PIPE, capture_output=True, text=True, check=False, timeout=60
    )
    assert_one_line(done, 2, "x.csv: is a pipe or a device")


@EVERY_FILE
def test_a_file_in_a_closed_directory_is_refused(
    gatestep: "Command", good_files: Path, name: str, request: pytest.FixtureRequest
) -> None:
    (good_files / "closed").mkdir()
    (good_files / name).rename(good_files / "closed" / name)
    (good_files / "closed").chmod(0)
    (good_files / name).symlink_to(f"closed/{name}")
    request.getfixturevalue("nobody")
    assert_one_line(gatestep(*line_with(name)), 2, f"{name}: permission denied")


@pytest.mark.parametrize("weights", ["w.npz", "w.safetensors"])
@pytest.mark.parametrize("left", [0, 9, 200])
def test_a_file_that_is_cut_short_while_it_is_read_is_refused(
    gatestep: "Command", good_files: Path, monkeypatch: pytest.MonkeyPatch, weights: str, left: int
) -> None:
    module = numpyfiles if weights == "w.npz" else safetensorsfiles
    size_of = module.size_of

    def cut(file: Any) -> int:
        size: int = size_of(file)
        os.truncate(weights, left)
        return size

    monkeypatch.setattr(module, "size_of", cut)
    assert_one_line(gatestep(*line_with(weights)), 2, f"{weights}: is not a")


@EVERY_FILE
def test_a_file_that_is_removed_while_it_is_read_is_read_to_its_end_or_missed(
    gatestep: "Command", good_files: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole, fstat = gatestep(*line_with(name)).out, os.fstat

    def removed(descriptor: int) -> os.stat_result:
        found = fstat(descriptor)
        if Path(name).exists() and found.st_ino == Path(name).stat().st_ino:
            Path(name).unlink()
        return found

    monkeypatch.setattr(os, "fstat", removed)
    done = gatestep(*line_with(name))
    if done.code:  # what a file is is looked at first, and its numbers are read when they are needed
        assert_one_line(done, 2, name, "no such file")
    else:
        assert done == (0, whole, "")
    assert not Path(name).exists()


ODD_NAMES = (
    "two  words",
    "-leading",
    "--weights",
    "a\nb",
    "tab\there",
    "\udcff",
    "日本",
    "\x1b]0;owned\x07",
    "‮x",
    "%s{}",
)


@pytest.mark.parametrize("odd", ODD_NAMES, ids=ascii)
def test_any_name_is_read_and_named(gatestep: "Command", good_files: Path, odd: str) -> None:
    whole = gatestep(*line_with("x.npy")).out
    shutil.copy("w.npz", f"{odd}.npz")
    shutil.copy("x.npy", f"{odd}.npy")
    assert gatestep("trace", f"--weights={odd}.npz", f"--input={odd}.npy") == (0, whole, "")
    shown = gatestep("run", f"--weights={odd}.npz", f"--input={odd}.npy")
    assert (shown.code, shown.err) == (0, "")
    assert all(line.isprintable() for line in shown.out.split("\n"))
    written = gatestep("trace", f"--weights={odd}.npz", f"--input={odd}.npy", f"-o{odd}.csv")
    assert written == (0, "", "")
    assert os.path.exists(f"{odd}.csv")
    Path(f"{odd}.npz").write_bytes(b"no")
    assert_one_line(
        gatestep("trace", f"--weights={odd}.npz", "--input=x.npy"), 2, "npz: is text, not a file of weights"
    )
    assert_one_line(gatestep("trace", f"--weights={odd}.pt", "--input=x.npy"), 2, ".pt: no such file")


@pytest.mark.parametrize("name", ["x" * 5000 + ".npy", "x/" * 3000 + "x.npy", "x" * 256 + ".npy"], ids=len)
def test_a_name_that_is_too_long_is_refused(gatestep: "Command", good_files: Path, name: str) -> None:
    assert_one_line(gatestep(*line_with(name)), 2, "x.npy: cannot be read: File name too long")


def test_too_little_memory_fails_the_work(good_files: Path) -> None:
    rows = 10**9
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 2), }}\n".encode()
    with Path("x.npy").open("wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
        file.truncate(10 + len(header) + rows * 16)  # takes no room on the disk
    done = run(*line_with("x.npy"), limit=(resource.RLIMIT_AS, 4 * 2**30))
    assert_one_line(done, 1, "x.npy: needs more memory than there is")


@pytest.mark.parametrize("home", [None, "/nonexistent", "closed"])
@pytest.mark.parametrize("command", ["trace", "run"])
def test_no_home_is_needed(good_files: Path, home: str | None, command: str) -> None:
    (good_files / "closed").mkdir(mode=0)
    environment = {name: value for name, value in os.environ.items() if name != "HOME"}
    if home is not None:
        environment["HOME"] = str(good_files / home) if home == "closed" else home
    done = run(*(line_with("x.npy") if command == "trace" else ("run", "order")), env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("line", ["list", "trace --weights {0}/w.pt --input {0}/x.npy", "run order"])
def test_a_current_directory_that_is_gone_is_told(good_files: Path, line: str) -> None:
    (good_files / "gone").mkdir()
    script = f"cd gone; rmdir ../gone; {COMMAND} {line.format(good_files)}"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert_one_line(done, 2, "the current directory does not exist; change to one that does")


def test_what_of_a_table_of_inputs_is_left_out_is_said(gatestep: "Command", good_files: Path) -> None:
    Path("plain.csv").write_text("a,b\n1,2\n3,4\n")
    Path("dated.csv").write_text("date,a,b\n2024-01-02,1,2\n2024-01-03,3,4\n")
    plain, dated = (gatestep("trace", "--weights", "w.npz", "--input", name) for name in ("plain.csv", "dated.csv"))
    assert "1 2024-01-02 " in dated.out
    assert [word for word in dated.out.split() if not word.startswith("2024")] == plain.out.split()
    assert (plain.err, dated.err) == (
        "",
        "gatestep: dated.csv: the column of dates (date) labels the timestamps and is not an input\n",
    )
