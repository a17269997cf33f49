"""What a playbook answers, at its edges: addresses, rows, grades, facets, editions, runs, the review."""

from __future__ import annotations

import datetime as dt
import json
import re
import urllib.parse
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from servicebook.base.problems import Severity
from servicebook.content.load import load_content
from servicebook.content.model.checklists import Scoring
from servicebook.content.model.declared import usual_levels
from servicebook.content.model.settings import Feedback, FrozenEdition, FrozenEntry
from servicebook.content.playbook import Playbook
from servicebook.views.addresses import entry_path, feedback_addresses, missed_address
from servicebook.views.agreement import Agreement, agreement_of
from servicebook.views.audits import summarise
from servicebook.views.editions import (
    brought,
    changed_entries,
    changes_between,
    edition_text,
    freeze,
    mark_of,
    paper_pages,
    since,
)
from servicebook.views.facets import choices_of, facets_of, urgent_entries
from servicebook.views.fields import declared_fields, printed_blocks, printed_lines
from servicebook.views.matrices import matrix_of
from servicebook.views.news import Item, badge_of, editions_of, latest, news_of
from servicebook.views.rows import rows_digest, rows_of
from servicebook.views.runs import LARGEST, Refused, Run, read_run, read_runs
from servicebook.views.scoring import VISIT, Band, make_rule, rule_of, rule_sentences
from servicebook.views.summaries import summary_of
from servicebook.views.upkeep import as_data, as_markdown, as_text, board_of, find_tasks
from servicebook.views.wording import reworded, rows_by_id
from tests.conftest import ROOT, MakeProject
from tests.test_audits import saved
from tests.test_checks import metric
from tests.test_rules import (
    DAY,
    MIDDLE,
    OLD,
    ONE,
    SAY,
    case,
    changed_on,
    checklist,
    customer,
    frozen,
    playbook,
    reviewed_so_that_due,
    settings,
    standard,
)

# --- addresses ---------------------------------------------------------------------------------------


def told_in(address: str) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def test_readers_write_to_the_form_first_then_to_the_address_and_else_nowhere() -> None:
    entry, plain = standard(title="Saludar & «mirar»"), settings()
    assert entry_path(entry, SAY) == "estandares/ext-01/"
    assert feedback_addresses(entry, plain, SAY) == {}
    assert missed_address(plain, SAY) == ""
    mailed = plain.model_copy(update={"feedback": Feedback(email="a@b.mx")})
    addresses = feedback_addresses(entry, mailed, SAY)
    assert [*addresses] == ["unmet", "change"]
    assert addresses["change"].startswith("mailto:a@b.mx?subject=")
    told = told_in(addresses["unmet"])
    assert told["subject"] == "EXT-01: no lo pude cumplir (Saludar & «mirar»)"
    page = "https://manual.example.org/estandares/ext-01/"
    assert told["body"].startswith(f"Ficha: EXT-01\r\nEdición: 2\r\nPágina: {page}\r\n\r\n")
    assert "{query}" in urllib.parse.unquote(missed_address(mailed, SAY))
    for form, start in (
        ("https://f.mx/new", "https://f.mx/new?"),
        ("https://f.mx/?a=1", "https://f.mx/?a=1&"),
    ):
        both = plain.model_copy(update={"feedback": Feedback(form=form, email="a@b.mx")})
        address = feedback_addresses(entry, both, SAY)["change"]
        assert address.startswith(f"{start}title=")
        told = told_in(address)
        assert told["title"] == "EXT-01: sugiero un cambio (Saludar & «mirar»)"
        assert (told["entry"], told["edition"]) == ("EXT-01", "2")
        assert missed_address(both, SAY).startswith(f"{start}title=")
        assert told_in(missed_address(both, SAY))["edition"] == "2"


# --- rows, grades ------------------------------------------------------------------------------------


def test_a_scored_list_weighs_by_its_own_rule_and_another_by_the_levels() -> None:
    rows: dict[str, Any] = {"take": ["EXT-01"], "items": [{"id": "propio", "text": "Abrí."}]}
    own = {"weights": {"essential": 7}, "gate": ["expected"]}
    scored, plain = checklist(rows, scored=True, scoring=own), checklist(rows, scoring=None)
    book = playbook(standard(), scored)
    assert [(row.id, row.weight, row.gate) for row in rows_of(scored, book)[0].rows] == [
        ("EXT-01.saludo", 7, False),
        ("EXT-01.mirada", 7, False),
        ("apertura.propio", 2, True),
    ]
    assert [(row.weight, row.gate) for row in rows_of(plain, book)[0].rows] == [
        (3, False),
        (3, False),
        (2, False),
    ]
    assert (rows_of(plain, book)[0].size, rows_of(plain, book)[0].anchor) == (3, "section-s0")


def test_a_row_is_at_its_first_place_only_and_the_digest_tells_order_and_words() -> None:
    book = playbook(standard(), standard("EXT-02"))
    once = rows_of(checklist({"take": ["EXT-01.mirada", "EXT-02"]}, {"take": ["EXT-01"]}), book)
    assert [[row.id for row in section.rows] for section in once] == [
        ["EXT-01.mirada", "EXT-02.saludo", "EXT-02.mirada"],
        ["EXT-01.saludo"],
    ]
    digests = {
        rows_digest(rows_of(checklist({"take": take}), some))
        for take, some in (
            (["EXT-01"], book),
            (["EXT-01.mirada", "EXT-01.saludo"], book),
            (["EXT-01.saludo"], book),
            (
                ["EXT-01"],
                playbook(
                    standard(items=[{"id": "saludo", "text": "Otro."}, {"id": "mirada", "text": "Miré."}])
                ),
            ),
        )
    }
    assert len(digests) == 4
    mended = playbook(
        standard(items=[{"id": "saludo", "text": "saludé"}, {"id": "mirada", "text": "*Miré*."}])
    )
    assert rows_digest(rows_of(checklist({"take": ["EXT-01"]}), mended)) == rows_digest(
        rows_of(checklist({"take": ["EXT-01"]}), book)
    )


def test_what_devices_and_walls_keep_is_known_by_the_same_mark_for_ever() -> None:
    # A tick kept on a phone, and a sheet on a wall, would all be told that they changed.
    one = checklist({"take": ["EXT-01"]})
    book = playbook(standard(), one)
    sections = rows_of(one, book)
    assert [row.digest for row in sections[0].rows] == ["445077eb", "2a96afee"]
    assert rows_digest(sections) == "34602085"
    edition = freeze(book)
    assert (mark_of(edition), mark_of(edition, "EXT-01"), mark_of(edition, "apertura")) == (
        "b83b188b",
        "a366aaed",
        "8458d08b",
    )


def test_a_rule_says_what_the_levels_say_where_the_list_says_nothing_else() -> None:
    rule = make_rule(Scoring(), usual_levels(), ())
    assert (dict(rule.weights), rule.gate, rule.metric) == (
        {"essential": 3, "expected": 2, "excellence": 1},
        ("essential",),
        "",
    )
    assert make_rule(Scoring(gate=()), usual_levels(), ()).gate == ()
    assert make_rule(Scoring(bands="csat"), usual_levels(), ()).metric == "csat"


def test_a_rule_is_said_in_words() -> None:
    bands = (Band(90, "Bien", "."), Band(60, "Regular", "."), Band(0, "Mal", "."))
    said = rule_sentences(make_rule(Scoring(gate=("essential", "expected")), usual_levels(), bands), SAY)
    assert "esencial 3, esperado 2, de excelencia 1" in said[0].lower()
    assert [sentence for sentence in said if "esencial o esperado" in sentence.lower()]
    assert said[-3:] == ["90 % o más: Bien.", "60 % o más: Regular.", "Menos de 60 %: Mal."]
    without = rule_sentences(make_rule(Scoring(gate=()), usual_levels(), bands[:1]), SAY)
    assert len(without) == len(said) - 4
    two = rule_sentences(make_rule(Scoring(gate=()), usual_levels(), bands[:2]), SAY)
    assert two[-2:] == ["90 % o más: Bien.", "Menos de 90 %: Regular."]


def test_bands_are_those_of_the_metric_that_the_list_names() -> None:
    reading = [
        {"at_least": 90, "range": "90 o más", "title": "Bien", "meaning": "Sigue."},
        {"at_least": 0, "range": "menos", "meaning": "Cambia."},
    ]
    scored = checklist({"take": ["EXT-01"]}, scored=True, scoring={"bands": "csat"})
    rule = rule_of(scored, playbook(standard(), scored, metric(reading=reading)))
    assert rule.bands == (Band(90, "Bien", "Sigue."), Band(0, "menos", "Cambia."))
    assert rule_of(scored, playbook(standard(), scored)).bands == ()
    assert rule_of(checklist({"take": ["EXT-01"]}, scored=True), playbook(standard())).bands == ()


def test_names_in_capitals_keep_them_inside_a_sentence() -> None:
    words = {"level.essential": "L1 alto", "level.expected": "SLA", "level.excellence": "Oro"}
    said = rule_sentences(make_rule(Scoring(), usual_levels(), ()), SAY.with_words(words))
    assert "L1 alto 3, SLA 2, oro 1" in said[0]


def test_agreement_beyond_chance_is_exact() -> None:
    assert agreement_of([]) == Agreement(0, 0, None)
    pairs = [("yes", "yes")] * 5 + [("no", "no")] * 2 + [("yes", "no")] * 2 + [("no", "na")]
    found = agreement_of(pairs)
    observed, expected = Fraction(7, 10), Fraction(7 * 5 + 3 * 4, 100)
    assert (found.count, found.agreed) == (10, 7)
    assert found.kappa == float((observed - expected) / (1 - expected))


# --- facets, matrices, summaries ---------------------------------------------------------------------


def test_words_stand_in_the_order_of_the_vocabulary_and_unused_ones_are_left_out() -> None:
    entries = [
        standard("EXT-01", channels=["telefono", "presencial"], level="excellence"),
        standard("EXT-02"),
    ]
    book = playbook(*entries)
    (channels, levels) = facets_of(entries, ["channels", "level"], book, SAY)
    assert [(one.id, one.title, one.count) for one in channels.choices] == [
        ("presencial", "En persona", 2),
        ("telefono", "Teléfono", 1),
    ]
    assert [(one.id, one.count) for one in levels.choices] == [("essential", 1), ("excellence", 1)]
    assert (channels.name, channels.title) == ("canal", SAY("facts.channels"))
    assert facets_of([], ["channels"], book, SAY) == []
    assert [len(facet.choices) for facet in facets_of(entries[:1], ["channels", "level"], book, SAY)] == [2]
    assert [one.path for one in choices_of("standard", "channels", book, SAY)] == [
        "estandares/?canal=presencial",
        "estandares/?canal=telefono",
    ]


def test_what_is_urgent_comes_guides_first_and_only_what_is_in_force() -> None:
    book = playbook(
        standard(urgent=True),
        standard("EXT-02"),
        standard("EXT-03", urgent=True, status="retired"),
        customer("vip", urgent=True),
        customer("otro", urgent=True),
    )
    assert [entry.id for entry in urgent_entries(book)] == ["otro", "vip", "EXT-01"]


def test_a_matrix_by_words_has_every_word_and_a_caption_in_a_sentence() -> None:
    book = playbook(standard("EXT-01", channels=["telefono"]), standard("EXT-02"), customer())
    matrix = matrix_of("standard", "channels", book, SAY)
    assert [(column.id, column.title) for column in matrix.columns] == [
        ("presencial", "En persona"),
        ("telefono", "Teléfono"),
    ]
    assert [(row.title, row.cells) for row in matrix.rows] == [
        ("EXT-01 Saludar", (False, True)),
        ("EXT-02 Saludar", (True, False)),
    ]
    words = str(SAY("facts.channels"))
    assert f"{words[0].lower()}{words[1:]}" in matrix.caption
    (row,) = matrix_of("customer", "standard", book, SAY).rows
    assert (row.title, row.cells) == ("VIP", (True, False))
    with pytest.raises(KeyError):
        matrix_of("standard", "nada", book, SAY)


def test_a_matrix_by_a_framework_marks_the_elements_that_a_standard_names(make_project: MakeProject) -> None:
    declared = "frameworks: {modelo: {title: Modelo de tres, elements: {uno: Uno, dos: Dos, tres: Tres}}}\n"
    base = (ROOT / "tests/projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")
    entry = (ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    named = f"{entry}mappings: {{modelo: [tres, dos]}}\n"
    files = {"playbook/playbook.yml": base + declared, "playbook/standards/EXT-01.yml": named}
    content, problems = load_content(make_project(files) / "playbook")
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
    matrix = matrix_of("standard", "modelo", Playbook(content), SAY)
    assert [(column.id, column.title) for column in matrix.columns] == [
        ("uno", "Uno"),
        ("dos", "Dos"),
        ("tres", "Tres"),
    ]
    assert matrix.rows[0].cells == (False, True, True)
    assert "modelo de tres" in matrix.caption


FIELDS = """
vocabularies: {areas: {sala: {title: La sala}, cocina: {title: La cocina}}}
fields:
  standard:
    area: {type: word, vocabulary: areas, several: true, label: Área, shows: [facts, paper]}
    guide: {type: reference, kind: customer, label: Guía, shows: [paper, facts]}
    site: {type: url, label: Sitio}
    night: {type: flag, label: De noche, shows: [paper]}
    cost: {type: number, label: Costo, shows: [card, paper]}
    since: {type: date, label: Desde, shows: [paper]}
    risk: {type: text, label: Riesgo, shows: [paper]}
    steps: {type: list, label: Pasos, shows: [paper]}
    empty: {type: line, label: Nada, shows: [paper]}
"""
HELD = """
area: [cocina, sala]
guide: vip
site: https://a.mx
night: false
cost: 1250.5
since: 2026-11-02
risk: Que *no* se oiga.
steps: ["**Uno**.", Dos.]
"""


def test_declared_fields_are_shown_where_they_say_in_the_playbook_s_words(make_project: MakeProject) -> None:
    base = (ROOT / "tests/projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")
    entry = (ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    files = {"playbook/playbook.yml": base + FIELDS, "playbook/standards/EXT-01.yml": entry + HELD}
    content, problems = load_content(make_project(files) / "playbook")
    assert [one for one in problems if one.severity is Severity.ERROR] == []
    book = Playbook(content)
    (one,) = book.of_kind("standard")
    facts = declared_fields(one, "facts", book)
    assert [(field.label, field.text, field.is_prose) for field in facts] == [
        ("Área", "La cocina, La sala", False),
        ("Guía", book.entries["vip"].title, False),
        ("Sitio", "https://a.mx", False),
    ]
    assert (facts[1].values[0].entry, facts[2].values[0].url) == (book.entries["vip"], "https://a.mx")
    assert [(field.name, field.text) for field in declared_fields(one, "card", book)] == [("cost", "1,250.5")]
    assert declared_fields(one, "spreadsheet", book) == []
    lines = printed_lines(one, book)
    assert [(line["label"], line["text"]) for line in lines] == [
        ("Área", "La cocina, La sala"),
        ("Guía", book.entries["vip"].title),
        ("De noche", book.say("choice.false")),
        ("Costo", "1,250.5"),
        ("Desde", "2 de noviembre de 2026"),
        ("Riesgo", "Que no se oiga."),
        ("Pasos", "Uno., Dos."),
    ]
    blocks = printed_blocks(one, book)
    assert blocks[-1] == {"title": "Pasos", "lines": ["Uno.", "Dos."]}
    assert blocks[-2] == {"title": "Riesgo", "text": "Que no se oiga."}


def test_a_summary_is_the_sentence_that_its_kind_names_as_plain_text() -> None:
    assert summary_of(standard(statement="Saludas a *todos*.")) == "Saludas a todos."
    assert summary_of(standard().model_copy(update={"statement": ""})) == "Saludar"
    assert summary_of(customer(summary="**Espera** trato propio.")) == "Espera trato propio."


def test_a_kind_without_a_summary_is_summed_up_by_its_title(make_project: MakeProject) -> None:
    base = (ROOT / "tests/projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")
    files = {
        "playbook/playbook.yml": base + "kinds: {protocol: {title: Protocolos, title_one: protocolo}}\n",
        "playbook/protocol/uno.yml": "id: uno\ntitle: El *primero*\nowner: servicio\nreviewed: 2026-11-01\n",
    }
    content, problems = load_content(make_project(files) / "playbook")
    assert [one for one in problems if one.severity is Severity.ERROR] == []
    assert [summary_of(entry) for entry in Playbook(content).of_kind("protocol")] == ["El primero"]


# --- editions, news ----------------------------------------------------------------------------------


def test_an_edition_in_force_is_no_earlier_one_under_its_own_name() -> None:
    book = playbook(standard(), frozen=(frozen("2", OLD, standard()), frozen("1", MIDDLE, standard())))
    assert [one.name for one in editions_of(book)] == ["1", "2"]
    same_day = playbook(standard(), frozen=(frozen("b", OLD), frozen("a", OLD)))
    assert [one.name for one in editions_of(same_day)] == ["a", "b", "2"]


def test_news_of_one_day_stand_by_kind_and_id_the_later_revision_first() -> None:
    changes = changed_on(DAY, DAY)
    book = playbook(
        standard("EXT-02", revision=2, changes=changes),
        standard("EXT-01", changes=changed_on(DAY)),
        customer(changes=changed_on(DAY)),
        standard("INT-01", changes=changed_on(OLD)),
    )
    (news,) = news_of(book)
    assert [item.key for item in news.items] == ["EXT-02.2", "vip.1", "EXT-01.1", "EXT-02.1", "INT-01.1"]
    assert [item.is_new for item in news.items] == [False, True, True, True, True]
    assert {item.entry.id: item.roles for item in news.items}["EXT-01"] == ("mostrador",)
    assert {item.entry.id: item.roles for item in news.items}["vip"] == ()
    assert len(latest(news_of(book), 3)) == 3
    many = playbook(*(standard(f"EXT-{n:02}", changes=changed_on(DAY)) for n in range(1, 60)))
    assert len(latest(news_of(many))) == 50
    assert isinstance(latest(news_of(many))[0], Item)


def test_a_badge_is_against_the_latest_of_the_earlier_editions() -> None:
    other = standard("EXT-02")
    book = playbook(other, frozen=(frozen("1b", MIDDLE, other), frozen("1", OLD), frozen("2", DAY)))
    assert badge_of(other, book) is None
    assert badge_of(standard("EXT-03"), book) == "new"
    assert badge_of(standard("EXT-03", former_ids=["EXT-02"]), book) is None
    alone = playbook(other)
    assert badge_of(other, alone) is None
    assert badge_of(standard("EXT-02", revision=2, changes=changed_on(OLD, MIDDLE)), alone) == "new"
    assert badge_of(standard("EXT-02", revision=2, changes=changed_on(OLD, MIDDLE)[1:]), alone) == "changed"


def test_what_an_edition_brought_is_against_the_one_just_before_it() -> None:
    first, second = standard(), standard(statement="Saludas siempre.")
    now = standard(statement="Saludas hoy.")
    book = playbook(now, frozen=(frozen("1", OLD, first), frozen("1b", MIDDLE, second)))
    told = {one.name: brought(now, one, book) for one in editions_of(book)}
    assert told["1"] is None, "nothing is known from before the first"
    second_told, third = told["1b"], told["2"]
    assert second_told
    assert third
    assert (second_told.edition.name, second_told.changes[0].after) == ("1", "Saludas siempre.")
    assert (third.edition.name, third.changes[0].before, third.changes[0].after) == (
        "1b",
        "Saludas siempre.",
        "Saludas hoy.",
    )
    renamed = standard("EXT-09", statement="Saludas hoy.", former_ids=["EXT-01"])
    last = brought(renamed, editions_of(book)[-1], book)
    assert last
    assert (last.state, len(last.changes)) == ("changed", 1)
    unknown = brought(standard("EXT-08"), editions_of(book)[1], book)
    assert unknown is None


def test_an_id_with_points_in_it_keeps_its_lines_under_a_new_one() -> None:
    old = standard().model_copy(update={"id": "V1.2"})
    now = standard("EXT-09").model_copy(update={"former_ids": ("V1.2",)})
    book = playbook(now, frozen=(frozen("1", OLD, old),))
    told = brought(now, editions_of(book)[-1], book)
    assert told
    assert (told.state, told.changes) == ("same", ())


def test_what_is_not_what_it_was_is_listed_whole() -> None:
    before = frozen("1", OLD, standard(), standard("EXT-02"), standard("EXT-03"))
    now = freeze(playbook(standard("EXT-04"), standard("EXT-02"), standard("EXT-03", intent="Otra.")))
    assert [(id_, what.state) for id_, what in changed_entries(before, now)] == [
        ("EXT-03", "changed"),
        ("EXT-04", "new"),
        ("EXT-01", "withdrawn"),
    ]
    assert since(before, now, "EXT-02").state == "same"
    shortened = freeze(playbook(standard("EXT-03", dont=["Callar.", "Irse."])))
    (change,) = since(before, shortened, "EXT-03").changes
    assert (change.kind, change.id, change.before, change.after) == (
        "part",
        "dont",
        "",
        "Irse.",
    )


def test_a_frozen_edition_has_what_is_in_force_by_kind_and_its_lines_in_order() -> None:
    one = checklist({"take": ["EXT-02", "EXT-01.mirada"]})
    book = playbook(standard("EXT-02"), one, standard(), standard("EXT-05", status="retired"), customer())
    edition = freeze(book)
    assert [*edition.entries] == ["EXT-01", "EXT-02", "vip", "apertura"]
    assert [*edition.items] == sorted(edition.items)
    assert edition.entries["apertura"].items == ("EXT-02.saludo", "EXT-02.mirada", "EXT-01.mirada")
    assert edition.items["EXT-01.saludo"].level == "essential"
    assert edition.entries["EXT-01"].texts["do"] == "Saluda."
    assert "verification" not in edition.entries["EXT-01"].texts
    assert "search_words" not in edition.entries["EXT-01"].parts
    text = edition_text(edition, SAY)
    assert text == edition_text(edition, SAY)
    assert text.startswith("# ")
    assert "\nname: '2'\ndate: '2026-11-22'\n" in text
    assert max(map(len, text.splitlines())) < 400
    assert "{}" not in text, "what says nothing is left out"
    assert "[]" not in text
    assert mark_of(edition) != mark_of(freeze(playbook(standard("EXT-02"), standard())))


def test_an_edition_is_written_as_people_read_it() -> None:
    edition = freeze(playbook(standard(), checklist({"take": ["EXT-01"]})))
    assert edition_text(edition, SAY) == FROZEN
    assert yaml.safe_load(FROZEN)["items"]["EXT-01.mirada"] == {"level": "essential", "text": "Miré."}


FROZEN = """\
# Edición congelada. No se edita a mano; sale de «servicebook edition».
name: '2'
date: '2026-11-22'
items:
  EXT-01.mirada: {level: essential, text: Miré.}
  EXT-01.saludo: {level: essential, text: Saludé.}
entries:
  EXT-01:
    kind: standard
    title: Saludar
    parts: {statement: '98905218', intent: c207f503, do: 5cfcc2fd, dont: a9b7ef05, verification: eda851a4}
    texts: {statement: Saludas., intent: Para que sepa que lo viste., do: Saluda., dont: Callar.}
    items: [EXT-01.saludo, EXT-01.mirada]
  apertura:
    kind: checklist
    title: Apertura
    parts: {use: 47b37880, frequency: 43cb81ec, sign_off: 60a5eab9}
    texts: {use: Al abrir., frequency: Cada día, sign_off: 'name

        place

        date'}
    items: [EXT-01.saludo, EXT-01.mirada]
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (["Callar.", "Irse."], ["Callar."], ("Irse.", "")),
        (["Callar."], ["Callar.", "Irse."], ("", "Irse.")),
        (["Callar.", "Irse."], ["Irse.", "Callar."], ("Callar.\nIrse.", "Irse.\nCallar.")),
    ],
    ids=["gone", "came", "another order"],
)
def test_of_a_list_the_lines_are_told_that_went_and_that_came(
    before: list[str], after: list[str], told: tuple[str, str]
) -> None:
    old, now = frozen("1", OLD, standard(dont=before)), freeze(playbook(standard(dont=after)))
    (change,) = since(old, now, "EXT-01").changes
    assert (change.before, change.after) == told


def test_the_reasons_of_a_sheet_are_those_given_since_its_edition_the_last_first() -> None:
    changes = [
        {"revision": n, "date": str(day), "reason": f"Por {n}."}
        for n, day in enumerate((OLD - ONE, OLD, OLD + ONE, MIDDLE), 1)
    ]
    lines = [{"id": "saludo", "text": "Saludé de pie."}, {"id": "mirada", "text": "Miré."}]
    now = standard(items=lines, statement="Saludas de pie.", revision=4, changes=changes)
    other = standard("EXT-02", revision=2, changes=changed_on(OLD, MIDDLE))
    lists = checklist({"take": ["EXT-01", "EXT-02"]})
    old = frozen("1", OLD, standard(), standard("EXT-02"), lists)
    book = playbook(now, other, lists, frozen=(old,))
    pages = {page.id: page for page in paper_pages(book, freeze(book))}
    first = {id_: page.editions[-1] for id_, page in pages.items() if id_}
    # The list tells why its lines changed; what stayed as it was has nothing to explain.
    assert [(entry.id, reason) for entry, reason in first["apertura"].reasons] == [
        ("EXT-01", "Por 4."),
        ("EXT-01", "Por 3."),
    ]
    assert [reason for _, reason in first["EXT-01"].reasons] == ["Por 4.", "Por 3."]
    assert (first["EXT-02"].state, first["EXT-02"].reasons) == ("same", ())


def test_what_only_the_book_says_otherwise_is_told_as_that() -> None:
    def edition(name: str, said: str | None, **parts: str) -> FrozenEdition:
        made = frozen(name, OLD, standard())
        entries = {id_: one.model_copy(update={"in_book": said}) for id_, one in made.entries.items()}
        return made.model_copy(update={"entries": entries, "book": parts})

    for before, after, told in (("a", "b", "changed"), ("a", "a", ""), (None, "b", ""), ("a", None, "")):
        found = changed_entries(edition("1", before), edition("2", after))
        assert [(id_, what.state) for id_, what in found] == ([("EXT-01", told)] if told else [])
        assert [(one.kind, one.id) for _, what in found for one in what.changes] == (
            [("part", "book")] if told else []
        )
    old, now = (
        edition("1", None, cover="a", credo="b"),
        edition("2", None, cover="a", credo="c", glossary="d"),
    )
    book = playbook(standard(), frozen=(old,))
    (whole, *_) = paper_pages(book, now)
    assert dict(whole.parts) == {"2": (), "1": ("credo",)}


def test_what_a_field_of_the_playbook_said_is_told_by_its_label() -> None:
    def sheet(*said: tuple[str, str]) -> FrozenEntry:
        declared = [{"label": label, "text": text} for label, text in said]
        told = {"form": "checklist", "use": "Al abrir.", "frequency": "", "sections": SECTIONS}
        return FrozenEntry.model_validate(
            {
                "kind": "checklist",
                "title": "Apertura",
                "items": ["l.a"],
                "sheet": {**told, "declared": declared},
            }
        )

    old = sheet(("Riesgo", "Alto"), ("Turno", "Mañana"), ("Zona", "Norte"))
    now = sheet(("Riesgo", "Bajo"), ("Turno", "Mañana"), ("Ley", "Artículo 3"))
    assert [(one.name, one.before, one.after) for one in reworded(old, now)] == [
        ("Riesgo", "Alto", "Bajo"),
        ("Ley", "", "Artículo 3"),
        ("Zona", "Norte", ""),
    ]


def test_what_a_sheet_says_otherwise_is_told_part_by_part_in_its_words() -> None:
    told = {
        "form": "standard",
        "statement": "Saludas.",
        "do": ["Saluda.", "Mira."],
        "dont": ["Callar."],
        "phrases": [{"say": "Hola.", "avoid": "¿Y?"}],
        "verification": ["¿Saludó?", "Mira.", "Lo visto."],
    }
    other = {
        **told,
        "statement": "Saludas de pie.",
        "do": ["Saluda."],
        "phrases": [{"say": "Buenos días.", "avoid": "¿Y?"}],
    }
    old, now = (
        FrozenEntry.model_validate({"kind": "standard", "title": "Saludar", "sheet": sheet})
        for sheet in (told, other)
    )
    assert [(one.name, one.before, one.after) for one in reworded(old, now)] == [
        ("statement", "Saludas.", "Saludas de pie."),
        ("do", "Saluda.\nMira.", "Saluda."),
        ("phrases", "", ""),
    ]
    assert [*reworded(old, old)] == []


def test_sections_that_moved_are_told_and_those_that_came_with_their_lines_are_not() -> None:
    def sheet(form: str, **sections: str) -> FrozenEntry:
        rows = {
            title: [{"id": f"l.{row}", "text": row, "weight": 3} for row in rows]
            for title, rows in sections.items()
        }
        graded = {"visit": [], "rule_title": "Así se califica", "rule": ["Tres."], "total": 9}
        told = {
            "form": form,
            "use": "Al abrir.",
            "frequency": "",
            "sections": [{"title": title, "rows": its} for title, its in rows.items()],
            **(graded if form == "audit" else {}),
        }
        items = [f"l.{row}" for its in sections.values() for row in its]
        entry = {"kind": "checklist", "title": "Apertura", "items": items, "sheet": told}
        return FrozenEntry.model_validate(entry)

    def parts(old: FrozenEntry, now: FrozenEntry) -> list[tuple[str, str, str]]:
        return [(one.name, one.before, one.after) for one in reworded(old, now)]

    old = sheet("checklist", Uno="ab", Dos="c")
    assert parts(old, sheet("checklist", Dos="c", Uno="ab")) == [("sections", "Uno\nDos", "Dos\nUno")]
    assert parts(old, sheet("checklist", Uno="ba", Dos="c")) == [("sections", "Uno\nDos", "Uno\nDos")]
    assert parts(old, sheet("checklist", Uno="ab", Otra="c")) == [("sections", "Uno\nDos", "Uno\nOtra")]
    assert parts(old, sheet("checklist", Uno="ab", Dos="c", Tres="d")) == []
    assert parts(old, sheet("audit", Uno="ab", Dos="c")) == [("scored", "", "")]
    # The rule's title, its sentences and its total are one part: how the list is graded.
    graded = sheet("audit", Uno="ab", Dos="c")
    other = graded.model_copy(
        update={"sheet": graded.sheet.model_copy(update={"rule": ("Dos.",), "total": 6})}  # type: ignore[union-attr]
    )
    assert parts(graded, other) == [("scoring", "Tres.", "Dos.")]
    weights = {id_: row.weight for id_, row in rows_by_id(graded).items()}
    assert weights == {"l.a": 3, "l.b": 3, "l.c": 3}
    assert all(row.id == "" for row in rows_by_id(graded).values())


SECTIONS = [{"title": "Uno", "rows": [{"id": "l.a", "text": "Abrí.", "weight": 3, "gate": True}]}]


def test_a_list_that_is_not_graded_says_no_weight_of_its_rows() -> None:
    told = {"use": "Al abrir.", "frequency": "", "sections": SECTIONS}
    entry = {"kind": "checklist", "title": "Apertura", "items": ["l.b"]}
    plain = FrozenEntry.model_validate({**entry, "sheet": {**told, "form": "checklist"}})
    assert {id_: row.model_dump(exclude_defaults=True) for id_, row in rows_by_id(plain).items()} == {
        "l.b": {"text": "Abrí."}
    }


def edition_with(name: str, entry: dict[str, Any]) -> FrozenEdition:
    data = {"name": name, "date": str(OLD), "items": {}, "entries": {"uno": {"title": "Uno", **entry}}}
    return FrozenEdition.model_validate(data)


@pytest.mark.parametrize("kept", ["old", "now"])
def test_a_sheet_is_compared_by_its_parts_with_an_edition_that_kept_none(kept: str) -> None:
    sheet = {"form": "standard", "statement": "Otra.", "do": ["Mira."], "dont": [], "verification": []}
    old, now = (
        edition_with(
            name,
            {
                "kind": "standard",
                "parts": {"statement": text},
                "texts": {"statement": text},
                **({"sheet": sheet} if name == kept else {}),
            },
        )
        for name, text in (("old", "Saludas."), ("now", "Saludas de pie."))
    )
    told = [(one.kind, one.id, one.before, one.after) for one in changes_between(old, now, "uno")]
    assert told == [("part", "statement", "Saludas.", "Saludas de pie.")]


def test_what_a_sheet_of_a_kind_that_is_no_more_said_is_told() -> None:
    sheet = {"form": "standard", "statement": "A.", "do": ["Mira."], "dont": [], "verification": []}
    old, now = (
        edition_with(text, {"kind": "protocolo", "sheet": sheet | {"statement": text}}) for text in ("A", "B")
    )
    told = [(one.kind, one.id, one.before, one.after) for one in changes_between(old, now, "uno")]
    assert told == [("part", "statement", "A", "B")]


def test_every_sheet_leads_to_a_page_of_its_editions_newest_first() -> None:
    guide, gone = customer(), customer("ido")
    moved = customer("nuevo", former_ids=["viejo"])
    old = frozen("1", OLD, standard(), guide, gone, customer("viejo"))
    book = playbook(standard(), guide, moved, checklist({"take": ["EXT-01"]}), frozen=(old,))
    pages = {page.id: page for page in paper_pages(book, freeze(book))}
    assert [*pages] == ["", "EXT-01", "ido", "nuevo", "viejo", "vip", "apertura"]
    assert [edition.name for edition, *_ in pages[""].changed] == ["2", "1"]
    assert [mark for _, mark, _ in pages[""].changed] == [mark_of(freeze(book)), mark_of(old)]
    assert pages[""].mark == mark_of(freeze(book))
    ((_, _, none), (_, _, since_first)) = pages[""].changed
    assert none == ()
    assert {id_: what.state for id_, what in since_first} == {"apertura": "new", "ido": "withdrawn"}
    assert [(one.edition.name, one.state) for one in pages["vip"].editions] == [("2", "same"), ("1", "same")]
    assert pages["vip"].editions[1].mark == mark_of(old, "vip")
    assert (pages["ido"].entry, pages["ido"].mark) == (None, "")
    assert [(one.edition.name, one.state) for one in pages["ido"].editions] == [
        ("2", "withdrawn"),
        ("1", "withdrawn"),
    ]
    assert pages["viejo"].entry is moved
    assert [one.state for one in pages["viejo"].editions] == ["same", "same"]
    assert pages["viejo"].editions[1].mark == mark_of(old, "viejo")
    assert [one.edition.name for one in pages["apertura"].editions] == ["2"]


# --- the review --------------------------------------------------------------------------------------


def test_the_review_is_told_by_team_with_each_thing_and_its_day() -> None:
    late, soon = (
        standard(**reviewed_so_that_due(DAY - ONE)),
        case(DAY, **reviewed_so_that_due(DAY + 90 * ONE)),
    )
    known = settings()
    tasks = find_tasks([soon, late], known, DAY)
    assert as_text(tasks, known, SAY).splitlines() == [
        "Servicio (2)",
        "  EXT-01 «Saludar»: la revisión venció el 21 de noviembre de 2026.",
        "  hotel «Un hotel»: hay que verificar la afirmación «c0» a más tardar el 22 de noviembre de 2026.",
    ]
    marked = as_markdown(tasks, known, DAY, SAY)
    assert marked.splitlines()[0] == "Lo que pide el manual al 22 de noviembre de 2026."
    assert marked.splitlines()[1:4] == ["", "### Servicio", ""]
    assert marked.count("\n- [ ] ") == 2
    assert marked.endswith(".\n")
    team = known.teams["servicio"].model_copy(update={"handle": "@x/servicio"})
    assert "\n### Servicio @x/servicio\n" in as_markdown(
        tasks, known.model_copy(update={"teams": {"servicio": team}}), DAY, SAY
    )
    data = as_data(tasks, DAY, SAY)
    assert data["date"] == "2026-11-22"
    assert [(one["claim"], one["due"]) for one in data["tasks"]] == [
        (None, "2026-11-21"),
        ("c0", "2026-11-22"),
    ]
    assert as_markdown({}, known, DAY, SAY).endswith("No hay nada que revisar.\n")
    assert as_text({}, known, SAY) == "No hay nada que revisar."


@pytest.mark.parametrize(
    ("contact", "handle", "is_owner"), [("a@b.mx", None, True), (None, "@x/y", True), (None, None, False)]
)
def test_a_team_that_can_be_reached_owns(contact: str | None, handle: str | None, is_owner: bool) -> None:
    known = settings()
    team = known.teams["servicio"].model_copy(update={"contact": contact, "handle": handle})
    tasks = find_tasks([standard()], known.model_copy(update={"teams": {"servicio": team}}), DAY)
    matters = [task.matter for its in tasks.values() for task in its]
    assert matters == ([] if is_owner else ["no-owner"])


def test_an_entry_of_a_team_that_there_is_not_is_on_nobody_s_list() -> None:
    assert find_tasks([standard(owner="otro", status="draft")], settings(), DAY) == {}


def test_low_confidence_is_told_whenever_and_the_board_has_everything_by_day() -> None:
    weak = case(DAY + 300 * ONE, **reviewed_so_that_due(DAY + 300 * ONE))
    weak = weak.model_copy(
        update={"claims": [one.model_copy(update={"confidence": "low"}) for one in weak.claims]}
    )
    (task,) = find_tasks([weak], settings(), DAY)["servicio"]
    assert (task.matter, task.due, task.claim) == ("low-confidence", None, weak.claims[0])
    same = [standard(id, **reviewed_so_that_due(DAY)) for id in ("EXT-02", "EXT-01")]
    both = case(DAY, DAY, **reviewed_so_that_due(DAY))
    rows = board_of([both, *same], settings())["servicio"]
    assert [(row.entry.id, row.claim.id if row.claim else "") for row in rows] == [
        ("EXT-01", ""),
        ("EXT-02", ""),
        ("hotel", ""),
        ("hotel", "c0"),
        ("hotel", "c1"),
    ]


# --- saved runs --------------------------------------------------------------------------------------


def run_of(name: str = "a.json", /, **parts: Any) -> Run | Refused:
    data = saved("ynyy", "Centro", "2026-01-10") | parts
    return read_run(name, json.dumps(data).encode())


def test_the_bands_of_a_file_come_highest_first_and_the_lowest_begins_at_nothing() -> None:
    rule = saved("yyyy", "a", "2026-01-10")["rule"]
    bands = [{"at_least": 50, "title": "B", "meaning": "b"}, {"at_least": 90, "title": "A"}]
    found = run_of(rule=rule | {"bands": bands})
    assert isinstance(found, Run)
    assert found.rule.bands == (Band(90, "A", ""), Band(0, "B", "b"))
    assert (found.result.percent, found.result.band) == (75, 1)
    none = run_of(rule=rule | {"bands": []})
    assert isinstance(none, Run)
    assert none.result.band is None


def test_a_row_that_stands_twice_is_graded_once_as_it_was_answered_last() -> None:
    rows = saved("ynyy", "a", "2026-01-10")["items"]
    found = run_of(items=[*rows, rows[1] | {"answer": "yes"}])
    assert isinstance(found, Run)
    assert (len(found.lines), found.result.percent, found.by_id["l.b"].answer) == (4, 100, "yes")


ROW = saved("yyyy", "a", "2026-01-10")["items"][0]


@pytest.mark.parametrize(
    ("parts", "trouble", "place"),
    [
        ({"version": 1}, "foreign", "version"),
        ({"format": "x"}, "foreign", "format"),
        ({"items": []}, "damaged", "items"),
        ({"items": [ROW, 3]}, "damaged", "items[1]"),
        ({"items": [ROW, ROW | {"answer": "sí"}]}, "damaged", "items[1].answer"),
        ({"items": [ROW | {"action": {"who": 1}}]}, "damaged", "items[0].action.who"),
        ({"items": [ROW | {"id": "x", "level": "toString"}]}, "damaged", "items[0].level"),
        ({"items": [ROW | {"level": "x"}, ROW]}, "", ""),  # the same row, as it was told last
        ({"run": {"date": "ayer"}}, "damaged", "run.date"),
        ({"run": {"date": "2026-01-10", "touched": True}}, "damaged", "run.touched"),
        ({"run": 3, "items": 3}, "damaged", "run"),
        ({"title": None}, "damaged", "title"),
        ({"rule": {"weights": {"essential": 3}}}, "damaged", "items[1].level"),
        ({"rule": {"weights": {"a\nb" * 200: 3}}}, "damaged", "rule.weights"),
        ({"rule": {"weights": {"essential": True}}}, "damaged", "rule.weights"),
        ({"rule": {"weights": {}, "bands": [{"at_least": 5}]}}, "damaged", "rule.bands[0].title"),
    ],
)
def test_a_file_that_is_no_run_is_refused_with_its_reason_and_the_place(
    parts: dict[str, Any], trouble: str, place: str
) -> None:
    found = run_of("x.json", **parts)
    told = (found.trouble, found.place) if isinstance(found, Refused) else ("", "")
    assert told == (trouble, place)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "1:1"),
        ("hola", "1:1"),
        ('{"a": 1,}', "1:9"),
        ('{\n "a": [1,\n  x]}', "3:3"),
        ('{"a": NaN}', "1:7"),
        ('{"a": "b', "1:8"),
        ('{"á": "é", 3}', "1:12"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_line_and_column(text: str, place: str) -> None:
    assert read_run("x.json", text.encode()) == Refused("x.json", "not-json", place)


def test_files_are_read_in_order_from_all_folders(tmp_path: Path) -> None:
    for name in ("b.json", "a/c.json", "d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(saved("yyyy", "a", "2026-01-10")), encoding="utf-8")
    with (tmp_path / "e.json").open("wb") as large:
        large.truncate(LARGEST + 1)
    with (tmp_path / "f.json").open("wb") as large:
        large.truncate(LARGEST)
    found = [(one.file, getattr(one, "trouble", "")) for one in read_runs(tmp_path)]
    assert found == [("a/c.json", ""), ("b.json", ""), ("e.json", "large"), ("f.json", "not-json")]


def told(*runs: dict[str, Any], today: dt.date = dt.date(2026, 12, 31)) -> dict[str, Any]:
    read = [read_run(f"{i}.json", json.dumps(one).encode()) for i, one in enumerate(runs)]
    (found,) = summarise(read, today)["checklists"]
    return dict(found)


def test_runs_go_by_their_day_then_their_file_and_the_last_names_the_list() -> None:
    found = told(
        saved("yyyn", "Sur", "2026-02-10") | {"title": "Nueva"},
        saved("yyyy", "Sur", "2026-01-10") | {"title": "Vieja"},
        saved("ynyy", "Sur", "2026-02-10", edition="0") | {"title": "La última"},
    )
    assert (found["title"], found["from"], found["to"]) == ("La última", "2026-01-10", "2026-02-10")
    assert [
        (one["file"], one["date"], one["percent"], one["band"]) for one in found["places"][0]["runs"]
    ] == [
        ("1.json", "2026-01-10", 100, "Bien"),
        ("0.json", "2026-02-10", 87, "Bien"),
        ("2.json", "2026-02-10", 75, "Bien"),
    ]
    early, late = saved("yyyy", "Sur", "2026-01-10"), saved("yyyn", "Sur", "2026-01-10")
    early["run"]["hour"], late["run"]["hour"] = "08:00", "20:00"
    assert [one["file"] for one in told(late, early)["places"][0]["runs"]] == ["1.json", "0.json"]
    failed = told(saved("nyyy", "Sur", "2026-02-10"))["places"][0]["runs"][0]
    assert (failed["band"], failed["verdict"], failed["gates"]) == ("Mal", "gate", ["l.a"])
    assert told(saved("y---", "Sur", "2026-02-10"))["places"][0]["runs"][0]["band"] is None


def test_what_fails_again_is_what_failed_in_the_last_runs_in_a_row() -> None:
    def again(*answers: str) -> list[tuple[str, int]]:
        runs = [saved(one, "Sur", f"2026-0{month}-10") for month, one in enumerate(answers, 1)]
        return [(row["id"], row["times"]) for row in told(*runs)["places"][0]["again"]]

    assert again("ynyy") == []
    assert again("ynyy", "ynyy") == [("l.b", 2)]
    assert again("ynyy", "yyyy", "ynyy") == []
    assert again("ynyy", "ynyy", "yyyy") == []
    assert again("yyyn", "ynyn", "ynyn") == [("l.d", 3), ("l.b", 2)]
    assert again("ynnn", "ynnn") == [("l.b", 2), ("l.c", 2), ("l.d", 2)]


def acted(by: str, who: str = "Beto", row: str = "b") -> dict[str, Any]:
    return {row: {"action": {"what": "Practicar", "who": who, "by": by}}}


def test_an_action_is_overdue_the_day_after_its_day_unless_a_later_run_met_it() -> None:
    day = dt.date(2026, 2, 1)

    def overdue(*runs: dict[str, Any], today: dt.date) -> list[str]:
        return [row["id"] for row in told(*runs, today=today)["overdue"]]

    first = saved("ynyy", "Sur", "2026-01-10", **acted("2026-02-01"))
    assert overdue(first, today=day) == []
    assert overdue(first, today=day + ONE) == ["l.b"]
    assert overdue(first, saved("yyyy", "Sur", "2026-01-20"), today=day + ONE) == []
    assert overdue(first, saved("yayy", "Sur", "2026-01-20"), today=day + ONE) == ["l.b"]
    assert overdue(first, saved("yyyy", "Norte", "2026-01-20"), today=day + ONE) == ["l.b"]
    assert overdue(saved("yyyy", "Sur", "2026-01-02"), first, today=day + ONE) == ["l.b"]
    assert overdue(saved("yyyy", "Sur", "2026-01-10", **acted("2026-02-01")), today=day + ONE) == []
    assert overdue(saved("ynyy", "Sur", "2026-01-10", **acted("pronto")), today=day + ONE) == []


def test_what_is_overdue_goes_by_day_then_place_then_row() -> None:
    found = told(
        saved("nnyy", "Sur", "2026-01-10", **acted("2026-02-01"), **acted("2026-02-01", row="a")),
        saved("ynyy", "Norte", "2026-01-10", **acted("2026-02-01")),
        saved("ynyy", "Oeste", "2026-01-10", **acted("2026-01-20")),
    )
    assert [(row["place"], row["id"], row["by"], row["date"]) for row in found["overdue"]] == [
        ("Oeste", "l.b", "2026-01-20", "2026-01-10"),
        ("Norte", "l.b", "2026-02-01", "2026-01-10"),
        ("Sur", "l.a", "2026-02-01", "2026-01-10"),
        ("Sur", "l.b", "2026-02-01", "2026-01-10"),
    ]


def test_only_two_people_at_one_visit_are_compared_and_only_rows_that_both_answered() -> None:
    one = saved("yyyn", "Sur", "2026-01-10")
    for other in (
        saved("yynn", "Sur", "2026-01-10"),
        saved("yynn", "Sur", "2026-01-10", "ána"),  # nobody is two by their spelling
        saved("yynn", "Norte", "2026-01-10", "Beto"),
        saved("yynn", "Sur", "2026-01-11", "Beto"),
    ):
        assert told(one, other)["calibration"] == []
    (pair,) = told(one, saved("yn-n", "Sur", "2026-01-10", "Beto", a={"digest": "otro"}))["calibration"]
    assert (pair["count"], pair["agreed"], pair["place"], pair["date"]) == (2, 1, "Sur", "2026-01-10")
    assert pair["parted"] == [{"id": "l.b", "text": "b", "answers": ["yes", "no"]}]


def test_a_section_without_a_grade_has_none_and_lists_stand_by_name() -> None:
    sections = told(saved("yyaa", "Sur", "2026-01-10"))["places"][0]["sections"]
    assert [(one["title"], one["points"][0]["percent"]) for one in sections] == [
        ("uno", 100),
        ("dos", None),
    ]
    runs = [
        read_run("r.json", json.dumps(saved("yyyy", "a", "2026-01-10") | {"checklist": name}).encode())
        for name in "ba"
    ]
    assert [one["checklist"] for one in summarise(runs, DAY)["checklists"]] == ["a", "b"]


def test_what_was_read_of_a_run_never_changes() -> None:
    found = run_of()
    assert isinstance(found, Run)
    with pytest.raises(ValidationError):
        found.lines[0].answer = "no"  # type: ignore[misc]


def test_a_saved_run_is_measured_as_the_page_measures_it() -> None:
    scripts = [
        (ROOT / f"overrides/assets/js/{name}.js").read_text("utf-8") for name in ("answer", "run", "saved")
    ]
    numbers = re.findall(
        r"^export const (LARGEST|MOST|MOST_ROWS) = ([\d_]+);", "".join(scripts), re.MULTILINE
    )
    assert len(numbers) == 3, "each stands once"
    told = {name: int(number) for name, number in numbers}
    assert told["LARGEST"] == LARGEST
    (short, long) = map(
        int, *re.findall(r"^const \[SHORT, LONG\] = \[(\d+), (\d+)\];", scripts[-1], re.MULTILINE)
    )
    rows = [ROW | {"id": str(i)} for i in range(told["MOST_ROWS"] + 1)]
    bands = [{"at_least": 1, "title": "A"}] * (told["MOST"] + 1)
    rule = saved("yyyy", "a", "2026-01-10")["rule"]
    for parts, more in (
        ({"title": "a" * short}, {"title": "a" * (short + 1)}),
        ({"items": [ROW | {"text": "a" * long}]}, {"items": [ROW | {"text": "a" * (long + 1)}]}),
        ({"items": rows[:-1]}, {"items": rows}),
        ({"rule": rule | {"bands": bands[:-1]}}, {"rule": rule | {"bands": bands}}),
    ):
        assert isinstance(run_of(**parts), Run)
        assert isinstance(run_of(**more), Refused)


def test_screen_and_paper_ask_for_the_same_of_a_visit() -> None:
    script = (ROOT / "overrides/assets/js/run.js").read_text(encoding="utf-8")
    (head,) = re.findall(r"^export const HEAD = \[(.*)\];$", script, flags=re.MULTILINE)
    assert set(re.findall(r"\w+", head)) == set(VISIT)
    assert VISIT[:3] == ("place", "date", "hour")
