"""What is studied: scenarios, the grammars that teach them, and the networks that ship. Needs the engine; no screen."""

from .carrier import carrier
from .library import (
    SCENARIOS,
    ShippedNetworks,
    charts_of,
    check_model,
    file_name,
    find,
    recorded_scores,
    shipped,
    train_and_save,
    unit_to_watch,
)
from .scenario import Chart, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import Scores, accuracy_by_size, predict, says

__all__ = [
    "SCENARIOS",
    "Chart",
    "Claim",
    "Corpus",
    "LessonStep",
    "Networks",
    "Scenario",
    "Scores",
    "ShippedNetworks",
    "accuracy_by_size",
    "carrier",
    "charts_of",
    "check_model",
    "file_name",
    "find",
    "predict",
    "recorded_scores",
    "says",
    "shipped",
    "train_and_save",
    "unit_to_watch",
]
