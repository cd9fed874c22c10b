"""The stepper: one timestamp at a time, or a part of one."""
