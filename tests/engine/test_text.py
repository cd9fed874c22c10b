"""Text from outside, as a terminal may see it."""

import sys
import unicodedata

import pytest
from gatestep.engine import BadInput, WorkFailed, printable
from gatestep.engine.text import MOST_MARKS, cells, one_line
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

EVERY = [*range(0x40000), *range(0xE0000, 0xE1000), *range(0x40000, sys.maxunicode + 1, 257)]
"""Every character of a plane that has any; of those that are unassigned or for private use, one in 257."""


def test_every_character_is_shown_or_a_question_mark() -> None:
    for c in map(chr, EVERY):
        spelled = printable(f"a{c}")
        assert spelled == "a?" or spelled == unicodedata.normalize("NFC", f"a{c}")
        assert spelled.isprintable()


def test_nothing_that_a_terminal_obeys_or_nobody_sees_is_shown() -> None:
    obeyed = [
        *map(chr, range(32)),
        *map(chr, range(0x7F, 0xA0)),
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ]
    unseen = [*"\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u180e\u2028\u2029\u3164\ufe0f", "\U000e0041", "\ud800"]
    for c in obeyed + unseen:
        assert printable(f"a{c}b") == "a?b", ascii(c)


def test_what_it_takes_is_what_a_terminal_gives_it() -> None:
    wcwidth = pytest.importorskip("wcwidth").wcwidth
    apart = []
    for c in map(chr, EVERY):
        spelled = printable(f"a{c}")
        assert cell_len(spelled) == sum(map(wcwidth, spelled)), ascii(c)
        if cells(spelled) != cell_len(spelled):
            apart.append(c)
    assert len(apart) < 300, "a few symbols have become wide in another version of Unicode than Python's"


def test_words_of_every_script_stay_as_they_are() -> None:
    for word in ("Zoë", "नमस्ते", "สวัสดี", "한국어", "日本語", "مرحبا", "שלום", "🙂"):
        assert printable(word) == unicodedata.normalize("NFC", word)


def test_marks_stand_on_something_and_do_not_pile_up() -> None:
    assert printable("\u0323x \u0323 y") == "?x ? y"
    assert printable("q" + "\u0323" * 9) == "q" + "\u0323" * MOST_MARKS + "?" * (9 - MOST_MARKS)
    assert printable("\x1b\u0323") == "??"


@given(st.text())
def test_spelled_again_it_stays(text: str) -> None:
    spelled = printable(text)
    assert spelled.isprintable()
    assert printable(spelled) == spelled


@given(st.text(max_size=3000))
def test_an_error_is_one_printable_line_whatever_it_names(text: str) -> None:
    for error in (BadInput(text), WorkFailed(text)):
        line = str(error)
        assert line.isprintable()
        assert len(line) <= 1000


def test_a_long_line_keeps_its_beginning_and_its_end() -> None:
    line = one_line("w.npz: " + "x" * 5000 + "; save it as float32")
    assert line.startswith("w.npz: xxx")
    assert line.endswith("xxx; save it as float32")
    assert len(line) <= 1000
    assert one_line("two  spaces\n  and a line") == "two  spaces and a line"
