"""An action, and the names of the screens that have some."""

from dataclasses import dataclass

STEPPER, PICKER, COMPARE, DENSE, CHART = "stepper", "picker", "compare", "dense", "charts"
FORECAST, DAY = "forecast", "day"
LEARNING, CHECKPOINT = "learning", "checkpoint"
GRADIENTS, EXPERIMENT = "gradients", "experiment"
GATES, UNIT, OVERVIEW = "gates", "unit", "overview"
HITS, BREAKPOINTS = "hits", "breakpoints"
NETWORKS, READING = "networks", "reading"
EDITS, GRID, SIMILAR = "edits", "grid", "similar"
EVERYWHERE = ""
PAGES = "Pages"
"""The group of the actions that open another page on the same subject."""

STEPPING, LESSONS = (STEPPER, DAY, CHECKPOINT), (STEPPER, FORECAST)
TIMED, UNITS = (*STEPPING, COMPARE, GRID), (*STEPPING, COMPARE, DENSE, LEARNING, GATES, UNIT, GRID)
WALKED = (*TIMED, GRADIENTS, EXPERIMENT, LEARNING, UNIT)


@dataclass(frozen=True)
class Action:
    """One thing to do. `id` is unique; sentences name its key by it, as {key:stepper.model}.

    `name` is the method `action_<name>`; `keys` are Textual's names, the one to show first. `short` is for the
    footer (empty: not shown there), `help` is the full description. `counted`: a number typed first multiplies it.
    `where` are the screens that have it; empty means everywhere. `needs` is what the screen must be able to do for it.
    """

    id: str
    name: str
    keys: tuple[str, ...]
    short: str
    help: str
    group: str
    where: tuple[str, ...] = STEPPING
    counted: bool = False
    needs: str = ""
