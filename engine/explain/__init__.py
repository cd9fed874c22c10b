"""Questions about a trace: what a number is made of, who wrote the memory, gradients, saturation, divergence."""
