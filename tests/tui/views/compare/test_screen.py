"""The comparison by its keys: two sides step together, say what they are, and can be changed."""

from collections.abc import Callable

import numpy as np
import pytest
from gatestep.engine import distance, first_divergence, total_variation
from gatestep.scenarios import SCENARIOS, find, likeliest, shipped
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import Look
from gatestep.tui.source.make import origin_of, scenario_subject
from gatestep.tui.views.charts.screen import ChartScreen
from gatestep.tui.views.compare.make import compared, first_side
from gatestep.tui.views.compare.screen import CompareScreen
from gatestep.tui.views.compare.state import Comparison
from gatestep.tui.views.dense.state import Dense
from gatestep.tui.views.stepper.screen import StepperScreen
from gatestep.tui.views.stepper.state import Moment
from pilots import FROM_FILE, counted, noted, shown

SIZE = (120, 40)
TWO_SENTENCES = [name for name, scenario in SCENARIOS.items() if len(scenario.sentences) > 1]
ONE_SENTENCE = [name for name in SCENARIOS if name not in TWO_SENTENCES]


@pytest.fixture
def comparing(look: Look) -> Callable[..., GatestepApp]:
    """The app on a comparison: comparing("order"), comparing("order", "dense"), comparing("order", model="rnn")."""

    def make(name: str, what: str | None = None, model: str | None = None, text: str | None = None) -> GatestepApp:
        return GatestepApp(look, compared(first_side(scenario_subject(find(name), model, text)), what))

    return make


def state(app: GatestepApp) -> Comparison:
    assert isinstance(app.screen, CompareScreen)
    return app.screen.state


def sides(app: GatestepApp) -> tuple[Moment, Moment]:
    left, right = state(app).moments
    return left, right


@pytest.mark.parametrize("name", SCENARIOS)
async def test_c_puts_beside_it_what_is_most_worth_seeing(look: Look, name: str) -> None:
    app = GatestepApp(look, scenario_subject(find(name)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c")
        left, right = sides(app)
        assert (origin_of(left.subject).model, left.t, left.progress) == (find(name).models[0], 0, None)
        if name in TWO_SENTENCES:
            assert origin_of(right.subject).model == origin_of(left.subject).model
            assert left.subject.text != right.subject.text
        else:
            assert origin_of(right.subject).model == find(name).models[1]
            assert left.subject.text == right.subject.text
        assert left.subject.network in shown(app, "left")
        assert right.subject.network in shown(app, "right")
        await pilot.press("G")
        assert "timestamp" in shown(app, "heading")


async def test_both_sides_step_together_and_the_shorter_one_stops_at_its_end(
    comparing: Callable[..., GatestepApp],
) -> None:
    app = comparing("lengths")
    async with app.run_test(size=SIZE) as pilot:
        seen = []
        for keys in ("l", "2l", "5l", "h", "G", "3G", "g", "99l", "99h"):
            await pilot.press(*keys)
            seen.append(tuple(side.t for side in sides(app)))
            assert counted(app) == ""
        assert seen == [(1, 1), (3, 3), (3, 7), (3, 6), (3, 7), (2, 2), (0, 0), (3, 7), (0, 0)]
        await pilot.press("end")
        assert state(app).t == 7
        await pilot.press("home", "5")
        assert "5…" in shown(app, "footer")
        await pilot.press("escape", "l")
        assert state(app).t == 1


@pytest.mark.parametrize("name", ["order", "pakistan"])
async def test_unit_and_quantity_are_selected_on_both_sides(comparing: Callable[..., GatestepApp], name: str) -> None:
    app = comparing(name)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "9", "k", "3", "j")
        assert [side.unit for side in sides(app)] == [3, 3]
        await pilot.press("2", "up")
        assert [side.unit for side in sides(app)] == [1, 1]
        for _ in range(4):
            before = [side.quantity for side in sides(app)]
            await pilot.press("tab")
            for side, quantity in zip(sides(app), before, strict=True):
                names = side.layer_trace.cell.quantities
                assert side.quantity == names[(names.index(quantity) + 1) % len(names)]
        before = [side.quantity for side in sides(app)]
        await pilot.press("tab", "shift+tab")
        assert [side.quantity for side in sides(app)] == before


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_distances_and_the_parting_are_those_of_the_engine(look: Look, name: str) -> None:
    app = GatestepApp(look, scenario_subject(find(name)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c")
        one, other = (side.trace for side in sides(app))
        t = first_divergence(one, other)
        heading = shown(app, "heading")
        if name in TWO_SENTENCES:
            assert (
                f"they diverge at timestamp {t + 1}" in heading if t is not None else "they do not diverge" in heading
            )
        elif t is not None:
            assert f"predictions first differ at timestamp {t + 1}" in heading
        for _ in range(3):
            rows = {line.split()[0]: line.split()[1] for line in shown(app, "apart").splitlines()[1:]}
            here = min(state(app).t, len(one) - 1, len(other) - 1)
            assert float(rows["p"]) == pytest.approx(total_variation(one, other)[here], abs=0.00501)
            if name in TWO_SENTENCES:
                layers = one.layers[-1], other.layers[-1]
                assert float(rows["c"]) == pytest.approx(distance(*layers, "cell")[here], abs=0.00501)
                assert float(rows["h"]) == pytest.approx(distance(*layers, "hidden")[here], abs=0.00501)
            await pilot.press("2", "l")


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_table_has_what_every_network_says(look: Look, name: str) -> None:
    app = GatestepApp(look, scenario_subject(find(name)))
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("c")
        texts = list(dict.fromkeys(side.subject.text for side in sides(app)))
        rows = shown(app, "answers").splitlines()[1:]
        assert [row.split()[0] for row in rows] == list(find(name).models)
        for model, row in zip(find(name).models, rows, strict=True):
            network = shipped(find(name), model)[0]
            assert f"{network.parameters:,}" in row
            cells = []
            for text in texts:
                said = likeliest(network, text)
                right = said is not None and said[0] == find(name).corpus.answer(network.vocabulary.split(text))
                word = "too long for it" if said is None else f"{said[0]} {look.share(said[1])}"
                mark = "" if said is None else "✓" if right else "✗"
                cells.append(f"{mark} {word}".split())
            assert row.split()[2:] == [word for cell in cells for word in cell]


async def test_exchange_turns_everything_around(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("order")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "l")
        before, answers = sides(app), shown(app, "answers").splitlines()
        await pilot.press("x")
        assert sides(app) == before[::-1]
        turned = shown(app, "answers").splitlines()
        assert turned != answers
        for was, now in zip(answers[1:3], turned[1:3], strict=True):
            assert sorted(was.split()) == sorted(now.split())
            assert [w for w in was.split() if w.isalpha()][1:] == [w for w in now.split() if w.isalpha()][:0:-1]
        await pilot.press("x")
        assert sides(app) == before


async def test_m_goes_through_the_networks_on_the_right(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("order")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("4", "l")
        left = state(app).left
        seen = []
        for _ in range(3):
            await pilot.press("m")
            right = state(app).right
            seen.append((origin_of(right.subject).model, right.t if isinstance(right, Moment) else None))
            assert right.subject.text == "I am Hassan, not Ahmad"
            assert state(app).left is left
        assert seen == [("rnn", 4), ("dense", None), ("lstm", 4)]


async def test_s_goes_through_the_sentences_and_e_takes_ones_own(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("order")
    async with app.run_test(size=SIZE) as pilot:
        seen = []
        for _ in range(2):
            await pilot.press("s")
            seen.append(state(app).right.subject.text)
        assert seen == ["I am Ahmad, not Hassan", "I am Hassan, not Ahmad"]
        await pilot.press("e", "end", *["backspace"] * 5, *"Zork", "enter")
        await pilot.pause()
        assert state(app).right.subject.text == "I am Hassan, not Zork"
        assert "Zork?" in shown(app, "right")
        await pilot.press("l", "s")
        assert state(app).right.subject.text == "I am Ahmad, not Hassan"
        assert "they do not diverge" in shown(app, "heading")
        assert state(app).t == 1


async def test_an_empty_or_left_prompt_changes_nothing(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("order")
    async with app.run_test(size=SIZE) as pilot:
        before = state(app)
        await pilot.press("e", "ctrl+u", "enter")
        await pilot.pause()
        assert state(app) == before
        await pilot.press("e", "x", "m", "5", "tab", "escape")
        await pilot.pause()
        assert state(app) == before
        await pilot.press("e", "ctrl+u", "underscore", "underscore", "enter")
        await pilot.pause()
        assert "no words" in noted(app)
        assert (state(app).left, state(app).right) == (before.left, before.right)


async def test_a_dense_network_stands_still_beside_one_that_steps(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("order", "dense")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "9", "k", "2", "l", "j", "tab")
        left, right = state(app).left, state(app).right
        assert isinstance(left, Moment)
        assert isinstance(right, Dense)
        assert (left.t, left.unit, right.unit, left.quantity) == (2, 1, 1, "input")
        assert "timestamp 3/6" in shown(app, "heading")
        assert "no timestamps" in shown(app, "right")
        assert state(app).distances() == {}
        await pilot.press("x", "G")
        assert isinstance(state(app).left, Dense)
        assert state(app).t == 5


async def test_a_bag_of_words_says_bit_for_bit_the_same_of_two_orders(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("order", find("order").sentences[1], model="dense")
    async with app.run_test(size=SIZE) as pilot:
        assert "identical bit for bit" in shown(app, "heading")
        await pilot.press("l", "G", "3", "l", "tab", "j")
        assert state(app).t == 0
        await pilot.press("e", "end", *["backspace"] * 5, *"Zork", "enter")
        await pilot.pause()
        assert "not the same" in shown(app, "heading")


async def test_what_a_dense_network_cannot_take_is_said_and_nothing_is_lost(
    comparing: Callable[..., GatestepApp],
) -> None:
    app = comparing("lengths", "rnn", text=find("lengths").sentences[1])
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("4", "l")
        before = state(app)
        await pilot.press("m")
        assert "4 slots" in shown(app, "footer")
        assert (state(app).left, state(app).right, state(app).t) == (before.left, before.right, 4)
        assert "too long for it" in shown(app, "answers")
        await pilot.press("l")
        assert noted(app) == ""


async def test_the_next_sentence_that_does_not_fit_is_said(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("lengths", "dense")
    async with app.run_test(size=SIZE) as pilot:
        before = state(app)
        await pilot.press("s")
        assert "4 slots" in shown(app, "footer")
        assert (state(app).left, state(app).right) == (before.left, before.right)


async def test_q_goes_back_to_the_stepper_which_has_come_along(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("9", "G", "tab", "j")
        assert isinstance(app.screen, StepperScreen)
        before = app.screen.state
        await pilot.press("c")
        assert [side.t for side in sides(app)] == [8, 8]
        assert sides(app)[0].quantity == before.quantity
        await pilot.press("5", "l", "q")
        await pilot.pause()
        assert isinstance(app.screen, StepperScreen)
        assert app.screen.state == before.at(13), "the place is handed back"


async def test_charts_open_over_it_and_q_comes_back(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("lengths")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2", "l", "a")
        assert isinstance(app.screen, ChartScreen)
        await pilot.press("q")
        await pilot.pause()
        assert state(app).t == 2


async def test_a_network_from_a_file_says_why_it_cannot_be_compared(look: Look) -> None:
    from gatestep.engine import run, stack_from_tensors
    from gatestep.tui.source.subject import Subject

    rng = np.random.default_rng(0)
    tensors = {"weight_ih_l0": rng.normal(size=(16, 3)), "weight_hh_l0": rng.normal(size=(16, 4))}
    trace = run(stack_from_tensors(tensors, "random"), rng.normal(size=(5, 3)))
    app = GatestepApp(look, Subject("w.npz", "LSTM 4 units", trace, FROM_FILE))
    async with app.run_test(size=SIZE) as pilot:
        for key in ("c", "a"):
            await pilot.press("l", key)
            assert isinstance(app.screen, StepperScreen)
            assert "comes from a file" in noted(app)


async def test_a_sentence_of_thousands_of_words_is_stepped_through(comparing: Callable[..., GatestepApp]) -> None:
    app = comparing("pakistan", "I am a good boy, " * 500)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G")
        assert [side.t for side in sides(app)] == [23, 2999]
        await pilot.press("h", "1", "0", "0", "0", "G", "x")
        assert [side.t for side in sides(app)] == [999, 23]


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 15), (250, 70)])
async def test_resizing_keeps_the_place(comparing: Callable[..., GatestepApp], size: tuple[int, int]) -> None:
    app = comparing("lengths")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5", "l")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert state(app).t == 5
        await pilot.press("l")
        assert state(app).t == 6
