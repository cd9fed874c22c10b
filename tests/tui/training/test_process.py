"""A training in its own process: what it tells, that it pauses, ends when it is told to, and when its parent dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from gatestep.engine import BadInput
from gatestep.tui.training.process import Report, Training

PATIENCE = 20.0


def counting(count: int, seconds: float) -> Iterator[int]:
    for n in range(count):
        time.sleep(seconds)
        yield n


def failing(message: str) -> Iterator[int]:
    yield 0
    raise BadInput(message)


def crashing() -> Iterator[int]:
    yield 0
    os.kill(os.getpid(), signal.SIGKILL)


def chatty() -> Iterator[int]:
    os.write(1, b"on the screen")
    os.write(2, b"on the screen")
    print("on the screen")
    yield 0


class Told:
    """Everything that a training tells."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.by: list[Training] = []
        self.over = Event()

    def __call__(self, training: Training, report: Report) -> None:
        self.by.append(training)
        self.reports.append(report)
        if report.over:
            self.over.set()

    @property
    def items(self) -> list[int]:
        return [item for report in self.reports for item in report.items]


@dataclass
class AtOnce:
    """A thread that has done its work before it is started."""

    start: Callable[[], object]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch, trainings_for_real: None) -> None:
    """Let the other process find this module, as it finds those of the package."""
    here = os.path.dirname(__file__)
    monkeypatch.setenv("PYTHONPATH", here)
    for work in (counting, failing, crashing, chatty):
        monkeypatch.setattr(work, "__module__", "test_process")
    monkeypatch.setitem(sys.modules, "test_process", sys.modules[__name__])


def wait_until(true: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it has not happened"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_every_item_is_told_once_in_order(told: Told) -> None:
    Training(partial(counting, 50, 0.01), told)
    assert told.over.wait(PATIENCE)
    assert told.items == list(range(50))
    assert [report.over for report in told.reports] == [False] * (len(told.reports) - 1) + [True]


def test_a_fast_training_is_told_now_and_then_and_not_for_each_epoch(told: Told) -> None:
    Training(partial(counting, 2000, 0.0), told)
    assert told.over.wait(PATIENCE)
    assert told.items == list(range(2000))
    assert len(told.reports) < 100


def test_a_pause_stops_it_until_it_goes_on(told: Told) -> None:
    training = Training(partial(counting, 100, 0.02), told)
    wait_until(lambda: told.items)
    training.pause(True)
    time.sleep(0.3)
    before = len(told.items)
    time.sleep(0.5)
    assert len(told.items) == before
    assert not told.over.is_set()
    training.pause(False)
    assert told.over.wait(PATIENCE)
    assert told.items == list(range(100))


def test_a_cancelled_training_says_nothing_more_and_its_process_is_gone(told: Told) -> None:
    training = Training(partial(counting, 1000, 0.02), told)
    wait_until(lambda: told.items)
    training.cancel()
    count = len(told.reports)
    assert gone(training.pid)
    time.sleep(0.3)
    assert len(told.reports) == count
    assert not told.over.is_set()
    training.pause(True)  # too late, and harmless


def test_a_paused_training_can_be_cancelled(told: Told) -> None:
    training = Training(partial(counting, 1000, 0.02), told)
    wait_until(lambda: told.items)
    training.pause(True)
    time.sleep(0.2)
    training.cancel()
    assert gone(training.pid)


def test_what_went_wrong_is_one_line(told: Told) -> None:
    Training(partial(failing, "file.csv: is not good"), told)
    assert told.over.wait(PATIENCE)
    assert told.reports[-1].failed == "file.csv: is not good"


def test_a_process_that_is_killed_is_told_of(told: Told) -> None:
    Training(crashing, told)
    assert told.over.wait(PATIENCE)
    assert "ended early" in told.reports[-1].failed


def test_one_that_ends_before_it_has_a_name_says_which_it_is(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatestep.tui.training.process.Thread", lambda target, daemon: AtOnce(target))
    monkeypatch.setattr("gatestep.tui.training.process.start", lambda line: subprocess.Popen(["true"]))
    training = Training(crashing, told)
    assert told.by == [training]


def test_nothing_is_written_to_the_terminal(told: Told, capfd: pytest.CaptureFixture[str]) -> None:
    Training(chatty, told)
    assert told.over.wait(PATIENCE)
    assert told.items == [0]
    assert capfd.readouterr() == ("", "")


def test_it_ends_with_the_process_that_started_it() -> None:
    program = (
        f"import sys, time; sys.path.insert(0, {os.path.dirname(__file__)!r})\n"
        "import test_process; from functools import partial; from gatestep.tui.training.process import Training\n"
        "training = Training(partial(test_process.counting, 10**6, 0.01), lambda training, report: None)\n"
        "print(training.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert not gone(pid)
    parent.kill()
    parent.wait()
    wait_until(lambda: gone(pid) or _is_zombie(pid))


def _is_zombie(pid: int) -> bool:
    """Whether it has ended and only its number is left, where nobody takes in orphans."""
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "Z"


def test_nothing_is_imported_from_where_one_happens_to_stand(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadowed = [*sys.stdlib_module_names, "numpy", "torch", "gatestep", "sitecustomize", "usercustomize", "safetensors"]
    for name in shadowed:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'RUN')!r}, 'a').write({name!r})")
    monkeypatch.chdir(tmp_path)
    Training(partial(counting, 3, 0.0), told)
    assert told.over.wait(PATIENCE)
    assert told.items == [0, 1, 2]
    assert not (tmp_path / "RUN").exists()
