"""What the tests of several folders share: refusals, and how many examples a property is tried on.

HYPOTHESIS_PROFILE chooses: "dev" is quick, "fuzz" thorough.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from gatestep.engine import BadInput
from hypothesis import settings

settings.register_profile("dev", deadline=None, max_examples=20)
settings.register_profile("fuzz", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


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
