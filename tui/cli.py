"""The command line: one parser, and the one door through which errors leave.

Exit codes: 0 done, 1 the work failed, 2 wrong use or bad input. An error is one line on stderr.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from ..engine import BadInput, WorkFailed
from ..engine.text import one_line
from .commands import forecast, grid, list_scenarios, pick, run, trace, train, why

DONE, FAILED, WRONG_USE = 0, 1, 2
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}; see {self.prog} --help")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser for the whole command line."""
    from importlib.metadata import version

    parser = _Parser(
        prog="gatestep",
        description="A time-travel debugger for recurrent networks: step through a sequence, see every gate.",
        epilog="Without a command it opens the list of scenarios.",
    )
    parser.add_argument("--version", action="version", version=f"gatestep {version('gatestep')}")
    pick.add_options(parser)
    parser.set_defaults(call=pick.call)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for command in (list_scenarios, run, trace, grid, why, train, forecast):
        command.add(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _make_streams_safe()
    try:
        try:
            arguments = build_parser().parse_args(argv)
            _check_directory()
            code: int = arguments.call(arguments)
            return code
        finally:
            sys.stdout.flush()  # here, where its failure can still be told
    except BadInput as error:
        return _fail(str(error), WRONG_USE)
    except WorkFailed as error:
        return _fail(str(error), FAILED)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:  # the reader has seen enough, as in `gatestep run pakistan | head`
        _drop_output()
        return DONE
    except OSError as error:
        _drop_output()
        return _fail(f"cannot write the output: {error.strerror or error}", FAILED)
    except MemoryError:
        return _fail("out of memory", FAILED)


def _check_directory() -> None:
    """Raise BadInput where the current directory has been removed: torch's libraries end a process that loads them."""
    try:
        os.getcwd()
    except FileNotFoundError:
        raise BadInput("the current directory is not there any more; go to one that is") from None


def _make_streams_safe() -> None:
    """Let what goes to a closed stream go nowhere, and write ? for what a stream's encoding cannot spell."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 (open as long as the process)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Send what is still buffered nowhere, or the interpreter would fail on it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: int) -> int:
    print(one_line(f"gatestep: {message}"), file=sys.stderr)
    return code
