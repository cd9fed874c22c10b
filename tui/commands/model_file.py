"""MODEL.toml on the command line: it stands for the options that are not given, and `inspect --write` begins one."""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

from ...engine import BadInput, written_whole
from ...engine.files.choosing import outline, spelled
from ...engine.files.contents import Contents, Tensor
from .applies import OF_FILES, given
from .options import add_network, path
from .series import OF_SERIES, add_series

ENDING = ".toml"

OF_INPUTS = ("input", "layout", "sequence", "lengths", "carry", "target", "scaler")
"""The keys that --text on the command line overrides."""


def is_model_file(file: Path) -> bool:
    """Return whether a file is to be read as a model file: by its ending, for it is written by hand."""
    return file.suffix.lower() == ENDING


def keys() -> dict[str, type]:
    """Return the keys that a model file may have, spelled as the options, each with the kind of its value."""
    found: dict[str, type] = {}
    for action in _parser()._actions:
        if action.dest in ("weights", "text", *OF_SERIES, *OF_FILES):
            kind = bool if action.nargs == 0 else Path if action.type is path else int if action.type is int else str
            found[action.option_strings[0].removeprefix("--")] = kind
    return found


def _parser() -> argparse.ArgumentParser:
    """A parser of the options among which the keys are."""
    parser = argparse.ArgumentParser()
    add_network(parser)
    add_series(parser, inner=True)
    return parser


def fill_in(arguments: argparse.Namespace, file: Path) -> None:
    """Set the options that are not given on the command line to what a model file says. Raises BadInput for errors."""
    from ...engine.files.modelfile import below, read_model_file  # with what reads TOML

    told = {key.replace("-", "_"): value for key, value in read_model_file(file, keys()).items()}
    series = "csv" in told or given(getattr(arguments, "csv", None))
    if "target" in told and not series and os.path.lexists(file.parent / told["target"]):  # no column, but a file
        told["target"] = str(below(file, told["target"], f"{file}: target"))
    if given(getattr(arguments, "text", None)):
        for name in OF_INPUTS:
            told.pop(name, None)
    elif given(getattr(arguments, "input", None)):
        told.pop("text", None)
    _check_kind(arguments, told, series, file)
    _check_choices(told, file)
    for name, value in told.items():
        if hasattr(arguments, name) and not given(getattr(arguments, name)):
            setattr(arguments, name, value)


def _check_kind(arguments: argparse.Namespace, told: Mapping[str, object], series: bool, file: Path) -> None:
    """Raise BadInput where the file holds neither a network nor a series, or what the command does not take."""
    weights = "weights" in told or given(getattr(arguments, "weights", None))
    if series and weights:
        raise BadInput(f"{file}: weights and csv do not go together; a network and a series have a file each")
    if series and not hasattr(arguments, "csv"):
        raise BadInput(f"{file}: csv is a series to forecast; gatestep run and gatestep forecast take one")
    if not series and not hasattr(arguments, "weights"):
        raise BadInput(f'{file}: has no key csv; write csv = "table.csv", the table to forecast')
    if not series and not weights:
        raise BadInput(f'{file}: has no key weights; write weights = "model.pt", the file of the network')


def _check_choices(told: dict[str, object], file: Path) -> None:
    """Raise BadInput for a value that its option does not have among its choices."""
    for action in _parser()._actions:
        if action.choices is not None and action.dest in told and told[action.dest] not in action.choices:
            names = ", ".join(map(str, action.choices))
            key = action.option_strings[0].removeprefix("--")
            raise BadInput(f"{file}: {key} = {json.dumps(told[action.dest])}: choose from {names}")


def begin(file: Path, weights: Path, found: Contents) -> None:
    """Write a model file that opens `weights`, with every other key as a comment; whole, and never over another file.

    Raises BadInput where there is one already, and where the weights do not lie below its folder.
    """
    if not is_model_file(file):
        raise BadInput(f"{file}: a model file ends in {ENDING}; give --write MODEL{ENDING}")
    if os.path.lexists(file):
        raise BadInput(f"{file}: exists and is not overwritten; give another name")
    folder, there = os.path.realpath(file.parent), os.path.realpath(weights)
    if os.path.commonpath([folder, there]) != folder:
        raise BadInput(f"{file}: {weights} is not in its folder or below, and no other files are read; write the "
                       "model file beside the weights")  # fmt: skip
    with written_whole(file) as stream:
        stream.write(_text(file, os.path.relpath(there, folder), found).encode())


def _text(file: Path, weights: str, found: Contents) -> str:
    lines = [
        f"# gatestep {file.name} opens this network. Keys are the options of gatestep run, and options given there",
        "# override them. Paths start in this folder, and only files below it are read.",
        "",
        f"weights = {_quoted(weights)}",
        "",
    ]
    if len(found.networks) > 1:
        lines.append("# Which network of the file:")
        lines += [f"# network = {_quoted(network.name)}  # {spelled(network)}" for network in found.networks]
        lines.append("")
    asked = sorted({option.removeprefix("--") for network in found.networks for option in network.options})
    if asked:
        such = {"cell": "lstm", "initial-state": "state.npz"}
        lines += ["# What the file does not tell:", *(f'# {key} = "{such.get(key, "tanh")}"' for key in asked), ""]
    lines += [
        "# What it reads, numbers or words:",
        '# input = "inputs.npy"',
        '# layout = "batch-first"',
        "# sequence = 1",
        '# text = "a sentence"',
        "",
        "# Which word each row of the embedding is, and how a text becomes words:",
        '# vocabulary = "words.json"',
        '# tokens = "words"  # characters, spaces or ids',
        "# fold-case = true",
        '# unknown = "<unk>"',
        "",
        "# The two ends, where several tensors could be one:",
        *(f"# embedding = {_quoted(name)}  # {list(t.shape)}" for name, t in found.others.items() if _fits(t, found)),
        '# readout = "fc"  # or "fc1,relu,fc2", or "none"',
    ]
    return "\n".join(lines) + "\n"


def _fits(tensor: Tensor, found: Contents) -> bool:
    return any(len(tensor.shape) == 2 and tensor.shape[1] == outline(one).inputs for one in found.networks)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
