"""Searching for a word or a condition: the prompt, the keys that go from hit to hit, and the list of all hits."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ....engine import BadInput
from ....engine.text import counted, percent
from ...source.lookup import Lookup, Results, Step, condition_in, reason, why_wrong
from ..base.errand import Came, Errand
from .addressing import at_hit
from .state import Moment

if TYPE_CHECKING:
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object

FIND, REST = "find", "rest"
"""What an errand is for: to find a hit, or to search the rest of a run whose numbers are all computed."""


class Searching(Mixed):
    """Mixed into the stepper, whose state is a Moment; its `results` are those of the last search."""

    state: Moment
    _lookup: Lookup | None = None
    _results: Results | None = None
    _errand: Errand | None = None
    _more: int = 0

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def jump(self, there: Moment) -> None:
        """Go to `there`, and remember where the jump started."""
        raise NotImplementedError

    # What is looked for

    async def action_find(self) -> None:
        """Ask for a word or a condition."""
        words = self.state.trace.tokens is not None
        await self.ask("find", "word or ?condition to find:" if words else "condition to find:")

    def wrong(self, purpose: str, text: str) -> tuple[str, int] | None:
        """Return what is wrong with the condition in a prompt, and at which of its characters (from 0)."""
        if purpose != "find":
            return super().wrong(purpose, text)
        condition, before = condition_in(text, self.state.subject)
        fault = None if condition is None else why_wrong(self.state.subject, condition)
        return None if fault is None else (str(fault), before + fault.column - 1)

    def look_for(self, text: str) -> None:
        """Search for `text`, and go to the first hit after this timestamp."""
        try:
            self._lookup, self._results = Lookup(self.state.subject, text), None
        except BadInput as error:
            self.say(str(error))
        else:
            self._seek(1)

    def action_find_next(self, sign: int) -> None:
        """Go to the next or previous hit of the last search."""
        count = self.times(sign)
        if self._lookup is None:
            self.say("nothing to repeat yet; {key:stepper.find} finds a word or a condition")
        elif self.looking:
            self._more += count  # typed ahead
        elif self._renewed(self.state):
            self._seek(count)

    def _renewed(self, state: Moment, *, quietly: bool = False) -> bool:
        """Search for the same in the run of `state`, and return whether it can be searched for there."""
        assert self._lookup is not None
        if self._lookup.subject is not state.subject:
            try:
                self._lookup, self._results = Lookup(state.subject, self._lookup.text), None
            except BadInput as error:
                if not quietly:
                    self.say(str(error))
                return False
        return True

    def go(self, state: Moment) -> None:
        """Go to `state`, with the hits in its run; in another run, the search is repeated at once where it can be."""
        lookup = self._lookup
        if lookup is not None and lookup.subject is not state.subject:
            self._results = None
            if self._renewed(state, quietly=True) and self._lookup is not None and self._lookup.at_once:
                _finish(self._lookup)
                self._results = self._lookup.results
        super().go(replace(state, results=self._results))

    # Looking

    @property
    def looking(self) -> bool:
        """Whether a hit is being searched for."""
        return self._errand is not None and self._errand.purpose == FIND

    def _seek(self, count: int) -> None:
        lookup, here = self._lookup, self.state
        assert lookup is not None
        self.stop()
        self._call_back()
        self._more = 0
        if lookup.at_once:
            *_, last = lookup.going(here.t, count)
            _finish(lookup)
            self._arrive(last)
            return
        self.go(here)
        self._errand = Errand(self, FIND, lambda: lookup.going(here.t, count), lookup.lock)  # type: ignore[arg-type]
        self.say(f"looking for {lookup.spelled}; {{key:app.undo}} stops here")

    def on_came(self, event: Came) -> None:
        """Say how far the search has got, or go where it led."""
        lookup = self._lookup
        if event.errand is not self._errand or lookup is None:
            return
        found = event.errand.purpose == FIND
        if event.over:
            self._errand = None
        if event.reason:
            self.say(event.reason)
        elif found and event.over:
            self._arrive(event.step)
            if self._more:
                self._seek(self._more)
            elif _is_computed(self.state) and not lookup.results.complete:
                self._errand = Errand(self, REST, lookup.all, lookup.lock)  # type: ignore[arg-type]
        else:
            results = self._show()
            if found and event.step is not None:
                done = event.step.done / max(event.step.total, 1)
                many = f"{len(results.hits):,} found"
                self.say(f"looking for {results.text}: {percent(done)}, {many}; {{key:app.undo}} stops here")

    def _show(self) -> Results:
        """Show what has been found so far, without moving."""
        assert self._lookup is not None
        self._results = self._lookup.results
        self.state = replace(self.state, results=self._results)
        return self._results

    def _arrive(self, step: Step) -> None:
        """Go to the hit, and say which of the hits it is, and why it is one."""
        results = self._show()
        if step.hit is None:
            self.go(self.state)
            self.say(f"{results.text}: holds nowhere in {counted(results.looked_at)}")
            return
        self.jump(at_hit(self.state, step.hit))
        if self.state.t == step.hit.t:  # and not on the way
            self.say(found_note(step, results, self.state, self._look.glyphs.dot))

    def _call_back(self) -> bool:
        """Stop the search, and return whether one was running. What has been found so far is kept."""
        errand, self._errand = self._errand, None
        if errand is not None:
            errand.leave()
        return errand is not None

    def leave_search(self) -> bool:
        """Stop searching for a hit, show what has been found so far, and return whether one was searched for."""
        if not self.looking:
            return False
        self._call_back()
        self._show()
        return True

    def on_unmount(self) -> None:
        """Stop the search with the screen."""
        self._call_back()

    # The list

    def action_hits(self) -> None:
        """List every hit of the last search."""
        from ..hits.state import hit_list  # when it is first asked for

        if self._lookup is None:
            self.say("nothing to list yet; {key:stepper.find} finds a word or a condition")
        elif self._renewed(self.state):
            self.stop()
            self._call_back()
            self.go(self.state)
            self.open(hit_list(self.state, self._lookup))

    def chosen(self, there: object) -> bool:
        """Go to the hit that was chosen in the list, and return whether `there` is that list."""
        from ..hits.state import HitList

        if not isinstance(there, HitList):
            return super().chosen(there)  # type: ignore[misc, no-any-return]
        if there.subject is self.state.subject and there.chosen is not None:
            self._arrive(Step(1, 1, there.chosen))
        return True

    def on_screen_resume(self) -> None:
        """Show what the list has found."""
        if self._lookup is not None and self._lookup.subject is self.state.subject and self._results is not None:
            self._show()


def _is_computed(moment: Moment) -> bool:
    """Whether the numbers of a run are all computed, so that a search needs no walk."""
    return all(isinstance(layer["hidden"], np.ndarray) for layer in moment.trace.layers)


def _finish(lookup: Lookup) -> None:
    for _ in lookup.all():
        pass


def found_note(step: Step, results: Results, moment: Moment, dot: str) -> str:
    """Return which of all hits a step has come to, and what made the condition true there."""
    assert step.hit is not None
    which = f"{results.index_at(step.hit.t) + 1:,} of " * results.complete + results.count
    around = ", wrapped around" * step.around
    why = reason(step.hit, moment.subject)
    return f"{results.text}: {which}{around}" + f" {dot} {why}" * bool(why)
