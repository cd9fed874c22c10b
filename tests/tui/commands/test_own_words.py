"""Every command works on a network of one's own that reads words, and says what torch says."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from wordmade import SENTENCE, WORDS, WordModel, made, said

if TYPE_CHECKING:
    from tests.tui.conftest import Command

MODEL = made(scale=4.0)
ROWS = [WORDS.index(word) for word in SENTENCE.split()]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options that open the model on the sentence."""
    monkeypatch.chdir(tmp_path)
    torch.save(MODEL.state_dict(), "model.pt")
    Path("words.json").write_text(json.dumps(WORDS))
    return ["--weights", "model.pt", "--vocabulary", "words.json", "--text", SENTENCE]


def test_find_knows_probabilities_and_losses(opened: list[str], gatestep: "Command") -> None:
    p = said(MODEL, ROWS)[:, WORDS.index("mat")]
    between = float(np.sort(p)[3:5].mean())
    rows = json.loads(gatestep("find", *opened, "--where", f'p("mat") > {between:.8f}', "--json").out)
    assert [row["t"] - 1 for row in rows] == np.flatnonzero(p > between).tolist()
    np.testing.assert_allclose([row["value"] for row in rows], p[p > between], atol=1e-5)
    losses = -np.log(said(MODEL, ROWS)[np.arange(6), ROWS[1:]])
    rows = json.loads(gatestep("find", *opened, "--where", "loss > 0", "--json").out)
    np.testing.assert_allclose([row["value"] for row in rows], losses, atol=1e-4)
    assert [row["token"] for row in rows] == SENTENCE.split()[:-1]


def test_trace_exports_what_is_said(opened: list[str], gatestep: "Command") -> None:
    document = json.loads(gatestep("trace", *opened, "--format", "json").out)
    assert document["tokens"] == SENTENCE.split()
    expected = said(MODEL, ROWS)
    for t, prediction in enumerate(document["predictions"]):
        best = int(expected[t].argmax())
        assert WORDS[best] in json.dumps(prediction)


def test_it_goes_on_as_torch_does(opened: list[str], gatestep: "Command") -> None:
    rows = list(ROWS)
    for _ in range(4):
        rows.append(int(said(MODEL, rows)[-1].argmax()))
    document = json.loads(gatestep("trace", *opened, "--generate", "4", "--format", "json").out)
    assert document["tokens"] == [WORDS[row] for row in rows]


def test_a_token_is_edited(opened: list[str], gatestep: "Command") -> None:
    changed = [*ROWS]
    changed[1] = WORDS.index("dog")
    rows = json.loads(
        gatestep("find", *opened, "--edit", 'token@2="dog"', "--where", 'p("mat") > 0', "--json").out
    )  # fmt: skip
    np.testing.assert_allclose([r["value"] for r in rows], said(MODEL, changed)[:, WORDS.index("mat")], atol=1e-5)
    done = gatestep("find", *opened, "--edit", 'token@2="zebra"', "--where", "wrong")
    assert done.code == 2
    assert "zebra is not among the 11 words that it knows" in done.err


def test_why_and_grid_begin_from_what_torch_says(opened: list[str], gatestep: "Command") -> None:
    p = said(MODEL, ROWS)[-1]
    why = json.loads(gatestep("why", *opened, "--json").out)
    assert why["answer"] == WORDS[int(p.argmax())]
    assert why["log_probability"] == pytest.approx(float(np.log(p.max())), abs=1e-4)
    grid = json.loads(
        gatestep("grid", *opened, "--quantity", "cell", "--layer", "l1", "--json", "--answer", "cat",
                 "--from", "The dog sat on the mat .").out
    )  # fmt: skip
    assert grid["log_probability"] == pytest.approx(float(np.log(p[WORDS.index("cat")])), abs=1e-4)
    assert len(grid["effects"]) == 7 * 8
    first = [effect["effect"] for effect in grid["effects"] if effect["t"] == 1]  # the same up to there
    assert first == pytest.approx([0.0] * 8, abs=1e-6)
    assert json.loads(gatestep("grid", *opened, "--quantity", "cell", "--layer", "l1", "--json").out)["effects"]


def test_similar_passages_are_found(opened: list[str], gatestep: "Command") -> None:
    twice = [*opened[:-1], f"{SENTENCE} {SENTENCE}"]
    done = gatestep("similar", *twice, "--steps", "5", "--threshold", "0.1", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["looked_at"] == 13


def test_two_checkpoints_of_a_network_are_compared(opened: list[str], gatestep: "Command") -> None:
    torch.save(made(scale=3.0).state_dict(), "later.pt")
    done = gatestep("run", *opened, "--compare", "later.pt", "--plain")
    assert done.code == 0, done.err
    assert "later.pt, LSTM 8 units x 2 layers" in done.out
    torch.save(made(WordModel, 5).state_dict(), "other.pt")
    done = gatestep("run", *opened, "--compare", "other.pt", "--plain")
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1


def test_networks_of_one_file_are_compared(tmp_path: Path, gatestep: "Command") -> None:
    torch.save({f"{name}.{key}": value for name, kind in (("a", torch.nn.LSTM), ("b", torch.nn.GRU))
                for key, value in made(WordModel, cell=kind).state_dict().items()}, tmp_path / "two.pt")  # fmt: skip
    (tmp_path / "words.txt").write_text("\n".join(WORDS))
    options = ["--weights", str(tmp_path / "two.pt"), "--network", "a.rnn", "--vocabulary", str(tmp_path / "words.txt"),
               "--text", SENTENCE]  # fmt: skip
    done = gatestep("run", *options, "--compare", "b.rnn", "--plain")
    assert done.code == 0, done.err
    assert "LSTM 8 units x 2 layers, a.rnn" in done.out
    assert "GRU 8 units x 2 layers, b.rnn" in done.out


def test_what_takes_a_prediction_says_so_where_there_is_none(opened: list[str], gatestep: "Command") -> None:
    for command in (["why"], ["grid", "--quantity", "cell"], ["run", "--gradients"], ["run", "--compare", "The dog"],
                    ["find", "--where", "wrong"], ["trace", "--generate", "3"]):  # fmt: skip
        done = gatestep(command[0], *opened, *command[1:], "--readout", "none")
        assert (done.code, done.out) == (2, ""), command
        assert len(done.err.splitlines()) == 1, command
