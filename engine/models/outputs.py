"""The outputs of a network over numbers: what its head makes of the hidden state, in its unit, and the errors."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import Floats
from ..trace import Readout, Trace
from .scaling import Numbers, Scaling


@dataclass(frozen=True, eq=False)
class Outputs:
    """The K numbers that `head` gives at each of the T timestamps of `trace`; `file` is what it is called in its file.

    `names` are those of the K outputs. `targets` (T, K) are what they should be, in their unit, NaN where unknown;
    `aligned` says in words which row each was taken from. `scaling` is that of the K targets, which the head's numbers
    are in; None where these are the numbers themselves.
    """

    trace: Trace
    head: Readout
    file: str
    names: tuple[str, ...]
    targets: Numbers | None = None
    aligned: str = ""
    scaling: Scaling | None = None

    @property
    def K(self) -> int:
        """How many numbers there are at a timestamp."""
        return len(self.head.bias)

    def scaled(self, start: int, stop: int) -> Floats:
        """Return the head's numbers, as scaled, from timestamp `start` to `stop` (not included), (stop - start, K)."""
        last = [layer["hidden"][start:stop] for layer in self.trace.layers[-len(self.trace.stack.layers[-1]) :]]
        said: Floats = self.head.scores(last[0] if len(last) == 1 else np.concatenate(last, axis=1))
        return said

    def values(self, start: int, stop: int) -> Numbers:
        """Return the same in the targets' unit, (stop - start, K)."""
        return self._in_unit(self.scaled(start, stop))

    def of(self, hidden: Floats) -> Numbers:
        """Return what the head makes of hidden states (..., D) of the last layer, in the targets' unit, (..., K)."""
        return self._in_unit(self.head.scores(hidden))

    def _in_unit(self, said: Floats) -> Numbers:
        return np.asarray(said, np.float64) if self.scaling is None else self.scaling.raw(said)

    def residuals(self, start: int, stop: int) -> Numbers:
        """Return output minus target in their unit, (stop - start, K); NaN where there is no target."""
        if self.targets is None:
            return np.full((stop - start, self.K), np.nan)
        return np.asarray(self.values(start, stop) - self.targets[start:stop])

    def losses(self, start: int, stop: int) -> Numbers:
        """Return the mean squared error of the outputs, in the network's scale, (stop - start,); NaN without a target.

        This is what `torch.nn.MSELoss` gives for the outputs of one timestamp.
        """
        if self._scaled_targets is None:
            return np.full(stop - start, np.nan)
        apart = self.scaled(start, stop).astype(np.float64) - self._scaled_targets[start:stop]
        return np.asarray((apart * apart).mean(axis=1))

    def loss(self, t: int) -> float | None:
        """Return the mean squared error of the outputs at `t`, or None where a target is not known."""
        loss = float(self.losses(t, t + 1)[0])
        return None if np.isnan(loss) else loss

    def effects(self, t: int, output: int = 0) -> Floats:
        """Return the effect of each unit that the head sees on `output` at `t`, (D,), in the network's scale.

        That is by how much the output changes when the unit's hidden state is set to zero.
        """
        hidden = self.trace.top[t]
        without = np.where(np.eye(len(hidden), dtype=bool), np.float32(0), hidden)
        with np.errstate(invalid="ignore"):
            effects: Floats = self.head.scores(without)[:, output] - self.head.scores(hidden)[output]
        return effects

    @cached_property
    def span(self) -> tuple[Numbers, Numbers]:
        """The least and the greatest finite number of each output and its target together, (K,) both.

        Of the outputs, the first SPANNED timestamps count; 0 stands where no number is finite.
        """
        seen = [self.values(0, min(len(self.trace), SPANNED))]
        if self.targets is not None:
            known = self.targets[~np.isnan(self.targets).any(axis=1)]
            seen += [known] if len(known) else []
        both = np.concatenate(seen)
        finite = np.isfinite(both)
        low, high = (of(np.where(finite, both, end), axis=0) for of, end in ((np.min, np.inf), (np.max, -np.inf)))
        some = finite.any(axis=0)
        return np.where(some, low, 0.0), np.where(some, high, 0.0)

    @cached_property
    def _scaled_targets(self) -> Numbers | None:
        if self.targets is None or self.scaling is None:
            return self.targets
        return self.scaling.scaled(self.targets)


SPANNED = 4096
"""The first timestamps, whose outputs set the scale of a picture."""
