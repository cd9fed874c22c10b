"""What keeps the code easy to find: short files, few entries at the top. import-linter keeps the layers."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 330
MOST_ENTRIES = 12


@pytest.mark.parametrize("folder", ["tui", "engine", "scenarios"])
def test_no_file_is_longer_than_one_can_hold_in_the_head(folder: str) -> None:
    files = list((ROOT / folder).rglob("*.py"))
    assert len(files) > 10
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: lines for path, lines in long.items() if lines > LONGEST} == {}


def test_few_things_stand_at_the_top_of_tui() -> None:
    entries = {
        path.stem for path in (ROOT / "tui").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert "app" in entries
    assert "views" in entries
    assert len(entries - {"__init__", "__main__"}) <= MOST_ENTRIES


def test_every_view_is_a_folder_with_its_screen() -> None:
    views = [path for path in (ROOT / "tui" / "views").iterdir() if (path / "__init__.py").exists()]
    assert len(views) > 10
    assert [view.name for view in views if not (view / "screen.py").exists()] == []
