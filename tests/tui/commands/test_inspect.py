"""`gatestep inspect`, choosing a network, and what goes with a file of one's own."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
import torchmade

if TYPE_CHECKING:
    from tests.tui.conftest import Command

X = torchmade.inputs().numpy()


def module(kind: Any = torch.nn.LSTM, seed: int = 0, **options: Any) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kind(3, 5, **options)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to stand in, with inputs, a file of one network and a file of two."""
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", X)
    np.save("batch.npy", np.stack([X, X + 1, X - 1]))
    np.save("ids.npy", np.array([3, 1, 4, 1, 5]))
    encoder, decoder = module(seed=1), module(torch.nn.GRU, seed=2)
    embedding = torch.nn.Embedding(11, 3)
    torch.save(torchmade.within(encoder=encoder, decoder=decoder, words=embedding), "two words.bin")
    torch.save(encoder.state_dict(), "one")
    torch.save(module(torch.nn.RNN).state_dict(), "rnn")
    torch.save({"cell." + n: t for n, t in {**encoder.state_dict(), "ln.weight": torch.ones(5)}.items()}, "normed")
    return tmp_path


def test_the_list_has_every_network_what_else_there_is_and_commands_that_work(gatestep: "Command", here: Path) -> None:
    done = gatestep("inspect", "two words.bin")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "two words.bin: PyTorch checkpoint",
        "",
        "  encoder",
        "    LSTM, 1 layer, 5 units, 3 inputs",
        "    gatestep run --weights 'two words.bin' --network encoder --input FILE",
        '    or on words: --text "..." --vocabulary FILE in place of --input FILE',
        "",
        "  decoder",
        "    GRU, 1 layer, 5 units, 3 inputs",
        "    gatestep run --weights 'two words.bin' --network decoder --input FILE",
        '    or on words: --text "..." --vocabulary FILE in place of --input FILE',
        "",
        "  besides: words.weight [11, 3]",
    ]
    for line in done.out.splitlines():
        if line.startswith("    gatestep "):
            words = shlex.split(line.replace("FILE", "x.npy"))
            shown = gatestep(*words[1:])
            assert shown.code == 0
            assert shown.err.endswith("words.weight [11, 3] is not used\n")  # numbers need no embedding
            assert words[words.index("--network") + 1] in shown.out


def test_networks_that_fit_upon_each_other_have_a_command_that_chains_them(gatestep: "Command", here: Path) -> None:
    upper = torch.nn.LSTM(10, 4, proj_size=2)
    torch.save(torchmade.within(low=module(bidirectional=True), up=upper), "stack")
    lines = gatestep("inspect", "stack").out.splitlines()
    assert "    LSTM, 1 layer, 4 units projected to 2, 10 inputs" in lines
    command = lines[lines.index("  where each reads what the one above gives:") + 1].split()
    assert command == ["gatestep", "run", "--weights", "stack", "--chain", "low,up", "--input", "FILE"]
    done = gatestep(*command[1:-1], "x.npy", "--plain")
    assert (done.code, done.err) == (0, "")
    torch.save(torchmade.within(low=module(), up=upper), "apart")
    assert "--chain" not in gatestep("inspect", "apart").out


def test_a_state_that_is_stored_beside_a_network_is_told(gatestep: "Command", here: Path) -> None:
    states = {"enc.h0": torch.ones(1, 1, 5), "init_cell": torch.ones(1, 5), "other.h0": torch.ones(1, 1, 5)}
    torch.save({**torchmade.within(**{"enc.rnn": module()}), **states}, "learned")  # type: ignore[dict-item]
    assert "    begins in zeros, not in enc.h0, init_cell" in gatestep("inspect", "learned").out.splitlines()
    trace = ("trace", "learned", "--input", "x.npy", "--readout", "none")
    said = "gatestep: learned: begins in zeros, not in enc.h0, init_cell; --initial-state FILE gives a state\n"
    assert gatestep(*trace).err == said
    assert "begins in zeros, not in" in gatestep("run", *trace[1:], "--plain").out.splitlines()[0]
    np.savez("s.npz", h0=np.ones(5), c0=np.ones(5))
    assert gatestep(*trace, "--initial-state", "s.npz").err == ""


def test_json_has_the_keys_of_every_network(gatestep: "Command", here: Path) -> None:
    rows = json.loads(gatestep("inspect", "two words.bin", "--json").out)
    assert [[row[key] for key in ("name", "cell", "layers", "directions", "units", "inputs")] for row in rows] == [
        ["encoder", "lstm", 1, 1, 5, 3],
        ["decoder", "gru", 1, 1, 5, 3],
    ]
    assert rows[0]["others"] == {"words.weight": [11, 3]}
    assert shlex.split(rows[1]["command"])[-4:] == ["--network", "decoder", "--input", "FILE"]


def test_what_cannot_be_opened_says_why_and_has_no_command(gatestep: "Command", here: Path) -> None:
    out = gatestep("inspect", "normed").out
    assert "cannot be opened: has cell.ln.weight beside the weights of cell" in out
    assert "gatestep run" not in out
    assert json.loads(gatestep("inspect", "normed", "--json").out)[0]["command"] is None
    done = gatestep("trace", "--weights", "normed", "--input", "x.npy")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("gatestep: normed: has cell.ln.weight beside")


def test_a_file_without_a_network_is_told_by_what_it_holds(gatestep: "Command", here: Path) -> None:
    torch.save({"fc.weight": torch.ones(2, 3)}, "dense")
    for command in (("inspect", "dense"), ("trace", "--weights", "dense", "--input", "x.npy")):
        done = gatestep(*command)
        assert (done.code, done.out) == (2, "")
        assert "without a recurrent network" in done.err
        assert "it holds fc.weight [2, 3]" in done.err
        assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("command", ["run", "trace"])
def test_several_networks_are_listed_and_one_has_to_be_chosen(gatestep: "Command", here: Path, command: str) -> None:
    done = gatestep(command, "--weights", "two words.bin", "--input", "x.npy")
    assert done.code == 2
    assert done.out == gatestep("inspect", "two words.bin").out
    assert done.err.splitlines() == [
        "gatestep: two words.bin: holds 2 recurrent networks (encoder, decoder); --network NAME says which"
    ]


@pytest.mark.parametrize("line", ["./one", "run one", "run --weights one", "trace --weights one"])
def test_a_file_without_inputs_is_shown_with_what_it_needs(gatestep: "Command", here: Path, line: str) -> None:
    done = gatestep(*line.split())
    assert done.code == 2
    assert done.out.splitlines()[2:] == gatestep("inspect", "one").out.splitlines()[2:]
    assert done.err.removeprefix("gatestep: ").removeprefix("./") in {
        "one: --input FILE says what the network in it reads\n"
    }


def traced(gatestep: "Command", *options: str) -> dict[str, Any]:
    done = gatestep("trace", *options, "-o", "out.npz")
    assert (done.code, done.err) == (0, "")
    with np.load("out.npz") as archive:
        return dict(archive)


def test_a_sequence_of_a_batch_is_run_by_its_number(gatestep: "Command", here: Path) -> None:
    """Oracle: torch, on that sequence alone."""
    options = ("--weights", "one", "--input", "batch.npy", "--layout", "batch-first", "--sequence", "2")
    right = torchmade.hidden(module(seed=1), torch.from_numpy(X + 1))
    np.testing.assert_allclose(traced(gatestep, *options)["l0.hidden"], right, atol=2e-6)
    np.save("lengths.npy", [7, 4, 7])
    short = traced(gatestep, *options, "--lengths", "lengths.npy")["l0.hidden"]
    np.testing.assert_allclose(short, right[:4], atol=2e-6)


def test_word_numbers_go_through_the_embedding(gatestep: "Command", here: Path) -> None:
    tensors = torch.load("two words.bin")
    right = torchmade.hidden(module(torch.nn.GRU, seed=2), tensors["words.weight"][[3, 1, 4, 1, 5]])
    found = traced(gatestep, "--weights", "two words.bin", "--network", "dec", "--input", "ids.npy")
    np.testing.assert_allclose(found["l0.hidden"], right, atol=2e-6)


def test_the_title_says_which_network_what_inputs_and_what_is_assumed(gatestep: "Command", here: Path) -> None:
    def title(*options: str) -> str:
        return gatestep("run", *options, "--plain").out.splitlines()[0]

    shown = title("--weights", "two words.bin", "--network", "dec", "--input", "ids.npy")
    assert "GRU 5 units, decoder, inputs from words.weight" in shown
    shown = title("--weights", "one", "--input", "batch.npy", "--layout", "batch-first", "--sequence", "2")
    assert "LSTM 5 units · sequence 2 of 3 · " in shown
    assert "RNN 5 units, tanh assumed" in title("--weights", "rnn", "--input", "x.npy")
    assert "assumed" not in title("--weights", "rnn", "--input", "x.npy", "--activation", "relu")


def test_an_assumption_is_said_beside_a_trace(gatestep: "Command", here: Path) -> None:
    done = gatestep("trace", "--weights", "rnn", "--input", "x.npy")
    assert done.code == 0
    assert done.err == "gatestep: rnn: tanh assumed; --activation overrides it\n"
    assert gatestep("trace", "--weights", "rnn", "--input", "x.npy", "--activation", "tanh").err == ""


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda y: y, 0, "out.npy: agrees; the hidden states differ by "),
        (lambda y: y[None], 0, "agrees"),
        (lambda y: y + 0.5, 1, "does not agree; the hidden states differ by up to 0.5"),
    ],
)
def test_expect_compares_with_a_frameworks_own_output(
    gatestep: "Command", here: Path, change: Callable[[Any], Any], code: int, said: str
) -> None:
    np.save("out.npy", change(torchmade.hidden(module(seed=1))))
    done = gatestep("trace", "--weights", "one", "--input", "x.npy", "--expect", "out.npy")
    assert (done.code, done.err) == (code, "")
    assert said in done.out
    assert len(done.out.splitlines()) == 1


def test_expect_takes_the_shape_of_the_output(gatestep: "Command", here: Path) -> None:
    np.save("out.npy", np.zeros((7, 4)))
    done = gatestep("trace", "--weights", "one", "--input", "x.npy", "--expect", "out.npy")
    assert (done.code, done.out) == (2, "")
    assert "out.npy: has shape (7, 4); the hidden states of the last layer are (7, 5)" in done.err


@pytest.mark.parametrize(
    "option",
    ["--network a", "--chain a,b", "--activation relu", "--recurrent-activation tanh", "--layout batch-first",
     "--sequence 1", "--lengths x.npy", "--embedding a", "--carry"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["run pakistan", "trace pakistan", "run starbucks", "run gradients"])
def test_what_goes_with_a_file_is_refused_with_a_scenario(
    gatestep: "Command", here: Path, command: str, option: str
) -> None:
    done = gatestep(*command.split(), *option.split())
    assert (done.code, done.out) == (2, "")
    assert option.split()[0] in done.err


HOSTILE = "\x1b]0;owned\x07\x9b2J\n; rm -rf ~ #'"


def test_names_out_of_a_file_reach_no_terminal_and_no_shell(gatestep: "Command", here: Path) -> None:
    tensors = {f"{HOSTILE}{n}.{name}": t for n in range(2) for name, t in module(seed=n).state_dict().items()}
    torch.save({**tensors, f"{HOSTILE}.weight": torch.ones(2, 2)}, "hostile")
    for command in (("inspect", "hostile"), ("trace", "--weights", "hostile", "--input", "x.npy")):
        done = gatestep(*command)
        for line in (done.out + done.err).splitlines():
            assert line.isprintable()
    (row, _) = json.loads(gatestep("inspect", "hostile", "--json").out)
    assert gatestep("inspect", "hostile", "--json").out.isascii()
    words = shlex.split(row["command"])
    assert words[words.index("--network") + 1] == row["name"] == f"{HOSTILE}0"
    words[words.index("FILE")] = "x.npy"
    assert gatestep(*words[1:]).code == 0
