"""Which tensors of a file are recurrent networks: by PyTorch's names under any prefix, by other common names, by shape.

Every tensor under a recurrent module's name is used or named in an error: what is not understood there (a layer norm,
peepholes by other names, a learned initial state) would change the numbers.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .contents import TORCH, Contents, Module, Recurrent, Tensor
from .copies import same
from .embeddings import as_read
from .kerasnames import from_arrays, from_kernels
from .listing import Listing
from .parametrized import recombined

LEAF = re.compile(
    r"(?P<lead>(?:\w+_)?)(?:(?P<torch>(?:weight|bias)_(?:ih|hh)|weight_hr|weight_peephole)|(?P<short>[wWbB]_?(?:ih|hh)))"
    r"(?:_l(?P<layer>[0-9]{1,4})(?P<reverse>_reverse)?)?"
)
"""The last part of a name: PyTorch's own, or `w_ih`, each with what may stand before it (`enc_w_ih`)."""

BIAS = ("bias", "b")
"""The names of the one bias of a cell whose weights are `w_ih` and `w_hh`."""

NAMED = 6
SUSPECT = re.compile(r"[hc]_?[0nx]|.*(norm|peep|proj|scale|zero_point|init|state|gamma|beta).*", re.IGNORECASE)
"""Names of what a recurrent module may have besides its weights, in a file without prefixes."""

STATE = re.compile(
    r"(?:init|initial|learned|start)\w*(?:hidden|cell|state|h|c|h0|c0)|(?:hidden|cell|state|hx|cx|h|c)_?(?:0|init\w*)",
    re.IGNORECASE,
)
"""Names of an initial state, stored beside a recurrent module."""

SMALL = ("int8", "uint8", "I8", "U8")
"""Types that weights are quantized to; their scale is kept somewhere else."""

MODES = {"LSTM": ("lstm", {}), "GRU": ("gru", {}), "RNN_TANH": ("rnn", {"candidate": "tanh"}),
         "RNN_RELU": ("rnn", {"candidate": "relu"})}  # fmt: skip


def networks_in(listing: Listing, source: str) -> Contents:
    """Return what a file holds, sorted into recurrent networks and other tensors; `source` is what errors call it."""
    tensors = recombined(listing.tensors, source)
    groups = _grouped(tensors)
    taken = {name for group in groups for name in group.own.values()}
    networks, beside = [], set()
    for group in groups:
        more, strange = _beside(group, tensors, taken)
        beside |= more
        networks.append(_with_module(group.recurrent(tensors, strange), listing.modules))
    foreign = from_kernels(tensors, taken) or (from_arrays(tensors) if not networks else ())
    for network, names in foreign:
        networks.append(network)
        taken |= names
    others = {name: tensor for name, tensor in tensors.items() if name not in taken | beside}
    networks = [_with_states(network, others) for network in networks]
    others = as_read(others, listing.modules, source)
    return Contents(listing.kind, tuple(networks), others, listing.modules, listing.texts)


@dataclass
class _Group:
    """Tensors of one module: `own` are their names in the file by PyTorch's; `lead` is what stands before each name."""

    prefix: str
    lead: str
    short: bool = False
    own: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        lead = self.lead.rstrip("_")
        return f"{self.prefix}.{lead}" if self.prefix and lead else self.prefix or lead

    @property
    def under(self) -> str:
        """What the name of every tensor of the module begins with."""
        return (f"{self.prefix}." if self.prefix else "") + self.lead

    def recurrent(self, tensors: Mapping[str, Tensor], strange: Iterable[str]) -> Recurrent:
        """The network, refused where there is something `strange` beside its weights."""
        found = {name: tensors[own] for name, own in self.own.items()}
        notes: tuple[str, ...] = ()
        if self.short:
            flat = all(_lies(found, name) for name in found if name.startswith("weight_hh"))
            if flat:
                found = {name: turned(tensor) if "weight" in name else tensor for name, tensor in found.items()}
            notes = (f"the rows of {', '.join(list(self.own.values())[:2])} are taken in PyTorch's order of gates",)
        listed = list(strange)
        refused = ""
        if listed:
            some = ", ".join(listed[:NAMED]) + (f" and {len(listed) - NAMED} more" if len(listed) > NAMED else "")
            refused = (
                f"has {some} beside the weights of {self.name or 'its recurrent network'}, with unknown effect "
                "(a layer norm, peepholes, a learned state); without them, every number would be wrong"
            )
        packed = [own for name, own in self.own.items() if found[name].dtype in SMALL]
        if packed and not refused:
            refused = f"has {packed[0]} as {tensors[packed[0]].dtype}, which is quantized; save it as float32"
        return Recurrent(self.name, found, notes=notes, refused=refused)


def turned(tensor: Tensor) -> Tensor:
    """Return a matrix (I, G*H) as PyTorch has it, (G*H, I)."""
    return replace(tensor, shape=tensor.shape[::-1], read=lambda: tensor.read().T, place=None)


def _lies(found: Mapping[str, Tensor], name: str) -> bool:
    """Whether the matrix W is stored as (H, G*H), for products from the left, and U beside it as well."""
    shape, inputs = found[name].shape, found.get(name.replace("hh", "ih"))
    wide = len(shape) == 2 and shape[1] in (3 * shape[0], 4 * shape[0])
    return wide and inputs is not None and len(inputs.shape) == 2 and inputs.shape[1] == shape[1]


def _grouped(tensors: Mapping[str, Tensor]) -> list[_Group]:
    """Recurrent modules, in the order of the file: those that have a weight for their input or their hidden state."""
    groups: dict[tuple[str, str], _Group] = {}
    for name in tensors:
        prefix, _, leaf = name.rpartition(".")
        match = LEAF.fullmatch(leaf)
        if not match:
            continue
        group = groups.setdefault((prefix, match["lead"]), _Group(prefix, match["lead"]))
        kind = match["torch"] or re.sub(r"_?([ih]h)", r"_\1", match["short"].lower())
        kind = re.sub("^w_", "weight_", re.sub("^b_", "bias_", kind))
        group.short |= match["torch"] is None
        group.own.setdefault(f"{kind}_l{int(match['layer'] or 0)}{match['reverse'] or ''}", name)
    for group in groups.values():
        bias = next((f"{group.under}{b}" for b in BIAS if f"{group.under}{b}" in tensors), None)
        if group.short and bias and "bias_ih_l0" not in group.own:
            group.own["bias_ih_l0"] = bias
    return [group for group in groups.values() if any(own.startswith("weight_") for own in group.own)]


def _beside(group: _Group, tensors: Mapping[str, Tensor], taken: set[str]) -> tuple[set[str], list[str]]:
    """The tensors below a module that are none of its weights, and those of them that are no copies of one either."""
    below = [name for name in tensors if name.startswith(group.under) and name not in taken]
    if not group.prefix or group.lead:
        below = _suspicious(group, below, tensors)
    weights = [tensors[own] for own in group.own.values()]
    strange = [name for name in below if not any(same(tensors[name], weight) for weight in weights)]
    return set(below), strange


def _suspicious(group: _Group, below: list[str], tensors: Mapping[str, Tensor]) -> list[str]:
    """Of tensors in one bag with the weights, those that may belong to them: by their size, or by their name.

    In a file without prefixes the embedding and the readout stand beside the recurrent weights.
    """
    recurrent = [tensors[own].shape for name, own in group.own.items() if "weight_hh" in name]
    H = max((shape[-1] for shape in recurrent if shape), default=0)
    found = []
    for name in below:
        rest = name.removeprefix(group.under)
        module, _, _ = rest.rpartition(".")
        shape = tensors[name].shape
        fits = bool(shape) and H > 0 and all(n % H == 0 and 0 < n <= 4 * H for n in shape)
        if not module:
            alone = (len(shape) < 3 and fits) or SUSPECT.fullmatch(rest) is not None
        else:
            stem = f"{group.under}{module}."
            alone = all(len(tensors[other].shape) < 2 for other in below if other.startswith(stem))
            alone = alone and fits and "." not in module
        if alone or rest.startswith("parametrizations."):
            found.append(name)
    return found


def _with_module(network: Recurrent, modules: Mapping[str, Module]) -> Recurrent:
    """The network with what its module says of it, where the file describes modules.

    A user's own class may have torch's names and sizes, but its `forward` is in no file.
    """
    module = modules.get(network.name) or modules.get(network.name.rpartition(".")[0])
    if module is None:
        rows = network.tensors.get("weight_hh_l0")
        plain = rows is not None and len(rows.shape) == 2 and rows.shape[0] == rows.shape[1]
        return replace(network, assumed="tanh assumed") if plain else network
    kind, told = module.kind, module.attributes
    last = kind.rpartition(".")[2].removesuffix("Cell")
    mode = told.get("mode") or (f"RNN_{str(told.get('nonlinearity')).upper()}" if last == "RNN" else last)
    cell, activations = MODES.get(str(mode), (None, {}))
    network = replace(
        network,
        cell=cell,
        activations=activations,
        notes=network.notes + (("its inputs are batch-first",) if told.get("batch_first") is True else ()),
        refused=network.refused or _unlike(network, told),
    )
    if not kind.startswith(f"{TORCH}rnn."):
        why = f"its class, {kind}, is not torch's, and the file does not tell what it computes"
        return replace(network, options=("--cell",), because=why)
    return replace(network, assumed="tanh assumed") if cell is None and last == "RNN" else network


def _with_states(network: Recurrent, others: dict[str, Tensor]) -> Recurrent:
    """The network with a note on the states stored around it, which may be learned and are taken out of `others`."""
    H = next((tensor.shape[-1] for name, tensor in network.tensors.items() if "hh" in name and tensor.shape), 0)
    found = []
    for name, tensor in others.items():
        prefix, _, leaf = name.rpartition(".")
        around = not prefix or f"{network.name}.".startswith(f"{prefix}.")
        if around and STATE.fullmatch(leaf) and H and tensor.shape and tensor.shape[-1] == H:
            found.append(name)
    for name in found:
        del others[name]
    return replace(network, starts=f"begins in zeros, not in {', '.join(found[:4])}") if found else network


def _unlike(network: Recurrent, told: Mapping[str, object]) -> str:
    """Why the weights are not those that the module describes; "" where they are."""
    layers = 1 + max(int(re.findall("_l([0-9]+)", name)[0]) for name in network.tensors)
    has = {"num_layers": layers, "bidirectional": any(name.endswith("_reverse") for name in network.tensors)}
    for attribute, value in has.items():
        if attribute in told and told[attribute] != value:
            return f"has weights with {attribute} {value}, and its module says {told[attribute]}; the file is damaged"
    return ""
