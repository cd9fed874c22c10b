"""The command that opens what is looked at opens the same."""

import shlex
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from gatestep.engine import EditList, parse_edit
from gatestep.tui.cli import build_parser
from gatestep.tui.commands.arguments import subject_of
from gatestep.tui.source.command import command_of, finding
from gatestep.tui.source.edited import Generation, done_to, with_change
from gatestep.tui.source.subject import Subject


def opened(words: Sequence[str]) -> Subject:
    subject = subject_of(build_parser().parse_args(words))
    assert isinstance(subject, Subject)
    return subject


def both(words: Sequence[str], edits: EditList, generation: Generation | None = None) -> tuple[str, Subject, Subject]:
    options = [option for edit in edits.edits for option in ("--edit", edit.text)]
    subject = opened(["run", *words, *options])
    command = command_of(subject, edits, generation)
    return command, subject, opened(shlex.split(command)[1:])


EDITS = EditList().added(parse_edit("forget[1]=0.5@2")).added(parse_edit('token@3="is"')).added(parse_edit("reset@2"))


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (["pakistan"], "gatestep run pakistan --edit"),
        (["pakistan", "--model", "gru"], "gatestep run pakistan --model gru --"),
        (
            ["pakistan", "--text", "My name is Ahmad, I am"],
            "gatestep run pakistan --text 'My name is Ahmad, I am'",
        ),
    ],
)
def test_a_sentence_with_edits_is_opened_again(words: list[str], begins: str) -> None:
    edits = EDITS.switched(2) if "gru" not in words else EDITS.without(0)
    command, one, other = both(words, edits)
    assert command.startswith(begins)
    assert one.tokens == other.tokens
    np.testing.assert_array_equal(one.trace.top, other.trace.top)


def test_words_of_its_own_are_drawn_again() -> None:
    subject = opened(["run", "pakistan"])
    command = command_of(subject, None, Generation(3, 2.0, 7, 4))
    assert command == "gatestep run pakistan --generate 3 --temperature 2 --seed 7 --at 5"
    assert len(opened(shlex.split(command)[1:]).tokens) == 8


def test_a_file_with_its_options_is_opened_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "my w.npz", weight_ih_l0=rng.normal(size=(8, 2)), weight_hh_l0=rng.normal(size=(8, 2)))
    np.save(tmp_path / "x.npy", rng.normal(size=(3, 5, 2)))
    words = ["--weights", str(tmp_path / "my w.npz"), "--input", str(tmp_path / "x.npy"), "--layout", "batch-first",
             "--sequence", "2"]  # fmt: skip
    command, one, other = both(words, EditList().added(parse_edit("cell=from(3)@1:5")))
    assert "'" in command
    np.testing.assert_array_equal(np.asarray(one.trace.top), np.asarray(other.trace.top))


@pytest.mark.parametrize("generation", [None, Generation(3)])
def test_the_hits_on_a_screen_are_printed_again(generation: Generation | None) -> None:
    subject = with_change(done_to(opened(["run", "pakistan"])), EDITS, generation)
    command = finding(subject, 'change(cell[1]) > .5 or token == "am"')
    assert command.startswith("gatestep find pakistan --where 'change(cell[1]) > .5 or token == \"am\"' --")
    again = opened(shlex.split(command)[1:])
    assert again.tokens == subject.tokens
    np.testing.assert_array_equal(again.trace.top, subject.trace.top)
    assert finding(with_change(done_to(subject), EDITS.switched(1), Generation(3, at=4)), "flips") == ""
