"""What the tests of several folders share: refusals, and how many examples a property is tried on.

HYPOTHESIS_PROFILE chooses: "dev" is quick, "fuzz" thorough.
"""

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bothends import BothEnds
from gatestep.engine import BadInput
from hypothesis import settings

# Before torch is loaded: with more workers than cores OpenMP's threads wait for one another at full speed.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

settings.register_profile("dev", deadline=None, max_examples=20)
settings.register_profile("fuzz", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

gc.disable()  # until all tests are collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in real terminals last."""
    here = Path(__file__).with_name("terminal")
    items.sort(key=lambda item: item.path.parent == here)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BothEnds | None:
    """Have every other worker begin with them."""
    return BothEnds(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_finish() -> None:
    """Leave out of every later collection of garbage what lasts as long as the run: half a million objects.

    An app collects garbage after each screen; to look through all those as well takes 0.3 s.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def refusal() -> Callable[..., str]:
    """Return a caller that gives back the one line with which a call is refused."""

    def message(call: Callable[..., Any], *arguments: Any, **options: Any) -> str:
        with pytest.raises(BadInput) as caught:
            call(*arguments, **options)
        line = str(caught.value)
        assert "\n" not in line
        return line

    return message
