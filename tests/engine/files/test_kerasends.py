"""Embedding and readout of Keras models: they say what Keras says, or nothing where Keras computes otherwise."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from endsmade import IDS, E, H, V, silent
from gatestep.engine import WordNetwork
from gatestep.engine.files.own import Own, prepare
from gatestep.engine.trace import softmax


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
