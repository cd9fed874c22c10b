import numpy as np
from gatestep.engine import CELLS, WordNetwork, provenance, run, stack_from_tensors
from gatestep.scenarios import SCENARIOS, carrier, predict, unit_to_watch


def test_it_is_the_unit_with_most_of_the_evidence_left() -> None:
    """Unit 0 forgets at once; unit 1 keeps what the first timestamp writes."""
    rows = {"input": (9, 9), "forget": (-9, 9), "candidate": (9, 9), "output": (9, 9)}
    bias = np.array([b for gate in CELLS["lstm"].rows for b in rows[gate]], float)
    U = np.zeros((8, 1))
    U[4:6] = 18
    tensors = {"weight_ih_l0": U, "weight_hh_l0": np.zeros((8, 2)), "bias_ih_l0": bias - [0, 0, 0, 0, 9, 9, 0, 0]}
    trace = run(stack_from_tensors(tensors, "made"), [[1], [0], [0]])
    assert carrier(trace, 0) == 1


def test_in_the_shipped_network_no_unit_has_more_left(lstm: WordNetwork) -> None:
    scenario = SCENARIOS["pakistan"]
    prediction = predict(scenario.corpus, lstm, scenario.sentences[0])
    layer, country = prediction.trace.layers[0], (prediction.trace.tokens or ()).index("Pakistan")
    left = [abs(provenance(layer, len(layer) - 1, unit).written[country]) for unit in range(layer.H)]
    assert carrier(prediction.trace, country) == unit_to_watch(scenario, prediction) == int(np.argmax(left))


def test_without_evidence_the_unit_to_watch_is_the_one_that_matters_most(lstm: WordNetwork) -> None:
    scenario = SCENARIOS["pakistan"]
    prediction = predict(scenario.corpus, lstm, "it is sunny today")
    assert unit_to_watch(scenario, prediction) == int(np.abs(prediction.effects(3)).argmax())


def test_an_rnn_carries_nothing_that_can_be_traced() -> None:
    stack = stack_from_tensors({"weight_ih_l0": np.ones((2, 1)), "weight_hh_l0": np.ones((2, 2))}, "made")
    assert carrier(run(stack, [[1], [0]]), 0) is None


def test_evidence_may_lie_further_back_than_a_unit_remembers() -> None:
    """Unit 0 has forgotten everything before the last few timestamps; unit 1 still has a part of it all."""
    bias = np.array([9, 9, -9, 9, 9, 9, 9, 9], float)
    tensors = {"weight_ih_l0": np.zeros((8, 1)), "weight_hh_l0": np.zeros((8, 2)), "bias_ih_l0": bias}
    trace = run(stack_from_tensors(tensors, "made"), np.zeros((9000, 1)))
    forgetful = provenance(trace.layers[0], 8999, 0)
    assert len(forgetful.timestamps) < 9000
    assert forgetful.by(8999) == forgetful.written[-1]
    assert forgetful.by(2000) == 0
    assert carrier(trace, 2000) == 1


def test_a_long_sentence_opens(lstm: WordNetwork) -> None:
    scenario = SCENARIOS["pakistan"]
    prediction = predict(scenario.corpus, lstm, "I live in Kenya, " + "I am a good boy, " * 900 + "I am")
    assert 0 <= unit_to_watch(scenario, prediction) < 8
