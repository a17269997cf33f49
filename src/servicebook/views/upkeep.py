"""What a playbook's upkeep asks for on a given day: reviews and re-checks, drafts, weak claims, by team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from servicebook.content.model.entries import Case, Claim, Entry
from servicebook.content.model.settings import Settings
from servicebook.language.dates import months_after
from servicebook.language.messages import Messages

# What falls due within these days is told beforehand, while there is time to do it.
SOON = dt.timedelta(days=60)


class Matter(StrEnum):
    """Why an entry is on the list, the most pressing first."""

    OVERDUE = "overdue"
    RECHECK_OVERDUE = "recheck-overdue"
    NO_OWNER = "no-owner"
    DUE = "due"
    RECHECK_DUE = "recheck-due"
    LOW_CONFIDENCE = "low-confidence"
    DRAFT = "draft"


@dataclass(frozen=True)
class Task:
    """One thing to see to. `claim` is the one that it is about, `due` the day by which it should be done."""

    matter: Matter
    entry: Entry
    due: dt.date | None = None
    claim: Claim | None = None


def due_date(entry: Entry) -> dt.date:
    """Return the day by which an entry must be reviewed again."""
    return months_after(entry.reviewed, entry.review_every)


def find_tasks(entries: Iterable[Entry], settings: Settings, today: dt.date) -> dict[str, list[Task]]:
    """Return what there is to do by team, in the order of `playbook.yml`; the most pressing first."""
    tasks = [task for entry in entries for task in _tasks_of(entry, settings, today)]
    order = list(Matter)
    tasks.sort(key=lambda task: (order.index(task.matter), task.due or dt.date.max, task.entry.id))
    by_team = {team: [task for task in tasks if task.entry.owner == team] for team in settings.teams}
    return {team: found for team, found in by_team.items() if found}


def _tasks_of(entry: Entry, settings: Settings, today: dt.date) -> Iterator[Task]:
    if entry.status == "retired":
        return
    if entry.status == "draft":
        yield Task(Matter.DRAFT, entry)
    due = due_date(entry)
    if due < today:
        yield Task(Matter.OVERDUE, entry, due)
    elif due <= today + SOON:
        yield Task(Matter.DUE, entry, due)
    team = settings.teams.get(entry.owner)
    # Every entry names a team; one that nobody can reach is no owner.
    if team is None or not (team.contact or team.handle):
        yield Task(Matter.NO_OWNER, entry)
    if isinstance(entry, Case):
        for claim in entry.claims:
            if claim.recheck < today:
                yield Task(Matter.RECHECK_OVERDUE, entry, claim.recheck, claim)
            elif claim.recheck <= today + SOON:
                yield Task(Matter.RECHECK_DUE, entry, claim.recheck, claim)
            if claim.confidence == "low":
                yield Task(Matter.LOW_CONFIDENCE, entry, None, claim)


def as_text(tasks: Mapping[str, Sequence[Task]], settings: Settings, say: Messages) -> str:
    """Return the list as lines for a terminal."""
    if not tasks:
        return say("review.nothing")
    lines: list[str] = []
    for team, its in tasks.items():
        lines.append(f"{settings.teams[team].title} ({len(its)})")
        lines += [f"  {sentence(task, say)}" for task in its]
    return "\n".join(lines)


def as_markdown(
    tasks: Mapping[str, Sequence[Task]], settings: Settings, today: dt.date, say: Messages
) -> str:
    """Return the list as the body of an issue, each thing with a box to tick."""
    lines = [say("review.as-of", date=say.date(today)), ""]
    if not tasks:
        return "\n".join([*lines, say("review.nothing"), ""])
    for team, its in tasks.items():
        info = settings.teams[team]
        lines += [f"### {info.title} {info.handle or ''}".rstrip(), ""]
        lines += [*(f"- [ ] {sentence(task, say)}" for task in its), ""]
    return "\n".join(lines)


def as_data(tasks: Mapping[str, Sequence[Task]], today: dt.date, say: Messages) -> dict[str, Any]:
    """Return the list as data that a program can rely on."""
    return {
        "date": str(today),
        "tasks": [
            {
                "team": team,
                "matter": str(task.matter),
                "kind": task.entry.kind,
                "id": task.entry.id,
                "title": task.entry.title,
                "claim": task.claim.id if task.claim else None,
                "due": str(task.due) if task.due else None,
                "message": sentence(task, say),
            }
            for team, its in tasks.items()
            for task in its
        ],
    }


def sentence(task: Task, say: Messages) -> str:
    """Return one task in plain words."""
    values: dict[str, object] = {"id": task.entry.id, "title": task.entry.title}
    if task.due:
        values["due"] = say.date(task.due)
    if task.claim:
        values["claim"] = task.claim.id
    return say(f"review.matter.{task.matter}", **values)


@dataclass(frozen=True)
class BoardRow:
    """One line of the review board: an entry to review, or one of its claims to verify, and by when."""

    entry: Entry
    due: dt.date
    claim: Claim | None = None


def board_of(entries: Iterable[Entry], settings: Settings) -> dict[str, list[BoardRow]]:
    """Return every review and verification by team, the next ones first, whatever the day is."""
    board: dict[str, list[BoardRow]] = {team: [] for team in settings.teams}
    for entry in entries:
        if entry.status == "retired":
            continue
        rows = board.setdefault(entry.owner, [])
        rows.append(BoardRow(entry, due_date(entry)))
        if isinstance(entry, Case):
            rows += [BoardRow(entry, claim.recheck, claim) for claim in entry.claims]
    for rows in board.values():
        rows.sort(key=lambda row: (row.due, row.entry.id, row.claim.id if row.claim else ""))
    return {team: rows for team, rows in board.items() if rows}
