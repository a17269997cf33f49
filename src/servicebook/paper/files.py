"""Everything that is printed or opened in a spreadsheet, as files: an address and its bytes.

Each file is a pure function of the playbook, so that the same content gives the same bytes, and so that a
caller may keep those of one build for the next.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from servicebook.base import processes
from servicebook.base.cache import FileCache
from servicebook.base.files import version_of
from servicebook.base.resources import PACKAGE
from servicebook.checks.glyphs import looked_through, own_fonts
from servicebook.content.model.entries import Checklist, Standard
from servicebook.content.model.settings import Settings
from servicebook.content.playbook import Playbook
from servicebook.language.messages import Messages
from servicebook.paper.earlier import EarlierSheets
from servicebook.paper.quizzes import COLUMNS, gift_text, quiz_lines
from servicebook.paper.sheet import (
    SIZES,
    Sheet,
    pdf_path,
    playbook_path,
    quiz_path,
    standards_path,
    table_path,
)
from servicebook.paper.sheets import Sheets
from servicebook.views.fields import declared_fields
from servicebook.views.lineup import EVERYBODY, jobs_of, printed_jobs
from servicebook.views.rows import Row, rows_of, standard_rows
from servicebook.views.scoring import rule_of

# What the site offers; JSON it has already, in `playbook.json`.
SITE_FORMATS = ("pdf", "xlsx", "csv", "gift")
# A process for fewer files than this takes longer to start than to make them.
_LEAST = 8
# How a formula begins, in the wide signs of East Asia too.
_OF_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_COLUMNS = ("id", "section", "item", "level", "weight", "standard")


@dataclass(frozen=True)
class File:
    """A file to make: its format, what it is of, its address from the site's root, and how to make it.

    `inputs` gives everything that the file depends on besides the engine, as text.
    """

    format: str
    id: str
    path: str
    make: Callable[[], bytes]
    inputs: Callable[[], str]


def files_of(playbook: Playbook, say: Messages) -> Iterator[File]:
    """Yield every file of a playbook, not made yet; those that take longest come first."""
    yield from _sheet_files(Sheets(playbook, say).all(), playbook, say)
    for entry in playbook.of_type(Checklist):
        text = partial(_checklist_text, entry, playbook, say)
        for form, table in _TABLES.items():
            path = table_path(entry.id, form, say)
            yield File(form, entry.id, path, partial(table, entry, playbook, say), text)
    identity, text = say("path.standard"), partial(_standards_text, playbook, say)
    for form, standards in _STANDARDS.items():
        yield File(form, identity, standards_path(form, say), partial(standards, playbook, say), text)
    yield File(
        "xlsx",
        say("paper.book.id"),
        playbook_path(say),
        partial(_playbook_xlsx, playbook, say),
        partial(_playbook_text, playbook, say),
    )
    questions = partial(_quiz_text, playbook, say)
    for form, quiz in _QUIZ.items() if playbook.of_type(Standard) else ():
        yield File(form, say("path.quiz"), quiz_path(form, say), partial(quiz, playbook, say), questions)


def other_weeks(playbook: Playbook, say: Messages) -> Iterator[File]:
    """Yield the line-ups of the jobs that the playbook prints none for: who names one gets it."""
    others = set(jobs_of(playbook)) - {EVERYBODY, *printed_jobs(playbook)}
    yield from _sheet_files(Sheets(playbook, say).lineups(sorted(others)), playbook, say)


def _sheet_files(sheets: Iterable[Sheet], playbook: Playbook, say: Messages) -> Iterator[File]:
    settings = playbook.settings
    faces = _typefaces_of(playbook)
    for sheet in sheets:
        for size in SIZES:
            path = pdf_path(sheet.form, sheet.id, size, say)
            yield _sheet_file(sheet, size, path, settings, faces, say)


def site_files(playbook: Playbook, say: Messages) -> Iterator[File]:
    """Yield every file that the site offers: today's, then the sheets of earlier editions."""
    yield from (file for file in files_of(playbook, say) if file.format in SITE_FORMATS)
    faces = _typefaces_of(playbook)
    for sheet, size, path, settings in EarlierSheets(playbook, say).all():
        yield _sheet_file(sheet, size, path, settings, faces, say)


def write_files(
    files: Iterable[File], write: Callable[[str, bytes], object], cache: FileCache | None = None
) -> int:
    """Make files on every core, hand each to `write` as soon as it is made, and return how many there were.

    With a `cache`, a file whose inputs have not changed is taken from it; what no file used is forgotten.
    """
    files, missing = list(files), []
    for file in files:
        key = _key_of(file) if cache else ""
        content = cache.get(key) if cache else None
        if content is None:
            missing.append((file, key))
        else:
            write(file.path, content)
    for i, content in _make([file for file, _ in missing]):
        file, key = missing[i]
        write(file.path, content)
        if cache:
            cache.put(key, content)
    if cache:
        cache.forget_unused()
    return len(files)


def _make(files: Sequence[File]) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the content of each file as it is made."""
    workers = processes.count_workers(len(files), least=_LEAST)
    if workers > 1 and _may_fork():
        yield from processes.gather(lambda i: files[i].make(), len(files), workers)
    else:
        # Typst lets other threads run while it sets a document.
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            yield from enumerate(pool.map(lambda file: file.make(), files))


def _may_fork() -> bool:
    from servicebook.paper import typeset

    return not typeset.has_threads()


def _key_of(file: File) -> str:
    return hashlib.sha256(f"{_engine()} {file.path} {file.inputs()}".encode()).hexdigest()


@lru_cache(maxsize=1)
def _engine() -> str:
    """Return a digest of everything that turns inputs into files: our own code and templates, and theirs."""
    found = hashlib.sha256()
    kinds = ("**/*.py", "language/locale/*/*.yml", "paper/*.typ", "paper/fonts/*")
    for path in sorted(path for kind in kinds for path in PACKAGE.glob(kind)):
        found.update(path.read_bytes())
    for package in ("typst", "segno", "xlsxwriter", "babel", "markdown-it-py"):
        found.update(version(package).encode())
    return found.hexdigest()


class _Typefaces(NamedTuple):
    """A playbook's own fonts, and what tells them and the others of their folders from what they were."""

    own: tuple[Path, ...]
    digests: tuple[str, ...]


def _typefaces_of(playbook: Playbook) -> _Typefaces:
    own = own_fonts(playbook.settings, playbook.folder)
    found = (*own, *looked_through(own))
    return _Typefaces(own, tuple(_digest_of(path, version_of(path)) for path in found))


def _sheet_file(
    sheet: Sheet, size: str, path: str, settings: Settings, faces: _Typefaces, say: Messages
) -> File:
    make = partial(_pdf, sheet, size, settings, say, faces.own)
    inputs = partial(_sheet_text, sheet, size, settings, say, faces)
    return File("pdf", sheet.id, path, make, inputs)


def _sheet_text(sheet: Sheet, size: str, settings: Settings, say: Messages, faces: _Typefaces) -> str:
    said = f"{settings.organisation} {settings.edition} {settings.brand.colour} {say.digest}"
    return f"{size} {said} {faces.digests} {sheet}"


@lru_cache(maxsize=32)
def _digest_of(path: Path, version: object) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _shared_text(playbook: Playbook, say: Messages) -> str:
    # The engine's sentences are told with its code, those of a playbook's own catalogue by nothing else.
    return f"{playbook.settings} {say.digest}"


def _checklist_text(entry: Checklist, playbook: Playbook, say: Messages) -> str:
    rule = rule_of(entry, playbook)  # whose grades are those of a metric
    return f"{entry} {_shared_text(playbook, say)} {rule} {list(_checklist_lines(entry, playbook))}"


def _standards_text(playbook: Playbook, say: Messages) -> str:
    standards = playbook.of_type(Standard)
    # A field of the playbook's own may say the titles of other entries.
    own = [one.text for standard in standards for one in declared_fields(standard, "spreadsheet", playbook)]
    return f"{_shared_text(playbook, say)} {standards} {own}"


def _playbook_text(playbook: Playbook, say: Messages) -> str:
    return f"{_shared_text(playbook, say)} {playbook.entries}"


def _quiz_text(playbook: Playbook, say: Messages) -> str:
    pillars = [standard.pillar for standard in playbook.of_type(Standard)]  # by which questions are grouped
    return f"{_shared_text(playbook, say)} {pillars} {list(quiz_lines(playbook, say))}"


def _pdf(sheet: Sheet, size: str, settings: Settings, say: Messages, own: tuple[Path, ...]) -> bytes:
    from servicebook.paper.typeset import render_pdf

    return render_pdf(sheet, size, settings, say, own)


def _checklist_xlsx(entry: Checklist, playbook: Playbook, say: Messages) -> bytes:
    from servicebook.paper.audit_workbook import audit_workbook
    from servicebook.paper.workbook import checklist_workbook

    if entry.scored:
        return audit_workbook(entry, playbook, say)
    return checklist_workbook(entry, playbook, say)


def _standards_xlsx(playbook: Playbook, say: Messages) -> bytes:
    from servicebook.paper.workbook import standards_workbook

    return standards_workbook(playbook, say)


def _playbook_xlsx(playbook: Playbook, say: Messages) -> bytes:
    from servicebook.paper.workbook import playbook_workbook

    return playbook_workbook(playbook, say)


def _checklist_csv(entry: Checklist, playbook: Playbook, say: Messages) -> bytes:
    return _csv(_checklist_lines(entry, playbook), playbook.settings, say)


def _standards_csv(playbook: Playbook, say: Messages) -> bytes:
    return _csv(_standard_lines(playbook), playbook.settings, say, _own_columns(playbook))


def _quiz_csv(playbook: Playbook, say: Messages) -> bytes:
    head = [say(f"paper.quiz.column.{name}") for name in COLUMNS]
    lines = ([line.get(name, "") for name in COLUMNS] for line in quiz_lines(playbook, say))
    return _written(head, lines, playbook.settings, say)


def _quiz_gift(playbook: Playbook, say: Messages) -> bytes:
    return gift_text(playbook, say).encode()


def _checklist_json(entry: Checklist, playbook: Playbook, say: Messages) -> bytes:
    return _json(entry.title, _checklist_lines(entry, playbook), playbook)


def _standards_json(playbook: Playbook, say: Messages) -> bytes:
    return _json(say("kind.standard"), _standard_lines(playbook), playbook)


def _checklist_lines(entry: Checklist, playbook: Playbook) -> Iterator[dict[str, Any]]:
    for section in rows_of(entry, playbook):
        for row in section.rows:
            yield _line(section.title, row)


def _standard_lines(playbook: Playbook) -> Iterator[dict[str, Any]]:
    for standard in playbook.of_type(Standard):
        for row in standard_rows(standard, playbook):
            own = {field.label: field.cell for field in declared_fields(standard, "spreadsheet", playbook)}
            yield {**_line(standard.title, row), **own}


def _own_columns(playbook: Playbook) -> list[str]:
    own = playbook.kinds["standard"].own_fields.values()
    return [info.label for info in own if "spreadsheet" in info.shows]


def _line(section: str, row: Row) -> dict[str, Any]:
    standard = row.standard.id if row.standard else None
    values = (row.id, section, row.text, row.level, row.weight, standard)
    return dict(zip(_COLUMNS, values, strict=True))


def _csv(
    lines: Iterable[dict[str, Any]], settings: Settings, say: Messages, more: Sequence[str] = ()
) -> bytes:
    head = [*(say(f"paper.table.{name}") for name in _COLUMNS), *more]
    said = ({**line, "level": say(f"level.{line['level']}")} for line in lines)
    rows = ([line.get(name, "") for name in (*_COLUMNS, *more)] for line in said)
    return _written(head, rows, settings, say)


def _written(head: Sequence[str], lines: Iterable[Sequence[Any]], settings: Settings, say: Messages) -> bytes:
    """Return lines as CSV for spreadsheets: with a mark that says UTF-8, and no cell read as a formula.

    There is no line that names the separator: Excel would then take no notice of the mark. Nor one that names
    the edition, which each line does in the last column: lines of several files may come together.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=settings.separator)
    writer.writerow([*head, say("paper.table.edition")])
    for line in lines:
        writer.writerow(_cell(value, say) for value in (*line, settings.edition.name))
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any, say: Messages) -> Any:
    """Return a cell as spreadsheets take it: a number of the language, a day, else text and never a formula.

    A formula in a CSV would run on opening.
    """
    if isinstance(value, float):
        return say.number(value, grouped=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_OF_A_FORMULA) else value


def _json(title: str, lines: Iterable[dict[str, Any]], playbook: Playbook) -> bytes:
    edition = playbook.settings.edition.model_dump(mode="json")
    data = {"title": title, "edition": edition, "rows": list(lines)}
    return (json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n").encode()


_Table = Callable[[Checklist, Playbook, Messages], bytes]
_TABLES: dict[str, _Table] = {"xlsx": _checklist_xlsx, "csv": _checklist_csv, "json": _checklist_json}
_Standards = Callable[[Playbook, Messages], bytes]
_QUIZ: dict[str, _Standards] = {"csv": _quiz_csv, "gift": _quiz_gift}
_STANDARDS: dict[str, _Standards] = {"xlsx": _standards_xlsx, "csv": _standards_csv, "json": _standards_json}
