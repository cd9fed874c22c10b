"""What keeps the code easy to find: short files, few entries at the top, no deep inheritance.

import-linter keeps the layers.
"""

import ast
from pathlib import Path

import pytest
from everyscreen import SCREENS
from gatestep.tui.views.base.screen import ViewScreen

ROOT = Path(__file__).parents[1]
LONGEST = 330
MOST_ENTRIES = 12


@pytest.mark.parametrize("folder", ["tui", "engine", "scenarios", "tests"])
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


def test_no_view_builds_a_screen() -> None:
    """It asks the app to open a record."""
    built = [
        f"{path.relative_to(ROOT)}:{ast.unparse(node)}"
        for path in (ROOT / "tui" / "views").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if builds_a_screen(node)
    ]
    assert built == []
    assert builds_a_screen(ast.parse("GridScreen(state, look)", mode="eval").body)


def builds_a_screen(node: ast.AST) -> bool:
    """Whether a screen's class is called, or a screen is put on the app's stack."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "").endswith("Screen")
    return isinstance(node, ast.Attribute) and node.attr in ("push_screen", "switch_screen")


def levels(kind: type) -> int:
    """How many classes stand one above the other from ViewScreen to `kind`, both included; mixins are none."""
    return 1 + max((levels(base) for base in kind.__bases__ if issubclass(base, ViewScreen)), default=0)


@pytest.mark.parametrize("where", SCREENS)
def test_a_screen_is_at_most_three_levels_below_textuals(where: str) -> None:
    assert issubclass(SCREENS[where], ViewScreen)
    assert levels(SCREENS[where]) <= 3
