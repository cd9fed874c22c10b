"""The computations: cells, traces, the arithmetic of one number, provenance. Needs NumPy, but no screen and no torch.

from gatestep.engine import read_model, run, ledger, provenance

stack = read_model(path)              # a file of weights in any known format; network="encoder" chooses one of several
trace = run(stack, inputs)            # inputs (T, I)
trace[3]["l0.forget"]                 # one timestamp's forget gates, (H,)
ledger(trace, 3, 0, "input").terms    # every product behind one gate
provenance(trace.layer("l0"), 3, 0)   # what wrote unit 0's memory
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .activations import Activation, activation
from .arrays import Floats
from .building import stack_from_tensors
from .cell import Cell
from .cells import CELLS, PEEPHOLES
from .errors import BadInput, WorkFailed
from .explain.divergence import ROUNDING, distance, first_divergence, state_distances, total_variation
from .explain.ledger import Ledger, Term, ledger
from .explain.provenance import Provenance, has_provenance, provenance
from .explain.rounding import apportion
from .files.read import written_whole
from .hook import Ablated, Hook
from .models.dense import DenseNetwork, DenseReading, Network
from .models.outputs import Outputs
from .models.regression import Head, Regressor
from .models.scaling import Scaling
from .models.words import (
    ANSWER,
    BLANK,
    NEXT_WORD,
    UNKNOWN,
    Prediction,
    Vocabulary,
    WordNetwork,
    WordReader,
    next_words,
    predicted,
    tokenize,
    unknown_words,
)
from .quantities import QUANTITIES, Quantity
from .run.batch import Batch, read_together
from .run.forward import run
from .run.lazily import run_lazily
from .text import printable
from .trace import LayerTrace, Readout, Timestamp, Trace
from .train.checkpoints import Checkpoint, Epoch, History
from .weights import CellWeights, Stack, chained

if TYPE_CHECKING:
    from .explain.ablation import Ablation, Silenced, ablation, others_moved
    from .explain.aims import Aim, aimed_gradients
    from .explain.answers import Answer, Speaker
    from .explain.conditions import (
        Found,
        Hit,
        Hits,
        Known,
        Largest,
        Ready,
        Search,
        Seeker,
        Sought,
        WrongCondition,
        find,
        largest_change,
        ready_made,
    )
    from .explain.editing import EditList, Listed, written_ablation, written_action, written_change, written_patch
    from .explain.edits import INPUT, Edit, WrongEdit, parse_edit, parse_edits
    from .explain.generation import generated
    from .explain.gradients import Gradients, LayerGradients, gradients, word_at, word_gradients
    from .explain.intervene import Surroundings, edited
    from .explain.patching import Grid, mean_of, mean_over, patch_grid, reaching
    from .explain.saturation import CLOSED, OPEN, Extreme, Saturation, gates_of, saturation, saturation_of
    from .explain.similar import ON, Place, Similar, Standing, similar
    from .explain.why import Why, why
    from .files.contents import Contents, Recurrent, Tensor
    from .files.delimited import Table, read_table
    from .files.door import contents, read_tensors
    from .files.inputs import read_inputs
    from .files.own import read_model
    from .files.stacks import stack_of
    from .files.states import read_initial_state
else:

    def __getattr__(name: str) -> Any:
        """Import what reads files, searches or edits on first use, so that a screen opens without waiting for it."""
        for module, names in _LATER.items():
            if name in names:
                return getattr(import_module(f".{module}", __name__), name)
        raise AttributeError(f"module {__name__} has no attribute {name}")


_LATER = {
    "explain.ablation": ("Ablation", "Silenced", "ablation", "others_moved"),
    "explain.aims": ("Aim", "aimed_gradients"),
    "explain.answers": ("Answer", "Speaker"),
    "explain.conditions": (
        "Found", "Hit", "Hits", "Known", "Largest", "Ready", "Search", "Seeker", "Sought", "WrongCondition", "find",
        "largest_change", "ready_made",
    ),
    "explain.editing": (
        "EditList", "Listed", "written_ablation", "written_action", "written_change", "written_patch",
    ),
    "explain.edits": ("INPUT", "Edit", "WrongEdit", "parse_edit", "parse_edits"),
    "explain.generation": ("generated",),
    "explain.gradients": ("Gradients", "LayerGradients", "gradients", "word_at", "word_gradients"),
    "explain.intervene": ("Surroundings", "edited"),
    "explain.patching": ("Grid", "mean_of", "mean_over", "patch_grid", "reaching"),
    "explain.saturation": (
        "CLOSED", "OPEN", "Extreme", "Saturation", "gates_of", "saturation", "saturation_of",
    ),
    "explain.similar": ("ON", "Place", "Similar", "Standing", "similar"),
    "explain.why": ("Why", "why"),
    "files.contents": ("Contents", "Recurrent", "Tensor"),
    "files.delimited": ("Table", "read_table"),
    "files.door": ("contents", "read_tensors"),
    "files.inputs": ("read_inputs",),
    "files.own": ("read_model",),
    "files.stacks": ("stack_of",),
    "files.states": ("read_initial_state",),
}  # fmt: skip

__all__ = [
    "ANSWER",
    "BLANK",
    "CELLS",
    "CLOSED",
    "INPUT",
    "NEXT_WORD",
    "ON",
    "OPEN",
    "PEEPHOLES",
    "QUANTITIES",
    "ROUNDING",
    "UNKNOWN",
    "Ablated",
    "Ablation",
    "Activation",
    "Aim",
    "Answer",
    "BadInput",
    "Batch",
    "Cell",
    "CellWeights",
    "Checkpoint",
    "Contents",
    "DenseNetwork",
    "DenseReading",
    "Edit",
    "EditList",
    "Epoch",
    "Extreme",
    "Floats",
    "Found",
    "Gradients",
    "Grid",
    "Head",
    "History",
    "Hit",
    "Hits",
    "Hook",
    "Known",
    "Largest",
    "LayerGradients",
    "LayerTrace",
    "Ledger",
    "Listed",
    "Network",
    "Outputs",
    "Place",
    "Prediction",
    "Provenance",
    "Quantity",
    "Readout",
    "Ready",
    "Recurrent",
    "Regressor",
    "Saturation",
    "Scaling",
    "Search",
    "Seeker",
    "Silenced",
    "Similar",
    "Sought",
    "Speaker",
    "Stack",
    "Standing",
    "Surroundings",
    "Table",
    "Tensor",
    "Term",
    "Timestamp",
    "Trace",
    "Vocabulary",
    "Why",
    "WordNetwork",
    "WordReader",
    "WorkFailed",
    "WrongCondition",
    "WrongEdit",
    "ablation",
    "activation",
    "aimed_gradients",
    "apportion",
    "chained",
    "contents",
    "distance",
    "edited",
    "find",
    "first_divergence",
    "gates_of",
    "generated",
    "gradients",
    "has_provenance",
    "largest_change",
    "ledger",
    "mean_of",
    "mean_over",
    "next_words",
    "others_moved",
    "parse_edit",
    "parse_edits",
    "patch_grid",
    "predicted",
    "printable",
    "provenance",
    "reaching",
    "read_initial_state",
    "read_inputs",
    "read_model",
    "read_table",
    "read_tensors",
    "read_together",
    "ready_made",
    "run",
    "run_lazily",
    "saturation",
    "saturation_of",
    "similar",
    "stack_from_tensors",
    "stack_of",
    "state_distances",
    "tokenize",
    "total_variation",
    "unknown_words",
    "why",
    "word_at",
    "word_gradients",
    "written_ablation",
    "written_action",
    "written_change",
    "written_patch",
    "written_whole",
]
