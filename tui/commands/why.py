"""`gatestep why`: from an answer to the words it depends on, the units that carry it, and what wrote them."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from ...engine import printable
from ...engine.text import visible
from .grid import add_answer, asked
from .options import add_network

if TYPE_CHECKING:
    from ...engine import Why

BY = ("exchanged", "erased")
"""Those of `engine.explain.why`, which is not loaded to declare a command."""

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
        "the change of its ln p: when a word is exchanged for others that fit its place, which tells what the answer "
        "depends on; or when a write is erased (the candidate is 0), which tells what any answer needs.",
    )
    add_network(parser)
    add_answer(parser)
    parser.add_argument("--by", choices=BY, help="what ranks words and writes (default: exchanged, where it can be)")
    parser.add_argument("--json", action="store_true", help="as an object")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Find out, and print it."""
    from ...engine import why  # not for other commands

    subject, network, at = asked(arguments, "why")
    found = why(subject.trace, network, arguments.answer, at, by=arguments.by)
    tokens = subject.trace.tokens or ()
    print(_json(found, tokens) if arguments.json else _text(found, tokens))
    return 0


def _text(found: "Why", tokens: tuple[str, ...]) -> str:
    names = [printable(visible(token)) for token in tokens]
    first, exchanged = found.words[0], found.by == "exchanged"
    lines = [
        f"{printable(visible(found.answer))} at {found.at + 1}, ln p {found.base:+.3f}: "
        f"it {'depends on' if exchanged else 'most needs'} {_told(names[first.t])} at {first.t + 1}",
        "",
        "words, exchanged for others that fit" if exchanged else "words, erased: no unit writes anything there",
    ]
    for word in found.words[:MOST]:
        others = (
            (", ".join(printable(visible(other)) for other in word.others[:3]) or "no other word fits")
            if exchanged
            else ""
        )
        lines.append(f"  {word.t + 1:>4}  {names[word.t]:<14} {word.effect:+8.3f}  {others}".rstrip())
    lines += ["", "units, erased: their hidden state is 0 at the answer"]
    for carrier in found.carriers[:MOST]:
        lines.append(f"  {carrier.layer}.hidden[{carrier.unit}]".ljust(22) + f" {carrier.effect:+8.3f}")
    lines.append(f"  {found.random.layer}.hidden[{found.random.unit}]".ljust(22)
                 + f" {found.random.effect:+8.3f}  drawn at random")  # fmt: skip
    lines += ["", f"writes{'exchanged' if exchanged else '':>25}  erased   share"]
    for write in found.writes[:MOST]:
        effect = f"{write.effect:+8.3f}" if exchanged else " " * 8
        lines.append(f"  {write.t + 1:>4}  {names[write.t]:<10} {write.layer}[{write.unit}]".ljust(26)
                     + f" {effect} {write.erased:+8.3f}  {write.share:6.1%}")  # fmt: skip
    lines += ["", f"{found.tried:,} of {found.possible:,} {'timestamps' if exchanged else 'writes'} were tried"]
    return "\n".join(lines)


def _told(name: str) -> str:
    """A word in a sentence: a comma stands in quotes."""
    return name if name[:1].isalnum() else f'"{name}"'


def _json(found: "Why", tokens: tuple[str, ...]) -> str:
    words = [{"t": w.t + 1, "token": tokens[w.t], "effect": w.effect, "others": w.others} for w in found.words]
    carriers = [{"layer": c.layer, "unit": c.unit, "effect": c.effect} for c in found.carriers]
    writes = [
        {"t": w.t + 1, "token": tokens[w.t], "layer": w.layer, "unit": w.unit, "effect": w.effect, "erased": w.erased,
         "share": w.share}
        for w in found.writes
    ]  # fmt: skip
    chance = {"layer": found.random.layer, "unit": found.random.unit, "effect": found.random.effect}
    about = {"answer": found.answer, "at": found.at + 1, "log_probability": found.base, "by": found.by, "words": words,
             "units": carriers, "random_unit": chance, "writes": writes, "tried": found.tried,
             "possible": found.possible}  # fmt: skip
    return json.dumps(about, indent=1)
