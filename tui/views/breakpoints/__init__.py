"""Breakpoints: those that are kept, and what can be made one."""
