"""What the sheets of those who train say: a job's path with what is signed, and the guides of sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from servicebook.content.model.entries import Scenario, Standard
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.quizzes import stage_title
from servicebook.views.learning import Stage, path_of
from servicebook.views.sessions import Session, Step, first_week, scenario_session
from servicebook.views.summaries import titled

# Lines to write on, of an attendance list and of a plan.
_ATTENDANCE, _PLAN = range(1, 21), range(1, 7)


def training_content(
    job: str, asked: Collection[str], marks: Mapping[str, str], playbook: Playbook, say: Messages
) -> dict[str, Any]:
    """Return what a job's pack says: the path, the first week, and what is filled in and signed.

    `asked` are the ids of the entries that the quiz asks of, `marks` those of their texts by id.
    """
    stages, settings = path_of(playbook, job), playbook.settings
    standards = [one for stage in stages for one in stage.standards]
    title = settings.roles[job].title
    values = {"title": settings.title, "name": settings.edition.name, "job": title, "count": len(standards)}
    week = first_week(playbook, job)
    return {
        "rule": say("paper.path.rule"),
        "whose": _signed(("name", "began"), say),
        "stages": [_stage(stage, sum(one.id in asked for one in stage.standards), say) for stage in stages],
        "path_signed": _signed(("learner", "companion"), say),
        "week": {
            "aim": say("paper.week.aim", job=title),
            "materials": say("paper.week.materials"),
            "total": _minutes(sum(day.minutes for day in week), say),
            "days": [_guided(say("paper.week.day", day=i), day, say) for i, day in enumerate(week, 1)],
            "debrief": [say(f"paper.week.debrief.{i}") for i in (1, 2, 3)],
        },
        "attended": _signed(("session", "date", "trainer"), say),
        "attendance": [str(number) for number in _ATTENDANCE],
        "plan": [str(number) for number in _PLAN],
        "reviewed": _signed(("review", "name"), say),
        "slip": {
            "text": say("paper.slip.text", **values),
            "note": say("paper.slip.note"),
            "read": [{"id": one.id, "title": one.title, "mark": marks[one.id]} for one in standards],
            "signed": _signed(("name", "date", "signature"), say),
        },
        "certificate": {
            "text": say("paper.certificate.text", **values),
            "score": say("paper.certificate.score", count=len(asked)),
            "signed": _signed(("place", "date", "companion", "director"), say),
        },
    }


def _stage(stage: Stage, asked: int, say: Messages) -> dict[str, Any]:
    return {
        "title": stage_title(stage.name, say),
        "standards": [{"id": one.id, "title": one.title} for one in stage.standards],
        "practice": [one.title for one in stage.practice],
        "quiz": say("paper.path.quiz", count=asked),
    }


def _signed(names: Sequence[str], say: Messages) -> list[dict[str, str]]:
    return [{"name": name, "label": say(f"paper.signed.{name}")} for name in names]


def session_content(entry: Scenario, playbook: Playbook, say: Messages) -> dict[str, Any]:
    """Return the guide of the session that plays a scenario."""
    standards = [one for name in entry.standards if isinstance(one := playbook.entries[name], Standard)]
    taught = [titled(one) for one in standards]
    return {
        "aim": say("paper.session.aim", title=entry.title),
        "situation": inline.plain(entry.situation),
        "promises": [inline.plain(one.statement) for one in standards],
        "materials": [
            say("paper.session.materials.cards"),
            say("paper.session.materials.paper"),
            say("paper.session.materials.standards", standards=", ".join(taught)),
        ],
        **_guided("", scenario_session(), say),
        "watch": [inline.plain(one.verification.question) for one in standards],
        "debrief": inline.plain_all(entry.debrief),
    }


def _guided(title: str, session: Session, say: Messages) -> dict[str, Any]:
    return {
        "title": title,
        "total": _minutes(session.minutes, say),
        "steps": [_step(step, say) for step in session.steps],
    }


def _step(step: Step, say: Messages) -> dict[str, str]:
    about = ", ".join(titled(one) for one in step.about)
    return {
        "title": say(f"paper.session.step.{step.name}.title"),
        "minutes": _minutes(step.minutes, say),
        "how": say(f"paper.session.step.{step.name}.how", about=about),
    }


def _minutes(count: int, say: Messages) -> str:
    return say("paper.session.minutes", count=count)
