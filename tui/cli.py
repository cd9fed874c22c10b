"""The command line: one parser, and the one door through which errors leave.

Exit codes: 0 done, 1 the work failed, 2 wrong use or bad input. An error is one line on stderr; GATESTEP_DEBUG=1 shows
the traceback behind it.
"""

import argparse
import errno
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn, TextIO

from ..engine import BadInput, WorkFailed
from ..engine.text import described, one_line
from .commands import forecast, list_scenarios, pick, run, trace, train

DONE, FAILED, WRONG_USE = 0, 1, 2
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage before it, and fails where help cannot be written."""

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}; see {self.prog} --help")

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is not None:
            file.write(message)  # argparse would say nothing of a failure


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
    for command in (list_scenarios, run, trace, train, forecast):
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
        _drop(sys.stdout)
        return DONE
    except OSError as error:
        _drop(sys.stdout)
        why = "it is closed" if error.errno == errno.EBADF else error.strerror or error
        return _fail(f"{error.filename or 'cannot write the output'}: {why}", FAILED)
    except MemoryError:
        return _fail("out of memory", FAILED)
    except Exception as error:
        return _fail(f"a fault of its own: {described(error)}; with GATESTEP_DEBUG=1 it shows where", FAILED)


def _check_directory() -> None:
    """Raise BadInput where the current directory has been removed: torch's libraries end a process that loads them."""
    try:
        os.getcwd()
    except FileNotFoundError:
        raise BadInput("the current directory is not there any more; go to one that is") from None


def _make_streams_safe() -> None:
    """Let writing to a closed output fail as to a full one, and write ? for what a stream's encoding cannot spell."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Opened for reading, and the lowest number that is free: nothing else becomes standard output by accident.
            setattr(sys, name, open(os.open(os.devnull, os.O_RDONLY), mode))  # noqa: SIM115 (open as long as the process)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop(stream: TextIO) -> None:
    """Send what is still buffered nowhere, or the interpreter would fail on it once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _fail(message: str, code: int) -> int:
    """Tell what went wrong, where anybody can be told, and return `code`."""
    try:
        if os.environ.get("GATESTEP_DEBUG") == "1":
            traceback.print_exc()
        print(one_line(f"gatestep: {message}"), file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)
    return code
