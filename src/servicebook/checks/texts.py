"""Texts: links that lead somewhere, HTML that is shown as typed, signs that paper can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servicebook.base.problems import Problem, Severity
from servicebook.checks import glyphs
from servicebook.checks.finding import check_in_force, problem_at, unknown_reference, values_of
from servicebook.content.content import Content
from servicebook.content.marked import Loc, find_marked
from servicebook.content.model.entries import Entry
from servicebook.content.model.types import Inline, Model
from servicebook.language import inline
from servicebook.language.messages import LANGUAGES, messages_in


def check_texts(content: Content) -> Iterator[Problem]:
    """Links in a text go to http(s), mailto or an entry; HTML is shown as typed; paper shows every sign."""
    entries = {entry.id: entry for entry in content.entries}
    for value in values_of(content):
        texts = find_marked(value, Inline)
        if isinstance(value, Entry) and value.status == "active":
            yield from _check_written(content, value, texts)
        for loc, text, _ in texts:
            if tag := inline.find_html(text):
                yield problem_at(content, value, loc, "html-in-text", Severity.WARNING, tag=tag)
            if signs := glyphs.find_unprintable(text):
                yield _unprintable(content, value, loc, signs)
            for target in inline.find_links(text):
                if inline.is_external(target) or target in content.unusable:
                    continue
                if target in entries:
                    yield from check_in_force(content, value, loc, entries[target])
                elif inline.is_entry_id(target):
                    yield unknown_reference(content, value, loc, target, "entry", set(entries))
                else:
                    yield problem_at(content, value, loc, "link-not-allowed", target=target)


def _unprintable(content: Content, value: Model, loc: Loc, signs: list[str]) -> Problem:
    if len(signs) == 1:
        return problem_at(content, value, loc, "unprintable", Severity.WARNING, sign=signs[0])
    return problem_at(content, value, loc, "unprintable-several", Severity.WARNING, signs=" ".join(signs))


def _check_written(
    content: Content, entry: Entry, texts: Iterable[tuple[Loc, str, Inline]]
) -> Iterator[Problem]:
    """A page in force says nothing that `servicebook new` put there to be written over."""
    unwritten = {messages_in(language)("new.placeholder") for language in LANGUAGES}
    for loc, text in ((("title",), entry.title), *((loc, text) for loc, text, _ in texts)):
        if text in unwritten:
            yield problem_at(content, entry, loc, "unwritten", text=text)
