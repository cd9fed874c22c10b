"""`gatestep why`: from an answer to what it depends on, the units that carry it, and what wrote them."""

import argparse
from typing import TYPE_CHECKING, Any

from ...engine import Trace, printable
from ...engine.text import percent, visible
from ...scenarios import LEAST_EFFECT
from .answers import add_answer, asked, base_of, figure, names_of, place_of, written
from .options import add_network

if TYPE_CHECKING:
    from ...engine import Why
    from ..source.subject import Subject

BY = ("exchanged", "erased")
"""The choices of `engine.explain.why`, which is not loaded just to declare the command."""

MOST = 5
"""Rows of each table."""


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "why",
        help="from an answer to the timestamps that wrote it",
        usage="gatestep why SCENARIO [--text SENTENCE] [--model NAME] [--answer TOKEN] [--at T] "
        "[--by exchanged|erased] [--json]",
        description="Print which words an answer depends on, which units carry it and which timestamps wrote them, by "
        "the change of its ln p: when a word is exchanged for others that fit its place, which shows what the answer "
        "depends on; or when a write is erased (the candidate is 0), which shows what any answer needs. Of a "
        "network over numbers the answer is an output of its head: writes are erased, and effects are in its unit.",
    )
    add_network(parser)
    add_answer(parser)
    parser.add_argument("--by", choices=BY, help="what ranks words and writes (default: exchanged, where it can be)")
    parser.add_argument("--json", action="store_true", help="as an object")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Print what explains the answer."""
    from ...engine import why  # not for other commands

    subject, speaker, at = asked(arguments, "why")
    found = why(subject.trace, speaker, arguments.answer, at, by=arguments.by, fits=subject.fits)
    fitting, names = _fitting(subject), names_of(subject.trace)
    if arguments.json:
        print(_json(found, subject.trace, fitting))
    else:
        print("\n".join(_of_numbers(found, names) if found.of_numbers else _of_words(found, names, fitting)))
    return 0


def _fitting(subject: "Subject") -> str:
    """What the words are that others are exchanged for."""
    counted = subject.fits is not None and subject.fits(subject.tokens, 0) is not None
    return "seen between the same neighbours" if counted else "that the network predicts there"


def _of_words(found: "Why", names: list[str], fitting: str) -> list[str]:
    first, exchanged = found.words[0], found.by == "exchanged"
    on = f"{_told(names[first.t])} at {first.t + 1}"
    if first.effect > -LEAST_EFFECT:
        on = f"no word here: none lowers its ln p by {LEAST_EFFECT} or more"
    lines = [
        f"{printable(visible(found.answer))} at {found.at + 1}, ln p {found.base:+.3f}: "
        f"it {'depends on' if exchanged else 'most needs'} {on}",
        "",
        f"words, exchanged for others {fitting}" if exchanged else "words, erased: no unit writes anything there",
    ]
    for word in found.words[:MOST]:
        others = (
            (", ".join(printable(visible(other)) for other in word.others[:3]) or "no other word fits")
            if exchanged
            else ""
        )
        lines.append(f"  {word.t + 1:>4}  {names[word.t]:<14} {word.effect:+8.3f}  {others}".rstrip())
    lines += _units(found, 8)
    lines += ["", f"writes{'exchanged' if exchanged else '':>25}  erased    share"]
    for write in found.writes[:MOST]:
        effect = f"{write.effect:+8.3f}" if exchanged else " " * 8
        lines.append(f"  {write.t + 1:>4}  {names[write.t]:<10} {write.layer}[{write.unit}]".ljust(26)
                     + f" {effect} {write.erased:+8.3f}  {percent(write.share, 1):>7}")  # fmt: skip
    return [*lines, "", f"{found.tried:,} of {found.possible:,} {'timestamps' if exchanged else 'writes'} were tried"]


def _of_numbers(found: "Why", names: list[str]) -> list[str]:
    first, wide = found.words[0].t, max(len(name) for name in names)
    named, base = f" ({names[first]})" if names[first] else "", figure(found.base, True).lstrip("+")
    lines = [
        f"{printable(found.answer)} at {found.at + 1} is {base}: "
        f"it depends most on what is written at {first + 1}{named}",
        "",
        "timestamps, erased: no unit writes anything there",
    ]
    for word in found.words[:MOST]:
        lines.append(f"  {word.t + 1:>4}  {names[word.t]:<{wide}}".ljust(22) + f" {figure(word.effect, True):>12}")
    lines += _units(found, 12)
    lines += ["", f"writes{'erased':>29}    share"]
    for write in found.writes[:MOST]:
        place = f"  {write.t + 1:>4}  {names[write.t]}{' ' * bool(names[write.t])}{write.layer}[{write.unit}]"
        lines.append(place.ljust(22) + f" {figure(write.effect, True):>12}  {percent(write.share, 1):>7}")
    return [*lines, "", f"{found.tried:,} of {found.possible:,} writes were tried"]


def _units(found: "Why", width: int) -> list[str]:
    """The units that carry the answer, and the one drawn at random."""
    lines = ["", "units, erased: their hidden state is 0 at the answer"]
    for carrier in found.carriers[:MOST]:
        effect = figure(carrier.effect, found.of_numbers)
        lines.append(f"  {carrier.layer}.hidden[{carrier.unit}]".ljust(22) + f" {effect:>{width}}")
    chance, effect = found.random, figure(found.random.effect, found.of_numbers)
    return [*lines, f"  {chance.layer}.hidden[{chance.unit}]".ljust(22) + f" {effect:>{width}}  drawn at random"]


def _told(name: str) -> str:
    """A word as a sentence has it: in quotes where it is punctuation."""
    return name if name[:1].isalnum() else f'"{name}"'


def _json(found: "Why", trace: Trace, fitting: str) -> str:
    words = [{**place_of(trace, w.t), "effect": w.effect, "others": w.others} for w in found.words]
    carriers = [{"layer": c.layer, "unit": c.unit, "effect": c.effect} for c in found.carriers]
    writes = [
        {**place_of(trace, w.t), "layer": w.layer, "unit": w.unit, "effect": w.effect, "erased": w.erased,
         "share": w.share}
        for w in found.writes
    ]  # fmt: skip
    chance = {"layer": found.random.layer, "unit": found.random.unit, "effect": found.random.effect}
    base = base_of(found.base, found.of_numbers)
    others = {"others": fitting} if found.by == "exchanged" else {}
    about = {"answer": found.answer, "at": found.at + 1, **base, "by": found.by, **others, "words": words,
             "units": carriers, "random_unit": chance, "writes": writes, "tried": found.tried,
             "possible": found.possible}  # fmt: skip
    return written(about)
