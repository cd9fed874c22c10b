"""The patch grid: its places are walked through, and from any of them the stepper goes on with its patch in force."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual.geometry import Size

from ....engine import BadInput, unknown_words
from ....engine.explain.answers import answer_of
from ...keys import GRID
from ...source.edited import sequences_of
from ...source.patches import source_run
from ...source.speaking import speaker_of
from ..base.finding import FindingScreen
from ..base.messages import Moved
from . import panels
from .state import GridView, Patched


class GridScreen(FindingScreen):
    """Shows a patch grid; its state is a GridView, and a thread computes it."""

    WHERE = GRID
    PANELS: ClassVar = {"heading": panels.heading, "grid": panels.grid, "selected": panels.selected}

    state: GridView

    def missing(self, state: GridView) -> bool:
        """Whether the grid of the selected quantity has not been computed."""
        return state.patched is None and not state.failed

    def find(self, state: GridView) -> Patched:
        """Compute the grid; the work ends when the screen is left, or asks for other values."""
        from .make import patched  # with all that patches take

        return patched(state, lambda done, total: self.report(state, done, total))

    def awaited(self, state: GridView) -> bool:
        """Whether these values and this answer are still asked for, and the grid of this quantity."""
        return state.key == self.state.key

    def got(self, state: GridView, share: float) -> GridView:
        """Return the state on the screen with the share that is computed."""
        return replace(self.state, done=share) if state.key == self.state.key else self.state

    def filled(self, state: Any, found: Any, reason: str) -> GridView:
        """Return the state on the screen with the grid, or with the `reason` why there is none."""
        return self.state.with_found(state, found, reason)

    def rows(self, state: GridView, size: Size) -> Mapping[str, int]:
        """Give the units rows of the same height, and the list of effects the rest."""
        room = max(size.height - 2, 1)
        grid = panels.grid_rows(state, room, self._look)
        return {"grid": grid, "selected": room - grid}

    def layout_of(self, state: GridView) -> object:
        """Return how many units there are, by which the rows are shared."""
        return state.units

    def go(self, state: Any) -> None:
        """Go to `state`: a grid, or one of its places."""
        super().go(state if isinstance(state, GridView) else self.state.of(state))

    def cannot(self, need: str) -> str:
        """Return why there is no effect to go to yet."""
        if need == "effects" and self.state.patched is None:
            return self.state.failed or "the effects are still being computed"
        return ""

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back."""
        self.go(self.state.here.at(self.state.here.t + self.times(sign)))

    def clicked(self, what: str, value: str) -> None:
        """Select the unit and the timestamp that were clicked on."""
        if what == "cell":
            unit, t = map(int, value.split(":"))
            self.go(replace(self.state.here.at(t), unit=unit))

    def action_unit(self, sign: int) -> None:
        """Select another unit, in the order of their numbers."""
        here = self.state.here
        self.go(replace(here, unit=max(here.unit + self.times(sign), 0)))

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
        """Ask for the sentence, or the sequence of the file, that the values come from."""
        subject = self.state.here.subject
        if subject.trace.tokens is not None:
            await self.ask("source", "patch from:", self.state.source or subject.text)
        elif sequences_of(subject) is None:
            self.say("its input file holds this one sequence; there is no other to patch from")
        else:
            await self.ask("source", "patch from sequence:", self.state.source or "")

    def action_means(self) -> None:
        """Patch to the means over other sentences or sequences."""
        already = self.state.source is None
        self.go(self.state.asking(None, self.state.answer))
        if already:
            self.say("these are patches to the means already; {key:grid.source} takes another sentence or sequence")

    async def action_word(self) -> None:
        """Ask for the word whose probability is watched, or for the output."""
        patched, outputs = self.state.patched, self.state.here.subject.outputs
        if outputs is not None and outputs.K == 1:
            self.say(f"this network has one output, {outputs.names[0]}")
            return
        label = "effect on ln p of the word:" if outputs is None else f"effect on the output (0 to {outputs.K - 1}):"
        await self.ask("answer", label, patched.grid.answer if patched else "")

    def check(self, purpose: str, text: str) -> None:
        """Raise BadInput for what the network cannot answer, and for a sentence or sequence that does not fit."""
        subject, trace = self.state.here.subject, self.state.here.trace
        speaker, text = speaker_of(subject), text.strip()
        assert speaker is not None
        if purpose == "answer":
            answer_of(trace, speaker, text, self.state.at)
            return
        other = source_run(subject, speaker, text)
        if unknown := unknown_words(other):
            raise BadInput(f"unknown to this network: {', '.join(unknown)}")
        if len(other) != len(trace):
            what = "timestamps" if trace.tokens is None else "words"
            raise BadInput(
                f"it has {len(other)} {what}; this one has {len(trace)}, and each is patched from the same timestamp"
            )

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
