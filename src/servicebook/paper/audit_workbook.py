"""A scored checklist as a workbook: the result first, then the rows to answer, by the rule that grades it.

The formulas say what `views/scoring.py` defines. Whatever is pasted for an answer is read by a list of words;
what none of them is keeps the audit open and is marked, so that a slip never counts as an answer. Where rows
are missing or added, or a level or a weight is another, there is no result at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from servicebook.content.model.entries import Checklist
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import Messages
from servicebook.paper.workbook import (
    HEAD_ROW,
    Looks,
    add_sheet,
    close,
    edition_line,
    formula_text,
    height,
    new_book,
    set_page,
    set_up,
    write_head,
    write_how,
    write_row,
)
from servicebook.views.rows import RowSection, rows_of
from servicebook.views.scoring import VISIT, Rule, rule_of, rule_sentences

# What an answer is in the formulas; 0 is none, and 9 one that nobody understands.
CODES = {"yes": 1, "no": 2, "na": 3, "unobserved": 4}
_UNREAD = 9
_WIDTHS = (18, 22, 48, 11, 7, 12, 24, 18, 11, 13)
# The fourth holds what is asked of the visit: «Cuántas observaciones».
_RESULT_WIDTHS = (44, 16, 16, 26, 16, 16, 16)
_COLUMNS = ("id", "section", "item", "level", "weight", "answer", "notes", "what", "who", "by")
_FAILURES = 20


def audit_workbook(entry: Checklist, playbook: Playbook, say: Messages) -> bytes:
    """Return a scored checklist as a workbook that grades itself."""
    book, out = new_book(entry.title, playbook.settings)
    audit = Audit(entry.title, rows_of(entry, playbook), rule_of(entry, playbook))
    heads = (edition_line(playbook.settings, entry.id, say), inline.plain(entry.use))
    titles = (say("results.title"), say("paper.table.item_sheet"))
    write_audit(book, audit, heads, titles, say, size=entry.page_size, colour=playbook.settings.brand.colour)
    write_words(book, say)
    return close(book, out)


@dataclass(frozen=True)
class Audit:
    """What is graded: its title, its rows by sections, and the rule."""

    title: str
    sections: tuple[RowSection, ...]
    rule: Rule


@dataclass(frozen=True)
class _Cells:
    """The rows of a stretch of the sheet of rows, or those of one section among them, as formulas name them.

    Who works with the sheet sorts it: a row's section is the one that it says, wherever it stands. `title` is
    the cell that has it.
    """

    sheet: str
    first: int
    last: int
    title: str = ""

    def __getitem__(self, column: str) -> str:
        return f"'{self.sheet}'!${column}${self.first}:${column}${self.last}"

    @property
    def altered(self) -> str:
        """The cell that is 1 where the rows are not those that were written."""
        return f"'{self.sheet}'!$K$1"

    def count(self, code: int) -> str:
        """Return the formula of how many rows have an answer."""
        if self.title:
            return f"SUMPRODUCT(({self['B']}={self.title})*({self['K']}={code}))"
        return f"COUNTIF({self['K']},{code})"

    def weight(self, code: int) -> str:
        """Return the formula of what the rows with an answer weigh."""
        if self.title:
            return f"SUMPRODUCT(({self['B']}={self.title})*({self['K']}={code})*{self['E']})"
        return f"SUMIF({self['K']},{code},{self['E']})"


def write_audit(
    book: Any,
    audit: Audit,
    heads: tuple[str, str],
    titles: tuple[str, str],
    say: Messages,
    *,
    size: str = "Letter",
    colour: str | None = None,
    answers: Sequence[str] = (),
) -> None:
    """Write an audit into a book, its result and its rows, on sheets with these `titles`; `answers` are
    filled in where there are any.
    """
    looks = Looks(book, colour)
    result, rows = (add_sheet(book, title, say) for title in titles)
    _write_result(result, audit, heads, rows.get_name(), say, looks)
    for i, width in enumerate(_RESULT_WIDTHS):
        result.set_column(i, i, width)
    set_page(result, size, _RESULT_WIDTHS)
    # The rule belongs to the sum: the two are on one sheet.
    result.fit_to_pages(1, 1)
    set_up(rows, _write_rows(rows, audit, heads, say, looks, answers), size)


def write_words(book: Any, say: Messages) -> None:
    """Write the sheet of the words that answers are read by, out of sight."""
    sheet = book.add_worksheet("_")
    for number, (word, code) in enumerate(_words(say)):
        sheet.write_string(number, 0, word)
        sheet.write_number(number, 1, code)
    sheet.hide()


def _words(say: Messages) -> list[tuple[str, int]]:
    """Return every word that is an answer, in small letters, and what it says."""
    found: dict[str, int] = {}
    for name, code in CODES.items():
        shown = (say(f"paper.audit.{name}"), say(f"screen.{name}"))
        for word in (*shown, *say(f"paper.audit.read.{name}").split(" | ")):
            found.setdefault(word.lower(), code)
    return list(found.items())


# --- the rows ----------------------------------------------------------------------------------------


def _write_rows(
    sheet: Any, audit: Audit, heads: tuple[str, str], say: Messages, looks: Looks, answers: Sequence[str]
) -> tuple[int, ...]:
    """Write the rows to answer; returns the widths of their columns."""
    sheet.write_string(0, 0, audit.title, looks.title)
    sheet.write_string(1, 0, heads[0])
    widths = write_how(sheet, f"{heads[1]} {say('paper.table.instructions')}", _WIDTHS, looks)
    write_head(sheet, [say(f"paper.table.{name}") for name in _COLUMNS], looks)
    lines = [(section.title, row) for section in audit.sections for row in section.rows]
    count = len(_words(say))
    for i, (title, row) in enumerate(lines):
        number, answer = HEAD_ROW + 1 + i, answers[i] if answers else ""
        level = say(f"level.{row.level}")
        values = (row.id, title, row.text, level, row.weight, answer, "", "", "", "")
        write_row(sheet, number, values, widths, looks)
        line = number + 1
        read = f'LOWER(TRIM(SUBSTITUTE($F{line},_xlfn.UNICHAR(160)," ")))'
        found = f"SUMPRODUCT((_!$A$1:$A${count}={read})*_!$B$1:$B${count})"
        sheet.write_formula(number, 10, f'=IF({read}="",0,IF({found}=0,{_UNREAD},{found}))', None, 0)
        # Of what the line says, as all here: what is sorted takes its own cells along, and these stay.
        is_gate = ",".join(f"$D{line}={formula_text(say(f'level.{name}'))}" for name in audit.rule.gate)
        gate = int(row.level in audit.rule.gate)
        sheet.write_formula(number, 11, f"=IF(OR({is_gate}),1,0)" if is_gate else "=0", None, gate)
        failed = " + ".join(f"(K{line}={code})" for code in _codes(audit.rule, "failed"))
        rank = f"L{line}*1000000+E{line}*10000+9999-ROW()"
        sheet.write_formula(number, 12, f"=IF({failed}>0,{rank},0)", None, 0)
    last = HEAD_ROW + 1 + len(lines)
    sheet.write_formula(0, 10, _altered(_Cells(sheet.get_name(), HEAD_ROW + 2, last), audit), None, 0)
    words = [say(f"paper.audit.{name}") for name in CODES]
    # What is pasted is told by its mark, not refused: a program may paste what nobody could choose.
    sheet.data_validation(f"F{HEAD_ROW + 2}:F{last}", {"validate": "list", "source": words})
    marked = {"type": "formula", "criteria": f"=$K{HEAD_ROW + 2}={_UNREAD}", "format": looks.unread}
    sheet.conditional_format(f"F{HEAD_ROW + 2}:F{last}", marked)
    sheet.set_column(10, 12, None, None, {"hidden": True})
    sheet.autofilter(HEAD_ROW, 0, last - 1, len(widths) - 1)
    return widths


def _altered(cells: _Cells, audit: Audit) -> str:
    """Return the formula that is 1 where the rows are no more those that were written, else 0.

    A row put between and left empty changes nothing; one with an answer that nothing reads does.
    """
    rows = [row for section in audit.sections for row in section.rows]
    gates = sum(row.level in audit.rule.gate for row in rows)
    as_written = (
        f"COUNT({cells['K']})={len(rows)}",
        f"SUM({cells['E']})={sum(row.weight for row in rows)}",
        f"SUM({cells['L']})={gates}",
        f'SUMPRODUCT(({cells["K"]}="")*({cells["F"]}<>""))=0',
    )
    return f"=IF(AND({','.join(as_written)}),0,1)"


def _codes(rule: Rule, meaning: str) -> list[int]:
    """Return the codes of the answers that mean this for the grade."""
    own = {"failed": [CODES["no"]], "excluded": [CODES["na"]], "incomplete": [_UNREAD]}[meaning]
    blank = [0] if rule.blank == meaning else []
    unobserved = [CODES["unobserved"]] if rule.unobserved == meaning else []
    return [*own, *blank, *unobserved]


# --- the result --------------------------------------------------------------------------------------


def _write_result(
    sheet: Any, audit: Audit, heads: tuple[str, str], rows: str, say: Messages, looks: Looks
) -> None:
    rule, size = audit.rule, sum(section.size for section in audit.sections)
    cells = _Cells(rows, HEAD_ROW + 2, HEAD_ROW + 1 + size)
    sheet.write_string(0, 0, audit.title, looks.title)
    sheet.write_string(1, 0, heads[0])
    first = say("screen.verdict-partial", done=0, all=size)
    sheet.write_formula(2, 0, _verdict(rule, cells, say), looks.title, first)
    figures = [
        ("paper.table.answered", f"=B6-{cells.count(0)}-B7", 0),
        ("paper.table.of", f"=ROWS({cells['K']})", size),
        ("paper.table.unread", f"={cells.count(_UNREAD)}", 0),
        ("paper.table.open", f"={_count(cells, rule, 'incomplete')}", size),
        ("paper.table.gates", f"={_gates(cells, rule)}", 0),
        ("paper.audit.reached", f"={cells.weight(CODES['yes'])}", 0),
        ("paper.audit.possible", f"=B10+{_weight(cells, rule)}", 0),
        ("paper.audit.percent", f'=IF(OR({cells.altered}=1,B8>0,B11=0),"—",INT(100*B10/B11))', "—"),
        ("paper.audit.band", _band(rule, cells), "—"),
    ]
    for i, (label, formula, value) in enumerate(figures):
        sheet.write_string(4 + i, 0, say(label), looks.label)
        sheet.write_formula(4 + i, 1, formula, looks.number, value)
    for i, field in enumerate(VISIT):
        sheet.write_string(4 + i, 3, say(f"visit.{field}"), looks.label)
        sheet.merge_range(4 + i, 4, 4 + i, 6, "", looks.cell)
    row = _write_failures(sheet, cells, 15, min(size, _FAILURES), say, looks)
    row = _write_sections(sheet, audit, rows, row + 1, say, looks)
    for sentence in rule_sentences(rule, say):
        row += 1
        sheet.write_string(row, 0, sentence)


def _verdict(rule: Rule, cells: _Cells, say: Messages) -> str:
    """Return the formula of the sentence that says how the audit came out."""
    partial = _spoken(say("screen.verdict-partial", done="{done}", all="{all}"), done="B5", all="B6")
    gate = formula_text(say("screen.verdict-gate"))
    graded = f'IF(B9>0,{gate}&" "&B13,B13)' if rule.bands else f'IF(B9>0,{gate},IF(B12="—","—",B12&" %"))'
    return f"=IF({cells.altered}=1,{formula_text(say('paper.audit.altered'))},IF(B8>0,{partial},{graded}))"


def _band(rule: Rule, cells: _Cells) -> str:
    if not rule.bands:
        return '="—"'
    *higher, lowest = rule.bands
    graded = formula_text(lowest.title)
    for band in reversed(higher):
        graded = f"IF(B12>={band.at_least},{formula_text(band.title)},{graded})"
    judged = f'IF(B9>0,{formula_text(lowest.title)},IF(B11=0,"—",{graded}))'
    return f'=IF(OR({cells.altered}=1,B8>0),"—",{judged})'


def _count(cells: _Cells, rule: Rule, meaning: str) -> str:
    return "+".join(cells.count(code) for code in _codes(rule, meaning))


def _gates(cells: _Cells, rule: Rule) -> str:
    failed = _codes(rule, "failed")
    return "+".join(f"COUNTIFS({cells['K']},{code},{cells['L']},1)" for code in failed)


def _weight(cells: _Cells, rule: Rule) -> str:
    return "+".join(cells.weight(code) for code in _codes(rule, "failed"))


def _write_failures(sheet: Any, cells: _Cells, row: int, count: int, say: Messages, looks: Looks) -> int:
    """Write what failed, what may not fail first, then by weight, with what is done about it."""
    titles = (
        say("results.failed"),
        say("paper.table.weight"),
        *(say(f"paper.table.{n}") for n in _COLUMNS[6:]),
    )
    for i, title in enumerate(titles):
        sheet.write_string(row, i, title, looks.head)
    for k in range(1, count + 1):
        place = f"MATCH(LARGE({cells['M']},{k}),{cells['M']},0)"
        for i, column in enumerate("CEGHIJ"):
            shown = f'INDEX({cells[column]},{place})&""'
            formula = f'=IF(LARGE({cells["M"]},{k})=0,"",{shown})'
            sheet.write_formula(row + k, i, formula, looks.cell, "")
    return row + count + 1


def _write_sections(sheet: Any, audit: Audit, rows: str, row: int, say: Messages, looks: Looks) -> int:
    """Write how each section came out."""
    titles = [say("results.section"), *(say(f"screen.{name}") for name in CODES), say("screen.none"), "%"]
    for i, title in enumerate(titles):
        sheet.write_string(row, i, title, looks.head)
    first = start = HEAD_ROW + 2
    last = start + sum(section.size for section in audit.sections) - 1
    titled = [section.title.casefold() for section in audit.sections]
    for section in (one for one in audit.sections if one.rows):
        row += 1
        cells = _Cells(rows, start, last, f"$A{row + 1}")
        if titled.count(section.title.casefold()) > 1:  # two of one name are told apart by where they stand
            cells = _Cells(rows, first, first + section.size - 1)
        first += section.size
        sheet.write_string(row, 0, section.title, looks.cell)
        sheet.set_row(row, height([section.title], _RESULT_WIDTHS[:1]))
        for i, code in enumerate((*CODES.values(), 0), 1):
            value = section.size if code == 0 else 0
            sheet.write_formula(row, i, f"={cells.count(code)}", looks.cell, value)
        reached = cells.weight(CODES["yes"])
        possible = f"({reached}+{_weight(cells, audit.rule)})"
        share = f'IF({possible}=0,"—",INT(100*{reached}/{possible}))'
        partial = formula_text(say("screen.partial"))
        judged = f"IF({_count(cells, audit.rule, 'incomplete')}>0,{partial},{share})"
        formula = f'=IF({cells.altered}=1,"—",{judged})'
        sheet.write_formula(row, 6, formula, looks.cell, say("screen.partial"))
    return row + 1


def _spoken(text: str, **cells: str) -> str:
    """Return a sentence of the catalogue as a formula that puts cells in the place of its values."""
    pieces = re.split(r"\{(\w+)\}", text)
    return "&".join(cells[piece] if i % 2 else formula_text(piece) for i, piece in enumerate(pieces) if piece)
