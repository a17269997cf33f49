"""Texts: links that lead somewhere, HTML that is shown as typed, signs that paper can show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from servicebook.base.problems import Problem, Severity
from servicebook.checks import glyphs
from servicebook.checks.finding import (
    check_finished,
    check_in_force,
    problem_at,
    unknown_reference,
    values_of,
)
from servicebook.content.content import Content
from servicebook.content.languages import languages_at, messages_at
from servicebook.content.marked import Loc, find_marked, find_texts
from servicebook.content.model.entries import Entry
from servicebook.content.model.types import Inline, Model
from servicebook.language import inline

# As many words as hardly any entry has in its title, its promise and one more line.
_SHORT = 20
# Without the first there is no link in a text. Of a target with anything odd in it, the second says nothing.
_LINK, _TARGET = "](", re.compile(r"\]\(([\w:/.#-]+)\)")
# What is searched and no sheet says.
_UNPRINTED = frozenset({"search_words", "also"})


def check_texts(content: Content) -> Iterator[Problem]:
    """Links in a text go to http(s), mailto or an entry; HTML is shown as typed; paper shows every sign."""
    entries = content.by_id
    in_force = {id_ for id_, entry in entries.items() if entry.status == "active"} - content.unusable
    # Which signs paper can show is not known where nobody can tell what fonts it has.
    fonts = glyphs.own_fonts(content.settings, content.root)
    drawn = glyphs.printable(fonts) if content.settings else None
    unwritten = {messages_at(content.root, one)("new.placeholder") for one in languages_at(content.root)}
    for value in values_of(content):
        # At once for the whole: nearly every text is plain and printable, and to walk through all takes long.
        whole = value.model_dump_json()
        if drawn and glyphs.find_unprintable(whole, drawn):
            yield from _check_signs(content, value, drawn)
        if _is_plain(whole, in_force, unwritten):
            continue
        texts = find_marked(value, Inline)
        if isinstance(value, Entry) and value.status != "retired":
            yield from _check_written(content, value, unwritten)
        for loc, text, _ in texts:
            yield from _check_form(content, value, loc, text)
            for target in dict.fromkeys(inline.find_links(text)):
                if inline.is_external(target) or target in content.unusable:
                    continue
                if target in content.unfinished:
                    yield from check_finished(content, value, loc, target)
                elif target in entries:
                    yield from check_in_force(content, value, loc, entries[target])
                elif inline.is_entry_id(target):
                    yield unknown_reference(content, value, loc, target, "entry", set(entries))
                else:
                    yield problem_at(content, value, loc, "link-not-allowed", target=target)


def _check_form(content: Content, value: Model, loc: Loc, text: str) -> Iterator[Problem]:
    """A text is one paragraph without HTML: anything else is shown otherwise than it was meant."""
    if tag := inline.find_html(text):
        yield problem_at(content, value, loc, "html-in-text", Severity.WARNING, tag=tag)
    if inline.has_blocks(text) or ("\n" in text and content.is_folded(value, loc)):
        yield problem_at(content, value, loc, "blocks-in-text", Severity.WARNING)


def _is_plain(whole: str, in_force: set[str], unwritten: set[str]) -> bool:
    """Tell whether a value, as JSON, is on one line, and has no HTML, nothing unwritten and no dead link."""
    targets = _TARGET.findall(whole)
    return (
        len(targets) == whole.count(_LINK)
        and in_force.issuperset(targets)
        and "\\n" not in whole
        and not inline.find_html(whole)
        and not any(words in whole for words in unwritten)
    )


def check_search_words(content: Content) -> Iterator[Problem]:
    """An entry has few words of its own to be found by: more draw what belongs to others to its page."""
    if content.settings is None:
        return
    most = content.settings.search.most_words
    for entry in content.entries:
        if len(entry.search_words) > most:
            loc = ("search_words", most)
            values = {"most": most, "count": len(entry.search_words)}
            yield problem_at(content, entry, loc, "search-words-many", Severity.WARNING, **values)
        words = sum(text.count(" ") + 1 for text in entry.search_words)
        # Counted only where it may be: to walk through all that every entry says takes long.
        if words > _SHORT and words > (said := _count_said(entry)):
            values = {"words": words, "said": said}
            yield problem_at(
                content, entry, ("search_words",), "search-words-long", Severity.WARNING, **values
            )


def _count_said(entry: Entry) -> int:
    """Return how many words an entry says, those that it is found by left out."""
    return sum(len(text.split()) for loc, text in find_texts(entry) if loc[0] != "search_words")


def _check_signs(content: Content, value: Model, drawn: Set[int]) -> Iterator[Problem]:
    """Paper shows every sign of what it says: of titles and lines too, which are no marked text."""
    for loc, text in find_texts(value):
        signs = glyphs.find_unprintable(text, drawn)
        if signs and loc[0] not in _UNPRINTED:
            yield _unprintable(content, value, loc, signs)


def _unprintable(content: Content, value: Model, loc: Loc, signs: list[str]) -> Problem:
    if len(signs) == 1:
        return problem_at(content, value, loc, "unprintable", Severity.WARNING, sign=signs[0])
    return problem_at(content, value, loc, "unprintable-several", Severity.WARNING, signs=" ".join(signs))


def _check_written(content: Content, entry: Entry, unwritten: Set[str]) -> Iterator[Problem]:
    """A page in force says nothing, in a text or a line, that `servicebook new` put there to be written over.

    Of a draft it is what is still missing, for who asks.
    """
    is_draft = entry.status == "draft"
    rule, severity = ("unwritten-draft", Severity.WARNING) if is_draft else ("unwritten", Severity.ERROR)
    for loc, text in find_texts(entry):
        if text in unwritten:
            yield problem_at(content, entry, loc, rule, severity, text=text)
