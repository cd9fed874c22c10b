"""What is shown of a dense network: a sentence read whole, and the hidden unit that is selected. No timestamps."""

from dataclasses import dataclass, replace

from ...source.subject import DenseSubject


@dataclass(frozen=True)
class Dense:
    """A subject and the unit that is selected. Equal states render identically."""

    subject: DenseSubject
    unit: int = 0

    def with_unit(self, count: int) -> "Dense":
        """Return the same with the unit selected that is `count` rows below."""
        return replace(self, unit=min(max(self.unit + count, 0), self.subject.net.H - 1))

    def with_subject(self, subject: DenseSubject) -> "Dense":
        """Return another sentence or network, with the same unit selected as far as it has it."""
        return Dense(subject, min(self.unit, subject.net.H - 1))
