"""Numbers as people write them: each is read as the number it is, or refused with both of its readings."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from gatestep.engine.files.numerals import Column, decimal_marks, numeral
from hypothesis import given
from hypothesis import strategies as st

Refusal = Callable[..., str]


def column(*cells: str, name: str = "v", place: int = 1) -> Column:
    return Column("t.csv", name, place, range(2, 2 + len(cells)), cells)


def read(*cells: str, delimiter: str = ",", beside: tuple[str, ...] = ()) -> list[float]:
    """The numbers of a column, and of one beside it where given."""
    columns = [column(*cells), *([column(*beside, name="w", place=2)] if beside else [])]
    marks = decimal_marks(columns, delimiter)[0]
    return list(columns[0].numbers(marks[0], 1e30))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("5", 5), ("-5", -5), ("+.5", 0.5), ("5.", 5), ("1e3", 1000), ("-1.5E-3", -0.0015), ("007", 7), ("−2.5", -2.5),
        ("1,234,567", 1234567), ("1,234.5", 1234.5), ("-1,234.50", -1234.5), ("1.234,5", 1234.5), ("0,218", 0.218),
        ("-0,349", -0.349), ("1234,567", 1234.567), ("50,12", 50.12), ("1,5e3", 1500), ("1.234.567", 1234567),
        ("1 234 567", 1234567), ("1 234,5", 1234.5), ("1\u00a0162\u00a0235", 1162235), ("1\u202f234.5", 1234.5),
        ("1\u2009234", 1234), ("1'234.5", 1234.5), ("1’234’567,5", 1234567.5), ("12,34,567", 1234567),
        ("1,23,456.5", 123456.5), ("68.18K", 68180), ("530.82k", 530820), ("1.13M", 1130000), ("2.5B", 2.5e9),
        ("1.2T", 1.2e12), ("1,18M", 1180000), ("$1,234.50", 1234.5), ("-$5", -5), ("$-5.5", -5.5),
        ("€ 1.234,56", 1234.56), ("1.234,56 €", 1234.56), ("£3", 3), ("1.5%", 1.5), ("-0.61 %", -0.61), ("1,5 %", 1.5),
        ("(1,234.5)", -1234.5),
        ("($5)", -5),
    ],
)  # fmt: skip
def test_a_cell_with_one_reading(cell: str, value: float) -> None:
    found = numeral(cell)
    assert found is not None
    assert {found.point, found.comma} - {None} == {value}
    assert read(cell) == [value]


@pytest.mark.parametrize(
    "cell",
    ["", "-", "x", "1_000", "0x10", "1,23,4567", "1.2.3", "1,2,3", "1 2", "1 23 456", "0,123,456", "1,234 567", "5 USD",
     "--5", "+-5", "(5", "5)", "(-5)", "5%%", "$5%", "5K%", "$5€", "5m", "1e", "e5", ".", ",", "1e99999", "٣",
     "nan", "inf", "Infinity", "=5", "12:30", "2020-01-01", "01.02.2020", "1/2", "½", "²"],
)  # fmt: skip
def test_what_is_no_number(cell: str) -> None:
    assert numeral(cell) is None


@pytest.mark.parametrize(
    ("cell", "point", "comma"), [("1,234", 1234, 1.234), ("1.234", 1.234, 1234), ("-770.884", -770.884, -770884)]
)
def test_a_cell_with_two_readings(cell: str, point: float, comma: float) -> None:
    found = numeral(cell)
    assert found is not None
    assert (found.point, found.comma, found.decided) == (point, comma, "")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1,234", "1,234,567"), [1234, 1234567]),
        (("1,234", "0,5"), [1.234, 0.5]),
        (("1,234", "0,218"), [1.234, 0.218]),
        (("1,234", "1.5"), [1234, 1.5]),
        (("1.234", "1.234.567"), [1234, 1234567]),
        (("1.234", "12.5"), [1.234, 12.5]),
        (("1.234", "5"), [1.234, 5]),
    ],
)  # fmt: skip
def test_the_rest_of_a_column_decides(cells: tuple[str, ...], values: list[float]) -> None:
    assert read(*cells) == values
    assert read(*cells[::-1]) == values[::-1]


@pytest.mark.parametrize(
    ("cells", "delimiter", "beside", "values"),
    [
        (("770.884", "642.638"), ";", ("50,78", "50,23"), [770884, 642638]),
        (("1,234", "5,678"), ",", ("1,523.40", "2.5"), [1234, 5678]),
        (("1,234", "5,678"), "\t", ("50,78", "1"), [1.234, 5.678]),
        (("1.234", "5.678"), ";", ("1.5", "2"), [1.234, 5.678]),
    ],
)
def test_how_other_columns_are_written_for_sure_decides(
    cells: tuple[str, ...], delimiter: str, beside: tuple[str, ...], values: list[float]
) -> None:
    assert read(*cells, delimiter=delimiter, beside=beside) == values


def test_it_is_said_that_only_other_columns_decide() -> None:
    columns = [column("770.884", "642.638"), column("50,78", "50,23", name="w", place=2)]
    marks, notes = decimal_marks(columns, ";")
    assert (marks, notes) == ([",", ","], ["column 1 (v): 770.884 is read as 770884, as the other columns are written"])
    assert decimal_marks([column("1.5"), column("2,500,000")], ",") == ([".", "."], [])


@pytest.mark.parametrize(
    ("cells", "delimiter", "beside"),
    [
        (("1,234", "5,678"), ",", ()),
        (("1,234", "5"), ";", ()),
        (("770.884", "642.638"), ";", ()),
        (("1,234", "5,678"), ",", ("12.5", "13")),  # a column of text beside one of a program's numbers
        (("1.234", "5.678"), ",", ("0,5", "0,7")),
    ],
)
def test_what_nothing_decides_is_refused_with_both_readings(
    cells: tuple[str, ...], delimiter: str, beside: tuple[str, ...], refusal: Refusal
) -> None:
    found = numeral(cells[0])
    assert found is not None
    said = refusal(lambda *given: read(*given, delimiter=delimiter, beside=beside), *cells)
    assert said == (
        f"t.csv: row 2, column 1 (v) holds '{cells[0]}', which is {found.point:.15g} or {found.comma:.15g}, and the "
        "rest of the column does not tell; write it without groups of thousands, or with more or fewer decimals"
    )


def test_other_columns_that_contradict_each_other_decide_nothing(refusal: Refusal) -> None:
    columns = [column("1,234"), column("1.234,5", name="b", place=2), column("1,234.5", name="c", place=3)]
    assert "which is 1234 or 1.234" in refusal(decimal_marks, columns, ";")


def test_a_column_has_one_decimal_mark_and_one_unit(refusal: Refusal) -> None:
    assert refusal(read, "1.5", "1,5").endswith(
        "holds '1,5', and row 2 holds '1.5'; a column must have one decimal mark"
    )
    for cells in (("5%", "5"), ("5", "5 %"), ("$5", "€5")):
        assert refusal(column(*cells).unit).endswith("a column must have one unit")
    assert column("$5", "6").unit() == ""
    assert column("1.5 %", "2 %").unit() == "%"


STYLES: list[tuple[str, str]] = [
    (".", ","),
    (",", "."),
    (".", " "),
    (",", "\u00a0"),
    (".", "'"),
    (",", "\u202f"),
    (".", ""),
    (",", ""),
]
HUNDREDTHS = st.integers(-(10**12), 10**12).map(lambda n: Decimal(n) / 100)


@given(st.lists(HUNDREDTHS, min_size=1, max_size=9), st.sampled_from(STYLES), st.sampled_from(",;\t"), st.data())
def test_what_is_written_in_any_style_is_read_back(
    numbers: list[Decimal], style: tuple[str, str], delimiter: str, data: st.DataObject
) -> None:
    """Two decimals and groups of thousands, as Excel writes money anywhere."""
    mark, group = style
    sign = data.draw(st.sampled_from(["", "$", "€"]))
    cells = [sign + f"{n:,.2f}".replace(",", "g").replace(".", mark).replace("g", group) for n in numbers]
    assert read(*cells, delimiter=delimiter) == [float(n) for n in numbers]


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=9),
    st.sampled_from([",", ".", " ", "'"]),
    st.sampled_from(",;"),
)
def test_grouped_integers_are_read_back_or_refused(numbers: list[int], group: str, delimiter: str) -> None:
    cells = [f"{n:,}".replace(",", group) for n in numbers]
    try:
        found = read(*cells, delimiter=delimiter)
    except ValueError as error:
        assert " or " in str(error)  # noqa: PT017 (either will do)
        return
    if group == "." and delimiter == "," and all(abs(n) < 10**6 for n in numbers):
        return  # a point with nothing against it is a decimal point
    assert found == numbers


@given(st.lists(st.floats(-1e30, 1e30), min_size=1), st.sampled_from(",;\t"))
def test_what_python_writes_is_read_back_bit_for_bit_or_refused(numbers: list[float], delimiter: str) -> None:
    try:
        found = read(*map(repr, numbers), delimiter=delimiter)
    except ValueError as error:
        assert delimiter == ";"
        assert "which is" in str(error)  # noqa: PT017 (either will do)
        return
    assert found == numbers


@given(st.text(st.sampled_from("0123456789.,-+()$€% '\u00a0"), max_size=12))
def test_a_reading_has_the_digits_of_the_cell_and_no_others(cell: str) -> None:
    found = numeral(cell)
    for value in (found.point, found.comma) if found else ():
        if value is not None:
            digits = "".join(c for c in cell if c.isdigit()).strip("0")
            assert format(Decimal(repr(value)), "f").replace(".", "").strip("-0") == digits
