"""`gatestep why` and `gatestep grid` on networks over numbers, against runs with the edit of each row."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from gatestep.engine import edited, mean_over, parse_edit, patch_grid, why
from gatestep.engine.files.own import Own
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.own import own_subject
from gatestep.tui.source.patches import source_run
from gatestep.tui.source.subject import Subject
from numbermade import HEAD, made, scalers, table
from torch import nn

if TYPE_CHECKING:
    from tests.tui.conftest import Command

REGRESSION = ("model.pt", "--input", "vol.csv", "--readout", HEAD, "--target", "Volume", "--scaler", "scalers.json")
BATCH = ("model.pt", "--input", "x.npy", "--layout", "batch-first", "--sequence", "1")


@pytest.fixture
def regression(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """A dated table and a network with the head of the article, in the current directory."""
    monkeypatch.chdir(tmp_path)
    scalers(tmp_path, *table(tmp_path))
    made(tmp_path)
    return own_subject(
        Own(Path("model.pt"), Path("vol.csv"), readout=HEAD, target="Volume", scaler=Path("scalers.json"))
    )


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """The first of three sequences, the last of which is shorter, with two outputs, upon two layers."""
    monkeypatch.chdir(tmp_path)
    made(tmp_path, layers=2, dense=0, inputs=3, outputs=2)
    np.save("x.npy", np.random.default_rng(0).normal(size=(3, 6, 3)))
    np.save("lengths.npy", [6, 6, 4])
    return own_subject(
        Own(Path("model.pt"), Path("x.npy"), layout="batch-first", sequence=1, lengths=Path("lengths.npy"))
    )


def output(subject: Subject, edits: list[str], at: int, number: int = 0) -> float:
    assert subject.outputs is not None
    hidden = edited(subject.trace, edits).top[at].astype(np.float64)
    return float(subject.outputs.of(hidden)[number])


def test_why_tells_which_writes_move_the_output(gatestep: "Command", regression: Subject) -> None:
    done = gatestep("why", *REGRESSION, "--json", "--at", "20")
    found: dict[str, Any] = json.loads(done.out)
    assert (found["answer"], found["at"], found["by"], found["log_probability"]) == ("Volume", 20, "erased", None)
    assert found["output"] == pytest.approx(output(regression, [], 19), rel=1e-6)
    assert (found["words"][0]["token"], found["words"][0]["label"][:7]) == (None, "2020-01")
    for write in found["writes"][:5]:
        alone = output(regression, [f"candidate[{write['unit']}]=0@{write['t']}"], 19)
        assert write["effect"] == pytest.approx(alone - found["output"], abs=1)
    page = gatestep("why", *REGRESSION, "--at", "20").out.splitlines()
    first = found["words"][0]
    assert page[0].startswith(f"Volume at 20 is {found['output']:,.0f}: it depends most on what is written at ")
    assert page[0].endswith(f"{first['t']} ({first['label']})")
    assert page[-1] == "100 of 100 writes were tried"


def test_a_grid_without_another_sequence_takes_the_mean_over_this_one(gatestep: "Command", regression: Subject) -> None:
    grid = ("grid", *REGRESSION, "--quantity", "cell", "--at", "9")
    found: dict[str, Any] = json.loads(gatestep(*grid, "--json").out)
    assert len(found["effects"]) == 9 * 5
    mean = mean_over([regression.trace], "cell")
    for cell in found["effects"][:4]:
        alone = output(regression, [f"cell[{cell['unit']}]={float(mean[cell['unit']])!r}@{cell['t']}"], 8)
        assert cell["effect"] == pytest.approx(alone - found["output"], abs=1)
    first, page = found["effects"][0], gatestep(*grid).out.splitlines()
    assert page[0] == f"Volume at 9 is {found['output']:,.0f}; changed by patching cell:"
    assert page[-3].startswith(f"cell[{first['unit']}]@{first['t']}  {first['label']}  ")


def test_a_grid_takes_from_another_sequence_or_the_mean_of_the_others(gatestep: "Command", batch: Subject) -> None:
    options = ("grid", *BATCH, "--lengths", "lengths.npy", "--quantity", "cell", "--layer", "l0", "--answer", "y1")
    found = json.loads(gatestep(*options, "--from", "2", "--json").out)
    assert (found["answer"], found["output"]) == ("y1", pytest.approx(output(batch, [], 5, 1), rel=1e-5))
    others = [
        own_subject(
            Own(Path("model.pt"), Path("x.npy"), layout="batch-first", sequence=n, lengths=Path("lengths.npy"))
        ).trace
        for n in (2, 3)
    ]
    mean = mean_over(others, "cell")
    averaged = json.loads(gatestep(*options, "--json").out)
    for cells, values in (
        (found["effects"], np.asarray(others[0].layer("l0")["cell"])),
        (averaged["effects"], np.broadcast_to(mean, others[0].layer("l0")["cell"].shape)),
    ):
        for cell in cells[:6]:
            t, unit = cell["t"] - 1, cell["unit"]
            alone = output(batch, [f"l0.cell[{unit}]={float(values[t, unit])!r}@{t + 1}"], 5, 1)
            assert cell["effect"] == pytest.approx(alone - found["output"], abs=1e-5)
        assert abs(cells[0]["effect"]) > 1e-3


def test_edits_and_the_number_of_an_output(gatestep: "Command", batch: Subject) -> None:
    by_number, by_name = (gatestep("why", *BATCH, "--answer", answer).out for answer in ("1", "y1"))
    assert by_number == by_name != gatestep("why", *BATCH, "--answer", "y0").out


def test_the_forecast_of_a_day_is_asked_alike(gatestep: "Command") -> None:
    found = json.loads(gatestep("why", "starbucks", "--json").out)
    assert (found["answer"], found["by"]) == ("Volume", "erased")
    assert gatestep("grid", "starbucks", "--quantity", "cell").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why",), "this network gives 2 outputs; --answer says which: y0, y1"),
        (("why", "--answer", "y7"), "there is no output y7; choose from y0, y1"),
        (("why", "--answer", "y0", "--by", "exchanged"), "this network reads numbers; which others fit a place is not"),
        (("why", "--answer", "y0", "--at", "7"), "--at 7: there is no such timestamp; the sequence has 1 to 6"),
        (("grid", "--quantity", "cell", "--answer", "y0"), "this network has several layers; give --layer, one of l0"),
        (
            ("grid", "--quantity", "cell", "--layer", "l0", "--answer", "y0", "--from", "9"),
            "--from 9: there is no sequence 9; x.npy holds 1 to 3",
        ),
        (
            ("grid", "--quantity", "cell", "--layer", "l0", "--answer", "y0", "--from", "1"),
            "--from 1: this is the sequence that would be patched; with its own values nothing changes",
        ),
        (
            ("grid", "--quantity", "cell", "--layer", "l0", "--answer", "y0", "--from", "a b"),
            "--from a b: this network reads numbers; give the number of a sequence, from 1",
        ),
        (
            ("grid", "--quantity", "cell", "--layer", "l0", "--answer", "y0", "--from", "3"),
            "the other sequence has 4 timestamps, and this one 6",
        ),
        (("why", "--readout", "none"), "why asks what a network predicts; no readout or head was found for this one"),
    ],
)
def test_what_is_asked_in_vain_is_one_line(
    gatestep: "Command", batch: Subject, arguments: tuple[str, ...], said: str
) -> None:
    command, *options = arguments
    done = gatestep(command, *BATCH, "--lengths", "lengths.npy", *options)
    lines = done.err.splitlines()
    assert (done.code, done.out) == (2, "")
    assert lines[-1].startswith(f"gatestep: {said}")


def test_a_run_with_edits_can_be_patched_from_its_own_sequence(batch: Subject) -> None:
    """That takes back what an edit did, value by value."""
    changed = with_edits(batch, [parse_edit("l1.cell[0]=3@6")])
    assert changed.outputs is not None
    grid = patch_grid(changed.trace, changed.outputs, "cell", source_run(changed, changed.outputs, "1"), "y0", "l1", 5)
    assert grid.base == pytest.approx(output(batch, ["l1.cell[0]=3@6"], 5), rel=1e-5)
    assert grid.base + grid.effects[5, 0] == pytest.approx(output(batch, [], 5), rel=1e-5)


def test_a_sentence_is_not_patched_from_itself(gatestep: "Command") -> None:
    done = gatestep("grid", "order", "--quantity", "cell", "--from", "i am Ahmad, not Hassan")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("this is the sentence that would be patched; with its own values nothing changes\n")


def test_without_a_head_there_is_no_output_to_ask_about(
    gatestep: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(nn.GRU(2, 3).state_dict(), "gru.pt")
    np.save("x.npy", np.zeros((4, 2)))
    for command in (("why",), ("grid", "--quantity", "hidden")):
        done = gatestep(command[0], "gru.pt", "--input", "x.npy", *command[1:])
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert "no readout or head was found for this one" in done.err


def test_python_asks_the_same(regression: Subject) -> None:
    assert regression.outputs is not None
    assert why(regression.trace, regression.outputs).answer == "Volume"


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_run_that_leaves_float32_is_shown_and_null_in_json(
    gatestep: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an RNN with a relu that multiplies by 100 there is an infinity after 20 timestamps, and then no number."""
    monkeypatch.chdir(tmp_path)
    weights: dict[str, Any] = {
        "rnn.weight_ih_l0": np.ones((2, 1)), "rnn.weight_hh_l0": 100 * np.eye(2), "rnn.bias_ih_l0": np.zeros(2),
        "rnn.bias_hh_l0": np.zeros(2), "fc.weight": np.ones((1, 2)), "fc.bias": np.zeros(1),
    }  # fmt: skip
    np.savez("w.npz", **weights)
    np.save("x.npy", np.ones((26, 1)))
    files = ("w.npz", "--activation", "relu", "--input", "x.npy")
    for at in ("1", "21", "22", "26"):
        page = gatestep("run", *files, "--at", at, "--plain")
        assert (page.code, page.err) == (0, "")
    assert "h = nan = relu(z)" in page.out
    assert " y nan" in page.out
    beside = gatestep("run", *files, "--edit", "hidden[0]=0", "--plain")
    assert (beside.code, beside.err) == (0, "")
    found: dict[str, Any] = json.loads(gatestep("why", *files, "--json").out, parse_constant=pytest.fail)
    assert found["output"] is None
