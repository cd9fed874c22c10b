"""Traces as files: an aligned table, JSON, CSV, or a NumPy archive. Names are those of `quantities`, layer first."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arrays import Floats
from ..models.dense import DenseReading
from ..models.words import Prediction, Vocabulary, cross_entropy
from ..text import cells, printable
from ..trace import Trace

FORMATS = ("table", "json", "csv", "npz")
TOP = 5


def export(trace: Trace, prediction: Prediction | None, form: str) -> bytes:
    """Return `trace` in one of FORMATS, as bytes (UTF-8 for those that are text).

    An archive has each quantity as float32 (T, H). In text, timestamps count from 1, units from 0, and numbers keep the
    nine digits that float32 needs; the table shows four decimals. JSON has `tokens`, `quantities` (name -> T lists of H
    numbers) and, for word networks, `predictions` (per t the TOP likeliest next words) and `loss` (per t, null where
    the next word is not known). Tokens stand in JSON and CSV as they are, in the table as a terminal may see them. None
    of a sentence can begin a formula of a spreadsheet: punctuation is a token by itself.
    """
    if form == "npz":
        return _archive(trace.quantities)
    if form == "json":
        return _json(_document(trace, prediction))
    if form == "csv":
        return _csv([_header(trace), *_rows(trace, "{:.9g}")])
    return _table(trace).encode()


def export_reading(reading: DenseReading, vocabulary: Vocabulary, answer: str | None, form: str) -> bytes:
    """Return what a dense network made of a sentence in one of FORMATS, as bytes; it has one row, for no timestamps.

    The only quantity is `dense.hidden`, (H,). JSON has `tokens`, `quantities`, and one entry each of `predictions` and
    `loss`, for the sentence as a whole.
    """
    hidden, p = reading.hidden, reading.probabilities
    if form == "npz":
        return _archive({"dense.hidden": hidden})
    if form == "json":
        known = answer is not None and answer in vocabulary
        return _json({
            "tokens": list(reading.tokens),
            "quantities": {"dense.hidden": [_nine_digits(v) for v in hidden.tolist()]},
            "predictions": [_top(vocabulary.likeliest(p, TOP))],
            "loss": [cross_entropy(float(p[vocabulary.index(answer or "")])) if known else None],
        })  # fmt: skip
    if form == "csv":
        names = [f"dense.hidden[{unit}]" for unit in range(len(hidden))]
        return _csv([names, [f"{v:.9g}" for v in hidden.tolist()]])
    rows = "\n".join(f"{unit:>4} {value:>8.4f}" for unit, value in enumerate(hidden.tolist()))
    return f"dense.hidden\nunit\n{rows}\n".encode()


def _archive(arrays: Mapping[str, Floats]) -> bytes:
    archive = io.BytesIO()
    np.savez(archive, **arrays)  # type: ignore[arg-type]
    return archive.getvalue()


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _document(trace: Trace, prediction: Prediction | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "tokens": list(trace.tokens) if trace.tokens else None,
        "quantities": {
            name: [[_nine_digits(v) for v in row] for row in array.tolist()] for name, array in trace.quantities.items()
        },
    }
    if prediction is not None:
        steps = range(len(trace))
        document["predictions"] = [_top(prediction.top(t, TOP)) for t in steps]
        document["loss"] = [prediction.loss(t) for t in steps]
    return document


def _nine_digits(value: float) -> float:
    """As few digits as float32 needs, so that reading them gives the same number again."""
    return float(f"{value:.9g}")


def _top(words: list[tuple[str, float]]) -> dict[str, Any]:
    return {"top": [[word, _nine_digits(p)] for word, p in words]}


def _header(trace: Trace) -> list[str]:
    columns = [f"{name}[{unit}]" for name, array in trace.quantities.items() for unit in range(array.shape[1])]
    return ["t", *(["token"] if trace.tokens else []), *columns]


def _rows(trace: Trace, form: str) -> list[list[str]]:
    values = np.concatenate(list(trace.quantities.values()), axis=1).tolist()
    return [
        [str(t + 1), *([trace.tokens[t]] if trace.tokens else []), *(form.format(v) for v in row)]
        for t, row in enumerate(values)
    ]


def _table(trace: Trace) -> str:
    """A block for each quantity, a row a timestamp, a column a unit."""
    tokens = [printable(token) for token in trace.tokens] if trace.tokens else [""] * len(trace)
    steps = len(str(len(trace)))
    width = max(cells(token) for token in tokens)
    blocks = []
    for name, array in trace.quantities.items():
        numbers = [[f"{v:.4f}" for v in row] for row in array.tolist()]
        wide = max(max(len(n) for row in numbers for n in row), len(str(array.shape[1] - 1)))
        head = " ".join([" " * steps, " " * width, *(str(unit).rjust(wide) for unit in range(array.shape[1]))])
        rows = [
            " ".join(
                [str(t + 1).rjust(steps), tokens[t] + " " * (width - cells(tokens[t])), *(n.rjust(wide) for n in row)]
            )
            for t, row in enumerate(numbers)
        ]
        blocks.append("\n".join([f"{name}", head.rstrip(), *(row.rstrip() for row in rows)]))
    return "\n\n".join(blocks) + "\n"
