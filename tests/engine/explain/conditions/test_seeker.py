"""From one hit to the next, forward and back, on runs that are there and on runs that are computed on the way."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np
import pytest
from gatestep.engine import (
    CELLS,
    Hit,
    Known,
    Search,
    Seeker,
    Sought,
    Stack,
    Trace,
    WordNetwork,
    find,
    largest_change,
    ready_made,
    run,
    run_lazily,
)
from gatestep.engine.explain.conditions import search as module
from gatestep.engine.explain.conditions.ready import size_of
from hypothesis import given
from hypothesis import strategies as st

Maker = Callable[..., tuple[Any, Stack]]
T = 700


def last(looks: Iterator[Sought]) -> Hit | None:
    return ([None, *(look.hit for look in looks)])[-1]


@pytest.fixture(params=["run", "lazy", "both ways, lazy"])
def trace(request: pytest.FixtureRequest, make_network: Maker) -> Trace:
    _, stack = make_network("lstm", num_layers=2, scale=2, bidirectional=request.param.startswith("both"))
    x = np.random.default_rng(0).normal(size=(T, stack.I))
    return (run if request.param == "run" else run_lazily)(stack, x)


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    with mock.patch.multiple(module, BLOCK=1, LAZY_BLOCK=1):
        yield


@pytest.mark.parametrize("condition", ["l1.cell[0] > .4", "change(cell[1]) > .5", "forget > 2", "l0.hidden[0] <= 1"])
def test_it_comes_to_every_hit_in_either_direction(trace: Trace, condition: str) -> None:
    every = find(trace, condition).t.tolist()
    seeker = Seeker(Search(trace, condition))
    for t in (350, 351, 20, 699, 0, -1, 100):
        after = next((hit for hit in every if hit > t), None)
        hit = last(seeker.forward(t))
        assert (hit.t if hit else None) == after
        before = next((hit for hit in reversed(every) if hit < t), None)
        hit = last(seeker.back(t))
        assert (hit.t if hit else None) == before
        known = seeker.hits.t.tolist()
        assert known == sorted(known)
        assert set(known) <= set(every)
    assert last(seeker.all()) is None
    assert seeker.complete
    assert seeker.looked_at == T
    assert seeker.hits.t.tolist() == every
    assert list(seeker.hits) == list(find(trace, condition))


def test_it_is_left_and_taken_up_again(trace: Trace) -> None:
    every = find(trace, "l1.cell[0] > .4").t.tolist()
    seeker = Seeker(Search(trace, "l1.cell[0] > .4"))
    looks = 0
    while not seeker.complete:
        for _ in seeker.all():
            looks += 1
            break
    assert looks >= T // seeker.search.block
    assert seeker.hits.t.tolist() == every


def test_it_tells_how_far_it_is(trace: Trace) -> None:
    looks = list(Seeker(Search(trace, "forget > 2")).forward(99))
    done = [look.done for look in looks]
    assert done == sorted(done)
    assert done[-1] == looks[-1].total
    assert {look.total for look in looks} == {looks[0].total}


def test_nothing_is_looked_at_twice(trace: Trace) -> None:
    seeker = Seeker(Search(trace, "forget > 2"))
    with mock.patch.object(seeker.search, "holds", wraps=seeker.search.holds) as holds:
        for t in (300, 10, 699):
            last(seeker.forward(t))
            last(seeker.back(t))
    spans = [call.args for call in holds.call_args_list]
    assert sorted({span[0] for span in spans}) == sorted(span[0] for span in spans)
    assert sum(stop - start for start, stop in spans) == T


@pytest.mark.parametrize("cell", CELLS)
def test_ready_conditions_are_conditions(cell: str, make_word_network: Callable[..., WordNetwork]) -> None:
    trace = make_word_network(cell).trace("my name is Ahmad")
    ready = ready_made(trace, None, "l0", 1)
    assert [one.name for one in ready] == [
        "the prediction flips",
        "the prediction is wrong",
        "something is infinite or not a number",
        "a gate of unit 1 saturates",
    ]
    for one in ready:
        assert bool(one.condition) != bool(one.why_not)
        if one.condition:
            find(trace, one.condition)
    assert ready[1].why_not == "wrong needs a right answer, and none is known for this sequence"
    assert bool(ready[3].why_not) == (cell == "rnn")


def test_a_gate_saturates_where_a_loop_says(make_network: Maker) -> None:
    _, stack = make_network("lstm", scale=4)
    trace = run(stack, np.random.default_rng(0).normal(size=(60, stack.I)))
    gates = [trace.layers[0][name][:, 1] for name in ("input", "forget", "output")]
    wanted = [t for t in range(60) if any(g[t] < np.float32(0.1) or g[t] > np.float32(0.9) for g in gates)]
    found = find(trace, ready_made(trace, Known(), "l0", 1)[3].condition)
    assert found.t.tolist() == wanted
    assert 0 < len(wanted) < 60


def test_numbers_flip_no_prediction(trace: Trace) -> None:
    flips = ready_made(trace, None, "l0", 0)[0]
    assert (flips.condition, flips.why_not) == ("", "flips needs a network that says words, and this one does not")


def test_the_largest_change_is_found(trace: Trace) -> None:
    *_, found = largest_change(trace, "l1", 2)
    changes = np.abs(np.diff(np.asarray(trace.layer("l1")["cell"])[:, 2]))
    assert found.t == changes.argmax() + 1
    assert found.value == pytest.approx(changes.max(), abs=1e-6)
    assert (found.done, found.done) == (found.total, found.total)
    assert found.t in find(trace, found.condition).t


@given(st.floats(0, 1e6, width=32))
def test_a_size_is_rounded_down(value: float) -> None:
    assert value * 0.998 <= float(size_of(value)) <= value
