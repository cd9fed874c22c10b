"""Conditions: expressions over what a network did, and the timestamps at which they hold."""

from .nodes import WrongCondition
from .parser import parse
from .search import Found, Hit, Hits, Search, find
from .series import Known

__all__ = ["Found", "Hit", "Hits", "Known", "Search", "WrongCondition", "find", "parse"]
