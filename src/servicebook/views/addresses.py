"""Where entries stand on the site, and where readers write about them."""

from __future__ import annotations

import urllib.parse
from functools import lru_cache

from servicebook.content.drafts import Draft
from servicebook.content.model.entries import Entry
from servicebook.content.model.settings import Settings
from servicebook.language.messages import Messages


def entry_slug(entry: Entry) -> str:
    """Return the last part of an entry's address: its id, in small letters."""
    return entry.id.lower()


def entry_path(entry: Entry, say: Messages) -> str:
    """Return the address of an entry's page from the site's root: `estandares/ext-07/`."""
    return f"{say(f'path.{entry.kind}')}/{entry_slug(entry)}/"


def draft_path(draft: Draft, say: Messages) -> str:
    """Return the address that a draft's page has in a preview: the one that it will have."""
    return f"{say(f'path.{draft.kind}')}/{draft.id.lower()}/"


def feedback_addresses(entry: Entry, settings: Settings, say: Messages) -> dict[str, str]:
    """Return the address for each thing that readers report of an entry; none when there is nowhere to write.

    An issue form is preferred to e-mail. It gets `title`, `entry` and `edition`, and fills the fields so
    named.
    """
    feedback = settings.feedback
    addresses: dict[str, str] = {}
    # Written into texts that are quoted already: those are the same for all entries, and are quoted once.
    values = {
        "id": _quoted(entry.id),
        "title": _quoted(entry.title),
        "edition": _quoted(settings.edition.name),
        "url": _quoted(settings.address) + _quoted(entry_path(entry, say)),
    }
    for about in ("unmet", "change") if feedback.form or feedback.email else ():
        subject = _quoted_text(say(f"feedback.{about}.subject")).format_map(values)
        if feedback.form:
            joint = "&" if "?" in feedback.form else "?"
            fields = f"title={subject}&entry={values['id']}&edition={values['edition']}"
            addresses[about] = f"{feedback.form}{joint}{fields}"
        else:
            body = _quoted_text(say(f"feedback.{about}.body")).format_map(values)
            addresses[about] = f"mailto:{feedback.email}?subject={subject}&body={body}"
    return addresses


def missed_address(settings: Settings, say: Messages) -> str:
    """Return where to tell of a search that did not help, with `{query}` (quoted) where the question goes.

    Empty when there is nowhere to write.
    """
    feedback = settings.feedback
    values = {"edition": settings.edition.name, "url": settings.address, "query": "{query}"}
    subject = _quoted(say("feedback.missed.subject").format_map(values))
    if feedback.form:
        joint = "&" if "?" in feedback.form else "?"
        return f"{feedback.form}{joint}title={subject}&edition={_quoted(settings.edition.name)}"
    if feedback.email:
        body = _quoted(say("feedback.missed.body").format_map(values))
        return f"mailto:{feedback.email}?subject={subject}&body={body}"
    return ""


@lru_cache(maxsize=64)
def _quoted_text(text: str) -> str:
    """Return a text of the catalogue as a part of an address, the places for its values as they are."""
    return urllib.parse.quote(text, safe="{}")


@lru_cache(maxsize=256)
def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")
