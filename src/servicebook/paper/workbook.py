"""Checklists and standards as XLSX workbooks, with answers to choose and their sum."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from servicebook.content.marked import find_marked
from servicebook.content.model.entries import Checklist, Entry, Standard
from servicebook.content.model.settings import Settings
from servicebook.content.model.types import Inline
from servicebook.content.playbook import Playbook
from servicebook.content.schema import label_key
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.sheet import page_path, spoken_address
from servicebook.views.facets import field_title, titles_of
from servicebook.views.fields import declared_fields
from servicebook.views.rows import rows_of, standard_rows
from servicebook.views.summaries import edition_said

_PAPER = {"Letter": 1, "A4": 9}  # Excel's numbers for them
HEAD_ROW = 6
_WIDTHS = (24, 34, 58, 12, 8, 14, 34)
# As many characters as a lying page holds beside each other in letters of eight points, and which part of
# their size on the screen that is, in per cent.
PRINTED_WIDTH, _PRINTED_SCALE = 184, 72
# The columns of all standards that are printed: by the others one filters.
_STANDARD_WIDTHS = (24, 30, 60, 50, 12, 8)
_LINE_HEIGHT = 15
# What Excel takes: a row as high, a column as wide, a cell as long. What is more it would cut off, or refuse.
HIGHEST, WIDEST, LONGEST = 409, 255, 32_767
_ANSWER_COLUMN = "F"


def checklist_workbook(entry: Checklist, playbook: Playbook, say: Messages) -> bytes:
    """Return a checklist as a workbook: a line a row, an answer to choose in each, and the sum above."""
    sections = rows_of(entry, playbook)
    book, out = new_book(entry.title, playbook.settings)
    looks = Looks(book, playbook.settings.brand.colour)
    sheet = add_sheet(book, say("paper.form.checklist"), say)
    answers = _answers(say)
    count = sum(len(section.rows) for section in sections)
    span = (HEAD_ROW + 2, HEAD_ROW + 1 + count)

    sheet.write_string(0, 0, entry.title, looks.title)
    sheet.write_string(1, 0, edition_line(playbook.settings, entry.id, say))
    _write_sum(sheet, count, span, say, looks)
    write_head(sheet, _columns(say), looks)
    lines = [
        (row.id, section.title, row.text, say(f"level.{row.level}"), row.weight, "", "")
        for section in sections
        for row in section.rows
    ]
    widths = write_how(sheet, f"{inline.plain(entry.use)} {say('paper.table.instructions')}", _WIDTHS, looks)
    _write_lines(sheet, lines, widths, entry.page_size, looks)
    answer = f"{_ANSWER_COLUMN}{span[0]}:{_ANSWER_COLUMN}{span[1]}"
    sheet.data_validation(answer, {"validate": "list", "source": list(answers)})
    return close(book, out)


def standards_workbook(playbook: Playbook, say: Messages) -> bytes:
    """Return every standard in force as a workbook, one of its lines a row, with filters."""
    book, out = new_book(playbook.settings.title, playbook.settings)
    looks = Looks(book, playbook.settings.brand.colour)
    sheet = add_sheet(book, say("kind.standard"), say)
    sheet.write_string(0, 0, playbook.settings.title, looks.title)
    sheet.write_string(1, 0, edition_line(playbook.settings, "", say))
    titles = [
        say(f"paper.table.{name}") for name in ("id", "standard", "statement", "item", "level", "weight")
    ]
    model = playbook.kinds["standard"]
    facets, own = _classed(model)
    facets.pop("level", None)  # each line has its own
    write_head(sheet, [*titles, *(field_title(model, name, say) for name in (*facets, *own))], looks)
    lines: list[tuple[Any, ...]] = []
    for standard in playbook.of_type(Standard):
        words = [_words(standard, name, vocabulary, playbook) for name, vocabulary in facets.items()]
        declared = {field.name: field.cell for field in declared_fields(standard, "spreadsheet", playbook)}
        for row in standard_rows(standard, playbook):
            statement, level = inline.plain(standard.statement), say(f"level.{row.level}")
            values = (row.id, standard.title, statement, row.text, level, row.weight, *words)
            lines.append((*values, *(declared.get(name, "") for name in own)))
    # Wide, since they are not printed: a row is as high as its highest cell.
    widths = widths_for((*_STANDARD_WIDTHS, *(48 for _ in (*facets, *own))), lines)
    _write_lines(sheet, lines, widths, "Letter", looks)
    if len(widths) > len(titles):
        sheet.write_string(2, 0, say("paper.table.printed", last=titles[-1]))
        sheet.print_area(0, 0, HEAD_ROW + len(lines), len(titles) - 1)
        sheet.fit_to_pages(1, 0)
    return close(book, out)


def playbook_workbook(playbook: Playbook, say: Messages) -> bytes:
    """Return every entry in force as a workbook: a sheet for each kind, an entry a row, with filters."""
    book, out = new_book(playbook.settings.title, playbook.settings)
    looks = Looks(book, playbook.settings.brand.colour)
    for kind in playbook.kinds:
        entries = playbook.of_kind(kind)
        if not entries:
            continue
        sheet = add_sheet(book, say(f"kind.{kind}"), say)
        sheet.write_string(0, 0, say(f"kind.{kind}"), looks.title)
        sheet.write_string(1, 0, edition_line(playbook.settings, "", say))
        _write_entries(sheet, entries, playbook, say, looks)
    return close(book, out)


def _write_entries(
    sheet: Any, entries: Sequence[Entry], playbook: Playbook, say: Messages, looks: Looks
) -> None:
    """Write entries of one kind, a row each: what they say by field, how they are classed, who answers."""
    model = type(entries[0])
    said = [_said(entry, playbook) for entry in entries]
    prose = [name for name in model.model_fields if any(name in texts for texts in said)]
    facets, own = _classed(model)
    titles = [say("paper.table.id"), say("label.title")]
    titles += [say(label_key(model.__name__, name, say)) for name in prose]
    titles += [field_title(model, name, say) for name in (*facets, *own)]
    lines = []
    for entry, texts in zip(entries, said, strict=True):
        declared = {field.name: field.cell for field in declared_fields(entry, "spreadsheet", playbook)}
        lines.append(
            (
                entry.id,
                entry.title,
                *("\n".join(texts.get(name, ())) for name in prose),
                *(_words(entry, name, vocabulary, playbook) for name, vocabulary in facets.items()),
                *(declared.get(name, "") for name in own),
                playbook.settings.teams[entry.owner].title,
                entry.reviewed,
            )
        )
    write_head(sheet, [*titles, say("facts.owner"), say("facts.reviewed")], looks)
    usual = (16, 32, *(50 for _ in prose), *(24 for _ in (*facets, *own)), 24, 20)
    widths = widths_for(usual, lines)
    _write_lines(sheet, lines, widths, "Letter", looks)


def _classed(model: type[Entry]) -> tuple[dict[str, str], list[str]]:
    """Return what entries of a kind are classed by, with its vocabularies, and the own fields of tables."""
    facets = {name: words for name, words in model.facets.items() if name not in model.own_fields}
    return facets, [name for name, info in model.own_fields.items() if "spreadsheet" in info.shows]


def _write_lines(
    sheet: Any, lines: Sequence[Sequence[Any]], widths: Sequence[int], page_size: str, looks: Looks
) -> None:
    """Write the lines below the head, with a filter on each column, and set what is seen and printed."""
    for number, values in enumerate(lines, HEAD_ROW + 1):
        write_row(sheet, number, values, widths, looks)
    set_up(sheet, widths, page_size)
    sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(lines), len(widths) - 1)


def _said(entry: Entry, playbook: Playbook) -> dict[str, list[str]]:
    """Return what an entry says, without any markup, by field; what is declared of it has columns apart.

    Of a checklist's sections, each is a line: its title and all its rows, those from standards too.
    """
    found: dict[str, list[str]] = {}
    for loc, text, _ in find_marked(entry, Inline):
        if str(loc[0]) not in entry.own_fields:
            found.setdefault(str(loc[0]), []).append(inline.plain(text))
    if isinstance(entry, Checklist):
        sections = rows_of(entry, playbook)
        found["sections"] = [f"{one.title}: {' · '.join(row.text for row in one.rows)}" for one in sections]
    return found


class Looks:
    """The formats that a workbook uses."""

    def __init__(self, book: Any, colour: str | None = None) -> None:
        """The heads of columns have the brand's `colour` where it has one."""
        self.title = book.add_format({"bold": True, "font_size": 16})
        # White on the brand's colour can be read: the checks see to it.
        ground = {"bg_color": colour, "font_color": "#FFFFFF"} if colour else {"bg_color": "#EEEEEE"}
        self.head = book.add_format(
            {"bold": True, **ground, "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        self.day = book.add_format(
            {"border": 1, "num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}
        )
        self.prose = book.add_format({"text_wrap": True, "valign": "top"})
        self.label = book.add_format({"bold": True})
        self.share = book.add_format({"num_format": "0 %", "bold": True, "align": "left"})
        self.number = book.add_format({"align": "left"})
        self.unread = book.add_format({"bg_color": "#F4C7C3"})


def _answers(say: Messages) -> tuple[str, ...]:
    """Return the words to choose from; the first is the one that counts."""
    return say("paper.table.done"), say("paper.table.pending")


def _write_sum(sheet: Any, count: int, span: tuple[int, int], say: Messages, looks: Looks) -> None:
    """Write the sum over the answers, each formula with the value that it has before the first answer.

    Programs that do not compute on opening, such as the preview of a phone, show that value.
    """
    answers = f"${_ANSWER_COLUMN}${span[0]}:${_ANSWER_COLUMN}${span[1]}"
    parts = [
        # A row that was deleted was not done.
        ("paper.table.of", f"=MAX({count},ROWS({answers}))", count),
        ("paper.table.progress", f"=COUNTIF({answers},{formula_text(_answers(say)[0])})", 0),
        ("paper.table.share", "=IF(D4=0,0,D5/D4)", 0),
    ]
    for i, (label, formula, value) in enumerate(parts):
        sheet.write_string(3 + i, 2, say(label), looks.label)
        sheet.write_formula(3 + i, 3, formula, looks.share if i == 2 else looks.number, value)
    sheet.write_string(3, 4, say("paper.table.unanswered"), looks.label)
    sheet.write_formula(3, 6, f"=COUNTBLANK({answers})", looks.number, count)
    # «x» for the word that counts is told, so that nobody takes the sum for what was done.
    read = "".join(f"-COUNTIF({answers},{formula_text(word)})" for word in _answers(say))
    sheet.write_string(4, 4, say("paper.table.unread"), looks.label)
    sheet.write_formula(4, 6, f"=ROWS({answers})-G4{read}", looks.number, 0)


def _columns(say: Messages) -> list[str]:
    names = ("id", "section", "item", "level", "weight", "answer", "notes")
    return [say(f"paper.table.{name}") for name in names]


def write_head(sheet: Any, titles: Iterable[str], looks: Looks) -> None:
    """Write the titles of the columns."""
    for i, title in enumerate(titles):
        sheet.write_string(HEAD_ROW, i, title, looks.head)


def write_how(sheet: Any, how: str, widths: Sequence[int], looks: Looks) -> tuple[int, ...]:
    """Write how a sheet is used, across it; returns the widths of its columns, wider for a long text."""
    how = cell_text(how)
    more = max(0, _width_for(how) - sum(widths))
    *first, last = widths
    widths = (*first, min(last + more, WIDEST))
    sheet.merge_range(2, 0, 2, len(widths) - 1, how, looks.prose)
    sheet.set_row(2, height([how], [sum(widths)]))
    return tuple(widths)


def write_row(sheet: Any, number: int, values: Sequence[Any], widths: Sequence[int], looks: Looks) -> None:
    """Write the cells of a line, as high as its texts need."""
    for i, value in enumerate(values):
        if isinstance(value, int | float):
            sheet.write_number(number, i, value, looks.cell)
        elif isinstance(value, dt.date):
            sheet.write_datetime(number, i, dt.datetime.combine(value, dt.time()), looks.day)
        elif value:
            # Written as text whatever it looks like: a line that starts with «=» is no formula.
            sheet.write_string(number, i, cell_text(value), looks.cell)
        else:
            sheet.write_blank(number, i, None, looks.cell)
    sheet.set_row(number, height([str(value) for value in values], widths))


def height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Return the height of a row whose texts wrap: not every program works it out on opening."""
    lines = max(1, *(_lines(text, width) for text, width in zip(texts, widths, strict=True)), 1)
    return min(_LINE_HEIGHT * lines, HIGHEST)


def widths_for(widths: Sequence[int], rows: Iterable[Sequence[Any]]) -> tuple[int, ...]:
    """Return the widths of columns, wider where a text would else need a row higher than there is."""
    columns = zip(*rows, strict=True)
    needed = [max(_width_for(str(value)) for value in column) for column in columns]
    wider = (max(width, need) for width, need in zip(widths, needed or widths, strict=True))
    return tuple(min(width, WIDEST) for width in wider)


def _width_for(text: str) -> int:
    """Return the width at which a text needs no row that is higher than there is."""
    # A word that would not end a line begins the next one, so some lines are not full.
    most = max(1, HIGHEST // _LINE_HEIGHT - 1 - text.count("\n"))
    return math.ceil(len(text) * 1.15 / most)


def _lines(text: str, width: int) -> int:
    return sum(max(1, math.ceil(len(line) * 1.15 / width)) for line in text.split("\n"))


def formula_text(text: str) -> str:
    """Return a text as a formula holds it; more than 255 signs in one piece are too many for Excel."""
    return (
        "&".join('"' + text[i : i + 250].replace('"', '""') + '"' for i in range(0, len(text), 250)) or '""'
    )


def cell_text(text: str) -> str:
    """Return a text as a cell holds it: one that is longer than cells are ends in dots."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def set_up(sheet: Any, widths: Sequence[int], page_size: str) -> None:
    """Set what is seen and printed: widths, the head that stays, and that is on each page."""
    for i, width in enumerate(widths):
        sheet.set_column(i, i, width)
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    set_page(sheet, page_size, widths)
    sheet.repeat_rows(HEAD_ROW)


def set_page(sheet: Any, page_size: str, widths: Sequence[int]) -> None:
    """Set the paper: lying, one page wide, with the file's name and the page at the foot.

    What would be too small to read so goes on on pages beside, which begin with the first two columns too.
    """
    sheet.set_paper(_PAPER[page_size])
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_footer("&L&F&RP. &P / &N")
    if sum(widths) <= PRINTED_WIDTH:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(_PRINTED_SCALE)
        sheet.repeat_columns(0, 1)
        sheet.print_across()


def new_book(title: str, settings: Settings) -> tuple[Any, io.BytesIO]:
    """Return a new workbook, and where its bytes go."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    created = dt.datetime.combine(settings.edition.date, dt.time())
    book.set_properties({"title": title, "author": settings.organisation, "created": created})
    return book, out


def close(book: Any, out: io.BytesIO) -> bytes:
    """Finish a workbook and return its bytes."""
    book.close()
    return out.getvalue()


def add_sheet(book: Any, title: str, say: Messages) -> Any:
    """Add a sheet to a workbook under its title; its columns go in the direction of the language."""
    name, taken = _sheet_name(title), {sheet.get_name().casefold() for sheet in book.worksheets()}
    if name.casefold() in taken:  # Excel takes two names for one that differ in case, or past the 31st sign
        name = _sheet_name(f"{len(taken) + 1} {name}")
    sheet = book.add_worksheet(name)
    if say.direction == "rtl":
        sheet.right_to_left()
    return sheet


def _sheet_name(title: str) -> str:
    """Return a title as Excel takes it for a sheet: at most 31 characters, and none of its own signs."""
    return "".join(char for char in title if char not in "[]:*?/\\'")[:31]


def edition_line(settings: Settings, identity: str, say: Messages) -> str:
    """Return whose a sheet is, of which edition, and where its page is."""
    edition = edition_said(settings.edition, say)
    return f"{settings.organisation}. {edition}. {spoken_address(settings, page_path(identity))}"


def _words(entry: Entry, field: str, vocabulary: str, playbook: Playbook) -> str:
    value = getattr(entry, field)
    words = titles_of(vocabulary, playbook)
    return ", ".join(words[word] for word in ([value] if isinstance(value, str) else value))
