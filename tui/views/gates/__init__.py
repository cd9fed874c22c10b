"""The gates over all held-out sentences."""
