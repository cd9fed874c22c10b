"""A dense network on one page: its sums, its keys, and that it has no steps."""

import re
from decimal import Decimal

import pytest
from gatestep.scenarios import SCENARIOS, find
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.source.make import origin_of, scenario_subject
from gatestep.tui.source.subject import DenseSubject
from gatestep.tui.views.compare.screen import CompareScreen
from gatestep.tui.views.dense.panels import whole
from gatestep.tui.views.dense.screen import DenseScreen
from gatestep.tui.views.dense.state import Dense
from gatestep.tui.views.stepper.screen import StepperScreen
from pilots import shown
from rich.cells import cell_len

SIZE = (100, 30)
DENSE = [name for name, scenario in SCENARIOS.items() if "dense" in scenario.models]


def dense(name: str, text: str | None = None) -> DenseSubject:
    subject = scenario_subject(find(name), "dense", text)
    assert isinstance(subject, DenseSubject)
    return subject


@pytest.fixture
def app(look: Look) -> GatestepApp:
    return GatestepApp(look, dense("order"))


def state(app: GatestepApp) -> Dense:
    assert isinstance(app.screen, DenseScreen)
    return app.screen.state


def page(name: str, unit: int = 0, width: int = 200, height: int = 200, look: Look | None = None) -> str:
    return plain_text(whole(Dense(dense(name), unit), width, height, look or Look(UNICODE)))


@pytest.mark.parametrize("name", DENSE)
def test_the_printed_terms_add_up_to_the_printed_sum(name: str) -> None:
    subject = dense(name)
    for unit in range(subject.net.H):
        lines = page(name, unit, 300).splitlines()
        start = next(n for n, line in enumerate(lines) if f"unit {unit}, hidden h" in line)
        text = re.sub(r'"[^"]*"', "", " ".join(lines[start + 1 : start + 4]).split("z = ")[1].split("──")[0])
        total, *parts = [Decimal(n.replace("−", "-")) for n in re.findall(r"[+−]\d*\.\d+", text)]
        assert len(parts) == 1 + len(subject.reading.tokens)
        assert sum(parts) == total
        exact = float(subject.net.bias[unit]) + float(subject.reading.terms[:, unit].sum())
        assert abs(float(total) - exact) <= 0.00501


@pytest.mark.parametrize("name", DENSE)
@pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII), Look(ASCII, "none", plain=True)], ids=str)
@pytest.mark.parametrize(("width", "height"), [(20, 5), (39, 12), (60, 15), (80, 24), (120, 40), (250, 70)])
def test_the_page_fits_where_it_is_drawn(name: str, look: Look, width: int, height: int) -> None:
    for unit in (0, dense(name).net.H - 1):
        lines = page(name, unit, width, height, look).splitlines()
        assert len(lines) <= height
        assert width < 39 or all(cell_len(line) <= width for line in lines)
        assert look.glyphs.unicode or all(line.isascii() for line in lines)


@pytest.mark.parametrize("name", DENSE)
def test_the_page_has_the_units_the_sum_and_the_answers_on_the_smallest_full_screen(name: str) -> None:
    lines = page(name, 1, 80, 23).splitlines()
    assert any(re.match(r"▸ 1 ", line) for line in lines)
    assert sum(bool(re.match(r"[▸ ] \d", line)) for line in lines) >= min(dense(name).net.H, 4)
    assert any("unit 1, hidden h" in line for line in lines)
    assert len([line for line in lines[-3:] if re.search(r"\.\d\d|1\.0", line)]) == 3, "three answers"
    assert dense(name).question in "\n".join(lines)


@pytest.mark.parametrize("name", DENSE)
@pytest.mark.parametrize("height", [16, 60, 200])
def test_the_right_answer_is_marked_and_it_is_said_how_many_words_there_are(name: str, height: int) -> None:
    subject = dense(name)
    count, total = re.findall(r"(\d+) of (\d+) words", page(name, 0, 120, height))[-1]
    lines = page(name, 0, 120, height).splitlines()[-int(count) :]
    best = subject.net.vocabulary.likeliest(subject.reading.probabilities, int(count))
    assert int(total) == len(subject.net.vocabulary.words)
    assert int(count) == 3 if height == 16 else int(count) >= (4 if height == 200 else 3)
    for (word, chance), line in zip(best, lines, strict=True):
        assert word in line
        assert Look(UNICODE).share(chance) in line
        assert line.startswith(" ✓") == (word == subject.answer)


def test_a_bag_counts_words_and_slots_say_how_many_there_are() -> None:
    assert "counts, in no order" in page("order")
    assert "4 of 4 slots taken" in page("lengths")
    assert "word 5 would meet none" in page("lengths")


async def test_units_are_selected_with_counts_and_stop_at_the_ends(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        seen = []
        for keys in ("j", "5j", "2k", "99j", "k", "99k"):
            await pilot.press(*keys)
            seen.append(state(app).unit)
            assert f"unit {seen[-1]}, hidden h" in shown(app, "page")
        assert seen == [1, 6, 4, 15, 14, 0]
        await pilot.press("5", "escape", "down")
        assert state(app).unit == 1


async def test_it_has_no_steps_and_keys_for_steps_do_nothing(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert "no timestamps" in shown(app, "page")
        before = state(app)
        await pilot.press("l", "right", "G", "full_stop", "space", "tab", "enter", "t", "colon", "slash")
        assert state(app) == before


async def test_m_goes_on_to_a_recurrent_network_and_from_there_back(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        seen = []
        for _ in range(4):
            await pilot.press("m")
            await pilot.pause()
            screen = app.screen
            if isinstance(screen, StepperScreen):
                seen.append(origin_of(screen.state.subject).model)
                assert screen.state.trace.tokens == ("I", "am", "Ahmad", ",", "not", "Hassan")
            else:
                seen.append(origin_of(state(app).subject).model)
        assert seen == ["lstm", "rnn", "dense", "lstm"]
        await pilot.press("q")
    assert app.return_code == 0


async def test_e_reads_another_sentence_and_marks_what_it_does_not_know(app: GatestepApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "j", "e", "end", *["backspace"] * 6, *"Zork", "enter")
        await pilot.pause()
        assert state(app).subject.reading.tokens[-1] == "Zork"
        assert "Zork?" in shown(app, "page")
        assert "Ahmad?" not in shown(app, "page")
        assert state(app).unit == 3
        before = state(app)
        await pilot.press("e", "ctrl+u", "enter", "e", "k", "escape")
        await pilot.pause()
        assert state(app) == before


async def test_a_sentence_that_is_too_long_is_refused_and_nothing_is_lost(look: Look) -> None:
    app = GatestepApp(look, dense("lengths"))
    async with app.run_test(size=SIZE) as pilot:
        before = state(app).subject
        await pilot.press("e", "end", *["space", "a"] * 4, "enter")
        await pilot.pause()
        assert "4 slots" in shown(app, "footer")
        assert state(app).subject is before
        await pilot.press("j")
        assert "4 slots" not in shown(app, "footer")


@pytest.mark.parametrize("name", DENSE)
async def test_c_compares_it_and_q_comes_back(look: Look, name: str) -> None:
    app = GatestepApp(look, dense(name))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2", "j", "c")
        assert isinstance(app.screen, CompareScreen)
        assert app.screen.state.left == Dense(state_below(app), 2)
        await pilot.press("q")
        await pilot.pause()
        assert state(app).unit == 2


def state_below(app: GatestepApp) -> DenseSubject:
    screen = app.screen_stack[-2]
    assert isinstance(screen, DenseScreen)
    return screen.state.subject


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (60, 15), (250, 70)])
async def test_resizing_keeps_the_unit(app: GatestepApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("9", "j")
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert state(app).unit == 9
        assert "▸ 9" in shown(app, "page") or size[1] < 10
