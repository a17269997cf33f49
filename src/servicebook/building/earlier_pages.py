"""The entries' pages of the site that stands: those that show nothing that changed stay as they are.

A page is a shell of its kind with parts of its own, and its parts are made of the entry, of what is near to
it (`Playbook.near`) and of what all pages share. A record in the user's cache folder holds the digests of
these. What it cannot tell for sure is made anew: a record that is damaged or of another engine, a site that
somebody touched, components or code of the project's own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from servicebook import __version__
from servicebook.base.files import files_in, version_of, write_file
from servicebook.base.resources import engine_files
from servicebook.building.failures import is_own_code
from servicebook.content.content import EDITIONS_FOLDER, MEDIA_FOLDER
from servicebook.content.model.entries import Entry
from servicebook.content.playbook import Playbook
from servicebook.site import plain
from servicebook.site.offline import Kept
from servicebook.site.site import Site

# The plugins that are known to leave alone what this engine has written.
_KNOWN_PLUGINS = frozenset({"servicebook", "macros", "search"})
# What tells of all entries: as data, each in a line after the first, and as Markdown with this between them.
DATA_OF_ALL, BETWEEN = "playbook.json", b"\n---\n\n"
# Where a project has components of its own, these may show of a playbook what they like.
_COMPONENTS = "components"


class Page(NamedTuple):
    """What an entry's page was made of, and what the record tells of the page itself."""

    key: str
    kept: Kept


class EarlierPages:
    """What is known of the pages of the site in a folder, and what the next build is to know of them."""

    def __init__(self, record: Path, site_dir: Path, standing: str | None) -> None:
        """`standing` is the digest of the site as it stands; None where nothing of it is to be kept."""
        self._record = record
        self.site_dir = site_dir
        # The files of the site that stands which are the new one's too.
        self.staying: set[str] = set()
        # How long each entry is as Markdown, in order.
        self.texts: list[int] = []
        self._known = _read(record, standing) if standing else {}
        self._read: Mapping[Path, str] = {}
        self._digests: dict[str, str] = {}
        self._shared = ""
        self._shells: dict[str, str] = {}
        self._pages: dict[str, Page] = {}

    def read_from(self, digests: Mapping[Path, str]) -> None:
        """Take up the digests of the files that the new site is made of, which are there once it is begun."""
        self._read = digests

    def begin(self, site: Site, *, paper: bool) -> None:
        """Take up the site that is to be made."""
        self._site, self._playbook = site, site.playbook
        playbook = site.playbook
        folders = {kind: playbook.folder / model.folder for kind, model in playbook.kinds.items()}
        found = ((one.id, self._read.get(folders[one.kind] / f"{one.id}.yml")) for one in site.entries())
        self._digests = {id_: f"{id_}\0{digest}\0" for id_, digest in found if digest}
        self._shared = shared_by_all(site, paper=paper)
        if self._known.get("shared") != self._shared:
            self._known = {}

    def key_of(self, entry: Entry) -> str:
        """Return a digest of the entries that an entry's page is made of; none where one is not known."""
        try:
            known = [self._digests[one.id] for one in (entry, *self._playbook.near(entry))]
        except KeyError:
            return ""
        return hashlib.sha256("".join(known).encode()).hexdigest()

    def page_of(self, entry: Entry, key: str) -> Kept | None:
        """Return what is known of the page that stands of an entry, where it was made of the same."""
        known = self._known.get("pages", {}).get(entry.id)
        return Kept(*known[1:]) if known and key and known[0] == key else None

    def kinds_alike(self, shells: Mapping[str, str], plugins: Iterable[str], project: Path) -> frozenset[str]:
        """Return the kinds whose pages can be kept: the theme makes them as it did.

        `shells` gives the digest of the shell of each kind that has one. Where code of the project's own or
        an unknown plugin took part, it may have changed what stands after it was made.
        """
        files = (getattr(module, "__file__", None) for module in [*sys.modules.values()])
        # Of a thousand modules, most stand beside others.
        folders = {os.path.dirname(file) for file in files if file}  # noqa: PTH120
        foreign = not _KNOWN_PLUGINS.issuperset(plugins) or any(
            is_own_code(f"{folder}/__init__.py", project) for folder in folders
        )
        self._shells = {} if foreign else dict(shells)
        known = self._known.get("shells", {})
        return frozenset(kind for kind, digest in self._shells.items() if known.get(kind) == digest)

    def beside(self) -> dict[str, tuple[bytes, bytes]]:
        """Return what stands beside each entry's page: taken from two files, and not from thousands."""
        lines = (self.site_dir / DATA_OF_ALL).read_bytes().split(b"\n")[1:]
        whole, start = (self.site_dir / plain.WHOLE).read_bytes(), 0
        found = {}
        for entry, line, size in zip(self._site.entries(), lines, self._known["texts"], strict=False):
            found[entry.id] = line.removesuffix(b",") + b"\n", whole[start : start + size]
            start += size + len(BETWEEN)
        return found

    def remember(self, identity: str, key: str, kept: Kept) -> None:
        """Note what a page of the new site was made of."""
        if key:
            self._pages[identity] = Page(key, kept)

    def write(self, standing: str) -> None:
        """Leave the record of the site that stands now, whose digest this is."""
        known = {
            "site": standing,
            "shared": self._shared,
            "shells": self._shells,
            "texts": self.texts,
            "pages": {id_: (page.key, *vars(page.kept).values()) for id_, page in self._pages.items()},
        }
        data = json.dumps(known, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):  # the next build makes all pages, and nothing else
            write_file(self._record, _seal(data) + data)


def _seal(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode() + b"\n"


def _read(record: Path, standing: str) -> dict[str, Any]:
    """Return what a record tells of the site that stands; nothing where it is damaged, or of another."""
    try:
        data = record.read_bytes()
    except OSError:
        return {}
    seal, _, told = data.partition(b"\n")
    if _seal(told) != seal + b"\n":
        return {}
    known: dict[str, Any] = json.loads(told)
    return known if known.get("site") == standing else {}


def shared_by_all(site: Site, *, paper: bool) -> str:
    """Return a digest of what an entry's page may show besides entries; a new one where that is unknown."""
    playbook = site.playbook
    if any((folder / _COMPONENTS).is_dir() for folder in site.folders):
        return os.urandom(16).hex()
    digest = hashlib.sha256(
        f"{__version__} {sys.version} {playbook.folder.resolve()} {site.say.digest} {paper}".encode()
    )
    # A text may lead to any entry, whose address is its kind's and its id's.
    digest.update(repr([(entry.kind, entry.id) for entry in site.entries()]).encode())
    # Whatever is installed carries its version in its name.
    for name in sorted(os.listdir(sysconfig.get_path("purelib"))):  # noqa: PTH208
        digest.update(f"{name}\0".encode(errors="surrogateescape"))
    for file in (*engine_files(), *_settings(playbook)):
        digest.update(f"{file.path}\0{version_of(file)}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _settings(playbook: Playbook) -> Iterator[os.DirEntry[str]]:
    """Yield the files of a playbook that hold no entry."""
    yield from (file for file in files_in(playbook.folder, lambda inner: False) if file.name.endswith(".yml"))
    for room in (EDITIONS_FOLDER, MEDIA_FOLDER):
        yield from files_in(playbook.folder / room)
