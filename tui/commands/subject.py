"""From the options of a command to the subject that it is about."""

import argparse

from ...engine import BadInput
from ...scenarios import find
from ..moment import Subject
from ..subjects import file_subject, scenario_subject
from ..whole import WholeSubject


def subject_of(arguments: argparse.Namespace) -> Subject | WholeSubject:
    """Return the subject that SCENARIO, or --weights and --input, name. BadInput says what does not go together."""
    a = arguments
    if a.text is not None:
        check_text(a.text, "--text")
    if a.scenario is None:
        if a.weights is None or a.input is None:
            raise BadInput("give a SCENARIO, or --weights FILE and --input FILE; gatestep list names the scenarios")
        for option, value in (("--model", a.model), ("--text", a.text)):
            if value is not None:
                raise BadInput(f"{option} goes with a SCENARIO, not with --input")
        return file_subject(a.weights, a.input, a.cell, a.initial_state)
    for option, value in (("--input", a.input), ("--cell", a.cell), ("--initial-state", a.initial_state)):
        if value is not None:
            raise BadInput(f"{option} goes with --weights FILE --input FILE, not with the scenario {a.scenario}")
    return scenario_subject(find(a.scenario), a.model, a.text, a.weights)


def check_text(text: str, option: str) -> None:
    """Raise BadInput where bytes of an argument could not be decoded; Python stands surrogates in for them."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise BadInput(f"{option}: has bytes that are not text in this locale; give it in UTF-8")
