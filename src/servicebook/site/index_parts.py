"""One search index of several: those that Pagefind made of the parts of a playbook's pages, joined.

Its files are CBOR or JSON behind a signature, packed. `*.pf_meta` lists the pages, the files of words with
the first and last word of each, and the fields that pages are given; a file in `index/` holds words in order
with the pages of each; `fragment/` holds a file for each page, and `pagefind-entry.json` leads to the rest.
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from operator import itemgetter
from pathlib import Path
from typing import Any

SIGNATURE = b"pagefind_dcd"
# The versions whose files are read here; of any other, nothing is known of them.
_KNOWN = "1.5."
# Of gzip's nine, what makes files hardly larger than the last in a third of its time.
_PACKED = 7
# How much stands in a file of words before the next one is begun, as Pagefind counts it.
_FULL = 20_000

# By how many pages it comes after the one before, the places in its text, and those in its fields: each
# field is named by a negative number, before its places.
_Page = list[Any]
# A word, its pages, and its spellings with other accents, each with pages of its own.
_Word = list[Any]


def can_join() -> bool:
    """Tell whether indexes of the Pagefind that is installed can be joined."""
    try:
        return version("pagefind").startswith(_KNOWN)
    except PackageNotFoundError:
        return False


def join_parts(folders: Sequence[Path]) -> None:
    """Make the first of these indexes that of all their pages. The others are of no use afterwards."""
    parts = [_Part(folder) for folder in folders]
    home = parts[0]
    fields = [*dict.fromkeys(field for part in parts for field in part.fields)]
    pages: list[list[Any]] = []
    for part in parts:
        part.stand(len(pages), fields)
        pages += part.move_pages(home.folder)
    words = heapq.merge(*(part.words() for part in parts), key=itemgetter(0))
    joined = (_joined([*same]) for _, same in itertools.groupby(words, key=itemgetter(0)))
    # Beside those that are read: a new one may have the name of one that is still to be read.
    folder = home.folder / "joined"
    folder.mkdir()
    files = [home.write_words(folder, chunk) for chunk in _chunks_of(joined)]
    for path in home.index.iterdir():
        path.unlink()
    home.index.rmdir()
    folder.rename(home.index)
    home.write_meta(pages, _trimmed(files), fields)


class _Part:
    """The index of a part of the pages."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.index = folder, folder / "index"
        self._entry = folder / "pagefind-entry.json"
        self._about = json.loads(self._entry.read_text(encoding="utf-8"))
        # All pages are of one language, and ask for no filter and no order.
        ((self._language, self._told),) = self._about["languages"].items()
        self._meta = folder / f"pagefind.{self._told['hash']}.pf_meta"
        self._version, self._pages, self._files, _, _, self.fields = _read(self._meta)

    def stand(self, start: int, fields: Sequence[str]) -> None:
        """Take its place: behind so many pages, its fields counted as they stand among all."""
        self._start = start
        self._places = {~place: ~fields.index(field) for place, field in enumerate(self.fields)}

    def move_pages(self, home: Path) -> Iterator[list[Any]]:
        """Move what is kept of each page to another index; yield its name there, and what else is told."""
        for name, *told in self._pages:
            source = self.folder / "fragment" / f"{name}.pf_fragment"
            target = home / "fragment" / source.name
            if source != target:
                while target.exists():  # two pages of two parts whose names begin alike
                    name += "0"
                    target = target.with_name(f"{name}.pf_fragment")
                os.rename(source, target)  # noqa: PTH104 - thousands of them
            yield [name, *told]

    def words(self) -> Iterator[_Word]:
        """Yield the words in order, their pages counted from the first of all parts."""
        moved = any(place != new for place, new in self._places.items())
        for _, _, name in self._files:
            (words,) = _read(self.index / f"{name}.pf_index")
            for word in words:
                for pages in _lists_of(word):
                    pages[0][0] += self._start
                    if moved:
                        for page in pages:
                            page[2] = [self._places.get(place, place) for place in page[2]]
                yield word

    def write_words(self, folder: Path, words: list[_Word]) -> list[str]:
        """Write a file of words into a folder; returns its first and last word and its name."""
        name = self._write(folder, "{}.pf_index", [words])
        return [words[0][0], words[-1][0], name]

    def write_meta(self, pages: list[list[Any]], files: list[list[str]], fields: list[str]) -> None:
        """Lead to these pages and files of words from now on."""
        self._meta.unlink()
        meta = [self._version, pages, files, [], [], fields]
        self._told |= {
            "hash": self._write(self.folder, "pagefind.{}.pf_meta", meta),
            "page_count": len(pages),
        }
        self._entry.write_text(json.dumps(self._about, separators=(",", ":")), encoding="utf-8")

    def _write(self, folder: Path, pattern: str, data: Any) -> str:
        """Write data to a file that is named by what it holds; returns that name."""
        import cbor2  # here, since only a large playbook has parts to join

        content = cbor2.dumps(data)
        name = f"{self._language}_{hashlib.sha256(content).hexdigest()[:10]}"
        (folder / pattern.format(name)).write_bytes(gzip.compress(SIGNATURE + content, _PACKED, mtime=0))
        return name


def _read(path: Path) -> list[Any]:
    import cbor2

    data: list[Any] = cbor2.loads(gzip.decompress(path.read_bytes()).removeprefix(SIGNATURE))
    return data


def _lists_of(word: _Word) -> Iterator[list[_Page]]:
    """Yield the lists of pages that a word has: its own, and one for each of its other spellings."""
    _, pages, spellings = word
    if pages:
        yield pages
    for _, others in spellings:
        yield others


def _joined(same: list[_Word]) -> _Word:
    """Return a word with the pages that it has in each part, in the order of the parts."""
    if len(same) == 1:
        return same[0]
    spellings: dict[str, list[list[_Page]]] = {}
    for _, _, others in same:
        for spelling, pages in others:
            spellings.setdefault(spelling, []).append(pages)
    pages = _in_row([pages for _, pages, _ in same if pages])
    return [same[0][0], pages, [[spelling, _in_row(lists)] for spelling, lists in spellings.items()]]


def _in_row(lists: list[list[_Page]]) -> list[_Page]:
    """Return lists of pages as one. The first page of each is counted from the start."""
    row: list[_Page] = []
    last = 0
    for pages in lists:
        first = pages[0][0]
        pages[0][0] -= last
        last = first + sum(page[0] for page in pages[1:])
        row += pages
    return row


def _chunks_of(words: Iterable[_Word]) -> Iterator[list[_Word]]:
    """Yield words as many at a time as go into a file."""
    chunk: list[_Word] = []
    size = 0
    for word in words:
        chunk.append(word)
        size += sum(len(page[1]) + len(page[2]) + 1 for pages in _lists_of(word) for page in pages)
        if size >= _FULL:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _trimmed(files: list[list[str]]) -> list[list[str]]:
    """Shorten the last word of each file and the first of the next to what tells them apart."""
    for one, other in itertools.pairwise(files):
        alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one[1], other[0], strict=False))
        needed = sum(1 for _ in alike) + 1
        # Where it is the file's only word it stays whole: shorter, it would come before itself.
        if one[1][:needed] >= one[0]:
            one[1] = one[1][:needed]
        other[0] = other[0][:needed]
    return files
