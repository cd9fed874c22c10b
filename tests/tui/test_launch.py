"""What opening the app changes in the process, and puts back."""

import gc
import os
import sys

import pytest
from gatestep.tui.app import GatestepApp
from gatestep.tui.launch import SWITCH, open_app


def test_threads_take_short_turns_only_while_the_app_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[float] = []

    def run(app: GatestepApp, **options: object) -> None:
        turns.append(sys.getswitchinterval())

    monkeypatch.setattr(GatestepApp, "run", run)
    monkeypatch.setattr(os, "environ", {**os.environ, "TEXTUAL_COLOR_SYSTEM": "256"})
    usual = sys.getswitchinterval()
    try:
        open_app("unicode", theme="dark")
    finally:
        gc.enable()  # as the app does once its first screen shows
    assert turns == [pytest.approx(SWITCH)]
    assert usual > SWITCH
    assert sys.getswitchinterval() == usual
