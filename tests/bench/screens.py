"""What the screens cost: until they show, what a key sends and how long it takes, and what they send by themselves."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from bare_app import bare_app, until_shown
from measuring import Row, medians, p95, steps, timed
from places import PLACES
from ptydriver import COMMAND, Terminal, environment
from slowline import SlowTerminal


def start_up() -> Iterator[Row]:
    """The first gates on the screen, against importing torch and against an app that shows one word."""
    with bare_app() as bare:
        ours, app, torch = medians(
            7,
            until_shown(str(COMMAND), "run", "pakistan"),
            until_shown(sys.executable, str(bare)),
            timed(lambda: subprocess.run([sys.executable, "-c", "import torch"], check=True)),
        )
    yield Row("`gatestep run pakistan` to first gates, against `import torch`", ours / torch, 0.3)
    yield Row("the same, against a bare Textual app", ours / app, 1.9)


def stepping() -> Iterator[Row]:
    """What a key sends, and how long until the last byte of it: in the stepper, and on the worst of all screens.

    A key that turns a page may send as much as a page turn; how long it takes is no step's redraw, and only printed.
    """
    for size, most_bytes, most_turned, most_ms in (((80, 24), 2000, 10_000, 16), ((200, 50), 5000, 30_000, 30)):
        found: list[tuple[str, float, float]] = []
        turned: list[tuple[str, float, float]] = []
        for place in PLACES:
            sent, seconds = steps(place, size, place.moves * (24 // len(place.moves)))
            row = place.name, statistics.median(sent), p95(seconds) * 1000
            (turned if place.turns else found).append(row)
            print(f"{size[0]}x{size[1]} {place.name}: {row[1]:,.0f} bytes, p95 {row[2]:.1f} ms", file=sys.stderr)
        where = f"{size[0]}x{size[1]}"
        stepper = next(row for row in found if row[0] == "stepper")
        yield Row(f"a step at {where}, median", stepper[1], most_bytes, " bytes")
        yield Row(f"a step at {where}, redraw p95", stepper[2], most_ms, " ms")
        name, most, _ = max(found, key=lambda row: row[1])
        yield Row(f"a key on the worst of {len(found)} screens at {where} ({name}), median", most, most_bytes, " bytes")
        name, _, slowest = max(found, key=lambda row: row[2])
        yield Row(
            f"a key on the worst of {len(found)} screens at {where} ({name}), redraw p95", slowest, most_ms, " ms"
        )
        name, most, _ = max(turned, key=lambda row: row[1])
        yield Row(f"a key that turns a page at {where} (the most: {name}), median", most, most_turned, " bytes")


def slow_line() -> Iterator[Row]:
    """A line of 20 kB a second and 150 ms there and back: from letting a key go until the last step is shown."""
    for size in ((80, 24), (200, 50)):
        argv = [str(COMMAND), "run", "pakistan", "--at", "1"]
        terminal = SlowTerminal(argv, size, environment())
        try:
            terminal.wait_for("timestamp 1/24")
            terminal.settle(0.6)
            start = time.perf_counter()
            for n in range(90):
                terminal.press("left" if n // 20 % 2 else "right")
                terminal.bytes_in(max(start + (n + 1) / 30 - time.perf_counter(), 0.0))
            start = time.perf_counter()
            terminal.press("G")
            terminal.wait_for("timestamp 24/24")
            what = f"a key held for 3 s over 20 kB/s, 150 ms, at {size[0]}x{size[1]}: let go until the last step shows"
            yield Row(what, time.perf_counter() - start, 0.5, " s")
        finally:
            terminal.close()


def idle() -> Iterator[Row]:
    """What is sent while nobody does anything."""
    terminal = Terminal([str(COMMAND), "run", "pakistan"], (80, 24), environment(), ignore_hang_up=False)
    try:
        terminal.wait_for("forget")
        terminal.settle(0.5)
        yield Row("sitting idle for 3 s", len(terminal.bytes_in(3)), 0, " bytes")
    finally:
        terminal.close()
