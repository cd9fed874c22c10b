"""A user's series on the command line: which column is forecast, how far ahead, and by which recipe."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...engine import BadInput
from ...engine.files.choices import DATE_ORDERS
from .applies import given, option
from .options import path
from .reading import print_notes, reading

if TYPE_CHECKING:
    from ...engine.files.rows import Progress
    from ...scenarios.forecast import Recipe, Series

ARTICLE, WINDOWED = RECIPES = ("article", "windowed")
"""Names of the recipes for a series, which are loaded when there is one."""

OF_SERIES = ("csv", "target", "dates", "recipe", "window", "horizon", "split")
"""The options that say which series is forecast, and how."""


def add_series(parser: argparse.ArgumentParser, inner: bool = False) -> None:
    """Add the options that say which series is forecast, and how; `inner` where a parser has --target already."""
    parser.add_argument("--csv", metavar="FILE", type=path, help="a table of numbers with a header, a row a day")
    if not inner:
        parser.add_argument("--target", metavar="COLUMN", help="the column of --csv that is forecast")
    parser.add_argument("--dates", choices=DATE_ORDERS, help="how --csv writes dates such as 01/02/2020")
    parser.add_argument("--recipe", choices=RECIPES,
                        help="what is read: the other columns of the day, or (windowed) days before")  # fmt: skip
    parser.add_argument("--window", metavar="N", type=int,
                        help="how many days before are read (default: chosen on the train days)")  # fmt: skip
    parser.add_argument("--horizon", metavar="N", type=int, help="how many days ahead the forecast is (default: 1)")
    parser.add_argument("--split", metavar="DATE|SHARE",
                        help="the first date that tests, or the share of days that train (default: 79 %%)")  # fmt: skip


@dataclass(frozen=True, eq=False)
class OwnSeries:
    """A series, the recipes for it by name, and which of them is asked for."""

    series: "Series"
    recipes: "Mapping[str, Recipe]"
    recipe: str


def own_series(
    a: argparse.Namespace, usual: str | None = None
) -> "tuple[Path, Callable[[Progress | None], OwnSeries]]":
    """Return the file that --csv names, and a function that reads it as the options say; those are checked at once.

    `usual` is the recipe without --recipe, --window and --horizon: by default the first one that can be used. Raises
    BadInput for options that do not go together; the function does so for a table that does not fit them.
    """
    if a.csv is None:
        said = next(option(name) for name in OF_SERIES if given(getattr(a, name)))
        what = {"--target": "names a column of", "--dates": "says how dates are written in that of"}
        raise BadInput(f"{said} {what.get(said, 'goes with')} --csv FILE; give both, or neither for Starbucks' volume")
    asked = next((name for name in ("window", "horizon") if given(getattr(a, name))), None)
    for name in ("window", "horizon"):
        if given(value := getattr(a, name)) and value < 1:
            raise BadInput(f"--{name} {value}: must be at least 1")
    if asked and a.recipe == ARTICLE:
        raise BadInput(f"--{asked} does not go with the recipe article, which reads the very day that it forecasts; "
                       "give --recipe windowed")  # fmt: skip
    if a.recipe not in (None, *RECIPES):  # as --model, which is the same of a forecaster
        raise BadInput(f"--model {a.recipe}: is not a recipe; choose from {', '.join(RECIPES)}")
    wanted = a.recipe or (WINDOWED if asked else usual)

    def read(progress: "Progress | None") -> OwnSeries:
        from ...engine import read_table
        from ...scenarios.forecast import recipes, series_of

        table = read_table(a.csv, a.dates, progress)
        if a.target is None:
            raise BadInput(f"{a.csv}: --target COLUMN says which column is forecast; choose from "
                           f"{', '.join(table.names)}")  # fmt: skip
        series = series_of(table, a.target, a.split, a.horizon or 1)
        found = recipes(a.window)
        name = wanted or next((name for name, recipe in found.items() if not recipe.cannot(series)), WINDOWED)
        if why := found[name].cannot(series):
            raise BadInput(why)
        return OwnSeries(series, found, name)

    return a.csv, read


def read_series(a: argparse.Namespace, usual: str | None = None) -> OwnSeries:
    """Return the series that the options name, and print to stderr how far it is read, and notes on how it was read."""
    file, read = own_series(a, usual)
    with reading(file) as progress:
        own = read(progress)
    print_notes(f"{file}: {note}" for note in own.series.notes)
    return own
