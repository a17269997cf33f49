"""What the sheet of a job's quiz says, and the questions as tables and in the format of Moodle."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from servicebook.content.model.entries import Customer, Standard
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages
from servicebook.views.learning import URGENT, path_of
from servicebook.views.quiz import LETTERS, Question, jobs_asked, question_text, questions_of
from servicebook.views.summaries import edition_said, titled

# What means something to GIFT (docs.moodle.org, "GIFT format"): all of it is written after a backslash.
_GIFT_SIGNS = re.compile(r"[\\~=#{}:]")
_BREAKS = re.compile(r"\s*\n\s*")
COLUMNS = ("id", "entry", "topic", "jobs", "question", *LETTERS, "right", "whole", "why")


def quiz_content(
    job: str, questions: Sequence[Question], playbook: Playbook, say: Messages
) -> dict[str, Any]:
    """Return what the quiz of a job says: its questions, of which each entry has one, and the key."""
    stages, key = [], []
    for title, found in _stages(job, questions, playbook, say):
        stages.append({"title": title, "questions": [_printed(one, say) for one in found]})
        key += [_solved(one) for one in found]
    return {"how": say("paper.quiz.how"), "stages": stages, "key": key}


def _stages(
    job: str, questions: Sequence[Question], playbook: Playbook, say: Messages
) -> Iterator[tuple[str, list[Question]]]:
    """Yield the stages of the path with their questions in the order in which they were shuffled."""
    for stage in path_of(playbook, job):
        taught = {one.id for one in stage.standards}
        if found := [one for one in questions if one.entry.id in taught]:
            yield stage_title(stage.name, say), found
    if guides := [one for one in questions if isinstance(one.entry, Customer)]:
        yield say("kind.customer"), guides


def stage_title(name: str, say: Messages) -> str:
    """Return what a stage of the path is called: `Lo urgente`, or its level."""
    return say("paper.path.urgent") if name == URGENT else say(f"level.{name}")


def _printed(question: Question, say: Messages) -> dict[str, Any]:
    return {
        "id": question.entry.id if question.entry.codes else "",
        "topic": question.entry.title,
        "ask": say(f"quiz.ask.{question.kind}"),
        "answers": list(question.answers),
    }


def _solved(question: Question) -> dict[str, Any]:
    return {"letter": LETTERS[question.right], "title": titled(question.entry), "why": question.why}


def quiz_lines(playbook: Playbook, say: Messages) -> Iterator[dict[str, str]]:
    """Yield every question as a line of a table."""
    for one in questions_of(playbook):
        jobs = jobs_asked(one.entry)
        yield {
            "id": one.id,
            "entry": one.entry.id,
            "topic": one.entry.title,
            "jobs": ", ".join(playbook.settings.roles[job].title for job in jobs),
            "question": question_text(one, say),
            **dict(zip(LETTERS, one.answers, strict=False)),
            "right": LETTERS[one.right],
            "whole": one.whole,
            "why": one.why,
        }


def gift_text(playbook: Playbook, say: Messages) -> str:
    """Return every question in GIFT, which Moodle and others read, a category for each pillar and for guides.

    All texts are told to be plain, so that none is read as HTML, as a share or as a format.
    """
    by_category: dict[str, list[Question]] = {}
    for one in questions_of(playbook):
        pillar = playbook.settings.pillars[one.entry.pillar].title if isinstance(one.entry, Standard) else ""
        by_category.setdefault(pillar or say("kind.customer"), []).append(one)
    top = playbook.settings.title
    parts = [f"// {_line(top)}. {edition_said(playbook.settings.edition, say)}"]
    for category in sorted(by_category, key=say.sort_key):
        parts.append(f"$CATEGORY: {_category(top)}/{_category(category)}")
        parts += [_gift(one, say) for one in by_category[category]]
    return "\n\n".join(parts) + "\n"


def _gift(question: Question, say: Messages) -> str:
    told = [titled(question.entry), question.whole, question.why]
    answers = [
        f"{'=' if place == question.right else '~'}[plain]{_escaped(answer)}"
        for place, answer in enumerate(question.answers)
    ]
    feedback = _escaped(" ".join(_stopped(part) for part in told if part))
    asked = _escaped(question_text(question, say))
    return "\n".join(
        [f"::{_escaped(question.id)}::[plain]{asked}{{", *answers, "####[plain]" + feedback, "}"]
    )


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…", "»", "”", '"')) else f"{text}."


def _escaped(text: str) -> str:
    return _GIFT_SIGNS.sub(lambda sign: f"\\{sign.group()}", _line(text))


def _category(text: str) -> str:
    """Return the name of a category, in which a slash would begin another."""
    return _line(text).replace("/", "//")


def _line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()
