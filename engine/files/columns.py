"""The names of the columns of a table of inputs."""

import csv
import io
from pathlib import Path

from .opening import lines, opened


def column_names(path: Path, columns: int) -> tuple[str, ...]:
    """Return the names in the first row of a .csv file of inputs.

    There are none where the row has numbers, or not one name for each of the `columns` that are read of the file.
    """
    if path.suffix.lower() != ".csv":
        return ()
    with opened(path) as file, io.TextIOWrapper(file, newline="", encoding="utf-8-sig") as text:
        rows = csv.reader(lines(text, path))
        try:
            names = next((tuple(cell.strip() for cell in row) for row in rows if any(map(str.strip, row))), ())
        except csv.Error:
            return ()
    return names if len(names) == columns and not any(map(_is_number, names)) else ()


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
