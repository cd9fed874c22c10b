"""Making the view of gradients: a sentence in two networks of different kinds."""

from ....engine import Aim, BadInput
from ...source.make import in_network, reading_of
from ...source.subject import AnySubject, DenseSubject, Subject
from ..stepper.state import Moment, first_moment
from .state import GradientView


def gradient_view(subject: AnySubject, t: int | None = None, here: Moment | None = None) -> GradientView:
    """Return the backward pass through the sentence of `subject`, at `t` or the end, beside another kind of network.

    Networks without an additive memory come first. Over numbers, it begins from an output or the selected unit, where
    `here` is. Raises BadInput where there is no loss to begin from.
    """
    if isinstance(subject, DenseSubject):
        raise BadInput("a dense network reads the sentence at once; it has no timestamps to go back through")
    origin = reading_of(subject)
    if subject.trace.tokens is None:
        here = here or first_moment(subject, len(subject.trace) - 1)
        return GradientView((subject,), here.t, aims=_aims(here))
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


def _aims(here: Moment) -> tuple[Aim, ...]:
    """What gradients can be of at the timestamp of `here`: each output, and the selected unit's hidden state."""
    said, place = here.subject.outputs, 0
    shown = here.layer_trace.weights.P
    if here.layer in here.read_layers and here.unit < shown:
        place = here.read_layers.index(here.layer) * shown + here.unit
    outputs = [Aim(here.t, output) for output in range(said.K)] if said is not None else []
    return (*outputs, Aim(here.t, unit=place))
