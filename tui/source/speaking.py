"""What gives the answers of a subject: a network over words, or the head of one over numbers or of a forecaster."""

from typing import TYPE_CHECKING

import numpy as np

from .edited import words_of
from .subject import Subject

if TYPE_CHECKING:
    from ...engine import Floats, Speaker
    from ...engine.models.scaling import Numbers


def speaker_of(subject: Subject) -> "Speaker | None":
    """Return what gives the answers of `subject`, in the form that explanations take; None where nothing does."""
    network = words_of(subject)
    if network is not None or subject.outputs is not None:
        return network or subject.outputs
    forecast = subject.forecast
    if forecast is None:
        return None
    from ...engine import Answer  # not for a subject that is looked at as it is

    def value(hidden: "Floats") -> "Numbers":
        return forecast.task.in_units(forecast.head.value(hidden.astype(np.float64)))

    return Answer(forecast.task.series.target, value)


def why_silent(subject: Subject) -> str:
    """Return why there is no answer to ask a patch grid about; "" where there is one."""
    if speaker_of(subject) is not None:
        return ""
    return "the grid shows what an answer depends on; no readout was found in this file, so this network gives none"
