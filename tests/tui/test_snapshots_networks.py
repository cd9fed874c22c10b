"""What the list of the networks in a file looks like."""

from pathlib import Path

import pytest
import torch
from gatestep.engine import contents
from gatestep.tui.app import GatestepApp
from gatestep.tui.draw.look import UNICODE, Look
from gatestep.tui.views.networks.state import Networks
from pictures import IN_OTHER_LOOKS, LARGE, MIDDLE, SMALL, Compare


class Speech(torch.nn.Module):
    """Networks as a recogniser of speech has them."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = torch.nn.LSTM(40, 64, 3, bidirectional=True)
        self.attender = torch.nn.GRUCell(128, 32)
        self.speller = torch.nn.RNN(32, 48, 2)
        self.characters = torch.nn.Embedding(60, 32)
        self.output = torch.nn.Linear(48, 60)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Networks:
    """The list with its second network chosen."""
    monkeypatch.chdir(tmp_path)
    torch.save(Speech().state_dict(), "speech.pt")
    return Networks(Path("speech.pt"), contents(Path("speech.pt")), index=1)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=["80x24", "120x40", "200x50"])
def test_networks(snap_compare: Compare, state: Networks, size: tuple[int, int]) -> None:
    assert snap_compare(GatestepApp(Look(UNICODE), state), terminal_size=size)


@IN_OTHER_LOOKS
def test_networks_in_another_look(snap_compare: Compare, state: Networks, look: Look) -> None:
    assert snap_compare(GatestepApp(look, state), terminal_size=SMALL, press=("enter",))


def test_a_sequence_of_a_batch(snap_compare: Compare, tmp_path: Path) -> None:
    import numpy as np
    from gatestep.engine.files.own import Own
    from gatestep.tui.source.own import own_subject

    torch.manual_seed(0)
    torch.save(torch.nn.LSTM(3, 6).state_dict(), tmp_path / "tagger.pt")
    np.save(tmp_path / "batch.npy", torch.randn(5, 30, 3).numpy())
    own = Own(tmp_path / "tagger.pt", tmp_path / "batch.npy", layout="batch-first", sequence=1)
    assert snap_compare(GatestepApp(Look(UNICODE), own_subject(own), 4), terminal_size=MIDDLE, press=("2", "]"))
