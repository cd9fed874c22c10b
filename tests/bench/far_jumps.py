"""What it costs to go far in a network of many units, and to write a long trace to a file."""

import os
import resource
from collections.abc import Iterator

import numpy as np
from measuring import Row, medians, timed

JUMPS = ((8, 100_000, 1), (64, 50_000, 1), (256, 10_000, 1), (64, 20_000, 3))
"""Units, timestamps and layers."""


def far_jumps() -> Iterator[Row]:
    """A look at the last timestamp of a lazy run against torch's own forward pass, torch being loaded.

    Both in one thread, in which a lazy run always works: its numbers are the same on any number of cores.
    """
    import torch
    from gatestep.engine import run_lazily, stack_from_tensors
    from gatestep.engine.run.fused import one_thread

    torch.manual_seed(0)
    for H, T, layers in JUMPS:
        model = torch.nn.LSTM(40, H, layers)
        tensors = {name: tensor.detach().numpy() for name, tensor in model.state_dict().items()}
        stack, x = stack_from_tensors(tensors, "bench"), np.random.default_rng(0).normal(size=(T, 40))
        inputs = torch.tensor(x, dtype=torch.float32)
        numbers = inputs.numpy()

        def jump(stack=stack, numbers=numbers, T=T) -> None:  # type: ignore[no-untyped-def]
            run_lazily(stack, numbers).layers[-1]["cell"][T - 1]

        with one_thread():
            ours, theirs = medians(3, timed(jump), timed(lambda model=model, inputs=inputs: model(inputs)))  # type: ignore[misc]
        yield Row(f"a far jump, H = {H}, T = {T:,}, {layers} layers, against torch's kernel", ours / theirs, 1.2)


def exporting() -> Iterator[Row]:
    """Writing 3 layers of 256 units over 5,000 timestamps as text: seconds, and memory above that of the trace."""
    from gatestep.engine import run, stack_from_tensors
    from gatestep.engine.files.export import export

    H, rng = 256, np.random.default_rng(0)
    shapes = {f"weight_{k}_l{n}": (4 * H, 40 if (k, n) == ("ih", 0) else H) for n in range(3) for k in ("ih", "hh")}
    stack = stack_from_tensors({name: rng.uniform(-1, 1, shape) / 16 for name, shape in shapes.items()}, "bench")
    trace = run(stack, rng.normal(size=(5000, 40)))
    for form in ("csv", "json"):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with open(os.devnull, "wb") as file:
            (seconds,) = medians(1, timed(lambda form=form, file=file: export(trace, None, form, file)))  # type: ignore[misc]
        above = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        yield Row(f"writing T = 5,000 x 3 x 256 as {form}", seconds, 6, " s")
        yield Row("the memory that it takes above the trace", above, 300, " MB")
