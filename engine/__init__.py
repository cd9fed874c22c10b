"""What is computed: cells, traces, the arithmetic of one number, provenance. Needs NumPy; no screen, and no torch.

from gatestep.engine import read_tensors, stack_from_tensors, run, ledger, provenance

stack = stack_from_tensors(read_tensors(path), source=str(path))
trace = run(stack, inputs)            # inputs (T, I)
trace[3]["l0.forget"]                 # one step's forget gates, (H,)
ledger(trace, 3, 0, "input").terms    # every product behind one gate
provenance(trace.layer("l0"), 3, 0)   # who wrote unit 0's memory
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .arrays import Floats
from .cells import CELLS, PEEPHOLES, Cell
from .errors import BadInput, WorkFailed
from .explain.divergence import ROUNDING, distance, parting, words_apart
from .explain.gradients import Gradients, LayerGradients, gradients, word_at, word_gradients
from .explain.ledger import Ledger, Term, ledger
from .explain.provenance import Provenance, has_provenance, provenance
from .explain.rounding import apportion
from .explain.saturation import OPEN, SHUT, Extreme, Saturation, gates_of, saturation
from .explain.similar import ON, Place, Similar, Standing, similar
from .files.delimited import Table, read_table
from .files.networks import Network
from .files.read import INPUT_FILES, WEIGHT_FILES, read_initial_state, read_inputs, read_tensors, written_whole
from .models.dense import DenseNetwork, DenseReading
from .models.regression import Head, Regressor
from .models.words import (
    BLANK,
    NEXT_WORD,
    UNKNOWN,
    Prediction,
    Vocabulary,
    WordNetwork,
    next_words,
    tokenize,
    unknown_words,
)
from .quantities import QUANTITIES, Quantity
from .run.batch import Batch, Silenced, read_together
from .run.forward import run
from .run.lazy import run_lazily
from .text import printable
from .trace import LayerTrace, Readout, Step, Trace
from .train.checkpoints import Epoch, History, Kept
from .weights import CellWeights, Stack, stack_from_tensors

if TYPE_CHECKING:
    from .explain.conditions import Found, Hit, Hits, Known, Search, WrongCondition, find
else:

    def __getattr__(name: str) -> Any:
        """Load conditions when somebody asks for one: what opens a screen need not wait for them."""
        if name not in _CONDITIONS:
            raise AttributeError(f"module {__name__} has no attribute {name}")
        return getattr(import_module(".explain.conditions", __name__), name)


_CONDITIONS = ("Found", "Hit", "Hits", "Known", "Search", "WrongCondition", "find")

__all__ = [
    "BLANK",
    "CELLS",
    "INPUT_FILES",
    "NEXT_WORD",
    "ON",
    "OPEN",
    "PEEPHOLES",
    "QUANTITIES",
    "ROUNDING",
    "SHUT",
    "UNKNOWN",
    "WEIGHT_FILES",
    "BadInput",
    "Batch",
    "Cell",
    "CellWeights",
    "DenseNetwork",
    "DenseReading",
    "Epoch",
    "Extreme",
    "Floats",
    "Found",
    "Gradients",
    "Head",
    "History",
    "Hit",
    "Hits",
    "Kept",
    "Known",
    "LayerGradients",
    "LayerTrace",
    "Ledger",
    "Network",
    "Place",
    "Prediction",
    "Provenance",
    "Quantity",
    "Readout",
    "Regressor",
    "Saturation",
    "Search",
    "Silenced",
    "Similar",
    "Stack",
    "Standing",
    "Step",
    "Table",
    "Term",
    "Trace",
    "Vocabulary",
    "WordNetwork",
    "WorkFailed",
    "WrongCondition",
    "apportion",
    "distance",
    "find",
    "gates_of",
    "gradients",
    "has_provenance",
    "ledger",
    "next_words",
    "parting",
    "printable",
    "provenance",
    "read_initial_state",
    "read_inputs",
    "read_table",
    "read_tensors",
    "read_together",
    "run",
    "run_lazily",
    "saturation",
    "similar",
    "stack_from_tensors",
    "tokenize",
    "unknown_words",
    "word_at",
    "word_gradients",
    "words_apart",
    "written_whole",
]
