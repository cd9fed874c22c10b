"""From the options of a command to the edits of its run."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import BadInput
from ...engine.files.opening import opened
from ..source.edited import Generation
from .options import path

if TYPE_CHECKING:
    from ...engine import Edit

LARGEST_FILE = 2**20
"""The most bytes of a file of edits."""


def add_edits(parser: argparse.ArgumentParser) -> None:
    """Add the options that edit the run, and those that continue it."""
    parser.add_argument("--edit", metavar="EDIT", action="append",
                        help="change something, such as 'forget[2]=1@5:9'; may be given several times")  # fmt: skip
    parser.add_argument("--edits", metavar="FILE", type=path, help="a text file, one edit a line; # is a comment")
    parser.add_argument("--generate", metavar="N", type=int, help="continue with N words that the network predicts")
    parser.add_argument("--temperature", metavar="X", type=float, help="sample the words (default: the likeliest)")
    parser.add_argument("--seed", metavar="N", type=int, help="the seed of the sampling (default 0)")


def edits_of(arguments: argparse.Namespace) -> "list[Edit]":
    """Return the edits that --edits FILE and --edit name, the file's first. Raises BadInput for what is no edit."""
    file: Path | None = getattr(arguments, "edits", None)
    typed: list[str] = getattr(arguments, "edit", None) or []
    if file is None and not typed:
        return []
    from ...engine import WrongEdit, parse_edit, parse_edits  # not for commands that change nothing

    found = [] if file is None else parse_edits(_lines(file), str(file))
    for text in typed:
        check_text(text, "--edit")
        try:
            found.append(parse_edit(text))
        except WrongEdit as error:
            raise BadInput(f"--edit: {error}") from None
    return found


@contextmanager
def naming(edits: "Sequence[Edit]") -> Iterator[None]:
    """Name the edit that is refused where there are several `edits`: a column alone does not say which it is."""
    try:
        yield
    except BadInput as error:
        text = getattr(error, "text", "")
        if len(edits) < 2 or not text:
            raise
        raise BadInput(f"{text}: {error}") from None


def generation_of(arguments: argparse.Namespace) -> Generation | None:
    """Return how the network continues, None where it does not; --at, from 1, is the timestamp after which it does.

    Raises BadInput for options that generate nothing, and for a negative seed.
    """
    count = getattr(arguments, "generate", None)
    temperature, seed = getattr(arguments, "temperature", None), getattr(arguments, "seed", None)
    if count is None:
        if temperature is not None:
            raise BadInput("--temperature goes with --generate N")
        if seed is not None and hasattr(arguments, "generate"):
            raise BadInput("--seed goes with --generate N --temperature X")
        return None
    if seed is not None and temperature is None:
        raise BadInput("--seed draws the words; give --temperature X with it")
    if seed is not None and seed < 0:
        raise BadInput(f"--seed {seed}: a seed is a whole number from 0")
    at = getattr(arguments, "at", None)
    return Generation(count, temperature or 0.0, seed or 0, None if at is None else at - 1)


def _lines(file: Path) -> list[str]:
    with opened(file) as stream:
        content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BadInput(f"{file}: is larger than {LARGEST_FILE:,} bytes; a file of edits has one a line")
    try:
        return content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not text; write one edit a line, in UTF-8") from None


def check_text(text: str, option: str) -> None:
    """Raise BadInput where bytes of an argument could not be decoded; Python stands surrogates in for them."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise BadInput(f"{option}: has bytes that are not text in this locale; give it in UTF-8")
