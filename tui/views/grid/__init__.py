"""The effect of patching each unit at each timestamp, as a heat map."""
