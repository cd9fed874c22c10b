"""Conditions drawn at random, each with a slow and plain way to evaluate it, one number at a time."""

import operator
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from gatestep.engine import Known, Trace, has_provenance, provenance

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True)
class Drawn:
    """A value or condition: its text, its value `at` (t, layer, unit), and what it has to be evaluated over.

    `over` is "units" or "columns", or "" where there is one number; `layered` says whether it is taken in every layer.
    """

    text: str
    at: Callable[[int, str, int], Any]
    over: str = ""
    layered: bool = False


class Plain:
    """Evaluates values and conditions of a trace in loops over its timestamps, layers and units."""

    def __init__(self, trace: Trace, known: Known, seed: int):
        self.trace, self.known, self.rng = trace, known, random.Random(seed)
        self.names = [layer.name for layer in trace.layers]
        self.said = [int(np.argmax(p)) for t in range(len(trace)) if (p := trace.probabilities(t)) is not None]

    def holds(self, condition: Drawn, t: int) -> bool:
        """Whether a condition holds at `t` for any unit of any layer."""
        return any(condition.at(t, layer, unit) for layer, unit in self.each(condition))

    def each(self, *drawn: Drawn) -> list[tuple[str, int]]:
        """Every layer and unit that `drawn` has to be evaluated for."""
        over = next((d.over for d in drawn if d.over), "")
        width = {"units": self.trace.stack.H, "columns": self.trace.stack.I, "": 1}[over]
        layers = self.names if any(d.layered for d in drawn) else self.names[:1]
        return [(layer, unit) for layer in layers for unit in range(width)]

    # Values.

    def value(self, over: str, depth: int = 0) -> Drawn:
        """Draw a value, of each of `over` or of one alone."""
        makers = [self._quantity, self._quantity, self._input]
        if depth < 2:
            makers += [self._change, self._change, self._count]
        if self.said:
            makers += [self._loss, self._p]
        if has_provenance(self.trace.stack.cell):
            makers += [self._share]
        return self.rng.choice(makers)(over, depth)

    def _quantity(self, over: str, depth: int) -> Drawn:
        name = self.rng.choice(self.trace.stack.cell.quantities)
        layer = self.rng.choice([None, *self.names])
        unit = None if over == "units" else self.rng.randrange(self.trace.stack.H)
        arrays = {own: self.trace.layer(own)[name] for own in self.names}
        text = f"{layer + '.' if layer else ''}{name}{'' if unit is None else f'[{unit}]'}"
        return Drawn(text, lambda t, name, u: arrays[layer or name][t, u if unit is None else unit],
                     "units" if unit is None else "", layer is None)  # fmt: skip

    def _input(self, over: str, depth: int) -> Drawn:
        column = None if over == "columns" else self.rng.randrange(self.trace.stack.I)
        text = "x" if column is None else self.rng.choice([f"x[{column}]", f'x["{self.known.columns[column]}"]'])
        return Drawn(text, lambda t, _, u: self.trace.inputs[t, u if column is None else column],
                     "columns" if column is None else "")  # fmt: skip

    def _loss(self, over: str, depth: int) -> Drawn:
        prediction = self.known.prediction
        assert prediction is not None
        losses = [prediction.loss(t) for t in range(len(self.trace))]
        return Drawn("loss", lambda t, *_: np.float64(np.nan if losses[t] is None else losses[t]))

    def _p(self, over: str, depth: int) -> Drawn:
        prediction = self.known.prediction
        assert prediction is not None
        word = self.rng.choice(prediction.vocabulary.words)
        return Drawn(f'p("{word}")', lambda t, *_: np.float32(prediction.probability(t, word)))

    def _share(self, over: str, depth: int) -> Drawn:
        memory, writer = self.trace.stack.cell.memory_state, self.rng.randrange(len(self.trace))
        layer, unit = self.rng.choice([None, *self.names]), self.rng.randrange(self.trace.stack.H)
        text = f"share({layer + '.' if layer else ''}{memory}[{unit}], {writer + 1})"

        def share(t: int, name: str, u: int) -> float:
            found = provenance(self.trace.layer(layer or name), t, unit)
            return float(found.shares()[found.timestamps == writer].sum())

        return Drawn(text, share, "", layer is None)

    def _count(self, over: str, depth: int) -> Drawn:
        inner = self.condition(depth + 1, self.rng.choice(["units", "columns"]))
        return Drawn(f"count({inner.text})", lambda t, *_: np.int64(
            sum(bool(inner.at(t, layer, unit)) for layer, unit in self.each(inner))))  # fmt: skip

    def _change(self, over: str, depth: int) -> Drawn:
        inner, how = self.value(over, depth + 1), self.rng.choice(["change", "rise", "fall", "abs"])

        def changed(t: int, name: str, u: int) -> Any:
            now = inner.at(t, name, u)
            if how == "abs":
                return abs(now)
            before = inner.at(max(t - 1, 0), name, u)
            return {"change": abs(now - before), "rise": now - before, "fall": before - now}[how]

        return Drawn(f"{how}({inner.text})", changed, inner.over, inner.layered)

    # Conditions.

    def condition(self, depth: int = 0, over: str = "") -> Drawn:
        """Draw a condition that is evaluated over `over`, or over what is drawn for each comparison."""
        makers = [self._comparison] * 4
        if depth < 3:
            makers += [self._joined, self._joined, self._not, self._any]
        if self.said:
            makers += [self._flag, self._token]
        return self.rng.choice(makers)(depth, over)

    def _comparison(self, depth: int, over: str) -> Drawn:
        over = over or self.rng.choice(["units", "units", "columns", ""])
        values = [self.value(self.rng.choice([over, ""]), depth) for _ in range(self.rng.choice([1, 1, 2]))]
        places = [Drawn(f"{n}", lambda *_, n=n: n) for n in (self.rng.choice([0, 1, -1, self._number()]) for _ in "ab")]  # type: ignore[misc]
        operands = (values + places)[: self.rng.choice([2, 2, 3])]
        self.rng.shuffle(operands)
        signs = [self.rng.choice(list(OPERATORS)) for _ in operands[1:]]
        text = operands[0].text + "".join(f" {sign} {o.text}" for sign, o in zip(signs, operands[1:], strict=True))

        def compared(t: int, name: str, u: int) -> bool:
            found = [operand.at(t, name, u) for operand in operands]
            if any(np.isnan(value) for value in found):
                pairs = zip(signs, found, found[1:], strict=False)
                return all(not (np.isnan(a) or np.isnan(b)) and OPERATORS[sign](a, b) for sign, a, b in pairs)
            return all(OPERATORS[sign](a, b) for sign, a, b in zip(signs, found, found[1:], strict=False))

        over = next((d.over for d in operands if d.over), "")
        return Drawn(text, compared, over, any(d.layered for d in operands))

    def _number(self) -> float:
        return round(self.rng.uniform(-1, 1), 3)

    def _joined(self, depth: int, over: str) -> Drawn:
        parts = [self.condition(depth + 1, over) for _ in range(self.rng.choice([2, 2, 3]))]
        how = self.rng.choice(["and", "or"])
        join = all if how == "and" else any
        text = "(" + f" {how} ".join(part.text for part in parts) + ")"
        if over:  # evaluated for the same unit
            return Drawn(text, lambda t, name, u: join(part.at(t, name, u) for part in parts), over,
                         any(part.layered for part in parts))  # fmt: skip
        return Drawn(text, lambda t, *_: join(self.holds(part, t) for part in parts))

    def _not(self, depth: int, over: str) -> Drawn:
        inner = self.condition(depth + 1, over)
        if over:
            return Drawn(f"not ({inner.text})", lambda t, name, u: not inner.at(t, name, u), inner.over, inner.layered)
        return Drawn(f"not ({inner.text})", lambda t, *_: not self.holds(inner, t))

    def _any(self, depth: int, over: str) -> Drawn:
        inner, how = self.condition(depth + 1, self.rng.choice(["units", "columns"])), self.rng.choice(["any", "all"])
        join = any if how == "any" else all
        return Drawn(f"{how}({inner.text})", lambda t, *_: join(inner.at(t, name, u) for name, u in self.each(inner)))

    def _token(self, depth: int, over: str) -> Drawn:
        tokens = self.trace.tokens or ()
        word, sign = self.rng.choice(tokens), self.rng.choice(["==", "!="])
        return Drawn(f'token {sign} "{word}"', lambda t, *_: OPERATORS[sign](tokens[t], word))

    def _flag(self, depth: int, over: str) -> Drawn:
        prediction = self.known.prediction
        assert prediction is not None
        words, targets = prediction.vocabulary.words, prediction.targets
        return self.rng.choice([
            Drawn("flips", lambda t, *_: t > 0 and self.said[t] != self.said[t - 1]),
            Drawn("wrong", lambda t, *_: targets[t] is not None and words[self.said[t]] != targets[t]),
            Drawn("nonfinite", lambda *_: False),
        ])  # fmt: skip
