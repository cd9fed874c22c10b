"""Changing a run by keys: what the prompt and the run hold, and the run that a command line gives."""

import shlex
from typing import Any

from gatestep.tui.app import GatestepApp
from gatestep.tui.cli import build_parser
from gatestep.tui.commands.arguments import subject_of
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.prompt import Prompt
from gatestep.tui.views.stepper.state import Moment
from textual.pilot import Pilot


def prompt(app: GatestepApp) -> Prompt:
    return app.screen.query_one(Prompt)


def texts(moment: Moment) -> list[str]:
    """The edits in force."""
    return [edit.text for edit in moment.trace.edits]


def from_shell(command: str) -> Subject:
    subject = subject_of(build_parser().parse_args(shlex.split(command)[1:]))
    assert isinstance(subject, Subject)
    return subject


async def typed(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()
