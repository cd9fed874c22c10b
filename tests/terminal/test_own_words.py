"""A network of one's own on a text, in a real terminal: from options, and from a model file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from restored import assert_restored
from wordmade import SENTENCE, WORDS, made

if TYPE_CHECKING:
    from ptydriver import Spawn


def test_a_text_opens_and_another_is_typed(spawn: "Spawn", tmp_path: Path) -> None:
    torch.save(made().state_dict(), tmp_path / "model.pt")
    (tmp_path / "words.json").write_text(json.dumps(WORDS))
    (tmp_path / "m.toml").write_text(f'weights = "model.pt"\nvocabulary = "words.json"\ntext = "{SENTENCE}"\n')
    options = ["--vocabulary", str(tmp_path / "words.json"), "--text", SENTENCE]
    for arguments in ([str(tmp_path / "model.pt"), *options], [str(tmp_path / "m.toml")]):
        terminal = spawn(*arguments)
        terminal.wait_for("timestamp 1/7")
        terminal.wait_for("next word")
        terminal.settle()
        terminal.press("e")
        terminal.wait_for("The cat sat")
        terminal.press("\x15", "the dog ran", "enter")
        terminal.wait_for("timestamp 1/3")
        terminal.settle()
        terminal.press("q")
        assert terminal.exit_code() == 0
        assert_restored(terminal)
