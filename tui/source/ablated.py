"""What is printed on ablated units below an edited run, beside as many others that are drawn at random."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...engine import printable
from ...engine.ranges import units
from .subject import Subject

if TYPE_CHECKING:
    from ...engine import Edit, Silenced

MOST = 2**24
"""The most hidden states (timestamps x units) of a run that is computed again for each ablation; more take too long."""

SEED = 0
"""The seed with which the other units are drawn."""


def beside_random(subject: Any, at: int) -> Iterator[str]:
    """Yield a line on the units that each edit ablates, at timestamp `at` (from 0), and one on as many others."""
    if not isinstance(subject, Subject):
        return
    trace = subject.trace
    ablating = [edit for edit in trace.edits if ablates(edit)]
    if not ablating or trace.original is None:
        return
    if len(trace) * sum(layer.H for layer in trace.layers) > MOST:
        yield "the run is too long for ablating other units beside these"
        return
    from ...engine import ablation  # not for runs without such an edit

    for edit in ablating:
        layer = edit.layer or trace.layers[0].name
        silent = units(edit.units or "", trace.layer(layer).weights.width("hidden"))
        found = ablation(trace, layer, silent, min(at, len(trace) - 1), SEED, edit)
        said = "" if found.answer is None else (trace.vocabulary or ())[found.answer]
        yield f"{edit} {_line(found.chosen, said, found.at, len(trace))}"
        if found.random is None:
            yield "there is no other unit to ablate beside it"
            continue
        named = ",".join(map(str, found.random.units))
        yield f"{layer}.hidden[{named}]=0, drawn at random, {_line(found.random, said, found.at, len(trace))}"


def ablates(edit: "Edit") -> bool:
    """Whether an edit ablates units: it holds their hidden states at zero throughout."""
    whole = edit.timestamps is None and edit.units is not None
    return edit.action == "set" and edit.quantity == "hidden" and edit.value == 0 and whole


def _line(found: "Silenced", said: str, at: int, T: int) -> str:
    if found.log_p is None:
        return f"moves the other units of the last layer by {found.hidden:.3g} (root mean square)"
    return f"changes ln p({printable(said)}) at {at + 1} by {found.log_p:+.3f}, and {found.changed} of {T} predictions"
