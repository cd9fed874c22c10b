"""The list of edits: where each takes effect, whatever the others have taken away."""

import numpy as np
import pytest
from gatestep.engine import parse_edit
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.edits import panels
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.stepper.state import first_moment


@pytest.mark.parametrize(
    ("edits", "index", "place"),
    [
        (["input[3,5]=0@9:12"], 0, (8, 3, "input")),
        (["cell[4]=0"], 0, (5, 4, "cell")),
        (["reset@7", "x[0]=1@2"], 1, (1, 5, "forget")),
        (["forget[6]=1@24", "delete@3:20"], 0, (5, 6, "forget")),
    ],
)
def test_an_edit_takes_effect_first_at_a_place_that_there_is(
    edits: list[str], index: int, place: tuple[int, int, str], subject: Subject
) -> None:
    changed = with_edits(subject, [parse_edit(text) for text in edits])
    there = EditsPage(first_moment(changed, 5), index).there
    assert (there.t, there.unit, there.quantity) == place


@pytest.mark.parametrize("edit", ["hidden[3]=0", 'insert@5="am am"', "delete@1:20", "hidden=1e38"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_how_far_it_is_from_its_original_stands_below_the_words(edit: str, subject: Subject) -> None:
    page = EditsPage(first_moment(with_edits(subject, [parse_edit(edit)]), 22))
    beside = page.beside()
    assert beside is not None
    said = float(beside.distances()["say"][beside.at(page.here.t).left.t])  # type: ignore[union-attr]
    for width in (20, 80, 200):
        rows = ["".join(s.text for s in line) for line in panels.apart(page, width, 6, Look(UNICODE))]
        assert len(rows) == 5
        assert rows[3].split()[:2] == ["p", "nan" if np.isnan(said) else f"{said:.2f}"]
    assert EditsPage(first_moment(subject)).beside() is None
