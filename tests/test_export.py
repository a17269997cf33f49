"""Tables and workbooks, the command that makes them, and the editions that paper is compared with."""

from __future__ import annotations

import csv
import datetime as dt
import gc
import io
import json
import multiprocessing
import os
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from servicebook.base import processes
from servicebook.base.cache import FileCache
from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.content.load import load_content
from servicebook.content.model.entries import Checklist, Customer, Scenario, Standard
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import messages_in
from servicebook.paper import typeset
from servicebook.paper.audit_workbook import audit_workbook
from servicebook.paper.audits_workbook import audits_workbook
from servicebook.paper.earlier import freeze_printed
from servicebook.paper.files import SITE_FORMATS, File, files_of, write_files
from servicebook.paper.quizzes import COLUMNS as QUIZ_COLUMNS
from servicebook.paper.sheet import SIZES, downloads_of, playbook_path, standards_path
from servicebook.paper.sheets import Sheets
from servicebook.site.site import Site, read_playbook
from servicebook.views import editions
from servicebook.views.addresses import entry_path
from servicebook.views.audits import summarise
from servicebook.views.lineup import WEEKS
from servicebook.views.scoring import VISIT
from tests.conftest import ROOT, MakeProject, Serve, unprinted
from tests.office import calculate
from tests.printed import read_pdf

SAY = messages_in("es")
SCORED = """id: apertura
title: Apertura
owner: servicio
reviewed: 2026-11-01
use: Antes de abrir.
roles: [mostrador]
frequency: Diario
scored: true
sections:
  - id: todo
    title: Antes de abrir
    take: [EXT-01]
    items:
      - id: luz
        text: Encendí la luz.
      - id: flores
        text: "=Puse flores."
        level: excellence
"""


def read(project: Path) -> Playbook:
    return read_playbook(project, dt.date(2026, 11, 22))[0]


def file_of(project: Path, form: str, identity: str) -> File:
    files = files_of(read(project), SAY)
    return next(file for file in files if file.format == form and file.id == identity)


def sheet_xml(workbook: bytes, sheet: int = 1) -> str:
    return zipfile.ZipFile(io.BytesIO(workbook)).read(f"xl/worksheets/sheet{sheet}.xml").decode()


def figures_of(cells: list[list[str]]) -> dict[str, str]:
    """Return what the result of an audit's workbook shows: each figure by its name, and the verdict."""
    return {"": cells[2][0], **{row[0]: row[1] for row in cells[4:13]}}


def sums_of(cells: list[list[str]]) -> dict[str, str]:
    """Return what a checklist's workbook shows above its head: each sum by its name."""
    return {row[2]: row[3].replace("\xa0", " ").replace(" ", "") for row in cells[:6] if row[2]}


def tick(workbook: bytes, answers: dict[str, str], sheet: int = 1) -> bytes:
    """Return the workbook with an answer in each cell named, as a program that edits it writes them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == f"xl/worksheets/sheet{sheet}.xml":
                text = content.decode()
                for cell, answer in answers.items():
                    filled = rf'<c r="{cell}" s="\1" t="inlineStr"><is><t>{answer}</t></is></c>'
                    text, count = re.subn(rf'<c r="{cell}" s="(\d+)"/>', filled, text)
                    assert count == 1, cell
                content = text.encode()
            target.writestr(name, content)
    return out.getvalue()


def test_the_score_is_right_after_ticking(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project({"playbook/checklists/apertura.yml": SCORED})
    workbook = file_of(project, "xlsx", "apertura").make()
    # Weights 3, 2 and 1: met, not met, and one that does not apply.
    answered = tick(workbook, {"F8": "Cumple", "F9": "No", "F10": "N. A."}, 2)
    cells = calculate({"scored": answered}, tmp_path / "scored")["scored"]
    shown = figures_of(cells["Resultado"])
    assert (shown["Puntos posibles"], shown["Puntos logrados"], shown["Por ciento"]) == ("5", "3", "60")
    assert shown[""] == "60 %"
    texts = [row[2] for row in cells["Renglones"][7:]]
    assert texts == ["Saludé a quien llegó.", "Encendí la luz.", "=Puse flores."]


def test_an_answer_that_does_not_count_is_told(make_project: MakeProject, tmp_path: Path) -> None:
    """The words are a playbook's own, and never become a part of a formula."""
    project = make_project({"playbook/checklists/apertura.yml": SCORED.replace("scored: true\n", "")})
    settings = project / "playbook/playbook.yml"
    own = "words:\n  paper.table.done: 'Hecho\"&A1&\"'\n"
    settings.write_text(settings.read_text("utf-8") + own, "utf-8")
    answers = {"F8": "Hecho&quot;&amp;A1&amp;&quot;", "F9": "x", "F10": "Pendiente"}
    playbook = read(project)
    (made,) = (
        one for one in files_of(playbook, playbook.say) if (one.format, one.id) == ("xlsx", "apertura")
    )
    workbook = tick(made.make(), answers)
    cells = next(iter(calculate({"list": workbook}, tmp_path / "list")["list"].values()))
    assert sums_of(cells)["Hechos"] == "1"
    assert [row[4:7:2] for row in cells[3:5]] == [
        [SAY("paper.table.unanswered"), "0"],
        [SAY("paper.table.unread"), "1"],
    ]


def test_every_workbook_opens_and_counts_what_was_ticked(tmp_path: Path) -> None:
    playbook = read(ROOT)
    files = [file for file in files_of(playbook, SAY) if file.format == "xlsx"]
    lines = {
        file.id: json.loads(file.make())["rows"] for file in files_of(playbook, SAY) if file.format == "json"
    }
    scored = {entry.id: entry.scored for entry in playbook.of_type(Checklist)}
    assert set(scored.values()) == {True, False}
    ticked = {}
    for file in files:
        answers = {}
        if file.id in scored:
            words = ("Cumple", "No", "N. A.") if scored[file.id] else ("Hecho", "Pendiente")
            # The last line stays without an answer.
            answers = {f"F{8 + i}": words[i % len(words)] for i in range(len(lines[file.id]) - 1)}
        ticked[file.id] = tick(file.make(), answers, 2 if scored.get(file.id) else 1)
    opened = calculate(ticked, tmp_path / "all")
    for identity, sheets in opened.items():
        cells = sheets["Renglones"] if scored.get(identity) else next(iter(sheets.values()))
        if identity == SAY("paper.book.id"):
            kept = {name: [row[0] for row in sheet[7:] if row[0]] for name, sheet in sheets.items()}
            kinds = [kind for kind in playbook.kinds if playbook.of_kind(kind)]
            assert kept == {SAY(f"kind.{kind}"): [one.id for one in playbook.of_kind(kind)] for kind in kinds}
            continue
        rows = [row for row in cells[7:] if row[0]]
        assert [row[0] for row in rows] == [line["id"] for line in lines[identity]], identity
        texts = [row[2 if identity in scored else 3] for row in rows]
        assert texts == [line["item"] for line in lines[identity]], identity
        if scored.get(identity):
            count = len(lines[identity])
            figures = figures_of(sheets["Resultado"])
            assert figures[""] == f"Parcial: {count - 1} de {count}"
            assert figures["Falta"] == "1"
        elif identity in scored:
            assert sums_of(cells) == expected_sums(lines[identity]), identity
            assert cells[3][6] == "1", identity


def expected_sums(lines: list[dict[str, Any]]) -> dict[str, str]:
    """Return what is to be shown when the answers take turns and the last line has none."""
    done = len(range(0, len(lines) - 1, 2))
    counts = {"Renglones": str(len(lines)), "Hechos": str(done)}
    return {**counts, "Avance": f"{round(done / len(lines) * 100)}%"}


def test_a_workbook_can_be_filled_in_and_printed(make_project: MakeProject) -> None:
    project = make_project({"playbook/checklists/apertura.yml": SCORED})
    xml = sheet_xml(file_of(project, "xlsx", "apertura").make(), 2)
    assert '<formula1>"Cumple,No,N. A.,N. O."</formula1>' in xml
    assert 'sqref="F8:F10"' in xml
    assert 'state="frozen"' in xml
    assert 'fitToHeight="0"' in xml
    assert "<f>Puse" not in xml


def test_what_a_workbook_prints_can_be_read(make_project: MakeProject) -> None:
    """Letters of eight points at least: what is wider than a lying page holds of them goes on beside."""
    project = make_project({"playbook/checklists/otra.yml": SCORED.replace("apertura", "otra")})
    found = set[tuple[str, str]]()
    for file in (file for file in files_of(read(project), SAY) if file.format == "xlsx"):
        book = file.make()
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            whole = parts.read("xl/workbook.xml").decode()
        named = re.findall(r'name="_xlnm.(\w+)" localSheetId="(\d+)"[^>]*>([^<]+)<', whole)
        for number, sheet in enumerate(re.findall(r"<sheet [^>]+>", whole)):
            if "hidden" in sheet:
                continue
            xml = sheet_xml(book, number + 1)
            own = {name: place for name, of, place in named if int(of) == number}
            last = ord(own["Print_Area"].rpartition("$")[0][-1]) - ord("A") + 1 if "Print_Area" in own else 99
            columns = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', xml)
            wide = sum(float(size) for start, _, size in columns if int(start) <= last)
            if "fitToPage" in xml:
                assert wide < 200, f"{file.path} {number}"
                found.add((Path(file.path).name, "fitted"))
            else:
                assert re.search(r'<pageSetup [^>]*scale="72"', xml), f"{file.path} {number}"
                assert re.search(r"\$A:\$B,[^,]+\$7:\$7", own["Print_Titles"]), f"{file.path} {number}"
                found.add((Path(file.path).name, "beside"))
    fitted = {(name, "fitted") for name in ("estandares.xlsx", "apertura.xlsx", "otra.xlsx")}
    assert fitted | {("manual.xlsx", "beside")} <= found
    assert ("estandares.xlsx", "beside") not in found


def test_the_result_of_an_audit_is_one_sheet_and_hides_no_words(make_project: MakeProject) -> None:
    long = "Quien dirige. Observa un arranque y pregunta a dos personas"
    titled = SCORED.replace("    title: Antes de abrir", f"    title: {long}")
    assert titled != SCORED
    project = make_project({"playbook/checklists/apertura.yml": titled})
    xml = sheet_xml(file_of(project, "xlsx", "apertura").make(), 1)
    assert re.search(r'<pageSetup paperSize="1"[^>]*orientation="landscape"', xml)
    assert "fitToHeight" not in xml, "the rule goes on on another sheet than the sum"
    (asked,) = re.findall(r'<col min="4" max="4" width="([\d.]+)"', xml)
    assert float(asked) > max(len(SAY(f"visit.{name}")) for name in VISIT)
    assert 'ht="30"' in xml, "the title of a section covers the one below"


def test_a_workbook_is_the_same_bytes_each_time(make_project: MakeProject) -> None:
    project = make_project({})
    for identity in ("apertura", "estandares"):
        assert file_of(project, "xlsx", identity).make() == file_of(project, "xlsx", identity).make()


def test_the_workbook_of_standards_has_every_line_of_every_standard() -> None:
    playbook = read(ROOT)
    file = next(file for file in files_of(playbook, SAY) if file.path == standards_path("xlsx", SAY))
    xml = sheet_xml(file.make())
    count = sum(len(standard.items) for standard in playbook.of_type(Standard))
    assert count > 100
    # The title, the edition, what is printed, the head, and a row for each line.
    assert len(re.findall(r"<row ", xml)) == count + 4


def test_the_workbook_of_everything_has_a_sheet_for_each_kind_and_a_row_for_each_entry() -> None:
    playbook = read(ROOT)
    content = next(file for file in files_of(playbook, SAY) if file.path == playbook_path(SAY)).make()
    sheets = sheets_in(content)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts = unescape(book.read("xl/sharedStrings.xml").decode())
    kinds = [kind for kind in playbook.kinds if playbook.of_kind(kind)]
    assert sheets == [SAY(f"kind.{kind}") for kind in kinds]
    for number, kind in enumerate(kinds, 1):
        xml = sheet_xml(content, number)
        rows = re.findall(r"<row .*?</row>", xml, re.DOTALL)
        # The title, the edition, the head, and a row for each entry; each column has a filter.
        assert len(rows) == len(playbook.of_kind(kind)) + 3
        last = re.findall(r'<c r="([A-Z]+)\d+"', rows[2])[-1]
        assert f'<autoFilter ref="A7:{last}{len(playbook.of_kind(kind)) + 7}"/>' in xml
    for entry in playbook.of_type(Standard):
        assert inline.plain(entry.statement) in texts
        assert inline.plain(entry.verification.question) in texts


def test_kinds_that_differ_in_case_alone_have_sheets_of_their_own(make_project: MakeProject) -> None:
    project = make_project({})
    settings = project / "playbook/playbook.yml"
    words = "words: {kind.checklist: ESTÁNDARES}\n"
    settings.write_text(settings.read_text("utf-8") + words, "utf-8")
    playbook = Playbook(load_content(project / "playbook")[0])
    path = playbook_path(playbook.say)
    content = next(file for file in files_of(playbook, playbook.say) if file.path == path).make()
    assert {"Estándares", "4 ESTÁNDARES"} <= {*sheets_in(content)}


def sheets_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return re.findall(r'sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())


def test_sheets_that_a_playbook_calls_alike_in_its_own_words_are_told_apart(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project({"playbook/checklists/apertura.yml": SCORED})
    playbook = read(project)
    say = SAY.with_words({"results.title": "Hoja", "paper.table.item_sheet": "HOJA", "trends.visits": "Hoja"})
    checklist = playbook.entries["apertura"]
    assert isinstance(checklist, Checklist)
    content = audit_workbook(checklist, playbook, say)
    assert sheets_in(content) == ["Hoja", "2 HOJA", "_"]
    # What is computed on the first sheet is that of the second, under the name that it has.
    assert calculate({"a": content}, tmp_path / "office")["a"]["Hoja"][5][1] == "3"
    say = say.with_words({"trends.sections": "hoja"})
    summary = summarise([], dt.date(2026, 11, 26))
    assert sheets_in(audits_workbook(summary, dt.date(2026, 11, 26), say)) == ["Hoja", "2 hoja", "_"]


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20")
def test_a_csv_opens_as_text_and_never_as_a_formula(make_project: MakeProject, sign: str) -> None:
    project = make_project({"playbook/checklists/apertura.yml": SCORED.replace('"=', f'"{sign}')})
    content = file_of(project, "csv", "apertura").make()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:3] == ["EXT-01.saludo", "Antes de abrir", "Saludé a quien llegó."]
    assert rows[3][2] == f"'{sign}Puse flores."


@pytest.mark.parametrize(
    ("language", "setting", "separator"),
    [("es", "", ";"), ("pt", "", ";"), ("en", "", ","), ("es", ",", ","), ("en", ";", ";")],
)
def test_columns_of_a_csv_are_apart_for_the_spreadsheets_of_its_language(
    make_project: MakeProject, language: str, setting: str, separator: str
) -> None:
    project = make_project({})
    settings = project / "playbook/playbook.yml"
    text = settings.read_text("utf-8").replace("language: es", f"language: {language}")
    settings.write_text(f"{text}spreadsheet: {{separator: '{setting}'}}\n" if setting else text, "utf-8")
    entry = project / "playbook/checklists/apertura.yml"
    entry.write_text(
        entry.read_text("utf-8").replace("Encendí la luz.", "Encendí la luz; después, la radio.")
    )
    playbook = Playbook(load_content(project / "playbook")[0])
    for table in (file for file in files_of(playbook, SAY) if file.format == "csv"):
        rows = list(csv.reader(io.StringIO(table.make().decode("utf-8-sig")), delimiter=separator))
        columns = len(QUIZ_COLUMNS) if table.id == SAY("path.quiz") else 6
        # The last says of which edition the line is.
        assert {len(row) for row in rows} == {columns + 1}, table.path
        assert {row[-1] for row in rows[1:]} == {playbook.settings.edition.name}, table.path
    assert settings.read_text("utf-8").count("spreadsheet") == bool(setting)


def test_every_column_of_the_standards_can_be_filtered(make_project: MakeProject) -> None:
    for project in (ROOT, make_project({})):
        xml = sheet_xml(file_of(project, "xlsx", SAY("path.standard")).make())
        (last,) = re.findall(r'<autoFilter ref="A7:([A-Z]+)\d+"', xml)
        assert last == re.findall(r'<c r="([A-Z]+)7"', xml)[-1]
        assert last > "F"


def test_a_separator_that_there_is_not_is_told_with_its_line(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    settings = project / "playbook/playbook.yml"
    settings.write_text(settings.read_text("utf-8") + "spreadsheet:\n  separator: tab\n", "utf-8")
    assert run(["check", str(project)]) == 1
    assert re.search(r"playbook\.yml:\d+:14: error", capsys.readouterr().out)


@pytest.mark.parametrize("scored", [False, True], ids=["ticked", "graded"])
@pytest.mark.parametrize("times", [1, 60, 100, 800])
def test_no_row_is_higher_than_spreadsheets_have_and_none_hides_its_text(
    make_project: MakeProject, scored: bool, times: int
) -> None:
    project = make_project({"playbook/checklists/apertura.yml": SCORED} if scored else {})
    long = "Saludas a quien llega antes de que tenga que buscarte " * times
    for file, field in (("standards/EXT-01.yml", "statement: "), ("checklists/apertura.yml", "use: ")):
        entry = project / "playbook" / file
        entry.write_text(entry.read_text("utf-8").replace(field, f"{field}{long}", 1), "utf-8")
    for book in (table.make() for table in files_of(read(project), SAY) if table.format == "xlsx"):
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
            texts = re.findall(r"<si>.*?</si>", parts.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        places = [f"<v>{place}</v>" for place, text in enumerate(texts) if long[:30_000].strip() in text]
        holding = 0
        for number, _ in enumerate(sheets, 1):
            xml = sheet_xml(book, number)
            holds = any(place in xml for place in places)
            holding += holds
            heights = [float(found) for found in re.findall(r' ht="([\d.]+)"', xml)]
            widths = [float(found) for found in re.findall(r'<col [^>]*width="([\d.]+)"', xml)]
            assert max(heights, default=0) <= 409.5
            assert max(widths, default=0) <= 256
            if heights and holds and times <= 100:
                # The longest text is seen whole.
                assert any(height / 15 * sum(widths) > len(long) for height in heights)
        assert holding


def test_every_format_has_the_same_lines(make_project: MakeProject) -> None:
    project = make_project({"playbook/checklists/apertura.yml": SCORED})
    data = json.loads(file_of(project, "json", "apertura").make())
    text = file_of(project, "csv", "apertura").make().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["id"] for row in data["rows"]] == [row["Clave"] for row in rows]
    assert data["edition"] == {"name": "1", "date": "2026-11-22"}


@pytest.mark.parametrize(("language", "number"), [("es", "1234.5"), ("en", "1234.5"), ("pt", "1234,5")])
def test_spreadsheets_hold_numbers_days_and_lists_as_such(
    make_project: MakeProject, language: str, number: str
) -> None:
    project = make_project({})
    settings, entry = project / "playbook/playbook.yml", project / "playbook/standards/EXT-01.yml"
    own = "{type: %s, label: %s, shows: [spreadsheet]}"
    fields = {name: own % (name, name.title()) for name in ("number", "date", "list")}
    theme = project / "mkdocs.yml"
    theme.write_text(theme.read_text("utf-8").replace("language: es", f"language: {language}"), "utf-8")
    declared = ", ".join(f"{name}: {field}" for name, field in fields.items())
    text = settings.read_text("utf-8").replace("language: es", f"language: {language}")
    settings.write_text(f"{text}fields: {{standard: {{{declared}}}}}\n", "utf-8")
    said = "number: 1234.5\ndate: 2026-01-31\nlist: [Uno., Dos.]\n"
    entry.write_text(entry.read_text("utf-8") + said, "utf-8")
    playbook = read(project)
    files = {f"{file.path}": file for file in files_of(playbook, playbook.say)}
    books = [file.make() for path, file in files.items() if path.endswith(".xlsx") and "EXT-01" not in path]
    holding = [book for book in books if "<v>1234.5</v>" in sheet_xml(book, 1)]
    assert len(holding) == 2, "the standards' workbook and the whole playbook's"
    for book in holding:
        assert "<v>46053</v>" in sheet_xml(book, 1), "a day is the number that spreadsheets count it by"
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert "Uno.\nDos." in parts.read("xl/sharedStrings.xml").decode()
    name = playbook.say("path.standard")
    table, data = (
        next(f for f in files.values() if f.id == name and f.format == form) for form in ("csv", "json")
    )
    lines = io.StringIO(table.make().decode("utf-8-sig"))
    row = next(csv.DictReader(lines, delimiter=playbook.settings.separator))
    assert (row["Number"], row["Date"], row["List"]) == (number, "2026-01-31", "Uno.\nDos.")
    (first, *_) = json.loads(data.make())["rows"]
    assert (first["Number"], first["Date"]) == (1234.5, "2026-01-31")


def test_the_workbook_of_everything_says_all_rows_of_a_checklist(make_project: MakeProject) -> None:
    playbook = read(make_project({}))
    (book,) = (
        file.make() for file in files_of(playbook, playbook.say) if file.path == playbook_path(playbook.say)
    )
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        said = parts.read("xl/sharedStrings.xml").decode()
    assert "Antes de abrir: Saludé a quien llegó. · Encendí la luz." in said


# --- the command -------------------------------------------------------------------------------------


def test_export_writes_the_entries_named(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(make_project({}))
    out = tmp_path / "out"
    assert run(["export", "--project", project, "--format", "pdf", "--out", str(out), "apertura", "vip"]) == 0
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.pdf"))
    assert names == [
        "hojas/guias/vip-a4.pdf",
        "hojas/guias/vip-carta.pdf",
        "hojas/listas/apertura-a4.pdf",
        "hojas/listas/apertura-carta.pdf",
        "hojas/tarjetas/apertura-a4.pdf",
        "hojas/tarjetas/apertura-carta.pdf",
    ]
    assert "6 archivos" in capsys.readouterr().out


def test_export_replaces_what_it_made_and_nothing_else(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, out = make_project({}), tmp_path / "out"
    order = ["export", "--project", str(project), "--format", "csv", "--out", str(out)]
    assert run([*order, "apertura"]) == 0
    (table,) = out.rglob("*.csv")
    title = project / "playbook/checklists/apertura.yml"
    title.write_text(title.read_text("utf-8").replace("Lista", "Listas", 1), "utf-8")
    assert run(order) == 0
    # What somebody filled in is theirs, as is what stood there before.
    table.write_bytes(table.read_bytes() + "sí;vale\r\n".encode())
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    capsys.readouterr()
    for options in (order, [*order, "apertura"]):
        assert run(options) == 2
        assert f"«{table}» no lo escribió esta orden" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    table.unlink()
    assert run(order) == 0


def test_export_of_a_standard_needs_its_id_alone(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    project = make_project({})
    greeting = project / "playbook/standards/EXT-01.yml"
    greeting.write_text(greeting.read_text("utf-8") + "former_ids: [EXT-08]\n", "utf-8")
    order = ["export", "--project", str(project), "--out", str(out)]
    assert run([*order, "EXT-01"]) == 0
    assert "4 archivos" in capsys.readouterr().out
    for folder in ("estandares", "carteles"):
        for size in ("a4", "carta"):
            path = out / f"hojas/{folder}/ext-01-{size}.pdf"
            assert len(read_pdf(path.read_bytes()).pages) == 1
            path.unlink()
    for wrong, said in (("EXT-1", True), ("EXT-08", True), ("EXT-10", False)):
        assert run([*order, "EXT-01", wrong]) == 2
        assert ("«EXT-01»" in capsys.readouterr().err) is said
    assert not [*out.rglob("*.pdf")]


def test_export_tells_of_a_name_without_a_file(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(make_project({}))
    assert run(["export", "--project", project, "--format", "xlsx", "--out", str(tmp_path), "apretura"]) == 2
    assert "«apertura»" in capsys.readouterr().err


def test_edition_freezes_what_the_settings_name_and_never_twice(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    assert run(["edition", "2", "--project", str(project)]) == 2
    assert "«1»" in capsys.readouterr().err
    assert run(["edition", "1", "--project", str(project)]) == 0
    frozen = project / "playbook/editions/1.yml"
    assert "Encendí la luz." in frozen.read_text(encoding="utf-8")
    assert run(["edition", "1", "--project", str(project)]) == 2
    assert run(["check", str(project)]) == 0
    assert freeze_printed(read(project)) == read(project).editions[0]


def test_a_frozen_edition_that_was_edited_wrongly_is_told_with_its_line(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    run(["edition", "1", "--project", str(project)])
    frozen = project / "playbook/editions/1.yml"
    frozen.write_text(
        frozen.read_text(encoding="utf-8").replace("level: essential", "level: Muy alto"), "utf-8"
    )
    assert run(["check", str(project)]) == 1
    assert re.search(r"editions/1\.yml:\d+:\d+: error\[format-kebab\]", capsys.readouterr().out)


def test_files_of_the_last_build_are_kept_while_they_hold(make_project: MakeProject, tmp_path: Path) -> None:
    made: list[str] = []

    def file(inputs: str) -> File:
        return File("csv", "a", "a.csv", lambda: made.append(inputs) or inputs.encode(), lambda: inputs)  # type: ignore[func-returns-value]

    written: dict[str, bytes] = {}
    for inputs in ("one", "one", "other", "one"):
        write_files([file(inputs)], written.__setitem__, FileCache(tmp_path))
    assert made == ["one", "other", "one"]
    assert written == {"a.csv": b"one"}


GRADES = """reading:
  - {range: 80 o más, title: Bien, at_least: 80, meaning: Va bien.}
  - {range: menos de 80, title: Mal, at_least: 0, meaning: Va mal.}
"""


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("metrics/csat.yml", "title: Bien", "title: Muy bien"),
        ("standards/EXT-01.yml", "pillar: externo", "pillar: interno"),
        ("customers/vip.yml", "title: Cliente VIP", "title: Invitado"),
    ],
)
def test_a_kept_file_knows_all_that_it_shows_of_other_entries(
    name: str, old: str, new: str, make_project: MakeProject
) -> None:
    """The grades of an audit's metric, the pillar of a question's standard, the titles that a field names."""
    project = make_project({"playbook/checklists/apertura.yml": f"{SCORED}scoring: {{bands: csat}}\n"})
    playbook = project / "playbook"
    metric = (playbook / "metrics/csat.yml").read_text("utf-8").partition("reading:")[0]
    (playbook / "metrics/csat.yml").write_text(metric + GRADES, "utf-8")
    own = "guides: {type: reference, kind: customer, several: true, label: Guías, shows: [spreadsheet]}"
    for file, text in {
        "playbook.yml": f"fields: {{standard: {{{own}}}}}\n",
        "standards/EXT-01.yml": "guides: [vip]\nphrases: [{say: «Hola»., avoid: «Eh»., why: Es amable.}]\n",
    }.items():
        with (playbook / file).open("a", encoding="utf-8") as content:
            content.write(text)

    def tables() -> dict[str, File]:
        now = read(project)
        return {file.path: file for file in files_of(now, now.say) if file.format != "pdf"}

    before = tables()
    text = (playbook / name).read_text("utf-8")
    assert old in text
    (playbook / name).write_text(text.replace(old, new), "utf-8")
    others = [file for file in tables().values() if file.make() != before[file.path].make()]
    assert others
    assert [file.path for file in others if file.inputs() == before[file.path].inputs()] == []


def test_a_sheet_is_printed_anew_when_the_interface_says_something_otherwise(
    make_project: MakeProject, tmp_path: Path
) -> None:
    playbook, made = read(make_project({})), []
    for said in ("Lista", "Hoja de trabajo", "Lista"):
        say = SAY.with_words({"paper.form.checklist": said})
        sheets = [file for file in files_of(playbook, say) if (file.format, file.id) == ("pdf", "apertura")]
        write_files(
            sheets[:1], lambda path, pdf: made.append(read_pdf(pdf).pages[0].text), FileCache(tmp_path)
        )
    assert ["Hojadetrabajo" in text for text in made] == [False, True, False]


def test_a_kept_table_knows_the_sentences_that_it_says(make_project: MakeProject) -> None:
    """Those of a catalogue of the playbook's own, too: neither the settings nor the engine have them."""
    scored = SCORED.replace("id: apertura", "id: cierre")
    playbook = read(make_project({"playbook/checklists/cierre.yml": scored}))
    others = {"paper.table.item": "Línea", "paper.quiz.column.question": "Pregunto", "quiz.ask.do": "¿Y?"}
    before, after = (
        {file.path: file for file in files_of(playbook, say) if file.format != "pdf"}
        for say in (SAY, SAY.with_words(others))
    )
    assert before.keys() == after.keys()
    changed = [path for path in before if before[path].make() != after[path].make()]
    assert {Path(path).suffix for path in changed} >= {".csv", ".xlsx"}
    assert [path for path in changed if before[path].inputs() == after[path].inputs()] == []


def many_files(make: Callable[[int], bytes]) -> list[File]:
    """Return so many files that they are made by processes of their own."""
    return [File("csv", f"f{i}", f"f{i}.csv", partial(make, i), lambda: "") for i in range(60)]


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be made by other processes although a test before set a sheet; these are no sheets."""
    monkeypatch.setattr(typeset, "_started", threading.Event())
    monkeypatch.setattr(processes, "count_workers", lambda tasks, least: 2)


@pytest.mark.usefixtures("forks")
def test_many_files_are_made_by_other_processes_and_all_arrive() -> None:
    written: dict[str, bytes] = {}
    write_files(many_files(lambda i: f"{i} {os.getpid()}".encode()), written.__setitem__)
    parts = [content.decode().split() for _, content in sorted(written.items())]
    assert sorted(int(number) for number, _ in parts) == list(range(60))
    assert os.getpid() not in {int(process) for _, process in parts}


@pytest.mark.parametrize("end", [lambda: None.nothing, lambda: os._exit(3)])  # type: ignore[attr-defined]
def test_a_file_that_cannot_be_made_stops_the_rest(end: Callable[[], object]) -> None:
    def make(i: int) -> bytes:
        if i == 20:
            end()
        return b""

    with pytest.raises((AttributeError, ChildProcessError)):
        list(processes.gather(make, 60, workers=2))
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("forks")
def test_what_cannot_be_written_leaves_no_process_behind() -> None:
    def refuse(path: str, content: bytes) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_files(many_files(lambda i: b""), refuse)
    gc.collect()
    assert multiprocessing.active_children() == []


def test_no_process_is_forked_once_typst_has_threads(make_project: MakeProject) -> None:
    """A child born after Typst's first sheet would wait for threads that it does not have."""
    files = [file for file in files_of(read(make_project({})), SAY) if file.format == "pdf"][:20]
    files[0].make()
    assert typeset.has_threads()
    written: dict[str, bytes] = {}
    assert write_files(files, written.__setitem__) == 20
    assert all(content.startswith(b"%PDF") for content in written.values())


# --- the page that paper leads to --------------------------------------------------------------------


def test_the_page_of_an_old_sheet_lists_exactly_what_changed(
    make_project: MakeProject, browser: Browser, serve: Serve
) -> None:
    project = make_project({"playbook/checklists/apertura.yml": SCORED})
    old = next(Sheets(read(project), SAY).of(read(project).entries["apertura"]))
    assert run(["edition", "1", "--project", str(project)]) == 0

    settings, entry, standard = (
        project / "playbook" / name
        for name in ("playbook.yml", "checklists/apertura.yml", "standards/EXT-01.yml")
    )
    replace(settings, 'name: "1"', 'name: "2"')
    replace(standard, "Saludé a quien llegó.", "Saludé a quien llegó y dije mi nombre.")
    reason = (
        "revision: 2\nchanges: [{revision: 2, date: 2026-11-25, reason: Quieren saber con *quién* hablan.}]\n"
    )
    standard.write_text(standard.read_text("utf-8") + reason, "utf-8")
    replace(entry, "      - id: luz\n        text: Encendí la luz.\n", "")
    entry.write_text(entry.read_text("utf-8") + "      - id: agua\n        text: Puse agua.\n", "utf-8")
    new = next(Sheets(read(project), SAY).of(read(project).entries["apertura"]))
    with unprinted():
        build_project(project, project / "site", "mkdocs", SAY, lambda step: None)

    site = serve(project / "site")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(old.link.replace("https://manual.example.org/", site))
        assert page.locator("h2:visible").first.inner_text() == "Tu papel es de la edición 1"
        changes = page.locator("[data-pb-change]:visible")
        told = {change.get_attribute("data-pb-change"): change.inner_text() for change in changes.all()}
        assert set(told) == {"EXT-01.saludo", "apertura.luz", "apertura.agua"}
        assert "y dije mi nombre" in told["EXT-01.saludo"]
        assert "Se quitó" in told["apertura.luz"]
        assert "Se agregó" in told["apertura.agua"]
        reasons = page.locator(".pb-reasons li:visible").all_inner_texts()
        assert reasons == ["EXT-01 Saludar al llegar: Quieren saber con quién hablan."]

        page.goto(new.link.replace("https://manual.example.org/", site))
        assert page.get_by_text("Es la versión más reciente").is_visible()
        assert page.locator("[data-pb-change]:visible").count() == 0

        # Typed by hand, without the edition: every edition is told.
        page.goto(old.link.replace("https://manual.example.org/", site).partition("?")[0])
        assert page.locator("[data-pb-edition]:visible").count() == 2

        # Whatever is not one of the wordings that an edition has, is compared and never said to hold.
        mark = page.locator("[data-pb-mark]").get_attribute("data-pb-mark")
        for asked in (
            "?e=otra",
            "?e=1&v=0badcafe",
            "?e=2&v=0badcafe",
            "?v=0badcafe",
            "?e=1&v=",
            f"?e=2&v={mark}0",
        ):
            page.goto(f"{site}p/apertura/{asked}")
            assert page.get_by_text("No conocemos esa versión").is_visible(), asked
            assert page.get_by_text("Sigue vigente").locator("visible=true").count() == 0, asked
        for path, version in (("p/apertura/", mark), ("p/", None)):
            page.goto(f"{site}{path}")
            version = version or page.locator("[data-pb-mark]").get_attribute("data-pb-mark")
            page.goto(f"{site}{path}?v={version}")
            assert page.get_by_text("Es la versión más reciente").is_visible(), path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def pages_of(project: Path) -> Iterator[editions.PaperPage]:
    playbook = read(project)
    return editions.paper_pages(playbook, freeze_printed(playbook))


def test_what_did_not_change_still_holds(make_project: MakeProject) -> None:
    project = make_project({})
    run(["edition", "1", "--project", str(project)])
    playbook = read(project)
    now = editions.freeze(playbook)
    states = [editions.since(playbook.editions[0], now, identity).state for identity in now.entries]
    assert set(states) == {"same"}
    assert editions.changed_entries(playbook.editions[0], now) == []


def test_a_sheet_of_what_was_withdrawn_says_so(make_project: MakeProject) -> None:
    project = make_project({})
    run(["edition", "1", "--project", str(project)])
    replace(project / "playbook/checklists/apertura.yml", "id: apertura\n", "id: apertura\nstatus: retired\n")
    page = next(page for page in pages_of(project) if page.id == "apertura")
    assert [one.state for one in page.editions] == ["withdrawn"]
    assert page.mark == ""


def test_a_field_that_is_printed_no_more_is_no_change_of_a_sheet(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    declared = "fields: {checklist: {clave: {type: line, label: Clave, shows: [facts, paper]}}}\n"
    settings, entry = project / "playbook/playbook.yml", project / "playbook/checklists/apertura.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + declared, encoding="utf-8")
    entry.write_text(entry.read_text(encoding="utf-8") + "clave: A1\n", encoding="utf-8")
    assert run(["edition", "1", "--project", str(project)]) == 0
    replace(entry, "clave: A1", "clave: B2")
    pages = [page for page in pages_of(project) if page.id == "apertura"]
    assert [change.id for change in pages[0].editions[0].changes] == ["clave"]
    replace(settings, "shows: [facts, paper]", "shows: [facts]")
    assert run(["check", str(project)]) == 0
    pages = [page for page in pages_of(project) if page.id == "apertura"]
    assert [one.state for one in pages[0].editions] == ["same"]
    capsys.readouterr()


def test_a_changed_weight_is_told(make_project: MakeProject) -> None:
    project = make_project({})
    run(["edition", "1", "--project", str(project)])
    replace(project / "playbook/standards/EXT-01.yml", "level: essential", "level: expected")
    playbook = read(project)
    changes = editions.since(playbook.editions[0], editions.freeze(playbook), "apertura").changes
    assert [(change.kind, change.id) for change in changes] == [("reweighed", "EXT-01.saludo")]


def test_a_sheet_under_a_former_id_is_compared_with_the_entry_of_now(make_project: MakeProject) -> None:
    """A new id says nothing new: the sheet on the wall must not be told to be thrown away."""
    project = make_project({})
    run(["edition", "1", "--project", str(project)])
    old, new = (project / f"playbook/checklists/{name}.yml" for name in ("apertura", "abrir"))
    old.rename(new)
    replace(new, "id: apertura\n", "id: abrir\nformer_ids: [apertura]\n")
    standard, renamed = (project / f"playbook/standards/{name}.yml" for name in ("EXT-01", "EXT-09"))
    standard.rename(renamed)
    replace(renamed, "id: EXT-01\n", "id: EXT-09\nformer_ids: [EXT-01]\n")
    for path in project.glob("playbook/*/*.yml"):
        if "EXT-01" in path.read_text("utf-8") and path not in (renamed, project / "playbook/editions/1.yml"):
            replace(path, "EXT-01", "EXT-09")
    replace(project / "playbook/playbook.yml", 'name: "1"', 'name: "2"')

    pages = {page.id: page for page in pages_of(project)}
    assert [changed for _, _, changed in pages[""].changed] == [(), ()]
    for name in ("abrir", "apertura"):
        assert pages[name].entry == read(project).entries["abrir"]
        assert [since.state for since in pages[name].editions] == ["same", "same"]
        # The sheet on the wall carries the mark that it was printed with, under the names of then.
        assert pages[name].editions[1].mark == editions.mark_of(read(project).editions[0], "apertura")

    replace(new, "Encendí la luz.", "Encendí las luces.")
    pages = {page.id: page for page in pages_of(project)}
    assert [change.id for since in pages["apertura"].editions for change in since.changes] == ["abrir.luz"]


def test_what_another_took_in_is_withdrawn_from_paper(make_project: MakeProject) -> None:
    project = make_project({})
    text = (project / "playbook/checklists/apertura.yml").read_text("utf-8")
    other = project / "playbook/checklists/cierre.yml"
    other.write_text(text.replace("id: apertura", "id: cierre"), "utf-8")
    run(["edition", "1", "--project", str(project)])
    other.unlink()
    kept = project / "playbook/checklists/apertura.yml"
    replace(kept, "id: apertura\n", "id: apertura\nformer_ids: [cierre]\n")
    replace(project / "playbook/playbook.yml", 'name: "1"', 'name: "2"')
    pages = {page.id: page for page in pages_of(project)}
    assert {since.state for since in pages["cierre"].editions} == {"withdrawn"}
    assert {since.state for since in pages["apertura"].editions} == {"same"}


# --- the site ----------------------------------------------------------------------------------------


def test_the_site_has_every_file_that_it_names(reference_site: Path) -> None:
    data = json.loads((reference_site / "playbook.json").read_text(encoding="utf-8"))
    checklists = [entry for entry in data["entries"] if entry["kind"] == "checklist"]
    assert checklists
    for entry in checklists:
        for name in ("pdf", "pdf_a4", "pdf_letter"):
            assert (reference_site / entry[name]).read_bytes().startswith(b"%PDF-"), entry["id"]
        assert zipfile.is_zipfile(reference_site / entry["xlsx"])
    for page in reference_site.rglob("*.html"):
        for target in offered_on(page):
            assert target.is_file(), f"{page}: {target}"


def offered_on(page: Path) -> set[Path]:
    """Return the files that a page's buttons fetch."""
    targets = re.findall(r'href="([^"]+)" download', page.read_text(encoding="utf-8"))
    return {(page.parent / target).resolve() for target in targets}


def test_every_file_is_offered_on_its_page_and_on_the_page_of_downloads(reference_site: Path) -> None:
    playbook = read(ROOT)
    made = {path.resolve() for path in (reference_site / SAY("path.paper")).rglob("*") if path.is_file()}
    expected = {file.path for file in files_of(playbook, SAY) if file.format in SITE_FORMATS}
    assert made == {(reference_site / path).resolve() for path in expected}
    weeks = {path for path in made if path.parent.name == SAY("paper.folder.lineup")}
    assert len(weeks) == WEEKS * len(SIZES)
    page = reference_site / "descargas/index.html"
    of_all = ("manual", "escenarios", "credo", "estandares")
    whole = {path for path in made if path.stem.startswith(of_all) and path not in weeks}
    firsts = [
        downloads_of(entry, SAY)[0].files
        for model in (Checklist, Customer)
        for entry in playbook.of_type(model)
    ]
    listed = {(reference_site / next(iter(files.values()))).resolve() for files in firsts}
    assert len(whole) == 11
    first_size = f"-{SAY(f'paper.size.{SIZES[0]}.file')}.pdf"
    assert offered_on(page) == listed | {file for file in whole if file.name.endswith((first_size, ".xlsx"))}
    assert offered_on(reference_site / "p/index.html") >= whole
    assert offered_on(reference_site / f"{SAY('path.week')}/index.html") == weeks
    folders = {SAY("paper.folder.quiz"), SAY("paper.folder.training")}
    names = (SAY("path.quiz"), SAY("paper.session.id"))
    taught = {path for path in made if path.parent.name in folders or path.stem.startswith(names)}
    assert offered_on(reference_site / f"{SAY('path.quiz')}/index.html") == taught
    assert len(taught) > 30
    for model in (Checklist, Customer, Scenario, Standard):
        for entry in playbook.of_type(model):
            own = {
                (reference_site / path).resolve()
                for download in downloads_of(entry, SAY)
                for path in download.files.values()
            }
            assert len(own) >= 2
            assert own <= offered_on(reference_site / entry_path(entry, SAY) / "index.html"), entry.id


def test_the_page_of_downloads_is_short_however_long_the_playbook(
    make_project: MakeProject, reference_site: Path
) -> None:
    """What has more entries than there is room for leads to its own page."""
    first = (ROOT / "tests/projects/minimal/playbook/checklists/apertura.yml").read_text("utf-8")
    many = {
        f"playbook/checklists/ronda-{i}.yml": first.replace("id: apertura", f"id: ronda-{i}")
        for i in range(90)
    }
    for html, lists in (
        ((reference_site / "descargas/index.html").read_text("utf-8"), True),
        (str(Site(read(make_project(many))).renderer.render("downloads", read(make_project(many)))), False),
    ):
        (shown,) = re.findall(r"<div data-pb-downloads>.*</section>\s*</div>", html, re.DOTALL)
        assert 6 < len(re.findall("<a ", shown)) <= 60
        assert ("hojas/listas/" in shown) == lists
        for kind in ("checklist", "customer", "standard"):
            assert re.search(
                rf'data-pb-section="{kind}".*?href="[^"]*{SAY(f"path.{kind}")}/"', shown, re.DOTALL
            )


def test_the_page_of_downloads_tells_what_an_edition_brought(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    run(["edition", "1", "--project", str(project)])
    replace(project / "playbook/playbook.yml", 'name: "1", date: 2026-11-22', 'name: "2", date: 2026-11-23')

    def shown() -> str:
        playbook = read(project)
        return str(Site(playbook).renderer.render("downloads", playbook))

    assert "desde la edición" not in shown()
    replace(project / "playbook/checklists/apertura.yml", "Encendí la luz", "Apagué la alarma")
    assert shown().count("Cambió desde la edición 1") == 1
    text = (project / "playbook/customers/vip.yml").read_text("utf-8")
    (project / "playbook/customers/otro.yml").write_text(text.replace("id: vip", "id: otro"), "utf-8")
    assert shown().count("No estaba en la edición 1") == 1
    capsys.readouterr()
