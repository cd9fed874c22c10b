"""The numbers of the gradients experiment: how they are made, and the file in which they ship."""

import random
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from ..engine import written_whole
from ..engine.arrays import Floats, frozen
from .pakistan import PAKISTAN
from .radius import FORGET_BIASES, RADII, gradient_profile
from .remembering import learn
from .scenario import Networks
from .scoring import HELD_OUT_SEED, predict, recurrent

FILE = "gradients.npz"
SEEDS = tuple(range(5))
CLIP = 1.0
GROUPS = 60
"""The points of a learning curve, each the mean loss, or the largest norm, of equally many batches in a row."""

CLIPPING_BATCHES, BIAS_BATCHES = 600, 1500
SENTENCES = 20
"""The number of held-out sentences of every gap."""

SEEN = {"rnn": "hidden", "lstm": "cell"}
"""The state in which each network carries what it remembers."""

Recorded = Mapping[str, Floats]


def by_radius() -> dict[str, np.ndarray]:
    """Return the sizes of gradients in random networks by name: (radii, timestamps), and of all weights (radii,).

    The LSTM's have the forget bias as an axis before these. Raises WorkFailed where PyTorch is not installed.
    """
    rnn = [gradient_profile("rnn", radius) for radius in RADII]
    lstm = [[gradient_profile("lstm", radius, bias) for radius in RADII] for bias in FORGET_BIASES]
    return {
        **{f"radius_rnn_{name}": np.stack([back.sizes[name] for back in rnn]) for name in ("hidden", "matrix")},
        "radius_rnn_weights": np.array([back.weights for back in rnn]),
        **{
            f"radius_lstm_{name}": np.stack([[back.sizes[name] for back in backs] for backs in lstm])
            for name in ("hidden", "cell", "path")
        },
        "radius_lstm_weights": np.array([[back.weights for back in backs] for backs in lstm]),
    }


def clipping(seed: int, clip: float | None, batches: int = CLIPPING_BATCHES) -> tuple[np.ndarray, np.ndarray]:
    """Return the RNN's mean losses and largest norms before clipping, (batches / 10,) each: one for ten batches."""
    done, each = learn("rnn", seed, batches, clip), CLIPPING_BATCHES // GROUPS
    return done.losses.reshape(-1, each).mean(axis=1), done.norms.reshape(-1, each).max(axis=1)


def forget_bias(seed: int, bias: float, batches: int = BIAS_BATCHES) -> np.ndarray:
    """Return the LSTM's mean losses when it starts from a forget bias, (batches / 25,): one for every 25 batches."""
    losses = learn("lstm", seed, batches, CLIP, bias).losses
    return np.asarray(losses.reshape(-1, BIAS_BATCHES // GROUPS).mean(axis=1))


def at_the_country(networks: Networks, model: str, gaps: tuple[int, ...], count: int = SENTENCES) -> np.ndarray:
    """Return the size of the last word's gradient at the country in held-out sentences, (gaps, count).

    Raises WorkFailed where PyTorch is not installed.
    """
    from ..engine import word_gradients  # with all that gradients take: what ships is recorded

    corpus, network, sizes = PAKISTAN.corpus, recurrent(networks, model), np.zeros((len(gaps), count))
    for row, gap in enumerate(gaps):
        rng = random.Random(HELD_OUT_SEED + gap)
        for n in range(count):
            words = corpus.draw_held_out(rng, gap).words
            prediction, country = predict(corpus, network, words), corpus.evidence(words)
            assert country is not None
            layer = word_gradients(prediction, [len(words) - 1]).layers[0]
            sizes[row, n] = layer.norms(SEEN[model])[country]
    return sizes


def along_the_sentence(networks: Networks, model: str, state: str) -> np.ndarray:
    """Return the size of the last word's gradient at every word of the scenario's sentence, (T,).

    Raises WorkFailed where PyTorch is not installed.
    """
    from ..engine import word_gradients

    prediction = predict(PAKISTAN.corpus, recurrent(networks, model), PAKISTAN.sentences[0])
    return np.asarray(word_gradients(prediction, [len(prediction.trace) - 1]).layers[0].norms(state))


def record(directory: Path, networks: Networks, on_progress: Callable[[str], None]) -> Path:
    """Make every number again, from the seeds and from the networks of "pakistan"; write them into `directory`.

    Returns the path of the file. `on_progress` receives what is being made. Raises BadInput where there is no such
    directory, and WorkFailed where PyTorch is not installed or the file cannot be written.
    """
    on_progress("random networks by spectral radius")
    arrays = by_radius()
    on_progress("the networks of pakistan")
    sizes = PAKISTAN.corpus.sizes
    arrays |= {f"pakistan_{model}": at_the_country(networks, model, sizes) for model in SEEN}
    for model, state in (("rnn", "hidden"), ("lstm", "hidden"), ("lstm", "cell")):
        arrays[f"sentence_{model}_{state}"] = along_the_sentence(networks, model, state)
    on_progress("training with and without clipping")
    trained = [[clipping(seed, clip) for seed in SEEDS] for clip in (None, CLIP)]
    arrays["clipping_losses"], arrays["clipping_norms"] = (
        np.array([[both[n] for both in seeds] for seeds in trained]) for n in range(2)
    )
    on_progress("training from both forget biases")
    arrays["bias_losses"] = np.array([[forget_bias(seed, bias) for seed in SEEDS] for bias in FORGET_BIASES])
    path = directory / FILE
    with written_whole(path) as file:
        np.savez_compressed(file, **{name: frozen(a) for name, a in arrays.items()})  # type: ignore[arg-type]
    return path


@cache
def recorded() -> Recorded:
    """Return the recorded numbers that ship, float32 by name; they are read once."""
    with as_file(files("gatestep.data") / FILE) as path, np.load(path, allow_pickle=False) as file:
        return {name: frozen(file[name]) for name in file.files}
