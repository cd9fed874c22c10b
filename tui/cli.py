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
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn, TextIO

from ..engine import BadInput, WorkFailed
from ..engine.text import described, one_line
from ..scenarios import STUDIES
from .commands import pick
from .commands.options import is_path

COMMANDS = ("list", "inspect", "run", "trace", "find", "why", "grid", "similar", "train", "forecast")
"""The commands, each a module in `commands`, loaded only when it is named or when help lists them all."""

LOOKS = {
    "plain": ("list", "run", "forecast"),
    "glyphs": ("list", "run", "forecast"),
    "theme": ("run",),
    "mouse": ("run",),
}
"""Options that may stand before a command, and the commands that they go with."""

DONE, FAILED, WRONG_USE = 0, 1, 2
INTERRUPTED = 130


class _Once(argparse.Action):
    """Stores the value of an option, and refuses the option a second time: one of the two would be ignored."""

    given = False

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        """Store `values`."""
        if self.given and option is not None:
            parser.error(f"{option} is given twice; give one of them")
        self.given = True
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """Raises BadInput with one line, without the usage, and fails where the help cannot be written."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register("action", None, _Once)

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message}; see {self.prog} --help")

    def _print_message(self, message: str, file: Any = None) -> None:
        (file or sys.stderr).write(message)  # argparse's own ignores a full disk


class _Version(argparse.Action):
    """Looks the version up only when it is asked for, since what reads it is slow to load."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        parser._print_message(f"gatestep {version('gatestep')}\n", sys.stdout)
        parser.exit()


def build_parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser for the command line, with all commands or those of `names`."""
    parser = _Parser(
        prog="gatestep",
        description="A time-travel debugger for recurrent networks: step through a sequence, see every gate.",
        epilog="Without a command it opens the list of scenarios. gatestep WHAT is short for gatestep run WHAT, where "
        "WHAT is a scenario or a file; ./NAME is always a file.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    pick.add_options(parser)
    parser.set_defaults(call=pick.call, looks=tuple(LOOKS))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for name in names:
        module = "list_scenarios" if name == "list" else name
        import_module(f".commands.{module}", __package__).add(commands)
    for name, command_parser in commands.choices.items():
        command_parser.set_defaults(looks=tuple(look for look, names in LOOKS.items() if name in names))
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _make_streams_safe()
    # An overflow shows in the numbers themselves; NumPy's warning tells a user nothing more.
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    try:
        try:
            words = completed(sys.argv[1:] if argv is None else argv)
            named = words[_place(words) :][:1]
            arguments = build_parser(named if named and named[0] in COMMANDS else COMMANDS).parse_args(words)
            _check_looks(arguments)
            _check_directory()
            code: int = arguments.call(arguments)
            return code
        finally:
            sys.stdout.flush()  # here, where a failure can still be reported
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
        return _fail(f"an internal error: {described(error)}; GATESTEP_DEBUG=1 shows where", FAILED)


def completed(argv: Sequence[str]) -> list[str]:
    """Return the words of a command line, with the "run" that `gatestep WHAT` leaves out.

    Raises BadInput where the first word is no command, no scenario and no file.
    """
    words, place = list(argv), _place(argv)
    if place >= len(words) or words[place] in COMMANDS:
        return words
    first = words[place]
    if first.startswith("-"):
        begins = first.split("=")[0] in ("--weights", "--csv")
    elif first in STUDIES or is_path(first):
        begins = True
    else:
        from difflib import get_close_matches

        near = get_close_matches(first, [*COMMANDS, *STUDIES], n=3, cutoff=0.6)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise BadInput(f"{first}: is not a command ({', '.join(COMMANDS)}), a scenario ({', '.join(STUDIES)}) or a file"
                       f"{meant}; see gatestep --help")  # fmt: skip
    return [*words[:place], *(["run"] if begins else []), *words[place:]]


def _place(words: Sequence[str]) -> int:
    """The index of the first word that is neither an option of LOOKS nor the value of one."""
    place = 0
    while place < len(words) and words[place].startswith(("--plain", "--glyphs", "--theme", "--mouse")):
        place += 2 if words[place] in ("--glyphs", "--theme") else 1
    return place


def _check_looks(arguments: argparse.Namespace) -> None:
    """Raise BadInput for an option of LOOKS with a command, or with another option, that it does not go with."""
    if arguments.mouse and arguments.plain:
        raise BadInput("--mouse and --plain do not go together; give one of them")
    for name, left_out in (("plain", False), ("glyphs", "auto"), ("theme", "auto"), ("mouse", False)):
        if getattr(arguments, name) != left_out and name not in arguments.looks:
            raise BadInput(f"--{name} does not go with this command; it goes with {', '.join(LOOKS[name])}")


def _check_directory() -> None:
    """Raise BadInput where the current directory has been removed: loading torch's libraries there ends the process."""
    try:
        os.getcwd()
    except FileNotFoundError:
        raise BadInput("the current directory does not exist; change to one that does") from None


def _make_streams_safe() -> None:
    """Make writing to a closed output fail as to a full disk, and write ? for what a stream's encoding cannot spell."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Opened for reading, so that writing fails; on the lowest free descriptor, so that no other file becomes
            # standard output by accident.
            setattr(sys, name, open(os.open(os.devnull, os.O_RDONLY), mode))  # noqa: SIM115 (open as long as the process)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop(stream: TextIO) -> None:
    """Discard what is still buffered, or the interpreter would fail on it once more as it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _fail(message: str, code: int) -> int:
    """Print what went wrong, as far as stderr can be written to, and return `code`."""
    try:
        if os.environ.get("GATESTEP_DEBUG") == "1":
            traceback.print_exc()
        print(one_line(f"gatestep: {message}"), file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)
    return code
