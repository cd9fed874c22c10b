"""What is studied: scenarios, the grammars that teach them, and the networks that ship. Needs the engine; no screen."""

from .carrier import carrier
from .library import (
    SCENARIOS,
    accuracy_by_gap,
    check_model,
    file_name,
    find,
    predict,
    shipped,
    train_and_save,
    unit_to_watch,
)
from .scenario import Claim, Corpus, Scenario

__all__ = [
    "SCENARIOS",
    "Claim",
    "Corpus",
    "Scenario",
    "accuracy_by_gap",
    "carrier",
    "check_model",
    "file_name",
    "find",
    "predict",
    "shipped",
    "train_and_save",
    "unit_to_watch",
]
