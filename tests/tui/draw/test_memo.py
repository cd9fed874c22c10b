"""What is kept of what was drawn: as much as was said, and no longer than what it was drawn of."""

import gc
from dataclasses import dataclass
from pathlib import Path

from gatestep.tui.draw.memo import memo


@dataclass(frozen=True, eq=False)
class Trace:
    steps: int


def test_a_result_is_found_again_for_equal_arguments_and_the_oldest_goes_first() -> None:
    calls = []

    @memo(maxsize=2)
    def drawn(trace: Trace, width: int) -> str:
        calls.append((trace, width))
        return f"{trace.steps} in {width}"

    one, other = Trace(5), Trace(5)
    assert [drawn(one, 80), drawn(one, 80), drawn(other, 80)] == ["5 in 80"] * 3
    assert calls == [(one, 80), (other, 80)], "equal in looks, but not the same trace"
    drawn(one, 80)
    drawn(one, 40)  # the other goes: it was used longest ago
    assert len(calls) == 3
    drawn(one, 80)
    assert len(calls) == 3
    drawn(other, 80)
    assert len(calls) == 4


def test_what_is_kept_goes_with_any_of_what_it_was_made_from() -> None:
    made = []

    class Apart:
        """A result that says when it is gone."""

        def __del__(self) -> None:
            made.append("gone")

    @memo(maxsize=8)
    def apart(one: Trace, other: Trace) -> Apart:
        return Apart()

    stays, leaves = Trace(1), Trace(2)
    apart(stays, leaves)
    apart(leaves, stays)
    gc.collect()
    assert not made
    del leaves
    gc.collect()
    assert made == ["gone", "gone"]


def test_nothing_in_tui_is_kept_for_good_but_what_ships_and_what_is_small() -> None:
    tui = Path(__file__).parents[3] / "tui"
    small = {"draw/look.py", "draw/ramps.py", "draw/lines.py"}  # styles and palette indices
    ships = {
        "views/base/lesson.py",
        "views/experiment/state.py",
        "views/picker/screen.py",
        "views/picker/thumbs.py",
    }
    found = {str(path.relative_to(tui)) for path in tui.rglob("*.py") if "@lru_cache" in path.read_text("utf-8")}
    found |= {str(path.relative_to(tui)) for path in tui.rglob("*.py") if "@cache\n" in path.read_text("utf-8")}
    assert found <= small | ships, "keep what is made of a trace, subject, network or history by draw/memo.py"
