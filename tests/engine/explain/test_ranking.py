"""What units are ordered by, against loops that follow the definitions, for every cell."""

import math

import numpy as np
import pytest
from gatestep.engine import CELLS, LayerTrace, run, run_lazily, stack_from_tensors
from gatestep.engine.explain.ranking import SINCE, activity, change, half_life, looked_at, saturation
from gatestep.engine.explain.saturation import CLOSED, OPEN

ROWS = {"rnn": 1, "gru": 3, "gru-before": 3}
KEEP = {"lstm": "forget", "peephole": "forget", "coupled-input": "forget", "coupled-forget": "forget",
        "gru": "update", "gru-before": "update"}  # fmt: skip


def layer_of(cell: str, T: int = 9, suffix: str = "l0", size: float = 2.0) -> LayerTrace:
    rng, H = np.random.default_rng(1), 4
    tensors: dict[str, np.ndarray] = {}
    for name in {"l0", suffix}:
        tensors |= {f"weight_ih_{name}": size * rng.normal(size=(ROWS.get(cell, 4) * H, 3)),
                    f"weight_hh_{name}": size * rng.normal(size=(ROWS.get(cell, 4) * H, H))}  # fmt: skip
        if CELLS[cell].peepholes != "never":
            tensors[f"weight_peephole_{name}"] = rng.normal(size=(3, H))
    return run(stack_from_tensors(tensors, "random", cell), rng.normal(size=(T, 3))).layer(suffix)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("T", [9, SINCE + 40])
def test_each_is_what_a_loop_finds(cell: str, T: int) -> None:
    layer = layer_of(cell, T)
    memory = layer.cell.memory_state or "hidden"
    gates = [name for name in layer.cell.gated if name != "candidate"]
    for t in (0, 3, T - 1):
        span = range(max(t + 1 - SINCE, 0), t + 1)
        for unit in range(4):
            found = [abs(float(layer["hidden"][k, unit])) for k in span]
            assert activity(layer, t)[unit] == pytest.approx(sum(found) / len(found), abs=1e-6)
            before = float(layer[memory][t - 1, unit]) if t else 0.0
            assert change(layer, t)[unit] == pytest.approx(abs(float(layer[memory][t, unit]) - before), abs=1e-6)
            if gates:
                values = [float(layer[gate][k, unit]) for gate in gates for k in span]
                share = sum(value < CLOSED or value > OPEN for value in values) / len(values)
                assert saturation(layer, t)[unit] == pytest.approx(share)  # type: ignore[index]
            if layer.cell.memory_state:
                rate = sum(math.log(float(layer[KEEP[cell]][k, unit])) for k in span) / len(span)
                assert half_life(layer, t)[unit] == pytest.approx(math.log(0.5) / rate, rel=1e-4)  # type: ignore[index]
    assert (saturation(layer, 0) is None) == (not gates)
    assert (half_life(layer, 0) is None) == (layer.cell.memory_state is None)


def test_after_its_half_life_half_of_a_memory_is_left() -> None:
    layer = layer_of("lstm", 60, size=0.3)
    lives = half_life(layer, 59)
    assert lives is not None
    kept = np.asarray(layer["forget"], np.float64).prod(axis=0)
    np.testing.assert_allclose(0.5 ** (60 / lives), kept, rtol=1e-9)


def test_what_is_always_kept_is_remembered_for_ever_and_what_is_dropped_not_at_all() -> None:
    tensors = {"weight_ih_l0": np.zeros((8, 1)), "weight_hh_l0": np.zeros((8, 2)), "bias_ih_l0": np.zeros(8)}
    tensors["bias_ih_l0"][2:4] = (200, -200)
    lives = half_life(run(stack_from_tensors(tensors, "t"), np.zeros((5, 1))).layers[0], 4)
    assert lives is not None
    assert lives[0] == math.inf
    assert lives[1] < 0.01


def test_a_layer_that_reads_backwards_is_looked_at_from_its_end() -> None:
    layer = layer_of("lstm", 9, "l0_reverse")
    assert looked_at(layer, 6) == slice(6, 9)
    expected = np.abs(np.asarray(layer["hidden"][6:], np.float64)).mean(axis=0)
    np.testing.assert_allclose(activity(layer, 6), expected, rtol=1e-6)
    moved = np.abs(np.asarray(layer["cell"][6], np.float64) - layer["cell"][7])
    np.testing.assert_allclose(change(layer, 6), moved, rtol=1e-6)


def test_of_a_run_that_is_computed_where_it_is_looked_at_the_same_comes_out() -> None:
    rng = np.random.default_rng(0)
    tensors = {"weight_ih_l0": rng.normal(size=(16, 2)), "weight_hh_l0": rng.normal(size=(16, 4))}
    stack, inputs = stack_from_tensors(tensors, "random"), rng.normal(size=(400, 2)).astype(np.float32)
    lazy, whole = run_lazily(stack, inputs).layers[0], run(stack, inputs).layers[0]
    for order in (activity, change, saturation, half_life):
        found, wanted = order(lazy, 350), order(whole, 350)
        assert found is not None
        assert wanted is not None
        np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)
