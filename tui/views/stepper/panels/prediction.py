"""What the network predicts: how likely each word is, which one is right, and its loss."""

from rich.cells import cell_len

from .....engine import NEXT_WORD
from ....draw.lines import Line, fitted, rule, segment, sized, spread, width_of
from ....draw.look import Look
from ....keys import with_keys
from ..state import Moment


def prediction(moment: Moment, width: int, height: int, look: Look) -> list[Line]:
    """Return the likeliest words with bars and the right one, the forecast, or the outputs; nothing without any."""
    if moment.subject.forecast:
        from .day import forecast  # with the charts, which a sentence has none of

        return forecast(moment, width, height, look)
    if moment.subject.outputs:
        from .outputs import outputs

        return outputs(moment, width, height, look)
    p = moment.subject.prediction
    if p is None:
        return []
    if not moment.computed("hidden"):
        until = f"{{key:stepper.into}} steps into it, until {list(moment.layer_trace.cell.parts)[-1]}"
        how = with_keys("{key:stepper.lesson} shows it" if moment.asking else until, look.glyphs.unicode)
        return [[segment(look, "dim", f" {look.text(p.question_text)}   not computed yet: {how}")]]
    actual = _actual(moment, width, look)
    if height == 1:
        actual = actual[:4] if len(actual) > 4 else actual[:2]  # with the verdict; the loss is in the heading
        return [spread(_in_one_line(moment, width - width_of(actual) - 2, look), actual, width - 1, look)]
    if height < 5:
        return [_in_one_line(moment, width, look), actual]
    words = p.top(moment.t, height - 2)
    told = [segment(look, "dim", f"{len(words)} of {len(p.vocabulary.words)} words")]
    lines = [rule(look, [segment(look, "text", look.text(p.question_text))], told, width), actual]
    longest = min(max(cell_len(look.text(w)) for w, _ in words), 16)
    target = p.targets[moment.t]
    for word, chance in words:
        mark = look.glyphs.right if target is not None and p.vocabulary.same(word, target) else " "
        shown = sized(fitted(look, word, 16), longest)
        role = "hidden" if mark != " " else "text"
        bar = look.bar(chance, max(min(width - longest - 10, 40), 0)).rstrip()
        lines.append([segment(look, role, f" {mark} {shown} {look.share(chance)} {bar}")])
    return lines


def _in_one_line(moment: Moment, width: int, look: Look) -> Line:
    p = moment.subject.prediction
    assert p is not None
    label = f" {look.text(p.question_text)} "
    line, used = [segment(look, "dim", label)], len(label)
    target = p.targets[moment.t]
    for rank, (word, chance) in enumerate(p.top(moment.t, 5)):
        size = 11 if rank == 0 else 4
        text = f" {fitted(look, word, 14)} {look.share(chance)} {look.bar(chance, size)} "
        if used + len(text) > width:
            break
        same = target is not None and p.vocabulary.same(word, target)
        line.append(segment(look, "hidden" if same else "text", text))
        used += len(text)
    return line


def _actual(moment: Moment, width: int, look: Look) -> Line:
    p = moment.subject.prediction
    assert p is not None
    word, last = p.targets[moment.t], moment.t + 1 == len(moment.trace)
    if word is None:
        if p.question == NEXT_WORD:
            return [segment(look, "dim", " comes next  nothing: it ends here")]
        if not any(p.targets):
            return [segment(look, "dim", " answer  not known")]
        return [segment(look, "dim", f" answer  {'not defined by the task' if last else 'asked after the last word'}")]
    what = "comes next" if p.question == NEXT_WORD and not last else "answer"
    name = fitted(look, word, 20)
    loss = p.loss(moment.t)
    if loss is None:
        return [segment(look, "dim", f" {what:<10} "), segment(look, "warning", f" {name}"),
                segment(look, "dim", "  not in this network's vocabulary")]  # fmt: skip
    chance = p.probability(moment.t, word)
    line = [segment(look, "dim", f" {what:<10} "), segment(look, "hidden", f" {name}")]
    if what == "answer":
        line += _verdict(moment, word, look)
    for text in (f"  p {look.share(chance)}", f"  loss {loss:.2f}"):
        line.append(segment(look, "text", text))
    while len(line) > 2 and width_of(line) > width:  # the verdict is needed most
        line.pop()
    return line


def _verdict(moment: Moment, word: str, look: Look) -> Line:
    """Whether the answer is right, as a mark and a word; of the next word, which may be one of many, none is said."""
    p = moment.subject.prediction
    assert p is not None
    ((said, _),) = p.top(moment.t, 1)
    if said.casefold() == word.casefold():
        return [segment(look, "text", "  "), segment(look, "input", f"{look.glyphs.right} right")]
    wrong = f"{look.glyphs.wrong} wrong: {fitted(look, said, 14)}"
    return [segment(look, "text", "  "), segment(look, "warning", wrong)]
