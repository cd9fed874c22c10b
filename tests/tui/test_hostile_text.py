"""Words and names that would like to be obeyed, or are wide: no screen lets them, and none loses its shape."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gatestep.engine import Vocabulary, WordNetwork, read_table
from gatestep.engine.files.networks import save_network
from gatestep.scenarios import find, shipped
from gatestep.scenarios.forecast import series_of
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Glyphs, Look
from gatestep.tui.source.make import file_subject, scenario_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.compare.make import compared, first_side
from gatestep.tui.views.forecast.state import own_forecasting
from gatestep.tui.views.stepper.panels.prediction import prediction
from gatestep.tui.views.stepper.panels.timeline import timeline
from gatestep.tui.views.stepper.state import first_moment
from rich.cells import cell_len

if TYPE_CHECKING:
    from tests.tui.conftest import Command

ODD = (
    "\x1b]0;owned\x07", "\x1b[2J", "\x9b2J", "\u202eabc\u2066", "zero\u200bwidth", "\x00", "\u3164", "日本語の文",
    "🙂🙂🙂", "e\u0301\u0301\u0301\u0301\u0301", "\u0301x", "👩\u200d👩\u200d👧", "नमस्ते", "🇵🇰", "한국어",
    "[bold red]markup[/]", "x" * 90,
)  # fmt: skip
SENTENCE = " ".join(["My name is Ahmad , I live in Pakistan", *ODD])
NAME = "\x1b]0;owned\x07日本\u202e\x9b [b]x"


@pytest.fixture
def own_words(tmp_path: Path) -> Path:
    """The LSTM of pakistan with odd words at the end of its vocabulary, in a file with an odd name."""
    network, about = shipped(find("pakistan"), "lstm")
    assert isinstance(network, WordNetwork)
    words = (*network.vocabulary.words[: -len(ODD)], *ODD)
    path = tmp_path / f"{NAME}.safetensors"
    save_network(replace(network, vocabulary=Vocabulary(words)), path, about)
    return path


@pytest.fixture
def own_numbers(tmp_path: Path) -> tuple[Path, Path]:
    """Weights and inputs in files with odd names."""
    rng = np.random.default_rng(0)
    weights, inputs = tmp_path / f"{NAME}.npz", tmp_path / f"{NAME}.npy"
    np.savez(weights, weight_ih_l0=rng.random((16, 3)), weight_hh_l0=rng.random((16, 4)))
    np.save(inputs, rng.random((20, 3)))
    return weights, inputs


@pytest.fixture
def own_table(tmp_path: Path) -> Path:
    """A table with odd names of columns, in a file with an odd name; the last one is the wide "日本語の見出し"."""
    names = [
        *(name.replace("\x00", "").replace("\u3164", "empty") + str(n) for n, name in enumerate(ODD)),
        "日本語の見出し",
    ]
    rng, path = np.random.default_rng(0), tmp_path / f"{NAME}.csv"
    rows = [
        f"{date(2020, 1, 1) + timedelta(n)},{','.join(f'{v:.3f}' for v in rng.random(len(names)))}" for n in range(60)
    ]
    path.write_text("\n".join([",".join(["Da\x1bte", *names]), *rows]))
    return path


def assert_in_shape(app: GatestepApp, width: int) -> None:
    """Every line of the screen is printable, and as wide as a terminal makes it."""
    for strip in app.screen._compositor.render_strips():  # type: ignore[no-untyped-call]
        assert strip.text.isprintable(), ascii(strip.text)
        assert cell_len(strip.text) == width, ascii(strip.text)


WORDS = (
    "right right right right right right right right . . tab j o / q escape ? escape ctrl+p escape u right escape "
    "v right escape a right escape e escape c right right escape G d"
)
ALSO = "b left tab escape"
NUMBERS = "right . . tab j o / q escape ? escape : escape G"
DAYS = "right tab right tab tab shift+tab / escape ? escape s right tab escape"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("kind", ["sentence", "vocabulary", "compared", "numbers", "table"])
async def test_no_screen_obeys_or_loses_its_shape(
    kind: str, glyphs: Glyphs, size: tuple[int, int], own_words: Path, own_numbers: tuple[Path, Path], own_table: Path
) -> None:
    kinds: dict[str, tuple[Callable[[], Any], str]] = {
        "sentence": (lambda: scenario_subject(find("pakistan"), sentence=SENTENCE), f"{WORDS} {ALSO}"),
        "vocabulary": (lambda: scenario_subject(find("pakistan"), sentence=SENTENCE, weights=own_words), WORDS),
        "compared": (
            lambda: compared(first_side(scenario_subject(find("pakistan"), sentence=SENTENCE)), SENTENCE[5:]),
            "right right right x a right escape e escape",
        ),
        "numbers": (lambda: file_subject(*own_numbers), NUMBERS),
        "table": (lambda: own_forecasting(series_of(read_table(own_table), "日本語の見出し"), own_table.name), DAYS),
    }
    opened, keys = kinds[kind]
    app = GatestepApp(Look(glyphs), opened(), t=0)
    async with app.run_test(size=size) as pilot:
        for key in keys.split():
            await pilot.press({"/": "slash", "?": "question_mark", ":": "colon", ".": "full_stop"}.get(key, key))
            await pilot.pause()
            assert_in_shape(app, size[0])


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_columns_stay_in_line_beside_wide_words(tmp_path: Path, glyphs: Glyphs) -> None:
    network, about = shipped(find("pakistan"), "lstm")
    assert isinstance(network, WordNetwork)
    known = network.vocabulary.words
    words = [word + ("日本語", "🙂", "e\u0301\u0301", "", "\x1b")[n % 5] if n else word for n, word in enumerate(known)]
    save_network(replace(network, vocabulary=Vocabulary(words)), tmp_path / "w.safetensors", about)
    subject = scenario_subject(find("pakistan"), sentence=SENTENCE, weights=tmp_path / "w.safetensors")
    assert isinstance(subject, Subject)
    for t in range(len(subject.trace)):
        moment = first_moment(subject, t)
        said = [plain_text([line]) for line in prediction(moment, 80, 9, Look(glyphs))[2:]]
        places = [cell_len(line[: match.start()]) for line in said if (match := re.search(r" \d\.\d\d", line))]
        assert len(places) > 4
        assert len(set(places)) == 1, said
        *rows, below = timeline(moment, 400, 12, Look(glyphs))[1:]
        assert {width_of(row) for row in rows} == {width_of(below)}
        word = Look(glyphs).text(moment.token(t))
        assert word in plain_text([below])


@pytest.mark.parametrize(
    "command", ["run {w} {x}", "trace {w} {x}", "run --csv {t} --target 日本語の見出し", "run --csv {t} --target Volum"]
)
def test_no_output_obeys(gatestep: "Command", own_numbers: tuple[Path, Path], own_table: Path, command: str) -> None:
    named = {"w": f"--weights={own_numbers[0]}", "x": f"--input={own_numbers[1]}", "t": str(own_table)}
    done = gatestep(*(part.format(**named) for part in command.split()))
    assert done.code == (2 if "Volum" in command else 0), done.err
    assert (done.out or done.err).replace("\n", "").isprintable()
    assert done.err.count("\n") <= 1


def test_words_of_a_vocabulary_are_spelled_and_carried_faithfully(gatestep: "Command", own_words: Path) -> None:
    line = ("pakistan", f"--weights={own_words}", "--text", SENTENCE)
    for command in (("run", *line), ("trace", *line)):
        done = gatestep(*command)
        assert (done.code, done.err) == (0, "")
        assert done.out.replace("\n", "").isprintable()
    document = gatestep("trace", *line, "--format", "json").out
    assert document.replace("\n", "").isprintable()
    said = {word for at in json.loads(document)["predictions"] for word, _ in at["top"]}
    network = shipped(find("pakistan"), "lstm")[0]
    assert said <= {*network.vocabulary.words, *ODD}
