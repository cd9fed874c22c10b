"""Edits of every form in every cell against a loop in torch that does the same, and what an edited run has to keep."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import (
    CELLS,
    Stack,
    Surroundings,
    Trace,
    WordNetwork,
    edited,
    ledger,
    run,
    run_lazily,
    stack_from_tensors,
)
from gatestep.engine.arrays import Floats
from gatestep.engine.run.lazy import SPAN

Maker = Callable[..., tuple[Any, Stack]]
T, H, I = 9, 4, 3  # noqa: E741 (the symbols of the equations)
EVERY = pytest.mark.parametrize("cell", CELLS)
Values = torch.Tensor


class Loop:
    """One layer in torch, a timestamp after another; `change(t, name, values)` may change whatever is computed."""

    def __init__(self, stack: Stack, change: Callable[[int, str, Values], Values]):
        w = stack.flat[0]
        self.cell, self.change = w.cell.name, change
        self.U, self.W, self.b, self.d = (torch.tensor(a) for a in (w.U, w.W, w.bias_ih, w.bias_hh))
        self.p = torch.zeros(3, w.H) if w.peepholes is None else torch.tensor(w.peepholes)
        self.rows = len(w.cell.rows)

    def run(self, x: Floats, skipped: tuple[int, ...] = (), reset: tuple[int, ...] = ()) -> dict[str, Floats]:
        h, c, found = torch.zeros(H), torch.zeros(H), []
        for t, row in enumerate(torch.tensor(x)):
            if t in reset:
                h, c = torch.zeros(H), torch.zeros(H)
            q = getattr(self, self.cell.replace("-", "_"))(row, h, c, lambda name, v, t=t: self.change(t, name, v))
            if t in skipped:
                q |= {"hidden": h, "cell": c} if "cell" in q else {"hidden": h}
            h, c = q["hidden"], q.get("cell", c)
            found.append(q)
        return {name: torch.stack([q[name] for q in found]).numpy() for name in found[0]}

    def sums(self, x: Values, h: Values) -> tuple[Values, ...]:
        return (self.U @ x + self.b + self.W @ h + self.d).chunk(self.rows)

    def lstm(self, x: Values, h: Values, c: Values, put: Any) -> dict[str, Values]:
        i, f, g, o = self.sums(x, h)
        i, f = put("input", torch.sigmoid(i + self.p[0] * c)), put("forget", torch.sigmoid(f + self.p[1] * c))
        return self.shown(i, f, put("candidate", torch.tanh(g)), o, c, put)

    peephole = lstm

    def coupled_input(self, x: Values, h: Values, c: Values, put: Any) -> dict[str, Values]:
        f, g, o = self.sums(x, h)
        f = put("forget", torch.sigmoid(f + self.p[1] * c))
        return self.shown(put("input", 1 - f), f, put("candidate", torch.tanh(g)), o, c, put)

    def coupled_forget(self, x: Values, h: Values, c: Values, put: Any) -> dict[str, Values]:
        i, g, o = self.sums(x, h)
        i = put("input", torch.sigmoid(i + self.p[0] * c))
        return self.shown(i, put("forget", 1 - i), put("candidate", torch.tanh(g)), o, c, put)

    def shown(self, i: Values, f: Values, g: Values, o: Values, c: Values, put: Any) -> dict[str, Values]:
        c = put("cell", f * c + i * g)
        o = put("output", torch.sigmoid(o + self.p[2] * c))
        h = put("hidden", o * torch.tanh(c))
        return {"input": i, "forget": f, "candidate": g, "output": o, "cell": c, "hidden": h}

    def gru(self, x: Values, h: Values, c: Values, put: Any) -> dict[str, Values]:
        (x_r, x_z, x_g), (r_r, r_z, r_g) = (self.U @ x + self.b).chunk(3), (self.W @ h + self.d).chunk(3)
        r, z = put("reset", torch.sigmoid(x_r + r_r)), put("update", torch.sigmoid(x_z + r_z))
        if self.cell == "gru-before":
            r_g = self.W[2 * H :] @ (r * h) + self.d[2 * H :]
        g = put("candidate", torch.tanh(x_g + (r_g if self.cell == "gru-before" else r * r_g)))
        return {"reset": r, "update": z, "candidate": g, "hidden": put("hidden", z * h + (1 - z) * g)}

    gru_before = gru

    def rnn(self, x: Values, h: Values, c: Values, put: Any) -> dict[str, Values]:
        (z,) = self.sums(x, h)
        return {"hidden": put("hidden", torch.tanh(z))}


def made(make_network: Maker, cell: str, seed: int = 0) -> tuple[Stack, Floats]:
    _, stack = make_network(cell, I, H, seed, scale=2)
    return stack, np.random.default_rng(seed).normal(size=(T, I)).astype(np.float32)


def changing(name: str, units: list[int], ts: range, to: Callable[[Values], Values]) -> Callable[..., Values]:
    def change(t: int, quantity: str, values: Values) -> Values:
        if quantity != name or t not in ts:
            return values
        values = values.clone()
        values[units] = to(values[units])
        return values

    return change


SIGNS: dict[str, Callable[[Values], Values]] = {
    "=": lambda v: torch.full_like(v, 0.25), "+=": lambda v: v + 0.25, "*=": lambda v: v * 0.25,
}  # fmt: skip


@EVERY
@pytest.mark.parametrize("sign", SIGNS)
def test_a_quantity_is_changed_where_it_is_computed(cell: str, sign: str, make_network: Maker) -> None:
    """Everything after it in the same timestamp sees it, in every quantity and unit."""
    stack, x = made(make_network, cell)
    for name in stack.cell.quantities:
        loop = Loop(stack, changing(name, [1, 3], range(2, 5), SIGNS[sign]))
        for by in (run, run_lazily):
            trace = edited(by(stack, x), [f"{name}[1,3]{sign}.25@3:5"])
            for quantity, values in loop.run(x).items():
                np.testing.assert_allclose(np.asarray(trace.layers[0][quantity]), values, rtol=0, atol=1e-6)


@EVERY
def test_states_are_reset_and_timestamps_skipped_deleted_and_changed(cell: str, make_network: Maker) -> None:
    stack, x = made(make_network, cell)
    plain = Loop(stack, lambda t, name, values: values)
    other = x.copy()
    other[3, 0] += 1
    wanted = {
        "reset@5": plain.run(x, reset=(4,)),
        "skip@3:4,7": plain.run(x, skipped=(2, 3, 6)),
        "delete@2,5": plain.run(np.delete(x, [1, 4], axis=0)),
        "x[0]+=1@4": plain.run(other),
    }
    for edit, quantities in wanted.items():
        trace = edited(run(stack, x), [edit])
        for name, values in quantities.items():
            np.testing.assert_allclose(trace.layers[0][name], values, rtol=0, atol=1e-6, err_msg=edit)


@EVERY
def test_a_patch_takes_the_values_of_another_run(cell: str, make_network: Maker) -> None:
    stack, x = made(make_network, cell)
    y = made(make_network, cell, seed=5)[1]
    around = Surroundings(sequences=lambda number: run(stack, (x, y)[number - 1]))
    name = stack.cell.memory_state or "hidden"
    taken = torch.tensor(run(stack, y).layers[0][name][6])
    loop = Loop(stack, changing(name, [2], range(4, 5), lambda v: taken[[2]]))
    trace = edited(run(stack, x), [f"{name}[2]@5=from(2)@7"], around)
    for quantity, values in loop.run(x).items():
        np.testing.assert_allclose(trace.layers[0][quantity], values, rtol=0, atol=1e-6)


@EVERY
def test_a_run_patched_into_itself_changes_nothing(cell: str, make_network: Maker) -> None:
    _, stack = make_network(cell, num_layers=2, bidirectional=True)
    x = np.random.default_rng(0).normal(size=(T, I))
    edits = [f"{w.name}.{name}=from()" for w in stack.flat for name in stack.cell.quantities]
    trace = edited(run(stack, x), edits)
    assert trace.original is not None
    for name, values in trace.quantities.items():
        np.testing.assert_array_equal(values, trace.original.quantities[name])


@EVERY
def test_all_states_patched_give_the_other_runs_future(cell: str, make_network: Maker) -> None:
    _, stack = make_network(cell, num_layers=2)
    x, y = np.random.default_rng(1).normal(size=(2, T, I)).astype(np.float32)
    y[5:] = x[5:] = np.random.default_rng(2).normal(size=(4, I))
    around = Surroundings(sequences=lambda number: run(stack, y))
    edits = [f"{w.name}.{state}@5=from(1)" for w in stack.flat for state in stack.cell.states]
    trace, future = edited(run(stack, x), edits, around), run(stack, y)
    np.testing.assert_allclose(trace.top[5:], future.top[5:], rtol=0, atol=1e-6)
    assert np.abs(trace.top[:4] - future.top[:4]).max() > 1e-2


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_long_run_is_edited_where_it_is_looked_at(cell: str, make_network: Maker) -> None:
    """In both directions, far from the beginning and across the borders of what is computed at once."""
    _, stack = make_network(cell, num_layers=2, bidirectional=True)
    x = np.random.default_rng(0).normal(size=(3 * SPAN + 7, I))
    edits = [f"l0.hidden[1]=.5@{SPAN - 1}:{SPAN + 2}", f"l0_reverse.candidate*=2@{SPAN}", f"skip@{2 * SPAN}", "reset@9"]
    lazy, whole = edited(run_lazily(stack, x), edits), edited(run(stack, x), edits)
    assert lazy.original is not None
    assert whole.original is not None
    for t in (2 * SPAN + 3, SPAN, 0, 3 * SPAN + 6):  # looked at out of order
        for name, values in whole.quantities.items():
            np.testing.assert_allclose(lazy.quantities[name][t], values[t], rtol=0, atol=1e-5)
            np.testing.assert_allclose(lazy.original.quantities[name][t], whole.original.quantities[name][t], atol=1e-5)
    assert np.abs(np.asarray(lazy.top) - np.asarray(lazy.original.top)).max() > 1e-2


@dataclass
class Sentence:
    """A word network over six words, the run of a sentence of it, and what its edits may refer to."""

    network: WordNetwork
    trace: Trace
    around: Surroundings


@pytest.fixture
def sentence(word_network: WordNetwork) -> Sentence:
    return Sentence(word_network, word_network.trace("my name is Ahmad"), Surroundings(word_network))


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        (['token@4="name"'], "my name is name"),
        (['insert@2="is is"'], "my is is name is Ahmad"),
        (['insert@5=","'], "my name is Ahmad ,"),
        (["delete@1:2"], "is Ahmad"),
        (['insert@1=","', "delete@3"], ", my is Ahmad"),
    ],
)
def test_words_are_replaced_inserted_and_deleted(sentence: Sentence, edits: list[str], text: str) -> None:
    trace = edited(sentence.trace, edits, sentence.around)
    wanted = sentence.network.trace(text)
    assert trace.tokens == wanted.tokens
    assert trace.known == wanted.known
    np.testing.assert_allclose(trace.top, wanted.top, rtol=0, atol=1e-6)
    assert trace.probabilities(0) is not None


def test_timestamps_count_in_the_sequence_as_the_edits_before_have_left_it(sentence: Sentence) -> None:
    before = edited(sentence.trace, ["hidden[1]=.5@3", 'insert@2="is"'], sentence.around)
    after = edited(sentence.trace, ['insert@2="is"', "hidden[1]=.5@4"], sentence.around)
    np.testing.assert_array_equal(before.top, after.top)
    assert np.flatnonzero(before.top[:, 1] == 0.5).tolist() == [3]
    always = edited(sentence.trace, ["hidden[1]=.5", 'insert@1="is"'], sentence.around)
    assert (always.top[:, 1] == 0.5).all()


def test_more_edits_come_after_those_that_there_are(sentence: Sentence) -> None:
    once = edited(sentence.trace, ["hidden[1]=.5@3", 'insert@2="is"'], sentence.around)
    twice = edited(edited(sentence.trace, ["hidden[1]=.5@3"], sentence.around), ['insert@2="is"'], sentence.around)
    np.testing.assert_array_equal(once.top, twice.top)
    assert [str(edit) for edit in twice.edits] == ["hidden[1]=.5@3", 'insert@2="is"']
    assert twice.original is not None
    assert twice.original.tokens == sentence.trace.tokens


REFUSED = [
    ("frget[2]=1", "unknown quantity frget; choose from forget, input, reset, update, candidate, output, cell", 1),
    ("reset[2]=1", "LSTM has no reset; choose from forget, input, candidate, cell, output, hidden", 1),
    ("forget[9]=1", "units 9: there is no unit 9; choose from 0 to 3", 8),
    ("forget[2]=1@5", "timestamps 5: there is no timestamp 5; choose from 1 to 4", 13),
    ("l1.forget=1", "there is no layer l1; choose from l0", 1),
    ('token@2="Turkey"', "Turkey is not among the 5 words that it knows, such as my, name, is, Ahmad, ,", 9),
    ('token@2="my name"', "2 words cannot stand at one timestamp; insert takes more than one", 9),
    ("delete@1:4", "nothing would be left to read; leave at least one timestamp", 8),
    ("cell@2=from(2)", 'there is one sequence; a patch takes from("a sentence"), or from()', 8),
    ('cell@1:2=from("my")@1', "2 timestamps to set, and 1 to take from; these must match", 21),
    ('x["Volume"]=1', 'there is no column "Volume"; no column has a name', 3),
    ("forget[2]=1@", "@ names no timestamps", 12),
]


@pytest.mark.parametrize(("edit", "said", "column"), REFUSED)
def test_what_cannot_be_is_refused_in_one_line(
    sentence: Sentence, edit: str, said: str, column: int, refusal: Callable[..., str]
) -> None:
    line = refusal(edited, sentence.trace, [edit], sentence.around)
    assert line.startswith(said)
    assert line.endswith(f"at column {column}")


def test_a_layer_has_to_be_named_where_there_are_several(make_network: Maker, refusal: Callable[..., str]) -> None:
    _, stack = make_network("lstm", num_layers=2)
    line = refusal(edited, run(stack, np.ones((2, I))), ["forget=1"])
    assert line == "this network has several layers; say which of l0, l1, as in l0.forget, at column 1"


def test_inputs_are_set_scaled_added_to_and_patched(make_network: Maker) -> None:
    _, stack = make_network("lstm")
    x, y = np.random.default_rng(1).normal(size=(2, T, I)).astype(np.float32)
    around = Surroundings(sequences=lambda number: run(stack, y), columns=("Open", "High", "Volume"))
    edits = ["x[0]=.5@2:3", "x[1]*=2", 'x["Volume"]+=1@4,6', "x[0,2]@8=from(1)@1"]
    wanted = x.copy()
    wanted[1:3, 0] = 0.5
    wanted[:, 1] *= 2
    wanted[[3, 5], 2] += 1
    wanted[7, [0, 2]] = y[0, [0, 2]]
    trace = edited(run(stack, x), edits, around)
    np.testing.assert_array_equal(trace.inputs, wanted)
    np.testing.assert_allclose(trace.top, run(stack, wanted).top, rtol=0, atol=1e-6)


def test_a_projected_hidden_state_can_be_edited() -> None:
    torch.manual_seed(0)
    stack = stack_from_tensors(dict(torch.nn.LSTM(3, 5, proj_size=2).state_dict()), "made")
    trace = edited(run(stack, np.ones((3, 3))), ["hidden[1]=.5@2"])
    assert (trace.top.shape, trace.top[1, 1]) == ((3, 2), 0.5)
    book = ledger(trace, 1, 1, "hidden")
    assert (len(book.edits), book.value) == (1, 0.5)
