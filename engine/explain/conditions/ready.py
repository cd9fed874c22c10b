"""Ready-made conditions to choose by name, for those who have not learned the grammar yet."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...trace import Trace
from ..saturation import CLOSED, OPEN, gates_of
from .nodes import WrongCondition
from .search import Search
from .series import Known


@dataclass(frozen=True)
class Ready:
    """A condition called `name`. Where it does not apply to a run, `condition` is "" and `why_not` says why."""

    name: str
    condition: str
    why_not: str = ""


@dataclass(frozen=True)
class Largest:
    """The largest change so far, `value` at timestamp `t` (from 0); `done` of `total` timestamps are searched.

    `condition` holds where a change is as large, to four digits.
    """

    done: int
    total: int
    t: int
    value: float
    condition: str


def ready_made(trace: Trace, known: Known | None, layer: str, unit: int) -> tuple[Ready, ...]:
    """Return the conditions that can be chosen by name while `unit` of `layer` is selected.

    One that does not apply carries the reason. The largest change needs a search of its own, `largest_change`.
    """
    cell = trace.layer(layer).cell
    gates = [f"{layer}.{name}[{unit}]" for name in gates_of(cell.quantities)]
    ends = " or ".join(f"not {CLOSED:g} <= {gate} <= {OPEN:g}" for gate in gates)
    found = [
        ("the prediction flips", "flips"),
        ("the prediction is wrong", "wrong"),
        ("something is infinite or not a number", "nonfinite"),
    ]
    ready = [_asked(trace, known, name, condition) for name, condition in found]
    if gates:
        ready.append(Ready(f"a gate of unit {unit} saturates", ends))
    else:
        ready.append(Ready(f"a gate of unit {unit} saturates", "", f"a vanilla {cell.title} has no gates"))
    return tuple(ready)


def _asked(trace: Trace, known: Known | None, name: str, condition: str) -> Ready:
    try:
        Search(trace, condition, known)
    except WrongCondition as error:
        return Ready(name, "", str(error).rpartition(", at column")[0])
    return Ready(name, condition)


def largest_change(trace: Trace, layer: str, unit: int, quantity: str | None = None) -> Iterator[Largest]:
    """Search for the timestamp at which `quantity` (by default the memory, or the hidden state) of a unit changes most.

    The last that is yielded is the answer; on a lazy run the search can be left before that. Raises WrongCondition for
    a unit or quantity that does not exist, and KeyError for such a layer.
    """
    name = quantity or trace.layer(layer).cell.memory_state or "hidden"
    change, t, value = f"change({layer}.{name}[{unit}])", 0, 0.0
    for block in Search(trace, f"{change} >= 0").scan():
        values = block.hits.values
        if len(values) and values.max() > value:
            t, value = int(block.hits.t[values.argmax()]), float(values.max())
        yield Largest(block.done, block.total, t, value, f"{change} >= {size_of(value)}")


def size_of(value: float) -> str:
    """Return `value`, at least 0, as text in four digits that is not above it."""
    text = f"{value:.3e}"
    return f"{value * (1 - 1e-3):.3e}" if float(text) > value else text
