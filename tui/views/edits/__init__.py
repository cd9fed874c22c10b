"""The list of edits of a run."""
