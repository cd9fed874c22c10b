"""Backpropagation through time: the gradients at every word."""
