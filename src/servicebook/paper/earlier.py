"""Sheets of earlier editions: what an edition keeps of what it printed, and the same sheets set again.

An edition keeps the words of its sheets and not their files: they take a thirtieth of the room, and a review
can read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import quote

from servicebook.content.model.printed import Printed, PrintedChecklist, PrintedStandard
from servicebook.content.model.settings import Edition, FrozenEdition, FrozenEntry, Settings
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages
from servicebook.paper.pages import count_pages
from servicebook.paper.sheet import (
    SIZES,
    Download,
    Form,
    Sheet,
    page_path,
    pdf_path,
    said_in,
    spoken_address,
)
from servicebook.paper.sheets import Sheets
from servicebook.views.editions import mark_of

# The forms of what is printed in more than one.
_FORMS: Mapping[type, tuple[Form, ...]] = {
    PrintedChecklist: ("checklist", "pocket"),
    PrintedStandard: ("standard", "poster"),
}


def freeze_printed(playbook: Playbook) -> FrozenEdition:
    """Return the edition in force with what each of its sheets says."""
    return Sheets(playbook, playbook.say).now


class EarlierSheets:
    """The sheets of a playbook's editions that say something else than today's."""

    def __init__(self, playbook: Playbook, say: Messages) -> None:
        self._playbook = playbook
        self._say = say

    def downloads(self, edition: str, identity: str) -> list[Download]:
        """Return the files of an entry as an edition printed it; none where today's say the same."""
        return [
            Download(
                self._say(f"paper.form.{sheet.form}"),
                {size: quote(self._path(edition, sheet, size)) for size in SIZES},
            )
            for sheet in self._of(edition, identity)
        ]

    def _of(self, edition: str, identity: str) -> tuple[Sheet, ...]:
        """Return the sheets of an entry by its id of today or, where an old sheet asks for it, of then."""
        sheets = self._by_edition.get(edition, {})
        return sheets.get(identity) or sheets.get(self._names.get(identity, identity), ())

    def of(self, edition: str) -> Iterator[tuple[str, list[Download]]]:
        """Yield the title and the files of each entry whose sheets of an edition say something else."""
        for identity, sheets in self._by_edition.get(edition, {}).items():
            yield sheets[0].title, self.downloads(edition, identity)

    def all(self) -> Iterator[tuple[Sheet, str, str, Settings]]:
        """Yield each sheet in each size, with the address of its file and the settings that it is set by."""
        for edition in self._playbook.editions:
            settings = _as_of(edition, self._playbook.settings)
            for sheets in self._by_edition.get(edition.name, {}).values():
                for sheet in sheets:
                    for size in SIZES:
                        yield sheet, size, self._path(edition.name, sheet, size), settings

    def _path(self, edition: str, sheet: Sheet, size: str) -> str:
        return pdf_path(sheet.form, sheet.id, size, self._say, edition)

    @cached_property
    def _by_edition(self) -> Mapping[str, Mapping[str, tuple[Sheet, ...]]]:
        """The sheets by edition and today's id."""
        if not any(entry.sheet for edition in self._playbook.editions for entry in edition.entries.values()):
            return {}
        today = Sheets(self._playbook, self._say).now.entries
        return {edition.name: dict(self._changed(edition, today)) for edition in self._playbook.editions}

    def _changed(
        self, edition: FrozenEdition, today: Mapping[str, FrozenEntry]
    ) -> Iterator[tuple[str, tuple[Sheet, ...]]]:
        for identity, entry in edition.entries.items():
            new = self._names.get(identity, identity)
            # What took in another of its edition stays apart from it.
            now = identity if new in edition.entries else new
            if entry.sheet and not (now in today and _says_the_same(entry, today[now])):
                yield now, tuple(self._sheets(edition, identity, entry.title, entry.sheet))

    @cached_property
    def _names(self) -> Mapping[str, str]:
        entries = self._playbook.entries
        return {old: entry.id for entry in entries.values() for old in entry.former_ids}

    def _sheets(self, edition: FrozenEdition, identity: str, title: str, printed: Printed) -> Iterator[Sheet]:
        settings, path = self._playbook.settings, page_path(identity)
        link = f"{settings.address}{path}?e={quote(edition.name)}&v={mark_of(edition, identity)}"
        address = spoken_address(settings, path)
        said = printed.model_dump(exclude={"form"}, exclude_none=True)
        for form in _FORMS.get(type(printed), (printed.form,)):
            content = said_in(form, said)
            yield Sheet(form, identity, title, address, link, content, count_pages(form, content))


def _as_of(edition: FrozenEdition, settings: Settings) -> Settings:
    """Return the settings as an edition had them, as far as its sheets show."""
    then = Edition(name=edition.name, date=edition.date)
    organisation = edition.organisation or settings.organisation
    return settings.model_copy(update={"edition": then, "organisation": organisation})


def _says_the_same(one: FrozenEntry, other: FrozenEntry) -> bool:
    return (one.title, one.sheet) == (other.title, other.sheet)
