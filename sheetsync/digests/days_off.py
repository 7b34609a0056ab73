"""Whether nobody works on a day: the one place that messages ask."""

from datetime import date

from sheetsync.terms import Calendar

SATURDAY = 5


def is_day_off(calendar: Calendar, day: date) -> bool:
    """Tell whether a day is off: the weekend and the team's own days off, except the days they work all the same."""
    if day in calendar.working_days:
        return False
    return day in calendar.days_off or day.weekday() >= SATURDAY
