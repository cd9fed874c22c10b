"""What is studied: scenarios, the grammars that teach them, and the networks that ship. Needs the engine, no screen."""

from .experiment import Experiment, Part
from .forecast import Forecaster
from .library import (
    EXPERIMENTS,
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
    study_after,
    train_and_save,
    unit_to_watch,
)
from .radius import FORGET_BIASES, RADII, TIMESTAMPS
from .recording import CLIP, record, recorded
from .scenario import Chart, Choices, Claim, Corpus, LessonStep, Networks, Scenario
from .scoring import Scores, accuracy_by_size, answers, likeliest, predict
from .units import held_out_batches, held_out_gates, minimal_pairs
from .watching import LEAST_EFFECT, Watched, carries, most_effect

__all__ = [
    "CLIP",
    "EXPERIMENTS",
    "FORGET_BIASES",
    "LEAST_EFFECT",
    "RADII",
    "SCENARIOS",
    "STUDIES",
    "TIMESTAMPS",
    "Chart",
    "Choices",
    "Claim",
    "Corpus",
    "Experiment",
    "Forecaster",
    "LessonStep",
    "Networks",
    "Part",
    "Scenario",
    "Scores",
    "ShippedNetworks",
    "Study",
    "Watched",
    "accuracy_by_size",
    "answers",
    "carries",
    "charts_of",
    "check_model",
    "file_name",
    "find",
    "find_study",
    "held_out_batches",
    "held_out_gates",
    "likeliest",
    "minimal_pairs",
    "most_effect",
    "predict",
    "record",
    "recorded",
    "recorded_scores",
    "shipped",
    "study_after",
    "train_and_save",
    "unit_to_watch",
]
