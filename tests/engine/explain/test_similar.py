"""Similar passages against a scan that looks at one number after another."""

import random
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
from drawn import normal
from gatestep.engine import CELLS, Stack, WordNetwork, read_together, run, run_lazily, similar
from gatestep.engine.explain import similar as module

Maker = Callable[..., tuple[Any, Stack]]


def alike(values: np.ndarray, at: int, passage: np.ndarray, threshold: float) -> bool:
    """Whether every unit that is on in `passage` (n, U) is on, with its sign, in `values` (T, U) from `at` on."""
    for step, row in enumerate(passage):
        for unit, value in enumerate(row):
            other = values[at + step, unit]
            if abs(value) >= threshold and not (abs(other) >= threshold and (other > 0) == (value > 0)):
                return False
    return True


def scan(values: np.ndarray, passage: np.ndarray, threshold: float) -> list[tuple[int, float]]:
    """Every similar place in `values` (T, U), with its distance."""
    length = len(passage)
    return [
        (t, float(np.sqrt(np.mean((values[t : t + length].astype(float) - passage) ** 2))))
        for t in range(len(values) - length + 1)
        if alike(values, t, passage, threshold)
    ]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("lazily", [False, True], ids=["computed", "lazy"])
def test_in_a_sequence_it_finds_what_a_scan_finds(make_network: Maker, cell: str, lazily: bool) -> None:
    T = 150
    _, stack = make_network(cell, 3, 4, scale=2, num_layers=2, bidirectional=True)
    trace = (run_lazily if lazily else run)(stack, normal(T, 3))
    rng, places = random.Random(len(cell)), 0
    with mock.patch.object(module, "BLOCK", 400):
        for layer in ("l0", "l0_reverse", "l1_reverse"):
            values = np.asarray(trace.layer(layer)["hidden"])
            for length in (1, 1, 2, 5):
                start = rng.randrange(T - length)
                units = rng.choice([None, (0, 2), (1,)])
                threshold = rng.choice([0.05, 0.1, 0.2])
                chosen = values[:, units] if units else values
                passage = chosen[start : start + length]
                if (np.abs(passage) < threshold).all():
                    continue
                found = similar(trace, start, start + length, units, threshold, layer=layer)
                scanned = scan(chosen, passage, threshold)
                expected = sorted((d, t) for t, d in scanned if abs(t - start) >= length)
                assert sorted(place.t for place in found.places) == sorted(t for _, t in expected)
                assert [p.distance for p in found.places] == pytest.approx([d for d, _ in expected], abs=1e-6)
                assert found.looked_at == sum(abs(t - start) >= length for t in range(T - length + 1))
                places += len(expected)
    assert places > 50


def test_over_sentences_it_crosses_no_border_and_counts_what_stands_there(word_network: WordNetwork) -> None:
    rng = random.Random(3)
    words = word_network.vocabulary.words[1:]
    sentences = [tuple(rng.choices(words, k=rng.choice([1, 2, 5, 9]))) for _ in range(60)]
    trace = word_network.trace("my name is Ahmad , my name")
    batches = read_together(word_network, sentences)
    found = similar(trace, 1, 3, threshold=0.2, batches=batches, sentences=sentences)
    passage = trace.top[1:3]
    everywhere = {None: trace.top} | {n: word_network.trace(" ".join(s)).top for n, s in enumerate(sentences)}
    expected = {
        (sequence, t): distance
        for sequence, values in everywhere.items()
        for t, distance in scan(values, passage, 0.2)
        if sequence is not None or abs(t - 1) >= 2
    }
    assert {(p.sequence, p.t) for p in found.places} == set(expected)
    assert [p.distance for p in found.places] == sorted(p.distance for p in found.places)
    for place in found.places:
        assert place.distance == pytest.approx(expected[place.sequence, place.t], abs=1e-6)
    pairs = [s[t : t + 2] for s in sentences for t in range(len(s) - 1)]
    pairs += [trace.tokens[t : t + 2] for t in range(6) if abs(t - 1) >= 2]  # type: ignore[index]
    assert found.looked_at == len(pairs)
    assert sum(one.there for one in found.standing) == len(found.places) > 3
    for one in found.standing:
        assert one.anywhere == pairs.count(one.words) >= one.there


def test_the_inputs_of_numbers_are_compared_with_those_anywhere(make_network: Maker) -> None:
    x = normal(200, 3)
    trace = run(make_network("lstm", 3, 4, scale=3)[1], x)
    found = similar(trace, 20, 21, threshold=0.3)
    assert found.inputs is not None
    at = [place.t for place in found.places]
    np.testing.assert_allclose(found.inputs, [x[at].mean(0), x.mean(0), x.std(0)], rtol=1e-4, atol=1e-6)


def test_over_a_batch_of_numbers_it_crosses_no_border(make_network: Maker) -> None:
    _, stack = make_network("lstm", 3, 4, scale=3)
    xs = [normal(n, 3, seed=n) for n in (90, 200, 2, 150)]
    traces = [run_lazily(stack, x) for x in xs]
    found = similar(traces[1], 20, 22, units=(0, 2), threshold=0.2, others={0: traces[0], 2: traces[2], 3: traces[3]})
    passage = run(stack, xs[1]).top[20:22, [0, 2]]
    expected = {
        (None if n == 1 else n, t): distance
        for n, x in enumerate(xs)
        for t, distance in scan(run(stack, x).top[:, [0, 2]], passage, 0.2)
        if n != 1 or abs(t - 20) >= 2
    }
    assert {(p.sequence, p.t) for p in found.places} == set(expected)
    assert {0, None, 3} == {p.sequence for p in found.places}
    for place in found.places:
        assert place.distance == pytest.approx(expected[place.sequence, place.t], abs=1e-6)
    assert found.looked_at == 89 + 199 - 3 + 1 + 149
    there = np.concatenate([xs[1 if p.sequence is None else p.sequence][p.t : p.t + 2] for p in found.places])
    every = np.concatenate(xs)
    np.testing.assert_allclose(found.inputs, [there.mean(0), every.mean(0), every.std(0)], rtol=1e-4, atol=1e-6)  # type: ignore[arg-type]


def test_progress_is_told_to_the_end(make_network: Maker) -> None:
    trace = run_lazily(make_network()[1], normal(1000, 3))
    told: list[tuple[int, int]] = []
    with mock.patch.object(module, "BLOCK", 6 * 4 * 64):
        similar(trace, 5, 6, threshold=0.01, on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (1000, 1000)
    assert len(told) > 10


def test_a_unit_at_the_threshold_is_on(make_network: Maker) -> None:
    _, stack = make_network()
    trace = run(stack, np.tile(normal(1, 3), (200, 1)))  # the state settles, the same bit for bit
    assert (trace.top[150] == trace.top[199]).all()
    found = similar(trace, 150, 151, threshold=float(np.abs(trace.top[150]).min()))
    assert len(found.on) == 4
    assert 199 in {place.t for place in found.places}


def test_where_nothing_is_on_there_is_nothing_to_look_for(make_network: Maker, refusal: Callable[..., str]) -> None:
    trace = run(make_network()[1], normal(9, 3))
    assert "no unit is on at timestamp 5: the largest |hidden| is" in refusal(similar, trace, 4, 5, None, 1.5)
    assert "no unit is on at timestamps 2 to 4" in refusal(similar, trace, 1, 4, None, 1.5)


def test_what_is_not_there_is_an_error(make_network: Maker) -> None:
    trace = run(make_network()[1], normal(9, 3))
    for start, stop, units in ((4, 4, None), (-1, 2, None), (3, 10, None), (0, 1, (4,))):
        with pytest.raises(IndexError, match="outside 9 x 4"):
            similar(trace, start, stop, units)
    with pytest.raises(KeyError, match="no layer l7"):
        similar(trace, 0, 1, layer="l7")
