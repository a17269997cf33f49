"""The site as a whole, through the real pipeline."""

from __future__ import annotations

import datetime as dt
import filecmp
import hashlib
import json
import os
import posixpath
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from servicebook.site import offline
from servicebook.site.site import read_playbook
from tests.conftest import ROOT, MakeProject, unprinted

SAY = messages_in("es")


def build(project: Path, name: str = "site") -> Path:
    build_project(project, project / name, "mkdocs", SAY, lambda step: None)
    return project / name


def build_pages(project: Path, name: str = "site") -> Path:
    """Return the site without its paper."""
    with unprinted():
        return build(project, name)


def set_up(project: Path, change: Callable[[str], str]) -> None:
    """Change the text of a project's playbook.yml."""
    settings = project / "playbook/playbook.yml"
    settings.write_text(change(settings.read_text(encoding="utf-8")), encoding="utf-8")


def test_every_entry_has_a_page_at_its_id(make_project: MakeProject) -> None:
    site = build(make_project({}))
    assert "Saludar al llegar" in (site / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    assert (site / "clientes/vip/index.html").is_file()


def test_a_build_remembers_nothing_of_the_one_before(make_project: MakeProject) -> None:
    project = make_project({"docs/otra.md": "# Otra\n\n{{ standards() }}\n"})
    build_pages(project, "one")
    (project / "docs/otra.md").unlink()
    set_up(project, lambda text: re.sub("(?m)^title: .*", "title: Otro nombre", text))
    page = (build_pages(project, "other") / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    assert "Otro nombre" in page


def test_two_builds_are_the_same_bytes(make_project: MakeProject) -> None:
    project = make_project({})
    one, other = build(project, "one"), build(project, "other")
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    _, different, missing = filecmp.cmpfiles(one, other, map(str, files), shallow=False)
    assert not different
    assert not missing


def test_mkdocs_itself_builds_the_same_pages(make_project: MakeProject) -> None:
    project = make_project({})
    site = build(project)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", "plain"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    names = {path.relative_to(site) for path in site.rglob("*") if path.suffix in (".html", ".json", ".xml")}
    assert names
    other = {path.relative_to(project / "plain") for path in (project / "plain").rglob("*.html")}
    assert {name for name in names if name.suffix == ".html"} == other
    assert [
        name for name in other if (site / name).read_bytes() != (project / "plain" / name).read_bytes()
    ] == []
    assert read(site, "playbook.json") == read(project / "plain", "playbook.json")


def test_reference_site_has_no_mark_left(reference_site: Path) -> None:
    for page in reference_site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "xservicebook" not in text
        assert "data-servicebook=" not in text
        assert '"@/' not in text


def test_every_link_within_the_site_leads_somewhere(reference_site: Path) -> None:
    pages = {page: page.read_text(encoding="utf-8") for page in reference_site.rglob("*.html")}
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', html)) for page, html in pages.items()}
    lost = set()
    for page, html in pages.items():
        if page.name in (
            "404.html",
            "away.html",
        ):  # they stand in at any address, so theirs start at the root
            continue
        for address in re.findall(r"(?:href|src)=([^\s>]+)", html):
            assert address.startswith('"'), f"{page}: {address}"
            path, _, anchor = unquote(address.strip('"')).partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            target = (page.parent / path.partition("?")[0]).resolve() if path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or (anchor and anchor not in anchors[target]):
                lost.add(f"{page.relative_to(reference_site)}: {address}")
    assert lost == set()


# Where the reader is: the section, and the page of it; `true` is what the page belongs to.
TABS = {
    "": [("Inicio", "page")],
    "indicadores": [("Medir", "page")],
    "indicadores/csat": [("Medir", "true")],
    "estandares": [("Estándares", "page"), ("Estándares", "page")],
    "estandares/ext-01": [("Estándares", "true"), ("Estándares", "true")],
    "conductas": [("Estándares", "true"), ("Conductas", "page")],
    "casos/toyota": [("Aprender", "true"), ("Casos", "true")],
    "editar": [("Aprender", "true"), ("Para quien edita", "page")],
    "editar/campos": [("Aprender", "true"), ("Para quien edita", "true")],
}


@pytest.mark.parametrize("path", TABS)
def test_tabs_say_where_the_reader_is(path: str, reference_site: Path) -> None:
    html = (reference_site / path / "index.html").read_text(encoding="utf-8")
    tabs = re.findall(r'<a class="pb-tabs__link" href="[^"]*"([^>]*)>([^<]*)</a>', html)
    assert [(title, marks[15:-1]) for marks, title in tabs if marks] == TABS[path]


# --- what stands beside the pages ----------------------------------------------------------------------


RETIRED = """\
id: EXT-02
title: Despedir al salir
status: retired
replaced_by: EXT-01
former_ids: [EXT-90, despedida]
statement: Despides a quien sale.
intent: Quien sale quiere saber que lo viste.
owner: servicio
reviewed: 2026-11-01
pillar: externo
channels: [presencial]
roles: [mostrador]
moments: [bienvenida]
level: essential
do: [Mira y despide.]
dont: [Seguir en la pantalla.]
verification: {question: ¿Despidió?, how: Mira., evidence: Lo que viste.}
items: [{id: adios, text: Despedí a quien salió.}]
metrics: [csat]
"""


@pytest.fixture(scope="module")
def retired_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the minimal project with a retired standard and a draft."""
    project = tmp_path_factory.mktemp("retired") / "project"
    shutil.copytree(ROOT / "tests/projects/minimal", project)
    standards = project / "playbook/standards"
    (standards / "EXT-02.yml").write_text(RETIRED, encoding="utf-8")
    draft = (standards / "EXT-01.yml").read_text(encoding="utf-8").replace("EXT-01", "EXT-03")
    (standards / "EXT-03.yml").write_text(f"{draft}\nstatus: draft\n", encoding="utf-8")
    return build_pages(project)


def read(site: Path, address: str) -> str:
    return (site / address).read_text(encoding="utf-8")


def test_a_retired_entry_keeps_its_page_with_a_notice(retired_site: Path) -> None:
    page = read(retired_site, "estandares/ext-02/index.html")
    assert "Esta ficha ya no está en uso." in page
    notice = page[page.index("Esta ficha ya no está en uso.") :][:400]
    assert 'href="../../estandares/ext-01/"' in notice
    assert "Despedir al salir" not in read(retired_site, "index.html")


def test_a_draft_has_no_page_and_is_named_nowhere(retired_site: Path) -> None:
    assert not (retired_site / "estandares/ext-03").exists()
    for path in retired_site.rglob("*"):
        if path.suffix in (".html", ".json", ".xml"):
            assert "ext-03" not in path.read_text(encoding="utf-8").lower(), path


@pytest.mark.parametrize("former", ["ext-90", "despedida"])
def test_a_former_id_leads_to_the_page_of_now(retired_site: Path, former: str) -> None:
    page = read(retired_site, f"estandares/{former}/index.html")
    assert 'http-equiv="refresh" content="0;url=../../estandares/ext-02/"' in page
    assert '<a href="../../estandares/ext-02/">Despedir al salir</a>' in page


@pytest.mark.parametrize("root", ["/", "/manual/"])
def test_an_address_that_leads_nowhere_offers_the_search_and_the_way_home(
    make_project: MakeProject, root: str
) -> None:
    """This page is served at any depth, so everything on it hangs from the site's root."""
    project = make_project({})
    set_up(project, lambda text: text.replace("https://manual.example.org/", f"https://example.org{root}"))
    page = read(build_pages(project), "404.html")
    assert "<h1 data-pb-lost>Aquí no hay ninguna página</h1>" in page
    assert "<title>Aquí no hay ninguna página - Manual mínimo</title>" in page
    assert f'<a class="pb-find" href="{root}.">' in page
    assert set(re.findall(r'data-root="([^"]*)"', page)) == {root}
    addresses = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    assert {address for address in addresses if not address.startswith((root, "#", "https://"))} == set()
    assert "Not found" not in page


def test_the_edit_link_of_an_entry_opens_its_yaml(reference_site: Path) -> None:
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    repository = settings["repo_url"]
    for address, source in (
        ("estandares/ext-07", "standards/EXT-07.yml"),
        ("clientes/vip", "customers/vip.yml"),
        ("casos/toyota", "cases/toyota.yml"),
    ):
        page = read(reference_site, f"{address}/index.html")
        links = re.findall(rf'href="{re.escape(repository)}([^"]+)"', page)
        assert f"/edit/main/playbook/{source}" in {posixpath.normpath(link) for link in links}
        assert (ROOT / "playbook" / source).is_file()


def test_playbook_json_is_as_its_schema_says(retired_site: Path, reference_site: Path) -> None:
    for site in (retired_site, reference_site):
        data = json.loads(read(site, "playbook.json"))
        schema = json.loads(read(site, "playbook.schema.json"))
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(data, schema, format_checker=jsonschema.FormatChecker())
        assert data["edition"]["name"]
        assert len({entry["url"] for entry in data["entries"]}) == len(data["entries"])
        for entry in data["entries"]:
            assert (site / entry["url"] / "index.html").is_file()


def test_playbook_json_says_what_the_yaml_says(retired_site: Path) -> None:
    entries = {entry["id"]: entry for entry in json.loads(read(retired_site, "playbook.json"))["entries"]}
    assert set(entries) == {"EXT-01", "EXT-02", "apertura", "csat", "vip"}
    standard = entries["EXT-01"]
    assert (standard["kind"], standard["url"], standard["status"]) == (
        "standard",
        "estandares/ext-01/",
        "active",
    )
    assert standard["statement"] == "Saludas a quien llega."
    assert standard["items"] == [{"id": "saludo", "text": "Saludé a quien llegó."}]
    assert standard["reviewed"] == "2026-11-01"
    assert "owner" not in standard
    assert entries["EXT-02"]["status"] == "retired"
    assert entries["EXT-02"]["replaced_by"] == "EXT-01"


def test_the_worker_knows_what_the_site_holds(make_project: MakeProject) -> None:
    # A picture beside an entry's page is found too.
    site = build(make_project({"docs/estandares/ext-01/foto.svg": "<svg/>", "docs/a/b.md": "# Página\n"}))
    given = (site / "service-worker.js").read_text(encoding="utf-8").partition("\n")[0]
    files = json.loads(given.removeprefix("const BUILD = ").removesuffix(";"))["files"]
    # What a code on paper opens is the network's to say, so it is not kept.
    told = {site / "404.html", *(site / "p").rglob("*")}
    kept = [path for path in site.rglob("*") if path.suffix in (".html", ".svg") and path not in told]
    addresses = {path.relative_to(site).as_posix().removesuffix("index.html"): path for path in kept}
    assert (
        {"", "a/b/", "estandares/ext-01/", "estandares/ext-01/foto.svg"} <= addresses.keys() <= files.keys()
    )
    assert not any(address.startswith("p/") for address in files)
    for address, path in addresses.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(files[address])


def test_another_worker_is_another_version_of_the_same_site(
    make_project: MakeProject, tmp_path: Path
) -> None:
    playbook = read_playbook(make_project({}), dt.date(2026, 11, 22))[0]
    versions = []
    for code in ("1;", "2;", "1;"):
        (tmp_path / offline.WORKER).write_text(code, encoding="utf-8")
        offline.write_offline(tmp_path, playbook, playbook.say, {}, tmp_path.joinpath)
        versions += re.findall(r'^const BUILD = {"version":"(\w+)"', read(tmp_path, offline.WORKER))
    assert versions[0] == versions[2] != versions[1]


def test_what_is_urgent_is_kept_before_lists_that_have_no_room_beside_it(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({})
    entry = project / "playbook/standards/EXT-01.yml"
    entry.write_text(f"{entry.read_text(encoding='utf-8')}urgent: true\n", encoding="utf-8")
    site = tmp_path / "weighed"
    heavy = random.Random(1)  # noqa: S311 - what no compression makes smaller
    sizes = {"": 300, "estandares/ext-01": 900, "estandares/ext-02": 300, "estandares": 2000, "listas": 400}
    for name, size in sizes.items():
        (site / name).mkdir(parents=True, exist_ok=True)
        (site / name / "index.html").write_bytes(heavy.randbytes(size))
    (site / offline.WORKER).touch()
    for name, most in (("_TOO_LARGE", 0), ("UNASKED", 2500), ("URGENT", 1000)):
        monkeypatch.setattr(offline, name, most)
    playbook = read_playbook(project, dt.date(2026, 11, 22))[0]
    offline.write_offline(site, playbook, SAY, {}, site.joinpath)
    told = (site / offline.WORKER).read_text(encoding="utf-8").splitlines()[0]
    build = json.loads(told.removeprefix("const BUILD = ").removesuffix(";"))
    assert build["kept"] == ["", "estandares/ext-01/", "manifest.webmanifest"]


def test_the_sitemap_lists_every_page_for_readers(reference_site: Path) -> None:
    address = json.loads(read(reference_site, "playbook.json"))["address"]
    listed = re.findall(r"<loc>([^<]+)</loc>", read(reference_site, "sitemap.xml"))
    assert len(listed) == len(set(listed))
    pages = {
        f"{address}{page.parent.relative_to(reference_site).as_posix()}/".replace("/./", "/")
        for page in reference_site.rglob("index.html")
        # An old address leads on, and what a code on paper opens is for the holder of that paper.
        if not re.search(r'http-equiv="refresh"|content="noindex"', page.read_text(encoding="utf-8"))
    }
    assert pages ^ set(listed) == set()


def test_nothing_is_fetched_from_elsewhere(reference_site: Path) -> None:
    for page in reference_site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert re.findall(r'\\bsrc="(?:https?:)?//', html) == []
        assert (
            re.findall(
                r'<link [^>]*rel="(?:stylesheet|preload|preconnect|icon)"[^>]*href="(?:https?:)?//', html
            )
            == []
        )


def test_pages_written_by_hand_are_found_too(make_project: MakeProject) -> None:
    project = make_project({"docs/historia.md": "# Historia\n\nFundada por Eulalia.\n\n{{ standards() }}\n"})
    site = build(project)
    found = [path.read_bytes() for path in (site / "search/pages").iterdir()]
    assert sum(b"Eulalia" in text for text in found) == 1


@pytest.mark.parametrize("asked", ["https://example.org/new", "https://example.org/new?template=queja.yml"])
def test_feedback_goes_to_the_issue_form_with_the_id_and_the_edition(
    make_project: MakeProject, asked: str
) -> None:
    project = make_project({})
    set_up(project, lambda text: f"{text}feedback:\n  form: {asked}\n")
    page = (build_pages(project) / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    found = re.findall(rf'href="({re.escape(asked)}[?&][^"]+)"', page.replace("&amp;", "&"))
    missed, *of_entry = sorted(found, key=lambda address: "EXT-01" in address)
    assert len(of_entry) == 2
    assert parse_qs(urlsplit(missed).query)["title"] == ["No encontré: {query}"]
    for address in of_entry:
        fields = parse_qs(urlsplit(address).query)
        assert fields["entry"] == ["EXT-01"]
        assert fields["edition"] == ["1"]
        assert fields["title"][0].startswith("EXT-01")
