"""Reading the screen of an app that a pilot drives, and waiting for what threads and processes bring about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from gatestep.engine import run_lazily, stack_from_tensors
from gatestep.engine.arrays import frozen
from gatestep.engine.files.contents import Contents
from gatestep.engine.files.inputs import Sequences
from gatestep.engine.files.own import Own, Ready
from gatestep.tui.app import GatestepApp
from gatestep.tui.keys import with_keys
from gatestep.tui.source.origins import FromFile
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.panel import PanelView
from gatestep.tui.views.base.screen import ViewScreen
from textual.pilot import Pilot


def from_file() -> FromFile:
    """Return the origin of a subject that a test makes from arrays: files with one network and one sequence."""
    rng = np.random.default_rng(0)
    stack = stack_from_tensors({"weight_ih_l0": rng.normal(size=(3, 2)), "weight_hh_l0": np.eye(3)}, "weights.npz")
    sequences = Sequences("inputs.npy", (frozen(rng.normal(size=(4, 2)).astype(np.float32)),))
    return FromFile(Ready(Own(Path("weights.npz"), Path("inputs.npy")), stack, sequences, 0, "", Contents("", ())))


FROM_FILE = from_file()


def shown(app: GatestepApp, panel: str = "") -> str:
    """What `panel` shows, or all panels that are displayed, a line a row."""
    panels = [app.screen.query_one(f"#{panel}", PanelView)] if panel else list(app.screen.query(PanelView))
    return "\n".join(strip.text for p in panels if panel or p.display for strip in p.strips)


async def until(pilot: Pilot[Any], happens: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something `happens`, and fail where it does not within `seconds`."""
    for _ in range(int(seconds / 0.02)):
        if happens():
            return
        await pilot.pause(0.02)
    raise AssertionError("it has not happened")


def noted(app: GatestepApp) -> str:
    """What the footer shows, with the names of keys in it."""
    assert isinstance(app.screen, ViewScreen)
    return with_keys(app.screen.chrome.note)


def counted(app: GatestepApp) -> str:
    """The count that is typed so far."""
    assert isinstance(app.screen, ViewScreen)
    return app.screen.chrome.count


def numbers_of(T: int) -> Subject:
    """Return a subject over T timestamps of numbers, on a lazy run."""
    rng = np.random.default_rng(1)
    shapes = {"weight_ih_l0": (12, 2), "weight_hh_l0": (12, 3), "bias_ih_l0": (12,), "bias_hh_l0": (12,)}
    stack = stack_from_tensors({name: rng.normal(size=shape) for name, shape in shapes.items()}, "weights.npz")
    return Subject("numbers", "LSTM 3 units", run_lazily(stack, rng.normal(size=(T, 2)).astype(np.float32)), FROM_FILE)
