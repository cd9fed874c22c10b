"""Which options go with what: every pair is either done or refused in one line."""

from typing import TYPE_CHECKING

import pytest
from gatestep.engine import BadInput
from gatestep.tui.cli import build_parser, completed
from gatestep.tui.commands.applies import APART, GOES_WITH, What
from gatestep.tui.commands.arguments import what_of

if TYPE_CHECKING:
    from tests.tui.conftest import Command

OPTIONS = {
    "model": "--model lstm", "text": "--text hello", "weights": "--weights w.npz", "input": "--input x.npy",
    "cell": "--cell gru", "initial_state": "--initial-state s.npz", "at": "--at 1", "compare": "--compare rnn",
    "gradients": "--gradients", "layer": "--layer 0", "units": "--units 0", "steps": "--steps 1",
    "csv": "--csv t.csv", "target": "--target v", "network": "--network a", "chain": "--chain a,b",
    "activation": "--activation relu", "recurrent_activation": "--recurrent-activation sigmoid",
    "layout": "--layout batch-first", "sequence": "--sequence 1", "lengths": "--lengths n.npy",
    "embedding": "--embedding a", "carry": "--carry", "readout": "--readout a", "vocabulary": "--vocabulary v.json",
    "labels": "--labels l.txt", "scaler": "--scaler s.json", "tokens": "--tokens words",
    "fold_case": "--fold-case", "unknown": "--unknown a",
    "edit": "--edit hidden=0", "edits": "--edits e.txt", "generate": "--generate 3", "temperature": "--temperature 1",
    "recipe": "--recipe windowed", "window": "--window 3", "horizon": "--horizon 2", "split": "--split 0.7",
}  # fmt: skip

OWN = {"input", "cell", "initial_state", "network", "chain", "activation", "recurrent_activation", "layout", "sequence",
       "lengths", "embedding", "carry", "readout", "vocabulary", "labels", "tokens", "fold_case", "unknown",
       "text", "target", "scaler"}  # fmt: skip

PART = {"layer", "units", "steps"}
EDITS = {"edit", "edits"}
GENERATION = {"generate", "temperature"}

ALLOWED = {
    "run pakistan": {"model", "text", "weights", "at", "compare", "gradients", *PART, *EDITS, *GENERATION},
    "run order --model dense": {"model", "text", "weights", "at", "compare"},
    "run starbucks": {"model", "text", "at", "recipe"},
    "run starbucks --text 2020-09-28": {"model", "text", "at", "recipe", *PART, *EDITS},
    "run gradients": {"at"},
    "run w.npz --input x.npy": {*OWN, "at", "compare", "gradients", *PART, *EDITS, *GENERATION},
    "run --weights w.npz --input x.npy": {"weights", *OWN, "at", "compare", "gradients", *PART, *EDITS, *GENERATION},
    "run --csv t.csv --target v": {"model", "at", "csv", "target", "recipe", "window", "horizon", "split"},
    "trace pakistan": {"model", "text", "weights", *PART, *EDITS, *GENERATION},
    "trace --weights w.npz --input x.npy": {"weights", *OWN, *PART, *EDITS, *GENERATION},
}
"""What is to go with what: written down by hand, not read from the table that is tested."""

PAIRS = [(what, name) for what in ALLOWED for name in OPTIONS]


@pytest.fixture(autouse=True)
def _files(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here := tmp_path_factory.mktemp("empty"))
    (here / "w.npz").touch()


def refused(line: str) -> str:
    """The line that refuses a command, or nothing."""
    try:
        what_of(build_parser().parse_args(completed(line.split())))
    except BadInput as error:
        return str(error)
    return ""


def test_every_option_goes_with_what_it_is_for_and_with_nothing_else() -> None:
    for what, name in PAIRS:
        if OPTIONS[name].split()[0] in what.split():  # twice is once too often
            continue
        error = refused(f"{what} {OPTIONS[name]}")
        assert (error == "") == (name in ALLOWED[what]), (what, name, error)
        assert error == "" or OPTIONS[name].split()[0] in error


def test_options_that_exclude_each_other_are_refused_together() -> None:
    for one, other in APART:
        first, second = OPTIONS[one], OPTIONS[other]
        error = refused(f"run pakistan {first} {second}")
        assert error == f"{first.split()[0]} and {second.split()[0]} do not go together; give one of them"


def test_every_option_of_run_and_trace_is_in_the_table_or_goes_with_everything() -> None:
    always = {"at", "plain", "glyphs", "theme", "mouse", "format", "output", "call", "looks", "version"}
    for command in ("run", "trace"):
        options = set(vars(build_parser().parse_args([command, "pakistan"])))
        assert options <= set(GOES_WITH) | always


def test_a_scenario_beside_a_table_or_a_file_is_refused() -> None:
    assert "pakistan does not go with a series of your own" in refused("run pakistan --csv t.csv --target v")
    assert "one too many" in refused("run w.npz --weights v.npz --input x.npy")
    assert What.FILE.value in refused("run pakistan --input x.npy")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run --csv t.csv --target v --compare rnn --cell gru", ("--cell gru", "does not go with")),
        ("train gradients --seed 3", ("--seed 3", "experiment")),
        ("train gradients --model lstm", ("--model lstm", "experiment")),
        ("train pakistan --plain", ("--plain",)),
        ("--plain trace pakistan", ("--plain", "does not go with this command")),
        ("--glyphs ascii train pakistan", ("--glyphs",)),
        ("forecast --target v", ("--target", "--csv")),
        ("list --model lstm", ("--model",)),
        ("trace pakistan --units 8", ("--units 8", "no unit 8", "0 to 7")),
        ("trace pakistan --steps 0", ("--steps 0", "1 to 24")),
        ("pakistan --plain --layer 1", ("--layer 1", "choose from 0, l0")),
        ("pakistan --steps 5-", ("--steps", "5:9")),
        ("trace order --model dense --units 2", ("--units 2", "dense")),
        ("starbucks --model windowed --recipe article", ("--model and --recipe do not go together",)),
        ("starbucks --window 3", ("--window 3 does not go with", "it goes with a series of your own, --csv FILE")),
        ("forecast --split 0.7", ("--split 0.7 does not go with", "it goes with a series of your own, --csv FILE")),
        ("run --horizon 2", ("--horizon 2 does not go with", "it goes with a series of your own, --csv FILE")),
        ("run --csv t.csv --target v --window 0", ("--window 0", "at least 1")),
        ("run --csv t.csv --target v --model article --horizon 2", ("--horizon", "article", "--recipe windowed")),
        ("forecast --csv t.csv --target v --recipe article --window 9", ("--window", "--recipe windowed")),
        ("run --csv t.csv --target v --window 3.5", ("--window", "3.5")),
        ("run --csv t.csv --recipe windowed", ("t.csv",)),
        ("forecast w.npz", ("w.npz", "is not a MODEL.toml", "--csv FILE")),
        ("./nope", ("nope: no such file",)),
        ("w.npz", ("w.npz", "is empty")),
        ("pakistam", ("pakistam", "pakistan", "trace")),
    ],
)  # fmt: skip
def test_what_does_not_apply_is_told_in_one_line(gatestep: "Command", line: str, words: tuple[str, ...]) -> None:
    done = gatestep(*line.split())
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    for word in words:
        assert word in done.err


def test_run_may_be_left_out(gatestep: "Command") -> None:
    assert gatestep("pakistan", "--plain") == gatestep("run", "pakistan", "--plain")
    assert gatestep("--glyphs", "ascii", "pakistan") == gatestep("run", "pakistan", "--glyphs", "ascii")
    assert completed(["--weights=w", "--input", "x"])[0] == "run"
    assert completed(["list"]) == ["list"]
    assert completed(["--version"]) == ["--version"]


def test_a_scenario_comes_before_a_file_of_its_name_and_a_path_means_the_file(gatestep: "Command") -> None:
    from pathlib import Path

    Path("pakistan").touch()
    assert gatestep("pakistan").code == 0
    done = gatestep("./pakistan")
    assert (done.code, "pakistan: is empty" in done.err) == (2, True)


def test_a_part_is_printed(gatestep: "Command") -> None:
    done = gatestep("pakistan", "--plain", "--units", "0,3", "--steps", "8:9")
    assert done.code == 0
    assert [f"timestamp {t}/24" in done.out for t in (7, 8, 9, 10)] == [False, True, True, False]
    rows = [line.split() for line in done.out.replace("▸", " ").splitlines() if line[2:4].strip().isdigit()]
    units = [row[0] for row in rows if row[0].isdigit()]  # the axis of what wrote the memory begins with 1, too
    assert set(units) == {"0", "3"}
    lines = gatestep("trace", "pakistan", "--units", "7", "--steps", "23:").out.splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["23", "24"]


def test_weights_say_what_they_are_for(gatestep: "Command") -> None:
    from importlib.resources import files

    data = files("gatestep.data")
    rnn, order, dense = (data / f"{name}.safetensors" for name in ("pakistan-rnn", "order-lstm", "order-dense"))
    done = gatestep("run", "pakistan", "--weights", rnn)
    assert (done.code, " RNN " in done.out.splitlines()[0]) == (0, True)
    assert gatestep("run", "order", "--weights", dense, "--units", "1").code == 2
    for wrong, words in (
        (("pakistan", "--weights", order), "was trained for order"),
        (("pakistan", "--weights", rnn, "--model", "lstm"), "is rnn, not lstm"),
    ):
        done = gatestep("run", *wrong)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
