"""Where the ticks of an axis are, and what is printed there."""

from itertools import pairwise

import pytest
from gatestep.tui.draw.axes import Axis, across, labels_below, up
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from hypothesis import given
from hypothesis import strategies as st

LOOK = Look(ASCII)


def labels(axis: Axis) -> list[str]:
    return [label.strip() for label in axis.labels]


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (40_000, ["0", "10000", "20000", "30000", "40000"]),
        (800_000, ["0", "200 k", "400 k", "600 k", "800 k"]),
        (2_500_000, ["0", "0.5 M", "1 M", "1.5 M", "2 M", "2.5 M"]),
        (40e6, ["0", "10 M", "20 M", "30 M", "40 M"]),
        (3e9, ["0", "1 G", "2 G", "3 G"]),
        (2e20, ["0", "1e+20", "2e+20"]),
    ],
)
def test_large_numbers_have_one_unit(highest: float, expected: list[str]) -> None:
    assert labels(up([0, highest], 2 * len(expected), LOOK, log=False, zero=True)) == expected


@pytest.mark.parametrize(
    ("values", "rows", "expected"),
    [
        ([-13.93890359e6, 6.196403076e6], 3, ["-10 M", "0"]),
        ([-0.9412, 0.8002], 6, ["-0.5", "0", "0.5"]),
        ([55.1, 107.3], 3, ["60", "80", "100"]),
        ([0.31, 0.32], 3, ["0.31", "0.32"]),
    ],
)
def test_even_few_rows_have_round_numbers(values: list[float], rows: int, expected: list[str]) -> None:
    assert labels(up(values, rows, LOOK, log=False, zero=values[0] < 0)) == expected


def test_an_axis_without_a_zero_spans_the_values_and_a_little_more() -> None:
    axis = up([80, 100], 20, LOOK, log=False, zero=False)
    assert (axis.low, axis.high) == (79, 101)
    assert labels(axis)[0] == "80"
    assert up([80, 100], 20, LOOK, log=False, zero=True).low == 0


def test_shares_are_numbers_on_an_axis_without_a_zero() -> None:
    assert labels(up([0.4, 0.6], 11, LOOK, log=False, zero=False)) == ["0.4", "0.45", "0.5", "0.55", "0.6"]


@pytest.mark.parametrize(("values", "ends"), [([0.1, 10], (0, 10.495)), ([-10, -0.1], (-10.495, 0)), ([0], (0, 1))])
def test_the_margin_ends_at_0(values: list[float], ends: tuple[float, float]) -> None:
    axis = up(values, 20, LOOK, log=False, zero=False)
    assert (axis.low, axis.high) == pytest.approx(ends)


def test_a_logarithmic_axis_has_powers_of_ten() -> None:
    assert labels(up([-4.2, 0.3], 20, LOOK, log=True, zero=True)) == ["1e-4", "0.001", "0.01", "0.1", "1"]
    assert labels(up([-4, 0], 20, Look(UNICODE), log=True, zero=True))[0] == "1e−4"
    assert labels(up([4, 7], 20, LOOK, log=True, zero=True)) == ["10000", "100 k", "1 M", "10 M"]
    assert labels(up([-8, 0], 5, LOOK, log=True, zero=True)) == ["1e-8", "1e-4", "1"]


@pytest.mark.parametrize("powers", [[-0.9, -0.4], [-0.4], [0.0], [], [-1.2, -0.9]])
def test_a_logarithmic_axis_has_at_least_two_ticks(powers: list[float]) -> None:
    axis = up(powers, 20, LOOK, log=True, zero=True)
    assert len(axis.ticks) >= 2
    assert all(axis.low <= power <= axis.high for power in [*powers, *axis.ticks])


@given(
    st.lists(st.integers(0, 500).map(float), min_size=1, unique=True),
    st.integers(20, 200),
    st.integers(2, 12),
    st.integers(1, 12),
)
def test_named_values_are_their_own_and_never_touch(own: list[float], columns: int, left: int, size: int) -> None:
    names = {x: f"{x:.0f}".rjust(size, "d") for x in own}
    axis = across(own, names, left, columns, LOOK)
    shown = labels_below(axis, left, columns)
    assert [tick for tick, _, _ in shown] == axis.ticks
    assert set(axis.ticks) <= set(own)
    assert axis.ticks[0] == min(own)
    assert all(b - a - len(label) >= 2 for (_, a, label), (_, b, _) in pairwise(shown))
    assert all(start >= 0 and start + len(label) <= left + columns for _, start, label in shown)


def test_names_that_no_value_has_leave_numbers() -> None:
    assert labels(across([0, 1, 2], {7: "seven"}, 5, 40, LOOK)) == ["0", "1", "2"]
    assert labels(across([0, 1, 2], {1: "one"}, 5, 40, LOOK)) == ["one"]


@pytest.mark.parametrize("values", [[], [0.2, 0.9]], ids=["none", "some"])
def test_only_shares_are_percentages(values: list[float]) -> None:
    assert labels(up(values, 5, LOOK, log=False, zero=True)) == ["0 %", "50 %", "100 %"]
    assert not any("%" in label for label in labels(up(values, 5, LOOK, log=False, zero=True, shares=False)))
