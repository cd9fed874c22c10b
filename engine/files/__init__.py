"""Files, which are data and never code: one reader a format, with `door` before those of weights."""
