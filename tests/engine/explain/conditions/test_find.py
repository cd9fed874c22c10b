"""`find` against loops over every timestamp, layer and unit, and what it says of each hit."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest
from drawn import normal
from expressions import Plain
from gatestep.engine import (
    CELLS,
    Hit,
    Known,
    Prediction,
    Readout,
    Search,
    Stack,
    Trace,
    Vocabulary,
    WordNetwork,
    WrongCondition,
    edited,
    find,
    provenance,
    run,
    run_lazily,
)
from gatestep.engine.arrays import frozen
from gatestep.engine.explain.conditions import search as module
from gatestep.engine.run import lazy
from gatestep.engine.run.forward import forward_pass
from gatestep.engine.run.lazy import SPAN
from gatestep.engine.trace import LayerTrace

Maker = Callable[..., tuple[Any, Stack]]

T = 70  # more than one block of a lazy run
EXPRESSIONS = 42  # for each of twelve networks: more than 500
WORDS = ("<unknown>", "my", "name", "is", "Ahmad", ",")

SHAPES = pytest.mark.parametrize(
    "options", [{}, {"num_layers": 2, "bidirectional": True}], ids=["one layer", "two layers both ways"]
)


def spoken(stack: Stack, lazily: bool = False) -> tuple[Trace, Known]:
    """A run over T words, with a readout and right answers, and names of the inputs."""
    rng = np.random.default_rng(1)
    rows = rng.integers(1, 6, T)
    width = stack.H * len(stack.layers[-1])
    readout = Readout(frozen(rng.normal(size=(6, width))), frozen(rng.normal(size=6)))
    embedding = normal(6, 3)
    trace = (run_lazily if lazily else run)(stack, embedding[rows])
    tokens = tuple(WORDS[row] for row in rows)
    trace = replace(trace, tokens=tokens, known=(True,) * T, vocabulary=WORDS, readout=readout)
    targets = tuple(WORDS[row] if row < 5 else None for row in rng.integers(1, 6, T))
    return trace, Known(Prediction(trace, Vocabulary(WORDS), targets), ("open", "high", "low"))


def numbers(T: int = 30, **arrays: np.ndarray) -> Trace:
    """A trace of two units whose quantities are given, (T, 2), and zero where they are not."""
    zero = np.zeros((T, 2), np.float32)
    rng = np.random.default_rng(0)
    named = {"weight_ih_l0": rng.normal(size=(8, 2)), "weight_hh_l0": rng.normal(size=(8, 2))}
    from gatestep.engine import stack_from_tensors

    stack = stack_from_tensors(named, "made")
    inputs = np.asarray(arrays.pop("x", zero), np.float32)
    quantities = {name: np.asarray(arrays.get(name, zero), np.float32) for name in stack.cell.quantities}
    initial = {"hidden": zero[0], "cell": zero[0]}
    return Trace(stack, inputs, (LayerTrace(stack.flat[0], inputs, initial, quantities),))


@pytest.mark.parametrize("cell", CELLS)
@SHAPES
def test_it_finds_what_a_loop_finds(make_network: Maker, cell: str, options: dict[str, Any]) -> None:
    _, stack = make_network(cell, 3, 2, scale=2, **options)
    trace, known = spoken(stack)
    lazy, known_lazily = spoken(stack, lazily=True)
    plain = Plain(trace, known, seed=len(options) * 100 + list(CELLS).index(cell))
    with mock.patch.object(module, "BLOCK", 1):
        for n in range(EXPRESSIONS):
            drawn = plain.condition()
            expected = [t for t in range(T) if plain.holds(drawn, t)]
            hits = find(trace, drawn.text, known)
            assert hits.t.tolist() == expected, drawn.text
            for hit in hits[:3]:
                if hit.quantity in stack.cell.quantities and hit.unit is not None:
                    assert hit.value == trace.layer(hit.layer or "")[hit.quantity][hit.t, hit.unit], drawn.text
            if n % 6 == 0:  # a lazy run is stepped otherwise, and may differ by a rounding
                found = find(lazy, drawn.text, known_lazily).t.tolist()
                assert len(set(found) ^ set(expected)) <= 1, drawn.text


def test_a_hit_says_what_made_it_true() -> None:
    values = np.zeros((4, 2))
    values[1], values[3] = (0.5, 0.75), (0, 0.25)
    trace = numbers(4, cell=values)
    assert list(find(trace, "cell > .2")) == [Hit(1, "cell", "l0", 0, 0.5), Hit(3, "cell", "l0", 1, 0.25)]
    assert list(find(trace, "l0.cell[1] > .5")) == [Hit(1, "cell", "l0", 1, 0.75)]
    assert list(find(trace, "rise(cell[1]) > .5")) == [Hit(1, "rise(cell)", "l0", 1, 0.75)]
    assert list(find(trace, "count(cell > .2) >= 2")) == [Hit(1, "count(cell)", "l0", None, 2)]
    assert list(find(trace, "all(cell > .2)")) == [Hit(1, "cell", "l0")]
    both = [Hit(1, "cell", "l0", 0, 0.5), Hit(3, "cell", "l0", 1, 0.25)]
    assert list(find(trace, "any(cell > .2 and cell < .6)")) == both
    assert list(find(trace, "not cell[1] < .5")) == [Hit(1, "cell", "l0", 1, 0.75)]
    assert list(find(trace, "forget[0] > 1 or cell[1] > .5")) == [Hit(1, "cell", "l0", 1, 0.75)]
    assert list(find(trace, ".1 < cell < .3 and forget == 0")) == [Hit(3, "cell", "l0", 1, 0.25)]


def test_a_million_hits_are_no_million_lines() -> None:
    hits = find(numbers(9), "cell[0] == 0")
    assert repr(hits).startswith("<9 hits: Hit(t=0, quantity='cell', layer='l0', unit=0, value=0.0), ")
    assert repr(hits).endswith(", ...>")
    assert list(hits[7:]) == [hits[7], hits[8]] == [Hit(7, "cell", "l0", 0, 0.0), Hit(8, "cell", "l0", 0, 0.0)]


def test_of_several_reasons_the_most_telling_is_given(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name is Ahmad")
    (hit,) = find(trace, 'token == "is" and p("my") < 2 and cell[1] > -99')
    assert (hit.quantity, hit.unit) == ("cell", 1)
    (hit,) = find(trace, 'token == "is" and p("my") < 2')
    assert hit.quantity == 'p("my")'
    (hit,) = find(trace, 'token == "is" or cell[1] > 99')
    assert (hit.quantity, hit.value) == ("token", "is")


def test_each_comparison_is_of_any_unit_on_its_own_and_inside_any_of_the_same() -> None:
    forget, cell = np.array([[0.9, 0.1]]), np.array([[0.1, 0.9]])
    trace = numbers(1, forget=forget, cell=cell)
    assert len(find(trace, "forget > .5 and cell > .5")) == 1
    assert len(find(trace, "any(forget > .5 and cell > .5)")) == 0
    assert len(find(trace, ".05 < forget < .2")) == 1
    assert len(find(trace, ".2 < forget < .8")) == 0


def test_words_are_found_as_the_vocabulary_takes_them(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name is Zed , my name")
    prediction = Prediction(trace, word_network.vocabulary, ("name", None, "Ahmad", None, None, "name", None))
    known = Known(prediction)
    assert find(trace, 'token == "MY"').t.tolist() == [0, 5]
    assert find(trace, 'token == "Zed"').t.tolist() == [3]
    assert find(trace, 'token != "my" and token != "name"').t.tolist() == [2, 3, 4]
    assert [hit.value for hit in find(trace, 'token == "is"')] == ["is"]
    said = [prediction.top(t, 1)[0][0] for t in range(len(trace))]
    wrong = find(trace, "wrong", known)
    assert [(hit.t, hit.value) for hit in wrong] == [
        (t, said[t]) for t in (0, 2, 5) if said[t] != prediction.targets[t]
    ]
    unknown = find(trace, "loss < 99", known)
    assert unknown.t.tolist() == [0, 2, 5]  # where nobody knows the answer, no comparison holds
    assert find(trace, "loss != 99", known).t.tolist() == [0, 2, 5]
    assert [hit.value for hit in unknown] == [prediction.loss(t) for t in (0, 2, 5)]


def test_what_is_not_finite_is_found() -> None:
    cell = np.zeros((5, 2))
    cell[1, 1], cell[3, 0] = np.nan, -np.inf
    x = np.zeros((5, 2))
    x[4, 1] = np.inf
    found = find(numbers(5, cell=cell, x=x), "nonfinite")
    assert [(hit.t, hit.quantity, hit.layer, hit.unit) for hit in found] == [
        (1, "cell", "l0", 1), (3, "cell", "l0", 0), (4, "x", None, 1),
    ]  # fmt: skip
    assert len(find(numbers(5, cell=cell), "cell[1] != 0")) == 0
    large = np.full((5, 2), np.finfo(np.float32).max)
    assert len(find(numbers(5, cell=large), "nonfinite")) == 0  # though their sum is


def test_a_lazy_run_tells_how_far_it_is_and_computes_no_more_than_it_was_asked_for(make_network: Maker) -> None:
    _, stack = make_network("lstm", 3, 2, num_layers=2, bidirectional=True)
    trace = run_lazily(stack, normal(5000, 3))
    with mock.patch.object(module, "LAZY_BLOCK", 1):
        search = Search(trace, "l1_reverse.cell[0] > .1 or forget[0] > 9").scan()
        told = [(block.done, block.total) for block in search]
    done = [done for done, _ in told]
    assert len(done) > 10
    assert done == sorted(done)
    assert told[-1][0] == told[-1][1]
    one = run_lazily(make_network("lstm", 3, 2)[1], normal(50_000, 3))
    first = next(block for block in Search(one, "cell[0] != 0").scan() if len(block.hits))
    assert first.hits[0].t == 0
    assert one.layers[0].missing(49_999) > 40_000 - 64


def test_a_search_can_begin_anywhere() -> None:
    trace = numbers(200, cell=np.arange(400).reshape(200, 2) % 7)
    all_of_it = find(trace, "change(cell[0]) > 1").t
    later = [t for block in Search(trace, "change(cell[0]) > 1").scan(start=77) for t in block.hits.t.tolist()]
    assert later == all_of_it[all_of_it >= 77].tolist()


@pytest.mark.parametrize(
    ("condition", "column", "names"),
    [
        ("forget[0] < 1 and forget[4] < 1", 26, "units are 0 to 3"),
        ("reset > 1", 1, "forget, input, candidate, cell, output, hidden"),
        ("1 < l7.cell", 5, "choose from l0"),
        ("x[3] > 1", 3, "columns are 0 to 2"),
        ('x["hihg"] > 1', 3, "high"),
        ('p("nam") > 1', 3, "name"),
        ('token == "nmae"', 10, "name"),
        ("share(cell[1], 71) > 1", 16, "the sequence has 1 to 70"),
        ("share(hidden[1], 3) > 1", 7, "share(cell[1], 3)"),
        ("any(x > 1 and forget > 1)", 5, "as in x[3]"),
        ("x < forget", 1, "as in x[3]"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(
    make_network: Maker, condition: str, column: int, names: str
) -> None:
    trace, known = spoken(make_network()[1])
    with pytest.raises(WrongCondition, match=re.escape(names)) as refused:
        find(trace, condition, known)
    assert str(refused.value).endswith(f"at column {column}")
    assert refused.value.column == column


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("flips", "says words"), ('p("my") > .5', "says words"), ("wrong", "says words"),
        ("loss > 1", "says words"), ('token == "my"', "reads numbers"), ('x["open"] > 1', "have no names"),
    ],
)  # fmt: skip
def test_what_a_network_does_not_have_is_refused(condition: str, why: str) -> None:
    with pytest.raises(WrongCondition, match=f"{why}.*, at column [13]$"):
        find(numbers(), condition)


def test_a_right_answer_that_nobody_knows_is_refused(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name")
    for known in (None, Known(Prediction(trace, word_network.vocabulary, (None, None)))):
        for condition in ("wrong", "loss > 1"):
            with pytest.raises(WrongCondition, match=r"right answer.*, at column 1$"):
                find(trace, condition, known)


@pytest.mark.parametrize("edits", [[], ["cell[1]+=.5@9", "reset@20", "skip@33:35", "forget[1]=0@41", "cell[1]*=.5@50"]])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_share_is_that_of_the_provenance(make_network: Maker, edits: list[str], reverse: bool) -> None:
    _, stack = make_network("lstm", 3, 2, scale=2, bidirectional=reverse)
    layer = "l0_reverse" if reverse else "l0"
    trace = edited(
        run(stack, normal(T, 3)),
        [e.replace("cell", f"{layer}.cell").replace("forget", f"{layer}.forget") for e in edits],
    )
    for writer in (5, 10, 33):
        expected = []
        for t in range(T):
            who = provenance(trace.layer(layer), t, 1)
            there = np.flatnonzero(who.timestamps == writer)
            expected.append(float(who.shares()[there[0]]) if len(there) else 0.0)
        hits = find(trace, f"share({layer}.cell[1], {writer + 1}) >= 0")
        np.testing.assert_allclose(hits.values, expected, rtol=1e-9, atol=1e-12)


def test_a_share_goes_on_from_one_block_to_the_next() -> None:
    rng, n = np.random.default_rng(3), 40_000
    keep, gate, content = rng.uniform(0.9, 1, (n, 2)), rng.random((n, 2)), rng.normal(size=(n, 2))
    keep[25_000] = 0
    trace = numbers(n, forget=keep, input=gate, candidate=content)
    keep, gate, content = (trace.layers[0][name][:, 1].astype(np.float64) for name in ("forget", "input", "candidate"))
    own, every, expected = 0.0, 0.0, []
    for t in range(n):
        own, every = keep[t] * own, keep[t] * every + abs(gate[t] * content[t])
        own += abs(gate[t] * content[t]) if t == 16_380 else 0
        expected.append(own / every)
    found = find(trace, "share(cell[1], 16381) >= 0")
    np.testing.assert_allclose(found.values, expected, rtol=1e-9, atol=1e-15)


def test_a_search_of_a_lazy_run_computes_everything_once(make_network: Maker) -> None:
    _, stack = make_network(num_layers=2)
    n = 60 * SPAN + 7
    trace = run_lazily(stack, normal(n, 3))
    walked = []

    def passed(weights: Any, ordered: Any, *rest: Any) -> Any:
        walked.append(len(ordered))
        return forward_pass(weights, ordered, *rest)

    with (
        mock.patch.object(lazy, "forward_pass", side_effect=passed),
        mock.patch.object(lazy, "step_through", side_effect=AssertionError),
        mock.patch.object(lazy, "fused_states", side_effect=AssertionError),
    ):
        found = find(trace, "forget < .3")
    assert sum(walked) == 2 * n
    assert found.t.tolist() == find(run(stack, normal(n, 3)), "forget < .3").t.tolist()


def test_a_vanilla_network_has_no_writers(make_network: Maker) -> None:
    with pytest.raises(WrongCondition, match=r"no additive memory.*, at column 1$"):
        find(run(make_network("rnn")[1], normal(5, 3)), "share(hidden[1], 3) > .5")
