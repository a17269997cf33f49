"""What is printed, measured on the finished PDFs: the contract of every document, in both paper sizes.

The files are made as a build makes them. What they should say is taken from the YAML by other means than the
engine's own where that can be, so that nothing is lost on the way unseen.
"""

from __future__ import annotations

import datetime as dt
import math
import multiprocessing
import os
import re
import shutil
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from servicebook.base.cache import FileCache
from servicebook.base.resources import FONTS
from servicebook.checks import glyphs
from servicebook.checks.glyphs import font_files, printable
from servicebook.cli.main import run
from servicebook.content.model.entries import Standard
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import messages_in
from servicebook.paper import sheet as printed
from servicebook.paper import typeset
from servicebook.paper.files import files_of, write_files
from servicebook.paper.sheet import SIZES, Form, Sheet, pdf_path
from servicebook.paper.sheets import REMINDERS, Sheets
from servicebook.paper.typeset import render_pdf
from servicebook.site.site import read_playbook
from servicebook.views.lineup import WEEKS
from servicebook.views.rows import RowSection, rows_of
from servicebook.views.scoring import VISIT
from tests.conftest import ROOT, MakeProject, SharedPaper
from tests.printed import MM, READABLE, Box, PageReading, Reading, read_pdf, squeeze

SAY = messages_in("es")
FORMS: tuple[Form, ...] = get_args(Form)
# Documents of which each page leads to its own scenario.
BY_PLAY = ("deck", "session")
# What is cut out and folded: there words stand on the lines on purpose.
CUT = ("pocket", "role_play", "deck", "credo", "tent")
PAGES_OF_A_PLAY = {"deck": 2, "session": 1}
# Printers leave this much of the edge blank.
EDGE = 4.2 * MM
# A checklist of so many lines takes one sheet.
ROWS_ON_ONE_SHEET = 20
# Letters of the book that are larger than this are the title of a chapter.
CHAPTER_SIZE = 15
# What a bad toner keeps: letters and lines darker than this, grounds lighter than that.
INK, GROUND = 110, 230

Data = dict[str, Any]


@dataclass(frozen=True)
class Paper:
    """A finished document and what is read from it."""

    sheet: Sheet
    size: str
    reading: Reading

    @property
    def name(self) -> str:
        """What a failure is told by."""
        return f"{self.sheet.form} {self.sheet.id} {self.size}"

    @property
    def pages(self) -> list[PageReading]:
        return self.reading.pages

    @property
    def spoken(self) -> str:
        """Everything that is read aloud, without spaces: all but feet and second copies."""
        return "".join(page.spoken for page in self.pages)

    @property
    def ticks(self) -> int:
        return sum(len(page.ticks) for page in self.pages)


class Source:
    """The reference playbook's YAML, read without the engine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, kind: str) -> list[Data]:
        """Return the entries in force of a folder."""
        entries = [self._read(path) for path in sorted((self._folder / kind).glob("*.yml"))]
        return [entry for entry in entries if entry.get("status", "active") == "active"]

    def entry(self, kind: str, identity: str) -> Data:
        return self._read(self._folder / kind / f"{identity}.yml")

    def rows(self, identity: str) -> list[tuple[str, str]]:
        """Return the id and the text of every line of a checklist, in order."""
        found: dict[str, str] = {}
        for section in self.entry("checklists", identity)["sections"]:
            for address in section.get("take", ()):
                standard, _, item = address.partition(".")
                found |= self._items(self.entry("standards", standard), item)
            if "select" in section:
                for standard in self.of("standards"):
                    if all(_has(standard, name, wanted) for name, wanted in section["select"].items()):
                        found |= self._items(standard)
            own = {"id": identity, "items": section.get("items", ())}
            found |= self._items(own)
        # An item stands where it comes first.
        return list(found.items())

    def level(self, id_: str) -> str:
        """Return the level of a line: its standard's, or its own."""
        owner, _, item = id_.partition(".")
        if (self._folder / "standards" / f"{owner}.yml").is_file():
            return str(self.entry("standards", owner)["level"])
        own = [
            one for section in self.entry("checklists", owner)["sections"] for one in section.get("items", ())
        ]
        return next(str(one.get("level", "expected")) for one in own if one["id"] == item)

    @staticmethod
    def _items(entry: Data, only: str = "") -> dict[str, str]:
        items = [item for item in entry["items"] if only in ("", item["id"])]
        return {f"{entry['id']}.{item['id']}": inline.plain(item["text"]) for item in items}

    @staticmethod
    def _read(path: Path) -> Data:
        data: Data = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506 - text only
        return data


def _has(entry: Data, name: str, wanted: list[str]) -> bool:
    value = entry.get(name, [])
    return bool({value} & set(wanted) if isinstance(value, str) else set(value) & set(wanted))


def strings_of(value: object) -> Iterator[str]:
    """Yield every text of a sheet's content that is to be printed, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("link", "name", "who"):
                yield from strings_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_of(inner)


def read(project: Path) -> Playbook:
    return read_playbook(project, dt.date(2026, 11, 22))[0]


def print_one(project: Path, form: str, size: str = "Letter") -> Paper:
    playbook = read(project)
    sheet = next(sheet for sheet in Sheets(playbook, SAY).all() if sheet.form == form)
    return Paper(sheet, size, read_pdf(render_pdf(sheet, size, playbook.settings, SAY)))


def print_all(playbook: Playbook, cache: FileCache | None = None) -> dict[str, bytes]:
    """Return every file of a playbook, made anew where no cache has it."""
    files: dict[str, bytes] = {}
    write_files(files_of(playbook, playbook.say), files.__setitem__, cache)
    return files


@pytest.fixture(scope="session")
def playbook() -> Playbook:
    return read(ROOT)


@pytest.fixture(scope="session")
def source() -> Source:
    return Source(ROOT / "playbook")


@pytest.fixture(scope="session")
def files(playbook: Playbook) -> dict[str, bytes]:
    """Return every file of the reference playbook, as the builds of this run have it or are given it."""
    return print_all(playbook, SharedPaper(ROOT))


@pytest.fixture(scope="session")
def papers(playbook: Playbook, files: dict[str, bytes]) -> Papers:
    """Return a function that gives the reference playbook's documents of a form in a size, read."""
    sheets = [(sheet, size) for sheet in Sheets(playbook, SAY).all() for size in SIZES]
    pdfs = [files[pdf_path(sheet.form, sheet.id, size, SAY)] for sheet, size in sheets]
    # Started afresh: this process may have threads that a fork would not survive.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=fresh) as pool:
        readings = list(pool.map(read_pdf, pdfs, chunksize=8))
    found = [Paper(sheet, size, reading) for (sheet, size), reading in zip(sheets, readings, strict=True)]

    def of(form: str, size: str) -> list[Paper]:
        wanted = [paper for paper in found if (paper.sheet.form, paper.size) == (form, size)]
        assert wanted, f"no sheet of form {form}"
        return wanted

    return of


Papers = Callable[[str, str], list[Paper]]
every_form = pytest.mark.parametrize("form", FORMS)
every_size = pytest.mark.parametrize("size", SIZES)
every_list = pytest.mark.parametrize(("form", "boxes"), [("checklist", 1), ("audit", 4), ("pocket", 1)])


# --- how many there are, and of how many pages -------------------------------------------------------


@every_size
def test_everything_that_can_be_printed_is(papers: Papers, source: Source, size: str) -> None:
    checklists, scenarios = source.of("checklists"), source.of("scenarios")
    expected = {
        "checklist": sum(entry.get("scored") != "true" for entry in checklists),
        "audit": sum(entry.get("scored") == "true" for entry in checklists),
        "pocket": sum(entry.get("scored") != "true" for entry in checklists),
        "guide": len(source.of("customers")),
        "role_play": len(scenarios),
        "standard": len(source.of("standards")),
        "poster": len(source.of("standards")),
        "deck": 1,
        "credo": 1,
        "tent": 1,
        "lineup": WEEKS,
        "training": len({role for entry in source.of("standards") for role in entry["roles"]}),
        "session": 1,
        "quiz": 1 + len({role for entry in source.of("standards") for role in entry["roles"]}),
        "book": 1,
    }
    assert {form: len(papers(form, size)) for form in FORMS} == expected
    for form in BY_PLAY:
        assert len(papers(form, size)[0].pages) == PAGES_OF_A_PLAY[form] * len(scenarios)


@every_size
@every_form
def test_a_sheet_keeps_to_its_pages(papers: Papers, source: Source, form: str, size: str) -> None:
    for paper in papers(form, size):
        assert paper.sheet.pages in (None, len(paper.pages)), paper.name
        if form == "checklist" and len(source.rows(paper.sheet.id)) <= ROWS_ON_ONE_SHEET:
            assert len(paper.pages) == 1, paper.name
        if form in ("guide", "pocket", "standard", "poster"):
            assert len(paper.pages) == 1, paper.name
        if form == "role_play":
            assert len(paper.pages) == 2, paper.name


@pytest.mark.parametrize(
    ("count", "words", "reminds", "pages"),
    [(20, 4, True, 1), (26, 4, False, 1), (30, 4, True, 2), (30, 36, False, 3), (60, 4, False, 2)],
)
def test_a_list_takes_the_pages_that_its_text_is_planned_for(
    make_project: MakeProject, count: int, words: int, reminds: bool, pages: int
) -> None:
    project = make_project({})
    path = project / "playbook/checklists/apertura.yml"
    items = "".join(f"      - id: i{i}\n        text: {'palabra ' * words}\n" for i in range(count))
    foot = f"reminder: {str(reminds).lower()}\nsign_off: [name, date, signature, observations]\n"
    path.write_text(path.read_text(encoding="utf-8") + items + foot, encoding="utf-8")
    paper = print_one(project, "checklist")
    assert (paper.sheet.pages, len(paper.pages)) == (pages, pages)


@every_size
@every_form
def test_a_sheet_is_of_its_size(papers: Papers, form: str, size: str) -> None:
    short, long = {"A4": (210 * MM, 297 * MM), "Letter": (8.5 * 72, 11 * 72)}[size]
    expected = (long, short) if form == "pocket" else (short, long)
    for paper in papers(form, size):
        for page in paper.pages:
            assert (page.width, page.height) == pytest.approx(expected, abs=0.1), paper.name


# --- nothing is lost ---------------------------------------------------------------------------------


@every_size
@every_form
def test_paper_says_what_its_sheet_says(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        spoken = paper.spoken
        missing = [text for text in strings_of(paper.sheet.content) if squeeze(text) not in spoken]
        if form == "pocket":
            # A card has no room for ids; the page that it leads to has them.
            missing = [text for text in missing if not re.fullmatch(r"[A-Z]+-\d+", text)]
        if form in (*BY_PLAY, "role_play"):
            # Its address stands in the foot.
            missing = [text for text in missing if "/p/" not in text]
        assert missing == [], paper.name


# What of an entry's YAML is printed, by its folder.
IN_YAML = {
    "standards": ("title", "statement", "intent", "do", "dont", "phrases", "items", "verification"),
    "behaviours": ("title", "do", "dont", "why"),
    "customers": ("title", "summary", "signals", "needs", "approach", "phrases", "mistakes"),
    "checklists": ("title", "use", "frequency"),
    "scenarios": ("title", "customer_side", "staff_side", "goes_wrong", "good_answer", "debrief"),
    "metrics": ("title", "measures", "collection", "reading", "causes"),
    "cases": ("title", "lessons", "practice"),
}


def texts_in_yaml(entry: Data, fields: Sequence[str]) -> list[str]:
    found = [entry[name] for name in fields if name in entry]
    # An item's id and the reason of a phrase are on the page that the paper leads to.
    return [inline.plain(text) for text in strings_of(_without_ids(found))]


# What of a standard its sheet says, and its poster: of what to do, and not to, the first.
ON_ONE_SHEET = ("title", "statement", "do", "dont", "phrases", "verification")


@every_size
def test_a_standard_on_one_sheet_says_what_the_yaml_says(papers: Papers, source: Source, size: str) -> None:
    for paper in papers("standard", size):
        entry = source.entry("standards", paper.sheet.id)
        texts = texts_in_yaml(entry, ON_ONE_SHEET)
        assert [text for text in texts if squeeze(text) not in paper.spoken] == [], paper.name
    for paper in papers("poster", size):
        entry = source.entry("standards", paper.sheet.id)
        first = {**entry, "do": entry["do"][:1], "dont": entry["dont"][:1]}
        texts = texts_in_yaml(first, ("title", "statement", "do", "dont"))
        assert [text for text in texts if squeeze(text) not in paper.spoken] == [], paper.name


@every_size
@pytest.mark.parametrize("form", ["standard", "poster"])
def test_a_standard_on_one_sheet_says_its_id(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        assert paper.spoken.startswith(squeeze(paper.sheet.id)), paper.name


# Letters are read at full speed where an x is as high as 0.2 degrees of what is seen (Legge and Bigelow, Does
# print size matter for reading?, Journal of Vision 11(5), 2011).
FLUENT, TWO_METRES = math.tan(math.radians(0.2)), 2000 * MM


@every_size
def test_a_poster_is_read_from_two_metres(papers: Papers, size: str) -> None:
    regular, bold = (x_height(FONTS / f"AtkinsonHyperlegibleNext-{name}.ttf") for name in ("Regular", "Bold"))
    for paper in papers("poster", size):
        (page,) = paper.pages
        far = squeeze(
            "".join(run for run, points in page.runs if points * min(regular, bold) >= FLUENT * TWO_METRES)
        )
        for text in (paper.sheet.title, *strings_of(paper.sheet.content)):
            assert squeeze(text) in far, f"{paper.name}: {text}"


def x_height(font: Path) -> float:
    """Return how high an x is in a font, as a part of its size: the file says so in its table `OS/2`."""
    data = font.read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {
        data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)
    }
    (units,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    (height,) = struct.unpack_from(">h", data, tables[b"OS/2"] + 86)
    return float(height / units)


@every_size
@pytest.mark.parametrize("form", ["standard", "poster"])
@pytest.mark.parametrize(
    ("field", "count", "words"), [("do", 60, 12), ("statement", 1, 90), ("statement", 1, 2000)]
)
def test_a_standard_too_long_for_one_sheet_tells_how_many_lines_it_leaves_out(
    make_project: MakeProject, form: str, field: str, count: int, words: int, size: str
) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    entry = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506 - text only
    texts = [f"Número {i} " + " ".join(f"palabra{i}{j}" for j in range(words)) + "." for i in range(count)]
    entry[field] = texts if field == "do" else texts[0]
    path.write_text(yaml.safe_dump(entry, allow_unicode=True), "utf-8")
    paper = print_one(project, form, size)
    assert len(paper.pages) == 1
    assert_on_the_sheet(paper)
    missing = [text for text in strings_of(paper.sheet.content) if squeeze(text) not in paper.spoken]
    told = squeeze(SAY("paper.sheet.left_out", count=len(missing)))
    assert (told in paper.spoken) == bool(missing)
    assert bool(missing) == (
        not (form == "standard" and words == 90) and not (form == "poster" and field == "do")
    )
    least = 40 if form == "poster" else READABLE
    large = squeeze("".join(run for run, points in paper.pages[0].runs if points >= least))
    kept = [text for text in strings_of(paper.sheet.content) if text not in missing]
    assert [text for text in kept if squeeze(text) not in large] == []


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(inner) for inner in value]
    if isinstance(value, dict):
        return {
            key: _without_ids(inner)
            for key, inner in value.items()
            if key not in ("id", "note", "level", "why")
        }
    return value


@every_size
@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("checklist", "checklists"),
        ("audit", "checklists"),
        ("guide", "customers"),
        ("role_play", "scenarios"),
    ],
)
def test_a_sheet_says_what_the_yaml_says(
    papers: Papers, source: Source, form: str, kind: str, size: str
) -> None:
    for paper in papers(form, size):
        texts = texts_in_yaml(source.entry(kind, paper.sheet.id), IN_YAML[kind])
        assert len(texts) > 2, paper.name
        assert [text for text in texts if squeeze(text) not in paper.spoken] == [], paper.name


@every_size
@pytest.mark.parametrize("form", ["checklist", "audit"])
def test_the_foot_of_a_list_is_what_the_yaml_asks_for(
    papers: Papers, source: Source, form: str, size: str
) -> None:
    reminded = set()
    for paper in papers(form, size):
        entry = source.entry("checklists", paper.sheet.id)
        for name in entry.get("sign_off", ()):
            asked = "visit" if form == "audit" and name in VISIT else "sign_off"
            assert f"{squeeze(SAY(f'{asked}.{name}'))}:" in paper.spoken, f"{paper.name}: {name}"
        reminds = squeeze(SAY("paper.sheet.reminder")) in paper.spoken
        assert reminds == (form == "checklist" and entry.get("reminder") == "true"), paper.name
        reminded.add(reminds)
        standards = {id_.partition(".")[0] for id_, _ in source.rows(paper.sheet.id)}
        pairs = [
            (inline.plain(one["do"][0]), inline.plain(one["dont"][0]))
            for one in source.of("standards")
            if one["id"] in standards
        ]
        found = [pair for pair in pairs if all(squeeze(text) in paper.spoken for text in pair)]
        assert not reminds or len(found) >= min(len(pairs), REMINDERS), paper.name
    assert reminded == ({True, False} if form == "checklist" else {False})


@every_size
def test_who_signs_has_the_signature_beside_the_name(papers: Papers, source: Source, size: str) -> None:
    signing = 0
    for paper in (paper for form in ("checklist", "audit") for paper in papers(form, size)):
        page = paper.pages[-1]
        for signer in source.entry("checklists", paper.sheet.id).get("signers", ()):
            name, written = signer["role"], SAY("sign_off.signature")
            left, bottom, *_ = next(box for text, box in page.placed if text.startswith(f"{name}:"))
            beside = [
                box
                for text, box in page.placed
                if text.startswith(written) and box[0] > page.width / 2 and abs(box[1] - bottom) < 3
            ]
            assert (left < page.width / 2, len(beside)) == (True, 1), f"{paper.name}: {name}"
            signing += 1
    assert signing >= 4


@every_size
def test_an_audit_gives_each_line_its_weight_and_says_their_sum(
    papers: Papers, source: Source, size: str
) -> None:
    weights = {"essential": 3, "expected": 2, "excellence": 1}
    for paper in papers("audit", size):
        rows = source.rows(paper.sheet.id)
        expected = [weights[source.level(id_)] for id_, _ in rows]
        for (id_, text), weight in zip(rows, expected, strict=True):
            gate = "*" if weight == weights["essential"] else ""
            told = squeeze(f"{text}{printed_id(paper, id_)}{weight}{gate}")
            assert told in paper.spoken, f"{paper.name}: {id_}"
        assert squeeze(SAY("paper.audit.possible_note", total=sum(expected))) in paper.spoken, paper.name


@every_size
def test_an_audit_has_a_subtotal_for_each_section_as_the_screen_has(papers: Papers, size: str) -> None:
    """What its lines weigh together, and room for what was reached of it; one alone has the sum."""
    said = squeeze(SAY("paper.audit.subtotal", reached="", possible=""))
    for paper in papers("audit", size):
        sections = paper.sheet.content["sections"]
        for section in sections if len(sections) > 1 else ():
            points = sum(row["weight"] for row in section["rows"])
            assert squeeze(f"{section['title']}{points}{said}") in paper.spoken, paper.name
        assert paper.spoken.count(said) == (len(sections) if len(sections) > 1 else 0), paper.name


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_who_adds_by_hand_adds_what_the_rule_counts(language: str) -> None:
    """What was not observed counts as little as what does not apply: what is added are the two that judge."""
    say = messages_in(language)
    note = say("paper.audit.possible_note", total=9)
    assert [name for name in ("yes", "no") if say(f"paper.audit.{name}") not in note] == []
    assert [name for name in ("na", "unobserved") if say(f"paper.audit.{name}") in note] == []


@every_size
def test_a_short_card_is_printed_eight_times(make_project: MakeProject, size: str) -> None:
    project = make_project({})
    (page,) = print_one(project, "pocket", size).pages
    assert len(page.ticks) == 8 * len(Source(project / "playbook").rows("apertura"))
    assert len(page.codes) == 8


@every_size
def test_the_book_says_what_the_yaml_says(papers: Papers, source: Source, size: str) -> None:
    spoken = papers("book", size)[0].spoken
    for kind, fields in IN_YAML.items():
        for entry in source.of(kind):
            texts = texts_in_yaml(entry, fields)
            assert [text for text in texts if squeeze(text) not in spoken] == [], entry["id"]
    for checklist in source.of("checklists"):
        own = f"{checklist['id']}."
        told = [
            text if id_.startswith(own) else f"{text} ({id_})" for id_, text in source.rows(checklist["id"])
        ]
        assert [line for line in told if squeeze(line) not in spoken] == [], checklist["id"]
    for origin in ("own", "source"):
        # Whose numbers a reading is of is said below it.
        count = sum(one.get("reading_origin", "own") == origin for one in source.of("metrics"))
        assert spoken.count(squeeze(f"{SAY(f'threshold.origin.{origin}')}.")) == count
    assert "()" not in spoken


def printed_id(paper: Paper, id_: str) -> str:
    """Return what a sheet prints beside a line: its standard's id, or nothing."""
    owner = id_.partition(".")[0]
    return "" if owner == paper.sheet.id else owner


def assert_every_line(paper: Paper, rows: list[tuple[str, str]], boxes: int) -> None:
    """Every line of a checklist stands on its sheet with its boxes, in order, and has its id."""
    assert rows, paper.name
    spoken, place = paper.spoken, 0
    for id_, text in rows:
        place = spoken.find(squeeze(text), place)
        assert place >= 0, f"{paper.name}: {id_}"
        assert paper.sheet.form == "pocket" or squeeze(printed_id(paper, id_)) in spoken, (
            f"{paper.name}: {id_}"
        )
        place += len(squeeze(text))
    copies, rest = divmod(paper.ticks, boxes * len(rows))
    assert rest == 0, paper.name
    assert copies in ((1, 2, 4, 8) if paper.sheet.form == "pocket" else (1,)), paper.name


@every_size
@every_list
def test_no_line_is_lost(papers: Papers, source: Source, form: str, boxes: int, size: str) -> None:
    for paper in papers(form, size):
        assert_every_line(paper, source.rows(paper.sheet.id), boxes)


@every_list
@pytest.mark.parametrize("kept", [0, 1])
def test_a_list_that_came_out_shorter_than_its_data_is_noticed(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch, form: str, boxes: int, kept: int
) -> None:
    project = make_project({"playbook/checklists/apertura.yml": limits_checklist(3, form)})
    rows = Source(project / "playbook").rows("apertura")
    assert len(rows) == 4
    assert_every_line(print_one(project, form), rows, boxes)
    whole = rows_of

    def shorter(*arguments: Any) -> Any:
        return tuple(RowSection(one.id, one.title, one.rows[:kept]) for one in whole(*arguments))

    monkeypatch.setattr(printed, "rows_of", shorter)
    with pytest.raises(AssertionError):
        assert_every_line(print_one(project, form), rows, boxes)


def test_the_weeks_give_everybody_the_same_and_leave_no_standard_out(
    playbook: Playbook, source: Source
) -> None:
    weeks = [sheet.content for sheet in Sheets(playbook, SAY).lineups()]
    assert weeks == [sheet.content for sheet in Sheets(read(ROOT), SAY).lineups()]
    days = {day["id"] for week in weeks for day in week["days"]}
    assert days == {"", *(entry["id"] for entry in source.of("standards"))}


# --- how it lies on the sheet ------------------------------------------------------------------------


def parts_in_one_piece(sheet: Sheet) -> Iterator[list[str]]:
    """Yield what must not be split between two pages: the texts of a line, of a day, of a play."""
    content = sheet.content
    for section in content.get("sections", ()):
        for row in section["rows"]:
            yield [row["text"]] if sheet.form == "pocket" else [row["text"], row["id"]]
    for pair in content.get("reminders", ()):
        yield [pair["do"], pair["dont"]]
    for day in content.get("days", ()):
        yield list(strings_of(day))
    plays = {"deck": content.get("plays", ()), "role_play": [content]}
    for play in plays.get(sheet.form, ()):
        *sides, answer, behind = cards_of(play)
        yield from sides
        yield from ([text] for text in (*answer, *behind))
    for play in content.get("plays", ()) if sheet.form == "session" else ():
        yield [text for text in strings_of(play) if text != play["address"]]
    for stage in content.get("stages", ()):
        for line in (*stage.get("questions", ()), *stage.get("standards", ())):
            yield list(strings_of(line))
    for chapter in content.get("chapters", ()):
        for entry in chapter["entries"]:
            if chapter.get("compact"):
                end = "" if entry["title"].endswith(("?", "!", ".", "…")) else "."
                yield [f"{entry['title']}{end} {entry['text']}"]
            yield from (
                [*strings_of(part["columns"])] for part in entry.get("blocks", ()) if "columns" in part
            )


@every_size
@every_form
def test_no_line_is_split(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        for part in parts_in_one_piece(paper.sheet):
            texts = [squeeze(text) for text in part]
            whole = [page for page in paper.pages if all(text in page.spoken for text in texts)]
            assert whole, f"{paper.name}: {part[0]}"


def assert_on_the_sheet(paper: Paper) -> None:
    """Nothing leaves the part of the sheet that printers reach, and nothing covers a text."""
    for number, page in enumerate(paper.pages, 1):
        name = f"{paper.name}, page {number}"
        for left, bottom, right, top in (*page.lines, *page.ticks, *page.pictures):
            inside = (
                left >= EDGE and bottom >= EDGE and right <= page.width - EDGE and top <= page.height - EDGE
            )
            assert inside, f"{name}: {left:.0f} {bottom:.0f} {right:.0f} {top:.0f}"
        assert not list(overlaps(page.lines)), name
        for line in page.lines:
            assert not [box for box in (*page.ticks, *page.pictures) if covers(line, box, 1)], name


def overlaps(lines: list[Box]) -> Iterator[tuple[Box, Box]]:
    """Yield the pairs of texts that cover each other by more than a descender."""
    by_top = sorted(lines, key=lambda line: -line[3])
    for i, one in enumerate(by_top):
        for other in by_top[i + 1 :]:
            if other[3] <= one[1] + 1.5:
                break
            if covers(one, other, 1.5) and one[3] - one[1] > 3:
                yield one, other


def covers(one: Box, other: Box, most: float) -> bool:
    """Tell whether two boxes share more than `most` points in both directions."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > most and high > most


@every_size
@every_form
def test_no_text_leaves_the_sheet_or_is_covered(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        assert_on_the_sheet(paper)


def touched(page: PageReading) -> Iterator[str]:
    """Yield the texts that a line across the sheet, or the edge of a frame, touches."""
    lines = [one.box for one in page.strokes if one.box[3] - one.box[1] < one.box[2] - one.box[0]]
    frames = [one.box for one in page.cards]
    edges = [(left, y, right, y) for left, low, right, top in frames for y in (low, top)]
    for left, bottom, right, top in (*lines, *edges):
        for text, box in page.placed:
            if box[0] < right and left < box[2] and box[1] < top and bottom < box[3]:
                yield text


@every_size
@pytest.mark.parametrize("form", [form for form in FORMS if form not in CUT])
def test_no_line_touches_a_word(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        for number, page in enumerate(paper.pages, 1):
            assert list(touched(page)) == [], f"{paper.name}, page {number}"


@every_size
@every_form
def test_no_letter_is_smaller_than_nine_points(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        assert min(size for page in paper.pages for size in page.font_sizes) >= 9, paper.name


def texts_to_work_by(sheet: Sheet) -> Iterator[str]:
    """Yield what is read while it is done; ids, labels to write beside, notes and addresses are smaller."""
    small = (
        "id",
        "label",
        "number",
        "address",
        "reminders",
        "visit",
        "rule",
        "rule_title",
        "sign_off",
        "day",
    )
    if sheet.form not in BY_PLAY:  # whose pages have the titles of their plays
        yield sheet.title
    yield from strings_of(_without(sheet.content, small))


def _without(value: Any, names: Sequence[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _without(inner, names) for key, inner in value.items() if key not in names}
    return [_without(inner, names) for inner in value] if isinstance(value, list | tuple) else value


@every_size
@pytest.mark.parametrize("form", [form for form in FORMS if form != "pocket"])
def test_what_is_worked_by_is_large_enough(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        readable = "".join(page.readable for page in paper.pages)
        small = [text for text in texts_to_work_by(paper.sheet) if squeeze(text) not in readable]
        assert small == [], paper.name


@every_size
def test_rows_of_a_list_are_even(papers: Papers, size: str) -> None:
    """Rows of one line stand as far apart as each other, with or without an id."""
    for paper in papers("checklist", size):
        ticks = [tick for page in paper.pages for tick in page.ticks]
        pitches: list[float] = []
        rows = [
            (i, row) for i, section in enumerate(paper.sheet.content["sections"]) for row in section["rows"]
        ]
        pairs = zip(rows[1:], rows, ticks[1:], ticks, strict=False)
        for (section, row), (former, above), tick, upper in pairs:
            if section == former and max(len(row["text"]), len(above["text"])) < 50 and tick[1] < upper[1]:
                pitches.append(upper[1] - tick[1])
        assert max(pitches) - min(pitches) < 0.1, paper.name


@every_size
@pytest.mark.parametrize("form", ["checklist", "guide", "standard"])
def test_what_to_do_and_what_not_to_are_drawn(papers: Papers, form: str, size: str) -> None:
    found = 0
    for paper in papers(form, size):
        signs = [sign for page in paper.pages for sign in page.signs]
        expected = list(signs_of(paper.sheet))
        assert signs == expected, paper.name
        found += len(expected)
        assert not re.search("[✓✗]", "".join(page.text for page in paper.pages)), paper.name
    assert found > 10


def signs_of(sheet: Sheet) -> Iterator[bool]:
    """Yield what is drawn beside what to do (True) and not to, row by row."""
    content = sheet.content
    for do, dont in zip_longest(content.get("do", ()), content.get("dont", ())):
        yield from [is_do for is_do, text in ((True, do), (False, dont)) if text]
    yield from [True, False] * len([*content.get("reminders", ()), *content.get("phrases", ())])


# --- what is cut and folded ------------------------------------------------------------------------

every_deck = pytest.mark.parametrize("form", ["deck", "role_play"])


def plays_of(paper: Paper) -> Iterator[tuple[Data, list[tuple[PageReading, PageReading]]]]:
    """Yield each play of a document of cards, with its leaves: the fronts and the backs."""
    play = paper.sheet.content
    leaves = list(zip(paper.pages[::2], paper.pages[1::2], strict=True))
    if paper.sheet.form == "role_play":
        yield {**play, "title": paper.sheet.title}, leaves
    else:
        assert len(leaves) == len(play["plays"]), paper.name
        yield from ((one, [leaf]) for one, leaf in zip(play["plays"], leaves, strict=True))


@every_size
@every_deck
def test_a_card_keeps_what_it_is_of_once_it_is_cut_out(
    papers: Papers, playbook: Playbook, form: str, size: str
) -> None:
    edition = SAY("paper.card.edition", name=playbook.settings.edition.name)
    roles = ["scenario.customer_side", "scenario.staff_side", "paper.card.observer", "paper.role_play.answer"]
    for paper in papers(form, size):
        for play, leaves in plays_of(paper):
            cards = [card.text for leaf in leaves for page in leaf for card in page.cards]
            assert len(cards) == 2 * len(roles), paper.name
            kept = [play["title"], play["channel"], play["level"], play["minutes"], edition]
            for text in (*kept, *([play["number"]] if form == "deck" else [])):
                assert all(squeeze(text) in card for card in cards), f"{paper.name}: {text}"
            for place, role in enumerate(roles, 1):
                numbered = squeeze(SAY("paper.card.number", card=place, cards=len(roles)))
                own = [card for card in cards if numbered in card]
                assert len(own) == 2, f"{paper.name}: {numbered}"
                assert all(squeeze(SAY(role)) in card for card in own), f"{paper.name}: {role}"


@every_size
@every_deck
def test_the_answer_is_on_its_own_card_and_the_rubric_on_the_observers(
    papers: Papers, source: Source, form: str, size: str
) -> None:
    found = 0
    for paper in papers(form, size):
        for play, leaves in plays_of(paper):
            cards = [card.text for leaf in leaves for page in leaf for card in page.cards]
            answer, observer = (
                [card for card in cards if squeeze(SAY(role)) in card]
                for role in ("paper.role_play.answer", "paper.card.observer")
            )
            told = [play["goes_wrong"], *play["debrief"], *(line["text"] for line in play["good_answer"])]
            for text in map(squeeze, told):
                assert [card for card in cards if text in card] == [card for card in answer if text in card]
                assert any(text in card for card in answer), f"{paper.name}: {text}"
            checked = [source.entry("standards", title.split()[0]) for title in play["standards"]]
            asked = [inline.plain(entry["verification"]["question"]) for entry in checked]
            assert play["rubric"] == asked, paper.name
            assert all(squeeze(text) in observer[0] for text in asked), paper.name
            assert len([tick for leaf in leaves for tick in leaf[0].ticks]) == len(asked), paper.name
            found += len(asked)
    assert found > 1


def behind(box: Box, page: PageReading) -> Box:
    """Return where a box lies that is seen from the other side of its leaf."""
    left, bottom, right, top = box
    return (page.width - right, bottom, page.width - left, top)


@every_size
@pytest.mark.parametrize("form", ["deck", "role_play", "credo"])
def test_the_back_of_a_card_lies_behind_its_front(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        assert len(paper.pages) % 2 == 0, paper.name
        for front, back in zip(paper.pages[::2], paper.pages[1::2], strict=True):
            assert len(front.cards) == len(back.cards) > 0, paper.name
            for card in front.cards:
                place = pytest.approx(behind(card.box, front), abs=0.5)
                backs = [one for one in back.cards if one.box == place]
                assert len(backs) == 1, f"{paper.name}: {card.text[:60]}"
                if form != "credo":  # whose cards are all the same
                    (numbered,) = re.findall(r"Tarjeta\d+de\d+", card.text)
                    assert numbered in backs[0].text, f"{paper.name}: {numbered}"


@every_size
@pytest.mark.parametrize("form", ["credo"])
def test_a_card_to_carry_is_as_large_as_a_bank_card(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        content = paper.sheet.content
        sides = ([content["promise"]], [*strings_of(content["principles"])])
        for page, texts in zip(paper.pages, sides, strict=True):
            assert len(page.cards) == 8, paper.name
            for card in page.cards:
                left, bottom, right, top = card.box
                assert (right - left, top - bottom) == pytest.approx((85 * MM, 54 * MM), abs=0.3), paper.name
                assert all(squeeze(text) in card.text for text in texts), paper.name


def folds_of(page: PageReading) -> list[tuple[int, bool, Box]]:
    """Return the folds that a page names: the number, whether it is folded back, and where that stands."""
    found = []
    for text, box in page.placed:
        if match := re.fullmatch(r"(\d+)·(.+)", squeeze(text)):
            back, front = (
                squeeze(SAY(f"paper.fold.{way}", number=match[1])) for way in ("mountain", "valley")
            )
            assert squeeze(text) in (back, front)
            found.append((int(match[1]), squeeze(text) == back, box))
    return found


def assert_folds_are_dashed(paper: Paper) -> None:
    """Each dashed line says its number and its direction; what is cut is drawn in one go."""
    for page in paper.pages:
        dashed = [stroke.box for stroke in page.strokes if stroke.is_dashed]
        labels = folds_of(page)
        assert len(labels) == len(dashed), paper.name
        for number, _, box in labels:
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            on = [one for one in dashed if contains(one, middle)]
            assert len(on) == 1, f"{paper.name}: {number}"


def contains(box: Box, point: tuple[float, float]) -> bool:
    """Tell whether a point lies in a box, or not further than two points from it."""
    left, bottom, right, top = box
    return left - 2 <= point[0] <= right + 2 and bottom - 2 <= point[1] <= top + 2


@every_size
@pytest.mark.parametrize(
    ("form", "folds"), [("deck", 0), ("role_play", 0), ("credo", 0), ("pocket", None), ("tent", 3)]
)
def test_lines_look_like_what_is_asked_of_the_hand(
    papers: Papers, form: str, folds: int | None, size: str
) -> None:
    for paper in papers(form, size):
        assert_folds_are_dashed(paper)
        for page in paper.pages:
            labels = [(number, is_back) for number, is_back, _ in folds_of(page)]
            assert folds in (None, len(labels)), paper.name
            if form == "pocket":
                assert_a_card_is_folded_to_and_fro(page, labels, paper.name)
            if form == "tent":
                assert labels == [(number, True) for number in (1, 2, 3)], paper.name


def assert_a_card_is_folded_to_and_fro(page: PageReading, labels: list[tuple[int, bool]], name: str) -> None:
    """Cards of one, two or four panels are cut out of eight; the first fold goes back, the next forward."""
    card = [(1, True), (2, False), (3, True)][: max((number for number, _ in labels), default=0)]
    panels = len(card) + 1
    assert panels in (1, 2, 4), name
    assert labels == card * (8 // panels), name
    cuts = [stroke.box for stroke in page.strokes if not stroke.is_dashed]
    across = [box for box in cuts if box[2] - box[0] > page.width - 13 * MM]
    down = [box for box in cuts if box[3] - box[1] > 90 * MM]
    assert (len(across), len(down)) == (1, 2 * (4 // panels - 1)), name


def panels_of(page: PageReading) -> list[list[tuple[str, Box]]]:
    """Return what stands in each of the eight panels of a card, as it is read: the upper row comes first."""
    panels: list[list[tuple[str, Box]]] = [[] for _ in range(8)]
    for text, (left, bottom, right, top) in page.placed:
        if re.match(r"\d+ ·", text):
            continue
        column, row = int((left + right) / 2 / page.width * 4), int((bottom + top) / 2 < page.height / 2)
        panels[4 * row + column].append((text, (left, bottom, right, top)))
    return panels


def begins_with(panel: list[tuple[str, Box]], is_upside_down: bool = False) -> str:
    """Return the first line of a panel, without spaces."""
    edges = [(-box[1] if is_upside_down else box[3], text) for text, box in panel]
    first, _ = max(edges)
    return squeeze("".join(text for edge, text in edges if edge > first - 3))


@every_size
@pytest.mark.parametrize("form", ["pocket"])
def test_a_panel_begins_with_what_its_lines_are_of(papers: Papers, form: str, size: str) -> None:
    repeated = 0
    for paper in papers(form, size):
        titles = [squeeze(one["title"]) for one in paper.sheet.content["sections"]]
        again = [
            squeeze(SAY("paper.pocket.goes_on", title=one["title"]))
            for one in paper.sheet.content["sections"]
        ]
        for page in paper.pages:
            for panel in filter(None, panels_of(page)):
                first = begins_with(panel)
                heads = [squeeze(paper.sheet.title), *titles, *again]
                assert any(head.startswith(first) for head in heads), f"{paper.name}: {first}"
                text = squeeze("".join(text for text, _ in panel))
                repeated += any(text.startswith(head) for head in again)
    assert repeated > 0


@every_size
def test_a_card_of_eight_panels_is_folded_in_the_middle_first(make_project: MakeProject, size: str) -> None:
    project = make_project({})
    path = project / "playbook/checklists/apertura.yml"
    items = "".join(
        f"      - id: n{i}\n        text: Revisé el cajón número {i} entero.\n" for i in range(70)
    )
    path.write_text(path.read_text("utf-8") + items, "utf-8")
    paper = print_one(project, "pocket", size)
    (page,) = paper.pages
    assert_folds_are_dashed(paper)
    # Below the first fold is seen from behind: what goes back above comes forward there.
    above, below = [(2, True), (3, False), (4, True)], [(2, False), (3, True), (4, False)]
    assert [(number, is_back) for number, is_back, _ in folds_of(page)] == [(1, True), *above, *below]
    assert not [
        stroke for stroke in page.strokes if not stroke.is_dashed and stroke.box[3] - stroke.box[1] > 90
    ]
    panels = panels_of(page)
    numbers = [
        [int(found) for text, _ in panel for found in re.findall(r"número (\d+)", text)] for panel in panels
    ]
    read = [*numbers[:4], *reversed(numbers[4:])]
    assert [number for panel in read for number in panel] == list(range(70))
    heads = [begins_with(panel, i >= 4) for i, panel in enumerate(panels) if panel]
    again = squeeze(SAY("paper.pocket.goes_on", title=paper.sheet.content["sections"][-1]["title"]))
    assert heads.count(again) == len(heads) - 1 > 4


@every_size
@pytest.mark.parametrize("form", ["tent"])
def test_a_tent_stands_and_reads_from_both_sides(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        (page,) = paper.pages
        ridge, *feet = [(box[1] + box[3]) / 2 for _, _, box in folds_of(page)]
        over, under = sorted(feet, reverse=True)
        assert over - ridge == pytest.approx(ridge - under, abs=1), paper.name
        assert page.height - over == pytest.approx(under, abs=1), f"{paper.name}: a flap is longer"
        assert over - ridge > 2.5 * under, f"{paper.name}: it would lie down"
        first, last = (
            paper.sheet.content["promise"].split()[0],
            paper.sheet.content["principles"][-1]["title"],
        )
        heights = {
            word: sorted((box[1] + box[3]) / 2 - ridge for text, box in page.placed if text.startswith(word))
            for word in (first, last)
        }
        (down, up), (low, high) = heights[first], heights[last]
        # The promise stands at the ridge on both sides, so one of them is upside down on the sheet.
        assert (low, high) == pytest.approx((-high, -low), abs=1), paper.name
        assert low < down < 0 < up < high, paper.name


@every_size
def test_the_key_is_on_a_leaf_of_its_own(papers: Papers, size: str) -> None:
    for paper in papers("quiz", size):
        head = squeeze(SAY("paper.quiz.key"))
        first = next(number for number, page in enumerate(paper.pages, 1) if page.spoken.startswith(head))
        assert first % 2 == 1, f"{paper.name}: behind a page of questions"
        blank = [
            number
            for number, page in enumerate(paper.pages, 1)
            if squeeze(SAY("paper.sheet.blank")) in page.spoken
        ]
        empty = [number for number, page in enumerate(paper.pages[: first - 1], 1) if "a)" not in page.spoken]
        assert blank == empty, f"{paper.name}: a page that is blank on purpose says so"
        asked = [one for stage in paper.sheet.content["stages"] for one in stage["questions"]]
        assert len(asked) == len(paper.sheet.content["key"]) > 5, paper.name
        answers = [squeeze(answer) for question in asked for answer in question["answers"]]
        for page in paper.pages[first - 1 :]:
            assert not [answer for answer in answers if f"){answer}" in page.spoken], paper.name


@every_size
def test_boxes_of_an_audit_have_air_around_them(papers: Papers, size: str) -> None:
    for paper in papers("audit", size):
        for page in paper.pages:
            for one, other in zip(page.ticks, page.ticks[1:], strict=False):
                beside = abs(one[1] - other[1]) < 1
                gap = other[0] - one[2] if beside else one[1] - other[3]
                assert gap >= (6 if beside else 2) * MM - 0.1, paper.name


@every_size
@every_list
def test_every_box_takes_a_pencil(papers: Papers, form: str, boxes: int, size: str) -> None:
    for paper in papers(form, size):
        ticks = [tick for page in paper.pages for tick in page.ticks]
        assert len(ticks) >= boxes, paper.name
        assert min(min(tick[2] - tick[0], tick[3] - tick[1]) for tick in ticks) >= 5 * MM, paper.name


@every_size
@every_form
def test_grey_loses_nothing(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        for number, page in enumerate(paper.pages, 1):
            name = f"{paper.name}, page {number}"
            colours = page.inks | page.other_colours
            assert [colour for colour in colours if len(set(colour)) > 1] == [], name
            assert max(page.inks) <= (INK,) * 3, name
            between = [grey for grey, *_ in page.other_colours if INK < grey < GROUND]
            assert between == [], name
            assert page.has_grey_pictures, name


# --- what every page carries -------------------------------------------------------------------------


@every_size
@every_form
def test_every_page_says_its_edition_and_where_to_ask(
    papers: Papers, playbook: Playbook, form: str, size: str
) -> None:
    edition = playbook.settings.edition
    words = SAY("edition.text", name=edition.name, date=SAY.date(edition.date))
    for paper in papers(form, size):
        for number, page in enumerate(paper.pages, 1):
            play = play_on(paper, number)
            title, address = (
                (play["title"], play["address"]) if play else (paper.sheet.title, paper.sheet.address)
            )
            counted = SAY("paper.sheet.page", page=number, pages=len(paper.pages))
            for text in (words, counted, title, address):
                assert squeeze(text) in page.text, f"{paper.name}, page {number}: {text}"
            assert len(address) <= 60, f"{paper.name}: too long to type"


@every_size
@every_form
def test_the_code_of_every_page_leads_to_its_address(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        for number, page in enumerate(paper.pages, 1):
            own = play_on(paper, number) or {"link": paper.sheet.link}
            # The book has it on its cover, and where a chapter begins.
            link = own["link"] if form != "book" or begins_in_book(paper, number) else None
            assert set(page.codes) == ({link} if link else set()), f"{paper.name}, page {number}"
            assert len(page.codes) == len(page.pictures), f"{paper.name}, page {number}"


def begins_in_book(paper: Paper, number: int) -> bool:
    """Tell whether a page of the book is its cover, or one on which a chapter begins."""
    page = paper.pages[number - 1]
    heads = [SAY(f"paper.book.{name}") for name in ("contents", "index_titles", "index")]
    heads += [chapter["title"] for chapter in paper.sheet.content["chapters"]]
    large = {squeeze(text) for text, size in page.runs if size > CHAPTER_SIZE}
    return number == 1 or any(squeeze(head) in "".join(large) for head in heads)


def test_a_name_that_ends_in_a_point_gets_no_second(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/playbook.yml"
    path.write_text(
        path.read_text("utf-8").replace("organisation: Prueba", "organisation: Prueba, S.A."), "utf-8"
    )
    for form in ("checklist", "guide", "lineup", "book"):
        text = print_one(project, form).pages[-1].text
        assert "Prueba,S.A.Edición" in text, form


# --- who listens to it -------------------------------------------------------------------------------


@every_size
@every_form
def test_a_reader_that_speaks_can_read_it(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        assert paper.reading.says_ua_1, paper.name
        assert paper.reading.is_tagged, paper.name
        assert paper.reading.language == "es", paper.name
        assert paper.reading.title == f"{paper.sheet.title} · {SAY(f'paper.form.{form}')}", paper.name


def play_on(paper: Paper, number: int) -> Data | None:
    """Return the play that a page belongs to, where each has its own."""
    form = paper.sheet.form
    if form not in BY_PLAY:
        return None
    play: Data = paper.sheet.content["plays"][(number - 1) // PAGES_OF_A_PLAY[form]]
    return play


def in_reading_order(sheet: Sheet) -> list[str]:
    """Return what a sheet says in the order in which people read it."""
    content = sheet.content
    match sheet.form:
        case "checklist" | "audit":
            lines = [(row["text"], row["id"]) for section in content["sections"] for row in section["rows"]]
            sections = [section["title"] for section in content["sections"]]
            signed = [field["label"] for field in content["sign_off"]]
            return [sheet.title, content["use"], sections[0], *strings_of(lines), *signed]
        case "pocket":
            sections = [(one["title"], *(row["text"] for row in one["rows"])) for one in content["sections"]]
            return [sheet.title, *strings_of(sections)]
        case "guide":
            parts = ("summary", "signals", "needs", "approach", "phrases", "mistakes", "standards")
            return [sheet.title, *strings_of([content[name] for name in parts])]
        case "role_play":
            return [sheet.title, *play_in_order(content)]
        case "standard":
            sides = zip_longest(content["do"], content["dont"], fillvalue="")
            below = [content[name] for name in ("phrases", "verification", "declared")]
            return [
                sheet.title,
                content["statement"],
                content["threshold"],
                *strings_of([list(sides), *below]),
            ]
        case "poster" | "credo" | "tent":
            return [sheet.title, *strings_of(content)]
        case "deck":
            return [text for play in content["plays"] for text in (play["title"], *play_in_order(play))]
        case "lineup":
            said = ("day", "id", "title", "statement", "do", "dont", "question", "check")
            days = [day[name] for day in content["days"] for name in said]
            play = content["play"]
            aim = (content["aim"], content["materials"])
            told = [content[name] for name in ("total", "after", "closed", "full")]
            plan = [*aim, *strings_of(content["plan"]), *told]
            how, example = content["practice"], strings_of(content["example"] or ())
            brief = [how["when"], *strings_of(how["steps"]), how["total"], how["more"]]
            log = [SAY(f"paper.lineup.{name}") for name in ("log", "debrief", "attendance", "signature")]
            return [sheet.title, *plan, *days, play["title"], *brief, *play_in_order(play), *example, *log]
        case "session":
            guided = ("aim", "situation", "promises", "materials", "steps", "total", "watch", "debrief")
            return [
                text
                for one in content["plays"]
                for text in strings_of([one["title"], *(one[part] for part in guided)])
            ]
        case "training":
            stages = [
                (one["title"], *strings_of(one["standards"]), *one["practice"], one["quiz"])
                for one in content["stages"]
            ]
            week = content["week"]
            days = [(day["title"], day["total"], *strings_of(day["steps"])) for day in week["days"]]
            first = [week["aim"], week["materials"], week["total"], *strings_of(days), *week["debrief"]]
            filled = ("attended", "attendance", "plan", "reviewed", "slip", "certificate")
            last = [content[part] for part in filled]
            path = [content["rule"], *strings_of(content["whose"]), *strings_of(stages)]
            return [sheet.title, *path, *first, *strings_of(last)]
        case "quiz":
            asked = [text for stage in content["stages"] for text in quiz_in_order(stage)]
            labels = [field["label"] for field in content["sign_off"]]
            key = [text for one in content["key"] for text in (one["letter"], one["title"], one["why"])]
            return [sheet.title, content["how"], *labels, *asked, SAY("paper.quiz.key"), *key]
        case _:
            # The contents come first, and hold every title too.
            chapters = [
                (one["title"], *strings_of(_without_ids(one["entries"]))) for one in content["chapters"]
            ]
            return [sheet.title, content["description"], *strings_of(chapters)]


def quiz_in_order(stage: Data) -> Iterator[str]:
    yield stage["title"]
    for question in stage["questions"]:
        yield from (question["topic"], question["ask"], question["id"])
        for letter, answer in zip("abcd", question["answers"], strict=False):
            yield f"{letter}){answer}"


def play_in_order(play: Data) -> list[str]:
    """Return what a role-play says: as cards, or in a line-up, where there is no rubric."""
    answer = [text for line in play["good_answer"] for text in (line["label"], line["text"])]
    sides = [play[name] for name in ("situation", "customer_side", "staff_side")]
    if "rubric" in play:
        return [text for card in cards_of(play) for text in card]
    return [*sides, play["goes_wrong"], *answer, *play["debrief"], *play["standards"]]


def cards_of(play: Data) -> list[list[str]]:
    """Return what stands together on each side of a card: the fronts, then the back of the answer."""
    strip = [play["channel"], play["level"], play["minutes"]]
    return [
        [play["customer"], play["situation"], play["customer_side"], *strip],
        [play["situation"], play["staff_side"]],
        play["rubric"],
        [text for line in play["good_answer"] for text in (line["label"], line["text"])],
        [play["goes_wrong"], *play["debrief"], *play["standards"], *strings_of(play["declared"])],
    ]


@every_size
@every_form
def test_it_is_read_in_the_order_of_its_content(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        spoken, place = paper.spoken, 0
        for text in in_reading_order(paper.sheet):
            found = spoken.find(squeeze(text), place)
            assert found >= 0, f"{paper.name}: {text!r} is read too early or not at all"
            place = found + len(squeeze(text))


@every_size
@every_form
def test_every_font_travels_with_it(papers: Papers, form: str, size: str) -> None:
    for paper in papers(form, size):
        for number, page in enumerate(paper.pages, 1):
            assert page.fonts, f"{paper.name}, page {number}"
            assert all(embedded for _, embedded in page.fonts), f"{paper.name}, page {number}"
            names = [name for name, _ in page.fonts if "AtkinsonHyperlegibleNext" in name]
            assert names, f"{paper.name}, page {number}"


# --- the book ----------------------------------------------------------------------------------------


@every_size
def test_contents_and_index_lead_to_the_right_pages(papers: Papers, source: Source, size: str) -> None:
    pages = [page.spoken for page in papers("book", size)[0].pages]
    body = next(i for i, text in enumerate(pages) if i > 1 and text.startswith("Fundamentos"))
    by_title, by_id = (squeeze(f"Índice por {what}") for what in ("título", "clave"))
    middle, end = (
        next(i for i, text in enumerate(pages) if text.startswith(head)) for head in (by_title, by_id)
    )
    contents, index = "".join(pages[1:body]), "".join(pages[end:]).removeprefix(by_id)
    titles, places = "".join(pages[middle:end]).removeprefix(by_title), []
    for kind in IN_YAML:
        for entry in source.of(kind):
            title = f"{entry['id']} {entry['title']}" if kind == "standards" else entry["title"]
            called = f"{entry['title']} ({entry['id']})" if kind == "standards" else entry["title"]
            code = title if kind == "standards" else entry["id"]
            listed = ((title, contents), (code, index), (called, titles))
            places.append((SAY.sort_key(entry["title"]), titles.find(squeeze(called))))
            numbers = {number_of(text, where) for text, where in listed}
            assert len(numbers) == 1, title
            assert squeeze(title) in pages[numbers.pop() - 1], title
    assert [place for _, place in sorted(places)] == sorted(place for _, place in places)


@every_size
def test_no_chapter_of_the_book_ends_with_a_few_lines_on_a_page(papers: Papers, size: str) -> None:
    (paper,) = papers("book", size)
    begun = [number for number in range(1, len(paper.pages) + 1) if begins_in_book(paper, number)]
    assert len(begun) > len(paper.sheet.content["chapters"])
    foot, head = 30 * MM, 10 * MM
    for number in (*(number - 1 for number in begun[1:]), len(paper.pages)):
        page = paper.pages[number - 1]
        lowest = min((line[1] for line in page.lines if line[1] > foot), default=page.height)
        assert (page.height - head - lowest) / (page.height - head - foot) >= 0.2, f"{size}, page {number}"


@every_size
def test_what_a_page_of_the_book_has_room_for_stands_on_one(papers: Papers, size: str) -> None:
    (paper,) = papers("book", size)
    standards = [
        entry
        for chapter in paper.sheet.content["chapters"]
        for entry in chapter["entries"]
        if chapter.get("together")
    ]
    assert len(standards) == len(read(ROOT).of_type(Standard))
    spoken = [page.spoken for page in paper.pages]
    for entry in standards:
        texts = [squeeze(text) for text in strings_of({**entry, "id": ""}) if text]
        assert any(all(text in page for text in texts) for page in spoken), entry["title"]


def number_of(text: str, where: str) -> int:
    """Return the page that a list gives for a title; the dots between them are not read aloud."""
    found = re.search(rf"(?<![a-záéíóúüñ-]){re.escape(squeeze(text))}(\d+)", where)
    assert found, f"{text} is not listed"
    return int(found.group(1))


@every_size
def test_the_book_has_a_glossary_in_order(papers: Papers, playbook: Playbook, size: str) -> None:
    spoken = papers("book", size)[0].spoken
    terms = sorted(playbook.terms.values(), key=lambda term: SAY.sort_key(term.title))
    texts = [squeeze(f"{term.title}. {inline.plain(term.definition)}") for term in terms]
    assert len(texts) > 20
    places = [spoken.find(text) for text in texts]
    assert -1 not in places
    assert places == sorted(places)


# --- the same again ----------------------------------------------------------------------------------


def test_the_same_playbook_gives_the_same_bytes(playbook: Playbook, files: dict[str, bytes]) -> None:
    again = print_all(read(ROOT))
    assert sorted(again) == sorted(files)
    assert [path for path, content in again.items() if content != files[path]] == []
    assert {Path(path).suffix for path in files} == {".pdf", ".xlsx", ".csv", ".json", ".txt"}


# --- texts at their limits ---------------------------------------------------------------------------

LONG_URL = "https://ejemplo.example.org/" + "camino-muy-largo/" * 8 + "?consulta=" + "x" * 60
LIMITS = (
    "Ñ" * 30 + " ¿" + "palabra " * 32,
    f"Mira {LONG_URL}"[:300],
    "Sonríe 😀 y di «¡buenos días!» 👩🏽‍💻 🇲🇽 #1",
    "=1+1 con signo, -menos, @arroba y *asterisco* `acento` $dinero$ #let x = 1 \\\\ <etiqueta>",
)


def limits_checklist(count: int, form: str) -> str:
    """Return a checklist of `count` items with texts at their limits, printed in a form."""
    texts = [LIMITS[i % len(LIMITS)][:300].strip() for i in range(count)]
    items = "".join(f"      - id: i{i}\n        text: {yaml_text(text)}\n" for i, text in enumerate(texts))
    return (
        "id: apertura\ntitle: " + yaml_text("Título ñ ¿largo? " * 6) + "\nowner: servicio\n"
        "reviewed: 2026-11-01\nuse: Antes de abrir.\nroles: [mostrador]\nfrequency: Diario\n"
        f"scored: {str(form == 'audit').lower()}\nreminder: true\n"
        "sign_off: [name, place, date, signature, observations]\n"
        "sections:\n  - id: todo\n    title: Todo\n    take: [EXT-01]\n    items:\n" + items
    )


def yaml_text(text: str) -> str:
    return "'" + text.strip().replace("'", "''") + "'"


@every_size
@every_list
def test_texts_at_their_limits_break_no_sheet(
    make_project: MakeProject, form: str, boxes: int, size: str
) -> None:
    project = make_project({"playbook/checklists/apertura.yml": limits_checklist(60, form)})
    paper = print_one(project, form, size)
    rows = Source(project / "playbook").rows("apertura")
    assert len(rows) == 61
    assert_every_line(paper, rows, boxes)
    assert_on_the_sheet(paper)
    for _, text in rows:
        assert any(squeeze(text) in page.spoken for page in paper.pages)


@every_size
@pytest.mark.parametrize(
    "form", ["guide", "role_play", "standard", "deck", "lineup", "quiz", "training", "session", "book"]
)
def test_texts_at_their_limits_break_no_other_sheet(make_project: MakeProject, form: str, size: str) -> None:
    paper = print_one(make_project(limits_elsewhere()), form, size)
    assert_on_the_sheet(paper)
    missing = [text for text in strings_of(paper.sheet.content) if squeeze(text) not in paper.spoken]
    # The address of a play stands in the foot.
    missing = [text for text in missing if "/p/" not in text]
    if form == "standard":
        assert not missing or squeeze(SAY("paper.sheet.left_out", count=len(missing))) in paper.spoken
    else:
        assert missing == []
    if form in BY_PLAY:
        long, short = (play["link"] for play in paper.sheet.content["plays"])
        last = PAGES_OF_A_PLAY[form]
        assert len(paper.pages) > (2 * last if form == "deck" else 1)
        assert [page.codes for page in paper.pages] == [[long]] * (len(paper.pages) - last) + [[short]] * last
    else:
        coded = [
            page.codes
            for number, page in enumerate(paper.pages, 1)
            if form != "book" or begins_in_book(paper, number)
        ]
        assert all(set(codes) == {paper.sheet.link} for codes in coded)


def limits_elsewhere() -> dict[str, str]:
    """Return a customer, a scenario and a standard whose texts are at their limits, and a short scenario."""
    long = [text[:300].strip() for text in LIMITS]
    many = "".join(f"  - {yaml_text(text)}\n" for text in long * 2)
    pairs = "".join(f"  - say: {yaml_text(text)}\n    avoid: {yaml_text(text)}\n" for text in long)
    steps = "".join(f"  - title: Paso\n    text: {yaml_text(text)}\n" for text in long)
    customer = (
        f"id: vip\ntitle: Cliente VIP\nowner: servicio\nreviewed: 2026-11-01\nnature: situation\n"
        f"summary: {yaml_text(long[0])}\nsignals:\n{many}needs:\n{many}approach:\n{steps}phrases:\n{pairs}"
        f"mistakes:\n{many}standards: [EXT-01]\nmetrics: [csat]\n"
    )
    minimal = ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml"
    standard = (
        minimal.read_text(encoding="utf-8")
        .replace("  - Mira y saluda.\n", many)
        .replace("  - Seguir en la pantalla.\n", many)
        .replace("Saludas a quien llega.", yaml_text(long[0]))
    )
    return {
        "playbook/customers/vip.yml": customer,
        "playbook/scenarios/caso.yml": scenario_of("caso", long * 4),
        "playbook/scenarios/otro.yml": scenario_of("otro", ["Algo breve.", "Y ya."]),
        "playbook/standards/EXT-01.yml": standard,
    }


def scenario_of(identity: str, texts: list[str]) -> str:
    """Return a scenario that says nothing but these texts, a turn and a question each."""
    sides = ("situation", "customer_side", "staff_side", "goes_wrong")
    parts = "".join(f"{side}: {yaml_text(texts[i % len(texts)])}\n" for i, side in enumerate(sides))
    turns = "".join(f"  - who: staff\n    text: {yaml_text(text)}\n" for text in texts)
    questions = "".join(f"  - {yaml_text(text)}\n" for text in texts)
    return (
        f"id: {identity}\ntitle: El {identity}\nowner: servicio\nreviewed: 2026-11-01\ncustomer: vip\n"
        f"channel: presencial\n{parts}good_answer:\n{turns}debrief:\n{questions}standards: [EXT-01]\n"
    )


def test_a_sign_that_no_font_draws_is_a_box_and_no_failure(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/checklists/apertura.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("Encendí la luz", "Encendí 灯 la luz"), "utf-8")
    assert squeeze("Encendí □ la luz") in print_one(project, "checklist").spoken


def test_every_sign_that_the_fonts_have_can_be_printed(make_project: MakeProject) -> None:
    playbook = read(make_project({}))
    sheet = next(sheet for sheet in Sheets(playbook, SAY).all() if sheet.form == "checklist")
    signs = "".join(chr(code) for code in sorted(printable()) if code > ord(" "))
    printed = render_pdf(replace(sheet, title=f"a{signs}"), "Letter", playbook.settings, SAY)
    assert "€" in "".join(page.text for page in read_pdf(printed).pages)


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
    assert squeeze(row["text"]) in paper.spoken


# --- fonts -------------------------------------------------------------------------------------------


def test_every_font_has_its_licence_beside_it() -> None:
    for path in font_files():
        family = path.stem.partition("-")[0]
        (licence,) = path.parent.glob(f"{family}-LICENSE.*")
        assert "SIL OPEN FONT LICENSE" in licence.read_text(encoding="utf-8").upper(), path.name


@pytest.mark.parametrize("arguments", [["export", "--format", "pdf", "--project"], ["build", "--project"]])
def test_a_missing_font_is_named_and_nothing_is_made(
    make_project: MakeProject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    fonts = make_project({}) / "fonts"
    shutil.copytree(FONTS, fonts)
    (fonts / "AtkinsonHyperlegibleNext-Bold.ttf").unlink()
    monkeypatch.setattr(glyphs, "FONTS", fonts)
    monkeypatch.chdir(fonts.parent)
    for kept in (glyphs._signs_of, typeset._fonts, typeset._replacements):
        kept.cache_clear()
    try:
        assert run([*arguments, str(fonts.parent)]) == 2
    finally:
        monkeypatch.undo()
        for kept in (glyphs._signs_of, typeset._fonts, typeset._replacements):
            kept.cache_clear()
    said = capsys.readouterr().err
    assert "Falta la fuente «AtkinsonHyperlegibleNext-Bold.ttf»" in said
    assert "Traceback" not in said
    assert not list(fonts.parent.rglob("*.pdf"))
