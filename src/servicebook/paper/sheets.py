"""What each sheet of paper says, as plain data for its template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import TypeAdapter

from servicebook.content.model.entries import (
    Checklist,
    Customer,
    Entry,
    Phrase,
    Scenario,
    Standard,
)
from servicebook.content.model.printed import Printed
from servicebook.content.model.settings import FrozenEdition
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.book import Book
from servicebook.paper.cards import card_parts, credo_content
from servicebook.paper.lineups import week_content, week_title
from servicebook.paper.pages import count_pages
from servicebook.paper.quizzes import quiz_content
from servicebook.paper.sheet import (
    Form,
    Sheet,
    forms_of,
    job_title,
    learner_id,
    page_path,
    printed_sections,
    said_in,
    spoken_address,
)
from servicebook.paper.training import session_content, training_content
from servicebook.views import editions
from servicebook.views.fields import printed_lines
from servicebook.views.lineup import EVERYBODY, Week, jobs_of, printed_jobs, week_name, weeks_of
from servicebook.views.quiz import Question, questions_for, questions_of
from servicebook.views.rows import rows_of
from servicebook.views.scoring import VISIT, rule_of, rule_sentences
from servicebook.views.summaries import threshold_text, titled

# More pairs than this and the reminder pushes the lines it should remind of to another sheet.
REMINDERS = 5

_PRINTED: TypeAdapter[Printed] = TypeAdapter(Printed)


class Sheets:
    """Every sheet of a playbook, made when it is asked for."""

    def __init__(self, playbook: Playbook, say: Messages) -> None:
        self.playbook = playbook
        self.say = say

    @cached_property
    def now(self) -> FrozenEdition:
        """The edition in force with what each of its sheets says, and a short hash of what the book says."""
        plain, book = editions.freeze(self.playbook), Book(self.playbook, self.say)
        in_book = book.digests_of_entries()
        entries = {
            identity: frozen.model_copy(
                update={"sheet": self._printed(identity), "in_book": in_book.get(identity)}
            )
            for identity, frozen in plain.entries.items()
        }
        parts = {**book.digests_of_parts(), "training": editions.digest(list(self._taught()))}
        parts["credo"] = editions.digest(credo_content(self.playbook))
        own = {"organisation": self.playbook.settings.organisation, "book": parts}
        return plain.model_copy(update={"entries": entries, **own})

    def _taught(self) -> Iterator[list[Any]]:
        """Yield what the sheets for training say; the marks on them are those of the entries."""
        for job in jobs_of(self.playbook):
            pack = self._pack(job, dict.fromkeys(self.playbook.entries, "")) if job else {}
            yield [job_title(job, self.playbook, self.say), self._quiz(job), pack]
        yield [session_content(entry, self.playbook, self.say) for entry in self.playbook.of_type(Scenario)]

    @cached_property
    def _questions(self) -> list[Question]:
        return questions_of(self.playbook, one_each=True)

    def _quiz(self, job: str) -> dict[str, Any]:
        return quiz_content(job, questions_for(job, self._questions), self.playbook, self.say)

    def _pack(self, job: str, marks: Mapping[str, str]) -> dict[str, Any]:
        asked = {one.entry.id: one for one in questions_for(job, self._questions)}
        return training_content(job, asked, marks, self.playbook, self.say)

    @cached_property
    def _marks(self) -> Mapping[str, str]:
        """What sheets carry in their codes, by the id of their entry; that of the whole under no id."""
        return {identity: editions.mark_of(self.now, identity) for identity in ("", *self.now.entries)}

    def _printed(self, identity: str) -> Printed | None:
        """Return what the main sheet of an entry says; None for one that is not printed by itself."""
        entry = self.playbook.entries[identity]
        for form in forms_of(entry)[:1]:
            return _PRINTED.validate_python({"form": form, **self.content(form, entry)})
        return None

    def all(self) -> Iterator[Sheet]:
        """Yield every sheet, the long ones last.

        Typst keeps what it did for a while and looks through it after every sheet; after the book, a short
        sheet takes a third longer.
        """
        yield from self.lineups()
        yield from self.quizzes()
        yield from self.training()
        for model in (Standard, Scenario, Customer, Checklist):
            for entry in self.playbook.of_type(model):
                yield from self.of(entry)
        for whole in (*self.credo(), self.deck(), self.sessions()):
            if whole:
                yield whole
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
            "guide": self._guide,
            "role_play": self._role_play,
            "standard": self._standard,
        }
        main = contents[forms_of(entry)[0]](entry)
        return said_in(form, {**main, "declared": printed_lines(entry, self.playbook)})

    def deck(self) -> Sheet | None:
        """Return every scenario as one document, or None when there is none."""
        scenarios = self.playbook.of_type(Scenario)
        if not scenarios:
            return None
        title = self.say("kind.scenario")
        plays = [
            {"number": self.say("paper.card.case", number=number), **self._play(one, "deck")}
            for number, one in enumerate(scenarios, 1)
        ]
        return self._whole_sheet("deck", self.say("path.scenario"), title, {"plays": plays})

    def credo(self) -> Iterator[Sheet]:
        """Yield what everybody stands for, as cards to carry and to stand on a table."""
        content, title = credo_content(self.playbook), self.playbook.settings.title
        forms: tuple[tuple[Form, int], ...] = (("credo", 2), ("tent", 1)) if content else ()
        for form, pages in forms:
            yield self._whole_sheet(form, self.say(f"paper.{form}.id"), title, content or {}, pages)

    def lineups(self, jobs: Iterable[str] | None = None) -> Iterator[Sheet]:
        """Yield the pack of each week of some jobs: else for everybody, and for the jobs that have their
        own."""
        for job in (EVERYBODY, *printed_jobs(self.playbook)) if jobs is None else jobs:
            for week in weeks_of(self.playbook, job):
                yield self._lineup(week)

    def _lineup(self, week: Week) -> Sheet:
        name = week_name(week.monday, week.job, self.say)
        address, link = self._addresses("", f"{self.say('path.week')}/", {"s": name})
        content = {
            **week_content(week, self.playbook, self.say),
            "play": self._play(week.scenario, "lineup") if week.scenario else None,
            "sign_off": self._blanks(("place",)),
        }
        title = week_title(week.monday, week.job, self.playbook, self.say)
        return Sheet("lineup", name, title, address, link, content, 3 if week.scenario else 2)

    def quizzes(self) -> Iterator[Sheet]:
        """Yield the quiz of everybody and of each job that has standards."""
        for job in jobs_of(self.playbook):
            content = self._quiz(job)
            score = {"name": "score", "label": self.say("paper.quiz.score", count=len(content["key"]))}
            blanks = [*self._blanks(("name", "place", "date")), score]
            yield self._learner_sheet("quiz", job, {**content, "sign_off": blanks})

    def training(self) -> Iterator[Sheet]:
        """Yield the pack of those who learn a job, of each that has standards."""
        for job in jobs_of(self.playbook)[1:]:
            content = self._pack(job, self._marks)
            yield self._learner_sheet("training", job, content)

    def sessions(self) -> Sheet | None:
        """Return the guides of the sessions that play the scenarios, or None when there is none."""
        plays = []
        for entry in self.playbook.of_type(Scenario):
            address, link = self._addresses(entry.id)
            guide = session_content(entry, self.playbook, self.say)
            plays.append({**guide, "title": entry.title, "address": address, "link": link})
        name, title = self.say("paper.session.id"), self.say("paper.form.session")
        return self._whole_sheet("session", name, title, {"plays": plays}, len(plays)) if plays else None

    def _learner_sheet(self, form: Form, job: str, content: dict[str, Any]) -> Sheet:
        """Return a sheet of those who learn a job; its code leads to the page of the quiz."""
        name = learner_id(job, self.say)
        address, link = self._addresses("", f"{self.say('path.quiz')}/", {"t": name})
        title = job_title(job, self.playbook, self.say)
        return Sheet(form, name, title, address, link, content, None)

    def book(self) -> Sheet:
        """Return the whole playbook as one document."""
        content = Book(self.playbook, self.say).content()
        return self._whole_sheet("book", self.say("paper.book.id"), self.playbook.settings.title, content)

    def _whole_sheet(
        self, form: Form, identity: str, title: str, content: dict[str, Any], pages: int | None = None
    ) -> Sheet:
        address, link = self._addresses("")
        return Sheet(form, identity, title, address, link, content, pages)

    def _addresses(
        self, identity: str, page: str = "", asked: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[str, str]:
        """Return the address to print and the one for the QR, which names the edition and its wording.

        They lead to the page that tells what changed, or to `page`, which is `asked` for something first.
        """
        settings, path = self.playbook.settings, page or page_path(identity)
        query = "?" + urlencode(
            {**asked, "e": settings.edition.name, "v": self._marks[identity]}, quote_via=quote
        )
        return spoken_address(settings, path), f"{settings.address}{path}{query}"

    # --- checklists ------------------------------------------------------------------------------

    def _checklist(self, entry: Checklist) -> dict[str, Any]:
        standards = self._standards_in(entry)
        return {
            "use": inline.plain(entry.use),
            "frequency": entry.frequency,
            "sections": printed_sections(entry, self.playbook),
            "reminders": [
                {"do": inline.plain(one.do[0]), "dont": inline.plain(one.dont[0])}
                for one in standards[: REMINDERS if entry.reminder else 0]
            ],
            "dated": entry.dated,
            "sign_off": self._sign_off(entry),
        }

    def _audit(self, entry: Checklist) -> dict[str, Any]:
        sections = printed_sections(entry, self.playbook)
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

    # --- standards -------------------------------------------------------------------------------

    def _standard(self, entry: Standard) -> dict[str, Any]:
        check = entry.verification
        return {
            "statement": inline.plain(entry.statement),
            "threshold": threshold_text(entry.threshold, self.say) if entry.threshold else "",
            "do": inline.plain_all(entry.do),
            "dont": inline.plain_all(entry.dont),
            "phrases": _phrases(entry.phrases),
            "verification": inline.plain_all((check.question, check.how, check.evidence)),
        }

    # --- customers, scenarios, weeks -------------------------------------------------------------

    def _guide(self, entry: Customer) -> dict[str, Any]:
        return {
            "summary": inline.plain(entry.summary),
            "signals": inline.plain_all(entry.signals),
            "needs": inline.plain_all(entry.needs),
            "approach": [{"title": step.title, "text": inline.plain(step.text)} for step in entry.approach],
            "phrases": _phrases(entry.phrases),
            "mistakes": inline.plain_all(entry.mistakes),
            "standards": [titled(self.playbook.entries[identity]) for identity in entry.standards],
        }

    def _role_play(self, entry: Scenario) -> dict[str, Any]:
        return {
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
            "debrief": inline.plain_all(entry.debrief),
            "standards": [titled(self.playbook.entries[identity]) for identity in entry.standards],
            **card_parts(entry, self.playbook, self.say),
        }

    def _play(self, entry: Scenario, form: Form) -> dict[str, Any]:
        """Return a role-play as a part of a document of another form, with the address of its own page."""
        address, link = self._addresses(entry.id)
        said = said_in(form, self.content("role_play", entry))
        return {"title": entry.title, "address": address, "link": link, **said}

    def _channel(self, entry: Scenario) -> str:
        return self.playbook.settings.channels[entry.channel].title if entry.channel else ""


def _phrases(phrases: Sequence[Phrase]) -> list[dict[str, str]]:
    return [{"say": inline.plain(one.say), "avoid": inline.plain(one.avoid)} for one in phrases]
