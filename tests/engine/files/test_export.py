import csv
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import (
    BadInput,
    DenseNetwork,
    DenseReading,
    Prediction,
    Stack,
    Trace,
    Vocabulary,
    WordNetwork,
    next_words,
    run,
    run_lazily,
)
from gatestep.engine.files import export as module
from gatestep.engine.files.export import TOP, WHOLE, Part, layers_named
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len


def export(trace: Trace, prediction: Prediction | None, form: str, part: Part = WHOLE) -> bytes:
    """All that is written."""
    file = io.BytesIO()
    module.export(trace, prediction, form, file, part)
    return file.getvalue()


def export_reading(reading: DenseReading, vocabulary: Vocabulary, answer: str | None, form: str) -> bytes:
    """All that is written of a sentence in a dense network."""
    file = io.BytesIO()
    module.export_reading(reading, vocabulary, answer, form, file)
    return file.getvalue()


NAMES = [f"l0.{name}" for name in ("forget", "input", "candidate", "cell", "output", "hidden")]


@pytest.fixture
def prediction(word_network: WordNetwork) -> Prediction:
    """A sentence with an unknown word and a comma, and no answer."""
    trace = word_network.trace("My name, Zoë, is")
    return Prediction(trace, word_network.vocabulary, next_words(trace.tokens or ()))


@pytest.fixture
def numbers(make_network: Callable[..., tuple[Any, Stack]]) -> Trace:
    """Two layers of both directions over numbers that span the sizes of float32."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(12, 3)) * 10.0 ** rng.integers(-30, 30, (12, 3))
    return run(make_network(num_layers=2, bidirectional=True)[1], inputs)


def test_npz_holds_every_quantity_as_float32(numbers: Trace) -> None:
    with np.load(io.BytesIO(export(numbers, None, "npz")), allow_pickle=False) as archive:
        assert archive.files == list(numbers.quantities)
        for name, array in numbers.quantities.items():
            assert archive[name].dtype == np.float32
            np.testing.assert_array_equal(archive[name], array)


def test_json_holds_tokens_quantities_predictions_and_loss(prediction: Prediction) -> None:
    document = json.loads(export(prediction.trace, prediction, "json"))
    assert list(document) == ["tokens", "quantities", "predictions", "loss"]
    assert document["tokens"] == ["My", "name", ",", "Zoë", ",", "is"]
    assert list(document["quantities"]) == NAMES
    for t, entry in enumerate(document["predictions"]):
        words, p = zip(*entry["top"], strict=True)
        assert list(words) == [word for word, _ in prediction.top(t, TOP)]
        assert list(p) == sorted(p, reverse=True)
    assert document["loss"] == [prediction.loss(t) for t in range(6)]
    assert [loss is None for loss in document["loss"]] == [False, False, True, False, False, True]


def test_json_of_numbers_has_no_predictions(numbers: Trace) -> None:
    document = json.loads(export(numbers, None, "json"))
    assert list(document) == ["tokens", "quantities"]
    assert document["tokens"] is None


def test_json_keeps_float32_exactly(numbers: Trace) -> None:
    document = json.loads(export(numbers, None, "json"))
    for name, array in numbers.quantities.items():
        np.testing.assert_array_equal(np.array(document["quantities"][name], np.float32), array)


def test_csv_keeps_float32_exactly(numbers: Trace) -> None:
    header, *rows = csv.reader(io.StringIO(export(numbers, None, "csv").decode()))
    assert header == ["t", *(f"{name}[{unit}]" for name in numbers.quantities for unit in range(4))]
    assert [row[0] for row in rows] == [str(t) for t in range(1, 13)]
    values = np.array([row[1:] for row in rows], np.float32)
    np.testing.assert_array_equal(values, np.concatenate(list(numbers.quantities.values()), axis=1))


def test_csv_of_a_sentence_names_the_words(prediction: Prediction) -> None:
    header, *rows = csv.reader(io.StringIO(export(prediction.trace, prediction, "csv").decode()))
    assert header[:3] == ["t", "token", "l0.forget[0]"]
    assert [row[:2] for row in rows] == [[str(t + 1), word] for t, word in enumerate(prediction.trace.tokens or ())]


def test_the_table_has_a_block_for_each_quantity(prediction: Prediction) -> None:
    blocks = export(prediction.trace, prediction, "table").decode().rstrip("\n").split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == NAMES
    for name, block in zip(NAMES, blocks, strict=True):
        _, units, *rows = block.splitlines()
        assert units.split() == ["0", "1", "2", "3"]
        for t, row in enumerate(rows):
            number, word, *values = row.split()
            assert (number, word) == (str(t + 1), (prediction.trace.tokens or ())[t])
            np.testing.assert_allclose([float(v) for v in values], prediction.trace.quantities[name][t], atol=0.5001e-4)


def test_the_columns_of_the_table_stand_under_each_other(numbers: Trace) -> None:
    for block in export(numbers, None, "table").decode().rstrip("\n").split("\n\n"):
        assert len({len(line) for line in block.splitlines()[1:]}) == 1


@pytest.fixture(params=[None, 5], ids=["a bag", "5 slots"])
def dense(request: pytest.FixtureRequest, make_dense: Callable[..., tuple[Any, DenseNetwork]]) -> DenseNetwork:
    """A dense network of each kind, with five hidden units."""
    _, network = make_dense(request.param)
    return network


@pytest.fixture
def reading(dense: DenseNetwork) -> DenseReading:
    """What it makes of a sentence with an unknown word."""
    return dense.read("My name, Zoë")


def test_npz_of_a_reading_holds_its_hidden_units(dense: DenseNetwork, reading: DenseReading) -> None:
    with np.load(io.BytesIO(export_reading(reading, dense.vocabulary, None, "npz")), allow_pickle=False) as archive:
        assert archive.files == ["dense.hidden"]
        assert (archive["dense.hidden"].dtype, archive["dense.hidden"].shape) == (np.float32, (5,))
        np.testing.assert_array_equal(archive["dense.hidden"], reading.hidden)


def test_json_of_a_reading_has_one_entry_for_the_whole_sentence(dense: DenseNetwork, reading: DenseReading) -> None:
    document = json.loads(export_reading(reading, dense.vocabulary, "Ahmad", "json"))
    assert list(document) == ["tokens", "quantities", "predictions", "loss"]
    assert document["tokens"] == ["My", "name", ",", "Zoë"]
    assert list(document["quantities"]) == ["dense.hidden"]
    np.testing.assert_array_equal(np.array(document["quantities"]["dense.hidden"], np.float32), reading.hidden)
    ((top,),) = [entry.values() for entry in document["predictions"]]
    by_probability = sorted(zip(reading.probabilities, dense.vocabulary.words, strict=True), reverse=True)
    assert [word for word, _ in top] == [word for _, word in by_probability[:TOP]]
    np.testing.assert_array_equal(np.array([p for _, p in top], np.float32), [p for p, _ in by_probability[:TOP]])


@pytest.mark.parametrize(("answer", "row"), [("Ahmad", 4), ("AHMAD", 4), ("name", 2), ("Zoë", None), (None, None)])
def test_the_loss_of_a_reading_is_that_of_the_answer_where_it_is_known(
    dense: DenseNetwork, reading: DenseReading, answer: str | None, row: int | None
) -> None:
    (loss,) = json.loads(export_reading(reading, dense.vocabulary, answer, "json"))["loss"]
    if row is None:
        assert loss is None
    else:
        assert loss == pytest.approx(-np.log(reading.probabilities[row]), rel=1e-6)


def test_csv_of_a_reading_has_a_column_a_unit_and_one_row(dense: DenseNetwork, reading: DenseReading) -> None:
    header, row = csv.reader(io.StringIO(export_reading(reading, dense.vocabulary, None, "csv").decode()))
    assert header == [f"dense.hidden[{unit}]" for unit in range(5)]
    np.testing.assert_array_equal(np.array(row, np.float32), reading.hidden)


def test_the_table_of_a_reading_has_a_line_a_unit(dense: DenseNetwork, reading: DenseReading) -> None:
    name, head, *rows = export_reading(reading, dense.vocabulary, None, "table").decode().splitlines()
    assert (name, head) == ("dense.hidden", "unit")
    assert [row.split()[0] for row in rows] == ["0", "1", "2", "3", "4"]
    np.testing.assert_allclose([float(row.split()[1]) for row in rows], reading.hidden, atol=0.5001e-4)
    assert len({len(row) for row in rows}) == 1


@given(text=st.text())
def test_a_cell_of_csv_holds_its_token_and_none_is_a_formula(word_network: WordNetwork, text: str) -> None:
    try:
        trace = word_network.trace(text.encode("utf-8", "ignore").decode())
    except BadInput:  # no words in it
        return
    rows = list(csv.reader(io.StringIO(export(trace, None, "csv").decode(), newline="")))
    tokens = [row[1] for row in rows[1:]]
    assert tuple(tokens) == trace.tokens
    assert not [token for token in tokens if token[0] in "=+-@\t\r" and len(token) > 1]


def test_wide_words_keep_the_table_in_line(word_network: WordNetwork) -> None:
    lines = export(word_network.trace("日本 my 🙂 name"), None, "table").decode().split("\n\n")[0].splitlines()[2:]
    assert len({cell_len(line[: line.index(".")]) for line in lines}) == 1


def test_blocks_leave_no_seam(numbers: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in ("table", "json", "csv"):
        monkeypatch.setattr(module, "BLOCK", 2**18)
        whole = export(numbers, None, form)
        monkeypatch.setattr(module, "BLOCK", 1)
        assert export(numbers, None, form) == whole


def test_a_lazy_run_is_never_there_as_a_whole(
    make_network: Callable[..., tuple[Any, Stack]], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, x = make_network(num_layers=2)[1], np.random.default_rng(0).normal(size=(300, 3))
    lazy, whole = run_lazily(stack, x), run(stack, x)
    monkeypatch.setattr(module, "BLOCK", 2**10)
    seen: list[int] = []
    text = module._text

    def watched(block: np.ndarray) -> list[bytes]:
        seen.append(block.size)
        return text(block)

    monkeypatch.setattr(module, "_text", watched)
    ours, theirs = (list(csv.reader(io.StringIO(export(t, None, "csv").decode()))) for t in (lazy, whole))
    assert ours[0] == theirs[0]
    np.testing.assert_allclose(np.array(ours[1:], float), np.array(theirs[1:], float), atol=2e-6)
    assert max(seen) <= 2**10


def test_a_part_of_it_keeps_the_numbers_of_its_units_and_timestamps(prediction: Prediction) -> None:
    trace = prediction.trace
    part = Part(trace.layers[:1], (0, 2), range(1, 4))
    document = json.loads(export(trace, prediction, "json", part))
    assert document["tokens"] == ["name", ",", "Zoë"]
    assert (document["steps"], document["units"]) == ([2, 3, 4], [0, 2])
    assert document["loss"] == [prediction.loss(t) for t in (1, 2, 3)]
    assert len(document["predictions"]) == 3
    cell = trace.layers[0]["cell"][1:4][:, [0, 2]]
    np.testing.assert_array_equal(np.array(document["quantities"]["l0.cell"], np.float32), cell)
    header, *rows = csv.reader(io.StringIO(export(trace, prediction, "csv", part).decode()))
    assert header[:4] == ["t", "token", "l0.forget[0]", "l0.forget[2]"]
    assert [row[:2] for row in rows] == [["2", "name"], ["3", ","], ["4", "Zoë"]]
    lines = export(trace, prediction, "table", Part(timestamps=(0, 5))).decode().splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["1", "6"]
    with np.load(io.BytesIO(export(trace, None, "npz", part))) as archive:
        np.testing.assert_array_equal(archive["l0.cell"], cell)


def test_a_layer_is_named_by_its_number_or_its_direction(numbers: Trace, refusal: Callable[..., str]) -> None:
    assert [layer.name for layer in layers_named(numbers, "1")] == ["l1", "l1_reverse"]
    assert [layer.name for layer in layers_named(numbers, "l0_reverse")] == ["l0_reverse"]
    assert [layer.name for layer in layers_named(numbers, "l1")] == ["l1"]
    for name in ("2", "", "l2", "-1", "reverse", "0_reverse"):
        assert "0, 1, l0, l0_reverse, l1, l1_reverse" in refusal(layers_named, numbers, name)
