"""What the pages of entries say as plain Markdown, for programs that read: beside each page and in one file.

It is made from the fields of the model as they are declared, so that one that is added is in it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from servicebook.content.model.entries import Checklist, Entry
from servicebook.content.model.media import Attachment, Image
from servicebook.content.model.types import Model, Ref, Word
from servicebook.content.playbook import Playbook
from servicebook.content.schema import label_key
from servicebook.site.data import citation_of
from servicebook.views.addresses import entry_path
from servicebook.views.facets import titles_of
from servicebook.views.rows import rows_of
from servicebook.views.summaries import edition_said, summary_of, titled

# Beside an entry's page.
ENTRY = "index.md"
# An overview with addresses, and all of it in one file.
OVERVIEW, WHOLE = "llms.txt", "llms-full.txt"
_LINK = re.compile(r"(\[[^\[\]]*\])\(([^\s()<>&\\]+)\)")
# What is told in the first lines or as rows, or is for the search and the upkeep alone.
_TOLD = frozenset({"id", "title", "former_ids", "search_words", "changes", "review_every", "sections"})


@dataclass(frozen=True)
class _Field:
    """A field of a model: its label, and how a text in it is written.

    It is `marked` where its texts are words, references or choices, and do not say what they say themselves.
    `usual` is what it holds where nobody wrote it.
    """

    name: str
    label: str
    marked: bool
    write: Callable[[str], str]
    usual: Any

    def says(self, value: Any) -> bool:
        """Tell whether a value says something: a nought and a no do, if somebody wrote them."""
        return bool(value) or (isinstance(value, int | float) and value != self.usual)


class Plain:
    """Writes the entries of a playbook as Markdown."""

    def __init__(self, playbook: Playbook) -> None:
        self._playbook, self._say = playbook, playbook.say
        self._fields: dict[type[Model], tuple[_Field, ...]] = {}
        self._names: dict[str, str] = {}

    def entry(self, entry: Entry) -> str:
        """Return an entry: its title, how it is cited, its facts, and its texts under their labels."""
        facts: list[str] = []
        body: list[str] = []
        for field in self._fields_of(type(entry)):
            value = getattr(entry, field.name)
            if field.name in _TOLD or not field.says(value) or (field.name == "status" and value == "active"):
                continue
            kind = type(value)  # asked by `is`, here and below: there are tens of thousands of values
            if kind is tuple and not field.marked:
                body += ["", f"## {field.label}", "", *[f"- {self._one(one, field)}" for one in value]]
            elif kind is str and not field.marked:
                body += ["", f"## {field.label}", "", field.write(value)]
            elif isinstance(value, Model):
                parts = [f"- {part}" for part in self._parts(value)]
                body += ["", f"## {field.label}", "", *parts] if parts else []
            else:
                facts.append(f"- {field.label}{self._say('language.colon')}{self._one(value, field)}")
        if isinstance(entry, Checklist):
            body += self._rows(entry)
        head = [f"# {titled(entry)}", "", f"> {citation_of(entry, self._playbook)}", ""]
        return "\n".join([*head, *facts, *body, ""])

    def overview(self, entries: Iterable[Entry]) -> str:
        """Return what the playbook holds: each entry with its summary and the address of its Markdown."""
        settings, say = self._playbook.settings, self._say
        edition = edition_said(settings.edition, say)
        lines = [f"# {settings.title}", "", f"> {settings.description}", ""]
        lines += [f"{settings.organisation}. {edition}. {settings.address}"]
        kind = ""
        for entry in entries:
            if entry.kind != kind:
                kind = entry.kind
                lines += ["", f"## {say(f'kind.{kind}')}", ""]
            lines.append(f"- [{titled(entry)}]({self._address(entry)}{ENTRY}): {summary_of(entry)}")
        return "\n".join([*lines, ""])

    def _fields_of(self, model: type[Model]) -> tuple[_Field, ...]:
        """Return the fields of a model in their order; the sources come last."""
        if model not in self._fields:
            infos = sorted(model.model_fields.items(), key=lambda item: item[0] == "sources")
            self._fields[model] = tuple(
                _Field(
                    name,
                    self._say(label_key(model.__name__, name, self._say)),
                    bool(mark),
                    self._writer(name, mark),
                    info.default,
                )
                for name, info in infos
                for mark in [_mark_in(Annotated[(info.annotation, *info.metadata, "")])]
            )
        return self._fields[model]

    def _writer(self, field: str, mark: Word | Ref | Literal["choice"] | None) -> Callable[[str], str]:
        """Return how the texts of a field are written."""
        match mark:
            case Word(vocabulary):
                titles = titles_of(vocabulary, self._playbook)
                return lambda text: titles.get(text, text)
            case Ref():
                return self._named
            case "choice":
                families = (field, "choice", "dialogue")
                return lambda text: next(
                    (self._say(key) for family in families if (key := f"{family}.{text}") in self._say), text
                )
        return self._linked

    def _one(self, value: Any, field: _Field) -> str:
        """Return a value in one line."""
        kind = type(value)
        if kind is str:
            return field.write(value)
        if kind is tuple:
            return ", ".join([self._one(one, field) for one in value])
        if kind is dict:
            return "; ".join(
                f"{name}{self._say('language.colon')}{self._one(one, field)}" for name, one in value.items()
            )
        if kind is bool:
            return self._say(f"choice.{str(value).lower()}")
        if kind is int or kind is float:
            return self._say.number(value)
        if kind is dt.date:
            return self._say.date(value)
        if kind is Image:
            picture = f"![{value.alt}]({self._playbook.settings.address}{value.file})"
            return f"{picture} {value.caption}" if value.caption else picture
        if kind is Attachment:
            return f"[{value.title}]({self._playbook.settings.address}{value.file})"
        return "; ".join(self._parts(value))

    def _parts(self, value: Model) -> Iterator[str]:
        for field in self._fields_of(type(value)):
            one = getattr(value, field.name)
            if field.says(one):
                yield f"{field.label}{self._say('language.colon')}{self._one(one, field)}"

    def _named(self, identity: str) -> str:
        if identity not in self._names:
            entry, source = self._playbook.entries.get(identity), self._playbook.sources.get(identity)
            written = f"{source.author}, {source.title}" if source else identity
            self._names[identity] = f"[{titled(entry)}]({self._address(entry)})" if entry else written
        return self._names[identity]

    def _linked(self, text: str) -> str:
        return _LINK.sub(self._link, text) if "[" in text else text

    def _link(self, match: re.Match[str]) -> str:
        entry = self._playbook.entries.get(match[2])
        return f"{match[1]}({self._address(entry)})" if entry else match[0]

    def _address(self, entry: Entry) -> str:
        return f"{self._playbook.settings.address}{entry_path(entry, self._say)}"

    def _rows(self, checklist: Checklist) -> Iterator[str]:
        """Yield the lines of a checklist, each with the id that leads to it."""
        for section in rows_of(checklist, self._playbook):
            yield from ("", f"## {section.title}", "")
            yield from (f"- [ ] {self._linked(row.text)} ({row.id})" for row in section.rows)


def _mark_in(annotation: Any) -> Word | Ref | Literal["choice"] | None:
    """Return what a text somewhere in a field is; None for one that says what it says, or within a model."""
    if get_origin(annotation) is Literal:
        return "choice"
    marks = getattr(annotation, "__metadata__", ())
    own = next((mark for mark in marks if isinstance(mark, Word | Ref)), None)
    return own or next(filter(None, map(_mark_in, get_args(annotation))), None)
