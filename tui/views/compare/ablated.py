"""What ablating units changes, beside as many that are drawn at random, below a comparison with the original."""

from collections.abc import Hashable

from ...draw.lines import Line, fitted, rule, segment
from ...draw.look import Look
from ...draw.memo import memo
from ...source.ablated import ablates, beside_random
from ...source.subject import Subject
from .state import Comparison


def ablated(state: Comparison, width: int, height: int, look: Look) -> list[Line]:
    """Return what ablating units changes, each beside as many that are drawn at random; nothing without an ablation."""
    lines = _beside_random(state.moments[-1].subject, _at(state))
    head = rule(look, [segment(look, "text", "ablated units, beside others drawn at random")], [], width)
    return [head, *([segment(look, "text", fitted(look, f" {line}", width))] for line in lines)][:height]


def ablated_rows(state: Comparison) -> int:
    """Return how many rows the ablations of the right side take, one of two lines each; 0 without one."""
    count = sum(map(ablates, state.moments[1].trace.edits)) if len(state.moments) == 2 else 0
    return 1 + 2 * count if count else 0


def ablated_for(state: Comparison, width: int, height: int, look: Look) -> Hashable:
    """Return what the ablations are drawn from."""
    return id(state.right.subject), _at(state)


def _at(state: Comparison) -> int:
    """The timestamp at which the answer is compared: the end."""
    return len(state.moments[-1].trace) - 1


@memo(maxsize=4)
def _beside_random(subject: Subject, at: int) -> list[str]:
    return list(beside_random(subject, at))
