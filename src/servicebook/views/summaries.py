"""An entry in one sentence, a threshold as it is said."""

from __future__ import annotations

from typing import Any

from servicebook.content.model.entries import Entry, Threshold
from servicebook.language import inline
from servicebook.language.messages import Messages


def summary_of(entry: Entry) -> str:
    """Return the one sentence that tells what an entry says, as plain text."""
    value: Any = entry
    for name in filter(None, entry.summary_at.split(".")):
        value = getattr(value, name)
    text = entry.title if value is entry or not value else value
    return inline.plain(text)


def threshold_text(threshold: Threshold, say: Messages) -> str:
    """Return a threshold as it is said: `Máximo 3 timbres`."""
    return say(f"threshold.{threshold.at}", value=say.number(threshold.value), unit=threshold.unit)
