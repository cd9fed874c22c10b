"""What is looked at: a trace, where it comes from, and how it is made."""
