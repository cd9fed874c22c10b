"""Files, which are data and nothing else: one reader a format, all behind the door of `opening`."""
