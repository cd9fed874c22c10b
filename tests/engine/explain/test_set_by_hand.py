"""What explains an edited run: ledgers say what was set by hand, writers add up, gradients stop there."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gatestep.engine import Stack, edited, gradients, ledger, provenance, run

Maker = Callable[..., tuple[Any, Stack]]
T, H, I = 9, 4, 3  # noqa: E741 (the symbols of the equations)
EDITS = ["forget[1]=.9@3", "cell[1]=.5@4", "cell[1]+=.25@5", "cell[1]*=.5@6", "hidden[1]=0@6", "skip@7", "cell[1]=1@2"]


@pytest.mark.parametrize("cell", ["lstm", "gru", "coupled-input", "peephole"])
@pytest.mark.parametrize("reverse", [False, True])
def test_ledgers_say_what_was_set_by_hand_and_writers_still_add_up(
    cell: str, reverse: bool, make_network: Maker
) -> None:
    _, stack = make_network(cell, bidirectional=True)
    layer, memory = "l0_reverse" if reverse else "l0", stack.cell.memory_state or ""
    edits = [f"{layer}.{edit}".replace("cell", memory) for edit in EDITS if cell != "gru" or "forget" not in edit]
    edits = [edit.replace(f"{layer}.skip", "skip") for edit in edits] + [f"{layer}.reset@8"]
    trace = edited(run(stack, np.random.default_rng(3).normal(size=(T, I))), edits)
    lt = trace.layer(layer)
    by_hand = set()
    for t in range(T):
        for quantity in stack.cell.quantities:
            book = ledger(trace, t, 1, quantity, layer)
            assert sum(term.product for term in book.terms) == pytest.approx(book.total, abs=1e-6)
            by_hand |= {(t, quantity)} if book.edits else set()
            if not book.edits:
                assert book.computed == pytest.approx(book.value, abs=1e-6)
        for unit in (0, 1):
            assert provenance(lt, t, unit).total == pytest.approx(lt[memory][t, unit], abs=1e-6)
    gates = {(2, "forget")} if cell != "gru" else set()
    assert by_hand == gates | {(t, memory) for t in (1, 3, 4, 5, 6)} | {(5, "hidden"), (6, "hidden")}
    who = provenance(lt, 3, 1)
    assert (who.edited()[0][0], round(who.edited()[0][1], 6)) == (3, 0.5)
    assert who.written.any() == False  # noqa: E712 (an array's own truth)
    assert ledger(trace, 3, 1, memory, layer).edits[0].text == f"{layer}.{memory}[1]=.5@4"


def test_gradients_of_an_edited_run_stop_where_a_value_was_set(make_network: Maker) -> None:
    _, stack = make_network("lstm")
    x = np.random.default_rng(3).normal(size=(T, I))
    trace = edited(run(stack, x), ["cell=.5@5", "hidden=.25@5"])
    found = gradients(trace, lambda hidden, s: (hidden**2).sum(), [T - 1]).layers[0]
    assert not found.states["cell"][0, :4].any()
    assert found.states["cell"][0, 4].any()
    assert found.path is not None
    assert not found.path[0, :4].any()
