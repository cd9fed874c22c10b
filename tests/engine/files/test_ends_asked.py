"""Embedding and readout that are not chosen: what leaves two readings is asked for, what cannot be is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from endsmade import E, H, Model, V, agrees, opened, silent
from gatestep.engine import WordNetwork
from torch import nn

Refusal = Callable[..., str]


def test_what_stands_before_the_only_layer_is_asked(tmp_path: Path) -> None:
    model = Model(nn.Sequential(nn.ReLU(), nn.Linear(H, V)))
    assert "the file does not name the function before decoder.1" in silent(opened(model, tmp_path))
    assert agrees(opened(model, tmp_path, whole=True), model)
    assert agrees(opened(model, tmp_path, readout="relu,decoder.1"), model)


class OwnEmbedding(nn.Embedding):
    """An embedding that gives other rows than it stores."""

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(ids)


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
        assert len(network.output_vocabulary) == 5
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
