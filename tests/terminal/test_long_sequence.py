"""A million timestamps in a real terminal: the memory it takes to open and to go to the end, and the numbers there."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
import torch
from gatestep.engine import read_tensors

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

T, UNITS = 1_000_000, 8
MEGABYTES = 400
"""What it may take to open."""


class Files(NamedTuple):
    weights: Path
    inputs: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("long")
    found = Files(folder / "weights.npz", folder / "inputs.npy")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        weights = {name: tensor.numpy() for name, tensor in torch.nn.LSTM(UNITS, UNITS).state_dict().items()}
    np.savez(found.weights, allow_pickle=False, **weights)
    np.save(found.inputs, np.random.default_rng(0).normal(size=(T, UNITS)).astype(np.float32))
    return found


def peak_megabytes(terminal: "Terminal") -> float:
    """The most memory that the command has had so far."""
    status = Path(f"/proc/{terminal.pid}/status")
    if not status.exists():
        pytest.skip("there is no /proc here to read the memory of a process from")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert peak is not None
    return int(peak[1]) / 1024


def test_a_million_timestamps_open_and_show_their_end(spawn: "Spawn", files: Files) -> None:
    terminal = spawn("run", "--weights", str(files.weights), "--input", str(files.inputs), size=(80, 30), real=True)
    terminal.wait_for(f"timestamp 1/{T}")
    terminal.settle()
    assert peak_megabytes(terminal) < MEGABYTES
    terminal.press("G")
    terminal.wait_for(f"timestamp {T}/{T}")
    terminal.settle()
    # It has forgotten its beginning: what the end of the sequence gives alone is what is on the screen.
    module = torch.nn.LSTM(UNITS, UNITS)
    module.load_state_dict({name: torch.tensor(array) for name, array in read_tensors(files.weights).items()})
    with torch.no_grad():
        hidden = module(torch.from_numpy(np.load(files.inputs)[-1000:]))[0][-1].numpy()
    rows = [line for line in terminal.screen.splitlines() if re.match(r"[▸ ] \d+ .*→", line)]
    shown = [float(row.rsplit(None, 1)[-1].replace("−", "-")) for row in rows]
    np.testing.assert_allclose(shown, hidden[: len(shown)], atol=0.00501)
    assert len(shown) == UNITS


def test_the_way_there_can_be_left(spawn: "Spawn", files: Files) -> None:
    terminal = spawn("run", "--weights", str(files.weights), "--input", str(files.inputs), "--at", str(T))
    terminal.wait_for("Esc stays here")
    terminal.press("esc")
    terminal.wait_for("stopped here")
    terminal.press("q")
    assert terminal.exit_code() == 0
