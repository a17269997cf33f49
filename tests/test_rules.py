"""The rules at their edges: the day itself, the first and the last, one and none, the old and the new."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from servicebook.checks.upkeep import check_future, find_overdue
from servicebook.content.complaints import suggest_id
from servicebook.content.content import Content
from servicebook.content.load import kinds_at, load_content
from servicebook.content.model.checklists import Select
from servicebook.content.model.entries import Case, Checklist, Customer, Entry, Scenario, Standard
from servicebook.content.model.settings import FrozenEdition, Settings
from servicebook.content.playbook import Playbook
from servicebook.content.select import is_published, select_standards
from servicebook.content.shapes import shape_of
from servicebook.editing.classes import Weight, weight_of
from servicebook.editing.form.form import content_files
from servicebook.editing.versions import read_folder
from servicebook.editing.words import compare_words, one_letter_apart
from servicebook.language.messages import messages_in
from servicebook.views.editions import changes_between, editions_to_tell, freeze, mark_of, since
from servicebook.views.facets import facets_of, filter_entries
from servicebook.views.matrices import matrix_of
from servicebook.views.news import badge_of, editions_of, latest, news_of
from servicebook.views.rows import rows_of, standard_rows
from servicebook.views.upkeep import SOON, Matter, board_of, due_date, find_tasks
from tests.conftest import ROOT, MakeProject

SAY = messages_in("es")
DAY = dt.date(2026, 11, 22)
ONE = dt.timedelta(days=1)
COMMON = {"owner": "servicio", "reviewed": "2026-11-01", "review_every": 12}
STANDARD = COMMON | {
    "title": "Saludar",
    "statement": "Saludas.",
    "intent": "Para que sepa que lo viste.",
    "pillar": "externo",
    "channels": ["presencial"],
    "roles": ["mostrador"],
    "moments": ["bienvenida"],
    "level": "essential",
    "do": ["Saluda."],
    "dont": ["Callar."],
    "verification": {"question": "¿Saludó?", "how": "Mira.", "evidence": "Lo visto."},
    "items": [{"id": "saludo", "text": "Saludé."}, {"id": "mirada", "text": "Miré."}],
}
CUSTOMER = COMMON | {
    "title": "VIP",
    "nature": "type",
    "summary": "Espera trato propio.",
    "signals": ["Llega."],
    "needs": ["Tiempo."],
    "approach": [{"title": "Saluda", "text": "Por su nombre."}],
    "phrases": [{"say": "Bienvenido.", "avoid": "¿Y usted?"}],
    "mistakes": ["Hacerlo esperar."],
    "standards": ["EXT-01"],
}
CLAIM = {"text": "Lo dicen.", "sources": [{"source": "libro"}], "date": "2025", "confidence": "high"}
CASE = COMMON | {
    "id": "hotel",
    "title": "Un hotel",
    "company": "Hotel",
    "summary": "Atiende.",
    "lessons": ["Atender."],
    "practice": ["Atendemos."],
    "standards": ["EXT-01"],
}


def standard(id: str = "EXT-01", **other: Any) -> Standard:
    return Standard.model_validate({**STANDARD, "id": id, **other})


def customer(id: str = "vip", **other: Any) -> Customer:
    return Customer.model_validate({**CUSTOMER, "id": id, **other})


def case(*rechecks: dt.date, **other: Any) -> Case:
    claims = [{**CLAIM, "id": f"c{i}", "recheck": str(day)} for i, day in enumerate(rechecks)]
    return Case.model_validate({**CASE, "claims": claims, **other})


def checklist(*sections: dict[str, Any], **other: Any) -> Checklist:
    data = COMMON | {
        "id": "apertura",
        "title": "Apertura",
        "use": "Al abrir.",
        "roles": ["mostrador"],
        "frequency": "Cada día",
        "sections": [{"id": f"s{i}", "title": f"Parte {i}", **one} for i, one in enumerate(sections)],
    }
    return Checklist.model_validate({**data, **other})


def settings(edition: str = "2", date: dt.date = DAY) -> Settings:
    loaded = load_content(ROOT / "tests/projects/minimal/playbook")[0].settings
    assert loaded
    named = loaded.edition.model_copy(update={"name": edition, "date": date})
    team = loaded.teams["servicio"].model_copy(update={"contact": "a@b.mx"})
    return loaded.model_copy(update={"edition": named, "teams": {"servicio": team}})


def playbook(
    *entries: Entry, frozen: tuple[FrozenEdition, ...] = (), edition: str = "2", date: dt.date = DAY
) -> Playbook:
    content = Content(Path(), "playbook", settings(edition, date), entries=[*entries], editions=[*frozen])
    return Playbook(content)


def reviewed_so_that_due(day: dt.date) -> dict[str, str]:
    return {"reviewed": str(day.replace(year=day.year - 1))}


# --- what is due -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "matter"),
    [
        (DAY - ONE, Matter.OVERDUE),
        (DAY, Matter.DUE),
        (DAY + SOON, Matter.DUE),
        (DAY + SOON + ONE, None),
    ],
)
def test_a_review_is_due_on_its_day_and_overdue_after_it(due: dt.date, matter: Matter | None) -> None:
    entry = standard(**reviewed_so_that_due(due))
    assert due_date(entry) == due
    tasks = find_tasks([entry], settings(), DAY)
    assert [task.matter for its in tasks.values() for task in its] == ([matter] if matter else [])
    late = [problem.rule for problem in find_overdue(content_of(entry), DAY)]
    assert late == (["review-overdue"] if matter is Matter.OVERDUE else [])


@pytest.mark.parametrize(
    ("day", "matter"),
    [
        (DAY - ONE, Matter.RECHECK_OVERDUE),
        (DAY, Matter.RECHECK_DUE),
        (DAY + SOON, Matter.RECHECK_DUE),
        (DAY + SOON + ONE, None),
    ],
)
def test_a_claim_is_due_on_its_day_and_overdue_after_it(day: dt.date, matter: Matter | None) -> None:
    entry = case(day)
    found = [task.matter for its in find_tasks([entry], settings(), DAY).values() for task in its]
    assert found == ([matter] if matter else [])
    late = [problem.rule for problem in find_overdue(content_of(entry), DAY)]
    assert late == (["recheck-overdue"] if matter is Matter.RECHECK_OVERDUE else [])


def content_of(*entries: Entry) -> Content:
    return Content(Path(), "playbook", settings(), entries=[*entries])


@pytest.mark.parametrize("status", ["active", "draft", "retired"])
def test_nobody_reviews_what_is_retired(status: str) -> None:
    old = case(DAY - ONE, status=status, **reviewed_so_that_due(DAY - ONE))
    tasks = [task.matter for its in find_tasks([old], settings(), DAY).values() for task in its]
    problems = [problem.rule for problem in find_overdue(content_of(old), DAY)]
    rows = board_of([old], settings())
    if status == "retired":
        assert (tasks, problems, rows) == ([], [], {})
    else:
        assert Matter.OVERDUE in tasks
        assert Matter.RECHECK_OVERDUE in tasks
        assert (Matter.DRAFT in tasks) == (status == "draft")
        assert sorted(problems) == ["recheck-overdue", "review-overdue"]
        assert len(rows["servicio"]) == 2


def test_the_most_pressing_stands_first_then_the_earliest_then_the_first_id() -> None:
    late = [standard(f"EXT-0{n}", **reviewed_so_that_due(DAY - n * ONE)) for n in (1, 2)]
    same = standard("EXT-00", **reviewed_so_that_due(DAY - 2 * ONE))
    soon = standard("INT-01", **reviewed_so_that_due(DAY + ONE))
    tasks = find_tasks([soon, *late, same], settings(), DAY)["servicio"]
    assert [task.entry.id for task in tasks] == ["EXT-00", "EXT-02", "EXT-01", "INT-01"]


def test_the_board_shows_the_next_first() -> None:
    entries = [
        case(DAY + 3 * ONE, **reviewed_so_that_due(DAY + 5 * ONE)),
        standard(**reviewed_so_that_due(DAY)),
    ]
    rows = board_of(entries, settings())["servicio"]
    assert [(row.entry.id, row.claim.id if row.claim else None) for row in rows] == [
        ("EXT-01", None),
        ("hotel", "c0"),
        ("hotel", None),
    ]


def test_a_review_on_the_day_of_the_edition_is_in_it() -> None:
    on_the_day, after = standard(reviewed=str(DAY)), standard("EXT-02", reviewed=str(DAY + ONE))
    problems = [problem.rule for problem in check_future(content_of(on_the_day, after))]
    assert problems == ["reviewed-after-edition"]


# --- editions and news -------------------------------------------------------------------------------


def frozen(name: str, date: dt.date, *entries: Entry) -> FrozenEdition:
    return freeze(playbook(*entries, edition=name, date=date))


OLD, MIDDLE = DAY - 60 * ONE, DAY - 30 * ONE


def test_editions_stand_in_the_order_of_their_days() -> None:
    book = playbook(standard(), frozen=(frozen("1b", MIDDLE), frozen("1", OLD), frozen("2", DAY)))
    assert [one.name for one in editions_of(book)] == ["1", "1b", "2"]
    assert [one.name for one in editions_to_tell(book, freeze(book))] == ["2", "1b", "1"]


def test_an_edition_of_the_day_in_force_or_later_is_no_earlier_one() -> None:
    book = playbook(standard(), frozen=(frozen("1", OLD), frozen("x", DAY), frozen("y", DAY + ONE)))
    assert [one.name for one in editions_of(book)] == ["1", "2"]


def changed_on(*days: dt.date) -> list[dict[str, object]]:
    return [{"revision": n, "date": str(day), "reason": f"Motivo {n}."} for n, day in enumerate(days, 1)]


def test_a_change_belongs_to_the_first_edition_that_is_not_older() -> None:
    entry = standard(revision=4, changes=changed_on(OLD, OLD + ONE, MIDDLE, DAY + ONE))
    book = playbook(entry, frozen=(frozen("1", OLD, entry), frozen("1b", MIDDLE, entry)))
    told = {news.edition.name: [item.change.revision for item in news.items] for news in news_of(book)}
    assert told == {"2": [4], "1b": [3, 2], "1": [1]}
    assert [news.edition.name for news in news_of(book)] == ["2", "1b", "1"]
    last = {item.change.revision: item.is_last for news in news_of(book) for item in news.items}
    assert last == {1: True, 2: False, 3: True, 4: True}
    assert [item.change.revision for item in latest(news_of(book), 2)] == [4, 3]


@pytest.mark.parametrize(
    ("days", "badge"),
    [
        ((), None),
        ((OLD,), None),
        ((OLD, MIDDLE), None),
        ((OLD, MIDDLE + ONE), "changed"),
        ((MIDDLE + ONE,), "new"),
    ],
)
def test_a_badge_tells_what_came_after_the_last_edition(days: tuple[dt.date, ...], badge: str | None) -> None:
    entry = standard(revision=max(1, len(days)), changes=changed_on(*days))
    book = playbook(entry, frozen=(frozen("1", OLD, entry), frozen("1b", MIDDLE, entry)))
    assert badge_of(entry, book) == badge


def test_what_the_last_edition_lacked_is_new_and_what_is_retired_has_no_badge() -> None:
    other = standard("EXT-02")
    book = playbook(
        standard(), other, frozen=(frozen("1", OLD, standard(), other), frozen("1b", MIDDLE, standard()))
    )
    assert badge_of(other, book) == "new"
    assert badge_of(standard("EXT-02", status="retired"), book) is None


def test_what_became_of_an_entry() -> None:
    before = frozen("1", OLD, standard(), standard("EXT-02"))
    changed = standard(
        statement="Saludas siempre.",
        items=[{"id": "saludo", "text": "Saludé al llegar."}, {"id": "nombre", "text": "Dije mi nombre."}],
    )
    now = freeze(playbook(changed, standard("EXT-03")))
    assert [since(before, now, id).state for id in ("EXT-01", "EXT-02", "EXT-03")] == [
        "changed",
        "withdrawn",
        "new",
    ]
    assert [(one.kind, one.id, one.before, one.after) for one in changes_between(before, now, "EXT-01")] == [
        ("reworded", "EXT-01.saludo", "Saludé.", "Saludé al llegar."),
        ("added", "EXT-01.nombre", "", "Dije mi nombre."),
        ("removed", "EXT-01.mirada", "Miré.", ""),
        ("part", "statement", "Saludas.", "Saludas siempre."),
    ]
    lighter = freeze(playbook(standard(level="expected")))
    assert {one.kind for one in changes_between(before, lighter, "EXT-01")} == {"reweighed"}
    assert since(before, freeze(playbook(standard())), "EXT-01").state == "same"


def test_a_mark_changes_with_what_is_printed_alone() -> None:
    mark = mark_of(freeze(playbook(standard())), "EXT-01")
    assert mark_of(freeze(playbook(standard(search_words=["hola"], reviewed="2026-10-01"))), "EXT-01") == mark
    assert mark_of(freeze(playbook(standard(intent="Otra razón."))), "EXT-01") != mark
    assert mark_of(freeze(playbook(standard(level="expected"))), "EXT-01") != mark


# --- rows, facets, matrices --------------------------------------------------------------------------


def test_rows_come_in_order_each_once_and_an_item_by_its_own_address() -> None:
    book = playbook(
        standard(),
        standard("EXT-02", level="excellence", channels=["telefono"]),
        one := checklist(
            {"take": ["EXT-02.mirada", "EXT-01"]},
            {"select": {"channels": ["telefono"]}, "items": [{"id": "propio", "text": "Abrí."}]},
        ),
    )
    rows = [[(row.id, row.level) for row in section.rows] for section in rows_of(one, book)]
    assert rows == [
        [("EXT-02.mirada", "excellence"), ("EXT-01.saludo", "essential"), ("EXT-01.mirada", "essential")],
        [("EXT-02.saludo", "excellence"), ("apertura.propio", "expected")],
    ]


def test_weights_follow_the_levels() -> None:
    weights = [
        standard_rows(standard(level=level), playbook())[0].weight
        for level in ("essential", "expected", "excellence")
    ]
    assert weights == [3, 2, 1]


def test_a_selection_takes_any_word_of_a_field_and_all_fields_and_only_what_is_in_force() -> None:
    standards = [
        standard("EXT-01"),
        standard("EXT-02", channels=["telefono"]),
        standard("EXT-03", channels=["telefono"], pillar="interno"),
        standard("EXT-04", status="draft"),
        standard("EXT-05", status="retired"),
    ]

    def chosen(**fields: Any) -> list[str]:
        return [one.id for one in select_standards(Select.model_validate(fields), standards)]

    assert chosen(channels=["telefono", "presencial"]) == ["EXT-01", "EXT-02", "EXT-03"]
    assert chosen(channels=["telefono"], pillar=["externo"]) == ["EXT-02"]
    assert chosen(level=["excellence"]) == []
    assert [one.id for one in standards if is_published(one)] == ["EXT-01", "EXT-02", "EXT-03", "EXT-05"]


def test_a_list_is_filtered_by_any_word_of_each_field() -> None:
    entries = [
        standard("EXT-01"),
        standard("EXT-02", channels=["telefono"]),
        standard("EXT-03", pillar="interno"),
    ]
    assert [one.id for one in filter_entries(entries, channels=["telefono", "presencial"])] == [
        "EXT-01",
        "EXT-02",
        "EXT-03",
    ]
    assert [one.id for one in filter_entries(entries, channels="presencial", pillar="externo")] == ["EXT-01"]


def test_a_facet_counts_its_words_and_one_that_all_share_is_none() -> None:
    entries = [
        standard("EXT-01", channels=["presencial", "telefono"]),
        standard("EXT-02", channels=["telefono"]),
    ]
    facets = facets_of(entries, ["pillar", "channels"], playbook(*entries), SAY)
    assert [(facet.field, [(one.id, one.count) for one in facet.choices]) for facet in facets] == [
        ("channels", [("presencial", 1), ("telefono", 2)])
    ]


def test_a_matrix_marks_what_is_joined_from_either_side() -> None:
    book = playbook(standard("EXT-01"), standard("EXT-02", customers=["otro"]), customer(), customer("otro"))
    matrix = matrix_of("standard", "customer", book, SAY)
    assert [column.id for column in matrix.columns] == ["otro", "vip"]
    assert [(row.entry.id, row.cells) for row in matrix.rows] == [
        ("EXT-01", (True, True)),  # both guides name it
        ("EXT-02", (True, False)),
    ]


def test_neighbours_are_those_in_force_of_the_same_kind() -> None:
    first, gone, last = standard("EXT-01"), standard("EXT-02", status="retired"), standard("EXT-03")
    book = playbook(last, gone, first, customer())
    assert book.beside(first) == (None, last)
    assert book.beside(last) == (first, None)
    assert book.beside(gone) == (None, None)
    assert book.of_kind("standard") == [first, last]
    assert book.of_kind("standard", retired=True) == [first, gone, last]


# --- reading -----------------------------------------------------------------------------------------


def test_hidden_and_other_files_are_no_entries(make_project: MakeProject) -> None:
    text = (ROOT / "tests/projects/minimal/playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    names = (".#EXT-01.yml", "._EXT-02.yml", "EXT-02.yml~", "EXT-02.txt")
    root = make_project({f"playbook/standards/{name}": text for name in names}) / "playbook"
    content, problems = load_content(root)
    assert [entry.id for entry in content.entries if entry.kind == "standard"] == ["EXT-01"]
    assert {problem.rule for problem in problems} == {"not-yml"}
    files = content_files(root, kinds_at(root))
    assert [path.name for path, _ in files if path.parent.name == "standards"] == ["EXT-01.yml"]
    assert [name for name in read_folder(root, "playbook").files if "standards" in name] == [
        "standards/EXT-01.yml"
    ]


# --- differences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chain", "weight"),
    [
        ((("Standard", "statement"),), Weight.SUBSTANTIVE),
        ((("Standard", "title"),), Weight.EDITORIAL),
        ((("Standard", "sources"), ("Citation", "where")), Weight.CLARIFIED),
        ((("Standard", "threshold"), ("Threshold", "note")), Weight.CLARIFIED),
        ((("Standard", "threshold"), ("Threshold", "value")), Weight.SUBSTANTIVE),
        ((("Checklist", "sections"), ("Section", "title")), Weight.EDITORIAL),
        ((("Checklist", "sections"), ("Section", "take")), Weight.SUBSTANTIVE),
        ((("Term", "definition"),), Weight.CLARIFIED),
        ((("Settings", "channels"), ("VocabularyWord", "title")), Weight.CLARIFIED),
        ((("Settings", "address"),), Weight.EDITORIAL),
    ],
)
def test_the_innermost_field_that_the_model_marks_decides(
    chain: tuple[tuple[str, str], ...], weight: Weight
) -> None:
    documents = {"Standard": "standard", "Checklist": "checklist", "Term": "glossary", "Settings": "playbook"}
    shape = shape_of(documents[chain[0][0]])
    changes = []
    for model, name in chain:
        while not shape.fields:
            assert shape.inner
            shape = shape.inner
        field = shape.field(name)
        assert field
        assert shape.model == model
        changes.append(field.change)
        shape = field.shape
    assert weight_of(changes) is weight


@pytest.mark.parametrize(
    ("old", "new", "near"),
    [
        ("casa", "cama", True),
        ("casa", "casas", True),
        ("casas", "casa", True),
        ("casa", "acsa", True),
        ("casa", "csaa", True),
        ("casa", "cosas", False),
        ("casa", "ca", False),
        ("casa", "asac", False),
        ("a", "b", True),
        ("abcd", "bacx", False),
        ("abxy", "abcxz", False),
        ("abc", "a", False),
        ("a", "abc", False),
    ],
)
def test_one_letter_apart(old: str, new: str, near: bool) -> None:
    assert one_letter_apart(old, new) is near


LONG = " ".join(f"w{i}" for i in range(120))


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("uno dos", "uno tres", [("=", "uno "), ("-", "dos"), ("+", "tres")]),
        ("uno.", "dos.", [("-", "uno"), ("+", "dos"), ("=", ".")]),
        ("a b c d", "a x y d", [("=", "a "), ("-", "b c"), ("+", "x y"), ("=", " d")]),
        ("igual", "igual", [("=", "igual")]),
        ("", "nuevo", [("+", "nuevo")]),
        ("viejo", "", [("-", "viejo")]),
        # In a long text words and spaces that come often are compared as well.
        (f"a {LONG}", f"{LONG} a", [("-", "a "), ("=", LONG), ("+", " a")]),
    ],
)
def test_words_replaced_in_a_row_read_as_one(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    assert compare_words(old, new) == pieces


def test_a_scenario_and_a_guide_find_each_other() -> None:
    data = COMMON | {
        "id": "mesa",
        "title": "La mesa",
        "customer": "vip",
        "channel": "presencial",
        "situation": "Llega.",
        "customer_side": "Pide su mesa.",
        "staff_side": "No está libre.",
        "goes_wrong": "Se le dice que no.",
        "good_answer": [{"who": "customer", "text": "¿Mi mesa?"}, {"who": "staff", "text": "Un momento."}],
        "debrief": ["¿Qué sintió?"],
        "standards": ["EXT-01"],
    }
    scene, guide, other = Scenario.model_validate(data), customer(), customer("otro", standards=["EXT-02"])
    book = playbook(scene, guide, other, standard(), standard("EXT-02"))
    assert book.linked(guide, "scenario") == [scene]
    assert book.linked(scene, "customer") == [guide]
    assert book.linked(other, "scenario") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("EXT-3", "EXT-03"),
        ("EXT-003", "EXT-03"),
        ("EXT-O3", "EXT-03"),
        ("ext_03", "EXT-03"),
        ("EXT03", "EXT-03"),
        ("EXR-03", "EXT-03"),  # the letters may be alike, the number must be the same
        ("EXT-l3", "EXT-13"),
        ("EXT-130", None),
        ("EXT-31", None),
        ("EXT-33", None),
        ("INT-13", None),
        ("EXT", None),
        ("PR-A-1.2", "PR-A-01.2"),
        ("PR-A-01.3", None),
        ("carlzon-1978", "carlzon-1987"),  # words tell what is meant
        ("carlzn", "carlzon-1987"),
        ("vpi", "vip"),
        ("zzz", None),
        ("", None),
        ("–", None),
    ],
)
def test_an_id_is_taken_for_another_only_by_a_slip_of_the_hand(written: str, meant: str | None) -> None:
    known = ["EXT-03", "EXT-13", "EXT-30", "EXT-43", "INT-03", "PR-A-01.2", "carlzon-1987", "vip"]
    assert suggest_id(written, known) == meant
    assert suggest_id(written, reversed(known)) == meant
