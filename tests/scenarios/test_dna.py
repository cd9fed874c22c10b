"""The sequences of the dna scenario, their reading frames, and how the networks that ship keep count."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from gatestep.engine import Network, WordNetwork
from gatestep.engine.train.words import Example
from gatestep.scenarios import SCENARIOS, predict
from gatestep.scenarios.dna import CODONS, held_out
from hypothesis import given
from hypothesis import strategies as st
from scored import share_right

SCENARIO = SCENARIOS["dna"]
CORPUS = SCENARIO.corpus
Drawer = Callable[..., tuple[Example, ...]]
Recurrent = Callable[[str, str], WordNetwork]
Ship = Callable[[str, str], tuple[Network, dict[str, str]]]
SIZES = pytest.mark.parametrize("size", CORPUS.sizes)
RECURRENT = pytest.mark.parametrize("model", ["lstm", "rnn"])
FRAME = re.compile(r"ATG(?P<codons>(?:(?!TAA|TAG|TGA)[ACGT]{3})*)(?P<end>TAA|TAG|TGA|[ACGT]{0,2}$)")
"""A start, threes that are no stop, and a stop or the end of the sequence."""


def labels(bases: str) -> list[str]:
    """What each base is, by way of whole frames."""
    found = ["outside"] * len(bases)
    for frame in FRAME.finditer(bases):
        found[frame.start() + 2] = "third"
        for place, t in enumerate(range(frame.start("codons"), frame.end())):
            found[t] = ("first", "second", "third")[place % 3]
        if len(frame["end"]) == 3:
            found[frame.end() - 1] = "stop"
    return found


def text_of(example: Example) -> str:
    return "".join(example.words)


def codons(bases: str) -> list[str]:
    """The whole codons of the frame, without the start and the stop."""
    frame = FRAME.search(bases)
    return re.findall("...", frame["codons"]) if frame else []


def test_there_are_61_codons_and_one_pair_of_eight_is_held_out() -> None:
    assert len(set(CODONS)) == len(CODONS) == 4**3 - 3
    pairs = [held_out(a, b) for a in CODONS for b in CODONS]
    assert 0.12 < sum(pairs) / len(pairs) < 0.13


def test_training_never_shows_two_codons_in_a_row_that_are_held_out(trained_on: Drawer) -> None:
    seen = {pair for example in trained_on("dna") for pair in pairwise(codons(text_of(example)))}
    assert len(seen) > 1000
    assert not any(held_out(*pair) for pair in seen)


def test_training_has_frames_of_up_to_eight_codons(trained_on: Drawer) -> None:
    assert {len(codons(text_of(example))) for example in trained_on("dna")} == set(range(9))


@SIZES
def test_held_out_sequences_show_two_such_codons_in_a_row(size: int, held_out_of: Drawer) -> None:
    for example in held_out_of("dna", size):
        assert any(held_out(*pair) for pair in pairwise(codons(text_of(example))))


@SIZES
def test_the_size_is_the_number_of_codons_between_the_start_and_the_last(size: int, held_out_of: Drawer) -> None:
    ends = set()
    for example in held_out_of("dna", size):
        bases = text_of(example)
        behind = len(bases) - (bases.index("ATG") + 3)
        assert (behind - 1) // 3 == size
        ends.add(example.targets[-1])
    assert ends == {"first", "second", "third", "stop"}


def test_a_sequence_has_one_start_outside_of_a_frame_and_little_before_it(
    trained_on: Drawer, held_out_of: Drawer
) -> None:
    for example in (*trained_on("dna"), *held_out_of("dna")):
        assert len(FRAME.findall(text_of(example))) <= 1
        assert text_of(example).find("ATG") <= 6


def test_the_targets_are_the_frames_labels(trained_on: Drawer, held_out_of: Drawer) -> None:
    for example in (*trained_on("dna"), *held_out_of("dna")):
        assert list(example.targets) == labels(text_of(example))


@given(st.lists(st.sampled_from(["A", "C", "G", "T", "ATG", "TAA", "TAG", "TGA", "CAT"]), min_size=1, max_size=20))
def test_any_bases_are_labelled_as_by_whole_frames(pieces: list[str]) -> None:
    bases = "".join(pieces)
    assert list(CORPUS.targets(list(bases))) == labels(bases)
    assert list(CORPUS.targets(list(bases.lower()))) == labels(bases)
    assert CORPUS.answer(list(bases)) == labels(bases)[-1]
    turn = CORPUS.evidence(list(bases))
    ends = [frame.start("codons") - 1 for frame in FRAME.finditer(bases)]
    ends += [frame.end() - 1 for frame in FRAME.finditer(bases) if len(frame["end"]) == 3]
    assert turn == max(ends, default=None), "where a frame begins or stops last"


SHORT = {"o": "outside", "1": "first", "2": "second", "3": "third", "s": "stop"}


@pytest.mark.parametrize(
    ("bases", "frame"),
    [
        ("CC ATG GCT TAG CATAACC", "oo oo3 123 12s ooooooo"),
        ("CC ATG GAC TTA GCA TAA CC", "oo oo3 123 123 123 12s oo"),
        ("ATG", "oo3"),
        ("AT", "oo"),
        ("ATG TAA", "oo3 12s"),
        ("ATG ATG TGA", "oo3 123 12s"),
        ("ATG CTG A", "oo3 123 1"),
        ("ATG TGA TG", "oo3 12s oo"),
        ("ATG TGA ATG C", "oo3 12s oo3 1"),
        ("TA ATG A", "oo oo3 1"),
    ],
)
def test_labels_by_hand(bases: str, frame: str) -> None:
    tokens = CORPUS.vocabulary.split(bases)
    assert list(CORPUS.targets(tokens)) == [SHORT[letter] for letter in frame if letter != " "]


def test_the_scenarios_sequences_differ_in_one_base_and_in_every_codon_behind_it() -> None:
    short, long = SCENARIO.sentences
    assert long == short[:6] + "A" + short[6:]
    assert codons(short) == ["GCT"]
    assert codons(long) == ["GAC", "TTA", "GCA"]


@RECURRENT
def test_recurrent_networks_label_every_base_of_both_sequences(model: str, recurrent: Recurrent) -> None:
    for sequence in SCENARIO.sentences:
        prediction = predict(CORPUS, recurrent("dna", model), sequence)
        said = [prediction.top(t, 1)[0][0] for t in range(len(sequence))]
        assert said == labels(sequence)


@RECURRENT
@SIZES
def test_recurrent_networks_keep_count_also_for_longer_than_training_did(
    model: str, size: int, recurrent: Recurrent, held_out_of: Drawer
) -> None:
    network, right = recurrent("dna", model), []
    for example in held_out_of("dna", size):
        prediction = predict(CORPUS, network, text_of(example))
        right += [prediction.top(t, 1)[0][0] == target for t, target in enumerate(example.targets)]
    assert sum(right) >= 0.99 * len(right)


def test_a_bag_of_bases_has_no_frame(ship: Ship, held_out_of: Drawer) -> None:
    network, _ = ship("dna", "dense")
    assert share_right(network, held_out_of("dna")) < 0.4
