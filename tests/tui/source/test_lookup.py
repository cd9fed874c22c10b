"""Words and conditions are looked for by one mechanism: one list, the same in both directions."""

import numpy as np
import pytest
from gatestep.engine import BadInput, WrongCondition, find
from gatestep.tui.source.lookup import Lookup, after, condition_in, known_of
from gatestep.tui.source.subject import Subject
from hypothesis import given, settings
from hypothesis import strategies as st
from pilots import numbers_of

TEXTS = ["?forget[2] < .5", "?any(cell > 1)", "?flips", "?change(hidden[0]) > .3", "am", "a", "good", "?wrong"]


def all_hits(lookup: Lookup, start: int, sign: int) -> list[int]:
    """The timestamps that n or N comes to, from an end of the sequence until the way goes around."""
    t, found = start, list[int]()
    while True:
        *_, last = lookup.going(t, sign)
        if last.hit is None or last.around:
            return found
        t = last.hit.t
        found.append(t)


@pytest.mark.parametrize("text", TEXTS)
def test_the_forward_list_is_the_backward_list_reversed_and_is_what_find_finds(subject: Subject, text: str) -> None:
    T = len(subject.trace)
    forward = all_hits(Lookup(subject, text), -1, 1)
    assert forward == all_hits(Lookup(subject, text), T, -1)[::-1]
    if text.startswith("?"):
        assert forward == find(subject.trace, text[1:], known_of(subject)).t.tolist()
    else:
        words = [t for t, word in enumerate(subject.tokens) if word.casefold() == text]
        assert forward == (words or [t for t, word in enumerate(subject.tokens) if text in word.casefold()])
    lookup = Lookup(subject, text)
    for _ in lookup.all():
        pass
    assert lookup.results.complete
    assert lookup.results.hits.t.tolist() == forward


@settings(max_examples=60, deadline=None)
@given(level=st.floats(-1, 1), start=st.integers(0, 299), counts=st.lists(st.integers(-9, 9), max_size=6))
def test_any_walk_of_n_and_N_is_that_through_the_whole_list(level: float, start: int, counts: list[int]) -> None:
    subject = numbers_of(300)
    whole = np.flatnonzero(subject.trace.layer("l0")["hidden"][:, 1] > np.float32(level)).tolist()
    lookup, t = Lookup(subject, f"hidden[1] > {np.float32(level)}"), start
    for count in filter(None, counts):
        *_, last = lookup.going(t, count)
        if not whole:
            assert last.hit is None
            return
        place, around = after(whole, t, count)
        assert last.hit is not None
        assert (last.hit.t, last.around) == (whole[place], around)
        t = last.hit.t
    hit, seen = lookup.results.marks(0, 300)
    assert set(np.flatnonzero(hit)) <= set(whole)
    assert set(whole) & set(np.flatnonzero(seen)) == set(np.flatnonzero(hit))


def test_what_a_prompt_means(subject: Subject) -> None:
    assert condition_in("  ? flips ", subject) == ("flips", 4)
    assert condition_in("flips", subject) == (None, 0)
    assert condition_in(" x[0] > 1", numbers_of(4)) == ("x[0] > 1", 1)
    assert Lookup(subject, "AM").condition == 'token == "am"'
    with pytest.raises(BadInput, match="Pakisten: not in this sentence; near: Pakistan"):
        Lookup(subject, "Pakisten")
    with pytest.raises(WrongCondition, match="at column 8"):
        Lookup(subject, "?forget[9] < 1")
