"""What the search index is made of."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from servicebook.building.builder import SiteBuilder
from servicebook.content.load import load_content
from servicebook.content.playbook import Playbook
from servicebook.language.messages import LANGUAGES, messages_in
from servicebook.site.search import Document, Section, Vocabulary, coded, documents_of
from servicebook.site.site import Site
from servicebook.site.thesaurus import dangers_beside, fold, near_of
from tests.conftest import MakeProject, unprinted


def pages_of(site: Path) -> dict[str, Any]:
    """Return what Pagefind keeps of each page, by the page's address."""
    pages = {}
    for path in (site / "pagefind" / "fragment").iterdir():
        page = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        pages[page["meta"]["url"]] = page
    return pages


def build(project: Path) -> Path:
    with unprinted():
        SiteBuilder(project / "mkdocs.yml").build(project / "site")
    return project / "site"


def test_an_entry_is_found_by_its_own_text_and_its_words(make_project: MakeProject) -> None:
    page = pages_of(build(make_project({})))["estandares/ext-01/"]
    assert page["meta"]["title"] == "Saludar al llegar"
    assert page["meta"]["id"] == "EXT-01"
    assert {anchor["id"] for anchor in page["anchors"]} >= {"do", "dont", "verification"}
    assert "Responsable" not in page["content"], "how an entry is filed is nothing to find it by"


def test_a_code_is_kept_as_it_is_looked_up() -> None:
    codes = {"EXT-07": "ext7z", "EXT-70": "ext70z", "V2.1.3": "v2x1x3z", "OSPS-AC-01.01": "ospsac1x1z"}
    codes["vip"] = ""
    assert {code: Document("", "", "", id=code).key for code in codes} == codes


def test_words_with_a_hyphen_are_kept_as_one_too() -> None:
    section = Section(
        "do", "", ("Da la clave del Wi-Fi.", "Atiende la post\u2011venta el 2026-01-31, de 9-5.")
    )
    document = Document("", "Check-in", "", sections=(section,))
    assert document.joined == ("checkin", "postventa", "wifi")
    assert {"wi", "fi"}.isdisjoint(document.joined)
    assert Document("", "Soporte de C++ y C#", "").joined == ("cplusplus", "csharp")


def test_retired_entries_are_not_found(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    other = path.read_text(encoding="utf-8").replace("EXT-01", "EXT-02")
    (project / "playbook/standards/EXT-02.yml").write_text(other + "status: retired\n", encoding="utf-8")
    pages = pages_of(build(project))
    assert "estandares/ext-01/" in pages
    assert "estandares/ext-02/" not in pages


def test_a_picture_is_found_by_what_it_shows_and_a_danger_by_what_is_urgent(
    make_project: MakeProject,
) -> None:
    project = make_project({"playbook/media/a.png": "x"})
    path = project / "playbook/standards/EXT-01.yml"
    text = path.read_text(encoding="utf-8") + "search_words: [incendio, humo]\n"
    text += "images: [{file: media/a.png, alt: Un ornitorrinco}]\n"
    found = {}
    for urgent in ("false", "true"):
        path.write_text(f"{text}urgent: {urgent}\n", encoding="utf-8")
        site = Site(Playbook(load_content(project / "playbook")[0]))
        (found[urgent],) = (one for one in documents_of(site) if one.id == "EXT-01")
    (pictures,) = (one for one in found["true"].sections if one.anchor == "images")
    assert pictures.texts == ("Un ornitorrinco",)
    assert "fuego" in found["true"].dangers
    assert found["false"].dangers == ()


def test_pages_written_by_hand_are_found_without_the_lists_in_them(make_project: MakeProject) -> None:
    text = "# Bienvenida\n\nUna página con ornitorrincos.\n\n{{ standards() }}\n"
    page = pages_of(build(make_project({"docs/otra.md": text})))["otra/"]
    assert "ornitorrincos" in page["content"]
    assert "Saludar al llegar" not in page["content"]


EMPTY = {
    "nothing": "\n",
    "a-picture": "![](assets/icons/touch-180.png)\n",
    "a-comment": "<!-- x -->\n",
    "a-head": "---\ntitle: Plano\n---\n",
    "a-drawing": "<svg><title>x</title></svg>\n",
    "a-form": "<form>x</form>\n",
    "signs": "# ¿?\n",
}


def test_a_page_without_a_word_is_found_by_what_it_is_called(make_project: MakeProject) -> None:
    """Pagefind leaves out a page that says nothing; nobody could build a playbook that has one."""
    pages = pages_of(build(make_project({f"docs/{name}.md": text for name, text in EMPTY.items()})))
    assert {f"{name}/" for name in EMPTY} <= pages.keys()
    assert pages["a-head/"]["content"].strip(" .") == "Plano"


def test_facets_name_the_pages_that_pagefind_knows(make_project: MakeProject) -> None:
    site = build(make_project({}))
    facets = json.loads((site / "pagefind/facets.json").read_text(encoding="utf-8"))
    assert set(facets["pages"]) == {path.stem for path in (site / "pagefind/fragment").iterdir()}
    assert ["kind", "Estándares"] in facets["words"]


def test_the_index_names_the_pages_that_are_urgent(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    path.write_text(path.read_text(encoding="utf-8") + "urgent: true\n", encoding="utf-8")
    site = build(project)
    language = json.loads((site / "pagefind/language.json").read_text(encoding="utf-8"))
    fragments = (site / "pagefind/fragment" / f"{page}.pf_fragment" for page in language["urgent"])
    kept = [
        json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd")) for path in fragments
    ]
    assert [page["meta"]["url"] for page in kept] == ["estandares/ext-01/"]


def test_a_danger_is_kept_in_every_way_of_saying_it(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    words = "urgent: true\nsearch_words: [incendio, humo]\n"
    path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")
    dangers = pages_of(build(project))["estandares/ext-01/"]["meta"]["dangers"].split(" · ")
    assert {"fuego", "huele a gas", "prende estufa", "arde aceite"} <= set(dangers)
    assert not [form for form in dangers if "/" in form]


def test_an_update_is_found_once_the_index_is_written(make_project: MakeProject) -> None:
    project = make_project({})
    builder = SiteBuilder(project / "mkdocs.yml", keeps_pages=True)
    builder.build(project / "site")
    path = project / "playbook/standards/EXT-01.yml"
    path.write_text(path.read_text(encoding="utf-8") + "search_words: [ornitorrinco]\n", encoding="utf-8")
    assert builder.update([path])
    builder.update_search()
    assert pages_of(project / "site")["estandares/ext-01/"]["meta"]["words"] == "ornitorrinco"


def test_what_is_near_to_a_title_is_kept_apart_from_what_it_says() -> None:
    near = near_of("Contestar el teléfono", messages_in("es"))
    assert {"transferir", "on hold"} <= set(near), "calls, being put on hold and transfers are part of it"
    assert "celular" not in near, "that is the telephone itself"
    assert near_of("Xilófono", messages_in("es")) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thesaurus_relates_concepts_that_it_has(language: str) -> None:
    say = messages_in(language)
    concepts = say.under("search.synonyms").keys()
    for relation in ("narrower", "related"):
        for name, others in say.under(f"search.{relation}").items():
            assert {name, *others.split(", ")} <= concepts
            assert name not in others.split(", ")


def test_words_are_folded() -> None:
    assert fold("¿Qué pasó, Ñoño?") == "que paso nono"
    assert fold("La o\ufb01cina de C++") == "la oficina de cplusplus"
    assert fold("Œuvres, un nœud, Sæson") == "oeuvres un noeud sæson"


def test_the_vocabulary_shares_the_starts_of_words() -> None:
    document = Document(url="", title="calar cama camas", kind="")
    vocabulary = Vocabulary()
    vocabulary.add(document)
    assert vocabulary.coded() == "calar 2ma 4s"


def test_a_phrase_of_small_words_is_one_word_to_be_found_by(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    words = "search_words: [no se puede, no se puede abrir]\n"
    path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")
    site = build(project)
    assert pages_of(site)["estandares/ext-01/"]["meta"]["phrases"].strip() == "nosepuede"
    language = json.loads((site / "pagefind/language.json").read_text(encoding="utf-8"))
    assert language["phrases"] == ["no se puede"]


def test_the_index_names_the_dangers_that_no_page_is_about(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    path.write_text(path.read_text(encoding="utf-8") + "search_words: [incendio]\n", encoding="utf-8")
    language = json.loads((build(project) / "pagefind/language.json").read_text(encoding="utf-8"))
    say = messages_in("es")
    assert language["unmet"] == coded(dangers_beside(["incendio"], say))
    unmet = dangers_beside(["incendio"], say)
    assert {"balacera", "asalto", "ebrio"} <= set(unmet)
    assert not {"incendio", "humo"} & set(unmet), "a page is about fire, however it is said"
