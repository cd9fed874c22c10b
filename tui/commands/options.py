"""Options that several commands share."""

import argparse
import os
from pathlib import Path

from ...engine import CELLS, BadInput
from ...engine.files.choices import HOW, LAYOUTS


def path(text: str) -> Path:
    """Return the path that `text` names; an empty one would be the current directory, which nobody has named."""
    if not text:
        raise argparse.ArgumentTypeError("names no file; give a name")
    return Path(text)


def is_path(word: str) -> bool:
    """Return whether `word` names a file: one that exists, or one that is written with a folder."""
    return os.sep in word or os.path.lexists(word)


def add_glyphs(parser: argparse.ArgumentParser, inner: bool = False) -> None:
    """Add --plain and --glyphs. The parser of a command is `inner`: it keeps what was given before the command."""
    plain, glyphs = (argparse.SUPPRESS, argparse.SUPPRESS) if inner else (False, "auto")
    parser.add_argument("--plain", action="store_true", default=plain, help="print text instead of opening the app")
    parser.add_argument(
        "--glyphs",
        choices=("auto", "braille", "unicode", "ascii"),
        default=glyphs,
        help="characters to draw with (default auto; braille is unicode with smooth lines)",
    )


def add_mouse(parser: argparse.ArgumentParser, inner: bool = False) -> None:
    """Add --mouse, for what opens the app."""
    parser.add_argument(
        "--mouse",
        action="store_true",
        default=argparse.SUPPRESS if inner else False,
        help="click words, units, tabs and keys; M turns it on and off",
    )


def add_theme(parser: argparse.ArgumentParser, inner: bool = False) -> None:
    """Add --theme. The parser of a command is `inner`, as for `add_glyphs`."""
    parser.add_argument(
        "--theme",
        choices=("auto", "dark", "light"),
        default=argparse.SUPPRESS if inner else "auto",
        help="colours for a dark or a light background (default auto: as the terminal says)",
    )


def check_printed(theme: str) -> None:
    """Raise BadInput for a --theme where text is printed."""
    if theme != "auto":
        raise BadInput(f"--theme {theme} goes with the screen; text that is printed has no background of its own")


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which network runs over which inputs."""
    parser.add_argument("scenario", metavar="SCENARIO|FILE", nargs="?",
                        help="a name that `gatestep list` prints, or short for --weights FILE")  # fmt: skip
    parser.add_argument("--model", metavar="NAME", help="which of the scenario's networks (lstm, rnn, ...)")
    parser.add_argument("--text", metavar="SENTENCE", help="a sentence of your own; ____ at its end is the question")
    parser.add_argument("--weights", metavar="FILE", type=path,
                        help="weights of PyTorch, Keras, ONNX, safetensors or NumPy; see gatestep inspect")  # fmt: skip
    parser.add_argument("--network", metavar="NAME", help="which network of --weights, by any part of its name")
    parser.add_argument(
        "--chain", metavar="NAME,NAME", help="networks of --weights that read one another, first to last"
    )
    parser.add_argument(
        "--cell", choices=tuple(CELLS), help="the kind of cell, where the shapes of the weights do not show it"
    )
    parser.add_argument(
        "--activation", metavar="NAME", help="the function of candidate and output, if the file does not say: relu"
    )
    parser.add_argument("--recurrent-activation", metavar="NAME", help="the function of the gates: hard_sigmoid(0.2)")
    parser.add_argument("--input", metavar="FILE", type=path,
                        help="inputs (T, I), or a batch: .npy, .npz, .csv, .tsv, .txt, .pt")  # fmt: skip
    parser.add_argument("--layout", choices=LAYOUTS, help="which axis of a batch comes first")
    parser.add_argument("--sequence", metavar="N", type=int, help="which sequence of a batch, from 1")
    parser.add_argument("--lengths", metavar="FILE", type=path, help="how many timestamps of each sequence count")
    parser.add_argument("--embedding", metavar="NAME", help="the tensor whose rows are the inputs, by word number")
    parser.add_argument("--readout", metavar="NAME",
                        help='what turns hidden states into scores: fc, or "fc1,relu,fc2", or none')  # fmt: skip
    parser.add_argument("--vocabulary", metavar="FILE", type=path,
                        help="which word each row is: a JSON list or map, or a text with one entry a line")  # fmt: skip
    parser.add_argument("--labels", metavar="FILE", type=path,
                        help="what the answers are called, where they are not the vocabulary: tags")  # fmt: skip
    parser.add_argument("--tokens", choices=HOW, help="how --text is split (default: by what the vocabulary holds)")
    parser.add_argument("--fold-case", action="store_true", help="look words up in lower case")
    parser.add_argument("--unknown", metavar="TOKEN", help="the entry for unknown words (default: found by its name)")
    parser.add_argument("--target", metavar="FILE|COLUMN",
                        help="what the outputs should be: a file, or a column; Volume@+1: of the next row")  # fmt: skip
    parser.add_argument("--scaler", metavar="FILE", type=path,
                        help="how both were scaled: mean_ and scale_, or data_min_ and data_max_")  # fmt: skip
    parser.add_argument("--initial-state", metavar="FILE", type=path,
                        help=".npz or .pt with h0 (and c0), each (layers x directions, H)")  # fmt: skip
    parser.add_argument("--carry", action="store_true", help="start in the state that the previous sequences leave")


def add_part(parser: argparse.ArgumentParser, verb: str) -> None:
    """Add the options that say which part of a trace is printed or exported."""
    parser.add_argument("--layer", metavar="L", help=f"{verb} only this layer: 0, 1, ... or l0_reverse")
    parser.add_argument("--units", metavar="UNITS", help=f"{verb} only these units, from 0: 3 or 0,3,7-9")
    parser.add_argument("--steps", metavar="STEPS", help=f"{verb} only these timestamps, from 1: 3 or 5:9 or 5:")
