"""Numbers of any size stay readable, and all of a column are written in one way."""

import numpy as np
import pytest
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.numbers import Style, style_of
from hypothesis import given
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


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_no_number_takes_many_cells_and_none_is_another_number(values: list[float]) -> None:
    style = style_of(np.array(values, np.float32))
    most = max(map(abs, values))
    for value in values:
        text = style.spelled(value, Look(ASCII))
        assert len(text) <= 13
        assert float(text.replace(",", "")) == pytest.approx(
            value, abs=max(0.00501 * most, 5e-4 if most > 0.5 else 5e-5)
        )


def test_signs_and_powers_of_ten_of_single_numbers() -> None:
    assert LOOK.number(893470000728071178401844559872.0) == "+8.93e29"
    assert LOOK.number(-1e7) == "−1.00e7"
    assert LOOK.number(9_999_999) == "+9999999.00"
    assert Style(2).spelled(-0.001, LOOK) == "+0.00"
