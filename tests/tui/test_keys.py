"""One registry of actions: everything that tells of a key agrees with it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from gatestep.engine import parse_edit
from gatestep.engine.files.contents import Contents, Recurrent
from gatestep.scenarios import STUDIES, find
from gatestep.scenarios.forecast import STARBUCKS
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import width_of
from gatestep.tui.draw.look import ASCII, BACKGROUND, UNICODE, Look
from gatestep.tui.keys import (
    ACTIONS,
    BREAKPOINTS,
    CHART,
    CHECKPOINT,
    COMPARE,
    DAY,
    DENSE,
    EDITS,
    EXPERIMENT,
    FORECAST,
    GATES,
    GRADIENTS,
    GRID,
    HITS,
    LEARNING,
    NETWORKS,
    OVERVIEW,
    PICKER,
    SHOWN,
    SHOWN_ASCII,
    SIMILAR,
    STEPPER,
    UNIT,
    Action,
    actions_of,
    markdown_table,
)
from gatestep.tui.opening import opened_study, screen_of
from gatestep.tui.source.breakpoints import Breakpoint
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.lookup import Lookup
from gatestep.tui.source.make import day_subject, scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.base.chrome import keys_line, offered, ranked
from gatestep.tui.views.base.palette import RegisteredActions
from gatestep.tui.views.base.screen import ViewScreen
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
from gatestep.tui.views.help.places import PLACES
from gatestep.tui.views.help.screen import HelpScreen
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
from pilots import until
from textual.command import CommandList
from textual.screen import Screen
from textual.widgets import Static

SCREENS: dict[str, type[Screen[None]]] = {
    STEPPER: StepperScreen, PICKER: PickerScreen, COMPARE: CompareScreen, DENSE: DenseScreen, CHART: ChartScreen,
    FORECAST: ForecastScreen, DAY: DayScreen,
    GRADIENTS: GradientsScreen, EXPERIMENT: ExperimentScreen, LEARNING: LearningScreen, CHECKPOINT: CheckpointScreen,
    GATES: GatesScreen, UNIT: UnitScreen, OVERVIEW: OverviewScreen,
    EDITS: EditsScreen, GRID: GridScreen, SIMILAR: SimilarScreen,
    NETWORKS: NetworksScreen, HITS: HitsScreen, BREAKPOINTS: BreakpointsScreen,
}  # fmt: skip


@pytest.fixture
def screen_at(subject: Subject, look: Look, learned: Callable[[], Learning]) -> Callable[[str], Screen[None]]:
    """A new screen of every kind there is."""

    forecasting = shipped_forecasting(STARBUCKS)
    forecast = forecasting.forecast
    assert forecast is not None

    def make(where: str) -> Screen[None]:
        makers: dict[str, Callable[[], Screen[None]]] = {
            STEPPER: lambda: screen_of(subject, look),
            PICKER: lambda: PickerScreen(look),
            COMPARE: lambda: screen_of(compared(first_moment(subject)), look),
            DENSE: lambda: screen_of(scenario_subject(find("order"), "dense"), look),
            CHART: lambda: screen_of(ChartPage.of(find("lengths")), look),
            FORECAST: lambda: screen_of(forecasting, look),
            DAY: lambda: screen_of(day_subject("starbucks", forecast), look),
            GRADIENTS: lambda: screen_of(gradient_view(subject), look),
            LEARNING: lambda: LearningScreen(learned(), look),
            CHECKPOINT: lambda: screen_of(AtCheckpoint(learned().settled()), look),
            GATES: lambda: screen_of(gate_statistics(first_moment(subject)), look),
            OVERVIEW: lambda: screen_of(Overview(first_moment(subject)), look),
            UNIT: lambda: screen_of(unit_page(first_moment(subject)), look),
            NETWORKS: lambda: screen_of(Networks(Path("w"), Contents("file", (Recurrent("net", {}),))), look),
            EDITS: lambda: screen_of(EditsPage(first_moment(with_edits(subject, [parse_edit("forget[2]=1@5")]))), look),
            GRID: lambda: screen_of(grid_of(first_moment(subject, 23)), look),
            SIMILAR: lambda: screen_of(similar_to(first_moment(subject, 8), 8, 9), look),
            HITS: lambda: screen_of(hit_list(first_moment(subject), _found(subject)), look),
            BREAKPOINTS: lambda: screen_of(breakpoint_list(first_moment(subject), (Breakpoint("b", "flips"),)), look),
            EXPERIMENT: lambda: screen_of(opened_study(STUDIES["gradients"]), look),
        }
        return makers[where]()

    return make


def _found(subject: Subject) -> Lookup:
    lookup = Lookup(subject, "?forget > .5")
    for _ in lookup.all():
        pass
    return lookup


def test_every_place_that_an_action_names_is_a_screen() -> None:
    assert {where for action in ACTIONS for where in action.where} == set(SCREENS)


@pytest.mark.parametrize("where", SCREENS)
def test_no_key_does_two_things_in_one_place(where: str) -> None:
    keys = [key for action in actions_of(where) for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.name} {' '.join(action.where)}")
def test_every_action_has_a_key_a_help_and_a_method(action: Action) -> None:
    assert action.keys
    assert action.help
    owners: list[type] = [SCREENS[where] for where in action.where] or [GatestepApp]
    for owner in owners:
        assert callable(getattr(owner, f"action_{action.name.partition('(')[0]}"))


def test_the_docs_have_the_table_of_keys() -> None:
    page = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    assert page.endswith(f"\n\n{markdown_table()}\n"), "paste what markdown_table() returns into docs/keys.md"


def test_every_key_that_a_sentence_names_is_the_key_of_an_action() -> None:
    root = Path(__file__).parents[2]
    sources = [path for folder in ("tui", "scenarios") for path in (root / folder).rglob("*.py")]
    named = {id for path in sources for id in re.findall(r"\{key:([\w.]+)\}", path.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert named <= {action.id for action in ACTIONS}


def test_no_lesson_names_a_key_by_hand() -> None:
    parts = [step for study in STUDIES.values() for step in getattr(study, "lesson", getattr(study, "parts", ()))]
    assert parts
    for text in (text for part in parts for text in (part.text, part.claim.text)):
        told = re.sub(r"\{key:[^}]*\}", "", text)
        assert not re.search(
            r"\b(press|Enter|Tab|Space|Esc)\b [a-z“]|[.(] ?\b[a-eg-z]\b (shows|has|puts|goes)", told
        ), told


@pytest.mark.parametrize("where", SCREENS)
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_footer_fits_and_always_names_help_and_the_way_out(where: str, width: int) -> None:
    line = keys_line(where, width, Look(UNICODE))
    text = "".join(s.text for s in line)
    assert "? help" in text
    assert text.endswith("q back")
    assert width_of(line) <= max(width, 20)


@pytest.mark.parametrize("where", SCREENS)
def test_the_footer_in_ascii_is_ascii(where: str) -> None:
    assert "".join(s.text for s in keys_line(where, 200, Look(ASCII))).isascii()
    assert all(name.isascii() for name in SHOWN_ASCII.values())
    assert set(SHOWN) == set(SHOWN_ASCII)


@pytest.mark.parametrize("where", SCREENS)
async def test_help_and_palette_name_every_action(
    where: str, app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    async with app.run_test(size=(120, 140)):
        screen = screen_at(where)
        await app.push_screen(screen)
        assert app.where == where
        palette = {command.title.lower() for command in app.get_system_commands(app.screen)}
        assert isinstance(screen, ViewScreen)
        chrome = screen.chrome  # as it is at this moment: what a thread finds may be offered a moment later
        help_screen = HelpScreen(chrome, screen.state, app.look)
        await app.push_screen(help_screen)
        shown = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        for action in offered(where, chrome.lacking):
            assert action.help[:40] in shown
            assert action.help.lower() in palette or action.name == "command_palette"


async def test_the_palette_begins_with_what_is_likely_and_ends_with_what_leaves(app: GatestepApp) -> None:
    for screen in (PickerScreen(app.look), screen_of(opened_study(find("pakistan")), app.look, 0, None)):
        async with GatestepApp(app.look).run_test(size=(80, 24)) as pilot:
            await pilot.app.push_screen(screen)
            where = getattr(screen, "WHERE")  # noqa: B009 (both have one)
            await pilot.press("ctrl+p")
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            options = pilot.app.screen.query_one(CommandList).options
            titles = [str(option.prompt).partition("\n")[0].lower() for option in options]
            assert isinstance(screen, ViewScreen)
            able = ranked(offered(where, screen.chrome.lacking))
            assert titles == [action.help.lower() for action in able if action.name != "command_palette"]
            assert titles.index("suspend (fg resumes)") >= len(titles) - 3


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("why", "Why this answer"), ("compare", "Two networks"), ("next quan", "Next quantity"), ("rnn", None),
        ("step over", "Step over"), ("over step", None),
    ],
)  # fmt: skip
async def test_the_palette_finds_words_in_their_order(app: GatestepApp, query: str, first: str | None) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        provider = RegisteredActions(app.screen)
        found = [hit async for hit in provider.search(query)]
        best = max(found, key=lambda hit: hit.score) if found else None
        assert (best is None) if first is None else (best is not None and str(best.text).startswith(first))
        await pilot.pause()


async def test_help_opens_with_what_this_screen_shows_and_its_equations_before_its_keys(app: GatestepApp) -> None:
    async with app.run_test(size=(200, 60)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        rows = ["".join(s.text for s in strip) for strip in app.screen._compositor.render_strips()]
        assert sum(" On the screen" in row or "Step  " in row for row in rows) >= 1
        heads = [next(n for n, row in enumerate(rows) if text in row) for text in ("You are at", "On the screen")]
        assert heads == sorted(heads)
        assert all(any(text in row for row in rows) for text in ("computes", " closes", "Anywhere"))


async def test_help_says_how_many_rows_are_below_until_there_are_none(app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        line = app.screen.query_one("#more", Static)
        await until(pilot, lambda: "rows more" in str(line.content))
        below = int(re.search(r"(\d+) rows more", str(line.content)).group(1))  # type: ignore[union-attr]
        assert below > 24
        await pilot.press("j")
        await until(pilot, lambda: f" {below - 1} rows more" in str(line.content))
        await pilot.press(*["space"] * 12)
        await until(pilot, lambda: "rows more" not in str(line.content))
        assert "closes" in str(line.content)


@pytest.mark.parametrize("where", SCREENS)
async def test_help_opens_over_every_screen_and_closes_again(
    where: str, app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(screen_at(where))
        await pilot.press("d", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, SCREENS[where])
        assert app.theme == "gatestep-light"


@pytest.mark.parametrize("where", SCREENS)
@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 15), (250, 70)])
async def test_every_screen_survives_every_size_and_every_key_of_its_own(
    where: str, size: tuple[int, int], app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    elsewhere = ("open", "compare", "charts", "gradients", "statistics", "unit_page", "overview", "jump",
                 "edits", "grid", "hits", "breakpoints", "seek", "similar", "watch", "step_in", "command_palette",
                 "back", "quit", "help")  # fmt: skip
    keys = [key for action in actions_of(where) if action.name not in elsewhere for key in ("3", action.keys[0])]
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen_at(where))
        for key in keys:
            await pilot.press(key)
            if getattr(app.screen, "prompting", False):
                await pilot.press("escape")
                await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.is_running
        assert getattr(app.screen, "WHERE", PICKER) in (where, STEPPER, DENSE)


@pytest.mark.parametrize("where", [DAY, CHECKPOINT])
async def test_the_help_of_a_kind_of_stepper_says_where_one_is_and_what_the_place_and_the_cell_are(
    where: str, app: GatestepApp, screen_at: Callable[[str], Screen[None]]
) -> None:
    async with app.run_test(size=(120, 90)) as pilot:
        await app.push_screen(screen_at(where))
        await pilot.press("question_mark")
        await pilot.pause()
        shown = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        assert "You are at timestamp" in shown
        assert PLACES[where][0] in shown
        assert "What a unit of this LSTM computes" in shown


async def test_the_help_follows_a_change_of_the_theme(app: GatestepApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("question_mark", "d")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        styles = {s.style for strip in app.screen._compositor.render_strips() for s in strip if "You are at" in s.text}
        assert {style.bgcolor.name for style in styles if style and style.bgcolor} == {BACKGROUND["light"]}


@pytest.mark.parametrize("key", ["c", "v", "u"])
async def test_a_count_is_used_up_by_a_key_that_opens_a_screen(key: str, app: GatestepApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5", key)
        await pilot.pause()
        assert not isinstance(app.screen, StepperScreen)
        await pilot.press("q", "l")
        assert isinstance(app.screen, StepperScreen)
        assert app.screen.state.t == 1
