"""What is read: weights, inputs and initial states, and everything that is wrong with a file."""

import io
import os
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import contents, read_initial_state, read_inputs, read_model, read_tensors
from tensors import MATRIX
from unprivileged import unprivileged

Refusal = Callable[..., str]


@pytest.mark.parametrize("ending", [".npy", ".npz", ".csv", ".tsv", ".txt"])
def test_inputs_are_read_by_their_ending(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{ending}"
    {".npy": lambda: np.save(path, MATRIX), ".npz": lambda: np.savez(path, whatever=MATRIX)}.get(
        ending, lambda: np.savetxt(path, MATRIX, delimiter={".csv": ",", ".tsv": "\t", ".txt": " "}[ending], fmt="%.9g")
    )()
    inputs = read_inputs(path)
    assert inputs.dtype == np.float32
    np.testing.assert_array_equal(inputs, MATRIX)


@pytest.mark.parametrize("name", ["input", "inputs", "x"])
def test_an_archive_of_several_arrays_is_asked_for_the_input(name: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", **{"other": np.zeros(1), name: MATRIX})  # type: ignore[arg-type]
    np.testing.assert_array_equal(read_inputs(tmp_path / "x.npz"), MATRIX)


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,4\n",
        "open,close\n1,2\n3,4\n",
        "\nopen,close\n\n1,2\n\n3,4\n,\n",
        "\ufeffopen,close\r\n1,2\r\n3,4\r\n",
        '"open","close"\n"1", 2\n 3 ,4e0\n',
    ],
    ids=["no header", "header", "empty lines", "byte order mark", "quotes and spaces"],
)
def test_csv_may_have_a_header(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    assert read_inputs(path).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2\n3,x\n", ": row 2, column 2 holds 'x'; it must be a number such as 1234.5"),
        ("a,b\n1,2\n,4\n", ": row 3, column 1 (a) holds nothing; it must be a finite number"),
        ("a,2\n3,4\n", ": row 1, column 1 holds 'a' beside '2'; it must be a number"),
        ("a,b\n1,2\n3,nan\n", ": row 3, column 2 (b) holds 'nan'; it must be a finite number"),
        ("1,2\n-inf,4\n", ": row 2, column 1 holds '-inf'; it must be a finite number"),
        ("1,2\n3,4e38\n", ": row 2, column 2 holds '4e38'; it must be a finite number between -3.40282e+38 and"),
        ("1,2\n3\n", ": row 2 has 1 columns, where row 1 has 2"),
        ("a,b\n", ": has no rows of numbers, only names"),
        ("", ": has no rows of numbers, nothing"),
        ("1,\xff\n", ": is not UTF-8 text"),
        ('"' + "1" * 200_000 + '"\n', ": row 1 is not CSV (field larger than field limit"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(text: str, said: str, tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode("latin-1"))
    assert refusal(read_inputs, path).startswith(f"{path}{said}")


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros(3), ": has shape (3,); it must be (T, I)"),
        (np.zeros((0, 3)), ": has shape (0, 3); it must be (T, I)"),
        (np.zeros((1, 2, 3)), ": has shape (1, 2, 3); it must be (T, I)"),
        (np.array([[0, np.nan]]), " has nan at [0, 1]; every value must be a finite number"),
        (np.array([["a"]]), " does not hold plain numbers"),
        (np.array([[1j]]), " does not hold plain numbers"),
    ],
)
def test_arrays_that_are_no_inputs_are_refused(array: Any, said: str, tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "x.npy"
    np.save(path, array)
    assert refusal(read_inputs, path).startswith(f"{path}{said}")


def test_what_of_a_table_is_left_out_is_told(tmp_path: Path) -> None:
    path, told = tmp_path / "x.csv", list[str]()
    path.write_text("date,ticker,open\n2024-01-02,A,1.5\n2024-01-03,A,2\n")
    assert read_inputs(path, told.append).tolist() == [[1.5], [2]]
    assert told == [
        f"{path}: the column of dates (date) labels the timestamps and is not an input",
        f"{path}: column 2 (ticker) is left out: it holds no numbers",
    ]


def test_an_archive_without_a_clear_input_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    np.savez(tmp_path / "x.npz", a=MATRIX, b=MATRIX)
    assert "holds a, b; it must hold one array, or one called input" in refusal(read_inputs, tmp_path / "x.npz")


def test_initial_states_are_read_from_npz(tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "s.npz"
    np.savez(path, h0=MATRIX, c0=MATRIX)
    assert set(read_initial_state(path)) == {"h0", "c0"}
    np.savez(path, c0=MATRIX)
    assert refusal(read_initial_state, path) == f"{path}: holds c0; it must hold h0 (and c0 for an LSTM)"


READERS: list[tuple[Callable[[Path], Any], str]] = [
    *((read_tensors, ending) for ending in (".safetensors", ".npz", ".pt", "")),
    *((read_inputs, ending) for ending in (".npy", ".npz", ".csv", ".pt")),
    (read_initial_state, ".npz"),
]
EVERY_READER = pytest.mark.parametrize(("read", "ending"), READERS)


@EVERY_READER
def test_a_file_that_is_not_there_is_refused(
    read: Callable[[Path], Any], ending: str, tmp_path: Path, refusal: Refusal
) -> None:
    path = tmp_path / f"absent{ending}"
    assert refusal(read, path) == f"{path}: no such file"


@EVERY_READER
def test_a_directory_is_refused(read: Callable[[Path], Any], ending: str, tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / f"folder{ending}"
    path.mkdir()
    assert refusal(read, path) == f"{path}: is a directory; give a file"


@EVERY_READER
@pytest.mark.parametrize("content", [b"", b"\x00\xffjunk" * 50], ids=["empty", "junk"])
def test_a_file_of_something_else_is_refused(
    read: Callable[[Path], Any], ending: str, content: bytes, tmp_path: Path, refusal: Refusal
) -> None:
    path = tmp_path / f"junk{ending}"
    path.write_bytes(content)
    assert refusal(read, path).startswith(f"{path}: ")


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Any]:
    """An object whose unpickling leaves a mark; the mark must not be there in the end."""
    mark = tmp_path / "it-ran"

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(mark),)

    yield Trap()
    assert not mark.exists()


def pickled_in_a_zip(path: Path, trap: Any) -> None:
    """What torch.save writes, with a pickle that it would not."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("w/data.pkl", pickle.dumps({"weight_ih_l0": trap}, 2))
        archive.writestr("w/version", "3\n")


def pickled_in_a_policy(path: Path, trap: Any) -> None:
    """What stable-baselines3 writes, around such a pickle."""
    inner = io.BytesIO()
    torch.save({"w": trap}, inner)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("policy.pth", inner.getvalue())


class Trapped(torch.nn.Module):
    """A module with a trap among its attributes."""

    def __init__(self, trap: Any) -> None:
        super().__init__()
        self.trap = trap


def into(path: Path, save: Callable[..., object], *arrays: Any, **named: Any) -> None:
    """Write arrays under a name that NumPy would add an ending to."""
    with path.open("wb") as file:
        save(file, *arrays, **named)


RUNS = "loading those could run code"
NONE = "holds no named tensors"
TRAPS: dict[str, tuple[Callable[[Path], Any], Callable[[Path, Any], object], str | None]] = {
    "torch.save": (read_tensors, lambda p, t: torch.save({"weight_ih_l0": t}, p), NONE),
    "torch.save before 1.6": (
        read_tensors, lambda p, t: torch.save({"w": t}, p, _use_new_zipfile_serialization=False), NONE
    ),
    "a whole model": (contents, lambda p, t: torch.save(torch.nn.Sequential(Trapped(t)), p), None),
    "a pickle": (read_tensors, lambda p, t: p.write_bytes(pickle.dumps(t)), NONE),
    "an old pickle": (read_tensors, lambda p, t: p.write_bytes(pickle.dumps(t, 2)), NONE),
    "a pickle in an archive": (read_tensors, pickled_in_a_zip, NONE),
    "a pickle in a policy": (contents, pickled_in_a_policy, None),
    "an .npz member": (read_tensors, lambda p, t: into(p, np.savez, x=np.array([t])), RUNS),
    "an .npz state": (read_initial_state, lambda p, t: into(p, np.savez, h0=np.array([t])), RUNS),
    "a state of torch": (read_initial_state, lambda p, t: torch.save({"h0": t}, p), "it must hold h0"),
    "an .npz input": (read_inputs, lambda p, t: into(p, np.savez, x=np.array([t])), RUNS),
    "an .npy": (read_inputs, lambda p, t: into(p, np.save, np.array([t])), RUNS),
    "an input of torch": (read_inputs, lambda p, t: torch.save({"x": t}, p), "it must hold one array"),
    "a pickle as input": (read_inputs, lambda p, t: p.write_bytes(pickle.dumps(t)), "it must hold one array"),
}  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", TRAPS)
def test_a_file_that_would_run_code_is_refused_and_does_not_run(
    kind: str, trap: Any, tmp_path: Path, refusal: Refusal
) -> None:
    read, write, said = TRAPS[kind]
    path = tmp_path / "w"
    write(path, trap)
    if said is None:
        assert contents(path).networks == ()
        return
    line = refusal(read, path)
    assert line.startswith(f"{path}: ")
    assert said in line


def test_a_trap_beside_a_network_does_not_run_and_the_network_is_read(trap: Any, tmp_path: Path) -> None:
    torch.save({"net": torch.nn.LSTM(2, 3).state_dict(), "hyper": trap, "more": [trap]}, tmp_path / "w")
    assert read_model(tmp_path / "w").H == 3


@pytest.mark.parametrize(
    "array", [np.float32(3), np.zeros((0,), np.float32), np.zeros((3, 0))], ids=["0-d", "0", "3x0"]
)
def test_arrays_without_rows_or_columns_are_no_inputs(array: Any, tmp_path: Path, refusal: Refusal) -> None:
    np.save(tmp_path / "x.npy", array)
    assert f"has shape {array.shape}; it must be (T, I)" in refusal(read_inputs, tmp_path / "x.npy")


@pytest.mark.parametrize("name", ["a\0b.npy", "\ud800.npy"], ids=ascii)
def test_a_name_that_no_file_can_have_is_refused(name: str, refusal: Refusal) -> None:
    assert refusal(read_inputs, Path(name)).endswith(".npy: is not a valid file name")


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A user who may enter the directory that the test stands in, and read nothing that is closed to others."""
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o755)
    with unprivileged():
        yield


@EVERY_READER
def test_a_file_that_may_not_be_read_is_refused(
    read: Callable[[Path], Any], ending: str, tmp_path: Path, request: pytest.FixtureRequest, refusal: Refusal
) -> None:
    (tmp_path / f"closed{ending}").touch(mode=0o000)
    request.getfixturevalue("nobody")
    assert refusal(read, Path(f"closed{ending}")) == f"closed{ending}: permission denied"
