"""The numeric tests as on other processors, one combination of switches after another: `make portable`.

Without names all combinations run, with names these. A switch that has no effect on this machine fails its combination:
tests that were to run otherwise, and did not, show nothing.
"""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

from processors import COMBINATIONS, PLAYABLE, environment, report, without_effect

TESTS = ["tests/engine", "tests/scenarios", "--ignore=tests/engine/files"]
"""What computes; reading files is the same on every processor."""


def run(name: str) -> str:
    """Run the tests under a combination; return what is wrong, or nothing."""
    switches = COMBINATIONS[name]
    found = report(switches)
    missing = without_effect(switches, found)
    if missing:
        print(found)
        return f"no effect of {', '.join(missing)}"
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "--timeout", "300", *TESTS]
    # Threads that wait for one another give way: there are more of them than cores.
    own = {"GATESTEP_PORTABLE": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    ended = subprocess.run(command, env=environment(switches) | own, check=False)
    return f"pytest ended with {ended.returncode}" if ended.returncode else ""


def main() -> int:
    """Run the combinations that are named, or all; the exit code says whether all are green."""
    names = sys.argv[1:] or list(COMBINATIONS)
    unknown = [name for name in names if name not in COMBINATIONS]
    if unknown:
        print(f"{unknown[0]}: no such combination; choose from {', '.join(COMBINATIONS)}", file=sys.stderr)
        return 2
    if not PLAYABLE:
        print("these switches are those of x86-64 processors; this is another: run make test", file=sys.stderr)
        return 2
    lines = []
    for name in names:
        settings = " ".join(f"{s.variable}={s.value!r}" for s in COMBINATIONS[name]) or "as it is"
        print(f"\n{name}: {settings}", flush=True)
        start = time.perf_counter()
        wrong = run(name)
        lines.append((wrong, f"{name:<18}{time.perf_counter() - start:5.0f} s  {wrong or 'green'}"))
    print("", *(line for _, line in lines), sep="\n")
    return int(any(wrong for wrong, _ in lines))


if __name__ == "__main__":
    sys.exit(main())
