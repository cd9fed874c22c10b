"""Networks of every kind with random weights, as subjects of the stepper."""

from dataclasses import replace

import numpy as np
from gatestep.engine import CELLS, run, stack_from_tensors
from gatestep.tui.source.subject import Subject
from pilots import FROM_FILE

ROWS = {"rnn": 1, "gru": 3, "gru-before": 3}


def random_subject(cell: str, words: bool = False) -> Subject:
    """Return six timestamps of a network with random weights, with peepholes where the cell can have them."""
    rng, H = np.random.default_rng(4), 5
    tensors = {"weight_ih_l0": rng.normal(size=(ROWS.get(cell, 4) * H, 3)), "bias_hh_l0": None,
               "weight_hh_l0": rng.normal(size=(ROWS.get(cell, 4) * H, H))}  # fmt: skip
    tensors["bias_hh_l0"] = rng.normal(size=ROWS.get(cell, 4) * H)
    if CELLS[cell].peepholes != "never":
        tensors["weight_peephole_l0"] = rng.normal(size=(3, H))
    trace = run(stack_from_tensors(tensors, "random", cell), rng.normal(size=(6, 3)) * 2)
    if words:
        trace = replace(trace, tokens=("a", "sharp-and-intelligent", "boy", ",", "is", "he"))
    return Subject("random", CELLS[cell].title, trace, FROM_FILE)
