"""Inputs are called by the names in their table and timestamps by its dates or index, wherever they are shown."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gatestep.engine.files.own import Own
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import Look
from gatestep.tui.source.own import own_subject
from gatestep.tui.views.stepper.panels.arithmetic import arithmetic
from gatestep.tui.views.stepper.panels.numbers import numbers
from gatestep.tui.views.stepper.panels.timeline import timeline
from gatestep.tui.views.stepper.state import Moment, first_moment
from pilots import noted

if TYPE_CHECKING:
    from tests.tui.conftest import Command

UNITS, COLUMNS = 3, ("Open", "Volume")
ROWS = [("2020-01-30", 1.5, 5e6), ("2020-01-31", -0.5, 6e6), ("2020-02-03", 0.25, 7_123_456.0)]
LABELS = [label for label, *_ in ROWS]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the weights of two layers and tables of inputs: dated, with an index, one-hot, wide."""
    rng = np.random.default_rng(0)
    for name, inputs in (("w.npz", 2), ("hot.npz", 4), ("wide.npz", 40)):
        layers: dict[str, Any] = {
            f"weight_ih_l{n}": rng.normal(size=(4 * UNITS, width)) for n, width in enumerate((inputs, UNITS))
        }
        layers |= {f"weight_hh_l{n}": rng.normal(size=(4 * UNITS, UNITS)) for n in range(2)}
        np.savez(tmp_path / name, **layers)
    header = ",".join(COLUMNS)
    dated = "".join(f"{label},{a},{b}\n" for label, a, b in ROWS)
    (tmp_path / "dated.csv").write_text(f"Date,{header}\n{dated}")
    (tmp_path / "newest.csv").write_text(f"Date,{header}\n" + "".join(dated.splitlines(True)[::-1]))
    (tmp_path / "index.csv").write_text(f"week,{header}\nw5,1.5,5e6\nw6,-0.5,6e6\nw7,.25,7123456\n")
    (tmp_path / "pandas.csv").write_text(f",{header}\n0,1.5,5e6\n1,-0.5,6e6\n2,.25,7123456\n")
    (tmp_path / "ticker.csv").write_text(f"ticker,{header}\nSBUX,1.5,5e6\nSBUX,-0.5,6e6\n")
    (tmp_path / "hot.csv").write_text("sun,rain,snow,fog\n0,0,1,0\n1,0,0,0\n0,0,0,1\n")
    np.save(tmp_path / "hot.npy", np.eye(4)[[2, 0, 3]])
    np.save(tmp_path / "wide.npy", np.ones((3, 40)) * 1e12)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def moment_of(weights: str, inputs: str, t: int = 0) -> Moment:
    return first_moment(own_subject(Own(Path(weights), Path(inputs))), t)


@pytest.mark.parametrize(
    ("name", "labels"),
    [("dated.csv", LABELS), ("newest.csv", LABELS), ("index.csv", ["w5", "w6", "w7"]), ("pandas.csv", ["0", "1", "2"])],
)
def test_dates_or_an_index_label_the_timestamps(here: Path, gatestep: "Command", name: str, labels: list[str]) -> None:
    done = gatestep("find", "w.npz", "--input", name, "--where", 'x["Volume"] > 1', "--json")
    assert [hit["label"] for hit in json.loads(done.out)] == labels
    assert "labels the timestamps and is not an input" in done.err
    exported = json.loads(gatestep("trace", "w.npz", "--input", name, "--format", "json").out)
    assert (exported["columns"], exported["labels"]) == (list(COLUMNS), labels)
    assert exported["tokens"] is None
    rows = list(csv.reader(io.StringIO(gatestep("trace", "w.npz", "--input", name, "--format", "csv").out)))
    assert rows[0][:2] == ["t", "label"]
    assert [row[1] for row in rows[1:]] == labels


def test_what_is_the_same_in_every_row_labels_nothing(here: Path, gatestep: "Command") -> None:
    done = gatestep("find", "w.npz", "--input", "ticker.csv", "--where", "x[0] > 0", "--json")
    assert [hit["label"] for hit in json.loads(done.out)] == ["1"]
    assert "(ticker) is left out: it holds no numbers" in done.err


def test_conditions_and_edits_name_columns_and_a_deleted_row_takes_its_label_along(
    here: Path, gatestep: "Command"
) -> None:
    line = (
        "--input",
        "dated.csv",
        "--edit",
        'x["Open"]=9@3',
        "--edit",
        "delete@2",
        "--where",
        'x["open"] > 5',
        "--json",
    )
    (hit,) = json.loads(gatestep("find", "w.npz", *line).out)
    assert (hit["t"], hit["label"], hit["value"]) == (2, LABELS[2], 9.0)


def test_the_first_row_shows_columns_by_name_and_the_arithmetic_does(
    here: Path, gatestep: "Command", look: Look
) -> None:
    shown = gatestep("run", "w.npz", "--input", "dated.csv", "--at", "3", "--plain").out
    assert "timestamp 3 2020-02-03 reads  Open +0.25  Volume 7,123,456" in shown
    terms = plain_text(arithmetic(moment_of("w.npz", "dated.csv", 2), 100, 12, look))
    assert re.search(r"Volume [+−]\d\.\d\d×\+7123456\.00=", terms)
    assert "01-30" in shown  # below the timeline


def test_an_upper_layer_calls_its_inputs_by_the_units_below(here: Path, gatestep: "Command") -> None:
    shown = gatestep("run", "w.npz", "--input", "dated.csv", "--layer", "1", "--plain").out
    assert "h of l0 " in shown
    assert "h of l0, unit " in shown
    trace = moment_of("w.npz", "dated.csv").trace
    assert [trace.input_name("l0", 1), trace.input_name("l1", 2)] == ["Volume", "h of l0, unit 2"]


def test_a_one_hot_row_is_told_by_its_column(here: Path, look: Look) -> None:
    named, numbered = moment_of("hot.npz", "hot.csv"), moment_of("hot.npz", "hot.npy")
    assert "snow (x2 = 1), the other 3 are 0" in plain_text(numbers(named, 80, 1, look))
    assert "x2 = 1, the other 3 are 0" in plain_text(numbers(numbered, 80, 1, look))
    assert plain_text(timeline(named, 80, 5, look)).splitlines()[-1].split() == ["1", "snow", "sun", "fog"]


@pytest.mark.parametrize("width", [60, 80, 200])
def test_inputs_that_do_not_fit_are_counted(here: Path, look: Look, width: int) -> None:
    lines = plain_text(numbers(moment_of("wide.npz", "wide.npy"), width, 2, look)).splitlines()
    assert all(len(line) <= width for line in lines)
    shown = sum(line.count("1.00e12") for line in lines)
    assert 0 < shown < 40
    assert lines[-1].endswith(f"and {40 - shown} of 40 more")


async def test_goes_to_a_date_and_to_a_unit(here: Path, look: Look, now: Callable[[GatestepApp], Moment]) -> None:
    app = GatestepApp(look, own_subject(Own(Path("w.npz"), Path("dated.csv"))), 0)
    async with app.run_test(size=(80, 24)) as pilot:
        for typed, there in (("2020-01-31", 1), ("2020-02", 2), ("1", 0)):
            await pilot.press("colon", *typed, "enter")
            assert now(app).t == there
        await pilot.press("colon", *"l1u2", "enter")
        assert (now(app).layer, now(app).unit) == ("l1", 2)
        await pilot.press("colon", *"u0", "enter")
        assert (now(app).layer, now(app).unit) == ("l1", 0)
        for typed, said in (
            ("u3", "there is no unit 3"),
            ("l2u0", "there is no layer l2; "),
            ("2021", "2021: no such label"),
            ("May", "May: no such label; give one from 2020-01-30 to 2020-02-03, or a timestamp, 1 to 3"),
        ):
            await pilot.press("colon", *typed, "enter")
            assert said in noted(app) or "there is no timestamp 2021" in noted(app)
