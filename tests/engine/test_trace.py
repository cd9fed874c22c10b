from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import Readout, Stack, Trace, WordNetwork, run
from gatestep.engine.trace import log_softmax, softmax

Maker = Callable[..., tuple[Any, Stack]]


@pytest.fixture(params=[False, True], ids=["numpy", "fused"])
def trace(request: pytest.FixtureRequest, make_network: Maker, run_by: Callable[..., Trace]) -> Trace:
    """Seven timestamps through two layers of both directions."""
    _, stack = make_network(num_layers=2, bidirectional=True)
    return run_by(stack, np.random.default_rng(0).normal(size=(7, 3)), fused=request.param)


def test_every_quantity_has_the_name_that_is_exported(trace: Trace) -> None:
    layers = ("l0", "l0_reverse", "l1", "l1_reverse")
    names = ("forget", "input", "candidate", "cell", "output", "hidden")
    assert list(trace.quantities) == [f"{layer}.{name}" for layer in layers for name in names]
    assert {array.shape for array in trace.quantities.values()} == {(7, 4)}
    assert {array.dtype for array in trace.quantities.values()} == {np.dtype(np.float32)}


def test_no_array_can_be_written(trace: Trace) -> None:
    arrays = [trace.inputs, trace.top, *trace.quantities.values(), *trace[0].quantities.values()]
    for layer in trace.layers:
        w = layer.weights
        arrays += [layer.inputs, *layer.initial.values(), w.U, w.W, w.bias_ih, w.bias_hh]
    assert not any(array.flags.writeable for array in arrays)


def test_inputs_changed_afterwards_do_not_change_the_trace(make_network: Maker) -> None:
    inputs = np.ones((2, 3), np.float32)
    trace = run(make_network()[1], inputs)
    inputs[:] = 5
    assert trace.inputs.tolist() == [[1, 1, 1], [1, 1, 1]]


@pytest.mark.parametrize(("t", "meant"), [(0, 0), (6, 6), (-1, 6), (-7, 0), (np.int64(2), 2)])
def test_a_step_is_everything_at_its_timestamp(trace: Trace, t: int, meant: int) -> None:
    step = trace[t]
    assert step.t == meant
    assert list(step.quantities) == list(trace.quantities)
    for name, array in trace.quantities.items():
        np.testing.assert_array_equal(step[name], array[meant])


@pytest.mark.parametrize("t", [7, -8])
def test_a_timestamp_outside_is_an_index_error(trace: Trace, t: int) -> None:
    with pytest.raises(IndexError, match=rf"timestamp {t} is outside 0\.\.6"):
        trace[t]


def test_a_trace_can_be_walked(trace: Trace) -> None:
    assert [step.t for step in trace] == list(range(len(trace)))  # type: ignore[attr-defined]


def test_the_readout_sees_both_directions_of_the_last_layer(trace: Trace) -> None:
    np.testing.assert_array_equal(trace.top[:, :4], trace.quantities["l1.hidden"])
    np.testing.assert_array_equal(trace.top[:, 4:], trace.quantities["l1_reverse.hidden"])


@pytest.mark.parametrize(("layer", "first", "before_3"), [("l0", 0, 2), ("l0_reverse", 6, 4)])
def test_a_state_before_a_step_is_the_one_processed_before(trace: Trace, layer: str, first: int, before_3: int) -> None:
    lt = trace.layer(layer)
    assert lt.previous(first) is None
    np.testing.assert_array_equal(lt.before(first, "cell"), np.zeros(4))
    np.testing.assert_array_equal(lt.before(3, "hidden"), lt["hidden"][before_3])


def test_an_unknown_layer_is_a_key_error_that_names_the_others(trace: Trace) -> None:
    with pytest.raises(KeyError, match="no layer l7; choose from l0, l0_reverse, l1, l1_reverse"):
        trace.layer("l7")


def test_numbers_alone_have_no_words(trace: Trace) -> None:
    assert trace.tokens is None
    assert trace[0].token is None
    assert trace[0].probabilities is None


def test_a_sentence_has_a_word_and_a_distribution_at_every_step(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name is")
    assert [trace[t].token for t in range(3)] == ["my", "name", "is"]
    for t in range(3):
        p = trace[t].probabilities
        assert p is not None
        assert p.shape == (6,)
        assert float(p.sum()) == pytest.approx(1, abs=1e-6)


def test_scores_are_linear_in_the_hidden_state() -> None:
    readout = Readout(np.array([[1, 2], [3, 4], [0, 0]], np.float32), np.array([0, 1, 5], np.float32))
    assert readout.scores(np.array([1, -1], np.float32)).tolist() == [-1, 0, 5]


def test_the_effect_of_a_unit_is_the_change_of_ln_p_of_the_likeliest_word_without_it() -> None:
    """Scores 2, 0, 1: without unit 0 they are 0, 0, 1 and the first word, once likeliest, is not any more."""
    readout = Readout(np.array([[2, 0, 7], [0, 0, 7], [0, 1, 7]], np.float32), np.zeros(3, np.float32))
    ln_p = 2 - np.log(np.exp(2) + 1 + np.exp(1))
    without_0, without_1 = 0 - np.log(1 + 1 + np.exp(1)), 2 - np.log(np.exp(2) + 1 + 1)
    effects = readout.effects(np.array([1, 1, 0], np.float32))
    np.testing.assert_allclose(effects, [without_0 - ln_p, without_1 - ln_p, 0], rtol=1e-6)
    assert effects[0] < 0 < effects[1]


def test_a_unit_that_gives_every_word_the_same_has_no_effect() -> None:
    readout = Readout(np.array([[1, 5], [-1, 5]], np.float32), np.array([0, 0], np.float32))
    effects = readout.effects(np.array([0.5, 0.9], np.float32))
    assert effects[0] < 0
    assert effects[1] == pytest.approx(0, abs=1e-6)


def test_softmax_of_large_scores_is_finite() -> None:
    scores = np.array([1000.0, 0.0, -1000.0], np.float32)
    assert softmax(scores).tolist() == [1, 0, 0]
    assert log_softmax(scores).tolist() == [0, -1000, -2000]
