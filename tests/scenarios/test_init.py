"""The scenarios alone, in an interpreter that has loaded nothing else."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "textual", "rich")


@pytest.mark.parametrize(
    "code",
    [
        "import gatestep.scenarios",
        "from gatestep.scenarios import *\ns = find('pakistan')\n"
        "predict(s.corpus, shipped(s, 'lstm')[0], s.sentences[0]).effects(3)",
        "from gatestep.scenarios import *\ns = find('lengths')\n"
        "[likeliest(shipped(s, model)[0], s.sentences[0]) for model in s.models], charts_of(s)",
    ],
    ids=["importing", "stepping what is shipped", "comparing networks and drawing charts"],
)
def test_it_loads_no_screen_and_no_torch(code: str) -> None:
    report = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
