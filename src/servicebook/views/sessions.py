"""Sessions that somebody leads: their steps, each with its minutes, which add up to how long it lasts."""

from __future__ import annotations

from dataclasses import dataclass

from servicebook.content.model.entries import Entry, Scenario, Standard
from servicebook.content.playbook import Playbook
from servicebook.views.learning import path_of

# The steps of a session that plays a scenario.
_PLAY = (("open", 5), ("cast", 3), ("act", 5), ("comment", 12), ("again", 5), ("close", 5))
# The steps of a scenario that is played in a meeting, from one sheet and without cards.
_BRIEF = (("cast", 1), ("act", 4), ("comment", 4), ("close", 1))
# The days of a first week, and how many standards each begins with.
WEEK_DAYS, EACH_DAY = 5, 2


@dataclass(frozen=True)
class Step:
    """A step: what names it in the catalogue, how long it takes, and the entries that it is about."""

    name: str
    minutes: int
    about: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Session:
    """The steps of a session, in order."""

    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(step.minutes for step in self.steps)

    def minutes_of(self, name: str) -> int:
        """Return how long the first step of a name takes."""
        return next(step.minutes for step in self.steps if step.name == name)


def scenario_session() -> Session:
    """Return the session that plays a scenario, whichever it is."""
    return Session(tuple(Step(name, minutes) for name, minutes in _PLAY))


def brief_session() -> Session:
    """Return the session that plays a scenario in the ten minutes of a meeting."""
    return Session(tuple(Step(name, minutes) for name, minutes in _BRIEF))


def first_week(playbook: Playbook, job: str) -> list[Session]:
    """Return a session for each day of somebody's first week: the path's first standards, and practice.

    The last day has the quiz and the plan instead of a scenario.
    """
    stages = path_of(playbook, job)
    standards = [one for stage in stages for one in stage.standards]
    plays = [one for stage in stages for one in stage.practice]
    days = []
    for day in range(WEEK_DAYS):
        read = tuple(standards[day * EACH_DAY : (day + 1) * EACH_DAY])
        play = plays[day : day + 1] if day < WEEK_DAYS - 1 else []
        days.append(Session(tuple(_day(day, read, play))))
    return days


def _day(day: int, read: tuple[Standard, ...], play: list[Scenario]) -> list[Step]:
    steps = [Step("read", 15, read), Step("watch", 20, read)] if read else [Step("review", 20)]
    if play:
        steps.append(Step("play", scenario_session().minutes, tuple(play)))
    if day == WEEK_DAYS - 1:
        steps += [Step("quiz", 25), Step("plan", 15)]
    return [*steps, Step("talk", 10)]
