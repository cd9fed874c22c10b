"""The list of edits: where each takes effect, whatever the others have taken away."""

import pytest
from gatestep.engine import parse_edit
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.edits.state import EditsPage
from gatestep.tui.views.stepper.state import first_moment


@pytest.mark.parametrize(
    ("edits", "index", "place"),
    [
        (["input[3,5]=0@9:12"], 0, (8, 3, "input")),
        (["cell[4]=0"], 0, (5, 4, "cell")),
        (["reset@7", "x[0]=1@2"], 1, (1, 2, "forget")),
        (["forget[6]=1@24", "delete@3:20"], 0, (5, 6, "forget")),
    ],
)
def test_an_edit_takes_effect_first_at_a_place_that_there_is(
    edits: list[str], index: int, place: tuple[int, int, str], subject: Subject
) -> None:
    changed = with_edits(subject, [parse_edit(text) for text in edits])
    there = EditsPage(first_moment(changed, 5), index).there
    assert (there.t, there.unit, there.quantity) == place
