"""The list of hits: every timestamp at which a search matches."""
