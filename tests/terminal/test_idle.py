"""Sitting idle: nothing is sent and no processor time is spent, on any screen."""

import os
from pathlib import Path

import pytest
from places import PLACES, Place
from ptydriver import Spawn


def processor_seconds(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


PROMPTS = (
    Place("prompt", ("run", "pakistan", "--at", "9"), "timestamp 9/24", (("/", "find:"), ("za", "za"))),
    Place("palette", ("run", "pakistan", "--at", "9"), "timestamp 9/24", (("ctrl+p", "Search for"),)),
)


@pytest.mark.parametrize("place", [*PLACES, *PROMPTS], ids=[place.name for place in (*PLACES, *PROMPTS)])
def test_nothing_is_sent_and_nothing_is_done_while_nobody_types(spawn: Spawn, place: Place) -> None:
    terminal = spawn(*place.args)
    place.reach(terminal)
    terminal.settle(0.4)
    before = processor_seconds(terminal.pid)
    assert terminal.bytes_in(1.2) == b""
    assert processor_seconds(terminal.pid) - before <= 0.2, "a timer runs"
