"""Passages in which the same units do the same."""
