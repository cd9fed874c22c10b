"""`gatestep find`: what it prints, how it exits, and what it refuses."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.scenarios import find, predict, shipped
from gatestep.scenarios.scoring import recurrent
from ptydriver import COMMAND, Terminal, environment
from safetensors.numpy import save_file

Command = Callable[..., Any]


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], list[str]]:
    """The options that name an LSTM of 48 units over T timestamps of six inputs; it hardly forgets."""
    folder = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(0)
    shapes = {"weight_ih_l0": (192, 6), "weight_hh_l0": (192, 48), "bias_ih_l0": (192,)}
    tensors = {name: rng.normal(size=shape).astype(np.float32) / 4 for name, shape in shapes.items()}
    tensors["bias_ih_l0"][48:96] += 8
    save_file(tensors, folder / "own.safetensors")

    def options(T: int) -> list[str]:
        inputs = folder / f"{T}.npy"
        if not inputs.exists():
            np.save(inputs, rng.normal(size=(T, 6)).astype(np.float32))
        return ["--weights", str(folder / "own.safetensors"), "--input", str(inputs)]

    return options


def test_it_prints_timestamp_word_unit_and_value(gatestep: Command) -> None:
    done = gatestep("find", "pakistan", "--where", 'p("Pakistani") > .5 and token == "am"')
    scenario = find("pakistan")
    prediction = predict(scenario.corpus, recurrent({"lstm": shipped(scenario, "lstm")[0]}), scenario.sentences[0])
    expected = [t for t in range(24) if prediction.probability(t, "Pakistani") > 0.5]
    assert done.code == 0
    assert done.err == ""
    rows = [line.split() for line in done.out.splitlines()]
    assert [row[:3] for row in rows] == [[str(t + 1), "am", 'p("Pakistani")'] for t in expected]
    assert [float(row[3]) for row in rows] == pytest.approx(
        [prediction.probability(t, "Pakistani") for t in expected], abs=1e-3
    )


def test_a_unit_is_spelled_as_a_condition_would_have_it(gatestep: Command) -> None:
    for where, what in (("forget < .1", "l0.forget["), ("change(cell[1]) > .5", "change(l0.cell[1])"),
                        ("share(cell[1], 9) > .3", "share(l0.cell[1], 9)"),
                        ("count(input > .9) > 3", "count(l0.input)"),
                        ("x[3] > 0", "x[3]"), ("wrong", "prediction"), ('token == "am"', "token")):  # fmt: skip
        assert what in gatestep("find", "pakistan", "--where", where).out.splitlines()[0], where


def test_json_has_every_key_of_every_hit(gatestep: Command) -> None:
    done = gatestep("find", "pakistan", "--where", "forget[2] < .1", "--json")
    hits = json.loads(done.out)
    assert done.code == 0
    for hit in hits:
        assert list(hit) == ["t", "token", "layer", "quantity", "unit", "value"]
        assert (hit["layer"], hit["quantity"], hit["unit"]) == ("l0", "forget", 2)
        assert 0 <= hit["value"] < 0.1
    text = gatestep("find", "pakistan", "--where", "forget[2] < .1").out
    assert [[str(hit["t"]), hit["token"]] for hit in hits] == [line.split()[:2] for line in text.splitlines()]


def test_it_exits_as_grep_does(gatestep: Command) -> None:
    assert gatestep("find", "pakistan", "--where", "forget > 2") == (1, "", "")
    assert gatestep("find", "pakistan", "--where", "forget > 2", "--json") == (1, "[]\n", "")
    assert gatestep("find", "pakistan", "--where", "forget > 2", "--count") == (1, "0\n", "")
    assert gatestep("find", "pakistan", "--where", "forget <= 1", "--count") == (0, "24\n", "")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("pakistan", "--where", "forget[9] < 1"), "--where: there is no unit 9; units are 0 to 7, at column 8"),
        (("pakistan", "--where", "forgt < 1"), "--where: unknown name forgt; choose from forget, at column 1"),
        (
            ("starbucks", "--where", "wrong"),
            "a network that says words, and this one does not, at column 1",
        ),
        (("order", "--model", "dense", "--where", "flips"), "a dense network"),
        (("pakistan",), "--where"),
        (("pakistan", "--where", "flips", "--count", "--json"), "not allowed with"),
    ],
)
def test_what_is_wrong_is_one_line(gatestep: Command, arguments: tuple[str, ...], error: str) -> None:
    done = gatestep("find", *arguments)
    assert (done.code, done.out) == (2, "")
    assert error in done.err
    assert done.err.count("\n") == 1


def test_numbers_show_their_inputs_and_columns(gatestep: Command, own: Callable[[int], list[str]]) -> None:
    done = gatestep("find", *own(300), "--where", "x[2] > 1.5")
    line = done.out.splitlines()[0].split()
    assert line[1] == "x"
    assert "and 2 more" in done.out
    x = np.load(own(300)[3])
    assert [int(row.split()[0]) - 1 for row in done.out.splitlines()] == np.flatnonzero(x[:, 2] > 1.5).tolist()
    hits = json.loads(gatestep("find", *own(300), "--where", "x[2] > 1.5", "--json").out)
    assert hits[0] == {"t": int(line[0]), "label": line[0], "layer": None, "quantity": "x", "unit": 2,
                       "value": pytest.approx(float(x[int(line[0]) - 1, 2]))}  # fmt: skip
    assert 'x["High"]' in gatestep("find", "starbucks", "--model", "windowed", "--where", 'x["high"] > 0').out


def test_the_names_of_a_table_are_its_columns(
    gatestep: Command, own: Callable[[int], list[str]], tmp_path: Path
) -> None:
    weights = own(300)[:2]
    x = np.random.default_rng(2).normal(size=(20, 6)).astype(np.float32)
    table = tmp_path / "prices.csv"
    np.savetxt(table, x, delimiter=",", header="Open,High,Low,Close,Adj Close,Volume", comments="")
    done = gatestep("find", *weights, "--input", table, "--where", 'x["Volume"] > .5')
    assert [int(row.split()[0]) - 1 for row in done.out.splitlines()] == np.flatnonzero(x[:, 5] > 0.5).tolist()
    assert 'x["Volume"]' in done.out
    done = gatestep("find", *weights, "--input", table, "--where", 'x["Volum"] > .5')
    assert (done.code, done.out) == (2, "")
    assert 'there is no column "Volum"; choose from Volume' in done.err
    assert (
        "Volume"
        in gatestep("similar", *weights, "--input", table, "--steps", "3", "--units", "0", "--threshold", ".05").out
    )
    np.savetxt(table, x, delimiter=",")
    assert (
        "the inputs have no names; choose from x[0] to x[5], at column 3"
        in gatestep("find", *weights, "--input", table, "--where", 'x["Volume"] > .5').err
    )


def test_a_long_run_prints_while_it_searches_and_can_be_interrupted(own: Callable[[int], list[str]]) -> None:
    command = [str(COMMAND), "find", *own(2_000_000), "--where", "x[0] > 1 and abs(cell[1]) < 1e9"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "x[0]" in process.stdout.readline()
        assert process.poll() is None
        begin = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert err == "gatestep: interrupted\n"
        assert time.monotonic() - begin < 5


def test_progress_shows_on_a_terminal(own: Callable[[int], list[str]]) -> None:
    argv = [str(COMMAND), "find", *own(2_000_000), "--where", "cell[1] > 1e9"]
    terminal = Terminal(argv, (80, 24), environment(), ignore_hang_up=False)
    try:
        terminal.wait_for(r"\d+ %  0 found")
        terminal.press("\x03")
        terminal.wait_for("interrupted")
    finally:
        terminal.close()


def test_a_folder_of_conditions_is_a_check(gatestep: Command, tmp_path: Path) -> None:
    """What a person puts into a script: a condition that must never hold exits with 1."""
    never = ("nonfinite", "abs(hidden) > 1", "forget < 0 or forget > 1")
    assert {gatestep("find", "ali", "--where", condition, "--count").code for condition in never} == {1}
