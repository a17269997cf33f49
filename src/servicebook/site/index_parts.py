"""One search index of several: those that Pagefind made of the parts of a playbook's pages, joined.

And one of few large files of words as one of many small ones, since a reader gets a file for each word.

Its files are CBOR or JSON behind a signature, packed. `*.pf_meta` lists the pages, the files of words with
the first and last word of each, and the fields that pages are given; a file in `index/` holds words in order
with the pages of each; `fragment/` holds a file for each page, and `pagefind-entry.json` leads to the rest.
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import io
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

SIGNATURE = b"pagefind_dcd"
# The versions whose files are read here; of any other, nothing is known of them.
_KNOWN = "1.5."
# Of gzip's nine, what makes files hardly larger than the last in a third of its time.
_PACKED = 7
# How much stands in a file of words before the next one is begun, as Pagefind counts it, and in bytes. Its
# own hold 20,000: of each word that is asked a reader got 30 KB, most of it of words that begin like it.
_FULL = 3_000
_FULL_BYTES = 12_000

T = TypeVar("T")
# By how many pages it comes after the one before, the places in its text, and those in its fields: each
# field is named by a negative number, before its places.
_Page = list[Any]
# A word, its pages, and its spellings with other accents, each with pages of its own.
_Word = list[Any]
# The first and the last word of a file of words, and what it holds, coded.
_Chunk = tuple[str, str, bytes]


def can_join() -> bool:
    """Tell whether indexes of the Pagefind that is installed can be joined, or their words split."""
    try:
        return version("pagefind").startswith(_KNOWN)
    except PackageNotFoundError:
        return False


def split_words(folder: Path) -> None:
    """Part the words of an index into smaller files."""
    part = _Part(folder)
    chunks = _chunks_of(part.coded_words(), lambda word: len(word[1]), _FULL_BYTES)
    part.write_meta(part.pages, part.replace_words(map(_packed, chunks)), part.fields)


def join_parts(folders: Sequence[Path]) -> None:
    """Make the first of these indexes that of all their pages. The others are of no use afterwards."""
    import cbor2  # here, as everywhere: most commands make no index

    parts = [_Part(folder) for folder in folders]
    home = parts[0]
    fields = [*dict.fromkeys(field for part in parts for field in part.fields)]
    pages: list[list[Any]] = []
    for part in parts:
        part.stand(len(pages), fields)
        pages += part.move_pages(home.folder)
    words = heapq.merge(*(part.words() for part in parts), key=itemgetter(0))
    joined = (_joined([*same]) for _, same in itertools.groupby(words, key=itemgetter(0)))
    chunks = _chunks_of(joined, _places_in, _FULL)
    coded = ((chunk[0][0], chunk[-1][0], cbor2.dumps([chunk])) for chunk in chunks)
    home.write_meta(pages, home.replace_words(coded), fields)


class _Part:
    """The index of a part of the pages."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.index = folder, folder / "index"
        self._entry = folder / "pagefind-entry.json"
        self._about = json.loads(self._entry.read_text(encoding="utf-8"))
        # All pages are of one language, and ask for no filter and no order.
        ((self._language, self._told),) = self._about["languages"].items()
        self._meta = folder / f"pagefind.{self._told['hash']}.pf_meta"
        self._version, self.pages, self._files, _, _, self.fields = _read(self._meta)

    def stand(self, start: int, fields: Sequence[str]) -> None:
        """Take its place: behind so many pages, its fields counted as they stand among all."""
        self._start = start
        self._places = {~place: ~fields.index(field) for place, field in enumerate(self.fields)}

    def move_pages(self, home: Path) -> Iterator[list[Any]]:
        """Move what is kept of each page to another index; yield its name there, and what else is told."""
        for name, *told in self.pages:
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

    def coded_words(self) -> Iterator[tuple[str, bytes]]:
        """Yield the words in order, each with all that is held of it, as it is coded."""
        import cbor2

        for _, _, name in self._files:
            content = _unpacked(self.index / f"{name}.pf_index")
            count, start = _head_of(content, 1)
            stream = io.BytesIO(content)
            stream.seek(start)
            decoder = cbor2.CBORDecoder(stream)
            for _ in range(count):
                word = decoder.decode()[0]
                yield word, content[start : stream.tell()]
                start = stream.tell()

    def replace_words(self, chunks: Iterable[_Chunk]) -> list[list[str]]:
        """Take other files of words for its own; returns the first and last word of each and its name."""
        # Beside those that are read: a new one may have the name of one that is still to be read.
        folder = self.folder / "replaced"
        folder.mkdir()
        files = [[first, last, self._write(folder, "{}.pf_index", held)] for first, last, held in chunks]
        for path in self.index.iterdir():
            path.unlink()
        self.index.rmdir()
        folder.rename(self.index)
        return _trimmed(files)

    def write_meta(self, pages: list[list[Any]], files: list[list[str]], fields: list[str]) -> None:
        """Lead to these pages and files of words from now on."""
        import cbor2

        self._meta.unlink()
        meta = cbor2.dumps([self._version, pages, files, [], [], fields])
        self._told |= {
            "hash": self._write(self.folder, "pagefind.{}.pf_meta", meta),
            "page_count": len(pages),
        }
        self._entry.write_text(json.dumps(self._about, separators=(",", ":")), encoding="utf-8")

    def _write(self, folder: Path, pattern: str, content: bytes) -> str:
        """Write a file that is named by what it holds; returns that name."""
        name = f"{self._language}_{hashlib.sha256(content).hexdigest()[:10]}"
        (folder / pattern.format(name)).write_bytes(gzip.compress(SIGNATURE + content, _PACKED, mtime=0))
        return name


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()).removeprefix(SIGNATURE)


def _read(path: Path) -> list[Any]:
    import cbor2

    data: list[Any] = cbor2.loads(_unpacked(path))
    return data


def _head_of(content: bytes, at: int) -> tuple[int, int]:
    """Return how many things the list holds that begins at a place, and the place of the first."""
    count = content[at] & 31
    if count < 24:
        return count, at + 1
    size = 1 << (count - 24)
    return int.from_bytes(content[at + 1 : at + 1 + size], "big"), at + 1 + size


def _packed(chunk: list[tuple[str, bytes]]) -> _Chunk:
    """Return coded words as the one list in a list that a file of words is."""
    head = b"\x81\x9a" + len(chunk).to_bytes(4, "big")
    return chunk[0][0], chunk[-1][0], b"".join([head, *(coded for _, coded in chunk)])


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


def _places_in(word: _Word) -> int:
    """Return how much a word takes of a file, as Pagefind counts it."""
    return sum(len(page[1]) + len(page[2]) + 1 for pages in _lists_of(word) for page in pages)


def _chunks_of(words: Iterable[T], size_of: Callable[[T], int], full: int) -> Iterator[list[T]]:
    """Yield words as many at a time as go into a file: it is full when their sizes come to so much."""
    chunk: list[T] = []
    size = 0
    for word in words:
        chunk.append(word)
        size += size_of(word)
        if size >= full:
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
