"""Conditions as they may be typed: good ones, and good ones with typing errors."""

import random

from gatestep.engine import QUANTITIES
from gatestep.engine.explain.conditions.parser import FUNCTIONS, NAMES

GOOD = (
    "forget[2] < .1", "any(forget < .1)", "all(forget > .9)", "count(input > .9) >= 3", "change(cell[1]) > .5",
    "rise(cell[1]) > .5", "fall(cell) > .5", "abs(cell[1]) > 2", "flips", 'p("Pakistani") > .5', "wrong", "loss > 2",
    'token == "not"', "token != 'not'", "x[3] > 20", 'x["Volume"] > 1e7', "share(cell[1], 3) > .5", "nonfinite",
    "l1.forget[3] == 0", "l0_reverse.hidden != -1", "not (flips or wrong) and loss > 2", ".1 < forget[2] <= +.5",
    "  forget<1  ", "change(p('a')) > .1", "count(not forget < .1 or input > .5) == 2", "forget > input",
    'x["größe"] > 1',
)  # fmt: skip
"""Conditions of every form, some in several spellings."""

PIECES = (
    *QUANTITIES, *NAMES, *FUNCTIONS, "l0", "l1_reverse", ".", "(", ")", "[", "]", "{", "}", ",", ":", ":=", "=", "==",
    "!=", "<", "<=", ">", ">=", "and", "or", "not", "in", "is", "if", "else", "lambda", "for", "await", "*", "**", "-",
    "+", "~", "@", "0", "1", "-1", ".5", "1e999", "1_0", "0x1", "1j", "True", "None", '"a"', "'", '"', '"""', "f'{x}'",
    "b'a'", "\\", "#", " ", "\n", "\t", "\0", "é", "\u00a0", "\U0001f600", "\ud800", "__import__", "…", "&", "|", "!",
    "?", "$", ";",
)  # fmt: skip


def mutated(rng: random.Random) -> str:
    """Return a good condition with errors in it, or pieces of conditions in any order."""
    if rng.random() < 0.4:
        return rng.choice(["", " "]).join(rng.choices(PIECES, k=rng.randint(1, 14)))
    text = list(rng.choice(GOOD) + rng.choice(["", " and " + rng.choice(GOOD)]))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(text) + 1)
        text[place : place + rng.choice([0, 0, 1, 3])] = rng.choice(PIECES)
    return "".join(text) * rng.choice([1] * 30 + [9, 99])
