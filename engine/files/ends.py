"""The two ends of a network that reads words: the embedding before it, and the readout behind it, found in its file.

A piece is used where its name and shape leave one reading. What is beside it and not understood (a norm, attention, a
function that a state dict does not mention) may change the numbers: the embedding is then refused and the readout left
out, until --embedding and --readout name them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..activations import NAMES, Activation, activation
from ..arrays import Floats, as_floats, frozen
from ..errors import BadInput
from ..trace import Readout
from .between import earlier, foreign, functions, strange
from .contents import Contents, Recurrent, Tensor
from .copies import same
from .pieces import ATTENTION, EMBEDDING, Piece, called, listed, of_network, pieces_of, shared_with_others

BEHIND = re.compile(r"att|out|dec|head|crf|fc|final|cls|class|logit|tag", re.IGNORECASE)
"""Names of what lies behind a network rather than before it."""

NO_READOUT = "none"


@dataclass(frozen=True, eq=False)
class Found:
    """A `readout`, its `name`, and the names of the pieces `used` in it; None with the reason in `note` without one.

    `bare` says that the file holds nothing that could be one.
    """

    readout: Readout | None
    name: str = ""
    used: tuple[str, ...] = ()
    note: str = ""
    bare: bool = False


def embedding_in(
    contents: Contents, width: int, name: str | None, source: str, network: Recurrent | None = None
) -> tuple[str, Tensor]:
    """Return the name and the tensor (V, I) of the embedding of `network`, which takes `width` inputs.

    That is `name`, or the only one. Raises BadInput, which begins with `source`, where there is none or there are
    several.
    """
    pieces = pieces_of(contents)
    if name is not None:
        piece = called(pieces, name, source, "--embedding")
        if piece.stored[1:] != (width,):
            shape = next(iter(piece.tensors.values())).shape if not piece.matrix else piece.stored
            raise BadInput(f"{source}: {piece.matrix or piece.name} has shape {shape}; an embedding for this network "
                           f"is (V, {width})")  # fmt: skip
        return piece.matrix, piece.tensors[piece.matrix]
    if network is not None and network.fed:
        raise BadInput(f"{source}: {network.fed} feeds the network, not the rows of an embedding; --embedding NAME "
                       "says which rows do")  # fmt: skip
    if network is not None and network.table:
        pieces = [piece for piece in pieces if network.table in piece.tensors]
    own = pieces if network is None else of_network(pieces, network, contents)
    fitting = [p for p in own if p.stored[1:] == (width,) and p.stored[0] > 0 and not p.bias]
    named = _different([piece for piece in fitting if EMBEDDING.search(piece.name)])
    one = named if len(named) == 1 else _different(fitting)
    if len(one) != 1:
        raise BadInput(f"{source}: words and word numbers need an embedding (V, {width}), and the file has "
                       f"{listed(fitting)}; --embedding NAME says which")  # fmt: skip
    return one[0].matrix, one[0].tensors[one[0].matrix]


def check_before(contents: Contents, network: Recurrent, width: int, D: int, used: Sequence[str], source: str) -> None:
    """Raise BadInput where something that is not understood may come between the embedding and the network."""
    if network.table:
        return
    for piece in of_network(pieces_of(contents), network, contents):
        shapes = [tensor.shape for tensor in piece.tensors.values()]
        touches = any(width in shape for shape in shapes)
        behind = BEHIND.search(piece.name) is not None or (width != D and any(D in shape for shape in shapes))
        if touches and piece.name not in used and not piece_is_table(piece, used) and not behind:
            raise BadInput(f"{source}: {_named(piece)} may come between the embedding and the network, "
                           "with unknown effect; --embedding NAME says that nothing does")  # fmt: skip
    table = next((p.name for p in pieces_of(contents) if p.matrix and p.matrix in used), "")
    odd = f"its own class ({contents.modules[table].kind})" if foreign(contents.modules, table) else ""
    if odd := odd or earlier(contents, network):
        raise BadInput(f"{source}: {odd} may change what {table or 'the embedding'} gives the network; "
                       f"--embedding {table or 'NAME'} says that it does not")  # fmt: skip


def piece_is_table(piece: Piece, used: Sequence[str]) -> bool:
    """Return whether `piece` is another embedding, which is not read here, or a tensor that is used."""
    return not piece.bias and bool(piece.matrix) and (piece.matrix in used or bool(EMBEDDING.search(piece.name)))


def readout_in(
    contents: Contents, network: Recurrent, D: int, embedding: str | None, name: str | None, source: str
) -> Found:
    """Return the readout behind `network`, whose last layer shows D units; `embedding` is its tensor's name, if any.

    `name` is what --readout says: the name of a piece, several with functions between ("fc1,relu,fc2"), or "none".
    Raises BadInput, which begins with `source`, for a name that does not fit.
    """
    pieces = pieces_of(contents)
    if name == NO_READOUT:
        return Found(None)
    if name is not None:
        return _named_readout(pieces, name, D, source)
    if network.behind is not None:
        return _told(network.behind, D, source)
    own = of_network(pieces, network, contents)
    own = [piece for piece in own if not _of_another(piece, network, contents, embedding)]
    tied = next((piece for piece in own if embedding is not None and embedding in piece.tensors), None)
    layers = [p for p in own if p.matrix and p is not tied and not _is_table(p)]
    chains = _chains([p for p in layers if not ATTENTION.search(p.name)], D)
    if not chains and tied is not None and tied.stored[1] == D and (bias := _lone_bias(own, tied.stored[0])):
        return _behind([replaced(tied)], own, embedding, contents, network, source, bias)
    if len(chains) > 1:
        some = listed([chain[0] for chain in chains])
        return Found(None, note=f"{some} may each be the readout; no prediction is shown; --readout NAME says which")
    left = [p for p in own if p is not tied and not _is_table(p) and (not chains or p not in chains[0])]
    if not chains:
        said = f"; {listed(left)} is not used" if left else ""
        return Found(None, note=f"no readout (V, {D}) is found, and no prediction is shown{said}", bare=not left)
    out = chains[0][-1].shape[0]
    bias = None if chains[0][-1].bias else _lone_bias(own, out)
    return _behind(chains[0], own, embedding, contents, network, source, bias)


def _told(behind: tuple[Any, ...] | str, D: int, source: str) -> Found:
    """The readout of a file that says what is computed behind the network."""
    if not behind:
        return Found(None, note=f"no readout (V, {D}) is found, and no prediction is shown", bare=True)
    layers = [] if isinstance(behind, str) else [step for step in behind if isinstance(step, Piece)]
    widths = [D, *(layer.shape[0] for layer in layers)]
    if isinstance(behind, str) or [layer.shape[1] for layer in layers] != widths[:-1]:
        what = behind if isinstance(behind, str) else layers[0].name
        return Found(None, note=f"{what} behind the network is not computed: no prediction is shown; --readout NAME "
                     "names its readout all the same")  # fmt: skip
    return _made(behind, source, None)


def replaced(piece: Piece) -> Piece:
    """Return a tied embedding as a dense layer."""
    return Piece(piece.name, piece.tensors, piece.matrix, piece.bias, False)


def _behind(
    chain: Sequence[Piece],
    own: Sequence[Piece],
    embedding: str | None,
    contents: Contents,
    network: Recurrent,
    source: str,
    bias: Piece | None = None,
) -> Found:
    """The readout that `chain` is, unless something else may come between."""
    used = [*chain, *([bias] if bias else [])]
    left = [p for p in own if p not in used and embedding not in p.tensors and not _is_table(p) and _counts(p)]
    names = ",".join(piece.name for piece in chain)
    if left:
        return Found(None, note=f"{listed(left)} may come between the network and {names}, with unknown effect: "
                     f"no prediction is shown; --readout {names} says that it does not")  # fmt: skip
    steps: list[Activation | Piece] = []
    before: Piece | None = None
    for piece in chain:
        between = functions(before, piece, contents.modules)
        if isinstance(between, str):
            form = f"{before.name},relu,{piece.name}" if before else f"{piece.name}, or relu,{piece.name}"
            return Found(None, note=f"{between}: no prediction is shown; --readout {form} names it")
        steps += [*between, piece]
        before = piece
    if odd := strange(contents, network, chain):
        return Found(None, note=f"{odd} may change what {names} reads or says: no prediction is shown; --readout "
                     f"{names} says that it does not")  # fmt: skip
    return _made(steps, source, bias)


def _named_readout(pieces: Sequence[Piece], name: str, D: int, source: str) -> Found:
    steps: list[Activation | Piece] = []
    width, last = D, False
    for part in (part.strip() for part in re.split(r",(?![^(]*\))", name)):
        if re.sub(r"\(.*", "", part) in NAMES and not any(part == p.name for p in pieces):
            steps.append(activation(part, f"{source}: --readout"))
            last = False
            continue
        piece = called(pieces, part, source, "--readout")
        if last:
            raise BadInput(f"{source}: --readout {name}: name the function between two layers, "
                           f"as in {name.replace(',', ',relu,', 1)}; linear is none")  # fmt: skip
        if piece.shape[1] != width:
            turned = Piece(piece.name, piece.tensors, piece.matrix, piece.bias, not piece.turned)
            if piece.bias or turned.shape[1] != width:
                reads = f"reads {piece.shape[1]}" if piece.matrix else "is not a dense layer"
                raise BadInput(f"{source}: --readout {name}: {_named(piece)} {reads}, and {width} units feed it")
            piece = turned
        steps.append(piece)
        width, last = piece.shape[0], True
    if not last:
        raise BadInput(f"{source}: --readout {name}: it must end with the name of a dense layer")
    end = steps[-1]
    assert isinstance(end, Piece)
    found = _made(steps, source, None if end.bias else _lone_bias(pieces, end.shape[0]))
    left = [p for p in pieces if p.name not in found.used and not _is_table(p) and _counts(p) and p.name]
    names = [p.name for p in left if any(D in t.shape for t in p.tensors.values())]
    note = f"{', '.join(names[:6])} beside {name} is not used" if names else ""
    return Found(found.readout, found.name, found.used, note)


def _made(steps: Sequence[Activation | Piece], source: str, bias: Piece | None) -> Found:
    made: list[Activation | tuple[Floats, Floats]] = []
    for step in steps:
        made.append(step if isinstance(step, Activation) else _dense(step, source))
    matrix, own_bias = made.pop()  # type: ignore[misc]
    if bias is not None:
        (name, tensor), *_ = bias.tensors.items()
        own_bias = as_floats(tensor.read(), f"{source}: {name}")
    names = [step.name for step in steps]
    used = [*(step.name for step in steps if isinstance(step, Piece)), *([bias.name] if bias else [])]
    return Found(Readout(matrix, own_bias, tuple(made)), ",".join(names), tuple(used))


def _dense(piece: Piece, source: str) -> tuple[Floats, Floats]:
    matrix = as_floats(piece.tensors[piece.matrix].read(), f"{source}: {piece.matrix}")
    if piece.turned:
        matrix = frozen(np.ascontiguousarray(matrix.T))
    if not piece.bias:
        return matrix, frozen(np.zeros(len(matrix), np.float32))
    return matrix, as_floats(piece.tensors[piece.bias].read(), f"{source}: {piece.bias}")


def _chains(layers: Sequence[Piece], D: int) -> list[list[Piece]]:
    """Every way from D units through dense layers, in the file's order, to one that leads nowhere else."""
    layers = [_oriented(piece, D) for piece in layers]
    in_order = [piece for piece in layers if piece.shape[1]]
    upon = all(one.shape[0] == two.shape[1] for one, two in pairwise(in_order))
    if len(in_order) > 1 and in_order[0].shape[1] == D and upon:
        return [in_order]  # all of them, one upon the other
    chains = []
    for first in in_order:
        if first.shape[1] == D:
            chain = [first]
            while chain[-1].shape[0] != D:
                follow = [p for p in in_order if p not in chain and p.shape[1] == chain[-1].shape[0]]
                if len(follow) != 1:
                    break
                chain.append(follow[0])
            chains.append(chain)
    return chains


def _oriented(piece: Piece, D: int) -> Piece:
    """`piece`, turned so that it reads D units where it has neither a bias nor a name that shows its layout."""
    told = piece.bias or piece.matrix.endswith("weight") or piece.turned
    if told or piece.shape[1] == D or piece.shape[0] != D:
        return piece
    return Piece(piece.name, piece.tensors, piece.matrix, piece.bias, True)


def _lone_bias(pieces: Sequence[Piece], rows: int) -> Piece | None:
    """The one bias of `rows` numbers that stands apart from its matrix, as that of a tied readout does."""
    found = []
    for piece in pieces:
        shapes = [tensor.shape for tensor in piece.tensors.values()]
        if shapes == [(rows,)] and "bias" in next(iter(piece.tensors)):
            found.append(piece)
    return found[0] if len(found) == 1 else None


def _of_another(piece: Piece, network: Recurrent, contents: Contents, embedding: str | None) -> bool:
    """Whether a piece that may belong to several networks has the rows of another's embedding, not of this one's."""
    if not piece.matrix or not shared_with_others(piece, network, contents):
        return False
    rows = piece.shape[0]
    if embedding is not None and contents.others[embedding].shape[0] == rows:
        return False
    others = [other for other in contents.networks if other.name != network.name]
    tables = [p for p in pieces_of(contents) if _is_table(p)]
    return any(p.stored[0] == rows for other in others for p in of_network(tables, other, contents))


def _is_table(piece: Piece) -> bool:
    return bool(piece.matrix) and not piece.bias and EMBEDDING.search(piece.name) is not None


def _counts(piece: Piece) -> bool:
    """Whether a piece holds more than single numbers, such as a counter of batches."""
    return any(tensor.shape for tensor in piece.tensors.values())


def _named(piece: Piece) -> str:
    name, tensor = next(iter(piece.tensors.items()))
    return f"{name} {list(tensor.shape)}"


def _different(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without those whose matrix is bit for bit that of an earlier one, as a tied readout's is."""
    kept: list[Piece] = []
    for piece in pieces:
        if not any(same(piece.tensors[piece.matrix], other.tensors[other.matrix]) for other in kept):
            kept.append(piece)
    return kept
