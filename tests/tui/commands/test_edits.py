"""--edit, --edits and --generate, and the commands that ask for causes: `gatestep grid` and `gatestep why`."""

import json
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gatestep.engine import Stack, Surroundings, edited, run, stack_from_tensors

if TYPE_CHECKING:
    from tests.tui.conftest import Command

FRANCE = "My name is Ahmad, I live in France, I am a good boy, I am in 5th grade, I am"


def traced(gatestep: "Command", *arguments: str) -> dict[str, Any]:
    done = gatestep("trace", *arguments, "--format", "json")
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_edits_come_from_options_and_from_a_file(gatestep: "Command", tmp_path: Path) -> None:
    file = tmp_path / "edits.txt"
    file.write_text('# one word less\ndelete@24\n\ntoken@9="France"  # and another\n')
    found = traced(gatestep, "pakistan", "--edits", str(file), "--edit", "hidden[3]=0", "--edit", "forget[2]=.5@2:3")
    assert found["tokens"][8] == "France"
    assert len(found["tokens"]) == 23
    hidden, forget = (np.array(found["quantities"][f"l0.{name}"]) for name in ("hidden", "forget"))
    assert not hidden[:, 3].any()
    assert (forget[:, 2] == 0.5).tolist() == [False, True, True] + [False] * 20
    assert len(found["predictions"]) == 23


def test_an_edited_sentence_is_the_other_sentence(gatestep: "Command") -> None:
    edited, typed = (
        traced(gatestep, "pakistan", "--edit", 'token@9="France"'),
        traced(gatestep, "pakistan", "--text", FRANCE),
    )
    assert edited["tokens"] == typed["tokens"]
    for name, rows in typed["quantities"].items():
        np.testing.assert_allclose(edited["quantities"][name], rows, atol=1e-5)


def test_it_goes_on_with_words_of_its_own(gatestep: "Command") -> None:
    plain, again = (traced(gatestep, "pakistan", "--generate", "5")["tokens"] for _ in range(2))
    assert (len(plain), plain[24], plain) == (29, "Pakistani", again)
    drawn = [traced(gatestep, "pakistan", "--generate", "5", "--temperature", "3", "--seed", seed) for seed in "112"]
    assert drawn[0]["tokens"] == drawn[1]["tokens"] != drawn[2]["tokens"]


def test_an_edited_run_is_shown_beside_its_original(gatestep: "Command") -> None:
    page = gatestep("run", "pakistan", "--edit", "forget[5]=1@9", "--plain").out
    assert "1 on  forget[5]=1@9  forget of unit 5 is 1, at 9" in page
    assert "LSTM 8 units ─" in page
    assert "LSTM 8 units, edited ─" in page
    assert "they diverge at timestamp 10" in page


def test_an_edited_run_from_files_says_so(gatestep: "Command", tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "w.npz", weight_ih_l0=rng.normal(size=(16, 2)), weight_hh_l0=rng.normal(size=(16, 4)))
    np.save(tmp_path / "x.npy", rng.normal(size=(5, 2)))
    files = ("--weights", str(tmp_path / "w.npz"), "--input", str(tmp_path / "x.npy"))
    page = gatestep("run", *files, "--edit", "cell[0]=2@5", "--plain").out
    assert "LSTM 4 units, edited" in page
    assert "by hand: c ─" in page
    assert "c +2.00" in page
    table = gatestep("trace", *files, "--edit", "x[1]*=0", "--layer", "0", "--steps", "1").out
    assert table != gatestep("trace", *files, "--layer", "0", "--steps", "1").out


REFUSED = [
    (("--edit", "frget[2]=1"), "--edit: unknown quantity frget; choose from forget, input", "at column 1"),
    (("--edit", "forget[9]=1"), "units 9: there is no unit 9; choose from 0 to 7", "at column 8"),
    (("--edit", 'token@9="Turky"'), "Turky is not among the 64 words that it knows, such as Turkey", "at column 9"),
    (
        ("--edit", "hidden[3]=0", "--edit", "cell=1@25"),
        "cell=1@25: timestamps 25: there is no timestamp",
        "at column 8",
    ),
    (("--edit", 'cell@2=from("My nme")@2'), "nme is not among the 64 words that it knows, such as name", "at column 8"),
    (("--edits", "/nowhere.txt"), "/nowhere.txt: no such file", ""),
    (("--temperature", "1"), "--temperature goes with --generate N", ""),
    (("--seed", "1"), "--seed goes with --generate N --temperature X", ""),
    (("--generate", "5", "--text", "my", "--text", "name"), "--text is given twice; give one of them", ""),
    (("--generate", "0"), "0 words cannot be generated; from 1 to 10,000 can", ""),
    (("--model", "dense", "--edit", "hidden=0"), "--edit", "goes with"),
    (("--generate", "3", "--seed", "1"), "--seed draws the words; give --temperature X with it", ""),
]


@pytest.mark.parametrize(("options", "said", "end"), REFUSED)
def test_what_cannot_be_is_one_line(gatestep: "Command", options: tuple[str, ...], said: str, end: str) -> None:
    done = gatestep("trace", "pakistan", *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gatestep: {said}")
    assert end in done.err
    assert done.err.count("\n") == 1


def test_a_part_of_an_edited_run_is_printed_alone(gatestep: "Command") -> None:
    page = gatestep("run", "pakistan", "--edit", "forget[5]=1@9", "--units", "5", "--steps", "9", "--plain").out
    assert "1 on  forget[5]=1@9  forget of unit 5 is 1, at 9" in page
    assert "they part" not in page
    assert "timestamp 9/24" in page


def test_conditions_are_asked_of_the_edited_run(gatestep: "Command") -> None:
    search = ("find", "pakistan", "--where", "hidden[3] != 0", "--count")
    assert (gatestep(*search, "--edit", "hidden[3]=0").code, gatestep(*search).code) == (1, 0)


def test_a_column_of_a_table_goes_by_its_name(gatestep: "Command", tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "w.npz", weight_ih_l0=rng.normal(size=(16, 2)), weight_hh_l0=rng.normal(size=(16, 4)))
    (tmp_path / "x.csv").write_text("Open,Volume\n1,2\n3,4\n")
    files = ("trace", "--weights", str(tmp_path / "w.npz"), "--input", str(tmp_path / "x.csv"))
    by_name, by_number = (gatestep(*files, "--edit", edit).out for edit in ('x["Volume"]*=3@2', "x[1]=12@2"))
    assert by_name == by_number != gatestep(*files).out
    line = gatestep(*files, "--edit", 'x["Close"]=1').err
    assert line == 'gatestep: there is no column "Close"; choose from Open, Volume, at column 3\n'


def test_a_grid_names_the_cell_that_matters_most(gatestep: "Command") -> None:
    done = gatestep("grid", "pakistan", "--quantity", "forget", "--from", FRANCE)
    lines = done.out.splitlines()
    assert (done.code, len(lines)) == (0, 2 + 24 + 1 + 3)
    assert lines[0].startswith("ln p(Pakistani) at 24 is -0.096")
    assert lines[-3].startswith("forget[5]@9  Pakistan  -3.5")
    found = json.loads(gatestep("grid", "pakistan", "--quantity", "forget", "--from", FRANCE, "--json").out)
    assert (found["answer"], found["at"], len(found["effects"])) == ("Pakistani", 24, 24 * 8)
    first = found["effects"][0]
    assert (first["t"], first["token"], first["layer"], first["quantity"], first["unit"]) == (
        9,
        "Pakistan",
        "l0",
        "forget",
        5,
    )
    assert gatestep("grid", "pakistan", "--quantity", "cell").code == 0


def test_a_grid_says_which_words_it_did_not_know(gatestep: "Command") -> None:
    done = gatestep("grid", "pakistan", "--quantity", "cell", "--from", FRANCE.replace("France", "Frence"))
    assert (done.code, done.err) == (0, "gatestep: --from: unknown to this network: Frence\n")


def test_why_ranks_by_erasing_where_it_is_asked_to(gatestep: "Command") -> None:
    page = gatestep("why", "pakistan", "--by", "erased").out
    assert page.startswith('Pakistani at 24, ln p -0.096: it most needs "," at 10\n')
    assert page.endswith("192 of 192 writes were tried\n")
    found = json.loads(gatestep("why", "pakistan", "--by", "erased", "--json").out)
    assert (found["by"], found["words"][0]["others"]) == ("erased", [])
    assert found["writes"][0]["effect"] == found["writes"][0]["erased"] < -9


def test_why_arrives_at_pakistan(gatestep: "Command") -> None:
    page = gatestep("why", "pakistan").out
    assert page.startswith("Pakistani at 24, ln p -0.096: it depends on Pakistan at 9\n")
    assert "words, exchanged for others that the network predicts there\n" in page
    assert "drawn at random" in page
    assert page.endswith("24 of 24 timestamps were tried\n")
    found = json.loads(gatestep("why", "pakistan", "--answer", "Pakistani", "--json").out)
    assert (found["words"][0]["t"], found["words"][0]["token"], found["writes"][0]["t"]) == (9, "Pakistan", 9)
    assert {"units", "random_unit", "tried", "possible", "log_probability"} <= set(found)


def test_why_exchanges_a_base_for_bases_and_says_when_no_word_matters(gatestep: "Command") -> None:
    page = gatestep("why", "dna").out
    assert re.match(r"outside at 18, ln p -0\.01\d: it depends on T at 9\n", page)
    assert "words, exchanged for others seen between the same neighbours\n" in page
    assert re.search(r"^ +10  A +-6\.\d+  G, T, C$", page, re.M)
    assert "depends on no word here: none lowers its ln p by 0.1 or more\n" in gatestep("why", "lengths").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grid", "pakistan", "--quantity", "reset"), "--quantity reset: layer l0 (LSTM) has none; choose from forget"),
        (("grid", "pakistan", "--quantity", "cell", "--from", "I live"), "the other sentence has 2 timestamps"),
        (("grid", "pakistan", "--quantity", "cell", "--layer", "l1"), "--layer l1: unknown layer; choose"),
        (("why", "pakistan", "--answer", "Turky"), "Turky is not among the words that this network can answer with"),
        (("why", "pakistan", "--at", "25"), "--at 25: there is no such timestamp; the sentence has 1 to 24"),
        (("why", "lengths", "--model", "dense"), "why asks what a recurrent network predicts; a dense network has no"),
    ],
)
def test_what_is_asked_in_vain_is_one_line(gatestep: "Command", arguments: tuple[str, ...], said: str) -> None:
    done = gatestep(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gatestep: {said}")
    assert done.err.count("\n") == 1


@pytest.fixture
def batch(tmp_path: Path) -> tuple[Stack, np.ndarray, np.ndarray, list[str]]:
    """A network of two units, a batch (3, 6, 2) with its initial states (1, 3, 2), and the options that name them."""
    rng = np.random.default_rng(4)
    weights: dict[str, Any] = {"weight_ih_l0": rng.normal(size=(8, 2)), "weight_hh_l0": rng.normal(size=(8, 2))}
    x, states = rng.normal(size=(3, 6, 2)).astype(np.float32), rng.normal(size=(1, 3, 2)).astype(np.float32)
    np.savez(tmp_path / "w.npz", **weights)
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "s.npz", h0=states, c0=states)
    options = ["--weights", "w.npz", "--input", "x.npy", "--layout", "batch-first", "--initial-state", "s.npz"]
    return stack_from_tensors(weights, "made"), x, states, [str(tmp_path / o) if "." in o else o for o in options]


@pytest.mark.parametrize("edit", ["cell[1]@2:3=from(3)@5:6", "cell[1]@2:3=from(3)", "x@2=from(3)@6", "cell=from(1)"])
def test_a_patch_takes_from_another_sequence_of_the_batch(
    gatestep: "Command", batch: tuple[Stack, np.ndarray, np.ndarray, list[str]], edit: str
) -> None:
    """Each sequence is run from the states that it begins in, as it is when it is looked at."""
    stack, x, states, options = batch
    runs = [run(stack, x[n], {"h0": states[:, n], "c0": states[:, n]}) for n in range(3)]
    wanted = edited(runs[0], [edit], Surroundings(sequences=lambda number: runs[number - 1]))
    found = traced(gatestep, *options, "--sequence", "1", "--edit", edit)["quantities"]
    for name, values in wanted.layers[0].quantities.items():
        np.testing.assert_allclose(found[f"l0.{name}"], values, atol=1e-5)
    changed = float(np.abs(wanted.top - runs[0].top).max())
    assert changed < 1e-6 if edit == "cell=from(1)" else changed > 1e-2


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("cell@2=from(4)", "there is no sequence 4; x.npy holds 1 to 3, at column 8"),
        ("cell@2=from(0)", "there is no sequence 0; x.npy holds 1 to 3, at column 8"),
        ("cell@2=from(2)@7", "from 7: there is no timestamp 7; choose from 1 to 6, at column 16"),
        ('cell@2=from("a")', "this network reads numbers; a patch takes from(2), a sequence, or from(), at column 8"),
    ],
)
def test_a_sequence_that_is_not_there_is_one_line(
    gatestep: "Command", batch: tuple[Stack, np.ndarray, np.ndarray, list[str]], edit: str, said: str
) -> None:
    done = gatestep("trace", *batch[3], "--sequence", "1", "--edit", edit)
    folder = str(Path(batch[3][1]).parent)
    assert (done.code, done.out, done.err.replace(f"{folder}/", "")) == (2, "", f"gatestep: {said}\n")


def test_an_ablated_unit_is_reported_beside_a_random_one(gatestep: "Command") -> None:
    command = ("run", "pakistan", "--plain", "--edit", "forget[2]*=.9", "--edit")
    lines = gatestep(*command, "hidden[3]=0").out.splitlines()[-2:]
    assert lines[0].startswith(" hidden[3]=0 changes ln p(Brazilian) at 24 by -1.3")
    assert lines[1].startswith(" l0.hidden[2]=0, drawn at random, changes ln p(Brazilian) at 24 by -3.3")
    assert lines == gatestep(*command, "hidden[3]=0").out.splitlines()[-2:]
    assert "there is no other unit" in gatestep(*command, "hidden[0:]=0").out
    assert "drawn at random" not in gatestep(*command, "hidden[3]=0@5").out


def test_a_network_that_says_nothing_reports_how_far_its_units_move(
    gatestep: "Command", batch: tuple[Stack, np.ndarray, np.ndarray, list[str]]
) -> None:
    page = gatestep("run", *batch[3], "--sequence", "1", "--plain", "--edit", "hidden[0]=0").out
    assert " l0.hidden[1]=0, drawn at random, moves the other units of the last layer by 0." in page


@pytest.mark.parametrize("edits", [("cell[1]*=1e38",), ("hidden=1e38",), ("cell=1e38", "input=0"), ("x=1e30",)])
@pytest.mark.parametrize("model", ["lstm", "gru", "rnn"])
def test_numbers_that_overflow_are_shown_as_what_they_are(
    model: str, edits: Sequence[str], gatestep: "Command"
) -> None:
    known = [edit for edit in edits if model == "lstm" or not edit.startswith(("cell", "input"))]
    options = [option for edit in known for option in ("--edit", edit)]
    with warnings.catch_warnings(record=True) as told:
        done = gatestep("run", "pakistan", "--model", model, "--plain", *options)
    assert (done.code, done.err, told) == (0, "", [])
    assert not known or "they diverge at timestamp 1" in done.out
