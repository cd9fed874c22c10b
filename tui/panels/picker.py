"""The list of scenarios, and what the chosen one is about."""

from dataclasses import dataclass

from ...scenarios import Scenario
from ..look import Look
from .lines import Line, clip, rule, segment, wrap


@dataclass(frozen=True)
class Score:
    """How one network does on held-out sentences: accuracy by the number of clauses in between."""

    network: str
    parameters: int
    by_gap: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Choice:
    """What the picker shows: every scenario, which is chosen, and how its networks score on held-out sentences."""

    scenarios: tuple[Scenario, ...]
    place: int
    scores: tuple[Score, ...]

    @property
    def scenario(self) -> Scenario:
        """The chosen one."""
        return self.scenarios[self.place]


def picker(choice: Choice, width: int, height: int, look: Look) -> list[Line]:
    """Return the title, the list, and below it the chosen scenario's sentences, lesson and networks."""
    g = look.glyphs
    lines: list[Line] = [
        [
            segment(look, "title", " gatestep"),
            segment(look, "dim", "  step through a recurrent network, one word at a time"),
        ],
        [],
        [segment(look, "dim", " Choose a scenario; Enter opens it.")],
        [],
    ]
    longest = max(len(s.name) for s in choice.scenarios)
    rows = max(height - 16, 3)
    top = max(0, min(choice.place - rows // 2, len(choice.scenarios) - rows))
    for n, scenario in enumerate(choice.scenarios[top : top + rows], top):
        mark = g.chosen if n == choice.place else " "
        role = "cursor" if n == choice.place else "text"
        summary = clip(scenario.summary, width - longest - 10, g.ellipsis)
        lines.append([
            segment(look, "key", f" {mark} "), segment(look, role, f" {scenario.name.ljust(longest)} "),
            segment(look, "text", f"  {summary}"),
        ])  # fmt: skip
    scenario = choice.scenario
    lines += [[], rule(look, [segment(look, "title", scenario.title)], [], width)]
    for text in scenario.sentences:
        lines += [[segment(look, "hidden", part)] for part in wrap(f"“{text}”" if g.unicode else f'"{text}"', width)]
    lines.append([])
    lines += [[segment(look, "text", part)] for part in wrap(look.text(scenario.lesson), width)]
    for claim in scenario.claims:
        lines += [[segment(look, "text", part)] for part in wrap(f"{g.chosen} {look.text(claim.text)}", width)]
    lines.append([])
    lines += _table(choice.scores, look)
    return lines[:height]


def _table(scores: tuple[Score, ...], look: Look) -> list[Line]:
    """A row a network, a column a gap."""
    width = max(len(score.network) for score in scores)
    lines: list[Line] = []
    for score in scores:
        if not lines:
            title = " % right on held-out sentences, by clauses in between:"
            gaps = "".join(f"{gap:>5}" for gap, _ in score.by_gap)
            lines += [[segment(look, "dim", title)], [segment(look, "dim", " " * (width + 20) + gaps)]]
        right = "".join(f"{round(part * 100):>5}" for _, part in score.by_gap)
        lines.append([segment(look, "chosen", f" {score.network.ljust(width)}"),
                      segment(look, "dim", f" {score.parameters:>7,} parameters"),
                      segment(look, "text", right)])  # fmt: skip
    return lines
