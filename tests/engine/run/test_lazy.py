"""A run that computes what is looked at, against the run that computes everything."""

from collections.abc import Callable
from threading import Thread
from typing import Any
from unittest import mock

import numpy as np
import pytest
from drawn import assert_close, normal
from gatestep.engine import CELLS, Stack, has_provenance, ledger, provenance, run, run_lazily
from gatestep.engine.run import lazy as module
from gatestep.engine.run.lazy import SPAN, STRIDE, LazyLayer, LazyRun
from gatestep.engine.run.rows import Rows
from hypothesis import given
from hypothesis import strategies as st

Maker = Callable[..., tuple[Any, Stack]]

SHAPES = pytest.mark.parametrize(
    "options", [{}, {"bidirectional": True}, {"num_layers": 3, "bidirectional": True}],
    ids=["one layer", "both ways", "three layers both ways"],
)  # fmt: skip


LENGTHS = (1, SPAN - 1, SPAN, SPAN + 1, 5 * SPAN + 7)
WAYS = pytest.mark.parametrize("way", ["numpy", "kernel", "fixed point"])


def check_every_quantity(make_network: Maker, cell: str, way: str, options: dict[str, Any]) -> None:
    """Fail where a lazy run of any length that walks this `way` is not the whole run."""
    _, stack = make_network(cell, scale=2, **options)
    first = {name: normal(len(stack.flat), 4) for name in ("h0", "c0")[: len(stack.cell.states)]}
    for T in LENGTHS:
        x = normal(T, 3)
        whole = run(stack, x, first)
        with (
            mock.patch.object(module, "kernel_pays", return_value=way == "kernel"),
            mock.patch.multiple(
                module,
                STRIDE=2 * SPAN,
                WORTH_ITERATING=1 if way == "fixed point" else 3,
                LARGE=1 if way == "numpy" else module.LARGE,  # few spans go one by one
            ),
        ):
            lazy = run_lazily(stack, x, first)
            for name, expected in whole.quantities.items():
                assert_close(np.asarray(lazy.quantities[name]), expected, f"{name}, T = {T}")


@WAYS
@pytest.mark.parametrize("cell", CELLS)
def test_every_quantity_of_every_cell_is_that_of_the_whole_run(make_network: Maker, cell: str, way: str) -> None:
    check_every_quantity(make_network, cell, way, {"num_layers": 3, "bidirectional": True})


@WAYS
@SHAPES
def test_every_quantity_in_every_shape_is_that_of_the_whole_run(
    make_network: Maker, way: str, options: dict[str, Any]
) -> None:
    check_every_quantity(make_network, "lstm", way, options)


@SHAPES
@given(data=st.data())
def test_it_is_indexed_as_an_array_is(make_network: Maker, options: dict[str, Any], data: st.DataObject) -> None:
    T = 2 * SPAN + 3
    _, stack = make_network(**options)
    layer = run_lazily(stack, normal(T, 3)).layers[data.draw(st.integers(0, len(stack.flat) - 1))]
    rows, array = layer["cell"], np.asarray(layer["cell"])
    t = st.integers(-T, T - 1)
    timestamps = st.lists(t, max_size=9).map(lambda ts: np.array(ts, dtype=int))
    slices = st.builds(
        slice, *[st.none() | st.integers(-2 * T, 2 * T)] * 2, st.none() | st.sampled_from([1, 3, -1, -7])
    )
    first = data.draw(t | slices | timestamps)
    unit = data.draw(st.sampled_from([(), (2,), (-1,), (slice(1, 3),)]))
    key: Any = (first, *unit) if unit else first
    np.testing.assert_array_equal(rows[key], array[key])
    assert rows.shape == array.shape
    assert len(rows) == T


def test_a_timestamp_outside_is_an_index_error(make_network: Maker) -> None:
    rows = run_lazily(make_network()[1], normal(5, 3)).layers[0]["hidden"]
    for t in (5, -6):
        with pytest.raises(IndexError, match=r"outside 0\.\.4"):
            rows[t]


def test_what_is_looked_at_cannot_be_written_to(make_network: Maker) -> None:
    found = run_lazily(make_network()[1], normal(99, 3)).layers[0]["hidden"][3:70]
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1


def test_nothing_is_computed_before_it_is_looked_at(make_network: Maker) -> None:
    with mock.patch.object(module, "step_through", side_effect=AssertionError):
        run_lazily(make_network()[1], normal(1000, 3))


def test_a_look_walks_no_further_than_its_span(make_network: Maker) -> None:
    layer = run_lazily(make_network()[1], normal(100 * SPAN, 3)).layers[0]
    assert layer.missing(SPAN - 1) == 0
    assert layer.missing(10 * SPAN) == 10 * SPAN
    layer["forget"][10 * SPAN]
    assert layer.missing(11 * SPAN - 1) == 0
    assert layer.missing(11 * SPAN) == SPAN


def test_a_layer_above_waits_for_those_below_it(make_network: Maker) -> None:
    T = 10 * SPAN
    _, stack = make_network(num_layers=2, bidirectional=True)
    trace = run_lazily(stack, normal(T, 3))
    missing = {layer.name: layer.missing(0) for layer in trace.layers}
    # To read backwards, everything after t is read first, by this direction and by all below it.
    assert missing == {"l0": 0, "l0_reverse": T - SPAN, "l1": T - SPAN, "l1_reverse": 3 * (T - SPAN)}
    for _ in trace.layer("l1_reverse").reach(0):
        pass
    assert {layer.name: layer.missing(0) for layer in trace.layers} == dict.fromkeys(missing, 0)


@pytest.mark.parametrize("kernel", [False, True], ids=["numpy", "kernel"])
def test_a_walk_that_is_left_goes_on_from_there(make_network: Maker, kernel: bool) -> None:
    T = 3 * STRIDE + 5
    _, stack = make_network()
    x = normal(T, 3)
    layer = run_lazily(stack, x).layers[0]
    with mock.patch.object(module, "kernel_pays", return_value=kernel):
        left = [layer.missing(T - 1)]
        for _ in layer.reach(T - 1):
            left.append(layer.missing(T - 1))
            if len(left) == 3:
                break
        with mock.patch.object(LazyRun, "_advance", autospec=True, side_effect=LazyRun._advance) as advance:
            for _ in layer.reach(T - 1):
                left.append(layer.missing(T - 1))
    assert left == sorted(left, reverse=True)
    assert left[0] - left[1] == left[1] - left[2] == STRIDE
    assert left[-1] == 0
    assert advance.call_count == 1
    assert_close(layer["hidden"][T - 1], run(stack, x).layers[0]["hidden"][T - 1])


def test_two_threads_may_look_at_once(make_network: Maker) -> None:
    T = 40 * SPAN
    _, stack = make_network(num_layers=2)
    x = normal(T, 3)
    layer, expected = run_lazily(stack, x).layers[1], run(stack, x).layers[1]["cell"]
    found: dict[int, np.ndarray] = {}

    def look(n: int) -> None:
        for t in range(n, T, 7):
            found[t] = layer["cell"][t]

    threads = [Thread(target=look, args=(n,)) for n in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_close(np.stack([found[t] for t in range(T)]), expected)


def test_it_keeps_what_was_looked_at_last_and_no_more(make_network: Maker) -> None:
    _, stack = make_network()
    with mock.patch.object(module, "KEPT", 0):
        layer = run_lazily(stack, normal(50 * SPAN, 3)).layers[0]
    assert isinstance(layer, LazyLayer)
    whole = np.asarray(layer["cell"])
    kept = layer.walk._kept
    assert list(kept) == [46, 47, 48, 49]
    assert_close(layer["cell"][7], whole[7])  # walked through again, in products of another shape
    assert list(kept) == [47, 48, 49, 0]


@pytest.mark.parametrize("cell", CELLS)
def test_its_ledgers_and_writers_are_those_of_the_whole_run(make_network: Maker, cell: str) -> None:
    _, stack = make_network(cell, num_layers=2, bidirectional=True)
    x = normal(3 * SPAN, 3)
    lazy, whole = run_lazily(stack, x), run(stack, x)
    for layer in ("l0", "l1_reverse"):
        for quantity in stack.cell.quantities:
            one, other = (ledger(trace, 2 * SPAN, 1, quantity, layer) for trace in (lazy, whole))
            assert [term.source for term in one.terms] == [term.source for term in other.terms]
            assert one.total == pytest.approx(other.total, rel=1e-4, abs=1e-5)
        if has_provenance(stack.cell):
            ours, theirs = (provenance(trace.layer(layer), 2 * SPAN, 1) for trace in (lazy, whole))
            np.testing.assert_array_equal(ours.timestamps, theirs.timestamps)
            assert_close(ours.written, theirs.written)


def test_a_huge_input_is_walked_through_without_the_kernel(make_network: Maker) -> None:
    _, stack = make_network()
    x = normal(2 * SPAN, 3)
    x[5] = 3e38
    with mock.patch.object(module, "kernel_pays", return_value=True):
        lazy = run_lazily(stack, x)
        assert_close(lazy.layers[0]["cell"][:], run(stack, x).layers[0]["cell"])


def test_what_a_layer_reads_is_its_array_too(make_network: Maker) -> None:
    _, stack = make_network(num_layers=2, bidirectional=True)
    x = normal(SPAN + 9, 3)
    lazy, whole = run_lazily(stack, x), run(stack, x)
    assert isinstance(lazy.layers[2].inputs, Rows)
    assert_close(lazy.layers[2].inputs[SPAN], whole.layers[2].inputs[SPAN])
    assert_close(lazy.top, whole.top)


def test_it_refuses_what_the_whole_run_refuses(make_network: Maker, refusal: Callable[..., str]) -> None:
    _, stack = make_network()
    for x, first in ((np.zeros((3, 2)), {}), (np.zeros((0, 3)), {}), (np.zeros((2, 3)), {"h0": [[np.nan] * 4]})):
        assert refusal(run_lazily, stack, x, first) == refusal(run, stack, x, first)


@pytest.mark.parametrize("cell", ["lstm", "gru", "coupled-input", "peephole"])
@SHAPES
def test_a_jump_by_the_kernel_leads_to_the_same_place_and_what_lies_between_its_stops_too(
    make_network: Maker, cell: str, options: dict[str, Any]
) -> None:
    """At the end of the way, far behind it, just before it, and across a stop: in this order, each looked at first."""
    T = 40 * SPAN + 5
    _, stack = make_network(cell, scale=2, **options)
    x = normal(T, 3)
    whole = run(stack, x)
    with mock.patch.object(module, "kernel_pays", return_value=True), mock.patch.object(module, "STOPS", 24):
        lazy = run_lazily(stack, x)
        for t in (T - 1, 3 * SPAN, 38 * SPAN - 1, slice(5 * SPAN + 1, 7 * SPAN), slice(None)):
            for layer, expected in zip(lazy.layers, whole.layers, strict=True):
                for name in stack.cell.quantities:
                    assert_close(layer[name][t], expected[name][t], f"{layer.name}.{name}", 2e-4)


def test_the_layers_go_side_by_side_and_none_computes_gates_on_the_way(make_network: Maker) -> None:
    T = 3 * STRIDE + 5
    _, stack = make_network(num_layers=3)
    lazy = run_lazily(stack, normal(T, 3))
    with (
        mock.patch.object(module, "kernel_pays", return_value=True),
        mock.patch.object(module, "forward_pass", side_effect=AssertionError),
        mock.patch.object(module, "step_through", side_effect=AssertionError),
    ):
        for _ in lazy.layers[2].reach(T - 1):
            left = [layer.missing(T - 1) for layer in lazy.layers[:1]]
            assert max(left) <= lazy.layers[2].missing(T - 1)
    assert [layer.missing(T - 1) for layer in lazy.layers] == [0, 0, 0]


@pytest.mark.parametrize(
    "key",
    [[-1], [5, 250], [-251], [True, False], [[1, -1], [0, 2]], np.array([3, 199], np.uint8), (slice(None), [9]),
     ([1, 2], [0, 1]), (..., 2), None, True, 1.5, "cell", [], np.array([], int), np.array(-1), (0, 9)],
    ids=str,
)  # fmt: skip
def test_an_index_that_is_odd_or_wrong_is_taken_as_numpy_takes_it(make_network: Maker, key: Any) -> None:
    rows = run_lazily(make_network()[1], normal(200, 3)).layers[0]["cell"]
    array = np.array(rows)
    try:
        expected = array[key]
    except IndexError:
        with pytest.raises(IndexError):
            rows[key]
    else:
        np.testing.assert_array_equal(rows[key], expected)


def test_two_rows_far_apart_cost_two_spans(make_network: Maker) -> None:
    layer = run_lazily(make_network()[1], normal(200 * SPAN, 3)).layers[0]
    assert isinstance(layer, LazyLayer)
    layer["cell"][np.array([-1, 0, 5])]
    assert sorted(layer.walk._kept) == [0, 199]
