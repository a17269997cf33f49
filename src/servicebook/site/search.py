"""What can be found: each entry, term and page written by hand as a document, made from the data.

The search never sees the site's pages. It is fed each entry's own text under the anchors of its page, so that
a result lands on the section that matched, and nothing of the theme or of neighbouring entries is in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from servicebook.content.marked import find_marked, parts_of
from servicebook.content.model.entries import Behaviour, Case, Checklist, Customer, Entry, Metric, Scenario
from servicebook.content.model.types import Inline
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.site.prose import passages_of
from servicebook.site.site import Site
from servicebook.site.thesaurus import dangers_of, fold, near_of, phrases_in, synonyms_of
from servicebook.views.addresses import entry_path
from servicebook.views.fields import declared_fields
from servicebook.views.rows import rows_of

_TOP = "title"
_WORD = re.compile(r"[^\W_]")
_PIECES = re.compile(r"[^\W\d_]+|\d+")
# What the catalogue calls a section, where it is not `<kind>.<anchor>`.
_HEADINGS = {("customer", "phrases"): "standard.phrases"}
_MEDIA = ("images", "attachments")
# The sections that say what is asked of a reader, or how to tell that it is.
_ASKING = (_TOP, "do", "dont", "signals")


@dataclass(frozen=True)
class Section:
    """A part of a page that a result can land on. The part with an empty title is the page's top."""

    anchor: str
    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """One thing to be found. `url` is written from the site's root; `words` are what people say for it.

    `phrases` are those of its words that only mean something together: «no se puede». `synonyms` say its
    title in other words, `echoes` its words, `near` what is near to its title. An `urgent` one comes before
    others where its own words are asked for, or one of its `dangers` as anybody may say it. A `story` tells
    of a day on which much happens, and its title what of. What is `aside` says again what others ask.
    """

    url: str
    title: str
    kind: str
    id: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    echoes: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    filters: dict[str, list[str]] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    urgent: bool = False
    dangers: tuple[str, ...] = ()
    story: bool = False
    aside: bool = False

    @cached_property
    def key(self) -> str:
        """The code as it is looked up, however it is typed: `ext7z` for `EXT-07`, `v2x1x3z` for `V2.1.3`.

        Its last letter keeps it from being the beginning of another: `ext7` begins `ext70`.
        """
        pieces = [
            piece.lstrip("0") or piece[:1] for piece in _PIECES.findall(fold(self.code).replace(" ", "-"))
        ]
        return re.sub(r"(?<=\d)-(?=\d)", "x", "-".join(pieces)).replace("-", "") + "z" * bool(pieces)

    @property
    def code(self) -> str:
        """The id, where it is a code that people say and type: `EXT-07`."""
        return self.id if self.id.isupper() else ""


def documents_of(site: Site) -> Iterator[Document]:
    """Yield what can be found of a playbook: its entries in force and its terms."""
    for entry in site.entries():
        if entry.status == "active":
            yield _entry_document(entry, site)
    for term in sorted(site.playbook.terms.values(), key=lambda term: term.id):
        kind = site.say("name.term")
        yield Document(
            url=f"{site.say('path.glossary')}/#{term.id}",
            title=term.title,
            kind=kind,
            aside=True,
            synonyms=term.also,
            filters={"kind": [kind]},
            sections=(Section("", "", (inline.plain(term.definition),)),),
        )


def page_document(url: str, title: str, html: str, site: Site) -> Document:
    """Return a hand-written page as a document; its entries' cards and tables are found as themselves."""
    kind = site.say("search.page")
    # Under its own title stands what comes first.
    sections = tuple(
        Section("", "", texts) if heading == title else Section(anchor, heading, texts)
        for anchor, heading, texts in passages_of(html)
    )
    # Of a page of pictures alone there is nothing to read; it is found by what it is called.
    if not any(_WORD.search(text) for section in sections for text in (section.title, *section.texts)):
        sections = (Section("", "", (title if _WORD.search(title) else url,)),)
    return Document(url=url, title=title, kind=kind, aside=True, filters={"kind": [kind]}, sections=sections)


def is_story(entry: Entry) -> bool:
    """Tell whether an entry tells of a day on which much happens: what it says in passing counts for less."""
    return isinstance(entry, Scenario | Case)


def _entry_document(entry: Entry, site: Site) -> Document:
    sections = tuple(_sections_of(entry, site))
    aside = isinstance(entry, Behaviour | Case | Checklist | Metric | Scenario)
    # Where an editor wrote no words, what the entry asks stands for them.
    asking = () if aside else (section for section in sections if section.anchor in _ASKING)
    asked = [text for section in asking for text in section.texts]
    return Document(
        url=entry_path(entry, site.say),
        title=entry.title,
        kind=site.say(f"name.{entry.kind}"),
        id=entry.id,
        words=entry.search_words,
        phrases=tuple(phrases_in([entry.title, *entry.search_words], site.say)),
        synonyms=synonyms_of([entry.title], site.say),
        echoes=synonyms_of(entry.search_words or asked, site.say),
        near=near_of(entry.title, site.say),
        filters=_filters_of(entry, site),
        sections=sections,
        urgent=entry.urgent,
        dangers=dangers_of(entry.title, entry.search_words, site.say) if entry.urgent else (),
        story=is_story(entry),
        aside=aside,
    )


def _sections_of(entry: Entry, site: Site) -> Iterator[Section]:
    """Yield what a page says under each anchor; its history and its sources are no text of its own."""
    parts = parts_of(type(entry))
    texts: dict[str, list[str]] = defaultdict(list)
    for loc, text, _ in find_marked(entry, Inline):
        part = parts.get(str(loc[0]))
        if part and part.at:
            texts[part.at].append(inline.plain(text))
    # What a picture shows is said of it in words; a file is found by its title.
    texts["images"] += (image.alt for image in entry.images)
    texts["attachments"] += (one.title for one in entry.attachments)
    for anchor, found in texts.items():
        if found:
            yield Section(anchor, _heading_of(entry, anchor, site.say), tuple(found))
    if facts := [field for field in declared_fields(entry, "facts", site.playbook) if not field.is_prose]:
        yield Section("facts", site.say("facts.title"), tuple(f"{it.label}: {it.text}" for it in facts))
    if isinstance(entry, Checklist):
        for section in rows_of(entry, site.playbook):
            yield Section(section.anchor, section.title, tuple(row.text for row in section.rows))


def _heading_of(entry: Entry, anchor: str, say: Messages) -> str:
    name = anchor.removeprefix("field-")
    if name in entry.own_fields:
        return entry.own_fields[name].label
    if anchor in _MEDIA:
        return say(f"media.{anchor}")
    key = _HEADINGS.get((entry.kind, anchor), f"{entry.kind}.{anchor}")
    return "" if anchor == _TOP else say(key)


def _filters_of(entry: Entry, site: Site) -> dict[str, list[str]]:
    """Return the readable words by which an entry can be picked out of the results."""
    facets = entry.facets
    filters = {"kind": [site.say(f"kind.{entry.kind}")]}
    for name, fields in {"pillar": ["pillar"], "channel": ["channels", "channel"], "role": ["roles"]}.items():
        for name_of_field in fields:
            if name_of_field in facets:
                value = getattr(entry, name_of_field)
                words = [value] if isinstance(value, str) else value
                filters[name] = [site.renderer.word(facets[name_of_field], word) for word in words]
    customers = [entry] if isinstance(entry, Customer) else _customers_of(entry, site.playbook)
    filters["customer"] = [customer.title for customer in customers]
    return filters


def _customers_of(entry: Entry, playbook: Playbook) -> list[Entry]:
    if isinstance(entry, Scenario):
        return [playbook.entries[entry.customer]]
    return playbook.linked(entry, "customer")
