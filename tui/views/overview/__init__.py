"""All layers and units of a network at once, at one timestamp."""
