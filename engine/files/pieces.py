"""What a file holds besides its recurrent networks, module by module, and which network each belongs to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import BadInput
from .contents import Contents, Recurrent, Tensor

LEAF = re.compile(r"(?P<stem>.*?)(?:^|[._/])(?P<leaf>weight|kernel|embeddings|bias|[wWbB]|vars/[0-9]{1,3})(?::0)?")
"""A tensor's name in its module: PyTorch's, Keras's, and the `fc_w`, `fc_b` of archives of arrays."""

FROM_THE_LEFT = ("kernel", "vars/0")
"""Matrices that are stored (in, out), as Keras multiplies."""

NO_PART = re.compile(
    r"(^|[._/'{])(optim\w*|callbacks?|schedulers?|lr_schedulers|scalers?|loops|exp_avg\w*)([._/'}]|$)", re.I
)
"""Names of what a checkpoint keeps for training, which is no part of the network."""

EMBEDDING = re.compile(r"emb|wte|lookup|word_?vec", re.IGNORECASE)
ATTENTION = re.compile(r"att", re.IGNORECASE)

MOST_LISTED = 6


@dataclass(frozen=True)
class Piece:
    """A module called `name`: its `tensors` by their names in the file, and which of them is its matrix and its bias.

    `turned` says that the matrix is stored (in, out). A piece without a matrix is no dense layer and no embedding.
    """

    name: str
    tensors: Mapping[str, Tensor]
    matrix: str = ""
    bias: str = ""
    turned: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """(out, in) of a dense layer, which is (rows, width) of an embedding in PyTorch's layout; (0, 0) of neither."""
        if not self.matrix:
            return 0, 0
        rows, columns = self.tensors[self.matrix].shape
        return (columns, rows) if self.turned else (rows, columns)

    @property
    def stored(self) -> tuple[int, ...]:
        """The shape of the matrix in the file."""
        return self.tensors[self.matrix].shape if self.matrix else ()


def pieces_of(contents: Contents) -> list[Piece]:
    """Return the modules beside the networks in the file's order, without what a training kept for itself."""
    grouped: dict[str, dict[str, Tensor]] = {}
    for name, tensor in contents.others.items():
        if not NO_PART.search(name):
            match = LEAF.fullmatch(name)
            grouped.setdefault(match["stem"] if match and match["stem"] else name, {})[name] = tensor
    return [_piece(stem, tensors) for stem, tensors in grouped.items()]


def _piece(stem: str, tensors: Mapping[str, Tensor]) -> Piece:
    matrices = [name for name, tensor in tensors.items() if len(tensor.shape) == 2]
    vectors = [name for name, tensor in tensors.items() if len(tensor.shape) == 1]
    if len(matrices) != 1 or len(vectors) > 1 or len(tensors) != len(matrices) + len(vectors):
        return Piece(stem, tensors)
    match = LEAF.fullmatch(matrices[0])
    turned = match is not None and match["leaf"] in FROM_THE_LEFT
    shape = tensors[matrices[0]].shape
    out = shape[1] if turned else shape[0]
    if vectors and tensors[vectors[0]].shape != (out,):
        if tensors[vectors[0]].shape != (shape[0] if turned else shape[1],):
            return Piece(stem, tensors)
        turned = not turned  # its bias tells which axis is out
    return Piece(stem, tensors, matrices[0], vectors[0] if vectors else "", turned)


def of_network(pieces: Iterable[Piece], network: Recurrent, contents: Contents) -> list[Piece]:
    """Return those of `pieces` whose names begin at least as much like that of `network` as like any other's."""
    found = []
    for piece in pieces:
        near = {other.name: _shared(piece.name, other) for other in contents.networks}
        if near.get(network.name, 0) == max(near.values(), default=0):
            found.append(piece)
    return found


def shared_with_others(piece: Piece, network: Recurrent, contents: Contents) -> bool:
    """Return whether `piece` belongs to another network no less than to `network`."""
    own = _shared(piece.name, network)
    return any(_shared(piece.name, other) == own for other in contents.networks if other.name != network.name)


def _shared(name: str, network: Recurrent) -> int:
    """How many parts the beginnings of two names have in common."""
    best = 0
    for other in (network.name, *network.also):
        count = 0
        for one, two in zip(re.split("[._/]", name), re.split("[._/]", other), strict=False):
            if one != two:
                break
            count += 1
        best = max(best, count)
    return best


def called(pieces: Sequence[Piece], name: str, source: str, option: str) -> Piece:
    """Return the piece called `name`: its own name, a tensor's, or an unambiguous part of one.

    Raises BadInput, which begins with `source` and names `option`, where there is no such piece, or several.
    """
    exact = [p for p in pieces if name == p.name or name in p.tensors]
    parts = [
        p
        for p in pieces
        if name.casefold() in p.name.casefold() or any(name.casefold() in n.casefold() for n in p.tensors)
    ]
    found = exact or parts
    if len(found) != 1:
        why = f"is a part of {len(found)} names" if found else "unknown tensor"
        raise BadInput(f"{source}: {option} {name}: {why}; choose from {listed(found or pieces)}")
    return found[0]


def listed(pieces: Sequence[Piece]) -> str:
    """Return the names and shapes of `pieces` for an error."""
    names = [f"{p.matrix} {list(p.stored)}" if p.matrix else ", ".join(list(p.tensors)[:2]) for p in pieces]
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return (", ".join(names[:MOST_LISTED]) or "nothing") + more
