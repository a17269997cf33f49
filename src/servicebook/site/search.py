"""The search index: what can be found, as small documents made from the data, and Pagefind's files.

Pagefind never sees the site's pages. It is fed each entry's own text under the anchors of its page, so that
a result lands on the section that matched, and nothing of the theme or of neighbouring entries is in it.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from markupsafe import Markup, escape

from servicebook.base.problems import BuildError
from servicebook.content.marked import find_marked, parts_of
from servicebook.content.model.entries import Behaviour, Case, Checklist, Customer, Entry, Metric, Scenario
from servicebook.content.model.types import Inline
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.site.index_parts import SIGNATURE
from servicebook.site.pagefind import index_pages
from servicebook.site.site import Site
from servicebook.site.thesaurus import (
    dangers_beside,
    dangers_of,
    fold,
    near_of,
    phrases_in,
    synonyms_of,
    unligatured,
)
from servicebook.views.addresses import entry_path
from servicebook.views.fields import declared_fields
from servicebook.views.rows import rows_of

FOLDER = "pagefind"
FILTERS = ("kind", "pillar", "channel", "role", "customer")

_TOP = "title"
# What Pagefind reads nothing of, and what it takes for a word.
_UNREAD = re.compile(
    r"<(script|style|noscript|label|form|svg|footer|nav|iframe|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE
)
_WORD = re.compile(r"\w")
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_JOINED = re.compile(r"[^\W_]+(?:[-\u2010-\u2015][^\W_]+)+|[^\W_]*[^\W\d_](?:\+\+|#)")
# What each of those has; hardly a text has one, and to look for it is quicker than to look for the word.
_JOINING = re.compile("[-\u2010-\u2015#]|\\+\\+")
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
    html: Markup = field(default_factory=Markup)
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

    @cached_property
    def joined(self) -> tuple[str, ...]:
        """Words with a hyphen or a sign, as one word each: `wifi` for `Wi-Fi`, `cplusplus` for `C++`."""
        texts = (text for text in _texts_of(self) if _JOINING.search(text))
        found = {fold(word).replace(" ", "") for text in texts for word in _JOINED.findall(text)}
        return tuple(sorted(word for word in found if word.isalpha()))

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
    # Of a page of pictures alone there is nothing to read; it is found by what it is called.
    named = title if _WORD.search(title) else url
    says = _WORD.search(Markup(_UNREAD.sub("", html)).striptags())  # noqa: S704 - it is only read
    content = Markup(html) if says else escape(named)  # noqa: S704 - the page as it is published
    return Document(url=url, title=title, kind=kind, aside=True, filters={"kind": [kind]}, html=content)


def write_index(documents: Iterable[Document], site: Site, site_dir: Path) -> None:
    """Write the index of `documents` under `pagefind/` of a site; the same input gives the same bytes.

    Nothing is written before the last document is there. An earlier index stays in its place until the new
    one is complete. Raises BuildError when Pagefind, which makes it, is not there or fails.
    """
    listed = _Listed()
    pages: list[str] = []
    for document in documents:
        listed.add(document)
        pages.append(unligatured(site.renderer.render("search_document", document)))
    # Made inside the site's folder, from where it is renamed into its place and not copied.
    site_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{FOLDER}-", dir=site_dir, ignore_cleanup_errors=True) as home:
        output = index_pages(pages, site.say, Path(home))
        # For a language of which Pagefind has no stems, it has a program of its own.
        of_language = output / f"wasm.{site.say.language}.pagefind"
        stemmer = of_language.name if of_language.exists() else "wasm.unknown.pagefind"
        for path in output.iterdir():
            if path.is_file() and not _is_needed(path.name, stemmer):
                path.unlink()
        found = pages_of(output)
        if len(found) != len(listed.filters):
            raise BuildError(site.say("build.search-incomplete", found=len(found), wanted=listed.count))
        _write_json(output / "language.json", listed.language(found, site.say))
        _write_json(output / "facets.json", facets_of(listed.filters, found, site.say))
        shutil.rmtree(site_dir / FOLDER, ignore_errors=True)
        output.rename(site_dir / FOLDER)


class _Listed:
    """What results need to know of all documents; the documents themselves are let go of."""

    def __init__(self) -> None:
        self.count = 0
        self.filters: dict[str, dict[str, list[str]]] = {}
        self._vocabulary = Vocabulary()
        self._phrases: set[str] = set()
        self._codes: list[str] = []
        self._urgent: list[str] = []
        self._asides: set[str] = set()
        self._named: set[str] = set()

    def add(self, document: Document) -> None:
        self.count += 1
        self.filters[document.url] = document.filters
        self._vocabulary.add(document)
        self._phrases.update(document.phrases)
        self._named.update((document.title, *document.words))
        if document.key:
            self._codes.append(document.key)
        if document.urgent:
            self._urgent.append(document.url)
        if document.aside:
            self._asides.add(document.kind)

    def language(self, found: Mapping[str, str], say: Messages) -> dict[str, Any]:
        """Return what a query is read by; `found` gives Pagefind's name for the page at an address."""
        return {
            "pages": self.count,
            "stop_words": say("search.stop_words"),
            "sector_words": say("search.sector_words"),
            "phrases": sorted(self._phrases),
            "words": self._vocabulary.coded(),
            "codes": coded(self._codes),
            "urgent": sorted(found[url] for url in self._urgent),
            "asides": sorted(self._asides),
            "unmet": coded(dangers_beside(self._named, say)),
        }


def _is_needed(name: str, stemmer: str) -> bool:
    """Tell whether a file of Pagefind's is one that our results ask for; it brings interfaces of its own."""
    return name.endswith((".json", ".pf_meta")) or name in ("pagefind.js", stemmer)


def facets_of(
    filters: Mapping[str, Mapping[str, Sequence[str]]], pages: Mapping[str, str], say: Messages
) -> dict[str, Any]:
    """Return the words by which results can be filtered, and the places of its words for each page found.

    `filters` gives the words of the page at an address, `pages` the name that Pagefind has for it. Its own
    filters are not used: it writes them in another order each time.
    """
    words = sorted({(name, title) for named in filters.values() for name in named for title in named[name]})
    words.sort(key=lambda word: (FILTERS.index(word[0]), say.sort_key(word[1])))
    places = {word: place for place, word in enumerate(words)}
    found = {
        page: [places[name, title] for name, titles in filters[url].items() for title in titles]
        for url, page in sorted(pages.items())
    }
    return {"words": words, "pages": found}


def pages_of(output: Path) -> dict[str, str]:
    """Return the name under which Pagefind keeps each page, by the page's address."""
    names = {}
    for path in sorted((output / "fragment").iterdir()):
        kept = json.loads(gzip.decompress(path.read_bytes()).removeprefix(SIGNATURE))
        names[kept["meta"]["url"]] = path.stem
    return names


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


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


class Vocabulary:
    """The words of documents that can be found."""

    def __init__(self) -> None:
        self._chunks: set[str] = set()
        self._joined: set[str] = set()

    def add(self, document: Document) -> None:
        """Take up the words of a document."""
        self._joined.update(document.joined)
        for text in _texts_of(document):
            self._chunks.update(text.split())

    def coded(self) -> str:
        """Return every word, folded, as it is sent."""
        found = {word for chunk in self._chunks for word in fold(chunk).split()} | self._joined
        return coded(word for word in found if len(word) >= 3 and word.isalpha())


def coded(words: Iterable[str]) -> str:
    """Return words in order, each without the start that it shares: `2lar` after `cama` is `calar`.

    So a list takes a third of its letters to send. A rest that begins with a digit comes behind a point.
    """
    found, last = [], ""
    for word in sorted({*words}):
        shared = next((i for i, (a, b) in enumerate(zip(last, word, strict=False)) if a != b), len(last))
        rest = word[shared:]
        found.append(f"{shared or ''}{'.' * rest[:1].isdigit()}{rest}")
        last = word
    return " ".join(found)


def _texts_of(document: Document) -> Iterator[str]:
    yield from (document.title, *document.words, *document.synonyms, *document.echoes, *document.near)
    yield from document.dangers
    for section in document.sections:
        yield from (section.title, *section.texts)
    yield document.html.striptags()
