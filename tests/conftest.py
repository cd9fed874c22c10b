"""What the tests of several folders share: refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from gatestep.engine import BadInput


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
