"""Sitting idle: nothing is sent and no processor time is spent, on any screen."""

import os
from collections.abc import Callable
from pathlib import Path

from places import PLACES, PROMPTS, Place, at_each
from ptydriver import Terminal


def processor_seconds(pid: int) -> float:
    """What a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@at_each((*PLACES, *PROMPTS))
def test_nothing_is_sent_and_nothing_is_done_while_nobody_types(at: Callable[[Place], Terminal], place: Place) -> None:
    terminal = at(place)
    terminal.settle(0.4)
    before = processor_seconds(terminal.pid)
    assert terminal.bytes_in(1.2) == b""
    assert processor_seconds(terminal.pid) - before <= 0.2, "a timer runs"
