import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import NamedTuple

import forks
import pytest
from gatestep.engine import History
from gatestep.scenarios import find
from gatestep.tui.app import GatestepApp
from gatestep.tui.cli import main
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.training import process
from gatestep.tui.views.base.freeing import collect
from gatestep.tui.views.learning.state import Learning, learning_from
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment, first_moment
from idling import until_dealt_with, until_idle, wait_for_screen
from pictures import Compare
from stylesheets import parsed_once
from textual._wait import wait_for_idle
from textual.screen import Screen

STARTED = process.start
"""What starts the process of a training for a user."""

MADE_WITH = ((3, 11), "8.2.8")
"""The Python and Textual that draw the reference pictures; others may round a colour or an escape differently."""


@pytest.fixture(scope="session", autouse=True)
def quick_pilots() -> Iterator[None]:
    """Have pilots wait no longer than the app works, and style sheets read once; leave garbage to Python's collector.

    An app collects it after each screen. In a process of its own that is little; here, where a hundred apps and PyTorch
    have been, each time takes 0.1 s. `as_in_a_terminal` takes that and the wait back.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in ("app", "pilot"):
            patch.setattr(f"textual.{module}.wait_for_idle", until_idle)
        patch.setattr("textual.pilot.Pilot._wait_for_screen", until_dealt_with)
        patch.setattr("gatestep.tui.views.base.freeing.collect", lambda: None)
        patch.setattr("textual.css.stylesheet.Stylesheet._parse_rules", parsed_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def trainings_by_fork() -> Iterator[None]:
    """Have trainings begin in a process that is forked where PyTorch is loaded, which takes seconds else.

    `trainings_for_real` takes it back.
    """
    with pytest.MonkeyPatch.context() as patch:
        if forks.can_fork():
            patch.setattr(process, "start", lambda descriptor: forks.with_torch().work(descriptor))
        yield


@pytest.fixture
def trainings_for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have trainings start the process that they start for a user."""
    monkeypatch.setattr(process, "start", STARTED)


@pytest.fixture
def as_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have keys come as slowly as Textual's pilots press them, and a screen that is left free all it has shown."""
    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", wait_for_idle)
    monkeypatch.setattr("textual.pilot.Pilot._wait_for_screen", wait_for_screen)
    monkeypatch.setattr("gatestep.tui.views.base.freeing.collect", collect)


@pytest.fixture
def snap_compare(request: pytest.FixtureRequest, snap_compare: Compare) -> Compare:
    """The plugin's own, where pictures can be compared."""
    here = (sys.version_info[:2], version("textual"))
    if here != MADE_WITH:
        if request.config.getoption("--snapshot-update"):
            pytest.fail(f"pictures are updated with Python and Textual {MADE_WITH} only; this is {here}")
        pytest.skip(f"pictures are compared with Python and Textual {MADE_WITH} only; this is {here}")
    return snap_compare


@pytest.fixture(scope="session")
def subject() -> Subject:
    subject = scenario_subject(find("pakistan"))
    assert isinstance(subject, Subject)
    return subject


@pytest.fixture(scope="session")
def moment(subject: Subject) -> Moment:
    return first_moment(subject, 8)


@pytest.fixture(scope="session")
def learned(moment: Moment) -> Callable[[], Learning]:
    """The first 60 batches of the network of "pakistan", trained once: 21 checkpoints, the last of them selected."""
    start = learning_from(moment)
    start = replace(start, recipe=replace(start.recipe, batches=60, batch_size=16), history=History(60))
    done = start.after(tuple(start.make()))
    return lambda: replace(done, seconds=2.0)


@pytest.fixture
def look() -> Look:
    return Look(UNICODE)


@pytest.fixture
def screen_at(subject: Subject, look: Look, learned: Callable[[], Learning]) -> Callable[[str], Screen[None]]:
    """Return what makes a new screen of the kind that is named."""
    from everyscreen import makers  # it loads every screen

    return lambda where: makers(subject, look, learned)[where]()


@pytest.fixture
def app(subject: Subject, look: Look) -> GatestepApp:
    """The stepper on "pakistan" at its first step, without the lesson."""
    return GatestepApp(look, subject, t=0)


@pytest.fixture
def now() -> Callable[[GatestepApp], Moment]:
    """What the stepper of an app shows now."""

    def read(app: GatestepApp) -> Moment:
        screen = next(s for s in reversed(app.screen_stack) if isinstance(s, StepperScreen))
        return screen.state

    return read


class Done(NamedTuple):
    """How a command ended: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def gatestep(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line, in this process and without a terminal: gatestep("run", "pakistan", "--plain")."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as done:  # argparse leaves by it after --help
            code = int(done.code or 0)
        return Done(code, *capsys.readouterr())

    return call
