"""Trainings that several tests share: the same worker gets all tests of a seed, so that each is made once."""

import os

import pytest

PORTABLE = bool(os.environ.get("GATESTEP_PORTABLE"))
"""Whether these are the tests of `make portable`, which train from more seeds."""


def seeds(*numbers: int) -> pytest.MarkDecorator:
    """Return the mark that runs a test from each seed."""
    each = [pytest.param(n, marks=pytest.mark.xdist_group(f"seed {n}"), id=str(n)) for n in numbers]
    return pytest.mark.parametrize("seed", each)
