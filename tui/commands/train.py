"""`gatestep train`: make a scenario's network again."""

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from ...engine import BadInput, Epoch, Network, printable
from ...engine.text import percent
from ...scenarios import (
    Experiment,
    Forecaster,
    ShippedNetworks,
    check_model,
    find,
    find_study,
    record,
    train_and_save,
)
from ...scenarios.forecast import RECIPES, SEEDS, Candidate, TrainedForecaster
from .applies import What, check
from .options import path


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "train",
        help="make a scenario's network again",
        description="Train a scenario's network from a seed, score it on held-out sentences, and write its weights.",
    )
    parser.add_argument("scenario", metavar="SCENARIO", help="a name that `gatestep list` prints")
    parser.add_argument("--model", metavar="NAME", help="which of the scenario's networks (default: its first)")
    parser.add_argument("--seed", metavar="N", type=int, help="default: the seed of the shipped weights")
    parser.add_argument("-o", "--output", metavar="DIR", type=path, default=Path(),
                        help="where to write the weights (default: here)")  # fmt: skip
    parser.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> int:
    """Train, score, write; Ctrl-C leaves nothing behind."""
    scenario = find_study(arguments.scenario)
    if isinstance(scenario, Experiment):
        check(arguments, What.EXPERIMENT)
        return _record(arguments)
    model = check_model(scenario, arguments.model)
    seed = scenario.seed if arguments.seed is None else arguments.seed
    if not 0 <= seed < 2**63:
        raise BadInput(f"--seed {seed}: must be between 0 and 2^63 - 1")
    directory = _directory(arguments)
    if isinstance(scenario, Forecaster):
        return _train_forecaster(scenario, model, seed, directory)
    print(f"{scenario.name}, {model}, seed {seed}: {scenario.corpus.task}", flush=True)
    with _display() as show:
        weights, scores = train_and_save(scenario, model, seed, directory, show)
    axis = scenario.corpus.axis
    print(f"held-out sentences answered correctly{f', by {axis}' if axis else ''}:")
    told = {size: "too long" if score is None else percent(score, 1) for size, score in scores.items()}
    print("  " + "  ".join(f"{size}: {score}" if axis else score for size, score in told.items()))
    again = f"gatestep run {scenario.name} --model {model} --weights {shlex.quote(str(weights))}"
    print(printable(f"written to {weights}; step through it with: {again}"))
    return 0


def _train_forecaster(forecaster: Forecaster, model: str, seed: int, directory: Path) -> int:
    print(f"{forecaster.name}, {model}, seeds {seed} to {seed + SEEDS - 1}: {RECIPES[model].summary}", flush=True)
    written, trained = forecaster.train_and_save(model, seed, directory, _tell)
    print(f"{trained.task.network}: trained, and scored on train and test days")
    print(printable(f"written to {written}; data/ of the sources is where it ships from"))
    return 0


def _tell(item: Candidate | TrainedForecaster) -> None:
    if isinstance(item, Candidate):
        print(f"  window {item.window:>2} days, {item.units} units: mean absolute error {item.error:,.0f} on the last "
              "train days, which it had not seen", flush=True)  # fmt: skip
    else:
        print(f"  seed {item.seed + len(item.each) - 1}: mean absolute error {item.each[-1]['test']['mae']:,.0f} on "
              "test days", flush=True)  # fmt: skip


def _record(arguments: argparse.Namespace) -> int:
    """Make an experiment's numbers again."""
    written = record(_directory(arguments), ShippedNetworks(find("pakistan")), lambda what: print(what, flush=True))
    print(printable(f"written to {written}"))
    return 0


def _directory(arguments: argparse.Namespace) -> Path:
    directory: Path = arguments.output
    if not os.path.isdir(directory):  # Path.is_dir raises where a directory on the way may not be entered
        raise BadInput(f"{directory}: is not a directory; -o takes one that exists")
    return directory


class _display:  # noqa: N801 (used as a function)
    """Progress as a live bar on a terminal, as a line now and then in a pipe."""

    def __enter__(self) -> Any:
        if not sys.stdout.isatty():
            return self._line
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.completed:>5}/{task.total} batches"), BarColumn(None),
            TextColumn("loss {task.fields[loss]:.3f}  right {task.fields[accuracy]:>5}"),
            TimeRemainingColumn(), expand=True,
        )  # fmt: skip
        self._bar.start()
        self._task = self._bar.add_task("", total=None, loss=0.0, accuracy=percent(0))
        return self._update

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_bar"):
            self._bar.stop()

    def _update(self, p: Epoch[Network]) -> None:
        self._bar.update(
            self._task, total=p.epochs, completed=p.epoch, loss=p.loss, accuracy=percent(p.accuracy or 0.0)
        )

    def _line(self, p: Epoch[Network]) -> None:
        tenth, first = max(p.epochs // 10, 1), max(p.epochs // 100, 1)
        if p.epoch and (p.epoch % tenth == 0 or p.epoch in (first, p.epochs)):
            left = p.seconds / p.epoch * (p.epochs - p.epoch)
            right = percent(p.accuracy or 0.0)
            print(
                f"{p.epoch:>6}/{p.epochs} batches  loss {p.loss:.3f}  right {right:>5}  {left:3.0f} s left", flush=True
            )
