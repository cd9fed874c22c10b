"""Files and disks as they are: links, pipes, devices, odd names, no room. One line each, and nothing half done."""

import os
import resource
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gatestep.engine.files import numpyfiles, safetensorsfiles
from safetensors.numpy import save_file

if TYPE_CHECKING:
    from tests.tui.conftest import Command, Done

COMMAND = Path(sys.executable).with_name("gatestep")
NOBODY = 65534


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


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to stand in, with w.npz, w.safetensors, w.pt, x.npy, x.npz and x.csv in it."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    weights = {"weight_ih_l0": rng.normal(size=(12, 2)), "weight_hh_l0": rng.normal(size=(12, 3))}
    arrays: dict[str, Any] = {name: array.astype(np.float32) for name, array in weights.items()}
    np.savez(tmp_path / "w.npz", **arrays)
    save_file(arrays, tmp_path / "w.safetensors")
    torch.save({name: torch.from_numpy(array) for name, array in arrays.items()}, tmp_path / "w.pt")
    x = rng.normal(size=(4, 2))
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "x.npz", x=x)
    np.savetxt(tmp_path / "x.csv", x, delimiter=",")
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


WEIGHTS = ("w.npz", "w.safetensors", "w.pt")
INPUTS = ("x.npy", "x.npz", "x.csv")
EVERY_FILE = pytest.mark.parametrize("name", WEIGHTS + INPUTS)


def line_with(name: str) -> tuple[str, ...]:
    """The command line that reads `name`, and good files beside it."""
    weights, inputs = ("w.npz", name) if name.startswith("x") else (name, "x.npy")
    return "trace", "--weights", weights, "--input", inputs


@EVERY_FILE
def test_a_link_to_a_file_is_as_good_as_the_file(gatestep: "Command", here: Path, name: str) -> None:
    whole = gatestep(*line_with(name)).out
    (here / name).rename(here / f"real-{name}")
    (here / "between").symlink_to(here / f"real-{name}")
    (here / name).symlink_to("between")
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
def test_what_is_no_file_is_refused_at_once(gatestep: "Command", here: Path, name: str, what: str) -> None:
    make, said = IN_THE_WAY[what]
    (here / name).unlink()
    make(here / name)
    assert_one_line(gatestep(*line_with(name)), 2, f"gatestep: {name}: {said}")


def test_standard_input_is_no_file(here: Path) -> None:
    (here / "x.csv").unlink()
    (here / "x.csv").symlink_to("/dev/stdin")
    done = subprocess.run(
        [COMMAND, *line_with("x.csv")], stdin=subprocess.PIPE, capture_output=True, text=True, check=False, timeout=60
    )
    assert_one_line(done, 2, "x.csv: is a pipe or a device")


@pytest.fixture
def nobody() -> Iterator[None]:
    """A user who may do nothing that is closed to others."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    yield
    if root:
        os.seteuid(0)


@EVERY_FILE
def test_a_file_in_a_closed_directory_is_refused(
    gatestep: "Command", here: Path, name: str, request: pytest.FixtureRequest
) -> None:
    (here / "closed").mkdir()
    (here / name).rename(here / "closed" / name)
    (here / "closed").chmod(0)
    (here / name).symlink_to(f"closed/{name}")
    request.getfixturevalue("nobody")
    assert_one_line(gatestep(*line_with(name)), 2, f"{name}: permission denied")


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=oct)
def test_a_directory_that_may_not_be_written_to_fails_the_work(
    gatestep: "Command", here: Path, mode: int, request: pytest.FixtureRequest
) -> None:
    (here / "closed").mkdir(mode=mode)
    request.getfixturevalue("nobody")
    done = gatestep(*line_with("x.npy"), "-o", "closed/t.csv")
    assert_one_line(done, 1, "closed/t.csv: cannot be written: Permission denied")


@pytest.mark.parametrize("weights", ["w.npz", "w.safetensors"])
@pytest.mark.parametrize("left", [0, 9, 200])
def test_a_file_that_is_cut_short_while_it_is_read_is_refused(
    gatestep: "Command", here: Path, monkeypatch: pytest.MonkeyPatch, weights: str, left: int
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
    gatestep: "Command", here: Path, monkeypatch: pytest.MonkeyPatch, name: str
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
def test_any_name_is_read_and_named(gatestep: "Command", here: Path, odd: str) -> None:
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
def test_a_name_that_is_too_long_is_refused(gatestep: "Command", here: Path, name: str) -> None:
    assert_one_line(gatestep(*line_with(name)), 2, "x.npy: cannot be read: File name too long")


def test_a_name_of_any_length_can_be_written(gatestep: "Command", here: Path) -> None:
    name = "x" * 251 + ".csv"
    assert gatestep(*line_with("x.npy"), "-o", name).code == 0
    assert Path(name).exists()


@pytest.mark.parametrize("target", ["absent/t.csv", "x.csv/t.csv"])
def test_a_directory_that_is_none_is_refused(gatestep: "Command", here: Path, target: str) -> None:
    done = gatestep(*line_with("x.npy"), "-o", target)
    assert_one_line(done, 2, f"{target}: there is no directory {Path(target).parent} to write into")


def run(*arguments: object, limit: tuple[int, int] | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which must not have more than `limit` of a resource."""
    return subprocess.run(
        [COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60,
        preexec_fn=(lambda: resource.setrlimit(limit[0], (limit[1], limit[1]))) if limit else None, **options,
    )  # fmt: skip


def names_in(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


@pytest.mark.parametrize("old", [None, b"old"], ids=["no old file", "old file"])
def test_a_file_that_may_not_grow_leaves_nothing_half_written(here: Path, old: bytes | None) -> None:
    np.save("x.npy", np.zeros((2000, 2)))
    if old is not None:
        Path("t.csv").write_bytes(old)
    before = names_in(here)
    done = run(*line_with("x.npy"), "-o", "t.csv", limit=(resource.RLIMIT_FSIZE, 50_000))
    assert_one_line(done, 1, "t.csv: cannot be written: File too large")
    assert names_in(here) == before
    assert old is None or Path("t.csv").read_bytes() == old


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    line = [str(mount), "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if not mount or subprocess.run(line, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a disk, and not everywhere")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_nothing_half_written(gatestep: "Command", here: Path, small_disk: Path) -> None:
    np.save("x.npy", np.zeros((2000, 2)))
    done = gatestep(*line_with("x.npy"), "-o", small_disk / "t.csv")
    assert_one_line(done, 1, "t.csv: cannot be written: No space left on device")
    assert names_in(small_disk) == set()


def test_a_full_device_fails_the_work(gatestep: "Command", here: Path) -> None:
    assert_one_line(gatestep(*line_with("x.npy"), "-o", "/dev/full"), 1, "/dev/full: cannot be written: No space left")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [COMMAND, *line_with("x.npy")], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "gatestep: cannot write the output: No space left on device\n")


def test_too_little_memory_fails_the_work(here: Path) -> None:
    rows = 10**9
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, 2), }}\n".encode()
    with Path("x.npy").open("wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
        file.truncate(10 + len(header) + rows * 16)  # takes no room on the disk
    done = run(*line_with("x.npy"), limit=(resource.RLIMIT_AS, 4 * 2**30))
    assert_one_line(done, 1, "x.npy: needs more memory than there is")


@pytest.mark.parametrize("home", [None, "/nonexistent", "closed"])
@pytest.mark.parametrize("command", ["trace", "run"])
def test_no_home_is_needed(here: Path, home: str | None, command: str) -> None:
    (here / "closed").mkdir(mode=0)
    environment = {name: value for name, value in os.environ.items() if name != "HOME"}
    if home is not None:
        environment["HOME"] = str(here / home) if home == "closed" else home
    done = run(*(line_with("x.npy") if command == "trace" else ("run", "order")), env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("line", ["list", "trace --weights {0}/w.pt --input {0}/x.npy", "run order"])
def test_a_current_directory_that_is_gone_is_told(here: Path, line: str) -> None:
    (here / "gone").mkdir()
    script = f"cd gone; rmdir ../gone; {COMMAND} {line.format(here)}"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert_one_line(done, 2, "the current directory does not exist; change to one that does")


def test_a_pipe_is_written_to(gatestep: "Command", here: Path) -> None:
    whole = gatestep(*line_with("x.npy"), "--format", "csv").out
    os.mkfifo("t.csv")
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(Path("t.csv").read_text()))
    reader.start()
    assert gatestep(*line_with("x.npy"), "-o", "t.csv").code == 0
    reader.join(timeout=20)
    assert received == [whole]


def test_what_of_a_table_of_inputs_is_left_out_is_said(gatestep: "Command", here: Path) -> None:
    Path("plain.csv").write_text("a,b\n1,2\n3,4\n")
    Path("dated.csv").write_text("date,a,b\n2024-01-02,1,2\n2024-01-03,3,4\n")
    plain, dated = (gatestep("trace", "--weights", "w.npz", "--input", name) for name in ("plain.csv", "dated.csv"))
    assert "1 2024-01-02 " in dated.out
    assert [word for word in dated.out.split() if not word.startswith("2024")] == plain.out.split()
    assert (plain.err, dated.err) == (
        "",
        "gatestep: dated.csv: the column of dates (date) labels the timestamps and is not an input\n",
    )
