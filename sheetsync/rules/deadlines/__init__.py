"""Clocks, deadlines, working days, absences."""
