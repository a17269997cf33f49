"""The files of the search: which pages have a word, how much it weighs in each, and what is kept of a page.

Takes documents, gives the folder `search/` of a site. In it, `contents.json` has what every search needs to
know, `words/` the pages of each word, in files of words that follow each other, and `pages/` a file for each
page. Those are named by what they hold, so that nobody gets a half of two editions.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from servicebook.base.files import write_together
from servicebook.language.messages import Messages
from servicebook.site.search import Document
from servicebook.site.site import Site
from servicebook.site.thesaurus import dangers_beside, fold

FOLDER = "search"
CONTENTS = "contents.json"
WORDS, PAGES = "words", "pages"
# In the order in which they are offered.
FILTERS = ("kind", "pillar", "channel", "role", "customer")

# How much a word counts where it stands. What people say for an entry counts more than its title, and what
# only leads near it less; a term and a page written by hand are rarely what somebody looks for.
_ENTRY = {
    "title": 2.4, "words": 2.6, "phrases": 2.6, "synonyms": 1.5, "near": 0.8, "dangers": 0.4, "echoes": 0.3,
    "codes": 10.0,
}  # fmt: skip
_OTHER = _ENTRY | {"title": 0.6, "synonyms": 0.25}
_LEAD, _TEXT, _ASIDE, _HEADING = 2.0, 1.0, 0.4, 0.1
# How much more a word tells that a text says again and again, at most; and how much less a long text tells,
# of 1 (the k1 and b of Okapi BM25), against one of so many words.
_SATURATION, _LENGTH, _USUAL = 2.0, 0.5, 200
# Weights are sent as whole numbers.
_SCALE = 16
# How many letters of JSON stand in a file of words before the next one is begun. Of smaller ones a reader
# gets less that nobody asked for, and a longer list.
_FULL = 8_000
_HYPHENED = re.compile(r"[^\W_]+(?:[-\u2010-\u2015][^\W_]+)+")
# How long the name of a file is, at the least.
_NAME = 6


def write_index(documents: Iterable[Document], site: Site, site_dir: Path) -> None:
    """Write the index of `documents` under `search/` of a site; the same input gives the same bytes.

    Nothing is written before the last document is there. An earlier index stays in its place until the new
    one is complete.
    """
    index = _Index()
    for document in documents:
        index.add(document)
    # Made inside the site's folder, from where it is renamed into its place and not copied.
    site_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{FOLDER}-", dir=site_dir, ignore_cleanup_errors=True) as home:
        made = Path(home, FOLDER)
        index.write(made, site.say)
        shutil.rmtree(site_dir / FOLDER, ignore_errors=True)
        made.rename(site_dir / FOLDER)


def pages_of(index: Path) -> dict[str, int]:
    """Return the number of each page in an index, by the page's address."""
    names = json.loads((index / CONTENTS).read_text(encoding="utf-8"))["pages"].split()
    texts = ((index / PAGES / f"{name}.json").read_text(encoding="utf-8") for name in names)
    return {json.loads(text)["url"]: place for place, text in enumerate(texts)}


class _Index:
    """What documents come to; the documents themselves are let go of."""

    def __init__(self) -> None:
        self._words = _Words()
        # The pages of each word: by how many each comes after the one before, and how much it weighs there.
        self._postings: defaultdict[str, list[int]] = defaultdict(list)
        self._last: dict[str, int] = {}
        self._pages: dict[str, bytes] = {}
        self._filters: list[dict[str, list[str]]] = []
        self._phrases: set[str] = set()
        self._codes: list[str] = []
        self._urgent: list[int] = []
        self._asides: set[str] = set()
        self._named: set[str] = set()

    def add(self, document: Document) -> None:
        """Take up a document, whose number is how many came before it."""
        number = len(self._pages)
        for word, weight in self._weights_in(document).items():
            self._postings[word] += (number - self._last.get(word, 0), weight)
            self._last[word] = number
        kept = _dumped(_kept_of(document))
        self._pages[_name_of(kept, self._pages)] = kept
        self._filters.append(document.filters)
        self._phrases.update(document.phrases)
        self._named.update((document.title, *document.words))
        if document.key:
            self._codes.append(document.key)
        if document.urgent:
            self._urgent.append(number)
        if document.aside:
            self._asides.add(document.kind)

    def write(self, folder: Path, say: Messages) -> None:
        """Write all files into a folder that is not there yet."""
        files: dict[str, bytes] = {}
        firsts: list[list[str]] = []
        for first, chunk in self._chunks():
            name = _name_of(chunk, files)
            files[name] = chunk
            firsts.append([first, name])
        for room, named in ((WORDS, files), (PAGES, self._pages)):
            write_together(f"{folder / room}", {f"{name}.json": held for name, held in named.items()})
        contents = self._language(say) | {"pages": " ".join(self._pages), "files": firsts}
        facets = facets_of(self._filters, say)
        write_together(f"{folder}", {CONTENTS: _dumped(contents), "facets.json": _dumped(facets)})

    def _weights_in(self, document: Document) -> dict[str, int]:
        """Return how much each word of a document weighs."""
        named: defaultdict[str, float] = defaultdict(float)
        for weight, texts in _named_in(document):
            # A word that ten of an entry's own words have is not ten times what it is about.
            for word in {*self._words.of(texts)}:
                named[word] += weight
        said: defaultdict[str, float] = defaultdict(float)
        lengths = []
        for weight, texts in _said_in(document):
            words = [*self._words.of(texts)]
            lengths.append(len(words))
            for word in words:
                said[word] += weight
        # An entry is one text; a page written by hand is as many as it has headings.
        length = sum(lengths) if document.id else max(lengths, default=0)
        usual = _SATURATION * (1 - _LENGTH + _LENGTH * length / _USUAL)
        weights = {word: often * (_SATURATION + 1) / (often + usual) for word, often in said.items()}
        for word, weight in named.items():
            weights[word] = weights.get(word, 0) + weight
        return {word: int(weight * _SCALE + 0.5) or 1 for word, weight in weights.items()}

    def _chunks(self) -> Iterator[tuple[str, bytes]]:
        """Yield the words in order, as many at a time as go into a file, each time with the first."""
        chunk: list[str] = []
        size = 0
        first = ""
        for word in sorted(self._postings, key=_order):
            first = first or word
            text = f"{json.dumps(word, ensure_ascii=False)}:[{','.join(map(str, self._postings[word]))}]"
            chunk.append(text)
            size += len(text)
            if size >= _FULL:
                yield first, f"{{{','.join(chunk)}}}".encode()
                chunk, size, first = [], 0, ""
        if chunk:
            yield first, f"{{{','.join(chunk)}}}".encode()

    def _language(self, say: Messages) -> dict[str, Any]:
        """Return what a query is read by."""
        words = self._postings.keys() - {*map(_as_word, self._phrases)}
        return {
            "stop_words": say("search.stop_words"),
            "sector_words": say("search.sector_words"),
            "phrases": sorted(self._phrases),
            "words": coded(word for word in words if len(word) >= 3 and word.isalpha()),
            "codes": coded(self._codes),
            "urgent": self._urgent,
            "asides": sorted(self._asides),
            "unmet": coded(dangers_beside(self._named, say)),
        }


class _Words(dict[str, list[str]]):
    """The words of each piece of text between two spaces, as they are looked up; most come often.

    One with a hyphen is a word as a whole too: `wifi` for `Wi-Fi`.
    """

    def __missing__(self, piece: str) -> list[str]:
        wholes = (fold(whole).replace(" ", "") for whole in _HYPHENED.findall(piece))
        words = self[piece] = [*fold(piece).split(), *filter(str.isalpha, wholes)]
        return words

    def of(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield the words of texts."""
        for text in texts:
            for piece in text.split():
                yield from self[piece]


def _named_in(document: Document) -> Iterator[tuple[float, Iterable[str]]]:
    """Yield what a document is called and what it is found by, each with its weight."""
    weights = _ENTRY if document.id else _OTHER
    yield weights["title"], [document.title]
    yield weights["phrases"], map(_as_word, document.phrases)
    yield weights["codes"], [document.key]
    for name in ("words", "synonyms", "near", "dangers", "echoes"):
        yield weights[name], getattr(document, name)


def _as_word(phrase: str) -> str:
    """Return a phrase of words that say nothing one by one as the word that stands for it."""
    return phrase.replace(" ", "")


def _said_in(document: Document) -> Iterator[tuple[float, Iterable[str]]]:
    """Yield what a document says, each text with its weight."""
    passing = _ASIDE if document.story or not document.id else 0
    # Headings of entries are those of their kind; those of a page written by hand say what it is about.
    heading = _HEADING if document.id else _TEXT
    for section in document.sections:
        yield heading, [section.title]
        yield passing or (_TEXT if section.title else _LEAD), section.texts


def _kept_of(document: Document) -> dict[str, Any]:
    """Return what is shown of a document, and what a query is compared with."""
    return {
        "url": document.url,
        "title": document.title,
        "kind": document.kind,
        "id": document.code,
        "words": document.words,
        "synonyms": document.synonyms,
        "dangers": document.dangers,
        # What has no heading stands at the top.
        "sections": [[one.anchor if one.title else "", one.title, one.texts] for one in document.sections],
    }


def facets_of(filters: Sequence[Mapping[str, Sequence[str]]], say: Messages) -> dict[str, Any]:
    """Return the words by which results can be filtered, and for each page in order the places of its own."""
    words = sorted({(name, title) for named in filters for name in named for title in named[name]})
    words.sort(key=lambda word: (FILTERS.index(word[0]), say.sort_key(word[1])))
    places = {word: place for place, word in enumerate(words)}
    pages = [[places[name, title] for name, titles in named.items() for title in titles] for named in filters]
    return {"words": words, "pages": pages}


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


def _order(word: str) -> bytes:
    """Return what a browser compares of a word: the units of UTF-16."""
    return word.encode("utf-16-be")


def _name_of(content: bytes, taken: Mapping[str, object]) -> str:
    """Return a name for what a file holds that is not taken, in letters that no host takes for others."""
    digest = base64.b32encode(hashlib.sha256(content).digest()).decode().lower()
    return next(name for size in range(_NAME, len(digest)) if (name := digest[:size]) not in taken)


def _dumped(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
