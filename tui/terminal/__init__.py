"""Bytes: the driver, the canvas that sends what differs, the link to the terminal, keys typed ahead."""
