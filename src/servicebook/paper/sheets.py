"""What each sheet of paper says, as plain data for its template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

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
from servicebook.content.model.settings import Foundation, FrozenEdition, Source
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.pages import count_pages
from servicebook.paper.sheet import DAYS, WEEKS, Form, Sheet, forms_of, logo_of, page_path, spoken_address
from servicebook.views import editions
from servicebook.views.facets import filter_entries
from servicebook.views.fields import printed_blocks, printed_lines
from servicebook.views.rows import rows_of, standard_rows
from servicebook.views.scoring import VISIT, rule_of, rule_sentences
from servicebook.views.summaries import summary_of, threshold_text

# More pairs than this and the reminder pushes the lines it should remind of to another sheet.
REMINDERS = 5


# The kinds after the standards, as the book has them.
_CHAPTERS = ("behaviour", "customer", "checklist", "scenario", "metric", "case")


class Sheets:
    """Every sheet of a playbook, made when it is asked for."""

    def __init__(self, playbook: Playbook, say: Messages) -> None:
        self.playbook = playbook
        self.say = say
        self.now: FrozenEdition = editions.freeze(playbook)
        self._whole = editions.mark_of(self.now)

    def all(self) -> Iterator[Sheet]:
        """Yield every sheet, the long ones last.

        Typst keeps what it did for a while and looks through it after every sheet; after the book, a short
        sheet takes a third longer.
        """
        yield from self.lineups()
        for model in (Scenario, Customer, Checklist):
            for entry in self.playbook.of_type(model):
                yield from self.of(entry)
        if deck := self.deck():
            yield deck
        yield self.book()

    def of(self, entry: Entry) -> Iterator[Sheet]:
        """Yield the sheets of one entry, in the order of `forms_of`."""
        for form in forms_of(entry):
            address, link = self._addresses(entry.id)
            content = self.content(form, entry)
            yield Sheet(form, entry.id, entry.title, address, link, content, count_pages(form, content))

    def content(self, form: Form, entry: Entry) -> dict[str, Any]:
        """Return what a sheet of an entry says, in one of its forms."""
        contents: dict[str, Callable[[Any], dict[str, Any]]] = {
            "checklist": self._checklist,
            "audit": self._audit,
            "pocket": self._pocket,
            "guide": self._guide,
            "role_play": self._role_play,
        }
        return {**contents[form](entry), "declared": printed_lines(entry, self.playbook)}

    def deck(self) -> Sheet | None:
        """Return every scenario as one document, or None when there is none."""
        scenarios = self.playbook.of_type(Scenario)
        if not scenarios:
            return None
        title = self.say("kind.scenario")
        plays = [{"title": one.title, **self._role_play(one)} for one in scenarios]
        return self._whole_sheet("deck", self.say("path.scenario"), title, {"plays": plays}, len(plays))

    def lineups(self) -> Iterator[Sheet]:
        """Yield the pack of each week of the year: the same week gives everybody the same pack."""
        standards = self.playbook.of_type(Standard)
        scenarios = self.playbook.of_type(Scenario)
        for week in WEEKS if standards else ():
            content = {
                "days": [self._day(standards, week, day) for day in DAYS],
                "play": self._role_play(play := scenarios[week % len(scenarios)]) | {"title": play.title}
                if scenarios
                else None,
                "sign_off": self._blanks(("place", "date")),
            }
            title = self.say("paper.lineup.title", week=week)
            identity, pages = self.say("paper.lineup.id", week=week), 3 if scenarios else 2
            yield self._whole_sheet("lineup", identity, title, content, pages)

    def book(self) -> Sheet:
        """Return the whole playbook as one document."""
        settings = self.playbook.settings
        content = {
            "description": settings.description,
            "chapters": [chapter for chapter in self._chapters() if chapter["entries"]],
            **logo_of(self.playbook),
        }
        return self._whole_sheet("book", self.say("paper.book.id"), settings.title, content)

    def _whole_sheet(
        self, form: Form, identity: str, title: str, content: dict[str, Any], pages: int | None = None
    ) -> Sheet:
        address, link = self._addresses("")
        return Sheet(form, identity, title, address, link, content, pages)

    def _addresses(self, identity: str) -> tuple[str, str]:
        """Return the address to print and the one for the QR, which names the edition and its wording."""
        settings, path = self.playbook.settings, page_path(identity)
        mark = editions.mark_of(self.now, identity) if identity else self._whole
        query = f"?e={quote(settings.edition.name)}&v={mark}"
        return spoken_address(settings, path), f"{settings.address}{path}{query}"

    # --- checklists ------------------------------------------------------------------------------

    def _checklist(self, entry: Checklist) -> dict[str, Any]:
        standards = self._standards_in(entry)
        return {
            "use": inline.plain(entry.use),
            "frequency": entry.frequency,
            "sections": self._sections(entry),
            "reminders": [
                {"do": inline.plain(one.do[0]), "dont": inline.plain(one.dont[0])}
                for one in standards[: REMINDERS if entry.reminder else 0]
            ],
            "dated": entry.dated,
            "sign_off": self._sign_off(entry),
        }

    def _audit(self, entry: Checklist) -> dict[str, Any]:
        sections = self._sections(entry)
        return {
            "use": inline.plain(entry.use),
            "frequency": entry.frequency,
            "sections": sections,
            "visit": [{"name": name, "label": self.say(f"visit.{name}")} for name in VISIT],
            "rule_title": self.say("scoring.title"),
            "rule": rule_sentences(rule_of(entry, self.playbook), self.say),
            "total": sum(row["weight"] for section in sections for row in section["rows"]),
            "sign_off": self._sign_off(entry),
        }

    def _pocket(self, entry: Checklist) -> dict[str, Any]:
        return {"sections": self._sections(entry)}

    def _sections(self, entry: Checklist) -> list[dict[str, Any]]:
        """Return the sections as they are printed; ids of own lines, which no page explains, are left out."""
        return [
            {
                "title": section.title,
                "rows": [
                    {
                        "id": row.id if row.standard else "",
                        "text": row.text,
                        "weight": row.weight,
                        "gate": row.gate,
                    }
                    for row in section.rows
                ],
            }
            for section in rows_of(entry, self.playbook)
            if section.rows
        ]

    def _standards_in(self, entry: Checklist) -> list[Standard]:
        """Return the standards that a checklist's rows come from, those that weigh most first."""
        rows = [row for section in rows_of(entry, self.playbook) for row in section.rows]
        found = {row.standard.id: row for row in rows if row.standard}
        return [row.standard for row in sorted(found.values(), key=lambda row: -row.weight) if row.standard]

    def _sign_off(self, entry: Checklist) -> list[dict[str, Any]]:
        """Return what is filled in at the foot: what the head does not ask already, who signs, and the rest.

        Observations come last, since they take what room is left.
        """
        head = VISIT if entry.scored else ()
        fields = self._blanks([name for name in entry.sign_off if name not in head])
        signature, hour = self.say("sign_off.signature"), self.say("sign_off.hour")
        for signer in entry.signers:
            signed = f"{signature} {hour}" if signer.hour else signature
            fields += [{"name": "signer", "label": text} for text in (signer.role, signed)]
        return sorted(fields, key=lambda field: field["name"] == "observations")

    def _blanks(self, fields: Sequence[str]) -> list[dict[str, Any]]:
        return [{"name": name, "label": self.say(f"sign_off.{name}")} for name in fields]

    # --- customers, scenarios, weeks -------------------------------------------------------------

    def _guide(self, entry: Customer) -> dict[str, Any]:
        return {
            "summary": inline.plain(entry.summary),
            "signals": _plain_all(entry.signals),
            "needs": _plain_all(entry.needs),
            "approach": [{"title": step.title, "text": inline.plain(step.text)} for step in entry.approach],
            "phrases": _phrases(entry.phrases),
            "mistakes": _plain_all(entry.mistakes),
            "standards": [self._title_of(identity) for identity in entry.standards],
        }

    def _role_play(self, entry: Scenario) -> dict[str, Any]:
        address, link = self._addresses(entry.id)
        return {
            "address": address,
            "link": link,
            "channel": self._channel(entry),
            "customer": self.playbook.entries[entry.customer].title,
            "situation": inline.plain(entry.situation),
            "customer_side": inline.plain(entry.customer_side),
            "staff_side": inline.plain(entry.staff_side),
            "goes_wrong": inline.plain(entry.goes_wrong),
            "good_answer": [
                {"who": line.who, "label": self.say(f"paper.who.{line.who}"), "text": inline.plain(line.text)}
                for line in entry.good_answer
            ],
            "debrief": _plain_all(entry.debrief),
            "declared": printed_lines(entry, self.playbook),
            "standards": [self._title_of(identity) for identity in entry.standards],
        }

    def _channel(self, entry: Scenario) -> str:
        return self.playbook.settings.channels[entry.channel].title if entry.channel else ""

    def _day(self, standards: Sequence[Standard], week: int, day: int) -> dict[str, Any]:
        standard = standards[(week * len(DAYS) + day) % len(standards)]
        return {
            "day": self.say(f"paper.days.{day}"),
            "id": standard.id,
            "title": standard.title,
            "statement": inline.plain(standard.statement),
            "do": inline.plain(standard.do[0]),
            "dont": inline.plain(standard.dont[0]),
            "question": inline.plain(standard.verification.question),
        }

    def _title_of(self, identity: str) -> str:
        entry = self.playbook.entries[identity]
        return f"{entry.id} {entry.title}" if entry.codes else entry.title

    # --- the book --------------------------------------------------------------------------------

    def _chapters(self) -> Iterator[dict[str, Any]]:
        playbook, say = self.playbook, self.say
        foundations = [self._foundation(one) for one in playbook.foundations.values()]
        yield {"title": say("paper.book.foundations"), "entries": foundations}
        for pillar, word in playbook.settings.pillars.items():
            found = filter_entries(playbook.of_kind("standard"), pillar=pillar)
            title = f"{say('kind.standard')}: {word.title}"
            yield {"title": title, "entries": [self._book_entry(entry) for entry in found]}
        for kind in (*_CHAPTERS, *playbook.kinds.own):
            found = playbook.of_kind(kind)
            yield {"title": say(f"kind.{kind}"), "entries": [self._book_entry(e) for e in found]}
        terms = sorted(playbook.terms.values(), key=lambda term: say.sort_key(term.title))
        glossary = [{"title": term.title, "text": inline.plain(term.definition)} for term in terms]
        yield {"title": say("paper.book.glossary"), "entries": glossary, "compact": True}
        works = sorted(playbook.sources.values(), key=lambda work: say.sort_key(work.author))
        sources = [{"title": work.title, "text": self._work(work)} for work in works]
        yield {"title": say("sources.title"), "entries": sources, "compact": True}

    def _foundation(self, one: Foundation) -> dict[str, Any]:
        points = [f"{point.title}. {inline.plain(point.text)}" for point in one.points]
        blocks = [{"title": "", "text": text} for text in _plain_all(one.text)]
        return {"title": one.title, "blocks": [*blocks, *_list_block("", points)]}

    def _book_entry(self, entry: Entry) -> dict[str, Any]:
        return {
            "id": entry.id,
            "title": self._title_of(entry.id),
            "lead": summary_of(entry),
            "blocks": [*self._blocks(entry), *printed_blocks(entry, self.playbook)],
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
                    [f"{row.text} ({row.id})" for row in standard_rows(entry, self.playbook)],
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
                for section in self._sections(entry):
                    rows = [_with_id(row) for row in section["rows"]]
                    yield from _list_block(section["title"], rows)
            case Scenario():
                yield _text_block(say("scenario.customer_side"), entry.customer_side)
                yield _text_block(say("scenario.staff_side"), entry.staff_side)
                yield _text_block(say("scenario.goes_wrong"), entry.goes_wrong)
                lines = [
                    f"{say(f'paper.who.{one.who}')}: {inline.plain(one.text)}" for one in entry.good_answer
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


def _with_id(row: dict[str, Any]) -> str:
    return f"{row['text']} ({row['id']})" if row["id"] else str(row["text"])


def _reading_line(one: Reading) -> str:
    named = f"{one.title}. " if one.title else ""
    return f"{named}{one.range}: {inline.plain(one.meaning)}"


def _plain_all(texts: Sequence[str]) -> list[str]:
    return [inline.plain(text) for text in texts]


def _phrases(phrases: Sequence[Phrase]) -> list[dict[str, str]]:
    return [{"say": inline.plain(one.say), "avoid": inline.plain(one.avoid)} for one in phrases]


def _text_block(title: str, text: str) -> dict[str, Any]:
    return {"title": title, "text": inline.plain(text)}


def _list_block(title: str, lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    if lines:
        yield {"title": title, "lines": _plain_all(lines)}


def _pairs_block(title: str, *columns: tuple[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "title": title,
        "columns": [{"title": head, "lines": _plain_all(lines)} for head, lines in columns],
    }
