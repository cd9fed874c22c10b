"""Networks of one file that read one another, of other cells and widths: every command takes each layer as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The options that open an LSTM of six units, which a GRU of four reads, over thirty timestamps."""
    folder: Path = tmp_path_factory.mktemp("chain")
    torch.manual_seed(0)
    parts = {"first": torch.nn.LSTM(3, 6), "second": torch.nn.GRU(6, 4)}
    torch.save({f"{n}.{k}": v for n, part in parts.items() for k, v in part.state_dict().items()}, folder / "w.pt")
    np.save(folder / "x.npy", np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32))
    return str(folder / "w.pt"), "--chain", "first,second", "--input", str(folder / "x.npy")


def test_units_that_only_one_layer_has_are_shown_of_that_one(gatestep: Command, files: tuple[str, ...]) -> None:
    table = gatestep("trace", *files, "--units", "1,5", "--steps", "1:2").out
    assert "l0.hidden\n" in table
    assert next(line.split() for line in table.splitlines() if line.split()[:1] == ["1"]) == ["1", "5"]
    assert "l1.reset" in table
    assert "l1.reset" not in gatestep("trace", *files, "--units", "5").out
    assert "unit 5" in gatestep("run", *files, "--units", "5", "--layer", "0", "--plain").out
    assert "choose from 0 to 3" in gatestep("run", *files, "--units", "5", "--layer", "1", "--plain").err
    both = gatestep("run", *files, "--units", "6", "--plain")
    assert (both.code, both.err.count("\n")) == (2, 1)


def test_each_layer_is_searched_for_its_own_quantities(gatestep: Command, files: tuple[str, ...]) -> None:
    assert int(gatestep("find", *files, "--where", "forget[5] < .5", "--count").out)
    assert "l1.update" in gatestep("find", *files, "--where", "update > .5").out
    assert "places" in gatestep("similar", *files, "--quantity", "update", "--steps", "4", "--threshold", ".5").out
    refused = gatestep("similar", *files, "--quantity", "forget", "--steps", "4").err
    assert "layer l1 (GRU) has none; choose from reset, update, candidate, hidden" in refused


def test_an_edited_run_stands_beside_its_original(gatestep: Command, files: tuple[str, ...]) -> None:
    done = gatestep("run", *files, "--edit", "l0.forget[2]=0@4", "--plain")
    assert (done.code, done.err) == (0, "")
    assert "how far apart" in done.out
