"""Commands in lines, however narrow."""

import shlex

import pytest
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.draw.shell import CONTINUED, from_shell, in_lines

WORDS = ["gatestep", "find", "a b.npz", "--where", "forget[2] < .1", ""]


@pytest.mark.parametrize("width", [0, 1, 2, 3, 5, 8, 20, 80])
def test_a_command_is_one_command_at_every_width(width: int) -> None:
    lines = ["".join(s.text for s in line) for line in in_lines(WORDS, width, Look(UNICODE))]
    assert all(line.endswith(CONTINUED) for line in lines[:-1])
    assert shlex.split("".join(line.removesuffix(CONTINUED) for line in lines)) == WORDS


def test_where_no_command_does_it_nothing_is_shown() -> None:
    assert from_shell("", 80, 24, Look(UNICODE)) == []
