"""The list of scenarios: chosen by arrows, digits and letters; what does not fit is said."""

import re
from functools import partial

import pytest
from gatestep.scenarios import STUDIES, Scenario
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.keys import PICKER, actions_of
from gatestep.tui.views.picker.panels import GROUPS, picker
from gatestep.tui.views.picker.screen import PickerScreen, choice
from gatestep.tui.views.picker.thumbs import strip, thumbnail
from pilots import noted, shown, until

NAMES = list(STUDIES)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ("5", "pakistan"), ("9", "gradients"), ("91", "order"), ("p", "pakistan"), ("P", "pakistan"), ("s", "sharing"),
        ("ss", "starbucks"), ("sss", "sharing"), ("st", "starbucks"), ("sh", "sharing"), ("jp", "pakistan"),
        ("k", NAMES[-1]), ("Gj", NAMES[0]), ("G", NAMES[-1]), ("Gg", NAMES[0]), ("sjt", "clouds"),
    ],
)  # fmt: skip
async def test_a_scenario_is_chosen_by_number_by_letters_and_around_the_end(keys: str, chosen: str, look: Look) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert isinstance(app.screen, PickerScreen)
        assert app.screen.state.study.name == chosen


async def test_what_is_no_scenario_is_said_and_keys_stay_keys(look: Look) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5", "0")
        assert noted(app) == f"there is no scenario 0; they are 1 to {len(NAMES)}"
        await pilot.press("z")
        await pilot.pause()
        assert noted(app) == "no scenario begins with z"
        assert isinstance(app.screen, PickerScreen)
        assert app.screen.state.study.name == NAMES[4]
        await pilot.press("d")
        assert app.theme == "gatestep-light"
        letters = {key for action in actions_of(PICKER) for key in action.keys if len(key) == 1}
        assert {"j", "k", "g", "G", "a", "d", "q"} <= letters


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(80, 23), (60, 18), (50, 15), (120, 39)])
@pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII, plain=True)], ids=["unicode", "ascii"])
def test_no_number_is_cut_and_what_is_left_out_is_said(name: str, size: tuple[int, int], look: Look) -> None:
    study = STUDIES[name]
    lines = picker(choice(NAMES.index(name)), *size, look)
    text = plain_text(lines)
    assert len(lines) <= size[1]
    assert max(map(width_of, lines)) <= size[0]
    if not isinstance(study, Scenario):
        return
    scores = choice(NAMES.index(name)).scores
    shown = [score for score in scores if f"\n {score.network}" in text]
    more = re.search(r"^ (\d+) more networks$", text, re.MULTILINE)
    assert len(scores) == len(shown) + (int(more[1]) if more else 0)
    rows = [line for line in text.splitlines() if any(line.startswith(f" {score.network}") for score in shown)]
    of = re.search(r"(\d+)\s+of\s+(\d+)", text.partition("held-out")[2].replace("\n", " "))
    count = int(of[1]) if of else len(scores[0].by_size)
    assert not of or int(of[2]) == len(scores[0].by_size)
    for row, score in zip(rows, shown, strict=True):
        rights = ["-" if part is None else str(round(part * 100)) for _, part in score.by_size[:count]]
        assert row.split()[-len(rights) :] == rights


def test_the_groups_are_the_list_in_its_order() -> None:
    assert [name for _, names in GROUPS for name in names] == NAMES


@pytest.mark.parametrize("height", range(8, 40))
def test_the_chosen_one_is_always_there_and_a_cut_list_says_so(height: int) -> None:
    for place, name in enumerate(NAMES):
        text = plain_text(picker(choice(place), 80, height, Look(UNICODE)))
        assert re.search(rf"▸ +{place + 1} +{name} ", text)
        listed = [other for other in NAMES if re.search(rf"^ .{{0,4}}\d  {other} ", text, re.MULTILINE)]
        assert len(listed) == len(NAMES) or f"{len(NAMES)} scenarios;" in text


def _chosen(app: GatestepApp, name: str) -> bool:
    return isinstance(app.screen, PickerScreen) and app.screen.state.study.name == name


async def test_slash_chooses_while_one_types(look: Look) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=(80, 24)) as pilot:
        for typed, name in (("dn", "dna"), ("early", "pakistan"), ("volume", "starbucks"), ("GRAD", "gradients")):
            await pilot.press("slash", *typed)
            await until(pilot, partial(_chosen, app, name))
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(app.screen, PickerScreen)
        await pilot.press("slash", *"xyz", "enter")
        await pilot.pause()
        assert noted(app) == "xyz: no scenario is about it"


async def test_a_lesson_that_was_finished_is_marked_when_one_comes_back(look: Look) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "lesson finished" not in shown(app)
        await pilot.press("enter")
        steps = len(STUDIES["order"].lesson)  # type: ignore[union-attr]
        await pilot.press(*["enter"] * (2 * steps - 2))
        await pilot.press("q")
        await pilot.pause()
        assert "lesson finished" not in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        assert app.lessons["order"].over
        await pilot.press("q")
        await pilot.pause()
        row = next(line for line in shown(app).splitlines() if " order " in line)
        assert "✓" in row
        assert shown(app).count("✓") == 2, "and what it means is said"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("look", [Look(UNICODE), Look(UNICODE, depth="16"), Look(ASCII, plain=True)])
def test_every_scenario_has_a_thumbnail_that_fits_and_is_no_flat_field(name: str, look: Look) -> None:
    thumb = thumbnail(STUDIES[name])
    for cells in (12, 24):
        row = strip(thumb, cells, look)
        assert 0 < width_of(row) <= cells
    assert len(set(thumb.values.ravel().tolist())) > 3


async def test_thumbnails_come_after_the_list(look: Look) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(app.screen.state.thumbnails) == len(NAMES))  # type: ignore[attr-defined]
        await pilot.press("down")
        assert len(app.screen.state.thumbnails) == len(NAMES)  # type: ignore[attr-defined]
