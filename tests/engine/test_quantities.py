import pytest
from gatestep.engine import CELLS, QUANTITIES


def test_they_stand_in_the_order_in_which_an_lstm_computes_them() -> None:
    assert set(QUANTITIES) == {name for cell in CELLS.values() for name in cell.quantities}
    of_an_lstm = [name for name in QUANTITIES if name in CELLS["lstm"].quantities]
    assert of_an_lstm == ["forget", "input", "candidate", "output", "cell", "hidden"]


def test_every_symbol_is_its_own() -> None:
    assert [q.symbol for q in QUANTITIES.values()] == ["f", "i", "r", "z", "g", "o", "c", "h"]


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("forget", False),
        ("input", False),
        ("output", False),
        ("reset", False),
        ("update", False),
        ("candidate", True),
        ("cell", True),
        ("hidden", True),
    ],
)
def test_what_can_be_negative_is_signed(name: str, signed: bool) -> None:
    assert QUANTITIES[name].signed is signed


def test_only_the_cell_state_has_no_bounds() -> None:
    assert [q.name for q in QUANTITIES.values() if q.high is None] == ["cell"]
