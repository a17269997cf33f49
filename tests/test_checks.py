"""The rules across entries at their edges, each by itself: what is told, of whom, and what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from servicebook.base.problems import Problem
from servicebook.checks import arithmetic
from servicebook.checks.checklists import check_repeats, check_scoring
from servicebook.checks.editions import check_editions
from servicebook.checks.ids import (
    check_file_names,
    check_former_ids,
    check_local_ids,
    check_slugs,
    check_unique_ids,
)
from servicebook.checks.kinds import check_metrics, check_sections, check_thresholds
from servicebook.checks.references import check_queries, check_references, check_replacements, check_words
from servicebook.checks.repeats import check_repeated, check_selves
from servicebook.checks.texts import check_search_words, check_texts
from servicebook.checks.upkeep import check_changes, check_handles, check_history, check_use, find_ahead
from servicebook.content.content import Content
from servicebook.content.marked import find_texts
from servicebook.content.model.entries import Entry, Metric
from servicebook.content.model.printed import PrintedStandard
from servicebook.content.model.settings import Query, Source, Term
from tests.test_rules import (
    COMMON,
    DAY,
    OLD,
    case,
    changed_on,
    checklist,
    customer,
    frozen,
    settings,
    standard,
)

Check = Callable[[Content], Iterator[Problem]]
FORMULA: dict[str, Any] = {
    "words": "los que sí entre todos",
    "expression": "a / b * 100",
    "unit": "%",
    "variables": {
        "a": {"label": "Los que sí", "unit": "clientes"},
        "b": {"label": "Todos", "unit": "clientes"},
    },
}
METRIC: dict[str, Any] = COMMON | {
    "id": "csat",
    "title": "Satisfacción",
    "summary": "Cuántos quedan satisfechos.",
    "measures": "Qué tan bien.",
    "formula": FORMULA,
    "collection": ["Pregunta al salir."],
    "example": {"story": "De cien.", "values": {"a": 1, "b": 3}, "result": 33.3},
    "reading": [
        {"at_least": 90, "range": "90 o más", "meaning": "Bien."},
        {"at_least": 0, "range": "0", "meaning": "Mal."},
    ],
    "causes": ["Prisa."],
    "standards": ["EXT-01"],
}


def metric(id: str = "csat", **other: Any) -> Metric:
    return Metric.model_validate({**METRIC, "id": id, **other})


def content(*entries: Entry, **parts: Any) -> Content:
    sources = [Source(id="libro", title="Libro", author="Ana")]
    return Content(Path(), "playbook", settings(), entries=[*entries], **({"sources": sources} | parts))


def told(check: Check, *entries: Entry, **parts: Any) -> list[tuple[str, Any]]:
    """Return what a check says: the rule, and the id (or whatever comes first) that it says it of."""
    return [(one.rule, next(iter(one.values.values()), None)) for one in check(content(*entries, **parts))]


# --- ids ---------------------------------------------------------------------------------------------


def test_an_id_names_one_thing() -> None:
    assert told(check_unique_ids, standard(), standard("EXT-02"), standard()) == [("duplicate-id", "EXT-01")]
    assert len(told(check_unique_ids, standard(), standard(), standard())) == 2
    assert told(check_unique_ids, customer("libro"), customer("otro")) == []


def test_ids_of_items_are_unique_in_their_entry_and_sections_apart_from_items() -> None:
    twice = [{"id": "a", "text": "Uno."}, {"id": "b", "text": "Dos."}, {"id": "a", "text": "Tres."}]
    assert told(check_local_ids, standard(items=twice), standard("EXT-02")) == [("duplicate-item", "a")]
    sections = [{"items": [{"id": "s1", "text": "Uno."}]}, {"items": [{"id": "x", "text": "Dos."}]}]
    assert told(check_local_ids, checklist(*sections)) == []
    again = [{"items": [{"id": "x", "text": "Uno."}]}, {"items": [{"id": "x", "text": "Dos."}]}]
    assert told(check_local_ids, checklist(*again)) == [("duplicate-item", "x")]
    assert told(check_local_ids, checklist({"id": "s"}, {"id": "s"})) == [("duplicate-item", "s/")]
    on_page = "title claims lessons practice facts sources history files feedback related-x field-x pb-x"
    for name in on_page.split():
        entry = case(DAY)
        named = entry.model_copy(update={"claims": [entry.claims[0].model_copy(update={"id": name})]})
        assert told(check_local_ids, named) == [("id-of-page", name)]
        assert told(check_local_ids, standard(items=[{"id": name, "text": "Uno."}])) == []
    claims = case(DAY, DAY)
    same = claims.model_copy(update={"claims": [claims.claims[0], claims.claims[0]]})
    assert told(check_local_ids, claims) == []
    assert told(check_local_ids, same) == [("duplicate-item", "c0")]


def test_an_id_is_the_name_of_a_file_on_every_system() -> None:
    assert told(check_file_names, customer("con"), customer("contacto"), customer("nul")) == [
        ("reserved-name", "con"),
        ("reserved-name", "nul"),
    ]
    named = settings("aux")
    assert [one.rule for one in check_file_names(Content(Path(), "playbook", named))] == ["reserved-name"]


def test_an_id_is_an_address_where_capitals_are_small_letters() -> None:
    assert told(check_slugs, customer("vip"), customer("vip").model_copy(update={"id": "VIP"})) == [
        ("slug-shared", "VIP")
    ]
    assert told(check_slugs, customer("vip"), standard().model_copy(update={"id": "VIP"})) == [], (
        "kinds have addresses of their own"
    )
    odd = [customer("vip").model_copy(update={"id": id}) for id in ("a-", "-b", "c..d", "e.f", "g-h", "i")]
    assert told(check_slugs, *odd) == [("slug-bad", "a-"), ("slug-bad", "-b"), ("slug-bad", "c..d")]


def test_a_former_id_is_nobody_else_s() -> None:
    assert told(check_former_ids, standard(former_ids=["EXT-09", "EXT-08"]), standard("EXT-02")) == []
    assert told(check_former_ids, standard(former_ids=["EXT-02"]), standard("EXT-02")) == [
        ("former-id-taken", "EXT-02")
    ]
    both = [standard(id, former_ids=["EXT-09"]) for id in ("EXT-01", "EXT-02")]
    assert told(check_former_ids, *both) == [("former-id-taken", "EXT-09")]
    assert told(check_former_ids, standard(former_ids=["EXT-01"])) == [("former-id-taken", "EXT-01")]


# --- references --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"related": ["EXT-02"]}, []),
        ({"related": ["EXT-99"]}, [("unknown-reference", "EXT-99")]),
        ({"related": ["vip"]}, [("unknown-reference", "vip")]),  # of another kind
        ({"customers": ["vip"]}, []),
        ({"sources": [{"source": "libro"}]}, []),
        ({"sources": [{"source": "EXT-02"}]}, [("unknown-reference", "EXT-02")]),
        ({"related": ["EXT-03"]}, [("draft-reference", "EXT-03")]),
        ({"related": ["EXT-03"], "status": "draft"}, []),
        ({"related": ["EXT-03"], "status": "retired"}, [("draft-reference", "EXT-03")]),
        ({"related": ["EXT-04"]}, [("retired-without-replacement", "EXT-04")]),
        ({"related": ["EXT-05"]}, [("retired-reference", "EXT-05")]),
        ({"related": ["EXT-05"], "status": "retired"}, []),
        ({"related": ["EXT-05"], "status": "draft"}, []),
        ({"replaced_by": "EXT-05", "status": "retired"}, []),
    ],
)
def test_a_reference_is_of_its_kind_and_in_force(
    fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    others = [
        standard("EXT-02"),
        standard("EXT-03", status="draft"),
        standard("EXT-04", status="retired"),
        standard("EXT-05", status="retired", replaced_by="EXT-02"),
        customer(standards=["EXT-02"]),
    ]
    assert told(check_references, standard(**fields), *others) == expected


def test_what_was_refused_may_be_named_by_others() -> None:
    entry = standard(related=["EXT-99"])
    assert told(check_references, entry, unusable={"EXT-99"}) == []
    taken = checklist({"take": ["EXT-99.saludo"]})
    assert told(check_references, taken, standard()) == [("unknown-reference", "EXT-99.saludo")]
    assert told(check_references, taken, unusable={"EXT-99"}) == []
    cited = standard(sources=[{"source": "otro"}])
    assert told(check_references, cited, unusable={"sources.yml"}) == []
    assert told(check_references, cited) == [("unknown-reference", "otro")]
    assert told(check_references, entry, unfinished={"EXT-99"}) == [("draft-reference", "EXT-99")]
    draft = standard(related=["EXT-99"], status="draft")
    assert told(check_references, draft, unfinished={"EXT-99"}) == []


def test_a_checklist_takes_items_that_there_are() -> None:
    taken = checklist({"take": ["EXT-01", "EXT-01.mirada", "EXT-01.nada", "EXT-09"]})
    assert told(check_references, taken, standard()) == [
        ("unknown-reference", "EXT-01.nada"),
        ("unknown-reference", "EXT-09"),
    ]
    for written, meant in (
        ("EXT-01.mirda", "EXT-01.mirada"),
        ("ETX-01.mirada", "EXT-01.mirada"),
        ("EXT-01.zzz", None),
    ):
        (problem,) = check_references(content(checklist({"take": [written]}), standard()))
        assert problem.values["suggestion"] == meant
    gone = checklist({"take": ["EXT-01.mirada"]})
    assert told(check_references, gone, standard(status="draft")) == [("draft-reference", "EXT-01")]


def test_a_former_id_leads_to_what_it_is_now_with_its_item() -> None:
    there = standard(former_ids=["EXT-09"])
    for taken, now in (
        ("EXT-09", {"id": "EXT-09", "now": "EXT-01"}),
        ("EXT-09.mirada", {"id": "EXT-09.mirada", "now": "EXT-01.mirada"}),
        ("EXT-09.nada", {"id": "EXT-09", "now": "EXT-01"}),
    ):
        (problem,) = check_references(content(there, checklist({"take": [taken]})))
        assert (problem.rule, problem.values) == ("former-reference", now)


def test_what_is_expected_of_the_search_is_there_and_in_force() -> None:
    term = Term.model_validate({"id": "csat", "title": "CSAT", "definition": "Un índice."})
    expect = ("EXT-01", "csat", "EXT-03", "EXT-04", "EXT-99", "EXT-98")
    found = told(
        check_queries,
        *(standard(), standard("EXT-03", status="draft"), standard("EXT-04", status="retired")),
        terms=[term],
        queries=[Query(query="hola", expect=expect)],
        unusable={"EXT-98"},
    )
    assert found == [
        ("draft-reference", "EXT-03"),
        ("retired-without-replacement", "EXT-04"),
        ("unknown-reference", "EXT-99"),
    ]


def test_an_entry_names_others_and_each_once() -> None:
    assert told(check_selves, standard(related=["EXT-02", "EXT-01"])) == [("self-reference", "EXT-01")]
    # What has the same id and is of another kind is another.
    assert told(check_selves, customer("vip", metrics=["vip"])) == []
    assert told(check_selves, standard(status="retired", replaced_by="EXT-01")) == []
    assert told(check_repeated, standard(related=["EXT-02", "EXT-03"])) == []
    twice = [standard(id, related=["EXT-09", "EXT-08", "EXT-09"]) for id in ("EXT-01", "EXT-02")]
    found = list(check_repeated(content(*twice)))
    assert [(one.rule, one.values["word"]) for one in found] == [("repeated", "EXT-09")] * 2
    where = [{"source": "libro", "where": place} for place in ("p. 1", "p. 2", "p. 1")]
    assert told(check_repeated, standard(sources=where)) == [("repeated", "libro")]


def test_following_replacements_ends() -> None:
    def retired(id: str, by: str) -> Entry:
        return standard(id, status="retired", replaced_by=by)

    assert told(check_replacements, standard(replaced_by="EXT-02"), standard("EXT-02")) == [
        ("replaced-not-retired", "EXT-01")
    ]
    assert (
        told(check_replacements, retired("EXT-01", "EXT-02"), retired("EXT-02", "EXT-03"), standard("EXT-03"))
        == []
    )
    assert told(check_replacements, retired("EXT-01", "EXT-01")) == [
        ("replaced-in-circle", "EXT-01 → EXT-01")
    ]
    circle = told(
        check_replacements,
        retired("EXT-01", "EXT-02"),
        retired("EXT-02", "EXT-03"),
        retired("EXT-03", "EXT-02"),
    )
    assert circle == [
        ("replaced-in-circle", "EXT-02 → EXT-03 → EXT-02"),
        ("replaced-in-circle", "EXT-03 → EXT-02 → EXT-03"),
    ]


def test_words_are_in_their_vocabulary() -> None:
    assert told(check_words, standard()) == []
    (problem,) = check_words(content(standard(channels=["presencial", "telefon"])))
    assert (problem.rule, problem.values["word"], problem.values["suggestion"]) == (
        "unknown-word",
        "telefon",
        "telefono",
    )
    assert problem.values["known"] == "presencial, telefono"
    bare = settings().model_copy(update={"channels": {}})
    found = check_words(Content(Path(), "playbook", bare, entries=[standard()]))
    assert [one.rule for one in found] == ["no-vocabulary"]


# --- checklists --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([{"take": ["EXT-01", "EXT-02"]}], []),
        ([{"take": ["EXT-01.saludo"]}, {"take": ["EXT-01.mirada"]}], []),
        ([{"take": ["EXT-01", "EXT-01.saludo"]}], ["line-repeated"]),
        ([{"take": ["EXT-01.saludo"]}, {"take": ["EXT-01"]}], ["line-repeated"]),
        (
            [{"take": ["EXT-01"]}, {"take": ["EXT-01"]}],
            ["line-repeated", "line-repeated", "section-repeated"],
        ),
        (
            [{"take": ["EXT-01"]}, {"take": ["EXT-01.saludo"], "items": [{"id": "x", "text": "Uno."}]}],
            ["line-repeated"],
        ),
        ([{"take": ["EXT-01"], "select": {"level": ["essential"]}}], []),
        ([{"take": ["EXT-01"]}, {"select": {"level": ["essential"]}}], ["line-repeated", "line-repeated"]),
        ([{"items": [{"id": "x", "text": "Uno."}]}, {"items": [{"id": "y", "text": "Dos."}]}], []),
    ],
)
def test_a_line_stands_once(sections: list[dict[str, Any]], expected: list[str]) -> None:
    book = [standard(), standard("EXT-02"), checklist(*sections)]
    assert [rule for rule, _ in told(check_repeats, *book)] == expected
    assert told(check_repeats, *book, unusable={"x"}) == []


@pytest.mark.parametrize(
    ("starts", "good"),
    [
        ([90, 0], True),
        ([0], True),
        ([90, 60, 0], True),
        ([90, 90, 0], False),
        ([60, 90, 0], False),
        ([90, 1], False),
        ([90, None], False),
        ([None, 0], False),
    ],
)
def test_bands_begin_highest_first_and_the_last_at_nothing(starts: list[int | None], good: bool) -> None:
    reading = [
        {"range": f"{i}", "meaning": "Así.", **({} if start is None else {"at_least": start})}
        for i, start in enumerate(starts)
    ]
    entries = [
        metric(reading=reading),
        checklist({"take": ["EXT-01"]}, scored=True, scoring={"bands": "csat"}),
    ]
    assert [rule for rule, _ in told(check_scoring, *entries)] == ([] if good else ["scoring-bands"])


def test_a_rule_of_scoring_stands_on_a_scored_list() -> None:
    plain = checklist({"take": ["EXT-01"]}, scoring={"blank": "failed"})
    assert [rule for rule, _ in told(check_scoring, plain)] == ["scoring-unscored"]
    assert told(check_scoring, checklist({"take": ["EXT-01"]}, scored=True), metric()) == []


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({"take": ["EXT-01"]}, []),
        ({"items": [{"id": "x", "text": "Uno."}]}, []),
        ({}, ["section-empty"]),
        ({"select": {}}, ["select-everything"]),
        ({"select": {"level": ["essential"]}}, []),
        ({"select": {"level": ["excellence"]}}, ["select-nothing"]),
        ({"select": {"channels": ["nada"]}}, []),  # a misspelt word is told by its own rule
        ({"select": {"level": ["excellence"]}, "take": ["EXT-01"]}, ["select-nothing"]),
    ],
)
def test_no_section_comes_out_empty(section: dict[str, Any], expected: list[str]) -> None:
    assert [rule for rule, _ in told(check_sections, standard(), checklist(section))] == expected
    refused = [rule for rule, _ in told(check_sections, standard(), checklist(section), unusable={"x"})]
    assert refused == [rule for rule in expected if rule != "select-nothing"]


# --- thresholds, metrics -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "source", "expected"),
    [
        ("own", None, []),
        ("source", {"source": "libro"}, []),
        ("source", None, ["threshold-without-source"]),
        ("own", {"source": "libro"}, ["own-threshold-with-source"]),
    ],
)
def test_a_number_is_somebody_s_or_our_own(origin: str, source: Any, expected: list[str]) -> None:
    threshold = {
        "value": 3,
        "unit": "timbres",
        "at": "most",
        "origin": origin,
        **({"source": source} if source else {}),
    }
    assert [rule for rule, _ in told(check_thresholds, standard(threshold=threshold))] == expected


@pytest.mark.parametrize(
    ("result", "good"),
    [
        (33.3, True),
        (33.33, True),
        (33, True),
        (33.35, False),
        (33.25, False),
        (33.4, False),
        (34, False),
        (33.333, True),
    ],
)
def test_a_worked_example_is_right_to_the_figures_that_it_gives(result: float, good: bool) -> None:
    found = list(check_metrics(content(metric(example=METRIC["example"] | {"result": result}))))
    assert [one.rule for one in found] == ([] if good else ["example-arithmetic"])
    if not good:
        assert found[0].values == {"written": str(result), "computed": "33.33"}


def test_half_of_the_last_figure_is_still_right() -> None:
    values = {"a": 1, "b": 8}  # 12.5
    for result, good in ((12, True), (13, True), (12.5, True), (14, False), (11, False), (12.6, False)):
        example = METRIC["example"] | {"values": values, "result": result}
        assert (told(check_metrics, metric(example=example)) == []) is good, result


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ({"expression": "a / c"}, None, [("formula-unknown-name", "c"), ("formula-unused-name", "b")]),
        ({"expression": "a"}, None, [("formula-unused-name", "b")]),
        (
            {"variables": dict.fromkeys("abzyxwv", FORMULA["variables"]["a"])},
            None,
            [("formula-unused-name", name) for name in "vwxyz"],
        ),
        ({"expression": "a / b + z + y + x + w"}, None, [("formula-unknown-name", name) for name in "wxyz"]),
        ({}, {"a": 1}, [("example-values", "b")]),
        ({}, dict.fromkeys("abzyxwv", 1), [("example-values", name) for name in "vwxyz"]),
        ({}, {"a": 1, "b": 3, "c": 4}, [("example-values", "c")]),
        ({"expression": "a / (b - b)"}, None, [("example-divides-by-zero", None)]),
        ({"expression": "a ** b"}, None, [("formula-not-arithmetic", "a ** b")]),
        ({"expression": "a b"}, None, [("formula-not-arithmetic", "a b")]),
    ],
)
def test_a_formula_is_arithmetic_over_its_quantities(
    formula: dict[str, Any], values: Any, expected: list[Any]
) -> None:
    example = METRIC["example"] | ({"values": values} if values else {})
    assert told(check_metrics, metric(formula=FORMULA | formula, example=example)) == expected


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a + b", 5),
        ("a - b", -1),
        ("a * b", 6),
        ("a / b", 2 / 3),
        ("-a", -2),
        ("(a + b) * 2", 10),
        ("1.5", 1.5),
    ],
)
def test_four_operations(expression: str, value: float) -> None:
    assert arithmetic.evaluate(expression, {"a": 2, "b": 3}) == value


@pytest.mark.parametrize(
    "expression", ["a % b", "a // b", "+a", "True", "'a'", "f(a)", "a < b", "a.b", "[a]", ""]
)
def test_nothing_else_is_arithmetic(expression: str) -> None:
    with pytest.raises(arithmetic.FormulaError):
        arithmetic.evaluate(expression, {"a": 2, "b": 3})


# --- texts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("Mira [esto](EXT-02).", []),
        ("Mira [esto](https://a.mx).", []),
        ("Mira [esto](EXT-99).", [("unknown-reference", "EXT-99")]),
        ("Mira [esto](javascript:x).", [("link-not-allowed", "javascript:x")]),
        ("Mira [esto](EXT-03).", [("draft-reference", "EXT-03")]),
        ("Mira [esto](<EXT-99>).", [("html-in-text", "<EXT-99>"), ("unknown-reference", "EXT-99")]),
        ('Mira [esto](EXT-99 "x").', [("unknown-reference", "EXT-99")]),
        ("Mira [uno](EXT-02) y [otro](EXT-99).", [("unknown-reference", "EXT-99")]),
        ("Mira [uno](EXT-02) y <b>esto</b>.", [("html-in-text", "<b>")]),
        ("Mira <b>esto</b>.", [("html-in-text", "<b>")]),
        ('Mira <a\nhref="x">esto</a>.', [("html-in-text", '<a\nhref="x">')]),
        ("Uno.\n\nDos.", [("blocks-in-text", None)]),
        ("Mira 𓀀.", [("unprintable", "𓀀")]),
        ("Mira 𓀀 y 𓀁.", [("unprintable-several", "𓀀 𓀁")]),
    ],
)
def test_texts_lead_somewhere_and_can_be_printed(intent: str, expected: list[Any]) -> None:
    others = [standard("EXT-02"), standard("EXT-03", status="draft")]
    assert told(check_texts, standard(intent=intent), *others) == expected


def test_a_link_to_what_was_refused_is_not_told_again() -> None:
    entry = standard(intent="Mira [esto](EXT-99).")
    assert told(check_texts, entry, unusable={"EXT-99"}) == []
    assert told(check_texts, entry, unfinished={"EXT-99"}) == [("draft-reference", "EXT-99")]


def test_without_settings_nobody_knows_which_signs_paper_has_and_which_words_there_are() -> None:
    bare = Content(Path(), "playbook", None, entries=[standard(intent="Mira 𓀀.", channels=["nada"])])
    assert [*check_texts(bare), *check_words(bare)] == []


@pytest.mark.parametrize("status", ["active", "draft", "retired"])
def test_a_page_in_force_has_nothing_left_to_be_written_over(status: str) -> None:
    from servicebook.language.messages import LANGUAGES, messages_in

    for language in LANGUAGES:
        left = messages_in(language)("new.placeholder")
        rule = {"active": "unwritten", "draft": "unwritten-draft"}.get(status)
        expected = [(rule, left)] if rule else []
        assert told(check_texts, standard(intent=left, status=status)) == expected
        assert told(check_texts, standard(title=left, status=status)) == expected


# --- upkeep ------------------------------------------------------------------------------------------


def test_a_history_ends_at_the_revision() -> None:
    assert told(check_changes, standard(revision=2, changes=changed_on(OLD, DAY))) == []
    assert told(check_changes, standard(revision=2, changes=changed_on(OLD, DAY)[::-1])) == []
    (problem,) = check_changes(content(standard(revision=3, changes=changed_on(OLD, DAY))))
    assert (problem.rule, problem.values) == ("revision-differs", {"revision": 3, "last": 2})
    assert [rule for rule, _ in told(check_changes, standard(revision=1, changes=changed_on(OLD, DAY)))] == [
        "revision-differs"
    ]
    assert told(check_changes, standard(revision=5)) == []


def test_revisions_follow_each_other_in_number_and_in_time() -> None:
    def history(*changes: tuple[int, dt.date]) -> list[tuple[str, Any]]:
        told_of = [{"revision": n, "date": str(day), "reason": "Así."} for n, day in changes]
        # The entry before has too short a history to tell anything.
        entries = standard("EXT-00", changes=changed_on(DAY)), standard(changes=told_of)
        return told(check_history, *entries)

    assert history((2, OLD), (3, OLD), (4, DAY)) == history((4, DAY), (2, OLD), (3, OLD)) == []
    assert history((2, DAY), (2, OLD)) == [], "two reasons for one revision"
    assert history((2, OLD), (4, DAY)) == [("change-skips", 4)]
    assert history((2, DAY), (3, OLD)) == [("change-before-earlier", 3)]
    # The latest day before is what counts, not that of the revision before.
    (first, second) = check_history(
        content(standard(changes=changed_on(DAY, OLD, OLD + dt.timedelta(days=1))))
    )
    assert [first.values[it] for it in ("revision", "before", "earlier")] == [2, 1, DAY]
    assert [second.values[it] for it in ("revision", "before", "earlier")] == [3, 1, DAY]


def test_a_change_is_dated_by_the_day_or_by_the_edition_that_it_is_written_for() -> None:
    tomorrow = DAY + dt.timedelta(days=1)
    entry = standard(changes=changed_on(OLD, DAY, tomorrow))
    assert [one.values["date"] for one in find_ahead(content(entry), OLD)] == [tomorrow]
    assert [*find_ahead(content(entry), tomorrow)] == []
    bare = Content(Path(), "playbook", None, entries=[entry])
    assert [one.values["date"] for one in find_ahead(bare, OLD)] == [DAY, tomorrow]


def test_where_one_team_has_a_handle_every_team_has() -> None:
    team = settings().teams["servicio"]

    def asked(*handles: str | None) -> list[str]:
        teams = {f"t{i}": team.model_copy(update={"handle": it}) for i, it in enumerate(handles)}
        known = settings().model_copy(update={"teams": teams})
        return [one.rule for one in check_handles(Content(Path(), "playbook", known))]

    assert asked(None, None) == asked("@x/a", "@x/b") == []
    assert asked(None, "@x/a", None) == ["team-without-handle"] * 2
    assert [*check_handles(Content(Path(), "playbook", None))] == []


def test_words_to_be_found_by_are_few_and_fewer_than_what_is_said() -> None:
    most = settings().search.most_words
    assert told(check_search_words, standard(search_words=[f"p{i}" for i in range(most)])) == []
    (problem,) = check_search_words(content(standard(search_words=[f"p{i}" for i in range(most + 1)])))
    assert (problem.rule, problem.values) == ("search-words-many", {"most": most, "count": most + 1})
    plain = standard()
    said = sum(len(text.split()) for _, text in find_texts(plain))
    assert said > 20
    for count, rules in ((said, []), (said + 1, ["search-words-long"])):
        entry = standard(search_words=[" ".join(["palabra"] * count)])
        assert [rule for rule, _ in told(check_search_words, entry)] == rules
    (problem,) = check_search_words(content(standard(search_words=[" ".join(["palabra"] * 99)])))
    assert problem.values == {"words": 99, "said": said}
    bare = Content(Path(), "playbook", None, entries=[standard(search_words=["a"] * 99)])
    assert [*check_search_words(bare)] == []


def test_a_standard_is_used_and_measured_or_says_why_not() -> None:
    unused, unmeasured = ("standard-unused", "EXT-01"), ("standard-unmeasured", "EXT-01")
    assert told(check_use, standard()) == [unused, unmeasured]
    assert told(check_use, standard(), unusable={"x"}) == []
    assert told(check_use, standard(status="draft")) == told(check_use, standard(status="retired")) == []
    assert told(check_use, standard(), customer()) == [unmeasured]
    assert told(check_use, standard(customers=["vip"])) == [unmeasured]
    assert told(check_use, standard(), checklist({"take": ["EXT-01.saludo"]})) == [unmeasured]
    assert told(check_use, standard(), checklist({"select": {"level": ["essential"]}})) == [unmeasured]
    assert told(check_use, standard(), checklist({"select": {"level": ["expected"]}})) == [unused, unmeasured]
    assert told(check_use, standard(), metric()) == [unused]
    assert told(check_use, standard(metrics=["csat"]), metric(standards=["EXT-02"])) == [unused]
    assert told(check_use, standard(no_metric="No se cuenta."), customer()) == []
    assert told(check_use, standard(), case(DAY)) == [unused, unmeasured], "a case is no use"


def test_a_frozen_edition_agrees_with_itself() -> None:
    good = frozen("1", OLD, standard())
    assert told(check_editions, editions=[good]) == []
    entry = good.entries["EXT-01"]

    def spoilt(**update: Any) -> list[tuple[str, Any]]:
        edition = good.model_copy(update={"entries": {"EXT-01": entry.model_copy(update=update)}})
        return told(check_editions, editions=[edition])

    assert spoilt(kind="tramite") == [], "a kind that is declared no longer"
    assert spoilt(parts={**entry.parts, "codigo": "x"}) == [], "nor is this field"
    kept = PrintedStandard(form="standard", statement="Uno.", do=("a",), dont=("b",), verification=("c",))
    assert spoilt(sheet=kept) == []
    assert spoilt(sheet=kept, kind="standar") == [("edition-kind", "standar")]
    assert spoilt(texts={"titel": "x"}) == [("edition-part", "titel")]
    assert spoilt(items=(*entry.items, "EXT-01.nada")) == [("edition-item", "EXT-01.nada")]
    book = {"editions": [good.model_copy(update={"book": {"cover": "1", "cubierta": "2"}})]}
    assert told(check_editions, **book) == [("edition-book-part", "cubierta")]
    spoiled = {"EXT-01": entry.model_copy(update={"kind": "standar", "sheet": kept})}
    (problem,) = check_editions(content(editions=[good.model_copy(update={"entries": spoiled})]))
    assert problem.values["suggestion"] == "standard"
