"""One rule: the same answers give the same per cent, band and verdict, whoever computes them."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from servicebook.language.messages import messages_in
from servicebook.paper.audit_workbook import Audit, write_audit, write_words
from servicebook.paper.workbook import HEAD_ROW
from servicebook.views.rows import Row, RowSection
from servicebook.views.scoring import Answer, Result, Rule, rule_sentences, score
from tests.office import calculate
from tests.scoring import Case, random_cases, told_cases

TOLD = list(told_cases())
RANDOM = list(random_cases())
# A sheet of a workbook takes LibreOffice a tenth of a second: `SERVICEBOOK_ANSWERS=500` computes all.
COMPUTED = int(os.environ.get("SERVICEBOOK_ANSWERS", "60"))


def outcome(result: Result) -> tuple[int | None, int | None, str]:
    return result.percent, result.band, result.verdict


def meaning_of(answer: str, rule: Rule) -> str:
    """Return what an answer is for the grade: met, failed, excluded or incomplete."""
    own = {"yes": "met", "no": "failed", "na": "excluded"}
    return {**own, "": rule.blank, "unobserved": rule.unobserved}[answer]


def by_definition(case: Case) -> tuple[int | None, int | None, str]:
    """Compute a case from the sentences of the definition, another way than the product does."""
    rule = case.rule
    found = [(row.level, meaning_of(row.answer, rule)) for row in case.rows]
    if "incomplete" in [how for _, how in found]:
        return None, None, "partial"
    possible = sum((Fraction(rule.weights[level]) for level, how in found if how != "excluded"), Fraction())
    reached = sum((Fraction(rule.weights[level]) for level, how in found if how == "met"), Fraction())
    percent = None
    if possible:
        share = Decimal((reached / possible * 100).numerator) / Decimal(
            (reached / possible * 100).denominator
        )
        percent = int(share.to_integral_value(ROUND_FLOOR))
    gate = any(how == "failed" and level in rule.gate for level, how in found)
    verdict = "gate" if gate else "graded" if possible else "empty"
    starts = [band.at_least for band in rule.bands]
    if not starts or verdict == "empty":
        return percent, None, verdict
    assert gate or percent is not None
    band = len(starts) - 1 if gate else min(i for i, start in enumerate(starts) if (percent or 0) >= start)
    return percent, band, verdict


def test_the_table_is_long_and_the_random_ones_are_of_all_sorts() -> None:
    assert len(TOLD) >= 60
    assert len(RANDOM) == 500
    verdicts = [score(case.rows, case.rule).verdict for case in RANDOM]
    assert min(verdicts.count(one) for one in ("partial", "empty", "gate", "graded")) >= 20


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case.name)
def test_python_scores_as_the_table_says(case: Case) -> None:
    assert outcome(score(case.rows, case.rule)) == case.expected
    assert by_definition(case) == case.expected


def test_python_scores_as_the_definition_says() -> None:
    for case in RANDOM:
        assert outcome(score(case.rows, case.rule)) == by_definition(case), case


SAY = messages_in("es")
WORDS = {name: SAY(f"paper.audit.{name}") for name in ("yes", "no", "na", "unobserved")} | {"": ""}


def audit_of(case: Case) -> Audit:
    """Return a case as an audit to write: its rows in one section."""
    rows = tuple(Row(one.id, one.id, one.level, case.rule.weights[one.level], None) for one in case.rows)
    return Audit(case.name, (RowSection("todo", "Todo", rows),), case.rule)


def workbook_of(cases: list[Case], answers: list[list[str]]) -> bytes:
    """Return one workbook with the two sheets of each case, as the product writes them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for i, (case, words) in enumerate(zip(cases, answers, strict=True)):
        write_audit(book, audit_of(case), ("", ""), (f"R{i}", f"P{i}"), SAY, answers=words)
    write_words(book, SAY)
    book.close()
    return out.getvalue()


def read_result(cells: list[list[str]], case: Case) -> tuple[int | None, int | None, str]:
    """Read what the result of a workbook says: the per cent, the band and the verdict."""
    verdict, percent, band = cells[2][0], cells[11][1], cells[12][1]
    kind = "graded"
    if verdict.startswith("Parcial"):
        kind = "partial"
    elif verdict.startswith(SAY("screen.verdict-gate")):
        kind = "gate"
    elif verdict == "—":
        kind = "empty"
    titles = [one.title for one in case.rule.bands]
    return (
        None if percent == "—" else int(percent),
        None if band == "—" else titles.index(band),
        kind,
    )


def test_the_workbook_scores_as_the_table_says(tmp_path: Path) -> None:
    cases = [*TOLD, *RANDOM[:COMPUTED]]
    content = workbook_of(cases, [[WORDS[row.answer] for row in case.rows] for case in cases])
    sheets = calculate({"all": content}, tmp_path)["all"]
    for i, case in enumerate(cases):
        found = outcome(score(case.rows, case.rule))
        assert read_result(sheets[f"R{i}"], case) == found, case
        failed, share = read_details(sheets[f"R{i}"], len(case.rows))
        assert failed == failures_of(case)[:20], case
        judged = "—" if found[0] is None else str(found[0])
        assert share == ("Parcial" if found[2] == "partial" else judged), case


def failures_of(case: Case) -> list[str]:
    """Return what failed: what may not fail first, then by weight, then as it stands in the list."""
    failed = [name for name in ("no", "", "unobserved") if meaning_of(name, case.rule) == "failed"]
    rows = [row for row in case.rows if row.answer in failed]
    rows.sort(key=lambda row: (row.level not in case.rule.gate, -case.rule.weights[row.level]))
    return [row.id for row in rows]


def read_details(cells: list[list[str]], size: int) -> tuple[list[str], str]:
    """Read what the result of a workbook lists as failed, and the per cent of its one section."""
    shown = min(size, 20)
    return [row[0] for row in cells[16 : 16 + shown] if row[0]], cells[18 + shown][6]


def sorted_by_hand(content: bytes, sheet: str, order: list[int]) -> bytes:
    """Return a workbook with the rows of a sheet in another order, as its reader's sort puts them.

    What stands in the columns of the filter moves, and the formulas beside them stay where they are.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = re.findall(r'<sheet name="([^"]*)"', old.read("xl/workbook.xml").decode())
        wanted = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, _resorted(data.decode(), order).encode() if name == wanted else data)
    return out.getvalue()


def _resorted(xml: str, order: list[int]) -> str:
    def cells(number: int) -> list[str]:
        (line,) = re.findall(rf'<row r="{number}"[^>]*>(.*?)</row>', xml)
        return re.findall(r"<c [^>]*?/>|<c .*?</c>", line)

    lines = {HEAD_ROW + 2 + place: cells(HEAD_ROW + 2 + other) for place, other in enumerate(order)}
    for number, moved in lines.items():
        own = cells(number)[10:]
        there = [re.sub(r'(<c r="[A-Z]+)\d+', rf"\g<1>{number}", cell) for cell in moved[:10]]
        (head,) = re.findall(rf'<row r="{number}"[^>]*>', xml)
        before, _, after = xml.partition(head)
        xml = "".join([before, head, *there, *own, "</row>", after.partition("</row>")[2]])
    return xml


def test_a_sheet_that_its_reader_sorted_comes_to_the_same(tmp_path: Path) -> None:
    rule = next(case.rule for case in TOLD if case.name.startswith("monthly"))
    levels = ("essential", "expected", "excellence", "essential", "expected", "excellence")
    answers: tuple[Answer, ...] = ("yes", "no", "no", "no", "yes", "na")
    titles = ("Llegada", "Llegada", "Llegada", "Cierre", "Cierre", "Cierre")
    rows = [Row(f"p{i}", f"p{i}", level, rule.weights[level], None) for i, level in enumerate(levels)]
    sections = tuple(
        RowSection(title, title, tuple(row for row, one in zip(rows, titles, strict=True) if one == title))
        for title in dict.fromkeys(titles)
    )
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    words = [WORDS[answer] for answer in answers]
    write_audit(book, Audit("Orden", sections, rule), ("", ""), ("R", "P"), SAY, answers=words)
    write_words(book, SAY)
    book.close()
    written = out.getvalue()
    order = [5, 0, 3, 2, 4, 1]
    told = calculate({"as_it_was": written, "sorted": sorted_by_hand(written, "P", order)}, tmp_path)
    assert [row[0] for row in told["sorted"]["P"][HEAD_ROW + 1 :]] == [f"p{i}" for i in order]
    was, is_now = (told[name]["R"] for name in ("as_it_was", "sorted"))
    assert was[8][1] == "1"  # one row that may not fail did
    assert is_now == was


ALTERED = {
    "a row that was emptied": [(r'<c r="[A-Z]+9"[^>]*?(?:/>|>.*?</c>)', "")],
    "a weight that became text": [
        (r'<c r="E9" s="(\d+)"><v>2</v></c>', r'<c r="E9" s="\1" t="inlineStr"><is><t>2</t></is></c>')
    ],
    "another weight": [(r'(<c r="E9" s="\d+"><v>)2<', r"\g<1>1<")],
    "another level": [
        (r'<c r="D8" s="(\d+)" t="s"><v>\d+</v></c>', r'<c r="D8" s="\1" t="inlineStr"><is><t>x</t></is></c>')
    ],
    "an answer in a row that nothing reads": [(r'<c r="K9"[^>]*><f>.*?</c>', "")],
    "a formula that was cleared": [
        (r'<c r="F9"[^>]*?>.*?</c>', ""),
        (r'<c r="K9"[^>]*><f>.*?</c>', '<c r="K9"/>'),
    ],
}


def test_rows_that_are_no_more_those_of_the_list_come_to_no_result(tmp_path: Path) -> None:
    """Who works with a sheet deletes rows, adds some, and has programs that make text of numbers."""
    rule = next(case.rule for case in TOLD if case.name.startswith("monthly"))
    case = Case("whole", rule, "EX+", "yny")
    content = workbook_of([case], [["Cumple", "No", "Cumple"]])
    books = {"whole": content}
    for name, edits in ALTERED.items():
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
            for part in old.namelist():
                text = old.read(part)
                for pattern, instead in edits if part == "xl/worksheets/sheet2.xml" else ():
                    changed = re.sub(pattern, instead, text.decode())
                    assert changed != text.decode(), (name, pattern)
                    text = changed.encode()
                new.writestr(part, text)
        books[name.replace(" ", "_")] = out.getvalue()
    told = {name: sheets["R0"] for name, sheets in calculate(books, tmp_path).items()}
    assert read_result(told.pop("whole"), case) == outcome(score(case.rows, rule))
    for name, cells in told.items():
        assert cells[2][0] == SAY("paper.audit.altered"), name
        assert (cells[11][1], cells[12][1]) == ("—", "—"), name
        assert [row[6] for row in cells if row[0] == "Todo"] == ["—"], name


PASTED: dict[str, str | None] = {
    **dict.fromkeys(("Sí", " si ", "SÍ", "x", "X", "✓", "Cumple", "cumple ", "\u00a0Cumple\u00a0"), "yes"),
    **dict.fromkeys(("No", "no cumple", "NO", "n"), "no"),
    **dict.fromkeys(("NA", "n/a", "N. A.", " n.a. ", "No aplica"), "na"),
    **dict.fromkeys(("N. O.", "no observado", "No visto"), "unobserved"),
    **dict.fromkeys(("", "   ", "\u00a0"), ""),
    **dict.fromkeys(("tal vez", "?", "*", "1", "cumpl", "~", "=1+1", "no sé"), None),
}


def test_what_is_pasted_counts_right_or_is_marked(tmp_path: Path) -> None:
    """One expected row beside one that is met: the word decides alone."""
    rule = next(case.rule for case in TOLD if case.name.startswith("monthly"))
    cases = [Case(word, rule, "XX", "yy") for word in PASTED]
    sheets = calculate({"all": workbook_of(cases, [["Cumple", word] for word in PASTED])}, tmp_path)["all"]
    outcomes: dict[str, tuple[int | None, int | None, str]]
    outcomes = {"yes": (100, 0, "graded"), "no": (50, 2, "graded"), "na": (100, 0, "graded")}
    outcomes |= {"unobserved": (100, 0, "graded"), "": (None, None, "partial")}
    for i, (word, meaning) in enumerate(PASTED.items()):
        cells = sheets[f"R{i}"]
        assert read_result(cells, cases[i]) == outcomes[meaning or ""], repr(word)
        assert cells[6][1] == ("1" if meaning is None else "0"), repr(word)
        codes = {"yes": "1", "no": "2", "na": "3", "unobserved": "4", "": "0", None: "9"}
        assert sheets[f"P{i}"][8][10] == codes[meaning], repr(word)


def test_a_reader_of_the_printed_rule_comes_to_the_same() -> None:
    """Somebody with the sheet in hand knows its weights, its stars and its sentences, and nothing else."""
    for case in [*TOLD, *RANDOM]:
        sentences = " ".join(rule_sentences(case.rule, SAY))
        lines = [(case.rule.weights[row.level], row.level in case.rule.gate, row.answer) for row in case.rows]
        assert read_by_hand(sentences, lines, case) == outcome(score(case.rows, case.rule)), case


def read_by_hand(
    sentences: str, lines: Sequence[tuple[int, bool, str]], case: Case
) -> tuple[int | None, int | None, str]:
    """Grade lines (weight, star, answer) by what the sentences of the sheet say."""

    def said_of(start: str) -> str:
        (words,) = re.findall(rf"{start} ([^.]*)\.", sentences)
        return next(
            meaning
            for sign, meaning in (("no cuenta", "out"), ("no cumplido", "failed"), ("", "open"))
            if sign in words
        )

    blank = "open" if "Si algo queda sin contestar" in sentences else said_of("Lo que queda sin contestar")
    meaning = {"yes": "met", "no": "failed", "na": said_of("Lo que no aplica")}
    meaning |= {"unobserved": said_of("Lo que no se observó"), "": blank}
    told = [(weight, star, meaning[answer]) for weight, star, answer in lines]
    if any(how == "open" for *_, how in told):
        return None, None, "partial"
    met = sum(weight for weight, _, how in told if how == "met")
    judged = met + sum(weight for weight, _, how in told if how == "failed")
    gate = "un solo punto" in sentences and any(star and how == "failed" for _, star, how in told)
    percent = int(str(Decimal(met) * 100 / Decimal(judged)).partition(".")[0]) if judged else None
    verdict = "gate" if gate else "empty" if percent is None else "graded"
    bands = re.findall(r"(\d+) % o más: ([^.]+)\.", sentences)
    lowest = re.findall(r"Menos de \d+ %: ([^.]+)\.", sentences)
    names = [band.title for band in case.rule.bands]
    if not names or verdict == "empty":
        return percent, None, verdict
    reached = [name for start, name in bands if not gate and percent is not None and percent >= int(start)]
    return percent, names.index([*reached, *lowest][0]), verdict
