"""What an organisation declared once: it may be taken back, renamed and misspelt, and readers are told so."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from markupsafe import escape

from servicebook.base.problems import ContentError
from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.content.model.entries import Change
from servicebook.language.messages import messages_in
from servicebook.site.site import Site, read_playbook
from servicebook.views.editions import Since, freeze
from servicebook.views.news import Item
from servicebook.views.upkeep import board_of
from tests.conftest import ROOT, MakeProject

DAY = dt.date(2026, 11, 25)
FIELD = """\
fields:
  standard:
    code: {type: line, label: Clave interna, shows: [facts, paper]}
"""
KIND = """\
kinds:
  rule:
    title: Reglas
    title_one: Regla
    fields:
      told: {type: text, label: Qué pide, required: true}
    summary: told
"""
RULE = """\
id: sin-ruido
title: Sin ruido
owner: servicio
reviewed: 2026-11-20
told: Se habla en voz baja.
"""


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def next_edition(project: Path) -> None:
    replace(project / "playbook/playbook.yml", 'name: "1", date: 2026-11-22', 'name: "2", date: 2026-11-23')


def paper_page(project: Path, path: str) -> str:
    return Site(read_playbook(project, DAY)[0]).paper_page(path) or ""


@pytest.fixture
def frozen(make_project: MakeProject) -> Path:
    """Return a project with a field and a kind of its own, whose first edition is frozen."""
    project = make_project({"playbook/rule/sin-ruido.yml": RULE})
    append(project / "playbook/playbook.yml", FIELD + KIND)
    append(project / "playbook/standards/EXT-01.yml", "code: X\n")
    assert run(["edition", "1", "--project", str(project)]) == 0
    return project


# --- taken back --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheets", [True, False], ids=["with-sheets", "before-sheets-were-kept"])
def test_what_was_declared_can_be_taken_back_though_an_edition_names_it(
    frozen: Path, capsys: pytest.CaptureFixture[str], sheets: bool
) -> None:
    next_edition(frozen)
    if not sheets:
        edition = frozen / "playbook/editions/1.yml"
        edition.write_text(
            re.sub(r"\n    sheet:\n(?:      .*\n)+", "\n", edition.read_text("utf-8")), "utf-8"
        )
        assert "form:" not in edition.read_text("utf-8")
    replace(frozen / "playbook/playbook.yml", FIELD + KIND, "")
    replace(frozen / "playbook/standards/EXT-01.yml", "code: X\n", "")
    (frozen / "playbook/rule/sin-ruido.yml").unlink()
    (frozen / "playbook/rule").rmdir()
    capsys.readouterr()
    assert run(["check", str(frozen)]) == 0
    assert "error" not in capsys.readouterr().out
    build_project(frozen, frozen / "site", "mkdocs", messages_in("es"), lambda step: None)
    whole = (frozen / "site/p/index.html").read_text("utf-8")
    assert 'data-pb-change="sin-ruido">Se retiró: Sin ruido' in whole
    assert 'data-pb-change="code"' not in (frozen / "site/p/ext-01/index.html").read_text("utf-8")


def test_a_field_and_a_kind_can_be_renamed_though_an_edition_names_them(
    frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next_edition(frozen)
    replace(frozen / "playbook/playbook.yml", "    code: {", "    policy_code: {")
    replace(frozen / "playbook/playbook.yml", "  rule:\n", "  house-rule:\n    folder: rule\n")
    replace(frozen / "playbook/standards/EXT-01.yml", "code: X\n", "policy_code: X\n")
    capsys.readouterr()
    assert run(["check", str(frozen)]) == 0
    assert "error" not in capsys.readouterr().out
    # The sheet says what it said, under the label that it said it by.
    assert "pb-change__what" not in paper_page(frozen, "p/ext-01/")


# --- misspelt ----------------------------------------------------------------------------------------

PROJECTS = ("tests/projects/hospital", "tests/projects/baseline", ".")
BROKEN: dict[str, Callable[[str], str]] = {
    "colon-in-text": lambda text: re.sub("(?m)^description: .*", "description: Note: how", text),
    "tab": lambda text: text.replace("\ntitle", "\n\ttitle", 1) if "\ntitle" in text else "\t" + text,
    "quote-not-closed": lambda text: re.sub("(?m)^title: .*", 'title: "Uno', text),
    "empty": lambda text: "",
    "comment": lambda text: "# fields: {}\n",
    "list": lambda text: "- title: Uno\n",
    "text": lambda text: "title\n",
    "list-in-map": lambda text: re.sub("(?m)^(fields|teams):.*", r"\g<0>\n  - x", text, count=1),
    "misspelt-section": lambda text: re.sub("(?m)^(pillars|fields):", r"\1s:", text),
    "misspelt-name": lambda text: re.sub("(?m)^(roles|frameworks|moments|fields):", r"own_\1:", text),
    "declared-twice": lambda text: text + "pillars: {}\n",
    "no-vocabulary": lambda text: re.sub("(?m)^pillars:.*\n(?:  .*\n)*", "pillars: {}\n", text),
    "not-utf8": lambda text: text.replace("\n", "\n# \udce9\n", 1),
    "conflict": lambda text: f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n",
}


@pytest.mark.parametrize("slip", BROKEN)
@pytest.mark.parametrize("name", PROJECTS)
def test_a_slip_in_the_settings_is_told_alone(
    name: str, slip: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "playbook"
    shutil.copytree(ROOT / name / "playbook", root)
    settings = root / "playbook.yml"
    text = settings.read_text("utf-8")
    spoiled = BROKEN[slip](text)
    assert spoiled != text
    settings.write_text(spoiled, "utf-8", errors="surrogateescape")
    run(["check", str(tmp_path), "--today", "2026-11-25"])
    told = [line for line in capsys.readouterr().out.splitlines() if ": error[" in line]
    assert told
    assert [line for line in told if "/playbook.yml:" not in line] == []


@pytest.mark.parametrize("slip", ["description: Note: how\n", "unknown: field\n"])
def test_what_can_be_told_of_other_files_still_is(
    frozen: Path, capsys: pytest.CaptureFixture[str], slip: str
) -> None:
    """Their YAML is wrong whatever is declared; of drafts nothing is told, and of editions nothing false."""
    append(frozen / "playbook/playbook.yml", slip)
    append(frozen / "playbook/customers/vip.yml", "summary: otra vez\n")
    append(frozen / "playbook/metrics/csat.yml", "status: draft\nsummary: a: b\n")
    terms = "- id: regla\n  title: Regla\n  definition: Se cumple, como [esta](sin-ruido).\n"
    (frozen / "playbook/glossary.yml").write_text(terms, "utf-8")
    capsys.readouterr()
    assert run(["check", str(frozen)]) == 1
    told = re.findall(r"playbook/(\S+):\d+:\d+: error\[([\w-]+)\]", capsys.readouterr().out)
    assert told == [
        ("customers/vip.yml", "duplicate-key"),
        ("playbook.yml", "syntax-colon" if ": how" in slip else "unknown-field"),
    ]


def test_schemas_are_not_written_of_what_nobody_can_tell(
    frozen: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(frozen)
    assert run(["schema"]) == 0
    assert "Clave interna" in (frozen / "schemas/standard.json").read_text("utf-8")
    append(frozen / "playbook/playbook.yml", "description: Note: how\n")
    capsys.readouterr()
    assert run(["schema"]) == 1
    assert "playbook.yml" in "".join(capsys.readouterr())
    assert "Clave interna" in (frozen / "schemas/standard.json").read_text("utf-8")


# --- renamed, and told to readers --------------------------------------------------------------------

TOLD = """\
vocabularies: {risk: {low: {title: Bajo}, high: {title: Alto}}}
fields:
  standard:
    minutes: {type: number, label: Minutos que toma, shows: [facts, paper]}
    risk_class: {type: word, vocabulary: risk, label: Riesgo clínico, shows: [facts, paper]}
    since: {type: date, label: Vigente desde, shows: [facts, paper]}
    law: {type: flag, label: Lo pide la ley, shows: [facts, paper]}
  metric: {}
"""
OWN = re.findall(r"\n    (\w+: .*)", TOLD)
BEFORE = "minutes: 5\nrisk_class: low\nsince: 2026-01-31\nlaw: true\n"
AFTER = "minutes: 0\nrisk_class: high\nsince: 2026-02-28\nlaw: false\n"
SAID = [
    ("Minutos que toma", "5", "0"),
    ("Riesgo clínico", "Bajo", "Alto"),
    ("Vigente desde", "31 de enero de 2026", "28 de febrero de 2026"),
    ("Lo pide la ley", "sí", "no"),
]
REVISED = "revision: 2\nchanges: [{revision: 2, date: 2026-11-23, reason: Cambia.}]\n"
CHANGE = re.compile(
    r'<p class="pb-change__what">[^:<]*: ([^<]*)</p>\s*(?:<p><span[^>]*>[^<]*</span> <del>([^<]*)</del></p>)?'
    r"\s*(?:<p><span[^>]*>[^<]*</span> <ins>([^<]*)</ins>)?"
)


@pytest.fixture
def told(make_project: MakeProject) -> Path:
    """Return a project with fields of its own on a kind with sheets and one without, frozen, then changed."""
    project = make_project({"docs/news.md": "# Novedades\n\n{{ news() }}\n"})
    fields = "".join(f"    {line}\n" for line in OWN)
    text = TOLD.replace("  metric: {}\n", f"  metric:\n{fields}")
    append(project / "playbook/playbook.yml", text)
    for path in ("standards/EXT-01.yml", "metrics/csat.yml"):
        append(project / "playbook" / path, BEFORE)
    assert run(["edition", "1", "--project", str(project)]) == 0
    next_edition(project)
    return project


def revise(project: Path) -> None:
    for path in ("standards/EXT-01.yml", "metrics/csat.yml"):
        replace(project / "playbook" / path, BEFORE, AFTER + REVISED)


def test_readers_are_told_of_a_declared_field_by_its_label_and_its_words(told: Path) -> None:
    revise(told)
    build_project(told, told / "site", "mkdocs", messages_in("es"), lambda step: None)
    pages = [told / "site" / path for path in ("estandares/ext-01/index.html", "p/ext-01/index.html")]
    for page in (*pages, *told.glob("site/*/csat/index.html")):
        html = page.read_text("utf-8")
        assert CHANGE.findall(html)[:4] == SAID, page
    html = (told / "site/news/index.html").read_text("utf-8")
    assert CHANGE.findall(html) == [*SAID, *SAID]


def test_an_edition_frozen_before_sheets_were_kept_is_told_in_words_too(told: Path) -> None:
    edition = told / "playbook/editions/1.yml"
    edition.write_text(re.sub(r"\n    sheet:\n(?:      .*\n)+", "\n", edition.read_text("utf-8")), "utf-8")
    revise(told)
    assert CHANGE.findall(paper_page(told, "p/ext-01/"))[:4] == SAID


def test_a_label_that_changed_loses_nothing_of_what_a_sheet_said(told: Path) -> None:
    settings = told / "playbook/playbook.yml"
    settings.write_text(settings.read_text("utf-8").replace("Riesgo clínico", "Riesgo"), "utf-8")
    relabelled = [("Riesgo", "Riesgo clínico", "Riesgo")]
    assert CHANGE.findall(paper_page(told, "p/ext-01/")) == relabelled, "the sheet says that too"
    replace(told / "playbook/standards/EXT-01.yml", "risk_class: low", "risk_class: high")
    assert CHANGE.findall(paper_page(told, "p/ext-01/"))[:1] == [("Riesgo", "Bajo", "Alto")]


# --- and the language that a broken file is told in ----------------------------------------------------


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("mkdocs.yml", lambda text: text + "nav:\n\t- Home: index.md\n"),
        ("mkdocs.yml", lambda text: ""),
        ("mkdocs.yml", lambda text: text + "INHERIT: nowhere.yml\n"),
        ("mkdocs.yml", lambda text: text + "theme: [\n"),
        ("playbook/playbook.yml", lambda text: text + "promise: Note: how\n"),
        ("playbook/playbook.yml", lambda text: text.replace("title:", "\ttitle:", 1)),
        ("playbook/playbook.yml", lambda text: text + "title: Two\n"),
        ("playbook/playbook.yml", lambda text: text.replace("edition:", "edition: [", 1)),
    ],
)
def test_a_broken_file_is_told_in_the_language_that_it_says(
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    name: str,
    broken: Callable[[str], str],
) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    project = make_project({})
    for settings in ("playbook/playbook.yml", "mkdocs.yml"):
        replace(project / settings, "language: es", f"language: {language}")
    path = project / name
    path.write_text(broken(path.read_text("utf-8")), "utf-8")
    for order in (["check", str(project)], ["build", "--project", str(project)]):
        capsys.readouterr()
        assert run(order) == 1
        said = capsys.readouterr()
        assert f"{name}:" in said.out + said.err
        assert {"en": "1 error, ", "pt": "1 erro, "}[language] in said.err


def test_a_broken_configuration_may_name_another_folder_or_the_theme_s_language(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    project = make_project({})
    replace(project / "playbook/playbook.yml", "language: es", "language: pt")
    (project / "playbook").rename(project / "manual")
    config = project / "mkdocs.yml"
    config.write_text("plugins:\n  - servicebook:\n      playbook: manual\n\t- x\n", "utf-8")
    assert run(["check", str(project)]) == 1
    assert "1 erro, " in capsys.readouterr().err
    config.write_text("theme: {name: material, language: en}\n\t- x\n", "utf-8")
    assert run(["check", str(project)]) == 1
    assert "1 error, 0 warnings" in capsys.readouterr().err


# --- at whose address nothing else stands ---------------------------------------------------------------


def test_a_page_at_an_address_that_the_site_makes_is_told_by_build_and_check(
    frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    append(frozen / "playbook/standards/EXT-01.yml", "former_ids: [EXT-90]\n")
    lost = {
        "estandares/ext-01.md": "hidden-by-entry",
        "estandares/ext-01/index.json": "hidden-by-entry",
        "estandares/ext-90/README.md": "hidden-by-entry",
        "rule/sin-ruido.md": "hidden-by-entry",
        "playbook.json": "hidden-by-site",
        "llms.txt": "hidden-by-site",
    }
    # What stands beside an entry's page is seen, and a draft is not published.
    kept = ("estandares/ext-01/foto.svg", "estandares/ext-02.md", "rule/index.md", "otra/playbook.json")
    for name in (*lost, *kept):
        (frozen / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (frozen / "docs" / name).write_text("# Mi página\n", "utf-8")
    with pytest.raises(ContentError) as refused:
        build_project(frozen, frozen / "site", "mkdocs", messages_in("es"), lambda step: None)
    found = {one.location.path: one.rule for one in refused.value.problems}
    assert found == {f"docs/{name}": rule for name, rule in lost.items()}
    assert run(["check", "--format", "json", str(frozen)]) == 1
    told = json.loads(capsys.readouterr().out)["problems"]
    assert {one["path"]: one["rule"] for one in told if one["severity"] == "error"} == found
    told = messages_in("es").explain(refused.value.problems[0])
    assert "EXT-01" in told
    assert "standards/EXT-01.yml" in told
    for name in lost:
        (frozen / "docs" / name).unlink()
    (frozen / "docs/rule/sin-ruido.md").write_text("---\ndraft: true\n---\n# Mía\n", "utf-8")
    assert run(["check", str(frozen)]) == 0
    build_project(frozen, frozen / "site", "mkdocs", messages_in("es"), lambda step: None)
    assert (frozen / "site/otra/playbook.json").read_text("utf-8") == "# Mi página\n"


def test_what_has_a_code_is_named_with_it_whatever_its_kind() -> None:
    """In a sentence, beside another, among reviews and in the feed, as on its card."""
    playbook, _ = read_playbook(ROOT / "tests/projects/hospital", dt.date(2026, 11, 26))
    site = Site(playbook)
    coded = [one for one in playbook.entries.values() if one.codes and one.kind != "standard"]
    assert len(coded) > 1
    render = site.renderer.render
    board = render("review_board", board_of(playbook.entries.values(), playbook.settings))
    for one in coded:
        change = Change(revision=2, date=dt.date(2026, 11, 20), reason="Clearer.")
        item = Item(one, change, playbook.settings.edition)
        since = Since(freeze(playbook), "changed", reasons=((one, "Clearer."),))
        for name, html in {
            "ref": render("ref", one),
            "feed": render("feed", [item]),
            "news": render("news_items", [item]),
            "since": render("since", since),
            "board": board,
            "citation": site.entry_text(one),
        }.items():
            assert f"{one.id} {escape(one.title)}" in html.replace("</span>", ""), name
        before, after = playbook.beside(one)
        pager = render("pager", one)
        assert all(f" {other.id} {escape(other.title)}" in pager for other in (before, after) if other)
