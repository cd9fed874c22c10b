"""Making the view of gradients: a sentence in two networks of different kinds."""

from ....engine import BadInput
from ...source.make import in_network, reading_of
from ...source.subject import AnySubject, DenseSubject, Subject
from ..stepper.state import Moment, first_moment
from ..unit.numbers import aims_of
from .state import GradientView


def gradient_view(subject: AnySubject, t: int | None = None, here: Moment | None = None) -> GradientView:
    """Return the backward pass through the sentence of `subject`, at `t` or the end, beside another kind of network.

    Those without an additive memory come first. Over numbers it begins from an output, or the selected unit, where
    `here` is. Raises BadInput where there is no loss to begin from.
    """
    if isinstance(subject, DenseSubject):
        raise BadInput("a dense network reads the sentence whole; there are no timestamps to go back through")
    origin = reading_of(subject)
    if subject.trace.tokens is None:
        here = here or first_moment(subject, len(subject.trace) - 1)
        return GradientView((subject,), here.t, aims=aims_of(here))
    if subject.prediction is None:
        raise BadInput(subject.cannot("gradients"))
    subjects = [subject]
    for model in origin.models:
        other = in_network(subject, model, subject.tokens) if model != origin.model else None
        if isinstance(other, Subject) and other.prediction and other.trace.stack.cell is not subject.trace.stack.cell:
            subjects.append(other)
            break
    subjects.sort(key=lambda s: s.trace.stack.cell.memory_state is not None)
    return GradientView(tuple(subjects), len(subject.trace) - 1 if t is None else t)
