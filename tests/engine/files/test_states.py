"""Initial states in the shapes and under the names in which frameworks and people keep them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import Stack, read_initial_state, run, stack_from_tensors
from gatestep.engine.files.own import Own, prepare
from gatestep.engine.files.states import initial_state

Refusal = Callable[..., str]
H0, C0 = (np.arange(n, n + 6, dtype=np.float32).reshape(2, 3) / 10 for n in (0, 10))


def stack(kind: Any = torch.nn.LSTM, layers: int = 2, **options: Any) -> Stack:
    return stack_from_tensors(kind(2, 3, layers, **options).state_dict(), "made")


def kept(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize(
    "names",
    [
        ("h0", "c0"),
        ("h", "c"),
        ("h_n", "c_n"),
        ("hx", "cx"),
        ("H_0", "C_0"),
        ("hidden", "cell"),
        ("state_h", "state_c"),
    ],
)
def test_states_go_by_the_names_that_people_use(names: tuple[str, str], tmp_path: Path) -> None:
    found = initial_state(kept(tmp_path / "s.npz", **dict(zip(names, (H0, C0), strict=True))), stack())
    np.testing.assert_array_equal(found["h0"], H0)
    np.testing.assert_array_equal(found["c0"], C0)


@pytest.mark.parametrize(
    ("turn", "sequence"),
    [
        (lambda s: s, 0),
        (lambda s: s[:, None], 0),
        (lambda s: np.stack([s * 0, s, s * 2], 1), 1),
        (lambda s: s[None], 0),
        (lambda s: np.stack([s * 0, s, s * 2, s], 0), 1),
    ],
    ids=["(2, H)", "(2, 1, H)", "(2, B, H)", "(1, 2, H)", "(B, 2, H)"],
)
def test_states_have_the_shapes_that_frameworks_hand_out(turn: Any, sequence: int, tmp_path: Path) -> None:
    found = initial_state(kept(tmp_path / "s.npz", h0=turn(H0), c0=turn(C0)), stack(), sequence)
    np.testing.assert_array_equal(found["h0"], H0)
    np.testing.assert_array_equal(found["c0"], C0)


def test_one_layer_may_have_one_axis(tmp_path: Path, refusal: Refusal) -> None:
    path = kept(tmp_path / "s.npz", h0=H0[0], c0=C0[0])
    assert initial_state(path, stack(layers=1))["h0"].tolist() == [H0[0].tolist()]
    assert "h0 has shape (3,); it must be (2, units), layers x directions by units" in refusal(
        initial_state, path, stack()
    )


def test_torchs_own_pair_is_hidden_and_cell(tmp_path: Path) -> None:
    module = torch.nn.LSTM(2, 3, 2)
    x = torch.randn(6, 2)
    with torch.no_grad():
        whole, _ = module(x)
        _, state = module(x[:3])
    torch.save(state, tmp_path / "s.pt")
    own = stack_from_tensors(module.state_dict(), "made")
    trace = run(own, x[3:].numpy(), initial_state(tmp_path / "s.pt", own))
    np.testing.assert_allclose(trace.top, whole[3:].numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("arrays", "kind", "said"),
    [
        ({"h0": H0}, torch.nn.LSTM, "holds h0 and no c0; LSTM carries both on"),
        ({"h0": H0, "c0": C0}, torch.nn.GRU, "holds c0, and GRU has no such state; it must hold h0 alone"),
        ({"c0": C0}, torch.nn.LSTM, "holds c0; it must hold h0 (and c0 for an LSTM)"),
        ({"h0": H0, "c0": C0, "notes": C0}, torch.nn.LSTM, "notes is not a state"),
        ({"h0": H0, "h": C0}, torch.nn.LSTM, "h0 occurs twice"),
        ({"h0": H0[:1], "c0": C0}, torch.nn.LSTM, "h0 has shape (1, 3); it must be (2, units)"),
        ({"h0": H0 * np.nan, "c0": C0}, torch.nn.LSTM, "h0 has nan at [0, 0]"),
    ],
)
def test_what_is_no_state_of_the_cell_is_refused(
    arrays: Any, kind: Any, said: str, tmp_path: Path, refusal: Refusal
) -> None:
    path = kept(tmp_path / "s.npz", **arrays)
    line = refusal(initial_state, path, stack(kind))
    assert line.startswith(f"{path}: ")
    assert said in line


def test_a_sequence_that_the_states_do_not_have_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    path = kept(tmp_path / "s.npz", h0=np.stack([H0, H0], 1), c0=np.stack([C0, C0], 1))
    assert "there is none for sequence 3" in refusal(initial_state, path, stack(), 2)


def test_another_kind_of_file_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    (tmp_path / "s.txt").write_text("0.5")
    assert "an initial state is one, with h0" in refusal(read_initial_state, tmp_path / "s.txt")


@pytest.mark.parametrize("options", [{}, {"bidirectional": True}], ids=["forward", "both ways"])
def test_the_state_is_carried_from_one_sequence_to_the_next(options: Any, tmp_path: Path) -> None:
    """Oracle: torch, given the state that it handed out for the sequence before."""
    module = torch.nn.LSTM(2, 3, 2, **options)
    torch.save(module.state_dict(), tmp_path / "w")
    batch, state, outputs = torch.randn(3, 4, 2), None, []
    with torch.no_grad():
        for sequence in batch:
            output, state = module(sequence, state)
            outputs.append(output.numpy())
    np.save(tmp_path / "x.npy", batch.numpy())
    for number, output in enumerate(outputs, 1):
        ready = prepare(Own(tmp_path / "w", tmp_path / "x.npy", layout="batch-first", sequence=number, carry=True))
        np.testing.assert_allclose(run(ready.stack, ready.inputs, ready.initial).top, output, atol=1e-6)
        assert ready.title == f"sequence {number} of 3, state carried on"


def test_carrying_on_takes_a_batch(tmp_path: Path, refusal: Refusal) -> None:
    torch.save(torch.nn.LSTM(2, 3).state_dict(), tmp_path / "w")
    np.save(tmp_path / "x.npy", np.zeros((4, 2)))
    line = refusal(prepare, Own(tmp_path / "w", tmp_path / "x.npy", carry=True))
    assert "--carry hands the state on from one sequence to the next, and the file holds one" in line
