"""PyTorch as a guest: what it raises, and what loading it leaves behind."""

import subprocess
import sys

import pytest
from gatestep.engine import WorkFailed
from gatestep.engine.run import pytorch
from gatestep.engine.run.pytorch import require_torch, working_torch

LOADS = """
import gc, sys
from gatestep.engine.run.pytorch import load_torch

gc.{before}()
load_torch()
assert "torch" in sys.modules
looked_through, kept_from, collecting = len(gc.get_objects()), gc.get_freeze_count(), gc.isenabled()
load_torch()
assert gc.get_freeze_count() == kept_from, "once is enough"
print(kept_from > 20 * looked_through, collecting)
"""


@pytest.mark.parametrize(("before", "collecting"), [("enable", True), ("disable", False)])
def test_loading_it_leaves_nothing_to_the_collector_and_the_collector_as_it_was(before: str, collecting: bool) -> None:
    done = subprocess.run([sys.executable, "-c", LOADS.format(before=before)], capture_output=True, text=True)
    assert done.stdout == f"True {collecting}\n", done.stderr


def test_without_it_the_line_says_what_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    require_torch("training needs")
    monkeypatch.setattr(pytorch, "find_spec", lambda name: None)
    with pytest.raises(WorkFailed, match=r"^training needs PyTorch; install gatestep\[torch\]$"):
        require_torch("training needs")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ImportError("libtorch_cpu.so: cannot open"), "PyTorch failed: libtorch_cpu.so: cannot open"),
        (MemoryError(), "PyTorch failed: MemoryError"),
        (WorkFailed("a reason of our own"), "a reason of our own"),
    ],
)
def test_what_it_raises_becomes_one_line(error: Exception, line: str) -> None:
    with pytest.raises(WorkFailed) as caught, working_torch():
        raise error
    assert str(caught.value) == line
