"""A playbook as sheets of paper: which there are, what each says, and where its files are. Pure functions.

A sheet's content is plain data for its template in `paper/`; it holds words and no layout. Checklist rows
come from `views` alone, so that paper says what the page says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from servicebook.content.model.entries import (
    Checklist,
    Customer,
    Entry,
    Scenario,
    Standard,
)
from servicebook.content.model.settings import Settings
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages
from servicebook.views.lineup import EVERYBODY, jobs_of, printed_jobs, week_name
from servicebook.views.rows import rows_of

Form = Literal[
    "checklist",
    "audit",
    "pocket",
    "guide",
    "role_play",
    "standard",
    "poster",
    "deck",
    "credo",
    "tent",
    "lineup",
    "quiz",
    "training",
    "session",
    "book",
]


SIZES = ("Letter", "A4")


@dataclass(frozen=True)
class Sheet:
    """A document to print: its form, what names its file, and what it says.

    `address` is what is printed for people to type, `link` what the QR holds. `pages` is how many it should
    take, if that matters: it is set tighter rather than take more.
    """

    form: Form
    id: str
    title: str
    address: str
    link: str
    content: dict[str, Any]
    pages: int | None = 1


@dataclass(frozen=True)
class Download:
    """Files that hold the same thing: what it is, and the address of each by its size or format."""

    label: str
    files: dict[str, str]


def logo_of(playbook: Playbook) -> dict[str, Any]:
    """Return the brand's logo as a template takes it; nothing where there is none."""
    written = playbook.settings.brand.logo
    return {"logo": picture_of(written, playbook)} if written else {}


def picture_of(written: str, playbook: Playbook) -> dict[str, Any]:
    """Return a file of the media folder as a template takes a picture."""
    path = playbook.folder / written
    format_ = path.suffix.lower().lstrip(".")
    return {"bytes": list(path.read_bytes()), "format": "jpg" if format_ == "jpeg" else format_}


def page_path(identity: str = "") -> str:
    """Return the short address that paper leads to, from the site's root: `p/llamada-telefonica/`."""
    return f"p/{identity.lower()}/" if identity else "p/"


def pdf_path(form: Form, identity: str, size: str, say: Messages, edition: str = "") -> str:
    """Return the address of a sheet's PDF in a paper size: `hojas/listas/apertura-a4.pdf`.

    That of an earlier `edition` stands apart: `hojas/ediciones/2026.1/listas/apertura-a4.pdf`.
    """
    folder, suffix = say(f"paper.folder.{form}"), say(f"paper.size.{size}.file")
    top = f"{earlier_folder(say)}{edition}" if edition else say("path.paper")
    return f"{top}/{folder}/{identity.lower()}-{suffix}.pdf"


def earlier_folder(say: Messages) -> str:
    """Return the address of the folder of the sheets of earlier editions: `hojas/ediciones/`."""
    return f"{say('path.paper')}/{say('paper.folder.earlier')}/"


def table_path(identity: str, suffix: str, say: Messages) -> str:
    """Return the address of a table (`xlsx`, `csv`, `json`): `hojas/listas/apertura.xlsx`."""
    return f"{say('path.paper')}/{say('paper.folder.checklist')}/{identity.lower()}.{suffix}"


def standards_path(suffix: str, say: Messages) -> str:
    """Return the address of the table of all standards: `hojas/estandares.xlsx`."""
    return f"{say('path.paper')}/{say('path.standard')}.{suffix}"


def playbook_path(say: Messages) -> str:
    """Return the address of the workbook of all entries: `hojas/completo/manual.xlsx`."""
    return f"{say('path.paper')}/{say('paper.folder.book')}/{say('paper.book.id').lower()}.xlsx"


def forms_of(entry: Entry) -> tuple[Form, ...]:
    """Return the forms in which an entry is printed by itself, the main one first."""
    if entry.status != "active":
        return ()
    match entry:
        case Checklist():
            # What is graded needs its weights and answers: neither plain boxes nor a card for the pocket.
            return ("audit",) if entry.scored else ("checklist", "pocket")
        case Customer():
            return ("guide",)
        case Scenario():
            return ("role_play",)
        case Standard():
            return ("standard", "poster")
        case _:
            return ()


def said_in(form: Form, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form says of what its entry's main sheet says: all, or what it has room for."""
    match form:
        case "pocket":
            return {name: content[name] for name in ("sections", "declared")}
        case "poster":
            return {"statement": content["statement"], **{name: content[name][:1] for name in ("do", "dont")}}
        case "lineup":
            return {
                name: said for name, said in content.items() if name not in ("level", "minutes", "rubric")
            }
        case _:
            return dict(content)


def code_address(entry: Entry, settings: Settings) -> str:
    """Return where the code of a page leads that is printed from the browser; nothing for one without sheets.

    It names the edition alone: what the page says beside its sheets has no mark.
    """
    if not forms_of(entry):
        return ""
    return f"{settings.address}{page_path(entry.id)}?e={quote(settings.edition.name)}"


def downloads_of(entry: Entry, say: Messages) -> list[Download]:
    """Return the files of an entry, the main one first; none for a kind that is not printed by itself."""
    first = entry.page_size if isinstance(entry, Checklist) else SIZES[0]
    found = [_printed(form, entry.id, say, first) for form in forms_of(entry)]
    if isinstance(entry, Checklist) and found:
        tables = {suffix: table_path(entry.id, suffix, say) for suffix in ("xlsx", "csv")}
        found.append(Download(say("paper.form.table"), tables))
    return found


def whole_downloads(playbook: Playbook, say: Messages) -> list[Download]:
    """Return the files that hold the whole playbook, or all of one kind."""
    tables = {suffix: standards_path(suffix, say) for suffix in ("xlsx", "csv")}
    return [
        _printed("book", say("paper.book.id"), say),
        Download(say("downloads.entries"), {"xlsx": playbook_path(say)}),
        Download(say("downloads.standards"), tables),
    ]


def deck_downloads(playbook: Playbook, say: Messages) -> list[Download]:
    """Return the cards of every scenario, in one file of each size."""
    return [_printed("deck", say("path.scenario"), say)] if playbook.of_type(Scenario) else []


def credo_downloads(playbook: Playbook, say: Messages) -> list[Download]:
    """Return what is carried and what stands on a table."""
    if not playbook.settings.principles:
        return []
    return [_printed(form, say(f"paper.{form}.id"), say) for form in ("credo", "tent")]


def week_downloads(monday: dt.date, playbook: Playbook, say: Messages) -> list[Download]:
    """Return the files of a week's line-up: everybody's, and those of the jobs that have their own."""
    found = [_printed("lineup", week_name(monday, EVERYBODY, say), say)]
    for job in printed_jobs(playbook):
        files = _printed("lineup", week_name(monday, job, say), say).files
        found.append(Download(playbook.settings.roles[job].title, files))
    return found


def quiz_downloads(playbook: Playbook, say: Messages) -> list[Download]:
    """Return the files of the quiz: of each job and of everybody on paper, and all questions to import."""
    found = [
        Download(job_title(job, playbook, say), _printed("quiz", learner_id(job, say), say).files)
        for job in jobs_of(playbook)
    ]
    tables = {form: quiz_path(form, say) for form in ("csv", "gift")}
    return [*found, Download(say("quiz.table"), tables)]


def training_downloads(playbook: Playbook, say: Messages) -> list[Download]:
    """Return the files of those who train: the pack of each job, and the guides of sessions."""
    found = [*pack_downloads(playbook, say).values()]
    return (
        [*found, _printed("session", say("paper.session.id"), say)] if playbook.of_type(Scenario) else found
    )


def pack_downloads(playbook: Playbook, say: Messages) -> dict[str, Download]:
    """Return the pack of those who learn a job, by the job."""
    return {
        job: Download(job_title(job, playbook, say), _printed("training", learner_id(job, say), say).files)
        for job in jobs_of(playbook)[1:]
    }


def quiz_path(form: str, say: Messages) -> str:
    """Return the address of the questions as a file, such as `hojas/cuestionario-gift.txt`."""
    end = "-gift.txt" if form == "gift" else f".{form}"
    return f"{say('path.paper')}/{say('path.quiz')}{end}"


def job_title(job: str, playbook: Playbook, say: Messages) -> str:
    """Return what a job is called, or everybody."""
    return playbook.settings.roles[job].title if job else say("quiz.everybody")


def learner_id(job: str, say: Messages) -> str:
    """Return what names the sheets of those who learn a job, and of everybody: `ventas`, `todos`."""
    return job or say("paper.quiz.everybody")


def _printed(form: Form, identity: str, say: Messages, first: str = SIZES[0]) -> Download:
    sizes = sorted(SIZES, key=lambda size: size != first)
    files = {size: pdf_path(form, identity, size, say) for size in sizes}
    return Download(say(f"paper.form.{form}"), files)


def printed_sections(entry: Checklist, playbook: Playbook) -> list[dict[str, Any]]:
    """Return the sections as they are printed: beside a line the id of its standard, which has a page."""
    return [
        {
            "title": section.title,
            "rows": [
                {
                    "id": row.standard.id if row.standard else "",
                    "text": row.text,
                    "weight": row.weight,
                    "gate": row.gate,
                }
                for row in section.rows
            ],
        }
        for section in rows_of(entry, playbook)
        if section.rows
    ]


def spoken_address(settings: Settings, path: str) -> str:
    """Return an address as it is printed and typed: without the scheme, which browsers add."""
    parts = urlsplit(settings.address + path)
    return f"{parts.netloc}{parts.path}"
