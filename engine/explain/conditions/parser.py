"""The grammar of conditions: from text to a tree of frozen nodes. It knows every quantity, and no trace.

    condition   comparison | flips | wrong | nonfinite | any(condition) | all(condition)
                | condition and condition | condition or condition | not condition | (condition)
    comparison  value (< <= > >= == !=) value, also chained; or token == "word", token != "word"
    value       a number | QUANTITY | QUANTITY[unit] | LAYER.QUANTITY | LAYER.QUANTITY[unit]
                | x | x[column] | x["column"] | loss | p("word") | share(QUANTITY[unit], timestamp) | count(condition)
                | change(value) | rise(value) | fall(value) | abs(value)

Python's own parser reads the text, and only the nodes that are named here are accepted; nothing is ever evaluated.
"""

import ast
import operator
import re
import warnings
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from ...quantities import QUANTITIES
from .nodes import (
    Change,
    Comparison,
    Condition,
    Count,
    Flag,
    Input,
    Junction,
    Loss,
    Not,
    Number,
    Over,
    Probability,
    QuantityOf,
    Share,
    Token,
    Value,
    WrongCondition,
)

LONGEST = 1000
"""The most characters that a condition may have."""

DEEPEST = 30
"""How deep a condition may be nested."""

CONDITION = "a condition is a comparison such as forget[2] < .1, flips, wrong, nonfinite, any(...) or all(...)"
VALUE = 'a value is a number, forget[2], l1.cell, x[3], loss, p("word"), count(...), change(...), share(cell[1], 3)'
NAMES = ("x", "token", "loss", "flips", "wrong", "nonfinite")
FLAGS = ("flips", "wrong", "nonfinite")
CHANGES = ("change", "rise", "fall", "abs")
FUNCTIONS = ("any", "all", "count", *CHANGES, "p", "share")
LAYER = re.compile(r"l\d+(_reverse)?")

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip

EXAMPLES = {
    "any": "any(forget < .1)",
    "all": "all(forget > .9)",
    "count": "count(input > .9) >= 3",
    "change": "change(cell[1]) > .5",
    "rise": "rise(cell[1]) > .5",
    "fall": "fall(cell[1]) > .5",
    "abs": "abs(cell[1]) > 2",
    "p": 'p("Pakistani") > .5',
    "share": "share(cell[1], 3) > .5",
}
"""An example of each function in a condition."""


def parse(text: str) -> Condition:
    """Return the condition that is written in `text`. Raises WrongCondition where it is none."""
    if len(text) > LONGEST:
        raise WrongCondition(f"the condition has {len(text)} characters; {LONGEST} are read", LONGEST + 1)
    for place, c in enumerate(text, 1):
        if not c.isprintable():
            raise WrongCondition("a condition is one line of printable text", place)
    begin = len(text) - len(text.lstrip())
    line = text[begin:]
    if not line:
        raise WrongCondition(f"the condition is empty; {CONDITION}", 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        place = min(error.offset or len(line) + 1, len(line) + 1)
        raise WrongCondition(_misread(line, place, error.msg), begin + place) from None
    except (ValueError, RecursionError, MemoryError):
        raise WrongCondition("the condition is nested too deep", begin + 1) from None
    reader = _Reader(line, begin)
    reader.end(body)
    return reader.condition(body, 1)


def _misread(line: str, place: int, message: str) -> str:
    """What is wrong where Python's parser stopped."""
    if message.endswith("was never closed"):
        return f"the {line[place - 1]} is not closed; a {')' if line[place - 1] == '(' else ']'} could stand after it"
    if "string literal" in message and "unterminated" in message:
        return 'the text is not closed; a " could stand after it'
    if "nested parentheses" in message:
        return "the condition is nested too deep"
    if (line[place - 1 : place] == "=" and line[place : place + 1] != "=") or "assign" in message:
        return "a condition sets nothing; for a comparison write =="
    for other, own in (("&", "and"), ("|", "or"), ("!", "not")):
        if line[place - 1 :].startswith(other) and not line[place - 1 :].startswith("!="):
            return f"write {own} for {other}"
    return f"this cannot be read; {CONDITION}, joined by and, or, not"


class _Reader:
    """Converts Python's nodes into ours; `begin` is the number of characters before `line`."""

    def __init__(self, line: str, begin: int):
        self._bytes, self._begin = line.encode("utf-8", "surrogatepass"), begin

    def end(self, body: ast.expr) -> None:
        """Refuse a comment after the condition, whose text would be ignored."""
        place = self._bytes.find(b"#", body.end_col_offset or 0)
        if place >= 0:
            raise WrongCondition("a # begins a comment; nothing more could stand here", self._at(place))

    def _at(self, offset: int) -> int:
        return self._begin + len(self._bytes[:offset].decode("utf-8", "surrogatepass")) + 1

    def _column(self, node: ast.expr) -> int:
        return self._at(node.col_offset)

    def _refuse(self, node: ast.expr, message: str) -> NoReturn:
        raise WrongCondition(message, self._column(node))

    def condition(self, node: ast.expr, depth: int) -> Condition:
        """Return the condition that `node` is."""
        at = self._column(node)
        if depth > DEEPEST:
            self._refuse(node, f"the condition is nested deeper than {DEEPEST} levels")
        match node:
            case ast.BoolOp():
                parts = tuple(self.condition(part, depth + 1) for part in node.values)
                return Junction(at, "and" if isinstance(node.op, ast.And) else "or", parts)
            case ast.UnaryOp(op=ast.Not()):
                return Not(at, self.condition(node.operand, depth + 1))
            case ast.Compare(left=ast.Name(id="token")):
                return self._token(node)
            case ast.Compare():
                return self._comparison(node, depth)
            case ast.Call(func=ast.Name(id="any" | "all" as how)):
                (inner,) = self._arguments(node, how, "condition", ("forget < .1",))
                return Over(at, how, self.condition(inner, depth + 1))
            case ast.Name(id=name) if name in FLAGS:
                return Flag(at, name)
            case ast.Name(id="token"):
                self._refuse(node, 'token is compared with a word, as in token == "not"')
        value = self._value(node, depth)
        if isinstance(value, Number):
            self._refuse(node, f"a number is not a condition; {CONDITION}")
        self._refuse(node, "a value is not a condition; compare it with something, as in forget[2] < .1")

    def _comparison(self, node: ast.Compare, depth: int) -> Comparison:
        operands = [node.left, *node.comparators]
        for left, op in zip(operands, node.ops, strict=False):
            if type(op) not in COMPARISONS:
                self._refuse(left, "values are compared with <, <=, >, >=, == or !=")
        values = tuple(self._value(operand, depth + 1) for operand in operands)
        if all(isinstance(value, Number) for value in values):
            self._refuse(node, f"a comparison of numbers is always the same; one side must be another value; {VALUE}")
        return Comparison(self._column(node), values, tuple(COMPARISONS[type(op)] for op in node.ops))

    def _token(self, node: ast.Compare) -> Token:
        wanted = 'token is compared with one word by == or !=, as in token == "not"'
        if len(node.ops) > 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            self._refuse(node, wanted)
        right = node.comparators[0]
        if not isinstance(right, ast.Constant) or not isinstance(right.value, str):
            self._refuse(right, wanted)
        return Token(self._column(node), right.value, isinstance(node.ops[0], ast.Eq), self._column(right))

    def _value(self, node: ast.expr, depth: int) -> Value:
        at = self._column(node)
        if depth > DEEPEST:
            self._refuse(node, f"the condition is nested deeper than {DEEPEST} levels")
        match node:
            case ast.Constant() | ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant()):
                return Number(at, self._number(node))
            case ast.Name(id="x"):
                return Input(at)
            case ast.Name(id="loss"):
                return Loss(at)
            case ast.Subscript(value=ast.Name(id="x"), slice=index):
                which = index.value if isinstance(index, ast.Constant) else None
                if not isinstance(which, str):
                    which = self._whole(index, 'a column is a number from 0 or a name, as in x[3] or x["Volume"]')
                return Input(self._column(index), which)
            case ast.Subscript(value=ast.Name() | ast.Attribute() as of, slice=index):
                unit = self._whole(index, "a unit is one number from 0, as in forget[2]")
                named = self._quantity(of)
                return QuantityOf(at, named.name, named.layer, unit, self._column(index))
            case ast.Name() | ast.Attribute():
                return self._quantity(node)
            case ast.Call():
                return self._call(node, depth)
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                self._refuse(node, f"a value could stand here, and not a condition; {VALUE}")
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr() as op):
                self._refuse(node, "write and for &" if isinstance(op, ast.BitAnd) else "write or for |")
            case ast.BinOp():
                self._refuse(node, f"conditions do no arithmetic; {VALUE}")
        self._refuse(node, f"this is neither a condition nor a value; {VALUE}")

    def _number(self, node: ast.expr) -> float:
        sign = -1.0 if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else 1.0
        constant = node.operand if isinstance(node, ast.UnaryOp) else node
        assert isinstance(constant, ast.Constant)
        if isinstance(constant.value, str):
            self._refuse(node, 'a word is compared with token, as in token == "not"; here a number could stand')
        if type(constant.value) not in (int, float):
            self._refuse(node, f"this is not a number; {VALUE}")
        try:
            number = float(constant.value)  # type: ignore[arg-type]
        except OverflowError:
            number = float("inf")
        if number > 3.4e38:
            self._refuse(node, "this number is beyond float32; a number below 3.4e38 could stand here")
        return sign * number

    def _whole(self, node: ast.expr, wanted: str) -> int:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        self._refuse(node, wanted)

    def _quantity(self, node: ast.expr) -> QuantityOf:
        at = self._column(node)
        match node:
            case ast.Name(id=name):
                if name in QUANTITIES:
                    return QuantityOf(at, name)
                if name in FUNCTIONS:
                    self._refuse(node, f"{name} is written with brackets, as in {EXAMPLES[name]}")
                if LAYER.fullmatch(name):
                    self._refuse(node, f"a quantity of the layer could stand here, as in {name}.hidden[3]")
                if name in FLAGS:
                    self._refuse(node, f"{name} is a condition by itself; {VALUE}")
                self._unknown(node, name, (*QUANTITIES, *NAMES, *FUNCTIONS))
            case ast.Attribute(value=ast.Name(id=layer), attr=name):
                if not LAYER.fullmatch(layer):
                    self._refuse(node, f"{layer} is not a layer, as l1 is in l1.forget[3]")
                if name not in QUANTITIES:
                    self._unknown(node, name, tuple(QUANTITIES))
                return QuantityOf(at, name, layer)
        self._refuse(node, "before a . stands a layer, as in l1.forget[3] or l0_reverse.hidden")

    def _unknown(self, node: ast.expr, name: str, known: Sequence[str]) -> NoReturn:
        near = get_close_matches(name, known, n=3, cutoff=0.6)
        self._refuse(node, f"unknown name {name}; choose from {', '.join(near or known)}")

    def _call(self, node: ast.Call, depth: int) -> Value:
        at = self._column(node)
        if not isinstance(node.func, ast.Name):
            self._refuse(node, f"only these can be called: {', '.join(FUNCTIONS)}")
        name = node.func.id
        if name in ("any", "all"):
            self._refuse(node, f"{name}(...) is a condition by itself; {VALUE}")
        if name not in FUNCTIONS:
            self._unknown(node, name, (*FUNCTIONS, *QUANTITIES, *NAMES))
        if name == "share":
            memory, timestamp = self._arguments(node, name, "memory and timestamp", ("cell[1]", "3"))
            kept = self._value(memory, depth + 1)
            if not isinstance(kept, QuantityOf) or kept.unit is None:
                self._refuse(memory, "share() takes the memory of one unit, as in share(cell[1], 3)")
            which = self._whole(timestamp, "a timestamp is a number from 1, as in share(cell[1], 3)")
            return Share(at, kept, which, self._column(timestamp))
        (inner,) = self._arguments(node, name, "argument", ())
        if name == "count":
            return Count(at, self.condition(inner, depth + 1))
        if name == "p":
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                return Probability(at, inner.value, self._column(inner))
            self._refuse(inner, 'p() takes a word, as in p("Pakistani")')
        value = self._value(inner, depth + 1)
        if isinstance(value, Number):
            self._refuse(inner, f"{name}() of a number is always the same; a quantity could stand here, as in cell[1]")
        return Change(at, name, value)

    def _arguments(self, node: ast.Call, name: str, what: str, example: Sequence[str]) -> list[ast.expr]:
        wanted = max(len(example), 1)
        if node.keywords or len(node.args) != wanted or any(isinstance(a, ast.Starred) for a in node.args):
            self._refuse(node, f"{name}() takes {'one' if wanted == 1 else 'a'} {what}, as in {EXAMPLES[name]}")
        return node.args
