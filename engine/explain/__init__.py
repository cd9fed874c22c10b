"""Questions about a trace: what a number is made of, what wrote the memory, gradients, saturation, divergence."""
