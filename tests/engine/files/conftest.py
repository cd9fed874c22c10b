"""What tests of tables share: a file of one's own, and what is said of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gatestep.engine.files.delimited import Table, read_table


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str | bytes], Table]:
    """Return a reader of a CSV file that holds the given text or bytes."""

    def read(content: str | bytes) -> Table:
        path = tmp_path / "t.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path)

    return read


@pytest.fixture
def refused(
    table: Callable[[str | bytes], Table], tmp_path: Path, refusal: Callable[..., str]
) -> Callable[[str | bytes], str]:
    """Return a caller that gives back what is said of a file that holds this, without the file's name."""

    def said(content: str | bytes) -> str:
        return refusal(table, content).removeprefix(f"{tmp_path / 't.csv'}: ")

    return said
