"""Which units and timestamps a list names."""

from collections.abc import Callable

import pytest
from gatestep.engine.ranges import LONGEST, timestamps, units
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", [3]), ("0,3,7-9", [0, 3, 7, 8, 9]), ("5:9", [5, 6, 7, 8, 9]), ("7:", [7, 8, 9]), (":2", [0, 1, 2]),
     ("9,0", [0, 9]), ("3,2-4,3", [2, 3, 4]), (" 1 , 2:3 ", [1, 2, 3]), ("4-4", [4]), ("007", [7])],
)  # fmt: skip
def test_units_count_from_0_and_ends_are_included(text: str, expected: list[int]) -> None:
    assert list(units(text, 10)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("1", [0]), ("5:9", [4, 5, 6, 7, 8]), ("8:", [7, 8, 9]), (":2", [0, 1]), ("1,10", [0, 9])]
)
def test_timestamps_count_from_1(text: str, expected: list[int]) -> None:
    assert list(timestamps(text, 10)) == expected


def test_a_million_timestamps_take_no_list() -> None:
    assert timestamps("2:", 10**6) == range(1, 10**6)


@pytest.mark.parametrize(
    "text", ["", ",", "3,", ":", "-", "-3", "3-", "a", "1.5", "1;2", "1 2", "5:9:2", "٣", "+1", "1e3"]
)
def test_another_grammar_is_refused(text: str, refusal: Callable[..., str]) -> None:
    for read in (units, timestamps):
        assert "write 3, 0,3,7-9, 5:9, 5: or :9" in refusal(read, text, 10)


def test_what_there_is_not_is_refused_with_what_there_is(refusal: Callable[..., str]) -> None:
    assert refusal(units, "0,10", 10, "--units") == "--units 0,10: there is no unit 10; choose from 0 to 9"
    assert refusal(timestamps, "0", 10, "--steps") == "--steps 0: there is no timestamp 0; choose from 1 to 10"
    assert "no timestamp 11" in refusal(timestamps, "5:11", 10)
    assert refusal(units, "9-7", 10) == "units 9-7: 9-7 runs backwards; write 7-9"
    assert "characters" in refusal(units, "1," * LONGEST, 10)


@given(st.sets(st.integers(0, 20), min_size=1))
def test_whatever_is_listed_is_found(wanted: set[int]) -> None:
    assert list(units(",".join(map(str, wanted)), 21)) == sorted(wanted)
    assert list(timestamps(",".join(str(n + 1) for n in wanted), 21)) == sorted(wanted)
