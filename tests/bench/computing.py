"""What is computed without a screen: whole traces, conditions, edits and patches."""

from collections.abc import Iterator

from measuring import Row, medians, timed


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
    yield Row(f"{what}, against `nn.LSTM` under `no_grad`", max(ratios["plain"]), 1.0)
    yield Row("the same, against `nn.LSTM` with autograd on (oneDNN)", max(ratios["tracked"]), 1.5)
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
