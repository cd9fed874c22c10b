"""What a command writes to: closed directories, full disks, pipes. One line each, and nothing half done."""

import os
import resource
import shutil
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from onelines import COMMAND, assert_one_line, line_with, run

if TYPE_CHECKING:
    from tests.tui.conftest import Command


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=oct)
def test_a_directory_that_may_not_be_written_to_fails_the_work(
    gatestep: "Command", good_files: Path, mode: int, request: pytest.FixtureRequest
) -> None:
    (good_files / "closed").mkdir(mode=mode)
    request.getfixturevalue("nobody")
    done = gatestep(*line_with("x.npy"), "-o", "closed/t.csv")
    assert_one_line(done, 1, "closed/t.csv: cannot be written: Permission denied")


def test_a_name_of_any_length_can_be_written(gatestep: "Command", good_files: Path) -> None:
    name = "x" * 251 + ".csv"
    assert gatestep(*line_with("x.npy"), "-o", name).code == 0
    assert Path(name).exists()


@pytest.mark.parametrize("target", ["absent/t.csv", "x.csv/t.csv"])
def test_a_directory_that_is_none_is_refused(gatestep: "Command", good_files: Path, target: str) -> None:
    done = gatestep(*line_with("x.npy"), "-o", target)
    assert_one_line(done, 2, f"{target}: there is no directory {Path(target).parent} to write into")


def names_in(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


@pytest.mark.parametrize("old", [None, b"old"], ids=["no old file", "old file"])
def test_a_file_that_may_not_grow_leaves_nothing_half_written(good_files: Path, old: bytes | None) -> None:
    np.save("x.npy", np.zeros((2000, 2)))
    if old is not None:
        Path("t.csv").write_bytes(old)
    before = names_in(good_files)
    done = run(*line_with("x.npy"), "-o", "t.csv", limit=(resource.RLIMIT_FSIZE, 50_000))
    assert_one_line(done, 1, "t.csv: cannot be written: File too large")
    assert names_in(good_files) == before
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


def test_a_full_disk_leaves_nothing_half_written(gatestep: "Command", good_files: Path, small_disk: Path) -> None:
    np.save("x.npy", np.zeros((2000, 2)))
    done = gatestep(*line_with("x.npy"), "-o", small_disk / "t.csv")
    assert_one_line(done, 1, "t.csv: cannot be written: No space left on device")
    assert names_in(small_disk) == set()


def test_a_full_device_fails_the_work(gatestep: "Command", good_files: Path) -> None:
    assert_one_line(gatestep(*line_with("x.npy"), "-o", "/dev/full"), 1, "/dev/full: cannot be written: No space left")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [COMMAND, *line_with("x.npy")], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "gatestep: cannot write the output: No space left on device\n")


def test_a_pipe_is_written_to(gatestep: "Command", good_files: Path) -> None:
    whole = gatestep(*line_with("x.npy"), "--format", "csv").out
    os.mkfifo("t.csv")
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(Path("t.csv").read_text()))
    reader.start()
    assert gatestep(*line_with("x.npy"), "-o", "t.csv").code == 0
    reader.join(timeout=20)
    assert received == [whole]
