"""What long sequences cost: stepping far into them, opening a million timestamps, and going to their end."""

import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from measuring import Row, medians, timed
from ptydriver import COMMAND, Terminal, environment

if TYPE_CHECKING:
    import torch

UNITS = 8
SHORT, LONG, LONGEST = 30, 100_000, 1_000_000


class Stepper:
    """The stepper on a network of UNITS units over `T` timestamps, and what it took until it was open."""

    def __init__(self, folder: Path, T: int) -> None:
        self.T, self.inputs = T, folder / f"{T}.npy"
        if not self.inputs.exists():
            np.save(self.inputs, np.random.default_rng(0).normal(size=(T, UNITS)).astype(np.float32))
        argv = [str(COMMAND), "run", "--weights", str(folder / "lstm.safetensors"), "--input", str(self.inputs)]
        start = time.perf_counter()
        self._terminal = Terminal(argv, (80, 24), environment(), ignore_hang_up=False)
        self._terminal.wait_for(f"timestamp 1/{T}")
        self.seconds = time.perf_counter() - start

    def megabytes(self) -> float:
        """The most memory it has had."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self._terminal.pid}/status").read_text())
        assert found is not None
        return int(found[1]) / 1024

    def to_the_end(self) -> float:
        """Seconds from the key that goes to the end until it is shown."""
        start = time.perf_counter()
        self._terminal.press("G")
        self._terminal.wait_for(f"timestamp {self.T}/{self.T}")
        seconds = time.perf_counter() - start
        self._terminal.settle()
        return seconds

    def pressed(self, key: str) -> float:
        """Seconds that the key takes until the last byte of its redraw."""
        return self._terminal.redraw(key)[1]

    def close(self) -> None:
        """End it."""
        self._terminal.close()


def long_sequences() -> Iterator[Row]:
    """Far in long sequences against a short one, and a million timestamps against torch's forward pass over them."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    model = torch.nn.LSTM(UNITS, UNITS)
    steps: dict[int, list[float]] = {T: [] for T in (SHORT, LONG, LONGEST)}
    jumps: dict[int, list[float]] = {T: [] for T in steps}
    opened, megabytes, first, at_once = [], [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_file(model.state_dict(), folder / "lstm.safetensors")
        for _ in range(3):
            steppers = []
            try:
                for T in steps:
                    steppers.append(Stepper(folder, T))
                    far = steppers[-1].to_the_end()
                at_once.append(far)
                for taken, keys in ((steps, [*["h"] * 20, *["l"] * 15]), (jumps, ["g", "G"] * 10)):
                    for key in keys:
                        for stepper in steppers:  # by turns: what else the machine does falls on all of them alike
                            taken[stepper.T].append(stepper.pressed(key))
                opened.append(steppers[-1].seconds)
                megabytes.append(steppers[-1].megabytes())
            finally:
                for stepper in steppers:
                    stepper.close()
            stepper = Stepper(folder, LONGEST)
            try:
                time.sleep(1)
                first.append(stepper.to_the_end())
            finally:
                stepper.close()
        inputs = np.load(folder / f"{LONGEST}.npy")
    middle = {T: (statistics.median(steps[T]), statistics.median(jumps[T])) for T in steps}
    yield Row("step latency at T = 100,000, against T = 30", middle[LONG][0] / middle[SHORT][0], 1.2)
    yield Row("the same at T = 1,000,000", middle[LONGEST][0] / middle[SHORT][0], 1.2)
    yield Row("from end to end at T = 1,000,000, against T = 30", middle[LONGEST][1] / middle[SHORT][1], 1.2)
    yield Row("opening T = 1,000,000 of 8 units", statistics.median(opened), 3.0, " s")
    yield Row("the most memory it takes, then also at its end", max(megabytes), 400, " MB")
    walk, plain = medians(
        3, timed(lambda: walk_to_the_end(model, inputs)), timed(lambda: model(torch.from_numpy(inputs)))
    )
    yield Row("computing the way to its end, against `nn.LSTM` with autograd on (oneDNN)", walk / plain, 3.0)
    what = "the first jump to its end"
    yield Row(f"{what}, a second after opening, against the same", statistics.median(first) / plain, 3.0)
    yield Row(f"{what}, at once, against the same", statistics.median(at_once) / plain, 3.0)


def walk_to_the_end(model: "torch.nn.LSTM", inputs: np.ndarray) -> None:
    """Compute what a look at the last timestamp needs."""
    from gatestep.engine import run_lazily, stack_from_tensors

    stack = stack_from_tensors({name: tensor.numpy() for name, tensor in model.state_dict().items()}, "bench")
    layer = run_lazily(stack, inputs).layers[0]
    for _ in layer.reach(len(inputs) - 1):
        pass
    layer["hidden"][len(inputs) - 1]
