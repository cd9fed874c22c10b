"""The networks in a file of weights: the command that opens each, and what is printed about them."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import BadInput

if TYPE_CHECKING:
    from ...engine.files.contents import Contents, Recurrent

MOST_OTHERS = 12


def words_opening(file: Path, found: "Contents", network: "Recurrent") -> list[str]:
    """Return the words of the command that opens a network, as a program gets them: not quoted yet.

    FILE stands for the inputs and NAME for what the file does not say; both have to be replaced.
    """
    words = ["gatestep", "run", *_option("--weights", str(file))]
    if len(found.networks) > 1:
        words += _option("--network", network.name)
    asked = [word for option in network.options for word in (option, "NAME")]
    return [*words, *asked, "--input", "FILE"]


def chain_opening(file: Path, found: "Contents") -> list[str]:
    """Return the words of the command that runs the networks of a file as a chain; none where widths do not fit."""
    from ...engine.files.choosing import outline  # not before a file is listed

    networks = found.networks
    sizes = [(outline(one), one.name, one.refused) for one in networks]
    fit = all(own.directions * own.units == upper.inputs for (own, *_), (upper, *_) in pairwise(sizes))
    if len(sizes) < 2 or not fit or any(refused or not name or "," in name for _, name, refused in sizes):
        return []
    asked = dict.fromkeys(option for network in networks for option in network.options)
    words = [*_option("--weights", str(file)), *_option("--chain", ",".join(name for _, name, _ in sizes))]
    return ["gatestep", "run", *words, *(word for option in asked for word in (option, "NAME")), "--input", "FILE"]


def about(network: "Recurrent") -> list[str]:
    """Return the notes on a network beside its sizes, a sentence each; why it cannot be opened comes last."""
    said = [f"also as {', '.join(network.also)}, bit for bit the same"] if network.also else []
    said += [note for note in (network.assumed, network.starts, *network.notes, network.because) if note]
    return [*said, *([f"cannot be opened: {network.refused}"] if network.refused else [])]


def besides(found: "Contents") -> str:
    """Return what else a file holds, by name and shape; "" where that is nothing."""
    names = [f"{name or 'a tensor'} {list(tensor.shape)}" for name, tensor in found.others.items()]
    more = f" and {len(names) - MOST_OTHERS:,} more" if len(names) > MOST_OTHERS else ""
    return f"besides: {', '.join(names[:MOST_OTHERS])}{more}" if names else ""


def reads_words(found: "Contents", network: "Recurrent") -> bool:
    """Return whether the file holds an embedding that leads to the network."""
    from ...engine.files.choosing import outline  # not before a file is listed
    from ...engine.files.ends import embedding_in

    try:
        embedding_in(found, outline(network).inputs, None, "", network)
    except BadInput:
        return False
    return True


def _option(name: str, value: str) -> list[str]:
    """An option and its value, as one word where the value would be taken for an option."""
    return [f"{name}={value}"] if value.startswith("-") else [name, value]
