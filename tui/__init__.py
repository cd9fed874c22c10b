"""What you see: the Textual app, its screens, panels and widgets, and the command line."""
