"""`gatestep inspect`: what a file of weights holds, and how each of its networks is opened."""

import argparse
import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...engine import BadInput, contents, printable
from ...engine.files.choosing import nothing_recurrent, outline, spelled
from ...engine.files.contents import Contents, Recurrent
from ..source.networks import about, besides, chain_opening, reads_words, words_opening
from .model_file import begin
from .options import path


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "inspect",
        help="the recurrent networks in a file",
        usage="gatestep inspect FILE [--json] [--write MODEL.toml]",
        description="List each recurrent network in a file of weights, what else it holds, and how to open each.",
    )
    parser.add_argument("file", metavar="FILE", type=path, help="weights of PyTorch, Keras, ONNX, safetensors or NumPy")
    parser.add_argument("--json", action="store_true", help="as a list of objects")
    parser.add_argument("--write", metavar="MODEL.toml", type=path, help="write a model file that opens it")
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Print the list."""
    file: Path = arguments.file
    found = contents(file)
    if not found.networks:
        raise BadInput(f"{file}: {nothing_recurrent(found)}")
    if arguments.write is not None:
        begin(arguments.write, file, found)
    if arguments.json:
        print(json.dumps([_row(file, found, network) for network in found.networks], indent=2))
    else:
        print_contents(file, found)
        if arguments.write is not None:
            again = shlex.quote(str(arguments.write))
            print(printable(f"written to {arguments.write}; fill it in, then open it with: gatestep {again}"))
    return 0


def print_contents(file: Path, found: Contents) -> None:
    """Print the networks in a file, with the command that opens each, and what else there is."""
    print("\n".join(map(printable, listed(file, found))))


def listed(file: Path, found: Contents) -> list[str]:
    """Return the networks in a file as lines of text, with the command that opens each, and what else there is."""
    lines = [f"{file.name}: {found.kind}"]
    for network in found.networks:
        also = f" (also {', '.join(network.also)})" if network.also else ""
        lines += ["", f"  {network.name or '(no name)'}{also}", f"    {spelled(network)}"]
        lines += [f"    {said}" for said in about(replace(network, also=()))]
        if network.refused:
            continue
        lines.append(f"    {_command(file, found, network)}")
        if reads_words(found, network):
            lines.append('    or on words: --text "..." --vocabulary FILE in place of --input FILE')
    if chain := chain_opening(file, found):
        lines += ["", "  where each reads what the one above gives:", f"    {shlex.join(chain)}"]
    return [*lines, "", f"  {others}"] if (others := besides(found)) else lines


def _row(file: Path, found: Contents, network: Recurrent) -> dict[str, Any]:
    own = outline(network)
    return {
        "name": network.name,
        "cell": own.cell,
        "layers": own.layers,
        "directions": own.directions,
        "units": own.units,
        "inputs": own.inputs,
        "command": None if network.refused else _command(file, found, network),
        "kind": found.kind,
        "also": list(network.also),
        "assumed": network.assumed,
        "notes": list(network.notes),
        "refused": network.refused,
        "activations": dict(network.activations),
        "others": {name: list(tensor.shape) for name, tensor in found.others.items()},
    }


def _command(file: Path, found: Contents, network: Recurrent) -> str:
    return shlex.join(words_opening(file, found, network))
