"""The unit that a subject opens with, and what its heading says of it: never more than is true of the run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from gatestep.engine import Trace, WordNetwork, parse_edit
from gatestep.engine.files.own import Own
from gatestep.scenarios import Corpus, find, library
from gatestep.scenarios.watching import Carrier, carrier
from gatestep.tui.draw.lines import plain_text
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.source.edited import with_edits
from gatestep.tui.source.make import scenario_subject
from gatestep.tui.source.own import own_subject
from gatestep.tui.source.subject import Subject
from gatestep.tui.views.stepper.panels.arithmetic import arithmetic
from gatestep.tui.views.stepper.reasons import by_effect
from gatestep.tui.views.stepper.state import Moment, first_moment
from gatestep.tui.views.unit.make import unit_page

LOOK = Look(UNICODE)


def heading(moment: Moment) -> str:
    return plain_text(arithmetic(moment, 80, 4, LOOK)).splitlines()[0]


def test_it_is_named_with_its_effect_and_both_timestamps_on_the_smallest_screen(subject: Subject) -> None:
    for t in range(len(subject.trace)):
        assert heading(first_moment(subject, t)).startswith(
            "── unit 5, forget f · carries Pakistan@9 to 24, ln p −7.56"
        )
    assert "carries" not in heading(replace(first_moment(subject), unit=2))


def test_the_lesson_names_it_by_the_number_that_the_prompt_offers(subject: Subject) -> None:
    (text,) = [step.text for step in subject.lesson if "stepper.patch" in step.text]
    assert f"without [{subject.watched.unit}] of all" in text


def test_of_an_edited_run_nothing_is_said_that_was_found_in_another(subject: Subject) -> None:
    """The unit forgets the country: it does not carry it any more."""
    changed = with_edits(subject, [parse_edit("forget[5]=0@10")])
    here = first_moment(changed, 23)
    assert (here.unit, here.marked) == (5, "")
    assert ("Pakistan@9", 5) not in [(r.said[:10], r.unit) for r in by_effect(here)]


def test_only_what_is_shown_is_asked_for_its_unit(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[tuple[str, ...]]()

    def counted(corpus: Corpus, network: WordNetwork, trace: Trace) -> Carrier | None:
        asked.append(trace.tokens or ())
        return carrier(corpus, network, trace)

    monkeypatch.setattr(library, "carrier", counted)
    page = unit_page(first_moment(subject, 8))
    assert len(page.subjects) == 8
    other = scenario_subject(find("pakistan"), None, "I live in Kenya, I am")
    assert isinstance(other, Subject)
    assert not asked
    for _ in range(2):
        assert replace(first_moment(other), subject=replace(other)).subject.watched.writer == 3
    assert first_moment(other).marked.startswith("carries Kenya@4 to 7, ln p −")
    assert len(asked) == 1, "once, also for what is made of it"


def test_in_ones_own_network_it_is_the_largest_effect_at_the_end(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = torch.nn.ModuleDict({"lstm": torch.nn.LSTM(2, 6), "head": torch.nn.Linear(6, 1)})
    torch.save(model.state_dict(), tmp_path / "model.pt")
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32))
    subject = own_subject(Own(tmp_path / "model.pt", tmp_path / "x.npy"))
    assert subject.outputs is not None
    here = first_moment(subject, 8)
    assert here.unit == int(np.abs(subject.outputs.effects(8)).argmax()) == here.with_order().order[0]
    assert "largest effect@9" in heading(here)
    assert here.writer is None
    mark = by_effect(here)[1].mark
    assert mark.text.startswith(f"carries timestamp {by_effect(here)[1].t + 1} to 9, ")
    changes = by_effect(here)[1].said.split(" changes by ")[1].split(" ")[0]
    assert mark.text.endswith(changes), "by as much as the key says"
