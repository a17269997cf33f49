"""What a playbook may declare for itself: each wish, how it is declared and where it shows; each refusal."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.content.declarations import TAKEN_FIELDS
from servicebook.content.kinds import kinds_of
from servicebook.content.marked import find_marked, parts_of
from servicebook.content.model.entries import ENTRY_TYPES, Entry
from servicebook.content.model.types import Inline
from servicebook.content.patterns import fault_of
from servicebook.content.schema import schema_text
from servicebook.editing.cms import Backend, config_of
from servicebook.editing.compare import find_differences
from servicebook.editing.new import write_skeleton
from servicebook.editing.versions import read_folder
from servicebook.language import inline
from servicebook.language.messages import messages_in
from servicebook.paper.files import files_of
from servicebook.paper.sheets import Sheets
from servicebook.site import search
from servicebook.site.site import Site, read_playbook
from servicebook.views.addresses import entry_path
from servicebook.views.facets import choices_of
from servicebook.views.matrices import matrix_of
from servicebook.views.summaries import titled
from tests.conftest import ROOT, MakeProject, copy_project, unprinted

CASES = sorted((ROOT / "tests/cases/open").glob("*.yml"))
TODAY = dt.date(2026, 11, 25)
PROJECTS = {name: ROOT / "tests/projects" / name for name in ("hospital", "baseline")}


def case_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def named(*, refused: bool) -> list[Any]:
    cases = [path for path in CASES if ("says" in case_of(path)) is refused]
    return [pytest.param(path, id=path.stem) for path in cases]


def arrange(case: dict[str, Any], folder: Path) -> Path:
    """Write the minimal project with what a case declares, and with its fields on the one standard.

    `entries` has the fields of others by their files, `files` what stands beside them.
    """
    project = copy_project(folder, {})
    root = project / "playbook"
    change(root / "playbook.yml", case.get("settings", {}))
    change(root / "standards/EXT-01.yml", case.get("entry", {}))
    for name, fields in case.get("entries", {}).items():
        change(root / name, fields)
    for name, text in case.get("files", {}).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    if new := case.get("rename"):
        change(root / "standards/EXT-01.yml", {"id": new, "former_ids": ["EXT-01"]})
        (root / "standards/EXT-01.yml").rename(root / f"standards/{new}.yml")
        for path in root.glob("*/*.yml"):
            text = path.read_text(encoding="utf-8")
            kept = "former_ids:\n- EXT-01"
            text = text.replace(kept, "@").replace("EXT-01", new).replace("@", kept)
            path.write_text(text, encoding="utf-8")
    return project


def change(path: Path, fields: dict[str, Any]) -> None:
    """Write a file with some fields set; None takes one away."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) | copy.deepcopy(fields)  # noqa: S506
    kept = {name: value for name, value in data.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=100), encoding="utf-8")


@pytest.mark.parametrize("path", named(refused=False))
def test_a_wish_shows_where_it_is_declared_to(path: Path, tmp_path: Path) -> None:
    case = case_of(path)
    project = arrange(case, tmp_path / "project")
    playbook, problems = read_playbook(project, TODAY)
    assert [one.rule for one in problems if "unused" not in one.rule and "unmeasured" not in one.rule] == []
    site = Site(playbook)
    entry = playbook.entries[case.get("of") or case.get("rename") or "EXT-01"]
    for place, wanted in case["shows"].items():
        text = PLACES[place.split()[0] if place != "data schema" else place](site, entry, place, project)
        for one in [wanted] if isinstance(wanted, str) else wanted:
            assert one in text, f"{path.stem}: {place}"
    for place, unwanted in case.get("hides", {}).items():
        text = PLACES[place](site, entry, place, project)
        assert [one for one in unwanted if one in text] == [], f"{path.stem}: {place}"
    data = json.loads(site.data_text())
    jsonschema.validate(data, json.loads(site.schema_text()))


def page(site: Site, entry: Entry, place: str, project: Path) -> str:
    other = place.partition(" of ")[2]
    return site.parts_of(site.playbook.entries[other] if other else entry).content


def found(site: Site, entry: Entry, place: str, project: Path) -> str:
    (one,) = (one for one in search.documents_of(site) if one.id == entry.id)
    said = (text for part in one.sections for text in (part.title, *part.texts))
    return "\n".join((one.kind, one.code, one.key, one.title, *said))


def spreadsheet(site: Site, entry: Entry, place: str, project: Path) -> str:
    files = {file.format: file for file in files_of(site.playbook, site.say) if "estandares" in file.path}
    with zipfile.ZipFile(io.BytesIO(files["xlsx"].make())) as book:
        said = book.read("xl/sharedStrings.xml").decode()
    separator = site.playbook.settings.separator
    rows = list(csv.reader(io.StringIO(files["csv"].make().decode("utf-8-sig")), delimiter=separator))
    cells = [cell for row in rows for cell in row]
    # Only what both formats say counts.
    return "\n".join(cell for cell in cells if cell in said or cell.isdecimal())


def skeleton(site: Site, entry: Entry, place: str, project: Path) -> str:
    root = project / "playbook"
    identity = "EXT-09" if entry.kind == "standard" else "otra"
    path = write_skeleton(root, entry.kind, identity, site.say, {"title": "Otra", "owner": "servicio"})
    text = path.read_text(encoding="utf-8")
    read_playbook(project, TODAY)
    path.unlink()
    return text


PLACES: dict[str, Callable[[Site, Entry, str, Path], str]] = {
    "page": page,
    "card": lambda site, entry, *_: str(site.renderer.render("cards", [entry])),
    "search": found,
    "book": lambda site, *_: json.dumps(Sheets(site.playbook, site.say).book().content, ensure_ascii=False),
    "spreadsheet": spreadsheet,
    "facets": lambda site, entry, *_: " ".join(
        choice.path
        for name in entry.facets
        for choice in choices_of(entry.kind, name, site.playbook, site.say)
    ),
    "matrix": lambda site, entry, place, _: str(
        matrix_of(entry.kind, place.split()[1], site.playbook, site.say)
    ),
    "data": lambda site, entry, *_: site.entry_text(entry),
    "markdown": lambda site, entry, place, *_: site.entry_plain(
        site.playbook.entries[place.partition(" of ")[2] or entry.id]
    ),
    "theme": lambda site, *_: json.dumps(site.theme_data(offline=False)),
    "data schema": lambda site, *_: site.schema_text(),
    "schema": lambda site, entry, *_: schema_text(entry.kind, site.say, site.playbook.kinds),
    "skeleton": skeleton,
    "form": lambda site, *_: json.dumps(
        config_of(site.playbook.settings, Backend("github"), "playbook", site.say),
        ensure_ascii=False,
    ),
}


@pytest.mark.parametrize(
    "path", [path for path in named(refused=False) if "change" in case_of(path.values[0])]
)
def test_a_change_has_the_class_that_the_declaration_states(path: Path, tmp_path: Path) -> None:
    case = case_of(path)
    root = arrange(case, tmp_path / "project") / "playbook"
    before = read_folder(root, "playbook")
    change(root / "standards/EXT-01.yml", case["change"])
    differences = find_differences(before, read_folder(root, "playbook"))
    assert differences
    assert {one.weight.word for one in differences} == {case["class"]}
    assert {one.loc[0] for one in differences} == set(case["change"])


@pytest.mark.parametrize("path", named(refused=True))
def test_a_refused_form_is_told_with_its_place(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_of(path)
    monkeypatch.chdir(arrange(case, tmp_path / "project"))
    code = run(["--lang", "es", *case.get("command", ["check"])])
    assert capsys.readouterr().out == case["says"]
    assert code == 1


@pytest.mark.parametrize(
    "pattern", [r"V[0-9]+\.[0-9]+", "[a-z0-9]+(?:-[a-z0-9]+)*", "REC-[0-9]{1,4}", "A|B-[0-9]"]
)
def test_patterns_that_make_names(pattern: str) -> None:
    assert fault_of(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        ".*",
        r"\d+",
        "a/b",
        r"a\\b",
        "[^/]+",
        "(",
        ")",
        "[z-a]",
        "a{3}{4}",
        "x*",
        "(?=a)a",
        "(a)\\1",
        "é",
        "",
        "a" * 200,
    ],
)
def test_patterns_that_are_more_than_names(pattern: str) -> None:
    assert fault_of(pattern) == "id-pattern"


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|a)*", "([a-z]+-?)*", "(-[a-z-]+)*", "((ab)+c)+", "(a{1,9})+b"]
)
def test_patterns_that_could_run_away(pattern: str) -> None:
    assert fault_of(pattern) == "id-pattern-slow"


# --- the model: every field is shown, found, printed and compared, or says why not -------------------

# Fields that are no text of their page, and where a reader sees what they say instead.
ELSEWHERE = {
    **dict.fromkeys(
        ("id", "title", "status", "replaced_by"), "at the top of the page, in its heading or notice"
    ),
    **dict.fromkeys(
        ("revision", "changes", "owner", "reviewed", "review_every"), "in the record of the page"
    ),
    "former_ids": "they lead to the page",
    "sources": "at the foot of the page",
    "search_words": "in the search alone",
    "attachments": "under the pictures, by their titles",
    "urgent": "in the list of what is needed at once",
    **dict.fromkeys(
        ("customers", "metrics", "cases", "related", "standards", "customer"), "under what it goes with"
    ),
    **dict.fromkeys(
        ("pillar", "principles", "channels", "channel", "roles", "moments", "services"), "in the record"
    ),
    **dict.fromkeys(("level", "mappings", "nature"), "in the record of the page"),
    "no_metric": "after how it is verified",
    "company": "in the title of a case",
    "reading_origin": "under the readings",
    **dict.fromkeys(
        ("frequency", "sections", "sign_off", "page_size", "scored", "scoring"), "as the list itself"
    ),
    **dict.fromkeys(("reminder", "period", "dated", "signers"), "as the list itself and on its sheet"),
}


@pytest.mark.parametrize("kind", ENTRY_TYPES)
def test_every_field_of_every_kind_is_marked(kind: str) -> None:
    model = ENTRY_TYPES[kind]
    marks = parts_of(model)
    assert list(marks) == list(model.model_fields)
    texts = {name for name, part in marks.items() if part.at}
    assert set(model.model_fields) - texts <= set(ELSEWHERE)
    assert not texts & set(ELSEWHERE)


@pytest.mark.parametrize("kind", ENTRY_TYPES)
def test_every_text_is_shown_found_and_printed(kind: str) -> None:
    playbook, _ = read_playbook(ROOT, TODAY)
    site = Site(playbook)
    book = json.dumps(Sheets(playbook, site.say).book().content, ensure_ascii=False)
    documents = {one.id: one for one in search.documents_of(site)}
    entries = playbook.of_kind(kind)
    shown: set[str] = set()
    wanted = {name for name, part in parts_of(playbook.kinds[kind]).items() if part.at}
    for entry in entries:
        # A part may stand under a veil, where the table of contents does not name it.
        anchors = {"title", *re.findall(r'<h[23] id="([^"]+)"', site.parts_of(entry).content)}
        sections = {section.anchor for section in documents[entry.id].sections}
        for loc, _text, _ in find_marked(entry, Inline):
            part = parts_of(type(entry))[str(loc[0])]
            if part.at:
                shown.add(str(loc[0]))
                assert part.at in anchors
                assert part.at in sections
        assert entry.title in book or json.dumps(entry.title)[1:-1] in book
    # The reference has no pictures: `tests/test_media.py` holds where those show.
    assert wanted - shown <= {"frequency", "images"}


# --- playbooks of others ------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PROJECTS)
def foreign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a foreign project and its site."""
    folder = tmp_path_factory.mktemp(request.param) / "site"
    build_project(PROJECTS[request.param], folder, "mkdocs", messages_in("en"), lambda step: None)
    return PROJECTS[request.param], folder


def test_a_foreign_playbook_checks_clean(foreign: tuple[Path, Path]) -> None:
    project, _ = foreign
    _, problems = read_playbook(project, TODAY)
    assert problems == [] or {one.rule for one in problems} <= {"standard-unused"}


def text_of(html: str) -> str:
    # What scripts say is text of the page too.
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def texts_in(language: str) -> Iterator[str]:
    say = messages_in(language)
    for key in sorted(say.keys()):
        prefix, _, last = key.rpartition(".")
        yield say.under(prefix)[last]


def foreign_sentences() -> Iterator[str]:
    english = set(texts_in("en"))
    for language in ("es", "pt"):
        for text in texts_in(language):
            if len(text) > 9 and "{" not in text and text not in english and not text.isascii():
                yield text


def test_no_page_has_a_word_of_another_language(foreign: tuple[Path, Path]) -> None:
    _, site = foreign
    strange = re.compile(
        r"\b(?:el|los|las|para|según|página|ficha|fichas|estándar|não|você|padrão|como|que|con)\b",
        re.IGNORECASE,
    )
    sentences = set(foreign_sentences())
    assert len(sentences) > 200
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 15
    for path in pages:
        text = text_of(path.read_text(encoding="utf-8"))
        assert strange.findall(text) == [], path
        assert [one for one in sentences if one in text] == [], path


def test_a_foreign_playbook_exports_every_format(foreign: tuple[Path, Path], tmp_path: Path) -> None:
    project, _ = foreign
    for form in ("xlsx", "csv", "json"):
        assert run(["export", "--format", form, "--out", str(tmp_path), "--project", str(project)]) == 0
    said = "".join(path.read_text(encoding="utf-8-sig") for path in tmp_path.rglob("*.csv"))
    assert "Clinical risk" in said or "Maturity level" in said


def test_every_kind_of_a_foreign_playbook_is_listed(foreign: tuple[Path, Path]) -> None:
    project, site = foreign
    playbook, _ = read_playbook(project, TODAY)
    for kind in playbook.kinds:
        entries = playbook.of_kind(kind)
        index = site / playbook.say(f"path.{kind}") / "index.html"
        assert index.is_file() == bool(entries)
        assert all(f"{entry.id.lower()}/" in index.read_text(encoding="utf-8") for entry in entries)


# --- the data speaks for itself -------------------------------------------------------------------------


def data_of(project: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    site = Site(read_playbook(project, TODAY)[0])
    return json.loads(site.data_text()), json.loads(site.schema_text())


@pytest.mark.parametrize("project", [ROOT, *PROJECTS.values()], ids=lambda path: path.name)
def test_rows_and_scores_can_be_told_from_the_data_alone(project: Path) -> None:
    data, _ = data_of(project)
    entries = {entry["id"]: entry for entry in data["entries"]}
    standards = [one for one in data["entries"] if one["kind"] == "standard" and one["status"] == "active"]
    lists = [one for one in data["entries"] if one["kind"] == "checklist" and one["status"] == "active"]
    assert lists
    for checklist in lists:
        rows = list(rows_from(checklist, entries, sorted(standards, key=lambda one: str(one["id"]))))
        assert rows == [(row["section"], row["id"], row["level"]) for row in checklist["rows"]]
        if checklist["scored"]:
            told = (checklist["scoring"] or {}).get("weights") or {}
            weights = {name: level["weight"] for name, level in data["levels"].items()}
            assert checklist["rule"]["weights"] == weights | {k: v for k, v in told.items() if v is not None}


def rows_from(
    checklist: dict[str, Any], entries: dict[str, Any], standards: list[dict[str, Any]]
) -> Iterator[tuple[str, str, str]]:
    seen: set[str] = set()
    for section in checklist["sections"]:
        found = []
        for address in section["take"]:
            owner = address if address in entries else address.rpartition(".")[0]
            items = [(f"{owner}.{item['id']}", entries[owner]["level"]) for item in entries[owner]["items"]]
            found += [row for row in items if address in (owner, row[0])]
        wanted = {name: words for name, words in (section["select"] or {}).items() if words}
        for one in standards if wanted else ():
            values = {n: {one[n]} if isinstance(one[n], str) else set(one[n]) for n in wanted}
            if all(values[name] & set(words) for name, words in wanted.items()):
                found += [(f"{one['id']}.{item['id']}", one["level"]) for item in one["items"]]
        found += [(f"{checklist['id']}.{item['id']}", item["level"]) for item in section["items"]]
        for identity, level in found:
            if identity not in seen:
                seen.add(identity)
                yield section["id"], identity, level


def test_every_entry_stands_as_markdown_beside_its_page(reference_site: Path) -> None:
    playbook, _ = read_playbook(ROOT, TODAY)
    site = Site(playbook)
    whole = (reference_site / "llms-full.txt").read_text(encoding="utf-8")
    overview = (reference_site / "llms.txt").read_text(encoding="utf-8")
    published = list(site.entries())
    for entry in published:
        folder = reference_site / entry_path(entry, playbook.say)
        text = (folder / "index.md").read_text(encoding="utf-8")
        data = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        assert text.startswith(f"# {titled(entry)}\n\n> {data['citation']}\n")
        assert text in whole
        assert f"{data['citation'].rsplit(' ', 1)[1]}index.md): " in overview
        # All that the entry says is there, and every link leads to an address.
        for loc, said, _ in find_marked(entry, Inline):
            if loc[0] not in ("sections", "changes"):
                assert inline.plain(said) in inline.plain(text), (entry.id, loc)
        for row in data.get("rows", ()):
            assert re.search(rf"(?m)^- \[ \] .*\({re.escape(row['id'])}\)$", text), row["id"]
        targets = inline.find_links(text)
        assert [one for one in targets if not one.startswith(("https://", "http://", "mailto:"))] == []
    assert overview.count("index.md): ") == len(published)
    assert whole.count("\n---\n\n# ") == len(published) - 1
    # They are for programs: no reader's device keeps them.
    worker = (reference_site / "service-worker.js").read_text(encoding="utf-8")
    assert "index.md" not in worker
    assert "llms" not in worker


def test_markdown_names_what_is_declared_by_its_title(foreign: tuple[Path, Path]) -> None:
    project, site = foreign
    playbook, _ = read_playbook(project, TODAY)
    texts = {path: path.read_text(encoding="utf-8") for path in site.rglob("index.md")}
    assert len(texts) == len(list(Site(playbook).entries()))
    whole = "\n".join(texts.values())
    labels = [info.label for model in playbook.kinds.values() for info in model.own_fields.values()]
    assert all(label in whole for label in labels)
    assert any(playbook.say(f"level.{level}") in whole for level in playbook.settings.levels)


def test_draft_stands_in_no_file_for_programs(tmp_path: Path) -> None:
    project = tmp_path / "manual"
    assert run(["init", str(project), "--lang", "en"]) == 0
    assert run(["new", "standard", "EXT-02", "--project", str(project), "--lang", "en"]) == 0
    with unprinted():
        build_project(project, tmp_path / "site", "mkdocs", messages_in("en"), lambda step: None)
    for path in (tmp_path / "site").rglob("*"):
        if path.name in ("playbook.json", "llms.txt", "llms-full.txt"):
            assert "EXT-01" in path.read_text(encoding="utf-8")
            assert "EXT-02" not in path.read_text(encoding="utf-8")
    assert not (tmp_path / "site/standards/ext-02").exists()


# The texts of each kind whose terms lead to the glossary; the others are said or done as they are written.
PROSE = {
    "standard": (
        "statement",
        "intent",
        "verification.how",
        "verification.evidence",
        "threshold.note",
        "no_metric",
    ),
    "behaviour": ("do.scene", "dont.scene", "why"),
    "customer": ("summary", "approach.text"),
    "case": ("summary",),
    "metric": ("summary", "measures", "formula.words", "example.story", "reading.meaning"),
    "checklist": ("use",),
    "scenario": ("situation", "goes_wrong"),
}


def prose_in(value: Any, path: str) -> Iterator[str]:
    """Yield the texts at a path of an entry's data; a list on the way stands for each of its elements."""
    if isinstance(value, list):
        for one in value:
            yield from prose_in(one, path)
    elif isinstance(value, dict):
        name, _, rest = path.partition(".")
        yield from prose_in(value.get(name), rest)
    elif value is not None:
        assert path == ""
        yield value


def test_glossary_links_can_be_told_from_the_data_alone(reference_site: Path) -> None:
    data = json.loads((reference_site / "playbook.json").read_text(encoding="utf-8"))
    fold = str.maketrans("áéíóú", "aeiou")
    forms = {
        form.lower().translate(fold): term["id"]
        for term in data["terms"]
        for form in (term["title"], *term["also"])
    }
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    links = 0
    for entry in data["entries"]:
        texts = [text for path in PROSE[entry["kind"]] for text in prose_in(entry, path)]
        texts += [one["why"] for one in entry.get("phrases", ()) if one["why"]]
        # What is a link already leads where it says.
        bare = [re.sub(r"\[[^\]]*\]\([^)]*\)", "", text).lower().translate(fold) for text in texts]
        told = {forms[mention] for text in bare for mention in pattern.findall(text)}
        html = (reference_site / entry["url"] / "index.html").read_text(encoding="utf-8")
        linked = re.findall(r'class="?pb-term"? href="?[^" >]*#([a-z0-9-]+)', html)
        assert sorted(linked) == sorted(told), entry["id"]
        links += len(linked)
    assert links > 100


@pytest.mark.slow
@pytest.mark.parametrize("project", PROJECTS.values(), ids=lambda path: path.name)
def test_the_schema_refuses_a_mutated_field_of_each_kind(project: Path) -> None:
    data, schema = data_of(project)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(data)
    tried = set()
    for place, entry in enumerate(data["entries"]):
        if entry["kind"] in tried:
            continue
        tried.add(entry["kind"])
        for name in entry:
            wrong = copy.deepcopy(data)
            wrong["entries"][place][name] = {"not": ["this"]}
            assert not validator.is_valid(wrong), (entry["kind"], name)
            del wrong["entries"][place][name]
            is_optional = name in ("rule", "pdf", "pdf_a4", "pdf_letter", "xlsx")
            assert validator.is_valid(wrong) is is_optional, (entry["kind"], name)
        wrong = copy.deepcopy(data)
        wrong["entries"][place]["stranger"] = "x"
        assert not validator.is_valid(wrong)
    for name in data:
        wrong = {key: value for key, value in data.items() if key != name}
        assert not validator.is_valid(wrong), name
    assert len(tried) > 1


def test_of_what_is_withdrawn_the_data_names_no_file(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/checklists/apertura.yml"
    path.write_text(path.read_text(encoding="utf-8") + "page_size: A4\n", encoding="utf-8")

    def files() -> set[str]:
        (entry,) = (one for one in data_of(project)[0]["entries"] if one["id"] == "apertura")
        assert entry.get("pdf") == entry.get("pdf_a4")
        return {"pdf", "pdf_a4", "pdf_letter", "xlsx"} & set(entry)

    assert len(files()) == 4
    path.write_text(path.read_text(encoding="utf-8") + "status: retired\n", encoding="utf-8")
    assert not files()


def test_an_entry_stands_beside_its_page_as_data(foreign: tuple[Path, Path]) -> None:
    project, site = foreign
    data, _ = data_of(project)
    for entry in data["entries"]:
        assert json.loads((site / entry["url"] / "index.json").read_text(encoding="utf-8")) == entry


def test_no_field_can_be_called_like_what_the_data_says_besides() -> None:
    data, _ = data_of(ROOT)
    kinds = {one["kind"]: set(one) for one in data["entries"]}
    besides = {name for kind, names in kinds.items() for name in names - {*ENTRY_TYPES[kind].model_fields}}
    assert besides <= TAKEN_FIELDS
    assert {name for name in Entry.__annotations__ if name not in Entry.model_fields} <= {
        *TAKEN_FIELDS,
        *vars(Entry),
    }


def test_no_private_contact_is_in_the_data() -> None:
    data, _ = data_of(PROJECTS["hospital"])
    assert data["teams"] == {"front-desk": {"title": "Front desk"}}
    assert "front.desk@example.org" not in json.dumps(data)


def test_a_playbook_that_declares_nothing_has_the_built_in_kinds() -> None:
    playbook, _ = read_playbook(ROOT / "tests/projects/minimal", TODAY)
    assert {kind: model is ENTRY_TYPES[kind] for kind, model in playbook.kinds.items()} == dict.fromkeys(
        ENTRY_TYPES, True
    )
    assert kinds_of(playbook.settings) is playbook.kinds


def test_the_schema_that_is_kept_is_that_of_the_kinds_as_they_are(make_project: MakeProject) -> None:
    project = make_project({})
    settings = project / "playbook/playbook.yml"
    plain = settings.read_text(encoding="utf-8")
    own = "fields:\n  standard:\n    riesgo: {type: text, label: Riesgo}\n"
    for text, expected in ((plain, False), (plain + own, True), (plain, False)):
        settings.write_text(text, encoding="utf-8")
        for _ in range(2):
            _, schema = data_of(project)
            assert ("riesgo" in schema["$defs"]["standard"]["properties"]) == expected
