"""Two sentences or two networks side by side."""
