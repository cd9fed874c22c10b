"""`gatestep similar`: what it prints, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.scenarios import find, held_out_batches, shipped
from gatestep.scenarios.scoring import recurrent

Command = Callable[..., Any]


def test_the_countries_are_found_by_the_units_that_are_on_at_one(gatestep: Command) -> None:
    done = gatestep("similar", "pakistan", "--steps", "9")
    assert (done.code, done.err) == (0, "")
    rows = [line.replace(" %", "").split() for line in done.out.splitlines() if "%" in line]
    frequent = {row[2] for row in rows if float(row[0]) > 5 * float(row[1])}
    assert {"Pakistan", "India", "Canada", "Turkey"} <= frequent
    assert "[Pakistan]" in done.out
    assert "2,700 held-out sentences" in done.out


def test_json_has_every_place_nearest_first(gatestep: Command) -> None:
    found = json.loads(gatestep("similar", "pakistan", "--steps", "8:9", "--units", "1,4", "--json").out)
    assert found["steps"] == [8, 9]
    assert {on["unit"] for on in found["on"]} <= {1, 4}
    scenario = find("pakistan")
    network = recurrent({"lstm": shipped(scenario, "lstm")[0]})
    _, sentences = held_out_batches(network, scenario.corpus)
    distances = [place["distance"] for place in found["places"]]
    assert distances == sorted(distances)
    for place in found["places"][:5]:
        words = sentences[place["sequence"] - 1]
        assert " ".join(words[place["t"] - 1 : place["t"] + 1]) == place["text"]
        hidden = network.trace(" ".join(words)).top
        for on in found["on"]:
            assert hidden[place["t"] - 1 + on["step"] - 8, on["unit"]] * on["sign"] >= 0.5 - 1e-5
    assert sum(one["there"] for one in found["standing"]) == len(found["places"])


def test_numbers_are_told_by_their_means(gatestep: Command) -> None:
    done = gatestep("similar", "starbucks", "--model", "windowed", "--steps", "2")
    assert "Volume" in done.out
    found = json.loads(gatestep("similar", "starbucks", "--model", "windowed", "--steps", "2", "--json").out)
    assert len(found["inputs"]) == 6
    assert found["standing"] == []
    assert all(np.isfinite(one["there"]) for one in found["inputs"])


def test_every_sequence_of_a_batch_is_looked_through_and_named(gatestep: Command, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shapes = {"weight_ih_l0": (16, 3), "weight_hh_l0": (16, 4), "bias_ih_l0": (16,), "bias_hh_l0": (16,)}
    weights: dict[str, Any] = {name: rng.normal(size=shape) * 2 for name, shape in shapes.items()}
    np.savez(tmp_path / "w.npz", **weights)
    x = np.repeat(rng.normal(size=(1, 40, 3)), 3, axis=0).astype(np.float32)
    x[1, :5] = 0  # the first and the last sequence are the same
    np.save(tmp_path / "x.npy", x)
    file = ("--weights", tmp_path / "w.npz", "--input", tmp_path / "x.npy", "--layout", "batch-first", "--sequence", 3)
    done = gatestep("similar", *file, "--steps", "9:10")
    assert (done.code, done.err) == (0, "")
    assert "other places in this sequence and 2 other sequences are similar" in done.out
    assert "sequence 1, timestamps 9 to 10" in done.out
    found = json.loads(gatestep("similar", *file, "--steps", "9:10", "--json").out)
    nearest = found["places"][0]
    assert (nearest["sequence"], nearest["t"]) == (1, 9)
    assert nearest["distance"] < 1e-5
    assert {place["sequence"] for place in found["places"]} <= {None, 1, 2}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--steps", "30"), "--steps 30"), (("--steps", "0"), "--steps 0"),
        (("--steps", "3,7"), "--steps 3,7: a passage is"), (("--steps", "9", "--units", "8"), "--units 8"),
        (("--steps", "9", "--threshold", "0"), "--threshold 0: must be above 0"),
        (("--steps", "9", "--threshold", "nan"), "--threshold nan"),
        (("--steps", "9", "--threshold", "1.5"), "no unit is on at timestamp 9: the largest |hidden| is"),
        (("--steps", "9", "--layer", "l3"), "--layer l3: unknown layer; choose from l0"),
        (("--steps", "9", "--quantity", "reset"), "--quantity reset: layer l0 (LSTM) has none; choose from forget"),
        ((), "--steps"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(gatestep: Command, arguments: tuple[str, ...], error: str) -> None:
    done = gatestep("similar", "pakistan", *arguments)
    assert (done.code, done.out) == (2, "")
    assert error in done.err
    assert done.err.count("\n") == 1
