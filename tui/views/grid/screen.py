"""The patch grid: one walks over it, and steps on from any place with its patch in force."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual.geometry import Size
from textual.worker import get_current_worker

from ....engine import BadInput, WordNetwork
from ...keys import GRID
from ...source.edited import words_of
from ..base.finding import FindingScreen
from ..base.messages import Moved
from . import panels
from .state import GridView, Patched

SELECTED = 4
"""The rows below the grid."""


class Left(Exception):
    """The screen is left, or asks for something else."""


class GridScreen(FindingScreen):
    """Shows a patch grid; its state is a GridView, and a thread computes it."""

    WHERE = GRID
    PANELS: ClassVar = {"heading": panels.heading, "grid": panels.grid, "selected": panels.selected}

    state: GridView

    def missing(self, state: GridView) -> bool:
        """Whether the grid of the selected quantity is not there."""
        return state.patched is None and not state.failed

    def find(self, state: GridView) -> Patched:
        """Compute it; the work ends when the screen is left, or asks for other values."""
        from .make import patched  # with all that patches take

        worker = get_current_worker()

        def tick() -> None:
            now = self.state
            if worker.is_cancelled or (state.source, state.answer) != (now.source, now.answer):
                raise Left

        return patched(state, tick)

    def found(self, state: Any, found: Any, reason: str) -> GridView:
        """Return what is shown with the grid."""
        return self.state.with_found(state, found, reason)

    def rows(self, state: GridView, size: Size) -> Mapping[str, int]:
        """Give the grid what its units take, and what is selected its rows."""
        selected = SELECTED if size.height >= 2 * SELECTED else 0
        units = state.here.layer_trace.H + 2 + self._look.plain
        return {"grid": max(min(size.height - 2 - selected, units), 1), "selected": selected}

    def layout_of(self, state: GridView) -> object:
        """The rows are shared by how many units there are."""
        return state.here.layer

    def go(self, state: Any) -> None:
        """Go to `state`: a grid, or one of its places."""
        super().go(state if isinstance(state, GridView) else self.state.of(state))

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back."""
        self.go(self.state.here.at(self.state.here.t + self.times(sign)))

    def action_unit(self, sign: int) -> None:
        """Select another unit, in the order of their numbers."""
        here, last = self.state.here, self.state.here.layer_trace.H - 1
        self.go(replace(here, unit=min(max(here.unit + self.times(sign), 0), last)))

    def action_quantity(self, sign: int) -> None:
        """Patch another quantity."""
        self.go(self.state.here.with_quantity(self.times(sign)))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self.go(self.state.here.at(0))

    def action_last(self) -> None:
        """Go to the timestamp that is asked about, or to the one that was typed."""
        t = self.numbered(self.state.at)
        if t is not None:
            self.go(self.state.here.at(t))

    def action_largest(self, sign: int) -> None:
        """Go to the next largest effect."""
        self.go(self.state.largest(self.times(sign)))

    async def action_source(self) -> None:
        """Ask for the sentence that the values come from."""
        await self.ask("source", "patch from:", self.state.source or self.state.here.subject.text)

    def action_means(self) -> None:
        """Patch to the means over held-out sentences."""
        self.go(self.state.asking(None, self.state.answer))

    async def action_word(self) -> None:
        """Ask for the word whose chance is watched."""
        patched = self.state.patched
        await self.ask("answer", "effect on the chance of the word:", patched.grid.answer if patched else "")

    def check(self, purpose: str, text: str) -> None:
        """Refuse a word that the network cannot say, and a sentence that does not fit."""
        network: WordNetwork | None = words_of(self.state.here.subject)
        assert network is not None
        text = text.strip()
        if purpose == "answer" and text not in network.said:
            raise BadInput(f"{text}: this network cannot say that")
        if purpose == "source":
            words, T = network.vocabulary.split(text), len(self.state.here.trace)
            if unknown := [word for word in words if word not in network.vocabulary]:
                raise BadInput(f"unknown to this network: {', '.join(unknown)}")
            if len(words) != T:
                raise BadInput(f"it has {len(words)} words; this one has {T}, and each is patched from its place")

    def answer(self, purpose: str, text: str) -> None:
        """Compute the grid for what was typed."""
        state = self.state
        self.go(state.asking(state.source, text) if purpose == "answer" else state.asking(text, state.answer))

    def action_jump(self) -> None:
        """Step on from the selected place, with its patch in force."""
        try:
            there = self.state.applied()
        except BadInput as error:
            self.say(str(error))
        else:
            self.post_message(Moved(there, leave=True))
