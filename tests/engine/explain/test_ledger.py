from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import CELLS, Stack, Trace, ledger, run, stack_from_tensors
from hypothesis import given
from hypothesis import strategies as st

Maker = Callable[..., tuple[Any, Stack]]

ACTIVATIONS: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda z: float(1 / (1 + np.exp(-z))),
    "tanh": lambda z: float(np.tanh(z)),
    "": lambda z: z,
}


def traced(make_network: Maker, cell: str, seed: int) -> Trace:
    """Six timestamps through two layers of both directions, from states that are not zero."""
    _, stack = make_network(cell, seed=seed, scale=2, num_layers=2, bidirectional=True)
    rng = np.random.default_rng(seed)
    names = ("h0", "c0")[: len(stack.cell.states)]
    return run(stack, rng.normal(size=(6, 3)), {name: rng.normal(size=(4, 4)) for name in names})


@pytest.mark.parametrize("cell", CELLS)
@given(seed=st.integers(0, 99), t=st.integers(0, 5), unit=st.integers(0, 3), data=st.data())
def test_terms_add_up_to_the_total_and_the_total_makes_the_value(
    make_network: Maker, cell: str, seed: int, t: int, unit: int, data: st.DataObject
) -> None:
    trace = traced(make_network, cell, seed)
    layer = data.draw(st.sampled_from([layer.name for layer in trace.layers]))
    quantity = data.draw(st.sampled_from(trace.stack.cell.quantities))
    book = ledger(trace, t, unit, quantity, layer)
    assert sum(term.product for term in book.terms) == pytest.approx(book.total, abs=1e-6)
    assert book.factor * ACTIVATIONS[book.activation](book.total) == pytest.approx(book.value, abs=1e-6)
    assert book.value == trace[t][f"{layer}.{quantity}"][unit]


@given(seed=st.integers(0, 99), t=st.integers(0, 5), unit=st.integers(0, 3))
def test_sources_part_the_terms(make_network: Maker, seed: int, t: int, unit: int) -> None:
    book = ledger(traced(make_network, "lstm", seed), t, unit, "forget", "l1")
    parts = [book.from_source(source) for source in ("bias", "input", "hidden")]
    assert sum(parts) == pytest.approx(book.total, abs=1e-12)
    assert [term.source for term in book.terms] == ["bias"] + ["input"] * 8 + ["hidden"] * 4


ONE_UNIT = stack_from_tensors(
    {
        "weight_ih_l0": np.array([[1.0], [2.0], [3.0], [4.0]]),
        "weight_hh_l0": np.array([[0.1], [0.2], [0.3], [0.4]]),
        "bias_ih_l0": np.array([0.5, 0.25, 0.125, 0.0]),
        "bias_hh_l0": np.array([0.5, 0.5, 0.5, 0.5]),
    },
    "made",
)


@pytest.mark.parametrize(
    ("quantity", "weight_of_x", "weight_of_h", "bias"),
    [("input", 1, 0.1, 1.0), ("forget", 2, 0.2, 0.75), ("candidate", 3, 0.3, 0.625), ("output", 4, 0.4, 0.5)],
)
def test_every_term_is_the_weight_and_the_value_it_meets(
    quantity: str, weight_of_x: float, weight_of_h: float, bias: float
) -> None:
    trace = run(ONE_UNIT, [[-1], [2]], {"h0": [[0.5]]})
    first, second = (ledger(trace, t, 0, quantity).terms for t in (0, 1))
    assert [(term.weight, term.value) for term in first] == [
        (bias, 1.0),
        (weight_of_x, -1.0),
        (pytest.approx(weight_of_h), 0.5),
    ]
    assert second[2].value == trace[0]["l0.hidden"][0]


def test_the_cell_state_is_what_was_kept_and_what_was_written() -> None:
    trace = run(ONE_UNIT, [[-1], [2]], {"c0": [[3]]})
    step = trace[0]
    kept, written = ledger(trace, 0, 0, "cell").terms
    assert (kept.source, kept.weight, kept.value) == ("kept", step["l0.forget"][0], 3.0)
    assert (written.source, written.weight, written.value) == ("written", step["l0.input"][0], step["l0.candidate"][0])
    assert ledger(trace, 1, 0, "cell").terms[0].value == step["l0.cell"][0]


def test_the_hidden_state_is_the_output_gate_times_tanh_of_the_cell_state() -> None:
    trace = run(ONE_UNIT, [[-1], [2]])
    book = ledger(trace, 1, 0, "hidden")
    assert (book.activation, book.total, book.factor) == ("tanh", trace[1]["l0.cell"][0], trace[1]["l0.output"][0])


@pytest.mark.parametrize(("t", "unit"), [(2, 0), (-1, 0), (0, 1), (0, -1)])
def test_a_place_outside_the_trace_is_an_index_error(t: int, unit: int) -> None:
    with pytest.raises(IndexError, match=r"outside 1 units x 2 timestamps"):
        ledger(run(ONE_UNIT, [[1], [2]]), t, unit, "input")


@pytest.mark.parametrize(("quantity", "layer"), [("reset", "l0"), ("input", "l1")])
def test_a_name_that_is_not_there_is_a_key_error(quantity: str, layer: str) -> None:
    with pytest.raises(KeyError):
        ledger(run(ONE_UNIT, [[1]]), 0, 0, quantity, layer)
