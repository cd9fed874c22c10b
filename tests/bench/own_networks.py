"""Networks from files, as large as they are in practice: until their gates show, and what a page of them sends."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from bare_app import bare_app, until_shown
from measuring import Row, medians
from ptydriver import COMMAND, Terminal, environment

INPUTS = 40
SIZES = ((3, 256, 1600, 2.0), (2, 1024, 2000, 4.0))
"""Layers, units, timestamps, and the budget against an app that shows one word."""


def written(folder: Path, layers: int, H: int, T: int) -> list[str]:
    """Write weights and inputs, and return the command that opens them."""
    from safetensors.numpy import save_file

    rng = np.random.default_rng(0)
    tensors: dict[str, np.ndarray] = {}
    for layer in range(layers):
        shapes = {"ih": (4 * H, H if layer else INPUTS), "hh": (4 * H, H)}
        for kind, shape in shapes.items():
            tensors[f"weight_{kind}_l{layer}"] = rng.uniform(-1, 1, shape).astype(np.float32) / np.float32(H**0.5)
    save_file(tensors, folder / f"{H}.safetensors")
    np.save(folder / f"{H}.npy", rng.normal(size=(T, INPUTS)).astype(np.float32))
    return [str(COMMAND), "run", "--weights", str(folder / f"{H}.safetensors"), "--input", str(folder / f"{H}.npy")]


def own_networks() -> Iterator[Row]:
    """The first gates of large networks, against an app that shows one word."""
    with tempfile.TemporaryDirectory() as name, bare_app() as bare:
        folder = Path(name)
        for layers, H, T, budget in SIZES:
            ours, app = medians(5, until_shown(*written(folder, layers, H, T)), until_shown(sys.executable, str(bare)))
            what = (
                f"a network of your own, {layers} x {H:,} units, T = {T:,}, to first gates, against a bare Textual app"
            )
            yield Row(what, ours / app, budget)


def page_turns() -> Iterator[Row]:
    """What one step sends that turns the page of the timeline, on a network of many units and timestamps."""
    with tempfile.TemporaryDirectory() as name:
        argv = written(Path(name), 3, 256, 1600)
        for size, most in (((80, 24), 10_000), ((200, 50), 30_000)):
            terminal = Terminal(argv, size, environment(), ignore_hang_up=False)
            try:
                terminal.wait_for("forget")
                terminal.settle(0.5)
                # Every step of two pages, of which the ones that turn a page send by far the most.
                sent = [len(terminal.redraw("right")[0]) for _ in range(2 * size[0])]
            finally:
                terminal.close()
            yield Row(f"a page turn at {size[0]}x{size[1]}, the worst of {len(sent)} steps", max(sent), most, " bytes")
