"""What is drawn: pure functions from a moment and a size to lines of styled text. No widget, no app."""
