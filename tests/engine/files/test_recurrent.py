"""Which tensors are recurrent networks: any names and shapes give networks that run, or one line."""

import contextlib
import zlib
from typing import Any

import numpy as np
from gatestep.engine import BadInput, run, stack_of
from gatestep.engine.files.choosing import nothing_recurrent, spelled
from gatestep.engine.files.contents import Contents, Tensor
from gatestep.engine.files.listing import Listing
from gatestep.engine.files.recurrent import networks_in
from hypothesis import given, settings
from hypothesis import strategies as st

LEAVES = (
    "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0", "weight_peephole_l0",
    "weight_hh_l0_raw", "weight_hh_l0_g", "weight_hh_l0_v", "weight_hh_l0_orig", "weight_hh_l0_mask",
    "weight_hh_l0_u", "weight_ih_l1", "weight_hh_l0_reverse", "w_ih", "w_hh", "b_ih", "b", "enc_w_ih", "enc_w_hh",
    "kernel", "recurrent_kernel", "bias", "h0", "ln.weight", "parametrizations.weight_hh_l0.original0",
    "parametrizations.weight_hh_l0.original1", "WIP",
)  # fmt: skip
NAMES = st.builds(
    lambda prefix, leaf: prefix + leaf, st.sampled_from(["", "", "lstm.", "a.b.", "lstm/"]), st.sampled_from(LEAVES)
)
SHAPES = st.sampled_from(
    [(8, 3), (8, 2), (2,), (8,), (), (0,), (3, 8), (2, 8), (6, 2), (2, 6), (2, 2), (8, 1), (1, 8), (3, 2), (1, 2, 3)]
)
ARRAYS = st.sampled_from([f"arr_{n}" for n in range(6)])


def drawn(name: str, shape: tuple[int, ...]) -> Any:
    """The numbers of a tensor, others for every name."""
    return np.random.default_rng(zlib.crc32(name.encode())).normal(size=shape).astype(np.float32)


def contents_of(shapes: dict[str, tuple[int, ...]]) -> Contents:
    """What a file of such tensors holds."""

    def tensor(name: str, shape: tuple[int, ...]) -> Tensor:
        return Tensor(shape, "float32", lambda: drawn(name, shape))

    return networks_in(Listing("made", {name: tensor(name, shape) for name, shape in shapes.items()}), "made")


@settings(max_examples=300)
@given(shapes=st.dictionaries(NAMES, SHAPES, max_size=9) | st.dictionaries(ARRAYS, SHAPES, max_size=6))
def test_any_names_and_shapes_are_networks_or_one_line(shapes: dict[str, Any]) -> None:
    with contextlib.suppress(BadInput):
        found = contents_of(shapes)
        assert nothing_recurrent(found)
        for network in found.networks:
            assert spelled(network)
            with contextlib.suppress(BadInput):
                stack = stack_of(network, "made")
                assert np.isfinite(run(stack, np.ones((2, stack.I))).top).all()


WHOLE = st.builds(
    lambda prefix, leaf: prefix + leaf,
    st.sampled_from(["", "lstm.", "a.b."]),
    st.sampled_from([leaf for leaf in LEAVES[:6] + LEAVES[-4:] if "parametrizations" not in leaf]),
)


@settings(max_examples=200)
@given(shapes=st.dictionaries(WHOLE, SHAPES, max_size=9))
def test_no_tensor_is_lost(shapes: dict[str, Any]) -> None:
    """Each is a part of a network, or among the others, or below a network that is refused for it."""
    found = contents_of(shapes)
    used = [t.read() for network in found.networks for t in network.tensors.values()]
    for name, shape in shapes.items():
        array = drawn(name, shape)
        part = any(np.array_equal(array, other) for other in used)
        named = any(name.startswith(n.name) for n in found.networks if n.refused)
        assert part or named or name in found.others


LSTM = {"weight_ih_l0": (8, 3), "weight_hh_l0": (8, 2), "bias_ih_l0": (8,)}


def test_the_embedding_and_the_readout_stand_beside_in_a_bag() -> None:
    found = contents_of({**LSTM, "embedding": (11, 3), "readout.weight": (11, 2), "readout.bias": (11,), "epoch": ()})
    assert [n.refused for n in found.networks] == [""]
    assert list(found.others) == ["embedding", "readout.weight", "readout.bias", "epoch"]


def test_optimizer_states_of_a_bag_are_others() -> None:
    found = contents_of({**LSTM, "optimizer.state.0.exp_avg": (8,), "optimizer.state.0.exp_avg_sq": (8,)})
    assert [n.refused for n in found.networks] == [""]
    assert len(found.others) == 2


def test_a_dense_layer_of_the_same_width_is_another_module() -> None:
    found = contents_of({**LSTM, "dense.weight": (2, 2), "dense.bias": (2,)})
    assert [n.refused for n in found.networks] == [""]
    (network,) = contents_of({**LSTM, "norm.weight": (2,), "norm.bias": (2,)}).networks
    assert network.refused.startswith("has norm.weight, norm.bias beside the weights of its recurrent network")


def test_many_strange_tensors_are_counted() -> None:
    shapes = {f"cell.{name}": shape for name, shape in LSTM.items()} | {f"cell.x{n}": (2,) for n in range(9)}
    (network,) = contents_of(shapes).networks
    assert "has cell.x0, cell.x1, cell.x2, cell.x3, cell.x4, cell.x5 and 3 more beside" in network.refused
