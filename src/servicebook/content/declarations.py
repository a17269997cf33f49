"""What is wrong with what a playbook declares, across its declarations: names that clash, or lead nowhere.

Entries are read by what is declared, so these faults are found before any entry is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servicebook.base import yaml_source
from servicebook.content import patterns
from servicebook.content.complaints import suggest
from servicebook.content.kinds import OPTIONAL, USUAL, Kinds, declared_in, kinds_of
from servicebook.content.languages import LOCALE_FOLDER
from servicebook.content.marked import Loc
from servicebook.content.model.declared import Declarations, FieldInfo, KindInfo
from servicebook.content.model.entries import ENTRY_TYPES, Entry
from servicebook.content.model.settings import VOCABULARIES, Settings
from servicebook.language.messages import Messages, language_named, messages_in

# What declares more than words; a playbook that has none of them has the usual kinds.
DECLARING = frozenset({"vocabularies", "levels", "frameworks", "fields", "ids", "kinds"})
# What `playbook.yml` may hold.
KEYS = frozenset(info.alias or name for name, info in Settings.model_fields.items())
# A name at the left margin of a file, whatever is wrong with the rest.
_KEY = re.compile(rb"""^["']?([\w-]+)["']?[ \t]*:""", re.MULTILINE)
# Words that stand for something else wherever a kind is named.
TAKEN_KINDS = frozenset({"source", "item", "entry", "foundation", "term", "playbook", "glossary", "sources"})
TAKEN_FOLDERS = frozenset({"editions", "media", "drafts", LOCALE_FOLDER})
TAKEN_ADDRESSES = frozenset({"p", "assets", "search", "media", "admin"})
# What the data of an entry says besides its fields, and what every kind says of itself.
TAKEN_FIELDS = frozenset({"kind", "folder", "url", "citation", "team", "linked", "rule", "rows", "xlsx"}) | {
    "pdf",
    "pdf_a4",
    "pdf_letter",
}
_MANY = ("word", "reference", "line", "url")


@dataclass(frozen=True)
class Fault:
    """One thing to mend in `playbook.yml`: where (at the key, or what stands under it), and which rule."""

    loc: Loc
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)
    at_key: bool = False


def kinds_in(settings: bytes) -> Kinds:
    """Return the kinds that the text of a `playbook.yml` declares; the built-in ones where it has faults."""
    try:
        declared = declared_in(yaml_source.parse(yaml_source.decode(settings, "")[0]))
    except yaml_source.SourceError:
        return USUAL
    return kinds_of(declared) if declared and not any(find_faults(declared)) else USUAL


def keys_in(path: Path) -> frozenset[str]:
    """Return the names that a `playbook.yml` which cannot be read as YAML seems to hold."""
    try:
        found = _KEY.findall(yaml_source.read_bytes(path, ""))
    except yaml_source.SourceError:
        return frozenset()
    return frozenset(name.decode() for name in found)


def declares_nothing(keys: Set[str]) -> bool:
    """Tell whether settings that hold these names, and may have faults, leave the usual kinds as they are."""
    return OPTIONAL <= keys <= KEYS - DECLARING


def find_faults(declared: Declarations, say: Messages | None = None) -> Iterator[Fault]:
    """Yield what is wrong with declarations, each by itself of the right form.

    `say` is the catalogue of the playbook's language, where that is none of the engine's.
    """
    kinds = {*ENTRY_TYPES, *declared.kinds}
    for name in declared.vocabularies:
        if name in VOCABULARIES or name == "nature":
            yield Fault(("vocabularies", name), "vocabulary-taken", {"name": name}, at_key=True)
    for kind, fields in declared.fields.items():
        if kind in ENTRY_TYPES:
            yield from _faults_of_fields(("fields", kind), ENTRY_TYPES[kind], fields, declared, kinds)
        elif kind in declared.kinds:
            yield Fault(("fields", kind), "fields-of-own-kind", {"name": kind}, at_key=True)
        else:
            yield Fault(("fields", kind), "unknown-kind", _near(kind, ENTRY_TYPES), at_key=True)
    for kind, pattern in declared.ids.items():
        if kind not in kinds:
            yield Fault(("ids", kind), "unknown-kind", _near(kind, kinds), at_key=True)
        elif fault := patterns.fault_of(pattern):
            yield Fault(("ids", kind), fault, {"pattern": pattern})
    for kind, info in declared.kinds.items():
        if kind in ENTRY_TYPES:
            yield from _faults_of_built_in(kind, info)
        else:
            yield from _faults_of_own(kind, info, declared, kinds)
    if say is None:
        say = messages_in(language_named(getattr(declared, "language", "")) or "es")
    yield from _faults_of_addresses(declared, say)


def _near(name: str, known: Any) -> dict[str, Any]:
    return {"name": name, "known": ", ".join(sorted(known)) or "—", "suggestion": suggest(name, known)}


def _faults_of_fields(
    loc: Loc, model: type[Entry], fields: Mapping[str, FieldInfo], declared: Declarations, kinds: set[str]
) -> Iterator[Fault]:
    for name, info in fields.items():
        here = (*loc, name)
        # pydantic keeps names that begin like those of its methods to itself.
        if name in model.model_fields or name in TAKEN_FIELDS or hasattr(Entry, name) or name[:6] == "model_":
            yield Fault(here, "field-taken", {"field": name}, at_key=True)
        yield from _faults_of_target(here, info, "word", "vocabulary", _vocabularies(declared))
        yield from _faults_of_target(here, info, "reference", "kind", kinds)
        if info.several and info.type not in _MANY:
            yield Fault((*here, "several"), "field-not-several", {"type": info.type})
        if "facet" in info.shows and info.type != "word":
            place = info.shows.index("facet")
            yield Fault((*here, "shows", place), "facet-not-word", {"type": info.type})


def _vocabularies(declared: Declarations) -> set[str]:
    built_in = {name for name in VOCABULARIES if name == "teams" or getattr(declared, name)}
    return {*built_in, *declared.vocabularies}


def _faults_of_target(loc: Loc, info: FieldInfo, type_: str, name: str, known: set[str]) -> Iterator[Fault]:
    """A word has a vocabulary and a reference a kind, which exist; nothing else has one."""
    target = getattr(info, name)
    if info.type != type_:
        if target is not None:
            yield Fault((*loc, name), "field-takes-none", {"type": info.type, "field": name}, at_key=True)
    elif target is None:
        yield Fault(loc, "missing", {"field": name})
    elif target not in known:
        yield Fault((*loc, name), f"unknown-{name}", _near(target, known))


def _faults_of_built_in(kind: str, info: KindInfo) -> Iterator[Fault]:
    for name in ("folder", "fields", "summary"):
        if getattr(info, name):
            yield Fault(("kinds", kind, name), "kind-built-in", {"name": kind, "field": name}, at_key=True)


def _faults_of_own(kind: str, info: KindInfo, declared: Declarations, kinds: set[str]) -> Iterator[Fault]:
    here = ("kinds", kind)
    if kind in TAKEN_KINDS or kind in VOCABULARIES:
        yield Fault(here, "kind-taken", {"name": kind}, at_key=True)
    for name in ("title", "title_one"):
        if getattr(info, name) is None:
            yield Fault(here, "missing", {"field": name})
    if _is_folder_taken(kind, info, declared):
        at = (*here, "folder") if info.folder else here
        yield Fault(at, "folder-taken", {"name": info.folder or kind}, at_key=not info.folder)
    yield from _faults_of_fields((*here, "fields"), Entry, info.fields, declared, kinds)
    told = {name for name, one in info.fields.items() if one.type in ("line", "text")}
    if info.summary is not None and info.summary not in told:
        yield Fault((*here, "summary"), "summary-unknown", _near(info.summary, told))


def _is_folder_taken(kind: str, info: KindInfo, declared: Declarations) -> bool:
    """Tell whether the folder of a kind of the playbook's own is that of something else."""
    others = [one.folder or name for name, one in declared.kinds.items() if name not in (*ENTRY_TYPES, kind)]
    built_in = (model.folder for model in ENTRY_TYPES.values())
    return (info.folder or kind) in (*TAKEN_FOLDERS, *built_in, *others)


def _faults_of_addresses(declared: Declarations, say: Messages) -> Iterator[Fault]:
    """No two kinds stand at one address, and none where the site has something else."""
    owners = {say(f"path.{kind}"): kind for kind in ENTRY_TYPES if kind not in declared.kinds}
    taken = {path: path for path in (*TAKEN_ADDRESSES, *say.under("path").values())}
    taken = {path: name for path, name in taken.items() if path not in _addresses_of_kinds(say)}
    for kind, info in declared.kinds.items():
        usual = say(f"path.{kind}") if kind in ENTRY_TYPES else info.folder or kind
        address = info.address or usual
        if not info.address and kind not in ENTRY_TYPES and _is_folder_taken(kind, info, declared):
            continue  # the address is the folder's, and the folder is told
        if address in taken or owners.setdefault(address, kind) != kind:
            loc = ("kinds", kind, "address") if info.address else ("kinds", kind)
            yield Fault(loc, "address-taken", {"name": address}, at_key=not info.address)


def _addresses_of_kinds(say: Any) -> set[str]:
    return {say(f"path.{kind}") for kind in ENTRY_TYPES}
