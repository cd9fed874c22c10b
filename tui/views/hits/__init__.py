"""The list of hits: every place of what was looked for."""
