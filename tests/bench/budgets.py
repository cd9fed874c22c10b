"""The budgets, measured: each as a ratio against something else in the same run, or as bytes. `make bench` prints them.

Shared machines are noisy, so every figure is a median of alternating runs, and nothing here fails a unit test. Names of
MEASURES on the command line measure these alone: `python tests/bench/budgets.py start_up stepping`.
"""

import sys
from collections.abc import Callable, Iterator, Sequence

from computing import conditions, edits, tracing
from far_jumps import exporting, far_jumps
from forecasts import forecasting
from long_sequences import long_sequences
from measuring import Row
from own_networks import own_networks, page_turns
from screens import idle, slow_line, start_up, stepping

MEASURES: dict[str, Callable[[], Iterator[Row]]] = {
    measure.__name__: measure
    for measure in (
        start_up,
        own_networks,
        stepping,
        page_turns,
        slow_line,
        idle,
        forecasting,
        conditions,
        edits,
        long_sequences,
        far_jumps,
        exporting,
        tracing,
    )
}


def main(names: Sequence[str]) -> int:
    """Print the table of all measures, or of those called `names`; the exit code says whether every budget is kept."""
    if unknown := set(names) - set(MEASURES):
        print(f"{', '.join(sorted(unknown))}: choose from {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    print("| metric | measured | budget | met |\n|---|---|---|---|")
    rows = []
    for name in names or MEASURES:
        for row in MEASURES[name]():
            rows.append(row)
            print(row, flush=True)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
