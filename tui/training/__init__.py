"""A training in a process of its own, and what it reports."""
