"""The whole playbook as one document: its chapters, as plain data for the book's template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from servicebook.content.model.entries import (
    Behaviour,
    Case,
    Checklist,
    Customer,
    Entry,
    Metric,
    Phrase,
    Reading,
    Scenario,
    Standard,
)
from servicebook.content.model.settings import Foundation, Source
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.sheet import logo_of, picture_of
from servicebook.views.editions import digest
from servicebook.views.facets import filter_entries
from servicebook.views.fields import printed_blocks
from servicebook.views.rows import rows_of, standard_rows
from servicebook.views.summaries import summary_of, threshold_text, titled

# The kinds after the standards, as the book has them.
_CHAPTERS = ("behaviour", "customer", "checklist", "scenario", "metric", "case")


class Book:
    """What the book says of a playbook."""

    def __init__(self, playbook: Playbook, say: Messages) -> None:
        self.playbook = playbook
        self.say = say
        self._codes = True

    def content(self) -> dict[str, Any]:
        """Return what the book says, chapter by chapter."""
        chapters = [chapter for chapter in self._chapters() if chapter["entries"]]
        named = [entry["id"] for chapter in chapters for entry in chapter["entries"] if "id" in entry]
        by_title = sorted(named, key=lambda id_: self.say.sort_key(self.playbook.entries[id_].title))
        return {
            "description": self.playbook.settings.description,
            "chapters": chapters,
            "index": [self._in_index(self.playbook.entries[id_]) for id_ in by_title],
            **logo_of(self.playbook),
        }

    def _in_index(self, entry: Entry) -> dict[str, str]:
        return {"id": entry.id, "title": f"{entry.title} ({entry.id})" if entry.codes else entry.title}

    def digests_of_entries(self) -> Mapping[str, str]:
        """Return a short hash of what the book says of each entry, and in which chapter, by its id.

        Ids are no words of it: an entry that is called anew says what it said.
        """
        plain = Book(self.playbook, self.say)
        plain._codes = False
        return {
            entry["id"]: digest([chapter["title"], {**entry, "id": ""}])
            for chapter in plain._chapters()
            for entry in chapter["entries"]
            if "id" in entry
        }

    def digests_of_parts(self) -> Mapping[str, str]:
        """Return a short hash of each part of the book that is no entry, by its name."""
        settings = self.playbook.settings
        cover = [settings.organisation, settings.title, settings.description, logo_of(self.playbook)]
        named = {chapter["name"]: chapter for chapter in self._chapters() if "name" in chapter}
        return {name: digest(said) for name, said in {"cover": cover, **named}.items()}

    def _chapters(self) -> Iterator[dict[str, Any]]:
        playbook, say = self.playbook, self.say
        foundations = [self._foundation(one) for one in playbook.foundations.values()]
        yield {"name": "foundations", "title": say("paper.book.foundations"), "entries": foundations}
        for pillar, word in playbook.settings.pillars.items():
            found = filter_entries(playbook.of_kind("standard"), pillar=pillar)
            title = f"{say('kind.standard')}{say('language.colon')}{word.title}"
            entries = [self._book_entry(entry) for entry in found]
            yield {"title": title, "entries": entries, "together": True}
        for kind in (*_CHAPTERS, *playbook.kinds.own):
            found = playbook.of_kind(kind)
            yield {"title": say(f"kind.{kind}"), "entries": [self._book_entry(e) for e in found]}
        terms = sorted(playbook.terms.values(), key=lambda term: say.sort_key(term.title))
        glossary = [{"title": term.title, "text": inline.plain(term.definition)} for term in terms]
        yield {"name": "glossary", "title": say("paper.book.glossary"), "entries": glossary, "compact": True}
        works = sorted(playbook.sources.values(), key=lambda work: say.sort_key(work.author))
        sources = [{"title": work.title, "text": self._work(work)} for work in works]
        yield {"name": "sources", "title": say("sources.title"), "entries": sources, "compact": True}

    def _foundation(self, one: Foundation) -> dict[str, Any]:
        points = [f"{point.title}. {inline.plain(point.text)}" for point in one.points]
        blocks = [{"title": "", "text": text} for text in inline.plain_all(one.text)]
        return {"title": one.title, "blocks": [*blocks, *_list_block("", points)]}

    def _book_entry(self, entry: Entry) -> dict[str, Any]:
        return {
            "id": entry.id,
            "title": titled(entry) if self._codes else entry.title,
            "lead": summary_of(entry),
            "blocks": [*self._blocks(entry), *printed_blocks(entry, self.playbook), *self._pictures(entry)],
        }

    def _blocks(self, entry: Entry) -> Iterator[dict[str, Any]]:
        """Yield the parts of an entry as titled texts, lists and pairs, in the order of its page."""
        say = self.say
        match entry:
            case Standard():
                yield _text_block(say("standard.intent"), entry.intent)
                if entry.threshold:
                    yield _text_block(say("paper.book.threshold"), threshold_text(entry.threshold, say))
                yield _pairs_block("", (say("standard.do"), entry.do), (say("standard.dont"), entry.dont))
                yield from self._phrase_block(entry.phrases)
                yield from _list_block(
                    say("standard.items"),
                    [self._with_id(row.text, row.id) for row in standard_rows(entry, self.playbook)],
                )
                yield _text_block(say("standard.verification"), entry.verification.question)
                yield _text_block(say("standard.how"), entry.verification.how)
                yield _text_block(say("standard.evidence"), entry.verification.evidence)
            case Behaviour():
                do, dont = entry.do, entry.dont
                yield _pairs_block(
                    "", (say("behaviour.do"), (do.scene,)), (say("behaviour.dont"), (dont.act, dont.scene))
                )
                yield _text_block(say("behaviour.why"), entry.why)
            case Customer():
                yield from _list_block(say("customer.signals"), entry.signals)
                yield from _list_block(say("customer.needs"), entry.needs)
                steps = [f"{step.title}. {inline.plain(step.text)}" for step in entry.approach]
                yield from _list_block(say("customer.approach"), steps)
                yield from self._phrase_block(entry.phrases)
                yield from _list_block(say("customer.mistakes"), entry.mistakes)
            case Checklist():
                yield _text_block(say("checklist.frequency"), entry.frequency)
                for section in rows_of(entry, self.playbook):
                    rows = [self._with_id(row.text, row.id if row.standard else "") for row in section.rows]
                    yield from _list_block(section.title, rows)
            case Scenario():
                yield _text_block(say("scenario.customer_side"), entry.customer_side)
                yield _text_block(say("scenario.staff_side"), entry.staff_side)
                yield _text_block(say("scenario.goes_wrong"), entry.goes_wrong)
                lines = [
                    f"{say(f'paper.who.{one.who}')}{say('language.colon')}{inline.plain(one.text)}"
                    for one in entry.good_answer
                ]
                yield from _list_block(say("scenario.good_answer"), lines)
                yield from _list_block(say("scenario.debrief"), entry.debrief)
            case Metric():
                yield _text_block(say("metric.measures"), entry.measures)
                yield _text_block(say("metric.formula"), entry.formula.words)
                yield from _list_block(say("metric.collection"), entry.collection)
                reading = [_reading_line(one) for one in entry.reading]
                reading.append(f"{say(f'threshold.origin.{entry.reading_origin}')}.")
                yield from _list_block(say("metric.reading"), reading)
                yield from _list_block(say("metric.causes"), entry.causes)
            case Case():
                yield from _list_block(say("case.claims"), [claim.text for claim in entry.claims])
                yield from _list_block(say("case.lessons"), entry.lessons)
                yield from _list_block(say("case.practice"), entry.practice)

    def _pictures(self, entry: Entry) -> Iterator[dict[str, Any]]:
        """Yield the pictures of an entry, each with what it shows in words."""
        for one in entry.images:
            caption = inline.plain(one.caption) if one.caption else ""
            yield {"title": caption, "picture": {**picture_of(one.file, self.playbook), "alt": one.alt}}

    def _with_id(self, text: str, id_: str) -> str:
        return f"{text} ({id_})" if id_ and self._codes else text

    def _work(self, work: Source) -> str:
        accessed = work.accessed and self.say("source.accessed", date=self.say.date(work.accessed))
        parts = (work.author, work.publisher, work.published, work.url, accessed)
        return ", ".join(part for part in parts if part)

    def _phrase_block(self, phrases: Sequence[Phrase]) -> Iterator[dict[str, Any]]:
        if phrases:
            yield _pairs_block(
                self.say("standard.phrases"),
                (self.say("phrase.say"), [one.say for one in phrases]),
                (self.say("phrase.avoid"), [one.avoid for one in phrases]),
            )


def _reading_line(one: Reading) -> str:
    named = f"{one.title}. " if one.title else ""
    return f"{named}{one.range}: {inline.plain(one.meaning)}"


def _text_block(title: str, text: str) -> dict[str, Any]:
    return {"title": title, "text": inline.plain(text)}


def _list_block(title: str, lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    if lines:
        yield {"title": title, "lines": inline.plain_all(lines)}


def _pairs_block(title: str, *columns: tuple[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "title": title,
        "columns": [{"title": head, "lines": inline.plain_all(lines)} for head, lines in columns],
    }
