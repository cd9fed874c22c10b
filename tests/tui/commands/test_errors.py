"""Wrong use and bad input: exit code 2, one line that names what is wrong and what would be right, no traceback."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gatestep.engine import WorkFailed
from gatestep.tui.commands import trace, train

if TYPE_CHECKING:
    from tests.tui.conftest import Command, Done

INPUTS, UNITS, STEPS = 3, 4, 5


def assert_one_line(done: "Done", code: int, *words: str) -> None:
    assert done.code == code
    assert len(done.err.splitlines()) == 1, done.err
    assert done.err.startswith("gatestep: ")
    for word in words:
        assert word in done.err
    assert done.out == ""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of good files, and of files that are wrong in one way each."""
    here = tmp_path_factory.mktemp("files")
    rng = np.random.default_rng(0)

    def weights(gates: int = 4, inputs: int = INPUTS) -> dict[str, Any]:
        shapes = {"weight_ih_l0": (gates * UNITS, inputs), "weight_hh_l0": (gates * UNITS, UNITS)}
        return {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}

    np.savez(here / "good.npz", **weights())
    np.savez(here / "odd.npz", **weights() | {"weight_hh_l0": np.zeros((7, UNITS), np.float32)})
    np.savez(here / "nan.npz", **weights() | {"weight_hh_l0": np.full((4 * UNITS, UNITS), np.nan, np.float32)})
    np.savez(here / "unnamed.npz", a=np.zeros(3))
    np.save(here / "good.npy", rng.standard_normal((STEPS, INPUTS)))
    np.save(here / "wide.npy", rng.standard_normal((STEPS, INPUTS + 1)))
    np.save(here / "flat.npy", rng.standard_normal(STEPS))
    np.save(here / "empty.npy", np.zeros((0, INPUTS)))
    np.save(here / "inf.npy", np.full((STEPS, INPUTS), np.inf))
    np.save(here / "pickled.npy", np.array([{"a": 1}]), allow_pickle=True)
    np.savez(here / "state.npz", h0=np.zeros((1, UNITS + 1)), c0=np.zeros((1, UNITS)))
    np.savez(here / "stateless.npz", c0=np.zeros((1, UNITS)))
    for name, text in {
        "left.csv": "a,b,c\n1,2,x\n",
        "words.csv": "a,b,c\n1,2,x\n1,2,3\n", "ragged.csv": "1,2,3\n1,2\n", "nothing.csv": "", "header.csv": "a,b,c\n",
        "garbage.safetensors": "no", "garbage.npz": "no", "garbage.npy": "no", "garbage.pt": "no", "weights.onnx": "no",
    }.items():  # fmt: skip
        (here / name).write_text(text)
    (here / "directory.csv").mkdir()
    return here


WRONG_USE: list[tuple[str, tuple[str, ...]]] = [
    ("nonsense", ("nonsense", "run", "--help")),
    ("--nonsense", ("--nonsense", "--help")),
    ("list --nonsense", ("--nonsense",)),
    ("run", ("SCENARIO", "--weights", "--input", "gatestep list")),
    ("run pakistam", ("pakistam", "unknown scenario", "pakistan")),
    ("run pakistan karachi", ("karachi",)),
    ("run pakistan --model gpt", ("gpt", "lstm")),
    ("run pakistan --at 0", ("--at 0", "1 to 24")),
    ("run pakistan --at 25", ("--at 25", "1 to 24")),
    ("run pakistan --at -3", ("--at -3", "1 to 24")),
    ("run pakistan --at two", ("--at", "two", "run --help")),
    ("run pakistan --at 99999999999999999999", ("1 to 24",)),
    ("run pakistan --glyphs runes", ("runes", "ascii")),
    ("run pakistan --text=", ("no words", "--text")),
    ("run pakistan --text ____", ("no words", "--text")),
    ("run pakistan --input good.npy", ("--input", "--weights")),
    ("run pakistan --cell lstm", ("--cell", "--weights")),
    ("run pakistan --weights nowhere.safetensors", ("nowhere.safetensors", "no such file")),
    ("run --input good.npy", ("--weights",)),
    ("run --weights good.npz --input good.npy --model lstm", ("--model", "SCENARIO")),
    ("run --weights good.npz --input good.npy --text hello", ("--input", "--text")),
    ("run --weights good.npz --input good.npy --at 6", ("--at 6", "1 to 5")),
    ("run --weights good.npz --input good.npy --compare lstm", ("lstm", "not a sequence, network or file")),
    ("run pakistan --compare=", ("no words",)),
    ("run pakistan --compare ____", ("no words",)),
    ("run pakistan --compare rnn --at 25", ("--at 25", "1 to 24")),
    ("run order --model dense --at 1", ("--at 1", "no timestamps")),
    ("run order --model dense --compare Hi --at 2", ("--at 2",)),
    ("run order --compare dense --at 7", ("--at 7", "1 to 6")),
    ("run clouds --model dense", ("dense", "lstm, rnn")),
    ("trace order --compare rnn", ("--compare",)),
    ("trace order --model dense --format npz", ("npz", "-o")),
    ("trace", ("SCENARIO", "--weights")),
    ("trace pakistan --format xml", ("xml", "json")),
    ("trace pakistan --format npz", ("npz", "-o")),
    ("trace pakistan -o no/such/place.csv", ("no/such", "directory")),
    ("trace pakistan -o directory.csv", ("directory.csv", "is a directory")),
    ("train", ("SCENARIO",)),
    ("train pakistam", ("pakistam", "pakistan")),
    ("train pakistan --model gpt", ("gpt", "lstm")),
    ("train pakistan --seed -1", ("--seed -1", "0")),
    ("train pakistan --seed one", ("--seed", "one")),
    ("train pakistan -o nowhere", ("nowhere", "directory")),
    ("train pakistan -o good.npz", ("good.npz", "directory")),
]

BAD_FILES: list[tuple[str, str, tuple[str, ...]]] = [
    ("nowhere.pt", "good.npy", ("nowhere.pt", "no such file")),
    ("weights.onnx", "good.npy", ("weights.onnx", "is text", "safetensors", ".npz", "PyTorch")),
    ("garbage.safetensors", "good.npy", ("garbage.safetensors", "is text", "safetensors")),
    ("garbage.npz", "good.npy", ("garbage.npz", "is text", ".npz")),
    ("garbage.pt", "good.npy", ("garbage.pt",)),
    ("odd.npz", "good.npy", ("odd.npz", "weight_hh_l0", "(7, 4)", "(4*H, H)")),
    ("nan.npz", "good.npy", ("nan.npz", "weight_hh_l0")),
    ("unnamed.npz", "good.npy", ("unnamed.npz", "weight_ih_l0")),
    ("good.npz", "nowhere.csv", ("nowhere.csv", "no such file")),
    ("good.npz", "nowhere.txt", ("nowhere.txt", "no such file")),
    ("good.npz", "left.csv", ("left.csv", "(T, 3)", "column 3 (c) is left out: it holds no numbers")),
    ("good.npz", "garbage.npy", ("garbage.npy", ".npy file")),
    ("good.npz", "pickled.npy", ("pickled.npy", ".npy file")),
    ("good.npz", "wide.npy", ("wide.npy", "(5, 4)", "(T, 3)")),
    ("good.npz", "flat.npy", ("flat.npy", "(5,)", "(T, 3)")),
    ("good.npz", "empty.npy", ("empty.npy", "(0, 3)")),
    ("good.npz", "inf.npy", ("inf.npy",)),
    ("good.npz", "words.csv", ("words.csv", "row 2, column 3", "'x'", "number")),
    ("good.npz", "ragged.csv", ("ragged.csv", "row 2", "2 columns", "3")),
    ("good.npz", "nothing.csv", ("nothing.csv", "no rows")),
    ("good.npz", "header.csv", ("header.csv", "no rows")),
    ("good.npz", "directory.csv", ("directory.csv", "is a directory")),
    ("good.npz", "good.npy --cell rnn", ("good.npz", "rnn")),
    ("good.npz", "good.npy --initial-state nowhere.npz", ("nowhere.npz", "no such file")),
    ("good.npz", "good.npy --initial-state state.npz", ("state.npz", "h0", "(1, 5)", "(1, 4)")),
    ("good.npz", "good.npy --initial-state stateless.npz", ("stateless.npz", "h0")),
    ("good.npz", "good.npy --initial-state good.npy", ("good.npy", ".npz")),
]


@pytest.mark.parametrize(("line", "words"), WRONG_USE, ids=[line for line, _ in WRONG_USE])
def test_wrong_use_is_told_in_one_line(
    gatestep: "Command", files: Path, monkeypatch: pytest.MonkeyPatch, line: str, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(files)
    before = sorted(files.iterdir())
    assert_one_line(gatestep(*line.split()), 2, *words)
    assert sorted(files.iterdir()) == before


LONG = "My Name is Ahmad and I am sleeping"


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "lengths", "--model", "dense", "--text", LONG),
        ("trace", "lengths", "--model", "dense", "--text", LONG),
        ("run", "lengths", "--model", "dense", "--compare", LONG),
        ("run", "lengths", "--text", LONG, "--compare", "dense"),
    ],
    ids=" ".join,
)
def test_a_sentence_without_a_place_for_every_word_is_refused(gatestep: "Command", arguments: tuple[str, ...]) -> None:
    assert_one_line(gatestep(*arguments), 2, "4 slots", "8 words", "at most 4")


def test_weights_of_another_vocabulary_cannot_be_compared(gatestep: "Command") -> None:
    from importlib.resources import files as resources

    other = resources("gatestep.data") / "lengths-lstm.safetensors"
    assert_one_line(gatestep("run", "pakistan", "--weights", other, "--compare", "rnn"), 2)


@pytest.mark.parametrize("command", ["run", "trace"])
@pytest.mark.parametrize(("weights", "rest", "words"), BAD_FILES, ids=[f"{w} {rest}" for w, rest, _ in BAD_FILES])
def test_a_bad_file_is_named_in_one_line(
    gatestep: "Command", files: Path, monkeypatch: pytest.MonkeyPatch,
    command: str, weights: str, rest: str, words: tuple[str, ...],
) -> None:  # fmt: skip
    monkeypatch.chdir(files)
    assert_one_line(gatestep(command, "--weights", weights, "--input", *rest.split()), 2, *words)


@pytest.mark.parametrize("command", ["run", "trace"])
def test_bytes_that_are_no_text_are_refused(gatestep: "Command", command: str) -> None:
    assert_one_line(gatestep(command, "pakistan", "--text", "my \udcff name"), 2, "--text", "UTF-8")


def test_weights_with_code_in_them_are_refused_and_nothing_runs(
    gatestep: "Command", files: Path, tmp_path: Path
) -> None:
    torch = pytest.importorskip("torch")
    proof = tmp_path / "ran"

    class Bomb:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return Path.touch, (str(proof),)

    torch.save({"weight_ih_l0": Bomb()}, tmp_path / "bomb.pt")
    done = gatestep("trace", "--weights", tmp_path / "bomb.pt", "--input", files / "good.npy")
    assert_one_line(done, 2, "bomb.pt", "without a recurrent network")
    assert not proof.exists()


def test_a_file_that_may_not_be_read_is_named(
    gatestep: "Command", files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    done = gatestep("trace", "--weights", files / "good.npz", "--input", files / "good.npy")
    assert_one_line(done, 2, "good.npz", "permission")


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_target_that_cannot_be_written_fails_and_keeps_what_was_there(
    gatestep: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "trace.csv"
    target.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, full)
    assert_one_line(gatestep("trace", "pakistan", "-o", target), 1, "trace.csv", "No space left")
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_text() == "before"


@pytest.mark.parametrize(("error", "code", "words"), [
    (WorkFailed("training needs PyTorch;\n install it"), 1, "training needs PyTorch; install it"),
    (MemoryError(), 1, "out of memory"),
    (KeyboardInterrupt(), 130, "interrupted"),
])  # fmt: skip
def test_failed_work_is_told_in_one_line(
    gatestep: "Command", monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(trace, "subject_of", fail)
    assert_one_line(gatestep("trace", "pakistan"), code, words)


def test_training_that_fails_leaves_nothing_behind(
    gatestep: "Command", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise WorkFailed("training needs PyTorch")

    monkeypatch.setattr(train, "train_and_save", fail)
    done = gatestep("train", "pakistan", "-o", tmp_path)
    assert (done.code, done.err) == (1, "gatestep: training needs PyTorch\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line", ["trace pakistan -o", "train pakistan -o", "run --weights", "run --csv", "run w --input"]
)
def test_an_empty_name_is_not_the_current_directory(gatestep: "Command", line: str) -> None:
    assert_one_line(gatestep(*line.split(), ""), 2, line.split()[-1], "names no file")


def test_what_nobody_has_thought_of_is_one_line_too_and_its_traceback_is_there_for_the_asking(
    gatestep: "Command", monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("somewhere")

    monkeypatch.setattr(trace, "subject_of", fail)
    assert_one_line(gatestep("trace", "pakistan"), 1, "ZeroDivisionError: somewhere", "GATESTEP_DEBUG=1")
    monkeypatch.setenv("GATESTEP_DEBUG", "1")
    done = gatestep("trace", "pakistan")
    assert done.code == 1
    assert done.err.startswith("Traceback")
    assert done.err.splitlines()[-1].startswith("gatestep: ")


def test_a_known_error_shows_its_traceback_only_when_asked(
    gatestep: "Command", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATESTEP_DEBUG", "1")
    done = gatestep("run", "pakistan", "--at", "99")
    assert done.code == 2
    assert "Traceback" in done.err


@pytest.mark.parametrize(
    ("line", "code"), [("nonsense 2>/dev/full", 2), ("--version >/dev/full", 1), ("--help >/dev/full", 1)]
)
def test_the_exit_code_stands_where_nothing_can_be_written(line: str, code: int) -> None:
    command = Path(sys.executable).with_name("gatestep")
    for unbuffered in ("", "1"):
        done = subprocess.run(["bash", "-c", f'"{command}" {line}'], capture_output=True, timeout=60,
                              env={**os.environ, "PYTHONUNBUFFERED": unbuffered})  # fmt: skip
        assert done.returncode == code
