"""The engine alone, in an interpreter that has loaded nothing else."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "textual", "rich")


def loaded_after(code: str) -> set[str]:
    report = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["gatestep.engine", "gatestep.engine.train.words", "gatestep.engine.files.networks"])
def test_importing_loads_no_screen_and_no_torch(module: str) -> None:
    assert loaded_after(f"import {module}") == set()


def test_stepping_a_short_sequence_loads_no_torch() -> None:
    code = """
import numpy as np
from gatestep.engine import ledger, provenance, run, stack_from_tensors
stack = stack_from_tensors({"weight_ih_l0": np.ones((8, 3)), "weight_hh_l0": np.ones((8, 2))}, "made")
trace = run(stack, np.ones((500, 3)))
ledger(trace, 3, 0, "input"), provenance(trace.layer("l0"), 3, 0)
"""
    assert loaded_after(code) == set()


def test_a_sequence_worth_the_wait_is_run_by_torch() -> None:
    code = """
import numpy as np
from gatestep.engine import run, stack_from_tensors
from gatestep.engine.run import forward as running
stack = stack_from_tensors({"weight_ih_l0": np.ones((4, 1)), "weight_hh_l0": np.ones((4, 1))}, "made")
run(stack, np.ones((running.WORTH_LOADING_TORCH, 1)))
"""
    assert loaded_after(code) == {"torch"}
