"""Clocks, deadlines, working days, absences (METHOD point 8).

What follows from a deadline is routing's.
"""
