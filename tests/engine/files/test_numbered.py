"""Networks over numbers, from files: outputs and errors are torch's, in the unit of scikit-learn's scalers."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import BadInput, Outputs, run
from gatestep.engine.files.own import Own, Ready, prepare
from gatestep.engine.files.scalers import read_scalers
from numbermade import HEAD, T, made, scalers, table
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler
from torch import nn

Asked = Callable[..., Ready]
CLOSE: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5}


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Returns what is ready of model.pt in a folder with vol.csv, with more said."""

    def ask(input: str = "vol.csv", **more: Any) -> Ready:
        for name in ("scaler", "lengths"):
            if name in more:
                more[name] = tmp_path / more[name]
        return prepare(Own(tmp_path / "model.pt", tmp_path / input, **more))

    return ask


def said_of(ready: Ready) -> Outputs:
    """What the network says in the run of what is ready."""
    said = ready.numbers.outputs_of(run(ready.stack, ready.inputs), ready.sequence)
    assert said is not None
    return said


@pytest.mark.parametrize("form", ["json", "npz", "pkl"])
def test_the_head_of_the_article_says_what_torch_says(tmp_path: Path, asked: Asked, form: str) -> None:
    x, y = table(tmp_path)
    of_x, of_y = scalers(tmp_path, x, y)
    model = made(tmp_path)
    said = said_of(asked(target="Volume", scaler=f"scalers.{form}", readout=HEAD))
    with torch.no_grad():
        scaled = model(torch.tensor(of_x.transform(x), dtype=torch.float32)).numpy()
    np.testing.assert_allclose(said.scaled(0, T), scaled, **CLOSE)
    np.testing.assert_allclose(said.values(0, T), of_y.inverse_transform(scaled), rtol=1e-5)
    np.testing.assert_allclose(said.residuals(0, T), of_y.inverse_transform(scaled) - y, rtol=1e-4, atol=5)
    wanted = torch.tensor(of_y.transform(y))
    for t in (0, T - 1):
        loss = nn.functional.mse_loss(torch.tensor(scaled[t], dtype=torch.float64), wanted[t]).item()
        assert said.loss(t) == pytest.approx(loss, abs=1e-6)
    assert (said.names, said.aligned) == (("Volume",), "of the same row")


def test_a_linear_head_is_found_and_several_outputs_have_several_targets(tmp_path: Path, asked: Asked) -> None:
    model = made(tmp_path, dense=0, outputs=2, inputs=3, layers=2)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(T, 3)).astype(np.float32), rng.normal(size=(T, 2))
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    said = said_of(asked("x.npy", target=str(tmp_path / "y.npy")))
    with torch.no_grad():
        wanted = model(torch.tensor(x)).numpy()
    np.testing.assert_allclose(said.values(0, T), wanted, **CLOSE)
    assert said.loss(3) == pytest.approx(float(((wanted[3] - y[3]) ** 2).mean()), abs=1e-5)
    assert said.names == ("y0", "y1")


def test_effects_are_how_the_output_changes_without_a_unit(tmp_path: Path, asked: Asked) -> None:
    table(tmp_path)
    model = made(tmp_path)
    ready = asked(target="Volume", readout=HEAD)
    said = said_of(ready)
    h = torch.tensor(said.trace.top[T - 1])

    def head(hidden: torch.Tensor) -> float:
        return float(model.fc(torch.relu(model.fc_1(torch.relu(hidden)))))

    with torch.no_grad():
        for unit, effect in enumerate(said.effects(T - 1).tolist()):
            without = h.clone()
            without[unit] = 0
            assert effect == pytest.approx(head(without) - head(h), abs=1e-5)


@pytest.mark.parametrize("layout", ["time-first", "batch-first"])
def test_padded_sequences_have_their_own_targets(tmp_path: Path, asked: Asked, layout: str) -> None:
    model = made(tmp_path, dense=0)
    rng = np.random.default_rng(0)
    x, lengths = rng.normal(size=(3, 6, 2)).astype(np.float32), np.array([6, 2, 4])
    every, last = rng.normal(size=(3, 6)), rng.normal(size=3)
    turned = layout == "time-first"
    np.save(tmp_path / "x.npy", x.swapaxes(0, 1) if turned else x)
    np.save(tmp_path / "every.npy", every.T if turned else every)
    np.save(tmp_path / "last.npy", last)
    np.save(tmp_path / "lengths.npy", lengths)
    for n, length in enumerate(lengths.tolist()):
        more = {"layout": layout, "sequence": n + 1, "lengths": "lengths.npy"}
        said = said_of(asked("x.npy", target=str(tmp_path / "every.npy"), **more))
        with torch.no_grad():
            wanted = model(torch.tensor(x[n, :length])).numpy()
        np.testing.assert_allclose(said.values(0, length), wanted, **CLOSE)
        np.testing.assert_allclose(said.residuals(0, length), wanted - every[n, :length, None], **CLOSE)
        ends = said_of(asked("x.npy", target=str(tmp_path / "last.npy"), **more))
        known = np.flatnonzero(~np.isnan(ends.residuals(0, length)[:, 0]))
        assert known.tolist() == [length - 1]
        assert ends.residuals(length - 1, length)[0, 0] == pytest.approx(float(wanted[-1, 0]) - last[n], abs=1e-5)


def test_a_target_may_be_some_rows_later_and_stay_among_the_inputs(tmp_path: Path, asked: Asked) -> None:
    _, y = table(tmp_path)
    made(tmp_path, inputs=3, dense=0)
    said = said_of(asked(target="volume@+2"))
    assert said.targets is not None
    np.testing.assert_array_equal(said.targets[:-2], y[2:])
    assert np.isnan(said.targets[-2:]).all()
    assert said.aligned == "2 rows later"
    assert said.loss(T - 1) is None


def test_one_scaler_for_the_whole_table_gives_both_ends_their_own(tmp_path: Path, asked: Asked) -> None:
    x, y = table(tmp_path)
    whole = StandardScaler().fit(np.c_[x, y])
    np.savez(tmp_path / "whole.npz", mean_=whole.mean_, scale_=whole.scale_)
    made(tmp_path, dense=0)
    ready = asked(target="Volume", scaler="whole.npz")
    np.testing.assert_allclose(ready.inputs, whole.transform(np.c_[x, y])[:, :2], **CLOSE)
    assert ready.numbers.outputs is not None
    np.testing.assert_allclose(ready.numbers.outputs.raw([[0.0], [1.0]])[:, 0], whole.mean_[2] + [0, whole.scale_[2]])


@pytest.mark.parametrize(
    "scaler",
    [
        StandardScaler(), StandardScaler(with_mean=False), StandardScaler(with_std=False), MinMaxScaler(),
        MinMaxScaler((-1, 1)),
    ],
    ids=str,
)  # fmt: skip
def test_scalers_are_scikit_learns(tmp_path: Path, scaler: Any) -> None:
    v = np.random.default_rng(0).normal(3, 9, size=(20, 3))
    v[:, 2] = 7  # which never changes
    fitted = scaler.fit(v)
    path = tmp_path / "scaler.pkl"
    for protocol in (2, 4, 5):
        path.write_bytes(pickle.dumps(fitted, protocol))
        read = read_scalers(path).both
        assert read is not None
        np.testing.assert_allclose(read.scaled(v), fitted.transform(v), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(read.raw(fitted.transform(v)), v, rtol=1e-9)


class Bomb:
    """What a pickle would run, if pickles were run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return open, ("/nonexistent/never", "w")


REFUSED: list[tuple[Any, str]] = [
    ({"mean_": [1, 2]}, "a scaler is mean_ and scale_"),
    ({"mean_": [1, 2], "scale_": [1, 2, 3]}, "they must be equally many"),
    ({"mean_": [1, 2], "scale_": [1, 0]}, "has a scale of 0"),
    ({"min": [1], "scale": [2]}, "a scaler is mean_ and scale_"),
    ({"data_min_": [0], "data_max_": [4], "scale_": [3]}, "differs from what its data_min_ and data_max_ give"),
    ({"mean_": [1], "scale_": [1], "quantiles_": [1]}, "holds quantiles_, which nothing here uses"),
    ({"mean_": ["a"], "scale_": [1]}, "does not hold plain numbers"),
    ([1, 2], "is not a JSON object"),
    (RobustScaler().fit(np.ones((3, 2))), "holds a RobustScaler"),
    (MinMaxScaler(clip=True).fit(np.ones((3, 2))), "clips"),
    (Bomb(), "a scaler is a StandardScaler or a MinMaxScaler"),
    ("no", "is not JSON, an .npz archive or a pickle"),
]


@pytest.mark.parametrize(("what", "said"), REFUSED, ids=[said[:30] for _, said in REFUSED])
def test_what_is_no_scaler_is_refused_in_one_line(tmp_path: Path, what: Any, said: str) -> None:
    path = tmp_path / "scaler"
    if isinstance(what, dict | list):
        path.write_text(json.dumps(what))
    elif isinstance(what, str):
        path.write_text(what)
    else:
        path.write_bytes(pickle.dumps(what))
    with pytest.raises(BadInput) as caught:
        read_scalers(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"target": "Volume"},
            "--target needs a readout behind the network, and there is none (the file does not name the",
        ),
        ({"target": "Volum", "readout": HEAD}, "there is no column Volum, and no such file; choose from Price, Spread"),
        ({"target": "Volume", "readout": HEAD, "scaler": "four.json"}, "has 4 columns, which fit neither the 2 inputs"),
        ({"target": "Volume@+99", "readout": HEAD}, "--target @+99: there are 30 rows"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, asked: Asked, more: dict[str, Any], said: str) -> None:
    table(tmp_path)
    made(tmp_path)
    (tmp_path / "four.json").write_text(json.dumps({"mean_": [0] * 4, "scale_": [1] * 4}))
    with pytest.raises(BadInput) as caught:
        asked(**more)
    assert said in str(caught.value)


def test_a_head_that_the_file_does_not_tell_is_left_out_and_said(tmp_path: Path, asked: Asked) -> None:
    x, _ = table(tmp_path)
    made(tmp_path)
    np.save(tmp_path / "x.npy", x)
    ready = asked("x.npy")
    assert ready.numbers.head is None
    (note,) = ready.notes
    assert "--readout fc_1,relu,fc" in note
    assert "no output is shown" in note
