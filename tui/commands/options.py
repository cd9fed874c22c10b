"""Options that several commands share."""

import argparse
from pathlib import Path

from ...engine import CELLS


def add_glyphs(parser: argparse.ArgumentParser, inner: bool = False) -> None:
    """Add --plain and --glyphs. The parser of a command is `inner`: it keeps what was given before the command."""
    plain, glyphs = (argparse.SUPPRESS, argparse.SUPPRESS) if inner else (False, "auto")
    parser.add_argument("--plain", action="store_true", default=plain, help="print text instead of opening the app")
    parser.add_argument(
        "--glyphs", choices=("auto", "unicode", "ascii"), default=glyphs, help="characters to draw with (default auto)"
    )


def add_series(parser: argparse.ArgumentParser) -> None:
    """Add what says which series is forecast."""
    parser.add_argument("--csv", metavar="FILE", type=Path, help="a table of numbers with a header, a row a day")
    parser.add_argument("--target", metavar="COLUMN", help="the column of --csv that is forecast")


def add_edits(parser: argparse.ArgumentParser) -> None:
    """Add what is changed in the run, and how it goes on."""
    parser.add_argument("--edit", metavar="EDIT", action="append", default=[], dest="edit",
                        help="change something, such as 'forget[2]=1@5:9'; may be given several times")  # fmt: skip
    parser.add_argument(
        "--edits", metavar="FILE", type=Path, help="a text file of edits, one a line; # begins a comment"
    )
    parser.add_argument("--generate", metavar="N", type=int, help="go on with N words that the network predicts")
    parser.add_argument("--temperature", metavar="X", type=float, help="draw them (default 0: each the likeliest)")
    parser.add_argument("--seed", metavar="N", type=int, help="what they are drawn with (default 0)")


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add what says which network runs over what."""
    parser.add_argument("scenario", metavar="SCENARIO", nargs="?", help="a name that `gatestep list` prints")
    parser.add_argument("--model", metavar="NAME", help="which of the scenario's networks (lstm, rnn, ...)")
    parser.add_argument("--text", metavar="SENTENCE", help="a sentence of your own; ____ at its end is the question")
    parser.add_argument("--weights", metavar="FILE", type=Path,
                        help="weights in PyTorch's names: .safetensors, .npz, .pt, .pth")  # fmt: skip
    parser.add_argument("--input", metavar="FILE", type=Path, help="inputs of shape (T, I): .npy, .npz, .csv")
    parser.add_argument("--cell", choices=tuple(CELLS), help="what the weights are, when their shape does not tell")
    parser.add_argument("--initial-state", metavar="FILE", type=Path,
                        help=".npz with h0 (and c0), each (layers x directions, H)")  # fmt: skip
