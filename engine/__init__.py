"""What is computed: cells, traces, the arithmetic of one number, provenance. Needs NumPy; no screen, and no torch.

from gatestep.engine import read_tensors, stack_from_tensors, run, ledger, provenance

stack = stack_from_tensors(read_tensors(path), source=str(path))
trace = run(stack, inputs)            # inputs (T, I)
trace[3]["l0.forget"]                 # one step's forget gates, (H,)
ledger(trace, 3, 0, "input").terms    # every product behind one gate
provenance(trace.layer("l0"), 3, 0)   # who wrote unit 0's memory
"""

from .arrays import Floats
from .batches import Batch, Silenced, read_together
from .cells import CELLS, PEEPHOLES, Cell
from .checkpoints import run_lazily
from .dense import DenseNetwork, DenseReading
from .errors import BadInput, WorkFailed
from .files import INPUT_FILES, WEIGHT_FILES, read_initial_state, read_inputs, read_tensors, written_whole
from .gradients import Gradients, LayerGradients, gradients, word_at, word_gradients
from .history import Epoch, History, Kept
from .ledger import Ledger, Term, ledger
from .parting import ROUNDING, distance, parting, words_apart
from .provenance import Provenance, has_provenance, provenance
from .quantities import QUANTITIES, Quantity
from .regression import Head, Regressor
from .rounding import apportion
from .running import run
from .saturation import OPEN, SHUT, Extreme, Saturation, gates_of, saturation
from .spelling import printable
from .tables import Table, read_table
from .trace import LayerTrace, Readout, Step, Trace
from .weights import CellWeights, Stack, stack_from_tensors
from .wordfiles import Network
from .words import (
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

__all__ = [
    "BLANK",
    "CELLS",
    "INPUT_FILES",
    "NEXT_WORD",
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
    "Gradients",
    "Head",
    "History",
    "Kept",
    "LayerGradients",
    "LayerTrace",
    "Ledger",
    "Network",
    "Prediction",
    "Provenance",
    "Quantity",
    "Readout",
    "Regressor",
    "Saturation",
    "Silenced",
    "Stack",
    "Step",
    "Table",
    "Term",
    "Trace",
    "Vocabulary",
    "WordNetwork",
    "WorkFailed",
    "apportion",
    "distance",
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
    "stack_from_tensors",
    "tokenize",
    "unknown_words",
    "word_at",
    "word_gradients",
    "words_apart",
    "written_whole",
]
