"""The charts of a scenario's networks."""
