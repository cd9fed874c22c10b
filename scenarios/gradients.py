"""Why LSTMs: gradients in the backward pass through time, in trained, random and learning networks."""

from collections.abc import Sequence

import numpy as np

from .experiment import Experiment, Part
from .pakistan import LONGEST_GAP, PAKISTAN
from .radius import gradient_profile
from .recording import (
    BIAS_BATCHES,
    CLIP,
    CLIPPING_BATCHES,
    GROUPS,
    along_the_sentence,
    at_the_country,
    recorded,
)
from .remembering import SYMBOLS
from .scenario import Chart, Choices, Claim, Networks

COUNTRY = PAKISTAN.corpus.evidence(PAKISTAN.corpus.vocabulary.split(PAKISTAN.sentences[0])) or 0
RANDOM_SEEDS = range(5)
"""The seeds of the random networks on which claims about them are checked; the first is the one that is shown."""


# Trained networks: back to the country


def _arrives(networks: Networks) -> bool:
    rnn, lstm = (at_the_country(networks, model, (0, LONGEST_GAP)) for model in ("rnn", "lstm"))
    falls = [medians[0] / medians[1] for medians in (np.median(rnn, axis=1), np.median(lstm, axis=1))]
    return bool(falls[0] > 1e4 and falls[1] < 20 and rnn[1].max() / rnn[1].min() > 1e5)


def _one_sentence(networks: Networks) -> bool:
    rnn, hidden = (along_the_sentence(networks, model, "hidden") for model in ("rnn", "lstm"))
    cell = along_the_sentence(networks, "lstm", "cell")[COUNTRY:-1]
    sizes = 0.3 < rnn[COUNTRY] < 0.5 and hidden[COUNTRY] < 0.01 and 0.1 < cell[0] < 0.3
    return bool(sizes and cell.max() < 1.2 * cell.min())


def _country_chart() -> Chart:
    lines = {
        title: [(gap, median) for gap, median in enumerate(np.median(recorded()[name], axis=1).tolist())]
        for title, name in (("LSTM |dL/dc|", "pakistan_lstm"), ("RNN |dL/dh|", "pakistan_rnn"))
    }
    return Chart("gradient at the country, median of 20", "clauses in between", "size", lines, log=True)


def _sentence_chart() -> Chart:
    names = {"RNN |dL/dh|": "rnn_hidden", "LSTM |dL/dh|": "lstm_hidden", "LSTM |dL/dc|": "lstm_cell"}
    lines = {
        title: [(k + 1, size) for k, size in enumerate(recorded()[f"sentence_{name}"].tolist())]
        for title, name in names.items()
    }
    title = f"gradient at each word; Pakistan is timestamp {COUNTRY + 1}"
    return Chart(title, "timestamp", "size", lines, log=True)


def _radius_decides(networks: Networks) -> bool:
    def arriving(radius: float, seed: int) -> float:
        return float(gradient_profile("rnn", radius, seed=seed).sizes["hidden"][0])

    def alone(radius: float, seed: int) -> float:
        return float(gradient_profile("rnn", radius, seed=seed).sizes["matrix"][0])

    return all(
        arriving(0.5, seed) < 1e-10
        and alone(2.0, seed) > 1e10
        and arriving(2.0, seed) < 1e5
        and all(1e-3 < arriving(radius, seed) < 1e3 for radius in (1.0, 1.1, 1.2, 1.3))
        for seed in RANDOM_SEEDS
    )


def _bias_decides(networks: Networks) -> bool:
    def arriving(cell: str, state: str, bias: float, seed: int) -> float:
        sizes = gradient_profile(cell, 1.0, bias, seed).sizes[state]
        return float(sizes[0] / sizes[-1])

    for seed in RANDOM_SEEDS:
        closed, open_ = (arriving("lstm", "cell", bias, seed) for bias in (0.0, 1.0))
        if not (closed < 1e-6 and open_ > 1e4 * closed and arriving("rnn", "hidden", 0.0, seed) > 1e3 * closed):
            return False
    return True


# Learning networks: clipping and the forget bias. A run that explodes ends elsewhere on another processor, so a claim
# must also hold for these runs made again, under every combination of `make portable`.


def _norms_explode(networks: Networks) -> bool:
    largest = recorded()["clipping_norms"].max(axis=2)
    return bool((largest > 4).all() and (largest > 25).mean() >= 0.2)


def _clipping_helps(networks: Networks) -> bool:
    without, with_ = _endings("clipping_losses")
    return bool((without > 0.2).all() and (with_ < 0.01).mean() >= 0.4)


def _bias_helps(networks: Networks) -> bool:
    chance = np.log(SYMBOLS)
    zero, one = _endings("bias_losses")
    stays = recorded()["bias_losses"][0].min(axis=1) > chance - 0.01
    return bool(stays.all() and (zero > chance - 0.01).all() and (one < chance - 0.3).mean() >= 0.6)


def _endings(name: str) -> np.ndarray:
    """The mean loss over the last sixth of training, (2, seeds), for the two settings of the recording `name`."""
    return np.asarray(recorded()[name][:, :, -GROUPS // 6 :].mean(axis=2))


def _norm_chart() -> Chart:
    norms = recorded()["clipping_norms"][1]
    before = norms[norms.max(axis=1).argmax()]  # the run with the largest norm
    lines = {"after clipping": np.minimum(before, CLIP).tolist(), "before clipping": before.tolist()}
    return _over_batches("norm of the gradient, largest of ten batches", "norm", lines, CLIPPING_BATCHES)


def _clipping_chart() -> Chart:
    without, with_ = recorded()["clipping_losses"].mean(axis=1)
    lines = {"without clipping": without.tolist(), "with clipping": with_.tolist()}
    return _over_batches("loss of the RNN, mean of five runs", "nats", lines, CLIPPING_BATCHES)


def _bias_chart() -> Chart:
    zero, one = recorded()["bias_losses"].mean(axis=1)
    lines = {"forget bias 0": zero.tolist(), "forget bias 1": one.tolist()}
    return _over_batches("loss of the LSTM, mean of five runs", "nats", lines, BIAS_BATCHES)


def _over_batches(title: str, y: str, lines: dict[str, Sequence[float]], batches: int) -> Chart:
    each = batches // GROUPS
    points = {name: [((n + 1) * each, value) for n, value in enumerate(values)] for name, values in lines.items()}
    return Chart(title, "batches", y, points)


GRADIENTS = Experiment(
    name="gradients",
    title="Why LSTMs: gradients back through time",
    summary="Do gradients vanish or explode back through time?",
    parts=(
        Part(
            "back to the country",
            "The trained networks of “pakistan”: how much of the last word's gradient reaches the country? Guess by "
            "what factor it shrinks from no clause in between to eight.",
            Claim(
                "In the LSTM's c by less than 20, in the RNN's h by more than 10,000. And the RNN's is not small "
                "everywhere: eight clauses away, one sentence has more than 100,000 times what another has.",
                _arrives,
            ),
            Choices(("20 in both", "20 in the LSTM, 10,000 in the RNN", "10,000 in both"), 1),
            _country_chart,
        ),
        Part(
            "one sentence",
            "The article's sentence has two clauses in between. Guess whose gradient at “Pakistan” is smaller: "
            "|dL/dh| in the RNN or in the LSTM? ({key:stepper.gradients} in “pakistan” shows it at every word.)",
            Claim(
                "The LSTM's, contrary to the textbook: 0.4 in the RNN, less than 0.01 in the LSTM. What the LSTM keeps "
                "travels through c: from there to the last word but one, |dL/dc| stays at 0.2, give or take a fifth. "
                "The RNN too has learned to carry a gradient, across 15 timestamps.",
                _one_sentence,
            ),
            Choices(("the RNN's", "the LSTM's"), 1),
            _sentence_chart,
        ),
        Part(
            "the recurrent matrix",
            "Random, untrained networks, 50 timestamps. {key:experiment.radius} and {key:experiment.radius_back} "
            "change the spectral radius of the recurrent matrices. W alone is the textbook's product of matrices. "
            "Guess what 0.5 and 2 do to the RNN.",
            Claim(
                "0.5 leaves less than 1e-10. At 2, W alone makes it more than 1e10, but the RNN less than 1e5: tanh "
                "saturates and limits it. From 1 to 1.3 it arrives within a factor of 1,000.",
                _radius_decides,
            ),
            Choices(("0.5: vanishes, 2: tanh limits it", "0.5: vanishes, 2: explodes", "neither matters"), 0),
        ),
        Part(
            "the forget bias",
            "{key:experiment.forget_bias} sets the LSTM's forget bias to 0 or 1. Guess, at radius 1: is an LSTM safe "
            "by design, before it has learned anything?",
            Claim(
                "No. At bias 0 half of the memory is lost at each timestamp: less than a millionth of |dL/dc| arrives, "
                "a thousand times less than of the RNN's |dL/dh|. Bias 1 makes it more than 10,000 times as much.",
                _bias_decides,
            ),
            Choices(("yes", "no"), 1),
        ),
        Part(
            "clipping: the norm",
            "An RNN learns, by plain gradient descent, to name which of four symbols came first, after 19 others. "
            "Clipping scales down a gradient whose norm is above 1. Guess how large the norm gets before clipping.",
            Claim("Above 4 in each of ten runs, half of them without clipping, and above 25 in some.", _norms_explode),
            Choices(("never above 4", "above 4 in the runs without clipping only", "above 4 in every run"), 2),
            _norm_chart,
        ),
        Part(
            "clipping: learning",
            "The same five seeds with and without clipping. Guess how many of each end below 0.01 nats.",
            Claim(
                "With clipping, two or more; without, none: no such run ends below 0.2. Exploding gradients amplify a "
                "last bit, so curves differ between processors, but this holds on each.",
                _clipping_helps,
            ),
            Choices(("some of both", "some with clipping, none without", "none of either"), 1),
            _clipping_chart,
        ),
        Part(
            "the forget bias: learning",
            "An LSTM learns the same task, with clipping, from a forget bias of 0 or of 1. Guess how much one number "
            "at the start matters.",
            Claim(
                "From 0, none of five runs gets better than chance, ln 4 = 1.39, in 1,500 batches; from 1 most do, by "
                "0.3 and more.",
                _bias_helps,
            ),
            Choices(("from 1 most learn, from 0 none", "most learn from either", "none learns from either"), 0),
            _bias_chart,
        ),
    ),
)
