"""The gradients of a sentence: backpropagation through time, in one or two networks."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual.geometry import Size

from ....engine import Gradients
from ....engine.run.pytorch import load_torch, working_torch
from ...keys import GRADIENTS
from ..base.finding import FindingScreen
from ..base.messages import Moved
from ..base.over_time import OverTime
from . import panels
from .state import GradientView, found_for

NUMBERS = 8
"""Rows for the numbers at the selected timestamp."""


class GradientsScreen(OverTime, FindingScreen):
    """Shows the backward pass through a sentence; its state is a GradientView, and a thread computes the gradients."""

    WHERE = GRADIENTS
    PANELS: ClassVar = {"heading": panels.heading, "sentence": panels.sentence, "curves": panels.curves,
              "numbers": panels.numbers}  # fmt: skip

    state: GradientView

    def missing(self, state: GradientView) -> bool:
        """Whether the gradients are not computed yet."""
        return not state.found and not state.failed

    def find(self, state: GradientView) -> tuple[Gradients, ...]:
        """Return the gradients, computed by PyTorch."""
        with working_torch():
            load_torch()
            return found_for(state)

    def filled(self, state: Any, found: Any, reason: str) -> GradientView:
        """Return the state on the screen with the gradients, or with the `reason` why there are none."""
        return replace(self.state, found=found or (), failed=reason)

    def layout_of(self, state: GradientView) -> Hashable:
        """Return whether the gradients are there: then the rows are shared anew."""
        return bool(state.found)

    def rows(self, state: GradientView, size: Size) -> Mapping[str, int]:
        """Give the sentence and the numbers what they need, and the curves the rest."""
        sentence = min(panels.sentence_rows(state, size.width, self._look), 2 if size.height < 30 else 4)
        room = max(size.height - 2 - sentence, 0)
        numbers = min(NUMBERS, room // 2)
        return {"sentence": sentence, "numbers": numbers, "curves": room - numbers}

    def go(self, state: GradientView) -> None:
        """Go to `state`, and have the stepper below follow."""
        super().go(state)
        self.post_message(Moved(state))

    def action_loss(self) -> None:
        """Take the loss at the last word alone, or the sum over all words; over numbers another output, or the unit."""
        if self.state.aims:
            if len(self.state.aims) == 1:
                self.say("there is no output to start from; leave and select another unit of the last layer")
            else:
                self.go(self.state.aiming(1))
            return
        if self.state.found and len(self.state.found[0].sources) == 1:
            self.say("only the last word has a loss here")
        else:
            self.go(replace(self.state, summed=not self.state.summed))
