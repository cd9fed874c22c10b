"""Breakpoints: playing halts where one of them holds."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ....engine.text import percent
from ...source.breakpoints import Breakpoint, Watch
from ...source.lookup import reason
from ..base.errand import Came, Errand
from .addressing import at_hit
from .state import Moment
from .walking import AT_ONCE

if TYPE_CHECKING:
    from ....engine import Hit
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class Breaking(Mixed):
    """Mixed into the stepper, whose state is a Moment. The app has the breakpoints: all its screens share them."""

    state: Moment
    _watch: Watch | None = None
    _needed: Errand | None = None

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def look_for(self, text: str) -> None:
        """Search for a word or a condition."""
        raise NotImplementedError

    def action_breakpoints(self) -> None:
        """List the breakpoints, and what can be made one."""
        from ..breakpoints.make import breakpoint_list  # when it is first asked for

        self.stop()
        self.go(self.state)
        sought = self.state.results.condition if self.state.results is not None else ""
        self.open(breakpoint_list(self.state, self.breakpoints, sought))

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """The breakpoints that are kept."""
        kept: tuple[Breakpoint, ...] = getattr(self.app, "breakpoints", ())
        return kept

    def play_to(self, moment: Moment) -> None:
        """Go to `moment`, the next one while playing, and halt there where a breakpoint holds."""
        points = tuple(point for point in self.breakpoints if point.on)
        if not points:
            self._watch = None
            self.go(moment)
            return
        watch = self._watch
        if watch is None or (watch.subject, watch.points) != (moment.subject, points):
            watch = self._watch = Watch(moment.subject, points)
        if watch.missing(moment.t) > AT_ONCE:
            self._wait(watch, moment)
            return
        holding = watch.at(moment.t)
        if not holding:
            self.go(moment)
            return
        self.go(replace(at_hit(moment, holding[0][1]), playing=False))
        self.say(halted(holding, moment, self._look.glyphs.dot))

    def _wait(self, watch: Watch, moment: Moment) -> None:
        """Have a thread compute what the breakpoints test at `moment`, then play on from there."""
        self.stop()
        errand = Errand(self, f"{moment.t}", lambda: watch.reach(moment.t))  # type: ignore[arg-type]
        self._needed = errand
        self.say("computing what the breakpoints test; {key:app.undo} stops here")

    def on_came(self, event: Came) -> None:
        """Say how far that is computed, or play on."""
        if event.errand is not self._needed:
            return
        if event.over:
            self._needed = None
        if event.reason:
            self.say(event.reason)
        elif event.over:
            self.play_to(replace(self.state.at(int(event.errand.purpose)), playing=True))
        elif event.step is not None:
            done, total = event.step
            self.say(f"computing what the breakpoints test: {percent(done / total)}; {{key:app.undo}} stops here")

    def leave_breakpoints(self) -> bool:
        """Stop computing what the breakpoints test, and return whether anything was computed."""
        errand, self._needed = self._needed, None
        if errand is not None:
            errand.leave()
        return errand is not None

    def on_unmount(self) -> None:
        """Stop with the screen."""
        self.leave_breakpoints()

    def chosen(self, there: Any) -> bool:
        """Search for what was chosen in the list of breakpoints, and return whether `there` is that list."""
        from ..breakpoints.state import BreakpointList

        if isinstance(there, BreakpointList):
            self.look_for(f"?{there.chosen}")
            return True
        return False


def halted(holding: "list[tuple[Breakpoint, Hit]]", moment: Moment, dot: str) -> str:
    """Return which breakpoints hold at `moment`, and what made the first of them true."""
    first, hit = holding[0]
    others = f" and {len(holding) - 1} more" if len(holding) > 1 else ""
    why = reason(hit, moment.subject)
    name = first.name if first.name == first.condition else f"{first.name} ({first.condition})"
    return f"halted by {name}{others}" + f" {dot} {why}" * bool(why)
