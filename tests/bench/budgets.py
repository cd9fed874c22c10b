"""The budgets, measured: each as a ratio against something else in the same run, or as bytes. `make bench` prints them.

Shared machines are noisy, so every figure is a median of alternating runs, and nothing here fails a unit test.
"""

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib.resources import as_file, files

from far_jumps import exporting, far_jumps
from long_sequences import long_sequences
from measuring import Row, medians, p95, steps, timed
from places import PLACES
from ptydriver import COMMAND, Terminal, environment
from slowline import SlowTerminal

BARE_APP = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("forget")
Bare().run()
"""


def until_shown(*argv: str) -> Callable[[], float]:
    """Return a job: seconds from starting a command in a terminal until it shows gates."""

    def job() -> float:
        start = time.perf_counter()
        terminal = Terminal(list(argv), (80, 24), environment(), ignore_hang_up=False)
        try:
            terminal.wait_for("forget")
            return time.perf_counter() - start
        finally:
            terminal.close()

    return job


def start_up() -> Iterator[Row]:
    """The first gates on the screen, against importing torch and against an app that shows one word."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as bare:
        bare.write(BARE_APP)
        bare.flush()
        ours, app, torch = medians(
            7,
            until_shown(str(COMMAND), "run", "pakistan"),
            until_shown(sys.executable, bare.name),
            timed(lambda: subprocess.run([sys.executable, "-c", "import torch"], check=True)),
        )
    yield Row("`gatestep run pakistan` to first gates, against `import torch`", ours / torch, 0.5)
    yield Row("the same, against a bare Textual app", ours / app, 2.0)


def stepping() -> Iterator[Row]:
    """What a key sends, and how long until the last byte of it: in the stepper, and on the worst of all screens."""
    for size, most_bytes, most_ms in (((80, 24), 5000, 40), ((200, 50), 10_000, 60)):
        found = []
        for place in PLACES:
            sent, seconds = steps(place, size, place.moves * (24 // len(place.moves)))
            found.append((place.name, statistics.median(sent), p95(seconds) * 1000))
            print(
                f"{size[0]}x{size[1]} {place.name}: {found[-1][1]:,.0f} bytes, p95 {found[-1][2]:.1f} ms",
                file=sys.stderr,
            )
        where = f"{size[0]}x{size[1]}"
        stepper = next(row for row in found if row[0] == "stepper")
        yield Row(f"a step at {where}, median", stepper[1], most_bytes, " bytes")
        yield Row(f"a step at {where}, redraw p95", stepper[2], most_ms, " ms")
        name, most, _ = max(found, key=lambda row: row[1])
        yield Row(f"a key on the worst of {len(found)} screens at {where} ({name}), median", most, most_bytes, " bytes")
        name, _, slowest = max(found, key=lambda row: row[2])
        yield Row(
            f"a key on the worst of {len(found)} screens at {where} ({name}), redraw p95", slowest, most_ms, " ms"
        )


def slow_line() -> Iterator[Row]:
    """A line of 20 kB a second and 150 ms there and back: from letting a key go until the last step is shown."""
    for size in ((80, 24), (200, 50)):
        argv = [str(COMMAND), "run", "pakistan", "--at", "1"]
        terminal = SlowTerminal(argv, size, environment())
        try:
            terminal.wait_for("timestamp 1/24")
            terminal.settle(0.6)
            start = time.perf_counter()
            for n in range(90):
                terminal.press("left" if n // 20 % 2 else "right")
                terminal.bytes_in(max(start + (n + 1) / 30 - time.perf_counter(), 0.0))
            start = time.perf_counter()
            terminal.press("G")
            terminal.wait_for("timestamp 24/24")
            what = f"a key held for 3 s over 20 kB/s, 150 ms, at {size[0]}x{size[1]}: let go until the last step shows"
            yield Row(what, time.perf_counter() - start, 1.0, " s")
        finally:
            terminal.close()


def idle() -> Iterator[Row]:
    """What is sent while nobody does anything."""
    terminal = Terminal([str(COMMAND), "run", "pakistan"], (80, 24), environment(), ignore_hang_up=False)
    try:
        terminal.wait_for("forget")
        terminal.settle(0.5)
        yield Row("sitting idle for 3 s", len(terminal.bytes_in(3)), 0, " bytes")
    finally:
        terminal.close()


def tracing() -> Iterator[Row]:
    """A full gate trace, against torch's forward pass, which gives no gates, and against a loop that records them."""
    import torch
    from gatestep.engine import run, stack_from_tensors

    T, inputs_wide = 10_000, 16
    ratios: dict[str, list[float]] = {"plain": [], "tracked": [], "loop": []}
    for H in (8, 16, 32, 64):
        torch.manual_seed(0)
        model, inputs = torch.nn.LSTM(inputs_wide, H), torch.randn(T, inputs_wide)
        stack = stack_from_tensors({k: v.numpy() for k, v in model.state_dict().items()}, "bench")
        array = inputs.numpy()
        cell = torch.nn.LSTMCell(inputs_wide, H)
        cell.load_state_dict({name.removesuffix("_l0"): tensor for name, tensor in model.state_dict().items()})

        def forward(model: torch.nn.LSTM = model, inputs: torch.Tensor = inputs) -> None:
            with torch.no_grad():
                model(inputs)

        def loop(cell: torch.nn.LSTMCell = cell, inputs: torch.Tensor = inputs, H: int = H) -> None:
            h = c = torch.zeros(H)
            gates, states = [], []
            with torch.no_grad():
                for x in inputs:
                    z = cell.weight_ih @ x + cell.bias_ih + cell.weight_hh @ h + cell.bias_hh
                    i, f, g, o = z.chunk(4)
                    gates.append((torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)))
                    h, c = cell(x, (h, c))
                    states.append((h, c))

        ours, plain, tracked = medians(
            51,  # nine fell on either of two speeds between which a processor changes
            timed(lambda stack=stack, array=array: run(stack, array)),  # type: ignore[misc]
            timed(forward),
            timed(lambda model=model, inputs=inputs: model(inputs)),  # type: ignore[misc]
        )
        slow = medians(1, timed(loop))[0]
        ratios["plain"].append(ours / plain)
        ratios["tracked"].append(ours / tracked)
        ratios["loop"].append(slow / ours)
    what = "gate trace at T = 10,000, the worst of H = 8, 16, 32, 64"
    yield Row(f"{what}, against `nn.LSTM` under `no_grad`", max(ratios["plain"]), 2.0)
    yield Row("the same, against `nn.LSTM` with autograd on (oneDNN)", max(ratios["tracked"]), 2.0)
    yield Row("the same, against a loop over `nn.LSTMCell` that records it", min(ratios["loop"]), 4.0, at_least=True)


def conditions() -> Iterator[Row]:
    """A condition over a million timestamps that are computed: of one unit, of any of them, and of an input."""
    import numpy as np
    from gatestep.engine import LayerTrace, Trace, find, stack_from_tensors

    T, H, inputs_wide = 1_000_000, 64, 8
    rng = np.random.default_rng(0)
    shapes = {"weight_ih_l0": (4 * H, inputs_wide), "weight_hh_l0": (4 * H, H)}
    stack = stack_from_tensors({name: rng.normal(size=shape) for name, shape in shapes.items()}, "bench")
    x, zero = rng.random((T, inputs_wide), np.float32), np.zeros(H, np.float32)
    values = {"forget": rng.random((T, H), np.float32), "cell": rng.random((T, H), np.float32)}
    quantities = {name: values.get(name, values["cell"]) for name in stack.cell.quantities}
    trace = Trace(stack, x, (LayerTrace(stack.flat[0], x, {"hidden": zero, "cell": zero}, quantities),))
    asked = (
        "forget[2] < .1",
        "forget < .001",
        "all(forget > .01)",
        "change(cell[1]) > .5",
        "x[3] > .9 and forget < .5",
    )
    taken = medians(5, *(timed(lambda c=c: find(trace, c)) for c in asked))  # type: ignore[misc]
    slowest, condition = max(zip(taken, asked, strict=True))
    what = f"a condition over T = 1,000,000 x 64 units, the worst of {len(asked)}"
    yield Row(f"{what}: `{condition}`", slowest, 0.2, " s")


def edits() -> Iterator[Row]:
    """An edit until the comparison knows where and how far the runs part, and every patch of a sentence."""
    import numpy as np
    from gatestep.engine import WordNetwork, distance, edited, first_divergence, patch_grid, run, stack_from_tensors
    from gatestep.scenarios import find, shipped

    T, H, inputs_wide = 1000, 64, 8
    rng = np.random.default_rng(0)
    shapes = {"weight_ih_l0": (4 * H, inputs_wide), "weight_hh_l0": (4 * H, H)}
    stack = stack_from_tensors({name: rng.normal(scale=0.2, size=shape) for name, shape in shapes.items()}, "bench")
    trace = run(stack, rng.normal(size=(T, inputs_wide)))

    def compared() -> None:
        other = edited(trace, ["forget[2]=1@5:9", "hidden[3]=0"])
        assert other.original is not None
        first_divergence(other.original, other)
        distance(other.original.layers[0], other.layers[0], "cell")

    scenario = find("pakistan")
    network = shipped(scenario, "lstm")[0]
    assert isinstance(network, WordNetwork)
    sentence, quantities = network.trace(scenario.sentences[0]), network.stack.cell.quantities
    other = network.trace(scenario.sentences[0].replace("Pakistan", "France"))

    def patched() -> None:
        for quantity in quantities:
            patch_grid(sentence, network, quantity, other)

    edit, grid = medians(5, timed(compared), timed(patched))
    yield Row("an edit until the runs are compared, T = 1,000, H = 64", edit, 0.1, " s")
    yield Row("the patch grid of `pakistan`, 8 units x 24 timestamps x 6 quantities", grid, 1.0, " s")


def forecasting() -> Iterator[Row]:
    """The forecaster's first chart, and its training against the script that the article publishes."""
    from article_script import run as article
    from gatestep.engine import read_table
    from gatestep.scenarios import STUDIES
    from gatestep.scenarios.forecast import ARTICLE, STARBUCKS, prepare, series_of

    def first_chart() -> float:
        terminal = Terminal([str(COMMAND)], (80, 24), environment(), ignore_hang_up=False)
        try:
            terminal.wait_for("order")
            terminal.settle()
            for _ in range(list(STUDIES).index(STARBUCKS.name)):
                terminal.press("down")
            terminal.wait_for("Volume over 253 days")
            terminal.settle()
            start = time.perf_counter()
            terminal.press("enter")
            terminal.wait_for("day 201 of 253")
            return time.perf_counter() - start
        finally:
            terminal.close()

    yield Row("choosing `starbucks` until its first chart", medians(5, first_chart)[0], 1.0, " s")
    with as_file(files("gatestep.data") / STARBUCKS.file) as csv:

        def ours() -> None:
            for epoch in prepare(series_of(read_table(csv), STARBUCKS.target), ARTICLE).train(0):
                if epoch.epoch % 100 == 0:
                    print(f"Epoch: {epoch.epoch}, loss: {epoch.loss:1.5f}")

        def quietly(work: Callable[[], object]) -> Callable[[], float]:
            def job() -> float:
                with redirect_stdout(io.StringIO()):
                    return timed(work)()

            return job

        own, published = medians(5, quietly(ours), quietly(lambda: article(csv, 0)))
    yield Row("1,000 epochs of the article's recipe, with progress, against its own script", own / published, 1.05)


def main() -> int:
    """Print the table; the exit code says whether every budget is met."""
    print("| metric | measured | budget | met |\n|---|---|---|---|")
    rows = []
    for measure in (
        start_up,
        stepping,
        slow_line,
        idle,
        forecasting,
        conditions,
        edits,
        long_sequences,
        far_jumps,
        exporting,
        tracing,
    ):
        for row in measure():
            rows.append(row)
            print(row, flush=True)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
