"""A dense network, which reads a sentence whole."""
