"""Inputs: one sequence or a batch, numbers or word numbers; what two readings fit is refused with both."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import read_inputs
from gatestep.engine.files.contents import Contents, Tensor
from gatestep.engine.files.ends import embedding_in
from gatestep.engine.files.inputs import read_given, read_sequences
from hypothesis import given
from hypothesis import strategies as st

Refusal = Callable[..., str]
ROWS = np.arange(21, dtype=np.float32).reshape(7, 3)
BATCH = np.stack([ROWS, ROWS + 100])  # batch first
TABLE = np.arange(33, dtype=np.float32).reshape(11, 3)


def stored(array: Any, path: Path) -> Path:
    np.save(path, array)
    return path


@pytest.mark.parametrize(("layout", "turn"), [("batch-first", lambda a: a), ("time-first", lambda a: a.swapaxes(0, 1))])
def test_a_batch_is_cut_into_its_sequences(layout: str, turn: Any, tmp_path: Path) -> None:
    found = read_sequences(stored(turn(BATCH), tmp_path / "x.npy"), 3, layout)
    assert [array.tolist() for array in found.arrays] == BATCH.tolist()


@given(sequences=st.integers(1, 4), timestamps=st.integers(1, 4))
def test_both_layouts_of_a_batch_are_the_same_sequences(sequences: int, timestamps: int, tmp_path_factory: Any) -> None:
    batch = np.random.default_rng(0).normal(size=(sequences, timestamps, 2)).astype(np.float32)
    here = tmp_path_factory.mktemp("x")
    one = read_sequences(stored(batch, here / "a.npy"), 2, "batch-first").arrays
    other = read_sequences(stored(batch.swapaxes(0, 1), here / "b.npy"), 2, "time-first").arrays
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(one, batch)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((1, 7, 3), "batch-first reads 1 sequence of 7 timestamps, --layout time-first 7 sequences of 1 timestamp"),
        ((7, 1, 3), "batch-first reads 7 sequences of 1 timestamp, --layout time-first 1 sequence of 7 timestamps"),
        ((4, 7, 3), "batch-first reads 4 sequences of 7 timestamps, --layout time-first 7 sequences of 4 timestamps"),
    ],
)
def test_a_batch_without_its_layout_is_refused_with_both_readings(
    shape: Any, said: str, tmp_path: Path, refusal: Refusal
) -> None:
    line = refusal(read_sequences, stored(np.zeros(shape), tmp_path / "x.npy"), 3)
    assert f"has shape {shape}, which two layouts fit: --layout {said}" in line


def test_one_timestamp_of_one_sequence_needs_no_layout(tmp_path: Path) -> None:
    assert read_sequences(stored(np.ones((1, 1, 3)), tmp_path / "x.npy"), 3).arrays[0].shape == (1, 3)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((7,), "has shape (7,); this network takes (T, 3), or (T, B, 3) or (B, T, 3) for a batch"),
        ((7, 4), "has shape (7, 4); this network takes (T, 3)"),
        ((3, 7), "turned around, (7, 3), it would"),
        ((2, 7, 4), "has shape (2, 7, 4); this network takes (T, 3)"),
        ((1, 2, 7, 3), "has shape (1, 2, 7, 3)"),
        ((), "has shape (); this network"),
        ((0, 3), "has shape (0, 3), and holds nothing"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(shape: Any, said: str, tmp_path: Path, refusal: Refusal) -> None:
    assert said in refusal(read_sequences, stored(np.zeros(shape), tmp_path / "x.npy"), 3)


def test_one_axis_is_enough_for_one_input(tmp_path: Path) -> None:
    assert read_sequences(stored(np.arange(4.0), tmp_path / "x.npy"), 1).arrays[0].tolist() == [[0], [1], [2], [3]]


def test_lengths_take_off_what_only_pads(tmp_path: Path, refusal: Refusal) -> None:
    path = stored(BATCH, tmp_path / "x.npy")
    lengths = stored(np.array([3, 7]), tmp_path / "n.npy")
    found = read_sequences(path, 3, "batch-first", lengths)
    assert [array.tolist() for array in found.arrays] == [ROWS[:3].tolist(), (ROWS + 100).tolist()]
    for wrong, said in (([3], "holds 1 lengths; there are 2 sequences"), ([0, 7], "says 0 for sequence 1"),
                        ([3, 8], "says 8 for sequence 2; it must be within 1 to 7"), ([1.5, 2], "whole numbers"),
                        ([np.nan, 2], "must hold whole numbers")):  # fmt: skip
        line = refusal(read_sequences, path, 3, "batch-first", stored(np.array(wrong), tmp_path / "n.npy"))
        assert line.startswith(str(tmp_path / "n.npy"))
        assert said in line


@pytest.mark.parametrize("option", ["layout", "lengths"])
def test_what_goes_with_a_batch_is_refused_for_one_sequence(option: str, tmp_path: Path, refusal: Refusal) -> None:
    given = {"layout": "batch-first", "lengths": stored(np.array([7]), tmp_path / "n.npy")}
    line = refusal(read_sequences, stored(ROWS, tmp_path / "x.npy"), 3, **{option: given[option]})
    assert f"has shape (7, 3), one sequence; --{option} goes with a batch of them" in line


def test_the_sequence_has_to_be_said_where_there_are_several(tmp_path: Path, refusal: Refusal) -> None:
    several = read_sequences(stored(BATCH, tmp_path / "x.npy"), 3, "batch-first")
    assert [several.number(n) for n in (1, 2)] == [0, 1]
    assert "holds 2 sequences; --sequence N, 1 to 2, says which one" in refusal(several.number, None)
    assert "--sequence 3: there is none; it holds 1 to 2" in refusal(several.number, 3)
    assert "--sequence 0: there is none" in refusal(several.number, 0)
    one = read_sequences(stored(ROWS, tmp_path / "x.npy"), 3)
    assert (one.number(None), one.number(1)) == (0, 0)


def test_word_numbers_are_rows_of_the_embedding(tmp_path: Path, refusal: Refusal) -> None:
    ids = np.array([3, 1, 4, 1, 5])
    path = stored(ids, tmp_path / "ids.npy")
    assert read_given(path).holds_ids(3)
    assert not read_given(stored(ROWS, tmp_path / "x.npy")).holds_ids(3)
    assert not read_given(path).holds_ids(1)  # then they are numbers like any other
    found = read_sequences(path, 3, embedding=TABLE)
    np.testing.assert_array_equal(found.arrays[0], TABLE[ids])
    assert found.ids is not None
    assert found.ids[0].tolist() == ids.tolist()
    batch = read_sequences(stored(np.array([ids, ids + 1]), tmp_path / "b.npy"), 3, "batch-first", embedding=TABLE)
    np.testing.assert_array_equal(batch.arrays, [TABLE[ids], TABLE[ids + 1]])
    for wrong in (11, -1):
        line = refusal(read_sequences, stored(np.array([0, wrong]), tmp_path / "w.npy"), 3, embedding=TABLE)
        assert f"has the word number {wrong} at t=2; the embedding has 0 to 10" in line
    line = refusal(read_sequences, stored(np.zeros((2, 5), np.int64), tmp_path / "w.npy"), 3, embedding=TABLE)
    assert "2 sequences of 5 timestamps" in line


def contents_of(*others: str) -> Contents:
    shapes = {"encoder.weight": (11, 3), "emb.weight": (11, 3), "decoder.weight": (11, 5), "bias": (3,)}
    return Contents("made", (), {n: Tensor(shapes[n], "float32", lambda: TABLE) for n in others})


def test_the_embedding_is_the_one_that_fits(refusal: Refusal) -> None:
    def name(*others: str, asked: str | None = None) -> str:
        return embedding_in(contents_of(*others), 3, asked, "w")[0]

    assert name("encoder.weight", "decoder.weight", "bias") == "encoder.weight"
    assert name("encoder.weight", "emb.weight") == "emb.weight"
    assert name("encoder.weight", "emb.weight", asked="encoder") == "encoder.weight"
    assert "need an embedding (V, 3), and the file has nothing" in refusal(name, "decoder.weight", "bias")
    line = refusal(name, "encoder.weight", "decoder.weight", asked="decoder")
    assert "decoder.weight has shape (11, 5); an embedding for this network is (V, 3)" in line
    assert "is a part of 3 names" in refusal(name, "encoder.weight", "emb.weight", "decoder.weight", asked="weight")
    assert "unknown tensor" in refusal(name, "encoder.weight", asked="words")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("x.npy", lambda p: np.save(p, ROWS)),
        ("x.npz", lambda p: np.savez(p, ROWS)),
        ("named.npz", lambda p: np.savez(p, other=np.ones(2), input=ROWS)),
        ("x.pt", lambda p: torch.save(torch.from_numpy(ROWS.copy()), p)),
        ("old.pt", lambda p: torch.save(torch.from_numpy(ROWS.copy()), p, _use_new_zipfile_serialization=False)),
        ("named.pt", lambda p: torch.save({"y": torch.ones(2), "x": torch.from_numpy(ROWS.copy())}, p)),
        ("x.csv", lambda p: np.savetxt(p, ROWS, delimiter=",")),
        ("called.else", lambda p: np.savez(p.open("wb"), ROWS)),
    ],
)
def test_inputs_are_told_by_what_the_file_is(name: str, write: Callable[[Path], Any], tmp_path: Path) -> None:
    write(tmp_path / name)
    np.testing.assert_array_equal(read_inputs(tmp_path / name), ROWS)


def test_a_workbook_is_called_one(tmp_path: Path, refusal: Refusal) -> None:
    with zipfile.ZipFile(tmp_path / "prices.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    line = refusal(read_inputs, tmp_path / "prices.xlsx")
    assert "is an Excel workbook or another archive; save its sheet as CSV" in line


def test_several_tensors_need_a_name(tmp_path: Path, refusal: Refusal) -> None:
    torch.save({"a": torch.ones(2), "b": torch.ones(2)}, tmp_path / "x.pt")
    assert "holds a, b; it must hold one array, or one called input" in refusal(read_inputs, tmp_path / "x.pt")
