"""What is studied: scenarios, the grammars that teach them, and the networks that ship. Needs the engine; no screen."""

from .carrier import carrier
from .forecast import Forecaster
from .library import (
    SCENARIOS,
    STUDIES,
    ShippedNetworks,
    Study,
    charts_of,
    check_model,
    file_name,
    find,
    find_study,
    recorded_scores,
    shipped,
    train_and_save,
    unit_to_watch,
)
from .scenario import Chart, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import Scores, accuracy_by_size, predict, says

__all__ = [
    "SCENARIOS",
    "STUDIES",
    "Chart",
    "Claim",
    "Corpus",
    "Forecaster",
    "LessonStep",
    "Networks",
    "Scenario",
    "Scores",
    "ShippedNetworks",
    "Study",
    "accuracy_by_size",
    "carrier",
    "charts_of",
    "check_model",
    "file_name",
    "find",
    "find_study",
    "predict",
    "recorded_scores",
    "says",
    "shipped",
    "train_and_save",
    "unit_to_watch",
]
