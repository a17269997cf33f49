"""What is printed, measured on the finished PDFs: the contract of every sheet, in both paper sizes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
import pytest
import zxingcpp

from servicebook.glyphs import printable
from servicebook.messages import messages_in
from servicebook.model import Checklist
from servicebook.playbook import Playbook
from servicebook.sheets import SIZES, Sheet, Sheets
from servicebook.site import read_playbook
from servicebook.typeset import render_pdf
from servicebook.views import rows_of
from tests.conftest import ROOT, MakeProject

SAY = messages_in("es")
FORMS = ("checklist", "audit", "pocket", "guide", "role_play", "deck", "lineup", "book")
MM = 72 / 25.4
# Printers leave this much of the edge blank.
EDGE = 4.2 * MM
SPACE = re.compile(r"\s+")
ITEM_ID = re.compile(r"[\w-]+\.[\w-]+")


@dataclass
class Paper:
    """A finished document and what is read from it."""

    sheet: Sheet
    size: str
    pdf: bytes
    playbook: Playbook

    @property
    def name(self) -> str:
        """What a failure is told by."""
        return f"{self.sheet.form} {self.sheet.id} {self.size}"

    @cached_property
    def pages(self) -> list[SheetPage]:
        """The pages, read once."""
        document = pdfium.PdfDocument(self.pdf)
        return [SheetPage(document[i]) for i in range(len(document))]

    @cached_property
    def text(self) -> str:
        """Everything that is printed, without spaces; in the book, whose texts may cross a page, no feet."""
        foot = squeeze(f"{self.sheet.title}·{SAY('paper.form.book')}")
        return "".join(page.text.partition(foot)[0] for page in self.pages)


@dataclass
class SheetPage:
    """A page, and what is found on it."""

    page: Any
    text: str = field(init=False)
    font_sizes: set[float] = field(init=False, default_factory=set)
    lines: list[tuple[float, float, float, float]] = field(init=False)

    def __post_init__(self) -> None:
        reader = self.page.get_textpage()
        self.text = squeeze(reader.get_text_range())
        for i in range(reader.count_chars()):
            if not pdfium_c.FPDFText_IsGenerated(reader, i):
                self.font_sizes.add(round(pdfium_c.FPDFText_GetFontSize(reader, i), 2))
        self.lines = [reader.get_rect(i) for i in range(reader.count_rects())]

    @cached_property
    def boxes(self) -> int:
        """How many squares of 5 mm or more there are to tick."""
        bounds = (item.get_bounds() for item in self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH]))
        sizes = ((right - left, top - bottom) for left, bottom, right, top in bounds)
        # What is measured is the outside of the line.
        return sum(abs(wide - high) < 0.1 and 6 * MM + 1 > wide > 5 * MM + 0.8 for wide, high in sizes)

    def picture(self) -> Picture:
        """The page as a printer draws it, at 150 dots an inch."""
        bitmap = self.page.render(scale=150 / 72)
        data = memoryview(bitmap.buffer).cast("B")
        channels = tuple(bytes(data[i :: bitmap.n_channels]) for i in range(3))
        return Picture(channels, bitmap.height, bitmap.stride // bitmap.n_channels)


@dataclass
class Picture:
    """The pixels of a page in three colours."""

    channels: tuple[bytes, ...]
    height: int
    width: int

    def codes(self) -> list[str]:
        """What the QR codes in it say."""
        return [code.text for code in zxingcpp.read_barcodes(self._grey())]

    def is_grey(self) -> bool:
        """Tell whether a printer without colours loses nothing."""
        return len(set(self.channels)) == 1

    def _grey(self) -> Any:
        return memoryview(self.channels[1][: self.height * self.width]).cast("B", (self.height, self.width))


def squeeze(text: str) -> str:
    """Return a text without spaces, breaks and invisible joiners: what is left is what was printed."""
    return SPACE.sub("", text).replace("￾", "-").replace("\u2060", "")


def strings_of(value: object) -> Iterator[str]:
    """Yield every text of a sheet's content that is to be printed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("link", "name", "who"):
                yield from strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner)


def read(project: Path) -> Playbook:
    return read_playbook(project, dt.date(2026, 11, 22))[0]


def print_one(project: Path, form: str, size: str = "Letter") -> Paper:
    playbook = read(project)
    sheet = next(sheet for sheet in Sheets(playbook, SAY).all() if sheet.form == form)
    return Paper(sheet, size, render_pdf(sheet, size, playbook.settings, SAY), playbook)


@pytest.fixture(scope="session")
def papers() -> Callable[[str, str], list[Paper]]:
    """Return a function that prints the reference playbook's sheets of a form in a size, once."""
    playbook = read(ROOT)
    sheets = list(Sheets(playbook, SAY).all())
    made: dict[tuple[str, str], list[Paper]] = {}

    def of(form: str, size: str) -> list[Paper]:
        if (form, size) not in made:
            found = [sheet for sheet in sheets if sheet.form == form]
            made[form, size] = [
                Paper(sheet, size, render_pdf(sheet, size, playbook.settings, SAY), playbook)
                for sheet in found
            ]
            assert made[form, size], f"no sheet of form {form}"
        return made[form, size]

    return of


Papers = Callable[[str, str], list[Paper]]
every_form = pytest.mark.parametrize("form", FORMS)
every_size = pytest.mark.parametrize("size", SIZES)


@every_size
@every_form
def test_a_sheet_keeps_to_its_pages(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        rows = sum(len(section["rows"]) for section in paper.sheet.content.get("sections", ()))
        if form == "checklist" and rows > 20:
            continue
        if form == "audit":
            continue
        assert paper.sheet.pages in (None, len(paper.pages)), paper.name


@every_size
@every_form
def test_paper_says_what_the_playbook_says(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        missing = [text for text in strings_of(paper.sheet.content) if squeeze(text) not in paper.text]
        if form == "pocket":
            # A card has no room for ids; the page that it leads to has them.
            missing = [text for text in missing if not re.fullmatch(r"[\w.-]+\.[\w-]+", text)]
        assert missing == [], paper.name


@every_size
@pytest.mark.parametrize(("form", "boxes"), [("checklist", 1), ("audit", 3), ("pocket", 1)])
def test_no_line_is_lost(papers: Papers, form: str, boxes: int, size: str) -> None:
    for paper in papers(form, size):
        checklist = paper.playbook.entries[paper.sheet.id]
        assert isinstance(checklist, Checklist)
        rows = [row for section in rows_of(checklist, paper.playbook) for row in section.rows]
        assert rows, paper.name
        drawn = sum(page.boxes for page in paper.pages)
        if form == "pocket":
            assert drawn % len(rows) == 0, paper.name
            assert 1 <= drawn // len(rows) <= 8, paper.name
        else:
            assert drawn == boxes * len(rows), paper.name


@every_size
@pytest.mark.parametrize("form", ["checklist", "audit"])
def test_no_line_is_split(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        for section in paper.sheet.content["sections"]:
            for row in section["rows"]:
                whole = [page for page in paper.pages if squeeze(row["text"]) in page.text]
                assert whole, f"{paper.name}: {row['id']}"


@every_size
@every_form
def test_no_text_leaves_the_sheet_or_covers_another(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        for number, page in enumerate(paper.pages, 1):
            wide, high = page.page.get_size()
            for left, bottom, right, top in page.lines:
                inside = left >= EDGE and bottom >= EDGE and right <= wide - EDGE and top <= high - EDGE
                assert inside, f"{paper.name}, page {number}"
            assert not list(overlaps(page.lines)), f"{paper.name}, page {number}"


def overlaps(lines: list[tuple[float, float, float, float]]) -> Iterator[tuple[object, object]]:
    """Yield the pairs of texts that cover each other by more than a descender."""
    by_top = sorted(lines, key=lambda line: -line[3])
    for i, one in enumerate(by_top):
        for other in by_top[i + 1 :]:
            if other[3] <= one[1] + 1.5:
                break
            if min(one[2], other[2]) - max(one[0], other[0]) > 1.5 and one[3] - one[1] > 3:
                yield one, other


@every_size
@every_form
def test_no_letter_is_smaller_than_nine_points(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        assert min(min(page.font_sizes, default=9) for page in paper.pages) >= 9, paper.name


@every_size
@every_form
def test_every_page_says_its_edition_and_where_to_ask(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        edition = paper.playbook.settings.edition
        words = SAY("edition.text", name=edition.name, date=SAY.date(edition.date))
        for number, page in enumerate(paper.pages, 1):
            counted = SAY("paper.sheet.page", page=number, pages=len(paper.pages))
            for text in (words, counted):
                assert squeeze(text) in page.text, f"{paper.name}, page {number}: {text}"
            if form != "deck":
                assert squeeze(paper.sheet.address) in page.text, f"{paper.name}, page {number}"
                assert squeeze(paper.sheet.title) in page.text or form in ("pocket",), paper.name


@every_size
@every_form
def test_the_code_leads_to_the_page_and_grey_loses_nothing(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        pages = paper.pages if form == "deck" else paper.pages[:1]
        for number, page in enumerate(pages):
            link = paper.sheet.content["plays"][number]["link"] if form == "deck" else paper.sheet.link
            picture = page.picture()
            assert set(picture.codes()) == {link}, paper.name
            assert picture.is_grey(), paper.name


@every_size
@every_form
def test_a_reader_that_speaks_can_read_it(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        reader = pypdf.PdfReader(io.BytesIO(paper.pdf))
        root: Any = reader.trailer["/Root"]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data(), paper.name
        assert root["/MarkInfo"]["/Marked"], paper.name
        assert root["/Lang"] == "es", paper.name
        assert reader.metadata, paper.name
        assert paper.sheet.title in str(reader.metadata.title), paper.name
        assert "/StructTreeRoot" in root, paper.name


@every_size
@pytest.mark.parametrize("form", ["checklist", "audit", "guide", "role_play"])
def test_it_is_read_in_the_order_of_its_content(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        content = paper.sheet.content
        rows = [row["text"] for section in content.get("sections", ()) for row in section["rows"]]
        places = [paper.text.index(squeeze(text)) for text in (paper.sheet.title, *rows)]
        assert places == sorted(places), paper.name


@every_size
@every_form
def test_every_font_travels_with_it(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        found = set()
        for page in pypdf.PdfReader(io.BytesIO(paper.pdf)).pages:
            resources: Any = page["/Resources"]
            fonts = resources.get("/Font", {})
            for font in fonts.values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                descriptor = inner["/FontDescriptor"]
                assert "/FontFile2" in descriptor or "/FontFile3" in descriptor, paper.name
                found.add(str(inner["/BaseFont"]))
        assert any("AtkinsonHyperlegibleNext" in name for name in found), paper.name


@every_form
def test_the_same_sheet_gives_the_same_bytes(papers: Papers, form: str) -> None:
    paper = papers(form, "A4")[0]
    assert render_pdf(paper.sheet, "A4", paper.playbook.settings, SAY) == paper.pdf


# --- texts at their limits ---------------------------------------------------------------------------

LONG_URL = "https://ejemplo.example.org/" + "camino-muy-largo/" * 8 + "?consulta=" + "x" * 60
LIMITS = (
    "Ñ" * 30 + " ¿" + "palabra " * 32,
    f"Mira {LONG_URL}"[:300],
    "Sonríe 😀 y di «¡buenos días!» 👩🏽‍💻 🇲🇽 #1",
    "=1+1 con signo, -menos, @arroba y *asterisco* `acento` $dinero$ #let x = 1 \\\\ <etiqueta>",
)


def limits_checklist(count: int) -> str:
    """Return a checklist of `count` items with texts at their limits."""
    texts = [LIMITS[i % len(LIMITS)][:300].strip() for i in range(count)]
    items = "".join(f"      - id: i{i}\n        text: {yaml_text(text)}\n" for i, text in enumerate(texts))
    return (
        "id: apertura\ntitle: " + yaml_text("Título ñ ¿largo? " * 6) + "\nowner: servicio\n"
        "reviewed: 2026-11-01\nuse: Antes de abrir.\nroles: [mostrador]\nfrequency: Diario\n"
        "scored: true\nreminder: true\nsign_off: [name, place, date, signature, observations]\n"
        "sections:\n  - id: todo\n    title: Todo\n    take: [EXT-01]\n    items:\n" + items
    )


def yaml_text(text: str) -> str:
    return "'" + text.strip().replace("'", "''") + "'"


@every_size
@pytest.mark.parametrize("form", ["checklist", "audit", "pocket"])
def test_texts_at_their_limits_break_no_sheet(make_project: MakeProject, form: str, size: str) -> None:
    project = make_project({"playbook/checklists/apertura.yml": limits_checklist(60)})
    paper = print_one(project, form, size)
    for page in paper.pages:
        wide, high = page.page.get_size()
        for left, bottom, right, top in page.lines:
            assert left >= EDGE - 1
            assert bottom >= EDGE - 1
            assert right <= wide - EDGE + 1
            assert top <= high - EDGE + 1
        assert not list(overlaps(page.lines))
    boxes = sum(page.boxes for page in paper.pages)
    assert boxes == {"checklist": 61, "audit": 183, "pocket": 61}[form]
    for section in paper.sheet.content["sections"]:
        for row in section["rows"]:
            assert any(squeeze(row["text"]) in page.text for page in paper.pages)


def test_a_sign_that_no_font_draws_is_a_box_and_no_failure(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/checklists/apertura.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("Encendí la luz", "Encendí 灯 la luz"), "utf-8")
    assert squeeze("Encendí □ la luz") in print_one(project, "checklist").text


def test_the_fonts_draw_what_people_write() -> None:
    assert {ord(char) for char in "aáñÑ¿¡«»—…“”’°ªº€½×÷≥✓✗→😀őЖΩ"} <= printable()


def test_words_are_never_taken_for_commands(make_project: MakeProject) -> None:
    text = 'text: "#panic(1) $x$ *no* _no_ #sys.inputs <x> @y [z] \\\\"'
    project = make_project({})
    path = project / "playbook/checklists/apertura.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("text: Encendí la luz.", text), "utf-8")
    paper = print_one(project, "checklist")
    row = paper.sheet.content["sections"][0]["rows"][1]
    assert "#panic(1)" in row["text"]
    assert squeeze(row["text"]) in paper.text
