"""What files and arguments hold must not be obeyed by a terminal: none of it arrives there as it is."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from gatestep.engine import Vocabulary, WordNetwork
from gatestep.engine.files.networks import load_network, save_network

if TYPE_CHECKING:
    from ptydriver import Spawn, Terminal

OBEYED = "\x1b]0;owned\x07", "\x1b[2Jgone", "\x9b2Jgone", "\u202eback", "\x0fshifted"
NAME = "-x" + "".join(OBEYED)
RAW = (b"\x1b]0;", b"owned\x07", b"\x1b[2Jg", "\x9b".encode(), b"\x9b2J", "\u202e".encode(), b"\x0f")
"""What of it would be obeyed; an app sends escape sequences of its own, and none of these."""


def assert_nothing_obeyed(terminal: "Terminal") -> None:
    assert [raw for raw in RAW if raw in terminal.sent] == []


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to stand in, of files with names to be obeyed, and with words and columns to be obeyed in them."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    np.savez(f"{NAME}.npz", weight_ih_l0=rng.random((16, 3)), weight_hh_l0=rng.random((16, 4)))
    np.save(f"{NAME}.npy", rng.random((20, 3)))
    with as_file(files("gatestep.data") / "order-lstm.safetensors") as path:
        network, about = load_network(path)
    assert isinstance(network, WordNetwork)
    words = [word + OBEYED[n % len(OBEYED)] if n else word for n, word in enumerate(network.vocabulary.words)]
    own = WordNetwork(Vocabulary(words), network.embedding, network.stack, network.readout)
    save_network(own, Path(f"{NAME}.safetensors"), about | {"seed": OBEYED[0]})
    head = ",".join(["Date" + OBEYED[0], *(f"Price{n}{text}" for n, text in enumerate(OBEYED)), "Volume"])
    days = [f"2020-{1 + n // 28:02}-{1 + n % 28:02},{','.join(f'{v:.3f}' for v in rng.random(6))}" for n in range(60)]
    Path(f"{NAME}.csv").write_text("\n".join([head, *days]))
    Path("bad.csv").write_text("\n".join(["Date,Volume", f"{OBEYED[0]},1", f"2020-01-01,{OBEYED[1]}"]))
    shutil.copy("bad.csv", f"{NAME}-bad.npy")
    return tmp_path


SENTENCE = " ".join(["I am Ahmad", *OBEYED])
SCREENS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "a sentence": (
        ("run", "order", "--at", "1", "--text", SENTENCE), "timestamp 1/",
        ("5l", ".", "e", "escape", "/", "escape", "c", "escape", "?"),
    ),
    "a network": (
        ("run", "order", f"--weights={NAME}.safetensors", "--at", "1"), "timestamp 1/", ("5l", "u", "escape", "e")
    ),
    "numbers": (("run", f"--weights={NAME}.npz", f"--input={NAME}.npy"), "timestamp 1/", ("5l", "tab", "?")),
    "a table": (("run", f"--csv={NAME}.csv", "--target", "Volume"), "not trained|epoch", ("tab", "tab", "/")),
}  # fmt: skip


@pytest.mark.parametrize("what", SCREENS)
def test_no_screen_sends_what_would_be_obeyed(spawn: "Spawn", here: Path, what: str) -> None:
    line, shown, keys = SCREENS[what]
    terminal = spawn(*line, real=what == "a sentence")
    terminal.wait_for(shown)
    terminal.settle()
    for key in keys:
        terminal.press(key)
        terminal.settle()
    assert_nothing_obeyed(terminal)


LINES = (
    ("run", "order", "--plain", "--text", SENTENCE),
    ("trace", "order", "--text", SENTENCE),
    ("trace", "order", "--format", "json", "--text", SENTENCE),
    ("trace", "order", "--format", "csv", "--text", SENTENCE),
    ("run", "order", "--plain", f"--weights={NAME}.safetensors"),
    ("run", "--plain", f"--weights={NAME}.npz", f"--input={NAME}.npy"),
    ("run", "--plain", f"--csv={NAME}.csv", "--target", "Volume"),
    ("list",),
    ("run", SENTENCE),
    ("run", "order", "--model", SENTENCE),
    ("run", f"--csv={NAME}.csv", "--target", SENTENCE),
    ("run", "--csv=bad.csv", "--target", "Volume"),
    ("trace", f"--weights={NAME}.npz", f"--input={NAME}-bad.npy"),
    ("trace", f"--weights={NAME}.pt", f"--input={NAME}.npy"),
    ("trace", "order", f"-o={NAME}/t.csv"),
    ("train", "order", f"-o={NAME}"),
)


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line[:3]).encode("unicode_escape").decode()[:40])
def test_no_line_sends_what_would_be_obeyed(spawn: "Spawn", here: Path, line: tuple[str, ...]) -> None:
    terminal = spawn(*line, real=line in (LINES[0], ("run", SENTENCE)))
    assert terminal.exit_code() in (0, 2)
    assert terminal.sent
    assert b"\x1b" not in terminal.sent
    assert_nothing_obeyed(terminal)
