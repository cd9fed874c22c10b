import math
from decimal import Decimal

import pytest
from gatestep.engine import apportion
from hypothesis import given
from hypothesis import strategies as st

PARTS = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=8)


def printed(value: float, decimals: int) -> Decimal:
    return Decimal(f"{value:.{decimals}f}")


@given(parts=PARTS, decimals=st.integers(0, 6))
def test_printed_parts_add_up_to_the_printed_total(parts: list[float], decimals: int) -> None:
    total = sum(parts)
    shown = [printed(v, decimals) for v in apportion(parts, total, decimals)]
    assert sum(shown) == printed(total, decimals)


@given(parts=PARTS, decimals=st.integers(0, 6), noise=st.floats(-1e-9, 1e-9))
def test_every_part_is_within_one_unit_of_the_last_place(parts: list[float], decimals: int, noise: float) -> None:
    for part, shown in zip(parts, apportion(parts, sum(parts) + noise, decimals), strict=True):
        assert abs(shown - part) <= 10**-decimals + 1e-9


@pytest.mark.parametrize(
    ("parts", "decimals", "shown"),
    [
        ([0.3, 0.3, 0.4], 0, [0, 0, 1]),
        ([0.005, 0.005], 2, [0.01, 0.0]),
        ([1.004, 1.004, 1.004], 2, [1.01, 1.0, 1.0]),
        ([-1.5, 0.5], 1, [-1.5, 0.5]),
        ([1.115], 2, [1.11]),  # the nearest float is below 1.115, though 100 times it is above 111.5
    ],
)
def test_the_nearest_to_the_next_step_move(parts: list[float], decimals: int, shown: list[float]) -> None:
    assert apportion(parts, sum(parts), decimals) == shown


def test_nothing_is_shown_as_minus_zero() -> None:
    assert [str(v) for v in apportion([-0.001, 0.001], 0.0, 2)] == ["0.0", "0.0"]


def test_no_parts_are_no_parts() -> None:
    assert apportion([], 0.0, 2) == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_where_one_is_no_finite_number_each_is_rounded_by_itself(value: float) -> None:
    rounded = apportion([0.126, value, 1.0], value, 2)
    assert rounded[::2] == [0.13, 1.0]
    assert str(rounded[1]) == str(value)
