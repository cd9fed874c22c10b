"""The list of scenarios."""
