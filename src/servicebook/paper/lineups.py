"""What the sheet of a week's line-up says besides the case to play: the plan of a meeting, and the days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from servicebook.content.model.entries import Case, Standard
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.sheet import page_path, spoken_address
from servicebook.views.lineup import Day, Week
from servicebook.views.sessions import brief_session
from servicebook.views.summaries import titled

_PARTS = range(1, 5)
# What is surest of a company is told first.
_SURE = ("high", "medium", "low")


def week_title(monday: dt.date, job: str, playbook: Playbook, say: Messages) -> str:
    """Return what a week is called: `Semana del 30 de noviembre de 2026`, of a job with its name."""
    if not job:
        return say("paper.lineup.title", date=say.date(monday))
    return say("paper.lineup.title_job", date=say.date(monday), job=playbook.settings.roles[job].title)


def week_content(week: Week, playbook: Playbook, say: Messages) -> dict[str, Any]:
    """Return what is said of a week; its case and the blanks to sign are the sheet's to add."""
    closed = _listed(week.closed, say)
    standards = [day.standard for day in week.days if day.standard]
    return {
        "aim": say("paper.lineup.aim"),
        "materials": say("paper.lineup.materials"),
        "total": _minutes(sum(_minutes_of(part, say) for part in _PARTS), say),
        "debrief": say("paper.lineup.debrief"),
        "plan": [
            {
                "title": say(f"paper.lineup.parts.{part}.title"),
                "minutes": _minutes(_minutes_of(part, say), say),
                "how": say(f"paper.lineup.parts.{part}.how"),
            }
            for part in _PARTS
        ],
        "after": say("paper.lineup.after", check=say("paper.lineup.check").rstrip(":")),
        "closed": say("paper.lineup.closed", days=closed) if closed else "",
        "full": spoken_address(playbook.settings, page_path(standards[0].id)) if standards else "",
        "days": [_day(day, week, say) for day in week.days],
        "practice": _practice(week, say) if week.scenario else None,
        "example": _example(week.case, week, say) if week.case else None,
    }


def _listed(dates: Collection[dt.date], say: Messages) -> str:
    """Return days as a sentence names them: «el lunes 2, martes 3 y viernes 6»."""
    *first, last = [say.day(date) for date in dates] or [""]
    return f"{', '.join(first)} {say('paper.lineup.and')} {last}" if first else last


def _minutes_of(part: int, say: Messages) -> int:
    return int(say(f"paper.lineup.parts.{part}.minutes"))


def _minutes(count: int, say: Messages) -> str:
    return say("paper.session.minutes", count=count)


def _day(day: Day, week: Week, say: Messages) -> dict[str, Any]:
    date = say.day(day.date)
    name = date[0].upper() + date[1:]
    standard = day.standard
    if standard is None:
        how = say("paper.lineup.practice_how" if week.scenario else "paper.lineup.practice_alone")
        said = {"id": "", "title": say("paper.lineup.practice"), "statement": how}
        return {"day": name, **said, "do": "", "dont": "", "question": "", "check": ""}
    return {
        "day": name,
        "id": standard.id,
        "title": standard.title,
        "statement": inline.plain(standard.statement),
        "do": inline.plain(standard.do[0]),
        "dont": inline.plain(standard.dont[0]),
        "question": say(f"paper.lineup.question.{day.question}"),
        "check": inline.plain(standard.verification.question),
    }


def _practice(week: Week, say: Messages) -> dict[str, Any]:
    """Return how the case of a week is played in a meeting, and on which day."""
    session = brief_session()
    forms = {"cards": say("paper.form.role_play"), "guide": say("paper.form.session")}
    return {
        "when": _when(week, say),
        "total": _minutes(session.minutes, say),
        "steps": [
            {
                "title": say(f"paper.lineup.play_step.{step.name}.title"),
                "minutes": _minutes(step.minutes, say),
                "how": say(f"paper.lineup.play_step.{step.name}.how", wrong=say("scenario.goes_wrong")),
            }
            for step in session.steps
        ],
        "more": say("paper.lineup.play_more", **forms),
    }


def _when(week: Week, say: Messages) -> str:
    free = _listed([day.date for day in week.days if day.standard is None], say)
    if free:
        return say("paper.lineup.play_when.practice", days=free)
    taught = week.scenario.standards if week.scenario else ()
    for date, _ in _days_about(taught, week):
        return say("paper.lineup.play_when.with", day=say.day(date))
    return say("paper.lineup.play_when.spare")


def _example(case: Case, week: Week, say: Messages) -> dict[str, str]:
    """Return what a company does, what we learn from it, and on which day of the week it fits."""
    fact = min(case.claims, key=lambda claim: _SURE.index(claim.confidence))
    days = _days_about(case.standards, week)
    when = [say("paper.lineup.case_when", day=say.day(day), standard=titled(one)) for day, one in days]
    return {
        "title": case.title,
        "when": when[0] if when else "",
        "fact": inline.plain(fact.text),
        "lesson": inline.plain(case.lessons[0]),
    }


def _days_about(standards: Collection[str], week: Week) -> list[tuple[dt.date, Standard]]:
    """Return the days of a week whose standard is one of these, each with its standard."""
    days = ((day.date, day.standard) for day in week.days)
    return [(date, one) for date, one in days if one and one.id in standards]
