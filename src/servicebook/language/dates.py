"""Dates by the calendar."""

from __future__ import annotations

import datetime as dt


def months_after(date: dt.date, months: int) -> dt.date:
    """Return the day `months` calendar months after `date` (the month's last day where it is shorter)."""
    years, month = divmod(date.month - 1 + months, 12)
    first_of_next = dt.date(date.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    last_day = (first_of_next - dt.timedelta(days=1)).day
    return dt.date(date.year + years, month + 1, min(date.day, last_day))
