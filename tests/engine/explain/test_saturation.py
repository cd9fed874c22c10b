"""How often gates are open and closed, and where most: against loops over traces."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from gatestep.engine import CELLS, CLOSED, OPEN, Saturation, Stack, WordNetwork, gates_of, saturation
from gatestep.engine.explain.divergence import ROUNDING
from gatestep.engine.explain.saturation import rising
from hypothesis import given
from hypothesis import strategies as st

WORDS = ("my", "name", "is", "Ahmad", ",")
GATED = [name for name in CELLS if name != "rnn"]


def sentences(count: int = 40) -> list[list[str]]:
    rng = random.Random(3)
    return [[rng.choice(WORDS) for _ in range(rng.randint(1, 9))] for _ in range(count)]


def test_the_gates_of_every_cell_are_what_lies_within_0_and_1() -> None:
    assert gates_of(CELLS["lstm"].quantities) == ("forget", "input", "output")
    assert gates_of(CELLS["coupled-forget"].quantities) == ("input", "forget", "output")
    assert gates_of(CELLS["gru"].quantities) == ("reset", "update")
    assert gates_of(CELLS["rnn"].quantities) == ()


@pytest.mark.parametrize("cell", GATED)
def test_shares_are_those_of_a_loop_over_every_moment(
    cell: str, make_word_network: Callable[..., WordNetwork], make_network: Callable[..., tuple[object, Stack]]
) -> None:
    network, texts = make_word_network(cell), sentences()
    _, large = make_network(cell, 3, 4, 0, 8.0)  # with larger weights, so that gates do open and closed
    network = WordNetwork(network.vocabulary, network.embedding, large, network.readout)
    found = saturation(network, texts)
    traces = [network.trace(" ".join(words)).layers[0] for words in texts]
    for gate in gates_of(network.stack.cell.quantities):
        for unit in range(4):
            values = [float(value) for trace in traces for value in trace[gate][:, unit]]
            assert len(values) == len(found)
            assert found.closed[gate][unit] == pytest.approx(sum(v < CLOSED for v in values) / len(values))
            assert found.open[gate][unit] == pytest.approx(sum(v > OPEN for v in values) / len(values))
    assert any(found.closed[gate].any() and found.open[gate].any() for gate in found.gates)


@pytest.mark.parametrize("cell", GATED)
def test_every_row_is_the_moment_that_it_says(cell: str, make_word_network: Callable[..., WordNetwork]) -> None:
    network, texts = make_word_network(cell), sentences()
    found = saturation(network, texts)
    assert sorted(zip(found.sentence.tolist(), found.t.tolist(), strict=True)) == [
        (n, t) for n, words in enumerate(texts) for t in range(len(words))
    ]
    traces = [network.trace(" ".join(words)).layers[0] for words in texts]
    for gate, values in found.gates.items():
        expected = [traces[n][gate][t] for n, t in zip(found.sentence, found.t, strict=True)]
        np.testing.assert_allclose(values, expected, atol=1e-6)


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=4), min_size=1, max_size=8), st.data())
def test_extremes_are_extreme_and_no_moment_comes_twice(texts: list[list[str]], data: st.DataObject) -> None:
    """The value of a moment is any number that depends on the words up to it alone."""
    moments = [(n, t) for n, words in enumerate(texts) for t in range(len(words))]
    prefixes = sorted({tuple(texts[n][: t + 1]) for n, t in moments})
    drawn = data.draw(st.lists(st.integers(0, 20), min_size=len(prefixes), max_size=len(prefixes)))
    value = {prefix: number / 20 for prefix, number in zip(prefixes, drawn, strict=True)}
    gate = np.array([[value[tuple(texts[n][: t + 1])]] for n, t in moments], np.float32)
    sentence, t = (np.array(column) for column in zip(*moments, strict=True))
    found = Saturation(tuple(map(tuple, texts)), sentence, t, {"forget": gate})
    for highest in (True, False):
        listed = found.extremes("forget", 0, 3, highest)
        assert [e.value for e in listed] == pytest.approx(sorted(value.values(), reverse=highest)[:3])
        assert len({tuple(texts[e.sentence][: e.t + 1]) for e in listed}) == len(listed)
        for e in listed:
            assert e.value == pytest.approx(value[tuple(texts[e.sentence][: e.t + 1])])


def test_moments_after_the_same_words_are_apart_where_their_values_are() -> None:
    """As in a network that reads both ways, where what comes later matters."""
    gate = np.array([[0.5], [0.5 + 2 * ROUNDING], [0.5 + ROUNDING / 2]], np.float32)
    found = Saturation((("a",),) * 3, np.arange(3), np.zeros(3, int), {"forget": gate})
    assert [e.sentence for e in found.extremes("forget", 0, 3, False)] == [0, 1]


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 20))
def test_rising_is_a_stable_sort_however_little_is_sorted_at_first(values: list[int], asked: int) -> None:
    array = np.array(values, np.float32)
    assert list(rising(array, asked)) == np.argsort(array, kind="stable").tolist()
