"""Numbers of any size stay readable, and all of a column are written in one way."""

import numpy as np
import pytest
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.numbers import Style, large, plain_column, style_of
from hypothesis import example, given
from hypothesis import strategies as st

LOOK = Look(UNICODE)


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ([-1.5, 0.25], 0.25, "+0.25"),
        ([1.5, 0.25], 0.25, "0.25"),
        ([4_921_900, 12], 4_921_900, "4,921,900"),
        ([8.93e29, 1.0], 8.93e29, "8.93e29"),
        ([8.93e29, -1.0], 1.0, "+1.00e0"),
        ([1e-5, 2e-6], 2e-6, "2.00e-6".replace("-", "−")),
        ([0.011, 0.02], 0.011, "0.0110"),
        ([0, 1], 1, "1"),
        ([0.0, 0.0], 0.0, "0"),
        ([0.5, float("nan")], float("nan"), "nan"),
        ([1.0, 2.0], 12_345_678.0, "1.23e7"),
    ],
)
def test_a_column_is_written_in_one_style(column: list[float], value: float, text: str) -> None:
    assert style_of(np.array(column)).spelled(value, LOOK) == text


@example([0.625])
@example([0.5, 0.125])
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_no_number_takes_many_cells_and_none_is_another_number(values: list[float]) -> None:
    style = style_of(np.array(values, np.float32))
    most = max(map(abs, values))
    for value in values:
        text = style.spelled(value, Look(ASCII))
        assert len(text) <= 13
        assert float(text.replace(",", "")) == pytest.approx(
            value, abs=max(0.00501 * most, 0.00501 if most >= 0.5 else 5e-5)
        )


def test_signs_and_powers_of_ten_of_single_numbers() -> None:
    assert LOOK.number(893470000728071178401844559872.0) == "+8.93e29"
    assert LOOK.number(-1e7) == "−1.00e7"
    assert LOOK.number(9_999_999) == "+9999999.00"
    assert Style(2).spelled(-0.001, LOOK) == "+0.00"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([84.8, 86.25, 86.0], ["84.80", "86.25", "86.00"]),
        ([998.5, 1012.44], ["998.50", "1,012.44"]),
        ([4_064_000, 10_134_400], ["4,064,000", "10,134,400"]),
        ([-0.5, 3], ["−0.50", "3.00"]),
        ([103.51, 99.25], ["103.51", "99.25"]),
        ([1e12, 0.5], ["1e+12", "0.5"]),
        ([float("nan"), 0.25], ["nan", "0.25"]),
    ],
)
def test_numbers_of_a_column_have_the_same_decimals(values: list[float], texts: list[str]) -> None:
    assert plain_column(values, LOOK) == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [(5_976_200, "5.98 M"), (960_510, "961 k"), (12_440_000, "12.4 M"), (-96_165, "-96.2 k"), (9_999, "10.0 k")],
)
def test_large_numbers_have_three_digits(value: float, text: str) -> None:
    assert large(value) == text
