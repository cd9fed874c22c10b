"""Networks over numbers, written in plain torch as people write them, and their files."""

import datetime
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from torch import nn

T, COLUMNS = 30, ("Price", "Spread")
HEAD = "relu,fc_1,relu,fc"


class Regression(nn.Module):
    """An LSTM with the head of the article, or a linear one, over `inputs` columns."""

    def __init__(self, inputs: int = 2, units: int = 5, layers: int = 1, dense: int = 7, outputs: int = 1):
        super().__init__()
        self.lstm = nn.LSTM(inputs, units, layers, batch_first=True)
        if dense:
            self.fc_1 = nn.Linear(units, dense)
        self.fc = nn.Linear(dense or units, outputs)
        self.dense = dense

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs (..., T, outputs) of every timestamp of `x` (..., T, inputs)."""
        h, _ = self.lstm(x)
        outputs: torch.Tensor = self.fc(torch.relu(self.fc_1(torch.relu(h))) if self.dense else h)
        return outputs


def table(path: Path, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Write vol.csv, dated, with two columns of inputs and Volume, and return both, (T, 2) and (T, 1), as written."""
    rng = np.random.default_rng(seed)
    x = np.c_[86 + rng.normal(size=T).cumsum(), np.abs(rng.normal(size=T)) / 100].round(6)
    y: np.ndarray = np.round(5e6 + 1e5 * rng.normal(size=(T, 1)).cumsum(axis=0))
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=n) for n in range(T)]
    rows = [f"{day},{a},{b},{int(c)}" for day, (a, b), (c,) in zip(days, x, y, strict=True)]
    (path / "vol.csv").write_text("\n".join([f"Date,{','.join(COLUMNS)},Volume", *rows]) + "\n")
    return x, y


def scalers(path: Path, x: np.ndarray, y: np.ndarray) -> tuple[StandardScaler, MinMaxScaler]:
    """Fit the article's two scalers, write them as scalers.json, .npz and .pkl, and return them."""
    of_x, of_y = StandardScaler().fit(x), MinMaxScaler().fit(y)
    fields: dict[str, Any] = {
        "inputs": {"mean_": of_x.mean_, "scale_": of_x.scale_},
        "target": {"data_min_": of_y.data_min_, "data_max_": of_y.data_max_},
    }
    flat = {f"{end}.{name}": array for end, own in fields.items() for name, array in own.items()}
    np.savez(path / "scalers.npz", **flat)
    lists = {end: {name: array.tolist() for name, array in own.items()} for end, own in fields.items()}
    (path / "scalers.json").write_text(json.dumps(lists))
    (path / "scalers.pkl").write_bytes(pickle.dumps({"x": of_x, "y": of_y}))
    return of_x, of_y


def made(path: Path, seed: int = 0, **sizes: int) -> Regression:
    """Write model.pt, a state dict, and return the model."""
    torch.manual_seed(seed)
    model = Regression(**sizes)
    torch.save(model.state_dict(), path / "model.pt")
    return model
