"""The gradients experiment on the screen: questions, answers, and keys that move the curves at once."""

from typing import TYPE_CHECKING

import pytest
from gatestep.scenarios import EXPERIMENTS, RADII, STUDIES, recorded
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.keys import with_keys
from gatestep.tui.views.experiment.screen import ExperimentScreen
from gatestep.tui.views.experiment.state import START, Trial
from gatestep.tui.views.picker.screen import PickerScreen
from pilots import shown, until
from textual.pilot import Pilot

if TYPE_CHECKING:
    from tests.tui.conftest import Command

SIZE = (80, 24)
GRADIENTS = EXPERIMENTS["gradients"]
MATRIX = 2
"""The question about the recurrent matrix."""


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def app(look: Look) -> GatestepApp:
    return GatestepApp(look, Trial(GRADIENTS))


async def test_enter_goes_through_all_questions_and_their_answers(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        for n, part in enumerate(GRADIENTS.parts, 1):
            assert f"{n}/{len(GRADIENTS.parts)}" in shown(app, "heading")
            assert flat(with_keys(part.text)) in flat(shown(app, "question"))
            assert flat(with_keys(part.claim.text)) not in flat(shown(app, "question"))
            await pilot.press("enter")
            assert flat(with_keys(part.claim.text)) in flat(shown(app, "question"))
            await pilot.press("enter")
        assert "1/" in shown(app, "heading")
        await pilot.press("shift+tab")
        assert f"{len(GRADIENTS.parts)}/{len(GRADIENTS.parts)}" in shown(app, "heading")


@pytest.mark.parametrize("place", range(len(GRADIENTS.parts)))
async def test_a_digit_guesses_and_is_told_whether_that_is_right(app: GatestepApp, place: int) -> None:
    part = GRADIENTS.parts[place]
    offered = part.choices.options
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["tab"] * place)
        asked = flat(shown(app, "question"))
        assert all(f"{n} {option}" in asked for n, option in enumerate(offered, 1))
        for n, option in enumerate(offered):
            await pilot.press(str(n + 1))
            told = flat(shown(app, "question"))
            assert (f"✓ right: {option}" if n == part.choices.right else f"✗ wrong: not {option}") in told
            assert flat(with_keys(part.claim.text)) in told
            await pilot.press("tab", "shift+tab")
        await pilot.press("enter", "4")
        assert "4…" in shown(app, "footer")  # with the answer a digit counts


async def test_the_footer_says_what_enter_does_now(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        for n, part in enumerate(GRADIENTS.parts, 1):
            assert "Enter answer  Tab next" in shown(app, "footer")
            await pilot.press(str(part.choices.right + 1))
            last = n == len(GRADIENTS.parts)
            assert f"Enter {'start over' if last else 'next question'}" in shown(app, "footer")
            assert "Tab" not in shown(app, "footer"), "it does the same"
            assert last or "Enter continues" in shown(app, "question")
            await pilot.press("enter")


async def test_at_the_end_it_says_how_many_guesses_were_right(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        for part in GRADIENTS.parts[:-1]:
            await pilot.press(str(part.choices.right + 1), "enter")
        wrong = (GRADIENTS.parts[-1].choices.right + 1) % len(GRADIENTS.parts[-1].choices.options)
        await pilot.press(str(wrong + 1))
        count = len(GRADIENTS.parts)
        assert f"{count - 1} of {count} guesses right" in shown(app, "question")
        await pilot.press("enter", "1")
        assert "guesses right" not in shown(app, "question")


async def test_a_chart_does_not_tell_the_answer_before_it_is_asked_for(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "LSTM |dL/dc|" in shown(app, "page"))
        assert "RNN |dL/dh|" not in shown(app, "page")
        await pilot.press("enter")
        await until(pilot, lambda: "RNN |dL/dh|" in shown(app, "page"))


async def test_the_radius_moves_the_curves_at_once(app: GatestepApp) -> None:
    numbers = recorded()["radius_rnn_hidden"]
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["tab"] * MATRIX, "g")
        for keys, place in ((("up",), START + 1), (("j", "j"), START - 1), (("9", "9", "up"), len(RADII) - 1),
                            (("5", "0", "down"), 0)):  # fmt: skip
            await until(pilot, lambda: shown(app, "page"))
            before = shown(app, "page")
            await pilot.press(*keys)
            assert f"radius {RADII[place]:.1f}" in shown(app, "heading")
            assert f"RNN |dL/dh| {numbers[place, 0]:.1e}" in shown(app, "numbers")
            assert shown(app, "page") != before


async def test_the_forget_bias_is_one_or_zero(app: GatestepApp) -> None:
    cell = recorded()["radius_lstm_cell"]
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["tab"] * (MATRIX + 1), "g")
        for bias in (1, 0):
            await pilot.press("f")
            assert f"forget bias {bias}" in shown(app, "heading")
            assert f"LSTM |dL/dc| {cell[bias, START, 0]:.1e}" in shown(app, "numbers")


async def test_what_is_beyond_the_scale_is_marked_and_clipping_says_what_it_would_do(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["tab"] * MATRIX, "9", "9", "up", "g")
        await until(pilot, lambda: "▲" in shown(app, "page"))
        assert f"W alone {recorded()['radius_rnn_matrix'][-1, 0]:.1e}" in shown(app, "numbers")
        for place in (0, len(RADII) - 1):
            await pilot.press("9", "9", "up" if place else "down")
            numbers = recorded()["radius_rnn_weights"][place], recorded()["radius_lstm_weights"][0, place]
            assert {bool(norm > 1) for norm in numbers} == {True, False} or place
            for title, norm in zip(("RNN", "LSTM"), numbers, strict=True):
                does = "clipped to 1" if norm > 1 else "no need to clip"
                assert f"{title} {norm:.1e}, {does}" in shown(app, "numbers")


async def test_a_chart_says_that_it_stays_as_it_is(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert "step" not in shown(app, "footer")
        for key in ("up", "right", "G"):
            await pilot.press(key)
            assert "stays as it is" in shown(app, "footer")
            await pilot.press("escape")
            assert isinstance(app.screen, ExperimentScreen)
        await pilot.press(*["tab"] * MATRIX)
        assert "step" in shown(app, "footer")


async def test_the_list_opens_it(look: Look) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G")
        assert GRADIENTS.title in shown(app)
        assert all(part.title in shown(app) for part in GRADIENTS.parts)
        await pilot.press("enter")
        await opens(pilot, ExperimentScreen)
        await pilot.press("q")
        await opens(pilot, PickerScreen)


async def opens(pilot: Pilot[Exception], kind: type) -> None:
    """Wait until the screen is of that kind."""
    for _ in range(200):
        await pilot.pause(0.02)
        if isinstance(pilot.app.screen, kind):
            return
    raise AssertionError(f"{pilot.app.screen} is open, not a {kind.__name__}")


async def test_the_list_is_whole_on_the_smallest_full_screen_whatever_is_chosen(look: Look) -> None:
    app = GatestepApp(look)
    async with app.run_test(size=SIZE) as pilot:
        for _ in STUDIES:
            assert all(f" {name} " in shown(app) for name in STUDIES)
            await pilot.press("down")


@pytest.mark.parametrize(
    ("look", "size"),
    [
        *((Look(UNICODE), size) for size in ((20, 5), (40, 10), (60, 15), (250, 70))),
        (Look(ASCII), (20, 5)),
        (Look(ASCII), (60, 15)),
        (Look(UNICODE, "none"), (40, 10)),
        (Look(UNICODE, "none"), (60, 15)),
    ],
    ids=lambda value: (
        f"{'unicode' if value.glyphs.unicode else 'ascii'}-{value.depth}" if isinstance(value, Look) else str(value)
    ),
)
async def test_it_is_drawn_for_every_size(look: Look, size: tuple[int, int]) -> None:
    """At every size in one look, and in the others at a small one and at one with more room."""
    app = GatestepApp(look, Trial(GRADIENTS))
    async with app.run_test(size=size) as pilot:
        for _ in GRADIENTS.parts:
            await pilot.press("enter", "up", "left", "f", "enter")
            assert look.glyphs.unicode or shown(app).isascii()
        await pilot.resize_terminal(*SIZE)
        await pilot.pause()
        assert "guess" in shown(app)


@pytest.mark.parametrize("size", [SIZE, (120, 40)])
@pytest.mark.parametrize("place", range(len(GRADIENTS.parts)))
async def test_question_and_answer_are_whole_at_every_full_size(look: Look, size: tuple[int, int], place: int) -> None:
    part, app = GRADIENTS.parts[place], GatestepApp(look, Trial(GRADIENTS, place))
    async with app.run_test(size=size) as pilot:
        for text in (part.text, part.claim.text):
            assert flat(with_keys(text)) in flat(shown(app, "question"))
            await until(pilot, lambda: shown(app, "page"))
            assert "no room" not in shown(app, "page")
            await pilot.press("enter")


@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
def test_in_a_pipe_it_is_text(gatestep: "Command", glyphs: str) -> None:
    done = gatestep("run", "gradients", "--glyphs", glyphs)
    assert (done.code, done.err) == (0, "")
    assert glyphs == "unicode" or done.out.isascii()
    assert "\x1b" not in done.out
    for part in GRADIENTS.parts:
        text = (
            with_keys(part.claim.text)
            if glyphs == "unicode"
            else with_keys(part.claim.text).translate(str.maketrans("“”", '""'))
        )
        assert flat(text) in flat(done.out)


def test_it_is_made_again_by_the_command_that_trains(gatestep: "Command") -> None:
    assert "--seed 1 does not go with" in gatestep("train", "gradients", "--seed", 1).err
    assert "is not a directory" in gatestep("train", "gradients", "-o", "/nowhere").err
