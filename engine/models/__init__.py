"""Whole models around a recurrent stack: networks that read words, their dense baseline, and forecasters."""
