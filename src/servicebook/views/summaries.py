"""An entry in one sentence, a threshold as it is said."""

from __future__ import annotations

from servicebook.content.model.entries import (
    Behaviour,
    Case,
    Checklist,
    Customer,
    Entry,
    Metric,
    Scenario,
    Standard,
    Threshold,
)
from servicebook.language import inline
from servicebook.language.messages import Messages


def summary_of(entry: Entry) -> str:
    """Return the one sentence that tells what an entry says, as plain text."""
    match entry:
        case Standard():
            text = entry.statement
        case Behaviour():
            text = entry.do.act
        case Checklist():
            text = entry.use
        case Scenario():
            text = entry.situation
        case Customer() | Case() | Metric():
            text = entry.summary
        case _:
            text = entry.title
    return inline.plain(text)


def threshold_text(threshold: Threshold, say: Messages) -> str:
    """Return a threshold as it is said: `Máximo 3 timbres`."""
    return say(f"threshold.{threshold.at}", value=say.number(threshold.value), unit=threshold.unit)
