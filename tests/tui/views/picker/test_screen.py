"""The list of scenarios: chosen by arrows, digits and letters; what does not fit is said."""

import re

import pytest
from gatestep.scenarios import STUDIES, Scenario
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.keys import PICKER, actions_of
from gatestep.tui.views.picker.panels import picker
from gatestep.tui.views.picker.screen import PickerScreen, choice
from pilots import noted

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
