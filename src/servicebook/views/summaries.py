"""An entry in one sentence or by its title, a threshold and an edition as they are said."""

from __future__ import annotations

from typing import Any

from servicebook.content.model.entries import Entry, Threshold
from servicebook.content.model.settings import Edition, FrozenEdition
from servicebook.language import inline
from servicebook.language.messages import Messages


def summary_of(entry: Entry) -> str:
    """Return the one sentence that tells what an entry says, as plain text."""
    value: Any = entry
    for name in filter(None, entry.summary_at.split(".")):
        value = getattr(value, name)
    text = entry.title if value is entry or not value else value
    return inline.plain(text)


def titled(entry: Entry) -> str:
    """Return an entry's title as it is named: after its code, where it has one."""
    return f"{entry.id} {entry.title}" if entry.codes else entry.title


def edition_said(edition: Edition | FrozenEdition, say: Messages) -> str:
    """Return an edition as it is said: its name, and its date."""
    return say("edition.text", name=edition.name, date=say.date(edition.date))


def threshold_text(threshold: Threshold, say: Messages) -> str:
    """Return a threshold as it is said: `Máximo 3 timbres`."""
    return say.limit(threshold.at, say.number(threshold.value), threshold.unit)
