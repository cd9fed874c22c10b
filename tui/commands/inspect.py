"""`gatestep inspect`: what a file of weights holds, and how each of its networks is opened."""

import argparse
import json
import shlex
from pathlib import Path
from typing import Any

from ...engine import BadInput, contents, printable
from ...engine.files.choosing import nothing_recurrent, outline, spelled
from ...engine.files.contents import Contents, Recurrent
from ...engine.files.ends import embedding_in
from .model_file import begin
from .options import path

MOST_OTHERS = 12


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
    parser.add_argument("--write", metavar="MODEL.toml", type=path, help="begin a model file that opens it")
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
        lines += [f"    {note}" for note in (network.assumed, *network.notes) if note]
        if network.refused:
            lines.append(f"    cannot be opened: {network.refused}")
            continue
        lines.append(f"    {_command(file, found, network)}")
        if reads_words(found, network):
            lines.append('    or on words: --text "..." --vocabulary FILE in place of --input FILE')
    if found.others:
        names = [f"{name} {list(tensor.shape)}" for name, tensor in found.others.items()]
        more = f" and {len(names) - MOST_OTHERS:,} more" if len(names) > MOST_OTHERS else ""
        lines += ["", f"  besides: {', '.join(names[:MOST_OTHERS])}{more}"]
    return lines


def reads_words(found: Contents, network: Recurrent) -> bool:
    """Return whether the file holds an embedding that leads to the network."""
    try:
        embedding_in(found, outline(network).inputs, None, "", network)
    except BadInput:
        return False
    return True


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
    """The command that opens a network, quoted for a shell; what stands for the inputs has to be replaced."""
    words = ["gatestep", "run", *_option("--weights", str(file))]
    if len(found.networks) > 1:
        words += _option("--network", network.name)
    asked = "".join(f" {option} NAME" for option in network.asks)
    return f"{shlex.join(words)}{asked} --input FILE"


def _option(name: str, value: str) -> list[str]:
    """An option and its value, as one word where the value would be taken for an option."""
    return [f"{name}={value}"] if value.startswith("-") else [name, value]
