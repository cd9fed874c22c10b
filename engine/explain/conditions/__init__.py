"""Conditions: expressions over what a network did, and the timestamps at which they hold."""

from .nodes import TokenAmong, WrongCondition
from .parser import parse
from .ready import Largest, Ready, largest_change, ready_made
from .search import Found, Hit, Hits, Search, find
from .seeker import Seeker, Sought
from .series import Known

__all__ = [
    "Found",
    "Hit",
    "Hits",
    "Known",
    "Largest",
    "Ready",
    "Search",
    "Seeker",
    "Sought",
    "TokenAmong",
    "WrongCondition",
    "find",
    "largest_change",
    "parse",
    "ready_made",
]
