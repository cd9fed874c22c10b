"""Conditions on networks whose layers have other cells and widths."""

import re

import numpy as np
import pytest
from drawn import normal
from gatestep.engine import Stack, WrongCondition, find, provenance, run


def test_layers_of_other_cells_are_asked_for_what_they_have(chain: Stack) -> None:
    trace = run(chain, normal(30, 3))
    forget, hidden = (trace.layer("l0")[name] for name in ("forget", "hidden"))
    above = trace.layer("l1")
    assert find(trace, "forget < .4").t.tolist() == np.flatnonzero((forget < 0.4).any(axis=1)).tolist()
    assert find(trace, "update[3] > .5").t.tolist() == np.flatnonzero(above["update"][:, 3] > 0.5).tolist()
    assert find(trace, "l1.reset[1] > .5").t.tolist() == np.flatnonzero(above["reset"][:, 1] > 0.5).tolist()
    assert find(trace, "hidden[5] > 0").t.tolist() == np.flatnonzero(hidden[:, 5] > 0).tolist()
    either = (hidden[:, 1] > 0.1) | (above["hidden"][:, 1] > 0.1)
    assert find(trace, "hidden[1] > .1").t.tolist() == np.flatnonzero(either).tolist()
    assert not find(trace, "nonfinite")
    for memory, unit in (("cell", 5), ("hidden", 3)):
        layer = trace.layer("l0" if memory == "cell" else "l1")
        shares = [who.shares()[2] if t >= 2 else 0 for t in range(30) for who in [provenance(layer, t, unit)]]
        found = find(trace, f"share({memory}[{unit}], 3) > .2")
        assert found.t.tolist() == np.flatnonzero(np.array(shares) > 0.2).tolist()
        assert {hit.layer for hit in found} == {layer.name}


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("any(forget < .9 and hidden > 0)", "one value is of l0, and another of l0, l1; name the layer of each"),
        ("hidden[5] > hidden[1]", "one value is of l0, and another of l0, l1; name the layer of each"),
        ("change(hidden[5]) > change(hidden[1])", "one value is of l0, and another of l0, l1; name the layer of each"),
        ("l1.forget > 0", "forget is not a quantity of this GRU; choose from reset, update, candidate, hidden"),
        ("share(hidden[5], 2) > 0", "unit 5 is in no layer whose memory is hidden"),
        ("share(l0.hidden[1], 2) > 0", "share() is of the memory of this LSTM, as in share(cell[1], 3)"),
        ("share(l2.cell[1], 2) > 0", "there is no layer l2; choose from l0, l1"),
    ],
)
def test_units_of_one_layer_are_never_put_beside_those_of_another(chain: Stack, condition: str, why: str) -> None:
    with pytest.raises(WrongCondition, match=re.escape(why)):
        find(run(chain, normal(30, 3)), condition)
