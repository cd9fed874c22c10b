"""`gatestep forecast`, and forecasters in `run`, `trace` and `train`: what is printed and written."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from gatestep.scenarios.forecast import RECIPES, STARBUCKS, WINDOWED, candidates, starbucks
from gatestep.scenarios.forecast.trained import load_forecaster
from gatestep.tui.commands import run, series
from gatestep.tui.views.forecast.state import Forecasting

if TYPE_CHECKING:
    from tests.tui.conftest import Command

ROWS = (files("gatestep.data") / "SBUX.csv").read_text().splitlines()
QUICK = ("--epochs", "20", "--seeds", "1")


@pytest.fixture
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer windows and sizes are tried: 27 trainings take seconds, and what is printed is asked about here."""
    narrow = replace(WINDOWED, tried=(5,))
    monkeypatch.setitem(RECIPES, WINDOWED.name, narrow)
    monkeypatch.setattr(starbucks, "WINDOWED", narrow)
    monkeypatch.setattr(candidates, "UNITS", (4,))


def test_it_prints_what_the_article_prints(gatestep: "Command") -> None:
    done = gatestep("forecast", *QUICK, "--plain")
    assert done.code == 0, done.err
    assert done.err == ""
    lines = done.out.splitlines()
    for line in (
        "Training Shape (200, 5) (200, 1)",
        "Testing Shape (53, 5) (53, 1)",
        "Training Shape torch.Size([200, 1, 5]) torch.Size([200, 1])",
        "Testing Shape torch.Size([53, 1, 5]) torch.Size([53, 1])",
        "Epoch: 0, loss: 0.18092",
    ):
        assert line in lines
    assert "2019-12-11      86.26      86.87      85.85      86.59      81.12  4,921,900" in done.out
    assert "\x1b" not in done.out
    for name in ("article", "windowed", "persistence", "5-day average", "training mean"):
        assert re.search(rf"^[ *]{name} +[\d.]+ M +[\d.]+ M +[\d.]+ % +[+−][\d.]+$", done.out, re.M), name


def test_the_table_has_the_spread_over_ten_seeds(gatestep: "Command") -> None:
    done = gatestep("forecast", "--recipe", "windowed", "--plain")
    assert done.code == 0, done.err
    assert "Training Shape torch.Size([195, 5, 6]) torch.Size([195, 1])" in done.out
    assert "Epoch: 200, loss: " in done.out
    test = done.out.split("── test days")[1].split("── train days")[0]
    for name in STARBUCKS.models:
        mae = STARBUCKS.trained(name).row.spreads["test"]["mae"]
        assert re.search(rf"{name} +{mae.mean / 1e6:.2f} M", test)
        assert f"{mae.least / 1e6:.2f} to {mae.most / 1e6:.2f} M" in test
    assert test.count("10 seeds") == 2


def test_the_docs_have_the_table_as_printed(gatestep: "Command") -> None:
    printed = gatestep("forecast", "--recipe", "windowed", "--plain").out
    table = printed[printed.index("── test days") :].rstrip()
    page = (Path(__file__).parents[3] / "docs" / "forecaster.md").read_text(encoding="utf-8")
    assert all(line.rstrip() in page for line in table.splitlines()), table


@pytest.mark.usefixtures("one_window")
def test_a_series_of_ones_own_needs_no_dates_and_no_particular_names(gatestep: "Command", own_series: Path) -> None:
    done = gatestep("forecast", "--csv", str(own_series), "--target", "demand", *QUICK)
    assert done.code == 0, done.err
    assert "Training Shape (47, 2) (47, 1)" in done.out
    assert re.search(r"^[ *]windowed", done.out, re.M)
    assert "day 1 " in done.out


@pytest.mark.usefixtures("one_window")
def test_in_ascii_it_is_ascii(gatestep: "Command", own_series: Path) -> None:
    done = gatestep("forecast", "--csv", str(own_series), "--target", "demand", *QUICK, "--glyphs", "ascii")
    assert done.code == 0, done.err
    assert done.out.isascii()


@pytest.mark.usefixtures("one_window")
def test_a_series_with_one_column_has_the_windowed_recipe_only(gatestep: "Command", tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("load\n" + "\n".join(str(100 + n % 7) for n in range(60)) + "\n")
    done = gatestep("forecast", "--csv", str(path), "--target", "load", "--recipe", "windowed", *QUICK)
    assert done.code == 0, done.err
    assert not re.search(r"^[ *]article", done.out, re.M)
    done = gatestep("forecast", "--csv", str(path), "--target", "load", *QUICK)
    assert done.code == 2
    assert "has no column beside load" in done.err


def test_run_prints_every_page_and_the_day(gatestep: "Command") -> None:
    done = gatestep("run", "starbucks", "--at", "201")
    assert done.code == 0, done.err
    for part in ("Volume day by day", "Volume, actual and forecast", "── loss", "largest gradient", "── test days",
                 "2020-09-28", "── lesson"):  # fmt: skip
        assert part in done.out
    assert all(" ".join(claim.text.split()[:4]) in " ".join(done.out.split()) for claim in STARBUCKS.claims)


def test_run_on_a_day_prints_its_gates_and_its_sum(gatestep: "Command") -> None:
    done = gatestep("run", "starbucks", "--text", "2020-09-28")
    assert done.code == 0, done.err
    assert "[2020-09-28]" in done.out
    assert "f multiplies c′ = 0 here" in done.out
    assert "1,847,800 + 0.1890 × 26,922,800 = 6,936,700" in done.out


def test_run_on_a_series_of_ones_own_says_that_nothing_is_trained(gatestep: "Command", own_series: Path) -> None:
    done = gatestep("run", "--csv", str(own_series), "--target", "demand", "--plain")
    assert done.code == 0, done.err
    assert "energy.csv" in done.out
    assert "Not trained yet" in done.out


def test_trace_has_a_days_window(gatestep: "Command") -> None:
    done = gatestep("trace", "starbucks", "--model", "windowed", "--text", "2020-09-28", "--format", "json")
    document = json.loads(done.out)
    assert document["tokens"] == ["2020-09-21", "2020-09-22", "2020-09-23", "2020-09-24", "2020-09-25"]
    trained = STARBUCKS.trained("windowed")
    trace = trained.task.trace(trained.history.checkpoints[-1].network, 200)
    assert np.array(document["quantities"]["l0.forget"]) == pytest.approx(trace.layers[0]["forget"])


@pytest.mark.usefixtures("one_window")
def test_train_makes_the_shipped_file_again(
    gatestep: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From fewer candidates, and fewer seeds; `make portable` trains from all of them."""
    monkeypatch.setattr(candidates, "UNITS", (2, 4))
    monkeypatch.setattr(starbucks, "SEEDS", 2)
    done = gatestep("train", "starbucks", "--model", "windowed", "-o", str(tmp_path))
    assert done.code == 0, done.err
    assert re.search(r"window  5 days, 4 units: mean absolute error 1,9\d\d,\d{3}", done.out)
    made, shipped = (
        load_forecaster(tmp_path / STARBUCKS.file_name("windowed"), STARBUCKS.series),
        STARBUCKS.trained("windowed"),
    )
    assert made.task.recipe == shipped.task.recipe
    assert made.history.losses == pytest.approx(shipped.history.losses, rel=1e-3), "another processor rounds otherwise"
    assert len(made.each) == 2
    for one, other in zip(made.each, shipped.each, strict=False):
        assert one["test"] == pytest.approx(dict(other["test"]), rel=1e-2)


def test_at_opens_the_forecaster_at_that_day(gatestep: "Command", monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Forecasting] = []

    def open_app(glyphs: str, state: Forecasting, t: int | None, **_: object) -> int:
        opened.append(state)
        return 0

    monkeypatch.setattr(run, "has_terminal", lambda: True)
    monkeypatch.setattr(run, "open_app", open_app)
    assert gatestep("run", "starbucks", "--at", "12").code == 0
    assert [state.day for state in opened] == [11]


def test_what_is_left_out_and_turned_round_is_said_on_stderr(gatestep: "Command", tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["Ticker," + ROWS[0], *(f"SBUX,{row}" for row in ROWS[:0:-1])]))
    done = gatestep("run", "--csv", str(path), "--target", "Volume", "--plain")
    assert done.code == 0, done.err
    assert done.err.splitlines() == [
        f"gatestep: {path}: column 1 (Ticker) is left out: it holds no numbers",
        f"gatestep: {path}: newest first: the rows are reversed, oldest first",
    ]
    assert "day 201 of 253" in gatestep("run", "--csv", str(path), "--target", "volume", "--plain", "--at", "201").out


def test_a_series_with_one_column_opens_in_the_recipe_that_can_read_it(gatestep: "Command", tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("load\n" + "\n".join(str(100 + n % 7) for n in range(60)))
    done = gatestep("run", "--csv", str(path), "--target", "load", "--plain")
    assert done.code == 0, done.err
    assert "windowed: LSTM 4 units, 5 days before" in done.out


def test_columns_that_do_not_fit_are_counted(gatestep: "Command", tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"sensor{n}" for n in range(60)]
    path.write_text(
        "\n".join([",".join(names), *(",".join(str((n * 7 + k) % 11) for k in range(60)) for n in range(50))])
    )
    shown = gatestep("run", "--csv", str(path), "--target", "sensor59", "--plain").out
    line = next(line for line in shown.splitlines() if "sensor59" in line and "sensor0" in line)
    count = sum(name in line.split() for name in names)
    assert line.rstrip().endswith(f" {60 - count} more")


def test_window_horizon_and_split_are_followed_from_the_file_to_the_table(gatestep: "Command", tmp_path: Path) -> None:
    (tmp_path / "SBUX.csv").write_text("\n".join(ROWS))
    model = tmp_path / "volume.toml"
    model.write_text('csv = "SBUX.csv"\ntarget = "Volume"\nwindow = 8\nhorizon = 3\nsplit = "2020-10-01"\n')
    done = gatestep("forecast", str(model), *QUICK)
    assert done.code == 0, done.err
    table = pd.read_csv(tmp_path / "SBUX.csv", parse_dates=["Date"])
    y, tests = table["Volume"], table["Date"] >= "2020-10-01"
    train = int((~tests).sum())
    assert f"Training Shape torch.Size([{train - 8 - 3 + 1}, 8, 6])" in done.out
    assert f"Testing Shape torch.Size([{tests.sum()}, 8, 6])" in done.out
    assert "Volume, actual and forecast 3 days ahead" in done.out
    for part, days in (("test", tests), ("train", ~tests)):
        rows = done.out.split(f"── {part} days, 3 days ahead ")[1].split("\n\n")[0]
        assert not re.search("^[ *]article", rows, re.M)
        for name, forecast in (("persistence", y.shift(3)), ("5-day average", y.rolling(5).mean().shift(3))):
            error = (forecast - y)[days].abs().mean()
            assert re.search(rf"^[ *]{name} +{error / 1e6:.2f} M ", rows, re.M), name
    shown = gatestep("run", str(model), "--at", str(train + 1), "--plain").out
    assert "windowed: LSTM 4 units, 8 days, 3 ahead · not trained" in shown
    assert f"2020-10-01 ── day {train + 1} of 253 · test" in re.sub("─+", "──", shown)
    assert "9 days, 3 ahead" in gatestep("run", str(model), "--window", "9", "--plain").out


def test_recipes_are_named_as_they_are_on_the_command_line() -> None:
    assert tuple(RECIPES) == series.RECIPES
