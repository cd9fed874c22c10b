"""Making the list of breakpoints: what is offered for a run, and which of the kept do not apply to it."""

from collections.abc import Sequence

from ....engine import ready_made
from ...source.breakpoints import Breakpoint
from ...source.lookup import known_of, why_wrong
from ..stepper.state import Moment
from .state import SOUGHT, BreakpointList, Offer


def breakpoint_list(here: Moment, kept: Sequence[Breakpoint], sought: str = "") -> BreakpointList:
    """Return the list for the moment `here`; the condition that was `sought` last is offered as well."""
    subject = here.subject
    offers = [Offer(SOUGHT, sought)] if sought and why_wrong(subject, sought) is None else []
    ready = ready_made(here.trace, known_of(subject), here.layer, here.unit)
    offers += [Offer(one.name, one.condition, one.why_not) for one in ready]
    offers.append(Offer(f"the largest change of unit {here.unit}", ""))
    faults = [(point.condition, why_wrong(subject, point.condition)) for point in kept]
    refused = tuple((condition, str(fault)) for condition, fault in faults if fault is not None)
    return BreakpointList(here, tuple(kept), tuple(offers), refused)
