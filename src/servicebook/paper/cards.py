"""What is cut and folded: what the cards of a role-play say besides its roles, and the credo."""

from __future__ import annotations

from typing import Any

from servicebook.content.model.entries import Scenario, Standard
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.views.sessions import scenario_session


def card_parts(entry: Scenario, playbook: Playbook, say: Messages) -> dict[str, Any]:
    """Return how much weighs what a scenario practises, how long it takes, and what an observer looks for.

    Its level is the weightiest of its standards'; the rubric are the questions by which those are checked.
    """
    standards = [one for name in entry.standards if isinstance(one := playbook.entries[name], Standard)]
    levels, session = playbook.settings.levels, scenario_session()
    weightiest = max((one.level for one in standards), key=lambda level: levels[level].weight, default="")
    return {
        "level": say(f"level.{weightiest}") if weightiest else "",
        "minutes": say("paper.card.minutes", count=session.minutes, act=session.minutes_of("act")),
        "rubric": [inline.plain(one.verification.question) for one in standards],
    }


def credo_content(playbook: Playbook) -> dict[str, Any] | None:
    """Return what everybody stands for, small enough to carry; None for a playbook without principles.

    A playbook that declares no promise says what it is for.
    """
    settings = playbook.settings
    if not settings.principles:
        return None
    return {
        "promise": settings.promise or settings.description,
        "principles": [
            {"title": one.title, "text": inline.plain(one.description) if one.description else ""}
            for one in settings.principles.values()
        ],
    }
