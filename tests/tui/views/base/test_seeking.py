import pytest
from gatestep.tui.views.base.seeking import place_after, places_of, timestamp_from

TOKENS = ("My", "name", "is", "Ahmad", ",", "my", "cat", "is", "namely", "here")


@pytest.mark.parametrize(
    ("token", "places"), [("my", [0, 5]), ("NAME", [1]), ("nam", [1, 8]), ("ahm", [3]), ("dog", []), (",", [4])]
)
def test_places_of_a_token(token: str, places: list[int]) -> None:
    assert places_of(token, TOKENS) == places


@pytest.mark.parametrize(
    ("t", "count", "there"),
    [(0, 1, (3, False)), (3, 1, (7, False)), (7, 1, (3, True)), (0, 2, (7, False)), (0, 3, (3, True)),
     (9, -1, (7, False)), (3, -1, (7, True)), (5, -2, (7, True))],
)  # fmt: skip
def test_the_next_and_the_previous_place_go_around(t: int, count: int, there: tuple[int, bool]) -> None:
    assert place_after([3, 7], t, count) == there


@pytest.mark.parametrize(("text", "there"), [("1", 0), ("24", 23), ("+5", 8), ("-3", 0), ("+0", 3)])
def test_a_timestamp_as_it_is_typed(text: str, there: int) -> None:
    assert timestamp_from(text, 3, 24) == there


@pytest.mark.parametrize("text", ["0", "25", "-4", "x", "+", "1.5", "--1", "99999999", "٣"])
def test_what_is_no_timestamp_is_said(text: str) -> None:
    assert isinstance(timestamp_from(text, 3, 24), str)
