"""Where the stepper goes when a screen above it moves or is left: to the same place, as far as both show the same."""

from dataclasses import replace

from ...source.subject import Subject
from .state import Moment


def followed(here: Moment, there: object) -> Moment:
    """Return `here` moved to where `there`, the state of another screen, is; unchanged where they share no subject."""
    from ..gates.state import GateStatistics  # not before a screen is left
    from ..gradients.state import GradientView

    match there:
        case Moment(subject=subject) if _same_run(subject, here.subject):
            if subject is not here.subject:  # a run with other edits
                here = here.with_subject(subject)
            return replace(here, unit=there.unit, quantity=there.quantity, layer=there.layer).at(there.t)
        case GateStatistics(subject=subject) if subject is here.subject:
            return replace(here, unit=there.unit, quantity=there.gate, layer=there.layer)
        case GradientView(subjects=subjects) if here.subject in subjects:
            return here.at(there.t)
    return here


def _same_run(one: Subject, other: Subject) -> bool:
    """Whether both are the same run but for their edits."""
    return one is other or _base(one) is _base(other)


def _base(subject: Subject) -> Subject:
    return subject if subject.changed is None else subject.changed.base


def edited_otherwise(one: Subject, other: Subject) -> bool:
    """Whether two subjects are the same run with different edits."""
    return one is not other and _same_run(one, other)
