"""Networks that read words, from their files: what they say is what torch says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import WordNetwork
from gatestep.engine.files.own import Own, Ready, prepare
from gatestep.engine.trace import softmax
from safetensors.torch import save_file
from torch import nn
from wordmade import CHARACTERS, PHONEMES, SENTENCE, TAGS, WORDS, WordModel, made, said

Refusal = Callable[..., str]


def stored(model: nn.Module, path: Path, words: Any = None) -> Own:
    """Write a state dict, and its vocabulary as JSON beside it."""
    torch.save(model.state_dict(), path / "model.pt")
    vocabulary = None
    if words is not None:
        vocabulary = path / "words.json"
        vocabulary.write_text(json.dumps(words))
    return Own(path / "model.pt", vocabulary=vocabulary)


def asked(own: Own, **more: Any) -> Ready:
    """Return what `own` asks for, with more said."""
    return prepare(Own(**{**own.__dict__, **more}))


def network_of(ready: Ready) -> WordNetwork:
    """Return the network that says something."""
    network = ready.reader
    assert isinstance(network, WordNetwork)
    return network


def probabilities(ready: Ready) -> Any:
    """Return what is said at each word, (T, V)."""
    trace = network_of(ready).trace(ready.words or ())
    return softmax(network_of(ready).readout.scores(trace.top))


def test_a_word_model_says_what_torch_says(tmp_path: Path) -> None:
    model = made()
    ready = asked(stored(model, tmp_path, WORDS), text=SENTENCE)
    assert ready.words == ("The", "cat", "sat", "on", "the", "mat", ".")
    expected = said(model, [WORDS.index(word) for word in ready.words])
    np.testing.assert_allclose(probabilities(ready), expected, atol=1e-5)
    trace = network_of(ready).trace(ready.words)
    assert trace.vocabulary == tuple(WORDS)
    assert ready.title == "vocabulary words.json, readout fc"
    assert ready.notes == ()


@pytest.mark.parametrize("words", [{word: row for row, word in enumerate(WORDS)}, dict(enumerate(WORDS))])
def test_a_vocabulary_may_be_a_map_either_way(words: Any, tmp_path: Path) -> None:
    ready = asked(stored(made(), tmp_path, words), text=SENTENCE)
    np.testing.assert_array_equal(ready.inputs, made().embedding.weight.detach()[[1, 2, 3, 4, 5, 6, 7]])


def test_characters_keep_capitals_and_spaces(tmp_path: Path) -> None:
    model = made(WordModel, len(CHARACTERS), num_layers=1)
    text = "Hello, Bob!\n The"
    ready = asked(stored(model, tmp_path, CHARACTERS), text="Hi, Bob!\n The".replace("H", "T").replace("o", "l"))
    assert ready.words == tuple("Ti, Blb!\n The")
    assert "by characters" in ready.title
    np.testing.assert_allclose(probabilities(ready), said(model, [CHARACTERS.index(c) for c in ready.words]), atol=1e-5)
    assert network_of(ready).vocabulary.join(ready.words) == "Ti, Blb!\n The"
    assert text  # the spelling of a person is not the vocabulary's


class Decoder(nn.Module):
    """Two GRUs as g2p-en has them: letters in, phonemes out, with one readout for the second."""

    def __init__(self) -> None:
        super().__init__()
        self.enc_emb, self.enc = nn.Embedding(30, 8), nn.GRU(8, 8)
        self.dec_emb, self.dec = nn.Embedding(len(PHONEMES), 8), nn.GRU(8, 8)
        self.fc = nn.Linear(8, len(PHONEMES))

    def forward(self, ids: torch.Tensor, start: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.fc(self.dec(self.dec_emb(ids), start)[0])
        return scores


def archived(model: Any, path: Path) -> Path:
    """Write the arrays under the names of g2p-en's archive."""
    arrays = {"enc_emb": model.enc_emb.weight, "dec_emb": model.dec_emb.weight, "fc_w": model.fc.weight,
              "fc_b": model.fc.bias}  # fmt: skip
    for name in ("enc", "dec"):
        for kind in ("w_ih", "w_hh", "b_ih", "b_hh"):
            own = kind.replace("w", "weight").replace("b_", "bias_")
            arrays[f"{name}_{kind}"] = getattr(getattr(model, name), f"{own}_l0")
    np.savez(path, **{name: array.detach().numpy() for name, array in arrays.items()})
    return path


def test_a_gru_with_phonemes_starts_where_another_ended(tmp_path: Path) -> None:
    model = made(Decoder)
    path = archived(model, tmp_path / "g2p.npz")
    h0 = np.linspace(-1, 1, 8, dtype=np.float32)[None]
    np.savez(tmp_path / "h0.npz", h0=h0)
    (tmp_path / "phonemes.txt").write_text("\n".join(PHONEMES) + "\n")
    own = Own(path, network="dec", vocabulary=tmp_path / "phonemes.txt", tokens="spaces", text="<s> HH AA1 T",
              initial_state=tmp_path / "h0.npz")  # fmt: skip
    ready = prepare(own)
    ids = [PHONEMES.index(word) for word in ("<s>", "HH", "AA1", "T")]
    np.testing.assert_allclose(probabilities(ready), said(model, ids, torch.tensor(h0)), atol=1e-5)
    assert "readout fc" in ready.title


def test_a_readout_with_the_rows_of_another_embedding_is_that_ones(tmp_path: Path) -> None:
    path = archived(made(Decoder), tmp_path / "g2p.npz")
    ready = prepare(Own(path, network="enc", text="5 7 9"))
    assert ready.title.startswith("enc, inputs from enc_emb")
    assert not isinstance(ready.language.reader, WordNetwork)  # type: ignore[union-attr]
    assert "no readout (V, 8) is found" in ready.notes[0]


def test_a_tagger_reads_both_ways_and_answers_with_tags(tmp_path: Path) -> None:
    model = made(WordModel, out=len(TAGS), bidirectional=True, num_layers=1)
    (tmp_path / "tags.txt").write_text("\n".join(TAGS))
    ready = asked(stored(model, tmp_path, WORDS), text=SENTENCE, labels=tmp_path / "tags.txt")
    np.testing.assert_allclose(probabilities(ready), said(model, [1, 2, 3, 4, 5, 6, 7]), atol=1e-5)
    assert network_of(ready).output_vocabulary.words == tuple(TAGS)
    assert network_of(ready).vocabulary.words == tuple(WORDS)
    unnamed = asked(stored(model, tmp_path, WORDS), text=SENTENCE)
    assert network_of(unnamed).output_vocabulary.words == ("0", "1", "2", "3")
    assert "fc has 4 rows and the embedding 12: its answers are called by their rows; --labels" in unnamed.notes[0]


def test_numbers_of_rows_need_no_vocabulary(tmp_path: Path, refusal: Refusal) -> None:
    model = made()
    own = stored(model, tmp_path)
    ready = asked(own, text="1, 2 3")
    assert ready.words == ("1", "2", "3")
    np.testing.assert_allclose(probabilities(ready), said(model, [1, 2, 3]), atol=1e-5)
    assert "holds no vocabulary, so the row of a word is unknown; give --vocabulary FILE" in refusal(
        asked, own, text="The cat"
    )
    assert "'12' is not the number of an entry; entries are 0 to 11" in refusal(asked, own, text="1 12")


def test_a_file_of_ids_is_read_as_words(tmp_path: Path) -> None:
    model = made()
    np.save(tmp_path / "ids.npy", np.array([1, 2, 3]))
    ready = asked(stored(model, tmp_path, WORDS), input=tmp_path / "ids.npy")
    assert ready.words == ("The", "cat", "sat")
    np.testing.assert_allclose(probabilities(ready), said(model, [1, 2, 3]), atol=1e-5)


def test_padding_at_the_end_is_told(tmp_path: Path) -> None:
    np.save(tmp_path / "ids.npy", np.array([[2, 8, 0, 0], [2, 8, 11, 3]]))
    np.save(tmp_path / "lengths.npy", np.array([2, 4]))
    own = stored(made(WordModel, len(PHONEMES)), tmp_path, PHONEMES)
    asks: dict[str, Any] = {"input": tmp_path / "ids.npy", "layout": "batch-first", "sequence": 1}
    assert asked(own, **asks).notes == ("the last 2 of 4 timestamps are <pad>; --lengths FILE says how many count",)
    assert asked(own, **asks, lengths=tmp_path / "lengths.npy").words == ("<s>", "HH")


def test_a_start_that_is_left_out_is_told(tmp_path: Path) -> None:
    own = stored(made(WordModel, len(PHONEMES)), tmp_path, PHONEMES)
    assert (
        "the vocabulary has <s> for the start, and the text does not begin with it" in asked(own, text="HH T").notes[0]
    )
    assert asked(own, text="<s> HH T").notes == ()


@pytest.mark.parametrize("kind", ["itos", "stoi", "object"])
def test_the_vocabulary_may_be_in_the_checkpoint(kind: str, tmp_path: Path) -> None:
    model = made()
    holds: dict[str, Any] = {
        "itos": {"itos": list(WORDS)},
        "stoi": {"char2idx": {word: row for row, word in enumerate(WORDS)}, "idx2char": dict(enumerate(WORDS))},
        "object": {"hparams": {"vocab": {"itos": list(WORDS), "freqs": dict.fromkeys(WORDS, 3)}}},
    }
    torch.save({"state_dict": model.state_dict(), **holds[kind]}, tmp_path / "model.pt")
    ready = prepare(Own(tmp_path / "model.pt", text=SENTENCE))
    np.testing.assert_allclose(probabilities(ready), said(model, range(1, 8)), atol=1e-5)  # type: ignore[arg-type]
    assert "vocabulary " in ready.title


def test_two_vocabularies_in_a_checkpoint_are_not_chosen_between(tmp_path: Path, refusal: Refusal) -> None:
    holds = {"itos": WORDS, "old_itos": WORDS[::-1]}
    torch.save({"state_dict": made().state_dict(), **holds}, tmp_path / "model.pt")
    assert "the row of a word is unknown" in refusal(prepare, Own(tmp_path / "model.pt", text=SENTENCE))
    told = prepare(Own(tmp_path / "model.pt", text="1 2")).notes
    assert "holds several vocabularies of 12 entries (itos, old_itos); --vocabulary FILE says which" in told[0]


def test_metadata_of_safetensors_is_read_too(tmp_path: Path) -> None:
    model = made()
    save_file(model.state_dict(), tmp_path / "m.safetensors", {"vocabulary": json.dumps(WORDS)})
    ready = prepare(Own(tmp_path / "m.safetensors", text=SENTENCE))
    np.testing.assert_allclose(probabilities(ready), said(model, [1, 2, 3, 4, 5, 6, 7]), atol=1e-5)


def test_sizes_that_do_not_fit_are_refused(tmp_path: Path, refusal: Refusal) -> None:
    own = stored(made(), tmp_path, [*WORDS, "one", "more"])
    assert "words.json: holds 14 entries, and embedding.weight has 12 rows" in refusal(asked, own, text=SENTENCE)
    short = asked(stored(made(), tmp_path, WORDS[:10]), text="The cat")
    assert (
        "holds 10 entries, and embedding.weight has 12 rows; those without an entry are called #10, #11"
        in (short.notes[0])
    )


def test_what_does_not_go_with_a_text_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    own = stored(made(), tmp_path, WORDS)
    for more, option in (
        ({"input": tmp_path / "x.npy"}, "--input"), ({"layout": "time-first"}, "--layout"),
        ({"sequence": 1}, "--sequence"),
        ({"lengths": tmp_path / "l"}, "--lengths"), ({"carry": True}, "--carry"),
    ):  # fmt: skip
        assert f"{option} does not go with --text" in refusal(asked, own, text="The cat", **more)
    assert "--input FILE or --text" in refusal(asked, own)
