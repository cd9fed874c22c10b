"""What the screens show, as text for pipes: the same panels, every unit, no styles."""

from collections.abc import Sequence
from dataclasses import replace

from ..engine import BadInput
from ..engine.files.export import WHOLE, Part
from .draw import blocks
from .draw.lines import Line, plain_text, segment
from .draw.look import Look
from .source.subject import DenseSubject, Subject
from .views.base.lesson import whole_lesson
from .views.compare import panels as compare
from .views.compare.state import Comparison
from .views.dense.panels import whole
from .views.dense.state import Dense
from .views.edits.panels import edits
from .views.edits.state import EditsPage
from .views.experiment import panels as questions
from .views.experiment.state import Trial
from .views.forecast import panels as forecast
from .views.forecast.state import DATA, FORECAST, LEARNING, SCORES, Forecasting
from .views.gradients import panels as gradients
from .views.gradients.state import GradientView, found_for
from .views.stepper.panels.arithmetic import arithmetic
from .views.stepper.panels.cell import cell
from .views.stepper.panels.heading import heading
from .views.stepper.panels.prediction import prediction
from .views.stepper.panels.sentence import sentence
from .views.stepper.panels.timeline import timeline
from .views.stepper.panels.units import units
from .views.stepper.panels.written import written
from .views.stepper.state import Moment, first_moment

WIDTH = 100
MOST_SENTENCE_LINES = 12
MOST_UNITS = 64
MOST_PANE_LINES = 40
CURVE_ROWS = 20
WRITTEN_ROWS = 7
NONE = -1
"""The index of the chosen edit where none is chosen."""


def stepper(subject: Subject, t: int, look: Look) -> str:
    """Return the stepper at timestamp `t` (from 0), with every unit there is room for and the whole lesson."""
    return stepper_pages(subject, WHOLE, [t], look)


def stepper_pages(subject: Subject, part: Part, ts: Sequence[int], look: Look) -> str:
    """Return what the stepper shows of `part` of a trace at each of the timestamps `ts` (from 0), then the lesson."""
    moments = [first_moment(subject, t) for t in ts]
    if part.layers is not None:
        moments = [replace(moment, layer=layer.name) for moment in moments for layer in part.layers]
    if part.units is not None:
        moments = [_with_units(moment, part.units) for moment in moments]
    pages = [plain_text(_stepper(moment, look)) for moment in moments]
    pages += [plain_text(made)] if (made := _edits(moments[0], look)) else []
    pages += [plain_text(lesson)] if (lesson := whole_lesson(subject.lesson, WIDTH, look)) else []
    return "\n".join(pages) + _unknown(subject.trace.tokens or (), subject.trace.known or (), look)


def _with_units(moment: Moment, asked: Sequence[int]) -> Moment:
    """The moment with only the units that are `asked` for, as far as its layer has them; BadInput where it has none."""
    layer = moment.layer_trace
    only = tuple(unit for unit in asked if unit < layer.H)
    if not only:
        raise BadInput(f"--units: {layer.name} has none of these; its units are 0 to {layer.H - 1}")
    return replace(moment, only=only, unit=moment.unit if moment.unit in only else only[0])


def _stepper(moment: Moment, look: Look) -> list[Line]:
    """Every panel of the stepper at one moment."""
    most = len(moment.order) if moment.only else MOST_UNITS
    rows = min(len(moment.order), most) + 1
    lines = heading(moment, WIDTH, 1, look)
    lines += [*sentence(moment, WIDTH, MOST_SENTENCE_LINES, look), []]
    lines += units(moment, WIDTH, rows, look)
    lines += arithmetic(moment, WIDTH, 5, look, writers=False)
    lines += cell(moment, WIDTH, blocks.rows_of(moment.layer_trace.weights) + 1, look)
    lines += timeline(moment, WIDTH, rows + 2, look)  # a heading, the cursor and the words
    if len(moment.order) > most:
        left_out = f" {most} of {len(moment.order)} units are shown; --units names others"
        lines.append([segment(look, "dim", left_out)])
    if moment.layer_trace.cell.memory_state:
        lines += written(moment, WIDTH, WRITTEN_ROWS, look)
    return lines + prediction(moment, WIDTH, 8, look)


def _edits(moment: Moment, look: Look) -> list[Line]:
    """The edits of a run, each with what it does; nothing for one without."""
    page = EditsPage(moment, index=NONE)
    return edits(page, WIDTH, 1 + len(page.edits), look) if len(page.edits) else []


def dense(subject: DenseSubject, t: int, look: Look) -> str:
    """Return the page of a dense network."""
    lines = whole(Dense(subject), WIDTH, subject.net.H + 20, look)
    return plain_text(lines) + _unknown(subject.reading.tokens, subject.reading.known, look)


def comparison(state: Comparison, t: int, look: Look) -> str:
    """Return the sides one below the other, which is easier to read in a file than side by side."""
    state = state.at(t)
    lines = compare.heading(state, WIDTH, 1, look)
    for moment in state.moments:
        lines += _edits(moment, look)
    lines.append([])
    for side, other in ((state.left, state.right), (state.right, state.left)):
        lines += [*compare.side(side, other, WIDTH, MOST_PANE_LINES, look), []]
    if rows := compare.difference_rows(state, look):
        lines += [*compare.difference(state, WIDTH, rows, look), []]
    lines += [*compare.apart(state, WIDTH, 9, look), [], *compare.answers(state, WIDTH, 9, look)]
    return plain_text(lines) + (f"\n\n {look.text(state.refused)}" if state.refused else "")


def forecasting(state: Forecasting, t: int, look: Look) -> str:
    """Return every page, one below the other."""
    state = state.at(t)
    lines = forecast.heading(state, WIDTH, 1, look)
    for name, rows in ((DATA, 26), (FORECAST, 24), (LEARNING, 24), (SCORES, 20)):
        lines += [[], *forecast.page(replace(state, page=name), WIDTH, rows, look)]
    lines += [[], *forecast.day(state, WIDTH, 4, look), *whole_lesson(state.lesson, WIDTH, look)]
    return plain_text(lines)


def backward_pass(state: GradientView, t: int, look: Look) -> str:
    """Return what the screen shows for the last word's loss and for the sum of all, then the sizes at every word."""
    state = replace(state.at(t), found=found_for(state))
    pages = []
    for summed in (False, True) if len(state.found[0].sources) > 1 else (False,):
        shown = replace(state, summed=summed)
        lines = gradients.heading(shown, WIDTH, 1, look) + gradients.sentence(shown, WIDTH, MOST_SENTENCE_LINES, look)
        lines += gradients.curves(shown, WIDTH, CURVE_ROWS, look) + gradients.numbers(shown, WIDTH, 12, look)
        pages.append(plain_text([*lines, [], *gradients.table(shown, look)]))
    return "\n\n".join(pages)


def experiment(state: Trial, t: int, look: Look) -> str:
    """Return every question with what it shows, and its answer."""
    pages = []
    for index in range(len(state.experiment.parts)):
        shown = replace(state.at(t), index=index, revealed=True)
        numbers = questions.numbers(shown, WIDTH, CURVE_ROWS, look)
        lines = questions.heading(shown, WIDTH, 1, look)
        lines += questions.page(shown, WIDTH, CURVE_ROWS - len(numbers), look) + numbers
        pages.append(plain_text([*lines, *questions.question(shown, WIDTH, 20, look)]))
    return "\n\n".join(pages)


def _unknown(tokens: tuple[str, ...], known: tuple[bool, ...], look: Look) -> str:
    words = dict.fromkeys(look.text(token) for token, ok in zip(tokens, known, strict=False) if not ok)
    return f"\n\n unknown to this network: {', '.join(words)}" if words else ""
