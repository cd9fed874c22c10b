"""Forecasting a number from day to day: a series, two recipes, what they are measured against, and what ships."""

from .choosing import Tried, best, tried
from .course import SEEDS, Course, begin, measured, table
from .recipes import ARTICLE, RECIPES, WINDOWED, Recipe, Task, needs_columns, prepare
from .scores import MEASURES, Row
from .series import Series, series_of
from .starbucks import PAGES, STARBUCKS, Courses, Forecaster, ForecastStep, unlearnt

__all__ = [
    "ARTICLE",
    "MEASURES",
    "PAGES",
    "RECIPES",
    "SEEDS",
    "STARBUCKS",
    "WINDOWED",
    "Course",
    "Courses",
    "ForecastStep",
    "Forecaster",
    "Recipe",
    "Row",
    "Series",
    "Task",
    "Tried",
    "begin",
    "best",
    "measured",
    "needs_columns",
    "prepare",
    "series_of",
    "table",
    "tried",
    "unlearnt",
]
