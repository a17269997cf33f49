"""What the search index is made of."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from servicebook.building.builder import SiteBuilder
from servicebook.content.load import load_content
from servicebook.content.playbook import Playbook
from servicebook.language.messages import LANGUAGES, messages_in
from servicebook.site.search import Document, Section, documents_of
from servicebook.site.search_index import CONTENTS, FOLDER, coded, write_index
from servicebook.site.site import Site
from servicebook.site.thesaurus import dangers_beside, fold, near_of
from tests.conftest import ROOT, MakeProject, unprinted


def contents_of(site: Path) -> dict[str, Any]:
    """Return what every search of a site needs to know."""
    contents: dict[str, Any] = json.loads((site / FOLDER / CONTENTS).read_text(encoding="utf-8"))
    return contents


def pages_of(site: Path) -> dict[str, Any]:
    """Return what the index keeps of each page, by the page's address, in the order of their numbers."""
    paths = (site / FOLDER / "pages" / f"{name}.json" for name in contents_of(site)["pages"].split())
    pages = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    return {page["url"]: page for page in pages}


def decoded(words: str) -> list[str]:
    """Return the words of which each is sent without the start that it shares with the one before."""
    found = [""]
    for word in words.split():
        rest = word.lstrip("0123456789")
        found.append(found[-1][: int(word[: len(word) - len(rest)] or 0)] + rest)
    return found[1:]


def text_of(page: dict[str, Any]) -> str:
    """Return all that a page of the index says."""
    return " ".join(text for _, heading, texts in page["sections"] for text in (heading, *texts))


def weights_of(site: Path, word: str) -> dict[str, int]:
    """Return how much a word weighs on each page that has it, by the page's address."""
    urls = [*pages_of(site)]
    weights: dict[str, int] = {}
    for path in (site / FOLDER / "words").iterdir():
        listed = json.loads(path.read_text(encoding="utf-8")).get(word, [])
        numbers = itertools.accumulate(listed[::2])
        weights |= {urls[number]: weight for number, weight in zip(numbers, listed[1::2], strict=True)}
    return weights


def build(project: Path) -> Path:
    with unprinted():
        SiteBuilder(project / "mkdocs.yml").build(project / "site")
    return project / "site"


def test_an_entry_is_found_by_its_own_text_and_its_words(make_project: MakeProject) -> None:
    page = pages_of(build(make_project({})))["estandares/ext-01/"]
    assert page["title"] == "Saludar al llegar"
    assert page["id"] == "EXT-01"
    assert {anchor for anchor, _, _ in page["sections"]} >= {"do", "dont", "verification"}
    assert "Responsable" not in text_of(page), "how an entry is filed is nothing to find it by"


def test_a_code_is_kept_as_it_is_looked_up() -> None:
    codes = {"EXT-07": "ext7z", "EXT-70": "ext70z", "V2.1.3": "v2x1x3z", "OSPS-AC-01.01": "ospsac1x1z"}
    codes["vip"] = ""
    assert {code: Document("", "", "", id=code).key for code in codes} == codes


def test_words_with_a_hyphen_are_kept_as_one_too(tmp_path: Path) -> None:
    said = Section("do", "", ("Da la clave del Wi-Fi.", "Atiende la post\u2011venta el 2026-01-31, de 9-5."))
    document = Document("a/", "Check-in de C++ y C#", "", sections=(said,))
    found = {*weigh(tmp_path, document)}
    assert {"checkin", "check", "in", "postventa", "post", "wifi", "wi", "cplusplus", "csharp"} <= found
    assert {"20260131", "95"}.isdisjoint(found)


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
    assert "ornitorrincos" in text_of(page)
    assert "Saludar al llegar" not in text_of(page)


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
    pages = pages_of(build(make_project({f"docs/{name}.md": text for name, text in EMPTY.items()})))
    assert {f"{name}/" for name in EMPTY} <= pages.keys()
    assert text_of(pages["a-head/"]).strip() == "Plano"
    assert text_of(pages["signs/"]).strip() == "signs/"


def test_facets_have_the_words_of_each_page_in_order(make_project: MakeProject) -> None:
    site = build(make_project({}))
    facets = json.loads((site / FOLDER / "facets.json").read_text(encoding="utf-8"))
    pages = [*pages_of(site)]
    assert len(facets["pages"]) == len(pages)
    place = facets["words"].index(["kind", "Estándares"])
    assert place in facets["pages"][pages.index("estandares/ext-01/")]
    assert place not in facets["pages"][pages.index("")]


def test_the_index_names_the_pages_that_are_urgent(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    path.write_text(path.read_text(encoding="utf-8") + "urgent: true\n", encoding="utf-8")
    site = build(project)
    pages = [*pages_of(site)]
    assert [pages[number] for number in contents_of(site)["urgent"]] == ["estandares/ext-01/"]


def test_a_danger_is_kept_in_every_way_of_saying_it(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    words = "urgent: true\nsearch_words: [incendio, humo]\n"
    path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")
    dangers = pages_of(build(project))["estandares/ext-01/"]["dangers"]
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
    assert pages_of(project / "site")["estandares/ext-01/"]["words"] == ["ornitorrinco"]


def weigh(tmp_path: Path, *documents: Document) -> dict[str, dict[str, int]]:
    """Return how much each word of documents weighs, by the document's address."""
    site = Site(Playbook(load_content(ROOT / "tests/projects/reception-en/playbook")[0]))
    write_index(documents, site, tmp_path / "site")
    files = (tmp_path / "site" / FOLDER / "words").iterdir()
    names = {word for path in files for word in json.loads(path.read_text(encoding="utf-8"))}
    return {word: weights_of(tmp_path / "site", word) for word in sorted(names)}


def test_where_a_word_stands_decides_how_much_it_weighs(tmp_path: Path) -> None:
    said = (Section("", "", ("lead",)), Section("do", "heading", ("text",)))
    entry = Document(
        "a/", "title", "", id="EXT-07", words=("own",), synonyms=("synonym",), near=("near",),
        dangers=("danger",), echoes=("echo",), sections=said,
    )  # fmt: skip
    weights = weigh(tmp_path, entry)
    order = ["ext7z", "own", "title", "synonym", "near", "danger", "echo"]
    assert sorted(order, key=lambda word: -weights[word]["a/"]) == order
    assert len({weights[word]["a/"] for word in order}) == len(order)
    assert weights["lead"]["a/"] > weights["text"]["a/"] > weights["heading"]["a/"]


def test_a_word_that_an_entry_is_called_by_again_and_again_weighs_once(tmp_path: Path) -> None:
    entry = Document("a/", "", "", id="uno", words=("the once", "the twice", "the thrice"))
    weights = weigh(tmp_path, entry)
    assert weights["the"]["a/"] == weights["twice"]["a/"]


def test_what_is_told_in_passing_and_what_is_no_entry_weighs_less(tmp_path: Path) -> None:
    said = (Section("do", "", ("said",)),)
    entry = Document("a/", "title", "", id="uno", sections=said)
    story = Document("b/", "title", "", id="dos", sections=said, story=True)
    term = Document("c/", "title", "", sections=said, synonyms=("also",))
    weights = weigh(tmp_path, entry, story, term)
    assert weights["said"]["a/"] > weights["said"]["b/"] == weights["said"]["c/"]
    assert weights["title"]["a/"] == weights["title"]["b/"] > weights["title"]["c/"] > weights["also"]["c/"]


def test_a_page_written_by_hand_is_as_many_texts_as_it_has_headings(tmp_path: Path) -> None:
    first = Section("a", "heading", ("said",))
    short = Document("a/", "", "", sections=(first, Section("b", "", ("one",))))
    long = Document("b/", "", "", sections=(first, *(Section(f"{n}", "", ("one",)) for n in range(999))))
    weights = weigh(tmp_path, short, long)
    assert weights["said"]["a/"] == weights["said"]["b/"]
    # Its headings say what it is about, where those of an entry are those of its kind.
    entry = Document("c/", "", "", id="uno", sections=(first,))
    assert weights["heading"]["a/"] > weights["said"]["a/"]
    assert weigh(tmp_path, entry)["heading"]["c/"] < weights["said"]["a/"]


def test_a_word_weighs_more_where_it_is_said_often_and_less_in_a_long_text(tmp_path: Path) -> None:
    texts = {"once": "said", "twice": "said said", "often": "said " * 99, "long": "said " + "other " * 999}
    documents = [Document(url, "", "", sections=(Section("", "", (text,)),)) for url, text in texts.items()]
    weights = weigh(tmp_path, *documents)["said"]
    assert weights["long"] < weights["once"] < weights["twice"] < weights["often"] < 4 * weights["once"]


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
    assert coded(["camas", "calar", "cama", "cama"]) == "calar 2ma 4s"
    assert coded(["a1", "a12"]) == "a1 2.2"


def test_a_phrase_of_small_words_is_one_word_to_be_found_by(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    words = "search_words: [no se puede, no se puede abrir]\n"
    path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")
    site = build(project)
    assert [*weights_of(site, "nosepuede")] == ["estandares/ext-01/"]
    assert contents_of(site)["phrases"] == ["no se puede"]
    known = decoded(contents_of(site)["words"])
    assert "saludar" in known
    assert "nosepuede" not in known


def test_the_index_names_the_dangers_that_no_page_is_about(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/standards/EXT-01.yml"
    path.write_text(path.read_text(encoding="utf-8") + "search_words: [incendio]\n", encoding="utf-8")
    language = contents_of(build(project))
    say = messages_in("es")
    assert language["unmet"] == coded(dangers_beside(["incendio"], say))
    unmet = dangers_beside(["incendio"], say)
    assert {"balacera", "asalto", "ebrio"} <= set(unmet)
    assert not {"incendio", "humo"} & set(unmet), "a page is about fire, however it is said"
