"""What is studied: scenarios, the grammars that teach them, and the networks that ship. Needs the engine; no screen."""

from .library import (
    SCENARIOS,
    accuracy_by_gap,
    check_model,
    file_name,
    find,
    predict,
    shipped,
    train_and_save,
)
from .scenario import Corpus, Scenario

__all__ = [
    "SCENARIOS",
    "Corpus",
    "Scenario",
    "accuracy_by_gap",
    "check_model",
    "file_name",
    "find",
    "predict",
    "shipped",
    "train_and_save",
]
