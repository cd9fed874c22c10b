"""A network that learns from scratch while it is watched."""
