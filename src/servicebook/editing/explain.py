"""Differences as people and programs read them: lines, Markdown, annotations of a pull request, data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from servicebook.base.invisible import look_alike, with_codes, with_unseen
from servicebook.base.problems import Problem
from servicebook.content.schema import label_key
from servicebook.content.shapes import Shape
from servicebook.editing.classes import Kind, Weight
from servicebook.editing.difference import Difference, below
from servicebook.editing.versions import Document, Version
from servicebook.language.messages import Messages

Style = Literal["text", "markdown"]

_BLANKS = re.compile(r"[ \t\r\n]+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_MARKS: dict[Style, dict[str, tuple[str, str]]] = {
    "text": {"-": ("[-", "-]"), "+": ("{+", "+}")},
    "markdown": {"-": ("~~", "~~"), "+": ("**", "**")},
}
# Texts shorter than this are shown side by side: marking words in them would only be in the way.
_SHORT = 4
# How many of the words that stayed are shown on each side of those that changed.
_AROUND = 8
# A comment longer than this is read by nobody; the rest is counted.
_LONGEST = 40
# As many files as a person would copy by hand.
_MOST_FILES = 3


def explain(difference: Difference, style: Style, say: Messages) -> str:
    """Return one line that tells what changed: the field, and the words that came and went."""
    escape = _ESCAPES[style]
    old, new = (shown(value, difference, say) for value in (difference.old, difference.new))
    if difference.kind is Kind.CHANGED and look_alike(old, new):
        old, new = with_unseen(old), with_unseen(new)
    old, new = escape(old), escape(new)
    values: dict[str, object] = {"old": old, "new": new, "field": escape(field_label(difference, say))}
    if difference.loc in ((), ("id",), ("status",)) or difference.kind is Kind.MOVED:
        key = f"diff.entry.{difference.kind}"
        if key in say:
            return say(key, **values)
    if difference.kind is Kind.CHANGED:
        values["words"] = _marked(difference, style, old, new, say)
    return say(f"diff.field.{difference.kind}", **values)


def field_label(difference: Difference, say: Messages) -> str:
    """Return where in its entry a difference stands, as a person says it: `Puntos › saludo › texto`."""
    parts: list[str] = []
    value: Any = difference.document.data
    shape = difference.document.shape
    for place, segment in enumerate(difference.loc):
        is_named = shape.form == "map"  # by whoever wrote it, though a field may be called so elsewhere
        shape = below(shape, segment)
        try:
            value = value[segment]
        except (KeyError, IndexError, TypeError):
            # What was taken away stands in the version before alone.
            value = difference.old if place == len(difference.loc) - 1 else None
        if isinstance(segment, int):
            if isinstance(value, dict) and value.get("id") and segment != difference.loc[-1]:
                parts.append(str(value["id"]))
        elif is_named:
            title = (value.get("title") or value.get("label")) if isinstance(value, dict) else None
            parts.append(str(title or segment))
        else:
            key = label_key(difference.document.shape.model, segment, say)
            parts.append(say(key) if key in say else segment)
    return " › ".join(parts)


def shown(value: Any, difference: Difference, say: Messages) -> str:
    """Return a value as text: choices by their names, maps by what they say."""
    return _shown(value, difference.field, difference.shape, say)


def _shown(value: Any, field: str, shape: Shape, say: Messages) -> str:
    if shape.form == "list" and shape.inner:
        shape = shape.inner
    if isinstance(value, list):
        return ", ".join(_shown(one, field, shape, say) for one in value)
    if isinstance(value, dict):
        said = {key: _shown(one, key, below(shape, key), say) for key, one in value.items() if key != "id"}
        return " · ".join(_as_limit(value, said, say) if shape.model == "Threshold" else said.values())
    text = "" if value is None else _BLANKS.sub(" ", str(value)).strip(" ")
    if shape.vocabulary and (key := f"word.{shape.vocabulary}.{text}") in say:
        return say(key)
    # What is written freely is nobody's choice, though it may be spelt like one: a unit may be «day».
    if shape.form in ("choice", "flag"):
        word = text.lower() if shape.form == "flag" else text
        return next((say(key) for key in (f"{field}.{word}", f"choice.{word}") if key in say), text)
    return text


def _as_limit(value: Mapping[str, Any], said: dict[str, str], say: Messages) -> list[str]:
    """Return what a threshold says, first its limit as pages put it: `Máximo 10 segundos`."""
    if not {"at", "value", "unit"} <= said.keys() or f"choice.{value['at']}" not in say:
        return [*said.values()]
    limit = say.limit(value["at"], said["value"], said["unit"])
    return [limit, *(text for key, text in said.items() if key not in ("at", "value", "unit"))]


def _marked(difference: Difference, style: Style, old: str, new: str, say: Messages) -> str:
    # A choice is told by its name, which is one thing whatever words it has.
    is_choice = difference.shape.form == "choice" or difference.shape.vocabulary
    if is_choice or min(len(old.split()), len(new.split())) < _SHORT:
        return f"{old} → {new}" if old != new else f"{old} ({say('diff.spaces')})"
    out: list[str] = []
    pieces = [*_with_seen(difference.words())]
    for mark, text in pieces:
        text = _ESCAPES[style](re.sub(r"\s", " ", text))
        bare = text.strip()
        if mark == "=" or not bare:
            out.append(_shortened(text, first=not out))
            continue
        opening, closing = _MARKS[style][mark]
        out.append(text.replace(bare, f"{opening}{bare}{closing}", 1))
        # What is taken away and what is put in its place are read as two words.
        if mark == "-" and not text.endswith(" "):
            out.append(" ")
    told = " ".join("".join(out).split())
    is_seen = any(mark != "=" and text.strip() for mark, text in pieces)
    return told if is_seen else f"{told} ({say('diff.spaces')})"


def _with_seen(pieces: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield pieces of two texts, those that look alike and take each other's place with their codes."""
    for place, (mark, text) in enumerate(pieces):
        other = pieces[place + 1 :][:1] if mark == "-" else pieces[:place][-1:] if mark == "+" else []
        is_pair = bool(other) and {mark, other[0][0]} == {"-", "+"}
        yield mark, with_unseen(text) if is_pair and look_alike(text, other[0][1]) else text


def _shortened(text: str, *, first: bool) -> str:
    """Leave out the middle of what stayed the same; before the first change, its beginning."""
    words = text.split(" ")
    if len(words) <= 2 * _AROUND + 1:
        return text
    return " ".join([*([] if first else words[:_AROUND]), "…", *words[-_AROUND:]])


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it stands, and that calls nobody by name."""
    return _SPECIAL.sub(r"\\\1", with_codes(text)).replace("@", "@\u200b")


_ESCAPES: dict[Style, Callable[[str], str]] = {"text": with_codes, "markdown": escape_markdown}


def _code(text: str) -> str:
    """Return a text as code of Markdown: between more marks than it has itself, so that none ends it."""
    marks = "`" * (1 + _most_marks(text))
    room = " " if "`" in text else ""
    return f"{marks}{room}{with_codes(text)}{room}{marks}"


def _most_marks(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def count_weights(differences: Iterable[Difference]) -> dict[Weight, int]:
    """Return how many differences there are of each weight, the heaviest first."""
    found = list(differences)
    return {weight: sum(one.weight is weight for one in found) for weight in sorted(Weight, reverse=True)}


def as_text(differences: Sequence[Difference], say: Messages) -> str:
    """Return the differences as lines for a terminal, by entry."""
    if not differences:
        return say("diff.nothing")
    lines: list[str] = []
    for document, found in _by_document(differences):
        lines.append(with_codes(_heading(document)))
        lines += [f"  {say(f'diff.weight.{one.weight.word}')}: {explain(one, 'text', say)}" for one in found]
    return "\n".join([*lines, "", _summary(differences, say)])


def as_markdown(
    differences: Sequence[Difference],
    problems: Sequence[Problem],
    new: Version,
    say: Messages,
    preview: str | None = None,
) -> str:
    """Return the differences as a comment on a pull request: what is missing, then the heaviest first.

    `preview` is the address at which the changed site can be seen.
    """
    lines = [f"## {say('diff.title')}", ""]
    lines += [f"**{_summary(differences, say)}**" if differences else say("diff.nothing"), ""]
    if roles := _roles(differences, new):
        lines += [say("diff.roles", roles=escape_markdown(", ".join(roles))), ""]
    if preview:
        lines += [say("diff.preview", address=preview), ""]
    if problems:
        lines += [f"### {say('diff.heading.missing')}", ""]
        lines += [f"- {_code(str(one.location))} {escape_markdown(say.explain(one))}" for one in problems]
        lines.append("")
    for weight in sorted(Weight, reverse=True):
        found = [one for one in differences if one.weight is weight]
        if not found:
            continue
        lines += [f"### {say(f'diff.heading.{weight.word}')}", ""]
        for document, its in _by_document(found[:_LONGEST]):
            lines += [f"**{escape_markdown(_heading(document))}**", ""]
            lines += [*(f"- {explain(one, 'markdown', say)}" for one in its), ""]
        if len(found) > _LONGEST:
            lines += [say("diff.more", count=len(found) - _LONGEST), ""]
    return "\n".join(lines)


def forms_as_markdown(texts: Mapping[str, str], say: Messages) -> str:
    """Return files in their canonical form, ready to be copied by somebody who has only a browser."""
    lines = [f"### {say('diff.heading.form')}", ""] if texts else []
    for path, text in list(texts.items())[:_MOST_FILES]:
        # A fence is longer than any in the text, so that nothing in it is read as Markdown.
        fence = "`" * max(3, 1 + _most_marks(text))
        lines += [say("diff.copy", file=_code(path)), "", f"{fence}yaml", text.rstrip("\n"), fence, ""]
    if len(texts) > _MOST_FILES:
        lines += [say("diff.more-files", count=len(texts) - _MOST_FILES), ""]
    return "\n".join(lines)


def as_data(differences: Sequence[Difference], say: Messages) -> dict[str, Any]:
    """Return the differences as data that a program can rely on."""
    return {
        "counts": {weight.word: count for weight, count in count_weights(differences).items()},
        "differences": [_data(one, say) for one in differences],
    }


def as_annotation(difference: Difference, say: Messages) -> tuple[str, str]:
    """Return the title and the sentence of a difference for a code host's annotation."""
    title = f"{say(f'diff.weight.{difference.weight.word}')}: {difference.document.id}"
    return title, explain(difference, "text", say)


def _data(one: Difference, say: Messages) -> dict[str, Any]:
    return {
        "entry": {"kind": one.document.kind, "id": one.document.id, "title": one.document.data.get("title")},
        "path": one.location.path,
        "line": one.location.line,
        "field": ".".join(map(str, one.loc)),
        "change": str(one.kind),
        "class": one.weight.word,
        "old": one.old,
        "new": one.new,
        "words": one.words() if one.kind is Kind.CHANGED else [],
        "message": explain(one, "text", say),
    }


def _by_document(differences: Iterable[Difference]) -> list[tuple[Document, list[Difference]]]:
    groups: dict[tuple[str, str], tuple[Document, list[Difference]]] = {}
    for one in differences:
        key = (one.document.kind, one.document.id)
        groups.setdefault(key, (one.document, []))[1].append(one)
    return list(groups.values())


def _heading(document: Document) -> str:
    title = str(document.data.get("title") or "")
    return f"{document.id} · {title}" if title and document.is_entry else title or document.id


def _summary(differences: Sequence[Difference], say: Messages) -> str:
    counts = count_weights(differences)
    return " · ".join(
        say(f"diff.count.{weight.word}", count=count) for weight, count in counts.items() if count
    )


def _roles(differences: Iterable[Difference], new: Version) -> list[str]:
    """Return the titles of the roles that substantive changes fall to."""
    settings = new.documents.get(("playbook", "playbook"))
    known = settings.data.get("roles") if settings else None
    if not isinstance(known, dict):
        return []  # nobody has checked what is compared
    found = {
        role
        for one in differences
        if one.weight is Weight.SUBSTANTIVE
        for role in _list_in(one.document.data, "roles")
        if isinstance(role, str)
    }
    return [_title_of(role, word) for role, word in known.items() if role in found]


def _list_in(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name)
    return value if isinstance(value, list) else []


def _title_of(role: str, word: Any) -> str:
    return str(word.get("title") or role) if isinstance(word, dict) else role
