"""The stepper's panels: functions from a moment to lines. No widget, no app."""
