"""The networks in a file: chosen by arrows, digits, letters and parts of a name; opened, or what is missing is said."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import BadInput, contents
from gatestep.tui import launch
from gatestep.tui.app import GatestepApp
from gatestep.tui.cli import main
from gatestep.tui.commands import run
from gatestep.tui.draw.lines import plain_text, width_of
from gatestep.tui.draw.look import ASCII, UNICODE, Look
from gatestep.tui.draw.shell import in_lines
from gatestep.tui.views.networks.panels import networks
from gatestep.tui.views.networks.screen import NetworksScreen
from gatestep.tui.views.networks.state import Networks
from gatestep.tui.views.stepper.state import Moment
from pilots import noted, shown

WIDE = 3


class Several(torch.nn.Module):
    """Networks of several kinds and sizes, with an embedding beside them."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = torch.nn.LSTM(WIDE, 5, bidirectional=True)
        self.decoder = torch.nn.GRU(10, 4, 2)
        self.critic = torch.nn.RNN(WIDE, 6)
        self.words = torch.nn.Embedding(9, WIDE)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Several in a file, and an input that fits two of them."""
    monkeypatch.chdir(tmp_path)
    torch.save(Several().state_dict(), "several models.pt")
    np.save("x.npy", np.random.default_rng(0).normal(size=(7, WIDE)))
    return Path("several models.pt")


@pytest.fixture
def on_screen(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Any, int | None]]:
    """Run the command line as on a terminal, and return what the app would open, and where."""
    found: list[tuple[Any, int | None]] = []

    def opened(glyphs: str, record: Any = None, t: int | None = None, **_: object) -> int:
        found.append((record, t))
        return 0

    monkeypatch.setattr(run, "has_terminal", lambda: True)
    monkeypatch.setattr(run, "open_app", opened)

    def call(*arguments: object) -> tuple[Any, int | None]:
        assert main([str(argument) for argument in arguments]) == 0
        return found.pop()

    return call


WAYS: tuple[tuple[str, ...], ...] = (("{}",), ("run", "{}"), ("run", "--weights", "{}"), ("--weights", "{}"))


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
async def test_every_way_to_a_file_leads_to_its_networks(
    way: tuple[str, ...], file: Path, look: Look, on_screen: Callable[..., Any]
) -> None:
    record, t = on_screen(*(word.format(file) for word in way))
    app = GatestepApp(look, record, t)
    async with app.run_test(size=(80, 24)) as pilot:
        page = shown(app)
        assert "several models.pt  PyTorch checkpoint, 3 recurrent networks" in page
        for name, cell, layers, directions, units, inputs in (
            ("encoder", "LSTM", 1, 2, 5, 3), ("decoder", "GRU", 2, 1, 4, 10), ("critic", "RNN", 1, 1, 6, 3),
        ):  # fmt: skip
            row = next(line for line in page.splitlines() if f" {name} " in line and cell in line)
            assert row.split()[-5:] == [cell, *map(str, (layers, directions, units, inputs))]
        assert "words.weight [9, 3]" in page
        assert "gatestep run --weights 'several models.pt' --network encoder --input FILE" in page
        assert "open" not in shown(app, "footer")
        await pilot.press("enter")
        assert "--input FILE is missing" in noted(app)
        assert isinstance(app.screen, NetworksScreen)


def test_one_network_without_inputs_leads_there_too(file: Path, on_screen: Callable[..., Any]) -> None:
    torch.save(torch.nn.LSTM(WIDE, 4).state_dict(), "one")
    record, _ = on_screen("one")
    assert len(record.found.networks) == 1
    assert record.command == ["gatestep", "run", "--weights", "one", "--input", "FILE"]
    record, _ = on_screen(file, "--network", "cri")
    assert record.network.name == "critic"


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ("3", "critic"), ("j", "decoder"), ("k", "critic"), ("jjj", "encoder"), ("G", "critic"), ("Gg", "encoder"),
        ("c", "critic"), ("e", "encoder"), ("ce", "encoder"), ("/rit\r", "critic"),
        ("/COD\r", "decoder"),
        ("2/cod\r", "encoder"),
    ],
)  # fmt: skip
async def test_a_network_is_chosen_as_the_list_says(keys: str, chosen: str, file: Path, look: Look) -> None:
    app = GatestepApp(look, Networks(file, contents(file)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*("enter" if key == "\r" else key for key in keys))
        await pilot.pause()
        assert isinstance(app.screen, NetworksScreen)
        assert app.screen.state.network.name == chosen
        assert f"─ {chosen} ─" in shown(app)


async def test_what_is_not_there_is_said(file: Path, look: Look) -> None:
    app = GatestepApp(look, Networks(file, contents(file)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("z")
        assert noted(app) == "no network begins with z"
        await pilot.press("7")
        assert noted(app) == "there is no network 7; they are 1 to 3"
        await pilot.press("slash", "z", "z", "enter")
        await pilot.pause()
        assert noted(app) == "no network has zz in its name"


async def test_enter_opens_the_network_with_all_that_was_asked_for(
    file: Path, look: Look, on_screen: Callable[..., Any], now: Callable[[GatestepApp], Moment]
) -> None:
    app = GatestepApp(look, *on_screen(file, "--input", "x.npy", "--at", "3"))
    module = Several()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Enter open" in shown(app, "footer")
        await pilot.press("2", "enter")
        await pilot.pause()
        assert "x.npy: has shape (7, 3); this network takes (T, 10)" in noted(app)
        await pilot.press("3", "enter")
        await pilot.pause()
        there = now(app)
        assert there.t == 2
        assert "RNN 6 units, tanh assumed, critic" in there.subject.network
        with torch.no_grad():
            right = module.critic(torch.from_numpy(np.load("x.npy")).float())[0].numpy()
        np.testing.assert_allclose(there.trace.top, right, atol=2e-6)
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, NetworksScreen)
        await pilot.press("1", "enter")
        await pilot.pause()
        assert "encoder" in now(app).subject.network


def test_in_a_pipe_the_list_is_printed(file: Path, gatestep: Callable[..., Any]) -> None:
    for words in ((file,), ("run", file), ("run", "--weights", file), (file, "--input", "x.npy"), (file, "--plain")):
        done = gatestep(*words)
        assert done.code == 2
        assert "--network decoder --input FILE" in done.out
        assert len(done.err.splitlines()) == 1


def test_a_file_without_a_recurrent_network_is_told_so_by_what_it_holds(
    file: Path, gatestep: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.save(torch.nn.Linear(2, 3).state_dict(), "linear")
    for terminal in (False, True):
        monkeypatch.setattr(run, "has_terminal", lambda terminal=terminal: terminal)
        monkeypatch.setattr(launch, "has_terminal", lambda terminal=terminal: terminal)
        done = gatestep("linear")
        assert (done.code, done.out) == (2, "")
        assert "linear: is a PyTorch checkpoint without a recurrent network" in done.err
        assert "weight [3, 2]" in done.err


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_command_that_is_copied_is_one_command(file: Path, width: int, look: Look) -> None:
    state = Networks(Path("a folder with a long name") / file, contents(file), index=1)
    text = plain_text(in_lines(state.command, width, look))
    told = subprocess.run(
        ["sh"], input=text.replace("gatestep", 'printf "%s\\n"', 1), capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == state.command[1:]
    assert max(map(len, text.splitlines())) <= width
    assert all(line.endswith("\\") for line in text.splitlines()[:-1])


@pytest.mark.parametrize("size", [(80, 23), (60, 18), (40, 12), (200, 49)])
@pytest.mark.parametrize("look", [Look(UNICODE), Look(ASCII, plain=True)], ids=["unicode", "ascii"])
def test_many_networks_fit_and_what_is_left_out_is_said(tmp_path: Path, size: tuple[int, int], look: Look) -> None:
    names = [f"part {n}.\x1b[31m日本 {'x' * n}" for n in range(60)]
    torch.save({f"{n}.{k}": torch.full(s, i + 1.0) for i, n in enumerate(names)
                for k, s in (("weight_ih_l0", (12, 2)), ("weight_hh_l0", (12, 3)))}, tmp_path / "w")  # fmt: skip
    state = Networks(tmp_path / "w", contents(tmp_path / "w"))
    for place in (0, 30, 59):
        lines = networks(replace(state, index=place), *size, look)
        text = plain_text(lines)
        assert len(lines) <= size[1]
        assert max(map(width_of, lines)) <= size[0]
        assert all(line.isprintable() for line in text.splitlines())
        assert f"{place + 1} part {place}." in " ".join(text.split())
        assert "60 in all" in text


def test_one_that_cannot_be_opened_says_why(tmp_path: Path, look: Look) -> None:
    tensors = {
        "weight_ih_l0": torch.ones(12, 2),
        "weight_hh_l0": torch.ones(12, 3),
        "layernorm_i.weight": torch.ones(12),
    }
    torch.save({f"odd.{name}": tensor for name, tensor in tensors.items()}, tmp_path / "w")
    found = contents(tmp_path / "w")
    assert "cannot be opened: " in plain_text(networks(Networks(tmp_path / "w", found), 80, 23, look))


async def test_what_opening_refuses_is_said(file: Path, look: Look) -> None:
    def opens(name: str) -> tuple[Any, int | None]:
        raise BadInput(f"{name}: no")

    app = GatestepApp(look, Networks(file, contents(file), opens))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert noted(app) == "encoder: no"
