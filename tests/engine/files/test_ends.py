"""Embedding and readout are found where one reading is left, and what lies between is never passed over."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchmade
from endsmade import IDS, H, Model, V, agrees, opened, silent
from gatestep.engine import WordNetwork
from gatestep.engine.files.own import Own, prepare
from torch import nn


@pytest.mark.parametrize(
    "behind",
    [
        nn.Linear(H, V),
        nn.Linear(H, V, bias=False),
        nn.Sequential(nn.Linear(H, V), nn.LogSoftmax(-1)),
        nn.Sequential(nn.Linear(H, 5), nn.Linear(5, V)),
    ],
    ids=["linear", "no bias", "log-softmax", "two"],
)
def test_what_the_file_tells_is_computed(behind: nn.Module, tmp_path: Path) -> None:
    model = Model(behind)
    ready = opened(model, tmp_path)
    assert agrees(ready, model)
    assert ready.notes == ()


def test_both_directions_lead_to_the_readout(tmp_path: Path) -> None:
    model = Model(nn.Linear(2 * H, 3), both=True)
    assert agrees(opened(model, tmp_path), model)


@pytest.mark.parametrize("name", ["ReLU", "Tanh", "Sigmoid", "SiLU"])
def test_a_hidden_layer_is_computed_where_the_function_is_known(name: str, tmp_path: Path) -> None:
    model = Model(nn.Sequential(nn.Linear(H, 5), getattr(nn, name)(), nn.Dropout(), nn.Linear(5, V)))
    readout = f"decoder.0,{name.lower()},decoder.3"
    assert agrees(opened(model, tmp_path, whole=True), model)
    note = silent(opened(model, tmp_path))
    assert "the file does not name the function between decoder.0 and decoder.3" in note
    assert "--readout decoder.0,relu,decoder.3 names it" in note
    assert agrees(opened(model, tmp_path, readout=readout), model)


def test_a_square_layer_before_the_readout_is_part_of_it(tmp_path: Path) -> None:
    model = Model(nn.Sequential(nn.Linear(H, H), nn.Tanh(), nn.Linear(H, V)))
    assert agrees(opened(model, tmp_path, whole=True), model)
    assert "between decoder.0 and decoder.2" in silent(opened(model, tmp_path))


def test_a_readout_tied_to_the_embedding(tmp_path: Path) -> None:
    model = Model(nn.Linear(H, V), width=H)
    model.decoder.weight = model.encoder.weight  # type: ignore[assignment]
    assert agrees(opened(model, tmp_path), model)
    tensors = dict(model.state_dict())
    del tensors["decoder.weight"]  # as safetensors.torch.save_model leaves it
    torch.save(tensors, tmp_path / "tied.pt")
    alone = prepare(Own(tmp_path / "tied.pt", text=" ".join(map(str, IDS))))
    assert agrees(alone, model)


def test_a_tied_readout_without_a_bias_has_to_be_named(tmp_path: Path) -> None:
    model = Model(nn.Linear(H, V, bias=False), width=H)
    model.decoder.weight = model.encoder.weight  # type: ignore[assignment]
    torch.save({n: t for n, t in model.state_dict().items() if n != "decoder.weight"}, tmp_path / "tied.pt")
    own = Own(tmp_path / "tied.pt", text=" ".join(map(str, IDS)))
    assert "no readout (V, 8) is found" in silent(prepare(own))
    assert agrees(prepare(Own(own.weights, text=own.text, readout="encoder")), model)


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ({"norm": nn.LayerNorm(H)}, "norm.weight, norm.bias"),
        ({"bn": nn.BatchNorm1d(H)}, "bn.weight, bn.bias"),
        ({"attn": nn.Linear(H, 1)}, "attn.weight [1, 8]"),
        ({"attention": nn.MultiheadAttention(H, 2)}, "attention.in_proj_weight"),
        ({"conv": nn.Conv1d(H, H, 3)}, "conv.weight"),
    ],
    ids=["layer norm", "batch norm", "attention", "heads", "convolution"],
)
def test_what_may_lie_between_silences_the_readout(beside: dict[str, Any], named: str, tmp_path: Path) -> None:
    model = Model(nn.Linear(H, V), **beside)
    note = silent(opened(model, tmp_path))
    assert named in note
    assert "may come between the network and decoder" in note
    assert "no prediction is shown; --readout decoder says that it does not" in note
    ready = opened(model, tmp_path, readout="decoder")
    assert agrees(ready, model)
    assert "beside decoder is not used" in ready.notes[0]


class Scaled(nn.Module):
    """A module of somebody's own without tensors."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 3 * x


class OwnLinear(nn.Linear):
    """A dense layer that computes something else than torch's."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(x)


class Named(nn.Module):
    """A function and a dense layer by names of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.act, self.out = nn.Tanh(), nn.Linear(H, V)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.out(self.act(x))
        return scores


@pytest.mark.parametrize(
    ("behind", "more", "said"),
    [
        (nn.Linear(H, V), {"act": nn.ReLU()}, "act (ReLU) may change what decoder reads or says"),
        (nn.Linear(H, V), {"norm": nn.LayerNorm(H, elementwise_affine=False)}, "norm (normalization.LayerNorm) may"),
        (nn.Linear(H, V), {"own": Scaled()}, ".Scaled) may change what decoder reads or says"),
        (nn.Sequential(nn.Linear(H, V), nn.Tanh()), {}, "decoder.1 (Tanh) may change what decoder.0 reads or says"),
        (Named(), {}, "decoder.act (Tanh) may change what decoder.out reads or says"),
        (OwnLinear(H, V), {}, ".OwnLinear) may change what decoder reads or says"),
        (nn.Sequential(nn.GELU(), nn.Linear(H, V)), {}, "decoder.0 (GELU) before decoder.1 is not computed"),
        (nn.Sequential(nn.Softplus(2.0), nn.Linear(H, V)), {}, "decoder.0 (Softplus) before decoder.1 is not computed"),
        (nn.Sequential(nn.Hardtanh(0, 1), nn.Linear(H, V)), {}, "decoder.0 (Hardtanh) before decoder.1 is not"),
    ],
    ids=["function", "norm", "own", "after", "named", "own layer", "unknown", "sharper", "narrower"],
)
def test_modules_without_tensors_silence_the_readout_where_the_file_tells_of_them(
    behind: nn.Module, more: dict[str, Any], said: str, tmp_path: Path
) -> None:
    model = Model(behind, **more)
    note = silent(opened(model, tmp_path, whole=True))
    assert said in note
    assert "no prediction is shown; --readout " in note
    torchmade.traced(model, torch.tensor(IDS))(tmp_path / "traced")
    note = silent(prepare(Own(tmp_path / "traced", text=" ".join(map(str, IDS)))))
    assert said.split(" is not")[0] in note


@pytest.mark.parametrize(
    "behind",
    [
        nn.Sequential(nn.LeakyReLU(0.3), nn.Linear(H, V)),
        nn.Sequential(nn.ELU(2.0), nn.Linear(H, V)),
        nn.Sequential(nn.Softplus(), nn.Linear(H, V)),
        nn.Sequential(nn.Hardtanh(), nn.Linear(H, 5), nn.Hardsigmoid(), nn.Linear(5, V), nn.Softmax(-1)),
    ],
    ids=["leaky", "elu", "softplus", "hard"],
)
def test_parameters_of_functions_are_taken_from_the_file(behind: nn.Module, tmp_path: Path) -> None:
    model = Model(behind, drop=nn.Dropout(0.5), loss=nn.CrossEntropyLoss())
    if isinstance(behind[-1], nn.Softmax):  # type: ignore[index]
        behind[-1] = nn.LogSoftmax(-1)  # type: ignore[operator]
    assert agrees(opened(model, tmp_path, whole=True), model)


def test_effects_of_a_readout_with_a_hidden_layer_are_those_of_silencing(tmp_path: Path) -> None:
    model = Model(nn.Sequential(nn.Linear(H, 5), nn.ReLU(), nn.Linear(5, V)))
    network = opened(model, tmp_path, whole=True).language.reader  # type: ignore[union-attr]
    assert isinstance(network, WordNetwork)
    hidden = network.trace([str(n) for n in IDS]).top[3]
    effects = network.readout.effects(hidden)
    with torch.no_grad():
        base = model.decoder(torch.tensor(np.array(hidden))).log_softmax(-1)
        for unit in range(H):
            without = torch.tensor(np.array(hidden))
            without[unit] = 0
            left = model.decoder(without).log_softmax(-1)
            assert abs(float(left[base.argmax()] - base.max()) - effects[unit]) < 1e-5
