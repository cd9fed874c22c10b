"""The forward pass: step by step, by torch's kernel, lazily over a long sequence, and over many sequences at once."""
