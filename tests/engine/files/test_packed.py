"""Texts in blocks: the same texts as a list has, in less memory, for a whole table as well."""

import sys
import tracemalloc
from pathlib import Path

import hypothesis
import pytest
from gatestep.engine import read_table
from gatestep.engine.files import packed
from gatestep.engine.files.packed import BLOCK, Packed, Packer
from hypothesis import strategies as st

TEXTS = st.lists(st.text(st.characters(exclude_characters="\0"), max_size=3), max_size=30)


@hypothesis.given(texts=TEXTS, cut=st.slices(30))
def test_it_is_the_sequence_of_its_texts(texts: list[str], cut: slice) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "BLOCK", 4)
        found = Packed.of(iter(texts))
        assert found == texts
        assert found == tuple(texts)
        assert found != [*texts, "more"]
        assert (len(found), list(found)) == (len(texts), texts)
        assert [found[n] for n in range(-len(texts), len(texts))] == texts + texts
        assert list(found[cut]) == texts[cut]
        with pytest.raises(IndexError):
            found[len(texts)]


def test_a_table_is_packed_by_columns() -> None:
    packer = Packer(2)
    rows = [[str(n), "" if n % 3 else "x\ny"] for n in range(2 * BLOCK + 5)]
    for row in rows:
        packer.add(row)
    assert len(packer) == len(rows)
    assert packer.columns() == tuple(tuple(column) for column in zip(*rows, strict=True))
    assert packer.columns()[0][2 * BLOCK + 4] == str(2 * BLOCK + 4)
    assert [*map(len, Packer(3).columns())] == [0, 0, 0]


def test_short_texts_take_little_more_than_their_characters() -> None:
    texts = [f"{n:05}" for n in range(20 * BLOCK)]
    found = Packed.of(texts)
    assert sum(map(sys.getsizeof, found._blocks)) < 1.5 * sum(map(len, texts))


@pytest.mark.parametrize("dates", [True, False])
def test_a_table_takes_memory_in_proportion_to_its_file(tmp_path: Path, dates: bool) -> None:
    """At most seven bytes a byte of the file at any time, of which the numbers are one or two; as lists it was 28."""
    path = tmp_path / "t.csv"
    rows = (f"20{n // 336:02}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" if dates else f"{n}.5" for n in range(9000))
    path.write_text("Date,a,b,c,d\n" + "".join(f"{row},{n}.25,{n % 97}.5,10.{n},7\n" for n, row in enumerate(rows)))
    read_table(path)  # with what is loaded for the first
    tracemalloc.start()
    try:
        table = read_table(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert table.values.shape == (9000, 4 if dates else 5)
    assert peak < 7 * path.stat().st_size
