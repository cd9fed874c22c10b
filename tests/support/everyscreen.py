"""Every screen there is: its class, and how one is made on what tests have at hand."""

from collections.abc import Callable
from pathlib import Path

from gatestep.engine import parse_edit
from gatestep.engine.files.contents import Contents, Recurrent
from gatestep.scenarios import STUDIES, find
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui import keys
from gatestep.tui.draw.look import Look
from gatestep.tui.opening import opened_study, screen_of
from gatestep.tui.source.breakpoints import Breakpoint
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.lookup import Lookup
from gatestep.tui.source.make import day_subject, scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.breakpoints.make import breakpoint_list
from gatestep.tui.views.breakpoints.screen import BreakpointsScreen
from gatestep.tui.views.charts.screen import ChartScreen
from gatestep.tui.views.charts.state import ChartPage
from gatestep.tui.views.compare.make import compared
from gatestep.tui.views.compare.screen import CompareScreen
from gatestep.tui.views.day.screen import DayScreen
from gatestep.tui.views.dense.screen import DenseScreen
from gatestep.tui.views.edits.screen import EditsScreen
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.experiment.screen import ExperimentScreen
from gatestep.tui.views.forecast.screen import ForecastScreen
from gatestep.tui.views.forecast.state import shipped_forecasting
from gatestep.tui.views.gates.make import gate_statistics
from gatestep.tui.views.gates.screen import GatesScreen
from gatestep.tui.views.gradients.make import gradient_view
from gatestep.tui.views.gradients.screen import GradientsScreen
from gatestep.tui.views.grid.screen import GridScreen
from gatestep.tui.views.grid.state import grid_of
from gatestep.tui.views.hits.screen import HitsScreen
from gatestep.tui.views.hits.state import hit_list
from gatestep.tui.views.learning.checkpoint import CheckpointScreen
from gatestep.tui.views.learning.screen import LearningScreen
from gatestep.tui.views.learning.state import AtCheckpoint, Learning
from gatestep.tui.views.networks.screen import NetworksScreen
from gatestep.tui.views.networks.state import Networks
from gatestep.tui.views.overview.screen import OverviewScreen
from gatestep.tui.views.overview.state import Overview
from gatestep.tui.views.picker.screen import PickerScreen
from gatestep.tui.views.similar.screen import SimilarScreen
from gatestep.tui.views.similar.state import similar_to
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import first_moment
from gatestep.tui.views.unit.make import unit_page
from gatestep.tui.views.unit.screen import UnitScreen
from textual.screen import Screen

SCREENS: dict[str, type[Screen[None]]] = {
    keys.STEPPER: StepperScreen,
    keys.PICKER: PickerScreen,
    keys.COMPARE: CompareScreen,
    keys.DENSE: DenseScreen,
    keys.CHART: ChartScreen,
    keys.FORECAST: ForecastScreen,
    keys.DAY: DayScreen,
    keys.GRADIENTS: GradientsScreen,
    keys.EXPERIMENT: ExperimentScreen,
    keys.LEARNING: LearningScreen,
    keys.CHECKPOINT: CheckpointScreen,
    keys.GATES: GatesScreen,
    keys.UNIT: UnitScreen,
    keys.OVERVIEW: OverviewScreen,
    keys.EDITS: EditsScreen,
    keys.GRID: GridScreen,
    keys.SIMILAR: SimilarScreen,
    keys.NETWORKS: NetworksScreen,
    keys.HITS: HitsScreen,
    keys.BREAKPOINTS: BreakpointsScreen,
}


def makers(subject: Subject, look: Look, learned: Callable[[], Learning]) -> dict[str, Callable[[], Screen[None]]]:
    """Return what makes a new screen of every kind there is."""
    forecasting = shipped_forecasting(STARBUCKS)
    forecast = forecasting.forecast
    assert forecast is not None

    return {
        keys.STEPPER: lambda: screen_of(subject, look),
        keys.PICKER: lambda: PickerScreen(look),
        keys.COMPARE: lambda: screen_of(compared(first_moment(subject)), look),
        keys.DENSE: lambda: screen_of(scenario_subject(find("order"), "dense"), look),
        keys.CHART: lambda: screen_of(ChartPage.of(find("lengths")), look),
        keys.FORECAST: lambda: screen_of(forecasting, look),
        keys.DAY: lambda: screen_of(day_subject("starbucks", forecast), look),
        keys.GRADIENTS: lambda: screen_of(gradient_view(subject), look),
        keys.LEARNING: lambda: LearningScreen(learned(), look),
        keys.CHECKPOINT: lambda: screen_of(AtCheckpoint(learned().settled()), look),
        keys.GATES: lambda: screen_of(gate_statistics(first_moment(subject)), look),
        keys.OVERVIEW: lambda: screen_of(Overview(first_moment(subject)), look),
        keys.UNIT: lambda: screen_of(unit_page(first_moment(subject)), look),
        keys.NETWORKS: lambda: screen_of(Networks(Path("w"), Contents("file", (Recurrent("net", {}),))), look),
        keys.EDITS: lambda: screen_of(
            EditsPage(first_moment(with_edits(subject, [parse_edit("forget[2]=1@5")]))), look
        ),
        keys.GRID: lambda: screen_of(grid_of(first_moment(subject, 23)), look),
        keys.SIMILAR: lambda: screen_of(similar_to(first_moment(subject, 8), 8, 9), look),
        keys.HITS: lambda: screen_of(hit_list(first_moment(subject), _found(subject)), look),
        keys.BREAKPOINTS: lambda: screen_of(breakpoint_list(first_moment(subject), (Breakpoint("b", "flips"),)), look),
        keys.EXPERIMENT: lambda: screen_of(opened_study(STUDIES["gradients"]), look),
    }


def _found(subject: Subject) -> Lookup:
    lookup = Lookup(subject, "?forget > .5")
    for _ in lookup.all():
        pass
    return lookup
