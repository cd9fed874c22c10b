"""What every screen but the stepper is, and what it shows, in the words of the help."""

from ...keys import (
    BREAKPOINTS,
    CHART,
    CHECKPOINT,
    COMPARE,
    DAY,
    DENSE,
    EDITS,
    EXPERIMENT,
    FORECAST,
    GATES,
    GRADIENTS,
    GRID,
    HITS,
    LEARNING,
    NETWORKS,
    OVERVIEW,
    PICKER,
    SIMILAR,
    UNIT,
)
from ...keys.action import READING

PLACES = {
    PICKER: (
        "the list of scenarios",
        "Each has a sentence or two, networks trained on them, and a lesson. A digit chooses the scenario of that "
        "number, a letter that is not a key here the next one whose name starts with it. {key:picker.open} opens it.",
    ),
    NETWORKS: (
        "the recurrent networks of a file",
        "Layers, directions, units and inputs follow from the shapes of the weights. A digit chooses the network of "
        "that number, a letter that is not a key here the next one whose name starts with it. {key:networks.open} "
        "opens it if --input was given; the command below the list opens it from the shell.",
    ),
    READING: (
        "a file that is being read",
        "A large table takes a while; its screen opens when the last row is read. {key:app.undo} or {key:app.back} "
        "leaves.",
    ),
    COMPARE: (
        "a comparison",
        "Two networks on one sentence, or two sentences in one network, on the same keys. Below: how far apart they "
        "are at each timestamp (a dot: identical). c and h are root mean squares over the units; p is half the sum of "
        "|p-p'| over all words, from 0 to 1. The table shows what every network of the scenario predicts at the end.",
    ),
    DENSE: (
        "a dense network",
        "It reads the whole sentence at once and has no timestamps and no gates: the words' vectors are added up, or "
        "placed side by side, and pass through one layer of hidden units. Effect is the change in ln p when a unit is "
        "ablated.",
    ),
    FORECAST: (
        "a forecaster",
        "Four pages: the data; the actual values and the forecast, day by day; the loss over the epochs, with the "
        "largest gradient of every part of the network; and the scores next to naive baselines. Days before the "
        "mark are for training, those after it for testing. Training saves about 20 checkpoints: "
        "{key:forecast.epoch_back} and {key:forecast.epoch} step through them, on this screen and inside a day. MAE "
        "and RMSE are in the target's unit, MAPE is relative, and R² is 1 for a perfect forecast and 0 for one that "
        "always predicts the mean.",
    ),
    DAY: (
        "a day of a forecaster",
        "The network reads the window of this day one timestamp at a time, as it would read a sentence; after its end "
        "comes the next day's window. Below: the numbers as they are in the file and as the network reads them, the "
        "sum behind the selected number, and the arithmetic from the hidden state to the forecast. Before the end of "
        "the window, this is the forecast as if the window ended there.",
    ),
    GRADIENTS: (
        "the gradients of a sentence",
        "Backpropagation through time: the magnitude of dL/dh and dL/dc at each word, from the loss L backwards, as "
        "torch differentiates the equations. The scale is logarithmic and reaches as far as the gradients of the "
        "sentence do. prod f is the product of the forget gates from the last word: the largest over the units. "
        "from: the gradient broken down by loss term, each by its component along the whole, so that they add up to "
        "100 %; a negative share pulls the other way. Where the word after the last is not known, the loss is that of "
        "the likeliest word.",
    ),
    EXPERIMENT: (
        "an experiment",
        "Questions about gradients through time. {key:experiment.answer} shows the answer, which a test checks. "
        "The curves show random networks whose recurrent matrices have the spectral radius in the heading; the loss "
        "is a fixed direction of the last hidden state, so |dL/dh| is 1 at the last timestamp. W alone is the RNN's "
        "recurrent matrix without its tanh. prod f is the product of the LSTM's forget gates.",
    ),
    LEARNING: (
        "a network that learns",
        "It trains from scratch in a separate process. Above: loss and accuracy on each batch before the network "
        "learns from it, as means over a hundredth of all batches. Below: gates and prediction at this word in the "
        "selected checkpoint. About 20 checkpoints are saved; {key:learning.epoch_back} and {key:learning.epoch} step "
        "through them. The gradient norms are those of the batch after the checkpoint; where the norm of all "
        "together is above 1, they are scaled down to 1.",
    ),
    CHECKPOINT: (
        "a checkpoint",
        "The stepper on a checkpoint of a training: {key:learning.epoch_back} and {key:learning.epoch} change the "
        "checkpoint, every other key moves in the sentence. Units keep their numbers throughout a training.",
    ),
    GATES: (
        "the statistics of the gates",
        "Every held-out sentence is read, 300 of each size; of your own network, its text or all its sequences. A row "
        "shows how the gate of a unit is distributed from 0 to 1: the shade is the share of timestamps with such a "
        "value, on a log scale, and beside it stand the shares below 0.1 and above 0.9, where a gate is saturated. "
        "Below: where the gate of the selected unit is highest and lowest; sentences that begin with the same "
        "words count as one until they differ.",
    ),
    UNIT: (
        "the page of a unit",
        "Its cell state (or hidden state, for a cell without one) in sentences that differ in one word: the word "
        "that the answer depends on, and others that take its place in held-out sentences. A scenario without such a "
        "word shows its own sentences. Then the largest weights from the unit's hidden state to the words and to the "
        "gates of the layer's units, and the network's scores over all held-out sentences with the unit ablated: its "
        "hidden state held at 0.",
    ),
    HITS: (
        "the list of hits",
        "Every timestamp of this run at which the search matches: its word or its inputs, the quantity of the "
        "unit that made the condition true, and its value. {key:hits.jump} opens the stepper there, and "
        "{key:stepper.next_found} and {key:stepper.previous_found} continue through the same list. Where the run is "
        "not computed yet, the heading says how much of it has been searched; {key:app.undo} stops that and keeps the "
        "hits so far.",
    ),
    BREAKPOINTS: (
        "the breakpoints",
        "Breakpoints above, and below conditions that can become one. Playing halts at the next timestamp where a "
        "breakpoint that is on holds, and says which and why. They last for this session, in all networks and "
        "sentences; one that needs something a run does not have is marked, and ignored there. {key:breakpoints.find} "
        "goes to the next timestamp where the selected condition holds.",
    ),
    OVERVIEW: (
        "all units at once",
        "Every unit of every layer is one square: how large the selected quantity is at this timestamp. The heading "
        "of each layer says what its units are ordered by, and for which timestamp. Below are the numbers of the "
        "selected unit; {key:overview.descend} steps through it. effect is the change in the prediction when the "
        "unit is ablated, activity the mean size of h, change how much the memory changes at this timestamp, "
        "saturation the share of gate values below .1 or above .9, and half-life after how many timestamps half of a "
        "memory is left. All but effect and change cover up to 128 timestamps that end here.",
    ),
    EDITS: (
        "the list of edits",
        "What was changed by hand in this run, in the order in which it is made: an edit that is off stays in the "
        "list. Timestamps count from 1, in the sequence as the edits before have left it. Below: where the run "
        "diverges from its original, and how far apart they are at the end, c and h as root mean squares over the "
        "units, p as half the sum of |p-p'|. The command makes the same run from the shell.",
    ),
    GRID: (
        "the patch grid",
        "Each cell is a run of its own: one quantity of one unit at one timestamp is replaced, by its mean over "
        "held-out sentences or by what it is in another sentence, and everything after it follows. Shown is by how "
        "much ln p of the word in the heading changes: below zero, the word depends on this value. {key:grid.jump} "
        "goes there with the patch in force, as one more edit.",
    ),
    SIMILAR: (
        "similar passages",
        "Units are on where they are at least the threshold from zero. A place is similar where, at each timestamp, "
        "every unit that is on in the marked passage is on too, with the same sign: in this sequence and in all "
        "held-out sentences. What stands there, against how often it stands anywhere, shows what these units "
        "respond to. The nearest places come first.",
    ),
    CHART: ("the charts of a scenario", "They are drawn from the shipped networks and their scores."),
}
"""What every screen but the stepper is, and what it shows."""
