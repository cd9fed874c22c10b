"""`gatestep` alone: the list of scenarios, as a screen or as text."""

import argparse

from ...scenarios import STUDIES
from ..draw.look import Look
from ..launch import has_terminal, open_app, plain_look
from .options import add_glyphs, add_mouse, add_theme, check_printed


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the bare command."""
    add_glyphs(parser)
    add_mouse(parser)
    add_theme(parser)


def call(arguments: argparse.Namespace) -> int:
    """Open the picker, or print the list and how to run one."""
    if has_terminal() and not arguments.plain:
        return open_app(arguments.glyphs, theme=arguments.theme, mouse=arguments.mouse)
    check_printed(arguments.theme)
    print(table(plain_look(arguments.glyphs)))
    print(f"\nRun one with: gatestep run {next(iter(STUDIES))}")
    return 0


def table(look: Look) -> str:
    """Return the scenarios, a line each."""
    width = max(len(name) for name in STUDIES)
    rows = [f"{s.name.ljust(width)}  {s.summary}  [{', '.join(s.models) or 'experiment'}]" for s in STUDIES.values()]
    return "\n".join(look.text(row) for row in rows)
