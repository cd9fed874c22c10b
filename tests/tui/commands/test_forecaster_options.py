"""Options, files and model files of a forecaster: what does not apply or does not fit gets one line."""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Command

ROWS = (files("gatestep.data") / "SBUX.csv").read_text().splitlines()


BAD = {
    "no such file": (None, "no such file"),
    "empty": ("", "has no rows of numbers"),
    "no such column": ("\n".join(ROWS), "has no column Volum; choose from Volume"),
    "text": ("\n".join([*ROWS[:9], ROWS[9].replace(ROWS[9].split(",")[3], "high"), *ROWS[10:]]), "row 10"),
    "a gap": ("\n".join([*ROWS[:5], ",".join([*ROWS[5].split(",")[:6], ""]), *ROWS[6:]]), "row 6"),
    "NaN": ("\n".join([*ROWS[:5], ",".join([*ROWS[5].split(",")[:6], "NaN"]), *ROWS[6:]]), "row 6"),
    "too few rows": ("\n".join(ROWS[:30]), "has 29 rows of numbers; a forecast needs 40"),
    "unsorted": (
        "\n".join([ROWS[0], *ROWS[100:], *ROWS[1:100]]),
        "row 156, column Date (2019-12-11) goes back in time",
    ),
    "a date twice": ("\n".join([*ROWS[:9], ROWS[8], *ROWS[9:]]), "2019-12-20"),
    "not text": (b"\x00\x01\xff\xfe" * 50, ""),
    "another encoding": ("Datum;Höhe\n2020-01-01;1\n".encode("latin-1"), "UTF-8"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_line(gatestep: "Command", tmp_path: Path, case: str) -> None:
    content, said = BAD[case]
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    target = "Volum" if case == "no such column" else "Volume"
    done = gatestep("forecast", "--csv", str(path), "--target", target)
    assert done.code == 2
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert str(path) in done.err
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forecast", "--target", "Volume"], "--csv"),
        (["forecast", "--epochs", "0"], "--epochs 0"),
        (["forecast", "--seed", "-1"], "--seed -1"),
        (["forecast", "--seeds", "0"], "--seeds 0"),
        (["forecast", "--recipe", "best"], "article"),
        (["run", "starbucks", "--model", "lstm"], "choose from article, windowed"),
        (["run", "starbucks", "--text", "2020-10-03"], "the nearest: 2020-10-02 and 2020-10-05"),
        (["run", "starbucks", "--model", "windowed", "--text", "3"], "the first day is 2019-12-18"),
        (["run", "starbucks", "--compare", "windowed"], "--compare"),
        (["run", "starbucks", "--at", "254"], "1 to 253"),
        (["run", "starbucks", "--weights", "x.safetensors"], "--weights"),
        (["run", "pakistan", "--csv", "x.csv", "--target", "y"], "--csv"),
        (["train", "starbucks", "--model", "lstm"], "choose from article, windowed"),
        (["run", "starbuck"], "starbucks"),
    ],
)
def test_wrong_use_gets_one_line(gatestep: "Command", arguments: list[str], said: str) -> None:
    done = gatestep(*arguments)
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert said in done.err


def test_dates_that_nothing_settles_want_an_option(gatestep: "Command", tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    days = [f"{1 + n % 12:02}/{1 + n // 12:02}/2020" for n in range(48)]  # days first they rise, months first they jump
    path.write_text("Date,a,b\n" + "".join(f"{day},{n},{n * n}\n" for n, day in enumerate(days[:12] * 4)))
    given = ("run", "--csv", str(path), "--target", "a", "--plain")
    refused = gatestep(*given)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "say --dates day-first or --dates month-first" in refused.err
    path.write_text("Date,a,b\n" + "".join(f"{day},{n % 7},{n * n}\n" for n, day in enumerate(days)))
    assert "2020-04-12" in gatestep(*given, "--at", "48").out
    told = gatestep(*given, "--dates", "month-first")
    assert told.code == 2
    assert "goes back in time from that of row 13" in told.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--dates", "day-first"], "--csv FILE"),
        (["forecast", "--dates", "day-first"], "--csv FILE"),
        (
            ["run", "--csv", "SBUX.csv", "--target", "Volume", "--dates", "day-first"],
            "--dates day-first does not apply",
        ),
        (["run", "--csv", "SBUX.csv", "--target", "Volume", "--dates", "european"], "--dates"),
        (["run", "--csv", "SBUX.csv", "--target", "Volume", "--compare", "rnn"], "--compare"),
        (["run", "--csv", "SBUX.csv", "--target", "Volume", "--cell", "gru"], "--cell"),
        (
            ["run", "--csv", "SBUX.csv", "--target", "Volume", "--initial-state", "x"],
            "--initial-state",
        ),
        (["run", "--csv", "SBUX.csv", "--target", "Date"], "column Date holds the dates"),
        (["run", "--csv", "one.csv", "--target", "load", "--model", "article"], "or --recipe windowed"),
        (["forecast", "--csv", "one.csv", "--target", "load"], "or --recipe windowed"),
    ],
)
def test_options_of_a_table_that_do_not_apply_are_refused(
    gatestep: "Command", arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("SBUX.csv").write_text("\n".join(ROWS))
    Path("one.csv").write_text("load\n" + "\n".join(str(100 + n % 7) for n in range(60)))
    done = gatestep(*arguments)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err


def test_a_model_file_of_a_series_is_refused_where_it_does_not_go(gatestep: "Command", tmp_path: Path) -> None:
    model = tmp_path / "m.toml"
    for command, text, said in (
        ("run", 'csv = "t.csv"\nsplit = 0.8\n', "line 2: split must be a text in quotes, not 0.8"),
        ("run", 'csv = "t.csv"\nrecipe = "best"\n', 'recipe = "best": choose from article, windowed'),
        ("run", 'csv = "t.csv"\nweights = "w.pt"\n', "weights and csv do not go together"),
        ("run", 'csv = "t.csv"\ncell = "gru"\n', "--cell gru does not go with a series of your own"),
        ("run", 'csv = "../t.csv"\n', "only files below its own folder are read"),
        ("trace", 'csv = "t.csv"\n', "gatestep run and gatestep forecast take one"),
        ("forecast", 'weights = "w.pt"\n', 'has no key csv; write csv = "table.csv"'),
        ("forecast", 'csv = "t.csv"\ntarget = "y"\nwindow = 0\n', "--window 0: must be at least 1"),
    ):
        model.write_text(text)
        done = gatestep(command, str(model))
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert said in done.err


def test_what_does_not_fit_the_table_is_told_by_what_it_has(gatestep: "Command", tmp_path: Path) -> None:
    path = tmp_path / "SBUX.csv"
    path.write_text("\n".join(ROWS))
    for words, said in (
        (["--split", "2031-01-01"], "the dates go from 2019-12-11 to 2020-12-10"),
        (["--window", "250"], "need 322 rows to train on, and there are 200 of 253; give a window of at most 152"),
        (["--horizon", "400"], "need 524 rows to train on, and there are 200 of 253; give a shorter horizon"),
    ):
        done = gatestep("run", "--csv", str(path), "--target", "Volume", *words, "--plain")
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert done.err.startswith(f"gatestep: {path}: ")
        assert said in done.err
