"""Embedding and readout are found where one reading is left, and what lies between is never passed over."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchmade
from gatestep.engine import WordNetwork
from gatestep.engine.files.own import Own, Ready, prepare
from gatestep.engine.trace import softmax
from torch import nn

Refusal = Callable[..., str]
V, E, H = 11, 6, 8
IDS = [3, 1, 4, 1, 5, 9]


class Model(nn.Module):
    """An embedding, an LSTM and whatever stands behind it."""

    def __init__(self, behind: nn.Module, width: int = E, both: bool = False, **more: nn.Module):
        super().__init__()
        self.encoder = nn.Embedding(V, width)
        self.rnn = nn.LSTM(width, H, bidirectional=both)
        self.decoder = behind
        for name, module in more.items():
            self.add_module(name, module)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.decoder(self.rnn(self.encoder(ids))[0])
        return scores


def opened(model: nn.Module, path: Path, whole: bool = False, **more: Any) -> Ready:
    """Write a model, and open it on numbers of rows."""
    torch.save(model if whole else model.state_dict(), path / "model.pt")
    return prepare(Own(path / "model.pt", text=" ".join(map(str, IDS)), **more))


def agrees(ready: Ready, model: nn.Module) -> bool:
    """Whether the network says what torch says."""
    assert ready.language is not None
    network = ready.language.reader
    assert isinstance(network, WordNetwork), ready.notes
    with torch.no_grad():
        expected = model.eval()(torch.tensor(IDS)).softmax(-1).numpy()
    found = softmax(network.readout.scores(network.trace(ready.words or ()).top))
    return np.allclose(found, expected, atol=1e-5)


def silent(ready: Ready) -> str:
    """Return why the network says nothing."""
    assert ready.language is not None
    assert not isinstance(ready.language.reader, WordNetwork)
    return " ".join(ready.notes)


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


def test_what_stands_before_the_only_layer_is_asked(tmp_path: Path) -> None:
    model = Model(nn.Sequential(nn.ReLU(), nn.Linear(H, V)))
    assert "the file does not name the function before decoder.1" in silent(opened(model, tmp_path))
    assert agrees(opened(model, tmp_path, whole=True), model)
    assert agrees(opened(model, tmp_path, readout="relu,decoder.1"), model)


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


class OwnEmbedding(nn.Embedding):
    """An embedding that gives other rows than it stores."""

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(ids)


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


def test_modules_before_the_network_and_classes_of_ones_own_ask_for_the_embedding(
    tmp_path: Path, refusal: Refusal
) -> None:
    model = Model(nn.Linear(H, V))
    model._modules = {"squash": nn.Tanh(), **model._modules}
    line = refusal(opened, model, tmp_path, whole=True)
    assert "squash (Tanh) may change what encoder gives the network; --embedding encoder says that it does not" in line
    assert agrees(opened(model, tmp_path, whole=True, embedding="encoder", readout="decoder"), model)
    model = Model(nn.Linear(H, V))
    model.encoder = OwnEmbedding(V, E)
    assert ".OwnEmbedding) may change what encoder gives" in refusal(opened, model, tmp_path, whole=True)


def test_attention_that_widens_the_readout_leaves_none(tmp_path: Path) -> None:
    note = silent(opened(Model(nn.Linear(2 * H, V), attn=nn.Linear(H, H)), tmp_path))
    assert "no readout (V, 8) is found" in note
    assert "decoder.weight [11, 16]" in note


def test_two_readouts_are_not_chosen_between(tmp_path: Path) -> None:
    model = Model(nn.Linear(H, V), other=nn.Linear(H, 3))
    note = silent(opened(model, tmp_path))
    assert "other.weight [3, 8] may each be the readout; no prediction is shown; --readout NAME says which" in note
    assert agrees(opened(model, tmp_path, readout="decoder"), model)


def test_no_readout_may_be_asked_for(tmp_path: Path) -> None:
    assert silent(opened(Model(nn.Linear(H, V)), tmp_path, readout="none")) == ""


@pytest.mark.parametrize(
    ("readout", "line"),
    [
        ("nothing", "--readout nothing: unknown tensor; choose from encoder.weight [11, 6], decoder.0"),
        ("decoder.0", "which"),
        ("decoder.2", "decoder.2.weight [11, 5] reads 5, and 8 units feed it"),
        ("decoder.0,decoder.2", "as in decoder.0,relu,decoder.2; linear is none"),
        ("decoder.0,relu", "it must end with the name of a dense layer"),
        ("relu(1,2),decoder.0", "relu takes 0 finite parameters"),
    ],
)
def test_a_readout_that_cannot_be_is_refused(readout: str, line: str, tmp_path: Path, refusal: Refusal) -> None:
    model = Model(nn.Sequential(nn.Linear(H, 5), nn.Tanh(), nn.Linear(5, V)))
    if readout == "decoder.0":
        network = opened(model, tmp_path, readout=readout).language.reader  # type: ignore[union-attr]
        assert isinstance(network, WordNetwork)  # who names a layer of 5 has 5 answers
        assert len(network.said) == 5
        return
    assert line in refusal(opened, model, tmp_path, readout=readout)


def test_what_may_lie_before_the_network_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    before: dict[str, nn.Module] = {"emb_norm": nn.LayerNorm(E), "lift": nn.Linear(E, E)}
    for name, more in before.items():
        model = Model(nn.Linear(H, V))
        model.add_module(name, more)
        line = refusal(opened, model, tmp_path)
        assert f"{name}.weight" in line
        assert "may come between the embedding and the network" in line
        assert "--embedding NAME says that nothing does" in line
        assert opened(model, tmp_path, embedding="encoder", readout="decoder").language is not None


def test_several_embeddings_are_not_chosen_between(tmp_path: Path, refusal: Refusal) -> None:
    model = Model(nn.Linear(H, V), other=nn.Embedding(4, E))
    line = refusal(opened, model, tmp_path)
    assert "encoder.weight [11, 6], other.weight [4, 6]; --embedding NAME says which" in line


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
            assert abs(float(base.max() - left[base.argmax()]) - effects[unit]) < 1e-5


def kerass(path: Path, *behind: Any) -> tuple[Path, Any]:
    """Write a model of Keras with the layers `behind` an LSTM, and return its probabilities of IDS, (T, V)."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    layers = [keras.layers.Embedding(V, E), keras.layers.LSTM(H, return_sequences=True)]
    model = keras.Sequential(
        [keras.Input((None,)), *layers, *(getattr(keras.layers, name)(*a, **o) for name, a, o in behind)]
    )
    model.save(path / "model.keras")
    return path / "model.keras", np.asarray(keras.ops.convert_to_numpy(model(np.array([IDS]))))[0]


@pytest.mark.parametrize(
    "behind",
    [
        [("Dense", (V,), {"activation": "softmax"})],
        [("Dropout", (0.5,), {}), ("Dense", (5,), {"activation": "relu"}), ("Dense", (V,), {"activation": "softmax"})],
    ],
    ids=["dense", "hidden"],
)
def test_a_model_of_keras_says_what_keras_says(behind: Any, tmp_path: Path) -> None:
    path, expected = kerass(tmp_path, *behind)
    ready = prepare(Own(path, text=" ".join(map(str, IDS))))
    network = ready.reader
    assert isinstance(network, WordNetwork), ready.notes
    found = softmax(network.readout.scores(network.trace(ready.words or ()).top))
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("behind", "note"),
    [
        ([("Dense", (V,), {"activation": "sigmoid"})], "the activation sigmoid of layers/dense may change"),
        ([("LayerNormalization", (), {}), ("Dense", (V,), {})], "layers/layer_normalization"),
        (
            [("Activation", ("relu",), {}), ("Dense", (V,), {})],
            "(Activation) may change what layers/dense reads or says",
        ),
    ],
    ids=["sigmoid", "norm", "function"],
)
def test_what_keras_computes_otherwise_silences_the_readout(behind: Any, note: str, tmp_path: Path) -> None:
    path, _ = kerass(tmp_path, *behind)
    assert note in silent(prepare(Own(path, text=" ".join(map(str, IDS)))))
