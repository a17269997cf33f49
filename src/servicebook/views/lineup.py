"""The weekly line-up: for everybody and for each job, what is talked about on each day of a year of weeks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import TypeVar

from servicebook.base.cache import FileCache
from servicebook.base.files import version_of
from servicebook.content.model.entries import Case, Entry, Scenario, Standard
from servicebook.content.model.settings import Settings
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages
from servicebook.views import rotation
from servicebook.views.rotation import Rotation, weight

# From the week of the edition's date on, so that the calendar is the same on whatever day it is made.
WEEKS = 53
# How many days of a week have a meeting, from Monday on.
_DAYS = {"weekdays": 5, "all": 7}
# How many open questions the catalogue has.
QUESTIONS = 6
# Those who are of no job in particular.
EVERYBODY = ""


@dataclass(frozen=True)
class Day:
    """A day on which the team meets: its standard, or None for practice, and its open question's number."""

    date: dt.date
    standard: Standard | None
    question: int


@dataclass(frozen=True)
class Week:
    """A week of one job: its days, those on which nobody meets, what to play, and a company's case."""

    job: str
    monday: dt.date
    days: tuple[Day, ...]
    closed: tuple[dt.date, ...]
    scenario: Scenario | None
    case: Case | None


S = TypeVar("S", Scenario, Case)
# The standard of each day of a week; None for practice.
Drawn = dict[dt.date, Standard | None]


def weeks_of(playbook: Playbook, job: str = EVERYBODY) -> Iterator[Week]:
    """Yield the weeks of a job, or of everybody; none where there is no standard to talk about."""
    mondays = _mondays(playbook.settings)
    worked, closed = _DAYS[playbook.settings.lineup.days], closed_days(playbook.settings, mondays)
    scenarios, cases = playbook.of_type(Scenario), playbook.of_type(Case)
    for monday, days in _days_kept(playbook, job, mondays):
        named = {standard.id for standard in days.values() if standard}
        yield Week(
            job,
            monday,
            tuple(Day(day, standard, _question(job, monday, day)) for day, standard in days.items()),
            tuple(day for day in (monday + dt.timedelta(days=i) for i in range(worked)) if day in closed),
            _chosen(scenarios, named, job, monday) or _chosen(scenarios, None, job, monday),
            _chosen(cases, named, job, monday),
        )


def _days_kept(playbook: Playbook, job: str, mondays: Sequence[dt.date]) -> Iterator[tuple[dt.date, Drawn]]:
    """Yield the days of a job's weeks in the calendar, as the rota has them."""
    standards = {one.id: one for one in playbook.of_type(Standard)}
    worked, closed = _DAYS[playbook.settings.lineup.days], closed_days(playbook.settings, mondays)
    for monday, ids in zip(mondays, rota(playbook).get(job, ()), strict=False):
        days = [day for day in (monday + dt.timedelta(days=i) for i in range(worked)) if day not in closed]
        yield monday, {day: standards.get(one) for day, one in zip(days, ids, strict=True)}


def _days_from(playbook: Playbook, job: str, mondays: Sequence[dt.date]) -> Iterator[tuple[dt.date, Drawn]]:
    """Yield the days of a job's weeks, each with its standard, or with None for practice."""
    standards = {first_id(one): one for one in standards_of(playbook, job)}
    if not standards:
        return
    days, closed = _DAYS[playbook.settings.lineup.days], closed_days(playbook.settings, mondays)
    turns = Rotation(job, standards, days, closed)
    for monday in mondays:
        found = turns.week(monday)
        yield monday, {day: standards[one] if one else None for day, one in found.items()}


def _mondays(settings: Settings) -> list[dt.date]:
    """Return the Mondays of the calendar, from the week in which the edition is dated."""
    date = settings.edition.date
    return [date + dt.timedelta(weeks=i, days=-date.weekday()) for i in range(WEEKS)]


def first_id(entry: Entry) -> str:
    """Return the id that an entry had first, which it keeps under whatever new one."""
    return entry.former_ids[0] if entry.former_ids else entry.id


def closed_days(settings: Settings, mondays: Sequence[dt.date]) -> frozenset[dt.date]:
    """Return the days on which nobody meets around these weeks: holidays of the country, and the own ones."""
    # A round may begin a year before the first of them and end a year after the last.
    years = range(mondays[0].year - 1, mondays[-1].year + 2)
    return frozenset({*settings.lineup.closed, *_holidays(settings.country or "", years)})


def rota(playbook: Playbook) -> dict[str, list[list[str]]]:
    """Return the ids of the standards of each job's days, by week; one for practice is empty.

    Kept: it takes long to draw, and stays as it is until a standard comes, goes or changes jobs.
    """
    mondays, lineup = _mondays(playbook.settings), playbook.settings.lineup
    drawn = {
        job: [(one.id, first_id(one)) for one in standards_of(playbook, job)] for job in jobs_of(playbook)
    }
    closed = sorted(closed_days(playbook.settings, mondays))
    code = [version_of(file) for file in (__file__, rotation.__file__)]
    key = sha256(repr((drawn, lineup.days, closed, mondays, code)).encode()).hexdigest()
    cache = FileCache(playbook.folder, "rota")
    if kept := cache.get(key):
        found: dict[str, list[list[str]]] = json.loads(kept)
        return found
    found = {
        job: [
            [standard.id if standard else "" for standard in days.values()]
            for _, days in _days_from(playbook, job, mondays)
        ]
        for job in drawn
    }
    cache.put(key, json.dumps(found).encode())
    cache.forget_unused()
    return found


def standards_of(playbook: Playbook, job: str) -> list[Standard]:
    """Return the standards of a job; everybody has all."""
    return [one for one in playbook.of_type(Standard) if job == EVERYBODY or job in one.roles]


def jobs_of(playbook: Playbook) -> list[str]:
    """Return everybody and the jobs that have standards, in the playbook's order."""
    held = {role for one in playbook.of_type(Standard) for role in one.roles}
    return [EVERYBODY, *(job for job in playbook.settings.roles if job in held)] if held else []


def printed_jobs(playbook: Playbook) -> list[str]:
    """Return the jobs whose line-up is printed besides everybody's."""
    standards = playbook.of_type(Standard)
    asked = [job for job in playbook.settings.roles if job in playbook.settings.lineup.jobs]
    return [job for job in asked if any(job in one.roles for one in standards)]


def week_name(monday: dt.date, job: str, say: Messages) -> str:
    """Return what names a week's files: `2026-s49`, or `ventas-2026-s49`."""
    year, week, _ = monday.isocalendar()
    name = say("paper.lineup.id", year=year, week=f"{week:02}")
    return f"{job}-{name}" if job else name


@lru_cache(maxsize=64)
def _holidays(country: str, years: range) -> frozenset[dt.date]:
    if not country:
        return frozenset()
    # Kept, since whoever asks the library of one country loads its modules of all, which takes longer than
    # to render two hundred pages.
    cache = FileCache(None, "holidays")
    key = f"{country}-{years.start}-{years.stop}-{version('holidays')}"
    kept = cache.get(key)
    if kept is None:
        import holidays

        kept = "\n".join(sorted(map(str, holidays.country_holidays(country, years=years)))).encode()
        cache.put(key, kept)
    return frozenset(map(dt.date.fromisoformat, kept.decode().split()))


def _chosen(entries: Sequence[S], named: set[str] | None, job: str, monday: dt.date) -> S | None:
    """Return the entry of the week, of those that go with one of the standards named if any are."""
    fitting = [one for one in entries if named is None or not named.isdisjoint(one.standards)]
    return max(fitting, key=lambda one: weight(job, str(monday), first_id(one)), default=None)


def _question(job: str, monday: dt.date, day: dt.date) -> int:
    """Return the number of a day's open question: one after the other, none twice in five days."""
    return (weight(job, str(monday)) + (day - monday).days) % QUESTIONS + 1
