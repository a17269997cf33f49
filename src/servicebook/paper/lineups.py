"""What the sheet of a week's line-up says besides the case to play: the plan of a meeting, and the days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.views.lineup import Day, Week

_PARTS = range(1, 5)


def week_title(monday: dt.date, job: str, playbook: Playbook, say: Messages) -> str:
    """Return what a week is called: `Semana del 30 de noviembre de 2026`, of a job with its name."""
    if not job:
        return say("paper.lineup.title", date=say.date(monday))
    return say("paper.lineup.title_job", date=say.date(monday), job=playbook.settings.roles[job].title)


def week_content(week: Week, say: Messages) -> dict[str, Any]:
    """Return what is said of a week; its case and the blanks to sign are the sheet's to add."""
    closed = ", ".join(say.day(day) for day in week.closed)
    return {
        "aim": say("paper.lineup.aim"),
        "materials": say("paper.lineup.materials"),
        "total": say("paper.session.minutes", count=sum(_minutes(part, say) for part in _PARTS)),
        "debrief": say("paper.lineup.debrief"),
        "plan": [
            {
                "title": say(f"paper.lineup.parts.{part}.title"),
                "minutes": say("paper.session.minutes", count=_minutes(part, say)),
                "how": say(f"paper.lineup.parts.{part}.how"),
            }
            for part in _PARTS
        ],
        "closed": say("paper.lineup.closed", days=closed) if closed else "",
        "days": [_day(day, say) for day in week.days],
        "example": {
            "title": week.case.title,
            "lesson": inline.plain(week.case.lessons[0]),
        }
        if week.case
        else None,
    }


def _minutes(part: int, say: Messages) -> int:
    return int(say(f"paper.lineup.parts.{part}.minutes"))


def _day(day: Day, say: Messages) -> dict[str, Any]:
    date = say.day(day.date)
    name = date[0].upper() + date[1:]
    standard = day.standard
    if standard is None:
        how = say("paper.lineup.practice_how")
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
