import pytest
from gatestep.tui.views.base.seeking import timestamp_from


@pytest.mark.parametrize(("text", "there"), [("1", 0), ("24", 23), ("+5", 8), ("-3", 0), ("+0", 3)])
def test_a_timestamp_as_it_is_typed(text: str, there: int) -> None:
    assert timestamp_from(text, 3, 24) == there


@pytest.mark.parametrize("text", ["0", "25", "-4", "x", "+", "1.5", "--1", "99999999", "٣"])
def test_what_is_no_timestamp_is_said(text: str) -> None:
    assert isinstance(timestamp_from(text, 3, 24), str)
