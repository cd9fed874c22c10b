"""The gradients experiment."""
