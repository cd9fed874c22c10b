"""`gatestep list`: the scenarios."""

import argparse
import json
from typing import Any

from ...scenarios import STUDIES
from ..launch import plain_look
from . import pick


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("list", help="the scenarios", description="List the scenarios.")
    parser.add_argument("--json", action="store_true", help="as a list of objects")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Print the list."""
    if arguments.json:
        rows = [
            {"name": s.name, "title": s.title, "summary": s.summary, "sentences": list(getattr(s, "sentences", ())),
             "models": list(s.models)} for s in STUDIES.values()
        ]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print(pick.table(plain_look("auto")))
    return 0
