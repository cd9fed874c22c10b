"""The pickle interpreter: it makes what a pickle describes, runs nothing of it, and takes no more than it may."""

import contextlib
import io
import os
import pickle
import tracemalloc
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gatestep.engine.files import inert
from gatestep.engine.files.inert import read_pickle
from gatestep.engine.files.standins import BadPickle, Stand
from hypothesis import given
from hypothesis import strategies as st

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(-(2**62), 2**62), inner)
    | st.tuples(inner, inner) | st.tuples(inner, inner, inner, inner),
    max_leaves=25,
)  # fmt: skip


def read(content: bytes) -> Any:
    return read_pickle(io.BytesIO(content), len(content))


@given(value=PLAIN, protocol=st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_plain_values_come_out_as_they_went_in(value: Any, protocol: int) -> None:
    """Oracle: pickle itself. Before protocol 3 bytes are spelled by a call, which nothing makes here."""
    content = pickle.dumps(value, protocol)
    found = read(content)
    if protocol > 2 or not (b"_codecs" in content or b"__builtin__" in content):
        assert found == value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_is_read(protocol: int) -> None:
    value = {"a": [1, 2.5, (None, True, False)], "b": {3: "text", "4": 10**30, "é": ()}, "c": [[]]}
    assert read(pickle.dumps(value, protocol)) == value


class Calls:
    """What pickles as a call of `function`."""

    def __init__(self, function: Any, *arguments: Any):
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_what_a_pickle_calls_is_kept_and_not_called(protocol: int, tmp_path: Path) -> None:
    mark = tmp_path / "it-ran"
    found = read(pickle.dumps({"x": Calls(os.mkdir, str(mark)), "o": OrderedDict(a=1)}, protocol))
    assert isinstance(found["x"], Stand)
    assert (found["x"].last, found["x"].args) == ("mkdir", (str(mark),))
    assert (found["o"].name, found["o"].items) == ("collections.OrderedDict", {"a": 1})
    assert not mark.exists()


def test_an_object_keeps_its_class_and_its_state() -> None:
    found = read(pickle.dumps(pytest.approx(3.5)))
    assert isinstance(found, Stand)
    assert found.state["expected"] == 3.5


def test_the_same_object_is_the_same_thing_again_and_a_circle_is_one() -> None:
    shared: list[Any] = [1]
    found = read(pickle.dumps([shared, shared]))
    assert found[0] is found[1]
    around: dict[str, Any] = {}
    around["self"] = around
    found = read(pickle.dumps(around))
    assert found["self"] is found


def test_keys_are_text_or_whole_numbers_and_others_only_count() -> None:
    found = read(pickle.dumps({"a": 1, 2: 2, (3, 4): 3, 2.5: 4, None: 5}))
    assert found == {"a": 1, 2: 2, "?2": 3, "?3": 4, "?4": 5}
    assert read(pickle.dumps({2**63: 1})) == {"?0": 1}


def test_what_follows_a_pickle_stays_in_the_stream() -> None:
    stream = io.BytesIO(pickle.dumps([1]) + pickle.dumps("two") + b"rest")
    assert [read_pickle(stream, 100), read_pickle(stream, 100), stream.read()] == [[1], "two", b"rest"]


NESTED = b"\x80\x02)" + b"\x85" * 1_000_000 + b"."
BOMBS = {
    "a million tuples in one another": (NESTED, "nested more than 500 deep"),
    "a million dicts": (b"\x80\x02" + b"}" * 1_000_000 + b".", "more than 125,000 objects"),
    "a million steps": (b"\x80\x02" + b"N0" * 500_000 + b".", "more than 200,000 steps"),
    "the memo's place number two billion": (b"\x80\x02}r\xff\xff\xff\x7f.", None),
    "a memo of a million": (b"\x80\x04N" + b"\x94" * 1_000_000 + b".", "remembers more than 250,001"),
    "text of 4 GB": (b"\x80\x02X\xff\xff\xff\xff.", "."),
    "bytes of 8 EB": (b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.", "."),
    "a number of 2 GB": (b"\x80\x02\x8b\xff\xff\xff\x7f.", "."),
    "a number of a million digits": (b"L" + b"9" * 1_000_000 + b"L\n.", "."),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content, said = BOMBS[name]
    if "steps" in name:
        monkeypatch.setattr(inert, "MOST_STEPS", 200_000)
    tracemalloc.start()
    try:
        if said is None:
            read(content)
        else:
            with pytest.raises(BadPickle, match=said):
                read(content)
        assert tracemalloc.get_traced_memory()[1] < 40e6 + len(content)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80\x02", b"\x80\x02}", b"\x80\x02.", b"\x80\x02h\x07.", b"\x80\x02u.", b"\x80\x02Ns.", b"\x80\x02Na.",
     b"\x80\x02(Nd.", b"\x80\x02cmodule\n.", b"\x80\x04NN\x93.", b"\x80\x02R.", b"\x80\x02\x85.", b"\x80\x02e.",
     b"\x80\x05\x97.", b"\xff\xfe"],
    ids=repr,
)  # fmt: skip
def test_a_damaged_pickle_is_refused(content: bytes) -> None:
    with pytest.raises(BadPickle):
        read(content)


@given(content=st.binary(max_size=60), start=st.sampled_from([b"\x80\x02", b"\x80\x04(", b"(", b"}("]))
def test_noise_is_read_or_refused(content: bytes, start: bytes) -> None:
    with contextlib.suppress(BadPickle):
        read(start + content)


def test_an_array_of_numpy_keeps_its_bytes() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    found = read(pickle.dumps(array, 4))
    assert found.name.endswith("_reconstruct")
    assert found.state[1] == (2, 3)
    assert found.state[4] == array.tobytes()
