"""The choices for a file that can be read in several ways."""

LAYOUTS = ("time-first", "batch-first")
"""Which axis of a batch comes first."""

DAY_FIRST, MONTH_FIRST = DATE_ORDERS = ("day-first", "month-first")
"""The values of --dates, for dates such as 01/02/2020."""

HOW = ("words", "characters", "spaces", "ids")
"""How a text is split: into words and marks, single characters, what stands between spaces, or numbers of entries."""
