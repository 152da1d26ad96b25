"""Dates and times as people in England read them. Always local: the caller has already left UTC."""

from __future__ import annotations

from datetime import date, time

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def weekday(day: date) -> str:
    """`Thursday`: for a day in the coming week."""
    return WEEKDAYS[day.weekday()]


def day_and_month(day: date) -> str:
    """`Thursday 3 December`: for a day further off."""
    return f"{weekday(day)} {day.day} {_MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """`9 Sep`: for a line in an alert or a table."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def full_date(day: date) -> str:
    """`21 Nov 2026`: for a date that has to stay true, as in a source line."""
    return f"{short_day(day)} {day.year}"


def clock(moment: time) -> str:
    """`17:30`, from the wall clock."""
    return f"{moment.hour:02d}:{moment.minute:02d}"
