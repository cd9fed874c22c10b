"""What is written: all of it, or nothing."""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gatestep.engine import WorkFailed, written_whole


def write(path: Path, content: bytes = b"new") -> None:
    with written_whole(path) as file:
        file.write(content)


def test_the_file_appears_with_all_that_was_written(tmp_path: Path) -> None:
    write(tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


def test_the_old_file_is_there_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    with written_whole(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("old", [None, b"old"], ids=["no old file", "old file"])
def test_a_failure_leaves_everything_as_it_was(error: type[BaseException], old: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "out"
    if old is not None:
        path.write_bytes(old)
    before = list(tmp_path.iterdir())

    def fail() -> None:
        with written_whole(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert list(tmp_path.iterdir()) == before
    assert old is None or path.read_bytes() == old


@pytest.fixture
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    mask: int = request.param
    before = os.umask(mask)
    yield mask
    os.umask(before)


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002], indirect=True, ids=oct)
def test_others_may_read_it_as_far_as_the_umask_lets_them(umask: int, tmp_path: Path) -> None:
    write(tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o666 & ~umask
    assert os.umask(umask) == umask


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o664], ids=oct)
def test_a_file_that_was_there_keeps_its_mode(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "out", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write(link)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(path.read_bytes()))
    reader.start()
    write(path)
    reader.join(timeout=10)
    assert received == [b"new"]
    assert path.is_fifo()


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    (tmp_path / "null").symlink_to(os.devnull)
    write(tmp_path / "null")
    assert Path(os.devnull).is_char_device()


def test_a_directory_is_refused(tmp_path: Path, refusal: Callable[..., str]) -> None:
    assert refusal(write, tmp_path) == f"{tmp_path}: is a directory; give the name of a file"


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path, refusal: Callable[..., str]) -> None:
    path = tmp_path / "absent" / "out"
    assert refusal(write, path) == f"{path}: there is no directory {path.parent} to write into"


def test_a_disk_that_refuses_is_failed_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkFailed, match="out: cannot be written: No space left on device"):
        write(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
