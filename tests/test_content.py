"""How a playbook is read, at the edges: declarations, patterns, own sentences, near words, mkdocs.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from servicebook.base.problems import ContentError, Location, Problem
from servicebook.content.complaints import suggest
from servicebook.content.content import Content
from servicebook.content.declarations import find_faults, kinds_in
from servicebook.content.drafts import drafts_of
from servicebook.content.kinds import USUAL, kinds_of
from servicebook.content.load import Memory, load_content
from servicebook.content.marked import find_marked, parts_of
from servicebook.content.model.declared import Declarations
from servicebook.content.model.entries import Standard
from servicebook.content.model.settings import Foundation
from servicebook.content.model.types import Inline, Ref
from servicebook.content.patterns import LONGEST, fault_of
from servicebook.content.playbook import Playbook, touched
from servicebook.content.project import path_from, read_project, repository_of
from servicebook.content.reading import Reading
from servicebook.content.select import owner_of
from servicebook.content.sentences import fault_of as sentence_fault
from servicebook.content.sentences import usable, values_of
from servicebook.content.shapes import shape_of
from tests.conftest import ROOT, MakeProject
from tests.test_rules import DAY, SAY, checklist, customer, frozen, playbook, settings, standard

# --- declarations ------------------------------------------------------------------------------------

OWN: dict[str, Any] = {"title": "Protocolos", "title_one": "protocolo"}
TEXT = {"label": "Riesgo", "type": "text"}


def faults(**declared: Any) -> list[tuple[str, tuple[Any, ...]]]:
    made = Declarations.model_validate({"pillars": {"a": {"title": "A"}}, **declared})
    return [(fault.rule, fault.loc) for fault in find_faults(made)]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, []),
        ({"vocabularies": {"areas": {"a": {"title": "A"}}}}, []),
        (
            {"vocabularies": {"channels": {"a": {"title": "A"}}}},
            [("vocabulary-taken", ("vocabularies", "channels"))],
        ),
        (
            {"vocabularies": {"nature": {"a": {"title": "A"}}}},
            [("vocabulary-taken", ("vocabularies", "nature"))],
        ),
        ({"fields": {"standard": {"risk": TEXT}}}, []),
        ({"fields": {"standar": {"risk": TEXT}}}, [("unknown-kind", ("fields", "standar"))]),
        (
            {"kinds": {"protocol": OWN}, "fields": {"protocol": {"risk": TEXT}}},
            [("fields-of-own-kind", ("fields", "protocol"))],
        ),
        ({"fields": {"standard": {"title": TEXT}}}, [("field-taken", ("fields", "standard", "title"))]),
        (
            {"fields": {"standard": {"summary_at": TEXT}}},
            [("field-taken", ("fields", "standard", "summary_at"))],
        ),
        (
            {"fields": {"standard": {"risk": TEXT | {"several": True}}}},
            [("field-not-several", ("fields", "standard", "risk", "several"))],
        ),
        ({"fields": {"standard": {"risk": TEXT | {"type": "line", "several": True}}}}, []),
        ({"fields": {"standard": {"risk": TEXT | {"type": "url", "several": True}}}}, []),
        (
            {"fields": {"standard": {"risk": TEXT | {"type": "date", "several": True}}}},
            [("field-not-several", ("fields", "standard", "risk", "several"))],
        ),
        (
            {"fields": {"standard": {"risk": TEXT | {"shows": ["card", "facet"]}}}},
            [("facet-not-word", ("fields", "standard", "risk", "shows", 1))],
        ),
        (
            {
                "fields": {
                    "standard": {"risk": TEXT | {"type": "word", "vocabulary": "teams", "shows": ["facet"]}}
                }
            },
            [],
        ),
        (
            {"fields": {"standard": {"risk": TEXT | {"type": "word"}}}},
            [("missing", ("fields", "standard", "risk"))],
        ),
        (
            {"fields": {"standard": {"risk": TEXT | {"type": "word", "vocabulary": "nada"}}}},
            [("unknown-vocabulary", ("fields", "standard", "risk", "vocabulary"))],
        ),
        (
            {"fields": {"standard": {"risk": TEXT | {"vocabulary": "teams"}}}},
            [("field-takes-none", ("fields", "standard", "risk", "vocabulary"))],
        ),
        ({"fields": {"standard": {"risk": TEXT | {"type": "reference", "kind": "metric"}}}}, []),
        (
            {"fields": {"standard": {"risk": TEXT | {"type": "reference", "kind": "nada"}}}},
            [("unknown-kind", ("fields", "standard", "risk", "kind"))],
        ),
        ({"ids": {"standard": "[A-Z]+-[0-9]{2}"}}, []),
        ({"ids": {"standard": ".*"}}, [("id-pattern", ("ids", "standard"))]),
        ({"ids": {"standard": "([a-z]+)+"}}, [("id-pattern-slow", ("ids", "standard"))]),
        ({"ids": {"nada": "[A-Z]+"}}, [("unknown-kind", ("ids", "nada"))]),
        ({"ids": {"protocol": "[A-Z]+"}, "kinds": {"protocol": OWN}}, []),
        ({"kinds": {"protocol": {"title": "P"}}}, [("missing", ("kinds", "protocol"))]),
        ({"kinds": {"item": OWN}}, [("kind-taken", ("kinds", "item"))]),
        ({"kinds": {"channels": OWN}}, [("kind-taken", ("kinds", "channels"))]),
        ({"kinds": {"editions": OWN}}, [("folder-taken", ("kinds", "editions"))]),
        (
            {"kinds": {"protocol": OWN | {"folder": "standards"}}},
            [("folder-taken", ("kinds", "protocol", "folder"))],
        ),
        (
            {"kinds": {"protocol": OWN, "other": OWN | {"folder": "protocol", "address": "otros"}}},
            [("folder-taken", ("kinds", "protocol")), ("folder-taken", ("kinds", "other", "folder"))],
        ),
        (
            {"kinds": {"protocol": OWN | {"address": "assets"}}},
            [("address-taken", ("kinds", "protocol", "address"))],
        ),
        (
            {"kinds": {"protocol": OWN | {"address": "estandares"}}},
            [("address-taken", ("kinds", "protocol", "address"))],
        ),
        ({"kinds": {"standard": {"address": "normas"}, "protocol": OWN | {"address": "estandares"}}}, []),
        (
            {"kinds": {"standard": {"address": "normas"}, "protocol": OWN | {"address": "normas"}}},
            [("address-taken", ("kinds", "protocol", "address"))],
        ),
        ({"kinds": {"standard": {"folder": "normas"}}}, [("kind-built-in", ("kinds", "standard", "folder"))]),
        ({"kinds": {"standard": {"title": "Normas"}}}, []),
        ({"kinds": {"protocol": OWN | {"fields": {"risk": TEXT}, "summary": "risk"}}}, []),
        (
            {"kinds": {"protocol": OWN | {"fields": {"risk": TEXT}, "summary": "risky"}}},
            [("summary-unknown", ("kinds", "protocol", "summary"))],
        ),
        (
            {"kinds": {"protocol": OWN | {"fields": {"risk": TEXT | {"type": "date"}}, "summary": "risk"}}},
            [("summary-unknown", ("kinds", "protocol", "summary"))],
        ),
    ],
)
def test_what_clashes_among_declarations(
    declared: dict[str, Any], expected: list[tuple[str, tuple[Any, ...]]]
) -> None:
    assert faults(**declared) == expected


# What is written here stands in files, addresses and data that others read: no list of the engine's own.
TAKEN = {
    "kind-taken": "source item entry foundation term playbook glossary sources",
    "folder-taken": "editions media drafts",
    "address-taken": "p assets search media admin",
    "field-taken": "kind folder url citation team linked rule rows xlsx pdf pdf_a4 pdf_letter",
}


@pytest.mark.parametrize(
    ("rule", "name"), [(rule, name) for rule, its in TAKEN.items() for name in its.split()]
)
def test_what_has_a_meaning_of_its_own_is_no_name_to_give(rule: str, name: str) -> None:
    declared, place = {
        "kind-taken": ({"kinds": {name: OWN}}, ("kinds", name)),
        "folder-taken": ({"kinds": {"one": OWN | {"folder": name}}}, ("kinds", "one", "folder")),
        "address-taken": ({"kinds": {"one": OWN | {"address": name}}}, ("kinds", "one", "address")),
        "field-taken": ({"fields": {"standard": {name: TEXT}}}, ("fields", "standard", name)),
    }[rule]
    assert (rule, place) in faults(**declared)


def test_a_playbook_with_faults_in_its_declarations_has_the_usual_kinds() -> None:
    own = "pillars: {a: {title: A}}\nkinds: {protocol: {title: Protocolos, title_one: protocolo}}\n"
    assert "protocol" in kinds_in(own.encode())
    assert kinds_in(b"title: Uno\n") is USUAL
    assert kinds_in(own.replace("protocol:", "item:").encode()) is USUAL
    assert kinds_in(b"kinds: [\n") is USUAL


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("a" * LONGEST, None),
        ("a" * (LONGEST + 1), "id-pattern"),
        ("[a-z]+(-[a-z]+)*", None),
        ("[a-z]+(_[a-z]+)+", None),
        (r"[a-z]+(\.[a-z]+)*", None),
        ("[a-z]+(-[a-z]+-)*", "id-pattern-slow"),
        ("(a+)?b", None),
        ("(a+){2}", None),
        ("(a+){2,3}", "id-pattern-slow"),
        ("(ab)+", None),
        ("(a|b)c", None),
        ("(a|b)+", "id-pattern-slow"),
        ("x((a+)b)*", "id-pattern-slow"),
        ("x((-a+)b)*", None),
        ("(a[._]+)+", "id-pattern-slow"),
        # One after the other, with nothing between them that they cannot take themselves.
        ("a+a+a+a+a+b", None),
        ("a+a+a+a+a+a+b", "id-pattern-slow"),
        ("a?a?a?a?a?a?b", "id-pattern-slow"),
        ("[a-z]{1,9}[a-z]*[a-z]?[a-z]{2,}[a-z]+a?", "id-pattern-slow"),
        ("([a-]a{2}(-*a*a)+)", "id-pattern-slow"),
        (r"(\.?-{1,9})+", "id-pattern-slow"),
        ("((-a)?b+)+", "id-pattern-slow"),
        ("(([a-c]|[a-c]{2})a)+", "id-pattern-slow"),
        ("a+-a+-a+-a+-a+-a+", None),
        (r"a+\.a+\.a+\.a+\.a+\.a+", None),
        ("[a-]+-[a-]+-[a-]+-[a-]+-[a-]+-[a-]+-b", "id-pattern-slow"),
        ("a+-?a+-?a+-?a+-?a+", "id-pattern-slow"),
        ("a+(-b)?a+(-b)?a+(-b)?b", "id-pattern-slow"),
        ("a+(-|a)a+(-|a)a+(-|a)a+(-|a)a+(-|a)a+b", "id-pattern-slow"),
        ("(a+a+b){2}", None),
        ("(a+a+b){3}", "id-pattern-slow"),
        ("((a+b){2}){3}", "id-pattern-slow"),
        ("a+(-)a+(-)a+(-)a+(-)a+(-)a+b", None),
        ("A-[0-9]+|B-[0-9]+|C-[0-9]+|D-[0-9]+|E-[0-9]+|F-[0-9]+", None),
        ("[A-Z]{2,4}(-[A-Z0-9]+)*-[0-9]{1,3}[a-z]?", None),
        ("a)", "id-pattern"),
        ("(a", "id-pattern"),
        ("a?", "id-pattern"),  # it may be nothing
        ("(?:a)b", None),
        ("(?P<x>a)", "id-pattern"),
        ("a{100}", "id-pattern"),
    ],
)
def test_patterns_of_ids(pattern: str, fault: str | None) -> None:
    assert fault_of(pattern) == fault


@pytest.mark.parametrize(
    ("key", "text", "rule"),
    [
        ("kind.customer", "Pacientes", None),
        ("kind.custome", "Pacientes", "unknown-sentence"),
        ("path.standard", "normas", "unknown-sentence"),
        ("language.locale", "es", "unknown-sentence"),
        ("diff.numbers", "uno", "unknown-sentence"),
        ("language.answer.named", "(", "unknown-sentence"),
        ("review.as-of", "Al {date}", None),
        ("review.as-of", "Hoy", None),
        ("review.as-of", "Al {dat}", "sentence-value"),
        ("review.as-of", "Al {date", "sentence-braces"),
        ("review.as-of", "Al {date:x}", "sentence-braces"),
        ("review.as-of", "Al {date!r}", "sentence-braces"),
        ("review.as-of", "Al {}", "sentence-braces"),
    ],
)
def test_own_sentences_keep_their_values(key: str, text: str, rule: str | None) -> None:
    found = sentence_fault(key, text, SAY)
    assert (found[0] if found else None) == rule
    assert usable({key: text}, SAY) == ({} if rule else {key: text})


def test_a_fault_of_a_sentence_names_what_was_meant() -> None:
    assert sentence_fault("kind.custome", "x", SAY) == (
        "unknown-sentence",
        {"name": "kind.custome", "suggestion": "kind.customer"},
    )
    wrong = sentence_fault("review.as-of", "{dat}", SAY)
    assert wrong == ("sentence-value", {"value": "dat", "values": "{date}", "suggestion": "date"})
    assert values_of("{a} y {b} {{c}}") == {"a", "b"}
    assert values_of("") == set()


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("titel", ["title", "statement"], "title"),
        ("TITLE", ["Title"], "Title"),
        ("xyz", ["title"], None),
        ("title", [], None),
        ("abcd", ["abxy"], None),
        ("abcde", ["abcxy"], "abcxy"),
    ],
)
def test_the_nearest_word_is_told_where_one_is_near(word: str, known: list[str], meant: str | None) -> None:
    assert suggest(word, known) == meant


def test_a_near_word_may_be_asked_to_be_nearer() -> None:
    assert suggest("standar", {"standard", "metric"}, 0.9) == "standard"
    assert suggest("estandar", {"standard"}) == "standard"
    assert suggest("estandar", {"standard"}, 0.9) is None


def test_a_kind_is_blamed_for_its_address_where_it_says_it() -> None:
    def at_key(**info: str) -> list[bool]:
        kinds = {"protocol": OWN | info}
        made = Declarations.model_validate({"pillars": {"a": {"title": "A"}}, "kinds": kinds})
        return [fault.at_key for fault in find_faults(made) if fault.rule == "address-taken"]

    assert at_key(address="assets") == [False]
    assert at_key(folder="assets") == [True]


def test_a_level_of_the_playbook_s_own_is_called_by_its_title_on_pages_and_screens() -> None:
    levels = {"vital": {"title": "Vital", "weight": 5}, "extra": {"title": "Extra", "weight": 1}}
    made = Declarations.model_validate({"pillars": {"a": {"title": "A"}}, "levels": levels})
    words = kinds_of(made).words
    assert (words["level.vital"], words["screen.vital"], words["label.LevelWeights.extra"]) == (
        "Vital",
        "Vital",
        "Extra",
    )


# --- what a playbook knows of its entries ------------------------------------------------------------


def test_the_owner_of_an_address_is_the_longest_id_there_is() -> None:
    known = {"V1.2", "EXT-01"}
    assert [
        owner_of(address, known) for address in ("V1.2", "V1.2.a", "EXT-01", "EXT-01.a", "nada", "x.y")
    ] == [
        "V1.2",
        "V1.2",
        "EXT-01",
        "EXT-01",
        "nada",
        "x",
    ]


def test_links_go_both_ways_and_leave_out_sources_replacements_and_what_is_not_in_force() -> None:
    named = standard("EXT-02", related=["EXT-01"], sources=[{"source": "vip"}])
    old = standard("EXT-04", status="retired", replaced_by="EXT-01", related=["EXT-01"])
    lists = checklist({"select": {"level": ["excellence"]}}, {"take": ["EXT-01.saludo"]})
    book = playbook(standard(), named, standard("EXT-03", level="excellence"), old, customer(), lists)
    one = book.entries["EXT-01"]
    assert [entry.id for entry in book.linked(one, "standard")] == ["EXT-02"]
    assert [entry.id for entry in book.linked(named, "standard")] == ["EXT-01"]
    assert book.linked(named, "customer") == []
    assert [entry.id for entry in book.linked(lists, "standard")] == ["EXT-01", "EXT-03"]
    assert book.linked(book.entries["EXT-03"], "checklist") == [lists]
    assert [entry.id for entry in book.linked(one, "customer")] == ["vip"]
    assert [entry.id for entry in book.of_type(Standard)] == ["EXT-01", "EXT-02", "EXT-03"]


def test_a_foundation_with_the_id_of_an_entry_goes_with_its_own_standards() -> None:
    book = playbook(standard(), standard("EXT-02"), customer())
    told = {
        "id": "vip",
        "title": "Base",
        "text": ["x"],
        "standards": ["EXT-02"],
        "sources": [{"source": "a"}],
    }
    base = Foundation.model_validate(told)
    book.foundations = {base.id: base}
    assert [entry.id for entry in book.linked(base, "standard")] == ["EXT-02"]
    assert [entry.id for entry in book.linked(book.entries["vip"], "standard")] == ["EXT-01"]


def test_the_neighbours_of_an_entry_are_those_in_force() -> None:
    one, two, four = standard(), standard("EXT-02"), standard("EXT-04")
    gone = standard("EXT-03", status="retired")
    book = playbook(four, gone, two, one, customer())
    assert [book.beside(entry) for entry in (one, two, four)] == [(None, two), (one, four), (two, None)]
    assert book.beside(gone) == (None, None)
    assert book.beside(book.entries["vip"]) == (None, None)


def test_media_stand_by_their_path_once() -> None:
    def shown(name: str) -> list[dict[str, str]]:
        return [{"file": f"media/{name}", "alt": "Se ve."}]

    first = standard(images=[*shown("z.png"), *shown("a.png"), *shown("m.png")])
    book = playbook(
        first, standard("EXT-02", images=shown("a.png")), standard("EXT-03", images=shown("b.png"))
    )
    assert book.media() == ["media/a.png", "media/b.png", "media/m.png", "media/z.png"]


def test_editions_stand_by_day_and_sources_know_who_cites_them(make_project: MakeProject) -> None:
    cited = (ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    content, _ = load_content(make_project({}) / "playbook")
    book = Playbook(content)
    source = book.sources["libro"]
    citing = {entry.id for entry in book.citing(source)}
    assert citing == {entry.id for entry in book.entries.values() if "'libro'" in repr(entry)}
    assert cited
    assert not any(book.citing(other) for other in book.sources.values() if other.id != "libro")
    with pytest.raises(ValueError, match="no playbook"):
        Playbook(type(content)(Path(), "playbook"))


def test_marked_texts_come_with_their_place_and_empty_ones_do_not() -> None:
    entry = standard(related=["EXT-02"], do=["Saluda.", "Mira."])
    texts = {loc: text for loc, text, _ in find_marked(entry, Inline)}
    assert texts["do", 1] == "Mira."
    assert texts["items", 0, "text"] == "Saludé."
    assert texts["verification", "question"] == "¿Saludó?"
    assert not any(loc[0] == "guidance" for loc in texts)
    refs = {loc: (text, mark.kind) for loc, text, mark in find_marked(entry, Ref)}
    assert refs["related", 0] == ("EXT-02", "standard")
    assert ("customers", 0) not in refs
    assert [*parts_of(Standard)][:2] == [
        name for name in Standard.model_fields if name in parts_of(Standard)
    ][:2]


def test_shapes_say_what_a_value_may_be() -> None:
    shape = shape_of("standard")
    assert [field.name for field in shape.fields][-3:] == ["sources", "search_words", "changes"]
    level, threshold, items = (shape.field(name) for name in ("level", "threshold", "items"))
    assert level
    assert threshold
    assert items
    assert level.shape.form == "choice"
    assert level.shape.choices == ("essential", "expected", "excellence")
    assert (level.required, threshold.required, threshold.default) == (True, False, None)
    assert (threshold.shape.form, threshold.shape.model) == ("model", "Threshold")
    assert items.shape.form == "list"
    assert items.shape.inner
    assert items.shape.inner.model == "Item"
    every = shape.field("review_every")
    assert every
    assert (every.shape.form, every.shape.minimum, every.shape.is_text, level.shape.is_text) == (
        "integer",
        1,
        False,
        True,
    )
    assert shape.field("nada") is None
    assert shape_of("glossary").form == "list"
    channels = shape_of("playbook").field("channels")
    assert channels
    assert channels.shape.form == "map"
    assert channels.shape.inner
    reference = shape.field("related")
    assert reference
    assert reference.shape.inner
    assert reference.shape.inner.target == "standard"
    words = shape.field("channels")
    assert words
    assert words.shape.inner
    assert (words.shape.inner.vocabulary, words.shape.min_items) == ("channels", 1)


# --- files -------------------------------------------------------------------------------------------


def test_what_would_be_ignored_is_told_and_what_is_hidden_is_not(make_project: MakeProject) -> None:
    files = {
        "standard/x.yml": "x",
        "glosary.yml": "x",
        ".hidden": "x",
        "standards/nota.txt": "x",
        "standards/.nota.swp": "x",
        "editions/leeme.txt": "x",
    }
    root = make_project({f"playbook/{name}": text for name, text in files.items()}) / "playbook"
    _, problems = load_content(root)
    found = {
        (one.rule, one.location.path.rpartition("playbook/")[2], one.values.get("suggestion"))
        for one in problems
    }
    assert found == {
        ("stranger", "standard", "standards"),
        ("stranger", "glosary.yml", "glossary.yml"),
        ("not-yml", "standards/nota.txt", None),
    }


def test_an_id_is_its_file_s_name(make_project: MakeProject) -> None:
    text = (ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    content, problems = load_content(make_project({"playbook/standards/EXT-02.yml": text}) / "playbook")
    assert [(one.rule, one.values) for one in problems] == [
        ("id-file-name", {"id": "EXT-01", "file": "EXT-02.yml"})
    ]
    assert content.unusable == {"EXT-01", "EXT-02"}
    assert [entry.id for entry in content.entries if entry.kind == "standard"] == ["EXT-01"]


def test_an_edition_s_name_is_its_file_s(make_project: MakeProject) -> None:
    edition = "name: '1'\ndate: 2026-11-01\nitems: {}\nentries: {}\n"
    files = {f"playbook/editions/{name}.yml": edition for name in ("1", "2")}
    content, problems = load_content(make_project(files) / "playbook")
    assert [one.name for one in content.editions] == ["1"]
    assert [(one.rule, one.values) for one in problems] == [("id-file-name", {"id": "1", "file": "2.yml"})]
    assert problems[0].location.path.endswith("playbook/editions/2.yml")


def test_entries_are_read_though_the_settings_cannot_be(make_project: MakeProject) -> None:
    """Where their names alone tell that nothing is declared."""
    root = make_project({}) / "playbook"
    settings = root / "playbook.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + "promise: [\n", encoding="utf-8")
    content, problems = load_content(root)
    assert content.settings is None
    assert content.unusable == {"playbook.yml"}
    assert "EXT-01" in content.by_id
    assert {one.location.path.rpartition("/")[2] for one in problems} == {"playbook.yml"}


def test_what_did_not_change_is_the_same_as_before(make_project: MakeProject) -> None:
    root = make_project({}) / "playbook"
    memory: Memory = {}
    first, _ = load_content(root, memory=memory)
    path = root / "standards/EXT-01.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("Saludar", "Despedir"), encoding="utf-8")
    second, _ = load_content(root, memory=memory)
    before, after = first.by_id, second.by_id
    assert {id for id in after if after[id] is not before[id]} == {"EXT-01"}
    assert after["EXT-01"].title == "Despedir al llegar"
    changed = [entry.id for entry in touched(Playbook(first), Playbook(second))]
    assert changed[0] == "EXT-01"
    assert touched(Playbook(second), Playbook(second)) == []
    # What may stand in a file is another matter now, so it is read again though it did not change.
    declared = "fields: {standard: {risk: {label: Riesgo, type: text}}}\n"
    with (root / "playbook.yml").open("a", encoding="utf-8") as file:
        file.write(declared)
    third, problems = load_content(root, memory=memory)
    assert problems == []
    assert {id for id, entry in third.by_id.items() if entry is not after[id]} == {"EXT-01"}


def test_what_a_reading_under_way_misses_is_read_all_the_same(make_project: MakeProject) -> None:
    root = make_project({}) / "playbook"
    whole, _ = load_content(root)
    part = Reading(root, "playbook", [root / "standards/EXT-01.yml"])
    content, problems = load_content(root, reading=part)
    assert ([*content.by_id], problems) == ([*whole.by_id], [])


def test_drafts_stand_by_kind_and_id_and_know_their_files() -> None:
    entries = [standard("EXT-02", status="draft"), customer("zoe", status="draft"), standard()]
    content = Content(Path(), "playbook", settings(), entries=entries)
    assert drafts_of(content, []) == []
    names = ["standards/EXT-02.yml", "standards/AAA-01.yml", "customers/zoe.yml"]
    content.drafts |= {f"playbook/{name}" for name in names}
    lack = Problem(Location("playbook/standards/AAA-01.yml"), "missing", {"field": "owner"})
    drafts = drafts_of(content, [lack, Problem(Location("playbook/playbook.yml"), "missing")])
    assert [(one.kind, one.id, one.entry is not None) for one in drafts] == [
        ("customer", "zoe", True),
        ("standard", "AAA-01", False),
        ("standard", "EXT-02", True),
    ]
    assert [one.problems for one in drafts] == [(), (lack,), ()]
    unread, whole = drafts[1:]
    assert whole.is_in("standards", "EXT-02.yml")
    assert not whole.is_in("customers", "EXT-02.yml")
    assert not whole.is_in("standards", "EXT-03.yml")
    assert unread.is_in("standards", "AAA-01.yml")
    assert not unread.is_in("standards", "AAA-02.yml")


def test_drafts_that_name_each_other_stand_or_fall_together() -> None:
    def whole(*entries: Any) -> list[str]:
        content = Content(Path(), "playbook", settings(), entries=[*entries, standard()])
        content.drafts |= {f"playbook/{content.path_of(entry)}" for entry in entries}
        return [one.id for one in drafts_of(content, []) if one.entry]

    def draft(id: str, *related: str) -> Standard:
        return standard(id, status="draft", related=related)

    assert whole(draft("EXT-02", "EXT-03"), draft("EXT-03", "EXT-02")) == ["EXT-02", "EXT-03"]
    assert whole(draft("EXT-02", "EXT-03"), draft("EXT-03", "EXT-01")) == ["EXT-02", "EXT-03"]
    assert whole(draft("EXT-02", "EXT-03"), draft("EXT-03", "EXT-09"), draft("EXT-04")) == ["EXT-04"]


def test_an_edition_stands_in_its_folder() -> None:
    content = Content(Path(), "playbook", settings())
    assert content.path_of(frozen("1", DAY)) == "editions/1.yml"
    assert content.path_of(standard()) == "standards/EXT-01.yml"
    assert content.path_of(settings()) == "playbook.yml"


def config(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yml", ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_playbook_is_where_the_plugin_says_or_beside_mkdocs(tmp_path: Path) -> None:
    config(
        tmp_path / "a", mkdocs_yml="plugins: [search, servicebook]\n", playbook__playbook_yml="language: pt\n"
    )
    config(tmp_path / "b", mkdocs_yml="plugins: [search, servicebook: {playbook: ../a}]\n")
    config(
        tmp_path / "c",
        mkdocs_yml="plugins: {servicebook: {playbook: ../a/playbook}}\ntheme: {language: en}\n",
    )
    config(tmp_path / "d", mkdocs_yml="plugins:\n  - servicebook: {playbook: nada}\n")
    for name in "abc":
        project = read_project(tmp_path / name)
        assert (project.playbook, project.language) == (tmp_path / "a/playbook", "pt")
    with pytest.raises(ContentError) as error:
        _ = read_project(tmp_path / "d").playbook
    (problem,) = error.value.problems
    assert (problem.rule, problem.location.line, problem.location.column) == ("no-playbook-there", 2, 29)
    with pytest.raises(FileNotFoundError):
        _ = read_project(tmp_path).playbook


def test_what_is_inherited_is_joined_and_the_own_file_has_the_last_word(tmp_path: Path) -> None:
    config(
        tmp_path,
        base_yml="site_name: Base\ntheme: {language: en, name: material}\nextra: [1]\ndocs_dir: textos\n",
        mkdocs_yml="INHERIT: base.yml\nsite_name: Propio\ntheme: {language: pt, custom_dir: x}\nextra: [2]\n",
    )
    project = read_project(tmp_path)
    assert project.options == {
        "site_name": "Propio",
        "theme": {"language": "pt", "name": "material", "custom_dir": "x"},
        "extra": [2],
        "docs_dir": "textos",
    }
    assert (project.theme_language, project.language) == ("pt", "pt")
    assert [folder.name for folder in project.folders] == ["textos", "x"]
    assert project.locate("docs_dir").path.endswith("base.yml")
    assert (
        project.locate("theme", "language").path.endswith("mkdocs.yml"),
        project.locate("extra", 0).line,
    ) == (True, 4)
    assert project.locate("nada").path.endswith("mkdocs.yml")
    assert read_project(tmp_path / "base.yml").options["site_name"] == "Base"


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"mkdocs_yml": "INHERIT: nada.yml\n"}, "no-inherited"),
        ({"mkdocs_yml": "INHERIT: otro.yml\n", "otro_yml": "INHERIT: mkdocs.yml\n"}, "inherits-itself"),
        ({"mkdocs_yml": "INHERIT: mkdocs.yml\n"}, "inherits-itself"),
        ({"mkdocs_yml": "[1]\n"}, "not-options"),
        ({"mkdocs_yml": ""}, "not-options"),
    ],
)
def test_a_configuration_that_cannot_be_read_is_told(
    files: dict[str, str], rule: str, tmp_path: Path
) -> None:
    with pytest.raises(ContentError) as error:
        read_project(config(tmp_path, **files))
    assert [problem.rule for problem in error.value.problems] == [rule]


def test_words_of_a_playbook_are_its_texts_alone(tmp_path: Path) -> None:
    config(tmp_path, playbook_yml="words: {a: uno, b: [dos]}\n")
    assert read_project(tmp_path).words == {"a": "uno"}
    assert read_project(tmp_path).language is None
    assert read_project(tmp_path).theme_language is None
    config(tmp_path, playbook_yml="words: uno\n")
    assert read_project(tmp_path).words == {}


def test_a_repository_is_the_nearest_one_above(tmp_path: Path) -> None:
    inner = tmp_path / "a/b/c"
    inner.mkdir(parents=True)
    (tmp_path / "a/.git").mkdir()
    assert repository_of(inner) == tmp_path / "a"
    (inner / ".git").write_text("gitdir: x", encoding="utf-8")
    assert repository_of(inner) == inner
    assert path_from(tmp_path / "a", tmp_path / "d") == "../d"
    assert path_from(tmp_path / "a", inner) == "b/c"
