"""Which options go with what a command is about: any other is refused in one line, never ignored."""

import argparse
from collections.abc import Mapping
from enum import Enum

from ...engine import BadInput


class What(Enum):
    """What a command can be about, as errors call it."""

    SENTENCES = "a SCENARIO of sentences"
    DENSE = "a SCENARIO in its dense network, which has no timestamps"
    NUMBERS = "a SCENARIO that forecasts numbers"
    DAY = "a day of a SCENARIO that forecasts numbers"
    EXPERIMENT = "a SCENARIO that is an experiment"
    FILE = "a network of your own, --weights FILE with --input FILE or --text"
    TABLE = "a series of your own, --csv FILE --target COLUMN"


_SCENARIOS = (What.SENTENCES, What.DENSE, What.NUMBERS, What.DAY, What.EXPERIMENT)

OF_FILES = (
    "input", "network", "chain", "cell", "activation", "recurrent_activation", "layout", "sequence", "lengths",
    "embedding", "initial_state", "carry", "expect", "readout", "vocabulary", "labels", "tokens", "fold_case",
    "unknown", "scaler",
)  # fmt: skip
"""The options that go with --weights FILE, and with nothing else."""

GOES_WITH: Mapping[str, tuple[What, ...]] = {
    "scenario": _SCENARIOS,
    "model": (What.SENTENCES, What.DENSE, What.NUMBERS, What.DAY, What.TABLE),
    "seed": (What.SENTENCES, What.DENSE, What.NUMBERS, What.FILE, What.TABLE),
    "text": (What.SENTENCES, What.DENSE, What.DAY, What.FILE),
    "weights": (What.SENTENCES, What.DENSE, What.FILE),
    **dict.fromkeys(OF_FILES, (What.FILE,)),
    "csv": (What.TABLE,),
    "target": (What.TABLE, What.FILE),
    "dates": (What.TABLE,),
    "recipe": (What.NUMBERS, What.DAY, What.TABLE),
    "window": (What.TABLE,),
    "horizon": (What.TABLE,),
    "split": (What.TABLE,),
    "compare": (What.SENTENCES, What.DENSE, What.FILE),
    "gradients": (What.SENTENCES, What.FILE),
    "edit": (What.SENTENCES, What.DAY, What.FILE),
    "edits": (What.SENTENCES, What.DAY, What.FILE),
    "generate": (What.SENTENCES, What.FILE),
    "temperature": (What.SENTENCES, What.FILE),
    "quantity": (What.SENTENCES, What.DAY, What.FILE),
    "answer": (What.SENTENCES, What.FILE),
    "layer": (What.SENTENCES, What.DAY, What.FILE),
    "units": (What.SENTENCES, What.DAY, What.FILE),
    "steps": (What.SENTENCES, What.DAY, What.FILE),
}
"""The options of all commands that do not go with everything, by their names in the parsed arguments."""

APART = (
    *((one, other) for one in ("edit", "edits", "generate") for other in ("compare", "gradients")),
    ("compare", "gradients"),
    ("compare", "layer"),
    ("compare", "units"),
    ("compare", "steps"),
    ("gradients", "layer"),
    ("gradients", "units"),
    ("gradients", "steps"),
    ("at", "steps"),
)
"""Pairs of options that do not go together, though each may go with what the command is about."""


def check(arguments: argparse.Namespace, what: What) -> None:
    """Raise BadInput for an option that was given and does not go with `what`, or with another one."""
    for name, value in vars(arguments).items():
        if given(value) and name in GOES_WITH and what not in GOES_WITH[name]:
            others = " or ".join(kind.value for kind in GOES_WITH[name] if _takes(arguments, kind))
            raise BadInput(f"{_spelled(name, value)} does not go with {what.value}; it goes with {others}")
    for one, other in APART:
        if given(getattr(arguments, one, None)) and given(getattr(arguments, other, None)):
            raise BadInput(f"{option(one)} and {option(other)} do not go together; give one of them")


def _takes(arguments: argparse.Namespace, kind: What) -> bool:
    """Whether the command takes such a thing at all; the dense networks are told apart only where it matters."""
    names = {What.FILE: "weights", What.TABLE: "csv", What.DENSE: ""}
    return hasattr(arguments, names.get(kind, "scenario"))


def given(value: object) -> bool:
    """Return whether a parsed `value` was given on the command line."""
    return value is not None and value is not False


def option(name: str) -> str:
    """Return what is typed for the argument `name`."""
    return "SCENARIO" if name == "scenario" else f"--{name.replace('_', '-')}"


def _spelled(name: str, value: object) -> str:
    return option(name) if value is True else str(value) if name == "scenario" else f"{option(name)} {value}"
