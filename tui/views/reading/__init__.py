"""How far a large file is read, before there is anything to show of it."""
