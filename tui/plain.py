"""What the screens show, as text for pipes: the same panels, every unit, no styles."""

from dataclasses import replace

from .draw.lines import plain_text
from .draw.look import Look
from .source.make import Opened
from .views.base.lesson import whole_lesson
from .views.compare import panels as compare
from .views.compare.state import Comparison
from .views.dense.panels import whole
from .views.dense.state import Whole, WholeSubject
from .views.experiment import panels as experiment
from .views.experiment.state import Trial
from .views.forecast import panels as forecast
from .views.forecast.state import DATA, FORECAST, LEARNING, SCORES, Forecasting
from .views.gradients import panels as gradients
from .views.gradients.state import Backward, found_for
from .views.stepper.panels.arithmetic import arithmetic
from .views.stepper.panels.heading import heading
from .views.stepper.panels.prediction import prediction
from .views.stepper.panels.sentence import sentence
from .views.stepper.panels.timeline import timeline
from .views.stepper.panels.units import units
from .views.stepper.state import first_moment

WIDTH = 100
MOST_SENTENCE_LINES = 12
MOST_UNITS = 64
MOST_PANE_LINES = 40
CURVE_ROWS = 20


def page(opened: Opened, t: int, look: Look) -> str:
    """Return everything that is shown of `opened`, at timestamp `t` (from 0) where it has timestamps."""
    if isinstance(opened, WholeSubject):
        lines = whole(Whole(opened), WIDTH, opened.net.H + 20, look)
        return plain_text(lines) + _unknown(opened.reading.tokens, opened.reading.known, look)
    if isinstance(opened, Comparison):
        return _comparison(opened.at(t), look)
    if isinstance(opened, Forecasting):
        return _forecasting(opened.at(t), look)
    if isinstance(opened, Backward):
        return _backward(opened.at(t), look)
    if isinstance(opened, Trial):
        return _experiment(opened.at(t), look)
    moment = first_moment(opened, t)
    rows = min(moment.layer_trace.H, MOST_UNITS) + 1
    lines = heading(moment, WIDTH, 1, look)
    lines += [*sentence(moment, WIDTH, MOST_SENTENCE_LINES, look), []]
    lines += units(moment, WIDTH, rows, look)
    lines += arithmetic(moment, WIDTH, 5, look)
    lines += timeline(moment, WIDTH, rows, look)
    lines += prediction(moment, WIDTH, 8, look)
    lines += whole_lesson(opened.lesson, WIDTH, look)
    return plain_text(lines) + _unknown(opened.trace.tokens or (), opened.trace.known or (), look)


def _comparison(state: Comparison, look: Look) -> str:
    """The sides one below the other, which is easier to read in a file than side by side."""
    lines = [*compare.heading(state, WIDTH, 1, look), []]
    for side in (state.left, state.right):
        lines += [*compare.side(side, WIDTH, MOST_PANE_LINES, look), []]
    lines += [*compare.apart(state, WIDTH, 9, look), [], *compare.answers(state, WIDTH, 9, look)]
    return plain_text(lines) + (f"\n\n {look.text(state.note)}" if state.note else "")


def _forecasting(state: Forecasting, look: Look) -> str:
    """Every page, one below the other."""
    lines = forecast.heading(state, WIDTH, 1, look)
    for name, rows in ((DATA, 26), (FORECAST, 24), (LEARNING, 24), (SCORES, 20)):
        lines += [[], *forecast.page(replace(state, page=name), WIDTH, rows, look)]
    lines += [[], *forecast.day(state, WIDTH, 4, look), *whole_lesson(state.lesson, WIDTH, look)]
    return plain_text(lines)


def _backward(state: Backward, look: Look) -> str:
    """What the screen shows for the last word's loss and for the sum of all, then the sizes at every word."""
    state = replace(state, found=found_for(state))
    pages = []
    for summed in (False, True) if len(state.found[0].sources) > 1 else (False,):
        shown = replace(state, summed=summed)
        lines = gradients.heading(shown, WIDTH, 1, look) + gradients.sentence(shown, WIDTH, MOST_SENTENCE_LINES, look)
        lines += gradients.curves(shown, WIDTH, CURVE_ROWS, look) + gradients.numbers(shown, WIDTH, 12, look)
        pages.append(plain_text([*lines, [], *gradients.table(shown, look)]))
    return "\n\n".join(pages)


def _experiment(state: Trial, look: Look) -> str:
    """Every question with what there is to be seen, and its answer."""
    pages = []
    for place in range(len(state.experiment.parts)):
        shown = replace(state, place=place, revealed=True)
        lines = experiment.heading(shown, WIDTH, 1, look) + experiment.page(shown, WIDTH, CURVE_ROWS, look)
        pages.append(plain_text([*lines, *experiment.question(shown, WIDTH, 20, look)]))
    return "\n\n".join(pages)


def _unknown(tokens: tuple[str, ...], known: tuple[bool, ...], look: Look) -> str:
    words = dict.fromkeys(look.text(token) for token, ok in zip(tokens, known, strict=False) if not ok)
    return f"\n\n unknown to this network: {', '.join(words)}" if words else ""
