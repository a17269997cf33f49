"""Dates by the calendar."""

from __future__ import annotations

import calendar
import datetime as dt


def months_after(date: dt.date, months: int) -> dt.date:
    """Return the day `months` calendar months after `date` (the month's last day where it is shorter).

    Past the calendar's end it is the calendar's last day.
    """
    years, month = divmod(date.month - 1 + months, 12)
    year = date.year + years
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))
