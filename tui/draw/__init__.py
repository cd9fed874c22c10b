"""Drawing with rich and plotext, no Textual: looks, lines, charts, axes, equations."""
