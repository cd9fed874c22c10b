"""A forecaster's day, stepped through like a sentence."""
