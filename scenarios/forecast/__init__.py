"""Forecasting a number from day to day: a series, two recipes, what they are measured against, and what ships."""

from .candidates import Candidate, best, grid_search
from .recipes import ARTICLE, RECIPES, WINDOWED, Recipe, Task, prepare, recipes
from .scores import MEASURES, Row
from .series import Numbers, Series, series_of
from .starbucks import PAGES, STARBUCKS, Forecaster, Forecasters, ForecastStep, unlearnt
from .trained import SEEDS, TrainedForecaster, measured, table, train

__all__ = [
    "ARTICLE",
    "MEASURES",
    "PAGES",
    "RECIPES",
    "SEEDS",
    "STARBUCKS",
    "WINDOWED",
    "Candidate",
    "ForecastStep",
    "Forecaster",
    "Forecasters",
    "Numbers",
    "Recipe",
    "Row",
    "Series",
    "Task",
    "TrainedForecaster",
    "best",
    "grid_search",
    "measured",
    "prepare",
    "recipes",
    "series_of",
    "table",
    "train",
    "unlearnt",
]
